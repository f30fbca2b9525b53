//! Distribution over the nodes of a Citus cluster: business tables by `tenant_id`, the control tables that they refer to
//! copied to every node, the rest on the coordinator.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement, TransactionTrait};

use crate::{
    catalogue::{REFERENCE, business_tables},
    table::Table,
};

/// Distributes every table that isn't yet. Foreign keys are taken off for it and put back, since one between a table that is
/// distributed and one that isn't yet can't stand.
///
/// # Errors
///
/// When the extension isn't there, or the connection's role doesn't own the tables.
pub async fn distribute(connection: &DatabaseConnection) -> Result<(), DbErr> {
    distribute_tables(connection, &business_tables()).await
}

/// The same of some business tables: those that an older release has.
///
/// # Errors
///
/// When the extension isn't there, or the connection's role doesn't own the tables.
pub async fn distribute_tables(connection: &DatabaseConnection, business: &[&str]) -> Result<(), DbErr> {
    let mut pending = Vec::new();
    for (table, how) in
        REFERENCE.iter().map(|table| (*table, "reference")).chain(business.iter().map(|table| (*table, "distributed")))
    {
        if !is_distributed(connection, table).await? {
            pending.push((table, how));
        }
    }
    if pending.is_empty() {
        return Ok(());
    }
    let keys = foreign_keys(connection).await?;
    let transaction = connection.begin().await?;
    transaction.execute_unprepared("set local citus.multi_shard_modify_mode = 'sequential'").await?;
    for key in &keys {
        transaction.execute_unprepared(&format!("alter table {} drop constraint {}", key.table, key.name)).await?;
    }
    for (table, how) in pending {
        let call = match how {
            "reference" => format!("select create_reference_table('{table}')"),
            _ => distribute_call(table),
        };
        transaction.execute_unprepared(&call).await?;
    }
    for key in &keys {
        transaction
            .execute_unprepared(&format!("alter table {} add constraint {} {}", key.table, key.name, key.definition))
            .await?;
    }
    transaction.commit().await
}

/// Distributes tables that a migration has just made, before they get foreign keys, where the others are distributed already:
/// a table on one node can't refer to one that is spread over many.
pub(crate) async fn distribute_new(connection: &impl ConnectionTrait, tables: &[Table]) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let installed =
        Statement::from_string(DbBackend::Postgres, "select 1 where to_regclass('pg_dist_partition') is not null");
    if connection.query_one_raw(installed).await?.is_none() || !is_distributed(connection, business_tables()[0]).await?
    {
        return Ok(());
    }
    connection.execute_unprepared("set local citus.multi_shard_modify_mode = 'sequential'").await?;
    for table in tables.iter().filter(|table| table.business) {
        let call = distribute_call(table.name);
        connection.execute_unprepared(&call).await?;
    }
    Ok(())
}

/// All tables go with the first one, so that a tenant's rows are on one node.
fn distribute_call(table: &str) -> String {
    let first = business_tables()[0];
    let with = if table == first { "none" } else { first };
    format!("select create_distributed_table('{table}', 'tenant_id', colocate_with => '{with}')")
}

async fn is_distributed(connection: &impl ConnectionTrait, table: &str) -> Result<bool, DbErr> {
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        // By hash, or copied to every node; what Citus merely knows of (a local table) is neither.
        "select 1 from pg_dist_partition
         where logicalrelid = $1::regclass and (partmethod = 'h' or (partmethod = 'n' and repmodel = 't'))",
        [table.into()],
    );
    Ok(connection.query_one_raw(statement).await?.is_some())
}

struct ForeignKey {
    table: String,
    name: String,
    definition: String,
}

async fn foreign_keys(connection: &impl ConnectionTrait) -> Result<Vec<ForeignKey>, DbErr> {
    let statement = Statement::from_string(
        DbBackend::Postgres,
        "select conrelid::regclass::text as of_table, conname::text as name, pg_get_constraintdef(oid) as definition
         from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 1, 2",
    );
    connection
        .query_all_raw(statement)
        .await?
        .into_iter()
        .map(|row| {
            Ok(ForeignKey {
                table: row.try_get("", "of_table")?,
                name: row.try_get("", "name")?,
                definition: row.try_get("", "definition")?,
            })
        })
        .collect()
}
