//! The ledger under everything: accounts, and balanced entries that are never changed.

pub(crate) mod accounts;
pub mod chain;
mod chart;
pub mod dates;
mod posting;
pub(crate) mod schema;
pub mod service;
pub mod verify;

pub use self::{
    accounts::Accounts,
    posting::{Dimensions, EntryDraft, LineDraft},
};
