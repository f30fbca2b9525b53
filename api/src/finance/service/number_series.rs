//! What stands before the numbers of documents, and with which number a series begins.

use kamara_entities::{bill, invoice, number_series};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::number::{BILL, formatted, place};
use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
    text,
};

/// Letters of a prefix, at the most.
const PREFIX_MAX: usize = 20;
/// The number that a series begins with, at the most.
const FIRST_MAX: i64 = 999_999_999;

/// The series that documents are numbered by now, one of each kind.
pub async fn current(scope: &TenantScope) -> Result<Vec<number_series::Model>> {
    let select = scope.find::<number_series::Entity>().filter(number_series::Column::IsCurrent.eq(true));
    scope.all(select.order_by_asc(number_series::Column::Kind)).await
}

/// The number that the next document of a series will have.
#[must_use]
pub fn next_number(series: &number_series::Model) -> String {
    formatted(&series.prefix, series.next_number)
}

/// Has documents of a kind be numbered with a prefix: from `first` on, where none of them has a number with it yet, else after
/// the highest that does. The series of before ends, until its prefix is chosen again.
pub async fn start(scope: &TenantScope, kind: &str, prefix: &str, first: Option<i64>) -> Result<number_series::Model> {
    let prefix = checked(prefix)?;
    let mut rows = scope.lock_every::<number_series::Entity>().await?;
    if rows.iter().any(|row| row.prefix == prefix && row.kind != kind) {
        let message = Text::new(
            format!("Another series of numbers begins with {prefix}."),
            format!("{prefix}-ით ნომრების სხვა სერია იწყება."),
        );
        return Err(Error::invalid("prefix", message));
    }
    rows.retain(|row| row.kind == kind);
    let current = rows.iter().find(|row| row.is_current).cloned();
    let current = current.ok_or_else(|| Error::internal("a tenant without a series of numbers"))?;
    let known = rows.into_iter().find(|row| row.prefix == prefix);
    let highest = highest(scope, kind, &prefix).await?;
    let (first_number, next_number) = match (&known, first) {
        (Some(known), None) => (known.first_number, known.next_number.max(highest + 1)),
        (None, None) => (highest + 1, highest + 1),
        (known, Some(first)) => {
            let is_used = known.as_ref().is_some_and(|known| known.next_number > known.first_number);
            check_first(&prefix, first, highest, is_used)?;
            (first, first)
        }
    };
    let ended = number_series::Model { is_current: false, ..current.clone() };
    let ended = if current.prefix == prefix {
        current
    } else {
        scope.update_row::<number_series::Entity>(&current, ended).await?
    };
    if let Some(known) = known {
        let (last_date, is_current) = (ended.last_date.max(known.last_date), true);
        let after = number_series::Model { first_number, next_number, last_date, is_current, ..known.clone() };
        return scope.update_row::<number_series::Entity>(&known, after).await;
    }
    let (kind, last_date) = (kind.to_owned(), ended.last_date);
    let new = number_series::New { kind, prefix, first_number, next_number, last_date, is_current: true };
    scope.insert::<number_series::Entity>(new).await
}

/// A series begins where nobody has numbers yet: what follows a number leaves no gap.
fn check_first(prefix: &str, first: i64, highest: i64, is_used: bool) -> Result<()> {
    if is_used {
        let message = Text::new(
            format!(
                "Documents have numbers with {prefix} already: those that follow leave no gap. Choose another prefix."
            ),
            format!("{prefix}-ით დაწყებული ნომრები უკვე გაცემულია: მომდევნოები უწყვეტია. აირჩიეთ სხვა პრეფიქსი."),
        );
        return Err(Error::invalid("first", message));
    }
    let least = highest + 1;
    if (least..=FIRST_MAX).contains(&first) {
        return Ok(());
    }
    let message = Text::new(format!("From {least} to {FIRST_MAX}."), format!("{least}-დან {FIRST_MAX}-მდე."));
    Err(Error::invalid("first", message))
}

/// A prefix that can be told from the number after it.
fn checked(prefix: &str) -> Result<String> {
    let prefix = text::name("prefix", prefix)?;
    if prefix.chars().count() > PREFIX_MAX {
        return Err(Error::invalid("prefix", messages::at_most(PREFIX_MAX)));
    }
    if prefix.ends_with(char::is_numeric) {
        let message = Text::fixed(
            "A prefix doesn't end with a digit: put a dash or a slash after it.",
            "პრეფიქსი ციფრით არ მთავრდება: ბოლოში დაუმატეთ ტირე ან დახრილი ხაზი.",
        );
        return Err(Error::invalid("prefix", message));
    }
    Ok(prefix)
}

/// The highest place that a document has among those whose numbers begin with a prefix; 0, if none does.
async fn highest(scope: &TenantScope, kind: &str, prefix: &str) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Number {
        number: String,
    }
    let statement = if kind == BILL {
        let select = scope.find::<bill::Entity>().filter(bill::Column::Number.starts_with(prefix));
        select.select_only().column(bill::Column::Number).into_query()
    } else {
        let select = scope.find::<invoice::Entity>().filter(invoice::Column::Number.starts_with(prefix));
        select.select_only().column(invoice::Column::Number).into_query()
    };
    let numbers = scope.query::<Number>(&statement).await?;
    Ok(numbers.iter().filter_map(|found| place(prefix, &found.number)).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_short_and_told_from_its_number() {
        for good in ["INV-", "2027/", "ინვ-", "A"] {
            assert_eq!(checked(good).unwrap(), good);
        }
        assert_eq!(checked("  N-  ").unwrap(), "N-");
        for bad in ["", "  ", "2027", "INV٣", &"x".repeat(21)] {
            assert_eq!(checked(bad).unwrap_err().field(), Some("prefix"), "{bad}");
        }
    }
}
