//! Who decides for whom, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{ApprovalDelegationId, MembershipId, approval_delegation};
use sea_orm::Condition;

use crate::{
    approvals::delegation::{self, NewDelegation},
    error::Error,
    graphql::{
        Can, Date, Id, Listed, LoggedIn, Paging, complexity,
        filter::{Conditions, DateFilter, IdFilter},
        list, request,
    },
    identity::{Permission, schema::Member},
    tenancy::{Direction, Order},
};

shown! {
    /// A time in which one member decides for another, who is absent.
    ApprovalDelegation(approval_delegation),
}

#[Object]
impl ApprovalDelegation {
    /// Id.
    async fn id(&self) -> Id<ApprovalDelegationId> {
        Id(self.0.id)
    }

    /// Who is absent.
    async fn from(&self, ctx: &Context<'_>) -> Result<Member> {
        Member::load(ctx, self.0.from_id).await
    }

    /// Who decides.
    async fn to(&self, ctx: &Context<'_>) -> Result<Member> {
        Member::load(ctx, self.0.to_id).await
    }

    /// First day.
    async fn start_date(&self) -> Date {
        Date(self.0.start_date)
    }

    /// Last day.
    async fn end_date(&self) -> Date {
        Date(self.0.end_date)
    }

    /// Why.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// Rises with every change; needed to end it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it has ended.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

/// Which delegations.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ApprovalDelegationFilter {
    /// Who is absent.
    from_id: Option<IdFilter>,
    /// Who decides.
    to_id: Option<IdFilter>,
    /// First day.
    start_date: Option<DateFilter>,
    /// Last day.
    end_date: Option<DateFilter>,
    /// Ended ones instead of the others.
    archived: Option<bool>,
}

impl ApprovalDelegationFilter {
    fn condition(self) -> Condition {
        use approval_delegation::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .on(C::FromId, self.from_id)
            .on(C::ToId, self.to_id)
            .on(C::StartDate, self.start_date)
            .on(C::EndDate, self.end_date)
            .all()
    }
}

/// Asking for delegations.
#[derive(Default)]
pub(crate) struct DelegationQuery;

#[Object]
impl DelegationQuery {
    /// Who decides for whom, the latest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::PeopleRead)")]
    async fn approval_delegations(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ApprovalDelegationFilter,
    ) -> Result<Listed<ApprovalDelegation>> {
        let order = Order { column: approval_delegation::Column::StartDate, direction: Direction::Desc };
        list::<approval_delegation::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }
}

/// A new delegation.
#[derive(InputObject)]
pub(crate) struct CreateApprovalDelegationInput {
    /// Who is absent: the caller, unless an administrator says another.
    from_id: Option<Id<MembershipId>>,
    /// Who decides.
    to_id: Id<MembershipId>,
    /// First day.
    start_date: Date,
    /// Last day.
    end_date: Date,
    /// Why.
    reason: Option<String>,
}

/// What ends.
#[derive(InputObject)]
pub(crate) struct EndApprovalDelegationInput {
    /// The delegation.
    id: Id<ApprovalDelegationId>,
    /// The version that was read.
    version: i32,
}

payloads! {
    CreateApprovalDelegationPayload { approval_delegation: ApprovalDelegation },
    EndApprovalDelegationPayload { approval_delegation: ApprovalDelegation },
}

/// Making and ending delegations.
#[derive(Default)]
pub(crate) struct DelegationMutation;

#[Object]
impl DelegationMutation {
    /// Lets another member decide while one is absent. Nobody decides so what is their own.
    #[graphql(guard = "LoggedIn")]
    async fn create_approval_delegation(
        &self,
        ctx: &Context<'_>,
        input: CreateApprovalDelegationInput,
    ) -> Result<CreateApprovalDelegationPayload> {
        let scope = request(ctx).write().await?;
        let manages = request(ctx).caller()?.may(Permission::TenantManage);
        let from = input.from_id.map(|id| id.0).or(scope.actor()).ok_or(Error::Forbidden)?;
        let new = NewDelegation {
            from,
            to: input.to_id.0,
            start_date: input.start_date.0,
            end_date: input.end_date.0,
            reason: input.reason,
        };
        let row = delegation::create(&scope, new, manages).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Ends a delegation at once.
    #[graphql(guard = "LoggedIn")]
    async fn end_approval_delegation(
        &self,
        ctx: &Context<'_>,
        input: EndApprovalDelegationInput,
    ) -> Result<EndApprovalDelegationPayload> {
        let scope = request(ctx).write().await?;
        let manages = request(ctx).caller()?.may(Permission::TenantManage);
        let row = delegation::end(&scope, input.id.0, input.version, manages).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
