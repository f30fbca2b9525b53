//! The rules of leads, pipelines and deals.

mod deal;
mod lead;
mod pipeline;

use std::collections::HashSet;

use kamara_entities::{MembershipId, TenantEntity};

pub use self::{
    deal::{
        check_deal, create_deal, create_deals, lose_deal, move_deal, reopen_deal, restore_deal, update_deal, win_deal,
    },
    lead::{
        Conversion, Converted, check_lead, convert_lead, create_lead, create_leads, lose_lead, reopen_lead, update_lead,
    },
    pipeline::{
        NewStage, archive_pipeline, archive_stage, create_default_pipeline, create_pipeline, create_stage,
        default_stage, restore_stage, update_pipeline, update_stage,
    },
};
use crate::{
    error::{Error, Result},
    identity,
    tenancy::TenantScope,
};

/// A reference, if it isn't the one that was there before: what a record points at already may have been removed since, and
/// must not keep people from changing the rest.
fn if_changed<T: PartialEq>(new: Option<T>, before: Option<T>) -> Option<T> {
    if new == before { None } else { new }
}

/// Checks with one statement that what each of many rows refers to is there. The field of an error begins with the row's
/// index: `3.companyId`.
async fn all_there<E: TenantEntity>(scope: &TenantScope, field: &'static str, ids: &[Option<E::Id>]) -> Result<()> {
    let wanted: HashSet<E::Id> = ids.iter().copied().flatten().collect();
    let found = scope.by_ids::<E>(wanted).await?;
    match ids.iter().position(|id| id.is_some_and(|id| !found.contains_key(&id))) {
        Some(index) => Err(Error::NotFound { what: E::KIND, field: Some(format!("{index}.{field}").into()) }),
        None => Ok(()),
    }
}

/// The same for members.
async fn all_members(scope: &TenantScope, field: &'static str, ids: &[Option<MembershipId>]) -> Result<()> {
    let mut known = HashSet::new();
    for (index, id) in ids.iter().enumerate().filter(|(_, id)| id.is_some()) {
        if known.insert(*id) {
            identity::service::member(scope, field, *id).await.map_err(|error| error.within(&index.to_string()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_changed_reference_is_checked() {
        assert_eq!(if_changed(Some(1), None), Some(1));
        assert_eq!(if_changed(Some(1), Some(2)), Some(1));
        assert_eq!(if_changed(Some(1), Some(1)), None);
        assert_eq!(if_changed(None, Some(1)), None);
    }
}
