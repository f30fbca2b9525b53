//! Black-box tests of Kamara: through HTTP, on both databases.

mod api;
mod approvals;
mod audit;
mod bad_input;
mod bank;
mod books;
mod buying;
mod citus;
mod costing;
mod documents;
mod hledger;
mod identity;
mod isolation;
mod killed;
mod layers;
mod northwind;
mod permissions;
mod records;
mod sequences;
mod settling;
mod statements;
mod storage;
mod taxes;
mod transfer;
mod upgrade;
mod verify;
