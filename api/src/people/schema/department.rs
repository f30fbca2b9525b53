//! Departments, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{DepartmentId, EmployeeId, department, employee};
use sea_orm::Condition;

use super::Employee;
use crate::{
    graphql::{
        Can, Children, Id, Listed, Loading, Paging, complexity,
        filter::{Conditions, IdFilter, StringFilter},
        list, nested, request,
    },
    identity::Permission,
    people::service,
    tenancy::{Direction, Order},
};

shown! {
    /// A part of our organisation.
    Department(department),
}

struct EmployeesOfDepartment;
impl Children for EmployeesOfDepartment {
    type Entity = employee::Entity;
    const PARENT: employee::Column = employee::Column::DepartmentId;
    const ORDER: Order<employee::Column> = Order { column: employee::Column::SortKey, direction: Direction::Asc };
}

#[Object]
impl Department {
    /// Id.
    async fn id(&self) -> Id<DepartmentId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Short name.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Who leads it.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.manager_id).await?.map(Employee))
    }

    /// Who belongs to it, by name.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::PeopleRead)")]
    async fn employees(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Listed<Employee>> {
        nested::<EmployeesOfDepartment, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

ordering! {
    /// What departments are sorted by.
    DepartmentOrder, DepartmentOrderField of department, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By short name.
        Code => Code,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which departments.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct DepartmentFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Short name.
    code: Option<StringFilter>,
    /// Who leads it.
    manager_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl DepartmentFilter {
    fn condition(self) -> Condition {
        use department::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::Code, self.code)
            .on(C::ManagerId, self.manager_id)
            .all()
    }
}

/// Asking for departments.
#[derive(Default)]
pub(crate) struct DepartmentQuery;

#[Object]
impl DepartmentQuery {
    /// The parts of our organisation.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::PeopleRead)")]
    async fn departments(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: DepartmentFilter,
        order_by: Option<DepartmentOrder>,
    ) -> Result<Listed<Department>> {
        let order = DepartmentOrder::or_default(order_by);
        list::<department::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A part of our organisation.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>, id: Id<DepartmentId>) -> Result<Department> {
        Ok(Department(request(ctx).read().await?.require::<department::Entity>(id.0).await?))
    }
}

/// A new department.
#[derive(InputObject)]
pub(crate) struct CreateDepartmentInput {
    /// Name.
    name: String,
    /// Short name.
    code: Option<String>,
    /// Who leads it.
    manager_id: Option<Id<EmployeeId>>,
}

impl From<CreateDepartmentInput> for department::New {
    fn from(input: CreateDepartmentInput) -> Self {
        Self {
            name: input.name,
            sort_key: String::new(),
            code: input.code,
            manager_id: input.manager_id.map(|id| id.0),
            source: None,
            external_id: None,
        }
    }
}

/// A change of a department: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateDepartmentInput {
    /// The department.
    id: Id<DepartmentId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Short name.
    code: MaybeUndefined<String>,
    /// Who leads it.
    manager_id: MaybeUndefined<Id<EmployeeId>>,
}

impl UpdateDepartmentInput {
    fn apply(self, new: &mut department::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.code.update_to(&mut new.code);
        self.manager_id.map_value(|id| id.0).update_to(&mut new.manager_id);
    }
}

payloads! {
    CreateDepartmentPayload { department: Department },
    UpdateDepartmentPayload { department: Department },
}

archiving! {
    DepartmentArchiving, department, DepartmentId, Department, department, PeopleWrite,
    archive_department(ArchiveDepartmentInput) -> ArchiveDepartmentPayload,
    restore_department(RestoreDepartmentInput) -> RestoreDepartmentPayload
}

/// Making and changing departments.
#[derive(Default)]
pub(crate) struct DepartmentMutation;

#[Object]
impl DepartmentMutation {
    /// Makes a department.
    #[graphql(guard = "Can(Permission::PeopleWrite)")]
    async fn create_department(
        &self,
        ctx: &Context<'_>,
        input: CreateDepartmentInput,
    ) -> Result<CreateDepartmentPayload> {
        let scope = request(ctx).write().await?;
        let department = service::create_department(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(department.into())
    }

    /// Changes a department.
    #[graphql(guard = "Can(Permission::PeopleWrite)")]
    async fn update_department(
        &self,
        ctx: &Context<'_>,
        input: UpdateDepartmentInput,
    ) -> Result<UpdateDepartmentPayload> {
        let scope = request(ctx).write().await?;
        let department = service::update_department(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(department.into())
    }
}
