//! Approvals: who decides what, before it's done.

pub mod delegation;
pub mod engine;
mod people;
pub mod rule;
pub(crate) mod schema;
pub mod service;
