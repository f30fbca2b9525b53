use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::error::ReportError;

/// A calendar month. Shown as `1996-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// The year, of the proleptic Gregorian calendar.
    pub year: i32,
    /// 1 for January to 12 for December.
    pub month: u32,
}

impl Month {
    /// The month that holds a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: date.month() }
    }

    /// Months since January of the year 0: what frames store.
    pub(crate) fn index(self) -> i32 {
        // A year has 18 bits in chrono, so this holds for every date; for made-up months it saturates to no month.
        i32::try_from(self.month)
            .map_or(i32::MAX, |month| self.year.saturating_mul(12).saturating_add(month).saturating_sub(1))
    }

    pub(crate) fn from_index(index: i32) -> Self {
        Self { year: index.div_euclid(12), month: index.rem_euclid(12).unsigned_abs() + 1 }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// How long a report's periods are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Interval {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// January to March, and so on.
    Quarter,
    /// A calendar year.
    Year,
}

impl Interval {
    /// First day of the period that holds `date`.
    pub(crate) fn start_of(self, date: NaiveDate) -> NaiveDate {
        let start = match self {
            Self::Day => Some(date),
            Self::Week => date.checked_sub_days(Days::new(date.weekday().num_days_from_monday().into())),
            Self::Month => date.with_day(1),
            Self::Quarter => NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1),
            Self::Year => NaiveDate::from_ymd_opt(date.year(), 1, 1),
        };
        // None only in the first days that the calendar can name: their period starts with the calendar.
        start.unwrap_or(NaiveDate::MIN)
    }

    /// First day of the next period after the one that holds `date`; None after the calendar's last.
    fn next_start(self, date: NaiveDate) -> Option<NaiveDate> {
        let start = self.start_of(date);
        match self {
            Self::Day => start.succ_opt(),
            Self::Week if start == NaiveDate::MIN => {
                let passed = date.weekday().num_days_from_monday();
                date.checked_add_days(Days::new((7 - passed).into()))
            }
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            Self::Year => start.checked_add_months(Months::new(12)),
        }
    }

    /// The periods that a range touches, in order.
    pub(crate) fn periods(self, range: DateRange, max: usize) -> Result<Vec<Period>, ReportError> {
        let mut periods = Vec::new();
        let mut from = Some(range.from);
        while let Some(day) = from.filter(|day| *day <= range.to) {
            if periods.len() == max {
                return Err(ReportError::TooManyPeriods { max });
            }
            let next = self.next_start(day);
            let to = next.and_then(|next| next.pred_opt()).map_or(range.to, |last| last.min(range.to));
            periods.push(Period { interval: self, start: self.start_of(day), from: day, to });
            from = next;
        }
        Ok(periods)
    }
}

/// A period of a report, and the days of it that lie in the report's range. Shown as `1996-07-04`, `1996-W27` (ISO
/// week), `1996-07`, `1996-Q3` or `1996`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The kind of period.
    pub interval: Interval,
    /// First day of the whole period.
    pub start: NaiveDate,
    /// First day counted.
    pub from: NaiveDate,
    /// Last day counted.
    pub to: NaiveDate,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.interval {
            Interval::Day => write!(f, "{}", self.start),
            Interval::Week => {
                let week = self.start.iso_week();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Interval::Month => Month::of(self.start).fmt(f),
            Interval::Quarter => {
                write!(f, "{:04}-Q{}", self.start.year(), self.start.quarter())
            }
            Interval::Year => write!(f, "{:04}", self.start.year()),
        }
    }
}

/// Days from `from` to `to`, both counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DateRange {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl DateRange {
    pub(crate) fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, ReportError> {
        if from > to {
            return Err(ReportError::EmptyRange { from, to });
        }
        Ok(Self { from, to })
    }

    /// Everything up to a day.
    pub(crate) fn until(to: NaiveDate) -> Self {
        Self { from: NaiveDate::MIN, to }
    }
}

/// What a result is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The days right before. Whole months are compared with as many months, other ranges with as many days.
    PreviousPeriod,
    /// The same days a year before; a month's end stays a month's end.
    PreviousYear,
}

impl Comparison {
    /// The days that a range is compared with; None before the calendar's first day.
    #[must_use]
    pub fn range(self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Self::PreviousYear => months_before(from, to, 12),
            Self::PreviousPeriod if from.day() == 1 && is_month_end(to) => {
                let months = Month::of(to).index() - Month::of(from).index() + 1;
                months_before(from, to, u32::try_from(months).ok()?)
            }
            Self::PreviousPeriod => {
                let days = Days::new((to - from).num_days().unsigned_abs() + 1);
                Some((from.checked_sub_days(days)?, to.checked_sub_days(days)?))
            }
        }
    }
}

fn is_month_end(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

fn months_before(from: NaiveDate, to: NaiveDate, months: u32) -> Option<(NaiveDate, NaiveDate)> {
    let months = Months::new(months);
    let (before, until) = (from.checked_sub_months(months)?, to.checked_sub_months(months)?);
    if !is_month_end(to) {
        return Some((before, until));
    }
    let first_of_next = until.with_day(1)?.checked_add_months(Months::new(1))?;
    Some((before, first_of_next.pred_opt()?))
}

/// How frames store a date: days from the first of January of the year 1, which is 1.
pub(crate) fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::day;

    fn labels(interval: Interval, from: NaiveDate, to: NaiveDate) -> Vec<String> {
        let range = DateRange::new(from, to).unwrap();
        let periods = interval.periods(range, 100).unwrap();
        assert_eq!(periods[0].from, from);
        assert_eq!(periods[periods.len() - 1].to, to);
        for pair in periods.windows(2) {
            assert_eq!(pair[0].to.succ_opt().unwrap(), pair[1].from);
        }
        periods.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn periods_cover_the_range_without_gaps() {
        let (from, to) = (day(1996, 2, 28), day(1996, 4, 1));
        assert_eq!(labels(Interval::Month, from, to), ["1996-02", "1996-03", "1996-04"]);
        assert_eq!(labels(Interval::Quarter, from, to), ["1996-Q1", "1996-Q2"]);
        assert_eq!(labels(Interval::Year, from, to), ["1996"]);
        assert_eq!(labels(Interval::Week, from, day(1996, 3, 11)), ["1996-W09", "1996-W10", "1996-W11"]);
    }

    #[test]
    fn a_leap_day_is_a_day_and_its_months_last() {
        assert_eq!(
            labels(Interval::Day, day(1996, 2, 28), day(1996, 3, 1)),
            ["1996-02-28", "1996-02-29", "1996-03-01"]
        );
        let range = DateRange::new(day(1996, 2, 29), day(1996, 3, 31)).unwrap();
        let february = Interval::Month.periods(range, 2).unwrap()[0];
        assert_eq!(february.start, day(1996, 2, 1));
        assert_eq!(february.to, day(1996, 2, 29));
    }

    #[test]
    fn an_iso_week_may_belong_to_another_year() {
        assert_eq!(labels(Interval::Week, day(1997, 12, 31), day(1998, 1, 1)), ["1998-W01"]);
    }

    #[test]
    fn the_number_of_periods_is_bounded() {
        let range = DateRange::new(day(1996, 1, 1), day(1996, 1, 3)).unwrap();
        assert_eq!(Interval::Day.periods(range, 3).unwrap().len(), 3);
        assert!(matches!(Interval::Day.periods(range, 2), Err(ReportError::TooManyPeriods { max: 2 })));
    }

    #[test]
    fn the_ends_of_the_calendar_are_periods_too() {
        for interval in [Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year] {
            for end in [NaiveDate::MIN, NaiveDate::MAX] {
                let range = DateRange::new(end, end).unwrap();
                let periods = interval.periods(range, 3).unwrap();
                assert_eq!(periods.len(), 1);
                assert_eq!((periods[0].from, periods[0].to), (end, end));
            }
            let second = NaiveDate::MIN.checked_add_days(Days::new(20)).unwrap();
            let range = DateRange::new(NaiveDate::MIN, second).unwrap();
            let periods = interval.periods(range, 30).unwrap();
            assert_eq!(periods[periods.len() - 1].to, second);
        }
    }

    #[test]
    fn a_period_is_compared_with_as_many_months_or_days() {
        let before = |comparison: Comparison, from, to| comparison.range(from, to).unwrap();
        let period = Comparison::PreviousPeriod;
        assert_eq!(before(period, day(2026, 1, 1), day(2026, 12, 31)), (day(2025, 1, 1), day(2025, 12, 31)));
        assert_eq!(before(period, day(2026, 3, 1), day(2026, 3, 31)), (day(2026, 2, 1), day(2026, 2, 28)));
        assert_eq!(before(period, day(2026, 4, 1), day(2026, 6, 30)), (day(2026, 1, 1), day(2026, 3, 31)));
        assert_eq!(before(period, day(2026, 3, 2), day(2026, 3, 8)), (day(2026, 2, 23), day(2026, 3, 1)));
        assert_eq!(period.range(NaiveDate::MIN, day(2026, 3, 8)), None);
    }

    #[test]
    fn a_month_end_is_compared_with_a_month_end() {
        let before = |from, to| Comparison::PreviousYear.range(from, to).unwrap();
        assert_eq!(before(day(2025, 2, 1), day(2025, 2, 28)), (day(2024, 2, 1), day(2024, 2, 29)));
        assert_eq!(before(day(2024, 2, 29), day(2024, 2, 29)), (day(2023, 2, 28), day(2023, 2, 28)));
        assert_eq!(before(day(2025, 3, 5), day(2025, 3, 20)), (day(2024, 3, 5), day(2024, 3, 20)));
    }

    #[test]
    fn a_month_comes_back_from_its_index() {
        for date in [day(1996, 2, 29), day(-1, 12, 31), day(0, 1, 1), NaiveDate::MIN] {
            assert_eq!(Month::from_index(Month::of(date).index()), Month::of(date));
        }
        assert_eq!(Month::of(day(1996, 7, 4)).to_string(), "1996-07");
    }

    #[test]
    fn a_range_has_a_day_at_least() {
        assert!(DateRange::new(day(1996, 1, 1), day(1996, 1, 1)).is_ok());
        assert!(matches!(DateRange::new(day(1996, 1, 2), day(1996, 1, 1)), Err(ReportError::EmptyRange { .. })));
    }
}
