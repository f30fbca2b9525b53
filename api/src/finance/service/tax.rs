//! What a document's lines and taxes come to: exact integers, rounded once, half away from zero.
//!
//! Prices are net, or hold their inclusive taxes; a line takes any number of tax codes. What is rounded over a whole document is
//! spread back over its lines, so that ledger, printed document and tax report show the same stored amounts and their sums.

mod spread;

#[cfg(test)]
mod cases;
#[cfg(test)]
mod tests;

use kamara_entities::{TaxCodeId, TaxKind, TaxRounding};

use self::spread::{Share, half_away, shares_rounded, spread};
use crate::{
    error::{Error, Result, Text},
    messages,
    money::{MINOR_MAX, exponent},
};

/// How many codes a line takes.
pub const CODES_MAX: usize = 8;

/// Who charges the taxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// We sell: a reverse charge is the client's to declare, so its amount is nothing here.
    Sale,
    /// We buy: a reverse charge is ours, as output tax and as recoverable input tax.
    Purchase,
}

/// A tax code as it is on a document's date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    /// The code.
    pub code: TaxCodeId,
    /// What it does.
    pub kind: TaxKind,
    /// Whether prices hold it already; only for what is charged.
    pub inclusive: bool,
    /// Rate on the net amount.
    pub rate_bp: i32,
    /// Share that comes back, of what is paid to suppliers.
    pub recoverable_bp: i32,
    /// Over what it's rounded.
    pub rounding: TaxRounding,
}

impl Tax {
    const fn is_inclusive(&self) -> bool {
        self.inclusive && matches!(self.kind, TaxKind::Standard)
    }

    const fn rate(&self, side: Side) -> i128 {
        match (self.kind, side) {
            (TaxKind::Exempt, _) | (TaxKind::ReverseCharge, Side::Sale) => 0,
            _ => self.rate_bp as i128,
        }
    }
}

/// A line, before it's reckoned.
#[derive(Clone, Debug)]
pub struct Line {
    /// In 10⁻⁶ of the unit; negative takes back.
    pub quantity: i64,
    /// In 10⁻⁶ of the currency, not negative.
    pub unit_price: i64,
    /// Discount on the line.
    pub discount_bp: i32,
    /// Its taxes.
    pub taxes: Vec<Tax>,
}

/// A document, before it's reckoned.
#[derive(Clone, Debug)]
pub struct Document<'a> {
    /// ISO 4217 code.
    pub currency: &'a str,
    /// Who charges.
    pub side: Side,
    /// Discount on the sum of the lines.
    pub discount_bp: i32,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A tax of a line. All amounts in the document's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxAmount {
    /// The code.
    pub code: TaxCodeId,
    /// What it does.
    pub kind: TaxKind,
    /// Its rate.
    pub rate_bp: i32,
    /// What it's reckoned on: the net amount.
    pub base: i64,
    /// The tax.
    pub amount: i64,
    /// What comes back of it from the state.
    pub recoverable: i64,
}

impl TaxAmount {
    /// What the supplier charges of it.
    #[must_use]
    pub const fn charged(&self) -> i64 {
        match self.kind {
            TaxKind::Standard => self.amount,
            TaxKind::Exempt | TaxKind::ReverseCharge | TaxKind::Withholding => 0,
        }
    }

    /// What of it is a part of the cost of what is bought.
    #[must_use]
    pub const fn irrecoverable(&self) -> i64 {
        match self.kind {
            TaxKind::Standard | TaxKind::ReverseCharge => self.amount - self.recoverable,
            TaxKind::Exempt | TaxKind::Withholding => 0,
        }
    }
}

/// What a line comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineAmounts {
    /// After discounts, before taxes.
    pub net: i64,
    /// What the discounts of line and document take off, in terms of the price.
    pub discount: i64,
    /// Each of its taxes, in the order of its codes.
    pub taxes: Vec<TaxAmount>,
}

impl LineAmounts {
    /// The taxes that are charged.
    #[must_use]
    pub fn tax(&self) -> i64 {
        self.taxes.iter().map(TaxAmount::charged).sum()
    }

    /// What is paid for the line.
    #[must_use]
    pub fn gross(&self) -> i64 {
        self.net + self.tax()
    }

    /// What the line costs who buys: the net amount and the taxes that don't come back.
    #[must_use]
    pub fn cost(&self) -> i64 {
        self.net + self.taxes.iter().map(TaxAmount::irrecoverable).sum::<i64>()
    }
}

/// What a document comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Each of its lines.
    pub lines: Vec<LineAmounts>,
    /// Sums for each code and rate, in the order in which they appear.
    pub taxes: Vec<TaxAmount>,
    /// Sum of the net amounts.
    pub net: i64,
    /// Sum of the discounts.
    pub discount: i64,
    /// Sum of the taxes that are charged.
    pub tax: i64,
    /// What is paid: net and tax.
    pub total: i64,
}

impl Amounts {
    /// What is withheld of the total when it's paid.
    #[must_use]
    pub fn withheld(&self) -> i64 {
        self.taxes.iter().filter(|tax| tax.kind == TaxKind::Withholding).map(|tax| tax.amount).sum()
    }
}

/// What is asked for a line, before it's told what of it is tax.
#[derive(Clone, Copy, Debug)]
struct Charge {
    amount: i128,
    discount: i128,
}

/// Reckons a document. The field of an error begins with the line's index: `lines.3.quantity`.
pub fn amounts(document: &Document<'_>) -> Result<Amounts> {
    for (index, line) in document.lines.iter().enumerate() {
        check(line).map_err(|error| error.within(&format!("lines.{index}")))?;
    }
    let charges = charges(document)?;
    let taxes = taxes(document, &charges)?;
    let lines = charges
        .iter()
        .zip(taxes)
        .map(|(charge, (net, taxes))| Ok(LineAmounts { net, discount: stored(charge.discount)?, taxes }))
        .collect::<Result<Vec<_>>>()?;
    let sum = |of: fn(&LineAmounts) -> i64| stored(lines.iter().map(|line| i128::from(of(line))).sum());
    Ok(Amounts {
        taxes: totals(lines.iter().flat_map(|line| line.taxes.iter().copied()))?,
        net: sum(|line| line.net)?,
        discount: sum(|line| line.discount)?,
        tax: sum(LineAmounts::tax)?,
        total: sum(LineAmounts::gross)?,
        lines,
    })
}

fn check(line: &Line) -> Result<()> {
    if line.taxes.len() > CODES_MAX {
        return Err(Error::invalid("taxCodeIds", Text::fixed("Eight taxes at most.", "არაუმეტეს რვა გადასახადისა.")));
    }
    let codes = line.taxes.iter().map(|tax| tax.code);
    if codes.clone().enumerate().any(|(at, code)| codes.clone().take(at).any(|before| before == code)) {
        let twice = Text::fixed("A tax stands here twice.", "ერთი გადასახადი ორჯერ არის მითითებული.");
        return Err(Error::invalid("taxCodeIds", twice));
    }
    let inclusive: i128 = line.taxes.iter().filter(|tax| tax.is_inclusive()).map(|tax| i128::from(tax.rate_bp)).sum();
    if inclusive > 10_000 {
        let message = Text::fixed(
            "The taxes that the price holds are above 100%.",
            "ფასში შემავალი გადასახადების ჯამი 100%-ს აღემატება.",
        );
        return Err(Error::invalid("taxCodeIds", message));
    }
    Ok(())
}

/// What the lines ask for: rounded after the line's discount; then the document's discount, rounded once over all of them.
fn charges(document: &Document<'_>) -> Result<Vec<Charge>> {
    let digits = exponent(document.currency);
    let mut charges = Vec::with_capacity(document.lines.len());
    for (index, line) in document.lines.iter().enumerate() {
        // At most 8.1 × 10³¹.
        let product = i128::from(line.quantity) * i128::from(line.unit_price);
        let full = half_away(product, 10_i128.pow(12 - digits));
        if full.abs() > i128::from(MINOR_MAX) {
            return Err(Error::invalid("quantity", messages::too_large()).within(&format!("lines.{index}")));
        }
        let amount = half_away(product * i128::from(10_000 - line.discount_bp), 10_i128.pow(16 - digits));
        charges.push(Charge { amount, discount: full - amount });
    }
    if document.discount_bp > 0 {
        let parts: Vec<i128> = charges.iter().map(|charge| charge.amount * i128::from(document.discount_bp)).collect();
        for (charge, part) in charges.iter_mut().zip(spread(&parts, 10_000, None)) {
            charge.amount -= part;
            charge.discount += part;
        }
    }
    Ok(charges)
}

/// Net amount and taxes of each line. The taxes that a price holds come first, since the others are on what they leave.
fn taxes(document: &Document<'_>, charges: &[Charge]) -> Result<Vec<(i64, Vec<TaxAmount>)>> {
    let mut amounts: Vec<Vec<i128>> = document.lines.iter().map(|line| vec![0; line.taxes.len()]).collect();
    let mut net: Vec<i128> = charges.iter().map(|charge| charge.amount).collect();
    for inclusive in [true, false] {
        let shares = shares(document, &net, inclusive);
        let room = inclusive.then(|| net.clone());
        for (share, amount) in shares.iter().zip(shares_rounded(&shares, room)?) {
            amounts[share.line][share.slot] = amount;
        }
        if inclusive {
            for (net, of_line) in net.iter_mut().zip(&amounts) {
                *net -= of_line.iter().sum::<i128>();
            }
        }
    }
    let recoverable = recoverable(document, &amounts)?;
    let rows = document.lines.iter().zip(net).zip(amounts.iter().zip(&recoverable));
    rows.map(|((line, net), (amounts, recoverable))| {
        let base = stored(net)?;
        let taxes = line.taxes.iter().zip(amounts.iter().zip(recoverable)).map(|(tax, (amount, recoverable))| {
            Ok(TaxAmount {
                code: tax.code,
                kind: tax.kind,
                rate_bp: tax.rate_bp,
                base,
                amount: stored(*amount)?,
                recoverable: stored(*recoverable)?,
            })
        });
        Ok((base, taxes.collect::<Result<_>>()?))
    })
    .collect()
}

/// The exact taxes, as fractions: of a price with its taxes, or on a net amount.
fn shares(document: &Document<'_>, amounts: &[i128], inclusive: bool) -> Vec<Share> {
    let mut shares = Vec::new();
    for (line, (of_line, amount)) in document.lines.iter().zip(amounts).enumerate() {
        let held =
            of_line.taxes.iter().filter(|tax| tax.is_inclusive()).map(|tax| tax.rate(document.side)).sum::<i128>();
        let denominator = if inclusive { 10_000 + held } else { 10_000 };
        for (slot, tax) in of_line.taxes.iter().enumerate().filter(|(_, tax)| tax.is_inclusive() == inclusive) {
            let numerator = amount * tax.rate(document.side);
            shares.push(Share { line, slot, code: tax.code, rounding: tax.rounding, numerator, denominator });
        }
    }
    shares
}

/// What comes back of each tax, rounded as the tax is. What is withheld isn't ours to claim.
fn recoverable(document: &Document<'_>, amounts: &[Vec<i128>]) -> Result<Vec<Vec<i128>>> {
    let mut shares = Vec::new();
    for (line, (of_line, amounts)) in document.lines.iter().zip(amounts).enumerate() {
        for (slot, (tax, amount)) in of_line.taxes.iter().zip(amounts).enumerate() {
            let recovers = matches!(tax.kind, TaxKind::Standard | TaxKind::ReverseCharge);
            let share = if recovers { i128::from(tax.recoverable_bp) } else { 0 };
            let (code, rounding) = (tax.code, tax.rounding);
            shares.push(Share { line, slot, code, rounding, numerator: amount * share, denominator: 10_000 });
        }
    }
    let mut parts: Vec<Vec<i128>> = amounts.iter().map(|of_line| vec![0; of_line.len()]).collect();
    for (share, part) in shares.iter().zip(shares_rounded(&shares, None)?) {
        parts[share.line][share.slot] = part;
    }
    Ok(parts)
}

/// Sums for each code and rate, in the order in which they appear.
pub fn totals(taxes: impl IntoIterator<Item = TaxAmount>) -> Result<Vec<TaxAmount>> {
    let mut totals: Vec<TaxAmount> = Vec::new();
    let add = |one: i64, other: i64| stored(i128::from(one) + i128::from(other));
    for tax in taxes {
        match totals.iter_mut().find(|total| total.code == tax.code && total.rate_bp == tax.rate_bp) {
            None => totals.push(tax),
            Some(total) => {
                total.base = add(total.base, tax.base)?;
                total.amount = add(total.amount, tax.amount)?;
                total.recoverable = add(total.recoverable, tax.recoverable)?;
            }
        }
    }
    Ok(totals)
}

/// The tax on a net amount, or any share in basis points of an amount that isn't negative, rounded half up.
#[must_use]
pub fn tax_on(net: i64, rate_bp: i32) -> i64 {
    let tax = (i128::from(net) * i128::from(rate_bp) + 5_000) / 10_000;
    // At most 100% of an amount that fits.
    i64::try_from(tax).unwrap_or(net)
}

/// The tax that a gross amount has in it.
#[must_use]
pub fn tax_within(gross: i64, rate_bp: i32) -> i64 {
    let net = half_away(i128::from(gross) * 10_000, 10_000 + i128::from(rate_bp));
    gross - i64::try_from(net).unwrap_or(gross)
}

fn stored(amount: i128) -> Result<i64> {
    let fits = i64::try_from(amount).ok().filter(|amount| (-MINOR_MAX..=MINOR_MAX).contains(amount));
    fits.ok_or_else(|| Error::invalid("lines", messages::too_large()))
}
