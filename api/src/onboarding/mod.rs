//! Signing up: makes a tenant and its owner, with what every company begins with. It stands above the areas, since it calls
//! several.

pub(crate) mod schema;
pub mod service;
