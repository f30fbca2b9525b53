//! `kamara export`.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use kamara::{
    env::Env,
    tenancy::{Access, service},
    transfer::export::{Format, export},
};

use super::DatabaseArgs;

/// Writes a tenant's whole ledger.
#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The tenant: its id, or its name where only one has it.
    #[arg(long, env = "KAMARA_TENANT")]
    tenant: String,
    /// A journal that hledger reads, or CSV.
    #[arg(long, env = "KAMARA_FORMAT", default_value = "hledger")]
    format: FormatArg,
    /// Where to; the standard output when left out.
    #[arg(long, env = "KAMARA_OUTPUT")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FormatArg {
    Hledger,
    Csv,
}

impl Export {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let db = self.database.connect().await?;
        let tenant = service::named(&db, &self.tenant).await?;
        let scope = Access::of_operator(tenant, "export").read(&db, &Env::system()).await?;
        let format = match self.format {
            FormatArg::Hledger => Format::Hledger,
            FormatArg::Csv => Format::Csv,
        };
        let out: Box<dyn Write + Send> = match &self.output {
            Some(path) => Box::new(BufWriter::new(File::create(path)?)),
            None => Box::new(BufWriter::new(std::io::stdout())),
        };
        export(&scope, format, out).await?;
        scope.commit().await?;
        db.close().await?;
        Ok(())
    }
}
