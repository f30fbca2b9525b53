//! The rules of time entries. Hours are logged as drafts; approval posts what they cost against "labour absorbed", which
//! payroll fills, so that what people cost and what projects were charged meet there.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, EmployeeId, Language, MICRO, MembershipId, SourceKind, TenantEntity, TimeEntryId,
    TimeEntryStatus, employee, project, time_entry,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Hours that one entry may have, in 10⁻⁶.
const HOURS_MAX: i64 = 24 * MICRO;

/// Whose time somebody may log.
#[derive(Clone, Copy, Debug)]
pub enum Logger {
    /// Anybody's.
    ForAnybody,
    /// That of the employee who is this member.
    ForOneself(MembershipId),
}

impl Logger {
    /// The one employee whose time it may be; anybody's when there's none.
    async fn employee(self, scope: &TenantScope) -> Result<Option<EmployeeId>> {
        let Self::ForOneself(member) = self else { return Ok(None) };
        let select = scope.find::<employee::Entity>().filter(employee::Column::MembershipId.eq(member));
        scope.first(select).await?.map(|employee| Some(employee.id)).ok_or(Error::Forbidden)
    }
}

/// Checks an entry's values.
pub fn check(new: &mut time_entry::New) -> Result<()> {
    if new.hours <= 0 {
        return Err(Error::invalid("hours", messages::positive()));
    }
    if new.hours > HOURS_MAX {
        let message = Text::fixed("A day has 24 hours at most.", "დღეში არაუმეტეს 24 საათია.");
        return Err(Error::invalid("hours", message));
    }
    new.description = text::note("description", new.description.take())?;
    Ok(())
}

fn only(own: Option<EmployeeId>, employee: EmployeeId) -> Result<()> {
    if own.is_none_or(|own| own == employee) { Ok(()) } else { Err(Error::Forbidden) }
}

fn draft(status: TimeEntryStatus) -> Result<()> {
    if status == TimeEntryStatus::Draft {
        return Ok(());
    }
    let message = Text::fixed(
        "This time is approved; reverse it, and log it anew.",
        "ეს დრო დამტკიცებულია; გააუქმეთ გატარება და ჩაწერეთ თავიდან.",
    );
    Err(Error::Conflict(message))
}

async fn check_references(scope: &TenantScope, values: &time_entry::New) -> Result<()> {
    scope.referred::<employee::Entity>("employeeId", values.employee_id).await?;
    scope.referred::<project::Entity>("projectId", values.project_id).await?;
    Ok(())
}

/// Logs time.
pub async fn create(scope: &TenantScope, logger: Logger, mut new: time_entry::New) -> Result<time_entry::Model> {
    check(&mut new)?;
    let own = logger.employee(scope).await?;
    check_references(scope, &new).await?;
    only(own, new.employee_id)?;
    scope.insert::<time_entry::Entity>(new).await
}

/// Changes a draft.
pub async fn update(
    scope: &TenantScope,
    logger: Logger,
    id: TimeEntryId,
    version: i32,
    change: impl FnOnce(&mut time_entry::New) -> Result<()> + Send,
) -> Result<time_entry::Model> {
    let own = logger.employee(scope).await?;
    let before = scope.editable::<time_entry::Entity>(id, version).await?;
    only(own, before.employee_id)?;
    draft(before.status)?;
    let mut new = time_entry::Entity::values(before.clone());
    change(&mut new)?;
    check(&mut new)?;
    check_references(scope, &new).await?;
    only(own, new.employee_id)?;
    scope.update::<time_entry::Entity>(&before, time_entry::Entity::revise(before.clone(), new)).await
}

/// Archives a draft.
pub async fn archive(scope: &TenantScope, logger: Logger, id: TimeEntryId, version: i32) -> Result<time_entry::Model> {
    check_draft(scope, logger, id).await?;
    scope.archive::<time_entry::Entity>(id, version).await
}

/// Takes a draft out of the archive.
pub async fn restore(scope: &TenantScope, logger: Logger, id: TimeEntryId, version: i32) -> Result<time_entry::Model> {
    check_draft(scope, logger, id).await?;
    scope.restore::<time_entry::Entity>(id, version).await
}

async fn check_draft(scope: &TenantScope, logger: Logger, id: TimeEntryId) -> Result<()> {
    let own = logger.employee(scope).await?;
    let row = scope.lock::<time_entry::Entity>(id).await?;
    only(own, row.employee_id)?;
    draft(row.status)
}

/// Approves time, which posts its cost on its day, or on the first open one after it.
pub async fn approve(scope: &TenantScope, id: TimeEntryId, version: i32) -> Result<time_entry::Model> {
    let before = scope.editable::<time_entry::Entity>(id, version).await?;
    draft(before.status)?;
    let employee = scope.require::<employee::Entity>(before.employee_id).await?;
    let project = scope.require::<project::Entity>(before.project_id).await?;
    let cost = cost("id", before.hours, &employee, scope.base_currency())?;
    let after = time_entry::Model { status: TimeEntryStatus::Approved, cost_minor: Some(cost), ..before.clone() };
    let after = scope.act::<time_entry::Entity>("approve", &before, after).await?;
    if cost > 0 {
        let posting = Posting::new(scope, &Accounts::load(scope).await?)?;
        let values = time_entry::Entity::values(after.clone());
        let mut entry = posting.entry(after.id, &values, cost, &employee, &project);
        entry.service_date = Some(entry.date);
        entry.date = ledger::open_date_of(scope, &entry).await?;
        ledger::post(scope, vec![entry]).await?;
    }
    Ok(after)
}

/// Writes time that is approved already: that of another system, or of the demo. A handful of statements, however much it is.
pub async fn enter_approved(scope: &TenantScope, new: Vec<time_entry::New>) -> Result<Vec<time_entry::Model>> {
    let employees = scope.by_ids::<employee::Entity>(distinct(new.iter().map(|new| new.employee_id))).await?;
    let projects = scope.by_ids::<project::Entity>(distinct(new.iter().map(|new| new.project_id))).await?;
    let posting = Posting::new(scope, &Accounts::load(scope).await?)?;
    let mut rows = Vec::with_capacity(new.len());
    let mut entries = Vec::with_capacity(new.len());
    for mut new in new {
        check(&mut new)?;
        let employee = found::<employee::Entity>(&employees, "employeeId", new.employee_id)?;
        let project = found::<project::Entity>(&projects, "projectId", new.project_id)?;
        let cost = cost("employeeId", new.hours, employee, scope.base_currency())?;
        new.status = TimeEntryStatus::Approved;
        new.cost_minor = Some(cost);
        let id: TimeEntryId = scope.env().id();
        if cost > 0 {
            entries.push(posting.entry(id, &new, cost, employee, project));
        }
        rows.push((id, new));
    }
    let rows = scope.insert_with_ids::<time_entry::Entity>(rows).await?;
    ledger::post(scope, entries).await?;
    Ok(rows)
}

fn distinct<I: Ord>(ids: impl Iterator<Item = I>) -> std::collections::BTreeSet<I> {
    ids.collect()
}

fn found<'a, E: TenantEntity>(rows: &'a HashMap<E::Id, E::Row>, field: &'static str, id: E::Id) -> Result<&'a E::Row> {
    rows.get(&id).ok_or(Error::NotFound { what: E::KIND, field: Some(field.into()) })
}

/// Takes the posted cost back, today unless said.
pub async fn reverse(scope: &TenantScope, id: TimeEntryId, date: Option<NaiveDate>) -> Result<time_entry::Model> {
    let before = scope.lock::<time_entry::Entity>(id).await?;
    if before.status != TimeEntryStatus::Approved {
        let message =
            Text::fixed("Only approved time can be reversed.", "მხოლოდ დამტკიცებული დროის გაუქმება შეიძლება.");
        return Err(Error::Conflict(message));
    }
    let date = match date {
        Some(date) => date,
        None => ledger::open_date(scope, scope.today().max(before.date)).await?,
    };
    let after = time_entry::Model { status: TimeEntryStatus::Reversed, ..before.clone() };
    let after = scope.act::<time_entry::Entity>("reverse", &before, after).await?;
    if after.cost_minor.is_some_and(|cost| cost > 0) {
        ledger::reverse(scope, SourceKind::TimeEntry, id.0, date).await?;
    }
    Ok(after)
}

/// What time costs: hours times the employee's rate, rounded once.
fn cost(field: &'static str, hours: i64, employee: &employee::Model, base: &str) -> Result<i64> {
    let Some(rate) = employee.cost_rate else {
        let message = Text::new(
            format!("{} has no cost rate. Set it at the employee, then approve.", employee.name),
            format!(
                "{}: საათის ღირებულება მითითებული არ არის. ჯერ მიუთითეთ თანამშრომლის ჩანაწერში, შემდეგ დაამტკიცეთ.",
                employee.name
            ),
        );
        return Err(Error::invalid(field, message));
    };
    let exact = Decimal::new(hours, 6).checked_mul(Decimal::new(rate, 6));
    money::round_to_minor(field, exact.ok_or_else(|| Error::invalid(field, messages::too_large()))?, base)
}

/// What the entries of one scope have in common.
#[derive(Debug)]
struct Posting {
    labour: AccountId,
    absorbed: AccountId,
    base: String,
    language: Language,
}

impl Posting {
    fn new(scope: &TenantScope, accounts: &Accounts) -> Result<Self> {
        Ok(Self {
            labour: accounts.role(AccountRole::Labour)?.id,
            absorbed: accounts.role(AccountRole::LabourAbsorbed)?.id,
            base: scope.base_currency().to_owned(),
            language: scope.tenant().language,
        })
    }

    /// The project is charged; who worked is credited with it.
    fn entry(
        &self,
        id: TimeEntryId,
        time: &time_entry::New,
        cost: i64,
        employee: &employee::Model,
        project: &project::Model,
    ) -> EntryDraft {
        let line = |account_id: AccountId, amount: i64, dimensions: Dimensions| LineDraft {
            dimensions,
            ..LineDraft::in_base(account_id, amount, &self.base)
        };
        let charged = Dimensions {
            project_id: Some(project.id),
            company_id: project.company_id,
            deal_id: project.deal_id,
            department_id: project.department_id.or(employee.department_id),
            employee_id: Some(employee.id),
            ..Dimensions::default()
        };
        let absorbed = Dimensions {
            employee_id: Some(employee.id),
            department_id: employee.department_id,
            ..Dimensions::default()
        };
        let hours = money::from_micro(time.hours);
        let description = match self.language {
            Language::En => format!("{}: {hours} h on {}", employee.name, project.name),
            Language::Ka => format!("{}: {hours} სთ, {}", employee.name, project.name),
        };
        let lines = vec![line(self.labour, cost, charged), line(self.absorbed, -cost, absorbed)];
        EntryDraft::new(time.date, description, SourceKind::TimeEntry, Some(id.0), lines)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use kamara_entities::{CompanyId, DealId, DepartmentId, Stamp, TenantId};
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn stamp() -> Stamp {
        Stamp { tenant: id::<TenantId>(1), at: DateTime::UNIX_EPOCH, by: None }
    }

    fn employee(cost_rate: Option<i64>, department: Option<DepartmentId>) -> employee::Model {
        let new = employee::New {
            name: "Ana".into(),
            sort_key: "ana".into(),
            search_text: "ana".into(),
            code: None,
            title: None,
            email: None,
            phone: None,
            department_id: department,
            manager_id: None,
            membership_id: None,
            hired_on: None,
            cost_rate,
            source: None,
            external_id: None,
        };
        employee::Entity::create(new, id(2), stamp())
    }

    fn project(department: Option<DepartmentId>) -> project::Model {
        let new = project::New {
            name: "Bridge".into(),
            sort_key: "bridge".into(),
            search_text: "bridge".into(),
            code: None,
            company_id: Some(id::<CompanyId>(4)),
            deal_id: Some(id::<DealId>(5)),
            department_id: department,
            manager_id: None,
            status: kamara_entities::ProjectStatus::Active,
            start_date: None,
            end_date: None,
            budget_minor: None,
            currency: "GEL".into(),
            source: None,
            external_id: None,
        };
        project::Entity::create(new, id(3), stamp())
    }

    fn time(hours: i64) -> time_entry::New {
        time_entry::New {
            employee_id: id(2),
            project_id: id(3),
            date: NaiveDate::default(),
            hours,
            description: None,
            status: TimeEntryStatus::Draft,
            cost_minor: None,
            source: None,
            external_id: None,
        }
    }

    #[test]
    fn cost_is_rounded_half_up_in_the_base_currency() {
        // 1.25 h at 33.34 are 41.675.
        let ana = employee(Some(33_340_000), None);
        assert_eq!(cost("id", 1_250_000, &ana, "GEL").unwrap(), 4168);
        assert_eq!(cost("id", 1_250_000, &ana, "JPY").unwrap(), 42);
        assert_eq!(cost("id", 1_250_000, &ana, "KWD").unwrap(), 41_675);
        assert_eq!(cost("id", 1_250_000, &employee(None, None), "GEL").unwrap_err().field(), Some("id"));
    }

    #[test]
    fn a_day_has_24_hours() {
        assert!(check(&mut time(24 * MICRO)).is_ok());
        assert!(check(&mut time(24 * MICRO + 1)).is_err());
        assert!(check(&mut time(0)).is_err());
        assert!(check(&mut time(-MICRO)).is_err());
    }

    #[test]
    fn the_project_is_charged_and_the_employee_credited() {
        let posting = Posting { labour: id(10), absorbed: id(11), base: "GEL".into(), language: Language::En };
        let ana = employee(Some(MICRO), Some(id(7)));
        let entry = posting.entry(id(20), &time(MICRO), 100, &ana, &project(Some(id(8))));
        let [charged, absorbed] = entry.lines.as_slice() else { panic!("two lines") };
        assert_eq!(charged.base_minor + absorbed.base_minor, 0);
        assert_eq!(charged.dimensions.project_id, Some(id(3)));
        assert_eq!(charged.dimensions.company_id, Some(id(4)));
        assert_eq!(charged.dimensions.deal_id, Some(id(5)));
        assert_eq!(charged.dimensions.department_id, Some(id(8)));
        assert_eq!(charged.dimensions.employee_id, Some(id(2)));
        assert_eq!(absorbed.dimensions.employee_id, Some(id(2)));
        assert_eq!(absorbed.dimensions.department_id, Some(id(7)));
        assert_eq!(absorbed.dimensions.project_id, None);
        assert_eq!(absorbed.dimensions.company_id, None);
        let internal = posting.entry(id(20), &time(MICRO), 100, &ana, &project(None));
        assert_eq!(internal.lines[0].dimensions.department_id, Some(id(7)));
    }
}
