//! Journal lines in, reports out. Knows no database, no HTTP and no GraphQL; the same frame gives the same report.
//!
//! A [`LedgerFrame`] holds one tenant's journal lines as columns and grows by [`LedgerFrame::append`]. The reports
//! read it: [`margin`], [`cost_centres`], [`month_sums`] and [`cash_flow`]; [`lines_of`] tells which lines make one of their figures,
//! by the same filter that made it.
//!
//! Money is an `i64` of the base currency's minor unit, debit positive, as in the ledger. Sums are taken in 128 bits,
//! and a figure that doesn't fit an `i64` is [`ReportError::Overflow`], never a wrong number. Reports give keys (ids
//! and months); names and the words for "unassigned" are the caller's.

mod budget;
mod cash_flow;
mod cost_centres;
mod error;
mod frame;
mod group;
mod line;
mod lines_of;
mod margin;
mod period;
mod selection;
#[cfg(test)]
mod testing;

pub use budget::{BudgetCut, MonthSum, MonthSums, month_sums};
pub use cash_flow::{CashFigures, CashFlowKind, CashFlowReport, CashFlowRow, MAX_PERIODS, OpenItem, cash_flow};
pub use cost_centres::{CostCentreReport, CostCentreRow, cost_centres};
pub use error::ReportError;
pub use frame::LedgerFrame;
pub use line::{Account, AccountKind, Line};
pub use lines_of::{CashSide, Figure, MarginSide, Part, lines_of, lines_of_all};
pub use margin::{GroupKey, MarginFigures, MarginGroup, MarginReport, MarginRow, margin, margin_rate};
pub use period::{Interval, Month, Period};
