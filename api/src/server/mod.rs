//! The HTTP server.

mod authenticate;
mod body;
mod documents;
mod files;
mod graphql;
mod idempotency;
mod metrics;
mod observe;
mod page;

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kamara_entities::Language;
use sea_orm::{ConnectionTrait, DbBackend};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, timeout::TimeoutLayer};

pub use crate::db::{MigrateOptions, migrate};
use crate::{
    app::{App, Parts},
    config::ServerConfig,
    db::{self, Db},
    env::Env,
    error::Error,
    files::Store,
    graphql as api,
    mail::Mailer,
    reports::Snapshots,
};

/// The largest body of a request by nobody who is known.
const BODY_MAX: usize = 1024 * 1024;
/// The largest body of a request by somebody who is logged in: banks' files are within requests.
const BODY_OF_CALLER_MAX: usize = 16 * BODY_MAX;
/// How long a request may take.
const REQUEST_LASTS_MAX: Duration = Duration::from_mins(1);

#[derive(Clone)]
struct Server {
    app: App,
    schema: api::Schema,
    metrics: metrics::Metrics,
}

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    stop: watch::Sender<bool>,
    serving: JoinHandle<std::io::Result<()>>,
    working: JoinHandle<()>,
    db: Db,
}

impl Running {
    /// Ends it: requests that are open end first.
    ///
    /// # Errors
    ///
    /// When serving failed, or the database can't be closed.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stop.send_replace(true);
        self.serving.await??;
        self.working.await?;
        self.db.close().await?;
        Ok(())
    }
}

/// Starts a server. A SQLite database is brought up to date first.
///
/// # Errors
///
/// When the address is taken, the database can't be reached or isn't up to date, or PostgreSQL's role isn't the server's own.
pub async fn start(mut config: ServerConfig, env: Env) -> anyhow::Result<Running> {
    if config.database_url.starts_with("sqlite:") {
        db::migrate(&config.database_url, &MigrateOptions::default()).await?;
    }
    let db = Db::connect(&config.database_url, config.connections_max).await?;
    if db.backend() == DbBackend::Postgres {
        check_postgres(&db).await?;
    }
    let listener = TcpListener::bind(config.addr).await.with_context(|| format!("can't listen at {}", config.addr))?;
    config.addr = listener.local_addr()?;
    let (addr, mailer) = (config.addr, Mailer::new(&config.mail)?);
    let files = Store::open(&config.files)?;
    let snapshots = Snapshots::new(config.report_memory_max);
    let parts = Parts { config, db: db.clone(), env, mailer, files, snapshots, jobs: tokio::sync::Notify::new() };
    let app = App::new(parts);
    let (stop, stopped) = watch::channel(false);
    let router = router(Server { app: app.clone(), schema: api::build(), metrics: metrics::Metrics::new()? });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut until = stopped.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        let _ = until.wait_for(|stop| *stop).await;
    });
    let serving = tokio::spawn(async move { serving.await });
    let working = tokio::spawn(crate::jobs::work(app, stopped));
    Ok(Running { addr, stop, serving, working, db })
}

/// The database is up to date, and row-level security binds the server's role.
async fn check_postgres(db: &Db) -> anyhow::Result<()> {
    anyhow::ensure!(
        db::is_current(db.reader()).await?,
        "the database isn't up to date: run `kamara migrate` as its owner"
    );
    let statement = sea_orm::Statement::from_string(
        DbBackend::Postgres,
        "select exists(select from pg_roles where rolname = current_user and (rolsuper or rolbypassrls))
           or exists(select from pg_tables where schemaname = 'public' and tableowner = current_user) as unbound",
    );
    let row = db.reader().query_one_raw(statement).await?.context("PostgreSQL gave no answer")?;
    anyhow::ensure!(
        !row.try_get::<bool>("", "unbound")?,
        "this role owns the tables or passes row-level security by: serve as a role of the server's own (kamara_server)"
    );
    Ok(())
}

fn router(server: Server) -> Router {
    let page = page::routes(server.app.config.web_dir.as_deref());
    Router::new()
        .route("/graphql", post(graphql::answer))
        .route("/files", post(files::upload))
        .route("/files/{id}", get(files::download))
        .route("/documents/{kind}/{file}", get(documents::document))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::show))
        .merge(page)
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(|_| failed()))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, REQUEST_LASTS_MAX))
        .layer(axum::middleware::from_fn_with_state(server.clone(), observe::observe))
        .with_state(server)
}

/// Whether requests can be answered: the database answers.
async fn ready(State(server): State<Server>) -> Response {
    match server.app.db.ping().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "the database doesn't answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database doesn't answer").into_response()
        }
    }
}

/// The answer to a panic, which the log tells.
fn failed() -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "Something went wrong on our side. Nothing was changed.")
}

/// An answer to a request that isn't GraphQL, in the form of its errors. Our own faults are logged, here and only here.
fn told(error: &Error, language: Language) -> Response {
    if let Error::Internal(detail) = error {
        tracing::error!(error = detail, "a request failed");
    }
    let status = match error {
        Error::Unauthenticated => StatusCode::UNAUTHORIZED,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::NotFound { .. } => StatusCode::NOT_FOUND,
        Error::Invalid { .. } => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Conflict(_) => StatusCode::CONFLICT,
        Error::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut extensions = serde_json::json!({ "code": error.code() });
    if let Some(field) = error.field() {
        extensions["field"] = field.into();
    }
    let message = error.message();
    let error = serde_json::json!({ "message": message.in_language(language), "extensions": extensions });
    (status, Json(serde_json::json!({ "data": null, "errors": [error] }))).into_response()
}

/// An answer to what never became a GraphQL request, in the form of its errors.
fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = serde_json::json!({ "data": null, "errors": [{ "message": message, "extensions": { "code": code } }] });
    (status, Json(body)).into_response()
}
