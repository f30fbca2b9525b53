//! `kamara demo`.

use std::path::PathBuf;

use chrono::NaiveDate;
use kamara::{
    config::FilesConfig,
    demo::{self, Demo as Options, Outcome},
    env::Env,
    files::Store,
};

use super::{DatabaseArgs, data_folder};

/// Makes a demo company with two years of believable life, the same each time for a seed and a date. Where the owner's address
/// is known already it changes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Another seed gives another company.
    #[arg(long, env = "KAMARA_SEED", default_value_t = 1)]
    seed: u64,
    /// The day up to which the company has lived: YYYY-MM-DD. Today in Tbilisi when left out.
    #[arg(long, env = "KAMARA_DATE")]
    date: Option<NaiveDate>,
    /// The owner's address.
    #[arg(long, env = "KAMARA_EMAIL", default_value = demo::EMAIL)]
    email: String,
    /// The password of the owner and of everybody else who can log in.
    #[arg(long, env = "KAMARA_PASSWORD", default_value = demo::PASSWORD, hide_env_values = true)]
    password: String,
    /// The folder that receipts are kept in, the same as the server's. In the user's data folder when left out.
    #[arg(long, env = "KAMARA_FILES_DIR")]
    files_dir: Option<PathBuf>,
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let date = self.date.unwrap_or_else(|| demo::today(&Env::system()));
        let folder = match self.files_dir {
            Some(folder) => folder,
            None => data_folder()?.join("files"),
        };
        let files = Some(Store::open(&FilesConfig::Folder(folder))?);
        let options = Options { seed: self.seed, date, email: self.email, password: self.password, files };
        let db = self.database.connect().await?;
        let outcome = Box::pin(demo::make(&db, &options)).await?;
        db.close().await?;
        match outcome {
            Outcome::Made(made) => {
                println!("{made}");
                println!("Log in as {} with the password: {}", options.email, options.password);
            }
            Outcome::ThereAlready => println!("{} can log in already: nothing was changed.", options.email),
        }
        Ok(())
    }
}
