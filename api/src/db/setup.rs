//! Bringing a database up to date.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use kamara_migration::{Migrator, MigratorTrait, citus, grants};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend};

use super::{sqlite, sqlite_path};

/// What a migration does beside the tables, on PostgreSQL.
#[derive(Clone, Debug)]
pub struct MigrateOptions {
    /// The role that the server logs in as, which is given its rights.
    pub server_role: String,
    /// Distribute the tables over a Citus cluster.
    pub citus: bool,
}

impl Default for MigrateOptions {
    fn default() -> Self {
        Self { server_role: "kamara_server".to_owned(), citus: false }
    }
}

/// Brings a database up to date. A SQLite file that holds data is copied first, beside itself.
///
/// # Errors
///
/// When the database can't be reached, or a migration fails: then nothing of that migration was done.
pub async fn migrate(url: &str, options: &MigrateOptions) -> anyhow::Result<()> {
    if let Some(path) = sqlite_path(url) {
        if let Some(folder) = Path::new(&path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)?;
        }
        let connection = sqlite(&path, 1).await?;
        copy_before_upgrade(&connection, Path::new(&path)).await?;
        // A table that changes is written anew, which foreign keys would forbid; each migration checks them at its end.
        connection.execute_unprepared("pragma foreign_keys = off").await?;
        Migrator::up(&connection, None).await?;
        connection.close().await?;
        return Ok(());
    }
    let connection =
        Database::connect(url).await.map_err(|error| anyhow::anyhow!("can't reach the PostgreSQL server: {error}"))?;
    Migrator::up(&connection, None).await?;
    if options.citus {
        citus::distribute(&connection).await.context("can't distribute the tables")?;
    }
    grants::grant_server(&connection, &options.server_role)
        .await
        .with_context(|| format!("can't grant the role {} its rights", options.server_role))?;
    connection.close().await?;
    Ok(())
}

/// Whether every migration has been applied.
///
/// # Errors
///
/// When the database doesn't answer.
pub async fn is_current(connection: &impl ConnectionTrait) -> anyhow::Result<bool> {
    Ok(Migrator::get_pending_migrations_read_only(connection).await?.is_empty())
}

async fn copy_before_upgrade(connection: &DatabaseConnection, path: &Path) -> anyhow::Result<()> {
    let applied = Migrator::get_applied_migrations(connection).await?;
    let pending = Migrator::get_pending_migrations(connection).await?;
    if applied.is_empty() || pending.is_empty() {
        return Ok(());
    }
    let newest = applied.last().map(|migration| migration.name().to_owned()).unwrap_or_default();
    let copy = PathBuf::from(format!("{}.before-upgrade-from-{newest}", path.display()));
    if copy.exists() {
        return Ok(());
    }
    let statement = sea_orm::Statement::from_sql_and_values(
        DbBackend::Sqlite,
        "vacuum into ?",
        [copy.display().to_string().into()],
    );
    connection.execute_raw(statement).await.context("can't copy the database before its upgrade")?;
    tracing::info!(copy = %copy.display(), "copied the database before its upgrade");
    Ok(())
}
