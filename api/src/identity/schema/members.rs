//! Members of the tenant, and invitations.

use std::collections::HashMap;

use async_graphql::{
    Context, InputObject, Object, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use chrono::{DateTime, Utc};
use kamara_entities::{
    InvitationId, MembershipId, UserId,
    control::{invitation, membership, user},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use super::{
    User,
    session::{answer_secret, kind},
};
use crate::{
    error::Error,
    graphql::{Can, Id, Listed, Loading, Paging, complexity, enums::Role, list, loader::Batch, request},
    identity::{Password, Permission, members},
    tenancy::{Direction, Order, schema::Tenant},
};

shown! {
    /// A member of the tenant.
    Member(membership),
}

impl Member {
    /// The member with an id, loaded for all that are asked for at once.
    pub(crate) async fn load(ctx: &Context<'_>, id: MembershipId) -> Result<Self> {
        Ok(Self(ctx.row::<membership::Entity>(id).await?))
    }

    /// The same, where there may be none.
    pub(crate) async fn load_if_any(ctx: &Context<'_>, id: Option<MembershipId>) -> Result<Option<Self>> {
        Ok(ctx.row_if_any::<membership::Entity>(id).await?.map(Self))
    }
}

#[Object]
impl Member {
    /// Id.
    async fn id(&self) -> Id<MembershipId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// E-mail address.
    async fn email(&self, ctx: &Context<'_>) -> Result<String> {
        let user = ctx.data::<DataLoader<Batch>>()?.load_one(Address(self.0.user_id)).await?;
        Ok(user.ok_or_else(|| Error::internal("a member without a user"))?)
    }

    /// What the member may do.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Since when.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
}

/// A user's address.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Address(UserId);

impl Loader<Address> for Batch {
    type Value = String;
    type Error = Error;

    #[expect(clippy::disallowed_methods, reason = "a control table, by the users of the tenant's members")]
    async fn load(&self, keys: &[Address]) -> std::result::Result<HashMap<Address, String>, Error> {
        let scope = self.scope().await?;
        let ids = keys.iter().map(|key| key.0);
        let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(scope.control()).await?;
        Ok(users.into_iter().map(|user| (Address(user.id), user.email)).collect())
    }
}

/// An invitation that waits for an answer.
#[derive(SimpleObject)]
pub(crate) struct Invitation {
    /// Id.
    id: Id<InvitationId>,
    /// Who is invited.
    email: String,
    /// As what.
    role: Role,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it may be accepted.
    expires_at: DateTime<Utc>,
}

impl From<invitation::Model> for Invitation {
    fn from(row: invitation::Model) -> Self {
        Self {
            id: Id(row.id),
            email: row.email,
            role: row.role.into(),
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// Asking for members.
#[derive(Default)]
pub(crate) struct MemberQuery;

#[Object]
impl MemberQuery {
    /// The tenant's members, in the order in which they joined.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::PeopleRead)")]
    async fn members(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Member>> {
        let order = Order { column: membership::Column::CreatedAt, direction: Direction::Asc };
        let present = Condition::all().add(membership::Column::RemovedAt.is_null());
        list::<membership::Entity, _>(ctx, Paging { first, after }, present, order).await
    }

    /// The invitations that wait for an answer, newest first.
    #[graphql(guard = "Can(Permission::MembersManage)")]
    async fn invitations(&self, ctx: &Context<'_>) -> Result<Vec<Invitation>> {
        let scope = request(ctx).read().await?;
        Ok(members::open_invitations(&scope).await?.into_iter().map(Into::into).collect())
    }
}

/// Whom to invite.
#[derive(InputObject)]
pub(crate) struct InviteMemberInput {
    /// E-mail address.
    email: String,
    /// As what.
    role: Role,
}

payloads! {
    InviteMemberPayload { invitation: Invitation },
    ChangeMemberRolePayload { member: Member },
}

/// Which invitation to take back.
#[derive(InputObject)]
pub(crate) struct RevokeInvitationInput {
    /// The invitation.
    id: Id<InvitationId>,
}

/// An invitation that was taken back.
#[derive(SimpleObject)]
pub(crate) struct RevokeInvitationPayload {
    /// Its id.
    invitation_id: Id<InvitationId>,
}

/// An answer to an invitation.
#[derive(InputObject)]
pub(crate) struct AcceptInvitationInput {
    /// What the mail's link holds.
    token: String,
    /// Name, for who is new.
    #[graphql(default)]
    name: String,
    /// The password: a new one for who is new, one's own for who isn't.
    password: String,
    /// For the page: the secret goes into a cookie that scripts can't read, instead of into the answer.
    #[graphql(default)]
    cookie: bool,
}

/// An invitation that was accepted; the session looks at its tenant.
#[derive(SimpleObject)]
pub(crate) struct AcceptInvitationPayload {
    /// The bearer token, unless a cookie was asked for.
    token: Option<String>,
    /// The tenant.
    tenant: Tenant,
    /// The user.
    user: User,
}

/// What a member shall be.
#[derive(InputObject)]
pub(crate) struct ChangeMemberRoleInput {
    /// The member.
    member_id: Id<MembershipId>,
    /// What the member may do from now on.
    role: Role,
}

/// Whom to remove.
#[derive(InputObject)]
pub(crate) struct RemoveMemberInput {
    /// The member.
    member_id: Id<MembershipId>,
}

/// A member who was removed.
#[derive(SimpleObject)]
pub(crate) struct RemoveMemberPayload {
    /// The id.
    member_id: Id<MembershipId>,
}

/// Inviting and removing members.
#[derive(Default)]
pub(crate) struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Invites a person by mail.
    #[graphql(guard = "Can(Permission::MembersManage)")]
    async fn invite_member(&self, ctx: &Context<'_>, input: InviteMemberInput) -> Result<InviteMemberPayload> {
        let request = request(ctx);
        let scope = request.write().await?;
        let role = request.caller()?.place()?.role;
        let invitation = members::invite(request.app(), &scope, role, &input.email, input.role.into()).await?;
        request.commit(scope).await?;
        request.app().jobs.notify_one();
        Ok(invitation.into())
    }

    /// Takes an invitation back.
    #[graphql(guard = "Can(Permission::MembersManage)")]
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        input: RevokeInvitationInput,
    ) -> Result<RevokeInvitationPayload> {
        let scope = request(ctx).write().await?;
        members::revoke(&scope, input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(RevokeInvitationPayload { invitation_id: input.id })
    }

    /// Accepts an invitation, and logs in.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        input: AcceptInvitationInput,
    ) -> Result<AcceptInvitationPayload> {
        let request = request(ctx);
        let password = Password::new(input.password);
        let kind = kind(input.cookie);
        let done = members::accept(request.app(), request.client(), &input.token, &input.name, &password, kind).await?;
        Ok(AcceptInvitationPayload {
            token: answer_secret(ctx, done.secret, input.cookie),
            tenant: done.tenant.into(),
            user: done.user.into(),
        })
    }

    /// Says what a member may do.
    #[graphql(guard = "Can(Permission::MembersManage)")]
    async fn change_member_role(
        &self,
        ctx: &Context<'_>,
        input: ChangeMemberRoleInput,
    ) -> Result<ChangeMemberRolePayload> {
        let request = request(ctx);
        let scope = request.write().await?;
        let role = request.caller()?.place()?.role;
        let member = members::change_role(&scope, role, input.member_id.0, input.role.into()).await?;
        request.commit(scope).await?;
        Ok(member.into())
    }

    /// Removes a member. What the member did stays.
    #[graphql(guard = "Can(Permission::MembersManage)")]
    async fn remove_member(&self, ctx: &Context<'_>, input: RemoveMemberInput) -> Result<RemoveMemberPayload> {
        let request = request(ctx);
        let scope = request.write().await?;
        members::remove(&scope, request.caller()?.place()?.role, input.member_id.0).await?;
        request.commit(scope).await?;
        Ok(RemoveMemberPayload { member_id: input.member_id })
    }
}
