//! The request that a resolver works for: who asks, and the scope that it reads from.

use std::sync::Arc;

use async_graphql::Context;
use kamara_entities::Language;
use tokio::sync::Mutex;

use crate::{
    app::App,
    error::{Error, Result},
    identity::Caller,
    tenancy::{Access, TenantScope},
};

/// What is known of the client.
#[derive(Clone, Debug, Default)]
pub struct Client {
    /// The request's id, which is in the logs and the answer too.
    pub request_id: String,
    /// The client's address.
    pub ip: Option<String>,
    /// What it calls itself.
    pub user_agent: Option<String>,
    /// The language that it asks for.
    pub language: Option<Language>,
}

/// One GraphQL request. A query shares one scope that reads; each root mutation field has one of its own that writes, and its
/// payload is resolved from a fresh one that reads.
///
/// With an `Idempotency-Key` the mutation's scope stays open until its answer is written beside it, and the payload is
/// resolved from that scope.
pub struct Request(Arc<State>);

struct State {
    app: App,
    caller: Option<Caller>,
    client: Client,
    keeps_open: bool,
    scope: Mutex<Option<Arc<TenantScope>>>,
}

impl Clone for Request {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Request {
    /// A request of a caller, if one is logged in.
    #[must_use]
    pub fn new(app: App, caller: Option<Caller>, client: Client, keeps_open: bool) -> Self {
        Self(Arc::new(State { app, caller, client, keeps_open, scope: Mutex::new(None) }))
    }

    /// The running server.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// What is known of the client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Who asks.
    pub fn caller(&self) -> Result<&Caller> {
        self.0.caller.as_ref().ok_or(Error::Unauthenticated)
    }

    /// The language that messages are in.
    #[must_use]
    pub fn language(&self) -> Language {
        let own = self.0.caller.as_ref().map(|caller| caller.user.language);
        own.or(self.0.client.language).unwrap_or(Language::En)
    }

    fn access(&self) -> Result<Access> {
        self.caller()?.access(&self.0.client)
    }

    /// The scope that reads.
    pub async fn read(&self) -> Result<Arc<TenantScope>> {
        let mut slot = self.0.scope.lock().await;
        if let Some(scope) = &*slot {
            return Ok(Arc::clone(scope));
        }
        let scope = Arc::new(self.access()?.read(&self.0.app.db, &self.0.app.env).await?);
        *slot = Some(Arc::clone(&scope));
        Ok(scope)
    }

    /// A scope that writes, for one root mutation field.
    pub async fn write(&self) -> Result<Arc<TenantScope>> {
        let mut slot = self.0.scope.lock().await;
        if self.0.keeps_open && slot.is_some() {
            return Err(Error::internal("a request with an idempotency key holds one mutation field"));
        }
        close(slot.take()).await?;
        let scope = Arc::new(self.access()?.write(&self.0.app.db, &self.0.app.env).await?);
        if self.0.keeps_open {
            *slot = Some(Arc::clone(&scope));
        }
        Ok(scope)
    }

    /// Keeps what a root mutation field wrote.
    pub async fn commit(&self, scope: Arc<TenantScope>) -> Result<()> {
        if self.0.keeps_open {
            return scope.write_all().await;
        }
        close(Some(scope)).await
    }

    /// Takes the scope that is still open, for whoever ends the request.
    pub async fn take_scope(&self) -> Option<TenantScope> {
        self.0.scope.lock().await.take().and_then(Arc::into_inner)
    }
}

async fn close(scope: Option<Arc<TenantScope>>) -> Result<()> {
    match scope.map(Arc::into_inner) {
        None => Ok(()),
        Some(Some(scope)) => scope.commit().await,
        Some(None) => Err(Error::internal("a scope is still in use")),
    }
}

/// The request that a resolver works for: the one place that runs documents gives it to each.
pub(crate) fn request<'a>(ctx: &Context<'a>) -> &'a Request {
    ctx.data_unchecked()
}
