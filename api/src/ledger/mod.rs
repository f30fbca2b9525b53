//! The ledger under everything: accounts, and balanced entries that are never changed.

pub(crate) mod accounts;
pub mod chain;
mod chart;
mod cost_centres;
pub mod dates;
mod posting;
pub(crate) mod schema;
pub mod service;
pub mod splits;

pub use self::{
    accounts::Accounts,
    cost_centres::CostCentreTree,
    posting::{Dimensions, EntryDraft, LineDraft},
};
