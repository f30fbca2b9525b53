//! How much of an amount is earned by a day, and the lines that come of it.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use kamara_entities::AccountId;

use crate::{
    error::{Error, Result, Text},
    ledger::Dimensions,
    messages, money,
};

/// Months that a service may last.
const MONTHS_MAX: u32 = 120;

/// The days in which a service is rendered, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Period {
    /// The period that is given: both days or none.
    pub fn given(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Option<Self>> {
        match (from, to) {
            (None, None) => Ok(None),
            (None, Some(_)) => Err(Error::invalid("serviceFrom", messages::required())),
            (Some(_), None) => Err(Error::invalid("serviceTo", messages::required())),
            (Some(from), Some(to)) if from > to => {
                let message =
                    Text::fixed("A service doesn't end before it begins.", "მომსახურება დაწყებამდე ვერ დასრულდება.");
                Err(Error::invalid("serviceTo", message))
            }
            (Some(from), Some(to)) if from.checked_add_months(Months::new(MONTHS_MAX)).is_none_or(|end| to >= end) => {
                let message =
                    Text::fixed("A service lasts 10 years at most.", "მომსახურება არაუმეტეს 10 წელს გრძელდება.");
                Err(Error::invalid("serviceTo", message))
            }
            (Some(from), Some(to)) => Ok(Some(Self { from, to })),
        }
    }

    /// How much of an amount is earned by the end of a day: its share of the days, rounded half away from zero; all of it on the
    /// last. What a month earns is the difference of two of these, so that nothing is lost over time.
    #[must_use]
    pub fn earned(self, amount: i64, date: NaiveDate) -> i64 {
        let days = i128::from((self.to - self.from).num_days() + 1);
        let passed = i128::from((date - self.from).num_days() + 1).clamp(0, days);
        let size = (i128::from(amount).abs() * passed * 2 + days) / (days * 2);
        i64::try_from(size * i128::from(amount.signum())).unwrap_or(amount)
    }
}

/// An amount in a document's currency and in the base currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Amounts {
    /// In the document's currency; debit positive.
    pub(super) minor: i64,
    /// In the base currency.
    pub(super) base: i64,
}

impl Amounts {
    const ZERO: Self = Self { minor: 0, base: 0 };

    /// What is earned of them by the end of a day. Each rounds by itself, and both are all there on the last day.
    pub(super) fn earned(self, period: Period, date: NaiveDate) -> Self {
        Self { minor: period.earned(self.minor, date), base: period.earned(self.base, date) }
    }

    /// Without others.
    pub(super) const fn less(self, other: Self) -> Self {
        Self { minor: self.minor - other.minor, base: self.base - other.base }
    }

    /// Their contrary.
    pub(super) const fn negated(self) -> Self {
        Self { minor: -self.minor, base: -self.base }
    }
}

/// What lines of the ledger are told apart by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cut {
    /// Account.
    pub(super) account_id: AccountId,
    /// The document's currency.
    pub(super) currency: String,
    /// Its rate.
    pub(super) rate: i64,
    /// What reports cut by.
    pub(super) dimensions: Dimensions,
}

/// Balances, or what changes them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lines(BTreeMap<Cut, Amounts>);

impl Lines {
    /// Adds an amount; what comes to nothing leaves.
    pub(super) fn add(&mut self, cut: Cut, amounts: Amounts) -> Result<()> {
        let old = self.0.remove(&cut).unwrap_or_default();
        let minor = money::sum("date", [old.minor, amounts.minor])?;
        let base = money::sum("date", [old.base, amounts.base])?;
        let sum = Amounts { minor, base };
        if sum != Amounts::ZERO {
            self.0.insert(cut, sum);
        }
        Ok(())
    }

    /// Adds what is moved out of revenue (or into it, where negative) to the account on which it waits.
    pub(super) fn put_off(&mut self, waits_on: AccountId, revenue: Cut, amounts: Amounts) -> Result<()> {
        self.add(Cut { account_id: waits_on, ..revenue.clone() }, amounts.negated())?;
        self.add(revenue, amounts)
    }

    /// Takes others away.
    pub(super) fn less(mut self, others: &Self) -> Result<Self> {
        for (cut, amounts) in &others.0 {
            self.add(cut.clone(), amounts.negated())?;
        }
        Ok(self)
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Cut, Amounts)> {
        self.0.iter().map(|(cut, amounts)| (cut, *amounts))
    }

    /// What those on some accounts come to in the base currency; debit positive.
    pub(super) fn on(&self, account: impl Fn(AccountId) -> bool) -> i64 {
        self.iter().filter(|(cut, _)| account(cut.account_id)).map(|(_, amounts)| amounts.base).sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period { from: day(from), to: day(to) }
    }

    #[test]
    fn a_period_has_both_days_or_none_and_lasts_ten_years_at_most() {
        let given = |from: Option<&str>, to: Option<&str>| {
            let period = Period::given(from.map(day), to.map(day));
            period.map_err(|error| error.field().map(ToOwned::to_owned).unwrap())
        };
        assert_eq!(given(None, None), Ok(None));
        assert_eq!(given(Some("2026-01-01"), None), Err("serviceTo".into()));
        assert_eq!(given(None, Some("2026-01-01")), Err("serviceFrom".into()));
        assert_eq!(given(Some("2026-01-02"), Some("2026-01-01")), Err("serviceTo".into()));
        assert!(given(Some("2026-01-01"), Some("2026-01-01")).is_ok());
        assert!(given(Some("2026-01-01"), Some("2035-12-31")).is_ok());
        assert_eq!(given(Some("2026-01-01"), Some("2036-01-01")), Err("serviceTo".into()));
    }

    #[test]
    fn a_year_is_earned_by_its_days() {
        let year = period("2026-01-01", "2026-12-31");
        assert_eq!(year.earned(120_000, day("2025-12-31")), 0);
        // 31 of 365 days.
        assert_eq!(year.earned(120_000, day("2026-01-31")), 10_192);
        assert_eq!(year.earned(120_000, day("2026-12-30")), 119_671);
        assert_eq!(year.earned(120_000, day("2026-12-31")), 120_000);
        assert_eq!(year.earned(120_000, day("2027-06-30")), 120_000);
        // A February of 29 days in a year of 366.
        let leap = period("2028-01-01", "2028-12-31");
        assert_eq!(leap.earned(36_600, day("2028-02-29")) - leap.earned(36_600, day("2028-01-31")), 2_900);
        // One unit for three days falls on the second.
        let short = period("2026-01-01", "2026-01-03");
        assert_eq!(["01", "02", "03"].map(|of| short.earned(1, day(&format!("2026-01-{of}")))), [0, 1, 1]);
        assert_eq!(short.earned(-1, day("2026-01-02")), -1);
    }

    proptest! {
        #[test]
        fn over_any_days_all_is_earned_and_never_more(
            amount in -money::MINOR_MAX..=money::MINOR_MAX,
            length in 0..3_652_u64,
            mut runs in prop::collection::vec(-400..4_100_i64, 0..24),
        ) {
            let from = day("2026-01-15");
            let period = Period { from, to: from + chrono::Days::new(length) };
            runs.push(4_100);
            runs.sort_unstable();
            let (mut earned_before, mut recognised) = (0, 0);
            for run in runs {
                let earned = period.earned(amount, from + chrono::Duration::days(run));
                prop_assert!(earned.abs() <= amount.abs() && earned.signum() * amount.signum() >= 0);
                prop_assert!(earned.abs() >= i64::abs(earned_before), "what is earned isn't taken back");
                prop_assert!(run >= 0 || earned == 0);
                recognised += earned - earned_before;
                earned_before = earned;
            }
            prop_assert_eq!(recognised, amount);
            // Within half a unit of the exact share.
            let date = from + chrono::Days::new(length / 2);
            let (days, passed) = (i128::from(length) + 1, i128::from(length / 2) + 1);
            let off = i128::from(period.earned(amount, date)) * days - i128::from(amount) * passed;
            prop_assert!(off.abs() * 2 <= days);
        }

        #[test]
        fn lines_that_are_put_off_balance(amounts in prop::collection::vec((-1_000_i64..1_000, -3_000_i64..3_000), 0..20)) {
            let account = |number| AccountId(uuid::Uuid::from_u128(number));
            let cut = Cut { account_id: account(1), currency: "USD".into(), rate: 3, dimensions: Dimensions::default() };
            let mut lines = Lines::default();
            for (minor, base) in &amounts {
                lines.put_off(account(2), cut.clone(), Amounts { minor: *minor, base: *base }).unwrap();
            }
            prop_assert_eq!(lines.on(|_| true), 0);
            let total: i64 = amounts.iter().map(|(_, base)| base).sum();
            prop_assert_eq!(lines.on(|id| id == account(1)), total);
            prop_assert!(lines.clone().less(&lines).unwrap().is_empty());
        }
    }
}
