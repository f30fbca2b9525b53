//! What Kamara stores: one module for each table, and nothing about how it is used.
//!
//! Tables are of two kinds. *Control* tables ([`control`]) belong to no tenant or stand above them; *business* tables belong
//! to one tenant and have the primary key `(tenant_id, id)`. Business tables are declared by three macros, which add the
//! columns that all of their kind have: [`macros`] tells which.
//!
//! Units: `…_minor` is in the minor unit of the currency beside it, `base_minor` in that of the tenant's base currency;
//! quantities, prices, hours and rates are in 10⁻⁶ ([`MICRO`]); `…_bp` is in basis points.

#[macro_use]
mod macros;
mod approvals;
mod bank;
mod buying;
pub mod control;
mod costing;
mod crm;
pub mod enums;
mod erp;
mod fiscal;
mod hr;
pub mod ids;
mod journal;
mod selling;
mod taxes;
mod traits;

pub use approvals::*;
pub use bank::*;
pub use buying::*;
pub use crm::*;
pub use enums::*;
pub use erp::*;
pub use fiscal::*;
pub use hr::*;
pub use ids::*;
pub use journal::*;
pub use selling::*;
pub use taxes::*;
pub use traits::*;

/// How many units of a stored quantity, unit price, rate or number of hours make one.
pub const MICRO: i64 = 1_000_000;
