//! The ledger under everything: accounts, and balanced entries that are never changed.

pub(crate) mod accounts;
pub mod chain;
mod chart;
mod cost_centres;
pub mod dates;
pub mod exchange;
mod fiscal;
pub(crate) mod periods;
mod posting;
pub mod revaluation;
mod reversal;
pub(crate) mod schema;
pub mod service;
pub mod splits;
mod taxes;
mod tree;
pub mod verify;

pub use self::{
    accounts::Accounts,
    cost_centres::CostCentreTree,
    posting::{Dimensions, EntryDraft, LineDraft},
};
