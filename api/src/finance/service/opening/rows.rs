//! The rows of documents that were open before the books began.

use kamara_entities::{
    AccountId, BillKind, BillStatus, InvoiceId, InvoiceKind, InvoiceStatus, MICRO, bill, invoice, invoice_line,
};

use super::{Document, SOURCE};
use crate::{
    error::{Result, Text},
    finance::service::bill_values,
    money,
    tenancy::TenantScope,
};

/// The one line of an open invoice, so that a credit note can take back of it what the client doesn't owe. That lowers the income
/// of the credit note's day; nothing is known of the taxes.
pub(super) fn line_of(
    scope: &TenantScope,
    (id, invoice): (InvoiceId, &invoice::New),
    income: AccountId,
) -> Result<invoice_line::New> {
    let words = Text::fixed("Open before the books began", "ღია იყო წიგნების დაწყებამდე");
    Ok(invoice_line::New {
        invoice_id: id,
        position: 1,
        service_id: None,
        description: Some(words.in_language(scope.tenant().language).to_owned()),
        quantity: MICRO,
        unit_price: money::to_micro("amount", money::from_minor(invoice.total_minor, &invoice.currency))?,
        discount_bp: 0,
        net_minor: invoice.total_minor,
        discount_minor: 0,
        tax_minor: 0,
        tax_code_id: None,
        tax_rate_bp: 0,
        account_id: income,
        cost_centre_id: None,
        project_id: None,
        service_from: None,
        service_to: None,
        credits_line_id: None,
    })
}

pub(super) fn invoice_of(document: Document) -> invoice::New {
    invoice::New {
        kind: InvoiceKind::Invoice,
        credits_id: None,
        number: Some(document.number.clone()),
        status: InvoiceStatus::Issued,
        company_id: document.party,
        date: document.date,
        due_date: document.due_date,
        currency: document.currency,
        rate: document.rate,
        document_discount_bp: 0,
        net_minor: document.amount_minor,
        discount_minor: 0,
        tax_minor: 0,
        total_minor: document.amount_minor,
        paid_minor: 0,
        base_total_minor: document.base_minor,
        base_paid_minor: 0,
        seller_id: None,
        deal_id: None,
        department_id: None,
        note: None,
        recurring_invoice_id: None,
        einvoice_number: None,
        einvoice_status: None,
        source: Some(SOURCE.to_owned()),
        external_id: Some(document.number),
    }
}

pub(super) fn bill_of(document: Document) -> bill::New {
    let external_id = format!("{} {}", document.party, document.number);
    bill::New {
        kind: BillKind::Bill,
        credits_id: None,
        number: Some(external_id.clone()),
        supplier_key: Some(bill_values::key(&document.number)),
        supplier_number: Some(document.number),
        status: BillStatus::Posted,
        company_id: document.party,
        date: document.date,
        due_date: document.due_date,
        currency: document.currency,
        rate: document.rate,
        net_minor: document.amount_minor,
        tax_minor: 0,
        total_minor: document.amount_minor,
        paid_minor: 0,
        base_total_minor: document.base_minor,
        base_paid_minor: 0,
        department_id: None,
        note: None,
        einvoice_number: None,
        einvoice_status: None,
        source: Some(SOURCE.to_owned()),
        external_id: Some(external_id),
    }
}
