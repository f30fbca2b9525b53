//! The rules of expenses: money that was spent.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DepartmentId, EmployeeId, ExpenseId, ExpenseStatus, ProjectId, SourceKind,
    TaxCodeId, company, cost_centre, department, employee, expense, project, tax_code,
};
use rust_decimal::Decimal;

use super::{
    External,
    batch::{BatchError, Referred, each, one},
    books::Books,
    tax,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// What is given of an expense.
#[derive(Clone, Debug)]
pub struct NewExpense {
    /// When; today unless said.
    pub date: Option<NaiveDate>,
    /// How much, tax included.
    pub amount: Decimal,
    /// Currency of the amount; the base currency unless said.
    pub currency: Option<String>,
    /// Base currency for one unit of it; needed for another than the base currency.
    pub rate: Option<Decimal>,
    /// What for.
    pub description: String,
    /// Where the cost is posted; the account of role "expense" unless said.
    pub account_id: Option<AccountId>,
    /// What it was paid from; the bank's account unless said, else the cash in hand.
    pub payment_account_id: Option<AccountId>,
    /// From whom it was bought.
    pub supplier_id: Option<CompanyId>,
    /// The client for whom.
    pub company_id: Option<CompanyId>,
    /// Who sold what it was spent on.
    pub seller_id: Option<EmployeeId>,
    /// Who spent it.
    pub employee_id: Option<EmployeeId>,
    /// Project.
    pub project_id: Option<ProjectId>,
    /// Department.
    pub department_id: Option<DepartmentId>,
    /// Cost centre.
    pub cost_centre_id: Option<CostCentreId>,
    /// The tax that is in the amount and comes back.
    pub tax_code_id: Option<TaxCodeId>,
    /// Where it comes from.
    pub external: Option<External>,
}

/// The rows that expenses refer to.
struct References {
    companies: Referred<company::Entity>,
    employees: Referred<employee::Entity>,
    projects: Referred<project::Entity>,
    departments: Referred<department::Entity>,
    cost_centres: Referred<cost_centre::Entity>,
    tax_codes: Referred<tax_code::Entity>,
    accounts: Accounts,
}

impl References {
    async fn load(scope: &TenantScope, new: &[NewExpense]) -> Result<Self> {
        Ok(Self {
            companies: Referred::load(scope, ids(new, |new| [new.supplier_id, new.company_id])).await?,
            employees: Referred::load(scope, ids(new, |new| [new.seller_id, new.employee_id])).await?,
            projects: Referred::load(scope, ids(new, |new| [new.project_id])).await?,
            departments: Referred::load(scope, ids(new, |new| [new.department_id])).await?,
            cost_centres: Referred::load(scope, ids(new, |new| [new.cost_centre_id])).await?,
            tax_codes: Referred::load(scope, ids(new, |new| [new.tax_code_id])).await?,
            accounts: Accounts::load(scope).await?,
        })
    }
}

fn ids<I, const N: usize>(new: &[NewExpense], ids: impl Fn(&NewExpense) -> [Option<I>; N]) -> Vec<I> {
    new.iter().flat_map(ids).flatten().collect()
}

/// Records an expense.
pub async fn record(scope: &TenantScope, new: NewExpense) -> Result<expense::Model> {
    one(record_expenses(scope, vec![new]).await?)
}

/// Records expenses. A handful of statements, however many they are.
pub async fn record_expenses(scope: &TenantScope, new: Vec<NewExpense>) -> Result<Vec<expense::Model>, BatchError> {
    let references = References::load(scope, &new).await?;
    let books = Books::new(scope, &references.accounts);
    let recorded = each(new, |new| {
        let id: ExpenseId = scope.env().id();
        let row = values(scope, &references, new)?;
        let entry = books.expense(id, &row)?;
        Ok(((id, row), entry))
    })?;
    let (rows, entries): (Vec<_>, Vec<_>) = recorded.into_iter().unzip();
    let rows = scope.insert_with_ids::<expense::Entity>(rows).await?;
    ledger::post(scope, entries).await?;
    Ok(rows)
}

fn values(scope: &TenantScope, references: &References, new: NewExpense) -> Result<expense::New> {
    references.companies.if_any("supplierId", new.supplier_id)?;
    references.companies.if_any("companyId", new.company_id)?;
    references.employees.if_any("sellerId", new.seller_id)?;
    references.employees.if_any("employeeId", new.employee_id)?;
    references.projects.if_any("projectId", new.project_id)?;
    references.departments.if_any("departmentId", new.department_id)?;
    references.cost_centres.if_any("costCentreId", new.cost_centre_id)?;
    let tax_code = references.tax_codes.if_any("taxCodeId", new.tax_code_id)?;
    let currency = money::currency("currency", new.currency.as_deref().unwrap_or(scope.base_currency()))?;
    let amount_minor = money::to_minor("amount", new.amount, &currency)?;
    if amount_minor <= 0 {
        return Err(Error::invalid("amount", messages::positive()));
    }
    let (source, external_id) = External::columns(new.external);
    Ok(expense::New {
        date: new.date.unwrap_or_else(|| scope.today()),
        amount_minor,
        tax_minor: tax_code.map_or(0, |code| tax::tax_within(amount_minor, code.rate_bp)),
        rate: ledger::rate("rate", scope, &currency, new.rate)?,
        currency,
        description: text::name("description", &new.description)?,
        account_id: references.accounts.expense("accountId", new.account_id)?.id,
        payment_account_id: Some(references.accounts.money("paymentAccountId", new.payment_account_id)?.id),
        supplier_id: new.supplier_id,
        company_id: new.company_id,
        seller_id: new.seller_id,
        employee_id: new.employee_id,
        project_id: new.project_id,
        department_id: new.department_id,
        cost_centre_id: new.cost_centre_id,
        tax_code_id: new.tax_code_id,
        status: ExpenseStatus::Posted,
        paid_minor: 0,
        base_total_minor: 0,
        base_paid_minor: 0,
        source,
        external_id,
    })
}

/// Takes an expense back, today unless said.
pub async fn reverse(scope: &TenantScope, id: ExpenseId, date: Option<NaiveDate>) -> Result<expense::Model> {
    let before = scope.lock::<expense::Entity>(id).await?;
    if before.status != ExpenseStatus::Posted {
        return Err(Error::Conflict(Text::fixed("This expense is reversed already.", "ეს ხარჯი უკვე გაუქმებულია.")));
    }
    let date = date.unwrap_or_else(|| scope.today().max(before.date));
    let after = expense::Model { status: ExpenseStatus::Reversed, ..before.clone() };
    let after = scope.act::<expense::Entity>("reverse", &before, after).await?;
    ledger::reverse(scope, SourceKind::Expense, id.0, date).await?;
    Ok(after)
}
