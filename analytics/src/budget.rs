use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame},
    line::{Account, AccountKind},
    margin::{RESULT_KINDS, minor},
    period::{DateRange, Month},
    selection::Ledger,
};

/// What actual figures are compared with a budget by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetCut {
    /// Accounts of income and expense.
    Account,
    /// Cost centres: their expenses.
    CostCentre,
    /// Departments: their expenses.
    Department,
}

impl BudgetCut {
    pub(crate) fn dimension(self) -> Dimension {
        match self {
            Self::Account => Dimension::Account,
            Self::CostCentre => Dimension::CostCentre,
            Self::Department => Dimension::Department,
        }
    }

    pub(crate) fn kinds(self) -> &'static [AccountKind] {
        match self {
            Self::Account => &RESULT_KINDS,
            Self::CostCentre | Self::Department => &[AccountKind::Expense],
        }
    }
}

/// What was spent or earned in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthSum {
    /// The account, cost centre or department; None for the lines that have none.
    pub key: Option<Uuid>,
    /// The month.
    pub month: Month,
    /// In minor units of the base currency: spent, or earned on an account of income.
    pub amount_minor: i64,
}

/// What was spent or earned, by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthSums {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// By key and month.
    pub sums: Vec<MonthSum>,
}

/// What was spent or earned from `from` to `to`, both counted, month by month. Closing entries are left out.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn month_sums(
    frame: &LedgerFrame,
    accounts: &[Account],
    from: NaiveDate,
    to: NaiveDate,
    cut: BudgetCut,
) -> Result<MonthSums, ReportError> {
    let range = DateRange::new(from, to)?;
    let sums = Ledger::new(frame, accounts)?.sums_by_month(range, cut.kinds(), cut.dimension())?;
    let is_income = |id| accounts.iter().any(|account| account.id == id && account.kind == AccountKind::Income);
    let sum = |((key, month), sum): ((Option<Uuid>, Month), i128)| {
        let earned = cut == BudgetCut::Account && key.is_some_and(is_income);
        Ok(MonthSum { key, month, amount_minor: minor(if earned { -sum } else { sum })? })
    };
    let sums = sums.into_iter().map(sum).collect::<Result<_, ReportError>>()?;
    Ok(MonthSums { as_of_seq: frame.last_seq(), sums })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Figure, Line, lines_of,
        testing::{RENT, SALES, accounts, day, entries, frame, id, line, range, sum_of},
    };

    #[test]
    fn what_is_earned_is_positive_and_so_is_what_is_spent() {
        let lines = [
            line(1, day(1996, 1, 31), id(SALES), -50),
            line(1, day(1996, 1, 31), id(RENT), 20),
            line(2, day(1996, 2, 1), id(RENT), 7),
            Line { closing: true, ..line(3, day(1996, 2, 1), id(RENT), -27) },
        ];
        let of = |cut| month_sums(&frame(&lines), &accounts(), day(1996, 1, 1), day(1996, 12, 31), cut).unwrap();
        let mut sums: Vec<_> = of(BudgetCut::Account).sums;
        sums.sort_by_key(|sum| (sum.amount_minor, sum.key));
        let sum = |key: Option<u128>, month, amount_minor| MonthSum {
            key: key.map(id),
            month: Month { year: 1996, month },
            amount_minor,
        };
        assert_eq!(sums, [sum(Some(RENT), 2, 7), sum(Some(RENT), 1, 20), sum(Some(SALES), 1, 50)]);
        assert_eq!(of(BudgetCut::Department).sums, [sum(None, 1, 20), sum(None, 2, 7)]);
    }

    proptest! {
        #[test]
        fn lines_sum_to_the_actual_figures((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let frame = frame(&lines);
            for cut in [BudgetCut::Account, BudgetCut::CostCentre, BudgetCut::Department] {
                let report = month_sums(&frame, &accounts(), from, to, cut).unwrap();
                let keys: std::collections::HashSet<_> = report.sums.iter().map(|sum| sum.key).collect();
                for key in keys {
                    let expected: i64 =
                        report.sums.iter().filter(|sum| sum.key == key).map(|sum| sum.amount_minor).sum();
                    let ids = lines_of(&frame, &accounts(), Figure::Actual { from, to, cut, key }).unwrap();
                    prop_assert_eq!(sum_of(&lines, &ids).abs(), expected.abs());
                }
            }
        }
    }
}
