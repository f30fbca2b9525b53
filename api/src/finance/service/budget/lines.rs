//! The amounts of a budget.

use std::collections::HashSet;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountType, BudgetId, CostCentreId, DepartmentId, TenantEntity as _, budget, budget_line, cost_centre,
    department,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter};

use super::{month_of, require_draft, sheet};
use crate::{
    error::{Error, Result, Text},
    ledger::Accounts,
    money,
    tenancy::{Replaced, TenantScope, ToldPart, told},
};

/// Amounts of a budget at the most.
pub(super) const LINES_MAX: usize = 20_000;

/// What is given of an amount.
#[derive(Clone, Copy, Debug)]
pub struct LineInput {
    /// Account of income or expense.
    pub account_id: AccountId,
    /// Cost centre, where it has a budget of its own.
    pub cost_centre_id: Option<CostCentreId>,
    /// Department, where it has a budget of its own.
    pub department_id: Option<DepartmentId>,
    /// Any day of the month.
    pub month: NaiveDate,
    /// How much is planned to be spent, or earned, in the base currency.
    pub amount: Decimal,
}

/// Replaces the amounts of a draft.
pub async fn set_lines(scope: &TenantScope, id: BudgetId, version: i32, lines: &[LineInput]) -> Result<budget::Model> {
    let before = scope.editable::<budget::Entity>(id, version).await?;
    require_draft(&before)?;
    let rows = rows(scope, &before, lines).await?;
    replace(scope, before, rows).await
}

/// Replaces the amounts of a draft by those of a CSV sheet: columns `account`, `cost_centre`, `department` (codes or names) and
/// one for each month (`2026-01`).
pub async fn import_lines(scope: &TenantScope, id: BudgetId, version: i32, csv: &str) -> Result<budget::Model> {
    let before = scope.editable::<budget::Entity>(id, version).await?;
    require_draft(&before)?;
    let lines = sheet::read(scope, csv).await?;
    let inputs: Vec<LineInput> = lines.iter().map(|line| line.input).collect();
    let rows = rows(scope, &before, &inputs).await.map_err(|error| sheet::at_line(error, &lines))?;
    replace(scope, before, rows).await
}

async fn replace(scope: &TenantScope, before: budget::Model, rows: Vec<budget_line::New>) -> Result<budget::Model> {
    let of_budget = budget_line::Column::BudgetId.eq(before.id);
    let old = scope.all(scope.find::<budget_line::Entity>().filter(of_budget.clone())).await?;
    let old: Vec<_> = old.into_iter().map(budget_line::Entity::values).collect();
    let parts = Replaced::default().with("lines", told_lines(&old)?, told_lines(&rows)?);
    scope.delete_parts::<budget_line::Entity>(Condition::all().add(of_budget)).await?;
    let rows = rows.into_iter().map(|new| (scope.env().id(), new)).collect();
    scope.insert_parts::<budget_line::Entity>(rows).await?;
    scope.act_with_parts::<budget::Entity>("set_lines", &before, before.clone(), parts).await
}

fn told_lines(lines: &[budget_line::New]) -> Result<Vec<ToldPart>> {
    lines.iter().map(|line| told(line, &["budget_id"])).collect()
}

/// The rows of amounts. The field of an error begins with `lines` and the index.
async fn rows(scope: &TenantScope, budget: &budget::Model, lines: &[LineInput]) -> Result<Vec<budget_line::New>> {
    if lines.len() > LINES_MAX {
        return Err(Error::invalid("lines", Text::fixed("At most 20,000 amounts.", "არაუმეტეს 20 000 თანხისა.")));
    }
    let centres: Vec<_> = lines.iter().map(|line| line.cost_centre_id).collect();
    let departments: Vec<_> = lines.iter().map(|line| line.department_id).collect();
    let within = |error: Error| error.within("lines");
    let accounts = Accounts::load(scope).await?;
    scope.referred_all::<cost_centre::Entity>("costCentreId", &centres).await.map_err(within)?;
    scope.referred_all::<department::Entity>("departmentId", &departments).await.map_err(within)?;
    let mut seen = HashSet::with_capacity(lines.len());
    let mut rows = Vec::with_capacity(lines.len());
    for (place, line) in lines.iter().enumerate() {
        let row = row(scope, budget, &accounts, line).and_then(|row| {
            let first = seen.insert((row.account_id, row.cost_centre_id, row.department_id, row.month));
            let message = Text::fixed(
                "This account has an amount for the month already.",
                "ამ ანგარიშს ამ თვეში თანხა უკვე აქვს.",
            );
            if first { Ok(row) } else { Err(Error::invalid("month", message)) }
        });
        rows.push(row.map_err(|error| error.within(&format!("lines.{place}")))?);
    }
    Ok(rows)
}

fn row(scope: &TenantScope, budget: &budget::Model, accounts: &Accounts, line: &LineInput) -> Result<budget_line::New> {
    let account = accounts.referred("accountId", line.account_id)?;
    if !matches!(account.account_type, AccountType::Income | AccountType::Expense) {
        let message = Text::fixed("Choose an account of income or expense.", "აირჩიეთ შემოსავლის ან ხარჯის ანგარიში.");
        return Err(Error::invalid("accountId", message));
    }
    if line.month < budget.from_date || line.month > budget.to_date {
        let message = Text::new(
            format!("The budget is for {} to {}.", budget.from_date, budget.to_date),
            format!("ბიუჯეტი {}–{} პერიოდისაა.", budget.from_date, budget.to_date),
        );
        return Err(Error::invalid("month", message));
    }
    Ok(budget_line::New {
        budget_id: budget.id,
        account_id: account.id,
        cost_centre_id: line.cost_centre_id,
        department_id: line.department_id,
        month: month_of(line.month),
        amount_minor: money::to_minor("amount", line.amount, scope.base_currency())?,
    })
}
