//! When an invoice is to be paid: on one day, or in instalments.
//!
//! Only days and amounts are kept, not the percentages that they come from. So where a draft's date, lines or discount change and
//! nothing new is said of its terms, each instalment stays as many days after the date as it was, and takes the same share of the
//! new total. An invoice that is made like another follows the same rule.

#[cfg(test)]
mod cases;
#[cfg(test)]
pub(super) mod tests;

use std::collections::HashMap;

use chrono::{Datelike as _, Days, Months, NaiveDate};
use kamara_entities::{InvoiceId, invoice, invoice_instalment};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use serde_json::json;

use super::{
    invoice_reckoning::Written,
    invoice_values::{Due, TERMS_MAX, due_date},
};
use crate::{
    error::{Error, Result, Text},
    messages, money,
    tenancy::{TenantScope, ToldPart},
};

/// Instalments that an invoice may have.
const INSTALMENTS_MAX: usize = 120;
/// Months until an instalment is to be paid, at the most.
const MONTHS_MAX: u32 = 120;
/// All of it, in 10⁻⁶ of a percent.
const WHOLE: i64 = 100_000_000;

/// When an invoice is to be paid.
#[derive(Clone, Debug)]
pub enum Terms {
    /// All of it on one day.
    Once(Due),
    /// In instalments.
    Instalments(Vec<Instalment>),
    /// In the instalments of an invoice of this date, moved to another date and total.
    Like(NaiveDate, Vec<Part>),
}

impl From<Due> for Terms {
    fn from(due: Due) -> Self {
        Self::Once(due)
    }
}

/// What is said of an instalment.
#[derive(Clone, Copy, Debug)]
pub struct Instalment {
    /// When.
    pub when: When,
    /// How much.
    pub share: Share,
}

/// When an instalment is to be paid.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// On a day.
    On(NaiveDate),
    /// Some time after the invoice's date: first the months, then to the end of the month, then the days.
    After {
        /// Calendar months.
        months: u32,
        /// Whether the days are counted from the month's last day.
        end_of_month: bool,
        /// Days.
        days: u32,
    },
}

/// How much an instalment is.
#[derive(Clone, Copy, Debug)]
pub enum Share {
    /// A part of the total, in percent.
    Percent(Decimal),
    /// An amount in the invoice's currency.
    Amount(Decimal),
    /// What is left; only of the last.
    Rest,
}

impl Share {
    /// The field that says it.
    const fn field(self) -> &'static str {
        match self {
            Self::Amount(_) => "amount",
            Self::Percent(_) | Self::Rest => "percent",
        }
    }
}

/// An instalment: when how much is to be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// When.
    pub due_date: NaiveDate,
    /// How much, in minor units of the invoice's currency.
    pub amount: i64,
}

/// Tells by when an invoice is to be paid that is reckoned otherwise.
pub(super) fn apply(written: &mut Written, terms: Option<Terms>) -> Result<()> {
    let header = &mut written.header;
    let (date, total) = (header.date, header.total_minor);
    let parts = match terms {
        None => return due_date(date, None).map(|due| header.due_date = due),
        Some(Terms::Once(due)) => return due_date(date, Some(due)).map(|due| header.due_date = due),
        Some(Terms::Instalments(given)) => schedule((date, total), &header.currency, &given)?,
        Some(Terms::Like(before, parts)) => moved(&parts, before, (date, total))?,
    };
    (header.due_date, written.parts) = kept(parts, date);
    Ok(())
}

/// By when all is to be paid, and the instalments that are kept: those of nothing aren't any, and one alone is none.
fn kept(mut parts: Vec<Part>, date: NaiveDate) -> (NaiveDate, Vec<Part>) {
    if parts.iter().any(|part| part.amount > 0) {
        parts.retain(|part| part.amount > 0);
    }
    let due_date = parts.last().map_or(date, |part| part.due_date);
    let is_several = parts.len() > 1 && parts.iter().all(|part| part.amount > 0);
    (due_date, if is_several { parts } else { Vec::new() })
}

/// The instalments of a date and a total.
fn schedule((date, total): (NaiveDate, i64), currency: &str, given: &[Instalment]) -> Result<Vec<Part>> {
    if given.is_empty() || given.len() > INSTALMENTS_MAX {
        let message = Text::fixed("From 1 to 120 instalments.", "1-დან 120 ნაწილამდე.");
        return Err(Error::invalid("terms.instalments", message));
    }
    let dates = dates(date, given)?;
    let amounts = amounts(total, currency, given)?;
    Ok(dates.into_iter().zip(amounts).map(|(due_date, amount)| Part { due_date, amount }).collect())
}

/// Names the instalment that an error is about.
fn at(place: usize) -> impl Fn(Error) -> Error {
    move |error| error.within(&format!("terms.instalments.{place}"))
}

/// The days, each after the one before.
fn dates(date: NaiveDate, given: &[Instalment]) -> Result<Vec<NaiveDate>> {
    let mut dates: Vec<NaiveDate> = Vec::with_capacity(given.len());
    for (place, instalment) in given.iter().enumerate() {
        let (due, field) = day(date, instalment.when).map_err(at(place))?;
        if due < date {
            let message = Text::fixed(
                "No instalment is due before the invoice's own date.",
                "არც ერთი ნაწილის ვადა ინვოისის თარიღზე ადრე ვერ იქნება.",
            );
            return Err(at(place)(Error::invalid(field, message)));
        }
        if dates.last().is_some_and(|before| *before >= due) {
            let message = Text::fixed(
                "Each instalment is due later than the one before.",
                "ყოველი ნაწილის ვადა წინა ნაწილის ვადაზე გვიან უნდა იყოს.",
            );
            return Err(at(place)(Error::invalid(field, message)));
        }
        dates.push(due);
    }
    Ok(dates)
}

/// The day of an instalment, and the field that says it.
fn day(date: NaiveDate, when: When) -> Result<(NaiveDate, &'static str)> {
    let (months, end_of_month, days) = match when {
        When::On(day) => return Ok((day, "date")),
        When::After { months, end_of_month, days } => (months, end_of_month, days),
    };
    if months > MONTHS_MAX {
        return Err(Error::invalid("months", messages::too_large()));
    }
    if days > TERMS_MAX {
        return Err(Error::invalid("days", messages::too_large()));
    }
    let field = if months > 0 && days == 0 { "months" } else { "days" };
    let month = date.checked_add_months(Months::new(months));
    let from = if end_of_month { month.and_then(last_of_month) } else { month };
    let day = from.and_then(|from| from.checked_add_days(Days::new(days.into())));
    Ok((day.ok_or_else(|| Error::invalid(field, messages::too_large()))?, field))
}

/// The last day of a day's month.
pub(super) fn last_of_month(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// The amounts: percentages of the total to the nearest unit, so that all of them together lose none; then those that are
/// fixed, and what is left.
fn amounts(total: i64, currency: &str, given: &[Instalment]) -> Result<Vec<i64>> {
    let (mut weights, mut fixed) = (Vec::with_capacity(given.len() + 1), Vec::with_capacity(given.len()));
    for (place, instalment) in given.iter().enumerate() {
        let is_last = place + 1 == given.len();
        let (weight, amount) = share(instalment.share, currency, is_last).map_err(at(place))?;
        weights.push(weight);
        fixed.push(amount);
    }
    let unsaid = WHOLE - money::sum("terms.instalments", weights.iter().copied())?;
    weights.push(unsaid.max(0));
    let mut parts = money::split(total, &weights);
    let left =
        i128::from(parts.pop().unwrap_or_default()) - fixed.iter().map(|amount| i128::from(*amount)).sum::<i128>();
    let Some((last, place)) = given.last().zip(given.len().checked_sub(1)) else { return Ok(parts) };
    let takes_rest = matches!(last.share, Share::Rest);
    let over = unsaid < 0 || left < 0;
    // Percentages alone must be all of it, however little of the total is missing.
    let is_whole = left == 0 && (unsaid == 0 || fixed.iter().any(|amount| *amount > 0));
    let is_right = if takes_rest { left > 0 || total == 0 } else { is_whole };
    if over || !is_right {
        let message = if takes_rest { nothing_left(total, currency) } else { not_the_total(total, currency) };
        return Err(at(place)(Error::invalid(last.share.field(), message)));
    }
    for (part, amount) in parts.iter_mut().zip(fixed) {
        *part += amount;
    }
    if takes_rest && let Some(part) = parts.last_mut() {
        *part = i64::try_from(left).map_err(Error::internal)?;
    }
    Ok(parts)
}

/// What is said of how much: a weight in 10⁻⁶ of a percent, or an amount.
fn share(share: Share, currency: &str, is_last: bool) -> Result<(i64, i64)> {
    let positive = |field, value: i64| {
        if value > 0 { Ok(value) } else { Err(Error::invalid(field, messages::positive())) }
    };
    match share {
        Share::Percent(percent) => Ok((positive("percent", money::to_micro("percent", percent)?)?, 0)),
        Share::Amount(amount) => Ok((0, positive("amount", money::to_minor("amount", amount, currency)?)?)),
        Share::Rest if is_last => Ok((0, 0)),
        Share::Rest => {
            let message = Text::fixed(
                "Give a percentage or an amount; only the last instalment takes what is left.",
                "მიუთითეთ პროცენტი ან თანხა; ნაშთს მხოლოდ ბოლო ნაწილი იღებს.",
            );
            Err(Error::invalid("percent", message))
        }
    }
}

fn not_the_total(total: i64, currency: &str) -> Text {
    let total = money::from_minor(total, currency);
    Text::new(
        format!("All instalments together must be 100%, or the total of {total} {currency}."),
        format!("ყველა ნაწილი ერთად უნდა იყოს 100% ან სრული თანხა, {total} {currency}."),
    )
}

fn nothing_left(total: i64, currency: &str) -> Text {
    let total = money::from_minor(total, currency);
    Text::new(
        format!("Nothing is left for the last instalment: those before it take all of {total} {currency}."),
        format!("ბოლო ნაწილისთვის აღარაფერი რჩება: წინა ნაწილები სრულად ფარავს თანხას, {total} {currency}."),
    )
}

/// Instalments of an invoice of a date, for another date and total.
fn moved(parts: &[Part], before: NaiveDate, (date, total): (NaiveDate, i64)) -> Result<Vec<Part>> {
    let by = date.signed_duration_since(before);
    let weights: Vec<i64> = parts.iter().map(|part| part.amount).collect();
    let amounts = money::split(total, &weights);
    let part = |(part, amount): (&Part, i64)| {
        let due_date = part.due_date.checked_add_signed(by);
        let due_date = due_date.ok_or_else(|| Error::invalid("date", messages::too_large()))?;
        Ok(Part { due_date, amount })
    };
    parts.iter().zip(amounts).map(part).collect()
}

/// What is open of each instalment: what is paid counts against the earliest first.
#[must_use]
pub fn open_of(amounts: &[i64], paid: i64) -> Vec<i64> {
    let mut paid = paid.max(0);
    let open = |amount: &i64| {
        let settled = paid.min(*amount);
        paid -= settled;
        amount - settled
    };
    amounts.iter().map(open).collect()
}

/// The terms of an invoice, to be moved to another date or total.
pub(super) async fn like(scope: &TenantScope, row: &invoice::Model) -> Result<Terms> {
    Ok(match parts_of(scope, [row.id]).await?.remove(&row.id) {
        None => Terms::Once(match u32::try_from((row.due_date - row.date).num_days()) {
            Ok(days) if days <= TERMS_MAX => Due::InDays(days),
            _ => Due::On(row.due_date),
        }),
        Some(parts) => Terms::Like(row.date, parts),
    })
}

/// The instalments of invoices, in their order; of those that have any.
pub(super) async fn parts_of(
    scope: &TenantScope,
    invoices: impl IntoIterator<Item = InvoiceId>,
) -> Result<HashMap<InvoiceId, Vec<Part>>> {
    let mut parts: HashMap<InvoiceId, Vec<Part>> = HashMap::new();
    let invoices: Vec<InvoiceId> = invoices.into_iter().collect();
    for invoices in invoices.chunks(crate::db::PARAMETERS_MAX) {
        let select = scope
            .find::<invoice_instalment::Entity>()
            .filter(invoice_instalment::Column::InvoiceId.is_in(invoices.iter().copied()))
            .order_by_asc(invoice_instalment::Column::Position);
        for row in scope.all(select).await? {
            let part = Part { due_date: row.due_date, amount: row.amount_minor };
            parts.entry(row.invoice_id).or_default().push(part);
        }
    }
    Ok(parts)
}

/// Writes the instalments of invoices that have none yet.
pub(super) async fn insert(scope: &TenantScope, parts: Vec<(InvoiceId, Vec<Part>)>) -> Result<()> {
    let row = |invoice_id, position, part: Part| invoice_instalment::New {
        invoice_id,
        position,
        due_date: part.due_date,
        amount_minor: part.amount,
    };
    let rows = parts.into_iter().flat_map(|(id, parts)| {
        parts.into_iter().zip(1..).map(move |(part, position)| row(id, position, part)).collect::<Vec<_>>()
    });
    let rows = rows.map(|row| (scope.env().id(), row)).collect();
    scope.insert_parts::<invoice_instalment::Entity>(rows).await?;
    Ok(())
}

/// What an event tells of instalments.
pub(super) fn told(parts: &[Part]) -> Vec<ToldPart> {
    let part = |(part, position): (&Part, i32)| {
        ToldPart::from_iter([
            ("position".to_owned(), json!(position)),
            ("due_date".to_owned(), json!(part.due_date)),
            ("amount_minor".to_owned(), json!(part.amount)),
        ])
    };
    parts.iter().zip(1..).map(part).collect()
}

/// Writes a draft's instalments anew.
pub(super) async fn replace(scope: &TenantScope, id: InvoiceId, parts: Vec<Part>) -> Result<()> {
    let of_invoice = Condition::all().add(invoice_instalment::Column::InvoiceId.eq(id));
    scope.delete_parts::<invoice_instalment::Entity>(of_invoice).await?;
    insert(scope, vec![(id, parts)]).await
}
