//! What holds of every document.

use kamara_entities::MICRO;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

pub(super) const CENT: i64 = MICRO / 100;

/// A standard tax that is added and comes back wholly.
pub(super) fn tax(number: u128, rate_bp: i32) -> Tax {
    Tax {
        code: TaxCodeId(Uuid::from_u128(number)),
        kind: TaxKind::Standard,
        inclusive: false,
        rate_bp,
        recoverable_bp: 10_000,
        rounding: TaxRounding::Line,
    }
}

/// Quantity in whole units, price in cents.
pub(super) fn line(quantity: i64, cents: i64, taxes: Vec<Tax>) -> Line {
    Line { quantity: quantity * MICRO, unit_price: cents * CENT, discount_bp: 0, taxes }
}

pub(super) fn sale(lines: Vec<Line>) -> Document<'static> {
    Document { currency: "GEL", side: Side::Sale, discount_bp: 0, lines }
}

pub(super) fn purchase(lines: Vec<Line>) -> Document<'static> {
    Document { side: Side::Purchase, ..sale(lines) }
}

/// Net, tax and total.
pub(super) fn sums(document: &Document<'_>) -> (i64, i64, i64) {
    let amounts = amounts(document).unwrap();
    (amounts.net, amounts.tax, amounts.total)
}

fn one(quantity: i64, unit_price: i64, discount_bp: i32, rate_bp: i32, currency: &str) -> LineAmounts {
    let line = Line { quantity, unit_price, discount_bp, taxes: vec![tax(1, rate_bp)] };
    amounts(&Document { currency, ..sale(vec![line]) }).unwrap().lines.remove(0)
}

fn usd(quantity: i64, unit_price: i64, discount_bp: i32, rate_bp: i32) -> (i64, i64, i64) {
    let amounts = one(quantity, unit_price, discount_bp, rate_bp, "USD");
    (amounts.net, amounts.discount, amounts.tax())
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
    assert_eq!(one(MICRO, 1_500_000, 0, 0, "JPY").net, 2);
    assert_eq!(one(MICRO, 1_234_500, 0, 0, "KWD").net, 1_235);
    assert_eq!(one(MICRO, 100 * MICRO, 0, 1_800, "JPY").tax(), 18);
    assert_eq!(one(MICRO, 100 * MICRO, 0, 1_800, "KWD").tax(), 18_000);
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
    let line = Line { quantity: MINOR_MAX, unit_price: MINOR_MAX, discount_bp: 0, taxes: Vec::new() };
    let error = amounts(&sale(vec![self::line(1, 1, Vec::new()), line])).unwrap_err();
    assert_eq!(error.field(), Some("lines.1.quantity"));
    let huge = Line { quantity: MICRO, unit_price: MINOR_MAX / 100 * 80, discount_bp: 0, taxes: vec![tax(1, 0)] };
    assert_eq!(amounts(&Document { currency: "KWD", ..sale(vec![huge; 1_300]) }).unwrap_err().field(), Some("lines"));
}

#[test]
fn a_code_stands_once_on_a_line_and_a_price_holds_no_more_tax_than_its_net() {
    let field = |taxes| amounts(&sale(vec![line(1, 100, taxes)])).unwrap_err().field().map(str::to_owned);
    let codes = Some("lines.0.taxCodeIds".to_owned());
    assert_eq!(field(vec![tax(1, 1_800), tax(1, 1_800)]), codes);
    assert_eq!(field((0..9).map(|number| tax(number, 100)).collect()), codes);
    let inclusive = |number, rate_bp| Tax { inclusive: true, ..tax(number, rate_bp) };
    assert_eq!(field(vec![inclusive(1, 6_000), inclusive(2, 6_000)]), codes);
}

#[test]
fn an_exempt_line_has_a_base_and_no_tax() {
    let exempt = Tax { kind: TaxKind::Exempt, inclusive: true, ..tax(1, 1_800) };
    let amounts = amounts(&sale(vec![line(1, 10_000, vec![exempt])])).unwrap();
    assert_eq!((amounts.total, amounts.taxes[0].base, amounts.taxes[0].amount), (10_000, 10_000, 0));
}

#[test]
fn a_reverse_charge_is_declared_by_who_buys() {
    let reverse = Tax { kind: TaxKind::ReverseCharge, recoverable_bp: 7_500, ..tax(1, 1_800) };
    let lines = || vec![line(1, 10_000, vec![reverse])];
    let sold = amounts(&sale(lines())).unwrap();
    assert_eq!((sold.total, sold.taxes[0].base, sold.taxes[0].amount), (10_000, 10_000, 0));
    let bought = amounts(&purchase(lines())).unwrap();
    assert_eq!((bought.total, bought.taxes[0].amount, bought.taxes[0].recoverable), (10_000, 1_800, 1_350));
    // What doesn't come back is a cost, though the supplier isn't paid it.
    assert_eq!(bought.lines[0].cost(), 10_450);
}

#[test]
fn a_document_is_discounted_once_and_its_lines_bear_it_to_the_unit() {
    let lines = vec![line(1, 333, vec![]), line(1, 333, vec![]), line(1, 334, vec![])];
    let amounts = amounts(&Document { discount_bp: 1_250, ..sale(lines) }).unwrap();
    // An eighth of 10.00.
    assert_eq!((amounts.discount, amounts.net), (125, 875));
    assert_eq!(amounts.lines.iter().map(|line| line.discount).collect::<Vec<_>>(), [42, 41, 42]);
}

#[test]
fn rounding_over_a_document_gives_the_largest_remainders_their_unit() {
    let rounded = |rounding| {
        let vat = Tax { rounding, ..tax(1, 1_800) };
        // 0.18 of 0.03, 0.03 and 0.05 are 0.0054, 0.0054 and 0.009: 0.0198 together.
        let lines = vec![line(1, 3, vec![vat]), line(1, 3, vec![vat]), line(1, 5, vec![vat])];
        amounts(&sale(lines)).unwrap().lines.iter().map(LineAmounts::tax).collect::<Vec<_>>()
    };
    assert_eq!(rounded(TaxRounding::Line), [1, 1, 1]);
    assert_eq!(rounded(TaxRounding::Document), [1, 0, 1]);
}

fn any_tax(number: u128) -> impl Strategy<Value = Tax> {
    let kinds = prop::sample::select(vec![
        TaxKind::Standard,
        TaxKind::Standard,
        TaxKind::Exempt,
        TaxKind::ReverseCharge,
        TaxKind::Withholding,
    ]);
    let rounding = prop::sample::select(vec![TaxRounding::Line, TaxRounding::Document]);
    (kinds, any::<bool>(), 0..=3_300_i32, 0..=10_000_i32, rounding).prop_map(
        move |(kind, inclusive, rate_bp, recoverable_bp, rounding)| Tax {
            kind,
            inclusive,
            recoverable_bp,
            rounding,
            ..tax(number, rate_bp)
        },
    )
}

fn any_lines() -> impl Strategy<Value = Vec<Line>> {
    let taxes = (any_tax(1), any_tax(2), any_tax(3)).prop_map(|(one, two, three)| [one, two, three]);
    let line = (0..50_000_000_i64, 0..20_000_000_i64, 0..=10_000_i32, 0..8_usize);
    (taxes, prop::collection::vec(line, 1..12)).prop_map(|(taxes, lines)| {
        let of = |mask: usize| (0..3).filter(|at| mask >> at & 1 == 1).map(|at| taxes[at]).collect();
        lines
            .into_iter()
            .map(|(quantity, unit_price, discount_bp, mask)| Line {
                quantity,
                unit_price,
                discount_bp: discount_bp * i32::from(discount_bp < 4_000),
                taxes: of(mask),
            })
            .collect()
    })
}

fn any_document() -> impl Strategy<Value = Document<'static>> {
    let currency = prop::sample::select(vec!["GEL", "JPY", "KWD"]);
    let side = prop::sample::select(vec![Side::Sale, Side::Purchase]);
    (currency, side, 0..=10_000_i32, any_lines()).prop_map(|(currency, side, discount_bp, lines)| Document {
        currency,
        side,
        discount_bp: discount_bp * i32::from(discount_bp < 5_000),
        lines,
    })
}

/// The sum of a tax's exact amounts; within 10⁻³ of a minor unit.
#[expect(clippy::cast_precision_loss, reason = "the amounts are far below 2⁵²")]
fn exact_of(document: &Document<'_>, amounts: &Amounts, tax: &Tax) -> f64 {
    let lines = document.lines.iter().zip(&amounts.lines).filter(|(line, _)| line.taxes.contains(tax));
    lines
        .map(|(line, of_line)| {
            let held = |of: &&Tax| of.is_inclusive();
            let rate = tax.rate(document.side) as f64 / 10_000.0;
            if tax.is_inclusive() {
                let all: i128 = line.taxes.iter().filter(held).map(|tax| tax.rate(document.side)).sum();
                let in_price = line.taxes.iter().zip(&of_line.taxes).filter(|(tax, _)| tax.is_inclusive());
                let gross = of_line.net + in_price.map(|(_, amount)| amount.amount).sum::<i64>();
                gross as f64 * rate / (1.0 + all as f64 / 10_000.0)
            } else {
                of_line.net as f64 * rate
            }
        })
        .sum()
}

proptest! {
    #[test]
    fn sums_agree_at_every_level(document in any_document()) {
        let amounts = amounts(&document).unwrap();
        prop_assert_eq!(amounts.net, amounts.lines.iter().map(|line| line.net).sum::<i64>());
        prop_assert_eq!(amounts.tax, amounts.lines.iter().map(LineAmounts::tax).sum::<i64>());
        prop_assert_eq!(amounts.total, amounts.net + amounts.tax);
        prop_assert_eq!(amounts.tax, amounts.taxes.iter().map(TaxAmount::charged).sum::<i64>());
        prop_assert_eq!(amounts.discount, amounts.lines.iter().map(|line| line.discount).sum::<i64>());
        let costs: i64 = amounts.lines.iter().map(LineAmounts::cost).sum();
        prop_assert_eq!(costs, amounts.net + amounts.taxes.iter().map(TaxAmount::irrecoverable).sum::<i64>());
        for total in &amounts.taxes {
            let of_code = || amounts.lines.iter().flat_map(|line| &line.taxes).filter(|tax| tax.code == total.code);
            prop_assert_eq!(total.base, of_code().map(|tax| tax.base).sum::<i64>());
            prop_assert_eq!(total.amount, of_code().map(|tax| tax.amount).sum::<i64>());
            prop_assert_eq!(total.recoverable, of_code().map(|tax| tax.recoverable).sum::<i64>());
        }
        for line in &amounts.lines {
            prop_assert!(line.net >= 0 && line.discount >= 0);
            prop_assert!(line.taxes.iter().all(|tax| 0 <= tax.recoverable && tax.recoverable <= tax.amount));
        }
    }

    #[test]
    fn a_price_that_holds_its_taxes_is_kept_exactly(document in any_document()) {
        let lines = document.lines.iter().map(|line| Line { taxes: Vec::new(), ..line.clone() }).collect();
        let plain = amounts(&Document { lines, ..document.clone() }).unwrap();
        let amounts = amounts(&document).unwrap();
        prop_assert_eq!(amounts.discount, plain.discount);
        for ((line, amounts), plain) in document.lines.iter().zip(&amounts.lines).zip(&plain.lines) {
            let held = line.taxes.iter().zip(&amounts.taxes).filter(|(tax, _)| tax.is_inclusive());
            prop_assert_eq!(amounts.net + held.map(|(_, amount)| amount.amount).sum::<i64>(), plain.net);
        }
    }

    #[test]
    fn a_discount_takes_its_share_of_the_sum(document in any_document()) {
        let before = amounts(&Document { discount_bp: 0, ..document.clone() }).unwrap();
        let after = amounts(&document).unwrap();
        let charged = |amounts: &Amounts| -> i128 {
            let held = document.lines.iter().zip(&amounts.lines).map(|(line, of_line)| {
                let held = line.taxes.iter().zip(&of_line.taxes).filter(|(tax, _)| tax.is_inclusive());
                of_line.net + held.map(|(_, amount)| amount.amount).sum::<i64>()
            });
            held.map(i128::from).sum()
        };
        let taken = half_away(charged(&before) * i128::from(document.discount_bp), 10_000);
        prop_assert_eq!(charged(&before) - taken, charged(&after));
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "the amounts are far below 2⁵²")]
    fn a_tax_over_a_document_is_within_half_a_unit_of_exact(document in any_document()) {
        let amounts = amounts(&document).unwrap();
        for tax in document.lines.iter().flat_map(|line| &line.taxes) {
            let (total, lines) = (amounts.taxes.iter().find(|total| total.code == tax.code), document.lines.len());
            let bound = if tax.rounding == TaxRounding::Document { 0.5 } else { 0.5 * lines as f64 };
            let difference = total.unwrap().amount as f64 - exact_of(&document, &amounts, tax);
            prop_assert!(difference.abs() <= bound + 1e-3, "{} of {:?}", difference, tax);
        }
    }

    #[test]
    fn what_is_taken_back_is_what_was_charged(document in any_document()) {
        let lines = document.lines.iter().map(|line| Line { quantity: -line.quantity, ..line.clone() }).collect();
        let back = amounts(&Document { lines, ..document.clone() }).unwrap();
        let amounts = amounts(&document).unwrap();
        prop_assert_eq!((back.net, back.tax, back.total), (-amounts.net, -amounts.tax, -amounts.total));
    }

    #[test]
    fn no_unit_is_lost_in_spreading(
        parts in prop::collection::vec(-1_000_000_000_i128..1_000_000_000, 1..40),
        denominator in 1_i128..20_000,
    ) {
        let spread = spread(&parts, denominator, None);
        prop_assert_eq!(spread.iter().sum::<i128>(), half_away(parts.iter().sum(), denominator));
        for (part, exact) in spread.iter().zip(&parts) {
            prop_assert!((part * denominator - exact).abs() < denominator);
        }
    }

    #[test]
    fn net_and_tax_make_the_gross_again(gross in 1..MINOR_MAX, rate in 0..=10_000_i32) {
        let tax = tax_within(gross, rate);
        prop_assert!(tax >= 0 && tax <= gross);
        // The tax on the net amount is the same, but for the rounding of the net.
        let again = half_away(i128::from(gross - tax) * i128::from(rate), 10_000);
        prop_assert!((again - i128::from(tax)).abs() <= 1);
    }
}
