//! Opening balances: what a company brings from the books that it kept before, as one balanced entry.

mod file;
mod rows;

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, BillId, CompanyId, InvoiceId, SourceKind, account, bill, company, invoice, invoice_line,
    journal_entry,
};
use uuid::Uuid;

use self::file::{Kind, Row};
use crate::{
    error::{Error, Result, Text},
    finance::service::number,
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Where documents come from that were open before the books began: no entry of their own stands behind them.
pub const SOURCE: &str = "opening";

/// What an import of opening balances made.
#[derive(Debug)]
pub struct Opened {
    /// The entry.
    pub entry: journal_entry::Model,
    /// How many balances of accounts.
    pub accounts: usize,
    /// How many open invoices.
    pub invoices: usize,
    /// How many open bills.
    pub bills: usize,
    /// All debits, in the base currency.
    pub debit_minor: i64,
    /// What the file left over, debit positive, in the base currency.
    pub difference_minor: i64,
}

/// Posts a file of opening balances, dated on a day. Each open invoice and bill becomes a document of its own, and those of a
/// control account must add up to its row.
pub async fn import(scope: &TenantScope, date: NaiveDate, csv: &str) -> Result<Opened> {
    let rows = file::read(csv)?;
    let accounts = Accounts::load(scope).await?;
    let parties = Parties::load(scope).await?;
    let mut opening = Opening::new(scope, date, &accounts, &parties)?;
    for row in &rows {
        match row.kind {
            Kind::Account => opening.account(row)?,
            Kind::Invoice => opening.invoice(row)?,
            Kind::Bill => opening.bill(row)?,
            Kind::Difference => opening.takes_difference = true,
        }
    }
    opening.check_controls()?;
    let difference_minor = opening.balance()?;
    opening.write(difference_minor).await
}

/// A row's document: what both kinds have.
struct Document {
    party: CompanyId,
    number: String,
    date: NaiveDate,
    due_date: NaiveDate,
    currency: String,
    rate: i64,
    amount_minor: i64,
    base_minor: i64,
}

/// What the rows of a control account must add up to, and what they do.
struct ControlAccount {
    id: AccountId,
    code: String,
    /// The line of the account's row, and its balance: debit positive.
    row: Option<(u64, i64)>,
    /// The line of the first document.
    first: Option<u64>,
    sum: i128,
}

impl ControlAccount {
    fn of(account: &account::Model) -> Self {
        Self { id: account.id, code: account.code.clone(), row: None, first: None, sum: 0 }
    }

    fn check(&self, base: &str) -> Result<()> {
        let sum = i64::try_from(self.sum).map_err(|_| Error::invalid("csv", messages::too_large()))?;
        let (line, balance) = match (self.row, self.first) {
            (Some(row), _) => row,
            (None, Some(line)) => (line, 0),
            (None, None) => return Ok(()),
        };
        if sum == balance {
            return Ok(());
        }
        let (open, code) = (money::from_minor(sum, base), &self.code);
        let balance = self.row.map(|_| money::from_minor(balance, base).to_string());
        let message = match balance {
            Some(balance) => Text::new(
                format!("Line {line}: account {code} has {balance}, but its open documents add up to {open} {base}."),
                format!(
                    "სტრიქონი {line}: ანგარიშზე {code} არის {balance}, მისი ღია დოკუმენტების ჯამი კი {open} {base}-ია."
                ),
            ),
            None => Text::new(
                format!(
                    "Line {line}: there is no row for account {code}, whose open documents add up to {open} {base}."
                ),
                format!(
                    "სტრიქონი {line}: ანგარიშს {code} სტრიქონი არ აქვს, მისი ღია დოკუმენტების ჯამი კი {open} {base}-ია."
                ),
            ),
        };
        Err(Error::invalid("csv", message))
    }
}

/// An import under way.
struct Opening<'a> {
    scope: &'a TenantScope,
    date: NaiveDate,
    accounts: &'a Accounts,
    parties: &'a Parties,
    receivable: ControlAccount,
    payable: ControlAccount,
    count: usize,
    lines: Vec<LineDraft>,
    invoices: Vec<(InvoiceId, invoice::New)>,
    bills: Vec<(BillId, bill::New)>,
    takes_difference: bool,
}

impl<'a> Opening<'a> {
    fn new(scope: &'a TenantScope, date: NaiveDate, accounts: &'a Accounts, parties: &'a Parties) -> Result<Self> {
        Ok(Self {
            scope,
            date,
            accounts,
            parties,
            receivable: ControlAccount::of(accounts.role(AccountRole::Receivable)?),
            payable: ControlAccount::of(accounts.role(AccountRole::Payable)?),
            count: 0,
            lines: Vec::new(),
            invoices: Vec::new(),
            bills: Vec::new(),
            takes_difference: false,
        })
    }

    fn account(&mut self, row: &Row) -> Result<()> {
        let code = row.required("account")?;
        let found = self.accounts.iter().find(|account| account.code == code && account.archived_at.is_none());
        let unknown = || Text::new(format!("There is no account {code}."), format!("ანგარიში {code} არ არსებობს."));
        let account = found.ok_or_else(|| row.problem(&unknown()))?;
        let id = self.accounts.referred("csv", account.id).map_err(|error| row.problem(&error.message()))?.id;
        let (amount_minor, currency, rate, base_minor) = self.amount(row)?;
        self.count += 1;
        let control = [&mut self.receivable, &mut self.payable].into_iter().find(|control| control.id == id);
        if let Some(control) = control {
            if control.row.is_some() {
                let message = Text::new(
                    format!("Account {code} has a row already."),
                    format!("ანგარიშს {code} უკვე აქვს სტრიქონი."),
                );
                return Err(row.problem(&message));
            }
            control.row = Some((row.line, base_minor));
            return Ok(());
        }
        let party_id = row.optional("company").map(|name| self.parties.find(row, name)).transpose()?.map(|row| row.id);
        self.lines.push(LineDraft { party_id, ..LineDraft::new(id, amount_minor, &currency, rate, base_minor) });
        Ok(())
    }

    /// The amount of a row in its currency, the rate, and the amount in the base currency.
    fn amount(&self, row: &Row) -> Result<(i64, String, i64, i64)> {
        let base = self.scope.base_currency();
        let told = |error: Error| row.problem(&error.message());
        let currency = match row.optional("currency") {
            Some(code) => money::currency("currency", code).map_err(told)?,
            None => base.to_owned(),
        };
        row.required("amount")?;
        let amount = row.number("amount")?.unwrap_or_default();
        let amount_minor = money::to_minor("amount", amount, &currency).map_err(told)?;
        let rate = ledger::rate("rate", self.scope, &currency, row.number("rate")?).map_err(told)?;
        let base_minor = money::convert("amount", amount_minor, &currency, base, rate).map_err(told)?;
        Ok((amount_minor, currency, rate, base_minor))
    }

    fn document(&self, row: &Row, deals_so: impl Fn(&company::Model) -> bool) -> Result<Document> {
        let party = self.parties.find(row, row.required("company")?)?;
        if !deals_so(party) {
            let message = Text::new(
                format!("{} must be a client to have an invoice, and a supplier to have a bill.", party.name),
                format!("ინვოისი კლიენტს აქვს, მომწოდებლის ანგარიში კი მომწოდებელს: შეცვალეთ {}.", party.name),
            );
            return Err(row.problem(&message));
        }
        row.required("date")?;
        let date = row.date("date")?.unwrap_or(self.date);
        let due_date = row.date("due_date")?.unwrap_or(date);
        if date > self.date || due_date < date {
            let message = Text::new(
                format!("A document is dated {} at the latest, and due on its date at the earliest.", self.date),
                format!("დოკუმენტის თარიღი არაუგვიანეს {}-ია, ვადა კი მის თარიღზე ადრე ვერ იქნება.", self.date),
            );
            return Err(row.problem(&message));
        }
        let (amount_minor, currency, rate, base_minor) = self.amount(row)?;
        if amount_minor <= 0 {
            return Err(row.problem(&messages::positive()));
        }
        let number = text::name("number", row.required("number")?).map_err(|error| row.problem(&error.message()))?;
        Ok(Document { party: party.id, number, date, due_date, currency, rate, amount_minor, base_minor })
    }

    fn line_of(account: AccountId, item: Uuid, document: &Document, sign: i64) -> LineDraft {
        let (amount, base) = (sign * document.amount_minor, sign * document.base_minor);
        LineDraft {
            description: Some(document.number.clone()),
            party_id: Some(document.party),
            item_id: Some(item),
            ..LineDraft::new(account, amount, &document.currency, document.rate, base)
        }
    }

    fn invoice(&mut self, row: &Row) -> Result<()> {
        let document = self.document(row, |company| company.is_client)?;
        let id: InvoiceId = self.scope.env().id();
        self.receivable.first.get_or_insert(row.line);
        self.receivable.sum += i128::from(document.base_minor);
        self.lines.push(Self::line_of(self.receivable.id, id.0, &document, 1));
        self.invoices.push((id, rows::invoice_of(document)));
        Ok(())
    }

    fn bill(&mut self, row: &Row) -> Result<()> {
        let document = self.document(row, |company| company.is_supplier)?;
        let id: BillId = self.scope.env().id();
        self.payable.first.get_or_insert(row.line);
        self.payable.sum -= i128::from(document.base_minor);
        self.lines.push(Self::line_of(self.payable.id, id.0, &document, -1));
        self.bills.push((id, rows::bill_of(document)));
        Ok(())
    }

    fn check_controls(&self) -> Result<()> {
        self.receivable.check(self.scope.base_currency())?;
        self.payable.check(self.scope.base_currency())
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
            let account = self.accounts.role(AccountRole::OpeningBalance)?.id;
            self.lines.push(LineDraft::in_base(account, -difference_minor, scope.base_currency()));
        }
        let (invoices, bills) = (self.invoices.len(), self.bills.len());
        let numbers: Vec<String> = self.invoices.iter().filter_map(|(_, invoice)| invoice.number.clone()).collect();
        number::leave_out(scope, number::INVOICE, &numbers).await?;
        let income = self.accounts.role(AccountRole::Revenue)?.id;
        let lines =
            self.invoices.iter().map(|(id, row)| Ok((scope.env().id(), rows::line_of(scope, (*id, row), income)?)));
        let lines = lines.collect::<Result<_>>()?;
        scope.insert_with_ids::<invoice::Entity>(self.invoices).await?;
        scope.insert_parts::<invoice_line::Entity>(lines).await?;
        scope.insert_with_ids::<bill::Entity>(self.bills).await?;
        self.lines.retain(|line| line.base_minor != 0 || line.amount_minor != 0);
        let debit_minor = money::sum("csv", self.lines.iter().map(|line| line.base_minor.max(0)))?;
        let words = Text::fixed("Opening balances", "საწყისი ნაშთები");
        let description = words.in_language(scope.tenant().language).to_owned();
        let draft = EntryDraft::new(self.date, description, SourceKind::Opening, None, self.lines);
        let entry = ledger::post(scope, vec![draft]).await?.pop();
        let entry = entry.ok_or_else(|| Error::internal("an entry that wasn't posted"))?;
        Ok(Opened { entry, accounts: self.count, invoices, bills, debit_minor, difference_minor })
    }
}

/// The companies that rows may name: by name, tax number or short name.
struct Parties(HashMap<String, Vec<company::Model>>);

impl Parties {
    async fn load(scope: &TenantScope) -> Result<Self> {
        let mut known: HashMap<String, Vec<company::Model>> = HashMap::new();
        for row in scope.all(scope.find::<company::Entity>()).await? {
            if row.archived_at.is_some() {
                continue;
            }
            let names = [Some(row.name.clone()), row.tax_number.clone(), row.code.clone()];
            for name in names.into_iter().flatten() {
                let same = known.entry(text::sort_key(&name)).or_default();
                if same.iter().all(|other| other.id != row.id) {
                    same.push(row.clone());
                }
            }
        }
        Ok(Self(known))
    }

    fn find(&self, row: &Row, name: &str) -> Result<&company::Model> {
        let message = match self.0.get(&text::sort_key(name)).map(Vec::as_slice) {
            Some([one]) => return Ok(one),
            Some(_) => Text::new(
                format!("Several companies are called {name}; give the tax number instead."),
                format!("{name} რამდენიმე კომპანიას ჰქვია; მიუთითეთ საიდენტიფიკაციო ნომერი."),
            ),
            None => Text::new(
                format!("There is no company {name}. Make it first."),
                format!("კომპანია {name} არ არსებობს. ჯერ დაამატეთ."),
            ),
        };
        Err(row.problem(&message))
    }
}
