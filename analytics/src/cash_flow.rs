use std::{collections::HashMap, ops::BitAnd};

use chrono::NaiveDate;
use polars::prelude::{
    ChunkApply, ChunkCompareIneq, ChunkFull, ChunkZip, DataFrame, Int32Chunked, Int128Chunked, IntoColumn,
    NewChunkedArray, PlSmallStr,
};

use crate::{
    error::ReportError,
    frame::{LedgerFrame, col},
    group::{NET, sum_by},
    line::Account,
    margin::minor,
    period::{DateRange, Interval, Period, day_number},
    selection::Ledger,
};

/// The most periods in one report.
pub const MAX_PERIODS: usize = 1_200;

/// What is still to be paid on a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem {
    /// The day on which it is due.
    pub due: NaiveDate,
    /// In minor units of the base currency: positive when it comes in, negative when it goes out.
    pub amount_minor: i64,
}

/// What a row of a cash flow rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CashFlowKind {
    /// What the ledger has up to today.
    Actual,
    /// What should have been paid before today and wasn't. It is expected, by no date.
    Overdue,
    /// What is due from today on, and what the ledger already has on a later day.
    Forecast,
}

/// The figures of a row or of the total, in minor units of the base currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CashFigures {
    /// What came in, never negative.
    pub inflow_minor: i64,
    /// What went out, never negative.
    pub outflow_minor: i64,
    /// Inflow less outflow.
    pub net_minor: i64,
    /// Cash after it.
    pub balance_minor: i64,
}

/// One period's figures of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashFlowRow {
    /// What the row rests on.
    pub kind: CashFlowKind,
    /// The period, and the days of it that are counted; None for what is overdue.
    pub period: Option<Period>,
    /// First and last day whose journal lines are counted, as [`Figure::Cash`](crate::Figure) takes them; None when
    /// the row has open items only. A forecast of today's period counts items from today on, lines from tomorrow on.
    pub posted: Option<(NaiveDate, NaiveDate)>,
    /// The row's figures.
    pub figures: CashFigures,
}

/// Cash by period: what was, what should have been and what is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashFlowReport {
    /// Number of the last entry that the frame had.
    pub as_of_seq: i64,
    /// Cash before the range, in minor units of the base currency.
    pub opening_minor: i64,
    /// Actual periods, overdue, forecast periods; those without movement too.
    pub rows: Vec<CashFlowRow>,
    /// All rows together, and the balance after the last.
    pub total: CashFigures,
}

/// Cash by period over the days `from` to `to`, both counted, seen from `today`.
///
/// - `opening` is the balance of the cash accounts before `from`. In a range that begins after today it also has the
///   open items due from today to the day before `from`, so that the forecast doesn't lose them.
/// - Actual rows go up to today. Lines of one entry are netted first: a transfer between two cash accounts is no flow.
/// - When `to` is after today, one row follows with all open items due before today, whatever `from` is: overdue.
///   An item due today isn't overdue yet.
/// - Then forecast rows, from today on: open items by their due date, and entries that are already dated after today.
///   The period that holds today has an actual row and a forecast row.
///
/// Closing entries count: they don't touch cash, and the balance is the ledger's in any case. So
/// `opening + Σ net = balance` of the last row, and with no `to` after today that is what the cash accounts hold.
///
/// # Errors
/// [`ReportError::EmptyRange`], [`ReportError::TooManyPeriods`] past [`MAX_PERIODS`], [`ReportError::UnknownAccount`]
/// and [`ReportError::Overflow`].
pub fn cash_flow(
    frame: &LedgerFrame,
    accounts: &[Account],
    open: &[OpenItem],
    today: NaiveDate,
    from: NaiveDate,
    to: NaiveDate,
    interval: Interval,
) -> Result<CashFlowReport, ReportError> {
    let range = DateRange::new(from, to)?;
    // Counted over the whole range; today's period may have two rows of them.
    interval.periods(range, MAX_PERIODS)?;
    let ledger = Ledger::new(frame, accounts)?;
    let posted = ledger.cash_entries(range)?;
    let open = items(open)?;

    let mut opening = ledger.cash_before(from)?;
    if let (true, Some(before)) = (from > today, from.pred_opt()) {
        opening += total(&dated(&open, today, before)?, interval)?.net();
    }
    let mut statement = Statement::new(opening)?;
    if from <= today {
        let actual = DateRange { from, to: to.min(today) };
        let flows = by_period(&dated(&posted, actual.from, actual.to)?, interval)?;
        statement.periods(CashFlowKind::Actual, interval, actual, from, &flows)?;
    }
    if let (true, Some(tomorrow)) = (to > today, today.succ_opt()) {
        let overdue = match today.pred_opt() {
            Some(yesterday) => total(&dated(&open, NaiveDate::MIN, yesterday)?, interval)?,
            None => Flow::default(),
        };
        statement.row(CashFlowKind::Overdue, None, None, overdue)?;

        let ahead = DateRange { from: from.max(today), to };
        let mut expected = dated(&open, ahead.from, to)?;
        let posted_from = from.max(tomorrow);
        expected.vstack_mut(&dated(&posted, posted_from, to)?)?;
        let flows = by_period(&expected, interval)?;
        statement.periods(CashFlowKind::Forecast, interval, ahead, posted_from, &flows)?;
    }
    statement.report(frame.last_seq())
}

/// What moved, both as sizes.
#[derive(Debug, Clone, Copy, Default)]
struct Flow {
    inflow: i128,
    outflow: i128,
}

impl Flow {
    fn net(self) -> i128 {
        self.inflow - self.outflow
    }

    fn add(&mut self, other: Self) {
        self.inflow += other.inflow;
        self.outflow += other.outflow;
    }

    fn figures(self, balance: i128) -> Result<CashFigures, ReportError> {
        Ok(CashFigures {
            inflow_minor: minor(self.inflow)?,
            outflow_minor: minor(self.outflow)?,
            net_minor: minor(self.net())?,
            balance_minor: minor(balance)?,
        })
    }
}

/// A report being written, with its running balance.
struct Statement {
    opening_minor: i64,
    balance: i128,
    total: Flow,
    rows: Vec<CashFlowRow>,
}

impl Statement {
    fn new(opening: i128) -> Result<Self, ReportError> {
        Ok(Self { opening_minor: minor(opening)?, balance: opening, total: Flow::default(), rows: Vec::new() })
    }

    fn row(
        &mut self,
        kind: CashFlowKind,
        period: Option<Period>,
        posted: Option<(NaiveDate, NaiveDate)>,
        flow: Flow,
    ) -> Result<(), ReportError> {
        self.balance += flow.net();
        self.total.add(flow);
        self.rows.push(CashFlowRow { kind, period, posted, figures: flow.figures(self.balance)? });
        Ok(())
    }

    fn periods(
        &mut self,
        kind: CashFlowKind,
        interval: Interval,
        range: DateRange,
        posted_from: NaiveDate,
        flows: &HashMap<i32, Flow>,
    ) -> Result<(), ReportError> {
        for period in interval.periods(range, MAX_PERIODS)? {
            let flow = flows.get(&day_number(period.start)).copied();
            let posted = (period.from.max(posted_from), period.to);
            let posted = Some(posted).filter(|(from, to)| from <= to);
            self.row(kind, Some(period), posted, flow.unwrap_or_default())?;
        }
        Ok(())
    }

    fn report(self, as_of_seq: i64) -> Result<CashFlowReport, ReportError> {
        Ok(CashFlowReport {
            as_of_seq,
            opening_minor: self.opening_minor,
            rows: self.rows,
            total: self.total.figures(self.balance)?,
        })
    }
}

/// Open items as movements: `date` and [`NET`].
fn items(open: &[OpenItem]) -> Result<DataFrame, ReportError> {
    let due = open.iter().map(|item| day_number(item.due));
    let amounts = open.iter().map(|item| i128::from(item.amount_minor));
    Ok(DataFrame::new(
        open.len(),
        vec![
            Int32Chunked::from_iter_values(col::DATE.into(), due).into_column(),
            Int128Chunked::from_iter_values(NET.into(), amounts).into_column(),
        ],
    )?)
}

/// Movements of the days `from` to `to`: `date` and [`NET`].
fn dated(movements: &DataFrame, from: NaiveDate, to: NaiveDate) -> Result<DataFrame, ReportError> {
    let dates = movements.column(col::DATE)?.i32()?;
    let mask = dates.gt_eq(day_number(from)).bitand(dates.lt_eq(day_number(to)));
    Ok(movements.select([col::DATE, NET])?.filter(&mask)?)
}

/// Flows by the first day of their period.
fn by_period(movements: &DataFrame, interval: Interval) -> Result<HashMap<i32, Flow>, ReportError> {
    const PERIOD: &str = "period";
    const INFLOW: &str = "inflow";
    const OUTFLOW: &str = "outflow";

    let starts = movements.column(col::DATE)?.i32()?.apply_values(|day| {
        NaiveDate::from_num_days_from_ce_opt(day).map_or(day, |date| day_number(interval.start_of(date)))
    });
    let net = movements.column(NET)?.i128()?;
    let comes_in = net.gt(0);
    let zero = Int128Chunked::full(PlSmallStr::EMPTY, 0, net.len());
    let flows = DataFrame::new(
        movements.height(),
        vec![
            starts.with_name(PERIOD.into()).into_column(),
            net.zip_with(&comes_in, &zero)?.with_name(INFLOW.into()).into_column(),
            zero.zip_with(&comes_in, net)?.with_name(OUTFLOW.into()).into_column(),
        ],
    )?;
    let sums = sum_by(&flows, PERIOD, &[INFLOW, OUTFLOW])?;
    let starts = sums.column(PERIOD)?.i32()?.iter().flatten();
    let inflow = sums.column(INFLOW)?.i128()?.iter().flatten();
    let outflow = sums.column(OUTFLOW)?.i128()?.iter().flatten();
    Ok(starts
        .zip(inflow.zip(outflow))
        .map(|(start, (inflow, outflow))| {
            let outflow = -outflow;
            (start, Flow { inflow, outflow })
        })
        .collect())
}

fn total(movements: &DataFrame, interval: Interval) -> Result<Flow, ReportError> {
    let mut total = Flow::default();
    for flow in by_period(movements, interval)?.into_values() {
        total.add(flow);
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Line,
        testing::{BANK, CASH, SALES, accounts, amount, date, day, entries, frame, id, is_cash, line, range},
    };

    fn moved(seq: i64, date: NaiveDate, base_minor: i64) -> Line {
        line(seq, date, id(BANK), base_minor)
    }

    fn due(due: NaiveDate, amount_minor: i64) -> OpenItem {
        OpenItem { due, amount_minor }
    }

    /// Each row in short: kind, period, inflow, outflow, balance.
    fn rows(report: &CashFlowReport) -> Vec<(CashFlowKind, String, i64, i64, i64)> {
        let in_short = report.rows.iter().map(|row| {
            let figures = row.figures;
            assert_eq!(figures.net_minor, figures.inflow_minor - figures.outflow_minor);
            (
                row.kind,
                row.period.map(|period| period.to_string()).unwrap_or_default(),
                figures.inflow_minor,
                figures.outflow_minor,
                figures.balance_minor,
            )
        });
        in_short.collect()
    }

    fn monthly(lines: &[Line], open: &[OpenItem], today: NaiveDate, from: NaiveDate, to: NaiveDate) -> CashFlowReport {
        let frame = frame(lines);
        cash_flow(&frame, &accounts(), open, today, from, to, Interval::Month).unwrap()
    }

    #[test]
    fn an_empty_ledger_has_periods_of_zeros() {
        let report = monthly(&[], &[], day(2000, 1, 1), day(1996, 1, 31), day(1996, 2, 1));
        assert_eq!(
            rows(&report),
            [(CashFlowKind::Actual, "1996-01".into(), 0, 0, 0), (CashFlowKind::Actual, "1996-02".into(), 0, 0, 0),]
        );
        assert_eq!(report.total, CashFigures::default());
    }

    #[test]
    fn the_past_is_actual_from_its_opening_on() {
        let report = monthly(
            &[
                moved(1, day(1995, 12, 31), 100),
                moved(2, day(1996, 2, 29), 30),
                moved(3, day(1996, 2, 29), -10),
                moved(4, day(1996, 4, 1), -200),
                moved(5, day(1996, 4, 2), 7),
            ],
            &[due(day(1996, 3, 1), 1_000)],
            day(2000, 1, 1),
            day(1996, 1, 1),
            day(1996, 4, 1),
        );
        assert_eq!(report.opening_minor, 100);
        assert_eq!(
            rows(&report),
            [
                (CashFlowKind::Actual, "1996-01".into(), 0, 0, 100),
                (CashFlowKind::Actual, "1996-02".into(), 30, 10, 120),
                (CashFlowKind::Actual, "1996-03".into(), 0, 0, 120),
                (CashFlowKind::Actual, "1996-04".into(), 0, 200, -80),
            ]
        );
        let total = CashFigures { inflow_minor: 30, outflow_minor: 210, net_minor: -180, balance_minor: -80 };
        assert_eq!((report.total, report.as_of_seq), (total, 5));
    }

    #[test]
    fn a_transfer_is_no_flow_and_its_fee_is_one() {
        let on = day(1996, 1, 15);
        let report = monthly(
            &[
                line(1, on, id(BANK), -500),
                line(1, on, id(CASH), 500),
                line(2, on, id(BANK), -500),
                line(2, on, id(CASH), 490),
                line(2, on, id(SALES), 10),
            ],
            &[],
            on,
            on,
            on,
        );
        assert_eq!(rows(&report), [(CashFlowKind::Actual, "1996-01".into(), 0, 10, -10)]);
    }

    #[test]
    fn ahead_of_today_come_overdue_and_then_the_due_dates() {
        let today = day(1996, 2, 29);
        let report = monthly(
            &[
                moved(1, day(1996, 2, 1), 100),
                moved(2, today, 1),
                // A payment that is already posted for a later day is expected, too.
                moved(3, day(1996, 3, 10), -30),
            ],
            &[
                due(day(1990, 1, 1), 5),
                due(day(1996, 2, 28), 6),
                due(day(1996, 2, 28), -2),
                due(today, 20),
                due(day(1996, 3, 1), -40),
                due(day(1996, 5, 1), 1_000),
            ],
            today,
            day(1996, 2, 1),
            day(1996, 4, 30),
        );
        assert_eq!(
            rows(&report),
            [
                (CashFlowKind::Actual, "1996-02".into(), 101, 0, 101),
                (CashFlowKind::Overdue, String::new(), 11, 2, 110),
                (CashFlowKind::Forecast, "1996-02".into(), 20, 0, 130),
                (CashFlowKind::Forecast, "1996-03".into(), 0, 70, 60),
                (CashFlowKind::Forecast, "1996-04".into(), 0, 0, 60),
            ]
        );
        let days = |row: &CashFlowRow| row.period.map(|period| (period.from, period.to));
        assert_eq!(days(&report.rows[0]), Some((day(1996, 2, 1), today)));
        assert_eq!(days(&report.rows[2]), Some((today, today)));
        let posted: Vec<_> = report.rows.iter().map(|row| row.posted).collect();
        assert_eq!(
            posted,
            [
                Some((day(1996, 2, 1), today)),
                None,
                None,
                Some((day(1996, 3, 1), day(1996, 3, 31))),
                Some((day(1996, 4, 1), day(1996, 4, 30))),
            ]
        );
    }

    #[test]
    fn up_to_today_there_is_nothing_ahead() {
        let today = day(1996, 2, 29);
        let open = [due(day(1996, 1, 1), 5), due(today, 6)];
        let report = monthly(&[], &open, today, today, today);
        assert_eq!(rows(&report), [(CashFlowKind::Actual, "1996-02".into(), 0, 0, 0)]);
    }

    #[test]
    fn a_range_ahead_of_today_opens_with_what_is_due_before_it() {
        let report = monthly(
            &[moved(1, day(1996, 1, 1), 100), moved(2, day(1996, 2, 10), 7)],
            &[
                due(day(1996, 1, 9), 1_000),
                due(day(1996, 1, 10), 20),
                due(day(1996, 2, 29), -5),
                due(day(1996, 3, 1), 1),
            ],
            day(1996, 1, 10),
            day(1996, 3, 1),
            day(1996, 3, 31),
        );
        assert_eq!(report.opening_minor, 100 + 7 + 20 - 5);
        assert_eq!(
            rows(&report),
            [
                (CashFlowKind::Overdue, String::new(), 1_000, 0, 1_122),
                (CashFlowKind::Forecast, "1996-03".into(), 1, 0, 1_123),
            ]
        );
    }

    #[test]
    fn periods_are_bounded_and_a_range_goes_forward() {
        let at = |from, to| cash_flow(&frame(&[]), &accounts(), &[], day(1996, 1, 1), from, to, Interval::Month);
        // 1,200 months are a hundred years; the month that holds today has two rows, and overdue has one.
        let report = at(day(1950, 1, 1), day(2049, 12, 31)).unwrap();
        assert_eq!(report.rows.len(), MAX_PERIODS + 2);
        assert!(matches!(at(day(1950, 1, 1), day(2050, 1, 1)), Err(ReportError::TooManyPeriods { max: MAX_PERIODS })));
        assert!(matches!(at(NaiveDate::MIN, NaiveDate::MAX), Err(ReportError::TooManyPeriods { .. })));
        assert!(matches!(at(day(1996, 1, 2), day(1996, 1, 1)), Err(ReportError::EmptyRange { .. })));
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        for end in [NaiveDate::MIN, NaiveDate::MAX] {
            for today in [NaiveDate::MIN, day(1996, 1, 1), NaiveDate::MAX] {
                let lines = [moved(1, end, 5)];
                let open = [due(NaiveDate::MIN, 1), due(NaiveDate::MAX, 1)];
                for interval in [Interval::Week, Interval::Year] {
                    let frame = frame(&lines);
                    cash_flow(&frame, &accounts(), &open, today, end, end, interval).unwrap();
                }
            }
        }
    }

    #[test]
    fn a_sum_past_64_bits_is_an_error() {
        let on = day(1996, 1, 1);
        let at = |lines: &[Line], open: &[OpenItem]| {
            let (frame, to) = (frame(lines), day(1996, 1, 2));
            cash_flow(&frame, &accounts(), open, on, on, to, Interval::Day)
        };
        let overflows = |report| matches!(report, Err(ReportError::Overflow));
        assert!(overflows(at(&[moved(1, on, i64::MAX), moved(2, on, 1)], &[])));
        assert!(overflows(at(&[moved(1, day(1995, 1, 1), i64::MAX), moved(2, on, 1)], &[])));
        assert!(overflows(at(&[moved(1, on, i64::MAX)], &[due(day(1996, 1, 2), 1)])));
        assert!(overflows(at(&[], &[due(on, i64::MIN)])));
        // Netted within its entry it is small.
        let report = at(&[moved(1, on, i64::MAX), moved(1, on, -i64::MAX)], &[]).unwrap();
        assert_eq!(report.total, CashFigures::default());
    }

    proptest! {
        #[test]
        fn the_balance_is_the_ledgers(
            (from, to) in range(),
            today in date(),
            entries in entries(),
            open in prop::collection::vec((date(), amount()), 0..20),
            interval in prop::sample::select(vec![
                Interval::Day, Interval::Week, Interval::Month, Interval::Quarter, Interval::Year,
            ]),
        ) {
            let lines = entries.concat();
            let open: Vec<OpenItem> = open.into_iter().map(|(on, amount)| due(on, amount)).collect();
            let frame = frame(&lines);
            let report = cash_flow(&frame, &accounts(), &open, today, from, to, interval).unwrap();

            let posted: i64 = lines
                .iter()
                .filter(|l| is_cash(l) && l.date <= to)
                .map(|l| l.base_minor)
                .sum();
            let expected: i64 = open
                .iter()
                .filter(|item| to > today && item.due <= to)
                .map(|item| item.amount_minor)
                .sum();
            prop_assert_eq!(report.total.balance_minor, posted + expected);
            prop_assert_eq!(report.opening_minor + report.total.net_minor, posted + expected);
            let mut balance = report.opening_minor;
            for row in &report.rows {
                balance += row.figures.net_minor;
                prop_assert_eq!(row.figures.balance_minor, balance);
                prop_assert!(row.figures.inflow_minor >= 0 && row.figures.outflow_minor >= 0);
                if let Some(period) = row.period {
                    prop_assert!(from <= period.from && period.from <= period.to && period.to <= to);
                    match row.kind {
                        CashFlowKind::Actual => prop_assert!(period.to <= today),
                        _ => prop_assert!(period.from >= today),
                    }
                }
            }
            prop_assert_eq!(balance, report.total.balance_minor);
        }
    }
}
