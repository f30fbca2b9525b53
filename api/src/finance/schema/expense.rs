//! Expenses, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DepartmentId, EmployeeId, ExpenseId, ProjectId, SourceKind, TaxCodeId, account,
    company, cost_centre, department, employee, expense, project, tax_code,
};
use sea_orm::Condition;

use super::search;
use crate::{
    companies::schema::Company,
    delivery::schema::Project,
    finance::service::expense::{self as rules, NewExpense},
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::ExpenseStatus,
        filter::{Conditions, DateFilter, ExpenseStatusFilter, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, CostCentre, CostCentreSplit, CostCentreSplitInput, JournalEntry, TaxCode},
    money,
    people::schema::{Department, Employee},
    tenancy::TenantScope,
};

shown! {
    /// Money spent.
    Expense(expense),
}

impl Expense {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.0.currency)
    }
}

#[Object]
impl Expense {
    /// Id.
    async fn id(&self) -> Id<ExpenseId> {
        Id(self.0.id)
    }

    /// When.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How much, tax included.
    async fn amount(&self) -> Money {
        self.money(self.0.amount_minor)
    }

    /// How much without the tax that comes back.
    async fn net(&self) -> Money {
        self.money(self.0.amount_minor - self.0.tax_minor)
    }

    /// The tax that comes back.
    async fn tax(&self) -> Money {
        self.money(self.0.tax_minor)
    }

    /// What one unit of the currency was worth in the currency of the books.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }

    /// What for.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Where the cost is posted.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// What it was paid from; none where the employee paid.
    async fn payment_account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        Ok(ctx.row_if_any::<account::Entity>(self.0.payment_account_id).await?.map(Account))
    }

    /// From whom it was bought.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn supplier(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.supplier_id).await?.map(Company))
    }

    /// The client for whom.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// Who sold what it was spent on.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn seller(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.seller_id).await?.map(Employee))
    }

    /// Who spent it.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn employee(&self, ctx: &Context<'_>) -> Result<Option<Employee>> {
        Ok(ctx.row_if_any::<employee::Entity>(self.0.employee_id).await?.map(Employee))
    }

    /// Project.
    #[graphql(guard = "Can(Permission::DeliveryRead)")]
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.row_if_any::<project::Entity>(self.0.project_id).await?.map(Project))
    }

    /// Department.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// Cost centre.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(CostCentre))
    }

    /// Shares of cost centres, where it has several.
    async fn cost_centre_splits(&self, ctx: &Context<'_>) -> Result<Vec<CostCentreSplit>> {
        CostCentreSplit::of(ctx, self.0.id.0).await
    }

    /// Kind of tax.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.tax_code_id).await?.map(TaxCode))
    }

    /// Where it stands.
    async fn status(&self) -> ExpenseStatus {
        self.0.status.into()
    }

    /// The entry that posted it.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        JournalEntry::of_source(ctx, SourceKind::Expense, self.0.id.0).await
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

ordering! {
    /// What expenses are sorted by.
    ExpenseOrder, ExpenseOrderField of expense, default Date Desc,
    {
        /// By day.
        Date => Date,
        /// By amount, whatever its currency.
        Amount => AmountMinor,
        /// By whether they are reversed.
        Status => Status,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which expenses.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ExpenseFilter {
    /// Words, each of which is in its description or in what its supplier is known by.
    search: Option<String>,
    /// Where the cost is posted.
    account_id: Option<IdFilter>,
    /// What it was paid from.
    payment_account_id: Option<IdFilter>,
    /// From whom it was bought.
    supplier_id: Option<IdFilter>,
    /// The client for whom.
    company_id: Option<IdFilter>,
    /// Who sold what it was spent on.
    seller_id: Option<IdFilter>,
    /// Who spent it.
    employee_id: Option<IdFilter>,
    /// Project.
    project_id: Option<IdFilter>,
    /// Department.
    department_id: Option<IdFilter>,
    /// Cost centre.
    cost_centre_id: Option<IdFilter>,
    /// When.
    date: Option<DateFilter>,
    /// Whether it's reversed.
    status: Option<ExpenseStatusFilter>,
    /// Currency.
    currency: Option<StringFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ExpenseFilter {
    fn condition(self, scope: &TenantScope) -> Condition {
        use expense::Column as C;
        let search = search(scope, C::Description, C::SupplierId, self.search.as_ref());
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .on(C::AccountId, self.account_id)
            .on(C::PaymentAccountId, self.payment_account_id)
            .on(C::SupplierId, self.supplier_id)
            .on(C::CompanyId, self.company_id)
            .on(C::SellerId, self.seller_id)
            .on(C::EmployeeId, self.employee_id)
            .on(C::ProjectId, self.project_id)
            .on(C::DepartmentId, self.department_id)
            .on(C::CostCentreId, self.cost_centre_id)
            .on(C::Date, self.date)
            .on(C::Status, self.status)
            .on(C::Currency, self.currency)
            .all()
    }
}

/// Asking for expenses.
#[derive(Default)]
pub(crate) struct ExpenseQuery;

#[Object]
impl ExpenseQuery {
    /// Money spent.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn expenses(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ExpenseFilter,
        order_by: Option<ExpenseOrder>,
    ) -> Result<Listed<Expense>> {
        let condition = filter.condition(&*request(ctx).read().await?);
        list::<expense::Entity, _>(ctx, Paging { first, after }, condition, ExpenseOrder::or_default(order_by)).await
    }

    /// Money spent.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn expense(&self, ctx: &Context<'_>, id: Id<ExpenseId>) -> Result<Expense> {
        Ok(Expense(request(ctx).read().await?.require::<expense::Entity>(id.0).await?))
    }
}

/// A new expense.
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
    /// Where the cost is posted; the account of role "expense" unless said.
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
    /// The tax that is in the amount and comes back.
    tax_code_id: Option<Id<TaxCodeId>>,
}

impl From<RecordExpenseInput> for NewExpense {
    fn from(input: RecordExpenseInput) -> Self {
        Self {
            date: input.date.map(|date| date.0),
            amount: input.amount.0,
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            description: input.description,
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
            tax_code_id: input.tax_code_id.map(|id| id.0),
            external: None,
        }
    }
}

/// Which expense is taken back.
#[derive(InputObject)]
pub(crate) struct ReverseExpenseInput {
    /// The expense.
    id: Id<ExpenseId>,
    /// Date of the reversal; today unless said.
    date: Option<Date>,
}

/// What the mutation made of the record.
#[derive(SimpleObject)]
pub(crate) struct RecordExpensePayload {
    /// The record as it is now.
    expense: Expense,
    /// Where it goes over a budget that only warns, with what is left of it.
    warnings: Vec<String>,
}

payloads! {
    ReverseExpensePayload { expense: Expense },
}

/// Recording expenses.
#[derive(Default)]
pub(crate) struct ExpenseMutation;

#[Object]
impl ExpenseMutation {
    /// Records an expense, which is posted at once.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn record_expense(&self, ctx: &Context<'_>, input: RecordExpenseInput) -> Result<RecordExpensePayload> {
        let scope = request(ctx).write().await?;
        let (expense, warnings) = rules::record_within_budget(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        let language = request(ctx).language();
        let warnings = warnings.iter().map(|warning| warning.in_language(language).to_owned()).collect();
        Ok(RecordExpensePayload { expense: expense.into(), warnings })
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
