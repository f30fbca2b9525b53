//! Projects, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, MaybeUndefined, Object, Result,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{
    CompanyId, DealId, DepartmentId, EmployeeId, ProjectId, TimeEntryStatus, company, deal, department, employee,
    project, time_entry,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use super::TimeEntry;
use crate::{
    companies::schema::Company,
    delivery::service::project as rules,
    error,
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::ProjectStatus,
        filter::{Conditions, DateFilter, IdFilter, ProjectStatusFilter, StringFilter},
        list,
        loader::Batch,
        nested, request,
    },
    identity::Permission,
    money,
    people::schema::{Department, Employee},
    sales::schema::Deal,
    tenancy::{Direction, Order},
};

shown! {
    /// A piece of work, for a client or internal.
    Project(project),
}

struct TimeOfProject;
impl Children for TimeOfProject {
    type Entity = time_entry::Entity;
    const PARENT: time_entry::Column = time_entry::Column::ProjectId;
    const ORDER: Order<time_entry::Column> = Order { column: time_entry::Column::Date, direction: Direction::Desc };
}

/// The approved hours of a project, in 10⁻⁶.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ApprovedHours(ProjectId);

impl Loader<ApprovedHours> for Batch {
    type Value = i64;
    type Error = error::Error;

    async fn load(&self, keys: &[ApprovedHours]) -> error::Result<HashMap<ApprovedHours, i64>> {
        use time_entry::Column as C;
        #[derive(FromQueryResult)]
        struct Sum {
            project: ProjectId,
            hours: i64,
        }
        let scope = self.scope().await?;
        let select = scope
            .find::<time_entry::Entity>()
            .filter(C::Status.eq(TimeEntryStatus::Approved))
            .filter(C::ProjectId.is_in(keys.iter().map(|key| key.0)))
            .select_only()
            .column_as(C::ProjectId, "project")
            // PostgreSQL gives the sum of bigints as a numeric.
            .column_as(C::Hours.sum().cast_as("bigint"), "hours")
            .group_by(C::ProjectId);
        let sums = scope.query::<Sum>(&select.into_query()).await?;
        Ok(sums.into_iter().map(|row| (ApprovedHours(row.project), row.hours)).collect())
    }
}

#[Object]
impl Project {
    /// Id.
    async fn id(&self) -> Id<ProjectId> {
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

    /// The client; none for internal work.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// The deal that it was won by.
    #[graphql(guard = "Can(Permission::SalesRead)")]
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        Ok(ctx.row_if_any::<deal::Entity>(self.0.deal_id).await?.map(Deal))
    }

    /// The department that does it.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// Who leads it.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn manager(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.manager_id).await?.map(Employee))
    }

    /// Where it stands.
    async fn status(&self) -> ProjectStatus {
        self.0.status.into()
    }

    /// First day.
    async fn start_date(&self) -> Option<Date> {
        self.0.start_date.map(Date)
    }

    /// Last day.
    async fn end_date(&self) -> Option<Date> {
        self.0.end_date.map(Date)
    }

    /// What it may cost.
    async fn budget(&self) -> Option<Money> {
        self.0.budget_minor.map(|budget| Money::new(budget, &self.0.currency))
    }

    /// How many hours are approved.
    async fn hours(&self, ctx: &Context<'_>) -> Result<Dec> {
        let hours = ctx.data::<DataLoader<Batch>>()?.load_one(ApprovedHours(self.0.id)).await?;
        Ok(Dec(money::from_micro(hours.unwrap_or(0))))
    }

    /// The time that went into it, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn time_entries(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Listed<TimeEntry>> {
        nested::<TimeOfProject, _>(ctx, self.0.id.0, Paging { first, after }).await
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
    /// What projects are sorted by.
    ProjectOrder, ProjectOrderField of project, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By short name.
        Code => Code,
        /// By where they stand.
        Status => Status,
        /// By their first day.
        StartDate => StartDate,
        /// By their last day.
        EndDate => EndDate,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which projects.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ProjectFilter {
    /// Words, all of which are in its name or code.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// The client.
    company_id: Option<IdFilter>,
    /// The deal that it was won by.
    deal_id: Option<IdFilter>,
    /// The department that does it.
    department_id: Option<IdFilter>,
    /// Who leads it.
    manager_id: Option<IdFilter>,
    /// Where it stands.
    status: Option<ProjectStatusFilter>,
    /// First day.
    start_date: Option<DateFilter>,
    /// Last day.
    end_date: Option<DateFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ProjectFilter {
    fn condition(self) -> Condition {
        use project::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::CompanyId, self.company_id)
            .on(C::DealId, self.deal_id)
            .on(C::DepartmentId, self.department_id)
            .on(C::ManagerId, self.manager_id)
            .on(C::Status, self.status)
            .on(C::StartDate, self.start_date)
            .on(C::EndDate, self.end_date)
            .all()
    }
}

/// Asking for projects.
#[derive(Default)]
pub(crate) struct ProjectQuery;

#[Object]
impl ProjectQuery {
    /// Pieces of work.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::DeliveryRead)")]
    async fn projects(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ProjectFilter,
        order_by: Option<ProjectOrder>,
    ) -> Result<Listed<Project>> {
        let order = ProjectOrder::or_default(order_by);
        list::<project::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A piece of work.
    #[graphql(guard = "Can(Permission::DeliveryRead)")]
    async fn project(&self, ctx: &Context<'_>, id: Id<ProjectId>) -> Result<Project> {
        Ok(Project(request(ctx).read().await?.require::<project::Entity>(id.0).await?))
    }
}

/// A new project.
#[derive(InputObject)]
pub(crate) struct CreateProjectInput {
    /// Name.
    name: String,
    /// Short name.
    code: Option<String>,
    /// The client; none for internal work.
    company_id: Option<Id<CompanyId>>,
    /// The deal that it was won by.
    deal_id: Option<Id<DealId>>,
    /// The department that does it.
    department_id: Option<Id<DepartmentId>>,
    /// Who leads it.
    manager_id: Option<Id<EmployeeId>>,
    /// Where it stands; planned unless said.
    status: Option<ProjectStatus>,
    /// First day.
    start_date: Option<Date>,
    /// Last day.
    end_date: Option<Date>,
    /// What it may cost.
    budget: Option<Dec>,
    /// Currency of the budget; that of the books unless said.
    currency: Option<String>,
}

impl CreateProjectInput {
    fn values(self, base_currency: &str) -> error::Result<project::New> {
        let currency = money::currency("currency", self.currency.as_deref().unwrap_or(base_currency))?;
        Ok(project::New {
            name: self.name,
            sort_key: String::new(),
            search_text: String::new(),
            code: self.code,
            company_id: self.company_id.map(|id| id.0),
            deal_id: self.deal_id.map(|id| id.0),
            department_id: self.department_id.map(|id| id.0),
            manager_id: self.manager_id.map(|id| id.0),
            status: self.status.unwrap_or(ProjectStatus::Planned).into(),
            start_date: self.start_date.map(|date| date.0),
            end_date: self.end_date.map(|date| date.0),
            budget_minor: self.budget.map(|budget| money::to_minor("budget", budget.0, &currency)).transpose()?,
            currency,
            source: None,
            external_id: None,
        })
    }
}

/// A change of a project: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateProjectInput {
    /// The project.
    id: Id<ProjectId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Short name.
    code: MaybeUndefined<String>,
    /// The client; none for internal work.
    company_id: MaybeUndefined<Id<CompanyId>>,
    /// The deal that it was won by.
    deal_id: MaybeUndefined<Id<DealId>>,
    /// The department that does it.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// Who leads it.
    manager_id: MaybeUndefined<Id<EmployeeId>>,
    /// Where it stands.
    status: Option<ProjectStatus>,
    /// First day.
    start_date: MaybeUndefined<Date>,
    /// Last day.
    end_date: MaybeUndefined<Date>,
    /// What it may cost.
    budget: MaybeUndefined<Dec>,
    /// Currency of the budget.
    currency: Option<String>,
}

impl UpdateProjectInput {
    fn apply(self, new: &mut project::New) -> error::Result<()> {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.code.update_to(&mut new.code);
        self.company_id.map_value(|id| id.0).update_to(&mut new.company_id);
        self.deal_id.map_value(|id| id.0).update_to(&mut new.deal_id);
        self.department_id.map_value(|id| id.0).update_to(&mut new.department_id);
        self.manager_id.map_value(|id| id.0).update_to(&mut new.manager_id);
        new.status = self.status.map_or(new.status, Into::into);
        self.start_date.map_value(|date| date.0).update_to(&mut new.start_date);
        self.end_date.map_value(|date| date.0).update_to(&mut new.end_date);
        // A currency alone leaves the number and changes what it counts; currencies differ in their minor units.
        let mut budget = new.budget_minor.map(|minor| Dec(money::from_minor(minor, &new.currency)));
        self.budget.update_to(&mut budget);
        if let Some(currency) = self.currency {
            new.currency = money::currency("currency", &currency)?;
        }
        new.budget_minor = budget.map(|budget| money::to_minor("budget", budget.0, &new.currency)).transpose()?;
        Ok(())
    }
}

payloads! {
    CreateProjectPayload { project: Project },
    UpdateProjectPayload { project: Project },
}

archiving! {
    ProjectArchiving, project, ProjectId, Project, project, DeliveryWrite,
    archive_project(ArchiveProjectInput) -> ArchiveProjectPayload,
    restore_project(RestoreProjectInput) -> RestoreProjectPayload
}

/// Making and changing projects.
#[derive(Default)]
pub(crate) struct ProjectMutation;

#[Object]
impl ProjectMutation {
    /// Makes a project.
    #[graphql(guard = "Can(Permission::DeliveryWrite)")]
    async fn create_project(&self, ctx: &Context<'_>, input: CreateProjectInput) -> Result<CreateProjectPayload> {
        let scope = request(ctx).write().await?;
        let new = input.values(scope.base_currency())?;
        let project = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(project.into())
    }

    /// Changes a project.
    #[graphql(guard = "Can(Permission::DeliveryWrite)")]
    async fn update_project(&self, ctx: &Context<'_>, input: UpdateProjectInput) -> Result<UpdateProjectPayload> {
        let scope = request(ctx).write().await?;
        let project = rules::update(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(project.into())
    }
}
