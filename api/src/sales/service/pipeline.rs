//! The rules of pipelines and their stages.
//!
//! The stages of a pipeline that aren't archived have the positions 1, 2, 3…; who changes them locks the pipeline first. Deals
//! lock neither pipeline nor stage, so that they never wait for each other.

use kamara_entities::{DealStatus, Language, PipelineId, StageId, TenantEntity, deal, pipeline, stage};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
    text,
};

/// Stages of a pipeline at the most.
const STAGES_MAX: usize = 50;

const fn needs_a_stage() -> Text {
    Text::fixed(
        "New deals go to the default pipeline, so it needs a stage.",
        "ახალი გარიგებები ნაგულისხმევ პროცესში ხვდება, ამიტომ მას ერთი ეტაპი მაინც სჭირდება.",
    )
}

const fn holds_open_deals() -> Text {
    Text::fixed(
        "There are open deals here still. Move or close them first.",
        "აქ ჯერ კიდევ არის ღია გარიგებები. ჯერ გადაიტანეთ ან დახურეთ ისინი.",
    )
}

fn too_many_stages() -> Text {
    Text::new(
        format!("A pipeline has {STAGES_MAX} stages at most."),
        format!("გაყიდვების პროცესში არაუმეტეს {STAGES_MAX} ეტაპია."),
    )
}

// --- pipelines ---

/// A stage of a pipeline that is to be made.
#[derive(Clone, Debug)]
pub struct NewStage {
    /// Name.
    pub name: String,
    /// How likely a deal at this stage is won.
    pub probability_bp: i32,
}

fn check_pipeline(new: &mut pipeline::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.sort_key = text::sort_key(&new.name);
    Ok(())
}

/// Makes a pipeline with its stages, in their order.
pub async fn create_pipeline(
    scope: &TenantScope,
    mut new: pipeline::New,
    stages: Vec<NewStage>,
) -> Result<pipeline::Model> {
    check_pipeline(&mut new)?;
    if stages.len() > STAGES_MAX {
        return Err(Error::invalid("stages", too_many_stages()));
    }
    if new.is_default {
        if stages.is_empty() {
            return Err(Error::invalid("stages", needs_a_stage()));
        }
        replace_default(scope).await?;
    }
    let pipeline = scope.insert::<pipeline::Entity>(new).await?;
    let stage = |(index, (position, new)): (usize, (i32, NewStage))| {
        let mut new =
            stage::New { pipeline_id: pipeline.id, name: new.name, position, probability_bp: new.probability_bp };
        check_stage(&mut new).map_err(|error| error.within(&format!("stages.{index}")))?;
        Ok(new)
    };
    let stages = (1..).zip(stages).enumerate().map(stage).collect::<Result<Vec<_>>>()?;
    scope.insert_all::<stage::Entity>(stages).await?;
    Ok(pipeline)
}

/// Makes the pipeline that a new tenant begins with.
pub async fn create_default_pipeline(scope: &TenantScope, language: Language) -> Result<()> {
    let (name, stages) = match language {
        Language::En => ("Sales", ["New", "Qualified", "Proposal", "Negotiation"]),
        Language::Ka => ("გაყიდვები", ["ახალი", "კვალიფიცირებული", "შეთავაზება", "მოლაპარაკება"]),
    };
    let stages = stages.into_iter().zip([1_000, 2_500, 5_000, 7_500]);
    let stages = stages.map(|(name, probability_bp)| NewStage { name: name.to_owned(), probability_bp }).collect();
    let new = pipeline::New { name: name.to_owned(), sort_key: String::new(), is_default: true };
    create_pipeline(scope, new, stages).await.map(|_| ())
}

/// Changes a pipeline. There is always one default: another one takes its place, it isn't just given up.
pub async fn update_pipeline(
    scope: &TenantScope,
    id: PipelineId,
    version: i32,
    change: impl FnOnce(&mut pipeline::New) + Send,
) -> Result<pipeline::Model> {
    // Read before it is locked, since a change of the default locks all pipelines, in their order.
    let seen = scope.require::<pipeline::Entity>(id).await?;
    if seen.version != version {
        return Err(Error::Conflict(messages::stale()));
    }
    let was_default = seen.is_default;
    let mut new = pipeline::Entity::values(seen);
    change(&mut new);
    check_pipeline(&mut new)?;
    if was_default && !new.is_default {
        let message = Text::fixed(
            "One pipeline is always the default. Make another one the default instead.",
            "ერთი პროცესი ყოველთვის ნაგულისხმევია. ამის ნაცვლად ნაგულისხმევად სხვა აირჩიეთ.",
        );
        return Err(Error::invalid("isDefault", message));
    }
    if new.is_default && !was_default {
        replace_default(scope).await?;
        if lock_stages(scope, id).await?.is_empty() {
            return Err(Error::invalid("isDefault", needs_a_stage()));
        }
    }
    scope
        .edit::<pipeline::Entity>(id, version, |row| {
            *row = new;
            Ok(())
        })
        .await
}

/// Makes room for another default. Locking all pipelines lets one such change wait for the other and see what it did.
async fn replace_default(scope: &TenantScope) -> Result<()> {
    let all = scope.all(scope.find::<pipeline::Entity>()).await?;
    scope.lock_all::<pipeline::Entity>(all.into_iter().map(|row| row.id)).await?;
    let former = scope.all(scope.find::<pipeline::Entity>().filter(pipeline::Column::IsDefault.eq(true))).await?;
    for before in scope.lock_all::<pipeline::Entity>(former.into_iter().map(|row| row.id)).await?.into_values() {
        // Not a change that anybody made to this pipeline, so whoever has it open can still save: the version stays.
        let after = pipeline::Model { is_default: false, ..before.clone() };
        scope.update_row::<pipeline::Entity>(&before, after).await?;
    }
    Ok(())
}

/// Archives a pipeline, unless it is the default or has open deals.
pub async fn archive_pipeline(scope: &TenantScope, id: PipelineId, version: i32) -> Result<pipeline::Model> {
    let before = scope.lock::<pipeline::Entity>(id).await?;
    if before.is_default {
        return Err(Error::Conflict(Text::fixed(
            "This pipeline is the default. Make another one the default first.",
            "ეს ნაგულისხმევი პროცესია. ჯერ ნაგულისხმევად სხვა აირჩიეთ.",
        )));
    }
    let stages = lock_stages(scope, id).await?;
    refuse_open_deals(scope, stages.iter().map(|stage| stage.id)).await?;
    scope.archive::<pipeline::Entity>(id, version).await
}

// --- stages ---

fn check_stage(new: &mut stage::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    Ok(())
}

/// Makes a stage, at its position or after the last one.
pub async fn create_stage(scope: &TenantScope, mut new: stage::New) -> Result<stage::Model> {
    check_stage(&mut new)?;
    scope.referred::<pipeline::Entity>("pipelineId", new.pipeline_id).await?;
    let pipeline = scope.lock::<pipeline::Entity>(new.pipeline_id).await?;
    if pipeline.archived_at.is_some() {
        let message = Text::fixed("This pipeline is archived.", "ეს პროცესი დაარქივებულია.");
        return Err(Error::invalid("pipelineId", message));
    }
    let others = lock_stages(scope, pipeline.id).await?;
    refuse_too_many(&others)?;
    new.position = place(new.position, others.len())?;
    number_around(scope, &others, Some(new.position)).await?;
    scope.insert::<stage::Entity>(new).await
}

/// Changes a stage; the others make room where it goes to another position.
pub async fn update_stage(
    scope: &TenantScope,
    id: StageId,
    version: i32,
    change: impl FnOnce(&mut stage::New) -> Result<()> + Send,
) -> Result<stage::Model> {
    let (_, others) = lock_beside(scope, id).await?;
    let before = scope.editable::<stage::Entity>(id, version).await?;
    let mut new = stage::Entity::values(before.clone());
    change(&mut new)?;
    check_stage(&mut new)?;
    new.position = place(new.position, others.len())?;
    number_around(scope, &others, Some(new.position)).await?;
    scope.update::<stage::Entity>(&before, stage::Entity::revise(before.clone(), new)).await
}

/// Archives a stage, unless it holds open deals; those behind it move up.
pub async fn archive_stage(scope: &TenantScope, id: StageId, version: i32) -> Result<stage::Model> {
    let (pipeline, others) = lock_beside(scope, id).await?;
    if pipeline.is_default && others.is_empty() {
        return Err(Error::Conflict(needs_a_stage()));
    }
    refuse_open_deals(scope, [id]).await?;
    let stage = scope.archive::<stage::Entity>(id, version).await?;
    number_around(scope, &others, None).await?;
    Ok(stage)
}

/// Takes a stage out of the archive, to the end of its pipeline.
pub async fn restore_stage(scope: &TenantScope, id: StageId, version: i32) -> Result<stage::Model> {
    let (_, others) = lock_beside(scope, id).await?;
    let was_archived = scope.require::<stage::Entity>(id).await?.archived_at.is_some();
    let stage = scope.restore::<stage::Entity>(id, version).await?;
    if !was_archived {
        return Ok(stage);
    }
    refuse_too_many(&others)?;
    let after = stage::Model { position: place(i32::MAX, others.len())?, ..stage.clone() };
    scope.update_row::<stage::Entity>(&stage, after).await
}

/// Locks a stage's pipeline and all its stages; gives the pipeline and the other stages, in their order.
async fn lock_beside(scope: &TenantScope, id: StageId) -> Result<(pipeline::Model, Vec<stage::Model>)> {
    let stage = scope.require::<stage::Entity>(id).await?;
    let pipeline = scope.lock::<pipeline::Entity>(stage.pipeline_id).await?;
    let mut others = lock_stages(scope, pipeline.id).await?;
    others.retain(|other| other.id != id);
    Ok((pipeline, others))
}

/// Locks all stages of a pipeline; gives those that aren't archived, in their order.
async fn lock_stages(scope: &TenantScope, pipeline: PipelineId) -> Result<Vec<stage::Model>> {
    let all = scope.all(scope.find::<stage::Entity>().filter(stage::Column::PipelineId.eq(pipeline))).await?;
    let locked = scope.lock_all::<stage::Entity>(all.into_iter().map(|stage| stage.id)).await?;
    let mut stages: Vec<stage::Model> = locked.into_values().filter(|stage| stage.archived_at.is_none()).collect();
    stages.sort_by_key(|stage| (stage.position, stage.id));
    Ok(stages)
}

fn refuse_too_many(others: &[stage::Model]) -> Result<()> {
    if others.len() < STAGES_MAX { Ok(()) } else { Err(Error::Conflict(too_many_stages())) }
}

/// A deal that is on its way to one of the stages holds a key of it; who has locked the stages has waited for such deals.
async fn refuse_open_deals(scope: &TenantScope, stages: impl IntoIterator<Item = StageId>) -> Result<()> {
    let select = scope
        .find::<deal::Entity>()
        .filter(deal::Column::StageId.is_in(stages))
        .filter(deal::Column::Status.eq(DealStatus::Open))
        .filter(deal::Column::ArchivedAt.is_null());
    if scope.count(select).await? == 0 { Ok(()) } else { Err(Error::Conflict(holds_open_deals())) }
}

/// The position that a stage gets beside some others when it asks for one.
fn place(wanted: i32, others: usize) -> Result<i32> {
    if wanted < 1 {
        return Err(Error::invalid("position", messages::positive()));
    }
    let last = i32::try_from(others).map_err(Error::internal)?.saturating_add(1);
    Ok(wanted.min(last))
}

/// The positions of so many stages, when one position is left free.
fn positions(free: Option<i32>) -> impl Iterator<Item = i32> {
    (1..).filter(move |position| Some(*position) != free)
}

/// Gives stages, which are locked, their positions again, around one that is left free. It isn't a change that anybody made to
/// these stages, so whoever has one open can still save it: their versions stay.
async fn number_around(scope: &TenantScope, stages: &[stage::Model], free: Option<i32>) -> Result<()> {
    for (before, position) in stages.iter().zip(positions(free)) {
        if before.position != position {
            let after = stage::Model { position, ..before.clone() };
            scope.update_row::<stage::Entity>(before, after).await?;
        }
    }
    Ok(())
}

/// Where deals go when nothing else is said: the first stage of the default pipeline.
pub async fn default_stage(scope: &TenantScope) -> Result<stage::Model> {
    let nowhere = || {
        Error::Conflict(Text::fixed(
            "There is no default pipeline with a stage. Make one, or name the stage.",
            "არ არსებობს ნაგულისხმევი პროცესი ეტაპით. შექმენით ან მიუთითეთ ეტაპი.",
        ))
    };
    let pipelines = scope
        .find::<pipeline::Entity>()
        .filter(pipeline::Column::IsDefault.eq(true))
        .filter(pipeline::Column::ArchivedAt.is_null());
    let pipeline = scope.first(pipelines).await?.ok_or_else(nowhere)?;
    let stages = scope
        .find::<stage::Entity>()
        .filter(stage::Column::PipelineId.eq(pipeline.id))
        .filter(stage::Column::ArchivedAt.is_null())
        .order_by_asc(stage::Column::Position);
    scope.first(stages).await?.ok_or_else(nowhere)
}

/// Whether a stage can hold open deals: neither it nor its pipeline is archived.
async fn holds_deals(scope: &TenantScope, stage: &stage::Model) -> Result<bool> {
    let pipeline = scope.require::<pipeline::Entity>(stage.pipeline_id).await?;
    Ok(stage.archived_at.is_none() && pipeline.archived_at.is_none())
}

/// Checks that an input's field names a stage that can hold open deals.
pub(super) async fn referred_stage(scope: &TenantScope, field: &'static str, id: StageId) -> Result<()> {
    let stage = scope.referred::<stage::Entity>(field, id).await?;
    if holds_deals(scope, &stage).await? {
        return Ok(());
    }
    let message = Text::fixed(
        "This stage or its pipeline is archived. Choose another one.",
        "ეს ეტაპი ან მისი პროცესი დაარქივებულია. აირჩიეთ სხვა.",
    );
    Err(Error::invalid(field, message))
}

/// Checks that the stage of a deal can hold it when it becomes open again.
pub(super) async fn stage_of_open_deal(scope: &TenantScope, id: StageId) -> Result<()> {
    let stage = scope.require::<stage::Entity>(id).await?;
    if holds_deals(scope, &stage).await? {
        return Ok(());
    }
    Err(Error::Conflict(Text::fixed(
        "The stage of this deal or its pipeline is archived. Restore that first.",
        "ამ გარიგების ეტაპი ან მისი პროცესი დაარქივებულია. ჯერ ის აღადგინეთ.",
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_goes_where_it_wants_but_leaves_no_gap() {
        assert_eq!(place(2, 4).unwrap(), 2);
        assert_eq!(place(i32::MAX, 4).unwrap(), 5);
        assert_eq!(place(7, 0).unwrap(), 1);
        assert_eq!(place(0, 4).unwrap_err().field(), Some("position"));
    }

    #[test]
    fn the_others_stand_around_it() {
        assert_eq!(positions(Some(2)).take(3).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(positions(None).take(3).collect::<Vec<_>>(), [1, 2, 3]);
    }
}
