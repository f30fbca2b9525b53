//! Signing up, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::service::{self, SignUp};
use crate::{
    graphql::{enums::Language, request},
    identity::schema::{User, answer_secret, kind},
    tenancy::{schema::Tenant, service::NewTenant},
};

/// A company that signs up, and its owner.
#[derive(InputObject)]
pub(crate) struct SignUpInput {
    /// The company's name.
    company: String,
    /// ISO 3166 code of its country: GE.
    country: String,
    /// ISO 4217 code of the currency that its books are kept in: GEL.
    base_currency: String,
    /// IANA name of its time zone: Asia/Tbilisi.
    time_zone: String,
    /// Language of what is made for all, and of the owner's page.
    language: Language,
    /// The owner's name.
    name: String,
    /// The owner's e-mail address.
    email: String,
    /// The owner's password: 8 to 128 characters, and none of the most common.
    password: String,
    /// For the page: the secret goes into a cookie that scripts can't read, instead of into the answer.
    #[graphql(default)]
    cookie: bool,
}

/// A company that signed up; the session looks at its tenant.
#[derive(SimpleObject)]
pub(crate) struct SignUpPayload {
    /// The bearer token, unless a cookie was asked for.
    token: Option<String>,
    /// The tenant.
    tenant: Tenant,
    /// The owner.
    user: User,
}

/// Signing up.
#[derive(Default)]
pub(crate) struct OnboardingMutation;

#[Object]
impl OnboardingMutation {
    /// Signs a company up, and logs its owner in.
    async fn sign_up(&self, ctx: &Context<'_>, input: SignUpInput) -> Result<SignUpPayload> {
        let request = request(ctx);
        let tenant = NewTenant {
            company: input.company,
            country: input.country,
            base_currency: input.base_currency,
            time_zone: input.time_zone,
            language: input.language.into(),
        };
        let sign_up = SignUp { tenant, name: input.name, email: input.email, password: input.password };
        let done = service::sign_up(request.app(), request.client(), sign_up, kind(input.cookie)).await?;
        Ok(SignUpPayload {
            token: done.secret.and_then(|secret| answer_secret(ctx, secret, input.cookie)),
            tenant: done.tenant.into(),
            user: done.user.into(),
        })
    }
}
