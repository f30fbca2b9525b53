//! Cost centres, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{CostCentreId, cost_centre};
use sea_orm::Condition;

use crate::{
    error::Error,
    graphql::{
        Can, Children, Id, Listed, Loading, Paging, complexity,
        filter::{Conditions, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::service,
    tenancy::{Direction, Order},
};

shown! {
    /// Where costs arise.
    CostCentre(cost_centre),
}

/// The parts of a cost centre.
struct PartsOfCostCentre;

impl Children for PartsOfCostCentre {
    type Entity = cost_centre::Entity;
    const PARENT: cost_centre::Column = cost_centre::Column::ParentId;
    const ORDER: Order<cost_centre::Column> = Order { column: cost_centre::Column::SortKey, direction: Direction::Asc };
}

#[Object]
impl CostCentre {
    /// Id.
    async fn id(&self) -> Id<CostCentreId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Short name.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// The cost centre that it's a part of.
    async fn parent(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.parent_id).await?.map(Self))
    }

    /// Its parts by name, archived ones left out.
    #[graphql(complexity = "complexity(None, child_complexity)")]
    async fn children(&self, ctx: &Context<'_>) -> Result<Vec<Self>> {
        let parts = ctx.all_of::<PartsOfCostCentre>(self.0.id.0).await?;
        Ok(parts.into_iter().filter(|row| row.archived_at.is_none()).map(Self).collect())
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
    /// What cost centres are sorted by.
    CostCentreOrder, CostCentreOrderField of cost_centre, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By short name.
        Code => Code,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which cost centres.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct CostCentreFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// The cost centre that they are a part of.
    parent_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl CostCentreFilter {
    fn condition(self) -> Condition {
        use cost_centre::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::ParentId, self.parent_id)
            .all()
    }
}

/// Asking for cost centres.
#[derive(Default)]
pub(crate) struct CostCentreQuery;

#[Object]
impl CostCentreQuery {
    /// Where costs arise.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn cost_centres(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: CostCentreFilter,
        order_by: Option<CostCentreOrder>,
    ) -> Result<Listed<CostCentre>> {
        let order = CostCentreOrder::or_default(order_by);
        list::<cost_centre::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A cost centre.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn cost_centre(&self, ctx: &Context<'_>, id: Id<CostCentreId>) -> Result<CostCentre> {
        Ok(CostCentre(request(ctx).read().await?.require::<cost_centre::Entity>(id.0).await?))
    }
}

/// A new cost centre.
#[derive(InputObject)]
pub(crate) struct CreateCostCentreInput {
    /// Name.
    name: String,
    /// Short name.
    code: Option<String>,
    /// The cost centre that it's a part of.
    parent_id: Option<Id<CostCentreId>>,
}

/// A change of a cost centre: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateCostCentreInput {
    /// The cost centre.
    id: Id<CostCentreId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Short name.
    code: MaybeUndefined<String>,
    /// The cost centre that it's a part of; it takes its own parts along.
    parent_id: MaybeUndefined<Id<CostCentreId>>,
}

impl UpdateCostCentreInput {
    fn apply(self, new: &mut cost_centre::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.code.update_to(&mut new.code);
        self.parent_id.map_value(|id| id.0).update_to(&mut new.parent_id);
    }
}

payloads! {
    CreateCostCentrePayload { cost_centre: CostCentre },
    UpdateCostCentrePayload { cost_centre: CostCentre },
    ArchiveCostCentrePayload { cost_centre: CostCentre },
    RestoreCostCentrePayload { cost_centre: CostCentre },
}

/// Which cost centre, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveCostCentreInput {
    /// The cost centre.
    id: Id<CostCentreId>,
    /// The version that was read.
    version: i32,
}

/// Which cost centre, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreCostCentreInput {
    /// The cost centre.
    id: Id<CostCentreId>,
    /// The version that was read.
    version: i32,
}

/// Making and changing cost centres.
#[derive(Default)]
pub(crate) struct CostCentreMutation;

#[Object]
impl CostCentreMutation {
    /// Makes a cost centre.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_cost_centre(
        &self,
        ctx: &Context<'_>,
        input: CreateCostCentreInput,
    ) -> Result<CreateCostCentrePayload> {
        let scope = request(ctx).write().await?;
        let new = cost_centre::New {
            name: input.name,
            sort_key: String::new(),
            code: input.code,
            parent_id: input.parent_id.map(|id| id.0),
            source: None,
            external_id: None,
        };
        let made = service::create_cost_centres(&scope, vec![new]).await?.pop();
        request(ctx).commit(scope).await?;
        Ok(made.ok_or_else(|| Error::internal("a cost centre that wasn't made"))?.into())
    }

    /// Changes a cost centre.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_cost_centre(
        &self,
        ctx: &Context<'_>,
        input: UpdateCostCentreInput,
    ) -> Result<UpdateCostCentrePayload> {
        let scope = request(ctx).write().await?;
        let row = service::update_cost_centre(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Archives a cost centre without parts: it stays where it is referred to, and leaves the lists.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn archive_cost_centre(
        &self,
        ctx: &Context<'_>,
        input: ArchiveCostCentreInput,
    ) -> Result<ArchiveCostCentrePayload> {
        let scope = request(ctx).write().await?;
        let row = service::archive_cost_centre(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes a cost centre out of the archive.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn restore_cost_centre(
        &self,
        ctx: &Context<'_>,
        input: RestoreCostCentreInput,
    ) -> Result<RestoreCostCentrePayload> {
        let scope = request(ctx).write().await?;
        let row = service::restore_cost_centre(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
