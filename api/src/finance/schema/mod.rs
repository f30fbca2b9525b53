//! Invoices, bills, payments and expenses, as the API shows them.

mod allocation;
mod bank;
mod bill;
mod bill_acts;
mod bill_line;
mod budget;
mod category;
mod category_rule;
mod credit_note;
mod expense;
mod expense_acts;
mod invoice;
mod invoice_acts;
mod letterhead;
mod line;
mod number_series;
mod opening;
mod overhead;
mod payment;
mod payment_acts;
mod recognition;
mod recurring;
mod tax;
mod terms;
mod write_off;

use async_graphql::MergedObject;
use kamara_entities::company;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait, sea_query::LikeExpr};

use self::line::InvoiceLine;
pub(crate) use self::{budget::Budget, category::ExpenseCategory, invoice::Invoice, payment::Payment};
use crate::{
    graphql::filter::{lower, words},
    tenancy::TenantScope,
};

/// What can be asked of invoices, payments and expenses.
#[derive(Default, MergedObject)]
pub(crate) struct FinanceQuery(
    bill::BillQuery,
    category::CategoryQuery,
    category_rule::CategoryRuleQuery,
    invoice::InvoiceQuery,
    letterhead::LetterheadQuery,
    number_series::NumberSeriesQuery,
    recurring::RecurringInvoiceQuery,
    payment::PaymentQuery,
    recognition::RecognitionQuery,
    expense::ExpenseQuery,
    write_off::WriteOffQuery,
    overhead::OverheadQuery,
    budget::BudgetQuery,
    bank::BankQuery,
    opening::OpeningQuery,
);

/// What can be done to invoices, payments and expenses.
#[derive(Default, MergedObject)]
pub(crate) struct FinanceMutation(
    bill_acts::BillMutation,
    category::CategoryMutation,
    category::ExpenseCategoryArchiving,
    category_rule::CategoryRuleMutation,
    category_rule::CategoryRuleArchiving,
    invoice_acts::InvoiceMutation,
    recurring::RecurringInvoiceMutation,
    recurring::RecurringInvoiceArchiving,
    credit_note::CreditNoteMutation,
    letterhead::LetterheadMutation,
    number_series::NumberSeriesMutation,
    payment_acts::PaymentMutation,
    recognition::RecognitionMutation,
    allocation::AllocationMutation,
    write_off::WriteOffMutation,
    expense_acts::ExpenseMutation,
    bank::BankMutation,
    opening::OpeningMutation,
    overhead::OverheadMutation,
    budget::BudgetMutation,
);

/// Documents each word of a search is in: in a text of theirs, or in what their company is known by.
fn search<C: ColumnTrait>(scope: &TenantScope, text: C, company_id: C, search: Option<&String>) -> Option<Condition> {
    search.map(|search| {
        words(search, |pattern| {
            let in_text = sea_orm::ExprTrait::like(lower(text), pattern.clone());
            Condition::any().add(in_text).add(of_company(scope, company_id, pattern))
        })
    })
}

/// Documents each word of a search is in: in what their company is known by.
fn search_company<C: ColumnTrait>(scope: &TenantScope, company_id: C, search: Option<&String>) -> Option<Condition> {
    search.map(|search| words(search, |pattern| of_company(scope, company_id, pattern)))
}

fn of_company<C: ColumnTrait>(scope: &TenantScope, company_id: C, pattern: LikeExpr) -> Condition {
    let select = scope.find::<company::Entity>().filter(company::Column::SearchText.like(pattern));
    Condition::all().add(company_id.in_subquery(select.select_only().column(company::Column::Id).into_query()))
}
