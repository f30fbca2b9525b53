//! What the `kamara` command does. Every option is also a variable: `--database` is `KAMARA_DATABASE`.

mod demo;
mod export;
mod import;
mod migrate;
mod serve;
mod verify;

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use kamara::{
    db::Db,
    server::{MigrateOptions, migrate},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

/// CRM, ERP and HR over one ledger.
#[derive(Debug, Parser)]
#[command(name = "kamara", version, about)]
pub(crate) struct Command {
    /// How logs are written.
    #[arg(long, env = "KAMARA_LOG_FORMAT", default_value = "text", global = true)]
    log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace, or by module as `kamara=debug,info`.
    #[arg(long, env = "KAMARA_LOG", default_value = "info,sea_orm_migration=warn,sqlx=warn", global = true)]
    log: String,
    #[command(subcommand)]
    act: Act,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    /// Run the server.
    Serve(serve::Serve),
    /// Bring a database up to date: on PostgreSQL as its owner, before `serve`.
    Migrate(migrate::Migrate),
    /// Make a demo company with two years of believable life.
    Demo(demo::Demo),
    /// Read CSV files into a tenant, as a mapping tells.
    Import(import::Import),
    /// Write a tenant's whole ledger.
    Export(export::Export),
    /// Check that the books are as they were posted.
    Verify(verify::Verify),
    /// Print the API's schema.
    Schema,
}

/// Which database.
#[derive(Debug, clap::Args)]
pub(crate) struct DatabaseArgs {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/NAME`. A SQLite file in the user's data folder when left out.
    #[arg(long, env = "KAMARA_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

impl DatabaseArgs {
    /// Connects to the database, which must be up to date.
    async fn connect(&self) -> anyhow::Result<Db> {
        let url = self.url()?;
        if url.starts_with("sqlite:") {
            migrate(&url, &MigrateOptions::default()).await?;
        }
        Db::connect(&url, 4).await
    }

    fn url(&self) -> anyhow::Result<String> {
        match &self.database {
            Some(url) => Ok(url.clone()),
            None => Ok(format!("sqlite://{}", data_folder()?.join("kamara.db").display())),
        }
    }
}

/// Where the user's data are kept when nothing else is said.
fn data_folder() -> anyhow::Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "kamara")
        .ok_or_else(|| anyhow::anyhow!("this user has no home folder: say where with --database and --mail-dir"))?;
    Ok(folders.data_dir().to_owned())
}

/// Does what was asked.
pub(crate) async fn run(command: Command) -> anyhow::Result<()> {
    let registry = tracing_subscriber::registry().with(EnvFilter::try_new(&command.log)?);
    match command.log_format {
        LogFormat::Text => registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).init(),
        LogFormat::Json => registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).init(),
    }
    match command.act {
        Act::Serve(serve) => serve.run().await,
        Act::Migrate(migrate) => migrate.run().await,
        Act::Demo(demo) => demo.run().await,
        Act::Import(import) => import.run().await,
        Act::Export(export) => export.run().await,
        Act::Verify(verify) => verify.run().await,
        Act::Schema => {
            print!("{}", kamara::graphql::sdl());
            Ok(())
        }
    }
}
