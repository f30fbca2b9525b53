//! Expenses, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    ExpenseId, SourceKind, account, company, cost_centre, department, employee, expense, expense_category, project,
    tax_code,
};
use sea_orm::{ColumnTrait, Condition};

use super::{category::ExpenseCategory, search};
use crate::{
    companies::schema::Company,
    delivery::schema::Project,
    files::schema::File,
    finance::service::expense::{self as rules, Spender},
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::ExpenseStatus,
        filter::{Conditions, DateFilter, ExpenseStatusFilter, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, CostCentre, JournalEntry, TaxCode},
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

    /// What kind of cost it is, in the words of who spent it.
    async fn category(&self, ctx: &Context<'_>) -> Result<Option<ExpenseCategory>> {
        Ok(ctx.row_if_any::<expense_category::Entity>(self.0.category_id).await?.map(ExpenseCategory))
    }

    /// Whether an employee paid, who gets the money back; else the company did.
    async fn paid_by_employee(&self) -> bool {
        self.0.payment_account_id.is_none()
    }

    /// What was reimbursed to the employee who paid.
    async fn reimbursed(&self) -> Money {
        self.money(self.0.paid_minor)
    }

    /// What is owed to the employee who paid.
    async fn due(&self) -> Money {
        let owed = self.0.payment_account_id.is_none() && self.0.status == kamara_entities::ExpenseStatus::Posted;
        self.money(if owed { self.0.amount_minor - self.0.paid_minor } else { 0 })
    }

    /// Why it was given back to the employee.
    async fn return_reason(&self) -> Option<&str> {
        self.0.return_reason.as_deref()
    }

    /// The receipts.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn files(&self, ctx: &Context<'_>) -> Result<Vec<File>> {
        File::of(ctx, self.0.id.0).await
    }

    /// Where the cost is posted; none for who may not see the ledger.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        if !sees_ledger(ctx)? {
            return Ok(None);
        }
        Ok(Some(Account(ctx.row::<account::Entity>(self.0.account_id).await?)))
    }

    /// What it was paid from; none where the employee paid, and for who may not see the ledger.
    async fn payment_account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        if !sees_ledger(ctx)? {
            return Ok(None);
        }
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

    /// Cost centre; none for who may not see the ledger.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        if !sees_ledger(ctx)? {
            return Ok(None);
        }
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(CostCentre))
    }

    /// Kind of tax.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.tax_code_id).await?.map(TaxCode))
    }

    /// Where it stands.
    async fn status(&self) -> ExpenseStatus {
        self.0.status.into()
    }

    /// The entry that posted it; none for who may not see the ledger.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        if !sees_ledger(ctx)? {
            return Ok(None);
        }
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

fn sees_ledger(ctx: &Context<'_>) -> Result<bool> {
    Ok(request(ctx).caller()?.may(Permission::FinanceRead))
}

/// Whose expenses the caller may see.
fn seen_by(ctx: &Context<'_>) -> Result<Spender> {
    let caller = request(ctx).caller()?;
    if caller.may(Permission::FinanceRead) {
        return Ok(Spender::Anybody);
    }
    Ok(Spender::Oneself(caller.place()?.membership))
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
    /// What kind of cost it is.
    category_id: Option<IdFilter>,
    /// Whether an employee paid, who gets the money back.
    paid_by_employee: Option<bool>,
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
        let paid_from = C::PaymentAccountId;
        let by_employee = self
            .paid_by_employee
            .map(|wanted| Condition::all().add(if wanted { paid_from.is_null() } else { paid_from.is_not_null() }));
        Conditions::records(self.archived, C::ArchivedAt)
            .and(search)
            .and(by_employee)
            .on(C::CategoryId, self.category_id)
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

    /// Money spent. An employee sees what they spent themselves.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceRead))")]
    async fn expense(&self, ctx: &Context<'_>, id: Id<ExpenseId>) -> Result<Expense> {
        let spender = seen_by(ctx)?;
        Ok(Expense(rules::seen(&*request(ctx).read().await?, spender, id.0).await?))
    }

    /// What the caller spent as an employee; nothing for who isn't one.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::ExpensesOwn)")]
    async fn my_expenses(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ExpenseFilter,
        order_by: Option<ExpenseOrder>,
    ) -> Result<Listed<Expense>> {
        let scope = request(ctx).read().await?;
        let own = rules::own(&scope, request(ctx).caller()?.place()?.membership).await?;
        let own = own.map_or_else(|| expense::Column::Id.is_null(), |own| expense::Column::EmployeeId.eq(own));
        let condition = filter.condition(&scope).add(own);
        list::<expense::Entity, _>(ctx, Paging { first, after }, condition, ExpenseOrder::or_default(order_by)).await
    }
}
