//! What a receipt, or the advice of a payment, says.

use kamara_documents::{self as documents, Party, PaymentKind, Role, SettledKind};
use kamara_entities::{
    BillKind, InvoiceKind, PaymentDirection, PaymentId, PostingStatus, SubLedger, bill, company, employee, expense,
    invoice, payment, payment_allocation,
};

use super::{Document, ToSet, client, in_language, language, sender};
use crate::{
    error::{Error, Result},
    finance::service::settlement,
    money,
    tenancy::TenantScope,
};

/// A payment as it's confirmed to who paid, or announced to who is paid: all of its amounts are those that were stored.
pub async fn payment(scope: &TenantScope, id: PaymentId) -> Result<ToSet> {
    let row = scope.require::<payment::Entity>(id).await?;
    let (letterhead, logo) = sender(scope).await?;
    let (party, role, language) = to(scope, &row).await?;
    let amount = |minor| money::from_minor(minor, &row.currency);
    let reversed = row.status == PostingStatus::Reversed;
    let name = format!("{} {}", party.name, row.date);
    let document = documents::Payment {
        language,
        letterhead,
        party,
        role,
        kind: kind(&row),
        reversed,
        date: row.date,
        currency: row.currency.clone(),
        reference: row.reference.clone(),
        settled: settled(scope, &row).await?,
        rest: amount(if reversed { 0 } else { row.amount_minor - row.allocated_minor }),
        tax: amount(row.tax_minor),
        withheld: amount(row.withheld_minor),
        amount: amount(row.amount_minor),
    };
    Ok(ToSet { document: Document::Payment(Box::new(document)), logo, name })
}

const fn kind(row: &payment::Model) -> PaymentKind {
    match (row.direction, row.sub_ledger) {
        (PaymentDirection::In, _) => PaymentKind::Received,
        (PaymentDirection::Out, SubLedger::Receivable) => PaymentKind::Refunded,
        (PaymentDirection::Out, SubLedger::Payable | SubLedger::Employee) => PaymentKind::Paid,
    }
}

/// Who gets the document, what that one is, and the language.
async fn to(scope: &TenantScope, row: &payment::Model) -> Result<(Party, Role, documents::Language)> {
    if let Some(id) = row.company_id {
        let company = scope.require::<company::Entity>(id).await?;
        let role = if row.sub_ledger == SubLedger::Receivable { Role::Client } else { Role::Supplier };
        return Ok((client(scope, &company), role, language(scope, &company)));
    }
    let id = row.employee_id.ok_or_else(|| Error::internal("a payment of nobody"))?;
    let name = scope.require::<employee::Entity>(id).await?.name;
    Ok((Party { name, ..Party::default() }, Role::Employee, in_language(scope.tenant().language)))
}

/// What it settles, oldest first; what was undone is left out.
async fn settled(scope: &TenantScope, row: &payment::Model) -> Result<Vec<documents::Settled>> {
    let parts = settlement::settled_by(scope, row.id).await?;
    let invoices = scope.by_ids::<invoice::Entity>(parts.iter().filter_map(|part| part.invoice_id)).await?;
    let bills = scope.by_ids::<bill::Entity>(parts.iter().filter_map(|part| part.bill_id)).await?;
    let expenses = scope.by_ids::<expense::Entity>(parts.iter().filter_map(|part| part.expense_id)).await?;
    let payments = scope.by_ids::<payment::Entity>(parts.iter().filter_map(|part| part.refunded_id)).await?;
    let of = |part: &payment_allocation::Model| {
        let (kind, number, date) = if let Some(row) = part.invoice_id.and_then(|id| invoices.get(&id)) {
            let credits = row.kind == InvoiceKind::CreditNote;
            (if credits { SettledKind::CreditNote } else { SettledKind::Invoice }, row.number.clone(), row.date)
        } else if let Some(row) = part.bill_id.and_then(|id| bills.get(&id)) {
            let credits = row.kind == BillKind::CreditNote;
            // The supplier knows its own number.
            let number = row.supplier_number.clone().or_else(|| row.number.clone());
            (if credits { SettledKind::CreditNote } else { SettledKind::Invoice }, number, row.date)
        } else if let Some(row) = part.expense_id.and_then(|id| expenses.get(&id)) {
            (SettledKind::Expense, Some(row.description.clone()), row.date)
        } else {
            let row = part.refunded_id.and_then(|id| payments.get(&id))?;
            (SettledKind::Payment, row.reference.clone(), row.date)
        };
        Some(documents::Settled { kind, number, date, amount: money::from_minor(part.source_minor, &row.currency) })
    };
    Ok(parts.iter().filter_map(of).collect())
}
