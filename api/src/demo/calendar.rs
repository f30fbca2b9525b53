//! The two years of the demo: its weeks and months, and what a foreign currency costs on each day.

use chrono::{DateTime, Datelike as _, Days, Months, NaiveDate, TimeDelta, Utc, Weekday};
use rust_decimal::Decimal;

use super::chance::Dice;

/// Months that the story lasts, beside the present one.
const MONTHS: u32 = 24;
/// Tbilisi is four hours ahead of UTC all year.
const TBILISI: TimeDelta = TimeDelta::hours(4);

/// The time that the story takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Calendar {
    /// The first day.
    pub(super) start: NaiveDate,
    /// The last.
    pub(super) today: NaiveDate,
}

/// A week of the story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Week {
    /// Its Monday.
    pub(super) monday: NaiveDate,
    /// Its last day that has come.
    pub(super) last: NaiveDate,
    /// Whether it is the present one.
    pub(super) present: bool,
}

impl Week {
    /// Whether a day is in it.
    pub(super) fn has(&self, day: NaiveDate) -> bool {
        (self.monday..=self.last).contains(&day)
    }
}

impl Calendar {
    /// Two years up to a day; they begin with a month.
    pub(super) fn up_to(today: NaiveDate) -> Self {
        let start = first_of_month(today.checked_sub_months(Months::new(MONTHS)).unwrap_or(today));
        Self { start, today }
    }

    /// Its weeks.
    pub(super) fn weeks(self) -> impl Iterator<Item = Week> {
        let first = self.start - Days::new(u64::from(self.start.weekday().num_days_from_monday()));
        first.iter_weeks().take_while(move |monday| *monday <= self.today).map(move |monday| {
            let sunday = monday + Days::new(6);
            Week { monday, last: sunday.min(self.today), present: sunday >= self.today }
        })
    }

    /// The first days of its months.
    pub(super) fn months(self) -> impl Iterator<Item = NaiveDate> {
        (0..=MONTHS).map(move |month| self.start + Months::new(month))
    }

    /// The month of a day, counted from the first; days before are in the first.
    pub(super) fn month_of(self, day: NaiveDate) -> usize {
        let months =
            (day.year() - self.start.year()) * 12 + day.month0().cast_signed() - self.start.month0().cast_signed();
        usize::try_from(months).unwrap_or(0)
    }

    /// A day within the story.
    pub(super) fn within(self, day: NaiveDate) -> NaiveDate {
        day.clamp(self.start, self.today)
    }

    /// An instant of a day's working time; of the last day its first minute, which has come in any case.
    pub(super) fn instant(self, day: NaiveDate) -> DateTime<Utc> {
        let time = if day < self.today { TimeDelta::hours(15) } else { TimeDelta::minutes(1) };
        day.min(self.today).and_time(chrono::NaiveTime::MIN).and_utc() + time - TBILISI
    }
}

/// The first day of a day's month.
pub(super) fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last working day of the month that begins on a day.
pub(super) fn end_of_month(first: NaiveDate) -> NaiveDate {
    let mut day = first + Months::new(1) - Days::new(1);
    while is_weekend(day) {
        day = day - Days::new(1);
    }
    day
}

/// The day itself, or the Monday after it.
pub(super) fn working_day(mut day: NaiveDate) -> NaiveDate {
    while is_weekend(day) {
        day = day + Days::new(1);
    }
    day
}

/// So many days after a day, or before it.
pub(super) fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    day + TimeDelta::days(days)
}

fn is_weekend(day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// What foreign currencies cost: a walk around what they cost of late.
#[derive(Debug)]
pub(super) struct Rates {
    start: NaiveDate,
    usd: Vec<i64>,
    eur: Vec<i64>,
}

impl Rates {
    /// Those of the story.
    pub(super) fn new(seed: u64, calendar: Calendar) -> Self {
        let days = usize::try_from((calendar.today - calendar.start).num_days()).unwrap_or(0) + 1;
        let walk = |part, around: i64| {
            let mut dice = Dice::new(seed, part);
            let mut rate = around;
            let step = |_| {
                // In ten-thousandths; a day moves by half a percent at most, and a twentieth of the way back.
                rate += dice.between(-130, 130) + (around - rate) / 20;
                rate
            };
            (0..days).map(step).collect()
        };
        Self { start: calendar.start, usd: walk("usd", 27_200), eur: walk("eur", 30_400) }
    }

    /// Lari for one unit of a currency on a day; none for the lari itself.
    pub(super) fn of(&self, currency: &str, day: NaiveDate) -> Option<Decimal> {
        let rates = match currency {
            "USD" => &self.usd,
            "EUR" => &self.eur,
            _ => return None,
        };
        let place = usize::try_from((day - self.start).num_days()).unwrap_or(0);
        rates.get(place.min(rates.len() - 1)).map(|rate| Decimal::new(*rate, 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn two_years_begin_with_a_month_and_end_today() {
        let calendar = Calendar::up_to(day("2026-11-24"));
        assert_eq!(calendar.start, day("2024-11-01"));
        let weeks: Vec<Week> = calendar.weeks().collect();
        assert_eq!((weeks[0].monday, weeks[0].last), (day("2024-10-28"), day("2024-11-03")));
        let last = weeks[weeks.len() - 1];
        assert_eq!((last.monday, last.last, last.present), (day("2026-11-23"), day("2026-11-24"), true));
        assert_eq!(weeks.iter().filter(|week| week.present).count(), 1);
        assert_eq!(calendar.months().last(), Some(day("2026-11-01")));
        assert_eq!(calendar.month_of(day("2026-11-24")), 24);
        assert_eq!(Calendar::up_to(day("2024-02-29")).start, day("2022-02-01"));
    }

    #[test]
    fn work_is_done_on_working_days() {
        assert_eq!(working_day(day("2026-11-21")), day("2026-11-23"));
        assert_eq!(end_of_month(day("2026-05-01")), day("2026-05-29"));
    }

    #[test]
    fn rates_stay_near_what_they_were() {
        let calendar = Calendar::up_to(day("2026-11-24"));
        let rates = Rates::new(7, calendar);
        for rate in calendar.start.iter_days().take(750).filter_map(|day| rates.of("USD", day)) {
            assert!(rate > Decimal::new(24, 1) && rate < Decimal::new(30, 1), "{rate}");
        }
        assert_eq!(rates.of("GEL", calendar.start), None);
    }
}
