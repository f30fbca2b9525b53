//! How a server is set up.

use std::{net::SocketAddr, path::PathBuf};

/// How mail goes out.
#[derive(Clone)]
pub enum MailConfig {
    /// As `.eml` files into a folder, when no mail server is known.
    Folder(PathBuf),
    /// Over SMTP.
    Smtp {
        /// `smtp://` or `smtps://USER:PASSWORD@HOST:PORT`.
        url: String,
        /// The sender's address.
        from: String,
    },
}

impl std::fmt::Debug for MailConfig {
    /// Without the password that the URL may hold.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => formatter.debug_tuple("Folder").field(path).finish(),
            Self::Smtp { from, .. } => formatter.debug_struct("Smtp").field("from", from).finish_non_exhaustive(),
        }
    }
}

/// Where the bytes of files are kept.
#[derive(Clone, Debug)]
pub enum FilesConfig {
    /// In a folder, which is made when it's missing.
    Folder(PathBuf),
    /// In a bucket that speaks S3: `s3://BUCKET/PREFIX`. Its place and keys come from the variables `AWS_…`.
    Bucket(String),
}

/// How a server is set up.
#[derive(Clone)]
pub struct ServerConfig {
    /// `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// Where it listens; port 0 takes a free one.
    pub addr: SocketAddr,
    /// The folder of the built web page, unless it's in the binary.
    pub web_dir: Option<PathBuf>,
    /// How mail goes out.
    pub mail: MailConfig,
    /// Where the bytes of files are kept.
    pub files: FilesConfig,
    /// The address that people see, for links in mails. Behind TLS it begins with `https://`, and cookies are `Secure` then.
    pub public_url: Option<String>,
    /// Connections to the database at the most.
    pub connections_max: u32,
    /// Trust `X-Forwarded-For` for the client's address: only behind a proxy that sets it.
    pub trust_proxy: bool,
    /// Memory for the ledgers that reports are computed from, in bytes.
    pub report_memory_max: usize,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            database_url: "sqlite://kamara.db".to_owned(),
            addr: SocketAddr::from(([127, 0, 0, 1], 8080)),
            web_dir: None,
            mail: MailConfig::Folder(PathBuf::from("mail")),
            files: FilesConfig::Folder(PathBuf::from("files")),
            public_url: None,
            connections_max: 16,
            trust_proxy: false,
            report_memory_max: 256 * 1024 * 1024,
        }
    }
}

impl ServerConfig {
    /// Whether people reach the server over TLS.
    #[must_use]
    pub fn behind_tls(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The address that people see.
    #[must_use]
    pub fn public_url(&self) -> String {
        let own = || format!("http://{}", self.addr);
        self.public_url.as_deref().map_or_else(own, |url| url.trim_end_matches('/').to_owned())
    }
}
