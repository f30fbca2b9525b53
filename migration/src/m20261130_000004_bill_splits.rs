//! Lines of bills, too, are split over cost centres; and a series goes on after the numbers that came from elsewhere.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::{
    m20261124_000001_first as first, m20261124_000002_finance as finance, m20261130_000003_documents as documents,
    table::{Change, Rights, Table, check_foreign_keys, force_policies},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        force_policies(connection, &before(), false).await?;
        if let Some(old) = before().into_iter().find(|table| table.name == "cost_split") {
            Change { old, new: cost_split(), fills: vec![] }.apply(connection).await?;
        }
        connection.execute_unprepared(raised(manager.get_database_backend())).await?;
        force_policies(connection, &before(), true).await?;
        check_foreign_keys(connection).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Has each series of invoices go on after the highest number that is like its own.
const fn raised(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => {
            "update number_series set next_number = max(next_number, coalesce((
                select 1 + max(cast(substr(invoice.number, length(number_series.prefix) + 1) as integer)) from invoice
                where invoice.tenant_id = number_series.tenant_id and invoice.source is not null
                    and substr(invoice.number, 1, length(number_series.prefix)) = number_series.prefix
                    and length(invoice.number) between length(number_series.prefix) + 1 and length(number_series.prefix) + 12
                    and substr(invoice.number, length(number_series.prefix) + 1) not glob '*[^0-9]*'
            ), 1))
            where kind in ('invoice', 'credit_note')"
        }
        _ => {
            "update number_series set next_number = highest.number + 1
            from (
                select series.tenant_id, series.kind,
                    max(substr(invoice.number, length(series.prefix) + 1)::bigint) as number
                from number_series series join invoice on invoice.tenant_id = series.tenant_id
                where series.kind in ('invoice', 'credit_note') and invoice.source is not null
                    and starts_with(invoice.number, series.prefix)
                    and substr(invoice.number, length(series.prefix) + 1) ~ '^[0-9]{1,12}$'
                group by series.tenant_id, series.kind
            ) highest
            where highest.tenant_id = number_series.tenant_id and highest.kind = number_series.kind
                and number_series.next_number <= highest.number"
        }
    }
}

fn before() -> Vec<Table> {
    documents::after(finance::after(first::tables()))
}

/// All tables, once this is done to those of before.
pub(crate) fn after(before: Vec<Table>) -> Vec<Table> {
    Table::replaced(before, vec![cost_split()], vec![])
}

/// What is split names itself by its kind and id.
fn cost_split() -> Table {
    Table::part("cost_split", Rights::Delete)
        .one_of("subject_kind", &["invoice_line", "bill_line", "expense"])
        .uuid("subject_id")
        .integer("position")
        .link("cost_centre_id", "cost_centre")
        .basis_points("share_bp")
        .check("share_bp > 0")
        .unique("subject_id, position")
        .unique("subject_id, cost_centre_id")
}
