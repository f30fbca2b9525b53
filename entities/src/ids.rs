//! A type of its own for the id of each kind of record, so that a contact's id can't stand where a company's is expected.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every id is: a UUID (version 7) in a type of its own.
pub trait RecordId:
    Copy
    + Ord
    + std::hash::Hash
    + Send
    + Sync
    + std::fmt::Display
    + From<Uuid>
    + Into<Uuid>
    + Into<sea_orm::Value>
    + 'static
{
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }

        impl RecordId for $name {}
    )*};
}

ids! {
    /// A signed-up company.
    TenantId,
    /// A person who can log in; may belong to several tenants.
    UserId,
    /// A user's place in one tenant.
    MembershipId,
    /// A log-in that lasts: a cookie or a bearer token.
    SessionId,
    /// An invitation to join a tenant.
    InvitationId,
    /// A request to set a new password.
    PasswordResetId,
    /// A row of the outbox.
    JobId,
    /// A change that was made.
    EventId,
    /// A client or a supplier.
    CompanyId,
    /// A person at a company.
    ContactId,
    /// Somebody who may become a client.
    LeadId,
    /// A sequence of stages that deals go through.
    PipelineId,
    /// One step of a pipeline.
    StageId,
    /// A sale in the making.
    DealId,
    /// Something that is sold: a service or a product.
    ServiceId,
    /// A piece of work for a client, or an internal one.
    ProjectId,
    /// Hours of one employee on one project on one day.
    TimeEntryId,
    /// A person who works for the tenant.
    EmployeeId,
    /// A part of the tenant's organisation.
    DepartmentId,
    /// The state of a tenant's books.
    LedgerId,
    /// An account of the chart of accounts.
    AccountId,
    /// Where a cost arises.
    CostCentreId,
    /// A kind of tax with its rate.
    TaxCodeId,
    /// A balanced entry of the journal.
    JournalEntryId,
    /// One line of a journal entry.
    JournalLineId,
    /// A series of document numbers without gaps.
    NumberSeriesId,
    /// A bill to a client.
    InvoiceId,
    /// One line of an invoice.
    InvoiceLineId,
    /// Money received from a client.
    PaymentId,
    /// The part of a payment that settles one invoice.
    PaymentAllocationId,
    /// Money spent.
    ExpenseId,
    /// What a client won't pay any more.
    WriteOffId,
    /// A part of an invoice that is to be paid on a day of its own.
    InvoiceInstalmentId,
    /// An invoice that comes again.
    RecurringInvoiceId,
    /// What stands at the head of documents.
    LetterheadId,
    /// An account at a bank.
    BankAccountId,
    /// A bill from a supplier.
    BillId,
    /// One line of a bill.
    BillLineId,
    // statements
    /// A fiscal year.
    FiscalYearId,

    // bank
    /// A bank's statement of an account.
    BankStatementId,
    /// One booking of a bank.
    BankStatementLineId,
    /// What a bank's booking is in the ledger.
    BankMatchId,
    /// Money moved between own accounts.
    BankTransferId,

    // buying

    /// A file.
    FileId,
    /// A category of expenses.
    ExpenseCategoryId,
    /// A rule that proposes a category.
    CategoryRuleId,

    // approvals
    /// A rule that says when approval is needed.
    ApprovalRuleId,
    /// Whom such a rule asks.
    ApprovalRuleApproverId,
    /// What was asked for.
    ApprovalId,
    /// One decision of those that an approval needs.
    ApprovalStepId,
    /// Who may decide it.
    ApprovalStepApproverId,
    /// A time in which one member decides for another.
    ApprovalDelegationId,

    // costing
    /// The share of a cost centre in a line.
    CostSplitId,
    /// How overhead is spread.
    AllocationRuleId,
    /// An account whose costs a rule spreads.
    AllocationRuleAccountId,
    /// A fixed share of a rule.
    AllocationShareId,
    /// A rule applied to a period.
    AllocationRunId,
    /// A plan of costs and revenue.
    BudgetId,
    /// One amount of a plan.
    BudgetLineId,

    // taxes
    /// A rate that a tax code has from some day on.
    TaxRateId,
    /// A tax of a line of a bill.
    BillLineTaxId,
    /// A tax of a line of an invoice.
    InvoiceLineTaxId,
    /// What a currency was worth on a day.
    ExchangeRateId,
}
