//! The ledger under everything: accounts, and balanced entries that are never changed.

pub(crate) mod accounts;
mod chart;
mod posting;
pub(crate) mod schema;
pub mod service;

pub use self::{
    accounts::Accounts,
    posting::{Dimensions, EntryDraft, LineDraft},
};
