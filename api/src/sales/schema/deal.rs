//! Deals, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    CompanyId, ContactId, DealId, MembershipId, StageId, company, contact, deal, invoice, lead, project, stage,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::{Lead, Stage};
use crate::{
    companies::schema::{Company, Contact},
    delivery::schema::Project,
    error,
    finance::schema::Invoice,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::DealStatus,
        filter::{Conditions, DateFilter, DealStatusFilter, FilterOn, IdFilter, StringFilter},
        list, nested, request,
    },
    identity::{Permission, schema::Member},
    money,
    sales::service,
    tenancy::{Direction, Order, TenantScope},
};

shown! {
    /// A sale in the making.
    Deal(deal),
}

struct LeadsOfDeal;
impl Children for LeadsOfDeal {
    type Entity = lead::Entity;
    const PARENT: lead::Column = lead::Column::DealId;
    const ORDER: Order<lead::Column> = Order { column: lead::Column::CreatedAt, direction: Direction::Asc };
}

struct ProjectsOfDeal;
impl Children for ProjectsOfDeal {
    type Entity = project::Entity;
    const PARENT: project::Column = project::Column::DealId;
    const ORDER: Order<project::Column> = Order { column: project::Column::SortKey, direction: Direction::Asc };
}

struct InvoicesOfDeal;
impl Children for InvoicesOfDeal {
    type Entity = invoice::Entity;
    const PARENT: invoice::Column = invoice::Column::DealId;
    const ORDER: Order<invoice::Column> = Order { column: invoice::Column::Date, direction: Direction::Desc };
}

#[Object]
impl Deal {
    /// Id.
    async fn id(&self) -> Id<DealId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// The person at the client.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        Ok(ctx.row_if_any::<contact::Entity>(self.0.contact_id).await?.map(Contact))
    }

    /// The stage at which it stands, or stood when it was closed.
    async fn stage(&self, ctx: &Context<'_>) -> Result<Stage> {
        Ok(Stage(ctx.row::<stage::Entity>(self.0.stage_id).await?))
    }

    /// What it is worth.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// When it should be decided.
    async fn expected_close_date(&self) -> Option<Date> {
        self.0.expected_close_date.map(Date)
    }

    /// Where it stands.
    async fn status(&self) -> DealStatus {
        self.0.status.into()
    }

    /// When it was won or lost.
    async fn closed_on(&self) -> Option<Date> {
        self.0.closed_on.map(Date)
    }

    /// Why it was lost.
    async fn loss_reason(&self) -> Option<&str> {
        self.0.loss_reason.as_deref()
    }

    /// Who sells.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.owner_id).await
    }

    /// The lead that it was made of.
    async fn lead(&self, ctx: &Context<'_>) -> Result<Option<Lead>> {
        Ok(ctx.all_of::<LeadsOfDeal>(self.0.id.0).await?.into_iter().next().map(Lead))
    }

    /// The projects that came of it, by name.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::DeliveryRead)")]
    async fn projects(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Project>> {
        nested::<ProjectsOfDeal, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// The invoices that came of it, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::InvoicesRead)")]
    async fn invoices(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Invoice>> {
        nested::<InvoicesOfDeal, _>(ctx, self.0.id.0, Paging { first, after }).await
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
    /// What deals are sorted by.
    DealOrder, DealOrderField of deal, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By what they are worth, whatever the currency.
        Amount => AmountMinor,
        /// By where they stand.
        Status => Status,
        /// By when they should be decided.
        ExpectedCloseDate => ExpectedCloseDate,
        /// By when they were won or lost.
        ClosedOn => ClosedOn,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which deals.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct DealFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// The client.
    company_id: Option<IdFilter>,
    /// The person at the client.
    contact_id: Option<IdFilter>,
    /// The stage at which it stands.
    stage_id: Option<IdFilter>,
    /// The pipeline in which it stands.
    pipeline_id: Option<IdFilter>,
    /// Who sells.
    owner_id: Option<IdFilter>,
    /// Where it stands.
    status: Option<DealStatusFilter>,
    /// When it should be decided.
    expected_close_date: Option<DateFilter>,
    /// When it was won or lost.
    closed_on: Option<DateFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl DealFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use deal::Column as C;
        let in_pipeline = |filter: IdFilter| {
            let stages = scope.find::<stage::Entity>().filter(filter.condition(stage::Column::PipelineId));
            Condition::all().add(C::StageId.in_subquery(stages.select_only().column(stage::Column::Id).into_query()))
        };
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::CompanyId, self.company_id)
            .on(C::ContactId, self.contact_id)
            .on(C::StageId, self.stage_id)
            .and(self.pipeline_id.map(in_pipeline))
            .on(C::OwnerId, self.owner_id)
            .on(C::Status, self.status)
            .on(C::ExpectedCloseDate, self.expected_close_date)
            .on(C::ClosedOn, self.closed_on)
            .all()
    }
}

/// Asking for deals.
#[derive(Default)]
pub(crate) struct DealQuery;

#[Object]
impl DealQuery {
    /// Sales in the making, won and lost.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::SalesRead)")]
    async fn deals(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: DealFilter,
        order_by: Option<DealOrder>,
    ) -> Result<Listed<Deal>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        list::<deal::Entity, _>(ctx, Paging { first, after }, condition, DealOrder::or_default(order_by)).await
    }

    /// A sale in the making, won or lost.
    #[graphql(guard = "Can(Permission::SalesRead)")]
    async fn deal(&self, ctx: &Context<'_>, id: Id<DealId>) -> Result<Deal> {
        Ok(Deal(request(ctx).read().await?.require::<deal::Entity>(id.0).await?))
    }
}

/// A new deal.
#[derive(InputObject)]
pub(crate) struct CreateDealInput {
    /// Name.
    name: String,
    /// The client.
    company_id: Option<Id<CompanyId>>,
    /// The person at the client.
    contact_id: Option<Id<ContactId>>,
    /// The stage at which it begins; without it, the first of the default pipeline.
    stage_id: Option<Id<StageId>>,
    /// What it is worth; without it, nothing yet.
    amount: Option<Dec>,
    /// Currency of the amount; without it, that of the books.
    currency: Option<String>,
    /// When it should be decided.
    expected_close_date: Option<Date>,
    /// Who sells.
    owner_id: Option<Id<MembershipId>>,
}

impl CreateDealInput {
    async fn values(self, scope: &TenantScope) -> error::Result<deal::New> {
        let currency = match self.currency {
            Some(code) => money::currency("currency", &code)?,
            None => scope.base_currency().to_owned(),
        };
        let stage_id = match self.stage_id {
            Some(id) => id.0,
            None => service::default_stage(scope).await?.id,
        };
        Ok(deal::New {
            name: self.name,
            sort_key: String::new(),
            search_text: String::new(),
            company_id: self.company_id.map(|id| id.0),
            contact_id: self.contact_id.map(|id| id.0),
            stage_id,
            amount_minor: money::to_minor("amount", self.amount.map_or(Decimal::ZERO, |amount| amount.0), &currency)?,
            currency,
            expected_close_date: self.expected_close_date.map(|date| date.0),
            status: kamara_entities::DealStatus::Open,
            closed_on: None,
            loss_reason: None,
            owner_id: self.owner_id.map(|id| id.0),
            source: None,
            external_id: None,
        })
    }
}

/// A change of a deal: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateDealInput {
    /// The deal.
    id: Id<DealId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// The client.
    company_id: MaybeUndefined<Id<CompanyId>>,
    /// The person at the client.
    contact_id: MaybeUndefined<Id<ContactId>>,
    /// What it is worth.
    amount: Option<Dec>,
    /// Currency of the amount.
    currency: Option<String>,
    /// When it should be decided.
    expected_close_date: MaybeUndefined<Date>,
    /// Who sells.
    owner_id: MaybeUndefined<Id<MembershipId>>,
}

impl UpdateDealInput {
    fn apply(self, new: &mut deal::New) -> error::Result<()> {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.company_id.map_value(|id| id.0).update_to(&mut new.company_id);
        self.contact_id.map_value(|id| id.0).update_to(&mut new.contact_id);
        self.expected_close_date.map_value(|date| date.0).update_to(&mut new.expected_close_date);
        self.owner_id.map_value(|id| id.0).update_to(&mut new.owner_id);
        // An amount that stays is the same number of the other currency, which may have more or fewer decimal places.
        let amount = self.amount.map_or_else(|| money::from_minor(new.amount_minor, &new.currency), |amount| amount.0);
        if let Some(code) = self.currency {
            new.currency = money::currency("currency", &code)?;
        }
        new.amount_minor = money::to_minor("amount", amount, &new.currency)?;
        Ok(())
    }
}

/// Where a deal goes.
#[derive(InputObject)]
pub(crate) struct MoveDealInput {
    /// The deal.
    id: Id<DealId>,
    /// The version that was read.
    version: i32,
    /// The stage, of any pipeline.
    stage_id: Id<StageId>,
}

/// Which deal is won.
#[derive(InputObject)]
pub(crate) struct WinDealInput {
    /// The deal.
    id: Id<DealId>,
    /// The version that was read.
    version: i32,
    /// When it was won; without it, today.
    date: Option<Date>,
}

/// Which deal is lost.
#[derive(InputObject)]
pub(crate) struct LoseDealInput {
    /// The deal.
    id: Id<DealId>,
    /// The version that was read.
    version: i32,
    /// When it was lost; without it, today.
    date: Option<Date>,
    /// Why.
    reason: Option<String>,
}

as_read! { ReopenDealInput(DealId), ArchiveDealInput(DealId), RestoreDealInput(DealId) }

payloads! {
    CreateDealPayload { deal: Deal },
    UpdateDealPayload { deal: Deal },
    MoveDealPayload { deal: Deal },
    WinDealPayload { deal: Deal },
    LoseDealPayload { deal: Deal },
    ReopenDealPayload { deal: Deal },
    ArchiveDealPayload { deal: Deal },
    RestoreDealPayload { deal: Deal },
}

/// Making, changing and closing deals.
#[derive(Default)]
pub(crate) struct DealMutation;

#[Object]
impl DealMutation {
    /// Makes a deal.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn create_deal(&self, ctx: &Context<'_>, input: CreateDealInput) -> Result<CreateDealPayload> {
        let scope = request(ctx).write().await?;
        let new = input.values(&scope).await?;
        let deal = service::create_deal(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Changes a deal.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn update_deal(&self, ctx: &Context<'_>, input: UpdateDealInput) -> Result<UpdateDealPayload> {
        let scope = request(ctx).write().await?;
        let deal = service::update_deal(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Moves an open deal to another stage.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn move_deal(&self, ctx: &Context<'_>, input: MoveDealInput) -> Result<MoveDealPayload> {
        let scope = request(ctx).write().await?;
        let deal = service::move_deal(&scope, input.id.0, input.version, input.stage_id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Wins an open deal.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn win_deal(&self, ctx: &Context<'_>, input: WinDealInput) -> Result<WinDealPayload> {
        let scope = request(ctx).write().await?;
        let date = input.date.map(|date| date.0);
        let deal = service::win_deal(&scope, input.id.0, input.version, date).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Loses an open deal.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn lose_deal(&self, ctx: &Context<'_>, input: LoseDealInput) -> Result<LoseDealPayload> {
        let scope = request(ctx).write().await?;
        let date = input.date.map(|date| date.0);
        let deal = service::lose_deal(&scope, input.id.0, input.version, date, input.reason).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Opens a deal again that was won or lost.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn reopen_deal(&self, ctx: &Context<'_>, input: ReopenDealInput) -> Result<ReopenDealPayload> {
        let scope = request(ctx).write().await?;
        let deal = service::reopen_deal(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Archives a deal: it stays where it is referred to, and leaves the lists.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn archive_deal(&self, ctx: &Context<'_>, input: ArchiveDealInput) -> Result<ArchiveDealPayload> {
        let scope = request(ctx).write().await?;
        let deal = scope.archive::<deal::Entity>(input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }

    /// Takes a deal out of the archive.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn restore_deal(&self, ctx: &Context<'_>, input: RestoreDealInput) -> Result<RestoreDealPayload> {
        let scope = request(ctx).write().await?;
        let deal = service::restore_deal(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(deal.into())
    }
}
