//! The rules of expenses: money that was spent. What the company paid is posted at once. What an employee paid is a draft until
//! it's handed in, and owed to the employee once it's posted.

use chrono::NaiveDate;
use kamara_entities::{
    EmployeeId, ExpenseId, ExpenseStatus, MembershipId, SourceKind, SplitSubject, TenantEntity, employee, expense,
};
use sea_orm::{ColumnTrait, QueryFilter};

pub use super::expense_values::{ExpenseTax, NewExpense};
use super::{
    approval,
    batch::{BatchError, each, one},
    books::Books,
    budget::{self, BudgetUse},
    expense_values::{self as values, Payer, References},
    opening,
    tax_codes::TaxCodes,
};
use crate::{
    approvals::service as approvals,
    error::{Error, Result, Text},
    ledger::{
        Accounts, EntryDraft, service as ledger,
        splits::{self, CostShare},
    },
    messages,
    tenancy::{Replaced, TenantScope},
    text,
};

/// Whose expenses somebody may write.
#[derive(Clone, Copy, Debug)]
pub enum Spender {
    /// Anybody's.
    Anybody,
    /// Those of the employee who is this member.
    Oneself(MembershipId),
}

impl Spender {
    /// The one employee whose expenses it may be; anybody's when there's none.
    async fn employee(self, scope: &TenantScope) -> Result<Option<EmployeeId>> {
        let Self::Oneself(member) = self else { return Ok(None) };
        own(scope, member).await?.map(Some).ok_or(Error::Forbidden)
    }

    /// Refuses what is somebody else's, as if it weren't there.
    async fn check(self, scope: &TenantScope, expense: &expense::Model) -> Result<()> {
        let own = self.employee(scope).await?;
        if own.is_none() || own == expense.employee_id { Ok(()) } else { Err(Error::not_found("expense")) }
    }

    /// Checks what is handed in against the budgets in force. What is left of them is told to who keeps the books alone.
    async fn check_budgets(self, scope: &TenantScope, uses: &[BudgetUse]) -> Result<Vec<Text>> {
        match self {
            Self::Anybody => budget::check(scope, uses, Error::Conflict).await,
            Self::Oneself(_) => {
                let warnings = budget::check(scope, uses, |_| Error::Conflict(over_budget())).await?;
                Ok(warnings.first().map(|_| over_budget()).into_iter().collect())
            }
        }
    }
}

/// The employee who is a member.
pub async fn own(scope: &TenantScope, member: MembershipId) -> Result<Option<EmployeeId>> {
    let select = scope.find::<employee::Entity>().filter(employee::Column::MembershipId.eq(member));
    Ok(scope.first(select).await?.map(|employee| employee.id))
}

/// The expense with an id, if somebody may see it.
pub async fn seen(scope: &TenantScope, spender: Spender, id: ExpenseId) -> Result<expense::Model> {
    let row = scope.require::<expense::Entity>(id).await?;
    let own = match spender {
        Spender::Anybody => return Ok(row),
        Spender::Oneself(member) => own(scope, member).await?,
    };
    if own.is_some() && own == row.employee_id { Ok(row) } else { Err(Error::not_found("expense")) }
}

/// Records an expense that the company paid and that must stay within the budget in force. Tells where it goes over one that only
/// warns.
pub async fn record(scope: &TenantScope, new: NewExpense) -> Result<(expense::Model, Vec<Text>)> {
    let (rows, warnings) = write(scope, vec![new], true).await?;
    Ok((one(rows)?, warnings))
}

/// Records expenses that the company paid, whatever was budgeted: what an import tells of has happened. A handful of statements,
/// however many they are.
pub async fn record_expenses(scope: &TenantScope, new: Vec<NewExpense>) -> Result<Vec<expense::Model>, BatchError> {
    Ok(write(scope, new, false).await?.0)
}

async fn write(
    scope: &TenantScope,
    new: Vec<NewExpense>,
    within_budget: bool,
) -> Result<(Vec<expense::Model>, Vec<Text>), BatchError> {
    let references = References::load(scope, &new).await?;
    let books = Books::new(scope, &references.accounts);
    let recorded = each(new, |new| {
        let id: ExpenseId = scope.env().id();
        let shares = values::shares(&references, &new)?;
        let row = values::row(scope, &references, Payer::Company, new)?;
        let (mut entry, _) = books.expense(id, &row, values::tax_in(&references.tax_codes, &row)?)?;
        entry.share(row.account_id, &shares);
        Ok(((id, row), ((id.0, shares), entry)))
    })?;
    let (rows, posted): (Vec<_>, Vec<_>) = recorded.into_iter().unzip();
    let (shares, entries): (Vec<_>, Vec<_>) = posted.into_iter().unzip();
    let mut warnings = Vec::new();
    if within_budget {
        let uses: Vec<BudgetUse> = entries.iter().flat_map(BudgetUse::of).collect();
        warnings = budget::check(scope, &uses, |over| Error::invalid("amount", over)).await?;
    }
    let rows = scope.insert_with_ids::<expense::Entity>(rows).await?;
    splits::keep(scope, SplitSubject::Expense, shares).await?;
    ledger::post(scope, entries).await?;
    Ok((rows, warnings))
}

/// Makes a draft of what an employee paid.
pub async fn create(scope: &TenantScope, spender: Spender, mut new: NewExpense) -> Result<expense::Model> {
    let own = spender.employee(scope).await?;
    new.employee_id = new.employee_id.or(own);
    if new.employee_id.is_none() {
        return Err(Error::invalid("employeeId", messages::required()));
    }
    if own.is_some() && own != new.employee_id {
        return Err(Error::Forbidden);
    }
    let references = References::load(scope, std::slice::from_ref(&new)).await?;
    let shares = values::shares(&references, &new)?;
    let row = scope.insert::<expense::Entity>(values::row(scope, &references, Payer::Employee, new)?).await?;
    splits::keep(scope, SplitSubject::Expense, [(row.id.0, shares)]).await?;
    Ok(row)
}

async fn shares_of(scope: &TenantScope, id: ExpenseId) -> Result<Vec<CostShare>> {
    Ok(splits::of_lines(scope, [id.0]).await?.remove(&id.0).unwrap_or_default())
}

/// Changes what an employee paid: the employee while it's a draft, the accountant until it's posted.
pub async fn update(
    scope: &TenantScope,
    spender: Spender,
    id: ExpenseId,
    version: i32,
    change: impl FnOnce(&mut NewExpense) + Send,
) -> Result<expense::Model> {
    let before = scope.editable::<expense::Entity>(id, version).await?;
    spender.check(scope, &before).await?;
    let open = match spender {
        Spender::Anybody => matches!(before.status, ExpenseStatus::Draft | ExpenseStatus::Submitted),
        Spender::Oneself(_) => before.status == ExpenseStatus::Draft,
    };
    if !open {
        return Err(Error::Conflict(handed_in()));
    }
    approvals::require_not_waiting(scope, id.0).await?;
    let old = shares_of(scope, id).await?;
    let mut new = values::given(before.clone(), &old);
    let employee = new.employee_id;
    change(&mut new);
    let of_day = (before.currency.as_str(), before.date, before.rate);
    ledger::follow_day(scope, of_day, new.date, &mut new.rate).await?;
    // Who paid stays: another's expense is another expense.
    new.employee_id = employee;
    let references = References::load(scope, std::slice::from_ref(&new)).await?;
    let shares = values::shares(&references, &new)?;
    let row = expense::New {
        status: before.status,
        return_reason: before.return_reason.clone(),
        source: before.source.clone(),
        external_id: before.external_id.clone(),
        ..values::row(scope, &references, Payer::Employee, new)?
    };
    let told = (splits::told_shares(&old), splits::told_shares(&shares));
    let parts = Replaced::default().with("cost_centre_splits", told.0, told.1);
    let after = expense::Entity::revise(before.clone(), row);
    let after = scope.act_with_parts::<expense::Entity>("update", &before, after, parts).await?;
    splits::forget(scope, [id.0]).await?;
    splits::keep(scope, SplitSubject::Expense, [(id.0, shares)]).await?;
    Ok(after)
}

fn handed_in() -> Text {
    Text::fixed("This expense is handed in: it stays as it is.", "ეს ხარჯი უკვე წარდგენილია: ის უცვლელი რჩება.")
}

const fn over_budget() -> Text {
    Text::fixed("This goes over the budget of its month.", "ეს ხარჯი თავისი თვის ბიუჯეტს აღემატება.")
}

/// Archives a draft.
pub async fn archive(scope: &TenantScope, spender: Spender, id: ExpenseId, version: i32) -> Result<expense::Model> {
    let before = scope.lock::<expense::Entity>(id).await?;
    spender.check(scope, &before).await?;
    if before.status != ExpenseStatus::Draft {
        return Err(Error::Conflict(handed_in()));
    }
    scope.archive::<expense::Entity>(id, version).await
}

/// Takes a draft out of the archive.
pub async fn restore(scope: &TenantScope, spender: Spender, id: ExpenseId, version: i32) -> Result<expense::Model> {
    spender.check(scope, &scope.lock::<expense::Entity>(id).await?).await?;
    scope.restore::<expense::Entity>(id, version).await
}

/// Hands a draft in: from here on it waits for whoever decides. The one place where that begins. Tells where it goes over a
/// budget that only warns.
pub async fn submit(
    scope: &TenantScope,
    spender: Spender,
    id: ExpenseId,
    version: i32,
) -> Result<(expense::Model, Vec<Text>)> {
    let before = scope.editable::<expense::Entity>(id, version).await?;
    spender.check(scope, &before).await?;
    if before.status != ExpenseStatus::Draft {
        return Err(Error::Conflict(handed_in()));
    }
    let shares = shares_of(scope, id).await?;
    let (entry, _) = entry_of(scope, &before, &shares).await?;
    // Nobody is asked for what a budget blocks.
    let warnings = spender.check_budgets(scope, &BudgetUse::of(&entry)).await?;
    let after = expense::Model { status: ExpenseStatus::Submitted, return_reason: None, ..before.clone() };
    let after = scope.act::<expense::Entity>("submit", &before, after).await?;
    approval::expense_waits(scope, &after, &shares).await?;
    Ok((after, warnings))
}

/// What an employee's expense posts, on its day or on the first open one after it, and its amount in the base currency.
async fn entry_of(scope: &TenantScope, expense: &expense::Model, shares: &[CostShare]) -> Result<(EntryDraft, i64)> {
    let books = Books::new(scope, &Accounts::load(scope).await?);
    let written = expense::Entity::values(expense.clone());
    let tax_codes = TaxCodes::load(scope, written.tax_code_id.into_iter().collect()).await?;
    let (mut entry, base_total) = books.expense(expense.id, &written, values::tax_in(&tax_codes, &written)?)?;
    entry.share(expense.account_id, shares);
    entry.date = ledger::open_date_of(scope, &entry).await?;
    entry.service_date = Some(expense.date);
    Ok((entry, base_total))
}

/// Gives what was handed in back to the employee, with the reason. Nobody is asked to approve it any more.
pub async fn give_back(scope: &TenantScope, id: ExpenseId, reason: &str) -> Result<expense::Model> {
    let reason = text::name("reason", reason)?;
    approvals::cancel(scope, id.0).await?;
    reopen(scope, id, Some(reason)).await
}

/// Makes a draft again of what was handed in.
pub(super) async fn reopen(scope: &TenantScope, id: ExpenseId, reason: Option<String>) -> Result<expense::Model> {
    let before = scope.lock::<expense::Entity>(id).await?;
    require_submitted(&before)?;
    let after = expense::Model { status: ExpenseStatus::Draft, return_reason: reason, ..before.clone() };
    scope.act::<expense::Entity>("return", &before, after).await
}

fn require_submitted(expense: &expense::Model) -> Result<()> {
    let message = match expense.status {
        ExpenseStatus::Submitted => return Ok(()),
        ExpenseStatus::Draft => Text::fixed("This expense isn't handed in yet.", "ეს ხარჯი ჯერ არ არის წარდგენილი."),
        _ => Text::fixed("This expense is posted already.", "ეს ხარჯი უკვე გატარებულია."),
    };
    Err(Error::Conflict(message))
}

/// Posts what was handed in: the cost arises on its day, or on the first open one after it, and is owed to the employee. It stays
/// handed in while it waits for approval, which its values of now decide: who keeps the books may have changed them since. Tells
/// where it goes over a budget that only warns.
pub async fn post(scope: &TenantScope, id: ExpenseId) -> Result<(expense::Model, Vec<Text>)> {
    post_unless(scope, id, true).await
}

/// Posts what is approved.
pub(super) async fn post_approved(scope: &TenantScope, id: ExpenseId) -> Result<expense::Model> {
    post_unless(scope, id, false).await.map(|(expense, _)| expense)
}

async fn post_unless(scope: &TenantScope, id: ExpenseId, asks: bool) -> Result<(expense::Model, Vec<Text>)> {
    let before = scope.lock::<expense::Entity>(id).await?;
    require_submitted(&before)?;
    let shares = shares_of(scope, id).await?;
    let (entry, base_total_minor) = entry_of(scope, &before, &shares).await?;
    // Nobody is asked for what a budget blocks.
    let warnings = budget::check(scope, &BudgetUse::of(&entry), Error::Conflict).await?;
    if asks {
        if approval::expense_waits(scope, &before, &shares).await? {
            return Ok((before, warnings));
        }
        approval::require_other(scope, &before).await?;
    }
    let after = expense::Model { status: ExpenseStatus::Posted, base_total_minor, ..before.clone() };
    let after = scope.act::<expense::Entity>("post", &before, after).await?;
    ledger::post(scope, vec![entry]).await?;
    Ok((after, warnings))
}

/// Takes an expense back, today unless said.
pub async fn reverse(scope: &TenantScope, id: ExpenseId, date: Option<NaiveDate>) -> Result<expense::Model> {
    let before = scope.lock::<expense::Entity>(id).await?;
    let message = match before.status {
        ExpenseStatus::Reversed => Text::fixed("This expense is reversed already.", "ეს ხარჯი უკვე გაუქმებულია."),
        ExpenseStatus::Draft | ExpenseStatus::Submitted => Text::fixed(
            "This expense isn't posted: there is nothing to reverse.",
            "ეს ხარჯი არ არის გატარებული: გასაუქმებელი არაფერია.",
        ),
        _ if before.paid_minor > 0 => Text::fixed(
            "The employee got money back for this expense. Take that payment back first.",
            "ამ ხარჯზე თანამშრომელს თანხა დაუბრუნდა. ჯერ ის გადახდა გააუქმეთ.",
        ),
        _ if before.source.as_deref() == Some(opening::SOURCE) => opening::as_a_whole(),
        ExpenseStatus::Posted | ExpenseStatus::Reimbursed => {
            let date = match date {
                Some(date) => date,
                None => reversal_date(scope, &before).await?,
            };
            let after = expense::Model { status: ExpenseStatus::Reversed, ..before.clone() };
            let after = scope.act::<expense::Entity>("reverse", &before, after).await?;
            ledger::reverse(scope, SourceKind::Expense, id.0, date).await?;
            return Ok(after);
        }
    };
    Err(Error::Conflict(message))
}

/// The first open day from today on, and not before the day on which it was posted.
async fn reversal_date(scope: &TenantScope, expense: &expense::Model) -> Result<NaiveDate> {
    let posted = ledger::entry_of(scope, SourceKind::Expense, expense.id.0).await?.map(|entry| entry.date);
    ledger::open_date(scope, scope.today().max(posted.unwrap_or(expense.date))).await
}
