//! The rules of leads, pipelines and deals.

mod deal;
mod lead;
mod pipeline;

use std::collections::HashSet;

use kamara_entities::MembershipId;

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
use crate::{error::Result, identity, tenancy::TenantScope};

/// A reference, if it isn't the one that was there before: what a record points at already may have been removed since, and
/// must not keep people from changing the rest.
fn if_changed<T: PartialEq>(new: Option<T>, before: Option<T>) -> Option<T> {
    if new == before { None } else { new }
}

/// Checks that the members that many rows refer to are there. The field of an error begins with the row's index.
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
