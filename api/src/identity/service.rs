//! Logging in and out, and a user's own settings.

use chrono::TimeDelta;
use kamara_entities::{
    Language, MembershipId, Role, SessionKind, TenantEntity as _, TenantId, UserId,
    control::{membership, password_reset, session, tenant, user},
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::{Caller, Password, session as sessions, throttle::Attempt};
use crate::{
    app::App,
    db::Db,
    env::Env,
    error::{Error, Result, Text},
    graphql::Client,
    jobs,
    mail::{self, Mail},
    tenancy::TenantScope,
    text,
};

/// How long the link in a mail about a forgotten password works.
const RESET_LASTS: TimeDelta = TimeDelta::hours(2);

/// A tenant that a user belongs to.
#[derive(Clone, Debug)]
pub struct Belonging {
    /// The tenant.
    pub tenant: tenant::Model,
    /// The membership.
    pub membership: MembershipId,
    /// What it allows.
    pub role: Role,
}

/// A log-in that succeeded.
#[derive(Debug)]
pub struct LoggedIn {
    /// The secret of the new session.
    pub secret: String,
    /// The user.
    pub user: user::Model,
    /// The tenants that the user belongs to.
    pub tenants: Vec<Belonging>,
}

/// Wrong address or wrong password: the same answer for both.
fn refused() -> Error {
    Error::invalid(
        "password",
        Text::fixed("The address or the password is wrong.", "ელფოსტის მისამართი ან პაროლი არასწორია."),
    )
}

/// Checks an address and a password; counts the attempt, whether or not there is such a user.
pub(crate) async fn authenticate(app: &App, client: &Client, email: &str, password: &Password) -> Result<user::Model> {
    let email = email.trim().to_lowercase();
    let attempt = Attempt::count(&app.db, &app.env, &email, client.ip.as_deref()).await?;
    let user = user_by_email(app.db.reader(), &email).await?;
    let matches = password.matches(user.as_ref().map(|user| user.password_hash.clone())).await?;
    match user {
        Some(user) if matches => {
            attempt.succeeded(&app.db).await?;
            Ok(user)
        }
        _ => Err(refused()),
    }
}

/// Logs a user in. With one tenant the session looks at it; with several one is chosen afterwards.
pub(crate) async fn log_in(
    app: &App,
    client: &Client,
    email: &str,
    password: &Password,
    kind: SessionKind,
) -> Result<LoggedIn> {
    let user = authenticate(app, client, email, password).await?;
    let tenants = belongings(&app.db, user.id).await?;
    let only = match tenants.as_slice() {
        [one] => Some(one.tenant.id),
        _ => None,
    };
    let transaction = app.db.begin().await?;
    let secret = sessions::begin(&transaction, &app.env, client, user.id, only, kind).await?;
    transaction.commit().await?;
    Ok(LoggedIn { secret, user, tenants })
}

/// Ends the session.
pub(crate) async fn log_out(app: &App, caller: &Caller) -> Result<()> {
    let transaction = app.db.begin().await?;
    sessions::end(&transaction, caller.user.id, caller.session).await?;
    Ok(transaction.commit().await?)
}

/// Ends one of the caller's sessions.
pub(crate) async fn end_session(app: &App, caller: &Caller, id: kamara_entities::SessionId) -> Result<()> {
    let transaction = app.db.begin().await?;
    sessions::end(&transaction, caller.user.id, id).await?;
    Ok(transaction.commit().await?)
}

/// The caller's sessions.
pub(crate) async fn sessions_of(app: &App, caller: &Caller) -> Result<Vec<session::Model>> {
    sessions::of_user(&app.db, &app.env, caller.user.id).await
}

/// Lets the session look at another of the user's tenants.
pub(crate) async fn switch_tenant(app: &App, caller: &Caller, tenant: TenantId) -> Result<tenant::Model> {
    let belongings = belongings(&app.db, caller.user.id).await?;
    let found = belongings.into_iter().find(|belonging| belonging.tenant.id == tenant);
    let found = found.ok_or(Error::NotFound { what: "tenant", field: Some("tenantId".into()) })?;
    let transaction = app.db.begin().await?;
    sessions::look_at(&transaction, caller.session, tenant).await?;
    transaction.commit().await?;
    Ok(found.tenant)
}

/// Sets a new password, for who knows the present one. All other sessions end.
pub(crate) async fn change_password(
    app: &App,
    client: &Client,
    caller: &Caller,
    current: &Password,
    new: &Password,
) -> Result<()> {
    new.check("newPassword")?;
    let attempt = Attempt::count(&app.db, &app.env, &caller.user.email, client.ip.as_deref()).await?;
    if !current.matches(Some(caller.user.password_hash.clone())).await? {
        let message = Text::fixed("This is not your present password.", "ეს არ არის თქვენი მოქმედი პაროლი.");
        return Err(Error::invalid("currentPassword", message));
    }
    attempt.succeeded(&app.db).await?;
    let hash = new.hash(&app.env).await?;
    let transaction = app.db.begin().await?;
    set_password(&transaction, &app.env, caller.user.id, hash).await?;
    sessions::end_others(&transaction, caller.user.id, Some(caller.session)).await?;
    Ok(transaction.commit().await?)
}

async fn set_password(transaction: &DatabaseTransaction, env: &Env, id: UserId, hash: String) -> Result<()> {
    let row = user::ActiveModel { password_hash: Set(hash), updated_at: Set(env.now()), ..Default::default() };
    write_user(transaction, id, row).await.map(|_| ())
}

#[expect(clippy::disallowed_methods, reason = "a control table, by its id")]
async fn write_user(transaction: &DatabaseTransaction, id: UserId, row: user::ActiveModel) -> Result<user::Model> {
    let rows =
        user::Entity::update_many().set(row).filter(user::Column::Id.eq(id)).exec_with_returning(transaction).await?;
    rows.into_iter().next().ok_or(Error::not_found("user"))
}

/// Changes a user's name (also as the tenants see it) and language.
#[expect(clippy::disallowed_methods, reason = "control tables, by the caller's own user")]
pub(crate) async fn update_profile(
    app: &App,
    caller: &Caller,
    name: Option<String>,
    language: Option<Language>,
) -> Result<user::Model> {
    let name = name.map(|name| text::name("name", &name)).transpose()?.unwrap_or_else(|| caller.user.name.clone());
    let transaction = app.db.begin().await?;
    let row = user::ActiveModel {
        name: Set(name.clone()),
        language: Set(language.unwrap_or(caller.user.language)),
        updated_at: Set(app.env.now()),
        ..Default::default()
    };
    let user = write_user(&transaction, caller.user.id, row).await?;
    let row = membership::ActiveModel { name: Set(name), updated_at: Set(app.env.now()), ..Default::default() };
    membership::Entity::update_many()
        .set(row)
        .filter(membership::Column::UserId.eq(user.id))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(user)
}

/// Sends a link to set a new password, if there is such a user; the answer is the same if not.
pub(crate) async fn request_password_reset(app: &App, client: &Client, email: &str) -> Result<()> {
    let email = email.trim().to_lowercase();
    // Counted like a log-in, so that nobody's inbox is flooded.
    Attempt::count(&app.db, &app.env, &format!("reset {email}"), client.ip.as_deref()).await?;
    let Some(user) = user_by_email(app.db.reader(), &email).await? else { return Ok(()) };
    let (now, secret) = (app.env.now(), app.env.secret());
    let transaction = app.db.begin().await?;
    let row = password_reset::ActiveModel {
        id: Set(app.env.id()),
        user_id: Set(user.id),
        token_hash: Set(sessions::digest(&secret)),
        created_at: Set(now),
        expires_at: Set(now + RESET_LASTS),
        used_at: Set(None),
    };
    row.insert(&transaction).await?;
    let link = format!("{}/reset-password?token={secret}", app.config.public_url());
    let mail = Mail { to: user.email, ..mail::texts::password_reset(user.language, &user.name, &link) };
    jobs::enqueue_mail(&transaction, &app.env, None, &mail).await?;
    transaction.commit().await?;
    app.jobs.notify_one();
    Ok(())
}

/// Sets a new password by the link of a mail. The link works once, and all sessions end.
#[expect(clippy::disallowed_methods, reason = "a control table, by the secret")]
pub(crate) async fn reset_password(app: &App, token: &str, new: &Password) -> Result<()> {
    new.check("newPassword")?;
    let hash = new.hash(&app.env).await?;
    let now = app.env.now();
    let transaction = app.db.begin().await?;
    let used = password_reset::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
    let row = password_reset::Entity::update_many()
        .set(used)
        .filter(password_reset::Column::TokenHash.eq(sessions::digest(token)))
        .filter(password_reset::Column::UsedAt.is_null())
        .filter(password_reset::Column::ExpiresAt.gt(now))
        .exec_with_returning(&transaction)
        .await?
        .pop();
    let row = row.ok_or_else(|| Error::invalid("token", expired_link()))?;
    set_password(&transaction, &app.env, row.user_id, hash).await?;
    sessions::end_others(&transaction, row.user_id, None).await?;
    Ok(transaction.commit().await?)
}

/// A link of a mail that doesn't work.
pub(crate) const fn expired_link() -> Text {
    Text::fixed(
        "This link has been used or has expired. Ask for a new one.",
        "ეს ბმული უკვე გამოყენებულია ან ვადა გაუვიდა. მოითხოვეთ ახალი.",
    )
}

/// The user with an address.
#[expect(clippy::disallowed_methods, reason = "a control table, by the address")]
pub(crate) async fn user_by_email(connection: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>> {
    Ok(user::Entity::find().filter(user::Column::Email.eq(email)).one(connection).await?)
}

/// Whether a user has an address.
pub(crate) async fn is_registered(db: &Db, email: &str) -> Result<bool> {
    Ok(user_by_email(db.reader(), email).await?.is_some())
}

/// The tenants that a user belongs to, by name.
#[expect(clippy::disallowed_methods, reason = "control tables, by the user")]
pub(crate) async fn belongings(db: &Db, user: UserId) -> Result<Vec<Belonging>> {
    let select = membership::Entity::find()
        .filter(membership::Column::UserId.eq(user))
        .filter(membership::Column::RemovedAt.is_null());
    let members = select.all(db.reader()).await?;
    let ids: Vec<TenantId> = members.iter().map(|member| member.tenant_id).collect();
    let tenants = tenant::Entity::find()
        .filter(tenant::Column::Id.is_in(ids))
        .order_by_asc(tenant::Column::Name)
        .all(db.reader())
        .await?;
    let belonging = |tenant: tenant::Model| {
        let member = members.iter().find(|member| member.tenant_id == tenant.id)?;
        Some(Belonging { membership: member.id, role: member.role, tenant })
    };
    Ok(tenants.into_iter().filter_map(belonging).collect())
}

/// A person who signs up or accepts an invitation.
#[derive(Debug)]
pub(crate) struct NewUser {
    /// Name.
    pub(crate) name: String,
    /// Address, in lower case.
    pub(crate) email: String,
    /// Language of the page.
    pub(crate) language: Language,
    /// The password's hash.
    pub(crate) password_hash: String,
}

/// Writes a new user.
pub(crate) async fn insert_user(transaction: &DatabaseTransaction, env: &Env, new: NewUser) -> Result<user::Model> {
    let now = env.now();
    let row = user::ActiveModel {
        id: Set(env.id()),
        email: Set(new.email),
        name: Set(new.name),
        language: Set(new.language),
        password_hash: Set(new.password_hash),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(transaction).await.map_err(|error| match Error::from(error) {
        Error::Invalid { field, .. } if field == "email" => already_registered(),
        other => other,
    })
}

/// The address belongs to a user.
pub(crate) fn already_registered() -> Error {
    Error::invalid(
        "email",
        Text::fixed(
            "This address is registered already. Log in instead.",
            "ეს მისამართი უკვე რეგისტრირებულია. შედით სისტემაში.",
        ),
    )
}

/// Writes a new membership.
pub(crate) async fn insert_membership(
    transaction: &DatabaseTransaction,
    env: &Env,
    tenant: TenantId,
    user: &user::Model,
    role: Role,
) -> Result<membership::Model> {
    let now = env.now();
    let row = membership::ActiveModel {
        tenant_id: Set(tenant),
        id: Set(env.id()),
        user_id: Set(user.id),
        name: Set(user.name.clone()),
        role: Set(role),
        removed_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    Ok(row.insert(transaction).await?)
}

/// Leaves the event of a membership that was written before there was a scope: a new one, or one that was given again.
pub(crate) fn note_member(
    scope: &TenantScope,
    before: Option<&membership::Model>,
    after: &membership::Model,
) -> Result<()> {
    let json = |row: &membership::Model| serde_json::to_value(row).map_err(Error::internal);
    let action = if before.is_some() { "update" } else { "create" };
    let subject = (membership::Entity::KIND, after.id.0);
    scope.note(action, subject, before.map(json).transpose()?, Some(json(after)?));
    Ok(())
}

/// Checks that an input's field names a member of the tenant.
pub(crate) async fn member(
    scope: &TenantScope,
    field: &'static str,
    id: Option<MembershipId>,
) -> Result<Option<membership::Model>> {
    let member = scope.referred_optional::<membership::Entity>(field, id).await?;
    if member.as_ref().is_some_and(|member| member.removed_at.is_some()) {
        return Err(Error::NotFound { what: "member", field: Some(field.into()) });
    }
    Ok(member)
}
