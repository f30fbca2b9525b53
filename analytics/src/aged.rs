use std::{cmp::Reverse, collections::HashMap};

use chrono::NaiveDate;
use polars::prelude::DataFrame;
use uuid::Uuid;

use crate::{
    error::ReportError,
    frame::{Dimension, LedgerFrame, col, line_ids},
    line::{Account, Control},
    lines_of::Part,
    margin::{GroupKey, minor},
    period::day_number,
    selection::Ledger,
    slice::Slice,
};

/// What was open of one document at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOn {
    /// The document; None for lines that name none, which are taken together by party and day.
    pub item: Option<Uuid>,
    /// Who owes or is owed.
    pub party: Option<Uuid>,
    /// Date of its first line.
    pub since: NaiveDate,
    /// In minor units of the base currency: positive when it's owed, negative for what was paid in advance or credited.
    pub amount_minor: i64,
}

/// By when each document is to be paid: its instalments, the first due first, in minor units of the base currency. A
/// document without any is due on the date of its first line.
pub type DueDates = HashMap<Uuid, Vec<(NaiveDate, i64)>>;

/// How long something is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// Not overdue: due on the day or later.
    Current,
    /// By 1 to 30 days.
    Days1To30,
    /// By 31 to 60 days.
    Days31To60,
    /// By 61 to 90 days.
    Days61To90,
    /// By more than 90 days.
    Over90,
}

impl Bucket {
    fn of(due: NaiveDate, at: NaiveDate) -> Self {
        match i64::from(day_number(at)) - i64::from(day_number(due)) {
            ..=0 => Self::Current,
            1..=30 => Self::Days1To30,
            31..=60 => Self::Days31To60,
            61..=90 => Self::Days61To90,
            _ => Self::Over90,
        }
    }
}

/// What is open by how long it is overdue, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgedFigures {
    /// Not overdue.
    pub current_minor: i64,
    /// By 1 to 30 days.
    pub days_1_to_30_minor: i64,
    /// By 31 to 60 days.
    pub days_31_to_60_minor: i64,
    /// By 61 to 90 days.
    pub days_61_to_90_minor: i64,
    /// By more than 90 days.
    pub over_90_minor: i64,
    /// All of it.
    pub total_minor: i64,
}

/// What is open with one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgedRow {
    /// The party; None for the lines that name none.
    pub party: Option<Uuid>,
    /// What is open with it.
    pub figures: AgedFigures,
}

/// What is open by party. The total is what the control accounts had at the end of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgedReport {
    /// The largest total first, ties by id. Without a party comes last.
    pub rows: Vec<AgedRow>,
    /// All rows together.
    pub total: AgedFigures,
}

/// What was open of each document after the day `at`, on the control accounts of a kind: the sum of its lines up to that
/// day, so that what is allocated later leaves the past as it was. Settled documents are left out. In no order.
///
/// # Errors
/// [`ReportError::UnknownAccount`] and [`ReportError::Overflow`].
pub fn open_on(
    frame: &LedgerFrame,
    accounts: &[Account],
    control: Control,
    at: NaiveDate,
    slice: &Slice,
) -> Result<Vec<OpenOn>, ReportError> {
    let lines = Ledger::new(frame, accounts)?.control_lines(at, slice, control, &COLUMNS)?;
    let mut items: Vec<Option<Open>> = vec![None; frame.ids(Dimension::Item).len()];
    let mut loose: HashMap<(Option<u32>, i32), i128> = HashMap::new();
    each(&lines, |item, party, date, base| match item {
        Some(item) => items[item as usize].get_or_insert_with(|| Open::new(date)).add(party, date, base),
        None => *loose.entry((party, date)).or_default() += i128::from(base),
    })?;
    let ids = frame.ids(Dimension::Item).iter().map(|id| Some(*id));
    let of_items = ids.zip(items).filter_map(|(id, open)| Some((id, open?)));
    let of_loose = loose.into_iter().map(|((party, since), sum)| (None, Open { party, since, sum }));
    of_items
        .chain(of_loose)
        .filter(|(_, open)| open.sum != 0)
        .map(|(item, open)| {
            let sum = if control == Control::Receivable { open.sum } else { -open.sum };
            Ok(OpenOn {
                item,
                party: open.party.map(|code| frame.ids(Dimension::Party)[code as usize]),
                since: date_of(open.since),
                amount_minor: minor(sum)?,
            })
        })
        .collect()
}

const COLUMNS: [&str; 4] = [Dimension::Item.column(), Dimension::Party.column(), col::DATE, col::BASE];

/// A document's lines so far.
#[derive(Clone)]
struct Open {
    party: Option<u32>,
    since: i32,
    sum: i128,
}

impl Open {
    const fn new(since: i32) -> Self {
        Self { party: None, since, sum: 0 }
    }

    fn add(&mut self, party: Option<u32>, date: i32, base: i64) {
        self.party = self.party.or(party);
        self.since = self.since.min(date);
        self.sum += i128::from(base);
    }
}

fn each(lines: &DataFrame, mut take: impl FnMut(Option<u32>, Option<u32>, i32, i64)) -> Result<(), ReportError> {
    let items = lines.column(Dimension::Item.column())?.u32()?.iter();
    let parties = lines.column(Dimension::Party.column())?.u32()?.iter();
    let dates = lines.column(col::DATE)?.i32()?.iter().flatten();
    let amounts = lines.column(col::BASE)?.i64()?.iter().flatten();
    for (((item, party), date), base) in items.zip(parties).zip(dates).zip(amounts) {
        take(item, party, date, base);
    }
    Ok(())
}

fn date_of(day: i32) -> NaiveDate {
    // Every number in a frame comes from a date.
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MIN)
}

/// What is open, by party and by how long it is overdue after the day `at`.
///
/// Of a document with instalments, those due first are paid first. What was paid in advance, or credited, stands by its
/// own date and lowers its party's figures.
///
/// # Errors
/// [`ReportError::Overflow`].
pub fn aged(open: &[OpenOn], due: &DueDates, at: NaiveDate) -> Result<AgedReport, ReportError> {
    let mut parties: HashMap<Option<Uuid>, Sums> = HashMap::new();
    let mut total = Sums::default();
    for item in open {
        let sums = parties.entry(item.party).or_default();
        for (bucket, amount) in portions(item, due, at) {
            *sums.of(bucket) += amount;
            *total.of(bucket) += amount;
        }
    }
    let mut rows = parties
        .into_iter()
        .map(|(party, sums)| Ok(AgedRow { party, figures: sums.figures()? }))
        .collect::<Result<Vec<_>, ReportError>>()?;
    rows.retain(|row| row.figures != AgedFigures::default());
    rows.sort_by_key(|row| (row.party.is_none(), Reverse(row.figures.total_minor), row.party));
    Ok(AgedReport { rows, total: total.figures()? })
}

/// Where the parts of an open document stand.
fn portions(item: &OpenOn, due: &DueDates, at: NaiveDate) -> Vec<(Bucket, i128)> {
    let instalments = item.item.and_then(|id| due.get(&id)).map(Vec::as_slice).unwrap_or_default();
    let mut left = i128::from(item.amount_minor);
    let Some(((first, _), later)) = instalments.split_first() else {
        return vec![(Bucket::of(item.since, at), left)];
    };
    let mut portions = Vec::with_capacity(instalments.len());
    for (date, amount) in later.iter().rev() {
        let part = left.clamp(0, i128::from(*amount).max(0));
        if part > 0 {
            portions.push((Bucket::of(*date, at), part));
            left -= part;
        }
    }
    if left != 0 {
        portions.push((Bucket::of(*first, at), left));
    }
    portions
}

/// Lines of the documents that stand in a party's row, or in one figure of it.
pub(crate) fn aged_lines(
    frame: &LedgerFrame,
    accounts: &[Account],
    (control, at, slice): (Control, NaiveDate, &Slice),
    row: Part,
    bucket: Option<Bucket>,
    due: &DueDates,
) -> Result<Vec<Uuid>, ReportError> {
    let mut open = open_on(frame, accounts, control, at, slice)?;
    open.retain(|item| {
        let stands = |bucket| portions(item, due, at).iter().any(|(standing, _)| *standing == bucket);
        let counts = match row {
            Part::Total => true,
            Part::Unassigned => item.party.is_none(),
            Part::Key(key) => item.party.map(GroupKey::Id) == Some(key),
        };
        counts && bucket.is_none_or(stands)
    });
    let mut items = vec![false; frame.ids(Dimension::Item).len()];
    let mut loose = std::collections::HashSet::new();
    for item in &open {
        match item.item.and_then(|id| frame.code(Dimension::Item, id)) {
            Some(code) => items[code as usize] = true,
            None => {
                loose.insert((item.party.and_then(|id| frame.code(Dimension::Party, id)), day_number(item.since)));
            }
        }
    }
    let columns: Vec<&str> = COLUMNS.into_iter().chain([col::LINE]).collect();
    let lines = Ledger::new(frame, accounts)?.control_lines(at, slice, control, &columns)?;
    let mut counted = Vec::with_capacity(lines.height());
    each(&lines, |item, party, date, _| {
        counted.push(item.map_or_else(|| loose.contains(&(party, date)), |item| items[item as usize]));
    })?;
    let ids = line_ids(&lines)?;
    Ok(ids.into_iter().zip(counted).filter_map(|(id, counted)| counted.then_some(id)).collect())
}

#[derive(Default)]
struct Sums([i128; 5]);

impl Sums {
    fn of(&mut self, bucket: Bucket) -> &mut i128 {
        &mut self.0[bucket as usize]
    }

    fn figures(&self) -> Result<AgedFigures, ReportError> {
        let [current, days_1_to_30, days_31_to_60, days_61_to_90, over_90] = self.0;
        Ok(AgedFigures {
            current_minor: minor(current)?,
            days_1_to_30_minor: minor(days_1_to_30)?,
            days_31_to_60_minor: minor(days_31_to_60)?,
            days_61_to_90_minor: minor(days_61_to_90)?,
            over_90_minor: minor(over_90)?,
            total_minor: minor(self.0.iter().sum())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Figure, Line, lines_of,
        testing::{BANK, PAYABLE, RECEIVABLE, accounts, date, day, entries, frame, id, line, sum_of},
    };

    const INVOICE: u128 = 300;

    fn owed(seq: i64, on: NaiveDate, party: u128, item: u128, amount: i64) -> Line {
        Line { party: Some(id(party)), item: Some(id(item)), ..line(seq, on, id(RECEIVABLE), amount) }
    }

    fn report(lines: &[Line], due: &DueDates, at: NaiveDate) -> AgedReport {
        let open = open_on(&frame(lines), &accounts(), Control::Receivable, at, &Slice::default()).unwrap();
        aged(&open, due, at).unwrap()
    }

    fn buckets(figures: AgedFigures) -> [i64; 6] {
        [
            figures.current_minor,
            figures.days_1_to_30_minor,
            figures.days_31_to_60_minor,
            figures.days_61_to_90_minor,
            figures.over_90_minor,
            figures.total_minor,
        ]
    }

    #[test]
    fn a_debt_ages_by_its_due_date() {
        let on = day(1996, 1, 1);
        let lines = [owed(1, on, 1, INVOICE, 100)];
        let due = DueDates::from([(id(INVOICE), vec![(day(1996, 1, 31), 100)])]);
        for (overdue, place) in [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (1_000, 4)] {
            let at = day(1996, 1, 31).checked_add_days(Days::new(overdue)).unwrap();
            let mut expected = [0, 0, 0, 0, 0, 100];
            expected[place] = 100;
            assert_eq!(buckets(report(&lines, &due, at).total), expected, "{overdue}");
        }
        assert_eq!(report(&lines, &due, day(1995, 12, 31)).rows, []);
        // Without a due date it's due at once.
        assert_eq!(buckets(report(&lines, &DueDates::new(), day(1996, 1, 2)).total), [0, 100, 0, 0, 0, 100]);
    }

    #[test]
    fn instalments_due_first_are_paid_first() {
        let lines = [owed(1, day(1996, 1, 1), 1, INVOICE, 90), owed(2, day(1996, 1, 2), 1, INVOICE, -40)];
        let dates = [day(1996, 1, 31), day(1996, 2, 29), day(1996, 3, 31)];
        let due = DueDates::from([(id(INVOICE), dates.map(|date| (date, 30)).to_vec())]);
        let at = day(1996, 3, 10);
        assert_eq!(buckets(report(&lines, &due, at).total), [30, 20, 0, 0, 0, 50]);
        // Paid too much, it's a credit.
        let lines = [lines[0].clone(), owed(2, day(1996, 1, 2), 1, INVOICE, -95)];
        assert_eq!(buckets(report(&lines, &due, at).total), [0, 0, -5, 0, 0, -5]);
    }

    #[test]
    fn a_payment_made_later_leaves_the_past_as_it_was() {
        let lines = [owed(1, day(1996, 1, 1), 1, INVOICE, 100), owed(2, day(1996, 3, 1), 1, INVOICE, -100)];
        assert_eq!(report(&lines, &DueDates::new(), day(1996, 2, 29)).total.total_minor, 100);
        assert_eq!(report(&lines, &DueDates::new(), day(1996, 3, 1)).rows, []);
    }

    #[test]
    fn what_is_owed_to_suppliers_is_positive() {
        let on = day(1996, 1, 1);
        let bill = Line { party: Some(id(1)), item: Some(id(INVOICE)), ..line(1, on, id(PAYABLE), -100) };
        let frame = frame(&[bill, line(1, on, id(BANK), 100)]);
        let open = open_on(&frame, &accounts(), Control::Payable, on, &Slice::default()).unwrap();
        let expected = OpenOn { item: Some(id(INVOICE)), party: Some(id(1)), since: on, amount_minor: 100 };
        assert_eq!(open, [expected]);
    }

    #[test]
    fn the_largest_debtor_comes_first_and_nobody_last() {
        let on = day(1996, 1, 1);
        let nobody = line(4, on, id(RECEIVABLE), 500);
        let lines = [owed(1, on, 1, 300, 10), owed(2, on, 2, 301, 20), owed(3, on, 3, 302, 20), nobody];
        let parties: Vec<_> = report(&lines, &DueDates::new(), on).rows.iter().map(|row| row.party).collect();
        assert_eq!(parties, [Some(id(2)), Some(id(3)), Some(id(1)), None]);
    }

    proptest! {
        #[test]
        fn what_is_open_is_what_the_control_account_has(
            at in date(), entries in entries(), dues in prop::collection::vec(date(), 4),
        ) {
            let lines = entries.concat();
            let frame = frame(&lines);
            let due: DueDates = (300..).map(id).zip(dues.iter().map(|date| vec![(*date, i64::MAX)])).collect();
            for (control, account, sign) in [(Control::Receivable, RECEIVABLE, 1), (Control::Payable, PAYABLE, -1)] {
                let open = open_on(&frame, &accounts(), control, at, &Slice::default()).unwrap();
                let report = aged(&open, &due, at).unwrap();
                let on_account = lines.iter().filter(|l| l.account == id(account) && l.date <= at);
                prop_assert_eq!(report.total.total_minor, sign * on_account.map(|l| l.base_minor).sum::<i64>());
                let total = buckets(report.total);
                prop_assert_eq!(total[..5].iter().sum::<i64>(), total[5]);

                let shared = std::sync::Arc::new(due.clone());
                let rows = report.rows.iter().map(|row| (row.party.map(GroupKey::Id).into(), row.figures));
                for (party, figures) in rows.chain([(Part::Total, report.total)]) {
                    let of = |bucket| {
                        let slice = Slice::default();
                        let figure = Figure::Aged { control, at, slice, party, bucket, due: shared.clone() };
                        sign * sum_of(&lines, &lines_of(&frame, &accounts(), figure).unwrap())
                    };
                    prop_assert_eq!(of(Some(Bucket::Current)), figures.current_minor);
                    prop_assert_eq!(of(Some(Bucket::Over90)), figures.over_90_minor);
                    prop_assert_eq!(of(None), figures.total_minor);
                }
            }
        }
    }
}
