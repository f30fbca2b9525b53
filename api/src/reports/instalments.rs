//! Instalments of invoices in the base currency.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{InvoiceStatus, invoice, invoice_instalment};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::{error::Result, money, tenancy::TenantScope};

/// Instalments by invoice, the first due first: when how much is to be paid.
pub(super) type Instalments = HashMap<Uuid, Vec<(NaiveDate, i64)>>;

/// Those of some invoices.
pub(super) async fn of(scope: &TenantScope, invoices: &[Uuid]) -> Result<Instalments> {
    let of_invoices = invoice_instalment::Column::InvoiceId.is_in(invoices.iter().copied());
    load(scope, Condition::all().add(of_invoices)).await
}

/// Those of all invoices of which something is open.
pub(super) async fn of_open(scope: &TenantScope) -> Result<Instalments> {
    let open = invoice::Column::Status.is_in([InvoiceStatus::Issued, InvoiceStatus::PartlyPaid]);
    let open = scope.find::<invoice::Entity>().filter(open).select_only().column(invoice::Column::Id);
    let of_open = invoice_instalment::Column::InvoiceId.in_subquery(open.into_query());
    load(scope, Condition::all().add(of_open)).await
}

async fn load(scope: &TenantScope, condition: Condition) -> Result<Instalments> {
    let rows = scope.all(scope.find::<invoice_instalment::Entity>().filter(condition)).await?;
    let mut parts: HashMap<Uuid, Vec<(NaiveDate, i64)>> = HashMap::new();
    for row in rows {
        parts.entry(row.invoice_id.0).or_default().push((row.due_date, row.amount_minor));
    }
    let totals = base_totals(scope, parts.keys().copied().collect()).await?;
    for (id, parts) in &mut parts {
        parts.sort_unstable();
        let weights: Vec<i64> = parts.iter().map(|(_, amount)| *amount).collect();
        let base = money::split(totals.get(id).copied().unwrap_or_default(), &weights);
        for ((_, amount), base) in parts.iter_mut().zip(base) {
            *amount = base;
        }
    }
    Ok(parts)
}

/// The totals of invoices as they were posted.
async fn base_totals(scope: &TenantScope, invoices: Vec<Uuid>) -> Result<HashMap<Uuid, i64>> {
    #[derive(FromQueryResult)]
    struct Total {
        id: Uuid,
        base_total_minor: i64,
    }
    use invoice::Column as C;
    let mut totals = HashMap::with_capacity(invoices.len());
    for invoices in invoices.chunks(crate::db::PARAMETERS_MAX) {
        let select = scope
            .find::<invoice::Entity>()
            .filter(C::Id.is_in(invoices.iter().copied()))
            .select_only()
            .columns([C::Id, C::BaseTotalMinor]);
        let rows = scope.query::<Total>(&select.into_query()).await?;
        totals.extend(rows.into_iter().map(|row| (row.id, row.base_total_minor)));
    }
    Ok(totals)
}
