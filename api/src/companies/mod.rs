//! Companies (clients and suppliers) with their contacts.

pub(crate) mod schema;
pub mod service;
