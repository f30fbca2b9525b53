//! Who people are: users, their sessions, their places in tenants, and what those allow.

mod caller;
pub mod members;
mod password;
pub mod permissions;
pub(crate) mod schema;
pub mod service;
pub(crate) mod session;
mod throttle;

pub(crate) use self::password::Password;
pub use self::{caller::Caller, permissions::Permission};
