//! How long the statements take over a million journal lines in memory: `cargo bench -p kamara-analytics`. One line each:
//! the name, the median and the slowest of 21 runs, in milliseconds.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{Days, NaiveDate};
use kamara_analytics::{
    Account, AccountKind, Comparison, Control, DueDates, LedgerFrame, Line, Slice, aged, balance_sheet, general_ledger,
    open_on, profit_and_loss, trial_balance,
};
use uuid::Uuid;

const LINES: u128 = 1_000_000;
const LINES_AT_ONCE: usize = 30_000;
const RUNS: usize = 21;
const RECEIVABLE: u128 = 1;
const BANK: u128 = 2;
const REVENUE: u128 = 3;
const EXPENSE: u128 = 40;
const EXPENSES: u128 = 60;
const PARTIES: u128 = 2_000;

fn main() {
    let accounts = accounts();
    let frame = frame();
    let (from, at) = (day(2_500), day(3_649));
    let open = open_on(&frame, &accounts, Control::Receivable, at, &Slice::default()).unwrap_or_default();
    let due: DueDates =
        open.iter().filter_map(|item| Some((item.item?, vec![(item.since, item.amount_minor)]))).collect();
    let all = Slice::default();
    let cut = Slice { company: Some(id(10)), ..all.clone() };
    println!("{} lines, {} open documents", frame.rows(), open.len());
    measure("trialBalance", || trial_balance(&frame, &accounts, at, &all));
    measure("profitAndLoss, compared", || {
        profit_and_loss(&frame, &accounts, from, at, Some(Comparison::PreviousYear), &all)
    });
    measure("profitAndLoss of a company", || profit_and_loss(&frame, &accounts, from, at, None, &cut));
    measure("balanceSheet", || balance_sheet(&frame, &accounts, at, &all));
    measure("agedReceivables", || {
        let open = open_on(&frame, &accounts, Control::Receivable, at, &all)?;
        aged(&open, &due, at)
    });
    measure("generalLedger of receivables", || general_ledger(&frame, &accounts, id(RECEIVABLE), from, at, &all));
}

fn measure<T, E>(name: &str, mut report: impl FnMut() -> Result<T, E>) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let began = Instant::now();
            assert!(black_box(report()).is_ok(), "{name} failed");
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    println!("{name}: {:.1} ms (slowest {:.1} ms)", ms(times[RUNS / 2]), ms(times[RUNS - 1]));
}

fn accounts() -> Vec<Account> {
    let account = |number, kind, cash, control| Account { id: id(number), kind, cash, control };
    let expenses = (EXPENSE..EXPENSE + EXPENSES).map(|number| account(number, AccountKind::Expense, false, None));
    [
        account(RECEIVABLE, AccountKind::Asset, false, Some(Control::Receivable)),
        account(BANK, AccountKind::Asset, true, None),
        account(REVENUE, AccountKind::Income, false, None),
    ]
    .into_iter()
    .chain(expenses)
    .collect()
}

/// Ten years of invoices, nineteen of twenty paid after some weeks, and expenses: two lines an entry.
fn frame() -> LedgerFrame {
    let mut lines = Vec::with_capacity(LINES_AT_ONCE);
    let mut frame = LedgerFrame::new();
    for number in 0..LINES / 2 {
        let seq = i64::try_from(number + 1).unwrap_or(i64::MAX);
        let amount = i64::try_from(number % 977 + 1).unwrap_or(1) * 100;
        let document = number / 3;
        let date = day(u64::try_from(number * 3_650 / (LINES / 2)).unwrap_or_default());
        let party = Some(id(document % PARTIES));
        let receivable =
            |base| Line { party, item: Some(id(document)), ..line(seq, date, id(RECEIVABLE), base, party) };
        match number % 3 {
            0 => lines.extend([receivable(amount), line(seq, date, id(REVENUE), -amount, party)]),
            1 if document % 20 != 0 => {
                let paid = amount - 100;
                lines.extend([receivable(-paid), line(seq, date, id(BANK), paid, None)]);
            }
            _ => {
                let account = id(EXPENSE + number % EXPENSES);
                lines.extend([line(seq, date, account, amount, party), line(seq, date, id(BANK), -amount, None)]);
            }
        }
        if lines.len() >= LINES_AT_ONCE {
            assert!(frame.append(&lines).is_ok(), "the lines are in their order");
            lines.clear();
        }
    }
    assert!(frame.append(&lines).is_ok(), "the lines are in their order");
    frame
}

fn line(seq: i64, date: NaiveDate, account: Uuid, base_minor: i64, company: Option<Uuid>) -> Line {
    Line {
        id: account,
        seq,
        date,
        account,
        base_minor,
        company,
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

fn day(number: u64) -> NaiveDate {
    NaiveDate::default().checked_add_days(Days::new(16_000 + number)).unwrap_or_default()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}
