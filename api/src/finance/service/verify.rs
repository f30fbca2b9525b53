//! Whether the documents agree with the ledger: each open balance with the lines that make it, and numbers without gaps.

use std::collections::HashMap;

use kamara_entities::{
    AccountId, BillKind, BillStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, PostingStatus, TenantEntity, bill,
    expense, invoice, journal_line, number_series, payment,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{number, opening, recognition};
use crate::{
    error::Result,
    ledger::{
        Accounts,
        dates::CONTROL,
        verify::{self, Journal, Problem, Report},
    },
    tenancy::TenantScope,
};

/// Documents that are read and checked at once.
const DOCUMENTS_AT_ONCE: u64 = 500;

/// Checks the whole books of a tenant: the journal, and the documents against it.
pub async fn books(scope: &TenantScope, report: Report<'_>) -> Result<Journal> {
    let journal = verify::journal(scope, report).await?;
    let accounts = Accounts::load(scope).await?;
    let is_control =
        |account: &&kamara_entities::account::Model| account.role.is_some_and(|role| CONTROL.contains(&role));
    let control: Vec<AccountId> = accounts.iter().filter(is_control).map(|account| account.id).collect();
    items::<invoice::Entity>(scope, &control, report).await?;
    items::<bill::Entity>(scope, &control, report).await?;
    items::<expense::Entity>(scope, &control, report).await?;
    items::<payment::Entity>(scope, &control, report).await?;
    recognition::verify(scope, report).await?;
    numbers(scope, report).await?;
    Ok(journal)
}

/// A document with an open balance.
trait Item: TenantEntity {
    /// What a person knows it by.
    fn name(row: &Self::Row) -> String;
    /// What its lines on control accounts must sum up to, in the base currency; debit positive. None where that isn't known.
    fn balance(row: &Self::Row) -> Option<i64>;
}

impl Item for invoice::Entity {
    fn name(row: &invoice::Model) -> String {
        let kind = match row.kind {
            InvoiceKind::Invoice => "invoice",
            InvoiceKind::CreditNote => "credit note",
        };
        format!("{kind} {}", row.number.clone().unwrap_or_else(|| row.id.to_string()))
    }

    fn balance(row: &invoice::Model) -> Option<i64> {
        let open = row.base_total_minor - row.base_paid_minor;
        Some(match (row.status, row.kind) {
            (InvoiceStatus::Draft | InvoiceStatus::Paid | InvoiceStatus::Void, _) => 0,
            (InvoiceStatus::Issued | InvoiceStatus::PartlyPaid, InvoiceKind::Invoice) => open,
            (InvoiceStatus::Issued | InvoiceStatus::PartlyPaid, InvoiceKind::CreditNote) => -open,
        })
    }
}

impl Item for bill::Entity {
    fn name(row: &bill::Model) -> String {
        format!("bill {}", row.number.clone().unwrap_or_else(|| row.id.to_string()))
    }

    fn balance(row: &bill::Model) -> Option<i64> {
        let open = row.base_total_minor - row.base_paid_minor;
        Some(match (row.status, row.kind) {
            (BillStatus::Draft | BillStatus::Paid | BillStatus::Void, _) => 0,
            (BillStatus::Posted | BillStatus::PartlyPaid, BillKind::Bill) => -open,
            (BillStatus::Posted | BillStatus::PartlyPaid, BillKind::CreditNote) => open,
        })
    }
}

impl Item for expense::Entity {
    fn name(row: &expense::Model) -> String {
        format!("expense {} of {}", row.id, row.date)
    }

    /// What the company paid itself is owed to nobody.
    fn balance(row: &expense::Model) -> Option<i64> {
        Some(match row.status {
            ExpenseStatus::Posted if row.payment_account_id.is_none() => row.base_paid_minor - row.base_total_minor,
            _ => 0,
        })
    }
}

impl Item for payment::Entity {
    fn name(row: &payment::Model) -> String {
        format!("payment {} of {}", row.id, row.date)
    }

    /// What a payment is worth that is open in part follows from its lines alone; of one that is used up nothing is left.
    fn balance(row: &payment::Model) -> Option<i64> {
        let used_up = row.status == PostingStatus::Reversed || row.allocated_minor == row.amount_minor;
        used_up.then_some(0)
    }
}

async fn items<E: Item>(scope: &TenantScope, control: &[AccountId], report: Report<'_>) -> Result<()> {
    let mut after = Uuid::nil();
    loop {
        let page = scope.find::<E>().filter(E::ID.gt(after)).order_by_asc(E::ID).limit(DOCUMENTS_AT_ONCE);
        let rows = scope.all(page).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = E::id(last).into();
        let sums = sums(scope, control, rows.iter().map(|row| E::id(row).into()).collect()).await?;
        for row in &rows {
            let Some(expected) = E::balance(row) else { continue };
            let found = sums.get(&E::id(row).into()).copied().unwrap_or(0);
            if expected != found {
                let lines = format!("lines on control accounts that sum up to {expected}");
                report(Problem::new(E::name(row), lines, found));
            }
        }
    }
}

/// The lines of some documents on control accounts, summed up in the base currency.
async fn sums(scope: &TenantScope, control: &[AccountId], items: Vec<Uuid>) -> Result<HashMap<Uuid, i64>> {
    #[derive(FromQueryResult)]
    struct Sum {
        item_id: Uuid,
        base_minor: i64,
    }
    use journal_line::Column as C;
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::ItemId.is_in(items))
        .filter(C::AccountId.is_in(control.iter().copied()))
        .select_only()
        .column(C::ItemId)
        .column_as(sea_orm::ExprTrait::cast_as(C::BaseMinor.sum(), "bigint"), "base_minor")
        .group_by(C::ItemId);
    let rows = scope.query::<Sum>(&select.into_query()).await?;
    Ok(rows.into_iter().map(|row| (row.item_id, row.base_minor)).collect())
}

/// Every number that a series has given out is a document's. Those that it left out, since a document with a higher one came from
/// elsewhere, are nobody's.
async fn numbers(scope: &TenantScope, report: Report<'_>) -> Result<()> {
    use bill::Column as B;
    use invoice::Column as I;
    let mut documents = numbered::<invoice::Entity>(scope, (I::Number, I::Source)).await?;
    documents.extend(numbered::<bill::Entity>(scope, (B::Number, B::Source)).await?);
    for series in scope.all(scope.find::<number_series::Entity>()).await? {
        let mut missing = |from: i64, until: i64| {
            let name = |number| number::formatted(&series.prefix, number);
            let which = if until - from == 1 { name(from) } else { format!("{} to {}", name(from), name(until - 1)) };
            let expected = format!("a document of the series \"{}\"", series.kind);
            report(Problem::new(format_args!("number {which}"), expected, "none"));
        };
        let place = |document: &Numbered| {
            Some((number::place(&series.prefix, opening::number_of(&document.number))?, document.source.is_some()))
        };
        let mut places: Vec<(i64, bool)> = documents.iter().filter_map(place).collect();
        places.sort_unstable();
        // What is below came from elsewhere, before the series began.
        let mut expected = series.first_number;
        for (place, comes_from_elsewhere) in places.into_iter().filter(|(place, _)| *place >= series.first_number) {
            if place > expected && !comes_from_elsewhere {
                missing(expected, place);
            }
            expected = place + 1;
        }
        if expected < series.next_number {
            missing(expected, series.next_number);
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Numbered {
    number: String,
    source: Option<String>,
}

/// The numbers of documents of a kind, and where they come from.
async fn numbered<E: TenantEntity>(
    scope: &TenantScope,
    (number, source): (E::Column, E::Column),
) -> Result<Vec<Numbered>> {
    let select = scope.find::<E>().filter(number.is_not_null()).select_only().columns([number, source]);
    scope.query::<Numbered>(&select.into_query()).await
}
