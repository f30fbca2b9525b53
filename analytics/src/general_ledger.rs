use chrono::NaiveDate;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{LedgerFrame, col, line_ids},
    line::Account,
    margin::minor,
    period::{DateRange, day_number},
    selection::Ledger,
    slice::Slice,
};

/// A line of an account, with what stood on the account after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneralLedgerLine {
    /// The line's id.
    pub id: Uuid,
    /// What the account had after the line, in minor units of the base currency, debit positive.
    pub balance_minor: i64,
}

/// What happened on an account in a range of days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralLedger {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// What stood on the account before the first day, in minor units of the base currency, debit positive.
    pub opening_minor: i64,
    /// All debits of the range.
    pub debit_minor: i64,
    /// All credits of the range.
    pub credit_minor: i64,
    /// What stood on it after the last day.
    pub closing_minor: i64,
    /// By date, and by the ledger's order within a day. Closing entries are among them.
    pub lines: Vec<GeneralLedgerLine>,
}

/// The lines of an account from `from` to `to`, both counted, with what stood on the account before, after each, and at
/// the end.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn general_ledger(
    frame: &LedgerFrame,
    accounts: &[Account],
    account: Uuid,
    from: NaiveDate,
    to: NaiveDate,
    slice: &Slice,
) -> Result<GeneralLedger, ReportError> {
    DateRange::new(from, to)?;
    let ledger = Ledger::new(frame, accounts)?;
    let columns = [col::DATE, col::LINE, col::BASE];
    let lines = ledger.sliced(DateRange::until(to), slice, |candidate| candidate.id == account, &columns)?;
    let dates = lines.column(col::DATE)?.i32()?.iter().flatten();
    let amounts = lines.column(col::BASE)?.i64()?.iter().flatten();
    let mut rows: Vec<(i32, i64, Uuid)> =
        dates.zip(amounts).zip(line_ids(&lines)?).map(|((date, amount), id)| (date, amount, id)).collect();
    // Stable: within a day the frame's order stays.
    rows.sort_by_key(|(date, ..)| *date);
    let first = rows.partition_point(|(date, ..)| *date < day_number(from));
    let opening: i128 = rows[..first].iter().map(|(_, amount, _)| i128::from(*amount)).sum();
    let (mut balance, mut debit, mut credit) = (opening, 0, 0);
    let mut shown = Vec::with_capacity(rows.len() - first);
    for (_, amount, id) in &rows[first..] {
        let amount = i128::from(*amount);
        balance += amount;
        debit += amount.max(0);
        credit -= amount.min(0);
        shown.push(GeneralLedgerLine { id: *id, balance_minor: minor(balance)? });
    }
    Ok(GeneralLedger {
        as_of_seq: frame.last_seq(),
        opening_minor: minor(opening)?,
        debit_minor: minor(debit)?,
        credit_minor: minor(credit)?,
        closing_minor: minor(balance)?,
        lines: shown,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{BANK, RENT, accounts, day, entries, frame, id, line, range, sum_of};

    #[test]
    fn lines_go_by_date_and_then_as_they_were_posted() {
        let lines = [
            line(1, day(1996, 3, 1), id(BANK), 10),
            line(2, day(1996, 1, 1), id(BANK), 5),
            line(3, day(1996, 2, 1), id(BANK), -7),
            line(4, day(1996, 2, 1), id(BANK), 1),
            line(5, day(1996, 2, 1), id(RENT), 1_000),
            line(6, day(1996, 4, 1), id(BANK), 100),
        ];
        let report =
            general_ledger(&frame(&lines), &accounts(), id(BANK), day(1996, 2, 1), day(1996, 3, 1), &Slice::default())
                .unwrap();
        let shown: Vec<_> = report.lines.iter().map(|line| (line.id.as_u128(), line.balance_minor)).collect();
        assert_eq!(shown, [(2, -2), (3, -1), (0, 9)]);
        assert_eq!((report.opening_minor, report.closing_minor), (5, 9));
        assert_eq!((report.debit_minor, report.credit_minor, report.as_of_seq), (11, 7, 6));
    }

    #[test]
    fn an_account_without_lines_stands_at_nothing() {
        let (from, to) = (day(1996, 1, 1), day(1996, 12, 31));
        let at = |from, to| general_ledger(&frame(&[]), &accounts(), id(BANK), from, to, &Slice::default());
        let report = at(from, to).unwrap();
        assert_eq!((report.opening_minor, report.closing_minor, report.lines), (0, 0, vec![]));
        assert!(matches!(at(to, from), Err(ReportError::EmptyRange { .. })));
    }

    proptest! {
        #[test]
        fn the_balance_runs_from_the_opening_to_the_closing((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let report =
                general_ledger(&frame(&lines), &accounts(), id(BANK), from, to, &Slice::default()).unwrap();
            let until = |last: NaiveDate, inclusive: bool| -> i64 {
                let counted = |date: NaiveDate| if inclusive { date <= last } else { date < last };
                lines.iter().filter(|l| l.account == id(BANK) && counted(l.date)).map(|l| l.base_minor).sum()
            };
            prop_assert_eq!(report.opening_minor, until(from, false));
            prop_assert_eq!(report.closing_minor, until(to, true));
            prop_assert_eq!(report.opening_minor + report.debit_minor - report.credit_minor, report.closing_minor);
            let mut ids: Vec<Uuid> = report.lines.iter().map(|line| line.id).collect();
            ids.sort_unstable();
            prop_assert_eq!(report.opening_minor + sum_of(&lines, &ids), report.closing_minor);
            prop_assert_eq!(report.lines.last().map_or(report.opening_minor, |l| l.balance_minor), report.closing_minor);
        }
    }
}
