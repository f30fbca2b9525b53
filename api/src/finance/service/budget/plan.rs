//! What is planned, where amounts of a budget lie within each other.
//!
//! An amount without a cost centre is for the whole account, one of a cost centre for its parts too, and one without a department for
//! all departments. So of one account and month an amount may lie within another. Both limit what is spent, each by all that lies
//! within it; where a plan is added up, only the outer one counts.

use std::collections::HashSet;

use chrono::NaiveDate;
use kamara_entities::{AccountId, CostCentreId, DepartmentId, budget_line};

use crate::ledger::CostCentreTree;

/// What something is spent or planned for: a cost centre and a department, or all of them.
pub(super) type Cut = (Option<CostCentreId>, Option<DepartmentId>);

/// Whether what is planned for one contains another.
pub(super) fn contains(tree: &CostCentreTree, outer: Cut, inner: Cut) -> bool {
    let of_centre = outer
        .0
        .is_none_or(|planned| inner.0.is_some_and(|id| id == planned || tree.above(id).any(|above| above == planned)));
    of_centre && outer.1.is_none_or(|planned| inner.1 == Some(planned))
}

/// Amounts that are added up.
pub struct Plan<'a> {
    tree: &'a CostCentreTree,
    lines: Vec<&'a budget_line::Model>,
    planned: HashSet<(AccountId, NaiveDate, Cut)>,
}

impl<'a> Plan<'a> {
    /// Some amounts of a budget.
    #[must_use]
    pub fn new(tree: &'a CostCentreTree, lines: Vec<&'a budget_line::Model>) -> Self {
        let planned = lines.iter().map(|line| (line.account_id, line.month, cut(line))).collect();
        Self { tree, lines, planned }
    }

    /// The amounts that lie within no other.
    pub fn outermost(&self) -> impl Iterator<Item = &'a budget_line::Model> {
        let outermost = |line: &&budget_line::Model| {
            let mut places = self.path(line).map(Some).chain([None]);
            !places.any(|centre| self.is_within(line, centre))
        };
        self.lines.iter().copied().filter(outermost)
    }

    /// What each cost centre has with its parts: each amount with its own cost centre and those above, up to where it lies within
    /// another.
    pub fn by_cost_centre(&self) -> impl Iterator<Item = (CostCentreId, &'a budget_line::Model)> {
        self.lines.iter().copied().flat_map(move |line| {
            let path = self.path(line).take_while(move |centre| !self.is_within(line, Some(*centre)));
            path.map(move |centre| (centre, line))
        })
    }

    /// Its cost centre, and what that is a part of.
    fn path(&self, line: &budget_line::Model) -> impl Iterator<Item = CostCentreId> {
        line.cost_centre_id.into_iter().flat_map(|id| std::iter::once(id).chain(self.tree.above(id)))
    }

    /// Whether an amount of a cost centre, of its own or one above, contains this one.
    fn is_within(&self, line: &budget_line::Model, centre: Option<CostCentreId>) -> bool {
        let others = [(centre, line.department_id), (centre, None)].into_iter().filter(|other| *other != cut(line));
        others.into_iter().any(|other| self.planned.contains(&(line.account_id, line.month, other)))
    }
}

/// What an amount is planned for.
pub(super) const fn cut(line: &budget_line::Model) -> Cut {
    (line.cost_centre_id, line.department_id)
}
