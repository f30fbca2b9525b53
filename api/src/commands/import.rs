//! `kamara import`.

use std::{io::IsTerminal as _, path::PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use kamara::{
    env::Env,
    tenancy::{Access, service},
    transfer::import::import,
};

use super::DatabaseArgs;

/// Reads CSV files into a tenant, as a mapping tells: all of it or nothing. Run again, it changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The tenant: its id, or its name where only one has it.
    #[arg(long, env = "KAMARA_TENANT")]
    tenant: String,
    /// The mapping: which file makes which records, column by column.
    #[arg(long, env = "KAMARA_MAPPING")]
    mapping: PathBuf,
    /// The folder of the CSV files.
    folder: PathBuf,
}

impl Import {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let db = self.database.connect().await?;
        let tenant = service::named(&db, &self.tenant).await?;
        let access = Access::of_operator(tenant, "import");
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
        bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
        let progress = |done: usize, total: usize, what: &str| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
            bar.set_message(what.to_owned());
        };
        let outcome = import(&db, &Env::system(), &access, &self.mapping, &self.folder, &progress).await?;
        bar.finish_and_clear();
        db.close().await?;
        println!("{} records were made, {} were there already.", outcome.made, outcome.unchanged);
        Ok(())
    }
}
