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
mod opening;
mod overhead;
mod payment;
mod tax;
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
    payment::PaymentQuery,
    expense::ExpenseQuery,
    write_off::WriteOffQuery,
    overhead::OverheadQuery,
    budget::BudgetQuery,
    bank::BankQuery,
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
    credit_note::CreditNoteMutation,
    letterhead::LetterheadMutation,
    payment::PaymentMutation,
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
    let of_company = |pattern: LikeExpr| {
        let select = scope.find::<company::Entity>().filter(company::Column::SearchText.like(pattern));
        company_id.in_subquery(select.select_only().column(company::Column::Id).into_query())
    };
    search.map(|search| {
        words(search, |pattern| {
            Condition::any().add(sea_orm::ExprTrait::like(lower(text), pattern.clone())).add(of_company(pattern))
        })
    })
}
