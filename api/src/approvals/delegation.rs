//! Letting another member decide during an absence.

use chrono::NaiveDate;
use kamara_entities::{ApprovalDelegationId, MembershipId, TenantEntity, approval_delegation, control::membership};

use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
    text,
};

/// What is told of a delegation.
#[derive(Clone, Debug)]
pub struct NewDelegation {
    /// Who is absent.
    pub from: MembershipId,
    /// Who decides.
    pub to: MembershipId,
    /// First day.
    pub start_date: NaiveDate,
    /// Last day.
    pub end_date: NaiveDate,
    /// Why.
    pub reason: Option<String>,
}

/// Makes a delegation: of one's own decisions, or, who `manages`, of anybody's.
pub async fn create(scope: &TenantScope, new: NewDelegation, manages: bool) -> Result<approval_delegation::Model> {
    if !manages && scope.actor() != Some(new.from) {
        return Err(Error::Forbidden);
    }
    present(scope, "fromId", new.from).await?;
    present(scope, "toId", new.to).await?;
    if new.from == new.to {
        let message = Text::fixed("Choose somebody else.", "აირჩიეთ სხვა წევრი.");
        return Err(Error::invalid("toId", message));
    }
    if new.end_date < new.start_date {
        return Err(Error::invalid("endDate", messages::from_after_to()));
    }
    let row = approval_delegation::New {
        from_id: new.from,
        to_id: new.to,
        start_date: new.start_date,
        end_date: new.end_date,
        reason: text::note("reason", new.reason)?,
    };
    scope.insert::<approval_delegation::Entity>(row).await
}

async fn present(scope: &TenantScope, field: &'static str, id: MembershipId) -> Result<()> {
    let member = scope.referred::<membership::Entity>(field, id).await?;
    if member.removed_at.is_none() {
        return Ok(());
    }
    Err(Error::NotFound { what: membership::Entity::KIND, field: Some(field.into()) })
}

/// Ends a delegation: one's own, or, who `manages`, anybody's.
pub async fn end(
    scope: &TenantScope,
    id: ApprovalDelegationId,
    version: i32,
    manages: bool,
) -> Result<approval_delegation::Model> {
    let row = scope.require::<approval_delegation::Entity>(id).await?;
    if !manages && (scope.actor().is_none() || scope.actor() != Some(row.from_id)) {
        return Err(Error::Forbidden);
    }
    scope.archive::<approval_delegation::Entity>(id, version).await
}
