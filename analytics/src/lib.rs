//! Journal lines in, reports out. Knows no database, no HTTP and no GraphQL; the same frame gives the same report.
//!
//! A [`LedgerFrame`] holds one tenant's journal lines as columns and grows by [`LedgerFrame::append`]. The reports
//! read it: [`margin`], [`cost_centres`] and [`cash_flow`]; the statements [`trial_balance`], [`profit_and_loss`],
//! [`balance_sheet`] and [`general_ledger`]; and [`aged`] open items. [`lines_of`] tells which lines make one of their
//! figures, by the same filter that made it.
//!
//! Money is an `i64` of the base currency's minor unit, debit positive, as in the ledger. Sums are taken in 128 bits,
//! and a figure that doesn't fit an `i64` is [`ReportError::Overflow`], never a wrong number. Reports give keys (ids
//! and months); names and the words for "unassigned" are the caller's.

mod aged;
mod cash_flow;
mod cost_centres;
mod error;
mod frame;
mod general_ledger;
mod group;
mod line;
mod lines_of;
mod margin;
mod period;
mod selection;
mod slice;
mod statements;
#[cfg(test)]
mod testing;

pub use aged::{AgedFigures, AgedReport, AgedRow, Bucket, DueDates, OpenOn, aged, open_on};
pub use cash_flow::{CashFigures, CashFlowKind, CashFlowReport, CashFlowRow, MAX_PERIODS, OpenItem, cash_flow};
pub use cost_centres::{CostCentreReport, CostCentreRow, cost_centres};
pub use error::ReportError;
pub use frame::LedgerFrame;
pub use general_ledger::{GeneralLedger, GeneralLedgerLine, general_ledger};
pub use line::{Account, AccountKind, Control, Line};
pub use lines_of::{CashSide, Figure, MarginSide, Part, lines_of};
pub use margin::{GroupKey, MarginFigures, MarginGroup, MarginReport, MarginRow, margin, margin_rate};
pub use period::{Comparison, Interval, Month, Period};
pub use slice::Slice;
pub use statements::{
    BalanceSheet, BalanceSheetRow, ProfitAndLoss, ProfitAndLossRow, ResultFigures, TrialBalance, TrialBalanceRow,
    balance_sheet, profit_and_loss, trial_balance,
};
