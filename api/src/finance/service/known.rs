//! Which of the rows that documents name are there.

use std::collections::{HashMap, HashSet};

use kamara_entities::TenantEntity;
use sea_orm::{
    ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement, UnionType},
};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    tenancy::TenantScope,
};

/// Ids in one part of a statement.
const IDS_MAX: usize = 4_000;
/// Parts of one statement, so that it keeps below the parameters that a database takes.
const PARTS_MAX: usize = 7;

/// Rows that documents name and that need only be there, whatever is in them: asked for with one statement.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<String, HashSet<Uuid>>);

/// A row that is there.
#[derive(Debug, FromQueryResult)]
pub(super) struct Found {
    kind: String,
    id: Uuid,
}

impl Known {
    /// Asks which are there. What is wanted comes from [`wanted`].
    pub(super) async fn load<const N: usize>(scope: &TenantScope, wanted: [Vec<SelectStatement>; N]) -> Result<Self> {
        let mut known = Self::default();
        for statement in Self::select(wanted) {
            known.add(scope.query(&statement).await?);
        }
        Ok(known)
    }

    /// What asks for them, to be run with other statements: one, unless there are thousands.
    pub(super) fn select<const N: usize>(wanted: [Vec<SelectStatement>; N]) -> Vec<SelectStatement> {
        let parts: Vec<SelectStatement> = wanted.into_iter().flatten().collect();
        let union = |parts: &[SelectStatement]| {
            let (first, others) = parts.split_first()?;
            let mut statement = first.clone();
            for other in others {
                statement.union(UnionType::All, other.clone());
            }
            Some(statement)
        };
        parts.chunks(PARTS_MAX).filter_map(union).collect()
    }

    /// Adds those that were found.
    pub(super) fn add(&mut self, found: Vec<Found>) {
        for Found { kind, id } in found {
            self.0.entry(kind).or_default().insert(id);
        }
    }

    /// Whether a row is there.
    pub(super) fn has<E: TenantEntity>(&self, id: E::Id) -> bool {
        self.0.get(E::KIND).is_some_and(|ids| ids.contains(&id.into()))
    }

    /// Refuses what a field names, unless it's there.
    pub(super) fn require<E: TenantEntity>(&self, field: &'static str, id: impl Into<Option<E::Id>>) -> Result<()> {
        match id.into() {
            Some(id) if !self.has::<E>(id) => Err(Error::NotFound { what: E::KIND, field: Some(field.into()) }),
            _ => Ok(()),
        }
    }
}

/// The rows of a table with some ids.
pub(super) fn wanted<E: TenantEntity>(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = E::Id>,
) -> Vec<SelectStatement> {
    let ids: Vec<E::Id> = ids.into_iter().collect::<HashSet<_>>().into_iter().collect();
    let part = |ids: &[E::Id]| {
        let select = scope.find::<E>().filter(E::ID.is_in(ids.iter().copied())).select_only();
        select.expr_as(Expr::value(E::KIND), "kind").column_as(E::ID, "id").into_query()
    };
    ids.chunks(IDS_MAX).map(part).collect()
}
