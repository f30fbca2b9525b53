//! What a run of a rule is computed from: the costs that are spread, and the basis that they're spread by.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountType, AllocationBasis, AllocationTarget, CompanyId, CostCentreId, DepartmentId, EmployeeId,
    ProjectId, SourceKind, TimeEntryStatus, account, allocation_run, employee, journal_entry, journal_line, project,
    time_entry,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement};
use uuid::Uuid;

use super::{
    Rule,
    arithmetic::{Pool, Weight},
};
use crate::{
    db,
    error::Result,
    ledger::{CostCentreTree, Dimensions},
    tenancy::TenantScope,
};

/// Days, both included.
pub(super) type Days = (NaiveDate, NaiveDate);

/// The costs of a period that a rule spreads, its own runs left out: those of its cost centre, or those that nothing of the
/// target's kind has yet.
pub(super) async fn pools(scope: &TenantScope, rule: &Rule, days: Days) -> Result<Vec<Pool>> {
    #[derive(FromQueryResult)]
    struct Row {
        account_id: AccountId,
        company_id: Option<CompanyId>,
        project_id: Option<ProjectId>,
        department_id: Option<DepartmentId>,
        cost_centre_id: Option<CostCentreId>,
        amount: i64,
    }
    use journal_line::Column as C;
    let mut select = scope
        .find::<journal_line::Entity>()
        .filter(C::Date.between(days.0, days.1))
        .filter(C::Closing.eq(false))
        .filter(C::EntryId.not_in_subquery(own_entries(scope, rule)));
    select = if rule.accounts.is_empty() {
        select.filter(C::AccountId.in_subquery(accounts(scope, AccountType::Expense)))
    } else {
        select.filter(C::AccountId.is_in(rule.accounts.iter().copied()))
    };
    if let Some(root) = rule.row.cost_centre_id {
        select = select.filter(C::CostCentreId.is_in(CostCentreTree::load(scope).await?.subtree(root)));
    }
    // Costs of the cost centre that is spread leave the department or cost centre where they arose; what is spent for a project or
    // a client stays theirs.
    let within = matches!(rule.row.target, AllocationTarget::Department | AllocationTarget::CostCentre);
    if !within || rule.row.cost_centre_id.is_none() {
        select = select.filter(column(rule.row.target).is_null());
    }
    let cuts = [C::AccountId, C::CompanyId, C::ProjectId, C::DepartmentId, C::CostCentreId];
    let select = cuts.into_iter().fold(select.select_only(), |select, cut| select.column(cut).group_by(cut));
    let select = select.column_as(db::sum(C::BaseMinor), "amount");
    let pool = |row: Row| Pool {
        account_id: row.account_id,
        amount: row.amount,
        dimensions: Dimensions {
            company_id: row.company_id,
            project_id: row.project_id,
            department_id: row.department_id,
            cost_centre_id: row.cost_centre_id,
            ..Dimensions::default()
        },
    };
    let rows = scope.query::<Row>(&select.into_query()).await?;
    let mut pools: Vec<Pool> = rows.into_iter().map(pool).filter(|pool| pool.amount != 0).collect();
    // The same order on both databases, each time.
    pools.sort_by_key(|pool| {
        let of = &pool.dimensions;
        (pool.account_id, of.cost_centre_id, of.department_id, of.project_id, of.company_id)
    });
    Ok(pools)
}

const fn column(target: AllocationTarget) -> journal_line::Column {
    match target {
        AllocationTarget::Company => journal_line::Column::CompanyId,
        AllocationTarget::Project => journal_line::Column::ProjectId,
        AllocationTarget::Department => journal_line::Column::DepartmentId,
        AllocationTarget::CostCentre => journal_line::Column::CostCentreId,
    }
}

fn accounts(scope: &TenantScope, of: AccountType) -> SelectStatement {
    let accounts = scope.find::<account::Entity>().filter(account::Column::AccountType.eq(of));
    accounts.select_only().column(account::Column::Id).into_query()
}

/// What the rule's runs posted, and what took that back.
fn own_entries(scope: &TenantScope, rule: &Rule) -> SelectStatement {
    use journal_entry::Column as C;
    let runs = scope.find::<allocation_run::Entity>().filter(allocation_run::Column::RuleId.eq(rule.row.id));
    let runs = runs.select_only().column(allocation_run::Column::Id).into_query();
    let entries = scope.find::<journal_entry::Entity>();
    let entries = entries.filter(C::SourceKind.eq(SourceKind::CostAllocation)).filter(C::SourceId.in_subquery(runs));
    entries.select_only().column(C::Id).into_query()
}

/// What takes the costs, by id, and the weight of what nobody takes.
pub(super) async fn weights(scope: &TenantScope, rule: &Rule, days: Days) -> Result<(Vec<Weight>, i64)> {
    let target = rule.row.target;
    let mut weights: Vec<(Uuid, i64)> = match rule.row.basis {
        AllocationBasis::Fixed => rule.shares.iter().map(|(target, bp)| (*target, i64::from(*bp))).collect(),
        AllocationBasis::Revenue => revenue(scope, target, days).await?.into_iter().collect(),
        AllocationBasis::Hours => {
            let mut hours = BTreeMap::<Uuid, i64>::new();
            for work in work(scope, target, days).await? {
                *hours.entry(work.target).or_default() += work.hours;
            }
            hours.into_iter().collect()
        }
        AllocationBasis::HeadCount if target == AllocationTarget::Department => {
            head_count(scope, days).await?.into_iter().collect()
        }
        AllocationBasis::HeadCount => {
            let work = work(scope, target, days).await?;
            let people: BTreeSet<(Uuid, EmployeeId)> = work.iter().map(|work| (work.target, work.employee)).collect();
            let mut counts = BTreeMap::<Uuid, i64>::new();
            for (target, _) in people {
                *counts.entry(target).or_default() += 1;
            }
            counts.into_iter().collect()
        }
    };
    weights.retain(|(_, weight)| *weight > 0);
    if let (AllocationTarget::CostCentre, Some(root)) = (target, rule.row.cost_centre_id) {
        // What is spread doesn't come back to where it's taken from, nor to what became a part of that since the rule was written.
        let from = CostCentreTree::load(scope).await?.subtree(root);
        weights.retain(|(target, _)| !from.contains(&CostCentreId(*target)));
    }
    let rest = match rule.row.basis {
        AllocationBasis::Fixed => 10_000 - weights.iter().map(|(_, weight)| weight).sum::<i64>(),
        AllocationBasis::Revenue | AllocationBasis::Hours | AllocationBasis::HeadCount => 0,
    };
    Ok((weights.into_iter().map(|(target, weight)| Weight { target, weight }).collect(), rest))
}

/// The people of each department on the last day.
async fn head_count(scope: &TenantScope, days: Days) -> Result<BTreeMap<Uuid, i64>> {
    let mut counts = BTreeMap::<Uuid, i64>::new();
    for person in scope.all(scope.find::<employee::Entity>()).await? {
        let hired = person.hired_on.is_none_or(|day| day <= days.1);
        let left = person.archived_at.is_some_and(|at| scope.day_of(at) <= days.1);
        if let (Some(department), true, false) = (person.department_id, hired, left) {
            *counts.entry(department.0).or_default() += 1;
        }
    }
    Ok(counts)
}

/// Revenue in minor units, by what earned it.
async fn revenue(scope: &TenantScope, target: AllocationTarget, days: Days) -> Result<BTreeMap<Uuid, i64>> {
    #[derive(FromQueryResult)]
    struct Row {
        target: Uuid,
        amount: i64,
    }
    use journal_line::Column as C;
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::Date.between(days.0, days.1))
        .filter(C::Closing.eq(false))
        .filter(C::AccountId.in_subquery(accounts(scope, AccountType::Income)))
        .filter(column(target).is_not_null())
        .select_only()
        .column_as(column(target), "target")
        .column_as(db::sum(C::BaseMinor), "amount")
        .group_by(column(target));
    let rows = scope.query::<Row>(&select.into_query()).await?;
    Ok(rows.into_iter().map(|row| (row.target, -row.amount)).collect())
}

/// Approved hours of one person on one thing, in 10⁻⁶.
struct Work {
    target: Uuid,
    employee: EmployeeId,
    hours: i64,
}

async fn work(scope: &TenantScope, target: AllocationTarget, days: Days) -> Result<Vec<Work>> {
    #[derive(FromQueryResult)]
    struct Row {
        employee_id: EmployeeId,
        project_id: ProjectId,
        hours: i64,
    }
    use time_entry::Column as C;
    let select = scope
        .find::<time_entry::Entity>()
        .filter(C::Status.eq(TimeEntryStatus::Approved))
        .filter(C::Date.between(days.0, days.1))
        .select_only()
        .column(C::EmployeeId)
        .column(C::ProjectId)
        .column_as(db::sum(C::Hours), "hours")
        .group_by(C::EmployeeId)
        .group_by(C::ProjectId);
    let rows = scope.query::<Row>(&select.into_query()).await?;
    let departments: HashMap<EmployeeId, Option<DepartmentId>> = match target {
        AllocationTarget::Department => {
            let people = scope.by_ids::<employee::Entity>(rows.iter().map(|row| row.employee_id)).await?;
            people.into_values().map(|person| (person.id, person.department_id)).collect()
        }
        _ => HashMap::new(),
    };
    let clients = match target {
        AllocationTarget::Company => clients(scope, rows.iter().map(|row| row.project_id)).await?,
        _ => HashMap::new(),
    };
    let work = |row: Row| {
        let target = match target {
            AllocationTarget::Project => Some(row.project_id.0),
            AllocationTarget::Department => departments.get(&row.employee_id).copied().flatten().map(|id| id.0),
            AllocationTarget::Company => clients.get(&row.project_id).copied().flatten().map(|id| id.0),
            AllocationTarget::CostCentre => None,
        };
        Some(Work { target: target?, employee: row.employee_id, hours: row.hours })
    };
    Ok(rows.into_iter().filter_map(work).collect())
}

/// The clients of projects.
pub(super) async fn clients(
    scope: &TenantScope,
    projects: impl Iterator<Item = ProjectId> + Send,
) -> Result<HashMap<ProjectId, Option<CompanyId>>> {
    let projects: BTreeSet<ProjectId> = projects.collect();
    let projects = scope.by_ids::<project::Entity>(projects).await?;
    Ok(projects.into_values().map(|project| (project.id, project.company_id)).collect())
}
