//! Rules that say when approval is needed, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    ApprovalRuleId, CostCentreId, DepartmentId, ProjectId, approval_rule, approval_rule_approver, cost_centre,
    department, project,
};
use rust_decimal::Decimal;
use sea_orm::Condition;

use super::{ApprovalApprover, ApproverInput};
use crate::{
    approvals::{
        engine::Approver,
        rule::{self, RuleValues},
    },
    delivery::schema::Project,
    graphql::{
        Can, Dec, Id, Listed, Loading as _, Money, Paging, complexity,
        enums::{ApprovalKind, ApprovalMode},
        filter::{ApprovalKindFilter, Conditions},
        list,
        loader::Children,
        request,
    },
    identity::Permission,
    ledger::schema::CostCentre,
    people::schema::Department,
    tenancy::{Direction, Order},
};

shown! {
    /// When approval is needed, and whose.
    ApprovalRule(approval_rule),
}

/// Whom a rule asks.
struct Asked;

impl Children for Asked {
    type Entity = approval_rule_approver::Entity;

    const PARENT: approval_rule_approver::Column = approval_rule_approver::Column::RuleId;
    const ORDER: Order<approval_rule_approver::Column> =
        Order { column: approval_rule_approver::Column::Position, direction: Direction::Asc };
}

fn base(ctx: &Context<'_>, minor: i64) -> Result<Money> {
    Ok(Money::new(minor, &request(ctx).caller()?.place()?.tenant.base_currency))
}

#[Object]
impl ApprovalRule {
    /// Id.
    async fn id(&self) -> Id<ApprovalRuleId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Which kind of document.
    async fn subject_kind(&self) -> ApprovalKind {
        self.0.subject_kind.into()
    }

    /// From which amount.
    async fn min_amount(&self, ctx: &Context<'_>) -> Result<Money> {
        base(ctx, self.0.min_minor)
    }

    /// Below which amount.
    async fn max_amount(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        self.0.max_minor.map(|minor| base(ctx, minor)).transpose()
    }

    /// For which department only.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Into::into))
    }

    /// For which cost centre only.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(Into::into))
    }

    /// For which project only.
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.row_if_any::<project::Entity>(self.0.project_id).await?.map(Into::into))
    }

    /// Whether all approve, one after the other, or one of them does.
    async fn mode(&self) -> ApprovalMode {
        self.0.mode.into()
    }

    /// Who, in their order.
    async fn approvers(&self, ctx: &Context<'_>) -> Result<Vec<ApprovalApprover>> {
        let mut approvers = Vec::new();
        for row in ctx.all_of::<Asked>(self.0.id.0).await? {
            approvers.push(ApprovalApprover::load(ctx, (row.membership_id, row.role, row.manager)).await?);
        }
        Ok(approvers)
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
    ApprovalRuleOrder, ApprovalRuleOrderField of approval_rule, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By the least amount.
        MinAmount => MinMinor,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which rules.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ApprovalRuleFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Which kind of document.
    subject_kind: Option<ApprovalKindFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ApprovalRuleFilter {
    fn condition(self) -> Condition {
        use approval_rule::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on(C::SubjectKind, self.subject_kind)
            .all()
    }
}

/// Asking for rules.
#[derive(Default)]
pub(crate) struct RuleQuery;

#[Object]
impl RuleQuery {
    /// When approval is needed, and whose.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn approval_rules(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ApprovalRuleFilter,
        order_by: Option<ApprovalRuleOrder>,
    ) -> Result<Listed<ApprovalRule>> {
        let order = ApprovalRuleOrder::or_default(order_by);
        list::<approval_rule::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A rule.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn approval_rule(&self, ctx: &Context<'_>, id: Id<ApprovalRuleId>) -> Result<ApprovalRule> {
        Ok(ApprovalRule(request(ctx).read().await?.require::<approval_rule::Entity>(id.0).await?))
    }
}

/// A new rule.
#[derive(InputObject)]
pub(crate) struct CreateApprovalRuleInput {
    /// Name.
    name: String,
    /// Which kind of document.
    subject_kind: ApprovalKind,
    /// From which amount, in the base currency; any when left out.
    min_amount: Option<Dec>,
    /// Below which amount.
    max_amount: Option<Dec>,
    /// For which department only.
    department_id: Option<Id<DepartmentId>>,
    /// For which cost centre only.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// For which project only.
    project_id: Option<Id<ProjectId>>,
    /// Whether all approve, one after the other, or one of them does.
    mode: ApprovalMode,
    /// Who, in their order.
    approvers: Vec<ApproverInput>,
}

/// A change of a rule: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateApprovalRuleInput {
    /// The rule.
    id: Id<ApprovalRuleId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// From which amount, in the base currency.
    min_amount: Option<Dec>,
    /// Below which amount.
    max_amount: MaybeUndefined<Dec>,
    /// For which department only.
    department_id: MaybeUndefined<Id<DepartmentId>>,
    /// For which cost centre only.
    cost_centre_id: MaybeUndefined<Id<CostCentreId>>,
    /// For which project only.
    project_id: MaybeUndefined<Id<ProjectId>>,
    /// Whether all approve, one after the other, or one of them does.
    mode: Option<ApprovalMode>,
    /// Who, in their order.
    approvers: Option<Vec<ApproverInput>>,
}

fn approvers(given: Vec<ApproverInput>) -> crate::error::Result<Vec<Approver>> {
    let numbered = given.into_iter().enumerate();
    numbered
        .map(|(place, given)| given.approver().map_err(|error| error.within(&format!("approvers.{place}"))))
        .collect()
}

payloads! {
    CreateApprovalRulePayload { approval_rule: ApprovalRule },
    UpdateApprovalRulePayload { approval_rule: ApprovalRule },
}

archiving! {
    RuleArchiving, approval_rule, ApprovalRuleId, ApprovalRule, approval_rule, TenantManage,
    archive_approval_rule(ArchiveApprovalRuleInput) -> ArchiveApprovalRulePayload,
    restore_approval_rule(RestoreApprovalRuleInput) -> RestoreApprovalRulePayload
}

/// Making and changing rules.
#[derive(Default)]
pub(crate) struct RuleMutation;

#[Object]
impl RuleMutation {
    /// Makes a rule.
    #[graphql(guard = "Can(Permission::TenantManage)")]
    async fn create_approval_rule(
        &self,
        ctx: &Context<'_>,
        input: CreateApprovalRuleInput,
    ) -> Result<CreateApprovalRulePayload> {
        let scope = request(ctx).write().await?;
        let values = RuleValues {
            name: input.name,
            kind: input.subject_kind.into(),
            min: input.min_amount.map_or(Decimal::ZERO, |amount| amount.0),
            max: input.max_amount.map(|amount| amount.0),
            department_id: input.department_id.map(|id| id.0),
            cost_centre_id: input.cost_centre_id.map(|id| id.0),
            project_id: input.project_id.map(|id| id.0),
            mode: input.mode.into(),
            approvers: approvers(input.approvers)?,
        };
        let row = rule::create(&scope, values).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a rule. What waits already is decided as it was asked for.
    #[graphql(guard = "Can(Permission::TenantManage)")]
    async fn update_approval_rule(
        &self,
        ctx: &Context<'_>,
        input: UpdateApprovalRuleInput,
    ) -> Result<UpdateApprovalRulePayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let asked = input.approvers.map(approvers).transpose()?;
        let row = rule::update(&scope, id, version, |values| {
            values.name = input.name.unwrap_or_else(|| std::mem::take(&mut values.name));
            values.min = input.min_amount.map_or(values.min, |amount| amount.0);
            input.max_amount.map_value(|amount| amount.0).update_to(&mut values.max);
            input.department_id.map_value(|id| id.0).update_to(&mut values.department_id);
            input.cost_centre_id.map_value(|id| id.0).update_to(&mut values.cost_centre_id);
            input.project_id.map_value(|id| id.0).update_to(&mut values.project_id);
            values.mode = input.mode.map_or(values.mode, Into::into);
            values.approvers = asked.unwrap_or_else(|| std::mem::take(&mut values.approvers));
        })
        .await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
