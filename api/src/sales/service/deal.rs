//! The rules of deals. A deal changes its own row only, so that two deals never wait for each other, whoever the client is.

use std::collections::HashSet;

use chrono::NaiveDate;
use kamara_entities::{DealId, DealStatus, StageId, TenantEntity, company, contact, deal};

use super::{all_members, if_changed, pipeline};
use crate::{
    error::{Error, Result, Text},
    identity, messages, money,
    tenancy::TenantScope,
    text,
};

/// Checks a deal's values, and fills in what it's sorted and searched by.
pub fn check_deal(new: &mut deal::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.currency = money::currency("currency", &new.currency)?;
    if new.amount_minor < 0 {
        return Err(Error::invalid("amount", messages::not_negative()));
    }
    if (new.status == DealStatus::Open) != new.closed_on.is_none() {
        let message = Text::fixed(
            "A deal that is won or lost has the day of that, and an open one has none.",
            "მოგებულ ან წაგებულ გარიგებას დახურვის დღე აქვს, ღიას კი არა.",
        );
        return Err(Error::invalid("closedOn", message));
    }
    new.loss_reason = match new.status {
        DealStatus::Lost => text::note("reason", new.loss_reason.take())?,
        DealStatus::Open | DealStatus::Won => None,
    };
    new.sort_key = text::sort_key(&new.name);
    new.search_text = text::search_text([Some(&new.name)]);
    Ok(())
}

async fn check_references(scope: &TenantScope, new: &deal::New, before: Option<&deal::Model>) -> Result<()> {
    let company = if_changed(new.company_id, before.and_then(|row| row.company_id));
    scope.referred_optional::<company::Entity>("companyId", company).await?;
    let contact = if_changed(new.contact_id, before.and_then(|row| row.contact_id));
    scope.referred_optional::<contact::Entity>("contactId", contact).await?;
    let owner = if_changed(new.owner_id, before.and_then(|row| row.owner_id));
    identity::service::member(scope, "ownerId", owner).await?;
    Ok(())
}

/// Makes a deal.
pub async fn create_deal(scope: &TenantScope, mut new: deal::New) -> Result<deal::Model> {
    check_deal(&mut new)?;
    check_references(scope, &new, None).await?;
    pipeline::referred_stage(scope, "stageId", new.stage_id).await?;
    let deal = scope.insert::<deal::Entity>(new).await?;
    still_there(scope, deal.stage_id).await?;
    Ok(deal)
}

/// Makes many deals at once, open or closed. The field of an error begins with the deal's index: `3.companyId`.
pub async fn create_deals(scope: &TenantScope, mut new: Vec<deal::New>) -> Result<Vec<deal::Model>> {
    let mut stages = HashSet::new();
    for (index, deal) in new.iter_mut().enumerate() {
        let within = |error: Error| error.within(&index.to_string());
        check_deal(deal).map_err(within)?;
        if stages.insert(deal.stage_id) {
            pipeline::referred_stage(scope, "stageId", deal.stage_id).await.map_err(within)?;
        }
    }
    scope
        .referred_all::<company::Entity>("companyId", &new.iter().map(|deal| deal.company_id).collect::<Vec<_>>())
        .await?;
    scope
        .referred_all::<contact::Entity>("contactId", &new.iter().map(|deal| deal.contact_id).collect::<Vec<_>>())
        .await?;
    all_members(scope, "ownerId", &new.iter().map(|deal| deal.owner_id).collect::<Vec<_>>()).await?;
    let deals = scope.insert_all::<deal::Entity>(new).await?;
    for stage in stages {
        still_there(scope, stage).await?;
    }
    Ok(deals)
}

/// Who archives a stage locks it. A deal that comes to it meanwhile waits when it is written, and then finds it archived.
async fn still_there(scope: &TenantScope, stage: StageId) -> Result<()> {
    pipeline::referred_stage(scope, "stageId", stage).await
}

/// Changes a deal.
pub async fn update_deal(
    scope: &TenantScope,
    id: DealId,
    version: i32,
    change: impl FnOnce(&mut deal::New) -> Result<()> + Send,
) -> Result<deal::Model> {
    let before = scope.editable::<deal::Entity>(id, version).await?;
    let mut new = deal::Entity::values(before.clone());
    change(&mut new)?;
    check_deal(&mut new)?;
    check_references(scope, &new, Some(&before)).await?;
    scope.update::<deal::Entity>(&before, deal::Entity::revise(before.clone(), new)).await
}

/// Moves an open deal to another stage, of the same or of another pipeline.
pub async fn move_deal(scope: &TenantScope, id: DealId, version: i32, stage: StageId) -> Result<deal::Model> {
    let before = open_deal(scope, id, version).await?;
    pipeline::referred_stage(scope, "stageId", stage).await?;
    if before.stage_id == stage {
        return Ok(before);
    }
    let after = deal::Model { stage_id: stage, ..before.clone() };
    let deal = scope.act::<deal::Entity>("move", &before, after).await?;
    still_there(scope, stage).await?;
    Ok(deal)
}

/// Wins an open deal, on a day or today.
pub async fn win_deal(scope: &TenantScope, id: DealId, version: i32, date: Option<NaiveDate>) -> Result<deal::Model> {
    let before = open_deal(scope, id, version).await?;
    let closed_on = Some(day_of_closing(scope, date)?);
    let after = deal::Model { status: DealStatus::Won, closed_on, ..before.clone() };
    scope.act::<deal::Entity>("win", &before, after).await
}

/// Loses an open deal, on a day or today.
pub async fn lose_deal(
    scope: &TenantScope,
    id: DealId,
    version: i32,
    date: Option<NaiveDate>,
    reason: Option<String>,
) -> Result<deal::Model> {
    let before = open_deal(scope, id, version).await?;
    let closed_on = Some(day_of_closing(scope, date)?);
    let loss_reason = text::note("reason", reason)?;
    let after = deal::Model { status: DealStatus::Lost, closed_on, loss_reason, ..before.clone() };
    scope.act::<deal::Entity>("lose", &before, after).await
}

/// Opens a deal again that was won or lost, at the stage where it stood.
pub async fn reopen_deal(scope: &TenantScope, id: DealId, version: i32) -> Result<deal::Model> {
    let before = scope.editable::<deal::Entity>(id, version).await?;
    if before.status == DealStatus::Open {
        return Err(Error::Conflict(Text::fixed("This deal is open already.", "ეს გარიგება უკვე ღიაა.")));
    }
    let after = deal::Model { status: DealStatus::Open, closed_on: None, loss_reason: None, ..before.clone() };
    pipeline::stage_of_open_deal(scope, before.stage_id).await?;
    scope.act::<deal::Entity>("reopen", &before, after).await
}

/// Takes a deal out of the archive; an open one only if its stage isn't archived by now.
pub async fn restore_deal(scope: &TenantScope, id: DealId, version: i32) -> Result<deal::Model> {
    let deal = scope.restore::<deal::Entity>(id, version).await?;
    if deal.status == DealStatus::Open {
        pipeline::stage_of_open_deal(scope, deal.stage_id).await?;
    }
    Ok(deal)
}

async fn open_deal(scope: &TenantScope, id: DealId, version: i32) -> Result<deal::Model> {
    let deal = scope.editable::<deal::Entity>(id, version).await?;
    if deal.status == DealStatus::Open {
        return Ok(deal);
    }
    Err(Error::Conflict(Text::fixed(
        "This deal is closed. Reopen it first.",
        "ეს გარიგება დახურულია. ჯერ ხელახლა გახსენით.",
    )))
}

fn day_of_closing(scope: &TenantScope, date: Option<NaiveDate>) -> Result<NaiveDate> {
    let today = scope.today();
    let date = date.unwrap_or(today);
    if date > today {
        return Err(Error::invalid("date", Text::fixed("This day is yet to come.", "ეს დღე ჯერ არ დამდგარა.")));
    }
    Ok(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deal() -> deal::New {
        deal::New {
            name: " Arch for Zugdidi ".into(),
            sort_key: String::new(),
            search_text: String::new(),
            company_id: None,
            contact_id: None,
            stage_id: StageId(uuid::Uuid::nil()),
            amount_minor: 100,
            currency: "GEL".into(),
            expected_close_date: None,
            status: DealStatus::Open,
            closed_on: None,
            loss_reason: Some("price".into()),
            owner_id: None,
            source: None,
            external_id: None,
        }
    }

    #[test]
    fn only_a_lost_deal_has_a_reason() {
        let mut open = deal();
        check_deal(&mut open).unwrap();
        assert_eq!((open.name.as_str(), open.sort_key.as_str()), ("Arch for Zugdidi", "arch for zugdidi"));
        assert_eq!(open.loss_reason, None);
        let mut lost = deal::New { status: DealStatus::Lost, closed_on: "2026-01-31".parse().ok(), ..deal() };
        check_deal(&mut lost).unwrap();
        assert_eq!(lost.loss_reason.as_deref(), Some("price"));
    }

    #[test]
    fn wrong_values_are_refused_by_their_field() {
        let field = |mut new: deal::New| check_deal(&mut new).unwrap_err().field().map(str::to_owned);
        assert_eq!(field(deal::New { amount_minor: -1, ..deal() }).as_deref(), Some("amount"));
        assert_eq!(field(deal::New { currency: "XYZ".into(), ..deal() }).as_deref(), Some("currency"));
        assert_eq!(field(deal::New { status: DealStatus::Won, ..deal() }).as_deref(), Some("closedOn"));
    }
}
