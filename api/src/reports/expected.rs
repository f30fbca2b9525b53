//! What is to be paid still, in the base currency and by when: clients pay invoices; bills, and what employees paid, are paid by
//! us; credit notes go the other way.

use chrono::NaiveDate;
use kamara_analytics::OpenItem;
use kamara_entities::{BillKind, BillStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, bill, expense, invoice};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::instalments;
use crate::{error::Result, finance::service::terms::open_of, money, tenancy::TenantScope};

/// All of it: positive where it comes in.
pub(super) async fn open_items(scope: &TenantScope) -> Result<Vec<OpenItem>> {
    let mut items = invoices(scope).await?;
    items.extend(bills(scope).await?);
    items.extend(expenses(scope).await?);
    Ok(items)
}

fn item(due: NaiveDate, comes_in: bool, total: i64, paid: i64) -> Result<OpenItem> {
    let left = money::sum("amount", [total, -paid])?;
    Ok(OpenItem { due, amount_minor: if comes_in { left } else { -left } })
}

async fn invoices(scope: &TenantScope) -> Result<Vec<OpenItem>> {
    #[derive(FromQueryResult)]
    struct Open {
        id: Uuid,
        kind: InvoiceKind,
        due_date: NaiveDate,
        base_total_minor: i64,
        base_paid_minor: i64,
    }
    use invoice::Column as C;
    let select = scope
        .find::<invoice::Entity>()
        .filter(C::Status.is_in([InvoiceStatus::Issued, InvoiceStatus::PartlyPaid]))
        .select_only()
        .columns([C::Id, C::Kind, C::DueDate, C::BaseTotalMinor, C::BasePaidMinor]);
    let open = scope.query::<Open>(&select.into_query()).await?;
    let mut instalments = instalments::of_open(scope).await?;
    let mut items = Vec::with_capacity(open.len());
    for row in open {
        match instalments.remove(&row.id) {
            None => {
                let comes_in = row.kind == InvoiceKind::Invoice;
                items.push(item(row.due_date, comes_in, row.base_total_minor, row.base_paid_minor)?);
            }
            Some(parts) => {
                let amounts: Vec<i64> = parts.iter().map(|(_, amount)| *amount).collect();
                let left = open_of(&amounts, row.base_paid_minor);
                items
                    .extend(parts.into_iter().zip(left).map(|((due, _), amount_minor)| OpenItem { due, amount_minor }));
            }
        }
    }
    Ok(items)
}

async fn bills(scope: &TenantScope) -> Result<Vec<OpenItem>> {
    #[derive(FromQueryResult)]
    struct Open {
        kind: BillKind,
        due_date: NaiveDate,
        base_total_minor: i64,
        base_paid_minor: i64,
    }
    use bill::Column as C;
    let select = scope
        .find::<bill::Entity>()
        .filter(C::Status.is_in([BillStatus::Posted, BillStatus::PartlyPaid]))
        .select_only()
        .columns([C::Kind, C::DueDate, C::BaseTotalMinor, C::BasePaidMinor]);
    let open = scope.query::<Open>(&select.into_query()).await?;
    let comes_in = |row: &Open| row.kind == BillKind::CreditNote;
    open.iter().map(|row| item(row.due_date, comes_in(row), row.base_total_minor, row.base_paid_minor)).collect()
}

/// An employee is owed from the day of the expense on.
async fn expenses(scope: &TenantScope) -> Result<Vec<OpenItem>> {
    #[derive(FromQueryResult)]
    struct Open {
        date: NaiveDate,
        base_total_minor: i64,
        base_paid_minor: i64,
    }
    use expense::Column as C;
    let select = scope
        .find::<expense::Entity>()
        .filter(C::Status.eq(ExpenseStatus::Posted))
        // What the company paid itself is owed to nobody.
        .filter(C::PaymentAccountId.is_null())
        .select_only()
        .columns([C::Date, C::BaseTotalMinor, C::BasePaidMinor]);
    let open = scope.query::<Open>(&select.into_query()).await?;
    open.iter().map(|row| item(row.date, false, row.base_total_minor, row.base_paid_minor)).collect()
}
