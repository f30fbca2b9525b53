//! Kamara: one tenant-isolated GraphQL API over one ledger.
//!
//! Each business area has a folder (`companies`, `sales`, `delivery`, `people`, `finance`, `reports`) with `schema` (what the
//! API shows: thin, no rules) and `service` (the rules, over a [`tenancy::TenantScope`]). Services call downwards only:
//! tenancy → ledger → companies → sales, delivery, people → finance → reports.

// Resolvers of the API take what their arguments are: by value, and asynchronous even where nothing is awaited.
#![allow(clippy::unused_async, clippy::needless_pass_by_value)]

/// A request makes thousands of small pieces of memory and lets go of them on other threads, which the system's own allocator is
/// slow at. It stands for SQLite's too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// First, since its macros are used by all.
#[macro_use]
pub mod graphql;

mod app;
pub mod approvals;
mod audit;
pub mod companies;
pub mod config;
pub mod db;
pub mod delivery;
pub mod demo;
pub mod env;
pub mod error;
pub mod files;
pub mod finance;
pub mod identity;
mod jobs;
pub mod ledger;
mod mail;
mod messages;
pub mod money;
pub mod onboarding;
pub mod people;
pub mod reports;
pub mod sales;
pub mod server;
mod sheet;
pub mod tenancy;
pub mod text;
pub mod transfer;
