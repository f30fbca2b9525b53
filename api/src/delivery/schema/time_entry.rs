//! Time entries, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{EmployeeId, ProjectId, SourceKind, TimeEntryId, employee, project, time_entry};
use sea_orm::Condition;

use super::Project;
use crate::{
    delivery::service::time_entry::{self as rules, Logger},
    error,
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::TimeEntryStatus,
        filter::{Conditions, DateFilter, IdFilter, TimeEntryStatusFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::JournalEntry,
    money,
    people::schema::Employee,
};

shown! {
    /// Hours of one employee on one project on one day.
    TimeEntry(time_entry),
}

#[Object]
impl TimeEntry {
    /// Id.
    async fn id(&self) -> Id<TimeEntryId> {
        Id(self.0.id)
    }

    /// Who worked.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn employee(&self, ctx: &Context<'_>) -> Result<Employee> {
        Ok(Employee(ctx.row::<employee::Entity>(self.0.employee_id).await?))
    }

    /// On what.
    async fn project(&self, ctx: &Context<'_>) -> Result<Project> {
        Ok(Project(ctx.row::<project::Entity>(self.0.project_id).await?))
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How long.
    async fn hours(&self) -> Dec {
        Dec(money::from_micro(self.0.hours))
    }

    /// What was done.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> TimeEntryStatus {
        self.0.status.into()
    }

    /// What it cost, once approved. Shown to those who may see what people cost; null to others.
    async fn cost(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        let caller = request(ctx).caller()?;
        if !caller.may(Permission::PayRead) {
            return Ok(None);
        }
        let base_currency = &caller.place()?.tenant.base_currency;
        Ok(self.0.cost_minor.map(|cost| Money::new(cost, base_currency)))
    }

    /// The entry that posted its cost; none for who may not see the ledger.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        if !request(ctx).caller()?.may(Permission::FinanceRead) {
            return Ok(None);
        }
        JournalEntry::of_source(ctx, SourceKind::TimeEntry, self.0.id.0).await
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
    /// What time entries are sorted by.
    TimeEntryOrder, TimeEntryOrderField of time_entry, default Date Desc,
    {
        /// By day.
        Date => Date,
        /// By length.
        Hours => Hours,
        /// By where they stand.
        Status => Status,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which time entries.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct TimeEntryFilter {
    /// Words, all of which are in its description.
    search: Option<String>,
    /// Who worked.
    employee_id: Option<IdFilter>,
    /// On what.
    project_id: Option<IdFilter>,
    /// When.
    date: Option<DateFilter>,
    /// Where it stands.
    status: Option<TimeEntryStatusFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl TimeEntryFilter {
    fn condition(self) -> Condition {
        use time_entry::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search_plain(C::Description, self.search)
            .on(C::EmployeeId, self.employee_id)
            .on(C::ProjectId, self.project_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .all()
    }
}

/// Asking for time entries.
#[derive(Default)]
pub(crate) struct TimeEntryQuery;

#[Object]
impl TimeEntryQuery {
    /// Time that was logged.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::DeliveryRead)")]
    async fn time_entries(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: TimeEntryFilter,
        order_by: Option<TimeEntryOrder>,
    ) -> Result<Listed<TimeEntry>> {
        let order = TimeEntryOrder::or_default(order_by);
        list::<time_entry::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// Hours of one employee on one project on one day.
    #[graphql(guard = "Can(Permission::DeliveryRead)")]
    async fn time_entry(&self, ctx: &Context<'_>, id: Id<TimeEntryId>) -> Result<TimeEntry> {
        Ok(TimeEntry(request(ctx).read().await?.require::<time_entry::Entity>(id.0).await?))
    }
}

/// New time.
#[derive(InputObject)]
pub(crate) struct CreateTimeEntryInput {
    /// Who worked.
    employee_id: Id<EmployeeId>,
    /// On what.
    project_id: Id<ProjectId>,
    /// When; today unless said.
    date: Option<Date>,
    /// How long, at most 24 hours.
    hours: Dec,
    /// What was done.
    description: Option<String>,
}

/// A change of a draft: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateTimeEntryInput {
    /// The entry.
    id: Id<TimeEntryId>,
    /// The version that was read.
    version: i32,
    /// Who worked.
    employee_id: Option<Id<EmployeeId>>,
    /// On what.
    project_id: Option<Id<ProjectId>>,
    /// When.
    date: Option<Date>,
    /// How long, at most 24 hours.
    hours: Option<Dec>,
    /// What was done.
    description: MaybeUndefined<String>,
}

impl UpdateTimeEntryInput {
    fn apply(self, new: &mut time_entry::New) -> error::Result<()> {
        new.employee_id = self.employee_id.map_or(new.employee_id, |id| id.0);
        new.project_id = self.project_id.map_or(new.project_id, |id| id.0);
        new.date = self.date.map_or(new.date, |date| date.0);
        if let Some(hours) = self.hours {
            new.hours = money::to_micro("hours", hours.0)?;
        }
        self.description.update_to(&mut new.description);
        Ok(())
    }
}

/// Which time entry, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveTimeEntryInput {
    /// The entry.
    id: Id<TimeEntryId>,
    /// The version that was read.
    version: i32,
}

/// Which time entry, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreTimeEntryInput {
    /// The entry.
    id: Id<TimeEntryId>,
    /// The version that was read.
    version: i32,
}

/// Which time entry, as it was read.
#[derive(InputObject)]
pub(crate) struct ApproveTimeEntryInput {
    /// The entry.
    id: Id<TimeEntryId>,
    /// The version that was read.
    version: i32,
}

/// Which time entry's cost is taken back.
#[derive(InputObject)]
pub(crate) struct ReverseTimeEntryInput {
    /// The entry.
    id: Id<TimeEntryId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

payloads! {
    CreateTimeEntryPayload { time_entry: TimeEntry },
    UpdateTimeEntryPayload { time_entry: TimeEntry },
    ArchiveTimeEntryPayload { time_entry: TimeEntry },
    RestoreTimeEntryPayload { time_entry: TimeEntry },
    ApproveTimeEntryPayload { time_entry: TimeEntry },
    ReverseTimeEntryPayload { time_entry: TimeEntry },
}

/// Whose time the caller may log.
fn logger(ctx: &Context<'_>) -> error::Result<Logger> {
    let caller = request(ctx).caller()?;
    if caller.may(Permission::DeliveryWrite) {
        return Ok(Logger::ForAnybody);
    }
    Ok(Logger::ForOneself(caller.place()?.membership))
}

/// Logging and approving time.
#[derive(Default)]
pub(crate) struct TimeEntryMutation;

#[Object]
impl TimeEntryMutation {
    /// Logs time: one's own, or anybody's for those who may change projects.
    #[graphql(guard = "Can(Permission::TimeWrite)")]
    async fn create_time_entry(
        &self,
        ctx: &Context<'_>,
        input: CreateTimeEntryInput,
    ) -> Result<CreateTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let new = time_entry::New {
            employee_id: input.employee_id.0,
            project_id: input.project_id.0,
            date: input.date.map_or_else(|| scope.today(), |date| date.0),
            hours: money::to_micro("hours", input.hours.0)?,
            description: input.description,
            status: kamara_entities::TimeEntryStatus::Draft,
            cost_minor: None,
            source: None,
            external_id: None,
        };
        let time_entry = rules::create(&scope, logger(ctx)?, new).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }

    /// Changes time that isn't approved yet.
    #[graphql(guard = "Can(Permission::TimeWrite)")]
    async fn update_time_entry(
        &self,
        ctx: &Context<'_>,
        input: UpdateTimeEntryInput,
    ) -> Result<UpdateTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let time_entry = rules::update(&scope, logger(ctx)?, id, version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }

    /// Archives time that isn't approved yet.
    #[graphql(guard = "Can(Permission::TimeWrite)")]
    async fn archive_time_entry(
        &self,
        ctx: &Context<'_>,
        input: ArchiveTimeEntryInput,
    ) -> Result<ArchiveTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let time_entry = rules::archive(&scope, logger(ctx)?, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }

    /// Takes time that isn't approved yet out of the archive.
    #[graphql(guard = "Can(Permission::TimeWrite)")]
    async fn restore_time_entry(
        &self,
        ctx: &Context<'_>,
        input: RestoreTimeEntryInput,
    ) -> Result<RestoreTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let time_entry = rules::restore(&scope, logger(ctx)?, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }

    /// Approves time, which posts what it cost: hours times the employee's cost rate.
    #[graphql(guard = "Can(Permission::TimeApprove)")]
    async fn approve_time_entry(
        &self,
        ctx: &Context<'_>,
        input: ApproveTimeEntryInput,
    ) -> Result<ApproveTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let time_entry = rules::approve(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }

    /// Takes back the cost of approved time.
    #[graphql(guard = "Can(Permission::TimeApprove)")]
    async fn reverse_time_entry(
        &self,
        ctx: &Context<'_>,
        input: ReverseTimeEntryInput,
    ) -> Result<ReverseTimeEntryPayload> {
        let scope = request(ctx).write().await?;
        let time_entry = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(time_entry.into())
    }
}
