//! Banks: what their files say, and what that may be.

pub mod account;
mod camt;
pub mod confirming;
mod csv_file;
pub mod import;
pub mod items;
mod ledger_lines;
pub mod matching;
mod names;
mod proposal;
mod reason;
pub mod reconciliation;
mod shares;
mod statement;
mod subset;
#[cfg(test)]
mod tests;
pub mod transfer;

pub use self::{
    camt::read as read_camt,
    csv_file::{Columns, Mapping, read as read_csv},
    proposal::{Movement, Open, Proposal, propose},
    reason::Reason,
    statement::{Line, Statement, account_number},
};
