//! Numbers of documents: without gaps within a tenant's series.

use std::collections::HashSet;

use chrono::NaiveDate;
use kamara_entities::{InvoiceKind, invoice, number_series};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use super::batch::{BatchError, each};
use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// The series of a tenant: what each numbers, and what stands before its numbers.
const SERIES: [(&str, &str); 3] = [(INVOICE, "INV-"), (CREDIT_NOTE, "CN-"), (BILL, "BILL-")];
/// The series of suppliers' bills.
pub(super) const BILL: &str = "bill";
/// The series of invoices.
const INVOICE: &str = "invoice";
/// The series of credit notes.
const CREDIT_NOTE: &str = "credit_note";
/// Numbers looked up in one statement.
const NUMBERS_MAX: usize = 10_000;

/// The number that an invoice is issued with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IssueNumber {
    /// The next of the tenant's series.
    Next,
    /// One that it has already, in the system that it comes from.
    Given(String),
}

/// The numbers of invoices that are being issued, in their order. From the first that is taken from the series, the series is
/// locked until the commit, so that a number that isn't used is given out again.
///
/// Each is wanted for a date, and none of a series is dated before the one that precedes it.
pub(super) async fn invoice_numbers(
    scope: &TenantScope,
    kind: InvoiceKind,
    wanted: Vec<(IssueNumber, NaiveDate)>,
) -> Result<Vec<String>, BatchError> {
    let existing = existing(scope, wanted.iter().filter_map(|(number, _)| given(number)).collect()).await?;
    let mut used = HashSet::new();
    let mut dates = Vec::new();
    let numbers = each(wanted, |(wanted, date)| match wanted {
        IssueNumber::Next => {
            dates.push(date);
            Ok(None)
        }
        IssueNumber::Given(number) => {
            let number = text::name("number", &number)?;
            if existing.contains(&number) || !used.insert(number.clone()) {
                let message = Text::new(
                    format!("There is an invoice {number} already."),
                    format!("ინვოისი {number} უკვე არსებობს."),
                );
                return Err(Error::invalid("number", message));
            }
            Ok(Some(number))
        }
    })?;
    let series = match kind {
        InvoiceKind::Invoice => INVOICE,
        InvoiceKind::CreditNote => CREDIT_NOTE,
    };
    let mut next = next_invoice_numbers(scope, series, &dates, &used).await?.into_iter();
    let numbers = numbers.into_iter().map(|number| number.or_else(|| next.next()));
    Ok(numbers.collect::<Option<Vec<String>>>().ok_or_else(|| Error::internal("an invoice without a number"))?)
}

fn given(wanted: &IssueNumber) -> Option<String> {
    match wanted {
        IssueNumber::Next => None,
        IssueNumber::Given(number) => Some(number.trim().to_owned()),
    }
}

async fn next_invoice_numbers(
    scope: &TenantScope,
    series: &str,
    dates: &[NaiveDate],
    used: &HashSet<String>,
) -> Result<Vec<String>> {
    let (Some(last_date), count) = (dates.last().copied(), dates.len()) else { return Ok(Vec::new()) };
    let series = locked(scope, series).await?;
    let mut before = series.last_date;
    for date in dates {
        if let Some(before) = before.filter(|before| date < before) {
            let message = Text::new(
                format!("The last number is dated {before}; none that follows is dated earlier."),
                format!("ბოლო ნომერი დათარიღებულია {before}-ით; მომდევნო ამაზე ადრე ვერ დათარიღდება."),
            );
            return Err(Error::invalid("date", message));
        }
        before = Some(*date);
    }
    let mut next = series.next_number;
    let mut numbers = Vec::with_capacity(count);
    while numbers.len() < count {
        let first = next;
        next += i64::try_from(count - numbers.len()).map_err(Error::internal)?;
        let candidates: Vec<String> = (first..next).map(|number| formatted(&series.prefix, number)).collect();
        // An imported invoice may have a number of the series; it isn't given out twice.
        let taken = existing(scope, candidates.clone()).await?;
        numbers.extend(candidates.into_iter().filter(|number| !taken.contains(number) && !used.contains(number)));
    }
    let after = number_series::Model { next_number: next, last_date: Some(last_date), ..series };
    scope.count_on::<number_series::Entity>(after).await?;
    Ok(numbers)
}

/// The next number of a series, which is locked until the commit.
pub(super) async fn next(scope: &TenantScope, kind: &str) -> Result<String> {
    let series = locked(scope, kind).await?;
    let number = formatted(&series.prefix, series.next_number);
    let after = number_series::Model { next_number: series.next_number + 1, ..series };
    scope.count_on::<number_series::Entity>(after).await?;
    Ok(number)
}

/// A number of a series.
pub(super) fn formatted(prefix: &str, number: i64) -> String {
    format!("{prefix}{number:06}")
}

/// Opens the series of a new tenant.
pub async fn open_series(scope: &TenantScope) -> Result<()> {
    let new = SERIES.iter().map(|(kind, prefix)| number_series::New {
        kind: (*kind).to_owned(),
        prefix: (*prefix).to_owned(),
        next_number: 1,
        last_date: None,
    });
    scope.insert_all::<number_series::Entity>(new.collect()).await?;
    Ok(())
}

/// The row of a series, locked.
async fn locked(scope: &TenantScope, kind: &str) -> Result<number_series::Model> {
    let of_kind = number_series::Column::Kind.eq(kind);
    let mut series = scope.lock_where::<number_series::Entity>(of_kind).await?;
    series.pop().ok_or_else(|| Error::internal("a tenant without a series of numbers"))
}

/// Which of some numbers invoices have.
async fn existing(scope: &TenantScope, numbers: Vec<String>) -> Result<HashSet<String>> {
    #[derive(FromQueryResult)]
    struct Number {
        number: String,
    }
    let mut found = HashSet::new();
    for numbers in numbers.chunks(NUMBERS_MAX) {
        let select = scope
            .find::<invoice::Entity>()
            .filter(invoice::Column::Number.is_in(numbers))
            .select_only()
            .column(invoice::Column::Number);
        found.extend(scope.query::<Number>(&select.into_query()).await?.into_iter().map(|row| row.number));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_like_text() {
        assert_eq!(formatted("INV-", 1), "INV-000001");
        assert_eq!(formatted("INV-", 1_234_567), "INV-1234567");
    }
}
