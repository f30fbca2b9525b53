//! A line of a bill, too, has several taxes, kept as they were reckoned; and a bill has the number of the state's own e-invoice.

use sea_orm_migration::prelude::*;

use crate::{
    citus, m20261124_000001_first as first, m20261124_000002_finance as finance,
    m20261130_000003_documents as documents, m20261130_000004_bill_splits as bill_splits,
    table::{Change, Rights, Table, check_foreign_keys, force_policies},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let new = vec![bill_line_tax()];
        for table in &new {
            connection.execute_unprepared(&table.create(backend)).await?;
        }
        citus::distribute_new(connection, &new).await?;
        force_policies(connection, &before(), false).await?;
        if let Some(old) = before().into_iter().find(|table| table.name == "bill") {
            Change { new: bill(before()), old, fills: vec![] }.apply(connection).await?;
        }
        for statement in new.iter().flat_map(|table| table.finish(backend)) {
            connection.execute_unprepared(&statement).await?;
        }
        force_policies(connection, &new, false).await?;
        connection.execute_unprepared(TAXES_OF_LINES).await?;
        for tables in [&before(), &new] {
            force_policies(connection, tables, true).await?;
        }
        check_foreign_keys(connection).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The one tax that a line of a bill had before; the line gives it its id, since each had one at most. What a reverse charge came
/// to wasn't kept, nor what comes back: the code tells both, by parts, since a product of large amounts doesn't fit.
const TAXES_OF_LINES: &str = "
    insert into bill_line_tax
        (tenant_id, id, bill_id, bill_line_id, position, tax_code_id, kind, rate_bp, base_minor, tax_minor, recoverable_minor)
    select tenant_id, id, bill_id, id, 1, tax_code_id, kind, rate_bp, base, tax,
        case kind when 'exempt' then 0
            else tax / 10000 * recoverable_bp + (tax % 10000 * recoverable_bp + 5000) / 10000 end
    from (
        select line.tenant_id, line.id, line.bill_id, line.tax_code_id, code.kind, line.tax_rate_bp as rate_bp,
            line.net_minor as base, code.recoverable_bp,
            case code.kind when 'reverse_charge'
                then line.net_minor / 10000 * line.tax_rate_bp + (line.net_minor % 10000 * line.tax_rate_bp + 5000) / 10000
                else line.tax_minor end as tax
        from bill_line line
        join tax_code code on code.tenant_id = line.tenant_id and code.id = line.tax_code_id
    ) of_line";

fn before() -> Vec<Table> {
    bill_splits::after(documents::after(finance::after(first::tables())))
}

/// All tables, once this is done to those of before.
pub(crate) fn after(before: Vec<Table>) -> Vec<Table> {
    let bill = bill(self::before());
    Table::replaced(before, vec![bill], vec![bill_line_tax()])
}

fn bill(before: Vec<Table>) -> Table {
    let bill = before.into_iter().find(|table| table.name == "bill");
    bill.unwrap_or_else(|| Table::record("bill"))
        .optional_text("einvoice_number")
        .optional_one_of("einvoice_status", &["sent", "confirmed", "declared", "rejected"])
}

fn bill_line_tax() -> Table {
    Table::part("bill_line_tax", Rights::Delete)
        .link("bill_id", "bill")
        .link("bill_line_id", "bill_line")
        .integer("position")
        .link("tax_code_id", "tax_code")
        .one_of("kind", &["standard", "exempt", "reverse_charge", "withholding"])
        .basis_points("rate_bp")
        .positive_minor("base_minor")
        .positive_minor("tax_minor")
        .positive_minor("recoverable_minor")
        .unique("bill_line_id, position")
        .unique("bill_line_id, tax_code_id")
        .index("bill_id")
}
