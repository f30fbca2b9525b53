//! What was asked for and decided, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    ApprovalDecision as Decision, ApprovalId, ApprovalStatus as Status, approval, approval_step,
    approval_step_approver, department,
};
use sea_orm::Condition;

use super::ApprovalApprover;
use crate::{
    approvals::service,
    finance::{self, service::payment::Document},
    graphql::{
        Can, Id, Listed, Loading as _, LoggedIn, Money, Paging, complexity,
        enums::{ApprovalDecision, ApprovalKind, ApprovalStatus, SourceKind},
        filter::{ApprovalKindFilter, ApprovalStatusFilter, Conditions, IdFilter, Raw},
        list,
        loader::Children,
        request,
    },
    identity::{Permission, schema::Member},
    people::schema::Department,
    tenancy::{Direction, Order},
};

shown! {
    /// What was asked for, and what became of it.
    Approval(approval),
    /// One decision of those that an approval needs.
    ApprovalStep(approval_step),
}

impl Approval {
    /// The newest of a document, loaded for all that are asked for at once; told only to who may see approvals.
    pub(crate) async fn newest_of(ctx: &Context<'_>, subject: uuid::Uuid) -> Result<Option<Self>> {
        if !request(ctx).caller()?.may(Permission::FinanceRead) {
            return Ok(None);
        }
        Ok(ctx.all_of::<OfSubject>(subject).await?.into_iter().next().map(Self))
    }
}

/// The approvals of a document, newest first.
struct OfSubject;

impl Children for OfSubject {
    type Entity = approval::Entity;

    const PARENT: approval::Column = approval::Column::SubjectId;
    const ORDER: Order<approval::Column> = Order { column: approval::Column::Id, direction: Direction::Desc };
}

/// The steps of an approval.
struct Steps;

impl Children for Steps {
    type Entity = approval_step::Entity;

    const PARENT: approval_step::Column = approval_step::Column::ApprovalId;
    const ORDER: Order<approval_step::Column> =
        Order { column: approval_step::Column::Position, direction: Direction::Asc };
}

/// Who may decide a step.
struct Asked;

impl Children for Asked {
    type Entity = approval_step_approver::Entity;

    const PARENT: approval_step_approver::Column = approval_step_approver::Column::StepId;
    const ORDER: Order<approval_step_approver::Column> =
        Order { column: approval_step_approver::Column::Position, direction: Direction::Asc };
}

#[Object]
impl Approval {
    /// Id.
    async fn id(&self) -> Id<ApprovalId> {
        Id(self.0.id)
    }

    /// The kind of document.
    async fn subject_kind(&self) -> ApprovalKind {
        self.0.subject_kind.into()
    }

    /// The document.
    async fn subject_id(&self) -> Id<Raw> {
        Id(Raw(self.0.subject_id))
    }

    /// What the document is: of a write-off, what it's of.
    async fn document_kind(&self) -> Result<SourceKind> {
        Ok(match finance::service::document_of(&self.0)? {
            Document::Invoice(_) => SourceKind::Invoice,
            Document::Bill(_) => SourceKind::Bill,
            Document::Expense(_) => SourceKind::Expense,
            Document::Payment(_) => SourceKind::Payment,
        })
    }

    /// What a person knows it by.
    async fn description(&self) -> &str {
        &self.0.description
    }

    /// Its amount.
    async fn amount(&self) -> Money {
        Money::new(self.0.amount_minor, &self.0.currency)
    }

    /// The department that it's for.
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Into::into))
    }

    /// Who asks for it.
    async fn requested_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.created_by).await
    }

    /// Who gains by it.
    async fn beneficiary(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.beneficiary_id).await
    }

    /// Where it stands.
    async fn status(&self) -> ApprovalStatus {
        self.0.status.into()
    }

    /// The decisions that it needs, in their order.
    async fn steps(&self, ctx: &Context<'_>) -> Result<Vec<ApprovalStep>> {
        Ok(ctx.all_of::<Steps>(self.0.id.0).await?.into_iter().map(ApprovalStep).collect())
    }

    /// When it was asked for.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Rises with every decision; needed to decide.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

#[Object]
impl ApprovalStep {
    /// Place, from 1: none is decided before the one before it.
    async fn position(&self) -> i32 {
        self.0.position
    }

    /// Who may decide, as the rule said: any one of them.
    async fn approvers(&self, ctx: &Context<'_>) -> Result<Vec<ApprovalApprover>> {
        let mut approvers = Vec::new();
        for row in ctx.all_of::<Asked>(self.0.id.0).await? {
            approvers.push(ApprovalApprover::load(ctx, (row.membership_id, row.role, row.manager)).await?);
        }
        Ok(approvers)
    }

    /// What was decided.
    async fn decision(&self) -> Option<ApprovalDecision> {
        self.0.decision.map(Into::into)
    }

    /// Who decided.
    async fn decided_by(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.decided_by).await
    }

    /// In whose right, where it isn't one's own: who was absent.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.on_behalf_of).await
    }

    /// Whether it went up to a manager above, to the owners or to the administrators, since those whom the rule names would
    /// decide what is their own, or aren't there any more.
    async fn went_up(&self) -> bool {
        self.0.went_up
    }

    /// When.
    async fn decided_at(&self) -> Option<DateTime<Utc>> {
        self.0.decided_at
    }

    /// Why.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
}

ordering! {
    /// What approvals are sorted by.
    ApprovalOrder, ApprovalOrderField of approval, default CreatedAt Desc,
    {
        /// By when they were asked for: ids rise with time.
        CreatedAt => Id,
    }
}

/// Which approvals.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ApprovalFilter {
    /// Words, all of which are in its description.
    search: Option<String>,
    /// The kind of document.
    subject_kind: Option<ApprovalKindFilter>,
    /// The document.
    subject_id: Option<IdFilter>,
    /// Where it stands.
    status: Option<ApprovalStatusFilter>,
    /// Who asks for it.
    requested_by_id: Option<IdFilter>,
}

impl ApprovalFilter {
    fn condition(self) -> Condition {
        use approval::Column as C;
        Conditions::new()
            .search_plain(C::Description, self.search)
            .on(C::SubjectKind, self.subject_kind)
            .on(C::SubjectId, self.subject_id)
            .on(C::Status, self.status)
            .on(C::CreatedBy, self.requested_by_id)
            .all()
    }
}

/// Asking for approvals.
#[derive(Default)]
pub(crate) struct ApprovalQuery;

#[Object]
impl ApprovalQuery {
    /// What was asked for, newest first: with a document's id, who decided what of it, when and why.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn approvals(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ApprovalFilter,
        order_by: Option<ApprovalOrder>,
    ) -> Result<Listed<Approval>> {
        let order = ApprovalOrder::or_default(order_by);
        list::<approval::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// What waits for the caller: in their own right, or in that of somebody who is absent today. The oldest comes first.
    #[graphql(complexity = "complexity(None, child_complexity)", guard = "LoggedIn")]
    async fn my_approvals(&self, ctx: &Context<'_>) -> Result<Vec<Approval>> {
        let member = request(ctx).caller()?.place()?.membership;
        let scope = request(ctx).read().await?;
        Ok(service::waiting_for(&scope, member).await?.into_iter().map(Approval).collect())
    }
}

/// A yes.
#[derive(InputObject)]
pub(crate) struct ApproveInput {
    /// The approval.
    id: Id<ApprovalId>,
    /// The version that was read.
    version: i32,
    /// Why.
    note: Option<String>,
}

/// A no.
#[derive(InputObject)]
pub(crate) struct RefuseInput {
    /// The approval.
    id: Id<ApprovalId>,
    /// The version that was read.
    version: i32,
    /// Why.
    note: String,
}

/// What is taken back.
#[derive(InputObject)]
pub(crate) struct WithdrawApprovalInput {
    /// The approval.
    id: Id<ApprovalId>,
    /// The version that was read.
    version: i32,
}

payloads! {
    ApprovePayload { approval: Approval },
    RefusePayload { approval: Approval },
    WithdrawApprovalPayload { approval: Approval },
}

/// Deciding.
#[derive(Default)]
pub(crate) struct ApprovalMutation;

#[Object]
impl ApprovalMutation {
    /// Says yes, for oneself or for who is absent. With the last yes that it needs, it's done at once: the credit note is issued,
    /// the bill or the expense posted, the amount written off.
    #[graphql(guard = "LoggedIn")]
    async fn approve(&self, ctx: &Context<'_>, input: ApproveInput) -> Result<ApprovePayload> {
        let scope = request(ctx).write().await?;
        let row = service::decide(&scope, input.id.0, input.version, Decision::Approved, input.note).await?;
        if row.status == Status::Approved {
            finance::service::approved(&scope, &row).await?;
        }
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Says no: it isn't done, and may be asked for again.
    #[graphql(guard = "LoggedIn")]
    async fn refuse(&self, ctx: &Context<'_>, input: RefuseInput) -> Result<RefusePayload> {
        let scope = request(ctx).write().await?;
        let note = Some(input.note);
        let row = service::decide(&scope, input.id.0, input.version, Decision::Refused, note.clone()).await?;
        finance::service::given_back(&scope, &row, note).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes back what one asked for.
    #[graphql(guard = "LoggedIn")]
    async fn withdraw_approval(
        &self,
        ctx: &Context<'_>,
        input: WithdrawApprovalInput,
    ) -> Result<WithdrawApprovalPayload> {
        let scope = request(ctx).write().await?;
        let manages = request(ctx).caller()?.may(Permission::TenantManage);
        let row = service::withdraw(&scope, input.id.0, input.version, manages).await?;
        finance::service::given_back(&scope, &row, None).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
