//! Documents that move money: invoices, payments, expenses.

pub(crate) mod schema;
pub mod service;
