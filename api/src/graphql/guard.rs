//! Who may ask for a field.

use async_graphql::{Context, Guard};

use super::request;
use crate::{error::Error, identity::Permission};

/// Only who has a permission in the tenant that the session looks at.
pub(crate) struct Can(pub(crate) Permission);

impl Guard for Can {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        let caller = request(ctx).caller()?;
        if caller.may(self.0) { Ok(()) } else { Err(Error::Forbidden.into()) }
    }
}

/// Whoever is logged in.
pub(crate) struct LoggedIn;

impl Guard for LoggedIn {
    async fn check(&self, ctx: &Context<'_>) -> async_graphql::Result<()> {
        request(ctx).caller()?;
        Ok(())
    }
}
