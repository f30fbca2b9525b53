//! What no document covers yet: the opening balance, payroll, VAT, computers and dividends, as entries by hand.

use chrono::{Datelike as _, NaiveDate};
use kamara_entities::{AccountId, EmployeeId, MICRO, SourceKind, journal_line};
use sea_orm::{ColumnTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _, QueryTrait as _};

use super::{
    calendar::{Week, end_of_month, shifted, working_day},
    cast::PEOPLE,
    plan::hired_on,
    world::World,
};
use crate::{
    error::Result,
    ledger::{Dimensions, EntryDraft, LineDraft, service as ledger},
    money,
    tenancy::TenantScope,
};

/// Paid hours of a month.
const HOURS: i64 = 168;
/// What a newcomer's computer costs, in tetri.
const COMPUTER: i64 = 432_000;
/// What computers and furniture were worth at the beginning, in tetri.
const FURNITURE: i64 = 9_600_000;
/// What stays in the bank when a dividend is paid, in tetri.
const RESERVE: i64 = 50_000_000;

/// A line of an entry in lari.
fn line(account_id: AccountId, amount: i64, dimensions: Dimensions) -> LineDraft {
    LineDraft { dimensions, ..LineDraft::in_base(account_id, amount, "GEL") }
}

async fn post(world: &World<'_>, date: NaiveDate, description: String, lines: Vec<LineDraft>) -> Result<()> {
    world.on(date);
    ledger::post(world.scope, vec![EntryDraft::new(date, description, SourceKind::Manual, None, lines)]).await?;
    Ok(())
}

/// What the company had at the beginning.
pub(super) async fn open(world: &World<'_>) -> Result<()> {
    let none = Dimensions::default;
    let lines = vec![
        line(world.account("1210")?, 78_000_000, none()),
        line(world.account("2110")?, FURNITURE, none()),
        line(world.account("5110")?, -10_000_000, none()),
        line(world.account("5310")?, -77_600_000, none()),
    ];
    post(world, world.calendar.start, "Opening balance".to_owned(), lines).await
}

/// What falls into a week: pay, VAT, dividends, and what newcomers need.
pub(super) async fn week(world: &mut World<'_>, week: &Week, newcomers: &[usize]) -> Result<()> {
    let first_of_year = NaiveDate::from_ymd_opt(week.last.year(), 1, 1);
    if first_of_year.is_some_and(|day| week.has(day) && day > world.calendar.start) {
        world.on(week.last);
        world.raise(5).await?;
    }
    for person in newcomers {
        let date = hired_on(world.calendar, *person);
        let lines = vec![
            line(world.account("2110")?, COMPUTER, Dimensions::default()),
            line(world.account("1210")?, -COMPUTER, Dimensions::default()),
        ];
        post(world, date, format!("Computer for {}", PEOPLE[*person].name), lines).await?;
    }
    for (month, first) in world.calendar.months().enumerate() {
        let (fifteenth, pay_day) = (working_day(shifted(first, 14)), end_of_month(first));
        if week.has(fifteenth) && month > 0 {
            pay_vat(world, month - 1, fifteenth).await?;
            pay_withheld(world, fifteenth).await?;
        }
        if week.has(pay_day) {
            pay(world, pay_day).await?;
            depreciate(world, pay_day).await?;
        }
        let april = working_day(shifted(first, 20));
        if first.month() == 4 && week.has(april) {
            pay_dividend(world, april).await?;
        }
    }
    Ok(())
}

/// Pays everybody. The time of those who work for clients fills what the projects were charged with; what isn't charged to any
/// is the cost of idle time.
async fn pay(world: &World<'_>, date: NaiveDate) -> Result<()> {
    let (absorbed, salaries) = (world.account("7290")?, world.account("7310")?);
    let mut lines = Vec::with_capacity(PEOPLE.len() + 1);
    let mut total = 0;
    for (person, row) in world.people.iter().enumerate() {
        let Some(row) = row else { continue };
        let rate = row.cost_rate.unwrap_or_default();
        let full = rate * HOURS / (MICRO / 100);
        // Whoever came in the middle of the month is paid for the rest of it.
        let came = hired_on(world.calendar, person);
        let missed =
            if (came.year(), came.month()) == (date.year(), date.month()) { i64::from(came.day0()) } else { 0 };
        let amount = full * (30 - missed.min(29)) / 30;
        let dimensions = Dimensions {
            employee_id: Some::<EmployeeId>(row.id),
            department_id: row.department_id,
            ..Dimensions::default()
        };
        let account = if PEOPLE[person].sells.is_some() { absorbed } else { salaries };
        lines.push(line(account, amount, dimensions));
        total += amount;
    }
    lines.push(line(world.account("1210")?, -total, Dimensions::default()));
    post(world, date, format!("Payroll, {}", date.format("%B %Y")), lines).await
}

/// Notes what a month takes from the value of computers and furniture, which last four years.
async fn depreciate(world: &World<'_>, date: NaiveDate) -> Result<()> {
    let there = |person: &&super::cast::Person| person.hired >= 0 && person.hired <= months_since(world, date);
    let bought = i64::try_from(PEOPLE.iter().filter(there).count()).unwrap_or(0);
    let amount = (FURNITURE + COMPUTER * bought) / 48;
    let office = Dimensions {
        department_id: world.departments.last().copied(),
        cost_centre_id: world.cost_centres.first().copied(),
        ..Dimensions::default()
    };
    let lines = vec![
        line(world.account("7410")?, amount, office),
        line(world.account("2110")?, -amount, Dimensions::default()),
    ];
    post(world, date, format!("Depreciation, {}", date.format("%B %Y")), lines).await
}

fn months_since(world: &World<'_>, date: NaiveDate) -> i64 {
    i64::try_from(world.calendar.month_of(date)).unwrap_or(0)
}

/// Pays the VAT of a month to the state.
async fn pay_vat(world: &World<'_>, month: usize, date: NaiveDate) -> Result<()> {
    let (output, input) = world.vat.get(&month).copied().unwrap_or_default();
    if output <= input {
        return Ok(());
    }
    let none = Dimensions::default;
    let lines = vec![
        line(world.account("3330")?, output, none()),
        line(world.account("1610")?, -input, none()),
        line(world.account("1210")?, input - output, none()),
    ];
    post(world, date, "VAT of the month before".to_owned(), lines).await
}

/// Pays the state what was withheld from suppliers by then.
async fn pay_withheld(world: &World<'_>, date: NaiveDate) -> Result<()> {
    let account = world.account("3320")?;
    let owed = -balance(world.scope, account).await?;
    if owed <= 0 {
        return Ok(());
    }
    let lines =
        vec![line(account, owed, Dimensions::default()), line(world.account("1210")?, -owed, Dimensions::default())];
    post(world, date, "Income tax withheld from suppliers".to_owned(), lines).await
}

/// Pays the owners what the company doesn't need.
async fn pay_dividend(world: &World<'_>, date: NaiveDate) -> Result<()> {
    let bank = world.account("1210")?;
    let dividend = (balance(world.scope, bank).await? - RESERVE) / 2_000_000 * 1_000_000;
    if dividend <= 0 {
        return Ok(());
    }
    let lines = vec![
        line(world.account("5310")?, dividend, Dimensions::default()),
        line(bank, -dividend, Dimensions::default()),
    ];
    post(world, date, "Dividend".to_owned(), lines).await
}

/// What is on an account.
async fn balance(scope: &TenantScope, account: AccountId) -> Result<i64> {
    #[derive(FromQueryResult)]
    struct Amount {
        base_minor: i64,
    }
    let select = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::AccountId.eq(account))
        .select_only()
        .column(journal_line::Column::BaseMinor);
    let lines = scope.query::<Amount>(&select.into_query()).await?;
    money::sum("balance", lines.into_iter().map(|line| line.base_minor))
}
