//! What an invoice or a credit note says.

use std::collections::HashMap;

use kamara_documents as documents;
use kamara_entities::{
    InvoiceId, InvoiceKind, InvoiceLineId, InvoiceStatus, ServiceId, TaxCodeId, TaxKind, company, invoice,
    invoice_instalment, invoice_line, invoice_line_tax, service, tax_code,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{Document, ToSet, bank_accounts, client, language, sender};
use crate::{error::Result, money, tenancy::TenantScope};

/// An invoice or a credit note as it's sent: all of its amounts are those that were stored.
pub async fn invoice(scope: &TenantScope, id: InvoiceId) -> Result<ToSet> {
    let row = scope.require::<invoice::Entity>(id).await?;
    let to = scope.require::<company::Entity>(row.company_id).await?;
    let (letterhead, logo) = sender(scope).await?;
    let (lines, taxes) = lines(scope, &row).await?;
    let accounts = bank_accounts(scope, &[&row.currency]).await?;
    let amount = |minor| money::from_minor(minor, &row.currency);
    let standing = standing(row.status);
    let is_open = standing == documents::Standing::Issued;
    let document = documents::Invoice {
        language: language(scope, &to),
        letterhead,
        client: client(scope, &to),
        kind: kind(scope, &row).await?,
        standing,
        number: row.number.clone(),
        date: row.date,
        due_date: row.due_date,
        currency: row.currency.clone(),
        lines,
        taxes,
        discount: amount(row.discount_minor),
        net: amount(row.net_minor),
        total: amount(row.total_minor),
        paid: amount(row.paid_minor),
        due: amount(if is_open { row.total_minor - row.paid_minor } else { 0 }),
        instalments: instalments(scope, &row).await?,
        bank_accounts: accounts.into_iter().map(|(_, account)| account).collect(),
        note: row.note.clone(),
        einvoice: einvoice(scope, &row),
    };
    let name = row.number.unwrap_or_else(|| row.id.to_string());
    Ok(ToSet { document: Document::Invoice(Box::new(document)), logo, name })
}

const fn standing(status: InvoiceStatus) -> documents::Standing {
    match status {
        InvoiceStatus::Draft => documents::Standing::Draft,
        InvoiceStatus::Issued | InvoiceStatus::PartlyPaid | InvoiceStatus::Paid => documents::Standing::Issued,
        InvoiceStatus::Void => documents::Standing::Void,
    }
}

async fn kind(scope: &TenantScope, row: &invoice::Model) -> Result<documents::InvoiceKind> {
    if row.kind == InvoiceKind::Invoice {
        return Ok(documents::InvoiceKind::Invoice);
    }
    let credited = match row.credits_id {
        Some(id) => Some(scope.require::<invoice::Entity>(id).await?),
        None => None,
    };
    let credited = credited.and_then(|credited| Some((credited.number?, credited.date)));
    Ok(documents::InvoiceKind::CreditNote(credited))
}

/// In Georgia the tax invoice is the state's own; what has no tax has none.
fn einvoice(scope: &TenantScope, row: &invoice::Model) -> Option<documents::Einvoice> {
    let has_one = row.tax_minor != 0 || row.einvoice_number.is_some();
    (scope.tenant().country == "GE" && row.status != InvoiceStatus::Void && has_one)
        .then(|| documents::Einvoice { number: row.einvoice_number.clone() })
}

async fn instalments(scope: &TenantScope, row: &invoice::Model) -> Result<Vec<documents::Instalment>> {
    use invoice_instalment::Column as C;
    let select = scope.find::<invoice_instalment::Entity>().filter(C::InvoiceId.eq(row.id)).order_by_asc(C::Position);
    let rows = scope.all(select).await?;
    let part = |part: invoice_instalment::Model| documents::Instalment {
        due_date: part.due_date,
        amount: money::from_minor(part.amount_minor, &row.currency),
    };
    Ok(rows.into_iter().map(part).collect())
}

async fn lines(
    scope: &TenantScope,
    row: &invoice::Model,
) -> Result<(Vec<documents::InvoiceLine>, Vec<documents::Tax>)> {
    use invoice_line::Column as C;
    use invoice_line_tax::Column as T;
    let select = scope.find::<invoice_line::Entity>().filter(C::InvoiceId.eq(row.id)).order_by_asc(C::Position);
    let lines = scope.all(select).await?;
    let select = scope.find::<invoice_line_tax::Entity>().filter(T::InvoiceId.eq(row.id)).order_by_asc(T::Position);
    let mut taxes: HashMap<InvoiceLineId, Vec<invoice_line_tax::Model>> = HashMap::new();
    for tax in scope.all(select).await? {
        taxes.entry(tax.invoice_line_id).or_default().push(tax);
    }
    let services = scope.by_ids::<service::Entity>(lines.iter().filter_map(|line| line.service_id)).await?;
    let codes = taxes.values().flatten().map(|tax| tax.tax_code_id).collect::<std::collections::HashSet<_>>();
    let codes = scope.by_ids::<tax_code::Entity>(codes).await?;
    let of = |line: &invoice_line::Model| taxes.get(&line.id).map(Vec::as_slice).unwrap_or_default();
    let sums = sums(lines.iter().flat_map(of), &codes, &row.currency);
    let written = lines.iter().map(|line| written(line, of(line), &services, &row.currency)).collect();
    Ok((written, sums))
}

fn written(
    line: &invoice_line::Model,
    taxes: &[invoice_line_tax::Model],
    services: &HashMap<ServiceId, service::Model>,
    currency: &str,
) -> documents::InvoiceLine {
    let service = line.service_id.and_then(|id| services.get(&id));
    let name = service.map(|service| service.name.as_str());
    let said = line.description.as_deref().filter(|said| Some(*said) != name);
    let rate = |tax: &invoice_line_tax::Model| if tax.kind == TaxKind::Standard { tax.rate_bp } else { 0 };
    documents::InvoiceLine {
        description: [name, said].into_iter().flatten().collect::<Vec<_>>().join("\n"),
        quantity: money::from_micro(line.quantity),
        unit: service.and_then(|service| service.unit.clone()),
        unit_price: money::from_micro(line.unit_price),
        discount: money::from_minor(line.discount_minor, currency),
        tax_rates: taxes.iter().map(|tax| money::percent(rate(tax))).collect(),
        net: money::from_minor(line.net_minor, currency),
        period: line.service_from.zip(line.service_to),
    }
}

/// Sums for each code and rate, in the order in which the lines name them.
fn sums<'a>(
    taxes: impl Iterator<Item = &'a invoice_line_tax::Model>,
    codes: &HashMap<TaxCodeId, tax_code::Model>,
    currency: &str,
) -> Vec<documents::Tax> {
    let mut sums: Vec<invoice_line_tax::Model> = Vec::new();
    for tax in taxes {
        match sums.iter_mut().find(|sum| sum.tax_code_id == tax.tax_code_id && sum.rate_bp == tax.rate_bp) {
            Some(sum) => {
                sum.base_minor += tax.base_minor;
                sum.tax_minor += tax.tax_minor;
            }
            None => sums.push(tax.clone()),
        }
    }
    let told = |sum: invoice_line_tax::Model| {
        let code = codes.get(&sum.tax_code_id);
        documents::Tax {
            name: code.map(|code| code.name.clone()).unwrap_or_default(),
            rate: money::percent(sum.rate_bp),
            base: money::from_minor(sum.base_minor, currency),
            amount: money::from_minor(sum.tax_minor, currency),
            reverse_charge: sum.kind == TaxKind::ReverseCharge,
            exempt_reason: code.and_then(|code| code.exempt_reason.clone()).filter(|_| sum.kind == TaxKind::Exempt),
        }
    };
    sums.into_iter().map(told).collect()
}
