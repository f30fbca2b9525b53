//! Ledgers for tests.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use uuid::Uuid;

use crate::{Account, AccountKind, Control, LedgerFrame, Line};

pub(crate) const SALES: u128 = 1;
pub(crate) const SERVICES: u128 = 2;
pub(crate) const FREIGHT: u128 = 3;
pub(crate) const RENT: u128 = 4;
pub(crate) const CASH: u128 = 5;
pub(crate) const BANK: u128 = 6;
pub(crate) const RECEIVABLE: u128 = 7;
pub(crate) const PAYABLE: u128 = 8;
pub(crate) const RETAINED: u128 = 9;

pub(crate) fn accounts() -> Vec<Account> {
    use AccountKind::{Asset, Equity, Expense, Income, Liability};

    [
        (SALES, Income),
        (SERVICES, Income),
        (FREIGHT, Expense),
        (RENT, Expense),
        (CASH, Asset),
        (BANK, Asset),
        (RECEIVABLE, Asset),
        (PAYABLE, Liability),
        (RETAINED, Equity),
    ]
    .map(|(account, kind)| {
        let control = match account {
            RECEIVABLE => Some(Control::Receivable),
            PAYABLE => Some(Control::Payable),
            _ => None,
        };
        Account { id: id(account), kind, cash: [CASH, BANK].contains(&account), control }
    })
    .to_vec()
}

pub(crate) fn kind_of(line: &Line) -> AccountKind {
    let account = accounts().into_iter().find(|a| a.id == line.account);
    account.unwrap().kind
}

pub(crate) fn is_cash(line: &Line) -> bool {
    [id(CASH), id(BANK)].contains(&line.account)
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A line without dimensions.
pub(crate) fn line(seq: i64, date: NaiveDate, account: Uuid, base_minor: i64) -> Line {
    Line {
        id: Uuid::nil(),
        seq,
        date,
        account,
        base_minor,
        company: None,
        service: None,
        seller: None,
        employee: None,
        project: None,
        department: None,
        cost_centre: None,
        party: None,
        item: None,
        closing: false,
    }
}

/// A frame of lines, which get their place in it as ids.
pub(crate) fn frame(lines: &[Line]) -> LedgerFrame {
    let lines: Vec<Line> = (0..).zip(lines).map(|(place, line)| Line { id: id(place), ..line.clone() }).collect();
    let mut frame = LedgerFrame::new();
    frame.append(&lines).unwrap();
    frame
}

/// The lines that a frame by [`frame`] means by ids.
pub(crate) fn sum_of(lines: &[Line], ids: &[Uuid]) -> i64 {
    assert!(ids.is_sorted(), "lines come in their order");
    ids.iter().map(|id| lines[usize::try_from(id.as_u128()).unwrap()].base_minor).sum()
}

/// A date of 1996 to 1998.
pub(crate) fn date() -> impl Strategy<Value = NaiveDate> {
    (0_u64..1096).prop_map(|days| day(1996, 1, 1).checked_add_days(Days::new(days)).unwrap())
}

/// A range of such dates.
pub(crate) fn range() -> impl Strategy<Value = (NaiveDate, NaiveDate)> {
    (date(), date()).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

pub(crate) fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![-3_i64..=3, -1_000_000_000_000_i64..=1_000_000_000_000]
}

/// Entries, balanced or not: reports don't ask.
pub(crate) fn entries() -> impl Strategy<Value = Vec<Vec<Line>>> {
    let dimension = || prop::option::of((100_u128..104).prop_map(id));
    let party = || prop::option::of((200_u128..203).prop_map(id));
    let item = || prop::option::of((300_u128..308).prop_map(id));
    let dimensions =
        (dimension(), dimension(), dimension(), dimension(), dimension(), dimension(), dimension(), party(), item());
    let one = (SALES..=RETAINED, amount(), dimensions);
    let entry = (1_i64..4, date(), prop::bool::weighted(0.1), prop::collection::vec(one, 1..5));
    prop::collection::vec(entry, 0..40).prop_map(|entries| {
        let mut seq = 0;
        entries
            .into_iter()
            .map(|(step, date, closing, lines)| {
                seq += step;
                lines
                    .into_iter()
                    .map(|(account, base_minor, dimensions)| Line {
                        company: dimensions.0,
                        service: dimensions.1,
                        seller: dimensions.2,
                        employee: dimensions.3,
                        project: dimensions.4,
                        department: dimensions.5,
                        cost_centre: dimensions.6,
                        party: dimensions.7,
                        item: dimensions.8,
                        closing,
                        ..line(seq, date, id(account), base_minor)
                    })
                    .collect()
            })
            .collect()
    })
}

/// Entries that balance, as a ledger has them.
pub(crate) fn balanced_entries() -> impl Strategy<Value = Vec<Vec<Line>>> {
    entries().prop_map(|mut entries| {
        for entry in &mut entries {
            let sum: i64 = entry.iter().map(|line| line.base_minor).sum();
            let (seq, date, closing) = (entry[0].seq, entry[0].date, entry[0].closing);
            entry.push(Line { closing, ..line(seq, date, id(RETAINED), -sum) });
        }
        entries
    })
}
