//! The rules of invoices, payments and expenses.
//!
//! Each rule is written once, over many documents: what a person does to one is a batch of one, and an import of thousands
//! costs a handful of statements. Everything is checked and computed before the first row is written.

mod approval;
pub mod bank;
mod batch;
pub mod bill;
mod bill_lines;
mod bill_values;
mod books;
pub mod budget;
mod categorise;
pub mod category;
pub mod client_statement;
mod controls;
pub mod credit_note;
pub mod documents;
pub mod expense;
mod expense_values;
pub mod invoice;
mod invoice_lines;
mod invoice_reckoning;
mod invoice_values;
mod known;
pub mod letterhead;
pub mod manual_entry;
mod number;
pub mod number_series;
mod open_item;
mod open_items;
pub mod opening;
pub mod overhead;
pub mod payment;
pub mod recognition;
mod recurrence;
pub mod recurring;
pub mod settlement;
pub mod tax;
mod tax_codes;
pub mod terms;
pub mod verify;
pub mod withholding;
pub mod write_off;

pub use self::{
    approval::{approved, document_of, given_back},
    batch::BatchError,
    number::{IssueNumber, open_series},
};

/// Where an imported document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// The import.
    pub source: String,
    /// The document's id there.
    pub id: String,
}

impl External {
    fn columns(external: Option<Self>) -> (Option<String>, Option<String>) {
        external.map(|external| (external.source, external.id)).unzip()
    }
}
