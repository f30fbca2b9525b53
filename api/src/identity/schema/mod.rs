//! Users, sessions and members, as the API shows them.

mod members;
mod session;

use async_graphql::MergedObject;

pub(crate) use self::{
    members::Member,
    session::{User, answer_secret, kind},
};

/// What can be asked of users, sessions and members.
#[derive(Default, MergedObject)]
pub(crate) struct IdentityQuery(session::SessionQuery, members::MemberQuery);

/// What can be done to them.
#[derive(Default, MergedObject)]
pub(crate) struct IdentityMutation(session::SessionMutation, members::MemberMutation);
