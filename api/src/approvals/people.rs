//! Who is there to decide, read once for any number of subjects.

use std::collections::{BTreeMap, HashMap};

use kamara_entities::{
    DepartmentId, EmployeeId, MembershipId, Role, approval_delegation, control::membership, department, employee,
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::engine::{Delegation, People};
use crate::{error::Result, tenancy::TenantScope};

/// Managers above managers that are asked at the most.
const LEVELS_MAX: usize = 20;

/// A tenant's members, departments and absences.
#[derive(Clone, Debug)]
pub(super) struct Everybody {
    members: BTreeMap<MembershipId, Role>,
    delegations: Vec<Delegation>,
    /// Each department's manager.
    departments: HashMap<DepartmentId, EmployeeId>,
    /// Each employee's own membership and manager.
    employees: HashMap<EmployeeId, (Option<MembershipId>, Option<EmployeeId>)>,
}

impl Everybody {
    /// Reads them.
    pub(super) async fn load(scope: &TenantScope) -> Result<Self> {
        let today = scope.today();
        let present = scope.find::<membership::Entity>().filter(membership::Column::RemovedAt.is_null());
        let delegations = scope
            .find::<approval_delegation::Entity>()
            .filter(approval_delegation::Column::StartDate.lte(today))
            .filter(approval_delegation::Column::EndDate.gte(today))
            .filter(approval_delegation::Column::ArchivedAt.is_null());
        let departments = scope.all(scope.find::<department::Entity>()).await?;
        let employees = scope.all(scope.find::<employee::Entity>()).await?;
        Ok(Self {
            members: scope.all(present).await?.into_iter().map(|member| (member.id, member.role)).collect(),
            delegations: scope.all(delegations).await?.into_iter().map(delegation).collect(),
            departments: departments.into_iter().filter_map(|row| Some((row.id, row.manager_id?))).collect(),
            employees: employees.into_iter().map(|row| (row.id, (row.membership_id, row.manager_id))).collect(),
        })
    }

    /// Those who may have to do with a department.
    pub(super) fn around(&self, department: Option<DepartmentId>) -> People {
        let manager = department.and_then(|id| self.departments.get(&id).copied());
        let above = |employee: &EmployeeId| self.employees.get(employee).and_then(|(_, manager)| *manager);
        let managers = std::iter::successors(manager, above).take(LEVELS_MAX);
        let membership = |employee: EmployeeId| self.employees.get(&employee).and_then(|(membership, _)| *membership);
        People {
            members: self.members.clone(),
            managers: managers.filter_map(membership).collect(),
            delegations: self.delegations.clone(),
        }
    }
}

fn delegation(row: approval_delegation::Model) -> Delegation {
    Delegation { from: row.from_id, to: row.to_id, start: row.start_date, end: row.end_date }
}
