use std::{collections::HashSet, sync::Arc};

use chrono::NaiveDate;
use polars::prelude::{BooleanChunked, NewChunkedArray, PlSmallStr};
use uuid::Uuid;

use crate::{
    aged::{Bucket, DueDates, aged_lines},
    budget::BudgetCut,
    cost_centres::{COST_CENTRE, COST_KINDS},
    error::ReportError,
    frame::{LedgerFrame, col, line_ids},
    group::NET,
    line::{Account, AccountKind, Control},
    margin::{GroupKey, MarginGroup, RESULT_KINDS},
    period::DateRange,
    selection::{Cut, Ledger},
    slice::Slice,
};

/// A figure of a report, named by what the report was asked and where in it the figure stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A figure of [`margin`](crate::margin).
    Margin {
        /// First day, as the report was asked.
        from: NaiveDate,
        /// Last day, as the report was asked.
        to: NaiveDate,
        /// The report's grouping.
        group: MarginGroup,
        /// The row.
        part: Part,
        /// The column.
        side: MarginSide,
    },
    /// A figure of [`cost_centres`](crate::cost_centres).
    CostCentre {
        /// First day, as the report was asked.
        from: NaiveDate,
        /// Last day, as the report was asked.
        to: NaiveDate,
        /// The row.
        part: Part,
    },
    /// What [`month_sums`](crate::month_sums) gives one key, in all of the days.
    Actual {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// By what it was asked.
        cut: BudgetCut,
        /// The key; None for the lines that have none.
        key: Option<Uuid>,
    },
    /// A figure of [`cash_flow`](crate::cash_flow), as far as the ledger makes it: open items aren't lines.
    Cash {
        /// First day, of a row's `posted`.
        from: NaiveDate,
        /// Last day, of a row's `posted`.
        to: NaiveDate,
        /// The column.
        side: CashSide,
    },
    /// An account's balance in [`trial_balance`](crate::trial_balance) or [`balance_sheet`](crate::balance_sheet).
    Balance {
        /// The account.
        account: Uuid,
        /// Last day, as the report was asked.
        at: NaiveDate,
        /// The part of the ledger, as the report was asked.
        slice: Slice,
    },
    /// The row of [`balance_sheet`](crate::balance_sheet) for the years that aren't closed.
    UnclosedResult {
        /// Last day, as the report was asked.
        at: NaiveDate,
        /// The part of the ledger, as the report was asked.
        slice: Slice,
    },
    /// A figure of [`profit_and_loss`](crate::profit_and_loss).
    Result {
        /// First day, of the range or of that which it's compared with.
        from: NaiveDate,
        /// Last day of it.
        to: NaiveDate,
        /// The row; None for the result.
        account: Option<Uuid>,
        /// The part of the ledger, as the report was asked.
        slice: Slice,
    },
    /// A figure of [`aged`](crate::aged): the lines of the documents that stand in it, up to the day. A document with
    /// instalments may stand in several figures, with all of its lines in each.
    Aged {
        /// Which debts.
        control: Control,
        /// The day, as the report was asked.
        at: NaiveDate,
        /// The part of the ledger, as the report was asked.
        slice: Slice,
        /// The row, by its party.
        party: Part,
        /// The column; None for the row's total.
        bucket: Option<Bucket>,
        /// Due dates, as the report was given.
        due: Arc<DueDates>,
    },
}

/// A row of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The total.
    Total,
    /// The row of the lines that have no key.
    Unassigned,
    /// The row of a key.
    Key(GroupKey),
}

impl From<Option<GroupKey>> for Part {
    /// The row with this key.
    fn from(key: Option<GroupKey>) -> Self {
        key.map_or(Self::Unassigned, Self::Key)
    }
}

/// A column of a margin report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarginSide {
    /// Revenue: lines on income accounts.
    Revenue,
    /// Cost: lines on expense accounts.
    Cost,
    /// Margin: both.
    Margin,
}

/// A column of a cash flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CashSide {
    /// Inflow: the cash lines of entries that brought money in on the whole.
    Inflow,
    /// Outflow: the cash lines of entries that took money out on the whole.
    Outflow,
    /// Net: both, without transfers.
    Net,
}

/// Ids of the lines that make a figure, in the order of their entries; none for a key that has no lines.
///
/// Their base amounts sum to the figure: as they are for cost, net, inflow and what stands as a debit; with the sign turned
/// for revenue, margin, outflow and what stands as a credit.
///
/// # Errors
/// [`ReportError::EmptyRange`] and [`ReportError::UnknownAccount`].
pub fn lines_of(frame: &LedgerFrame, accounts: &[Account], figure: Figure) -> Result<Vec<Uuid>, ReportError> {
    let ledger = Ledger::new(frame, accounts)?;
    let lines = match figure {
        Figure::Margin { from, to, group, part, side } => {
            let range = DateRange::new(from, to)?;
            let kinds: &[AccountKind] = match side {
                MarginSide::Revenue => &[AccountKind::Income],
                MarginSide::Cost => &COST_KINDS,
                MarginSide::Margin => &RESULT_KINDS,
            };
            ledger.result_lines_of(range, kinds, group.cut(), part)?
        }
        Figure::CostCentre { from, to, part } => {
            let range = DateRange::new(from, to)?;
            ledger.result_lines_of(range, &COST_KINDS, COST_CENTRE, part)?
        }
        Figure::Actual { from, to, cut, key } => {
            let range = DateRange::new(from, to)?;
            let part = key.map(GroupKey::Id).into();
            ledger.result_lines_of(range, cut.kinds(), Cut::Dimension(cut.dimension()), part)?
        }
        Figure::Cash { from, to, side } => {
            let range = DateRange::new(from, to)?;
            let entries = ledger.cash_entries(range)?;
            let seqs = entries.column(col::SEQ)?.i64()?.iter().flatten();
            let nets = entries.column(NET)?.i128()?.iter().flatten();
            let counted: HashSet<i64> = seqs
                .zip(nets)
                .filter(|(_, net)| match side {
                    CashSide::Inflow => *net > 0,
                    CashSide::Outflow => *net < 0,
                    CashSide::Net => *net != 0,
                })
                .map(|(seq, _)| seq)
                .collect();
            let lines = ledger.cash_lines(range, &[col::SEQ, col::LINE])?;
            let seqs = lines.column(col::SEQ)?.i64()?.iter().flatten();
            let mask = BooleanChunked::from_iter_values(PlSmallStr::EMPTY, seqs.map(|seq| counted.contains(&seq)));
            lines.filter(&mask)?
        }
        Figure::Balance { account, at, slice } => {
            let on_it = |candidate: &Account| candidate.id == account;
            ledger.sliced(DateRange::until(at), &slice, on_it, &[col::LINE])?
        }
        Figure::UnclosedResult { at, slice } => {
            let of_result = |account: &Account| RESULT_KINDS.contains(&account.kind);
            ledger.sliced(DateRange::until(at), &slice, of_result, &[col::LINE])?
        }
        Figure::Result { from, to, account, slice } => {
            let counted = |candidate: &Account| {
                RESULT_KINDS.contains(&candidate.kind) && account.is_none_or(|account| candidate.id == account)
            };
            ledger.sliced_result(DateRange::new(from, to)?, &slice, counted, &[col::LINE])?
        }
        Figure::Aged { control, at, slice, party, bucket, due } => {
            return aged_lines(frame, accounts, (control, at, &slice), party, bucket, &due);
        }
    };
    Ok(line_ids(&lines)?)
}

/// Ids of the lines that make one figure or another, in the order of the ledger and each once: a row with all its parts.
///
/// # Errors
/// As [`lines_of`].
pub fn lines_of_all(frame: &LedgerFrame, accounts: &[Account], figures: &[Figure]) -> Result<Vec<Uuid>, ReportError> {
    let mut wanted = HashSet::new();
    for figure in figures {
        wanted.extend(lines_of(frame, accounts, figure.clone())?);
    }
    Ok(line_ids(frame.lines())?.into_iter().filter(|id| wanted.contains(id)).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        Interval, Line, Month, cash_flow, cost_centres, margin,
        testing::{BANK, CASH, RENT, SALES, accounts, day, entries, frame, id, line, range, sum_of},
    };

    const GROUPS: [MarginGroup; 3] = [MarginGroup::Company, MarginGroup::Employee, MarginGroup::Month];

    fn of(lines: &[Line], figure: Figure) -> Vec<Uuid> {
        lines_of(&frame(lines), &accounts(), figure).unwrap()
    }

    #[test]
    fn a_row_has_the_lines_of_its_key_only() {
        let on = day(1996, 2, 29);
        let lines = [
            Line { company: Some(id(11)), ..line(1, on, id(SALES), -50) },
            Line { company: Some(id(11)), ..line(1, on, id(RENT), 20) },
            Line { company: Some(id(12)), ..line(2, on, id(SALES), -7) },
            line(3, on, id(SALES), -1),
            Line { closing: true, ..line(4, on, id(SALES), 58) },
            line(5, day(1996, 3, 1), id(SALES), -9),
        ];
        let figure = |part, side| Figure::Margin { from: on, to: on, group: MarginGroup::Company, part, side };
        let key = |number| Part::Key(GroupKey::Id(id(number)));
        let cases = [
            (figure(key(11), MarginSide::Revenue), vec![0]),
            (figure(key(11), MarginSide::Cost), vec![1]),
            (figure(key(11), MarginSide::Margin), vec![0, 1]),
            (figure(Part::Unassigned, MarginSide::Margin), vec![3]),
            (figure(Part::Total, MarginSide::Margin), vec![0, 1, 2, 3]),
            (figure(key(99), MarginSide::Margin), vec![]),
            (figure(Part::Key(GroupKey::Month(Month::of(on))), MarginSide::Margin), vec![]),
        ];
        for (figure, expected) in cases {
            let expected: Vec<Uuid> = expected.into_iter().map(id).collect();
            assert_eq!(of(&lines, figure.clone()), expected, "{figure:?}");
        }
    }

    #[test]
    fn a_transfer_makes_no_figure_of_a_cash_flow() {
        let on = day(1996, 2, 29);
        let lines = [
            line(1, on, id(BANK), -500),
            line(1, on, id(CASH), 500),
            line(2, on, id(BANK), -500),
            line(2, on, id(CASH), 490),
            line(3, on, id(BANK), 3),
            line(3, on, id(SALES), -3),
        ];
        let figure = |side| Figure::Cash { from: on, to: on, side };
        assert_eq!(of(&lines, figure(CashSide::Inflow)), [id(4)]);
        assert_eq!(of(&lines, figure(CashSide::Outflow)), [id(2), id(3)]);
        assert_eq!(of(&lines, figure(CashSide::Net)), [id(2), id(3), id(4)]);
    }

    #[test]
    fn a_range_backwards_is_an_error() {
        let figure = Figure::CostCentre { from: day(1996, 1, 2), to: day(1996, 1, 1), part: Part::Total };
        assert!(matches!(lines_of(&frame(&[]), &accounts(), figure), Err(ReportError::EmptyRange { .. })));
    }

    proptest! {
        #[test]
        fn lines_sum_to_the_figures_of_margin((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let frame = frame(&lines);
            for group in GROUPS {
                let report = margin(&frame, &accounts(), from, to, group).unwrap();
                let rows = report.rows.iter().map(|row| (Part::from(row.key), row.figures));
                for (part, figures) in rows.chain([(Part::Total, report.total)]) {
                    for (side, expected) in [
                        (MarginSide::Revenue, -figures.revenue_minor),
                        (MarginSide::Cost, figures.cost_minor),
                        (MarginSide::Margin, -figures.margin_minor),
                    ] {
                        let figure = Figure::Margin { from, to, group, part, side };
                        let ids = lines_of(&frame, &accounts(), figure).unwrap();
                        prop_assert_eq!(sum_of(&lines, &ids), expected);
                    }
                }
            }
        }

        #[test]
        fn lines_sum_to_the_figures_of_cost_centres((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let frame = frame(&lines);
            let report = cost_centres(&frame, &accounts(), &std::collections::HashMap::new(), from, to).unwrap();
            let rows = report.rows.iter().map(|row| (row.key.map(GroupKey::Id).into(), row.cost_minor));
            for (part, expected) in rows.chain([(Part::Total, report.total_minor)]) {
                let figure = Figure::CostCentre { from, to, part };
                let ids = lines_of(&frame, &accounts(), figure).unwrap();
                prop_assert_eq!(sum_of(&lines, &ids), expected);
            }
            let figure = |part| Figure::CostCentre { from, to, part };
            let each: Vec<Figure> =
                report.rows.iter().map(|row| figure(row.key.map(GroupKey::Id).into())).collect();
            let ids = lines_of_all(&frame, &accounts(), &each).unwrap();
            prop_assert_eq!(ids, lines_of(&frame, &accounts(), figure(Part::Total)).unwrap());
        }

        #[test]
        fn lines_sum_to_the_figures_of_cash((from, to) in range(), entries in entries()) {
            let lines = entries.concat();
            let frame = frame(&lines);
            let today = day(1997, 6, 30);
            let report =
                cash_flow(&frame, &accounts(), &[], today, from, to, Interval::Quarter).unwrap();
            for row in report.rows {
                let Some((from, to)) = row.posted else {
                    prop_assert_eq!(row.figures.net_minor, 0);
                    continue;
                };
                for (side, expected) in [
                    (CashSide::Inflow, row.figures.inflow_minor),
                    (CashSide::Outflow, -row.figures.outflow_minor),
                    (CashSide::Net, row.figures.net_minor),
                ] {
                    let figure = Figure::Cash { from, to, side };
                    let ids = lines_of(&frame, &accounts(), figure).unwrap();
                    prop_assert_eq!(sum_of(&lines, &ids), expected);
                }
            }
        }
    }
}
