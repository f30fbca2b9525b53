//! What comes twice: balances of accounts once, and each document once, as long as the import stands that brought it.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use kamara_entities::{
    AccountId, CompanyId, RecordEntity, bill, expense, invoice, journal_entry, journal_line, payment,
};
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::{SOURCE, made::Made, standing};
use crate::{
    db::PARAMETERS_MAX,
    error::{Error, Result, Text},
    ledger::LineDraft,
    sheet,
    tenancy::TenantScope,
};

/// Refuses balances of accounts where others stand already, whatever their day: a file with another date is the same again. What
/// stands on the account of opening balances is left over, and no balance. Documents that were forgotten may come later.
pub(super) async fn refuse_accounts(scope: &TenantScope, opening: AccountId, lines: &[LineDraft]) -> Result<()> {
    use journal_line::Column as C;
    if !lines.iter().any(|line| line.item_id.is_none() && line.account_id != opening) {
        return Ok(());
    }
    let standing: Vec<journal_entry::Model> =
        scope.all(scope.find::<journal_entry::Entity>().filter(standing::condition(scope))).await?;
    let of_accounts = scope
        .find::<journal_line::Entity>()
        .filter(C::EntryId.is_in(standing.iter().map(|entry| entry.id)))
        .filter(C::ItemId.is_null())
        .filter(C::AccountId.ne(opening));
    let Some(line) = scope.first(of_accounts).await? else { return Ok(()) };
    let entry = standing.iter().find(|entry| entry.id == line.entry_id);
    let entry = entry.ok_or_else(|| Error::internal("a line without an entry"))?;
    let (date, seq) = (entry.date, entry.seq);
    Err(Error::Conflict(Text::new(
        format!(
            "The opening balances of {date} stand already: entry {seq}. Take them back first. A file of documents alone, which \
             were forgotten, may come beside them."
        ),
        format!(
            "{date}-ის საწყისი ნაშთები უკვე გატარებულია: გატარება {seq}. ჯერ ისინი გააუქმეთ. მხოლოდ გამორჩენილი დოკუმენტების \
             ფაილი მათ გვერდით შეიძლება გადმოვიდეს."
        ),
    )))
}

/// Refuses documents that are there already, or twice in the file.
pub(super) async fn refuse_documents(scope: &TenantScope, made: &Made) -> Result<()> {
    use expense::Column as E;
    use payment::Column as P;
    invoices(scope, made).await?;
    bills(scope, made).await?;
    let id = |row: &expense::Model| row.external_id.clone();
    let of = |row: &expense::Model| (row.id.0, row.description.clone());
    by_external_id::<expense::Entity>(scope, made, &made.expenses, (E::Source, E::ExternalId), (id, of)).await?;
    let id = |row: &payment::Model| row.external_id.clone();
    let of = |row: &payment::Model| (row.id.0, row.reference.clone().unwrap_or_default());
    by_external_id::<payment::Entity>(scope, made, &made.payments, (P::Source, P::ExternalId), (id, of)).await
}

async fn invoices(scope: &TenantScope, made: &Made) -> Result<()> {
    let number = |row: &invoice::Model| row.number.clone().unwrap_or_default();
    let ours = once(made, &made.invoices, |row| row.id.0, number, number)?;
    let numbers: Vec<String> = ours.keys().cloned().collect();
    for numbers in numbers.chunks(PARAMETERS_MAX) {
        let select = scope.find::<invoice::Entity>().filter(invoice::Column::Number.is_in(numbers));
        if let Some(found) = scope.first(select).await? {
            let number = number(&found);
            let line = ours.get(&number).copied().unwrap_or_default();
            return Err(is_there(scope, line, &number, (found.id.0, found.source.as_deref())).await?);
        }
    }
    Ok(())
}

async fn bills(scope: &TenantScope, made: &Made) -> Result<()> {
    use bill::Column as C;
    let key = |row: &bill::Model| (row.company_id, row.supplier_key.clone().unwrap_or_default());
    let number = |row: &bill::Model| row.supplier_number.clone().unwrap_or_default();
    let ours: HashMap<(CompanyId, String), u64> = once(made, &made.bills, |row| row.id.0, key, number)?;
    let keys: HashSet<&str> = ours.keys().map(|(_, key)| key.as_str()).collect();
    let keys: Vec<&str> = keys.into_iter().collect();
    for keys in keys.chunks(PARAMETERS_MAX) {
        let select = scope.find::<bill::Entity>().filter(C::SupplierKey.is_in(keys.iter().copied()));
        for found in scope.all(select).await? {
            if let Some(line) = ours.get(&key(&found)).copied() {
                let number = number(&found);
                return Err(is_there(scope, line, &number, (found.id.0, found.source.as_deref())).await?);
            }
        }
    }
    Ok(())
}

/// The same for what is known by who it's with and by its number.
async fn by_external_id<E: RecordEntity>(
    scope: &TenantScope,
    made: &Made,
    rows: &[E::Row],
    (source, external_id): (E::Column, E::Column),
    (id_there, id_and_number): (impl Fn(&E::Row) -> Option<String>, impl Fn(&E::Row) -> (Uuid, String)),
) -> Result<()> {
    let key = |row: &E::Row| id_there(row).unwrap_or_default();
    let ours = once(made, rows, |row| id_and_number(row).0, key, |row| id_and_number(row).1)?;
    let keys: Vec<String> = ours.keys().cloned().collect();
    for keys in keys.chunks(PARAMETERS_MAX) {
        let select = scope.find::<E>().filter(source.eq(SOURCE)).filter(external_id.is_in(keys));
        if let Some(found) = scope.first(select).await? {
            let (id, number) = id_and_number(&found);
            let line = ours.get(&key(&found)).copied().unwrap_or_default();
            return Err(is_there(scope, line, &number, (id, Some(SOURCE))).await?);
        }
    }
    Ok(())
}

/// The lines of documents by what they're known by, if no two of them are the same.
fn once<R, K: Eq + Hash>(
    made: &Made,
    rows: &[R],
    id: impl Fn(&R) -> Uuid,
    key: impl Fn(&R) -> K,
    number: impl Fn(&R) -> String,
) -> Result<HashMap<K, u64>> {
    let mut lines = HashMap::with_capacity(rows.len());
    for row in rows {
        let line = made.line(id(row));
        if let Some(first) = lines.insert(key(row), line) {
            let number = number(row);
            let message = Text::new(
                format!("{number} is on line {first} already."),
                format!("{number} უკვე არის სტრიქონზე {first}."),
            );
            return Err(sheet::at_line("csv", line, &message));
        }
    }
    Ok(lines)
}

/// What is told of a document that is there already: with which import it came, where it came with one.
async fn is_there(scope: &TenantScope, line: u64, number: &str, (id, source): (Uuid, Option<&str>)) -> Result<Error> {
    let import = if source == Some(SOURCE) { standing::import_of(scope, id).await? } else { None };
    let message = match import {
        None => Text::new(format!("{number} is in the books already."), format!("{number} წიგნებში უკვე არის.")),
        Some(entry) => {
            let (date, seq) = (entry.date, entry.seq);
            Text::new(
                format!(
                    "{number} came with the opening balances of {date} already: entry {seq}. Leave the row out, or take them \
                     back first."
                ),
                format!(
                    "{number} უკვე გადმოვიდა {date}-ის საწყის ნაშთებთან ერთად: გატარება {seq}. სტრიქონი გამოტოვეთ ან ჯერ ისინი \
                     გააუქმეთ."
                ),
            )
        }
    };
    Ok(sheet::at_line("csv", line, &message))
}
