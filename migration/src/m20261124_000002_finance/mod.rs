//! Finance: every document that posts, and what closes, taxes, pays, approves and spreads it.
//!
//! One file for each part tells its new tables; [`changed`] tells the tables of before that are different now.

mod approvals;
mod bank;
mod buying;
mod changed;
mod costing;
mod ledger;
mod selling;
mod taxes;

use sea_orm_migration::prelude::*;

use crate::{
    citus, m20261124_000001_first as first,
    table::{Table, check_foreign_keys, force_policies},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let tables = tables();
        for table in &tables {
            connection.execute_unprepared(&table.create(backend)).await?;
        }
        citus::distribute_new(connection, &tables).await?;
        force_policies(connection, &first::tables(), false).await?;
        for change in changed::changes() {
            change.apply(connection).await?;
        }
        for statement in tables.iter().flat_map(|table| table.finish(backend)) {
            connection.execute_unprepared(&statement).await?;
        }
        force_policies(connection, &tables, false).await?;
        for statement in changed::seeds() {
            connection.execute_unprepared(statement).await?;
        }
        for tables in [&first::tables(), &tables] {
            force_policies(connection, tables, true).await?;
        }
        check_foreign_keys(connection).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The tables that are new.
fn tables() -> Vec<Table> {
    [
        ledger::tables(),
        taxes::tables(),
        selling::tables(),
        bank::tables(),
        buying::tables(),
        approvals::tables(),
        costing::tables(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// All tables, once this is done to those of before.
pub(crate) fn after(before: Vec<Table>) -> Vec<Table> {
    let changed = changed::changes().into_iter().map(|change| change.new).collect();
    Table::replaced(before, changed, tables())
}
