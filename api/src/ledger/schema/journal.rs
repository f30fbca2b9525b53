//! Entries of the journal, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, Object, Result,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{JournalEntryId, SourceKind as Kind, journal_entry, journal_line};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{JournalLine, line::LinesOfEntry};
use crate::{
    error::Error,
    graphql::{
        Can, Date, Id, Listed, Loading, Money, Paging, complexity,
        enums::SourceKind,
        filter::{Conditions, DateFilter, FilterOn, IdFilter, Raw, SourceKindFilter},
        list,
        loader::Batch,
        request,
    },
    identity::{Permission, schema::Member},
    tenancy::TenantScope,
};

shown! {
    /// A balanced entry of the journal. It's never changed; what was wrong is reversed.
    JournalEntry(journal_entry),
}

impl JournalEntry {
    /// What a document posted, reversals aside; loaded for all documents that are asked for at once.
    pub(crate) async fn of_source(ctx: &Context<'_>, kind: Kind, source: Uuid) -> Result<Option<Self>> {
        let key = OfSource { kind, source };
        Ok(ctx.data::<DataLoader<Batch>>()?.load_one(key).await?.map(Self))
    }

    /// All that a document posted, and what took that back, in their order; loaded in the same way.
    pub(crate) async fn all_of_source(ctx: &Context<'_>, kind: Kind, source: Uuid) -> Result<Vec<Self>> {
        let key = AllOfSource(OfSource { kind, source });
        let rows = ctx.data::<DataLoader<Batch>>()?.load_one(key).await?;
        Ok(rows.unwrap_or_default().into_iter().map(Self).collect())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct OfSource {
    kind: Kind,
    source: Uuid,
}

impl OfSource {
    fn of(row: &journal_entry::Model) -> Option<Self> {
        Some(Self { kind: row.source_kind, source: row.source_id? })
    }
}

/// The entries of some documents. The index begins with the kind.
fn of_sources(
    scope: &TenantScope,
    keys: impl Iterator<Item = OfSource> + Clone,
) -> sea_orm::Select<journal_entry::Entity> {
    use journal_entry::Column as C;
    let kinds: std::collections::HashSet<Kind> = keys.clone().map(|key| key.kind).collect();
    scope
        .find::<journal_entry::Entity>()
        .filter(C::SourceKind.is_in(kinds))
        .filter(C::SourceId.is_in(keys.map(|key| key.source)))
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AllOfSource(OfSource);

impl Loader<AllOfSource> for Batch {
    type Value = Vec<journal_entry::Model>;
    type Error = Error;

    async fn load(
        &self,
        keys: &[AllOfSource],
    ) -> std::result::Result<HashMap<AllOfSource, Vec<journal_entry::Model>>, Error> {
        let scope = self.scope().await?;
        let select = of_sources(&scope, keys.iter().map(|key| key.0)).order_by_asc(journal_entry::Column::Seq);
        let mut found: HashMap<AllOfSource, Vec<journal_entry::Model>> = HashMap::new();
        for row in scope.all(select).await? {
            if let Some(key) = OfSource::of(&row) {
                found.entry(AllOfSource(key)).or_default().push(row);
            }
        }
        Ok(found)
    }
}

impl Loader<OfSource> for Batch {
    type Value = journal_entry::Model;
    type Error = Error;

    async fn load(&self, keys: &[OfSource]) -> std::result::Result<HashMap<OfSource, journal_entry::Model>, Error> {
        let scope = self.scope().await?;
        let select = of_sources(&scope, keys.iter().copied()).filter(journal_entry::Column::ReversesId.is_null());
        let keyed = |row: journal_entry::Model| Some((OfSource::of(&row)?, row));
        Ok(scope.all(select).await?.into_iter().filter_map(keyed).collect())
    }
}

/// The entry that takes another back.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct ReversalOf(JournalEntryId);

impl Loader<ReversalOf> for Batch {
    type Value = journal_entry::Model;
    type Error = Error;

    async fn load(&self, keys: &[ReversalOf]) -> std::result::Result<HashMap<ReversalOf, journal_entry::Model>, Error> {
        let scope = self.scope().await?;
        let condition = journal_entry::Column::ReversesId.is_in(keys.iter().map(|key| key.0));
        let rows = scope.all(scope.find::<journal_entry::Entity>().filter(condition)).await?;
        Ok(rows.into_iter().filter_map(|row| Some((ReversalOf(row.reverses_id?), row))).collect())
    }
}

#[Object]
impl JournalEntry {
    /// Id.
    async fn id(&self) -> Id<JournalEntryId> {
        Id(self.0.id)
    }

    /// Number within the tenant, without gaps.
    async fn seq(&self) -> i64 {
        self.0.seq
    }

    /// Accounting date.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// When it happened: before the accounting date, where that was closed already, where it was billed afterwards, or where this takes
    /// something back.
    async fn service_date(&self) -> Date {
        Date(self.0.service_date)
    }

    /// Whether it closes a fiscal year, or takes that back.
    async fn closing(&self) -> bool {
        self.0.closing
    }

    /// What happened.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// What kind of document it comes from.
    async fn source_kind(&self) -> SourceKind {
        self.0.source_kind.into()
    }

    /// Which document.
    async fn source_id(&self) -> Option<Id<Raw>> {
        self.0.source_id.map(|id| Id(Raw(id)))
    }

    /// The entry that this one takes back.
    async fn reverses(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<journal_entry::Entity>(self.0.reverses_id).await?.map(Self))
    }

    /// The entry that takes this one back.
    async fn reversed_by(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.data::<DataLoader<Batch>>()?.load_one(ReversalOf(self.0.id)).await?.map(Self))
    }

    /// Its lines, in their order.
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<JournalLine>> {
        Ok(ctx.all_of::<LinesOfEntry>(self.0.id.0).await?.into_iter().map(JournalLine).collect())
    }

    /// The sum of its debits, in the base currency.
    async fn total(&self, ctx: &Context<'_>) -> Result<Money> {
        let lines = ctx.all_of::<LinesOfEntry>(self.0.id.0).await?;
        let debits = lines.iter().map(|line| line.base_minor.max(0)).sum();
        Ok(Money::new(debits, request(ctx).read().await?.base_currency()))
    }

    /// When it was posted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who posted it; nobody, when an import did.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }
}

ordering! {
    /// What entries are sorted by.
    JournalEntryOrder, JournalEntryOrderField of journal_entry, default Seq Desc,
    {
        /// By number.
        Seq => Seq,
        /// By accounting date.
        Date => Date,
    }
}

/// Which entries.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct JournalEntryFilter {
    /// Accounting date.
    date: Option<DateFilter>,
    /// What they come from.
    source_kind: Option<SourceKindFilter>,
    /// Which document they come from.
    source_id: Option<IdFilter>,
    /// An account that one of their lines is on.
    account_id: Option<IdFilter>,
}

/// Asking for entries.
#[derive(Default)]
pub(crate) struct JournalQuery;

#[Object]
impl JournalQuery {
    /// The journal.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn journal_entries(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: JournalEntryFilter,
        order_by: Option<JournalEntryOrder>,
    ) -> Result<Listed<JournalEntry>> {
        use journal_entry::Column as C;
        let scope = request(ctx).read().await?;
        let with_line = filter.account_id.map(|account| {
            let lines = scope.find::<journal_line::Entity>().filter(account.condition(journal_line::Column::AccountId));
            let lines = lines.select_only().column(journal_line::Column::EntryId).into_query();
            Condition::all().add(C::Id.in_subquery(lines))
        });
        let condition = Conditions::new()
            .on(C::Date, filter.date)
            .on(C::SourceKind, filter.source_kind)
            .on(C::SourceId, filter.source_id)
            .and(with_line);
        drop(scope);
        let order = JournalEntryOrder::or_default(order_by);
        list::<journal_entry::Entity, _>(ctx, Paging { first, after }, condition.all(), order).await
    }

    /// An entry of the journal.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn journal_entry(&self, ctx: &Context<'_>, id: Id<JournalEntryId>) -> Result<JournalEntry> {
        Ok(JournalEntry(request(ctx).read().await?.require::<journal_entry::Entity>(id.0).await?))
    }
}
