//! Banks: what their files say, and what that may be.

mod camt;
mod csv_file;
mod names;
mod proposal;
mod reason;
mod statement;
mod subset;
#[cfg(test)]
mod tests;

pub use self::{
    camt::read as read_camt,
    csv_file::{Columns, Mapping, read as read_csv},
    proposal::{Movement, Open, Proposal, propose},
    reason::Reason,
    statement::{Line, Statement, account_number},
};
