use kamara_entities::{AccountId, invoice_line};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

/// A line of nothing.
pub(in crate::finance::service) fn line() -> invoice_line::New {
    invoice_line::New {
        invoice_id: InvoiceId::from(Uuid::nil()),
        position: 1,
        service_id: None,
        description: None,
        quantity: 1,
        unit_price: 0,
        discount_bp: 0,
        net_minor: 0,
        discount_minor: 0,
        tax_minor: 0,
        tax_code_id: None,
        tax_rate_bp: 0,
        account_id: AccountId::from(Uuid::nil()),
        cost_centre_id: None,
        project_id: None,
        service_from: None,
        service_to: None,
        credits_line_id: None,
    }
}

pub(super) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(super) fn after(months: u32, days: u32, share: Share) -> Instalment {
    Instalment { when: When::After { months, end_of_month: false, days }, share }
}

pub(super) fn percent(text: &str) -> Share {
    Share::Percent(text.parse().unwrap())
}

pub(super) fn amount(text: &str) -> Share {
    Share::Amount(text.parse().unwrap())
}

/// Days and amounts of a date and a total in GEL.
pub(super) fn parts(day: &str, total: i64, given: &[Instalment]) -> Vec<(String, i64)> {
    let parts = schedule((date(day), total), "GEL", given).unwrap();
    parts.into_iter().map(|part| (part.due_date.to_string(), part.amount)).collect()
}

fn refused(total: i64, given: &[Instalment]) -> String {
    schedule((date("2026-01-31"), total), "GEL", given).unwrap_err().field().unwrap().to_owned()
}

#[test]
fn days_are_counted_after_months_and_after_the_end_of_the_month() {
    let of = |months, end_of_month, days| {
        day(date("2026-01-31"), When::After { months, end_of_month, days }).unwrap().0.to_string()
    };
    assert_eq!(of(0, false, 0), "2026-01-31");
    assert_eq!(of(1, false, 0), "2026-02-28");
    assert_eq!(of(1, false, 10), "2026-03-10");
    assert_eq!(of(0, true, 15), "2026-02-15");
    assert_eq!(of(1, true, 0), "2026-02-28");
    let of = |months| day(date("2028-02-10"), When::After { months, end_of_month: true, days: 0 }).unwrap().0;
    assert_eq!((of(0), of(1)), (date("2028-02-29"), date("2028-03-31")));
}

#[test]
fn what_is_wrong_with_an_instalment_names_it() {
    let half = |days| after(0, days, percent("50"));
    let on = |day: &str| Instalment { when: When::On(date(day)), share: percent("50") };
    assert_eq!(refused(1_000, &[]), "terms.instalments");
    assert_eq!(refused(1_000, &[half(10), half(10)]), "terms.instalments.1.days");
    assert_eq!(refused(1_000, &[half(10), after(0, 5, Share::Rest)]), "terms.instalments.1.days");
    assert_eq!(refused(1_000, &[on("2026-01-30"), half(10)]), "terms.instalments.0.date");
    assert_eq!(refused(1_000, &[half(10), after(121, 0, Share::Rest)]), "terms.instalments.1.months");
    assert_eq!(refused(1_000, &[half(10), half(4_000)]), "terms.instalments.1.days");
    assert_eq!(refused(1_000, &[after(0, 10, percent("0")), half(20)]), "terms.instalments.0.percent");
    assert_eq!(refused(1_000, &[after(0, 10, amount("-1")), half(20)]), "terms.instalments.0.amount");
    assert_eq!(refused(1_000, &[after(0, 10, amount("0.001")), half(20)]), "terms.instalments.0.amount");
    assert_eq!(refused(1_000, &[after(0, 10, Share::Rest), half(20)]), "terms.instalments.0.percent");
    assert_eq!(refused(1_000, &[half(10), after(0, 20, percent("49.99"))]), "terms.instalments.1.percent");
    assert_eq!(refused(1_000, &[half(10), after(0, 20, percent("50.01"))]), "terms.instalments.1.percent");
    assert_eq!(refused(1_000, &[half(10), after(0, 20, amount("5.01"))]), "terms.instalments.1.amount");
    assert_eq!(refused(1_000, &[half(10), half(20), after(0, 30, Share::Rest)]), "terms.instalments.2.percent");
    assert_eq!(
        refused(1_000, &[after(0, 1, amount("10.01")), after(0, 30, Share::Rest)]),
        "terms.instalments.1.percent"
    );
}

#[test]
fn a_part_of_nothing_is_no_instalment_and_one_alone_is_none() {
    let thirds = ["33.33", "33.33", "33.34"].map(percent);
    let given: Vec<Instalment> = thirds.into_iter().zip(1..).map(|(share, months)| after(months, 0, share)).collect();
    let of = |total| kept(schedule((date("2026-01-31"), total), "JPY", &given).unwrap(), date("2026-01-31"));
    let (due, parts) = of(2);
    assert_eq!((due, parts.len()), (date("2026-04-30"), 2));
    assert_eq!(of(1), (date("2026-04-30"), vec![]));
    assert_eq!(of(0), (date("2026-04-30"), vec![]));
    assert_eq!(kept(vec![], date("2026-01-31")), (date("2026-01-31"), vec![]));
}

#[test]
fn what_is_paid_counts_against_the_earliest() {
    assert_eq!(open_of(&[100, 100, 50], 0), [100, 100, 50]);
    assert_eq!(open_of(&[100, 100, 50], 130), [0, 70, 50]);
    assert_eq!(open_of(&[100, 100, 50], 250), [0, 0, 0]);
}

#[test]
fn another_date_and_total_move_the_instalments() {
    let part = |day: &str, amount| Part { due_date: date(day), amount };
    let before = [part("2026-01-31", 5_000), part("2026-03-02", 5_001)];
    let after = moved(&before, date("2026-01-31"), (date("2026-02-28"), 301)).unwrap();
    assert_eq!(after, [part("2026-02-28", 150), part("2026-03-30", 151)]);
}

proptest! {
    #[test]
    fn no_unit_is_lost(
        total in 1..1_000_000_000_i64,
        currency in prop::sample::select(vec!["JPY", "GEL", "KWD"]),
        shares in prop::collection::vec(1..1_000_000_i64, 1..12),
        rest: bool,
    ) {
        let whole: i64 = shares.iter().sum();
        let mut left = WHOLE;
        let last = shares.len() - 1;
        let share = |(place, share): (usize, &i64)| {
            let part = if place == last { left } else { share * WHOLE / whole };
            left -= part;
            let share = if rest && place == last { Share::Rest } else { Share::Percent(Decimal::new(part, 6)) };
            after(u32::try_from(place).unwrap(), 0, share)
        };
        let given: Vec<Instalment> = shares.iter().enumerate().map(share).collect();
        // A share so small that nothing of the total is left for it is refused, where it's the rest.
        if let Ok(parts) = schedule((date("2026-01-31"), total), currency, &given) {
            prop_assert_eq!(parts.iter().map(|part| part.amount).sum::<i64>(), total);
            prop_assert!(parts.windows(2).all(|pair| pair[0].due_date < pair[1].due_date));
            let again = moved(&parts, date("2026-01-31"), (date("2026-01-31"), total)).unwrap();
            prop_assert_eq!(again, parts);
        } else {
            prop_assert!(rest);
        }
    }
}
