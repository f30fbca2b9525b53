//! Pipelines, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{PipelineId, pipeline, stage};
use sea_orm::Condition;

use super::Stage;
use crate::{
    error,
    graphql::{
        Can, Children, Dec, Id, Listed, Loading, Paging, complexity,
        filter::{Conditions, StringFilter},
        list, request,
    },
    identity::Permission,
    money,
    sales::service,
    tenancy::{Direction, Order},
};

shown! {
    /// A sequence of stages that deals go through.
    Pipeline(pipeline),
}

struct StagesOfPipeline;
impl Children for StagesOfPipeline {
    type Entity = stage::Entity;
    const PARENT: stage::Column = stage::Column::PipelineId;
    const ORDER: Order<stage::Column> = Order { column: stage::Column::Position, direction: Direction::Asc };
}

#[Object]
impl Pipeline {
    /// Id.
    async fn id(&self) -> Id<PipelineId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// New deals go here when nothing else is said.
    async fn is_default(&self) -> bool {
        self.0.is_default
    }

    /// Its stages, in their order; archived ones are left out.
    #[graphql(complexity = "1 + 10 * child_complexity")]
    async fn stages(&self, ctx: &Context<'_>) -> Result<Vec<Stage>> {
        let stages = ctx.all_of::<StagesOfPipeline>(self.0.id.0).await?;
        Ok(stages.into_iter().filter(|stage| stage.archived_at.is_none()).map(Stage).collect())
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
    /// What pipelines are sorted by.
    PipelineOrder, PipelineOrderField of pipeline, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which pipelines.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct PipelineFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// New deals go here when nothing else is said.
    is_default: Option<bool>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl PipelineFilter {
    fn condition(self) -> Condition {
        use pipeline::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::IsDefault, self.is_default)
            .all()
    }
}

/// Asking for pipelines.
#[derive(Default)]
pub(crate) struct PipelineQuery;

#[Object]
impl PipelineQuery {
    /// Sequences of stages that deals go through.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::SalesRead)")]
    async fn pipelines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: PipelineFilter,
        order_by: Option<PipelineOrder>,
    ) -> Result<Listed<Pipeline>> {
        let order = PipelineOrder::or_default(order_by);
        list::<pipeline::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A sequence of stages that deals go through.
    #[graphql(guard = "Can(Permission::SalesRead)")]
    async fn pipeline(&self, ctx: &Context<'_>, id: Id<PipelineId>) -> Result<Pipeline> {
        Ok(Pipeline(request(ctx).read().await?.require::<pipeline::Entity>(id.0).await?))
    }
}

/// A stage of a new pipeline.
#[derive(InputObject)]
pub(crate) struct NewStageInput {
    /// Name.
    name: String,
    /// How likely a deal at this stage is won, as a fraction.
    probability: Dec,
}

/// A new pipeline.
#[derive(InputObject)]
pub(crate) struct CreatePipelineInput {
    /// Name.
    name: String,
    /// New deals go here when nothing else is said; another pipeline gives this up.
    #[graphql(default)]
    is_default: bool,
    /// Its stages, in their order.
    #[graphql(default)]
    stages: Vec<NewStageInput>,
}

impl CreatePipelineInput {
    fn parts(self) -> error::Result<(pipeline::New, Vec<service::NewStage>)> {
        let stage = |(index, stage): (usize, NewStageInput)| {
            let probability_bp = money::fraction_to_basis_points("probability", stage.probability.0)
                .map_err(|error| error.within(&format!("stages.{index}")))?;
            Ok(service::NewStage { name: stage.name, probability_bp })
        };
        let stages = self.stages.into_iter().enumerate().map(stage).collect::<error::Result<_>>()?;
        Ok((pipeline::New { name: self.name, sort_key: String::new(), is_default: self.is_default }, stages))
    }
}

/// A change of a pipeline: what is left out stays.
#[derive(InputObject)]
pub(crate) struct UpdatePipelineInput {
    /// The pipeline.
    id: Id<PipelineId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// True makes it the default instead of another; the default can't just be given up.
    is_default: Option<bool>,
}

impl UpdatePipelineInput {
    fn apply(self, new: &mut pipeline::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.is_default = self.is_default.unwrap_or(new.is_default);
    }
}

as_read! { ArchivePipelineInput(PipelineId), RestorePipelineInput(PipelineId) }

payloads! {
    CreatePipelinePayload { pipeline: Pipeline },
    UpdatePipelinePayload { pipeline: Pipeline },
    ArchivePipelinePayload { pipeline: Pipeline },
    RestorePipelinePayload { pipeline: Pipeline },
}

/// Making and changing pipelines.
#[derive(Default)]
pub(crate) struct PipelineMutation;

#[Object]
impl PipelineMutation {
    /// Makes a pipeline.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn create_pipeline(&self, ctx: &Context<'_>, input: CreatePipelineInput) -> Result<CreatePipelinePayload> {
        let (new, stages) = input.parts()?;
        let scope = request(ctx).write().await?;
        let pipeline = service::create_pipeline(&scope, new, stages).await?;
        request(ctx).commit(scope).await?;
        Ok(pipeline.into())
    }

    /// Changes a pipeline.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn update_pipeline(&self, ctx: &Context<'_>, input: UpdatePipelineInput) -> Result<UpdatePipelinePayload> {
        let scope = request(ctx).write().await?;
        let pipeline = service::update_pipeline(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(pipeline.into())
    }

    /// Archives a pipeline, unless it is the default or has open deals.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn archive_pipeline(&self, ctx: &Context<'_>, input: ArchivePipelineInput) -> Result<ArchivePipelinePayload> {
        let scope = request(ctx).write().await?;
        let pipeline = service::archive_pipeline(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(pipeline.into())
    }

    /// Takes a pipeline out of the archive.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn restore_pipeline(&self, ctx: &Context<'_>, input: RestorePipelineInput) -> Result<RestorePipelinePayload> {
        let scope = request(ctx).write().await?;
        let pipeline = scope.restore::<pipeline::Entity>(input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(pipeline.into())
    }
}
