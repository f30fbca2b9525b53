//! Reports: the ledger as columns in memory, kept up to date by reading what is new, and given to `analytics`.

mod expected;
mod instalments;
pub(crate) mod schema;
pub mod service;
mod snapshots;
mod statements;
pub mod tax;

pub use self::snapshots::Snapshots;
