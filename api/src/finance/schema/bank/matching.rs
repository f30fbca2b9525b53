//! Saying what lines of statements are.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use kamara_entities::{
    AccountId, BankStatementLineId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, JournalEntryId,
    ProjectId, ServiceId,
};

use super::BankStatementLine;
use crate::{
    error::{Error, Text},
    finance::{
        schema::{
            allocation::{self, AllocationInput},
            payment::Payment,
        },
        service::{
            bank::{
                confirming::{Confirmation, confirm},
                matching::{self as rules, Booking},
            },
            payment::Party,
        },
    },
    graphql::{Can, Date, Dec, Id, request},
    identity::Permission,
    ledger::Dimensions,
};

/// What lines pay.
#[derive(InputObject)]
pub(crate) struct ConfirmBankMatchInput {
    /// The lines, of one bank account, all in or all out.
    line_ids: Vec<Id<BankStatementLineId>>,
    /// What they pay, in the order in which the lines are used up.
    #[graphql(default)]
    allocations: Vec<AllocationInput>,
    /// Whose the rest is, if there is one: an advance. Whose the documents are, unless said.
    company_id: Option<Id<CompanyId>>,
    /// The same for an employee.
    employee_id: Option<Id<EmployeeId>>,
    /// What one unit of the account's currency is worth in the currency of the books, where they differ.
    rate: Option<Dec>,
}

impl ConfirmBankMatchInput {
    fn confirmation(self) -> std::result::Result<Confirmation, Error> {
        let party = match (self.company_id, self.employee_id) {
            (None, None) => None,
            (Some(id), None) => Some(Party::Company(id.0)),
            (None, Some(id)) => Some(Party::Employee(id.0)),
            (Some(_), Some(_)) => {
                let message =
                    Text::fixed("A company or an employee, one of the two.", "კომპანია ან თანამშრომელი, ერთ-ერთი.");
                return Err(Error::invalid("companyId", message));
            }
        };
        Ok(Confirmation {
            line_ids: self.line_ids.into_iter().map(|id| id.0).collect(),
            allocations: allocation::values(self.allocations)?,
            party,
            rate: self.rate.map(|rate| rate.0),
        })
    }
}

/// What came of a confirmation.
#[derive(SimpleObject)]
pub(crate) struct ConfirmBankMatchPayload {
    /// The lines.
    lines: Vec<BankStatementLine>,
    /// The payments that were recorded.
    payments: Vec<Payment>,
}

/// Which entries a line is.
#[derive(InputObject)]
pub(crate) struct MatchBankLineInput {
    /// The line.
    line_id: Id<BankStatementLineId>,
    /// The entries, on the bank's account, which together are of the line's amount.
    entry_ids: Vec<Id<JournalEntryId>>,
}

/// What a line is that no document stands behind.
#[derive(InputObject)]
pub(crate) struct BookBankLineInput {
    /// The line.
    line_id: Id<BankStatementLineId>,
    /// The other account, of cost or income for instance.
    account_id: Id<AccountId>,
    /// What it is; what the bank says unless said.
    description: Option<String>,
    /// What one unit of the account's currency is worth in the currency of the books, where they differ.
    rate: Option<Dec>,
    /// The client whom it's earned from or spent for.
    company_id: Option<Id<CompanyId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
    /// Department.
    department_id: Option<Id<DepartmentId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// The employee who worked or spent.
    employee_id: Option<Id<EmployeeId>>,
    /// The employee who sold.
    seller_id: Option<Id<EmployeeId>>,
    /// Deal.
    deal_id: Option<Id<DealId>>,
    /// Service.
    service_id: Option<Id<ServiceId>>,
}

impl From<BookBankLineInput> for Booking {
    fn from(input: BookBankLineInput) -> Self {
        Self {
            line_id: input.line_id.0,
            account_id: input.account_id.0,
            description: input.description,
            rate: input.rate.map(|rate| rate.0),
            dimensions: Dimensions {
                company_id: input.company_id.map(|id| id.0),
                project_id: input.project_id.map(|id| id.0),
                department_id: input.department_id.map(|id| id.0),
                cost_centre_id: input.cost_centre_id.map(|id| id.0),
                employee_id: input.employee_id.map(|id| id.0),
                seller_id: input.seller_id.map(|id| id.0),
                deal_id: input.deal_id.map(|id| id.0),
                service_id: input.service_id.map(|id| id.0),
            },
        }
    }
}

/// Which line is to be in no ledger.
#[derive(InputObject)]
pub(crate) struct IgnoreBankLineInput {
    /// The line.
    line_id: Id<BankStatementLineId>,
    /// Why.
    note: Option<String>,
}

/// Which line to open again.
#[derive(InputObject)]
pub(crate) struct UnmatchBankLineInput {
    /// The line.
    line_id: Id<BankStatementLineId>,
    /// Date of the counter-entries; today unless said.
    date: Option<Date>,
}

warned_payloads! { BookBankLinePayload { line: BankStatementLine } }

payloads! {
    MatchBankLinePayload { line: BankStatementLine },
    IgnoreBankLinePayload { line: BankStatementLine },
    UnmatchBankLinePayload { line: BankStatementLine },
}

/// Saying what lines are.
#[derive(Default)]
pub(crate) struct BankMatchingMutation;

#[Object]
impl BankMatchingMutation {
    /// Records what lines pay: a payment for each line and each company, dated as the bank says.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn confirm_bank_match(
        &self,
        ctx: &Context<'_>,
        input: ConfirmBankMatchInput,
    ) -> Result<ConfirmBankMatchPayload> {
        let confirmation = input.confirmation()?;
        let scope = request(ctx).write().await?;
        let confirmed = confirm(&scope, confirmation).await?;
        request(ctx).commit(scope).await?;
        Ok(ConfirmBankMatchPayload {
            lines: confirmed.lines.into_iter().map(Into::into).collect(),
            payments: confirmed.payments.into_iter().map(Into::into).collect(),
        })
    }

    /// Matches a line with what is in the ledger already: payments, transfers, other entries.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn match_bank_line(&self, ctx: &Context<'_>, input: MatchBankLineInput) -> Result<MatchBankLinePayload> {
        let scope = request(ctx).write().await?;
        let entries: Vec<JournalEntryId> = input.entry_ids.into_iter().map(|id| id.0).collect();
        let line = rules::match_entries(&scope, input.line_id.0, &entries).await?;
        request(ctx).commit(scope).await?;
        Ok(line.into())
    }

    /// Books a line straight to an account: fees, interest, taxes.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn book_bank_line(&self, ctx: &Context<'_>, input: BookBankLineInput) -> Result<BookBankLinePayload> {
        let scope = request(ctx).write().await?;
        let booked = rules::book(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(BookBankLinePayload::new(ctx, booked))
    }

    /// Says that a line is to be in no ledger.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn ignore_bank_line(&self, ctx: &Context<'_>, input: IgnoreBankLineInput) -> Result<IgnoreBankLinePayload> {
        let scope = request(ctx).write().await?;
        let line = rules::ignore(&scope, input.line_id.0, input.note).await?;
        request(ctx).commit(scope).await?;
        Ok(line.into())
    }

    /// Opens a line again. What its match recorded is reversed; what was in the ledger before stays there.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn unmatch_bank_line(
        &self,
        ctx: &Context<'_>,
        input: UnmatchBankLineInput,
    ) -> Result<UnmatchBankLinePayload> {
        let scope = request(ctx).write().await?;
        let line = rules::unmatch(&scope, input.line_id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(line.into())
    }
}
