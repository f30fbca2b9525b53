//! What rules that spread overhead did, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{AllocationRuleId, AllocationRunId, SourceKind, allocation_rule, allocation_run};

use super::AllocationRule;
use crate::{
    finance::service::overhead as rules,
    graphql::{
        Can, Date, Id, Listed, Loading, Money, Paging, complexity,
        enums::PostingStatus,
        filter::{Conditions, DateFilter, IdFilter, PostingStatusFilter},
        list, request,
    },
    identity::{Permission, schema::Member},
    ledger::schema::JournalEntry,
};

shown! {
    /// A rule applied to a period.
    AllocationRun(allocation_run),
}

#[Object]
impl AllocationRun {
    /// Id.
    async fn id(&self) -> Id<AllocationRunId> {
        Id(self.0.id)
    }

    /// The rule.
    async fn rule(&self, ctx: &Context<'_>) -> Result<AllocationRule> {
        Ok(AllocationRule(ctx.row::<allocation_rule::Entity>(self.0.rule_id).await?))
    }

    /// First day of the costs that were spread.
    async fn from(&self) -> Date {
        Date(self.0.from_date)
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.to_date)
    }

    /// Whether it stands, or is taken back by itself or by a later run.
    async fn status(&self) -> PostingStatus {
        self.0.status.into()
    }

    /// What was spread.
    async fn allocated(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::new(self.0.allocated_minor, request(ctx).read().await?.base_currency()))
    }

    /// What stayed where it was, since nothing took it.
    async fn unallocated(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::new(self.0.unallocated_minor, request(ctx).read().await?.base_currency()))
    }

    /// The run of the same period that it took the place of.
    async fn replaces(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<allocation_run::Entity>(self.0.replaces_id).await?.map(Self))
    }

    /// The entry that posted it; none, where there was nothing to spread.
    async fn journal_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        JournalEntry::of_source(ctx, SourceKind::CostAllocation, self.0.id.0).await
    }

    /// When it ran.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Who ran it.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }
}

ordering! {
    /// What runs are sorted by.
    AllocationRunOrder, AllocationRunOrderField of allocation_run, default CreatedAt Desc,
    {
        /// By the first day of their costs.
        From => FromDate,
        /// By when they ran.
        CreatedAt => CreatedAt,
    }
}

/// Which runs.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AllocationRunFilter {
    /// The rule.
    allocation_rule_id: Option<IdFilter>,
    /// First day of their costs.
    from: Option<DateFilter>,
    /// Whether they stand.
    status: Option<PostingStatusFilter>,
}

/// Asking what rules did.
#[derive(Default)]
pub(crate) struct AllocationRunQuery;

#[Object]
impl AllocationRunQuery {
    /// What rules did.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn allocation_runs(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: AllocationRunFilter,
        order_by: Option<AllocationRunOrder>,
    ) -> Result<Listed<AllocationRun>> {
        use allocation_run::Column as C;
        let condition = Conditions::new()
            .on(C::RuleId, filter.allocation_rule_id)
            .on(C::FromDate, filter.from)
            .on(C::Status, filter.status)
            .all();
        let order = AllocationRunOrder::or_default(order_by);
        list::<allocation_run::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }

    /// What a rule did.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn allocation_run(&self, ctx: &Context<'_>, id: Id<AllocationRunId>) -> Result<AllocationRun> {
        Ok(AllocationRun(request(ctx).read().await?.require::<allocation_run::Entity>(id.0).await?))
    }
}

/// Which rule runs, for which costs.
#[derive(InputObject)]
pub(crate) struct RunAllocationInput {
    /// The rule.
    rule_id: Id<AllocationRuleId>,
    /// First day of the costs.
    from: Date,
    /// Last day; the entry is posted on it, or on the first open day after it.
    to: Date,
}

/// Which run is taken back.
#[derive(InputObject)]
pub(crate) struct ReverseAllocationRunInput {
    /// The run.
    id: Id<AllocationRunId>,
}

payloads! {
    RunAllocationPayload { allocation_run: AllocationRun },
    ReverseAllocationRunPayload { allocation_run: AllocationRun },
}

/// Spreading overhead.
#[derive(Default)]
pub(crate) struct AllocationRunMutation;

#[Object]
impl AllocationRunMutation {
    /// Spreads the costs of a period, by a balanced entry that nets to zero on every account. A run of the same rule and period
    /// before it is reversed at the same time.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn run_allocation(&self, ctx: &Context<'_>, input: RunAllocationInput) -> Result<RunAllocationPayload> {
        let scope = request(ctx).write().await?;
        let run = rules::run(&scope, input.rule_id.0, input.from.0, input.to.0).await?;
        request(ctx).commit(scope).await?;
        Ok(run.into())
    }

    /// Takes a run back: its entry is reversed.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reverse_allocation_run(
        &self,
        ctx: &Context<'_>,
        input: ReverseAllocationRunInput,
    ) -> Result<ReverseAllocationRunPayload> {
        let scope = request(ctx).write().await?;
        let run = rules::reverse(&scope, input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(run.into())
    }
}
