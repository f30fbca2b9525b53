//! Opening balances: what a company brings from the books that it kept before, as one balanced entry. It's taken back as a whole,
//! and may be brought again then.

mod control;
mod file;
mod made;
mod parties;
mod rows;
mod standing;
mod twice;
mod undo;

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, EmployeeId, SourceKind, SubLedger, TaxCodeId, company, journal_entry, tax_code,
};

use self::{
    control::ControlAccounts,
    file::{DocumentKind, Kind, Row},
    made::Made,
    parties::Parties,
    rows::Document,
};
pub use self::{
    standing::{Brought, Counts, brought, condition, standing_on},
    undo::{TakenBack, take_back},
};
use super::{controls::Controls, open_item::Party, payment::in_advance, tax::Tax, tax_codes::TaxCodes};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    money,
    tenancy::TenantScope,
    text,
};

/// Where documents come from that were open before the books began: no entry of their own stands behind them.
pub const SOURCE: &str = "opening";

/// Why a document isn't taken back by itself.
pub(super) const fn as_a_whole() -> Text {
    Text::fixed(
        "This was open before the books began: it's taken back with the opening balances, as a whole.",
        "ეს წიგნების დაწყებამდე იყო ღია: უქმდება მხოლოდ საწყის ნაშთებთან ერთად, მთლიანად.",
    )
}

/// The number that a document had before it was taken back, since another may have it now.
pub(super) fn number_of(number: &str) -> &str {
    number.split_once(undo::GONE).map_or(number, |(number, _)| number)
}

/// What an import of opening balances made.
#[derive(Debug)]
pub struct Opened {
    /// The entry.
    pub entry: journal_entry::Model,
    /// How many of what.
    pub counts: Counts,
    /// All debits, in the base currency.
    pub debit_minor: i64,
    /// What the file left over, debit positive, in the base currency.
    pub difference_minor: i64,
}

/// Posts a file of opening balances, dated on a day. Whatever is open becomes a document of its own, and those of a control
/// account must add up to its row.
pub async fn import(scope: &TenantScope, date: NaiveDate, csv: &str) -> Result<Opened> {
    let rows = file::read(csv)?;
    let known = Known::load(scope, &rows).await?;
    let mut opening = Opening::new(scope, date, &known)?;
    for row in &rows {
        match row.kind {
            Kind::Account => opening.account(row)?,
            Kind::Document(kind) => opening.document(row, kind)?,
            Kind::Difference => opening.takes_difference = true,
        }
    }
    opening.controls.check(scope.base_currency())?;
    let difference_minor = opening.balance()?;
    opening.write(difference_minor).await
}

/// What rows refer to.
struct Known {
    accounts: Accounts,
    controls: Controls,
    parties: Parties,
    /// Tax codes by their own codes.
    codes: HashMap<String, TaxCodeId>,
    taxes: TaxCodes,
}

impl Known {
    async fn load(scope: &TenantScope, rows: &[Row]) -> Result<Self> {
        let accounts = Accounts::load(scope).await?;
        let mut codes = HashMap::new();
        if rows.iter().any(|row| row.optional("tax_code").is_some()) {
            for code in scope.all(scope.find::<tax_code::Entity>()).await? {
                if code.archived_at.is_none() {
                    codes.insert(code.code, code.id);
                }
            }
        }
        Ok(Self {
            controls: Controls::new(scope, &accounts),
            accounts,
            parties: Parties::load(scope).await?,
            taxes: TaxCodes::load(scope, codes.values().copied().collect()).await?,
            codes,
        })
    }

    /// The account with a code.
    fn account(&self, row: &Row) -> Result<AccountId> {
        let code = row.required("account")?;
        let found = self.accounts.iter().find(|account| account.code == code && account.archived_at.is_none());
        let unknown = || Text::new(format!("There is no account {code}."), format!("ანგარიში {code} არ არსებობს."));
        let account = found.ok_or_else(|| row.problem(&unknown()))?;
        Ok(self.accounts.referred("csv", account.id).map_err(|error| row.problem(&error.message()))?.id)
    }

    fn client(&self, row: &Row) -> Result<Party> {
        let company = self.parties.company(row, row.required("company")?)?;
        let message = |company: &company::Model| {
            Text::new(
                format!("{} must be a client for that.", company.name),
                format!("ამისთვის {} კლიენტი უნდა იყოს.", company.name),
            )
        };
        if company.is_client { Ok(Party::Company(company.id)) } else { Err(row.problem(&message(company))) }
    }

    fn supplier(&self, row: &Row) -> Result<Party> {
        let company = self.parties.company(row, row.required("company")?)?;
        let message = |company: &company::Model| {
            Text::new(
                format!("{} must be a supplier for that.", company.name),
                format!("ამისთვის {} მომწოდებელი უნდა იყოს.", company.name),
            )
        };
        if company.is_supplier { Ok(Party::Company(company.id)) } else { Err(row.problem(&message(company))) }
    }

    fn employee(&self, row: &Row) -> Result<EmployeeId> {
        row.unused("company")?;
        Ok(self.parties.employee(row, row.required("employee")?)?.id)
    }

    fn party(&self, row: &Row, kind: DocumentKind) -> Result<Party> {
        match kind.sub_ledger() {
            SubLedger::Receivable => self.client(row),
            SubLedger::Payable => self.supplier(row),
            SubLedger::Employee => self.employee(row).map(Party::Employee),
        }
    }

    /// The tax that is in an advance, as it was on its day.
    fn tax(&self, row: &Row, date: NaiveDate) -> Result<Option<Tax>> {
        let Some(code) = row.optional("tax_code") else { return Ok(None) };
        let unknown = || Text::new(format!("There is no tax code {code}."), format!("გადასახადი {code} არ არსებობს."));
        let id = *self.codes.get(code).ok_or_else(|| row.problem(&unknown()))?;
        let tax = self.taxes.tax("csv", id, date).and_then(in_advance);
        tax.map(Some).map_err(|error| row.problem(&error.message()))
    }
}

/// An import under way.
struct Opening<'a> {
    scope: &'a TenantScope,
    date: NaiveDate,
    known: &'a Known,
    controls: ControlAccounts,
    /// The account of opening balances.
    account: AccountId,
    accounts: usize,
    lines: Vec<LineDraft>,
    made: Made,
    takes_difference: bool,
}

/// The amount of a row in its currency, the rate, and the amount in the base currency.
struct Amount {
    minor: i64,
    currency: String,
    rate: i64,
    base_minor: i64,
}

impl<'a> Opening<'a> {
    fn new(scope: &'a TenantScope, date: NaiveDate, known: &'a Known) -> Result<Self> {
        Ok(Self {
            scope,
            date,
            known,
            controls: ControlAccounts::of(&known.accounts),
            account: known.accounts.role(AccountRole::OpeningBalance)?.id,
            accounts: 0,
            lines: Vec::new(),
            made: Made::default(),
            takes_difference: false,
        })
    }

    fn account(&mut self, row: &Row) -> Result<()> {
        let id = self.known.account(row)?;
        let amount = self.amount(row)?;
        self.accounts += 1;
        if self.controls.note(id, row, amount.base_minor)? {
            return Ok(());
        }
        let party = row.optional("company").map(|name| self.known.parties.company(row, name)).transpose()?;
        let line = LineDraft::new(id, amount.minor, &amount.currency, amount.rate, amount.base_minor);
        self.lines.push(LineDraft { party_id: party.map(|company| company.id), ..line });
        Ok(())
    }

    fn amount(&self, row: &Row) -> Result<Amount> {
        let base = self.scope.base_currency();
        let told = |error: Error| row.problem(&error.message());
        let currency = match row.optional("currency") {
            Some(code) => money::currency("currency", code).map_err(told)?,
            None => base.to_owned(),
        };
        row.required("amount")?;
        let amount = row.number("amount")?.unwrap_or_default();
        let minor = money::to_minor("amount", amount, &currency).map_err(told)?;
        let rate = ledger::rate("rate", self.scope, &currency, row.number("rate")?).map_err(told)?;
        let base_minor = money::convert("amount", minor, &currency, base, rate).map_err(told)?;
        Ok(Amount { minor, currency, rate, base_minor })
    }

    fn document(&mut self, row: &Row, kind: DocumentKind) -> Result<()> {
        let party = self.known.party(row, kind)?;
        row.required("date")?;
        let date = row.date("date")?.unwrap_or(self.date);
        if !kind.is_due() {
            row.unused("due_date")?;
        }
        let due_date = row.date("due_date")?.unwrap_or(date);
        if date > self.date || due_date < date {
            let message = Text::new(
                format!("A document is dated {} at the latest, and due on its date at the earliest.", self.date),
                format!("დოკუმენტის თარიღი არაუგვიანეს {}-ია, ვადა კი მის თარიღზე ადრე ვერ იქნება.", self.date),
            );
            return Err(row.problem(&message));
        }
        let Amount { minor: amount_minor, currency, rate, base_minor } = self.amount(row)?;
        if amount_minor <= 0 {
            return Err(row.problem(&Text::fixed(
                "The amount of a document is more than zero: its kind says which way it goes.",
                "დოკუმენტის თანხა ნულზე მეტია: მის მიმართულებას kind განსაზღვრავს.",
            )));
        }
        if !kind.is_advance() {
            row.unused("tax_code")?;
        }
        let tax = self.known.tax(row, date)?;
        let number = text::name("number", row.required("number")?).map_err(|error| row.problem(&error.message()))?;
        let document = Document { kind, party, number, date, due_date, currency, rate, amount_minor, base_minor, tax };
        let line = self.made.add(self.scope, &self.known.controls, self.account, (document, row.line))?;
        self.controls.add(line.account_id, row.line, line.base_minor);
        self.lines.push(line);
        Ok(())
    }

    /// What the rows leave over, which the file must say is meant.
    fn balance(&self) -> Result<i64> {
        let base = self.scope.base_currency();
        let difference = money::sum("csv", self.lines.iter().map(|line| line.base_minor))?;
        if difference == 0 || self.takes_difference {
            return Ok(difference);
        }
        let over = money::from_minor(difference, base);
        Err(Error::invalid(
            "csv",
            Text::new(
                format!(
                    "Debit less credit is {over} {base}, not zero. Correct the rows, or add a row of kind difference."
                ),
                format!(
                    "დებეტს მინუს კრედიტი არის {over} {base} და არა ნული. შეასწორეთ სტრიქონები ან დაამატეთ სტრიქონი difference."
                ),
            ),
        ))
    }

    async fn write(mut self, difference_minor: i64) -> Result<Opened> {
        let scope = self.scope;
        if difference_minor != 0 {
            self.lines.push(LineDraft::in_base(self.account, -difference_minor, scope.base_currency()));
        }
        self.lines.retain(|line| line.base_minor != 0 || line.amount_minor != 0);
        twice::refuse_accounts(scope, self.account, &self.lines).await?;
        twice::refuse_documents(scope, &self.made).await?;
        let counts = Counts { accounts: self.accounts, ..self.made.counts() };
        self.made.write(scope, self.known.accounts.role(AccountRole::Revenue)?.id).await?;
        // Whoever imports meanwhile has posted by now, or waits.
        scope.take_sequence(0).await?;
        twice::refuse_accounts(scope, self.account, &self.lines).await?;
        let debit_minor = money::sum("csv", self.lines.iter().map(|line| line.base_minor.max(0)))?;
        let words = Text::fixed("Opening balances", "საწყისი ნაშთები");
        let description = words.in_language(scope.tenant().language).to_owned();
        let draft = EntryDraft::new(self.date, description, SourceKind::Opening, None, self.lines);
        let entry = ledger::post(scope, vec![draft]).await?.pop();
        let entry = entry.ok_or_else(|| Error::internal("an entry that wasn't posted"))?;
        Ok(Opened { entry, counts, debit_minor, difference_minor })
    }
}
