//! What happened on a client's account: the lines of the receivables that name the client, as a client reads them. Each
//! currency is told for itself; the sum of their balances in the base currency is what the control account has.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountRole, CompanyId, InvoiceId, InvoiceKind, JournalEntryId, PaymentDirection, PaymentId, SourceKind, SubLedger,
    company, invoice, journal_entry, journal_line, payment, payment_allocation,
};
use sea_orm::{ColumnTrait, Condition, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::opening;
use crate::{
    db,
    error::{Error, Result, Text},
    ledger::Accounts,
    messages, money,
    tenancy::TenantScope,
};

/// The most lines of the ledger that a statement is made of.
const LINES_MAX: usize = 10_000;

/// What happened on a client's account from one day to another, both included.
#[derive(Clone, Debug)]
pub struct ClientStatement {
    /// The client.
    pub company: company::Model,
    /// A part for each currency in which something is or was owed, in the order of their codes.
    pub parts: Vec<ClientPart>,
}

/// What happened in one currency.
#[derive(Clone, Debug, Default)]
pub struct ClientPart {
    /// ISO 4217 code of all its amounts.
    pub currency: String,
    /// What was owed before the first day.
    pub opening_minor: i64,
    /// What happened, in the order of days and of the ledger.
    pub rows: Vec<ClientRow>,
    /// The sum of what was billed.
    pub debit_minor: i64,
    /// The sum of what was paid, credited or written off.
    pub credit_minor: i64,
    /// What is owed after the last day.
    pub closing_minor: i64,
    /// The same in the base currency, as the ledger has it.
    pub closing_base_minor: i64,
    /// What was paid in advance and isn't used after the last day: owed to the client, and not on the receivables.
    pub advances_minor: i64,
}

/// One entry's effect on what is owed.
#[derive(Clone, Debug)]
pub struct ClientRow {
    /// The entry.
    pub entry: journal_entry::Model,
    /// The invoice or credit note that it comes from, or that it settles.
    pub invoice: Option<invoice::Model>,
    /// The payment that it comes from, or whose rest it writes off.
    pub payment: Option<payment::Model>,
    /// What a person knows its document by.
    pub number: Option<String>,
    /// Owed more, or, negative, less.
    pub amount_minor: i64,
    /// What is owed after it.
    pub balance_minor: i64,
}

impl ClientRow {
    /// What is owed more.
    #[must_use]
    pub fn debit_minor(&self) -> i64 {
        self.amount_minor.max(0)
    }

    /// What is owed less.
    #[must_use]
    pub fn credit_minor(&self) -> i64 {
        (-self.amount_minor).max(0)
    }

    fn documents(&self) -> (Option<InvoiceId>, Option<PaymentId>) {
        (self.invoice.as_ref().map(|invoice| invoice.id), self.payment.as_ref().map(|payment| payment.id))
    }

    /// Whether it comes from a credit note.
    #[must_use]
    pub fn is_credit_note(&self) -> bool {
        self.invoice.as_ref().is_some_and(|invoice| invoice.kind == InvoiceKind::CreditNote)
    }
}

/// What happened on a client's account.
pub async fn client_statement(
    scope: &TenantScope,
    company: CompanyId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<ClientStatement> {
    use journal_line::Column as C;
    if from > to {
        return Err(Error::invalid("from", messages::from_after_to()));
    }
    let company = scope.referred::<company::Entity>("companyId", company).await?;
    let accounts = Accounts::load(scope).await?;
    let receivables: Vec<_> =
        accounts.iter().filter(|row| row.role == Some(AccountRole::Receivable)).map(|row| row.id).collect();
    let owed = || {
        let of_client = scope.find::<journal_line::Entity>().filter(C::PartyId.eq(company.id));
        of_client.filter(C::AccountId.is_in(receivables.clone()))
    };
    let mut parts = openings(scope, owed().filter(C::Date.lt(from))).await?;
    let moved = owed().filter(C::Date.between(from, to));
    let moved = moved.order_by_asc(C::Date).order_by_asc(C::Seq).order_by_asc(C::Position);
    let lines = scope.all(moved.limit(LINES_MAX as u64 + 1)).await?;
    if lines.len() > LINES_MAX {
        return Err(Error::invalid(
            "from",
            Text::fixed(
                "A statement has at most 10,000 movements: choose fewer days.",
                "ამონაწერში არაუმეტეს 10 000 ოპერაციაა: აირჩიეთ ნაკლები დღე.",
            ),
        ));
    }
    let sources = Sources::load(scope, &lines).await?;
    for line in &lines {
        part(&mut parts, &line.currency).add(line, &sources)?;
    }
    for (currency, left) in advances(scope, company.id, to).await? {
        part(&mut parts, &currency).advances_minor = left;
    }
    let parts = parts.into_values().map(ClientPart::finished).collect::<Result<Vec<_>>>()?;
    Ok(ClientStatement { company, parts: parts.into_iter().filter(ClientPart::says_something).collect() })
}

type Parts = BTreeMap<String, ClientPart>;

fn part<'a>(parts: &'a mut Parts, currency: &str) -> &'a mut ClientPart {
    parts
        .entry(currency.to_owned())
        .or_insert_with(|| ClientPart { currency: currency.to_owned(), ..ClientPart::default() })
}

/// What was owed before the first day, by currency.
async fn openings(scope: &TenantScope, before: Select<journal_line::Entity>) -> Result<Parts> {
    #[derive(FromQueryResult)]
    struct Sum {
        currency: String,
        amount_minor: i64,
        base_minor: i64,
    }
    use journal_line::Column as C;
    let select = before
        .select_only()
        .column(C::Currency)
        .column_as(db::sum(C::AmountMinor), "amount_minor")
        .column_as(db::sum(C::BaseMinor), "base_minor")
        .group_by(C::Currency);
    let mut parts = Parts::new();
    for sum in scope.query::<Sum>(&select.into_query()).await? {
        let part = part(&mut parts, &sum.currency);
        part.opening_minor = sum.amount_minor;
        part.closing_base_minor = sum.base_minor;
    }
    Ok(parts)
}

impl ClientPart {
    /// Counts a line. Those of one entry are one row; of opening balances each document has its own.
    fn add(&mut self, line: &journal_line::Model, sources: &Sources) -> Result<()> {
        self.closing_base_minor = money::sum("amount", [self.closing_base_minor, line.base_minor])?;
        let row = sources.row(line)?;
        let is_same = |last: &ClientRow| {
            let same_document = last.documents() == row.documents();
            last.entry.id == row.entry.id && (same_document || row.entry.source_kind != SourceKind::Opening)
        };
        match self.rows.last_mut().filter(|last| is_same(last)) {
            Some(last) => last.amount_minor = money::sum("amount", [last.amount_minor, line.amount_minor])?,
            None => self.rows.push(row),
        }
        Ok(())
    }

    /// With its sums and balances. What moves between documents of the client changes nothing that is owed, and is left out;
    /// so is what changes the amount in the base currency alone.
    fn finished(mut self) -> Result<Self> {
        self.rows.retain(|row| row.amount_minor != 0);
        let mut balance = self.opening_minor;
        for row in &mut self.rows {
            balance = money::sum("amount", [balance, row.amount_minor])?;
            row.balance_minor = balance;
        }
        self.debit_minor = money::sum("amount", self.rows.iter().map(ClientRow::debit_minor))?;
        self.credit_minor = money::sum("amount", self.rows.iter().map(ClientRow::credit_minor))?;
        self.closing_minor = balance;
        Ok(self)
    }

    fn says_something(&self) -> bool {
        let sums = [self.opening_minor, self.closing_minor, self.closing_base_minor, self.advances_minor];
        !self.rows.is_empty() || sums.iter().any(|sum| *sum != 0)
    }
}

/// The entries of lines, and the documents that they come from.
struct Sources {
    entries: HashMap<JournalEntryId, journal_entry::Model>,
    invoices: HashMap<InvoiceId, invoice::Model>,
    payments: HashMap<PaymentId, payment::Model>,
}

impl Sources {
    async fn load(scope: &TenantScope, lines: &[journal_line::Model]) -> Result<Self> {
        let entries: HashSet<_> = lines.iter().map(|line| line.entry_id).collect();
        let entries = scope.by_ids::<journal_entry::Entity>(entries).await?;
        let of = |kind| move |entry: &&journal_entry::Model| entry.source_kind == kind;
        let sources = |kind| entries.values().filter(of(kind)).filter_map(|entry| entry.source_id);
        let items = lines.iter().filter_map(|line| line.item_id);
        // What stands apart from an entry of its own: written off later, or open before the books began.
        let apart = |line: &&journal_line::Model| {
            let kind = entries.get(&line.entry_id).map(|entry| entry.source_kind);
            matches!(kind, Some(SourceKind::WriteOff | SourceKind::Opening))
        };
        let rests = lines.iter().filter(apart).filter_map(|line| line.item_id);
        let invoices: HashSet<_> = items.chain(sources(SourceKind::Invoice)).map(InvoiceId).collect();
        let payments: HashSet<_> = rests.chain(sources(SourceKind::Payment)).map(PaymentId).collect();
        Ok(Self {
            invoices: scope.by_ids::<invoice::Entity>(invoices).await?,
            payments: scope.by_ids::<payment::Entity>(payments).await?,
            entries,
        })
    }

    fn row(&self, line: &journal_line::Model) -> Result<ClientRow> {
        let entry = self.entries.get(&line.entry_id).cloned();
        let entry = entry.ok_or_else(|| Error::internal("a line without an entry"))?;
        let invoice = |id: Option<Uuid>| self.invoices.get(&InvoiceId(id?)).cloned();
        let payment = |id: Option<Uuid>| self.payments.get(&PaymentId(id?)).cloned();
        let (invoice, payment) = match entry.source_kind {
            SourceKind::Invoice => (invoice(entry.source_id), None),
            SourceKind::Payment => (None, payment(entry.source_id)),
            SourceKind::WriteOff | SourceKind::Opening => (invoice(line.item_id), payment(line.item_id)),
            _ => (invoice(line.item_id), None),
        };
        let number = invoice.as_ref().and_then(|invoice| invoice.number.clone());
        let reference = payment.as_ref().and_then(|payment| payment.reference.clone());
        let number = number.or(reference);
        Ok(ClientRow { entry, invoice, payment, number, amount_minor: line.amount_minor, balance_minor: 0 })
    }
}

/// What a client paid in advance and isn't used at the end of a day, by currency, tax included: on the ledger the tax of an
/// advance isn't owed to the client any more, but to the state.
async fn advances(scope: &TenantScope, company: CompanyId, at: NaiveDate) -> Result<BTreeMap<String, i64>> {
    use payment::Column as P;
    use payment_allocation::Column as A;
    let select = scope
        .find::<payment::Entity>()
        .filter(P::CompanyId.eq(company))
        .filter(P::Advance.eq(true))
        .filter(P::Direction.eq(PaymentDirection::In))
        .filter(P::SubLedger.eq(SubLedger::Receivable))
        .filter(P::Date.lte(at));
    let paid = scope.all(select).await?;
    let mut left = BTreeMap::new();
    if paid.is_empty() {
        return Ok(left);
    }
    let ids: Vec<PaymentId> = paid.iter().map(|payment| payment.id).collect();
    let of_them = Condition::any().add(A::PaymentId.is_in(ids.clone())).add(A::RefundedId.is_in(ids.clone()));
    let used = scope.all(scope.find::<payment_allocation::Entity>().filter(of_them).filter(A::Date.lte(at))).await?;
    let taken_back = taken_back(scope, &ids, at).await?;
    let is_opening = |payment: &&payment::Model| payment.source.as_deref() == Some(opening::SOURCE);
    let openings = paid.iter().filter(is_opening).map(|payment| payment.id.0).collect();
    let openings = opening::standing_on(scope, openings, at).await?;
    let stands = |payment: &&payment::Model| {
        if is_opening(payment) { openings.contains(&payment.id.0) } else { !taken_back.contains(&payment.id.0) }
    };
    for payment in paid.iter().filter(stands) {
        let used = used.iter().map(|part| match (part.payment_id, part.refunded_id) {
            (Some(id), _) if id == payment.id => -part.source_minor,
            (_, Some(id)) if id == payment.id => -part.amount_minor,
            _ => 0,
        });
        let sum: &mut i64 = left.entry(payment.currency.clone()).or_default();
        *sum = money::sum("amount", used.chain([payment.amount_minor, *sum]))?;
    }
    Ok(left)
}

/// Which of some payments were reversed by the end of a day.
async fn taken_back(scope: &TenantScope, payments: &[PaymentId], at: NaiveDate) -> Result<HashSet<Uuid>> {
    use journal_entry::Column as C;
    let select = scope
        .find::<journal_entry::Entity>()
        .filter(C::SourceKind.eq(SourceKind::Payment))
        .filter(C::SourceId.is_in(payments.iter().map(|id| id.0)))
        .filter(C::ReversesId.is_not_null())
        .filter(C::Date.lte(at));
    Ok(scope.all(select).await?.into_iter().filter_map(|entry| entry.source_id).collect())
}
