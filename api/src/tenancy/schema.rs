//! The tenant, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{TenantId, control::tenant, ledger};

use super::service::{self, TenantChange};
use crate::{
    error::Error,
    graphql::{Can, Date, Id, enums::Language, request},
    identity::Permission,
};

/// A signed-up company: a workspace.
#[derive(Clone, Debug)]
pub(crate) struct Tenant(tenant::Model);

impl From<tenant::Model> for Tenant {
    fn from(row: tenant::Model) -> Self {
        Self(row)
    }
}

#[Object]
impl Tenant {
    /// Id.
    async fn id(&self) -> Id<TenantId> {
        Id(self.0.id)
    }

    /// The company's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// ISO 3166 code of its country.
    async fn country(&self) -> &str {
        &self.0.country
    }

    /// ISO 4217 code of the currency that its books are kept in.
    async fn base_currency(&self) -> &str {
        &self.0.base_currency
    }

    /// IANA name of the time zone that its dates are in.
    async fn time_zone(&self) -> &str {
        &self.0.time_zone
    }

    /// Language of what is made for all.
    async fn language(&self) -> Language {
        self.0.language.into()
    }

    /// Nothing is posted on or before this day.
    async fn closed_until(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        let caller = request(ctx).caller().and_then(|caller| caller.place().cloned());
        // Right after a sign-up or log-in the session isn't the request's yet; the books of another tenant are never read.
        if !caller.is_ok_and(|place| place.tenant.id == self.0.id) {
            return Ok(None);
        }
        let scope = request(ctx).read().await?;
        let ledger = scope.first(scope.find::<ledger::Entity>()).await?;
        Ok(ledger.ok_or(Error::not_found("ledger"))?.closed_until.map(Date))
    }

    /// The present day in its time zone.
    async fn today(&self, ctx: &Context<'_>) -> Date {
        Date(service::today(&self.0, &request(ctx).app().env))
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A change of the workspace's settings; what is left out stays.
#[derive(InputObject)]
pub(crate) struct UpdateTenantInput {
    /// The version that was read.
    version: i32,
    /// The company's name.
    name: Option<String>,
    /// IANA name of the time zone.
    time_zone: Option<String>,
    /// Language of what is made for all.
    language: Option<Language>,
}

payloads! { UpdateTenantPayload { tenant: Tenant } }

/// Changing the workspace's settings.
#[derive(Default)]
pub(crate) struct TenancyMutation;

#[Object]
impl TenancyMutation {
    /// Changes the workspace's settings.
    #[graphql(guard = "Can(Permission::TenantManage)")]
    async fn update_tenant(&self, ctx: &Context<'_>, input: UpdateTenantInput) -> Result<UpdateTenantPayload> {
        let scope = request(ctx).write().await?;
        let change = TenantChange {
            version: input.version,
            name: input.name,
            time_zone: input.time_zone,
            language: input.language.map(Into::into),
        };
        let tenant = service::update(&scope, change).await?;
        request(ctx).commit(scope).await?;
        Ok(tenant.into())
    }
}
