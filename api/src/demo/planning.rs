//! Overhead that is spread over departments, and the budget of the year.

use chrono::{Datelike as _, Months, NaiveDate};
use kamara_entities::{AllocationBasis, AllocationTarget, BudgetControl};
use rust_decimal::Decimal;

use super::{
    calendar::{end_of_month, first_of_month},
    world::World,
};
use crate::{
    error::Result,
    finance::service::{
        budget::{self, BudgetInput, LineInput},
        overhead::{self, RuleInput},
    },
};

/// Months of which the offices are spread.
const MONTHS: u32 = 6;

/// What departments may spend in a month: account, department, cost centre, lari. Advertising goes over.
const PLANNED: [(&str, usize, usize, i64); 2] = [("7430", 4, 3, 1_600), ("7460", 2, 2, 4_000)];

/// Spreads the offices by head count over the departments, for each of the last months that is over.
pub(super) async fn overhead(world: &World<'_>) -> Result<()> {
    let rule = RuleInput {
        name: "Offices by head count".to_owned(),
        basis: AllocationBasis::HeadCount,
        target: AllocationTarget::Department,
        cost_centre_id: world.offices,
    };
    world.on(world.calendar.today);
    let rule = overhead::create(world.scope, rule, Vec::new(), &[]).await?;
    let this_month = first_of_month(world.calendar.today);
    for back in (1..=MONTHS).rev() {
        let Some(first) = this_month.checked_sub_months(Months::new(back)) else { continue };
        overhead::run(world.scope, rule.id, first, end_of_month(first)).await?;
    }
    Ok(())
}

/// Puts the budget of this year in force.
pub(super) async fn budget(world: &World<'_>) -> Result<()> {
    let year = world.calendar.today.year();
    let (Some(from), Some(to)) = (NaiveDate::from_ymd_opt(year, 1, 1), NaiveDate::from_ymd_opt(year, 12, 31)) else {
        return Ok(());
    };
    let input = BudgetInput { name: format!("Budget {year}"), from, to, control: BudgetControl::Warn };
    let made = budget::create(world.scope, input).await?;
    let mut lines = Vec::new();
    for (account, department, centre, amount) in PLANNED {
        for month in 0..12 {
            lines.push(LineInput {
                account_id: world.account(account)?,
                cost_centre_id: Some(world.cost_centres[centre]),
                department_id: Some(world.departments[department]),
                month: from.checked_add_months(Months::new(month)).unwrap_or(from),
                amount: Decimal::from(amount),
            });
        }
    }
    let filled = budget::set_lines(world.scope, made.id, made.version, &lines).await?;
    budget::activate(world.scope, filled.id, filled.version).await?;
    Ok(())
}
