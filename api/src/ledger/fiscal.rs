//! Fiscal years, and the close that moves a year's result to equity.

use chrono::{Datelike, Months, NaiveDate};
use kamara_entities::{
    AccountId, AccountRole, AccountType, FiscalYearId, FiscalYearStatus, SourceKind, account, fiscal_year,
    journal_entry, journal_line, ledger,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    Accounts, EntryDraft, LineDraft, dates::ledger_of, periods::is_month_end, posting::post, reversal::reverse_entry,
};
use crate::{
    db,
    error::{Error, Result, Text},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// The longest fiscal year, in months: a first one may be longer than a year.
const MONTHS_MAX: i32 = 18;

/// Makes a fiscal year of whole months, right after the last or right before the first. What is left out follows from the
/// others: twelve months after the last, or those around today, beginning in the month that the ledger says.
pub async fn create_year(
    scope: &TenantScope,
    name: Option<String>,
    start: Option<NaiveDate>,
    end: Option<NaiveDate>,
) -> Result<fiscal_year::Model> {
    let name = text::optional("name", name)?;
    // Locked, so that two years made at once don't overlap.
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    let years = scope.find::<fiscal_year::Entity>().order_by_asc(fiscal_year::Column::StartDate);
    let years = scope.all(years).await?;
    let start_date = match (start, years.last()) {
        (Some(start), _) => start,
        (None, Some(last)) => last.end_date.succ_opt().unwrap_or(last.end_date),
        (None, None) => year_start(scope.today(), ledger.fiscal_year_start_month),
    };
    let twelve_months = || start_date.checked_add_months(Months::new(12)).and_then(|next| next.pred_opt());
    let end_date = end.or_else(twelve_months).ok_or_else(|| Error::invalid("endDate", messages::required()))?;
    check_days(start_date, end_date)?;
    check_neighbours(&years, start_date, end_date)?;
    let name = name.unwrap_or_else(|| {
        let (first, last) = (start_date.year(), end_date.year());
        if first == last { first.to_string() } else { format!("{first}/{last}") }
    });
    let status = FiscalYearStatus::Open;
    let new = fiscal_year::New { name, start_date, end_date, status, closing_entry_id: None };
    scope.insert::<fiscal_year::Entity>(new).await
}

fn year_start(today: NaiveDate, month: i32) -> NaiveDate {
    let month = u32::try_from(month).unwrap_or(1);
    let year = if today.month() >= month { today.year() } else { today.year() - 1 };
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(today)
}

fn check_days(start: NaiveDate, end: NaiveDate) -> Result<()> {
    if start.day() != 1 {
        let message = Text::fixed("A fiscal year begins with a month.", "ფინანსური წელი თვის პირველ რიცხვში იწყება.");
        return Err(Error::invalid("startDate", message));
    }
    if !is_month_end(end) || end < start {
        let message = Text::fixed("A fiscal year ends with a month.", "ფინანსური წელი თვის ბოლო რიცხვში მთავრდება.");
        return Err(Error::invalid("endDate", message));
    }
    let months = |day: NaiveDate| day.year() * 12 + i32::try_from(day.month0()).unwrap_or(0);
    if months(end) - months(start) + 1 > MONTHS_MAX {
        let message = Text::new(
            format!("A fiscal year has at most {MONTHS_MAX} months."),
            format!("ფინანსურ წელს არაუმეტეს {MONTHS_MAX} თვე აქვს."),
        );
        return Err(Error::invalid("endDate", message));
    }
    Ok(())
}

fn check_neighbours(years: &[fiscal_year::Model], start: NaiveDate, end: NaiveDate) -> Result<()> {
    let (Some(first), Some(last)) = (years.first(), years.last()) else { return Ok(()) };
    if last.end_date.succ_opt() == Some(start) {
        return Ok(());
    }
    let message = |day: NaiveDate| {
        Text::new(
            format!("Fiscal years follow each other without a gap: this one begins on {day}."),
            format!("ფინანსური წლები უწყვეტად მოსდევს ერთმანეთს: ეს იწყება {day}-ში."),
        )
    };
    if end.succ_opt() == Some(first.start_date) {
        // Nothing goes before a year that is closed: its close has taken in what was before.
        if first.status == FiscalYearStatus::Open {
            return Ok(());
        }
        return Err(Error::invalid("startDate", message(last.end_date.succ_opt().unwrap_or(last.end_date))));
    }
    if start < first.start_date && end < first.start_date {
        let message = Text::new(
            format!("Fiscal years follow each other without a gap: this one ends before {}.", first.start_date),
            format!("ფინანსური წლები უწყვეტად მოსდევს ერთმანეთს: ეს მთავრდება {}-მდე.", first.start_date),
        );
        return Err(Error::invalid("endDate", message));
    }
    Err(Error::invalid("startDate", message(last.end_date.succ_opt().unwrap_or(last.end_date))))
}

/// Closes a year: its result goes to retained earnings by an entry of its last day, marked as closing and without dimensions,
/// and nothing else is posted in it any more. The years before close first.
pub async fn close_year(scope: &TenantScope, id: FiscalYearId) -> Result<fiscal_year::Model> {
    let year = scope.lock::<fiscal_year::Entity>(id).await?;
    if year.status == FiscalYearStatus::Closed {
        return Err(Error::Conflict(Text::fixed("This year is closed already.", "ეს წელი უკვე დახურულია.")));
    }
    if year.end_date > scope.today() {
        return Err(Error::Conflict(Text::fixed("This year isn't over yet.", "ეს წელი ჯერ არ დასრულებულა.")));
    }
    if with_status(scope, FiscalYearStatus::Open, fiscal_year::Column::StartDate.lt(year.start_date)).await? {
        return Err(Error::Conflict(Text::fixed(
            "Years close in order: close the one before first.",
            "წლები თანმიმდევრობით იხურება: ჯერ დახურეთ წინა.",
        )));
    }
    // From here on nobody posts, so the result is final.
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    let closed_until = ledger.closed_until.max(Some(year.end_date));
    let after = ledger::Model { closed_until, ..ledger.clone() };
    scope.act_on_row::<ledger::Entity>("close_year", None, &ledger, after).await?;
    let entry = match result_lines(scope, year.end_date).await? {
        lines if lines.is_empty() => None,
        lines => {
            let description = Text::new(format!("Close of {}", year.name), format!("{}: წლის დახურვა", year.name));
            let description = description.in_language(scope.tenant().language).to_owned();
            let kind = SourceKind::Closing;
            let draft = EntryDraft::new(year.end_date, description, kind, Some(id.0), lines);
            post(scope, vec![EntryDraft { closing: true, ..draft }]).await?.pop()
        }
    };
    let closing_entry_id = entry.map(|entry| entry.id);
    let after = fiscal_year::Model { status: FiscalYearStatus::Closed, closing_entry_id, ..year.clone() };
    scope.act_on_row::<fiscal_year::Entity>("close", None, &year, after).await
}

async fn with_status(
    scope: &TenantScope,
    status: FiscalYearStatus,
    condition: sea_orm::sea_query::Expr,
) -> Result<bool> {
    let select =
        scope.find::<fiscal_year::Entity>().filter(fiscal_year::Column::Status.eq(status)).filter(condition).limit(1);
    Ok(scope.first(select).await?.is_some())
}

/// Lines that take what stands on accounts of income and expense after a day, and put it to retained earnings.
async fn result_lines(scope: &TenantScope, until: NaiveDate) -> Result<Vec<LineDraft>> {
    #[derive(FromQueryResult)]
    struct Sum {
        account_id: AccountId,
        base_minor: i64,
    }
    use journal_line::Column as C;
    let of_result = scope
        .find::<account::Entity>()
        .filter(account::Column::AccountType.is_in([AccountType::Income, AccountType::Expense]));
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::AccountId.in_subquery(of_result.select_only().column(account::Column::Id).into_query()))
        .filter(C::Date.lte(until))
        .select_only()
        .column(C::AccountId)
        .column_as(db::sum(C::BaseMinor), "base_minor")
        .group_by(C::AccountId);
    let accounts = Accounts::load(scope).await?;
    let mut sums = scope.query::<Sum>(&select.into_query()).await?;
    sums.retain(|sum| sum.base_minor != 0);
    sums.sort_by_key(|sum| accounts.get(sum.account_id).map(|account| account.code.clone()));
    if sums.is_empty() {
        return Ok(Vec::new());
    }
    let base = scope.base_currency();
    let result = money::sum("amount", sums.iter().map(|sum| sum.base_minor))?;
    let line = |account_id, minor| LineDraft::in_base(account_id, minor, base);
    let mut lines: Vec<LineDraft> = sums.iter().map(|sum| line(sum.account_id, -sum.base_minor)).collect();
    if result != 0 {
        lines.push(line(accounts.role(AccountRole::RetainedEarnings)?.id, result));
    }
    Ok(lines)
}

/// Reopens a year, unless it's locked: its closing entry is reversed on the same day. The years after reopen first; the
/// periods stay closed until they're reopened themselves.
pub async fn reopen_year(scope: &TenantScope, id: FiscalYearId, reason: &str) -> Result<fiscal_year::Model> {
    let reason = text::name("reason", reason)?;
    let year = scope.lock::<fiscal_year::Entity>(id).await?;
    if year.status == FiscalYearStatus::Open {
        return Err(Error::Conflict(Text::fixed("This year is open.", "ეს წელი ღიაა.")));
    }
    if with_status(scope, FiscalYearStatus::Closed, fiscal_year::Column::StartDate.gt(year.start_date)).await? {
        return Err(Error::Conflict(Text::fixed(
            "Years reopen in order: reopen the one after first.",
            "წლები თანმიმდევრობით იხსნება: ჯერ გახსენით შემდეგი.",
        )));
    }
    let ledger = scope.lock::<ledger::Entity>(ledger_of(scope).await?.id).await?;
    if ledger.locked_until.is_some_and(|until| until >= year.end_date) {
        return Err(Error::Conflict(Text::fixed(
            "This year is locked and never opens again.",
            "ეს წელი საბოლოოდ დაბლოკილია.",
        )));
    }
    if let Some(entry) = year.closing_entry_id {
        let entry = scope.require::<journal_entry::Entity>(entry).await?;
        reverse_entry(scope, &entry, entry.date).await?;
    }
    let after = fiscal_year::Model { status: FiscalYearStatus::Open, closing_entry_id: None, ..year.clone() };
    scope.act_on_row::<fiscal_year::Entity>("reopen", Some(&reason), &year, after).await
}
