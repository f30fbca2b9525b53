//! The running server: what every request has at hand.

use std::{ops::Deref, sync::Arc};

use crate::{config::ServerConfig, db::Db, env::Env, files::Store, mail::Mailer, reports::Snapshots};

/// The running server; clones are the same one.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What a running server has.
pub struct Parts {
    /// Its configuration.
    pub config: ServerConfig,
    /// The database.
    pub db: Db,
    /// The clock, and the source of ids and secrets.
    pub env: Env,
    /// How mail goes out.
    pub mailer: Mailer,
    /// Where the bytes of files are kept.
    pub files: Store,
    /// The ledgers that reports were computed from of late.
    pub snapshots: Snapshots,
    /// Wakes the worker of the outbox.
    pub jobs: tokio::sync::Notify,
}

impl App {
    /// A server of these parts.
    #[must_use]
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
