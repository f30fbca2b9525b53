//! Sessions: how a request's secret leads to its caller.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kamara_entities::{
    Language, MembershipId, Role, SessionId, SessionKind, TenantId, UserId,
    control::{membership, session, tenant, user},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder,
    sea_query::{Expr, Query, SelectStatement},
};
use sha2::{Digest, Sha256};

use super::caller::{Caller, Place};
use crate::{
    db::Db,
    env::{Env, hex},
    error::{Error, Result},
    graphql::Client,
};

/// How long the page's session lasts.
const COOKIE_LASTS: TimeDelta = TimeDelta::days(30);
/// How long a script's session lasts.
const TOKEN_LASTS: TimeDelta = TimeDelta::days(365);
/// How exact "last seen" is: a write for each request would cost more than it tells.
const SEEN_EXACT_TO: TimeDelta = TimeDelta::minutes(5);
/// The cookie that holds the page's secret. Behind TLS it has the prefix that keeps other hosts from setting it.
pub(crate) const COOKIE: &str = "kamara_session";

/// What is kept of a secret.
pub(crate) fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Begins a session and gives its secret, which is kept nowhere.
pub(crate) async fn begin(
    transaction: &DatabaseTransaction,
    env: &Env,
    client: &Client,
    user: UserId,
    tenant: Option<TenantId>,
    kind: SessionKind,
) -> Result<String> {
    let (now, secret) = (env.now(), env.secret());
    let lasts = match kind {
        SessionKind::Cookie => COOKIE_LASTS,
        SessionKind::Token => TOKEN_LASTS,
    };
    let limited = |text: &Option<String>| text.as_ref().map(|text| text.chars().take(300).collect());
    let row = session::ActiveModel {
        id: Set(env.id()),
        token_hash: Set(digest(&secret)),
        user_id: Set(user),
        tenant_id: Set(tenant),
        kind: Set(kind),
        user_agent: Set(limited(&client.user_agent)),
        ip: Set(limited(&client.ip)),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(now + lasts),
    };
    #[expect(clippy::disallowed_methods, reason = "a control table")]
    session::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(secret)
}

/// The cookie that carries a secret, or that takes it back.
pub(crate) fn cookie(secret: Option<&str>, behind_tls: bool) -> String {
    let name = cookie_name(behind_tls);
    let mut cookie = cookie::Cookie::new(name, secret.unwrap_or_default().to_owned());
    cookie.set_http_only(true);
    cookie.set_same_site(cookie::SameSite::Lax);
    cookie.set_secure(behind_tls);
    cookie.set_path("/");
    let lasts = if secret.is_some() { COOKIE_LASTS.num_seconds() } else { 0 };
    cookie.set_max_age(cookie::time::Duration::seconds(lasts));
    cookie.to_string()
}

/// The cookie's name.
pub(crate) fn cookie_name(behind_tls: bool) -> String {
    if behind_tls { format!("__Host-{COOKIE}") } else { COOKIE.to_owned() }
}

#[derive(Debug, FromQueryResult)]
struct Found {
    session_id: SessionId,
    session_kind: SessionKind,
    last_seen_at: DateTime<Utc>,
    user_id: UserId,
    email: String,
    user_name: String,
    user_language: Language,
    password_hash: String,
    user_created_at: DateTime<Utc>,
    user_updated_at: DateTime<Utc>,
    membership_id: Option<MembershipId>,
    role: Option<Role>,
    tenant_id: Option<TenantId>,
    tenant_name: Option<String>,
    country: Option<String>,
    base_currency: Option<String>,
    time_zone: Option<String>,
    tenant_language: Option<Language>,
    tenant_created_at: Option<DateTime<Utc>>,
    tenant_updated_at: Option<DateTime<Utc>>,
    tenant_version: Option<i32>,
}

fn col(column: impl ColumnTrait) -> Expr {
    Expr::col(column.as_column_ref())
}

/// Session, user, membership and tenant in one statement: it's run for each request.
fn lookup(hash: &str, now: DateTime<Utc>) -> SelectStatement {
    use membership::Column as M;
    use session::Column as S;
    use tenant::Column as T;
    use user::Column as U;
    Query::select()
        .expr_as(col(S::Id), "session_id")
        .expr_as(col(S::Kind), "session_kind")
        .expr_as(col(S::LastSeenAt), "last_seen_at")
        .expr_as(col(U::Id), "user_id")
        .expr_as(col(U::Email), "email")
        .expr_as(col(U::Name), "user_name")
        .expr_as(col(U::Language), "user_language")
        .expr_as(col(U::PasswordHash), "password_hash")
        .expr_as(col(U::CreatedAt), "user_created_at")
        .expr_as(col(U::UpdatedAt), "user_updated_at")
        .expr_as(col(M::Id), "membership_id")
        .expr_as(col(M::Role), "role")
        .expr_as(col(T::Id), "tenant_id")
        .expr_as(col(T::Name), "tenant_name")
        .expr_as(col(T::Country), "country")
        .expr_as(col(T::BaseCurrency), "base_currency")
        .expr_as(col(T::TimeZone), "time_zone")
        .expr_as(col(T::Language), "tenant_language")
        .expr_as(col(T::CreatedAt), "tenant_created_at")
        .expr_as(col(T::UpdatedAt), "tenant_updated_at")
        .expr_as(col(T::Version), "tenant_version")
        .from(session::Entity)
        .inner_join(user::Entity, col(S::UserId).eq(col(U::Id)))
        .left_join(
            membership::Entity,
            col(M::TenantId)
                .eq(col(S::TenantId))
                .and(col(M::UserId).eq(col(S::UserId)))
                .and(col(M::RemovedAt).is_null()),
        )
        .left_join(tenant::Entity, col(T::Id).eq(col(M::TenantId)))
        .and_where(col(S::TokenHash).eq(hash))
        .and_where(col(S::ExpiresAt).gt(now))
        .to_owned()
}

impl Found {
    fn caller(self) -> Caller {
        let tenant = || {
            Some(tenant::Model {
                id: self.tenant_id?,
                name: self.tenant_name.clone()?,
                country: self.country.clone()?,
                base_currency: self.base_currency.clone()?,
                time_zone: self.time_zone.clone()?,
                language: self.tenant_language?,
                created_at: self.tenant_created_at?,
                updated_at: self.tenant_updated_at?,
                version: self.tenant_version?,
            })
        };
        let place = || Some(Place { membership: self.membership_id?, role: self.role?, tenant: Arc::new(tenant()?) });
        Caller {
            session: self.session_id,
            kind: self.session_kind,
            place: place(),
            user: user::Model {
                id: self.user_id,
                email: self.email,
                name: self.user_name,
                language: self.user_language,
                password_hash: self.password_hash,
                created_at: self.user_created_at,
                updated_at: self.user_updated_at,
            },
        }
    }
}

/// The caller whose session has this secret, and of this kind: a cookie's secret is no bearer token, nor the other way round.
pub(crate) async fn caller(db: &Db, env: &Env, secret: &str, kind: SessionKind) -> Result<Option<Caller>> {
    let now = env.now();
    let Some(row) = db.reader().query_one(&lookup(&digest(secret), now)).await? else { return Ok(None) };
    let found = Found::from_query_result(&row, "")?;
    if found.session_kind != kind {
        return Ok(None);
    }
    if now - found.last_seen_at > SEEN_EXACT_TO {
        let seen = session::ActiveModel { last_seen_at: Set(now), ..Default::default() };
        let transaction = db.begin().await?;
        change(&transaction, found.session_id, seen).await?;
        transaction.commit().await?;
    }
    Ok(Some(found.caller()))
}

#[expect(clippy::disallowed_methods, reason = "a control table")]
async fn change(transaction: &DatabaseTransaction, id: SessionId, row: session::ActiveModel) -> Result<()> {
    session::Entity::update_many().set(row).filter(session::Column::Id.eq(id)).exec(transaction).await?;
    Ok(())
}

/// Lets a session look at another tenant.
pub(crate) async fn look_at(transaction: &DatabaseTransaction, id: SessionId, tenant: TenantId) -> Result<()> {
    change(transaction, id, session::ActiveModel { tenant_id: Set(Some(tenant)), ..Default::default() }).await
}

/// A user's sessions that last, newest first.
#[expect(clippy::disallowed_methods, reason = "a control table, by the user")]
pub(crate) async fn of_user(db: &Db, env: &Env, user: UserId) -> Result<Vec<session::Model>> {
    let select = session::Entity::find()
        .filter(session::Column::UserId.eq(user))
        .filter(session::Column::ExpiresAt.gt(env.now()))
        .order_by_desc(session::Column::LastSeenAt);
    Ok(select.all(db.reader()).await?)
}

/// Ends a session of a user.
pub(crate) async fn end(transaction: &DatabaseTransaction, user: UserId, id: SessionId) -> Result<()> {
    let condition = Condition::all().add(session::Column::UserId.eq(user)).add(session::Column::Id.eq(id));
    if delete(transaction, condition).await? == 0 { Err(Error::not_found("session")) } else { Ok(()) }
}

/// Ends all sessions of a user but one.
pub(crate) async fn end_others(transaction: &DatabaseTransaction, user: UserId, but: Option<SessionId>) -> Result<()> {
    let condition =
        Condition::all().add(session::Column::UserId.eq(user)).add_option(but.map(|id| session::Column::Id.ne(id)));
    delete(transaction, condition).await?;
    Ok(())
}

/// Ends a user's sessions that look at a tenant.
pub(crate) async fn end_in_tenant(transaction: &DatabaseTransaction, user: UserId, tenant: TenantId) -> Result<()> {
    let condition = Condition::all().add(session::Column::UserId.eq(user)).add(session::Column::TenantId.eq(tenant));
    delete(transaction, condition).await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a control table, by the user")]
async fn delete(transaction: &DatabaseTransaction, condition: Condition) -> Result<u64> {
    Ok(session::Entity::delete_many().filter(condition).exec(transaction).await?.rows_affected)
}
