//! Sales: leads, and deals on their way through pipelines of stages.

pub(crate) mod schema;
pub mod service;
