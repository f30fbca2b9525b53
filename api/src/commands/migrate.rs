//! `kamara migrate`.

use kamara::server::{MigrateOptions, migrate};

use super::DatabaseArgs;

#[derive(Debug, clap::Args)]
pub(crate) struct Migrate {
    #[command(flatten)]
    database: DatabaseArgs,
    /// PostgreSQL: the role that `serve` logs in as, which is given its rights. It owns nothing.
    #[arg(long, env = "KAMARA_SERVER_ROLE", default_value = "kamara_server")]
    server_role: String,
    /// PostgreSQL with Citus: distribute every business table by its tenant.
    #[arg(long, env = "KAMARA_CITUS")]
    citus: bool,
}

impl Migrate {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let options = MigrateOptions { server_role: self.server_role, citus: self.citus };
        migrate(&self.database.url()?, &options).await?;
        eprintln!("The database is up to date.");
        Ok(())
    }
}
