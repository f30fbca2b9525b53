//! What is sold and delivered: services, projects, and the time that goes into them.

pub(crate) mod schema;
pub mod service;
