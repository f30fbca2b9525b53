use std::{cmp::Reverse, collections::HashMap, fmt};

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame},
    line::{Account, AccountKind},
    period::{DateRange, Month},
    selection::{Cut, Ledger},
};

/// Accounts that make a result.
pub(crate) const RESULT_KINDS: [AccountKind; 2] = [AccountKind::Income, AccountKind::Expense];

/// What a margin report has a row for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarginGroup {
    /// The client.
    Company,
    /// The service or product.
    Service,
    /// The employee who sold.
    Seller,
    /// The employee who worked.
    Employee,
    /// The project.
    Project,
    /// The department.
    Department,
    /// The calendar month.
    Month,
}

impl MarginGroup {
    pub(crate) fn cut(self) -> Cut {
        match self {
            Self::Company => Cut::Dimension(Dimension::Company),
            Self::Service => Cut::Dimension(Dimension::Service),
            Self::Seller => Cut::Dimension(Dimension::Seller),
            Self::Employee => Cut::Dimension(Dimension::Employee),
            Self::Project => Cut::Dimension(Dimension::Project),
            Self::Department => Cut::Dimension(Dimension::Department),
            Self::Month => Cut::Month,
        }
    }
}

/// What a row is about. Shown as the id or as `1996-07`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// A record: company, service, employee, project, department or cost centre.
    Id(Uuid),
    /// A month.
    Month(Month),
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Month(month) => month.fmt(f),
        }
    }
}

/// The figures of a row or of the total, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MarginFigures {
    /// What income accounts took in; negative where more was given back than sold.
    pub revenue_minor: i64,
    /// What expense accounts took in.
    pub cost_minor: i64,
    /// Revenue less cost.
    pub margin_minor: i64,
}

impl MarginFigures {
    /// [`margin_rate`] of these figures, in 10⁻⁶.
    #[must_use]
    pub fn rate(&self) -> Option<i128> {
        margin_rate(self.margin_minor, self.revenue_minor)
    }
}

/// Sums as the ledger signs them: income is negative.
#[derive(Default)]
struct Sums {
    income: i128,
    expense: i128,
}

impl Sums {
    fn figures(&self) -> Result<MarginFigures, ReportError> {
        Ok(MarginFigures {
            revenue_minor: minor(-self.income)?,
            cost_minor: minor(self.expense)?,
            margin_minor: minor(-self.income - self.expense)?,
        })
    }
}

/// One key's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MarginRow {
    /// None for the lines that have no such dimension: "unassigned".
    pub key: Option<GroupKey>,
    /// The row's figures.
    pub figures: MarginFigures,
}

/// Revenue, cost and margin by key. The rows' sum is the total, and the total is the ledger's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarginReport {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// By margin, highest first, ties by id; months in their order. Unassigned comes last.
    pub rows: Vec<MarginRow>,
    /// All rows together.
    pub total: MarginFigures,
}

/// Revenue, cost and margin of the days `from` to `to`, both counted, with a row for each key that has a line on an
/// income or expense account.
///
/// Closing entries are left out: they would take back what the year earned.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn margin(
    frame: &LedgerFrame,
    accounts: &[Account],
    from: NaiveDate,
    to: NaiveDate,
    group: MarginGroup,
) -> Result<MarginReport, ReportError> {
    let range = DateRange::new(from, to)?;
    let ledger = Ledger::new(frame, accounts)?;
    let mut sums: HashMap<Option<GroupKey>, Sums> = HashMap::new();
    for (key, income) in ledger.sums_by(range, AccountKind::Income, group.cut())? {
        sums.entry(key).or_default().income = income;
    }
    for (key, expense) in ledger.sums_by(range, AccountKind::Expense, group.cut())? {
        sums.entry(key).or_default().expense = expense;
    }
    let total = Sums { income: sums.values().map(|s| s.income).sum(), expense: sums.values().map(|s| s.expense).sum() };
    let mut rows = sums
        .into_iter()
        .map(|(key, sums)| Ok(MarginRow { key, figures: sums.figures()? }))
        .collect::<Result<Vec<_>, ReportError>>()?;
    if group == MarginGroup::Month {
        rows.sort_by_key(|row| row.key);
    } else {
        rows.sort_by_key(|row| (row.key.is_none(), Reverse(row.figures.margin_minor), row.key));
    }
    Ok(MarginReport { as_of_seq: frame.last_seq(), rows, total: total.figures()? })
}

/// Margin as a part of revenue, in 10⁻⁶, rounded half up by size (half away from zero); None when revenue is 0.
///
/// Exact: no figure passes through a float. The result is wider than money since a margin of any size may stand on a
/// revenue of one minor unit.
#[must_use]
pub fn margin_rate(margin_minor: i64, revenue_minor: i64) -> Option<i128> {
    if revenue_minor == 0 {
        return None;
    }
    let negative = (margin_minor < 0) != (revenue_minor < 0);
    let revenue = i128::from(revenue_minor).abs();
    let doubled = i128::from(margin_minor).abs() * 2_000_000 + revenue;
    let rate = doubled / (2 * revenue);
    Some(if negative { -rate } else { rate })
}

/// A sum as money.
pub(crate) fn minor(sum: i128) -> Result<i64, ReportError> {
    i64::try_from(sum).map_err(|_| ReportError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Line,
        testing::{BANK, FREIGHT, RETAINED, SALES, SERVICES, accounts, day, entries, frame, id, kind_of, line, range},
    };

    const GROUPS: [MarginGroup; 7] = [
        MarginGroup::Company,
        MarginGroup::Service,
        MarginGroup::Seller,
        MarginGroup::Employee,
        MarginGroup::Project,
        MarginGroup::Department,
        MarginGroup::Month,
    ];

    fn of(lines: &[Line], group: MarginGroup) -> MarginReport {
        let (from, to) = (day(1996, 1, 1), day(1996, 12, 31));
        margin(&frame(lines), &accounts(), from, to, group).unwrap()
    }

    fn row(key: Option<GroupKey>, revenue_minor: i64, cost_minor: i64) -> MarginRow {
        MarginRow {
            key,
            figures: MarginFigures { revenue_minor, cost_minor, margin_minor: revenue_minor - cost_minor },
        }
    }

    fn sold(company: u128, amount: i64) -> Line {
        Line { company: Some(id(company)), ..line(1, day(1996, 7, 4), id(SALES), -amount) }
    }

    #[test]
    fn an_empty_ledger_has_no_rows() {
        for group in GROUPS {
            let report = of(&[], group);
            assert_eq!(report.rows, []);
            assert_eq!(report.total, MarginFigures::default());
            assert_eq!(report.as_of_seq, 0);
        }
    }

    #[test]
    fn rows_go_by_margin_then_id_and_unassigned_last() {
        let unassigned = line(1, day(1996, 7, 4), id(SERVICES), -1_000);
        let cost = Line { company: Some(id(12)), ..line(1, day(1996, 7, 4), id(FREIGHT), 80) };
        let report = of(&[unassigned, sold(13, 20), sold(11, 20), sold(12, 300), cost], MarginGroup::Company);
        let key = |number| Some(GroupKey::Id(id(number)));
        assert_eq!(
            report.rows,
            [row(key(12), 300, 80), row(key(11), 20, 0), row(key(13), 20, 0), row(None, 1_000, 0),]
        );
        assert_eq!(report.total, row(None, 1_340, 80).figures);
        assert_eq!(report.as_of_seq, 1);
    }

    #[test]
    fn months_go_by_their_order_and_a_leap_day_is_in_february() {
        let on = |seq, date, amount: i64| line(seq, date, id(SALES), -amount);
        let report =
            of(&[on(1, day(1996, 3, 1), 9), on(2, day(1996, 2, 29), 5), on(3, day(1996, 2, 1), 1)], MarginGroup::Month);
        let key = |month| Some(GroupKey::Month(Month { year: 1996, month }));
        assert_eq!(report.rows, [row(key(2), 6, 0), row(key(3), 9, 0)]);
        assert_eq!(report.rows[0].key.unwrap().to_string(), "1996-02");
    }

    #[test]
    fn both_ends_of_the_range_count_and_nothing_beyond() {
        let dates = [day(1995, 12, 31), day(1996, 1, 1), day(1996, 12, 31), day(1997, 1, 1)];
        let lines: Vec<Line> = (1..)
            .zip(dates)
            .map(|(seq, date)| line(seq, date, id(SALES), -10_i64.pow(u32::try_from(seq).unwrap())))
            .collect();
        assert_eq!(of(&lines, MarginGroup::Company).total.revenue_minor, 1_100);
    }

    #[test]
    fn closing_entries_and_balance_accounts_are_left_out() {
        let closing = |account, amount| Line { closing: true, ..line(2, day(1996, 12, 31), id(account), amount) };
        let report = of(
            &[sold(11, 50), line(1, day(1996, 7, 4), id(BANK), 50), closing(SALES, 50), closing(RETAINED, -50)],
            MarginGroup::Company,
        );
        assert_eq!(report.rows, [row(Some(GroupKey::Id(id(11))), 50, 0)]);
    }

    #[test]
    fn an_account_that_nobody_described_is_an_error() {
        let frame = frame(&[line(1, day(1996, 7, 4), id(99), 5)]);
        let (from, to) = (day(1996, 1, 1), day(1996, 12, 31));
        let report = margin(&frame, &accounts(), from, to, MarginGroup::Company);
        assert!(matches!(report, Err(ReportError::UnknownAccount(account)) if account == id(99)));
    }

    #[test]
    fn a_range_backwards_is_an_error() {
        let (from, to) = (day(1996, 1, 2), day(1996, 1, 1));
        let report = margin(&frame(&[]), &accounts(), from, to, MarginGroup::Month);
        assert!(matches!(report, Err(ReportError::EmptyRange { .. })));
    }

    #[test]
    fn a_sum_past_64_bits_is_an_error_and_never_wraps() {
        let (from, to) = (day(1996, 1, 1), day(1996, 12, 31));
        let sale = |company, base| Line { company: Some(id(company)), ..line(1, day(1996, 7, 4), id(SALES), base) };
        for lines in [
            // One row too large, the total too large, and a revenue of 2⁶³.
            vec![sale(1, -i64::MAX), sale(1, -1)],
            vec![sale(1, -i64::MAX), sale(2, -1)],
            vec![sale(1, i64::MIN)],
        ] {
            for group in GROUPS {
                let report = margin(&frame(&lines), &accounts(), from, to, group);
                assert!(matches!(report, Err(ReportError::Overflow)), "{group:?}");
            }
        }
        // On the way the sum is far beyond 64 bits; at the end it fits.
        let lines = [i64::MIN, i64::MIN, i64::MAX, i64::MAX].map(|base| sale(1, base));
        let report = margin(&frame(&lines), &accounts(), from, to, MarginGroup::Company).unwrap();
        assert_eq!(report.total.revenue_minor, 2);
    }

    #[test]
    fn a_rate_is_exact_and_rounds_half_away_from_zero() {
        assert_eq!(margin_rate(1, 3), Some(333_333));
        assert_eq!(margin_rate(2, 3), Some(666_667));
        assert_eq!(margin_rate(1, 2_000_000), Some(1));
        assert_eq!(margin_rate(-1, 2_000_000), Some(-1));
        assert_eq!(margin_rate(1, 2_000_001), Some(0));
        assert_eq!(margin_rate(-5, -10), Some(500_000));
        assert_eq!(margin_rate(5, 0), None);
        assert_eq!(margin_rate(0, 0), None);
        assert_eq!(margin_rate(i64::MAX, i64::MAX), Some(1_000_000));
        assert_eq!(margin_rate(i64::MIN, 1), Some(i128::from(i64::MIN) * 1_000_000));
        assert_eq!(row(None, 0, 7).figures.rate(), None);
        assert_eq!(row(None, 4, 1).figures.rate(), Some(750_000));
    }

    proptest! {
        #[test]
        fn totals_are_the_ledgers((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let frame = frame(&lines);
            let sum = |kind| -> i64 {
                lines
                    .iter()
                    .filter(|l| !l.closing && (from..=to).contains(&l.date) && kind_of(l) == kind)
                    .map(|l| l.base_minor)
                    .sum()
            };
            let expected = row(None, -sum(AccountKind::Income), sum(AccountKind::Expense)).figures;
            for group in GROUPS {
                let report = margin(&frame, &accounts(), from, to, group).unwrap();
                prop_assert_eq!(report.total, expected);
                let of_rows = |figure: fn(&MarginFigures) -> i64| -> i64 {
                    report.rows.iter().map(|r| figure(&r.figures)).sum()
                };
                prop_assert_eq!(of_rows(|f| f.revenue_minor), expected.revenue_minor);
                prop_assert_eq!(of_rows(|f| f.cost_minor), expected.cost_minor);
                prop_assert_eq!(of_rows(|f| f.margin_minor), expected.margin_minor);
                let keys: std::collections::HashSet<_> = report.rows.iter().map(|r| r.key).collect();
                prop_assert_eq!(keys.len(), report.rows.len());
            }
        }
    }
}
