//! `kamara serve`.

use std::{net::SocketAddr, path::PathBuf};

use kamara::{
    config::{FilesConfig, MailConfig, ServerConfig},
    env::Env,
    server,
};

use super::{DatabaseArgs, data_folder};

#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Where to listen.
    #[arg(long, env = "KAMARA_ADDR", default_value = "127.0.0.1:8080")]
    addr: SocketAddr,
    /// The folder of the built web page, instead of the one in the binary.
    #[arg(long, env = "KAMARA_WEB_DIR")]
    web_dir: Option<PathBuf>,
    /// The address that people see, for links in mails; behind TLS it begins with https://, and cookies are Secure then.
    #[arg(long, env = "KAMARA_PUBLIC_URL")]
    public_url: Option<String>,
    /// A mail server: smtp://HOST:PORT or smtps://USER:PASSWORD@HOST:PORT.
    #[arg(long, env = "KAMARA_SMTP", hide_env_values = true, requires = "mail_from")]
    smtp: Option<String>,
    /// The sender of mails.
    #[arg(long, env = "KAMARA_MAIL_FROM")]
    mail_from: Option<String>,
    /// Without a mail server: the folder that mails are written into. In the user's data folder when left out.
    #[arg(long, env = "KAMARA_MAIL_DIR")]
    mail_dir: Option<PathBuf>,
    /// The folder that uploaded files are kept in. In the user's data folder when left out.
    #[arg(long, env = "KAMARA_FILES_DIR")]
    files_dir: Option<PathBuf>,
    /// A bucket for them instead, that speaks S3: <s3://BUCKET/PREFIX>. `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID` and the
    /// other variables of AWS tell the rest.
    #[arg(long, env = "KAMARA_FILES_BUCKET", conflicts_with = "files_dir")]
    files_bucket: Option<String>,
    /// Connections to the database, at most.
    #[arg(long, env = "KAMARA_CONNECTIONS", default_value_t = 16)]
    connections: u32,
    /// Behind a proxy that sets X-Forwarded-For: trust its last address.
    #[arg(long, env = "KAMARA_TRUST_PROXY")]
    trust_proxy: bool,
    /// Memory for the ledgers that reports are computed from, in MiB.
    #[arg(long, env = "KAMARA_REPORT_MEMORY", default_value_t = 256)]
    report_memory: usize,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mail = match (self.smtp, self.mail_from) {
            (Some(url), Some(from)) => MailConfig::Smtp { url, from },
            _ => MailConfig::Folder(match self.mail_dir {
                Some(folder) => folder,
                None => data_folder()?.join("mail"),
            }),
        };
        let files = match (self.files_bucket, self.files_dir) {
            (Some(bucket), _) => FilesConfig::Bucket(bucket),
            (None, Some(folder)) => FilesConfig::Folder(folder),
            (None, None) => FilesConfig::Folder(data_folder()?.join("files")),
        };
        let config = ServerConfig {
            database_url: self.database.url()?,
            addr: self.addr,
            web_dir: self.web_dir,
            mail,
            files,
            public_url: self.public_url,
            connections_max: self.connections,
            trust_proxy: self.trust_proxy,
            report_memory_max: self.report_memory * 1024 * 1024,
        };
        let running = server::start(config, Env::system()).await?;
        tracing::info!("listening at http://{}", running.addr);
        stopped().await?;
        tracing::info!("stopping: open requests end first");
        running.stop().await
    }
}

/// Waits for SIGTERM or Ctrl-C.
async fn stopped() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        done = tokio::signal::ctrl_c() => done?,
    }
    Ok(())
}
