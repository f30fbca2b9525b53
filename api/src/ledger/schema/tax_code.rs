//! Tax codes, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{TaxCodeId, tax_code};
use sea_orm::Condition;

use crate::{
    graphql::{
        Can, Dec, Id, Listed, Paging, complexity,
        filter::{Conditions, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::service,
    money,
};

shown! {
    /// A kind of tax with its rate.
    TaxCode(tax_code),
}

#[Object]
impl TaxCode {
    /// Id.
    async fn id(&self) -> Id<TaxCodeId> {
        Id(self.0.id)
    }

    /// Code, unique within the tenant.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Rate on the net amount, as a fraction: 0.18.
    async fn rate(&self) -> Dec {
        Dec(money::fraction(self.0.rate_bp))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

ordering! {
    /// What tax codes are sorted by.
    TaxCodeOrder, TaxCodeOrderField of tax_code, default Code Asc,
    {
        /// By code.
        Code => Code,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which tax codes.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct TaxCodeFilter {
    /// Words, all of which are in its code.
    search: Option<String>,
    /// Code.
    code: Option<StringFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl TaxCodeFilter {
    fn condition(self) -> Condition {
        use tax_code::Column as C;
        let search = self.search.map(StringFilter::containing);
        Conditions::records(self.archived, C::ArchivedAt).on(C::Code, search).on(C::Code, self.code).all()
    }
}

/// Asking for tax codes.
#[derive(Default)]
pub(crate) struct TaxCodeQuery;

#[Object]
impl TaxCodeQuery {
    /// Kinds of tax.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::CatalogueRead)")]
    async fn tax_codes(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: TaxCodeFilter,
        order_by: Option<TaxCodeOrder>,
    ) -> Result<Listed<TaxCode>> {
        let order = TaxCodeOrder::or_default(order_by);
        list::<tax_code::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A kind of tax.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn tax_code(&self, ctx: &Context<'_>, id: Id<TaxCodeId>) -> Result<TaxCode> {
        Ok(TaxCode(request(ctx).read().await?.require::<tax_code::Entity>(id.0).await?))
    }
}

/// A new tax code.
#[derive(InputObject)]
pub(crate) struct CreateTaxCodeInput {
    /// Code, unique within the tenant.
    code: String,
    /// Name.
    name: String,
    /// Rate on the net amount, as a fraction: "0.18".
    rate: Dec,
}

/// A change of a tax code: what is left out stays. Documents keep the rate that they were written with.
#[derive(InputObject)]
pub(crate) struct UpdateTaxCodeInput {
    /// The tax code.
    id: Id<TaxCodeId>,
    /// The version that was read.
    version: i32,
    /// Code.
    code: Option<String>,
    /// Name.
    name: Option<String>,
    /// Rate on the net amount, as a fraction.
    rate: Option<Dec>,
}

payloads! {
    CreateTaxCodePayload { tax_code: TaxCode },
    UpdateTaxCodePayload { tax_code: TaxCode },
}

archiving! {
    TaxCodeArchiving, tax_code, TaxCodeId, TaxCode, tax_code, FinanceWrite,
    archive_tax_code(ArchiveTaxCodeInput) -> ArchiveTaxCodePayload,
    restore_tax_code(RestoreTaxCodeInput) -> RestoreTaxCodePayload
}

/// Making and changing tax codes.
#[derive(Default)]
pub(crate) struct TaxCodeMutation;

#[Object]
impl TaxCodeMutation {
    /// Makes a tax code.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_tax_code(&self, ctx: &Context<'_>, input: CreateTaxCodeInput) -> Result<CreateTaxCodePayload> {
        let rate_bp = money::fraction_to_basis_points("rate", input.rate.0)?;
        let scope = request(ctx).write().await?;
        let new = service::standard_tax(input.code, input.name, rate_bp);
        let row = service::create_tax_code(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a tax code.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_tax_code(&self, ctx: &Context<'_>, input: UpdateTaxCodeInput) -> Result<UpdateTaxCodePayload> {
        let rate = input.rate.map(|rate| money::fraction_to_basis_points("rate", rate.0)).transpose()?;
        let scope = request(ctx).write().await?;
        let change = |new: &mut tax_code::New| {
            new.code = input.code.unwrap_or_else(|| std::mem::take(&mut new.code));
            new.name = input.name.unwrap_or_else(|| std::mem::take(&mut new.name));
            new.rate_bp = rate.unwrap_or(new.rate_bp);
        };
        let row = service::update_tax_code(&scope, input.id.0, input.version, change).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
