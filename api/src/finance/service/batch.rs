//! What the rules over many documents have in common.

use std::{borrow::Cow, collections::HashMap};

use kamara_entities::{DepartmentId, ProjectId, TenantEntity, project};

use crate::{
    error::{Error, Result},
    tenancy::TenantScope,
};

/// Why a batch wasn't written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BatchError {
    /// Some of its documents aren't as they should be: which, and why.
    #[error("{} of the documents are refused", .0.len())]
    Documents(Vec<(usize, Error)>),
    /// None of them in particular is at fault.
    #[error(transparent)]
    Whole(#[from] Error),
}

impl From<BatchError> for Error {
    /// What is wrong with a batch of one.
    fn from(error: BatchError) -> Self {
        match error {
            BatchError::Whole(error) => error,
            BatchError::Documents(errors) => {
                let first = errors.into_iter().next().map(|(_, error)| error);
                first.unwrap_or_else(|| Self::internal("a batch refused for no reason"))
            }
        }
    }
}

/// Does something to each document, and tells of all that it can't be done to.
pub(super) fn each<I, O>(
    documents: impl IntoIterator<Item = I>,
    mut act: impl FnMut(I) -> Result<O>,
) -> Result<Vec<O>, BatchError> {
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for (place, document) in documents.into_iter().enumerate() {
        match act(document) {
            Ok(result) => done.push(result),
            Err(error) => refused.push((place, error)),
        }
    }
    if refused.is_empty() { Ok(done) } else { Err(BatchError::Documents(refused)) }
}

/// The only row of a batch of one.
pub(super) fn one<T>(rows: Vec<T>) -> Result<T> {
    rows.into_iter().next().ok_or_else(|| Error::internal("a batch of one without a row"))
}

/// The departments of projects.
pub(super) type Departments = HashMap<ProjectId, Option<DepartmentId>>;

/// The departments of some projects: what lines without one belong to.
pub(super) async fn departments_of(
    scope: &TenantScope,
    projects: impl IntoIterator<Item = ProjectId>,
) -> Result<Departments> {
    let projects = Referred::<project::Entity>::load(scope, projects.into_iter().collect()).await?;
    Ok(projects.rows().map(|project| (project.id, project.department_id)).collect())
}

/// Rows that documents refer to, read at once.
#[derive(Debug)]
pub(super) struct Referred<E: TenantEntity>(HashMap<E::Id, E::Row>);

impl<E: TenantEntity> Referred<E> {
    /// Reads them.
    pub(super) async fn load(scope: &TenantScope, mut ids: Vec<E::Id>) -> Result<Self> {
        let mut seen = std::collections::HashSet::with_capacity(ids.len());
        ids.retain(|id| seen.insert(*id));
        Ok(Self(scope.by_ids::<E>(ids).await?))
    }

    /// Those that are read already.
    pub(super) fn of(rows: impl IntoIterator<Item = E::Row>) -> Self {
        Self(rows.into_iter().map(|row| (E::id(&row), row)).collect())
    }

    /// The row that a field names.
    pub(super) fn get(&self, field: impl Into<Cow<'static, str>>, id: E::Id) -> Result<&E::Row> {
        self.0.get(&id).ok_or(Error::NotFound { what: E::KIND, field: Some(field.into()) })
    }

    /// The same for a field that may be empty.
    pub(super) fn if_any(&self, field: &'static str, id: Option<E::Id>) -> Result<Option<&E::Row>> {
        id.map(|id| self.get(field, id)).transpose()
    }

    /// All of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = &E::Row> {
        self.0.values()
    }
}
