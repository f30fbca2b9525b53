//! The imports that stand: those that nothing took back.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, BillKind, InvoiceKind, JournalEntryId, SourceKind, TenantEntity, bill, expense, invoice,
    journal_entry, journal_line, payment,
};
use sea_orm::{
    ColumnTrait, Condition, ExprTrait as _, FromQueryResult, QueryFilter, QuerySelect, QueryTrait,
    sea_query::SelectStatement,
};
use uuid::Uuid;

use crate::{
    db::{self, PARAMETERS_MAX},
    error::{Error, Result},
    ledger::Accounts,
    money,
    tenancy::TenantScope,
};

/// How many an import brought of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Balances of accounts.
    pub accounts: usize,
    /// Invoices.
    pub invoices: usize,
    /// Credit notes to clients.
    pub credit_notes: usize,
    /// Bills.
    pub bills: usize,
    /// Credit notes of suppliers.
    pub supplier_credits: usize,
    /// Payments that settle nothing yet.
    pub payments: usize,
    /// Payments before there was an invoice or a bill.
    pub advances: usize,
    /// What employees are owed.
    pub expenses: usize,
}

/// What an import brought.
#[derive(Clone, Copy, Debug, Default)]
pub struct Brought {
    /// How many of what.
    pub counts: Counts,
    /// What it left over, debit positive, in the base currency: what it put on the account of opening balances, turned round.
    pub difference_minor: i64,
}

/// Which entries are imports that stand.
#[must_use]
pub fn condition(scope: &TenantScope) -> Condition {
    use journal_entry::Column as C;
    let taken_back = scope
        .find::<journal_entry::Entity>()
        .filter(C::SourceKind.eq(SourceKind::Opening))
        .filter(C::ReversesId.is_not_null())
        .select_only()
        .column(C::ReversesId);
    Condition::all()
        .add(C::SourceKind.eq(SourceKind::Opening))
        .add(C::ReversesId.is_null())
        .add(C::Id.not_in_subquery(taken_back.into_query()))
}

/// The import that a document came with.
pub(super) async fn import_of(scope: &TenantScope, document: Uuid) -> Result<Option<journal_entry::Model>> {
    use journal_line::Column as L;
    let lines = scope.find::<journal_line::Entity>().filter(L::ItemId.eq(document));
    let lines = lines.select_only().column(L::EntryId).into_query();
    let select = scope.find::<journal_entry::Entity>().filter(condition(scope));
    scope.first(select.filter(journal_entry::Column::Id.in_subquery(lines))).await
}

/// Which of some documents stood in the books at the end of a day: an import had brought them, and nothing had taken it back.
pub async fn standing_on(scope: &TenantScope, documents: Vec<Uuid>, at: NaiveDate) -> Result<HashSet<Uuid>> {
    #[derive(FromQueryResult)]
    struct Standing {
        item_id: Uuid,
    }
    use journal_line::Column as C;
    let imports = scope.find::<journal_entry::Entity>();
    let imports = imports.filter(journal_entry::Column::SourceKind.eq(SourceKind::Opening));
    let imports = imports.select_only().column(journal_entry::Column::Id).into_query();
    let mut standing = HashSet::new();
    for documents in documents.chunks(PARAMETERS_MAX) {
        let select = scope
            .find::<journal_line::Entity>()
            .filter(C::ItemId.is_in(documents.iter().copied()))
            .filter(C::Date.lte(at))
            .filter(C::EntryId.in_subquery(imports.clone()))
            .having(db::sum(C::AmountMinor).ne(0_i64))
            .select_only()
            .column(C::ItemId)
            .group_by(C::ItemId);
        standing.extend(scope.query::<Standing>(&select.into_query()).await?.into_iter().map(|row| row.item_id));
    }
    Ok(standing)
}

/// What some imports brought: a handful of statements, however many they are.
pub async fn brought(scope: &TenantScope, entries: &[JournalEntryId]) -> Result<HashMap<JournalEntryId, Brought>> {
    use bill::Column as B;
    use invoice::Column as I;
    use payment::Column as P;
    let of_entries = Of { scope, entries };
    let mut found = of_accounts(&of_entries).await?;
    let invoice = |kind: InvoiceKind| of_entries.documents::<invoice::Entity>(I::Id, Some(I::Kind.eq(kind)));
    let bill = |kind: BillKind| of_entries.documents::<bill::Entity>(B::Id, Some(B::Kind.eq(kind)));
    let payment = |advance: bool| of_entries.documents::<payment::Entity>(P::Id, Some(P::Advance.eq(advance)));
    let expense = of_entries.documents::<expense::Entity>(expense::Column::Id, None);
    let kinds: [(SelectStatement, CountOf); 7] = [
        (invoice(InvoiceKind::Invoice), |counts| &mut counts.invoices),
        (invoice(InvoiceKind::CreditNote), |counts| &mut counts.credit_notes),
        (bill(BillKind::Bill), |counts| &mut counts.bills),
        (bill(BillKind::CreditNote), |counts| &mut counts.supplier_credits),
        (payment(false), |counts| &mut counts.payments),
        (payment(true), |counts| &mut counts.advances),
        (expense, |counts| &mut counts.expenses),
    ];
    for (documents, count) in kinds {
        for (entry, documents) in of_entries.count(documents).await? {
            *count(&mut found.entry(entry).or_default().counts) = documents;
        }
    }
    Ok(found)
}

/// Where the number of documents of a kind is kept.
type CountOf = fn(&mut Counts) -> &mut usize;

/// Some imports.
struct Of<'a> {
    scope: &'a TenantScope,
    entries: &'a [JournalEntryId],
}

impl Of<'_> {
    fn lines(&self) -> sea_orm::Select<journal_line::Entity> {
        let of_entries = journal_line::Column::EntryId.is_in(self.entries.iter().copied());
        self.scope.find::<journal_line::Entity>().filter(of_entries)
    }

    /// The ids of documents of a kind.
    fn documents<E: TenantEntity>(&self, id: E::Column, which: Option<sea_orm::sea_query::Expr>) -> SelectStatement {
        let items = self.lines().select_only().column(journal_line::Column::ItemId).into_query();
        let of_kind = Condition::all().add_option(which).add(id.in_subquery(items));
        self.scope.find::<E>().filter(of_kind).select_only().column(id).into_query()
    }

    /// How many of some documents came with each import.
    async fn count(&self, documents: SelectStatement) -> Result<Vec<(JournalEntryId, usize)>> {
        #[derive(FromQueryResult)]
        struct Found {
            entry_id: JournalEntryId,
            documents: i64,
        }
        use journal_line::Column as C;
        let select = self
            .lines()
            .filter(C::ItemId.in_subquery(documents))
            .select_only()
            .column(C::EntryId)
            .column_as(C::Id.count(), "documents")
            .group_by(C::EntryId);
        let found = self.scope.query::<Found>(&select.into_query()).await?.into_iter();
        found.map(|row| Ok((row.entry_id, usize::try_from(row.documents).map_err(Error::internal)?))).collect()
    }
}

/// The accounts that have a balance, those of documents once, and what is left over.
async fn of_accounts(of_entries: &Of<'_>) -> Result<HashMap<JournalEntryId, Brought>> {
    #[derive(FromQueryResult)]
    struct Line {
        entry_id: JournalEntryId,
        account_id: AccountId,
        base_minor: i64,
    }
    use journal_line::Column as C;
    let accounts = Accounts::named(of_entries.scope, &[AccountRole::OpeningBalance], []).await?;
    let opening: Vec<AccountId> = accounts.iter().map(|account| account.id).collect();
    let select =
        of_entries.lines().filter(C::ItemId.is_null()).select_only().columns([C::EntryId, C::AccountId, C::BaseMinor]);
    let mut found: HashMap<JournalEntryId, Brought> = HashMap::new();
    for line in of_entries.scope.query::<Line>(&select.into_query()).await? {
        let brought = found.entry(line.entry_id).or_default();
        if opening.contains(&line.account_id) {
            brought.difference_minor = money::sum("amount", [brought.difference_minor, -line.base_minor])?;
        } else {
            brought.counts.accounts += 1;
        }
    }
    let control = of_entries.lines().filter(C::ItemId.is_not_null()).select_only();
    let control = control.columns([C::EntryId, C::AccountId]).column_as(C::BaseMinor.max(), "base_minor");
    let control = control.group_by(C::EntryId).group_by(C::AccountId).into_query();
    for line in of_entries.scope.query::<Line>(&control).await? {
        found.entry(line.entry_id).or_default().counts.accounts += 1;
    }
    Ok(found)
}
