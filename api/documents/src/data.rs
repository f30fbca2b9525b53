//! What documents say.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::Logo;

/// The language of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Georgian.
    Georgian,
}

/// An amount with as many places as its currency has, which the document names once.
pub type Money = Decimal;

/// Who sends the document.
#[derive(Clone, Debug, Default)]
pub struct Letterhead {
    /// The name in the register of companies.
    pub name: String,
    /// Number in the tax register.
    pub tax_number: Option<String>,
    /// Address, on one or more lines.
    pub address: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Address on the web.
    pub website: Option<String>,
    /// What stands at the foot.
    pub footer: Option<String>,
    /// A picture.
    pub logo: Option<Logo>,
}

/// To whom it is sent.
#[derive(Clone, Debug, Default)]
pub struct Party {
    /// Name.
    pub name: String,
    /// Address, line by line.
    pub address: Vec<String>,
    /// Number in the tax register.
    pub tax_number: Option<String>,
}

/// Whether an invoice bills or credits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvoiceKind {
    /// Bills.
    Invoice,
    /// Credits what was billed: number and date of the invoice, where it's known.
    CreditNote(Option<(String, NaiveDate)>),
}

/// Where a document stands, as far as it's to be seen on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not issued yet.
    Draft,
    /// Issued.
    Issued,
    /// Taken back.
    Void,
}

/// An invoice or a credit note.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// Its language.
    pub language: Language,
    /// Who sends it.
    pub letterhead: Letterhead,
    /// Who gets it.
    pub client: Party,
    /// Whether it bills or credits.
    pub kind: InvoiceKind,
    /// Where it stands.
    pub standing: Standing,
    /// Number, once it's issued.
    pub number: Option<String>,
    /// Its date.
    pub date: NaiveDate,
    /// When it is to be paid.
    pub due_date: NaiveDate,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// Sums of each tax.
    pub taxes: Vec<Tax>,
    /// Sum of all discounts, which the net amount is after.
    pub discount: Money,
    /// Before tax.
    pub net: Money,
    /// Net and tax.
    pub total: Money,
    /// What was paid or credited of it.
    pub paid: Money,
    /// What is to be paid still.
    pub due: Money,
    /// Parts that are to be paid on days of their own.
    pub instalments: Vec<Instalment>,
    /// Where to pay.
    pub bank_accounts: Vec<BankAccount>,
    /// Free text.
    pub note: Option<String>,
    /// The state's own e-invoice for this, where there has to be one.
    pub einvoice: Option<Einvoice>,
}

/// The state's own e-invoice.
#[derive(Clone, Debug, Default)]
pub struct Einvoice {
    /// Its number, once it's known.
    pub number: Option<String>,
}

/// A line of an invoice.
#[derive(Clone, Debug)]
pub struct InvoiceLine {
    /// What was sold.
    pub description: String,
    /// How much.
    pub quantity: Decimal,
    /// Of what: hour, piece.
    pub unit: Option<String>,
    /// Price of one unit before discount.
    pub unit_price: Decimal,
    /// What the discounts on the line and on the document take off.
    pub discount: Money,
    /// Rates of its taxes, in percent.
    pub tax_rates: Vec<Decimal>,
    /// After discount, before tax.
    pub net: Money,
    /// First and last day of what is paid for.
    pub period: Option<(NaiveDate, NaiveDate)>,
}

/// What a tax comes to.
#[derive(Clone, Debug)]
pub struct Tax {
    /// Its name.
    pub name: String,
    /// In percent.
    pub rate: Decimal,
    /// What it's reckoned on.
    pub base: Money,
    /// The tax.
    pub amount: Money,
    /// Whether the buyer owes it.
    pub reverse_charge: bool,
    /// Why there is none.
    pub exempt_reason: Option<String>,
}

/// A part of an invoice that is to be paid on a day of its own.
#[derive(Clone, Debug)]
pub struct Instalment {
    /// The day.
    pub due_date: NaiveDate,
    /// How much.
    pub amount: Money,
}

/// Where to pay.
#[derive(Clone, Debug)]
pub struct BankAccount {
    /// The bank.
    pub bank: Option<String>,
    /// International bank account number.
    pub iban: String,
    /// Business identifier code.
    pub bic: Option<String>,
}

/// What happened on a client's account, and what is owed.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its language.
    pub language: Language,
    /// Who sends it.
    pub letterhead: Letterhead,
    /// Who gets it.
    pub client: Party,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// A part for each currency.
    pub parts: Vec<StatementPart>,
}

/// What happened in one currency.
#[derive(Clone, Debug)]
pub struct StatementPart {
    /// ISO 4217 code of all its amounts.
    pub currency: String,
    /// What was owed before the first day.
    pub opening: Money,
    /// What happened, oldest first.
    pub movements: Vec<Movement>,
    /// Sum of what was billed.
    pub debit: Money,
    /// Sum of what was paid.
    pub credit: Money,
    /// What is owed after the last day.
    pub closing: Money,
    /// What was paid in advance and isn't used.
    pub advances: Money,
    /// Where to pay.
    pub bank_accounts: Vec<BankAccount>,
}

/// What changes what a client owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementKind {
    /// An invoice.
    Invoice,
    /// A credit note.
    CreditNote,
    /// A payment.
    Payment,
    /// What was paid or credited before settles a document.
    Settlement,
    /// What isn't paid any more.
    WriteOff,
    /// What was owed when the books were opened.
    Opening,
    /// Something else.
    Other,
}

/// Something that happened on a client's account.
#[derive(Clone, Debug)]
pub struct Movement {
    /// When.
    pub date: NaiveDate,
    /// What.
    pub kind: MovementKind,
    /// Whether it takes something back that was told before.
    pub reverses: bool,
    /// Number or reference of its document.
    pub number: Option<String>,
    /// What is owed more.
    pub debit: Money,
    /// What is owed less.
    pub credit: Money,
    /// What is owed after it.
    pub balance: Money,
}

/// What a payment is to whom the document is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentKind {
    /// It came in: the document confirms it.
    Received,
    /// It went out: the document announces it.
    Paid,
    /// It goes back to who paid it.
    Refunded,
}

/// What somebody is to the company that sends a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Buys.
    Client,
    /// Sells.
    Supplier,
    /// Works there.
    Employee,
}

/// A payment that is confirmed to who paid, or announced to who is paid.
#[derive(Clone, Debug)]
pub struct Payment {
    /// Its language.
    pub language: Language,
    /// Who sends it.
    pub letterhead: Letterhead,
    /// Who gets it.
    pub party: Party,
    /// What that one is.
    pub role: Role,
    /// What the payment is.
    pub kind: PaymentKind,
    /// Whether it was taken back.
    pub reversed: bool,
    /// When.
    pub date: NaiveDate,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// What the bank says.
    pub reference: Option<String>,
    /// What it settles.
    pub settled: Vec<Settled>,
    /// What settles nothing yet.
    pub rest: Money,
    /// The tax in it, where it was paid in advance.
    pub tax: Money,
    /// What was kept back for the state.
    pub withheld: Money,
    /// What it settles and what settles nothing yet, together: with what was kept back.
    pub amount: Money,
}

/// A document that is settled.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What it is.
    pub kind: SettledKind,
    /// Its number, or what it says.
    pub number: Option<String>,
    /// Its date.
    pub date: NaiveDate,
    /// How much of the payment settles it.
    pub amount: Money,
}

/// What is settled by a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettledKind {
    /// An invoice, or a supplier's bill.
    Invoice,
    /// A credit note of either side.
    CreditNote,
    /// An employee's expense.
    Expense,
    /// What is left of an earlier payment.
    Payment,
}
