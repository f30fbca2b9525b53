//! Taking back what was posted: by an entry that is its contrary, of the same service, on a day of its own.

use chrono::NaiveDate;
use kamara_entities::{SourceKind, journal_entry, journal_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::posting::{Dimensions, EntryDraft, LineDraft, post};
use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
};

impl From<journal_line::Model> for LineDraft {
    /// The same as a line that was posted.
    fn from(line: journal_line::Model) -> Self {
        Self {
            account_id: line.account_id,
            amount_minor: line.amount_minor,
            currency: line.currency,
            rate: line.rate,
            base_minor: line.base_minor,
            description: line.description,
            party_id: line.party_id,
            item_id: line.item_id,
            tax_code_id: line.tax_code_id,
            tax_base_minor: line.tax_base_minor,
            dimensions: Dimensions {
                company_id: line.company_id,
                project_id: line.project_id,
                department_id: line.department_id,
                cost_centre_id: line.cost_centre_id,
                employee_id: line.employee_id,
                seller_id: line.seller_id,
                deal_id: line.deal_id,
                service_id: line.service_id,
            },
            shares: Vec::new(),
        }
    }
}

impl EntryDraft {
    /// The entry that takes another back; it's of the same service, whenever it's posted.
    fn reversal(entry: &journal_entry::Model, lines: Vec<journal_line::Model>, date: NaiveDate) -> Self {
        let description = format!("{} ↺", entry.description.trim_end_matches(" ↺"));
        let lines = lines.into_iter().map(|line| LineDraft::from(line).negated()).collect();
        Self {
            service_date: Some(entry.service_date),
            reverses_id: Some(entry.id),
            closing: entry.closing,
            ..Self::new(date, description, entry.source_kind, entry.source_id, lines)
        }
    }
}

/// The entry that a document posted, reversals aside.
pub async fn entry_of(scope: &TenantScope, kind: SourceKind, source: Uuid) -> Result<Option<journal_entry::Model>> {
    let select = scope
        .find::<journal_entry::Entity>()
        .filter(journal_entry::Column::SourceKind.eq(kind))
        .filter(journal_entry::Column::SourceId.eq(source))
        .filter(journal_entry::Column::ReversesId.is_null());
    scope.first(select).await
}

/// Takes back what a document posted.
pub async fn reverse(
    scope: &TenantScope,
    kind: SourceKind,
    source: Uuid,
    date: NaiveDate,
) -> Result<journal_entry::Model> {
    let entry = entry_of(scope, kind, source).await?;
    let entry = entry.ok_or_else(|| Error::internal("a posted document without an entry"))?;
    reverse_entry(scope, &entry, date).await
}

/// Takes back an entry: once, and not before its own date.
pub async fn reverse_entry(
    scope: &TenantScope,
    entry: &journal_entry::Model,
    date: NaiveDate,
) -> Result<journal_entry::Model> {
    if date < entry.date {
        let message = Text::new(
            format!("The reversal cannot be dated before the entry, {}.", entry.date),
            format!("გაუქმება არ შეიძლება დათარიღდეს გატარებაზე ({}) ადრე.", entry.date),
        );
        return Err(Error::invalid("date", message));
    }
    let select = scope.find::<journal_entry::Entity>().filter(journal_entry::Column::ReversesId.eq(entry.id));
    if scope.first(select).await?.is_some() {
        return Err(Error::Conflict(Text::fixed("This has been reversed already.", "ეს უკვე გაუქმებულია.")));
    }
    let select = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::EntryId.eq(entry.id))
        .order_by_asc(journal_line::Column::Position);
    let draft = EntryDraft::reversal(entry, scope.all(select).await?, date);
    let posted = post(scope, vec![draft]).await?;
    posted.into_iter().next().ok_or_else(|| Error::internal("a reversal that wasn't posted"))
}

/// The entry that takes a document's entry back where that isn't its mere contrary, since the document has changed meanwhile.
#[must_use]
pub fn reversal_of(entry: &journal_entry::Model, date: NaiveDate, lines: Vec<LineDraft>) -> EntryDraft {
    let description = format!("{} ↺", entry.description.trim_end_matches(" ↺"));
    EntryDraft {
        service_date: Some(entry.service_date),
        reverses_id: Some(entry.id),
        ..EntryDraft::new(date, description, entry.source_kind, entry.source_id, lines)
    }
}
