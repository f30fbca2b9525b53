//! Rules that spread overhead, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, AllocationBasis as Basis, AllocationRuleId, AllocationTarget as Target, CostCentreId, account,
    allocation_rule, allocation_rule_account, allocation_share, company, cost_centre, department, project,
};
use sea_orm::Condition;

use super::preview::AllocationPreview;
use crate::{
    finance::service::overhead::{self as rules, RuleInput, ShareInput, target_of},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Paging, complexity,
        enums::{AllocationBasis, AllocationTarget},
        filter::{Conditions, IdFilter, Raw, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, CostCentre},
    money,
    tenancy::{Direction, Order},
};

shown! {
    /// How overhead is spread over what it's for: the costs of a cost centre, or those that have no target of the kind yet. What is
    /// spent for a project or a client already stays theirs.
    AllocationRule(allocation_rule),
}

/// The accounts of a rule.
struct AccountsOfRule;

impl Children for AccountsOfRule {
    type Entity = allocation_rule_account::Entity;
    const PARENT: allocation_rule_account::Column = allocation_rule_account::Column::RuleId;
    const ORDER: Order<allocation_rule_account::Column> =
        Order { column: allocation_rule_account::Column::AccountId, direction: Direction::Asc };
}

/// The fixed shares of a rule.
struct SharesOfRule;

impl Children for SharesOfRule {
    type Entity = allocation_share::Entity;
    const PARENT: allocation_share::Column = allocation_share::Column::RuleId;
    const ORDER: Order<allocation_share::Column> =
        Order { column: allocation_share::Column::Position, direction: Direction::Asc };
}

/// A fixed share of a rule.
pub(crate) struct AllocationShare(allocation_share::Model);

#[Object]
impl AllocationShare {
    /// The company, project, department or cost centre that takes it.
    async fn target_id(&self) -> Option<Id<Raw>> {
        target_of(&self.0).map(|id| Id(Raw(id)))
    }

    /// Its name.
    async fn label(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let row = &self.0;
        if let Some(id) = row.company_id {
            return Ok(Some(ctx.row::<company::Entity>(id).await?.name));
        }
        if let Some(id) = row.project_id {
            return Ok(Some(ctx.row::<project::Entity>(id).await?.name));
        }
        if let Some(id) = row.department_id {
            return Ok(Some(ctx.row::<department::Entity>(id).await?.name));
        }
        Ok(ctx.row_if_any::<cost_centre::Entity>(row.cost_centre_id).await?.map(|row| row.name))
    }

    /// Its share in percent.
    async fn percent(&self) -> Dec {
        Dec(money::percent(self.0.share_bp))
    }
}

#[Object]
impl AllocationRule {
    /// Id.
    async fn id(&self) -> Id<AllocationRuleId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// By what costs are spread.
    async fn basis(&self) -> AllocationBasis {
        self.0.basis.into()
    }

    /// Over what.
    async fn target(&self) -> AllocationTarget {
        self.0.target.into()
    }

    /// The cost centre whose costs are spread, with those of its parts; costs of all where there is none.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(CostCentre))
    }

    /// The accounts whose costs are spread; all expense accounts where there are none.
    #[graphql(complexity = "complexity(None, child_complexity)")]
    async fn accounts(&self, ctx: &Context<'_>) -> Result<Vec<Account>> {
        let rows = ctx.all_of::<AccountsOfRule>(self.0.id.0).await?;
        let accounts = rows.into_iter().map(|row| ctx.row::<account::Entity>(row.account_id));
        let mut accounts = futures::future::try_join_all(accounts).await?;
        accounts.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(accounts.into_iter().map(Account).collect())
    }

    /// Its fixed shares.
    #[graphql(complexity = "complexity(None, child_complexity)")]
    async fn shares(&self, ctx: &Context<'_>) -> Result<Vec<AllocationShare>> {
        Ok(ctx.all_of::<SharesOfRule>(self.0.id.0).await?.into_iter().map(AllocationShare).collect())
    }

    /// What a run of it would do, from one day to another, both included. Posts nothing.
    #[graphql(complexity = "50 + child_complexity * 10")]
    async fn preview(&self, ctx: &Context<'_>, from: Date, to: Date) -> Result<AllocationPreview> {
        let scope = request(ctx).read().await?;
        Ok(AllocationPreview::of(&scope, &self.0, (from.0, to.0)).await?)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

ordering! {
    /// What rules are sorted by.
    AllocationRuleOrder, AllocationRuleOrderField of allocation_rule, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which rules.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct AllocationRuleFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// The cost centre whose costs are spread.
    cost_centre_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl AllocationRuleFilter {
    fn condition(self) -> Condition {
        use allocation_rule::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::CostCentreId, self.cost_centre_id)
            .all()
    }
}

/// Asking for rules.
#[derive(Default)]
pub(crate) struct AllocationRuleQuery;

#[Object]
impl AllocationRuleQuery {
    /// Rules that spread overhead.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn allocation_rules(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: AllocationRuleFilter,
        order_by: Option<AllocationRuleOrder>,
    ) -> Result<Listed<AllocationRule>> {
        let order = AllocationRuleOrder::or_default(order_by);
        list::<allocation_rule::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A rule that spreads overhead.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn allocation_rule(&self, ctx: &Context<'_>, id: Id<AllocationRuleId>) -> Result<AllocationRule> {
        Ok(AllocationRule(request(ctx).read().await?.require::<allocation_rule::Entity>(id.0).await?))
    }
}

/// A fixed share.
#[derive(Clone, InputObject)]
pub(crate) struct AllocationShareInput {
    /// The company, project, department or cost centre that takes it, as the rule's target says.
    target_id: Id<Raw>,
    /// Its share in percent; what is missing of 100% stays where it is.
    percent: Dec,
}

impl From<AllocationShareInput> for ShareInput {
    fn from(input: AllocationShareInput) -> Self {
        Self { target_id: input.target_id.0.into(), percent: input.percent.0 }
    }
}

/// A new rule.
#[derive(InputObject)]
pub(crate) struct CreateAllocationRuleInput {
    /// Name.
    name: String,
    /// By what costs are spread.
    basis: AllocationBasis,
    /// Over what.
    target: AllocationTarget,
    /// The cost centre whose costs are spread, with those of its parts; costs of all unless said.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// The accounts whose costs are spread; all expense accounts unless said.
    #[graphql(default)]
    account_ids: Vec<Id<AccountId>>,
    /// Fixed shares, where the basis is that.
    #[graphql(default)]
    shares: Vec<AllocationShareInput>,
}

/// A change of a rule: what is left out stays, null empties. What its runs posted stays.
#[derive(InputObject)]
pub(crate) struct UpdateAllocationRuleInput {
    /// The rule.
    id: Id<AllocationRuleId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// By what costs are spread.
    basis: Option<AllocationBasis>,
    /// Over what.
    target: Option<AllocationTarget>,
    /// The cost centre whose costs are spread, with those of its parts.
    cost_centre_id: MaybeUndefined<Id<CostCentreId>>,
    /// The accounts whose costs are spread; they replace all that were there.
    account_ids: Option<Vec<Id<AccountId>>>,
    /// Fixed shares; they replace all that were there.
    shares: Option<Vec<AllocationShareInput>>,
}

payloads! {
    CreateAllocationRulePayload { allocation_rule: AllocationRule },
    UpdateAllocationRulePayload { allocation_rule: AllocationRule },
}

archiving! {
    AllocationRuleArchiving, allocation_rule, AllocationRuleId, AllocationRule, allocation_rule, FinanceWrite,
    archive_allocation_rule(ArchiveAllocationRuleInput) -> ArchiveAllocationRulePayload,
    restore_allocation_rule(RestoreAllocationRuleInput) -> RestoreAllocationRulePayload
}

/// Making and changing rules.
#[derive(Default)]
pub(crate) struct AllocationRuleMutation;

#[Object]
impl AllocationRuleMutation {
    /// Makes a rule.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_allocation_rule(
        &self,
        ctx: &Context<'_>,
        input: CreateAllocationRuleInput,
    ) -> Result<CreateAllocationRulePayload> {
        let scope = request(ctx).write().await?;
        let rule = RuleInput {
            name: input.name,
            basis: input.basis.into(),
            target: input.target.into(),
            cost_centre_id: input.cost_centre_id.map(|id| id.0),
        };
        let accounts = input.account_ids.into_iter().map(|id| id.0).collect();
        let shares: Vec<ShareInput> = input.shares.into_iter().map(Into::into).collect();
        let row = rules::create(&scope, rule, accounts, &shares).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a rule.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_allocation_rule(
        &self,
        ctx: &Context<'_>,
        input: UpdateAllocationRuleInput,
    ) -> Result<UpdateAllocationRulePayload> {
        let scope = request(ctx).write().await?;
        let accounts = input.account_ids.map(|ids| ids.into_iter().map(|id| id.0).collect());
        let shares = input.shares.map(|shares| shares.into_iter().map(Into::into).collect());
        let (name, basis, target) = (input.name, input.basis.map(Basis::from), input.target.map(Target::from));
        let cost_centre_id = input.cost_centre_id.map_value(|id| id.0);
        let change = |new: &mut allocation_rule::New| {
            new.name = name.unwrap_or_else(|| std::mem::take(&mut new.name));
            new.basis = basis.unwrap_or(new.basis);
            new.target = target.unwrap_or(new.target);
            cost_centre_id.update_to(&mut new.cost_centre_id);
        };
        let row = rules::update(&scope, input.id.0, input.version, change, accounts, shares).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
