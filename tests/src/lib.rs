//! What the black-box tests and the benches have in common: servers on both databases, companies that sign up to them, and
//! the schema as the server tells it.

mod introspection;
mod mail;
mod server;
mod tenant;

pub use introspection::{Argument, Field, Kind, Schema, TypeRef};
pub use mail::Mailbox;
pub use server::{Database, PAST, Server, block_on, connect, empty_database, folder, now};
pub use tenant::{Answer, ApiError, Caller, Tenant};

/// Makes a test on each database of every function that takes the database's shared server.
#[macro_export]
macro_rules! both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::block_on(async { super::$name($crate::Server::shared($crate::Database::Sqlite).await).await }); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::block_on(async { super::$name($crate::Server::shared($crate::Database::Postgres).await).await }); })+
        }
    };
}

/// The same for functions that take a server of their own, with an empty database: they may move its clock, or end it.
#[macro_export]
macro_rules! both_alone {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::block_on(async { super::$name($crate::Server::start($crate::Database::Sqlite).await).await }); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::block_on(async { super::$name($crate::Server::start($crate::Database::Postgres).await).await }); })+
        }
    };
}
