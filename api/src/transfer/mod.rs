//! Data in and out: imports of CSV files by a mapping, exports of the whole ledger.

pub mod export;
pub mod import;
mod mapping;
mod problem;
mod records;
mod table;
mod value;

pub use self::problem::{Problem, Problems};
