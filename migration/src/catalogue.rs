//! Which tables there are, as of the newest migration.

use crate::{
    m20261124_000001_first as first, m20261124_000002_finance as finance, m20261130_000003_documents as documents,
    m20261130_000004_bill_splits as bill_splits, m20261201_000001_bill_taxes as bill_taxes,
    m20261201_000002_number_series as number_series, table::Table,
};

/// Control tables, each with the reason why it stands outside row-level security.
pub const CONTROL: &[(&str, &str)] = &[
    ("tenant", "read before a tenant is known: log-in lists a user's tenants by name"),
    ("user_account", "a user belongs to several tenants, and an address is unique over all"),
    ("membership", "log-in asks for a user's memberships over all tenants; business rows refer to it"),
    ("session", "a request's secret is looked up before its tenant is known"),
    ("invitation", "an invitation's secret is looked up before its tenant is known"),
    ("password_reset", "belongs to a user, not to a tenant"),
    ("throttle", "counts failures of those who aren't known yet"),
    ("idempotency", "keyed by who asks, also before a tenant is chosen"),
    ("job", "the outbox is claimed over all tenants"),
];

/// Control tables that business tables refer to: copied to every node of a sharded database.
pub const REFERENCE: &[&str] = &["tenant", "membership"];

/// All tables as they are now: those that a migration changed by their newest description.
#[must_use]
pub fn tables() -> Vec<Table> {
    let documents = documents::after(finance::after(first::tables()));
    number_series::after(bill_taxes::after(bill_splits::after(documents)))
}

/// The names of all business tables.
#[must_use]
pub fn business_tables() -> Vec<&'static str> {
    tables().into_iter().filter(|table| table.business).map(|table| table.name).collect()
}
