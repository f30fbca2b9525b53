//! Whether the documents agree with the ledger: each open balance with the lines that make it, and numbers without gaps.

use std::collections::{HashMap, HashSet};

use kamara_entities::{
    AccountId, BillKind, BillStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, PostingStatus, TenantEntity, bill,
    expense, invoice, journal_line, number_series, payment,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{number, recognition};
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

/// Every number that a series has given out is a document's.
async fn numbers(scope: &TenantScope, report: Report<'_>) -> Result<()> {
    let at_once = i64::try_from(DOCUMENTS_AT_ONCE).unwrap_or(i64::MAX);
    for series in scope.all(scope.find::<number_series::Entity>()).await? {
        let mut first = 1;
        while first < series.next_number {
            let next = series.next_number.min(first + at_once);
            let given: Vec<String> = (first..next).map(|number| number::formatted(&series.prefix, number)).collect();
            let mut there = numbered::<invoice::Entity>(scope, invoice::Column::Number, &given).await?;
            there.extend(numbered::<bill::Entity>(scope, bill::Column::Number, &given).await?);
            for number in given.into_iter().filter(|number| !there.contains(number)) {
                let expected = format!("a document of the series \"{}\"", series.kind);
                report(Problem::new(format_args!("number {number}"), expected, "none"));
            }
            first = next;
        }
    }
    Ok(())
}

/// Which of some numbers documents of a kind have.
async fn numbered<E: TenantEntity>(
    scope: &TenantScope,
    column: E::Column,
    numbers: &[String],
) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Number {
        number: String,
    }
    let select = scope.find::<E>().filter(column.is_in(numbers)).select_only().column(column);
    Ok(scope.query::<Number>(&select.into_query()).await?.into_iter().map(|row| row.number).collect())
}
