//! Rounding fractions so that their sum is the rounded sum: by largest remainder.

use kamara_entities::{TaxCodeId, TaxRounding};

use crate::{
    error::{Error, Result},
    messages,
};

/// An exact amount of one tax on one line, before it's rounded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub(super) line: usize,
    /// Place among the line's taxes.
    pub(super) slot: usize,
    pub(super) code: TaxCodeId,
    pub(super) rounding: TaxRounding,
    pub(super) numerator: i128,
    /// Positive.
    pub(super) denominator: i128,
}

/// A quotient rounded half away from zero; the divisor is positive.
pub(super) const fn half_away(dividend: i128, divisor: i128) -> i128 {
    let half = if dividend < 0 { -(divisor / 2) } else { divisor / 2 };
    (dividend + half) / divisor
}

/// Rounds shares: each by itself, or all of one code so that their sum is the rounded sum. `room` tells how much each line can
/// bear; what is held by a price is never more than the price.
pub(super) fn shares_rounded(shares: &[Share], room: Option<Vec<i128>>) -> Result<Vec<i128>> {
    let mut rounded: Vec<i128> = shares.iter().map(|share| share.numerator / share.denominator).collect();
    let mut left = room.map(|room| room.iter().map(|room| room.abs()).collect::<Vec<_>>());
    if let Some(left) = &mut left {
        shares.iter().zip(&rounded).for_each(|(share, whole)| left[share.line] -= whole.abs());
    }
    for (at, share) in shares.iter().enumerate().filter(|(_, share)| share.rounding == TaxRounding::Line) {
        let amount = half_away(share.numerator, share.denominator);
        if let Some(left) = &mut left {
            left[share.line] -= (amount - rounded[at]).abs();
        }
        rounded[at] = amount;
    }
    let by_document = |share: &Share| share.rounding == TaxRounding::Document;
    let mut done: Vec<TaxCodeId> = Vec::new();
    for share in shares.iter().filter(|share| by_document(share)) {
        if done.contains(&share.code) {
            continue;
        }
        done.push(share.code);
        let group: Vec<usize> =
            (0..shares.len()).filter(|at| by_document(&shares[*at]) && shares[*at].code == share.code).collect();
        let (numerators, denominator) = common(shares, &group)?;
        let bears = left.as_ref().map(|left| group.iter().map(|at| left[shares[*at].line] > 0).collect::<Vec<_>>());
        for (at, amount) in group.into_iter().zip(spread(&numerators, denominator, bears.as_deref())) {
            if let Some(left) = &mut left {
                left[shares[at].line] -= (amount - rounded[at]).abs();
            }
            rounded[at] = amount;
        }
    }
    Ok(rounded)
}

/// Shares over one denominator.
fn common(shares: &[Share], group: &[usize]) -> Result<(Vec<i128>, i128)> {
    let too_many = || Error::invalid("lines", messages::too_large());
    let mut denominator = 1_i128;
    for at in group {
        let of_share = shares[*at].denominator;
        denominator = (of_share / gcd(denominator, of_share)).checked_mul(denominator).ok_or_else(too_many)?;
    }
    let over = |share: &Share| share.numerator.checked_mul(denominator / share.denominator).ok_or_else(too_many);
    let numerators = group.iter().map(|at| over(&shares[*at])).collect::<Result<_>>()?;
    Ok((numerators, denominator))
}

const fn gcd(mut one: i128, mut other: i128) -> i128 {
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

/// Rounds fractions of one denominator so that their sum is the rounded sum: each is cut to a whole number, and the units that
/// are left go to those with the largest remainders, the first of them where remainders are equal. Those that don't bear one
/// more are passed over while others do.
pub(super) fn spread(numerators: &[i128], denominator: i128, bears: Option<&[bool]>) -> Vec<i128> {
    let mut parts: Vec<i128> = numerators.iter().map(|numerator| numerator / denominator).collect();
    let total = half_away(numerators.iter().sum(), denominator);
    let units = total - parts.iter().sum::<i128>();
    let sign = units.signum();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let full = |at: usize| bears.is_some_and(|bears| !bears[at]);
    order.sort_by_key(|at| (full(*at), std::cmp::Reverse(numerators[*at] % denominator * sign)));
    let count = usize::try_from(units.abs()).unwrap_or(usize::MAX);
    for at in order.into_iter().take(count) {
        parts[at] += sign;
    }
    parts
}
