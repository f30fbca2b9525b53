//! Figures for Prometheus.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use super::Server;

/// The server's figures.
#[derive(Clone)]
pub(super) struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    errors: IntCounterVec,
    statements: IntGauge,
}

impl Metrics {
    /// Figures that begin at zero.
    pub(super) fn new() -> anyhow::Result<Self> {
        let registry = Registry::new();
        let requests = Opts::new("kamara_http_requests_total", "Requests, by route and status.");
        let requests = IntCounterVec::new(requests, &["route", "status"])?;
        let seconds = HistogramOpts::new("kamara_http_request_seconds", "How long requests took, by route.")
            .buckets(vec![0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0]);
        let seconds = HistogramVec::new(seconds, &["route"])?;
        let errors = Opts::new("kamara_graphql_errors_total", "Errors that were answered, by code.");
        let errors = IntCounterVec::new(errors, &["code"])?;
        let statements = IntGauge::new(
            "kamara_sql_statements_total",
            "SQL statements that were run, those that open and end transactions aside.",
        )?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(errors.clone()))?;
        registry.register(Box::new(statements.clone()))?;
        Ok(Self(Arc::new(Figures { registry, requests, seconds, errors, statements })))
    }

    /// Counts a request.
    pub(super) fn request(&self, route: &str, status: StatusCode, took: Duration) {
        self.0.requests.with_label_values(&[route, status.as_str()]).inc();
        self.0.seconds.with_label_values(&[route]).observe(took.as_secs_f64());
    }

    /// Counts an error.
    pub(super) fn error(&self, code: &str) {
        self.0.errors.with_label_values(&[code]).inc();
    }
}

/// Shows the figures.
pub(super) async fn show(State(server): State<Server>) -> Response {
    let figures = &server.metrics.0;
    figures.statements.set(i64::try_from(server.app.db.statements()).unwrap_or(i64::MAX));
    let mut body = Vec::new();
    let encoder = TextEncoder::new();
    match encoder.encode(&figures.registry.gather(), &mut body) {
        Ok(()) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], body).into_response(),
        Err(error) => {
            tracing::error!(%error, "can't show the metrics");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
