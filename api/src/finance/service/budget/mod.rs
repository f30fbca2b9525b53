//! Budgets: versions are drafts until they're put in force; then they stay as they are.

mod control;
mod lines;
mod plan;
mod sheet;

use chrono::{Datelike, Days, Months, NaiveDate};
use kamara_entities::{BudgetControl, BudgetId, BudgetStatus, TenantEntity as _, budget, budget_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

pub use self::{
    control::{BudgetUse, check},
    lines::{LineInput, import_lines, set_lines},
    plan::Plan,
};
use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// Months of a budget at the most.
const MONTHS_MAX: u32 = 60;

/// What is given of a budget.
#[derive(Clone, Debug)]
pub struct BudgetInput {
    /// Name.
    pub name: String,
    /// First day: that of a month.
    pub from: NaiveDate,
    /// Last day: that of a month.
    pub to: NaiveDate,
    /// What happens when a commitment goes over it.
    pub control: BudgetControl,
}

/// The first day of a day's month.
fn month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// The last day of a day's month.
fn end_of_month(day: NaiveDate) -> NaiveDate {
    let next = month_of(day).checked_add_months(Months::new(1));
    next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(day)
}

fn check_values(new: &mut budget::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.sort_key = text::sort_key(&new.name);
    if month_of(new.from_date) != new.from_date {
        let message =
            Text::fixed("A budget begins with the first day of a month.", "ბიუჯეტი თვის პირველი დღით იწყება.");
        return Err(Error::invalid("from", message));
    }
    if end_of_month(new.to_date) != new.to_date {
        let message = Text::fixed("A budget ends with the last day of a month.", "ბიუჯეტი თვის ბოლო დღით მთავრდება.");
        return Err(Error::invalid("to", message));
    }
    let last = new.from_date.checked_add_months(Months::new(MONTHS_MAX));
    if new.to_date < new.from_date || last.is_none_or(|last| new.to_date >= last) {
        let message = Text::fixed("A budget is for 1 to 60 months.", "ბიუჯეტი 1-დან 60 თვემდეა.");
        return Err(Error::invalid("to", message));
    }
    Ok(())
}

fn require_draft(budget: &budget::Model) -> Result<()> {
    if budget.status == BudgetStatus::Draft {
        return Ok(());
    }
    Err(Error::Conflict(Text::fixed(
        "Only a draft is changed. Copy this budget to a new version.",
        "იცვლება მხოლოდ მონახაზი. გადაიღეთ ბიუჯეტის ახალი ვერსია.",
    )))
}

/// Makes the first version of a budget.
pub async fn create(scope: &TenantScope, input: BudgetInput) -> Result<budget::Model> {
    let id: BudgetId = scope.env().id();
    let mut new = budget::New {
        name: input.name,
        sort_key: String::new(),
        from_date: input.from,
        to_date: input.to,
        number: 1,
        first_id: id,
        status: BudgetStatus::Draft,
        control: input.control,
    };
    check_values(&mut new)?;
    super::batch::one(scope.insert_with_ids::<budget::Entity>(vec![(id, new)]).await?)
}

/// Changes a budget; the period only of a draft without amounts.
pub async fn update(
    scope: &TenantScope,
    id: BudgetId,
    version: i32,
    change: impl FnOnce(&mut budget::New) + Send,
) -> Result<budget::Model> {
    let before = scope.editable::<budget::Entity>(id, version).await?;
    let mut new = budget::Entity::values(before.clone());
    change(&mut new);
    check_values(&mut new)?;
    if (new.from_date, new.to_date) != (before.from_date, before.to_date) {
        require_draft(&before)?;
        let lines = scope.find::<budget_line::Entity>().filter(budget_line::Column::BudgetId.eq(id));
        if scope.first(lines).await?.is_some() {
            return Err(Error::Conflict(Text::fixed(
                "This budget has amounts. Empty it before its period changes.",
                "ამ ბიუჯეტს აქვს თანხები. პერიოდის შეცვლამდე წაშალეთ ისინი.",
            )));
        }
    }
    scope.update::<budget::Entity>(&before, budget::Entity::revise(before.clone(), new)).await
}

/// Copies a budget with its amounts to a new version, a draft.
pub async fn copy(scope: &TenantScope, id: BudgetId) -> Result<budget::Model> {
    let of = scope.require::<budget::Entity>(id).await?;
    // Locked, so that two copies don't get the same number.
    scope.lock::<budget::Entity>(of.first_id).await?;
    let versions = scope.find::<budget::Entity>().filter(budget::Column::FirstId.eq(of.first_id));
    let newest = scope.first(versions.order_by_desc(budget::Column::Number)).await?;
    let number = newest.map_or(of.number, |newest| newest.number) + 1;
    let new = budget::New { number, status: BudgetStatus::Draft, ..budget::Entity::values(of) };
    let copy = scope.insert::<budget::Entity>(new).await?;
    let lines = scope.all(scope.find::<budget_line::Entity>().filter(budget_line::Column::BudgetId.eq(id))).await?;
    let line = |line: budget_line::Model| {
        let new = budget_line::New { budget_id: copy.id, ..budget_line::Entity::values(line) };
        (scope.env().id(), new)
    };
    scope.insert_parts::<budget_line::Entity>(lines.into_iter().map(line).collect()).await?;
    Ok(copy)
}

/// Puts a draft in force. The budget that was in force for the same period is superseded; one for other days that are partly
/// the same is refused.
pub async fn activate(scope: &TenantScope, id: BudgetId, version: i32) -> Result<budget::Model> {
    // All of them are locked, so that two aren't put in force at once.
    let all = scope.lock_every::<budget::Entity>().await?;
    let before = scope.editable::<budget::Entity>(id, version).await?;
    require_draft(&before)?;
    let period = (before.from_date, before.to_date);
    for other in all {
        let overlaps = other.from_date <= period.1 && other.to_date >= period.0;
        if other.status != BudgetStatus::Active || !overlaps {
            continue;
        }
        if other.first_id != before.first_id && (other.from_date, other.to_date) != period {
            let (from, to) = (other.from_date, other.to_date);
            return Err(Error::Conflict(Text::new(
                format!("{} is in force from {from} to {to}. A day has one budget in force.", other.name),
                format!("{from}–{to} პერიოდში მოქმედებს „{}“. ერთ დღეს ერთი ბიუჯეტი მოქმედებს.", other.name),
            )));
        }
        let after = budget::Model { status: BudgetStatus::Superseded, ..other.clone() };
        scope.act::<budget::Entity>("supersede", &other, after).await?;
    }
    let after = budget::Model { status: BudgetStatus::Active, ..before.clone() };
    scope.act::<budget::Entity>("activate", &before, after).await
}

/// Archives a budget that isn't in force.
pub async fn archive(scope: &TenantScope, id: BudgetId, version: i32) -> Result<budget::Model> {
    if scope.lock::<budget::Entity>(id).await?.status == BudgetStatus::Active {
        return Err(Error::Conflict(Text::fixed(
            "This budget is in force. Put another version in force first.",
            "ეს ბიუჯეტი მოქმედებს. ჯერ აამოქმედეთ სხვა ვერსია.",
        )));
    }
    scope.archive::<budget::Entity>(id, version).await
}

/// The budget in force on a day.
pub async fn in_force(scope: &TenantScope, day: NaiveDate) -> Result<Option<budget::Model>> {
    use budget::Column as C;
    let select = scope
        .find::<budget::Entity>()
        .filter(C::Status.eq(BudgetStatus::Active))
        .filter(C::FromDate.lte(day))
        .filter(C::ToDate.gte(day));
    scope.first(select).await
}

/// The amounts of a budget in the months of some days.
pub async fn lines_of(
    scope: &TenantScope,
    id: BudgetId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<budget_line::Model>> {
    use budget_line::Column as C;
    let select =
        scope.find::<budget_line::Entity>().filter(C::BudgetId.eq(id)).filter(C::Month.between(month_of(from), to));
    scope.all(select).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_for_whole_months() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let field = |from: &str, to: &str| {
            let mut new = budget::New {
                name: "2026".into(),
                sort_key: String::new(),
                from_date: day(from),
                to_date: day(to),
                number: 1,
                first_id: BudgetId(uuid::Uuid::nil()),
                status: BudgetStatus::Draft,
                control: BudgetControl::None,
            };
            check_values(&mut new).err().and_then(|error| error.field().map(ToOwned::to_owned))
        };
        assert_eq!(field("2028-02-01", "2028-02-29"), None);
        assert_eq!(field("2026-01-01", "2030-12-31"), None);
        assert_eq!(field("2026-01-01", "2031-01-31").as_deref(), Some("to"));
        assert_eq!(field("2026-01-02", "2026-12-31").as_deref(), Some("from"));
        assert_eq!(field("2026-01-01", "2026-02-27").as_deref(), Some("to"));
        assert_eq!(field("2026-02-01", "2026-01-31").as_deref(), Some("to"));
    }
}
