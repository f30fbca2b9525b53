//! Entries of the journal, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, Object, Result,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, JournalEntryId, ProjectId, ServiceId,
    SourceKind as Kind, journal_entry, journal_line,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{CostCentreSplitInput, JournalLine, line::LinesOfEntry};
use crate::{
    error::Error,
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::SourceKind,
        filter::{Conditions, DateFilter, FilterOn, IdFilter, Raw, SourceKindFilter},
        list,
        loader::Batch,
        request,
    },
    identity::{Permission, schema::Member},
    ledger::{
        Dimensions,
        service::{self, ManualLine},
    },
    tenancy::{TenantScope, schema::Tenant},
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

    /// When it happened: the accounting date, unless that is later: the day was closed by then, or it was billed afterwards.
    async fn service_date(&self) -> Date {
        Date(self.0.service_date)
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

/// A line of an entry that is posted by hand.
#[derive(InputObject)]
pub(crate) struct JournalLineInput {
    /// Account.
    account_id: Id<AccountId>,
    /// Debit, in the line's currency; or else a credit.
    debit: Option<Dec>,
    /// Credit, in the line's currency; or else a debit.
    credit: Option<Dec>,
    /// The line's currency; the base currency when left out.
    currency: Option<String>,
    /// Base currency for one unit of another currency.
    rate: Option<Dec>,
    /// What the line is for.
    description: Option<String>,
    /// The client whom it's earned from or spent for.
    company_id: Option<Id<CompanyId>>,
    /// Who owes or is owed.
    party_id: Option<Id<CompanyId>>,
    /// Project.
    project_id: Option<Id<ProjectId>>,
    /// Department.
    department_id: Option<Id<DepartmentId>>,
    /// Cost centre.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Shares of several cost centres instead of one: a line is posted for each.
    #[graphql(default)]
    cost_centre_splits: Vec<CostCentreSplitInput>,
    /// The employee who worked or spent.
    employee_id: Option<Id<EmployeeId>>,
    /// The employee who sold.
    seller_id: Option<Id<EmployeeId>>,
    /// Deal.
    deal_id: Option<Id<DealId>>,
    /// Service.
    service_id: Option<Id<ServiceId>>,
}

impl From<JournalLineInput> for ManualLine {
    fn from(input: JournalLineInput) -> Self {
        Self {
            account_id: input.account_id.0,
            debit: input.debit.map(|amount| amount.0),
            credit: input.credit.map(|amount| amount.0),
            currency: input.currency,
            rate: input.rate.map(|rate| rate.0),
            description: input.description,
            party_id: input.party_id.map(|id| id.0),
            dimensions: Dimensions {
                company_id: input.company_id.map(|id| id.0),
                project_id: input.project_id.map(|id| id.0),
                department_id: input.department_id.map(|id| id.0),
                cost_centre_id: input.cost_centre_id.map(|id| id.0),
                employee_id: input.employee_id.map(|id| id.0),
                seller_id: input.seller_id.map(|id| id.0),
                deal_id: input.deal_id.map(|id| id.0),
                service_id: input.service_id.map(|id| id.0),
            },
            cost_centre_splits: input.cost_centre_splits.into_iter().map(Into::into).collect(),
        }
    }
}

/// An entry that is posted by hand.
#[derive(InputObject)]
pub(crate) struct CreateJournalEntryInput {
    /// Accounting date.
    date: Date,
    /// What happened.
    description: String,
    /// The lines: debits and credits that are equal in the base currency.
    lines: Vec<JournalLineInput>,
}

/// Which entry to take back.
#[derive(InputObject)]
pub(crate) struct ReverseJournalEntryInput {
    /// The entry.
    id: Id<JournalEntryId>,
    /// When; today when left out, or the entry's date if that is later.
    date: Option<Date>,
}

/// Up to when the books are closed.
#[derive(InputObject)]
pub(crate) struct CloseBooksInput {
    /// Nothing is posted on or before this day.
    until: Date,
}

payloads! {
    CreateJournalEntryPayload { journal_entry: JournalEntry },
    ReverseJournalEntryPayload { journal_entry: JournalEntry },
    CloseBooksPayload { tenant: Tenant },
}

/// Posting by hand.
#[derive(Default)]
pub(crate) struct JournalMutation;

#[Object]
impl JournalMutation {
    /// Posts an entry.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_journal_entry(
        &self,
        ctx: &Context<'_>,
        input: CreateJournalEntryInput,
    ) -> Result<CreateJournalEntryPayload> {
        let scope = request(ctx).write().await?;
        let lines = input.lines.into_iter().map(Into::into).collect();
        let entry = service::create_entry(&scope, input.date.0, &input.description, lines).await?;
        request(ctx).commit(scope).await?;
        Ok(entry.into())
    }

    /// Takes an entry back that was posted by hand, by one that is its contrary.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_journal_entry(
        &self,
        ctx: &Context<'_>,
        input: ReverseJournalEntryInput,
    ) -> Result<ReverseJournalEntryPayload> {
        let scope = request(ctx).write().await?;
        let entry = service::reverse_manual_entry(&scope, input.id.0, input.date.map(|date| date.0)).await?;
        request(ctx).commit(scope).await?;
        Ok(entry.into())
    }

    /// Closes the books up to a day. An earlier day than before reopens what lies between.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn close_books(&self, ctx: &Context<'_>, input: CloseBooksInput) -> Result<CloseBooksPayload> {
        let scope = request(ctx).write().await?;
        service::close_books(&scope, input.until.0).await?;
        let tenant = scope.tenant().clone();
        request(ctx).commit(scope).await?;
        Ok(Tenant::from(tenant).into())
    }
}
