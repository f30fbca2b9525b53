//! Employees and departments, as the API shows them.

mod department;
mod employee;

use async_graphql::MergedObject;

pub(crate) use self::{department::Department, employee::Employee};

/// What can be asked of employees and departments.
#[derive(Default, MergedObject)]
pub(crate) struct PeopleQuery(employee::EmployeeQuery, department::DepartmentQuery);

/// What can be done to employees and departments.
#[derive(Default, MergedObject)]
pub(crate) struct PeopleMutation(
    employee::EmployeeMutation,
    employee::EmployeeArchiving,
    department::DepartmentMutation,
    department::DepartmentArchiving,
);
