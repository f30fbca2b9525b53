//! What a document says in, a PDF out. Knows no database, no HTTP and no GraphQL; the same document gives the same bytes.
//!
//! [`invoice`] sets an invoice or a credit note, [`payment`] a receipt or an advice, [`statement`] what a client owes. Amounts come as decimals that were stored,
//! and are written, never reckoned with. Texts reach the templates as data, so that nothing in them is read as markup; fonts
//! are in the binary, and there is nothing else to read: no files, no network, no packages.

mod data;
mod format;
mod logo;
mod set;
mod sheet;
#[cfg(test)]
mod tests;
mod words;

pub use self::{
    data::{
        BankAccount, Einvoice, Instalment, Invoice, InvoiceKind, InvoiceLine, Language, Letterhead, Money, Movement,
        MovementKind, Party, Payment, PaymentKind, Role, Settled, SettledKind, Standing, Statement, StatementPart, Tax,
    },
    logo::{Logo, LogoError},
    set::SetError,
};

/// The PDF of an invoice or a credit note.
///
/// # Errors
///
/// When the template is wrong: never because of what the document says.
pub fn invoice(invoice: &Invoice) -> Result<Vec<u8>, SetError> {
    set::pdf(&sheet::Sheet::of_invoice(invoice), invoice.letterhead.logo.as_ref(), invoice.date)
}

/// The PDF of a receipt, or of the advice of a payment.
///
/// # Errors
///
/// When the template is wrong: never because of what the document says.
pub fn payment(payment: &Payment) -> Result<Vec<u8>, SetError> {
    set::pdf(&sheet::Sheet::of_payment(payment), payment.letterhead.logo.as_ref(), payment.date)
}

/// The PDF of a statement of account.
///
/// # Errors
///
/// When the template is wrong: never because of what the document says.
pub fn statement(statement: &Statement) -> Result<Vec<u8>, SetError> {
    set::pdf(&sheet::Sheet::of_statement(statement), statement.letterhead.logo.as_ref(), statement.to)
}
