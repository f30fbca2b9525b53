//! The database: connections, and where SQLite and PostgreSQL differ.

mod setup;

use std::{
    path::Path,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context as _;
use kamara_entities::TenantId;
use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExprTrait as _, SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::Expr,
};

pub use self::setup::{MigrateOptions, is_current, migrate};

/// Parameters that one statement may have: SQLite's limit is 32,766, PostgreSQL's 65,535.
pub const PARAMETERS_MAX: usize = 32_000;

/// The sum of a column of 64-bit integers, as one: PostgreSQL's own is a decimal. Overflow is an error there and on SQLite.
#[must_use]
pub fn sum(column: impl ColumnTrait) -> Expr {
    column.sum().cast_as("bigint")
}

/// A database, with a pool for reading and one for writing. On SQLite the latter has one connection, so that writers queue
/// instead of polling a lock.
#[derive(Clone, Debug)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Db {
    /// Connects to `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    ///
    /// When the URL is of another kind, or the database can't be reached.
    pub async fn connect(url: &str, connections_max: u32) -> anyhow::Result<Self> {
        let statements = Arc::new(AtomicU64::new(0));
        let (read, write) = if let Some(path) = sqlite_path(url) {
            if let Some(folder) = Path::new(&path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder)
                    .with_context(|| format!("can't make the folder {}", folder.display()))?;
            }
            (sqlite(&path, connections_max).await?, sqlite(&path, 1).await?)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = postgres(url, connections_max).await?;
            (pool.clone(), pool)
        } else {
            anyhow::bail!("a database is sqlite://PATH or postgres://USER@HOST/NAME");
        };
        let counted = |mut connection: DatabaseConnection| {
            let statements = Arc::clone(&statements);
            connection.set_metric_callback(move |_| {
                statements.fetch_add(1, Ordering::Relaxed);
            });
            connection
        };
        Ok(Self { read: counted(read), write: counted(write), statements })
    }

    /// Which kind of database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// How many SQL statements were run since the start, those that open and end transactions aside.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.ping().await
    }

    /// Closes the connections once they're idle.
    ///
    /// # Errors
    ///
    /// When closing fails.
    pub async fn close(self) -> Result<(), DbErr> {
        self.read.close().await?;
        self.write.close().await
    }

    /// Begins a transaction over control tables only.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.write.begin_with_options(writing()).await
    }

    /// For reading control tables outside a transaction.
    pub(crate) const fn reader(&self) -> &DatabaseConnection {
        &self.read
    }

    /// Begins a tenant's transaction. One round trip beside `BEGIN` on PostgreSQL.
    pub(crate) async fn begin_for(&self, tenant: TenantId, access: Access) -> Result<DatabaseTransaction, DbErr> {
        let transaction = match access {
            Access::Read => self.read.begin().await?,
            Access::Write => self.begin().await?,
        };
        enter(&transaction, tenant, access).await?;
        Ok(transaction)
    }
}

/// Whether a transaction will write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Tells PostgreSQL whose rows a transaction may see. (`set_config` would do on one server, but doesn't reach Citus' workers.)
pub(crate) async fn enter(transaction: &DatabaseTransaction, tenant: TenantId, access: Access) -> Result<(), DbErr> {
    if transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let tenant = format!("set local kamara.tenant = '{tenant}'");
    let statement = match access {
        // One snapshot for the whole query, so that its totals agree.
        Access::Read => format!("set transaction isolation level repeatable read, read only; {tenant}"),
        Access::Write => tenant,
    };
    transaction.execute_unprepared(&statement).await?;
    Ok(())
}

/// A deferred transaction that turns to writing fails on SQLite as soon as another has written.
fn writing() -> TransactionOptions {
    TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    }
}

fn sqlite_path(url: &str) -> Option<String> {
    let rest = url.strip_prefix("sqlite:")?;
    Some(rest.strip_prefix("//").unwrap_or(rest).to_owned())
}

async fn sqlite(path: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
    let url = format!("sqlite://{path}?mode=rwc");
    let mut options = ConnectOptions::new(url.clone());
    // A file doesn't go away as a server does: to ask a connection whether it's there takes a way to its thread and back.
    options.max_connections(connections).min_connections(1).test_before_acquire(false).sqlx_logging(false);
    // The URL is parsed here as well, so that a wrong one fails with its reason.
    SqliteConnectOptions::from_str(&url)?;
    options.map_sqlx_sqlite_opts(|options| {
        options
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30))
            // In KiB, as SQLite counts what is negative: its own 2 MiB don't hold the indexes of a year's documents.
            .pragma("cache_size", "-16000")
            .statement_cache_capacity(500)
    });
    Database::connect(options).await.with_context(|| format!("can't open the database {path}"))
}

async fn postgres(url: &str, connections: u32) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(false);
    // `SET LOCAL kamara.tenant` must reach the nodes of a Citus cluster; without one, the setting means nothing.
    options.map_sqlx_postgres_opts(|options| {
        options.options([("citus.propagate_set_commands", "local")]).statement_cache_capacity(500)
    });
    // The URL holds a password: the error must not repeat it.
    Database::connect(options).await.map_err(|error| anyhow::anyhow!("can't reach the PostgreSQL server: {error}"))
}
