//! The part of the ledger that a statement is about.

use std::sync::Arc;

use async_graphql::InputObject;
use kamara_analytics::Slice;
use kamara_entities::{
    CompanyId, CostCentreId, DepartmentId, EmployeeId, ProjectId, company, cost_centre, department, employee, project,
};

use crate::{error::Result, graphql::Id, ledger::CostCentreTree, tenancy::TenantScope};

/// Which lines a statement counts: all that is given must hold. An entry balances as a whole, so a statement of a part need
/// not.
#[derive(Clone, Copy, Debug, Default, InputObject)]
pub(crate) struct DimensionFilter {
    /// Lines of this client.
    #[graphql(name = "companyId")]
    company: Option<Id<CompanyId>>,
    /// Lines of this project.
    #[graphql(name = "projectId")]
    project: Option<Id<ProjectId>>,
    /// Lines of this department.
    #[graphql(name = "departmentId")]
    department: Option<Id<DepartmentId>>,
    /// Lines of this cost centre and of its parts.
    #[graphql(name = "costCentreId")]
    cost_centre: Option<Id<CostCentreId>>,
    /// Lines of this employee, who worked or spent.
    #[graphql(name = "employeeId")]
    employee: Option<Id<EmployeeId>>,
}

impl DimensionFilter {
    /// The same for `analytics`, once it's sure that each is there.
    pub(super) async fn slice(self, scope: &TenantScope) -> Result<Slice> {
        let Self { company, project, department, cost_centre, employee } = self;
        let of = scope.referred_optional::<company::Entity>("companyId", company.map(|id| id.0));
        let company = of.await?.map(|row| row.id.0);
        let of = scope.referred_optional::<project::Entity>("projectId", project.map(|id| id.0));
        let project = of.await?.map(|row| row.id.0);
        let of = scope.referred_optional::<department::Entity>("departmentId", department.map(|id| id.0));
        let department = of.await?.map(|row| row.id.0);
        let of = scope.referred_optional::<cost_centre::Entity>("costCentreId", cost_centre.map(|id| id.0));
        let cost_centres = match of.await? {
            Some(row) => {
                let within = CostCentreTree::load(scope).await?.subtree(row.id);
                Some(Arc::new(within.into_iter().map(|id| id.0).collect()))
            }
            None => None,
        };
        let of = scope.referred_optional::<employee::Entity>("employeeId", employee.map(|id| id.0));
        let employee = of.await?.map(|row| row.id.0);
        Ok(Slice { company, project, department, cost_centres, employee })
    }
}
