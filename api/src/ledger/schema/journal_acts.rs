//! Posting by hand, and closing the books.

use async_graphql::{Context, InputObject, Object, Result};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, JournalEntryId, ProjectId, ServiceId,
};

use super::{CostCentreSplitInput, JournalEntry};
use crate::{
    finance::service::manual_entry,
    graphql::{Can, Date, Dec, Id, request},
    identity::Permission,
    ledger::{
        Dimensions,
        service::{self, ManualLine},
    },
    tenancy::schema::Tenant,
};

/// A line of an entry that is posted by hand.
#[derive(InputObject)]
pub(crate) struct JournalLineInput {
    /// Account.
    account_id: Id<AccountId>,
    /// Debit, in the line's currency; or else a credit.
    debit: Option<Dec>,
    /// Credit, in the line's currency; or else a debit.
    credit: Option<Dec>,
    /// The line's currency; the base currency when left out.
    currency: Option<String>,
    /// Base currency for one unit of another currency.
    rate: Option<Dec>,
    /// What the line is for.
    description: Option<String>,
    /// The client whom it's earned from or spent for.
    company_id: Option<Id<CompanyId>>,
    /// Who owes or is owed.
    party_id: Option<Id<CompanyId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
    /// Department.
    department_id: Option<Id<DepartmentId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: a line is posted for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// The employee who worked or spent.
    employee_id: Option<Id<EmployeeId>>,
    /// The employee who sold.
    seller_id: Option<Id<EmployeeId>>,
    /// Deal.
    deal_id: Option<Id<DealId>>,
    /// Service.
    service_id: Option<Id<ServiceId>>,
}

impl From<JournalLineInput> for ManualLine {
    fn from(input: JournalLineInput) -> Self {
        Self {
            account_id: input.account_id.0,
            debit: input.debit.map(|amount| amount.0),
            credit: input.credit.map(|amount| amount.0),
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            description: input.description,
            party_id: input.party_id.map(|id| id.0),
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
            cost_centre_splits: input.cost_centre_splits.into_iter().map(Into::into).collect(),
        }
    }
}

/// An entry that is posted by hand.
#[derive(InputObject)]
pub(crate) struct CreateJournalEntryInput {
    /// Accounting date.
    date: Date,
    /// When it happened, if not on the accounting date.
    service_date: Option<Date>,
    /// What happened.
    description: String,
    /// The lines: debits and credits that are equal in the base currency.
    lines: Vec<JournalLineInput>,
}

/// Which entry to take back.
#[derive(InputObject)]
pub(crate) struct ReverseJournalEntryInput {
    /// The entry.
    id: Id<JournalEntryId>,
    /// When; today when left out, or the entry's date if that is later.
    date: Option<Date>,
}

/// Up to when the books are closed.
#[derive(InputObject)]
pub(crate) struct CloseBooksInput {
    /// Nothing is posted on or before this day.
    until: Date,
    /// Why, where an earlier day than before reopens what lies between.
    reason: Option<String>,
}

warned_payloads! { CreateJournalEntryPayload { journal_entry: JournalEntry } }

payloads! {
    ReverseJournalEntryPayload { journal_entry: JournalEntry },
    CloseBooksPayload { tenant: Tenant },
}

/// Posting by hand.
#[derive(Default)]
pub(crate) struct JournalMutation;

#[Object]
impl JournalMutation {
    /// Posts an entry.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_journal_entry(
        &self,
        ctx: &Context<'_>,
        input: CreateJournalEntryInput,
    ) -> Result<CreateJournalEntryPayload> {
        let scope = request(ctx).write().await?;
        let service_date = input.service_date.map(|date| date.0);
        let lines = input.lines.into_iter().map(Into::into).collect();
        let dates = (input.date.0, service_date);
        let posted = manual_entry::create(&scope, dates, &input.description, lines).await?;
        request(ctx).commit(scope).await?;
        Ok(CreateJournalEntryPayload::new(ctx, posted))
    }

    /// Takes an entry back that was posted by hand, by one that is its contrary.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_journal_entry(
        &self,
        ctx: &Context<'_>,
        input: ReverseJournalEntryInput,
    ) -> Result<ReverseJournalEntryPayload> {
        let scope = request(ctx).write().await?;
        let entry = service::reverse_manual_entry(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(entry.into())
    }

    /// Closes the books up to a day. An earlier day than before reopens what lies between, and needs a reason.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn close_books(&self, ctx: &Context<'_>, input: CloseBooksInput) -> Result<CloseBooksPayload> {
        let scope = request(ctx).write().await?;
        service::close_books(&scope, input.until.0, input.reason).await?;
        let tenant = scope.tenant().clone();
        request(ctx).commit(scope).await?;
        Ok(Tenant::from(tenant).into())
    }
}
