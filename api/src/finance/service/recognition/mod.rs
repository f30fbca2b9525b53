//! Revenue in the days in which it's earned. A line of an invoice that says when its service is rendered is earned day by day: at
//! a month's end a run defers what is billed and not earned, and books what is earned and not billed; billing releases that.
//!
//! The ledger's own lines are the only state. A run posts the difference between what should wait and what waits, with all that
//! the revenue itself is cut by, so that margins by client, project or cost centre stay right.

mod arithmetic;
mod booked;
mod run;
mod standing;
mod targets;

pub use self::{
    arithmetic::Period,
    run::{Recognised, Recognition, preview, recognise},
    standing::{OfDocument, Standing, Waiting, WaitingAccounts, standing},
};
pub(super) use self::{run::release, standing::verify};
