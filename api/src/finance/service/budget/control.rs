//! Whether a commitment stays within the budget in force.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountType, BudgetControl, CostCentreId, DepartmentId, account, budget, budget_line, cost_centre,
    department, journal_line,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use super::{end_of_month, in_force, lines_of, month_of, plan};
use crate::{
    db,
    error::{Error, Result, Text},
    ledger::{Accounts, CostCentreTree, EntryDraft, LineDraft, splits},
    money,
    tenancy::TenantScope,
};

/// What a commitment takes of a budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BudgetUse {
    /// When.
    pub date: NaiveDate,
    /// Account.
    pub account_id: AccountId,
    /// Cost centre.
    pub cost_centre_id: Option<CostCentreId>,
    /// Department.
    pub department_id: Option<DepartmentId>,
    /// How much is spent, in minor units of the base currency; negative where it's given back.
    pub amount_minor: i64,
}

impl BudgetUse {
    /// What an entry takes, as it's posted: what one line debits and another credits on the same account is only moved.
    #[must_use]
    pub fn of(entry: &EntryDraft) -> Vec<Self> {
        let of_line = |line: LineDraft| Self {
            date: entry.date,
            account_id: line.account_id,
            cost_centre_id: line.dimensions.cost_centre_id,
            department_id: line.dimensions.department_id,
            amount_minor: line.base_minor,
        };
        let lines = entry.lines.iter().cloned().flat_map(splits::spread);
        lines.map(of_line).collect()
    }
}

/// Checks commitments against the budgets in force, before they are posted. Where one goes over what its month has left, it's
/// `refused` if the budget blocks, else told in what is given back. What has no budget isn't limited.
pub async fn check(scope: &TenantScope, uses: &[BudgetUse], refused: fn(Text) -> Error) -> Result<Vec<Text>> {
    let mut by_month: BTreeMap<NaiveDate, Vec<&BudgetUse>> = BTreeMap::new();
    for used in uses {
        by_month.entry(month_of(used.date)).or_default().push(used);
    }
    let mut warnings = Vec::new();
    for (month, uses) in by_month {
        let budget = in_force(scope, month).await?;
        if let Some(budget) = budget.filter(|budget| budget.control != BudgetControl::None) {
            warnings.extend(check_month(scope, &budget, month, &uses, refused).await?);
        }
    }
    Ok(warnings)
}

async fn check_month(
    scope: &TenantScope,
    budget: &budget::Model,
    month: NaiveDate,
    uses: &[&BudgetUse],
    refused: fn(Text) -> Error,
) -> Result<Vec<Text>> {
    let blocks = budget.control == BudgetControl::Block;
    if blocks {
        // Two commitments at once see each other.
        scope.lock::<budget::Entity>(budget.id).await?;
    }
    let (tree, accounts) = (CostCentreTree::load(scope).await?, Accounts::load(scope).await?);
    let mut warnings = Vec::new();
    for line in lines_of(scope, budget.id, month, month).await? {
        let taken = uses.iter().filter(|used| takes(&tree, &line, used)).map(|used| used.amount_minor);
        let wanted = money::sum("amount", taken)?;
        let expense = accounts.get(line.account_id).filter(|account| account.account_type == AccountType::Expense);
        let Some(account) = expense.filter(|_| wanted > 0) else { continue };
        let left = line.amount_minor - spent(scope, &tree, &line).await?;
        if wanted <= left {
            continue;
        }
        let message = over(scope, account, &line, left, wanted).await?;
        if blocks {
            return Err(refused(message));
        }
        warnings.push(message);
    }
    Ok(warnings)
}

/// Whether a commitment is one that an amount is planned for.
fn takes(tree: &CostCentreTree, line: &budget_line::Model, used: &BudgetUse) -> bool {
    let used_for = (used.cost_centre_id, used.department_id);
    line.account_id == used.account_id && plan::contains(tree, plan::cut(line), used_for)
}

/// What is spent of an amount already; closing entries left out.
async fn spent(scope: &TenantScope, tree: &CostCentreTree, line: &budget_line::Model) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Row {
        amount: Option<i64>,
    }
    use journal_line::Column as C;
    let mut select = scope
        .find::<journal_line::Entity>()
        .filter(C::AccountId.eq(line.account_id))
        .filter(C::Date.between(line.month, end_of_month(line.month)))
        .filter(C::Closing.eq(false));
    if let Some(id) = line.cost_centre_id {
        select = select.filter(C::CostCentreId.is_in(tree.subtree(id)));
    }
    if let Some(id) = line.department_id {
        select = select.filter(C::DepartmentId.eq(id));
    }
    let select = select.select_only().column_as(db::sum(C::BaseMinor), "amount");
    let rows = scope.query::<Row>(&select.into_query()).await?;
    Ok(rows.into_iter().next().and_then(|row| row.amount).unwrap_or_default())
}

async fn over(
    scope: &TenantScope,
    account: &account::Model,
    line: &budget_line::Model,
    left: i64,
    wanted: i64,
) -> Result<Text> {
    let centre = scope.referred_optional::<cost_centre::Entity>("costCentreId", line.cost_centre_id).await?;
    let department = scope.referred_optional::<department::Entity>("departmentId", line.department_id).await?;
    let names = [centre.map(|row| row.name), department.map(|row| row.name)];
    let of = std::iter::once(format!("{} {}", account.code, account.name)).chain(names.into_iter().flatten());
    let (of, month) = (of.collect::<Vec<_>>().join(", "), line.month.format("%Y-%m"));
    let currency = scope.base_currency();
    let (left, wanted) = (money::from_minor(left, currency), money::from_minor(wanted, currency));
    Ok(Text::new(
        format!("The budget of {of} has {left} {currency} left in {month}; this takes {wanted} {currency}."),
        format!("ბიუჯეტში ({of}) {month} თვისთვის დარჩენილია {left} {currency}; საჭიროა {wanted} {currency}."),
    ))
}

#[cfg(test)]
mod tests {
    use kamara_entities::SourceKind;
    use uuid::Uuid;

    use super::*;
    use crate::ledger::{Dimensions, splits::CostShare};

    #[test]
    fn an_entry_takes_what_it_posts_share_by_share() {
        let id = Uuid::from_u128;
        let cost = LineDraft::in_base(id(1).into(), 101, "GEL");
        let share = |number| CostShare { cost_centre_id: id(number).into(), share_bp: 5_000 };
        let dimensions = Dimensions { department_id: Some(id(5).into()), ..Dimensions::default() };
        let cost = LineDraft { shares: vec![share(8), share(9)], dimensions, ..cost };
        let paid = LineDraft::in_base(id(2).into(), -101, "GEL");
        let entry = EntryDraft::new(NaiveDate::default(), "x".into(), SourceKind::Expense, None, vec![cost, paid]);
        let uses = BudgetUse::of(&entry);
        assert_eq!(uses.iter().map(|used| used.amount_minor).collect::<Vec<_>>(), [51, 50, -101]);
        assert_eq!(uses[1].cost_centre_id, Some(id(9).into()));
        assert_eq!(uses[1].department_id, Some(id(5).into()));
    }
}
