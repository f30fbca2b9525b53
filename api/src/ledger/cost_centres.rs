//! The rules of cost centres: a tree.

use std::collections::{HashMap, HashSet};

use kamara_entities::{CostCentreId, cost_centre};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect};

use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
    text,
};

/// Which cost centre is a part of which.
#[derive(Clone, Debug, Default)]
pub struct CostCentreTree {
    parents: HashMap<CostCentreId, Option<CostCentreId>>,
}

impl CostCentreTree {
    /// That of a scope's tenant, archived ones too: old entries are on them.
    pub async fn load(scope: &TenantScope) -> Result<Self> {
        Ok(Self::of(&scope.all(scope.find::<cost_centre::Entity>()).await?))
    }

    fn of(rows: &[cost_centre::Model]) -> Self {
        Self { parents: rows.iter().map(|row| (row.id, row.parent_id)).collect() }
    }

    /// What it's a part of, nearest first.
    pub fn above(&self, id: CostCentreId) -> impl Iterator<Item = CostCentreId> {
        std::iter::successors(self.parent(id), |id| self.parent(*id))
    }

    /// What it's directly a part of.
    #[must_use]
    pub fn parent(&self, id: CostCentreId) -> Option<CostCentreId> {
        self.parents.get(&id).copied().flatten()
    }

    /// A cost centre, and all that is a part of it.
    #[must_use]
    pub fn subtree(&self, root: CostCentreId) -> HashSet<CostCentreId> {
        let within = |id: &CostCentreId| *id == root || self.above(*id).any(|above| above == root);
        self.parents.keys().copied().filter(within).collect()
    }

    /// Each cost centre that is a part of another, and that one.
    pub fn parents(&self) -> impl Iterator<Item = (CostCentreId, CostCentreId)> {
        self.parents.iter().filter_map(|(id, parent)| Some((*id, (*parent)?)))
    }
}

/// Checks a cost centre's values, and fills in what it's sorted by.
pub fn check_cost_centre(new: &mut cost_centre::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.sort_key = text::sort_key(&new.name);
    Ok(())
}

/// Makes cost centres.
pub async fn create_cost_centres(
    scope: &TenantScope,
    mut new: Vec<cost_centre::New>,
) -> Result<Vec<cost_centre::Model>> {
    new.iter_mut().try_for_each(check_cost_centre)?;
    let parents: HashSet<CostCentreId> = new.iter().filter_map(|new| new.parent_id).collect();
    // Locked, so that none is archived in the meantime.
    let parents = scope.lock_all::<cost_centre::Entity>(parents).await?;
    for id in new.iter().filter_map(|new| new.parent_id) {
        check_open(parents.get(&id))?;
    }
    scope.insert_all::<cost_centre::Entity>(new).await
}

fn check_open(parent: Option<&cost_centre::Model>) -> Result<()> {
    let parent = parent.ok_or(Error::NotFound { what: "cost_centre", field: Some("parentId".into()) })?;
    if parent.archived_at.is_some() {
        return Err(Error::invalid("parentId", messages::archived()));
    }
    Ok(())
}

/// Changes a cost centre. One that moves takes along what is a part of it.
pub async fn update_cost_centre(
    scope: &TenantScope,
    id: CostCentreId,
    version: i32,
    change: impl FnOnce(&mut cost_centre::New) + Send,
) -> Result<cost_centre::Model> {
    // All of them are locked, for two that move at once could otherwise become part of each other.
    let rows = scope.lock_every::<cost_centre::Entity>().await?;
    let edit = |new: &mut cost_centre::New| {
        let before = new.parent_id;
        change(new);
        check_cost_centre(new)?;
        match new.parent_id.filter(|parent| Some(*parent) != before) {
            Some(parent) => check_move(&rows, id, parent),
            None => Ok(()),
        }
    };
    scope.edit::<cost_centre::Entity>(id, version, edit).await
}

fn check_move(rows: &[cost_centre::Model], id: CostCentreId, parent_id: CostCentreId) -> Result<()> {
    let find = |id| rows.iter().find(|row| row.id == id);
    check_open(find(parent_id))?;
    if id != parent_id && !CostCentreTree::of(rows).above(parent_id).any(|above| above == id) {
        return Ok(());
    }
    let name = |id| find(id).map(|row| row.name.as_str()).unwrap_or_default();
    let (own, other) = (name(id), name(parent_id));
    let message = if id == parent_id {
        Text::fixed("A cost centre isn't a part of itself.", "ხარჯების ცენტრი საკუთარი თავის ნაწილი ვერ იქნება.")
    } else {
        Text::new(
            format!("{other} is itself a part of {own}. Choose a cost centre outside it."),
            format!("„{other}“ თავად არის „{own}“-ის ნაწილი. აირჩიეთ მის გარეთ მდებარე ხარჯების ცენტრი."),
        )
    };
    Err(Error::invalid("parentId", message))
}

/// Archives a cost centre that has no parts, archived ones aside.
pub async fn archive_cost_centre(scope: &TenantScope, id: CostCentreId, version: i32) -> Result<cost_centre::Model> {
    use cost_centre::Column as C;
    let archived = scope.archive::<cost_centre::Entity>(id, version).await?;
    let parts = scope.find::<cost_centre::Entity>().filter(C::ParentId.eq(id)).filter(C::ArchivedAt.is_null()).limit(1);
    if let Some(part) = scope.first(parts).await? {
        return Err(Error::Conflict(Text::new(
            format!("{} is a part of this cost centre. Move or archive it first.", part.name),
            format!("„{}“ ამ ხარჯების ცენტრის ნაწილია. ჯერ გადაიტანეთ ან დაარქივეთ ის.", part.name),
        )));
    }
    Ok(archived)
}

/// Takes a cost centre out of the archive, where what it's a part of isn't in there too.
pub async fn restore_cost_centre(scope: &TenantScope, id: CostCentreId, version: i32) -> Result<cost_centre::Model> {
    let rows = scope.lock_every::<cost_centre::Entity>().await?;
    let parent = rows.iter().find(|row| row.id == id).and_then(|row| row.parent_id);
    if let Some(parent) = rows.iter().find(|row| Some(row.id) == parent && row.archived_at.is_some()) {
        return Err(Error::Conflict(Text::new(
            format!("It's a part of {}, which is archived. Restore that first.", parent.name),
            format!("ის დაარქივებული „{}“-ის ნაწილია. ჯერ ის აღადგინეთ.", parent.name),
        )));
    }
    scope.restore::<cost_centre::Entity>(id, version).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id(number: usize) -> CostCentreId {
        CostCentreId(Uuid::from_u128(number as u128 + 1))
    }

    proptest! {
        #[test]
        fn subtrees_hold_what_has_their_root_above(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..30)) {
            // Each may be a part of one before it, so that there is no circle.
            let tree = CostCentreTree {
                parents: parents.iter().enumerate().map(|(own, parent)| {
                    let parent = parent.index(own + 1);
                    (id(own), (parent < own).then(|| id(parent)))
                }).collect(),
            };
            let mut within = 0;
            for root in 0..parents.len() {
                let subtree = tree.subtree(id(root));
                prop_assert!(subtree.contains(&id(root)));
                within += subtree.len();
            }
            let depths: usize = (0..parents.len()).map(|own| tree.above(id(own)).count() + 1).sum();
            prop_assert_eq!(within, depths);
        }
    }
}
