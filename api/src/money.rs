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

/// Splits an amount in minor units by weights, losing none: each part is the exact share rounded towards zero, and the units
/// that are left go one by one to the largest remainders, the earlier part first among equals. A part has the amount's sign,
/// and splitting the negated amount gives the negated parts. A weight of zero or below takes nothing; where no weight is
/// above zero, nothing is given away, and the caller has the whole amount left.
#[must_use]
pub fn split(amount: i64, weights: &[i64]) -> Vec<i64> {
    let weight = |index: usize| i128::from(weights[index].max(0));
    let total: i128 = (0..weights.len()).map(weight).sum();
    if total == 0 {
        return vec![0; weights.len()];
    }
    let size = i128::from(amount).abs();
    let mut parts: Vec<i128> = (0..weights.len()).map(|index| size * weight(index) / total).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(size * weight(*index) % total));
    let mut left = size - parts.iter().sum::<i128>();
    for index in order {
        if left == 0 {
            break;
        }
        parts[index] += 1;
        left -= 1;
    }
    parts.into_iter().map(|part| i64::try_from(part * i128::from(amount.signum())).unwrap_or(amount)).collect()
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

    #[test]
    fn the_largest_remainders_take_what_is_left_and_the_earlier_among_equals() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(101, &[1, 1, 1]), [34, 34, 33]);
        assert_eq!(split(100, &[0, 1, -5, 3]), [0, 25, 0, 75]);
        assert_eq!(split(10, &[1, 5]), [2, 8]);
        assert_eq!(split(100, &[0, 0]), [0, 0]);
        assert_eq!(split(100, &[]), Vec::<i64>::new());
        assert_eq!(split(i64::MIN, &[i64::MAX, 0]), [i64::MIN, 0]);
    }

    proptest! {
        #[test]
        fn splitting_keeps_the_sum_and_the_sign(amount: i64, weights in prop::collection::vec(-5..=1_i64 << 57, 1..40)) {
            let parts = split(amount, &weights);
            let total: i128 = weights.iter().map(|weight| i128::from(*weight.max(&0))).sum();
            let kept = if total == 0 { 0 } else { i128::from(amount) };
            prop_assert_eq!(parts.iter().copied().map(i128::from).sum::<i128>(), kept);
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(part.signum() == 0 || part.signum() == amount.signum());
                prop_assert!(*weight > 0 || *part == 0);
                let off = i128::from(*part) * total - i128::from(amount) * i128::from(*weight.max(&0));
                prop_assert!(total == 0 || off.abs() < total, "a part is off by less than one unit");
            }
        }

        #[test]
        fn splitting_the_negated_amount_negates_the_parts(amount in -MINOR_MAX..=MINOR_MAX, weights in prop::collection::vec(0..1000_i64, 1..40)) {
            let negated: Vec<i64> = split(amount, &weights).into_iter().map(|part| -part).collect();
            prop_assert_eq!(split(-amount, &weights), negated);
        }

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
