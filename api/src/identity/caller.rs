//! Who asks.

use std::sync::Arc;

use kamara_entities::{
    MembershipId, Role, SessionId, SessionKind,
    control::{tenant, user},
};

use super::permissions::{self, Permission};
use crate::{
    error::{Error, Result},
    graphql::Client,
    tenancy::Access,
};

/// Who asks: a user, by a session, and as which member of the tenant that the session looks at.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session.
    pub session: SessionId,
    /// How its secret travels.
    pub kind: SessionKind,
    /// The user.
    pub user: user::Model,
    /// The place in the tenant, once one is chosen.
    pub place: Option<Place>,
}

/// A user's place in a tenant.
#[derive(Clone, Debug)]
pub struct Place {
    /// The membership.
    pub membership: MembershipId,
    /// What it allows.
    pub role: Role,
    /// The tenant.
    pub tenant: Arc<tenant::Model>,
}

impl Caller {
    /// The place in the tenant, or "forbidden" while none is chosen.
    pub fn place(&self) -> Result<&Place> {
        self.place.as_ref().ok_or(Error::Forbidden)
    }

    /// Whether the caller has a permission in the tenant.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.place.as_ref().is_some_and(|place| permissions::of(place.role).contains(&permission))
    }

    /// The right to open scopes of the tenant.
    pub(crate) fn access(&self, client: &Client) -> Result<Access> {
        let place = self.place()?;
        Ok(Access::of_member(Arc::clone(&place.tenant), place.membership, &client.request_id, client.ip.as_deref()))
    }
}
