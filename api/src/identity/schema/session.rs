//! The caller, and the caller's sessions.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{SessionId, SessionKind as Kind, TenantId, UserId, control::user};

use super::Member;
use crate::{
    graphql::{
        Id,
        enums::{Language, Role, SessionKind},
        guard::LoggedIn,
        request,
    },
    identity::{Caller, Password, Permission, permissions, service, session},
    tenancy::schema::Tenant,
};

/// A person who can log in.
#[derive(SimpleObject)]
pub(crate) struct User {
    /// Id.
    id: Id<UserId>,
    /// E-mail address.
    email: String,
    /// Name.
    name: String,
    /// Language of the page and of mails.
    language: Language,
}

impl From<user::Model> for User {
    fn from(row: user::Model) -> Self {
        Self { id: Id(row.id), email: row.email, name: row.name, language: row.language.into() }
    }
}

/// A tenant that the caller belongs to.
#[derive(SimpleObject)]
pub(crate) struct TenantMembership {
    /// The tenant's id.
    id: Id<TenantId>,
    /// The tenant's name.
    name: String,
    /// What the caller may do there.
    role: Role,
}

impl From<service::Belonging> for TenantMembership {
    fn from(belonging: service::Belonging) -> Self {
        Self { id: Id(belonging.tenant.id), name: belonging.tenant.name, role: belonging.role.into() }
    }
}

/// The caller.
pub(crate) struct Me(Caller);

#[Object]
impl Me {
    /// The user.
    async fn user(&self) -> User {
        self.0.user.clone().into()
    }

    /// The place in the tenant that the session looks at; none until one is chosen.
    async fn membership(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        match &self.0.place {
            Some(place) => Ok(Some(Member::load(ctx, place.membership).await?)),
            None => Ok(None),
        }
    }

    /// The tenant that the session looks at; none until one is chosen.
    async fn tenant(&self) -> Option<Tenant> {
        self.0.place.as_ref().map(|place| Tenant::from(place.tenant.as_ref().clone()))
    }

    /// The tenants that the user belongs to.
    async fn tenants(&self, ctx: &Context<'_>) -> Result<Vec<TenantMembership>> {
        let belongings = service::belongings(&request(ctx).app().db, self.0.user.id).await?;
        Ok(belongings.into_iter().map(Into::into).collect())
    }

    /// What the caller may do in the tenant.
    async fn permissions(&self) -> Vec<Permission> {
        self.0.place.as_ref().map_or_else(Vec::new, |place| permissions::of(place.role).to_vec())
    }
}

/// A log-in that lasts.
#[derive(SimpleObject)]
pub(crate) struct Session {
    /// Id.
    id: Id<SessionId>,
    /// How its secret travels.
    kind: SessionKind,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last used, give or take five minutes.
    last_seen_at: DateTime<Utc>,
    /// When it ends.
    expires_at: DateTime<Utc>,
    /// What the client called itself.
    user_agent: Option<String>,
    /// The client's address.
    ip: Option<String>,
    /// Whether it's the one that asks.
    current: bool,
}

/// Asking who one is.
#[derive(Default)]
pub(crate) struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The caller.
    #[graphql(guard = "LoggedIn")]
    async fn me(&self, ctx: &Context<'_>) -> Result<Me> {
        Ok(Me(request(ctx).caller()?.clone()))
    }

    /// The caller's log-ins, the last used first.
    #[graphql(guard = "LoggedIn")]
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let caller = request(ctx).caller()?;
        let rows = service::sessions_of(request(ctx).app(), caller).await?;
        let shown = |row: kamara_entities::control::session::Model| Session {
            current: row.id == caller.session,
            id: Id(row.id),
            kind: row.kind.into(),
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
            user_agent: row.user_agent,
            ip: row.ip,
        };
        Ok(rows.into_iter().map(shown).collect())
    }
}

/// An address and a password.
#[derive(InputObject)]
pub(crate) struct LogInInput {
    /// E-mail address.
    email: String,
    /// Password.
    password: String,
    /// For the page: the secret goes into a cookie that scripts can't read, instead of into the answer.
    #[graphql(default)]
    cookie: bool,
}

/// A log-in that succeeded.
#[derive(SimpleObject)]
pub(crate) struct LogInPayload {
    /// The bearer token, unless a cookie was asked for.
    token: Option<String>,
    /// The user.
    user: User,
    /// The tenants that the user belongs to. With one, the session looks at it; with several, `switchTenant` chooses.
    tenants: Vec<TenantMembership>,
}

/// Which tenant to look at.
#[derive(InputObject)]
pub(crate) struct SwitchTenantInput {
    /// One of the caller's tenants.
    tenant_id: Id<TenantId>,
}

/// The tenant that the session looks at now.
#[derive(SimpleObject)]
pub(crate) struct SwitchTenantPayload {
    /// The tenant.
    tenant: Tenant,
}

/// Which session to end.
#[derive(InputObject)]
pub(crate) struct EndSessionInput {
    /// One of the caller's sessions.
    id: Id<SessionId>,
}

/// A session that ended.
#[derive(SimpleObject)]
pub(crate) struct EndSessionPayload {
    /// Its id.
    session_id: Id<SessionId>,
}

/// A change of the password.
#[derive(InputObject)]
pub(crate) struct ChangePasswordInput {
    /// The present one.
    current_password: String,
    /// The new one: 8 to 128 characters, and none of the most common.
    new_password: String,
}

/// A forgotten password.
#[derive(InputObject)]
pub(crate) struct RequestPasswordResetInput {
    /// E-mail address.
    email: String,
}

/// A new password by the link of a mail.
#[derive(InputObject)]
pub(crate) struct ResetPasswordInput {
    /// What the link holds.
    token: String,
    /// The new password: 8 to 128 characters, and none of the most common.
    new_password: String,
}

/// A change of the caller's own settings; what is left out stays.
#[derive(InputObject)]
pub(crate) struct UpdateProfileInput {
    /// Name.
    name: Option<String>,
    /// Language of the page and of mails.
    language: Option<Language>,
}

macro_rules! done {
    ($($name:ident),*) => {$(
        /// It's done.
        #[derive(SimpleObject)]
        pub(crate) struct $name {
            /// Always true.
            ok: bool,
        }
    )*};
}

done!(LogOutPayload, ChangePasswordPayload, RequestPasswordResetPayload, ResetPasswordPayload);

payloads! { UpdateProfilePayload { user: User } }

/// Puts a session's secret where the client wants it: into a cookie, or into the answer.
pub(crate) fn answer_secret(ctx: &Context<'_>, secret: String, cookie: bool) -> Option<String> {
    if !cookie {
        return Some(secret);
    }
    let value = session::cookie(Some(&secret), request(ctx).app().config.behind_tls());
    ctx.append_http_header("set-cookie", value);
    None
}

/// The kind of session that a client asks for.
pub(crate) const fn kind(cookie: bool) -> Kind {
    if cookie { Kind::Cookie } else { Kind::Token }
}

/// Logging in and out.
#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Logs in.
    async fn log_in(&self, ctx: &Context<'_>, input: LogInInput) -> Result<LogInPayload> {
        let request = request(ctx);
        let password = Password::new(input.password);
        let done =
            service::log_in(request.app(), request.client(), &input.email, &password, kind(input.cookie)).await?;
        Ok(LogInPayload {
            token: answer_secret(ctx, done.secret, input.cookie),
            user: done.user.into(),
            tenants: done.tenants.into_iter().map(Into::into).collect(),
        })
    }

    /// Logs out: ends the session.
    #[graphql(guard = "LoggedIn")]
    async fn log_out(&self, ctx: &Context<'_>) -> Result<LogOutPayload> {
        let caller = request(ctx).caller()?;
        service::log_out(request(ctx).app(), caller).await?;
        if caller.kind == Kind::Cookie {
            let value = session::cookie(None, request(ctx).app().config.behind_tls());
            ctx.append_http_header("set-cookie", value);
        }
        Ok(LogOutPayload { ok: true })
    }

    /// Lets the session look at another of the caller's tenants.
    #[graphql(guard = "LoggedIn")]
    async fn switch_tenant(&self, ctx: &Context<'_>, input: SwitchTenantInput) -> Result<SwitchTenantPayload> {
        let request = request(ctx);
        let tenant = service::switch_tenant(request.app(), request.caller()?, input.tenant_id.0).await?;
        Ok(SwitchTenantPayload { tenant: tenant.into() })
    }

    /// Ends one of the caller's sessions.
    #[graphql(guard = "LoggedIn")]
    async fn end_session(&self, ctx: &Context<'_>, input: EndSessionInput) -> Result<EndSessionPayload> {
        service::end_session(request(ctx).app(), request(ctx).caller()?, input.id.0).await?;
        Ok(EndSessionPayload { session_id: input.id })
    }

    /// Changes the password, and ends all other sessions.
    #[graphql(guard = "LoggedIn")]
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<ChangePasswordPayload> {
        let request = request(ctx);
        let (current, new) = (Password::new(input.current_password), Password::new(input.new_password));
        service::change_password(request.app(), request.client(), request.caller()?, &current, &new).await?;
        Ok(ChangePasswordPayload { ok: true })
    }

    /// Sends a link to set a new password, if there is such a user. The answer tells nothing.
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        input: RequestPasswordResetInput,
    ) -> Result<RequestPasswordResetPayload> {
        service::request_password_reset(request(ctx).app(), request(ctx).client(), &input.email).await?;
        Ok(RequestPasswordResetPayload { ok: true })
    }

    /// Sets a new password by the link of a mail, and ends all sessions.
    async fn reset_password(&self, ctx: &Context<'_>, input: ResetPasswordInput) -> Result<ResetPasswordPayload> {
        service::reset_password(request(ctx).app(), &input.token, &Password::new(input.new_password)).await?;
        Ok(ResetPasswordPayload { ok: true })
    }

    /// Changes the caller's name and language.
    #[graphql(guard = "LoggedIn")]
    async fn update_profile(&self, ctx: &Context<'_>, input: UpdateProfileInput) -> Result<UpdateProfilePayload> {
        let request = request(ctx);
        let language = input.language.map(Into::into);
        let user = service::update_profile(request.app(), request.caller()?, input.name, language).await?;
        Ok(user.into())
    }
}
