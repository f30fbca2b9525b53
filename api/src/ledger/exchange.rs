//! Exchange rates by date.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use kamara_entities::exchange_rate;
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::posting;
use crate::{
    error::{Error, Result, Text},
    messages, money,
    sheet::{Layout, Sheet},
    tenancy::TenantScope,
    text,
};

/// How many days a rate is good for, when no newer one is known.
const RATE_LASTS_DAYS: u64 = 31;
/// Rates that are imported at once.
const ROWS_MAX: usize = 20_000;

/// Rates of the currencies and days that some documents have, read at once.
#[derive(Debug, Default)]
pub struct Rates(HashMap<String, Vec<(NaiveDate, i64)>>);

impl Rates {
    /// Reads what is needed for documents of these currencies and dates. The base currency needs none.
    pub async fn load<'a>(scope: &TenantScope, wanted: impl IntoIterator<Item = (&'a str, NaiveDate)>) -> Result<Self> {
        let (mut currencies, mut days) = (HashSet::new(), Vec::new());
        for (currency, day) in wanted.into_iter().filter(|(currency, _)| *currency != scope.base_currency()) {
            currencies.insert(currency.to_owned());
            days.push(day);
        }
        let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else { return Ok(Self::default()) };
        let oldest = first.checked_sub_days(Days::new(RATE_LASTS_DAYS)).unwrap_or(*first);
        let select = scope
            .find::<exchange_rate::Entity>()
            .filter(exchange_rate::Column::Currency.is_in(currencies))
            .filter(exchange_rate::Column::Date.between(oldest, *last))
            .order_by_asc(exchange_rate::Column::Date);
        let mut rates: HashMap<String, Vec<(NaiveDate, i64)>> = HashMap::new();
        for row in scope.all(select).await? {
            rates.entry(row.currency).or_default().push((row.date, row.rate));
        }
        Ok(Self(rates))
    }

    /// The newest rate on a day or in the month before it, in 10⁻⁶.
    #[must_use]
    pub fn on(&self, currency: &str, day: NaiveDate) -> Option<i64> {
        let (date, rate) = self.0.get(currency)?.iter().rev().find(|(date, _)| *date <= day)?;
        let age = (day - *date).num_days();
        u64::try_from(age).is_ok_and(|age| age <= RATE_LASTS_DAYS).then_some(*rate)
    }

    /// The rate of a document: the one that is given, else the day's.
    pub fn of(
        &self,
        field: &'static str,
        scope: &TenantScope,
        (currency, day): (&str, NaiveDate),
        given: Option<Decimal>,
    ) -> Result<i64> {
        if given.is_some() || currency == scope.base_currency() {
            return posting::rate(field, scope, currency, given);
        }
        self.on(currency, day).ok_or_else(|| missing(field, scope.base_currency(), currency, day))
    }
}

/// The rate of one document: the one that is given, else the day's.
pub async fn rate_on(
    field: &'static str,
    scope: &TenantScope,
    (currency, day): (&str, NaiveDate),
    given: Option<Decimal>,
) -> Result<i64> {
    let needed = given.is_none().then_some((currency, day));
    Rates::load(scope, needed).await?.of(field, scope, (currency, day), given)
}

/// Forgets the rate of a document that is moved to another day, where it went with the day rather than being said by somebody.
pub async fn follow_day(
    scope: &TenantScope,
    (currency, day, stored): (&str, NaiveDate, i64),
    date: Option<NaiveDate>,
    rate: &mut Option<Decimal>,
) -> Result<()> {
    let is_moved = date.is_some_and(|date| date != day) && *rate == Some(money::from_micro(stored));
    if is_moved && Rates::load(scope, [(currency, day)]).await?.on(currency, day) == Some(stored) {
        *rate = None;
    }
    Ok(())
}

/// No rate is known.
pub(super) fn missing(field: &'static str, base: &str, currency: &str, day: NaiveDate) -> Error {
    let message = Text::new(
        format!("Say how much {base} one {currency} is worth: no rate is entered for {day} or the 31 days before it."),
        format!("მიუთითეთ, რამდენი {base} ღირს ერთი {currency}: {day}-სა და წინა 31 დღის კურსი შეყვანილი არ არის."),
    );
    Error::invalid(field, message)
}

/// A rate that is entered.
#[derive(Clone, Debug)]
pub struct NewRate {
    /// ISO 4217 code.
    pub currency: String,
    /// The day.
    pub date: NaiveDate,
    /// Base currency for one unit.
    pub rate: Decimal,
}

/// Sets the rate of a day.
pub async fn set_exchange_rate(scope: &TenantScope, new: NewRate) -> Result<exchange_rate::Model> {
    let key = (new.currency.clone(), new.date);
    let mut rows = set(scope, vec![check(scope, new)?]).await?;
    rows.remove(&key).ok_or_else(|| Error::internal("a rate that wasn't set"))
}

fn check(scope: &TenantScope, new: NewRate) -> Result<exchange_rate::New> {
    let currency = money::currency("currency", &new.currency)?;
    if currency == scope.base_currency() {
        return Err(Error::invalid(
            "currency",
            Text::fixed("The base currency's rate is 1.", "საბაზო ვალუტის კურსი არის 1."),
        ));
    }
    let rate = money::to_micro("rate", new.rate)?;
    if rate <= 0 {
        return Err(Error::invalid("rate", messages::positive()));
    }
    Ok(exchange_rate::New { currency, date: new.date, rate })
}

type Set = HashMap<(String, NaiveDate), exchange_rate::Model>;

async fn set(scope: &TenantScope, new: Vec<exchange_rate::New>) -> Result<Set> {
    let days = new.iter().map(|new| new.date);
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Ok(Set::new()) };
    let currencies: HashSet<&str> = new.iter().map(|new| new.currency.as_str()).collect();
    let select = scope
        .find::<exchange_rate::Entity>()
        .filter(exchange_rate::Column::Currency.is_in(currencies))
        .filter(exchange_rate::Column::Date.between(first, last));
    let mut rows: Set =
        scope.all(select).await?.into_iter().map(|row| ((row.currency.clone(), row.date), row)).collect();
    let mut added = Vec::new();
    for new in new {
        match rows.remove(&(new.currency.clone(), new.date)) {
            None => added.push(new),
            Some(before) if before.rate == new.rate => {
                rows.insert((new.currency, new.date), before);
            }
            Some(before) => {
                let after = exchange_rate::Model { rate: new.rate, ..before.clone() };
                rows.insert((new.currency, new.date), scope.update_row::<exchange_rate::Entity>(&before, after).await?);
            }
        }
    }
    let added = scope.insert_all::<exchange_rate::Entity>(added).await?;
    rows.extend(added.into_iter().map(|row| ((row.currency.clone(), row.date), row)));
    Ok(rows)
}

/// Sets the rates of a CSV file with the columns `date`, `currency` and `rate`, and gives how many there are. The field of an error
/// tells the line: `csv.3.rate`.
pub async fn import_exchange_rates(scope: &TenantScope, csv: &str) -> Result<usize> {
    let sheet = Sheet::read("csv", csv, Layout { rows_max: ROWS_MAX, ..Layout::default() })?;
    let column = |name: &'static str| {
        sheet.header.iter().position(|header| header.eq_ignore_ascii_case(name)).ok_or_else(|| {
            Error::invalid("csv", Text::new(format!("A column {name} is missing."), format!("აკლია სვეტი {name}.")))
        })
    };
    let (date, currency, rate) = (column("date")?, column("currency")?, column("rate")?);
    let mut new = BTreeMap::new();
    for (line, record) in &sheet.rows {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let row = || {
            let date = text::day(cell(date)).ok_or_else(|| {
                Error::invalid("date", Text::fixed("A date is written 2026-01-31.", "თარიღი იწერება ასე: 2026-01-31."))
            })?;
            let rate = text::decimal(cell(rate)).ok_or_else(|| {
                Error::invalid("rate", Text::fixed("A rate is written 2.7135.", "კურსი იწერება ასე: 2.7135."))
            })?;
            check(scope, NewRate { currency: cell(currency).to_owned(), date, rate })
        };
        let row = row().map_err(|error: Error| error.within(&format!("csv.{line}")))?;
        if new.insert((row.currency.clone(), row.date), row).is_some() {
            let twice = Text::fixed("This day's rate stands here twice.", "ამ დღის კურსი ორჯერ წერია.");
            return Err(Error::invalid("date", twice).within(&format!("csv.{line}")));
        }
    }
    let count = new.len();
    set(scope, new.into_values().collect()).await?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_is_good_until_the_next_and_for_a_month_at_most() {
        let rates = vec![(day("2026-01-10"), 2_700_000), (day("2026-01-20"), 2_800_000)];
        let rates = Rates(HashMap::from([("USD".to_owned(), rates)]));
        assert_eq!(rates.on("USD", day("2026-01-09")), None);
        assert_eq!(rates.on("USD", day("2026-01-10")), Some(2_700_000));
        assert_eq!(rates.on("USD", day("2026-01-19")), Some(2_700_000));
        assert_eq!(rates.on("USD", day("2026-02-20")), Some(2_800_000));
        assert_eq!(rates.on("USD", day("2026-02-21")), None);
        assert_eq!(rates.on("EUR", day("2026-01-20")), None);
    }
}
