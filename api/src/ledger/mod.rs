//! The ledger under everything: accounts, and balanced entries that are never changed.

pub(crate) mod accounts;
pub mod chain;
mod chart;
pub mod dates;
pub mod exchange;
mod fiscal;
pub(crate) mod periods;
mod posting;
pub mod revaluation;
pub(crate) mod schema;
pub mod service;
mod taxes;
mod tree;
pub mod verify;

pub use self::{
    accounts::Accounts,
    posting::{Dimensions, EntryDraft, LineDraft},
};
