//! Entries that are posted by hand: budgets hold them as they hold documents.

use chrono::NaiveDate;
use kamara_entities::journal_entry;

use super::{
    batch::one,
    budget::{self, BudgetUse},
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        EntryDraft,
        service::{self as ledger, ManualLine},
    },
    tenancy::TenantScope,
};

/// Posts an entry by hand: on an accounting date, and of a service date if that's another. Tells where it goes over a budget that
/// only warns.
pub async fn create(
    scope: &TenantScope,
    (date, service_date): (NaiveDate, Option<NaiveDate>),
    description: &str,
    lines: Vec<ManualLine>,
) -> Result<(journal_entry::Model, Vec<Text>)> {
    let draft = ledger::draft_entry(scope, date, description, lines).await?;
    let warnings = budget::check(scope, &BudgetUse::of(&draft), |over| Error::invalid("lines", over)).await?;
    let posted = ledger::post(scope, vec![EntryDraft { service_date, ..draft }]).await?;
    Ok((one(posted)?, warnings))
}
