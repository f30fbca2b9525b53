//! Black-box tests of Kamara: through HTTP, on both databases.

mod books;
mod citus;
mod house;
mod identity;
mod isolation;
mod northwind;
mod permissions;
mod rls;
mod transfer;
