use chrono::NaiveDate;
use uuid::Uuid;

/// One journal line, as reports see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The line's own id, which [`lines_of`](crate::lines_of) gives back.
    pub id: Uuid,
    /// Number of the line's entry in the tenant's ledger, above 0. Lines of one entry share it.
    pub seq: i64,
    /// The entry's business date.
    pub date: NaiveDate,
    /// The ledger account.
    pub account: Uuid,
    /// Amount in minor units of the tenant's base currency, debit positive.
    pub base_minor: i64,
    /// The client.
    pub company: Option<Uuid>,
    /// The service or product.
    pub service: Option<Uuid>,
    /// The employee who sold.
    pub seller: Option<Uuid>,
    /// The employee who worked.
    pub employee: Option<Uuid>,
    /// The project.
    pub project: Option<Uuid>,
    /// The department.
    pub department: Option<Uuid>,
    /// The cost centre.
    pub cost_centre: Option<Uuid>,
    /// Who owes or is owed.
    pub party: Option<Uuid>,
    /// On a line of a control account, the document whose open balance the line changes.
    pub item: Option<Uuid>,
    /// Whether the entry closes a year: it moves the result into equity, so no report of results counts it.
    pub closing: bool,
}

/// What a report must know of a ledger account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The account's id.
    pub id: Uuid,
    /// What the account counts.
    pub kind: AccountKind,
    /// Whether it holds money: its role is cash or bank.
    pub cash: bool,
    /// Whose balances it holds item by item, if it's a control account.
    pub control: Option<Control>,
}

/// What a control account holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// What clients owe.
    Receivable,
    /// What is owed to suppliers.
    Payable,
}

/// The five kinds of account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountKind {
    /// What the company has.
    Asset,
    /// What it owes.
    Liability,
    /// What its owners put in or left in.
    Equity,
    /// What it earned.
    Income,
    /// What it spent.
    Expense,
}
