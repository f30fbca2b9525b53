//! Cases out of the test suites of Tryton 8 and `ERPNext`: the same input, the same figures. Each test names the case it follows.

use super::{
    tests::{after, amount, date, parts, percent},
    *,
};

fn told(parts: &[(&str, i64)]) -> Vec<(String, i64)> {
    parts.iter().map(|(day, amount)| ((*day).to_owned(), *amount)).collect()
}

fn half(days: u32) -> Instalment {
    after(0, days, percent("50"))
}

/// Tryton, `trytond_account_invoice`, `test_payment_term`: a quarter of 1,587.35, a quarter of the total, a fixed amount, the
/// rest. The last day is the 15th of a month there, and given as a day here.
#[test]
fn tryton_account_invoice_payment_term() {
    let given = [
        after(0, 30, percent("25")),
        after(1, 0, percent("25")),
        after(1, 30, amount("396.84")),
        Instalment { when: When::On(date("2012-01-14")), share: Share::Rest },
    ];
    let expected = [("2011-10-31", 39_684), ("2011-11-01", 39_684), ("2011-12-01", 39_684), ("2012-01-14", 39_683)];
    assert_eq!(parts("2011-10-01", 158_735, &given), told(&expected));
}

/// Tryton, `trytond_account_invoice`, `test_negative_amount`, with the sign of an invoice: ours are positive, credit notes too.
#[test]
fn tryton_account_invoice_negative_amount() {
    let given = [
        after(0, 30, percent("25")),
        after(1, 0, percent("25")),
        after(1, 30, amount("4.0")),
        Instalment { when: When::On(date("2012-01-14")), share: Share::Rest },
    ];
    let expected = [("2011-10-31", 250), ("2011-11-01", 250), ("2011-12-01", 400), ("2012-01-14", 100)];
    assert_eq!(parts("2011-10-01", 1_000, &given), told(&expected));
}

/// Tryton, `trytond_account_invoice`, `test_payment_term_with_repeating_decimal`: a third, and the rest.
#[test]
fn tryton_account_invoice_payment_term_with_repeating_decimal() {
    let given = [after(0, 0, percent("33.333333")), after(1, 0, Share::Rest)];
    assert_eq!(parts("2026-01-31", 10_000, &given), told(&[("2026-01-31", 3_333), ("2026-02-28", 6_667)]));
}

/// Tryton, `trytond_account_invoice`, `test_payment_term_with_empty_value`: of nothing there is one part of nothing, which is no
/// instalment. Tryton has it due on the invoice's date, we on the day of the last.
#[test]
fn tryton_account_invoice_payment_term_with_empty_value() {
    for given in [vec![after(1, 0, Share::Rest)], vec![after(0, 1, percent("25")), after(1, 0, Share::Rest)]] {
        let parts = schedule((date("2016-05-17"), 0), "GEL", &given).unwrap();
        assert_eq!(kept(parts, date("2016-05-17")), (date("2016-06-17"), vec![]));
    }
}

/// `ERPNext`, `test_payment_terms_template.py`, `test_create_template`: half of it alone is refused, two halves are taken.
#[test]
fn erpnext_payment_terms_template_create_template() {
    let refused = |given: &[Instalment]| schedule((date("2026-01-31"), 10_000), "INR", given).is_err();
    assert!(refused(&[half(30)]));
    assert!(!refused(&[half(0), half(30)]));
}

/// `ERPNext`, `test_payment_terms_template.py`, `test_duplicate_terms`: two parts of one day are one.
#[test]
fn erpnext_payment_terms_template_duplicate_terms() {
    let error = schedule((date("2026-01-31"), 10_000), "INR", &[half(30), half(30)]).unwrap_err();
    assert_eq!(error.field(), Some("terms.instalments.1.days"));
}

/// `ERPNext`, `test_payment_terms_status_for_sales_order.py`, `test_01_payment_terms_status`: a million in two halves; of 600,000
/// the first takes what it needs.
#[test]
fn erpnext_payment_terms_status_for_sales_order_01() {
    let expected = [("2021-06-30", 50_000_000), ("2021-07-15", 50_000_000)];
    assert_eq!(parts("2021-06-15", 100_000_000, &[half(15), half(30)]), told(&expected));
    assert_eq!(open_of(&[50_000_000, 50_000_000], 60_000_000), [0, 40_000_000]);
}

/// `ERPNext`, the same file, `test_02_alternate_currency`: 100,000 dollars at 70 rupees in two halves, and in rupees the same.
#[test]
fn erpnext_payment_terms_status_for_sales_order_02() {
    let halves = schedule((date("2021-06-15"), 10_000_000), "USD", &[half(15), half(30)]).unwrap();
    let weights: Vec<i64> = halves.iter().map(|part| part.amount).collect();
    let base = money::split(700_000_000, &weights);
    assert_eq!(base, [350_000_000, 350_000_000]);
    assert_eq!(open_of(&base, 420_000_000), [0, 280_000_000]);
}
