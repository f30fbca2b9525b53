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
pub(super) const INVOICE: &str = "invoice";
/// The series of credit notes.
pub(super) const CREDIT_NOTE: &str = "credit_note";
/// The digits of a number that a series goes on after, at the most.
const DIGITS_MAX: usize = 12;
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
/// Each is wanted for a date, and none of a series is dated before the one that precedes it. A series goes on after the highest
/// number of its own that was given.
pub(super) async fn invoice_numbers(
    scope: &TenantScope,
    kind: InvoiceKind,
    wanted: Vec<(IssueNumber, NaiveDate)>,
) -> Result<Vec<String>, BatchError> {
    let series = match kind {
        InvoiceKind::Invoice => INVOICE,
        InvoiceKind::CreditNote => CREDIT_NOTE,
    };
    let given: Vec<String> = wanted.iter().filter_map(|(number, _)| given(number)).collect();
    leave_out(scope, series, &given).await?;
    let existing = existing(scope, given).await?;
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
    let mut next = next_invoice_numbers(scope, series, &dates).await?.into_iter();
    let numbers = numbers.into_iter().map(|number| number.or_else(|| next.next()));
    Ok(numbers.collect::<Option<Vec<String>>>().ok_or_else(|| Error::internal("an invoice without a number"))?)
}

fn given(wanted: &IssueNumber) -> Option<String> {
    match wanted {
        IssueNumber::Next => None,
        IssueNumber::Given(number) => Some(number.trim().to_owned()),
    }
}

/// Has a series go on after the numbers of its own that come from elsewhere: it doesn't give out again what another system did.
pub(super) async fn leave_out(scope: &TenantScope, kind: &str, numbers: &[String]) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let series = find(scope, kind).await?;
    match numbers.iter().filter_map(|number| place(&series.prefix, number)).max() {
        Some(highest) if highest >= series.next_number => scope.raise_series(kind, highest + 1).await,
        _ => Ok(()),
    }
}

/// The place in a series of a number that is like those of the series.
pub(super) fn place(prefix: &str, number: &str) -> Option<i64> {
    let digits = number.strip_prefix(prefix).filter(|digits| (1..=DIGITS_MAX).contains(&digits.len()))?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

async fn next_invoice_numbers(scope: &TenantScope, kind: &str, dates: &[NaiveDate]) -> Result<Vec<String>> {
    let (Some(last_date), count) = (dates.last(), i64::try_from(dates.len()).map_err(Error::internal)?) else {
        return Ok(Vec::new());
    };
    let first_date = in_order(dates)?;
    match scope.take_numbers(kind, count, Some((first_date, *last_date))).await? {
        Some(series) => Ok((series.next_number - count..series.next_number)
            .map(|number| formatted(&series.prefix, number))
            .collect()),
        None => Err(too_early(find(scope, kind).await?.last_date)),
    }
}

/// The first of some dates, none of which is earlier than the one before it.
fn in_order(dates: &[NaiveDate]) -> Result<NaiveDate> {
    let early = dates.windows(2).find(|pair| pair[1] < pair[0]);
    match (early, dates.first()) {
        (Some(pair), _) => Err(too_early(Some(pair[0]))),
        (None, Some(first)) => Ok(*first),
        (None, None) => Err(Error::internal("numbers of no date")),
    }
}

fn too_early(last: Option<NaiveDate>) -> Error {
    let last = last.unwrap_or_default();
    let message = Text::new(
        format!("The last number is dated {last}; none that follows is dated earlier."),
        format!("ბოლო ნომერი დათარიღებულია {last}-ით; მომდევნო ამაზე ადრე ვერ დათარიღდება."),
    );
    Error::invalid("date", message)
}

/// The next number of a series, which is locked until the commit.
pub(super) async fn next(scope: &TenantScope, kind: &str) -> Result<String> {
    let series = scope.take_numbers(kind, 1, None).await?;
    let series = series.ok_or_else(|| Error::internal("a tenant without a series of numbers"))?;
    Ok(formatted(&series.prefix, series.next_number - 1))
}

/// The next numbers of a series, which is locked until the commit.
pub(super) async fn next_many(scope: &TenantScope, kind: &str, count: usize) -> Result<Vec<String>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).map_err(Error::internal)?;
    let series = scope.take_numbers(kind, count, None).await?;
    let series = series.ok_or_else(|| Error::internal("a tenant without a series of numbers"))?;
    Ok((series.next_number - count..series.next_number).map(|number| formatted(&series.prefix, number)).collect())
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
        first_number: 1,
        next_number: 1,
        last_date: None,
        is_current: true,
    });
    scope.insert_all::<number_series::Entity>(new.collect()).await?;
    Ok(())
}

async fn find(scope: &TenantScope, kind: &str) -> Result<number_series::Model> {
    let select = scope
        .find::<number_series::Entity>()
        .filter(number_series::Column::Kind.eq(kind))
        .filter(number_series::Column::IsCurrent.eq(true));
    let series = scope.first(select).await?;
    series.ok_or_else(|| Error::internal("a tenant without a series of numbers"))
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

    #[test]
    fn numbers_of_a_series_are_known_by_their_look() {
        assert_eq!(place("INV-", "INV-000120"), Some(120));
        assert_eq!(place("INV-", "INV-7"), Some(7));
        for other in ["INV-", "INV-12a", "INV-+1", "CN-000001", "120", "INV-1234567890123", "INV-٣"] {
            assert_eq!(place("INV-", other), None, "{other}");
        }
    }
}
