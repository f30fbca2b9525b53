//! The lines of the ledger on a bank account's own account, and which of them no statement has yet.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{JournalEntryId, bank_account, bank_match, journal_entry, journal_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, sea_query::SelectStatement};

use crate::{db::PARAMETERS_MAX, error::Result, tenancy::TenantScope};

/// Lines that are read at once: more than a year of a busy account.
const LINES_MAX: u64 = 20_000;

/// A line of the ledger that no statement has yet.
#[derive(Clone, Debug)]
pub(super) struct Unstated {
    /// The line.
    pub line: journal_line::Model,
    /// Its entry.
    pub entry: journal_entry::Model,
}

/// The lines of the ledger on a bank account's own account, in its currency.
pub(super) fn on_account(scope: &TenantScope, account: &bank_account::Model) -> Select<journal_line::Entity> {
    scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::AccountId.eq(account.account_id))
        .filter(journal_line::Column::Currency.eq(&account.currency))
        // A revaluation moves what the money is worth, and not the money.
        .filter(journal_line::Column::AmountMinor.ne(0))
}

/// Those that no statement has; `narrowed` leaves out what isn't asked for. An entry that was taken back (by a day, if one is
/// given) and what took it back are both left out: no bank ever saw them.
pub(super) async fn unstated(
    scope: &TenantScope,
    account: &bank_account::Model,
    by: Option<NaiveDate>,
    narrowed: impl FnOnce(Select<journal_line::Entity>) -> Select<journal_line::Entity> + Send,
) -> Result<Vec<Unstated>> {
    let select = narrowed(on_account(scope, account))
        .filter(journal_line::Column::Id.not_in_subquery(stated(scope)))
        .order_by_asc(journal_line::Column::Date)
        .order_by_asc(journal_line::Column::Seq)
        .limit(LINES_MAX);
    let lines = scope.all(select).await?;
    let entries = scope.by_ids::<journal_entry::Entity>(lines.iter().map(|line| line.entry_id)).await?;
    let undone = undone(scope, account, &entries, by).await?;
    let unstated = lines.into_iter().filter(|line| !undone.contains(&line.entry_id));
    Ok(unstated.filter_map(|line| Some(Unstated { entry: entries.get(&line.entry_id)?.clone(), line })).collect())
}

/// The ids of the lines that a statement has.
pub(super) fn stated(scope: &TenantScope) -> SelectStatement {
    scope.find::<bank_match::Entity>().select_only().column(bank_match::Column::JournalLineId).into_query()
}

/// Of entries that no statement has those that were taken back, and those that took back others, where no statement has the
/// other either.
async fn undone(
    scope: &TenantScope,
    account: &bank_account::Model,
    entries: &HashMap<JournalEntryId, journal_entry::Model>,
    by: Option<NaiveDate>,
) -> Result<HashSet<JournalEntryId>> {
    let mut pairs: Vec<(JournalEntryId, JournalEntryId)> =
        entries.values().filter_map(|entry| Some((entry.id, entry.reverses_id?))).collect();
    let ids: Vec<JournalEntryId> = entries.keys().copied().collect();
    for ids in ids.chunks(PARAMETERS_MAX) {
        let select =
            scope.find::<journal_entry::Entity>().filter(journal_entry::Column::ReversesId.is_in(ids.iter().copied()));
        let reversals = scope.all(select).await?.into_iter().filter(|entry| by.is_none_or(|by| entry.date <= by));
        pairs.extend(reversals.filter_map(|entry| Some((entry.reverses_id?, entry.id))));
    }
    let others: HashSet<JournalEntryId> = pairs.iter().map(|(_, other)| *other).collect();
    let mut with_statement = HashSet::new();
    for others in others.into_iter().collect::<Vec<_>>().chunks(PARAMETERS_MAX) {
        let select = on_account(scope, account)
            .filter(journal_line::Column::EntryId.is_in(others.iter().copied()))
            .filter(journal_line::Column::Id.in_subquery(stated(scope)));
        with_statement.extend(scope.all(select).await?.into_iter().map(|line| line.entry_id));
    }
    Ok(pairs.into_iter().filter(|(_, other)| !with_statement.contains(other)).map(|(id, _)| id).collect())
}
