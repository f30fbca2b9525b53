//! Every table, key, constraint, trigger and row-level-security policy.
//!
//! A migration is one transaction on both databases. Tables are described once, by [`table::Table`], which writes the
//! SQL of each database. What only one of them has is beside it: [`grants`] (the rights of PostgreSQL's server role) and
//! [`citus`] (distribution over shards).

pub mod catalogue;
pub mod citus;
pub mod grants;
mod m20261124_000001_first;
mod m20261124_000002_finance;
mod m20261130_000003_documents;
mod m20261130_000004_bill_splits;
mod m20261201_000001_bill_taxes;
mod m20261201_000002_number_series;
pub mod table;

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::{MigrationTrait, async_trait};

/// All migrations, in their order.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_first::Migration),
            Box::new(m20261124_000002_finance::Migration),
            Box::new(m20261130_000003_documents::Migration),
            Box::new(m20261130_000004_bill_splits::Migration),
            Box::new(m20261201_000001_bill_taxes::Migration),
            Box::new(m20261201_000002_number_series::Migration),
        ]
    }
}
