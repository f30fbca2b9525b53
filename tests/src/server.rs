//! Servers, started in this process through the library that the binary is made of.

use std::{
    future::Future,
    path::PathBuf,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use kamara::{
    config::{FilesConfig, MailConfig, ServerConfig},
    env::{Env, ManualClock},
    server::{self, MigrateOptions, Running},
};
use sea_orm::{ConnectionTrait, Database as Connector, DatabaseConnection};
use tokio::{runtime::Runtime, sync::OnceCell};

use crate::Mailbox;

/// A day before every day that tests use.
pub const PAST: &str = "2000-01-31";

/// The instant at which the clock of every server stands until a test moves it.
#[must_use]
pub fn now() -> DateTime<Utc> {
    "2026-06-15T08:00:00Z".parse().expect("an instant")
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"));
static NUMBER: AtomicU64 = AtomicU64::new(0);

/// Runs a test on the runtime that the servers live on, so that they outlive it.
pub fn block_on<T>(test: impl Future<Output = T>) -> T {
    RUNTIME.block_on(test)
}

/// A folder of this process: beside what cargo builds, so that `cargo clean` takes it away. Those of processes that have ended
/// are taken away here.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let program = std::env::current_exe().expect("this program");
        let target = program.ancestors().nth(3).expect("target/PROFILE/deps").join("tmp/kamara-tests");
        for old in std::fs::read_dir(&target).into_iter().flatten().flatten() {
            let ended = std::fs::metadata(PathBuf::from("/proc").join(old.file_name())).is_err();
            if ended {
                let _ = std::fs::remove_dir_all(old.path());
            }
        }
        target.join(std::process::id().to_string())
    });
    let folder = ROOT.join(name);
    std::fs::create_dir_all(&folder).expect("a folder for the tests' data");
    folder
}

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    /// A file.
    Sqlite,
    /// The throwaway cluster that `make test` starts.
    Postgres,
    /// A Citus cluster, where there is one.
    Citus,
}

/// A server with a database of its own.
#[derive(Debug)]
pub struct Server {
    /// The kind of its database.
    pub database: Database,
    /// Where it listens, as `http://…`.
    pub url: String,
    /// Its clock, which stands still. Only a test that has the server for itself moves it.
    pub clock: ManualClock,
    /// The mails that it sent.
    pub mailbox: Mailbox,
    /// The folder that it keeps files in.
    pub files: PathBuf,
    /// Its database, as the server's role.
    pub database_url: String,
    /// Its database, as the owner's role (the same on SQLite).
    pub owner_url: String,
    pub(crate) http: reqwest::Client,
    running: Running,
}

impl Server {
    /// The server that all tests of this process share, one for each kind of database.
    pub async fn shared(database: Database) -> &'static Self {
        static SQLITE: OnceCell<Server> = OnceCell::const_new();
        static POSTGRES: OnceCell<Server> = OnceCell::const_new();
        static CITUS: OnceCell<Server> = OnceCell::const_new();
        let cell = match database {
            Database::Sqlite => &SQLITE,
            Database::Postgres => &POSTGRES,
            Database::Citus => &CITUS,
        };
        cell.get_or_init(|| Self::start(database)).await
    }

    /// A server of a test's own, with an empty database.
    pub async fn start(database: Database) -> Self {
        let (database_url, owner_url) = empty_database(database).await;
        if database != Database::Sqlite {
            let options = MigrateOptions { citus: database == Database::Citus, ..MigrateOptions::default() };
            server::migrate(&owner_url, &options).await.expect("a migration");
        }
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (mails, files) = (folder(&format!("mail-{number}")), folder(&format!("files-{number}")));
        Self::on(database, database_url, owner_url, Mailbox::new(mails), files).await
    }

    /// Another server on the same database. Either sends the mails that the other was asked for.
    pub async fn beside(&self) -> Self {
        let (database_url, owner_url) = (self.database_url.clone(), self.owner_url.clone());
        Self::on(self.database, database_url, owner_url, self.mailbox.clone(), self.files.clone()).await
    }

    async fn on(database: Database, database_url: String, owner_url: String, mailbox: Mailbox, files: PathBuf) -> Self {
        let (number, clock) = (NUMBER.fetch_add(1, Ordering::Relaxed), ManualClock::new(now()));
        let config = ServerConfig {
            database_url: database_url.clone(),
            addr: ([127, 0, 0, 1], 0).into(),
            mail: MailConfig::Folder(mailbox.folder().to_owned()),
            files: FilesConfig::Folder(files.clone()),
            ..ServerConfig::default()
        };
        // Two servers on one database must not give the same ids, nor two processes on one cluster.
        let seed = number + 1_000_000 * u64::from(std::process::id());
        let running = server::start(config, Env::fixed(clock.clone(), seed)).await.expect("a server");
        Self {
            database,
            url: format!("http://{}", running.addr),
            clock,
            mailbox,
            files,
            database_url,
            owner_url,
            http: http_client(),
            running,
        }
    }

    /// Ends the server; requests that are open end first.
    pub async fn stop(self) {
        self.running.stop().await.expect("an orderly end");
    }

    /// A connection to its database as the owner's role, for tests of what is stored.
    pub async fn owner(&self) -> DatabaseConnection {
        connect(&self.owner_url).await
    }

    /// A connection to its database as the server's role.
    pub async fn as_server(&self) -> DatabaseConnection {
        connect(&self.database_url).await
    }

    /// What `GET` answers.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(format!("{}{path}", self.url)).send().await.expect("an answer")
    }

    /// How many SQL statements the server has run.
    pub async fn statements(&self) -> u64 {
        let metrics = self.get("/metrics").await.text().await.expect("metrics");
        let line = metrics.lines().find(|line| line.starts_with("kamara_sql_statements_total ")).expect("the figure");
        line.rsplit(' ').next().and_then(|figure| figure.parse().ok()).expect("a number")
    }
}

/// A client. The server's object store leaves the choice of a TLS library to the process.
fn http_client() -> reqwest::Client {
    // There may be one already; any will do.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("an HTTP client")
}

/// A connection to a database.
pub async fn connect(url: &str) -> DatabaseConnection {
    Connector::connect(url).await.expect("a connection to the database")
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} isn't set: run the tests by `make test`, or set it as the output of tests/scripts/postgres says")
    })
}

/// An empty database: its URL as the server's role, and as its owner's. On Citus it's the cluster's only one.
pub async fn empty_database(database: Database) -> (String, String) {
    match database {
        Database::Sqlite => {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = folder("sqlite").join(format!("{number}.db"));
            std::fs::File::create(&path).expect("an empty file, which is an empty database");
            let url = format!("sqlite://{}", path.display());
            (url.clone(), url)
        }
        Database::Postgres => new_postgres_database().await,
        Database::Citus => (variable("KAMARA_TEST_CITUS_SERVER"), variable("KAMARA_TEST_CITUS_OWNER")),
    }
}

/// An empty database in the throwaway cluster.
async fn new_postgres_database() -> (String, String) {
    let (owner, server) = (variable("KAMARA_TEST_POSTGRES_OWNER"), variable("KAMARA_TEST_POSTGRES_SERVER"));
    let name = format!("kamara_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let cluster = connect(&owner).await;
    // A process of this number may have been there before.
    for statement in [format!("drop database if exists {name}"), format!("create database {name}")] {
        cluster.execute_unprepared(&statement).await.expect("a database of the test's own");
    }
    cluster.close().await.expect("an orderly end");
    let of_database = |url: &str| format!("{}/{name}", url.rsplit_once('/').expect("a URL with a database").0);
    (of_database(&server), of_database(&owner))
}
