//! Documents: what is paid in instalments, comes again, is earned over a period, or is withheld; and what stands at the head of
//! each.

use sea_orm_migration::prelude::*;

use crate::{
    citus, m20261124_000001_first as first, m20261124_000002_finance as finance,
    table::{Change, Rights, Table, check_foreign_keys, force_policies},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let (before, new) = (finance::after(first::tables()), tables());
        for table in &new {
            connection.execute_unprepared(&table.create(backend)).await?;
        }
        citus::distribute_new(connection, &new).await?;
        force_policies(connection, &before, false).await?;
        for change in changes(before) {
            change.apply(connection).await?;
        }
        for statement in new.iter().flat_map(|table| table.finish(backend)) {
            connection.execute_unprepared(&statement).await?;
        }
        force_policies(connection, &new, false).await?;
        connection.execute_unprepared(LETTERHEADS).await?;
        for tables in [&finance::after(first::tables()), &new] {
            force_policies(connection, tables, true).await?;
        }
        check_foreign_keys(connection).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// All tables, once this is done to those of before.
pub(crate) fn after(before: Vec<Table>) -> Vec<Table> {
    let changed = changes(finance::after(first::tables())).into_iter().map(|change| change.new).collect();
    Table::replaced(before, changed, tables())
}

/// Each tenant has one, which says its name at first. A ledger's id is as good as any: ids are unique within a table.
const LETTERHEADS: &str = "
    insert into letterhead (tenant_id, id, created_at, updated_at, version, legal_name)
    select ledger.tenant_id, ledger.id, ledger.created_at, ledger.updated_at, 1, tenant.name
    from ledger join tenant on tenant.id = ledger.tenant_id";

/// The tables that are new.
fn tables() -> Vec<Table> {
    vec![
        Table::part("invoice_instalment", Rights::Delete)
            .link("invoice_id", "invoice")
            .integer("position")
            .date("due_date")
            .positive_minor("amount_minor")
            .unique("invoice_id, position")
            .check("amount_minor > 0")
            .index("due_date"),
        Table::record("recurring_invoice")
            .link("like_id", "invoice")
            .link("company_id", "company")
            .one_of("unit", &["week", "month", "quarter", "year"])
            .integer("every")
            .date("start_date")
            .date("next_date")
            .optional_date("end_date")
            .integer("made")
            .check("every between 1 and 120")
            .check("next_date >= start_date")
            .check("made >= 0")
            .index("next_date, id")
            .index("company_id, next_date, id")
            .index("like_id"),
        Table::record("letterhead")
            .text("legal_name")
            .optional_text("tax_number")
            .optional_text("address")
            .optional_text("phone")
            .optional_text("email")
            .optional_text("website")
            .optional_text("footer")
            .optional_link("logo_id", "file"),
    ]
}

/// The tables that are different, from what they were.
fn changes(before: Vec<Table>) -> Vec<Change> {
    let mut old = before;
    let mut of = |new: Table, fills| {
        let at = old.iter().position(|table| table.name == new.name)?;
        Some(Change { old: old.swap_remove(at), new, fills })
    };
    let was = |name: &str| finance::after(first::tables()).into_iter().find(|table| table.name == name);
    [
        was("invoice").and_then(|table| of(invoice(table), vec![])),
        was("invoice_line").and_then(|table| of(invoice_line(table), vec![])),
        was("payment").and_then(|table| of(payment(table), vec![("withheld_minor", "0")])),
        of(file(), vec![]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn invoice(before: Table) -> Table {
    before.optional_link("recurring_invoice_id", "recurring_invoice").index("recurring_invoice_id, date")
}

fn invoice_line(before: Table) -> Table {
    before
        .optional_date("service_from")
        .optional_date("service_to")
        .check("(service_from is null) = (service_to is null)")
        .check("service_from <= service_to")
        .index("service_from")
}

fn payment(before: Table) -> Table {
    before
        .positive_minor("withheld_minor")
        .optional_link("withholding_code_id", "tax_code")
        .check("withheld_minor <= amount_minor")
        .check("withheld_minor = 0 or withholding_code_id is not null")
}

fn file() -> Table {
    Table::record("file")
        .one_of("subject_kind", &["bill", "expense", "letterhead"])
        .uuid("subject_id")
        .text("name")
        .one_of("media_type", &["image/jpeg", "image/png", "image/webp", "image/heic", "application/pdf"])
        .big_integer("size")
        .text("sha256")
        .check("length(sha256) = 64")
        .index("subject_id, id")
}
