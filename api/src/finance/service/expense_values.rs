//! What is given of an expense, and the row that is made of it.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DepartmentId, EmployeeId, ExpenseCategoryId, ExpenseStatus, ProjectId,
    TaxCodeId, TaxKind, company, cost_centre, department, employee, expense, expense_category, project,
};
use rust_decimal::Decimal;

use super::{
    External,
    batch::Referred,
    known::{Known, wanted},
    tax::{self, TaxAmount},
    tax_codes::TaxCodes,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        Accounts,
        service::Rates,
        splits::{self, CostShare, SplitInput},
    },
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
    /// The category; gives the account and the tax that aren't said.
    pub category_id: Option<ExpenseCategoryId>,
    /// Where the cost is posted; the category's unless said, else the account of role "expense".
    pub account_id: Option<AccountId>,
    /// What it was paid from; the bank's account unless said, else the cash in hand. Nothing where the employee paid.
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
    /// Shares of several cost centres instead of one; of what the company paid.
    pub cost_centre_splits: Vec<SplitInput>,
    /// The tax that is in the amount.
    pub tax: ExpenseTax,
    /// Where it comes from.
    pub external: Option<External>,
}

/// The tax that is in an expense's amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpenseTax {
    /// The category's.
    OfCategory,
    /// None.
    None,
    /// That of a tax code.
    Code(TaxCodeId),
}

impl ExpenseTax {
    /// That of a tax code, or none.
    #[must_use]
    pub fn of(code: Option<TaxCodeId>) -> Self {
        code.map_or(Self::None, Self::Code)
    }
}

/// Who paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payer {
    /// The company, at once.
    Company,
    /// The employee, who gets the money back.
    Employee,
}

/// The rows that expenses refer to.
pub(super) struct References {
    known: Known,
    employees: Referred<employee::Entity>,
    categories: Referred<expense_category::Entity>,
    /// The tax codes.
    pub(super) tax_codes: TaxCodes,
    rates: Rates,
    /// The chart of accounts.
    pub(super) accounts: Accounts,
}

impl References {
    /// Reads those of some expenses.
    pub(super) async fn load(scope: &TenantScope, new: &[NewExpense]) -> Result<Self> {
        let categories = Referred::<expense_category::Entity>::load(scope, ids(new, |new| [new.category_id])).await?;
        let mut tax_codes = ids(new, |new| {
            [match new.tax {
                ExpenseTax::Code(code) => Some(code),
                ExpenseTax::OfCategory | ExpenseTax::None => None,
            }]
        });
        tax_codes.extend(categories.rows().filter_map(|category| category.tax_code_id));
        let wanted = [
            wanted::<company::Entity>(scope, ids(new, |new| [new.supplier_id, new.company_id])),
            wanted::<project::Entity>(scope, ids(new, |new| [new.project_id])),
            wanted::<department::Entity>(scope, ids(new, |new| [new.department_id])),
            wanted::<cost_centre::Entity>(scope, cost_centres(new)),
        ];
        Ok(Self {
            known: Known::load(scope, wanted).await?,
            employees: Referred::load(scope, ids(new, |new| [new.seller_id, new.employee_id])).await?,
            categories,
            tax_codes: TaxCodes::load(scope, tax_codes).await?,
            rates: Rates::load(scope, new.iter().filter_map(foreign(scope))).await?,
            accounts: Accounts::load(scope).await?,
        })
    }
}

/// The currency and the day of an expense whose rate isn't said.
fn foreign(scope: &TenantScope) -> impl Fn(&NewExpense) -> Option<(&str, NaiveDate)> {
    let today = scope.today();
    move |new| new.currency.as_deref().filter(|_| new.rate.is_none()).map(|code| (code, new.date.unwrap_or(today)))
}

fn ids<I, const N: usize>(new: &[NewExpense], ids: impl Fn(&NewExpense) -> [Option<I>; N]) -> Vec<I> {
    new.iter().flat_map(ids).flatten().collect()
}

fn cost_centres(new: &[NewExpense]) -> Vec<CostCentreId> {
    let split = new.iter().flat_map(|new| &new.cost_centre_splits).map(|split| split.cost_centre_id);
    ids(new, |new| [new.cost_centre_id]).into_iter().chain(split).collect()
}

/// The shares of several cost centres in an expense.
pub(super) fn shares(references: &References, new: &NewExpense) -> Result<Vec<CostShare>> {
    let is_known = |id| references.known.has::<cost_centre::Entity>(id);
    splits::shares(new.cost_centre_id, &new.cost_centre_splits, is_known)
}

/// The row of an expense: posted, where the company paid; else a draft.
pub(super) fn row(scope: &TenantScope, references: &References, payer: Payer, new: NewExpense) -> Result<expense::New> {
    references.known.require::<company::Entity>("supplierId", new.supplier_id)?;
    references.known.require::<company::Entity>("companyId", new.company_id)?;
    references.employees.if_any("sellerId", new.seller_id)?;
    let employee = references.employees.if_any("employeeId", new.employee_id)?;
    references.known.require::<project::Entity>("projectId", new.project_id)?;
    references.known.require::<department::Entity>("departmentId", new.department_id)?;
    references.known.require::<cost_centre::Entity>("costCentreId", new.cost_centre_id)?;
    let category = references.categories.if_any("categoryId", new.category_id)?;
    let tax_code_id = match new.tax {
        ExpenseTax::OfCategory => category.and_then(|category| category.tax_code_id),
        ExpenseTax::None => None,
        ExpenseTax::Code(code) => Some(code),
    };
    let date = new.date.unwrap_or_else(|| scope.today());
    let currency = money::currency("currency", new.currency.as_deref().unwrap_or(scope.base_currency()))?;
    let amount_minor = money::to_minor("amount", new.amount, &currency)?;
    if amount_minor <= 0 {
        return Err(Error::invalid("amount", messages::positive()));
    }
    let account_id = new.account_id.or(category.map(|category| category.account_id));
    let (payment_account_id, status, department_id) = match payer {
        Payer::Company => {
            let paid_from = references.accounts.money("paymentAccountId", new.payment_account_id)?.id;
            (Some(paid_from), ExpenseStatus::Posted, new.department_id)
        }
        // What somebody spent belongs to where they work, unless said.
        Payer::Employee => {
            let department = new.department_id.or(employee.and_then(|employee| employee.department_id));
            (None, ExpenseStatus::Draft, department)
        }
    };
    let (source, external_id) = External::columns(new.external);
    let new = expense::New {
        date,
        amount_minor,
        tax_minor: 0,
        rate: references.rates.of("rate", scope, (&currency, date), new.rate)?,
        currency,
        description: text::name("description", &new.description)?,
        category_id: new.category_id,
        account_id: references.accounts.bought("accountId", account_id)?.id,
        payment_account_id,
        supplier_id: new.supplier_id,
        company_id: new.company_id,
        seller_id: new.seller_id,
        employee_id: new.employee_id,
        project_id: new.project_id,
        department_id,
        cost_centre_id: new.cost_centre_id,
        tax_code_id,
        status,
        return_reason: None,
        paid_minor: 0,
        base_total_minor: 0,
        base_paid_minor: 0,
        source,
        external_id,
    };
    let tax = tax_in(&references.tax_codes, &new)?;
    Ok(expense::New { tax_minor: tax.map_or(0, |tax| tax.recoverable), ..new })
}

/// The tax that is in the amount of an expense: the one place that knows how.
pub(super) fn tax_in(codes: &TaxCodes, expense: &expense::New) -> Result<Option<TaxAmount>> {
    let Some(code) = expense.tax_code_id else { return Ok(None) };
    let code = codes.tax("taxCodeId", code, expense.date)?;
    let amount = match code.kind {
        TaxKind::Standard => tax::tax_within(expense.amount_minor, code.rate_bp),
        TaxKind::Exempt => 0,
        TaxKind::ReverseCharge | TaxKind::Withholding => {
            let message = Text::fixed(
                "This tax isn't in the price: write a bill instead of an expense.",
                "ეს გადასახადი ფასში არ შედის: ხარჯის ნაცვლად შეიტანეთ მომწოდებლის ინვოისი.",
            );
            return Err(Error::invalid("taxCodeId", message));
        }
    };
    Ok(Some(TaxAmount {
        code: code.code,
        kind: code.kind,
        rate_bp: code.rate_bp,
        base: expense.amount_minor - amount,
        amount,
        recoverable: tax::tax_on(amount, code.recoverable_bp),
    }))
}

/// What was given of an expense, to be changed.
pub(super) fn given(row: expense::Model, shares: &[CostShare]) -> NewExpense {
    NewExpense {
        date: Some(row.date),
        amount: money::from_minor(row.amount_minor, &row.currency),
        rate: Some(money::from_micro(row.rate)),
        currency: Some(row.currency),
        description: row.description,
        category_id: row.category_id,
        account_id: Some(row.account_id),
        payment_account_id: row.payment_account_id,
        supplier_id: row.supplier_id,
        company_id: row.company_id,
        seller_id: row.seller_id,
        employee_id: row.employee_id,
        project_id: row.project_id,
        department_id: row.department_id,
        cost_centre_id: row.cost_centre_id,
        cost_centre_splits: shares.iter().copied().map(Into::into).collect(),
        tax: ExpenseTax::of(row.tax_code_id),
        external: None,
    }
}
