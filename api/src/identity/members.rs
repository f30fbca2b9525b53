//! Members of a tenant, and invitations to become one.

use chrono::TimeDelta;
use kamara_entities::{
    InvitationId, Language, MembershipId, Role, SessionKind,
    control::{invitation, membership, tenant, user},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::{
    Password,
    service::{self, NewUser, expired_link},
    session,
};
use crate::{
    app::App,
    error::{Error, Result, Text},
    graphql::Client,
    jobs,
    mail::{self, Mail},
    tenancy::TenantScope,
    text,
};

/// What events call an invitation.
const INVITATION: &str = "invitation";
/// How long an invitation may be accepted.
const INVITATION_LASTS: TimeDelta = TimeDelta::days(14);

/// Invites a person by mail.
pub(crate) async fn invite(
    app: &App,
    scope: &TenantScope,
    caller: Role,
    email: &str,
    role: Role,
) -> Result<invitation::Model> {
    let email = text::email("email", email)?;
    may_grant(caller, role)?;
    let inviter = scope.actor().ok_or(Error::Forbidden)?;
    if let Some(user) = service::user_by_email(scope.control(), &email).await? {
        let select = scope.find::<membership::Entity>().filter(membership::Column::UserId.eq(user.id));
        if scope.first(select).await?.is_some_and(|member| member.removed_at.is_none()) {
            let message = Text::fixed("This person is a member already.", "ეს პირი უკვე წევრია.");
            return Err(Error::invalid("email", message));
        }
    }
    let (now, secret) = (app.env.now(), app.env.secret());
    let row = invitation::ActiveModel {
        id: Set(app.env.id()),
        tenant_id: Set(scope.tenant_id()),
        email: Set(email.clone()),
        role: Set(role),
        token_hash: Set(session::digest(&secret)),
        invited_by: Set(inviter),
        created_at: Set(now),
        expires_at: Set(now + INVITATION_LASTS),
        accepted_at: Set(None),
        revoked_at: Set(None),
    };
    let row = row.insert(scope.control()).await?;
    scope.note("create", (INVITATION, row.id.0), None, Some(told(&row)));
    let link = format!("{}/accept-invitation?token={secret}", app.config.public_url());
    let by = scope.require::<membership::Entity>(inviter).await?;
    let mail =
        Mail { to: email, ..mail::texts::invitation(scope.tenant().language, &by.name, &scope.tenant().name, &link) };
    jobs::enqueue_mail(scope.control(), &app.env, Some(scope.tenant_id()), &mail).await?;
    Ok(row)
}

/// Only an owner makes owners.
fn may_grant(caller: Role, role: Role) -> Result<()> {
    if role == Role::Owner && caller != Role::Owner { Err(Error::Forbidden) } else { Ok(()) }
}

/// Adds a new user at an operator's command: nobody is asked, and no mail goes out.
pub(crate) async fn add(scope: &TenantScope, new: NewUser, role: Role) -> Result<membership::Model> {
    let user = service::insert_user(scope.control(), scope.env(), new).await?;
    let member = service::insert_membership(scope.control(), scope.env(), scope.tenant_id(), &user, role).await?;
    service::note_member(scope, None, &member)?;
    Ok(member)
}

/// What an event tells of an invitation: all but its secret.
fn told(row: &invitation::Model) -> serde_json::Value {
    serde_json::json!({
        "email": row.email, "role": row.role, "expires_at": row.expires_at, "accepted_at": row.accepted_at,
        "revoked_at": row.revoked_at,
    })
}

/// The invitations that wait for an answer, newest first.
#[expect(clippy::disallowed_methods, reason = "a control table, by the scope's tenant")]
pub(crate) async fn open_invitations(scope: &TenantScope) -> Result<Vec<invitation::Model>> {
    let select = invitation::Entity::find()
        .filter(invitation::Column::TenantId.eq(scope.tenant_id()))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(scope.env().now()))
        .order_by_desc(invitation::Column::CreatedAt);
    Ok(select.all(scope.control()).await?)
}

/// Takes an invitation back.
#[expect(clippy::disallowed_methods, reason = "a control table, by the scope's tenant")]
pub(crate) async fn revoke(scope: &TenantScope, id: InvitationId) -> Result<()> {
    let revoked = invitation::ActiveModel { revoked_at: Set(Some(scope.env().now())), ..Default::default() };
    let done = invitation::Entity::update_many()
        .set(revoked)
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::TenantId.eq(scope.tenant_id()))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .exec_with_returning(scope.control())
        .await?
        .pop();
    let after = done.ok_or(Error::not_found(INVITATION))?;
    let before = told(&invitation::Model { revoked_at: None, ..after.clone() });
    scope.note("revoke", (INVITATION, id.0), Some(before), Some(told(&after)));
    Ok(())
}

/// What accepting an invitation gives.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// The secret of the new session.
    pub(crate) secret: String,
    /// The user.
    pub(crate) user: user::Model,
    /// The tenant that was joined.
    pub(crate) tenant: tenant::Model,
}

/// Accepts an invitation: makes the user, or, where the address has one, checks the password.
pub(crate) async fn accept(
    app: &App,
    client: &Client,
    token: &str,
    name: &str,
    password: &Password,
    kind: SessionKind,
) -> Result<Accepted> {
    let open = open_invitation(app, token).await?;
    let (known, new) = if service::user_by_email(app.db.reader(), &open.email).await?.is_some() {
        (Some(service::authenticate(app, client, &open.email, password).await?), None)
    } else {
        password.check("password")?;
        let name = text::name("name", name)?;
        let language = client.language.unwrap_or(Language::En);
        let password_hash = password.hash(&app.env).await?;
        (None, Some(NewUser { name, email: open.email.clone(), language, password_hash }))
    };
    let transaction = app.db.begin().await?;
    let invitation = take_invitation(&transaction, app, open.id).await?;
    let user = match (known, new) {
        (Some(user), _) => user,
        (None, Some(new)) => service::insert_user(&transaction, &app.env, new).await?,
        (None, None) => return Err(Error::internal("an invitation of nobody")),
    };
    let (back, member) = join(&transaction, app, &invitation, &user).await?;
    let tenant = tenant_of(&transaction, &invitation).await?;
    let secret = session::begin(&transaction, &app.env, client, user.id, Some(tenant.id), kind).await?;
    let origin = (client.request_id.as_str(), client.ip.as_deref());
    let scope = TenantScope::of_new_member(transaction, tenant.clone(), member.id, &app.env, origin).await?;
    let open = told(&invitation::Model { accepted_at: None, ..invitation.clone() });
    scope.note("accept", (INVITATION, invitation.id.0), Some(open), Some(told(&invitation)));
    service::note_member(&scope, back.as_ref(), &member)?;
    scope.commit().await?;
    Ok(Accepted { secret, user, tenant })
}

#[expect(clippy::disallowed_methods, reason = "a control table, by the secret")]
async fn open_invitation(app: &App, token: &str) -> Result<invitation::Model> {
    let select = invitation::Entity::find()
        .filter(invitation::Column::TokenHash.eq(session::digest(token)))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(app.env.now()));
    select.one(app.db.reader()).await?.ok_or_else(|| Error::invalid("token", expired_link()))
}

/// Marks the invitation as accepted; only one of two that come at once does.
#[expect(clippy::disallowed_methods, reason = "a control table, by its id")]
async fn take_invitation(
    transaction: &sea_orm::DatabaseTransaction,
    app: &App,
    id: InvitationId,
) -> Result<invitation::Model> {
    let now = app.env.now();
    let accepted = invitation::ActiveModel { accepted_at: Set(Some(now)), ..Default::default() };
    let row = invitation::Entity::update_many()
        .set(accepted)
        .filter(invitation::Column::Id.eq(id))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::RevokedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .exec_with_returning(transaction)
        .await?
        .pop();
    row.ok_or_else(|| Error::invalid("token", expired_link()))
}

/// A former member comes back to the old membership, which is given too, as it was.
#[expect(clippy::disallowed_methods, reason = "a control table, by the invitation's tenant")]
async fn join(
    transaction: &sea_orm::DatabaseTransaction,
    app: &App,
    invitation: &invitation::Model,
    user: &user::Model,
) -> Result<(Option<membership::Model>, membership::Model)> {
    let former = membership::Entity::find()
        .filter(membership::Column::TenantId.eq(invitation.tenant_id))
        .filter(membership::Column::UserId.eq(user.id))
        .one(transaction)
        .await?;
    let back = membership::ActiveModel {
        role: Set(invitation.role),
        removed_at: Set(None),
        updated_at: Set(app.env.now()),
        ..Default::default()
    };
    let done = membership::Entity::update_many()
        .set(back)
        .filter(membership::Column::TenantId.eq(invitation.tenant_id))
        .filter(membership::Column::UserId.eq(user.id))
        .exec_with_returning(transaction)
        .await?
        .pop();
    let member = match done {
        Some(member) => member,
        None => service::insert_membership(transaction, &app.env, invitation.tenant_id, user, invitation.role).await?,
    };
    Ok((former, member))
}

#[expect(clippy::disallowed_methods, reason = "a control table, by the invitation's tenant")]
async fn tenant_of(
    transaction: &sea_orm::DatabaseTransaction,
    invitation: &invitation::Model,
) -> Result<tenant::Model> {
    let found = tenant::Entity::find_by_id(invitation.tenant_id).one(transaction).await?;
    found.ok_or_else(|| Error::internal("an invitation of no tenant"))
}

/// Says what a member may do.
pub(crate) async fn change_role(
    scope: &TenantScope,
    caller: Role,
    id: MembershipId,
    role: Role,
) -> Result<membership::Model> {
    let before = present(scope, id).await?;
    may_grant(caller, role)?;
    may_grant(caller, before.role)?;
    if before.role == Role::Owner && role != Role::Owner {
        another_owner(scope, id).await?;
    }
    let after = membership::Model { role, ..before.clone() };
    scope.update_row::<membership::Entity>(&before, after).await
}

/// Removes a member; what the member did stays. Sessions that look at the tenant end.
pub(crate) async fn remove(scope: &TenantScope, caller: Role, id: MembershipId) -> Result<()> {
    let before = present(scope, id).await?;
    may_grant(caller, before.role)?;
    if before.role == Role::Owner {
        another_owner(scope, id).await?;
    }
    let after = membership::Model { removed_at: Some(scope.env().now()), ..before.clone() };
    scope.update_row::<membership::Entity>(&before, after).await?;
    session::end_in_tenant(scope.control(), before.user_id, scope.tenant_id()).await
}

async fn present(scope: &TenantScope, id: MembershipId) -> Result<membership::Model> {
    let member = scope.lock::<membership::Entity>(id).await?;
    if member.removed_at.is_some() { Err(Error::not_found("membership")) } else { Ok(member) }
}

/// A tenant never loses its last owner: all owners are locked, so that two can't go at once.
async fn another_owner(scope: &TenantScope, but: MembershipId) -> Result<()> {
    let select = scope
        .find::<membership::Entity>()
        .filter(membership::Column::Role.eq(Role::Owner))
        .filter(membership::Column::RemovedAt.is_null());
    let owners: Vec<MembershipId> = scope.all(select).await?.into_iter().map(|member| member.id).collect();
    let owners = scope.lock_all::<membership::Entity>(owners).await?;
    let stays =
        |member: &membership::Model| member.id != but && member.role == Role::Owner && member.removed_at.is_none();
    if owners.values().any(stays) {
        return Ok(());
    }
    Err(Error::Conflict(Text::fixed(
        "A workspace needs an owner. Make somebody else one first.",
        "სამუშაო სივრცეს სჭირდება მფლობელი. ჯერ სხვა დანიშნეთ მფლობელად.",
    )))
}
