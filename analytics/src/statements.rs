//! Trial balance, profit and loss, and balance sheet.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame, col},
    line::{Account, AccountKind},
    margin::{RESULT_KINDS, minor},
    period::{Comparison, DateRange},
    selection::Ledger,
    slice::Slice,
};

const ACCOUNT_AND_BASE: [&str; 2] = [Dimension::Account.column(), col::BASE];

/// One account's balance, on the side where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialBalanceRow {
    /// The account.
    pub account: Uuid,
    /// Its balance in minor units of the base currency, if that's a debit; else 0.
    pub debit_minor: i64,
    /// Its balance, if that's a credit; else 0.
    pub credit_minor: i64,
}

/// What stands on each account at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialBalance {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// Accounts with a balance, in the order in which the accounts were given.
    pub rows: Vec<TrialBalanceRow>,
    /// All debits.
    pub debit_minor: i64,
    /// All credits; equal to the debits unless the ledger was sliced.
    pub credit_minor: i64,
}

/// The balance of each account after the day `at`. Closing entries count: after a year's close, its income and expenses
/// stand at nothing and retained earnings has the result, as on the accounts themselves.
///
/// # Errors
/// [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn trial_balance(
    frame: &LedgerFrame,
    accounts: &[Account],
    at: NaiveDate,
    slice: &Slice,
) -> Result<TrialBalance, ReportError> {
    let ledger = Ledger::new(frame, accounts)?;
    let sums = ledger.by_account(&ledger.sliced(DateRange::until(at), slice, |_| true, &ACCOUNT_AND_BASE)?)?;
    let (mut rows, mut debit, mut credit) = (Vec::new(), 0, 0);
    for (account, sum) in in_order(frame, accounts, &sums) {
        debit += sum.max(0);
        credit -= sum.min(0);
        rows.push(TrialBalanceRow {
            account: account.id,
            debit_minor: minor(sum.max(0))?,
            credit_minor: minor(-sum.min(0))?,
        });
    }
    Ok(TrialBalance { as_of_seq: frame.last_seq(), rows, debit_minor: minor(debit)?, credit_minor: minor(credit)? })
}

/// Balances that aren't 0, in the order of `accounts`.
fn in_order<'a>(
    frame: &'a LedgerFrame,
    accounts: &'a [Account],
    sums: &'a [i128],
) -> impl Iterator<Item = (&'a Account, i128)> {
    accounts.iter().filter_map(|account| {
        let sum = sums[frame.code(Dimension::Account, account.id)? as usize];
        (sum != 0).then_some((account, sum))
    })
}

/// One account's part of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfitAndLossRow {
    /// The account, of income or expense.
    pub account: Uuid,
    /// What it took in, in minor units of the base currency: income and expense both positive.
    pub amount_minor: i64,
    /// The same of the days that are compared with.
    pub previous_minor: Option<i64>,
}

/// Income, expenses and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ResultFigures {
    /// All income, in minor units of the base currency.
    pub income_minor: i64,
    /// All expenses.
    pub expense_minor: i64,
    /// Income less expenses.
    pub result_minor: i64,
}

/// What was earned and spent in a range of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfitAndLoss {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// The days that are compared with.
    pub compared: Option<(NaiveDate, NaiveDate)>,
    /// Accounts with an amount in either range, in the order in which the accounts were given.
    pub rows: Vec<ProfitAndLossRow>,
    /// All rows together.
    pub total: ResultFigures,
    /// All rows of the days that are compared with.
    pub previous: Option<ResultFigures>,
}

/// Income and expenses of the days `from` to `to`, both counted, beside those of an earlier range.
///
/// Closing entries are left out: they would take back what the year earned.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn profit_and_loss(
    frame: &LedgerFrame,
    accounts: &[Account],
    from: NaiveDate,
    to: NaiveDate,
    compare: Option<Comparison>,
    slice: &Slice,
) -> Result<ProfitAndLoss, ReportError> {
    let range = DateRange::new(from, to)?;
    let compared = compare.and_then(|compare| compare.range(from, to));
    let ledger = Ledger::new(frame, accounts)?;
    let now = result_by_account(&ledger, range, slice)?;
    let before = match compared {
        Some((from, to)) => Some(result_by_account(&ledger, DateRange::new(from, to)?, slice)?),
        None => None,
    };
    let mut rows = Vec::new();
    for account in accounts.iter().filter(|account| RESULT_KINDS.contains(&account.kind)) {
        let Some(code) = frame.code(Dimension::Account, account.id) else { continue };
        let amount = signed(account.kind, now[code as usize]);
        let previous = before.as_ref().map(|sums| signed(account.kind, sums[code as usize]));
        if amount != 0 || previous.unwrap_or_default() != 0 {
            rows.push(ProfitAndLossRow {
                account: account.id,
                amount_minor: minor(amount)?,
                previous_minor: previous.map(minor).transpose()?,
            });
        }
    }
    Ok(ProfitAndLoss {
        as_of_seq: frame.last_seq(),
        compared,
        rows,
        total: result_figures(frame, accounts, &now)?,
        previous: before.map(|sums| result_figures(frame, accounts, &sums)).transpose()?,
    })
}

fn result_by_account(ledger: &Ledger<'_>, range: DateRange, slice: &Slice) -> Result<Vec<i128>, ReportError> {
    let of_result = |account: &Account| RESULT_KINDS.contains(&account.kind);
    ledger.by_account(&ledger.sliced_result(range, slice, of_result, &ACCOUNT_AND_BASE)?)
}

fn result_figures(frame: &LedgerFrame, accounts: &[Account], sums: &[i128]) -> Result<ResultFigures, ReportError> {
    let of = |kind| -> i128 {
        let of_kind = in_order(frame, accounts, sums).filter(|(account, _)| account.kind == kind);
        of_kind.map(|(_, sum)| signed(kind, sum)).sum()
    };
    let (income, expense) = (of(AccountKind::Income), of(AccountKind::Expense));
    Ok(ResultFigures {
        income_minor: minor(income)?,
        expense_minor: minor(expense)?,
        result_minor: minor(income - expense)?,
    })
}

/// A sum of the ledger as a statement shows it: positive where accounts of the kind usually stand.
const fn signed(kind: AccountKind, sum: i128) -> i128 {
    match kind {
        AccountKind::Asset | AccountKind::Expense => sum,
        AccountKind::Liability | AccountKind::Equity | AccountKind::Income => -sum,
    }
}

/// A row of a balance sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BalanceSheetRow {
    /// The account; None for the result of the years that aren't closed yet.
    pub account: Option<Uuid>,
    /// In minor units of the base currency: assets positive as debits; liabilities, equity and a profit as credits.
    pub balance_minor: i64,
}

/// What there is, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceSheet {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// Accounts with a balance, in the order in which the accounts were given; last the result of the years that aren't
    /// closed yet, unless it's 0.
    pub rows: Vec<BalanceSheetRow>,
    /// All assets.
    pub assets_minor: i64,
    /// All liabilities.
    pub liabilities_minor: i64,
    /// All equity, with the result of the years that aren't closed yet.
    pub equity_minor: i64,
    /// Whether assets equal liabilities and equity: always, unless the ledger was sliced.
    pub balanced: bool,
}

/// Assets, liabilities and equity after the day `at`.
///
/// What stands on accounts of income and expense then is the result of the years that aren't closed, since a close
/// leaves nothing on them: it's a row of its own.
///
/// # Errors
/// [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn balance_sheet(
    frame: &LedgerFrame,
    accounts: &[Account],
    at: NaiveDate,
    slice: &Slice,
) -> Result<BalanceSheet, ReportError> {
    let ledger = Ledger::new(frame, accounts)?;
    let sums = ledger.by_account(&ledger.sliced(DateRange::until(at), slice, |_| true, &ACCOUNT_AND_BASE)?)?;
    let (mut rows, mut totals) = (Vec::new(), HashMap::<AccountKind, i128>::new());
    for (account, sum) in in_order(frame, accounts, &sums) {
        *totals.entry(account.kind).or_default() += signed(account.kind, sum);
        if !RESULT_KINDS.contains(&account.kind) {
            let balance_minor = minor(signed(account.kind, sum))?;
            rows.push(BalanceSheetRow { account: Some(account.id), balance_minor });
        }
    }
    let of = |kind| totals.get(&kind).copied().unwrap_or_default();
    let result = of(AccountKind::Income) - of(AccountKind::Expense);
    if result != 0 {
        rows.push(BalanceSheetRow { account: None, balance_minor: minor(result)? });
    }
    let (assets, liabilities) = (of(AccountKind::Asset), of(AccountKind::Liability));
    let equity = of(AccountKind::Equity) + result;
    Ok(BalanceSheet {
        as_of_seq: frame.last_seq(),
        rows,
        assets_minor: minor(assets)?,
        liabilities_minor: minor(liabilities)?,
        equity_minor: minor(equity)?,
        balanced: assets == liabilities + equity,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::{
        Figure, Line, lines_of,
        testing::{
            BANK, PAYABLE, RENT, RETAINED, SALES, SERVICES, accounts, balanced_entries, date, day, entries, frame, id,
            kind_of, line, range, sum_of,
        },
    };

    fn two_years() -> Vec<Line> {
        let (first, second) = (day(1996, 6, 30), day(1997, 6, 30));
        let closing = |account, amount| Line { closing: true, ..line(4, day(1996, 12, 31), id(account), amount) };
        vec![
            line(1, first, id(BANK), 100),
            line(1, first, id(SALES), -100),
            line(2, first, id(RENT), 30),
            line(2, first, id(PAYABLE), -30),
            Line { project: Some(id(50)), ..line(3, second, id(BANK), 8) },
            Line { project: Some(id(50)), ..line(3, second, id(SERVICES), -8) },
            closing(SALES, 100),
            closing(RENT, -30),
            closing(RETAINED, -70),
        ]
    }

    fn trial(at: NaiveDate) -> Vec<(u128, i64, i64)> {
        let report = trial_balance(&frame(&two_years()), &accounts(), at, &Slice::default()).unwrap();
        assert_eq!(report.debit_minor, report.credit_minor);
        report.rows.iter().map(|row| (row.account.as_u128(), row.debit_minor, row.credit_minor)).collect()
    }

    #[test]
    fn a_trial_balance_has_the_accounts_that_have_one() {
        assert_eq!(trial(day(1995, 12, 31)), []);
        assert_eq!(trial(day(1996, 12, 30)), [(SALES, 0, 100), (RENT, 30, 0), (BANK, 100, 0), (PAYABLE, 0, 30)]);
        // The close counts here.
        assert_eq!(trial(day(1996, 12, 31)), [(BANK, 100, 0), (PAYABLE, 0, 30), (RETAINED, 0, 70)]);
    }

    #[test]
    fn a_result_is_the_same_before_and_after_the_close() {
        let compare = Some(Comparison::PreviousYear);
        let at = |from, to| profit_and_loss(&frame(&two_years()), &accounts(), from, to, compare, &Slice::default());
        let report = at(day(1996, 1, 1), day(1996, 12, 31)).unwrap();
        let total = ResultFigures { income_minor: 100, expense_minor: 30, result_minor: 70 };
        assert_eq!((report.total, report.previous), (total, Some(ResultFigures::default())));
        let report = at(day(1997, 1, 1), day(1997, 12, 31)).unwrap();
        assert_eq!(report.previous, Some(total));
        assert_eq!(report.compared, Some((day(1996, 1, 1), day(1996, 12, 31))));
        let row = |account, amount_minor, previous| ProfitAndLossRow {
            account: id(account),
            amount_minor,
            previous_minor: Some(previous),
        };
        assert_eq!(report.rows, [row(SALES, 0, 100), row(SERVICES, 8, 0), row(RENT, 0, 30)]);
    }

    #[test]
    fn without_a_comparison_there_is_no_previous() {
        let frame = frame(&two_years());
        let (from, to) = (day(1996, 1, 1), day(1996, 12, 31));
        let report = profit_and_loss(&frame, &accounts(), from, to, None, &Slice::default()).unwrap();
        assert_eq!((report.compared, report.previous, report.rows[0].previous_minor), (None, None, None));
        let backwards = profit_and_loss(&frame, &accounts(), to, from, None, &Slice::default());
        assert!(matches!(backwards, Err(ReportError::EmptyRange { .. })));
    }

    #[test]
    fn the_result_of_an_open_year_is_a_row_of_its_own() {
        let at = |at| balance_sheet(&frame(&two_years()), &accounts(), at, &Slice::default()).unwrap();
        let row = |account: Option<u128>, balance_minor| BalanceSheetRow { account: account.map(id), balance_minor };
        let open = at(day(1996, 12, 30));
        assert_eq!(open.rows, [row(Some(BANK), 100), row(Some(PAYABLE), 30), row(None, 70)]);
        let closed = at(day(1997, 12, 31));
        assert_eq!(closed.rows, [row(Some(BANK), 108), row(Some(PAYABLE), 30), row(Some(RETAINED), 70), row(None, 8)]);
        assert_eq!((closed.assets_minor, closed.liabilities_minor, closed.equity_minor), (108, 30, 78));
        assert!(open.balanced && closed.balanced);
    }

    #[test]
    fn a_slice_has_its_own_lines_only() {
        let slice = Slice { project: Some(id(50)), ..Slice::default() };
        let frame = frame(&two_years());
        let at = day(1997, 12, 31);
        let report = trial_balance(&frame, &accounts(), at, &slice).unwrap();
        assert_eq!(report.rows.len(), 2);
        assert_eq!((report.debit_minor, report.credit_minor), (8, 8));
        let nowhere = Slice { company: Some(id(99)), ..slice.clone() };
        assert_eq!(trial_balance(&frame, &accounts(), at, &nowhere).unwrap().rows, []);
    }

    #[test]
    fn a_sum_past_64_bits_is_an_error() {
        let on = day(1996, 7, 4);
        let frame = frame(&[line(1, on, id(SALES), -i64::MAX), line(1, on, id(SALES), -1)]);
        assert!(matches!(trial_balance(&frame, &accounts(), on, &Slice::default()), Err(ReportError::Overflow)));
        assert!(matches!(balance_sheet(&frame, &accounts(), on, &Slice::default()), Err(ReportError::Overflow)));
        let report = profit_and_loss(&frame, &accounts(), on, on, None, &Slice::default());
        assert!(matches!(report, Err(ReportError::Overflow)));
    }

    proptest! {
        #[test]
        fn balances_balance_on_every_day(at in date(), entries in balanced_entries()) {
            let frame = frame(&entries.concat());
            let trial = trial_balance(&frame, &accounts(), at, &Slice::default()).unwrap();
            prop_assert_eq!(trial.debit_minor, trial.credit_minor);
            let sheet = balance_sheet(&frame, &accounts(), at, &Slice::default()).unwrap();
            prop_assert!(sheet.balanced);
            prop_assert_eq!(sheet.assets_minor, sheet.liabilities_minor + sheet.equity_minor);
        }

        #[test]
        fn figures_are_the_ledgers_and_open_into_their_lines(
            (from, to) in range(), entries in entries(), project in prop::option::of((100_u128..104).prop_map(id)),
            cost_centres in prop::option::of(prop::collection::hash_set((100_u128..106).prop_map(id), 0..4)),
        ) {
            let lines = entries.concat();
            let within = cost_centres.clone();
            let slice = Slice { project, cost_centres: cost_centres.map(Arc::new), ..Slice::default() };
            let frame = frame(&lines);
            let sum = |passes: &dyn Fn(&Line) -> bool| -> i64 {
                let of_project = lines.iter().filter(|l| project.is_none() || l.project == project);
                let of_slice = of_project.filter(|l| {
                    within.as_ref().is_none_or(|within| l.cost_centre.is_some_and(|id| within.contains(&id)))
                });
                of_slice.filter(|l| passes(l)).map(|l| l.base_minor).sum()
            };
            let sum_of_figure = |figure| sum_of(&lines, &lines_of(&frame, &accounts(), figure).unwrap());

            let trial = trial_balance(&frame, &accounts(), to, &slice).unwrap();
            for account in accounts() {
                let balance = sum(&|l| l.date <= to && l.account == account.id);
                let row = trial.rows.iter().find(|row| row.account == account.id);
                prop_assert_eq!(row.map_or(0, |row| row.debit_minor - row.credit_minor), balance);
                prop_assert_eq!(sum_of_figure(Figure::Balance { account: account.id, at: to, slice: slice.clone() }), balance);
            }
            let compare = Some(Comparison::PreviousPeriod);
            let result = profit_and_loss(&frame, &accounts(), from, to, compare, &slice).unwrap();
            for row in &result.rows {
                let of = |from: NaiveDate, to: NaiveDate| {
                    sum(&|l| !l.closing && (from..=to).contains(&l.date) && l.account == row.account)
                };
                let figure = |from, to| Figure::Result { from, to, account: Some(row.account), slice: slice.clone() };
                let sign = if [id(SALES), id(SERVICES)].contains(&row.account) { -1 } else { 1 };
                let (before, until) = result.compared.unwrap();
                prop_assert_eq!(sign * row.amount_minor, of(from, to));
                prop_assert_eq!(sign * row.previous_minor.unwrap(), of(before, until));
                prop_assert_eq!(sum_of_figure(figure(from, to)), of(from, to));
                prop_assert_eq!(sum_of_figure(figure(before, until)), of(before, until));
            }
            let of_result = |l: &Line| RESULT_KINDS.contains(&kind_of(l));
            let expected = sum(&|l| !l.closing && (from..=to).contains(&l.date) && of_result(l));
            prop_assert_eq!(result.total.result_minor, -expected);
            prop_assert_eq!(sum_of_figure(Figure::Result { from, to, account: None, slice: slice.clone() }), expected);

            let sheet = balance_sheet(&frame, &accounts(), to, &slice).unwrap();
            let unclosed = sheet.rows.iter().find(|row| row.account.is_none()).map_or(0, |row| row.balance_minor);
            prop_assert_eq!(sum_of_figure(Figure::UnclosedResult { at: to, slice }), -unclosed);
            prop_assert_eq!(sum(&|l| l.date <= to && of_result(l)), -unclosed);
        }
    }
}
