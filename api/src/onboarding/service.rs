//! Signing up.

use kamara_entities::{
    Language, Role, SessionKind,
    control::{tenant, user},
};

use crate::{
    app::App,
    db::Db,
    env::Env,
    error::Result,
    finance,
    graphql::Client,
    identity::{
        Password,
        service::{self as identity, NewUser},
        session,
    },
    ledger, sales,
    tenancy::{TenantScope, service as tenancy, service::NewTenant},
    text,
};

/// A company that signs up, and its owner.
#[derive(Clone, Debug)]
pub struct SignUp {
    /// The company.
    pub tenant: NewTenant,
    /// The owner's name.
    pub name: String,
    /// The owner's address.
    pub email: String,
    /// The owner's password.
    pub password: String,
}

/// What a sign-up makes.
#[derive(Debug)]
pub struct SignedUp {
    /// The tenant.
    pub tenant: tenant::Model,
    /// The owner.
    pub user: user::Model,
    /// The secret of the owner's session, if one was asked for.
    pub secret: Option<String>,
}

/// Signs a company up: all of it, or nothing.
pub(crate) async fn sign_up(app: &App, client: &Client, input: SignUp, kind: SessionKind) -> Result<SignedUp> {
    let (signed_up, scope) = open(&app.db, &app.env, client, input, Some(kind), "sign-up").await?;
    scope.commit().await?;
    Ok(signed_up)
}

/// Signs a company up, and leaves the scope open for what else belongs to it: nothing is kept without its commit.
pub(crate) async fn open(
    db: &Db,
    env: &Env,
    client: &Client,
    input: SignUp,
    kind: Option<SessionKind>,
    origin: &str,
) -> Result<(SignedUp, TenantScope)> {
    let new_tenant = input.tenant.check()?;
    let name = text::name("name", &input.name)?;
    let email = text::email("email", &input.email)?;
    let password = Password::new(input.password);
    password.check("password")?;
    if identity::is_registered(db, &email).await? {
        return Err(identity::already_registered());
    }
    // Hashing takes long and comes before the transaction; the unique address decides between two at once.
    let password_hash = password.hash(env).await?;
    let language = new_tenant.language;
    let tenant = new_tenant.row(env);

    let transaction = db.begin().await?;
    let user = identity::insert_user(&transaction, env, NewUser { name, email, language, password_hash }).await?;
    tenancy::insert(&transaction, &tenant).await?;
    let owner = identity::insert_membership(&transaction, env, tenant.id, &user, Role::Owner).await?;
    let secret = match kind {
        Some(kind) => Some(session::begin(&transaction, env, client, user.id, Some(tenant.id), kind).await?),
        None => None,
    };
    let scope =
        TenantScope::of_new_member(transaction, tenant.clone(), owner.id, env, (origin, client.ip.as_deref())).await?;
    identity::note_member(&scope, None, &owner)?;
    furnish(&scope, language).await?;
    Ok((SignedUp { tenant, user, secret }, scope))
}

/// What every company begins with.
async fn furnish(scope: &TenantScope, language: Language) -> Result<()> {
    ledger::service::open_books(scope, language).await?;
    sales::service::create_default_pipeline(scope, language).await?;
    finance::service::open_series(scope).await?;
    finance::service::letterhead::open(scope).await
}
