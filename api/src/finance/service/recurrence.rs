//! The calendar of what comes again.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use kamara_entities::{RecurrenceUnit, invoice_line};

use super::terms::last_of_month;
use crate::{
    error::{Error, Result, Text},
    messages,
};

/// Units between two, at the most; the database checks the same bound.
const EVERY_MAX: i32 = 120;

/// The time between two.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    unit: RecurrenceUnit,
    every: u32,
}

impl Interval {
    /// Checks how many units it has.
    pub(super) fn new(unit: RecurrenceUnit, every: i32) -> Result<Self> {
        let every = u32::try_from(every).ok().filter(|_| (1..=EVERY_MAX).contains(&every));
        let message = Text::fixed("From 1 to 120.", "1-დან 120-მდე.");
        Ok(Self { unit, every: every.ok_or_else(|| Error::invalid("every", message))? })
    }

    /// The day that comes so many intervals after the first: each is told from the first, so that the 31st comes back after
    /// months that have none.
    fn nth(self, first: NaiveDate, number: u32) -> Option<NaiveDate> {
        let units = self.every.checked_mul(number)?;
        match self.unit {
            RecurrenceUnit::Week => first.checked_add_days(Days::new(u64::from(units) * 7)),
            RecurrenceUnit::Month => first.checked_add_months(Months::new(units)),
            RecurrenceUnit::Quarter => first.checked_add_months(Months::new(units.checked_mul(3)?)),
            RecurrenceUnit::Year => first.checked_add_months(Months::new(units.checked_mul(12)?)),
        }
    }

    /// The first of its days after another.
    pub(super) fn after(self, first: NaiveDate, day: NaiveDate) -> Result<NaiveDate> {
        let mut days = (0..).map_while(|number| self.nth(first, number));
        days.find(|next| *next > day).ok_or_else(|| Error::invalid("every", messages::too_large()))
    }
}

/// Moves what a line is paid for from one invoice's date to another's: by as many months, or weeks. What ends with a month still
/// does.
pub(super) fn move_service(
    line: &mut invoice_line::New,
    unit: RecurrenceUnit,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<()> {
    let too_large = || Error::invalid("every", messages::too_large());
    let moved = |day: NaiveDate| match unit {
        RecurrenceUnit::Week => day.checked_add_signed(to.signed_duration_since(from)),
        _ => plus_months(day, months(to) - months(from)),
    };
    let ends = |day: NaiveDate| {
        let ended = moved(day)?;
        let stays = unit != RecurrenceUnit::Week && last_of_month(day) == Some(day);
        if stays { last_of_month(ended) } else { Some(ended) }
    };
    if let Some(day) = line.service_from {
        line.service_from = Some(moved(day).ok_or_else(too_large)?);
    }
    if let Some(day) = line.service_to {
        line.service_to = Some(ends(day).ok_or_else(too_large)?);
    }
    Ok(())
}

fn months(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

fn plus_months(day: NaiveDate, months: i32) -> Option<NaiveDate> {
    let by = Months::new(months.unsigned_abs());
    if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(first: &str, unit: RecurrenceUnit, every: i32, count: usize) -> Vec<String> {
        let interval = Interval::new(unit, every).unwrap();
        let mut days = vec![day(first)];
        while days.len() < count {
            days.push(interval.after(days[0], days[days.len() - 1]).unwrap());
        }
        days.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_thirty_first_comes_back_after_february() {
        use RecurrenceUnit::{Month, Quarter, Week, Year};
        assert_eq!(days("2026-01-31", Month, 1, 4), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
        assert_eq!(days("2028-01-31", Month, 1, 3), ["2028-01-31", "2028-02-29", "2028-03-31"]);
        assert_eq!(days("2025-11-30", Quarter, 1, 3), ["2025-11-30", "2026-02-28", "2026-05-30"]);
        assert_eq!(
            days("2024-02-29", Year, 1, 5),
            ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
        );
        assert_eq!(days("2026-12-28", Week, 2, 3), ["2026-12-28", "2027-01-11", "2027-01-25"]);
    }

    #[test]
    fn an_interval_has_from_1_to_120_units() {
        for every in [0, -1, 121] {
            assert_eq!(Interval::new(RecurrenceUnit::Month, every).unwrap_err().field(), Some("every"));
        }
    }

    fn served(unit: RecurrenceUnit, period: (&str, &str), dates: (&str, &str)) -> (String, String) {
        let mut line = invoice_line::New {
            service_from: Some(day(period.0)),
            service_to: Some(day(period.1)),
            ..crate::finance::service::terms::tests::line()
        };
        move_service(&mut line, unit, (day(dates.0), day(dates.1))).unwrap();
        (line.service_from.unwrap().to_string(), line.service_to.unwrap().to_string())
    }

    #[test]
    fn what_is_paid_for_moves_with_the_date() {
        use RecurrenceUnit::{Month, Week, Year};
        let months = [("2026-02-28", "2026-02-01", "2026-02-28"), ("2026-03-31", "2026-03-01", "2026-03-31")];
        for (date, from, to) in months {
            assert_eq!(
                served(Month, ("2026-01-01", "2026-01-31"), ("2026-01-31", date)),
                (from.to_owned(), to.to_owned())
            );
        }
        let february = served(Month, ("2026-02-01", "2026-02-28"), ("2026-02-15", "2026-03-15"));
        assert_eq!(february, ("2026-03-01".to_owned(), "2026-03-31".to_owned()));
        let year = served(Year, ("2027-03-01", "2028-02-29"), ("2027-03-01", "2028-03-01"));
        assert_eq!(year, ("2028-03-01".to_owned(), "2029-02-28".to_owned()));
        let week = served(Week, ("2026-01-25", "2026-01-31"), ("2026-01-31", "2026-02-07"));
        assert_eq!(week, ("2026-02-01".to_owned(), "2026-02-07".to_owned()));
    }

    proptest! {
        #[test]
        fn days_rise_and_what_is_paid_for_stays_a_period(
            first in 0..40_000_i32, length in 0..800_u64, every in 1..=120_i32, count in 1..8_usize, unit in 0..4_usize,
        ) {
            use RecurrenceUnit::{Month, Quarter, Week, Year};
            let unit = [Week, Month, Quarter, Year][unit];
            let interval = Interval::new(unit, every).unwrap();
            let first = day("1990-01-01") + Days::new(first.unsigned_abs().into());
            let (mut at, until) = (first, first + Days::new(length));
            for _ in 0..count {
                let next = interval.after(first, at).unwrap();
                prop_assert!(next > at);
                let mut line = invoice_line::New {
                    service_from: Some(first),
                    service_to: Some(until),
                    ..crate::finance::service::terms::tests::line()
                };
                move_service(&mut line, unit, (first, next)).unwrap();
                prop_assert!(line.service_from <= line.service_to);
                at = next;
            }
        }
    }
}
