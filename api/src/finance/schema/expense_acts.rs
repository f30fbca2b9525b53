//! What can be done to expenses.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DepartmentId, EmployeeId, ExpenseCategoryId, ExpenseId, ProjectId, TaxCodeId,
};

use super::expense::Expense;
use crate::{
    finance::service::expense::{self as rules, ExpenseTax, NewExpense, Spender},
    graphql::{Can, Date, Dec, Id, request},
    identity::Permission,
    ledger::schema::CostCentreSplitInput,
};

/// A new expense that the company paid.
#[derive(InputObject)]
pub(crate) struct RecordExpenseInput {
    /// When; today unless said.
    date: Option<Date>,
    /// How much, tax included.
    amount: Dec,
    /// Currency of the amount; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; needed where they differ.
    rate: Option<Dec>,
    /// What for.
    description: String,
    /// What kind of cost it is; gives the account and the tax that aren't said.
    category_id: Option<Id<ExpenseCategoryId>>,
    /// Where the cost is posted; the category's unless said, else the account of role "expense".
    account_id: Option<Id<AccountId>>,
    /// What it was paid from: an account of role "bank" or "cash"; the bank's unless said.
    payment_account_id: Option<Id<AccountId>>,
    /// From whom it was bought.
    supplier_id: Option<Id<CompanyId>>,
    /// The client for whom.
    company_id: Option<Id<CompanyId>>,
    /// Who sold what it was spent on.
    seller_id: Option<Id<EmployeeId>>,
    /// Who spent it.
    employee_id: Option<Id<EmployeeId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
    /// Department.
    department_id: Option<Id<DepartmentId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: the cost is posted in a line for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// The tax that is in the amount and comes back; the category's unless said, none when null.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
}

fn tax(code: MaybeUndefined<Id<TaxCodeId>>) -> ExpenseTax {
    match code {
        MaybeUndefined::Undefined => ExpenseTax::OfCategory,
        MaybeUndefined::Null => ExpenseTax::None,
        MaybeUndefined::Value(id) => ExpenseTax::Code(id.0),
    }
}

impl From<RecordExpenseInput> for NewExpense {
    fn from(input: RecordExpenseInput) -> Self {
        Self {
            date: input.date.map(|date| date.0),
            amount: input.amount.0,
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            description: input.description,
            category_id: input.category_id.map(|id| id.0),
            account_id: input.account_id.map(|id| id.0),
            payment_account_id: input.payment_account_id.map(|id| id.0),
            supplier_id: input.supplier_id.map(|id| id.0),
            company_id: input.company_id.map(|id| id.0),
            seller_id: input.seller_id.map(|id| id.0),
            employee_id: input.employee_id.map(|id| id.0),
            project_id: input.project_id.map(|id| id.0),
            department_id: input.department_id.map(|id| id.0),
            cost_centre_id: input.cost_centre_id.map(|id| id.0),
            cost_centre_splits: input.cost_centre_splits.into_iter().map(Into::into).collect(),
            tax: tax(input.tax_code_id),
            external: None,
        }
    }
}

/// A new expense that an employee paid.
#[derive(InputObject)]
pub(crate) struct CreateExpenseInput {
    /// Who paid; the caller unless said. Others' are written by who keeps the books.
    employee_id: Option<Id<EmployeeId>>,
    /// When; today unless said.
    date: Option<Date>,
    /// How much, tax included.
    amount: Dec,
    /// Currency of the amount; that of the books unless said.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books; needed where they differ.
    rate: Option<Dec>,
    /// What for.
    description: String,
    /// What kind of cost it is; gives the account and the tax that aren't said.
    category_id: Option<Id<ExpenseCategoryId>>,
    /// Where the cost is posted; the category's unless said, else the account of role "expense".
    account_id: Option<Id<AccountId>>,
    /// From whom it was bought.
    supplier_id: Option<Id<CompanyId>>,
    /// The client for whom.
    company_id: Option<Id<CompanyId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
    /// Department; the employee's unless said.
    department_id: Option<Id<DepartmentId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: the cost is posted in a line for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// The tax that is in the amount and comes back; the category's unless said, none when null.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
}

impl From<CreateExpenseInput> for NewExpense {
    fn from(input: CreateExpenseInput) -> Self {
        Self {
            date: input.date.map(|date| date.0),
            amount: input.amount.0,
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            description: input.description,
            category_id: input.category_id.map(|id| id.0),
            account_id: input.account_id.map(|id| id.0),
            payment_account_id: None,
            supplier_id: input.supplier_id.map(|id| id.0),
            company_id: input.company_id.map(|id| id.0),
            seller_id: None,
            cost_centre_splits: input.cost_centre_splits.into_iter().map(Into::into).collect(),
            employee_id: input.employee_id.map(|id| id.0),
            project_id: input.project_id.map(|id| id.0),
            department_id: input.department_id.map(|id| id.0),
            cost_centre_id: input.cost_centre_id.map(|id| id.0),
            tax: tax(input.tax_code_id),
            external: None,
        }
    }
}

/// A change of what an employee paid: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// The version that was read.
    version: i32,
    /// When.
    date: Option<Date>,
    /// How much, tax included.
    amount: Option<Dec>,
    /// Currency of the amount.
    currency: Option<String>,
    /// What one unit of the currency is worth in the currency of the books.
    rate: Option<Dec>,
    /// What for.
    description: Option<String>,
    /// What kind of cost it is. Another one brings its account and its tax, unless they are said.
    category_id: MaybeUndefined<Id<ExpenseCategoryId>>,
    /// Where the cost is posted.
    account_id: Option<Id<AccountId>>,
    /// From whom it was bought.
    supplier_id: MaybeUndefined<Id<CompanyId>>,
    /// The client for whom.
    company_id: MaybeUndefined<Id<CompanyId>>,
    /// Project.
    project_id: MaybeUndefined<Id<ProjectId>>,
    /// Department.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// Cost centre; it takes the place of shares.
    cost_centre_id: MaybeUndefined<Id<CostCentreId>>,
    /// Shares of several cost centres; they take the place of one.
    cost_centre_splits: Option<Vec<CostCentreSplitInput>>,
    /// The tax that is in the amount and comes back.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
}

impl UpdateExpenseInput {
    fn apply(self, new: &mut NewExpense) {
        new.date = self.date.map(|date| date.0).or(new.date);
        new.amount = self.amount.map_or(new.amount, |amount| amount.0);
        if let Some(currency) = self.currency
            && new.currency.as_ref() != Some(&currency)
        {
            new.currency = Some(currency);
            new.rate = None;
        }
        new.rate = self.rate.map(|rate| rate.0).or(new.rate);
        new.description = self.description.unwrap_or_else(|| std::mem::take(&mut new.description));
        let category = new.category_id;
        self.category_id.map_value(|id| id.0).update_to(&mut new.category_id);
        if new.category_id != category {
            new.account_id = None;
            new.tax = ExpenseTax::OfCategory;
        }
        new.account_id = self.account_id.map(|id| id.0).or(new.account_id);
        self.supplier_id.map_value(|id| id.0).update_to(&mut new.supplier_id);
        self.company_id.map_value(|id| id.0).update_to(&mut new.company_id);
        self.project_id.map_value(|id| id.0).update_to(&mut new.project_id);
        self.department_id.map_value(|id| id.0).update_to(&mut new.department_id);
        // One takes the place of the other; where both are said, the rules refuse it.
        if self.cost_centre_id.is_value() {
            new.cost_centre_splits = Vec::new();
        } else if self.cost_centre_splits.as_ref().is_some_and(|splits| !splits.is_empty()) {
            new.cost_centre_id = None;
        }
        self.cost_centre_id.map_value(|id| id.0).update_to(&mut new.cost_centre_id);
        if let Some(splits) = self.cost_centre_splits {
            new.cost_centre_splits = splits.into_iter().map(Into::into).collect();
        }
        if !self.tax_code_id.is_undefined() {
            new.tax = tax(self.tax_code_id);
        }
    }
}

/// Which draft, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// The version that was read.
    version: i32,
}

/// Which draft, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// The version that was read.
    version: i32,
}

/// Which draft is handed in, as it was read.
#[derive(InputObject)]
pub(crate) struct SubmitExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// The version that was read.
    version: i32,
}

/// Which expense is given back to the employee.
#[derive(InputObject)]
pub(crate) struct ReturnExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// What is wrong with it.
    reason: String,
}

/// Which expense is posted.
#[derive(InputObject)]
pub(crate) struct PostExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
}

/// Which expense is taken back.
#[derive(InputObject)]
pub(crate) struct ReverseExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// Date of the reversal; the first open day from today on unless said.
    date: Option<Date>,
}

warned_payloads! {
    RecordExpensePayload { expense: Expense },
    SubmitExpensePayload { expense: Expense },
    PostExpensePayload { expense: Expense },
}

payloads! {
    CreateExpensePayload { expense: Expense },
    UpdateExpensePayload { expense: Expense },
    ArchiveExpensePayload { expense: Expense },
    RestoreExpensePayload { expense: Expense },
    ReturnExpensePayload { expense: Expense },
    ReverseExpensePayload { expense: Expense },
}

/// Whose expenses the caller may write.
fn written_by(ctx: &Context<'_>) -> Result<Spender> {
    let caller = request(ctx).caller()?;
    if caller.may(Permission::FinanceWrite) {
        return Ok(Spender::Anybody);
    }
    Ok(Spender::Oneself(caller.place()?.membership))
}

/// Writing expenses, and what becomes of them.
#[derive(Default)]
pub(crate) struct ExpenseMutation;

#[Object]
impl ExpenseMutation {
    /// Records an expense that the company paid, which is posted at once.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn record_expense(&self, ctx: &Context<'_>, input: RecordExpenseInput) -> Result<RecordExpensePayload> {
        let scope = request(ctx).write().await?;
        let recorded = rules::record(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(RecordExpensePayload::new(ctx, recorded))
    }

    /// Makes a draft of what an employee paid: one's own, or anybody's for who keeps the books.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceWrite))")]
    async fn create_expense(&self, ctx: &Context<'_>, input: CreateExpenseInput) -> Result<CreateExpensePayload> {
        let scope = request(ctx).write().await?;
        let caller = request(ctx).caller()?;
        // Who keeps the books and names nobody means what they paid themselves.
        let spender = match input.employee_id {
            Some(_) => written_by(ctx)?,
            None => Spender::Oneself(caller.place()?.membership),
        };
        let expense = rules::create(&scope, spender, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }

    /// Changes what an employee paid: a draft; for who keeps the books, also what is handed in.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceWrite))")]
    async fn update_expense(&self, ctx: &Context<'_>, input: UpdateExpenseInput) -> Result<UpdateExpensePayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let expense = rules::update(&scope, written_by(ctx)?, id, version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }

    /// Archives a draft.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceWrite))")]
    async fn archive_expense(&self, ctx: &Context<'_>, input: ArchiveExpenseInput) -> Result<ArchiveExpensePayload> {
        let scope = request(ctx).write().await?;
        let expense = rules::archive(&scope, written_by(ctx)?, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }

    /// Takes a draft out of the archive.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceWrite))")]
    async fn restore_expense(&self, ctx: &Context<'_>, input: RestoreExpenseInput) -> Result<RestoreExpensePayload> {
        let scope = request(ctx).write().await?;
        let expense = rules::restore(&scope, written_by(ctx)?, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }

    /// Hands a draft in: from here on it waits for whoever decides.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceWrite))")]
    async fn submit_expense(&self, ctx: &Context<'_>, input: SubmitExpenseInput) -> Result<SubmitExpensePayload> {
        let scope = request(ctx).write().await?;
        let submitted = rules::submit(&scope, written_by(ctx)?, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(SubmitExpensePayload::new(ctx, submitted))
    }

    /// Gives what was handed in back to the employee, with the reason.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn return_expense(&self, ctx: &Context<'_>, input: ReturnExpenseInput) -> Result<ReturnExpensePayload> {
        let scope = request(ctx).write().await?;
        let expense = rules::give_back(&scope, input.id.0, &input.reason).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }

    /// Posts what was handed in: it's owed to the employee. One whose date is closed already is posted on the first open day. It
    /// stays handed in where a rule asks for approval first.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn post_expense(&self, ctx: &Context<'_>, input: PostExpenseInput) -> Result<PostExpensePayload> {
        let scope = request(ctx).write().await?;
        let posted = rules::post(&scope, input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(PostExpensePayload::new(ctx, posted))
    }

    /// Takes an expense back: its entry is reversed.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_expense(&self, ctx: &Context<'_>, input: ReverseExpenseInput) -> Result<ReverseExpensePayload> {
        let scope = request(ctx).write().await?;
        let expense = rules::reverse(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(expense.into())
    }
}
