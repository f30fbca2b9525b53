//! Opening balances, as the API takes them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, Object, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{JournalEntryId, journal_entry};

use crate::{
    error::Error,
    finance::service::opening::{self, Brought, Counts},
    graphql::{Can, Date, Id, Listed, Money, Paging, complexity, list, loader::Batch, request},
    identity::{Permission, schema::Member},
    ledger::schema::JournalEntry,
    tenancy::{Direction, Order},
};

/// How many of what an import brought.
#[derive(SimpleObject)]
pub(crate) struct OpeningCounts {
    /// How many balances of accounts.
    accounts: usize,
    /// How many open invoices.
    invoices: usize,
    /// How many open credit notes to clients.
    credit_notes: usize,
    /// How many open bills.
    bills: usize,
    /// How many open credit notes of suppliers.
    supplier_credits: usize,
    /// How many payments that settle nothing yet.
    payments: usize,
    /// How many advances: of clients, and to suppliers.
    advances: usize,
    /// How many of what employees are owed.
    expenses: usize,
}

impl From<Counts> for OpeningCounts {
    fn from(counts: Counts) -> Self {
        Self {
            accounts: counts.accounts,
            invoices: counts.invoices,
            credit_notes: counts.credit_notes,
            bills: counts.bills,
            supplier_credits: counts.supplier_credits,
            payments: counts.payments,
            advances: counts.advances,
            expenses: counts.expenses,
        }
    }
}

shown! {
    /// An import of opening balances that stands.
    OpeningImport(journal_entry),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct OfImport(JournalEntryId);

impl Loader<OfImport> for Batch {
    type Value = Brought;
    type Error = Error;

    async fn load(&self, keys: &[OfImport]) -> std::result::Result<HashMap<OfImport, Brought>, Error> {
        let entries: Vec<JournalEntryId> = keys.iter().map(|key| key.0).collect();
        let brought = opening::brought(&*self.scope().await?, &entries).await?;
        Ok(brought.into_iter().map(|(entry, brought)| (OfImport(entry), brought)).collect())
    }
}

impl OpeningImport {
    async fn brought(&self, ctx: &Context<'_>) -> Result<Brought> {
        let loaded = ctx.data::<DataLoader<Batch>>()?.load_one(OfImport(self.0.id)).await?;
        Ok(loaded.unwrap_or_default())
    }
}

#[Object]
impl OpeningImport {
    /// Id of its entry.
    async fn id(&self) -> Id<JournalEntryId> {
        Id(self.0.id)
    }

    /// The entry.
    async fn journal_entry(&self) -> JournalEntry {
        JournalEntry(self.0.clone())
    }

    /// The day whose end the balances are of.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// How many of what it brought.
    async fn counts(&self, ctx: &Context<'_>) -> Result<OpeningCounts> {
        Ok(self.brought(ctx).await?.counts.into())
    }

    /// What went to the account of opening balances: debit less credit of the other rows.
    async fn difference(&self, ctx: &Context<'_>) -> Result<Money> {
        let minor = self.brought(ctx).await?.difference_minor;
        Ok(Money::new(minor, request(ctx).read().await?.base_currency()))
    }

    /// When it was imported.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who imported it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }
}

/// Asking what was brought from elsewhere.
#[derive(Default)]
pub(crate) struct OpeningQuery;

#[Object]
impl OpeningQuery {
    /// Imports of opening balances that stand, the newest first; those that were taken back are left out.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn opening_imports(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Listed<OpeningImport>> {
        let condition = opening::condition(&*request(ctx).read().await?);
        let order = Order { column: journal_entry::Column::Seq, direction: Direction::Desc };
        list::<journal_entry::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }
}

/// Opening balances.
#[derive(InputObject)]
pub(crate) struct ImportOpeningBalancesInput {
    /// The day whose end the balances are of.
    date: Date,
    /// A table with a header, at most 5 MB: columns kind, account, company, employee, number, date, `due_date`, currency, rate,
    /// `tax_code`, amount.
    ///
    /// Rows of kind "account" have the account's code and its balance, debit positive. All others are documents, each with its
    /// own number, date, and what is open of it: always more than zero. "invoice", "`credit_note`", "payment" (which settles
    /// nothing yet) and "advance" are a client's; "bill", "`supplier_credit`", "`supplier_payment`" and "`supplier_advance`" a
    /// supplier's, each by name, tax number or short name; "expense" (what is owed) and "`employee_payment`" an employee's, by
    /// name, e-mail address or number. The documents of a control account add up to its row.
    ///
    /// The tax of an advance was declared in the old books: with its `tax_code`, the amount holds the tax, only the rest stands
    /// on the account of advances, and the tax is taken off the final invoice's. Without one, all of it stands there.
    ///
    /// A row of kind "difference" lets what the rows leave over go to the account of opening balances.
    csv: String,
    /// Only checks the file, and writes nothing.
    #[graphql(default)]
    dry_run: bool,
}

/// What the file had in it.
#[derive(SimpleObject)]
pub(crate) struct ImportOpeningBalancesPayload {
    /// The entry; none when the file was only checked.
    journal_entry: Option<JournalEntry>,
    /// How many of what.
    #[graphql(flatten)]
    counts: OpeningCounts,
    /// All debits.
    total: Money,
    /// Debit less credit of the rows: what went to the account of opening balances.
    difference: Money,
}

/// Which import is taken back, and why.
#[derive(InputObject)]
pub(crate) struct ReverseOpeningBalancesInput {
    /// The import's entry.
    entry_id: Id<JournalEntryId>,
    /// When; the day of the balances unless said, so that the books are as they were before.
    date: Option<Date>,
    /// Why; the entry tells it.
    reason: String,
}

/// What was taken back.
#[derive(SimpleObject)]
pub(crate) struct ReverseOpeningBalancesPayload {
    /// The entry that takes the import's back.
    journal_entry: JournalEntry,
    /// How many documents are void.
    documents: usize,
}

/// Bringing the books from elsewhere.
#[derive(Default)]
pub(crate) struct OpeningMutation;

#[Object]
impl OpeningMutation {
    /// Posts opening balances as one entry, with each open document on its own. Balances of accounts come once: to bring others,
    /// take the import back first. Documents that were forgotten may come later.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn import_opening_balances(
        &self,
        ctx: &Context<'_>,
        input: ImportOpeningBalancesInput,
    ) -> Result<ImportOpeningBalancesPayload> {
        let scope = request(ctx).write().await?;
        let opened = opening::import(&scope, input.date.0, &input.csv).await.map_err(of_file)?;
        let base = scope.base_currency().to_owned();
        let mut payload = ImportOpeningBalancesPayload {
            journal_entry: None,
            counts: opened.counts.into(),
            total: Money::new(opened.debit_minor, &base),
            difference: Money::new(opened.difference_minor, &base),
        };
        // A check writes all and keeps nothing: what it tells is what an import does.
        if !input.dry_run {
            request(ctx).commit(scope).await?;
            payload.journal_entry = Some(JournalEntry(opened.entry));
        }
        Ok(payload)
    }

    /// Takes an import of opening balances back as a whole: its entry is reversed and its documents are void. Refused where any
    /// of them was settled, credited or declared since. The same file may come again then.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_opening_balances(
        &self,
        ctx: &Context<'_>,
        input: ReverseOpeningBalancesInput,
    ) -> Result<ReverseOpeningBalancesPayload> {
        let scope = request(ctx).write().await?;
        let date = input.date.map(|date| date.0);
        let done = opening::take_back(&scope, input.entry_id.0, date, &input.reason).await?;
        request(ctx).commit(scope).await?;
        Ok(ReverseOpeningBalancesPayload { journal_entry: JournalEntry(done.entry), documents: done.documents })
    }
}

/// What a constraint says of a row is the file's.
fn of_file(error: Error) -> Error {
    match error.field() {
        Some("csv" | "date") | None => error,
        Some(_) => Error::invalid("csv", error.message()),
    }
}
