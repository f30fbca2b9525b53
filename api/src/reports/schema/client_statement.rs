//! What happened on a client's account.

use async_graphql::{Object, SimpleObject};
use chrono::NaiveDate;
use kamara_entities::{company, journal_entry};

use super::amount;
use crate::{
    companies::schema::Company,
    finance::{
        schema::{Invoice, Payment},
        service::client_statement::{self as rules, ClientPart, ClientRow},
    },
    graphql::{Date, Dec, enums::SourceKind},
    ledger::schema::JournalEntry,
    tenancy::TenantScope,
};

/// One entry's effect on what a client owes.
#[derive(Clone)]
pub(crate) struct ClientStatementRow {
    row: ClientRow,
    currency: String,
}

impl ClientStatementRow {
    fn amount(&self, minor: i64) -> Dec {
        amount(minor, &self.currency)
    }
}

#[Object]
impl ClientStatementRow {
    /// When.
    async fn date(&self) -> Date {
        Date(self.row.entry.date)
    }

    /// What kind of document it comes from.
    async fn kind(&self) -> SourceKind {
        self.row.entry.source_kind.into()
    }

    /// Whether it comes from a credit note.
    async fn is_credit_note(&self) -> bool {
        self.row.is_credit_note()
    }

    /// Whether it takes back what was told before.
    async fn reverses(&self) -> bool {
        self.row.entry.reverses_id.is_some()
    }

    /// Number of the invoice, or the payment's reference.
    async fn number(&self) -> Option<&str> {
        self.row.number.as_deref()
    }

    /// What the ledger says of it.
    async fn description(&self) -> &str {
        &self.row.entry.description
    }

    /// Owed more.
    async fn debit(&self) -> Dec {
        self.amount(self.row.debit_minor())
    }

    /// Owed less: paid, credited, written off.
    async fn credit(&self) -> Dec {
        self.amount(self.row.credit_minor())
    }

    /// What is owed after it; negative where it's in the client's favour.
    async fn balance(&self) -> Dec {
        self.amount(self.row.balance_minor)
    }

    /// The invoice or credit note that it comes from, or that it settles.
    async fn invoice(&self) -> Option<Invoice> {
        self.row.invoice.clone().map(Invoice)
    }

    /// The payment that it comes from, or whose rest it writes off.
    async fn payment(&self) -> Option<Payment> {
        self.row.payment.clone().map(Payment)
    }

    /// The entry.
    async fn journal_entry(&self) -> JournalEntry {
        let entry: journal_entry::Model = self.row.entry.clone();
        JournalEntry(entry)
    }
}

/// What happened in one currency, in which all of its amounts are.
pub(crate) struct ClientStatementPart {
    part: ClientPart,
    base_currency: String,
}

impl ClientStatementPart {
    fn amount(&self, minor: i64) -> Dec {
        amount(minor, &self.part.currency)
    }
}

#[Object]
impl ClientStatementPart {
    /// The currency.
    async fn currency(&self) -> &str {
        &self.part.currency
    }

    /// What was owed before the first day; negative where it's in the client's favour.
    async fn opening(&self) -> Dec {
        self.amount(self.part.opening_minor)
    }

    /// What happened, in the order of days and of the ledger.
    #[graphql(complexity = "1 + 5 * child_complexity")]
    async fn rows(&self) -> Vec<ClientStatementRow> {
        let row = |row: &ClientRow| ClientStatementRow { row: row.clone(), currency: self.part.currency.clone() };
        self.part.rows.iter().map(row).collect()
    }

    /// What was billed.
    async fn debit(&self) -> Dec {
        self.amount(self.part.debit_minor)
    }

    /// What was paid, credited or written off.
    async fn credit(&self) -> Dec {
        self.amount(self.part.credit_minor)
    }

    /// What is owed after the last day; negative where it's in the client's favour.
    async fn closing(&self) -> Dec {
        self.amount(self.part.closing_minor)
    }

    /// The same in the currency of the books: all parts add up to what the receivables have of the client.
    async fn closing_in_base(&self) -> Dec {
        amount(self.part.closing_base_minor, &self.base_currency)
    }

    /// What was paid in advance and isn't used after the last day, tax included; it isn't on the receivables.
    async fn advances(&self) -> Dec {
        self.amount(self.part.advances_minor)
    }
}

/// What happened on a client's account, from the lines of the receivables that name the client.
#[derive(SimpleObject)]
pub(crate) struct ClientStatement {
    /// The client.
    company: Company,
    /// First day.
    from: Date,
    /// Last day.
    to: Date,
    /// Where its PDF is got from, in the client's language.
    pdf_url: String,
    /// A part for each currency, in the order of their codes.
    parts: Vec<ClientStatementPart>,
}

impl ClientStatement {
    pub(super) fn new(scope: &TenantScope, told: rules::ClientStatement, from: NaiveDate, to: NaiveDate) -> Self {
        let company: company::Model = told.company;
        let part = |part| ClientStatementPart { part, base_currency: scope.base_currency().to_owned() };
        Self {
            pdf_url: format!("/documents/statements/{}.pdf?from={from}&to={to}", company.id),
            company: Company(company),
            from: Date(from),
            to: Date(to),
            parts: told.parts.into_iter().map(part).collect(),
        }
    }
}
