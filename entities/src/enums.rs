//! Closed sets of values, stored as text (so that indexes serve under row-level security).

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

macro_rules! text_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[sea_orm(string_value = $text)]
                #[serde(rename = $text)]
                $variant,
            )*
        }

        impl $name {
            /// All values, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The value as it is stored.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    )*};
}

text_enums! {
    /// A language of the page and of documents.
    Language {
        /// English.
        En = "en",
        /// Georgian.
        Ka = "ka",
    }

    /// What a member may do; `identity::permissions` says what that is.
    Role {
        /// Signed the company up; may do everything.
        Owner = "owner",
        /// Runs the workspace.
        Admin = "admin",
        /// Keeps the books.
        Finance = "finance",
        /// Wins the work.
        Sales = "sales",
        /// Sees the work through.
        ProjectManager = "project_manager",
        /// Looks after the people.
        Hr = "hr",
        /// Does the work and logs it.
        Employee = "employee",
        /// Looks on.
        ReadOnly = "read_only",
    }

    /// How a session's secret travels.
    SessionKind {
        /// In a cookie: the page.
        Cookie = "cookie",
        /// As a bearer token: scripts.
        Token = "token",
    }

    /// Where a lead stands.
    LeadStatus {
        /// Not yet decided.
        New = "new",
        /// Became a company and a deal.
        Converted = "converted",
        /// Came to nothing.
        Lost = "lost",
    }

    /// Where a deal stands.
    DealStatus {
        /// In the pipeline.
        Open = "open",
        /// Won.
        Won = "won",
        /// Lost.
        Lost = "lost",
    }

    /// Where a project stands.
    ProjectStatus {
        /// Not begun.
        Planned = "planned",
        /// Under way.
        Active = "active",
        /// Finished.
        Done = "done",
    }

    /// Where a time entry stands.
    TimeEntryStatus {
        /// Can be edited.
        Draft = "draft",
        /// Its cost is posted.
        Approved = "approved",
        /// Its cost was posted and reversed.
        Reversed = "reversed",
    }

    /// Where an invoice stands.
    InvoiceStatus {
        /// Has no number yet, and isn't posted.
        Draft = "draft",
        /// Posted; nothing is paid.
        Issued = "issued",
        /// A part is paid.
        PartlyPaid = "partly_paid",
        /// All is paid.
        Paid = "paid",
        /// Was posted and reversed; keeps its number.
        Void = "void",
    }

    /// Where a document stands that is posted when it's made.
    PostingStatus {
        /// In the ledger.
        Posted = "posted",
        /// In the ledger, and so is its reversal.
        Reversed = "reversed",
    }

    /// The five kinds of account.
    AccountType {
        /// What the company has.
        Asset = "asset",
        /// What it owes.
        Liability = "liability",
        /// What its owners put in and left in.
        Equity = "equity",
        /// What it earns.
        Income = "income",
        /// What it uses up.
        Expense = "expense",
    }

    /// What the rules use an account for.
    AccountRole {
        /// What clients owe; control account of the sub-ledger.
        Receivable = "receivable",
        /// What suppliers are owed; control account of the sub-ledger.
        Payable = "payable",
        /// Cash in hand.
        Cash = "cash",
        /// Money at a bank.
        Bank = "bank",
        /// Tax on sales, owed to the state.
        OutputTax = "output_tax",
        /// Tax on purchases, recoverable from the state.
        InputTax = "input_tax",
        /// Results of earlier years.
        RetainedEarnings = "retained_earnings",
        /// Where sales go that name no other account.
        Revenue = "revenue",
        /// What goods and bought-in services cost that were sold on.
        CostOfSales = "cost_of_sales",
        /// Where spending goes that names no other account.
        Expense = "expense",
        /// What approved time costs the projects.
        Labour = "labour",
        /// The other side of it, which payroll fills.
        LabourAbsorbed = "labour_absorbed",
        /// Differences of exchange rates.
        ExchangeDifference = "exchange_difference",
        /// Money on its way between own accounts.
        BankTransit = "bank_transit",
        /// What clients paid before there was an invoice, net of tax; a liability with a sub-ledger.
        CustomerAdvance = "customer_advance",
        /// What suppliers were paid before there was a bill; a claim with a sub-ledger.
        SupplierAdvance = "supplier_advance",
        /// What employees paid for the company; control account of the sub-ledger.
        EmployeePayable = "employee_payable",
        /// Billed, and not yet earned.
        DeferredRevenue = "deferred_revenue",
        /// Earned, and not yet billed.
        UnbilledRevenue = "unbilled_revenue",
        /// Tax withheld from suppliers, owed to the state.
        WithholdingTax = "withholding_tax",
        /// What clients won't pay any more.
        WriteOff = "write_off",
        /// Differences of exchange rates on what is still open.
        UnrealisedExchange = "unrealised_exchange",
        /// What opening balances leave over.
        OpeningBalance = "opening_balance",
    }

    /// What a journal entry comes from.
    SourceKind {
        /// Entered by hand.
        Manual = "manual",
        /// An invoice.
        Invoice = "invoice",
        /// A payment.
        Payment = "payment",
        /// An expense.
        Expense = "expense",
        /// Approved time.
        TimeEntry = "time_entry",
        /// A supplier's bill.
        Bill = "bill",
        /// What was paid or credited before settles a document, or no longer does.
        Settlement = "settlement",
        /// A write-off.
        WriteOff = "write_off",
        /// Money moved between own accounts.
        Transfer = "transfer",
        /// The close of a fiscal year.
        Closing = "closing",
        /// Opening balances.
        Opening = "opening",
        /// Open items at a day's rates.
        Revaluation = "revaluation",
        /// Revenue moved to when it's earned.
        Recognition = "recognition",
        /// Overhead spread over what it's for.
        CostAllocation = "cost_allocation",
        /// A line of a bank's statement that no document stands behind: fees, interest.
        BankLine = "bank_line",
    }

    /// Whether a document bills or credits.
    InvoiceKind {
        /// Bills.
        Invoice = "invoice",
        /// Credits what was billed.
        CreditNote = "credit_note",
    }

    /// Where the state's own e-invoice stands.
    EinvoiceStatus {
        /// Sent to the client.
        Sent = "sent",
        /// Confirmed by the client.
        Confirmed = "confirmed",
        /// In a tax return.
        Declared = "declared",
        /// Rejected by the client.
        Rejected = "rejected",
    }

    /// What a tax code does.
    TaxKind {
        /// Adds tax.
        Standard = "standard",
        /// Says why there is none.
        Exempt = "exempt",
        /// The buyer owes it: output tax and recoverable input tax at once.
        ReverseCharge = "reverse_charge",
        /// Kept back from what a supplier is paid.
        Withholding = "withholding",
    }

    /// How taxes are rounded.
    TaxRounding {
        /// Each line.
        Line = "line",
        /// The document, spread over its lines by largest remainder.
        Document = "document",
    }

    /// Which way money went.
    PaymentDirection {
        /// Received.
        In = "in",
        /// Paid.
        Out = "out",
    }

    /// Whose open items a payment settles.
    SubLedger {
        /// What clients owe.
        Receivable = "receivable",
        /// What suppliers are owed.
        Payable = "payable",
        /// What employees are owed.
        Employee = "employee",
    }

    /// Whether a supplier's document bills or credits.
    BillKind {
        /// Bills.
        Bill = "bill",
        /// Credits what was billed.
        CreditNote = "credit_note",
    }

    /// Where a bill stands.
    BillStatus {
        /// Isn't posted.
        Draft = "draft",
        /// Posted; nothing is paid.
        Posted = "posted",
        /// A part is paid.
        PartlyPaid = "partly_paid",
        /// All is paid.
        Paid = "paid",
        /// Was posted and reversed; keeps its number.
        Void = "void",
    }

    /// Where an expense stands.
    ExpenseStatus {
        /// The employee is still at it.
        Draft = "draft",
        /// Waits for approval.
        Submitted = "submitted",
        /// In the ledger.
        Posted = "posted",
        /// The employee has the money back.
        Reimbursed = "reimbursed",
        /// In the ledger, and so is its reversal.
        Reversed = "reversed",
    }

    // statements

    /// Where a fiscal year stands.
    FiscalYearStatus {
        /// Its result isn't moved yet.
        Open = "open",
        /// Its result is in equity.
        Closed = "closed",
    }

    // bank

    /// Where a line of a bank's statement stands.
    BankLineStatus {
        /// Nobody has said yet what it is.
        Open = "open",
        /// It's in the ledger.
        Matched = "matched",
        /// It's to be in no ledger.
        Ignored = "ignored",
    }

    // buying

    /// A kind of record that files hang on.
    FileSubject {
        /// A supplier's bill.
        Bill = "bill",
        /// An expense.
        Expense = "expense",
        /// The head of our own documents.
        Letterhead = "letterhead",
    }

    // documents

    /// The unit of the time between two recurring invoices.
    RecurrenceUnit {
        /// Seven days.
        Week = "week",
        /// A calendar month.
        Month = "month",
        /// Three months.
        Quarter = "quarter",
        /// A calendar year.
        Year = "year",
    }

    // approvals

    /// What is approved.
    ApprovalKind {
        /// A credit note.
        CreditNote = "credit_note",
        /// A write-off.
        WriteOff = "write_off",
        /// A supplier's bill.
        Bill = "bill",
        /// What an employee paid.
        Expense = "expense",
    }

    /// How those decide whom a rule names.
    ApprovalMode {
        /// All, one after the other.
        Sequence = "sequence",
        /// Any one of them.
        Any = "any",
    }

    /// Where an approval stands.
    ApprovalStatus {
        /// Somebody must decide.
        Pending = "pending",
        /// All agreed, and it was done.
        Approved = "approved",
        /// Somebody refused.
        Refused = "refused",
        /// Who asked took it back.
        Withdrawn = "withdrawn",
    }

    /// What somebody decided.
    ApprovalDecision {
        /// Yes.
        Approved = "approved",
        /// No.
        Refused = "refused",
    }

    // costing

    /// What is split over cost centres.
    SplitSubject {
        /// A line of an invoice.
        InvoiceLine = "invoice_line",
        /// A line of a supplier's bill.
        BillLine = "bill_line",
        /// An expense.
        Expense = "expense",
    }

    /// By what overhead is spread.
    AllocationBasis {
        /// People.
        HeadCount = "head_count",
        /// Approved hours.
        Hours = "hours",
        /// Revenue.
        Revenue = "revenue",
        /// Shares that are said.
        Fixed = "fixed",
    }

    /// Over what overhead is spread.
    AllocationTarget {
        /// Clients.
        Company = "company",
        /// Projects.
        Project = "project",
        /// Departments.
        Department = "department",
        /// Cost centres.
        CostCentre = "cost_centre",
    }

    /// Where a budget stands.
    BudgetStatus {
        /// Being written.
        Draft = "draft",
        /// In force.
        Active = "active",
        /// Another version took its place.
        Superseded = "superseded",
    }

    /// What happens when a commitment goes over a budget.
    BudgetControl {
        /// Nothing.
        None = "none",
        /// It's told.
        Warn = "warn",
        /// It's refused.
        Block = "block",
    }

    // taxes
}

impl AccountRole {
    /// Whether one account alone may have it, since documents find theirs by it. Money is kept on several.
    #[must_use]
    pub const fn is_alone(&self) -> bool {
        !matches!(self, Self::Bank | Self::Cash)
    }
}
