//! Tenants, and the one way in to their data: [`TenantScope`].

mod list;
pub(crate) mod schema;
mod scope;
pub mod service;

pub(crate) use self::scope::{Replaced, ToldPart, told};
pub use self::{
    list::{Cursor, Direction, Order, Page, PageRequest},
    scope::{Access, Beside, TenantScope},
};
