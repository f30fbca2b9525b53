//! Money, quantities and rates: decimals where rules compute, integers where they're stored.

use iso_currency::Currency;
use kamara_entities::MICRO;
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

use crate::{
    error::{Error, Result},
    messages,
};

/// The largest amount that is stored, in minor units; the database checks the same bound.
pub const MINOR_MAX: i64 = 9_000_000_000_000_000;

/// Checks an ISO 4217 code.
pub fn currency(field: &'static str, code: &str) -> Result<String> {
    match Currency::from_code(code) {
        Some(currency) if currency.exponent().is_some() => Ok(currency.code().to_owned()),
        _ => Err(Error::invalid(field, messages::currency())),
    }
}

/// How many decimal places a currency has: 2 for most, 0 for the yen, 3 for the dinars.
#[must_use]
pub fn exponent(currency: &str) -> u32 {
    Currency::from_code(currency).and_then(Currency::exponent).map_or(2, u32::from)
}

/// Stored minor units as a decimal of the currency.
#[must_use]
pub fn from_minor(minor: i64, currency: &str) -> Decimal {
    Decimal::new(minor, exponent(currency))
}

/// A decimal of the currency as minor units; refuses what has more digits than the currency.
pub fn to_minor(field: &'static str, amount: Decimal, currency: &str) -> Result<i64> {
    let digits = exponent(currency);
    if amount.normalize().scale() > digits {
        return Err(Error::invalid(field, messages::too_precise(currency, digits)));
    }
    round_to_minor(field, amount, currency)
}

/// A decimal of the currency as minor units, rounded half away from zero ("half up" for what isn't negative).
pub fn round_to_minor(field: &'static str, amount: Decimal, currency: &str) -> Result<i64> {
    bounded(field, scaled(amount, exponent(currency)))
}

/// A quantity, price, rate or number of hours in 10⁻⁶; refuses what has more than six decimal places.
pub fn to_micro(field: &'static str, value: Decimal) -> Result<i64> {
    if value.normalize().scale() > 6 {
        return Err(Error::invalid(field, messages::six_places()));
    }
    bounded(field, scaled(value, 6))
}

/// A stored quantity, price or rate as a decimal.
#[must_use]
pub fn from_micro(micro: i64) -> Decimal {
    Decimal::new(micro, 6).normalize()
}

/// A percentage in basis points.
pub fn percent_to_basis_points(field: &'static str, percent: Decimal) -> Result<i32> {
    in_basis_points(percent, 2).ok_or_else(|| Error::invalid(field, messages::percentage()))
}

/// A fraction in basis points.
pub fn fraction_to_basis_points(field: &'static str, fraction: Decimal) -> Result<i32> {
    in_basis_points(fraction, 4).ok_or_else(|| Error::invalid(field, messages::fraction()))
}

fn in_basis_points(value: Decimal, places: u32) -> Option<i32> {
    if value.normalize().scale() > places {
        return None;
    }
    scaled(value, places).and_then(|points| i32::try_from(points).ok()).filter(|points| (0..=10_000).contains(points))
}

/// Basis points as a percentage.
#[must_use]
pub fn percent(basis_points: i32) -> Decimal {
    Decimal::new(i64::from(basis_points), 2).normalize()
}

/// Basis points as a fraction.
#[must_use]
pub fn fraction(basis_points: i32) -> Decimal {
    Decimal::new(i64::from(basis_points), 4).normalize()
}

/// Minor units of one currency in another's, at a rate in 10⁻⁶ ("one unit of `from` costs `rate` of `to`"), rounded half
/// away from zero.
pub fn convert(field: &'static str, minor: i64, from: &str, to: &str, rate_micro: i64) -> Result<i64> {
    if from == to && rate_micro == MICRO {
        return Ok(minor);
    }
    let amount = from_minor(minor, from).checked_mul(Decimal::new(rate_micro, 6));
    round_to_minor(field, amount.ok_or_else(|| Error::invalid(field, messages::too_large()))?, to)
}

fn scaled(value: Decimal, places: u32) -> Option<i64> {
    let factor = Decimal::from(10_i64.pow(places));
    value.checked_mul(factor)?.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}

fn bounded(field: &'static str, value: Option<i64>) -> Result<i64> {
    value
        .filter(|value| (-MINOR_MAX..=MINOR_MAX).contains(value))
        .ok_or_else(|| Error::invalid(field, messages::too_large()))
}

/// The sum of amounts; refuses one that can't be stored.
pub fn sum(field: &'static str, amounts: impl IntoIterator<Item = i64>) -> Result<i64> {
    let total: i128 = amounts.into_iter().map(i128::from).sum();
    bounded(field, i64::try_from(total).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn currencies_have_their_own_number_of_places() {
        assert_eq!(to_minor("amount", decimal("12.34"), "GEL").unwrap(), 1234);
        assert_eq!(to_minor("amount", decimal("1234"), "JPY").unwrap(), 1234);
        assert_eq!(to_minor("amount", decimal("1.234"), "KWD").unwrap(), 1234);
        assert!(to_minor("amount", decimal("1.5"), "JPY").is_err());
        assert!(to_minor("amount", decimal("1.234"), "GEL").is_err());
    }

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(round_to_minor("amount", decimal("0.125"), "USD").unwrap(), 13);
        assert_eq!(round_to_minor("amount", decimal("-0.125"), "USD").unwrap(), -13);
        assert_eq!(round_to_minor("amount", decimal("0.1249999"), "USD").unwrap(), 12);
    }

    #[test]
    fn unknown_currencies_and_too_large_amounts_are_refused() {
        assert!(currency("currency", "XYZ").is_err());
        assert!(currency("currency", "gel").is_err());
        assert!(to_minor("amount", decimal("90000000000000.01"), "GEL").is_err());
        assert!(to_minor("amount", Decimal::MAX, "GEL").is_err());
    }

    proptest! {
        #[test]
        fn minor_units_survive_the_way_there_and_back(minor in -MINOR_MAX..=MINOR_MAX, code in prop::sample::select(vec!["GEL", "JPY", "KWD"])) {
            prop_assert_eq!(to_minor("amount", from_minor(minor, code), code).unwrap(), minor);
        }

        #[test]
        fn conversion_at_one_changes_nothing(minor in -MINOR_MAX..=MINOR_MAX) {
            prop_assert_eq!(convert("amount", minor, "USD", "USD", MICRO).unwrap(), minor);
        }
    }
}
