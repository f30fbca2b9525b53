use std::cmp::Reverse;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame},
    line::{Account, AccountKind},
    margin::{GroupKey, minor},
    period::DateRange,
    selection::{Cut, Ledger},
};

pub(crate) const COST_KINDS: [AccountKind; 1] = [AccountKind::Expense];
pub(crate) const COST_CENTRE: Cut = Cut::Dimension(Dimension::CostCentre);

/// One cost centre's figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostCentreRow {
    /// The cost centre; None for the expenses that have none: "unassigned".
    pub key: Option<Uuid>,
    /// Expenses, in minor units of the base currency; negative where more was given back than spent.
    pub cost_minor: i64,
}

/// Expenses by cost centre. The rows' sum is the total, and the total is the ledger's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostCentreReport {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// By cost, highest first, ties by id. Unassigned comes last.
    pub rows: Vec<CostCentreRow>,
    /// All rows together, in minor units of the base currency.
    pub total_minor: i64,
}

/// Expenses of the days `from` to `to`, both counted, with a row for each cost centre that has a line on an expense
/// account. Closing entries are left out.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn cost_centres(
    frame: &LedgerFrame,
    accounts: &[Account],
    from: NaiveDate,
    to: NaiveDate,
) -> Result<CostCentreReport, ReportError> {
    let range = DateRange::new(from, to)?;
    let sums = Ledger::new(frame, accounts)?.sums_by(range, AccountKind::Expense, COST_CENTRE)?;
    let total_minor = minor(sums.iter().map(|(_, cost)| cost).sum())?;
    let mut rows = sums
        .into_iter()
        .map(|(key, cost)| {
            let key = match key {
                Some(GroupKey::Id(id)) => Some(id),
                Some(GroupKey::Month(_)) | None => None,
            };
            Ok(CostCentreRow { key, cost_minor: minor(cost)? })
        })
        .collect::<Result<Vec<_>, ReportError>>()?;
    rows.sort_by_key(|row| (row.key.is_none(), Reverse(row.cost_minor), row.key));
    Ok(CostCentreReport { as_of_seq: frame.last_seq(), rows, total_minor })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Line,
        testing::{FREIGHT, RENT, SALES, accounts, day, entries, frame, id, kind_of, line, range},
    };

    fn spent(centre: Option<u128>, account: u128, amount: i64) -> Line {
        Line { cost_centre: centre.map(id), ..line(1, day(1996, 7, 4), id(account), amount) }
    }

    fn of(lines: &[Line]) -> Result<CostCentreReport, ReportError> {
        cost_centres(&frame(lines), &accounts(), day(1996, 1, 1), day(1996, 12, 31))
    }

    #[test]
    fn an_empty_ledger_costs_nothing() {
        let report = of(&[]).unwrap();
        assert_eq!((report.rows, report.total_minor), (vec![], 0));
    }

    #[test]
    fn rows_go_by_cost_then_id_and_unassigned_last() {
        let report = of(&[
            spent(None, RENT, 1_000),
            spent(Some(13), RENT, 20),
            spent(Some(11), FREIGHT, 20),
            spent(Some(12), FREIGHT, 200),
            spent(Some(12), RENT, 100),
            // Income in a cost centre is no cost, and makes no row.
            spent(Some(14), SALES, -70),
            spent(Some(12), SALES, -70),
            Line { closing: true, ..spent(Some(12), RENT, -300) },
        ])
        .unwrap();
        let row = |key: Option<u128>, cost_minor| CostCentreRow { key: key.map(id), cost_minor };
        assert_eq!(report.rows, [row(Some(12), 300), row(Some(11), 20), row(Some(13), 20), row(None, 1_000),]);
        assert_eq!((report.total_minor, report.as_of_seq), (1_340, 1));
    }

    #[test]
    fn a_sum_past_64_bits_is_an_error() {
        let report = of(&[spent(Some(1), RENT, i64::MAX), spent(Some(2), RENT, 1)]);
        assert!(matches!(report, Err(ReportError::Overflow)));
        let report = of(&[spent(Some(1), RENT, i64::MIN)]).unwrap();
        assert_eq!(report.total_minor, i64::MIN);
    }

    proptest! {
        #[test]
        fn totals_are_the_ledgers((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let report = cost_centres(&frame(&lines), &accounts(), from, to).unwrap();
            let expected: i64 = lines
                .iter()
                .filter(|l| !l.closing && (from..=to).contains(&l.date))
                .filter(|l| kind_of(l) == AccountKind::Expense)
                .map(|l| l.base_minor)
                .sum();
            prop_assert_eq!(report.total_minor, expected);
            prop_assert_eq!(report.rows.iter().map(|r| r.cost_minor).sum::<i64>(), expected);
        }
    }
}
