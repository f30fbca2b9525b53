//! Approvals, as the API shows them.

mod approval;
mod delegation;
mod rule;

use async_graphql::{InputObject, MergedObject, SimpleObject};
use kamara_entities::MembershipId;

pub(crate) use self::approval::Approval;
use super::{engine::Approver, service};
use crate::{
    error::Error,
    graphql::{Id, enums::Role},
    identity::schema::Member,
};

/// What can be asked of approvals.
#[derive(Default, MergedObject)]
pub(crate) struct ApprovalsQuery(approval::ApprovalQuery, rule::RuleQuery, delegation::DelegationQuery);

/// What can be done with approvals.
#[derive(Default, MergedObject)]
pub(crate) struct ApprovalsMutation(
    approval::ApprovalMutation,
    rule::RuleMutation,
    rule::RuleArchiving,
    delegation::DelegationMutation,
);

/// Whoever may decide: a member, whoever has a role, or the manager of the document's department.
#[derive(SimpleObject)]
pub(crate) struct ApprovalApprover {
    /// A member.
    member: Option<Member>,
    /// A role.
    role: Option<Role>,
    /// The manager of the department.
    manager: bool,
}

impl ApprovalApprover {
    async fn load(
        ctx: &async_graphql::Context<'_>,
        (membership, role, manager): (Option<MembershipId>, Option<kamara_entities::Role>, bool),
    ) -> async_graphql::Result<Self> {
        Ok(Self { member: Member::load_if_any(ctx, membership).await?, role: role.map(Into::into), manager })
    }
}

/// Whom to ask: one of these.
#[derive(InputObject)]
pub(crate) struct ApproverInput {
    /// A member.
    membership_id: Option<Id<MembershipId>>,
    /// Whoever has a role.
    role: Option<Role>,
    /// The manager of the document's department.
    #[graphql(default)]
    manager: bool,
}

impl ApproverInput {
    fn approver(self) -> crate::error::Result<Approver> {
        match (self.membership_id, self.role, self.manager) {
            (Some(member), None, false) => Ok(Approver::Member(member.0)),
            (None, Some(role), false) => Ok(Approver::Role(role.into())),
            (None, None, true) => Ok(Approver::Manager),
            _ => Err(Error::invalid("role", service::one_of_three())),
        }
    }
}
