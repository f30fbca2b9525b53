//! The people who work for a tenant, and how they are organised.

pub(crate) mod schema;
pub mod service;
