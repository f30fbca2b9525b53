//! Documents of a kind have several series of numbers, one after the other, each with a prefix of its own.

use sea_orm_migration::prelude::*;

use crate::{
    m20261124_000001_first as first, m20261124_000002_finance as finance, m20261130_000003_documents as documents,
    m20261130_000004_bill_splits as bill_splits, m20261201_000001_bill_taxes as bill_taxes,
    table::{Change, Table, check_foreign_keys, force_policies},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        force_policies(connection, &before(), false).await?;
        if let Some(old) = before().into_iter().find(|table| table.name == "number_series") {
            let fills = vec![("first_number", "1"), ("is_current", "true")];
            Change { old, new: number_series(), fills }.apply(connection).await?;
        }
        force_policies(connection, &before(), true).await?;
        check_foreign_keys(connection).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn before() -> Vec<Table> {
    bill_taxes::after(bill_splits::after(documents::after(finance::after(first::tables()))))
}

/// All tables, once this is done to those of before.
pub(crate) fn after(before: Vec<Table>) -> Vec<Table> {
    Table::replaced(before, vec![number_series()], vec![])
}

fn number_series() -> Table {
    Table::row("number_series")
        .text("kind")
        .text("prefix")
        .big_integer("first_number")
        .big_integer("next_number")
        .optional_date("last_date")
        .boolean("is_current")
        .check("next_number >= first_number")
        .unique("kind, prefix")
}
