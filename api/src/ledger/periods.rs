//! Periods: the months of fiscal years, which the dates of the ledger close and lock.

use async_graphql::MaybeUndefined;
use chrono::{Datelike, Days, Months, NaiveDate};
use kamara_entities::{FiscalYearId, FiscalYearStatus, fiscal_year, ledger};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::dates::ledger_of;
use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
    text,
};

/// A month of a fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    /// Place within the year, from 1.
    pub number: i32,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// Where it stands.
    pub status: PeriodStatus,
}

/// Where a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PeriodStatus {
    /// Takes entries.
    Open,
    /// Takes none, and can be reopened.
    Closed,
    /// Takes none for good.
    Locked,
}

/// The periods of a year, as the dates of the ledger have them.
#[must_use]
pub(crate) fn periods(year: &fiscal_year::Model, ledger: &ledger::Model) -> Vec<Period> {
    let mut periods = Vec::new();
    let mut start = year.start_date;
    while start <= year.end_date {
        let Some(next) = start.checked_add_months(Months::new(1)) else { break };
        let end = next.pred_opt().unwrap_or(year.end_date).min(year.end_date);
        let until = |date: Option<NaiveDate>| date.is_some_and(|date| end <= date);
        let status = if until(ledger.locked_until) {
            PeriodStatus::Locked
        } else if until(ledger.closed_until) {
            PeriodStatus::Closed
        } else {
            PeriodStatus::Open
        };
        periods.push(Period { number: i32::try_from(periods.len() + 1).unwrap_or(i32::MAX), start, end, status });
        start = next;
    }
    periods
}

/// A period, and what it hangs on: the year and the ledger, both locked so that nobody posts or closes meanwhile.
struct Found {
    year: fiscal_year::Model,
    ledger: ledger::Model,
    period: Period,
}

async fn find(scope: &TenantScope, year: FiscalYearId, number: i32) -> Result<Found> {
    scope.referred::<fiscal_year::Entity>("fiscalYearId", year).await?;
    let year = scope.lock::<fiscal_year::Entity>(year).await?;
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    let found = periods(&year, &ledger).into_iter().find(|period| period.number == number);
    let wrong =
        || Error::invalid("number", Text::fixed("The year has no such period.", "ამ წელს ასეთი პერიოდი არ აქვს."));
    let period = found.ok_or_else(wrong)?;
    Ok(Found { year, ledger, period })
}

/// Closes a period: those before it first, and none that isn't over.
pub async fn close_period(scope: &TenantScope, year: FiscalYearId, number: i32) -> Result<fiscal_year::Model> {
    let Found { year, ledger, period } = find(scope, year, number).await?;
    if period.status != PeriodStatus::Open {
        return Err(Error::Conflict(Text::fixed("This period is closed already.", "ეს პერიოდი უკვე დახურულია.")));
    }
    if period.end > scope.today() {
        return Err(Error::Conflict(Text::fixed("This period isn't over yet.", "ეს პერიოდი ჯერ არ დასრულებულა.")));
    }
    if !follows(scope, ledger.closed_until, period.start).await? {
        return Err(Error::Conflict(Text::fixed(
            "Periods close in order: close the one before first.",
            "პერიოდები თანმიმდევრობით იხურება: ჯერ დახურეთ წინა.",
        )));
    }
    let after = ledger::Model { closed_until: Some(period.end), ..ledger.clone() };
    scope.act_on_row::<ledger::Entity>("close_period", None, &ledger, after).await?;
    Ok(year)
}

/// Whether what is closed until a day reaches a period's first day, or no year comes before the period.
async fn follows(scope: &TenantScope, until: Option<NaiveDate>, start: NaiveDate) -> Result<bool> {
    if until.is_some_and(|until| until >= before(start)) {
        return Ok(true);
    }
    let earlier = scope.find::<fiscal_year::Entity>().filter(fiscal_year::Column::StartDate.lt(start));
    Ok(scope.first(earlier).await?.is_none())
}

fn before(day: NaiveDate) -> NaiveDate {
    day.pred_opt().unwrap_or(day)
}

/// Reopens the last closed period. Taxes that are declared, and what is locked, stay so.
pub async fn reopen_period(
    scope: &TenantScope,
    year: FiscalYearId,
    number: i32,
    reason: &str,
) -> Result<fiscal_year::Model> {
    let reason = text::name("reason", reason)?;
    let Found { year, ledger, period } = find(scope, year, number).await?;
    match period.status {
        PeriodStatus::Open => {
            return Err(Error::Conflict(Text::fixed("This period is open.", "ეს პერიოდი ღიაა.")));
        }
        PeriodStatus::Locked => return Err(Error::Conflict(locked(period.end))),
        PeriodStatus::Closed => {}
    }
    if year.status == FiscalYearStatus::Closed {
        return Err(Error::Conflict(Text::fixed(
            "The fiscal year is closed. Reopen it first.",
            "ფინანსური წელი დახურულია. ჯერ ის გახსენით.",
        )));
    }
    let next = period.end.checked_add_days(Days::new(1)).and_then(|day| day.checked_add_months(Months::new(1)));
    if ledger.closed_until.zip(next).is_some_and(|(until, next)| until >= before(next)) {
        return Err(Error::Conflict(Text::fixed(
            "Periods reopen in order: reopen the one after first.",
            "პერიოდები თანმიმდევრობით იხსნება: ჯერ გახსენით შემდეგი.",
        )));
    }
    let after = ledger::Model { closed_until: Some(before(period.start)), ..ledger.clone() };
    scope.act_on_row::<ledger::Entity>("reopen_period", Some(&reason), &ledger, after).await?;
    Ok(year)
}

/// Locks a closed period, and all before it, for good. What is locked takes no closing entry either, so the years that end in it
/// are closed first.
pub async fn lock_period(scope: &TenantScope, year: FiscalYearId, number: i32) -> Result<fiscal_year::Model> {
    let Found { year, ledger, period } = find(scope, year, number).await?;
    match period.status {
        PeriodStatus::Open => {
            return Err(Error::Conflict(Text::fixed("Close this period first.", "ჯერ დახურეთ ეს პერიოდი.")));
        }
        PeriodStatus::Locked => return Err(Error::Conflict(locked(period.end))),
        PeriodStatus::Closed => {}
    }
    let open_year = scope
        .find::<fiscal_year::Entity>()
        .filter(fiscal_year::Column::Status.eq(FiscalYearStatus::Open))
        .filter(fiscal_year::Column::EndDate.lte(period.end));
    if let Some(year) = scope.first(open_year).await? {
        return Err(Error::Conflict(Text::new(
            format!("The fiscal year {} ends in what would be locked. Close it first.", year.name),
            format!("ფინანსური წელი {} დასაბლოკ პერიოდში მთავრდება. ჯერ ის დახურეთ.", year.name),
        )));
    }
    let after = ledger::Model { locked_until: Some(period.end), ..ledger.clone() };
    scope.act_on_row::<ledger::Entity>("lock_period", None, &ledger, after).await?;
    Ok(year)
}

fn locked(until: NaiveDate) -> Text {
    Text::new(
        format!("The books are locked until {until} and never open again."),
        format!("წიგნები {until}-მდე საბოლოოდ დაბლოკილია."),
    )
}

/// Dates that are to be changed: what is left out stays, null opens.
#[derive(Clone, Debug, Default)]
pub struct LockDates {
    /// Nothing is posted on or before it.
    pub ledger: MaybeUndefined<NaiveDate>,
    /// Nothing with a tax is.
    pub tax: MaybeUndefined<NaiveDate>,
    /// Nothing that is owed by or to anybody is.
    pub sub_ledgers: MaybeUndefined<NaiveDate>,
    /// Why, where a date goes back.
    pub reason: Option<String>,
}

/// Sets the dates up to which the books take nothing. A date that goes back needs a reason.
pub async fn set_lock_dates(scope: &TenantScope, dates: LockDates) -> Result<ledger::Model> {
    let reason = text::optional("reason", dates.reason)?;
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    let changes = [
        ("ledger", dates.ledger, ledger.closed_until),
        ("tax", dates.tax, ledger.tax_closed_until),
        ("subLedgers", dates.sub_ledgers, ledger.sub_ledger_closed_until),
    ];
    let mut after = ledger.clone();
    for (field, date, old) in changes {
        let mut new = old;
        date.update_to(&mut new);
        check_date(scope, field, new).await?;
        if field == "ledger" && new < old {
            check_reopening(scope, field, new).await?;
        }
        if new < old && reason.is_none() {
            return Err(Error::invalid("reason", messages::required()));
        }
        match field {
            "ledger" => after.closed_until = new,
            "tax" => after.tax_closed_until = new,
            _ => after.sub_ledger_closed_until = new,
        }
    }
    scope.act_on_row::<ledger::Entity>("set_lock_dates", reason.as_deref(), &ledger, after).await
}

async fn check_date(scope: &TenantScope, field: &'static str, new: Option<NaiveDate>) -> Result<()> {
    if new.is_some_and(|date| date > scope.today()) {
        return Err(Error::invalid(
            field,
            Text::fixed("The books close up to today at the latest.", "წიგნები იხურება არაუგვიანეს დღევანდელი დღისა."),
        ));
    }
    Ok(())
}

/// What is locked stays closed, and so does a fiscal year that is closed.
async fn check_reopening(scope: &TenantScope, field: &'static str, new: Option<NaiveDate>) -> Result<()> {
    let held = ledger_of(scope).await?.locked_until;
    if let Some(until) = held.filter(|until| new.is_none_or(|new| new < *until)) {
        return Err(Error::invalid(field, locked(until)));
    }
    let closed_year = scope
        .find::<fiscal_year::Entity>()
        .filter(fiscal_year::Column::Status.eq(FiscalYearStatus::Closed))
        .order_by_desc(fiscal_year::Column::EndDate);
    let closed_year = scope.first(closed_year).await?;
    if let Some(year) = closed_year.filter(|year| new.is_none_or(|new| new < year.end_date)) {
        return Err(Error::invalid(
            field,
            Text::new(
                format!("The fiscal year {} is closed. Reopen it first.", year.name),
                format!("ფინანსური წელი {} დახურულია. ჯერ ის გახსენით.", year.name),
            ),
        ));
    }
    Ok(())
}

/// Closes the books up to a day; an earlier day than before reopens what lies between, and needs a reason.
pub async fn close_books(scope: &TenantScope, until: NaiveDate, reason: Option<String>) -> Result<()> {
    let reason = text::optional("reason", reason)?;
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    check_date(scope, "until", Some(until)).await?;
    if Some(until) < ledger.closed_until {
        check_reopening(scope, "until", Some(until)).await?;
        if reason.is_none() {
            return Err(Error::invalid("reason", messages::required()));
        }
    }
    let after = ledger::Model { closed_until: Some(until), ..ledger.clone() };
    scope.act_on_row::<ledger::Entity>("close_books", reason.as_deref(), &ledger, after).await?;
    Ok(())
}

/// Whether a day is the last of its month.
pub(super) fn is_month_end(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|next| next.day() == 1)
}
