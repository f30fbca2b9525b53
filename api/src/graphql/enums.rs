//! Closed sets of values, as the API shows them: those of `kamara_entities`, which knows no GraphQL.

use async_graphql::Enum;

/// A language of the page and of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::Language")]
pub(crate) enum Language {
    /// English.
    En,
    /// Georgian.
    Ka,
}

/// What a member may do; `identity::permissions` says what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::Role")]
pub(crate) enum Role {
    /// Signed the company up; may do everything.
    Owner,
    /// Runs the workspace.
    Admin,
    /// Keeps the books.
    Finance,
    /// Wins the work.
    Sales,
    /// Sees the work through.
    ProjectManager,
    /// Looks after the people.
    Hr,
    /// Does the work and logs it.
    Employee,
    /// Looks on.
    ReadOnly,
}

/// How a session's secret travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::SessionKind")]
pub(crate) enum SessionKind {
    /// In a cookie: the page.
    Cookie,
    /// As a bearer token: scripts.
    Token,
}

/// Where a lead stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::LeadStatus")]
pub(crate) enum LeadStatus {
    /// Not yet decided.
    New,
    /// Became a company and a deal.
    Converted,
    /// Came to nothing.
    Lost,
}

/// Where a deal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::DealStatus")]
pub(crate) enum DealStatus {
    /// In the pipeline.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// Where a project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ProjectStatus")]
pub(crate) enum ProjectStatus {
    /// Not begun.
    Planned,
    /// Under way.
    Active,
    /// Finished.
    Done,
}

/// Where a time entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::TimeEntryStatus")]
pub(crate) enum TimeEntryStatus {
    /// Can be edited.
    Draft,
    /// Its cost is posted.
    Approved,
    /// Its cost was posted and reversed.
    Reversed,
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::InvoiceStatus")]
pub(crate) enum InvoiceStatus {
    /// Has no number yet, and isn't posted.
    Draft,
    /// Posted; nothing is paid.
    Issued,
    /// A part is paid.
    PartlyPaid,
    /// All is paid.
    Paid,
    /// Was posted and reversed; keeps its number.
    Void,
}

/// Where a document stands that is posted when it's made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::PostingStatus")]
pub(crate) enum PostingStatus {
    /// In the ledger.
    Posted,
    /// In the ledger, and so is its reversal.
    Reversed,
}

/// The five kinds of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::AccountType")]
pub(crate) enum AccountType {
    /// What the company has.
    Asset,
    /// What it owes.
    Liability,
    /// What its owners put in and left in.
    Equity,
    /// What it earns.
    Income,
    /// What it uses up.
    Expense,
}

/// What the rules use an account for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::AccountRole")]
pub(crate) enum AccountRole {
    /// What clients owe; control account of the sub-ledger.
    Receivable,
    /// What suppliers are owed; control account of the sub-ledger.
    Payable,
    /// Cash in hand.
    Cash,
    /// Money at a bank.
    Bank,
    /// Tax on sales, owed to the state.
    OutputTax,
    /// Tax on purchases, recoverable from the state.
    InputTax,
    /// Results of earlier years.
    RetainedEarnings,
    /// Where sales go that name no other account.
    Revenue,
    /// What goods and bought-in services cost that were sold on.
    CostOfSales,
    /// Where spending goes that names no other account.
    Expense,
    /// What approved time costs the projects.
    Labour,
    /// The other side of it, which payroll fills: what is left over is the cost of idle time.
    LabourAbsorbed,
    /// Differences of exchange rates.
    ExchangeDifference,
    /// Money on its way between own accounts.
    BankTransit,
    /// What clients paid before there was an invoice, net of tax; a liability with a sub-ledger.
    CustomerAdvance,
    /// What suppliers were paid before there was a bill; a claim with a sub-ledger.
    SupplierAdvance,
    /// What employees paid for the company; control account of the sub-ledger.
    EmployeePayable,
    /// Billed, and not yet earned.
    DeferredRevenue,
    /// Earned, and not yet billed.
    UnbilledRevenue,
    /// Tax withheld from suppliers, owed to the state.
    WithholdingTax,
    /// What clients won't pay any more.
    WriteOff,
    /// Differences of exchange rates on what is still open.
    UnrealisedExchange,
    /// What opening balances leave over.
    OpeningBalance,
}

/// What a journal entry comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::SourceKind")]
pub(crate) enum SourceKind {
    /// Entered by hand.
    Manual,
    /// An invoice.
    Invoice,
    /// A payment.
    Payment,
    /// An expense.
    Expense,
    /// Approved time.
    TimeEntry,
    /// A supplier's bill.
    Bill,
    /// What was paid or credited before settles a document, or no longer does.
    Settlement,
    /// A write-off.
    WriteOff,
    /// Money moved between own accounts.
    Transfer,
    /// The close of a fiscal year.
    Closing,
    /// Opening balances.
    Opening,
    /// Open items at a day's rates.
    Revaluation,
    /// Revenue moved to when it's earned.
    Recognition,
    /// Overhead spread over what it's for.
    CostAllocation,
    /// A line of a bank's statement that no document stands behind: fees, interest.
    BankLine,
}

/// Where a line of a bank's statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::BankLineStatus")]
pub(crate) enum BankLineStatus {
    /// Nobody has said yet what it is.
    Open,
    /// It's in the ledger.
    Matched,
    /// It's to be in no ledger.
    Ignored,
}

/// Whether a document bills or credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::InvoiceKind")]
pub(crate) enum InvoiceKind {
    /// Bills.
    Invoice,
    /// Credits what was billed.
    CreditNote,
}

/// Which way money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::PaymentDirection")]
pub(crate) enum PaymentDirection {
    /// Received.
    In,
    /// Paid.
    Out,
}

/// Whose open items a payment settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::SubLedger")]
pub(crate) enum SubLedger {
    /// What clients owe.
    Receivable,
    /// What suppliers are owed.
    Payable,
    /// What employees are owed.
    Employee,
}

/// Whether a supplier's document bills or credits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::BillKind")]
pub(crate) enum BillKind {
    /// Bills.
    Bill,
    /// Credits what was billed.
    CreditNote,
}

/// Where a bill stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::BillStatus")]
pub(crate) enum BillStatus {
    /// Isn't posted.
    Draft,
    /// Posted; nothing is paid.
    Posted,
    /// A part is paid.
    PartlyPaid,
    /// All is paid.
    Paid,
    /// Was posted and reversed; keeps its number.
    Void,
}

/// Where an expense stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ExpenseStatus")]
pub(crate) enum ExpenseStatus {
    /// The employee is still at it.
    Draft,
    /// Waits for approval.
    Submitted,
    /// In the ledger.
    Posted,
    /// The employee has the money back.
    Reimbursed,
    /// In the ledger, and so is its reversal.
    Reversed,
}

/// By what overhead is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::AllocationBasis")]
pub(crate) enum AllocationBasis {
    /// People.
    HeadCount,
    /// Approved hours.
    Hours,
    /// Revenue.
    Revenue,
    /// Shares that are said.
    Fixed,
}

/// Over what overhead is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::AllocationTarget")]
pub(crate) enum AllocationTarget {
    /// Clients.
    Company,
    /// Projects.
    Project,
    /// Departments.
    Department,
    /// Cost centres.
    CostCentre,
}

/// Where a budget stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::BudgetStatus")]
pub(crate) enum BudgetStatus {
    /// Being written.
    Draft,
    /// In force.
    Active,
    /// Another version took its place.
    Superseded,
}

/// What happens when a commitment goes over a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::BudgetControl")]
pub(crate) enum BudgetControl {
    /// Nothing.
    None,
    /// It's told.
    Warn,
    /// It's refused.
    Block,
}

/// What a tax code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::TaxKind")]
pub(crate) enum TaxKind {
    /// Adds tax.
    Standard,
    /// Says why there is none.
    Exempt,
    /// The buyer owes it: output tax and recoverable input tax at once.
    ReverseCharge,
    /// Kept back from what a supplier is paid.
    Withholding,
}

/// How taxes are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::TaxRounding")]
pub(crate) enum TaxRounding {
    /// Each line.
    Line,
    /// The document, spread over its lines by largest remainder.
    Document,
}

/// Where the state's own e-invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::EinvoiceStatus")]
pub(crate) enum EinvoiceStatus {
    /// Sent to the client.
    Sent,
    /// Confirmed by the client.
    Confirmed,
    /// In a tax return.
    Declared,
    /// Rejected by the client.
    Rejected,
}

/// Where a fiscal year stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::FiscalYearStatus")]
pub(crate) enum FiscalYearStatus {
    /// Its result isn't moved yet.
    Open,
    /// Its result is in equity.
    Closed,
}

/// What is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ApprovalKind")]
pub(crate) enum ApprovalKind {
    /// A credit note.
    CreditNote,
    /// A write-off.
    WriteOff,
    /// A supplier's bill.
    Bill,
    /// What an employee paid.
    Expense,
}

/// How those decide whom a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ApprovalMode")]
pub(crate) enum ApprovalMode {
    /// All, one after the other.
    Sequence,
    /// Any one of them.
    Any,
}

/// Where an approval stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ApprovalStatus")]
pub(crate) enum ApprovalStatus {
    /// Somebody must decide.
    Pending,
    /// All agreed, and it was done.
    Approved,
    /// Somebody refused.
    Refused,
    /// Who asked took it back.
    Withdrawn,
}

/// What somebody decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::ApprovalDecision")]
pub(crate) enum ApprovalDecision {
    /// Yes.
    Approved,
    /// No.
    Refused,
}

/// The unit of the time between two recurring invoices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_entities::RecurrenceUnit")]
pub(crate) enum RecurrenceUnit {
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// Three months.
    Quarter,
    /// A calendar year.
    Year,
}
