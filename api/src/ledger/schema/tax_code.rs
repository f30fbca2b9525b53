//! Tax codes, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{TaxCodeId, tax_code, tax_rate};
use sea_orm::Condition;

use crate::{
    error,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Paging, complexity,
        enums::{TaxKind, TaxRounding},
        filter::{Conditions, StringFilter, TaxKindFilter},
        list, request,
    },
    identity::Permission,
    ledger::service,
    money,
    tenancy::{Direction, Order},
};

shown! {
    /// A kind of tax with its rate.
    TaxCode(tax_code),
}

shown! {
    /// A rate that a tax code has from some day on.
    TaxRate(tax_rate),
}

#[Object]
impl TaxRate {
    /// Its first day.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// The rate on the net amount, as a fraction.
    async fn rate(&self) -> Dec {
        Dec(money::fraction(self.0.rate_bp))
    }
}

struct RatesOfTaxCode;
impl Children for RatesOfTaxCode {
    type Entity = tax_rate::Entity;
    const PARENT: tax_rate::Column = tax_rate::Column::TaxCodeId;
    const ORDER: Order<tax_rate::Column> = Order { column: tax_rate::Column::ValidFrom, direction: Direction::Asc };
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

    /// Today's rate on the net amount, as a fraction: 0.18.
    async fn rate(&self, ctx: &Context<'_>) -> Result<Dec> {
        let rates = ctx.all_of::<RatesOfTaxCode>(self.0.id.0).await?;
        let today = request(ctx).read().await?.today();
        Ok(Dec(money::fraction(service::tax_rate_on(&self.0, &rates, today))))
    }

    /// The rate before the first of its rates by date, as a fraction.
    async fn first_rate(&self) -> Dec {
        Dec(money::fraction(self.0.rate_bp))
    }

    /// Rates that it has from some day on, oldest first.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn rates(&self, ctx: &Context<'_>) -> Result<Vec<TaxRate>> {
        Ok(ctx.all_of::<RatesOfTaxCode>(self.0.id.0).await?.into_iter().map(TaxRate).collect())
    }

    /// What it does.
    async fn kind(&self) -> TaxKind {
        self.0.kind.into()
    }

    /// Whether prices hold it already.
    async fn inclusive(&self) -> bool {
        self.0.inclusive
    }

    /// Why nothing is due, where it's exempt.
    async fn exempt_reason(&self) -> Option<&str> {
        self.0.exempt_reason.as_deref()
    }

    /// Share, in percent, that comes back of what is paid to suppliers; the rest is a cost.
    async fn recoverable_percent(&self) -> Dec {
        Dec(money::percent(self.0.recoverable_bp))
    }

    /// Over what it's rounded; as the books say when none.
    async fn rounding(&self) -> Option<TaxRounding> {
        self.0.rounding.map(Into::into)
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
    /// What it does.
    kind: Option<TaxKindFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl TaxCodeFilter {
    fn condition(self) -> Condition {
        use tax_code::Column as C;
        let search = self.search.map(StringFilter::containing);
        Conditions::records(self.archived, C::ArchivedAt)
            .on(C::Code, search)
            .on(C::Code, self.code)
            .on(C::Kind, self.kind)
            .all()
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
    /// What it does; adds tax unless said.
    kind: Option<TaxKind>,
    /// Whether prices hold it already; not unless said.
    inclusive: Option<bool>,
    /// Why nothing is due; needed where it's exempt.
    exempt_reason: Option<String>,
    /// Share, in percent, that comes back of what is paid to suppliers; all unless said.
    recoverable_percent: Option<Dec>,
    /// Over what it's rounded; as the books say when left out.
    rounding: Option<TaxRounding>,
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
    /// Rate before the first of its rates by date, as a fraction.
    rate: Option<Dec>,
    /// Whether prices hold it already.
    inclusive: Option<bool>,
    /// Why nothing is due, where it's exempt.
    exempt_reason: MaybeUndefined<String>,
    /// Share, in percent, that comes back of what is paid to suppliers.
    recoverable_percent: Option<Dec>,
    /// Over what it's rounded; as the books say when null.
    rounding: MaybeUndefined<TaxRounding>,
}

/// From when on a code has which rate.
#[derive(InputObject)]
pub(crate) struct SetTaxRateInput {
    /// The tax code.
    tax_code_id: Id<TaxCodeId>,
    /// The rate's first day.
    from: Date,
    /// Rate on the net amount, as a fraction: "0.18".
    rate: Dec,
}

payloads! {
    SetTaxRatePayload { tax_code: TaxCode },
    CreateTaxCodePayload { tax_code: TaxCode },
    UpdateTaxCodePayload { tax_code: TaxCode },
}

archiving! {
    TaxCodeArchiving, tax_code, TaxCodeId, TaxCode, tax_code, FinanceWrite,
    archive_tax_code(ArchiveTaxCodeInput) -> ArchiveTaxCodePayload,
    restore_tax_code(RestoreTaxCodeInput) -> RestoreTaxCodePayload
}

fn recoverable(percent: Option<Dec>) -> error::Result<Option<i32>> {
    percent.map(|percent| money::percent_to_basis_points("recoverablePercent", percent.0)).transpose()
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
        let recoverable = recoverable(input.recoverable_percent)?;
        let scope = request(ctx).write().await?;
        let standard = service::standard_tax(input.code, input.name, rate_bp);
        let new = tax_code::New {
            kind: input.kind.map_or(standard.kind, Into::into),
            inclusive: input.inclusive.unwrap_or_default(),
            exempt_reason: input.exempt_reason,
            recoverable_bp: recoverable.unwrap_or(standard.recoverable_bp),
            rounding: input.rounding.map(Into::into),
            ..standard
        };
        let row = service::create_tax_code(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a tax code.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_tax_code(&self, ctx: &Context<'_>, input: UpdateTaxCodeInput) -> Result<UpdateTaxCodePayload> {
        let rate = input.rate.map(|rate| money::fraction_to_basis_points("rate", rate.0)).transpose()?;
        let recoverable = recoverable(input.recoverable_percent)?;
        let scope = request(ctx).write().await?;
        let change = |new: &mut tax_code::New| {
            new.code = input.code.unwrap_or_else(|| std::mem::take(&mut new.code));
            new.name = input.name.unwrap_or_else(|| std::mem::take(&mut new.name));
            new.rate_bp = rate.unwrap_or(new.rate_bp);
            new.inclusive = input.inclusive.unwrap_or(new.inclusive);
            input.exempt_reason.update_to(&mut new.exempt_reason);
            new.recoverable_bp = recoverable.unwrap_or(new.recoverable_bp);
            input.rounding.map_value(Into::into).update_to(&mut new.rounding);
        };
        let row = service::update_tax_code(&scope, input.id.0, input.version, change).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
    /// Sets the rate that a tax code has from a day on, until its next one. Documents of that day and later are written with it;
    /// those that are written already keep theirs.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_tax_rate(&self, ctx: &Context<'_>, input: SetTaxRateInput) -> Result<SetTaxRatePayload> {
        let rate_bp = money::fraction_to_basis_points("rate", input.rate.0)?;
        let scope = request(ctx).write().await?;
        let row = service::set_tax_rate(&scope, input.tax_code_id.0, input.from.0, rate_bp).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
