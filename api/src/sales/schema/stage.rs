//! Stages of pipelines, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{PipelineId, StageId, deal, pipeline, stage};

use super::{Deal, Pipeline};
use crate::{
    error,
    graphql::{Can, Children, Dec, Id, Listed, Loading, Paging, complexity, nested, request},
    identity::Permission,
    money,
    sales::service,
    tenancy::{Direction, Order},
};

shown! {
    /// A step of a pipeline.
    Stage(stage),
}

struct DealsOfStage;
impl Children for DealsOfStage {
    type Entity = deal::Entity;
    const PARENT: deal::Column = deal::Column::StageId;
    const ORDER: Order<deal::Column> = Order { column: deal::Column::CreatedAt, direction: Direction::Desc };
}

#[Object]
impl Stage {
    /// Id.
    async fn id(&self) -> Id<StageId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Place in the pipeline, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// How likely a deal at this stage is won, as a fraction.
    async fn probability(&self) -> Dec {
        Dec(money::fraction(self.0.probability_bp))
    }

    /// The pipeline that it's a step of.
    async fn pipeline(&self, ctx: &Context<'_>) -> Result<Pipeline> {
        Ok(Pipeline(ctx.row::<pipeline::Entity>(self.0.pipeline_id).await?))
    }

    /// The deals that stand here or were closed here, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn deals(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Deal>> {
        nested::<DealsOfStage, _>(ctx, self.0.id.0, Paging { first, after }).await
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

/// A new stage.
#[derive(InputObject)]
pub(crate) struct CreateStageInput {
    /// The pipeline that it's a step of.
    pipeline_id: Id<PipelineId>,
    /// Name.
    name: String,
    /// Place in the pipeline, from 1; without it, the last.
    position: Option<i32>,
    /// How likely a deal at this stage is won, as a fraction.
    probability: Dec,
}

impl CreateStageInput {
    fn values(self) -> error::Result<stage::New> {
        Ok(stage::New {
            pipeline_id: self.pipeline_id.0,
            name: self.name,
            position: self.position.unwrap_or(i32::MAX),
            probability_bp: money::fraction_to_basis_points("probability", self.probability.0)?,
        })
    }
}

/// A change of a stage: what is left out stays.
#[derive(InputObject)]
pub(crate) struct UpdateStageInput {
    /// The stage.
    id: Id<StageId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Place in the pipeline, from 1; the others make room.
    position: Option<i32>,
    /// How likely a deal at this stage is won, as a fraction.
    probability: Option<Dec>,
}

impl UpdateStageInput {
    fn apply(self, new: &mut stage::New) -> error::Result<()> {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.position = self.position.unwrap_or(new.position);
        if let Some(probability) = self.probability {
            new.probability_bp = money::fraction_to_basis_points("probability", probability.0)?;
        }
        Ok(())
    }
}

as_read! { ArchiveStageInput(StageId), RestoreStageInput(StageId) }

payloads! {
    CreateStagePayload { stage: Stage },
    UpdateStagePayload { stage: Stage },
    ArchiveStagePayload { stage: Stage },
    RestoreStagePayload { stage: Stage },
}

/// Making and changing stages.
#[derive(Default)]
pub(crate) struct StageMutation;

#[Object]
impl StageMutation {
    /// Makes a stage; those behind it move on.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn create_stage(&self, ctx: &Context<'_>, input: CreateStageInput) -> Result<CreateStagePayload> {
        let new = input.values()?;
        let scope = request(ctx).write().await?;
        let stage = service::create_stage(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(stage.into())
    }

    /// Changes a stage.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn update_stage(&self, ctx: &Context<'_>, input: UpdateStageInput) -> Result<UpdateStagePayload> {
        let scope = request(ctx).write().await?;
        let stage = service::update_stage(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(stage.into())
    }

    /// Archives a stage, unless it holds open deals; those behind it move up.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn archive_stage(&self, ctx: &Context<'_>, input: ArchiveStageInput) -> Result<ArchiveStagePayload> {
        let scope = request(ctx).write().await?;
        let stage = service::archive_stage(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(stage.into())
    }

    /// Takes a stage out of the archive, to the end of its pipeline.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn restore_stage(&self, ctx: &Context<'_>, input: RestoreStageInput) -> Result<RestoreStagePayload> {
        let scope = request(ctx).write().await?;
        let stage = service::restore_stage(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(stage.into())
    }
}
