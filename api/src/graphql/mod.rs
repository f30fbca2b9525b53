//! What all parts of the API share: scalars, filters, lists, loading in batches, and the request that a resolver works for.

pub(crate) mod enums;
pub(crate) mod filter;
pub(crate) mod guard;
pub(crate) mod list;
pub(crate) mod loader;
#[macro_use]
pub(crate) mod macros;
mod request;
pub(crate) mod scalars;
mod schema;

pub(crate) use self::{
    guard::{Can, LoggedIn},
    list::{Listed, Paging, complexity, list, nested},
    loader::{Children, Loading},
    request::request,
    scalars::{Date, Dec, Id, Money},
};
pub use self::{
    request::{Client, Request},
    schema::{Schema, build, sdl},
};
