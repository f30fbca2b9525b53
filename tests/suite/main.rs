//! Black-box tests of Kamara: through HTTP, on both databases.

mod api;
mod bad_input;
mod books;
mod citus;
mod costing;
mod identity;
mod isolation;
mod layers;
mod northwind;
mod permissions;
mod records;
mod storage;
mod transfer;
