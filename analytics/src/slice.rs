use std::{collections::HashSet, sync::Arc};

use uuid::Uuid;

use crate::frame::Dimension;

/// The part of the ledger that a statement is about. What is given must all hold; nothing given is the whole.
///
/// An entry balances as a whole, so a statement of a part need not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slice {
    /// Lines of this client.
    pub company: Option<Uuid>,
    /// Lines of this project.
    pub project: Option<Uuid>,
    /// Lines of this department.
    pub department: Option<Uuid>,
    /// Lines of these cost centres: one and its parts.
    pub cost_centres: Option<Arc<HashSet<Uuid>>>,
    /// Lines of this employee, who worked or spent.
    pub employee: Option<Uuid>,
}

impl Slice {
    /// What lines have one of. Cost centres aren't among it, since a line may have one of several.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (Dimension, Uuid)> {
        [
            (Dimension::Company, self.company),
            (Dimension::Project, self.project),
            (Dimension::Department, self.department),
            (Dimension::Employee, self.employee),
        ]
        .into_iter()
        .filter_map(|(dimension, id)| Some((dimension, id?)))
    }
}
