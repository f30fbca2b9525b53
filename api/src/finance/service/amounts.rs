//! What lines and taxes come to: exact integers, rounded once, half up.

use crate::{
    error::{Error, Result},
    messages,
    money::{MINOR_MAX, exponent},
};

/// What a line of an invoice comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineAmounts {
    /// After discount, before tax.
    pub(super) net: i64,
    /// What the discount takes off.
    pub(super) discount: i64,
    /// The tax.
    pub(super) tax: i64,
}

/// What a line comes to: quantity and price in 10⁻⁶, discount and tax rate in basis points, none of them negative.
///
/// A `Decimal` has 28 digits, too few for the product of the largest values; 128 bits hold it exactly.
pub(super) fn line(
    quantity: i64,
    unit_price: i64,
    discount_bp: i32,
    tax_rate_bp: i32,
    currency: &str,
) -> Result<LineAmounts> {
    let digits = exponent(currency);
    let product = i128::from(quantity) * i128::from(unit_price);
    let gross = half_up(product, 10_i128.pow(12 - digits));
    let net = half_up(product * i128::from(10_000 - discount_bp), 10_i128.pow(16 - digits));
    let (Some(gross), Some(net)) = (stored(gross), stored(net)) else {
        return Err(Error::invalid("quantity", messages::too_large()));
    };
    Ok(LineAmounts { net, discount: gross - net, tax: tax_on(net, tax_rate_bp) })
}

fn stored(amount: i128) -> Option<i64> {
    i64::try_from(amount).ok().filter(|amount| *amount <= MINOR_MAX)
}

/// The tax on a net amount.
pub(super) fn tax_on(net: i64, rate_bp: i32) -> i64 {
    let tax = half_up(i128::from(net) * i128::from(rate_bp), 10_000);
    // At most 100% of an amount that fits.
    i64::try_from(tax).unwrap_or(net)
}

/// The tax that a gross amount has in it.
pub(super) fn tax_within(gross: i64, rate_bp: i32) -> i64 {
    let net = half_up(i128::from(gross) * 10_000, 10_000 + i128::from(rate_bp));
    gross - i64::try_from(net).unwrap_or(gross)
}

/// A quotient of what isn't negative, rounded half up.
const fn half_up(dividend: i128, divisor: i128) -> i128 {
    (dividend + divisor / 2) / divisor
}

#[cfg(test)]
mod tests {
    use kamara_entities::MICRO;
    use proptest::prelude::*;

    use super::*;

    fn usd(quantity: i64, unit_price: i64, discount_bp: i32, tax_rate_bp: i32) -> (i64, i64, i64) {
        let amounts = line(quantity, unit_price, discount_bp, tax_rate_bp, "USD").unwrap();
        (amounts.net, amounts.discount, amounts.tax)
    }

    #[test]
    fn a_line_is_rounded_once_after_its_discount() {
        // 9 × 2.50 less 5% are 21.375.
        assert_eq!(usd(9 * MICRO, 2_500_000, 500, 0), (2138, 112, 0));
        // 15 × 7.70 less 15% are 98.175.
        assert_eq!(usd(15 * MICRO, 7_700_000, 1_500, 0), (9818, 1732, 0));
        // 1 × 0.10 less 5% are 0.095.
        assert_eq!(usd(MICRO, 100_000, 500, 0), (10, 0, 0));
        assert_eq!(usd(MICRO, 90_000, 500, 0), (9, 0, 0));
        // Just below the half.
        assert_eq!(usd(MICRO, 4_999, 0, 0), (0, 0, 0));
        assert_eq!(usd(MICRO, 5_000, 0, 0), (1, 0, 0));
    }

    #[test]
    fn tax_is_on_what_is_left_after_discount() {
        assert_eq!(usd(MICRO, 100 * MICRO, 1_000, 1_800), (9_000, 1_000, 1_620));
        // 18% of 0.25 are 0.045.
        assert_eq!(usd(MICRO, 250_000, 0, 1_800), (25, 0, 5));
        assert_eq!(usd(0, 250_000, 0, 1_800), (0, 0, 0));
        assert_eq!(usd(MICRO, 250_000, 10_000, 1_800), (0, 25, 0));
    }

    #[test]
    fn currencies_have_their_own_smallest_unit() {
        assert_eq!(line(MICRO, 1_500_000, 0, 0, "JPY").unwrap().net, 2);
        assert_eq!(line(MICRO, 1_234_500, 0, 0, "KWD").unwrap().net, 1_235);
    }

    #[test]
    fn tax_is_found_in_a_gross_amount() {
        assert_eq!(tax_within(11_800, 1_800), 1_800);
        assert_eq!(tax_within(1, 1_800), 0);
        assert_eq!(tax_within(100, 0), 0);
        assert_eq!(tax_within(1_000, 1_800), 153);
    }

    #[test]
    fn what_cannot_be_stored_is_refused() {
        assert_eq!(line(MINOR_MAX, MINOR_MAX, 0, 0, "USD").unwrap_err().field(), Some("quantity"));
    }

    proptest! {
        #[test]
        fn a_discount_never_adds_and_tax_never_exceeds_its_rate(
            quantity in 0..1_000_000_000_i64,
            price in 0..1_000_000_000_i64,
            discount in 0..=10_000_i32,
            rate in 0..=10_000_i32,
            currency in prop::sample::select(vec!["USD", "JPY", "KWD"]),
        ) {
            let amounts = line(quantity, price, discount, rate, currency).unwrap();
            prop_assert!(amounts.net >= 0 && amounts.discount >= 0 && amounts.tax >= 0);
            prop_assert!(amounts.tax <= amounts.net);
            let plain = line(quantity, price, 0, rate, currency).unwrap();
            prop_assert_eq!(amounts.net + amounts.discount, plain.net);
        }

        #[test]
        fn net_and_tax_make_the_gross_again(gross in 1..MINOR_MAX, rate in 0..=10_000_i32) {
            let tax = tax_within(gross, rate);
            prop_assert!(tax >= 0 && tax <= gross);
            // The tax on the net amount is the same, but for the rounding of the net.
            prop_assert!((tax_on(gross - tax, rate) - tax).abs() <= 1);
        }
    }
}
