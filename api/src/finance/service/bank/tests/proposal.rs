use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

use crate::finance::service::bank::{Movement, Open, Proposal, Reason, propose};

fn party(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn line(amount_minor: i64, counterparty: &str, text: &str) -> Movement {
    Movement {
        date: "2026-02-10".parse().unwrap(),
        amount_minor,
        counterparty: (!counterparty.is_empty()).then(|| counterparty.to_owned()),
        tax_number: None,
        known_party: None,
        text: text.to_owned(),
    }
}

fn day(of_january: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, of_january).unwrap()
}

fn open(number: &str, of: (u128, &str), open_minor: i64, due_day: u32) -> Open {
    Open {
        number: (!number.is_empty()).then(|| number.to_owned()),
        party: party(of.0),
        name: of.1.to_owned(),
        tax_number: None,
        open_minor,
        due_date: day(due_day),
        instalments: Vec::new(),
        whole: false,
    }
}

const ARCH: (u128, &str) = (1, "შპს ქართული თაღი");
const NORTH: (u128, &str) = (2, "Northwind Traders LLC");

fn best(line: Movement, open: &[Open]) -> Proposal {
    propose(&[line], open, &[0]).remove(0).into_iter().next().expect("a proposal")
}

#[test]
fn a_number_and_the_amount_are_nearly_certain() {
    let open = [open("INV-2026-0012", ARCH, 118_000, 31), open("INV-2026-0013", ARCH, 118_000, 30)];
    let found = best(line(118_000, "KARTULI TAGI LLC", "ინვოისი inv 2026/0012"), &open);
    assert_eq!(found.parts, [(0, 118_000)]);
    assert_eq!(found.score, 100);
    assert!(matches!(&found.reasons[..], [Reason::Number(_), Reason::Amount, Reason::Name(..)]), "{:?}", found.reasons);
}

#[test]
fn an_instalment_is_an_amount_of_its_own() {
    let instalments = vec![(day(10), 30_000), (day(20), 60_000)];
    let parts = Open { instalments, ..open("A-1001", ARCH, 100_000, 10) };
    let open = [parts, open("A-1002", NORTH, 30_000, 25)];
    let first = best(line(30_000, "ქართული თაღი", ""), &open);
    assert_eq!((&first.parts[..], first.score), (&[(0, 30_000)][..], 65));
    assert_eq!(first.reasons[0], Reason::Instalments(1, day(10)));
    assert!(!first.reasons.contains(&Reason::Part), "a part stays open, as it shall");
    let two = best(line(60_000, "", "A-1001"), &open);
    assert_eq!((&two.parts[..], two.reasons.last()), (&[(0, 60_000)][..], Some(&Reason::Instalments(2, day(20)))));
    let all = best(line(100_000, "ქართული თაღი", ""), &open);
    assert_eq!((&all.parts[..], &all.reasons[0]), (&[(0, 100_000)][..], &Reason::Amount));
}

#[test]
fn the_amount_alone_is_a_guess_and_the_name_makes_it_one_of_weight() {
    let open = [open("A-1001", ARCH, 50_000, 20), open("A-1002", NORTH, 50_000, 10)];
    let by_amount = best(line(50_000, "", ""), &open);
    assert_eq!((by_amount.parts[0].0, by_amount.score), (1, 35));
    let by_name = best(line(50_000, "ქართული თაღი", ""), &open);
    assert_eq!((by_name.parts[0].0, by_name.score), (0, 65));
    // What goes out pays no invoice.
    assert!(propose(&[line(-50_000, "ქართული თაღი", "A-1001")], &open, &[0])[0].is_empty());
}

#[test]
fn a_tax_number_and_a_known_account_name_a_company() {
    let mut document = open("A-1001", ARCH, 50_000, 20);
    document.tax_number = Some("404123456".into());
    let by_tax = Movement { tax_number: Some("404123456".into()), ..line(50_000, "Somebody Else", "") };
    assert_eq!(best(by_tax, &[document.clone()]).score, 65);
    let by_account = Movement { known_party: Some(party(1)), ..line(50_000, "Somebody Else", "") };
    assert_eq!(best(by_account, &[document]).score, 65);
}

#[test]
fn one_line_pays_several_documents() {
    let open = [
        open("INV-0001", ARCH, 10_000, 1),
        open("INV-0002", ARCH, 25_000, 2),
        open("INV-0003", ARCH, 40_000, 3),
        open("INV-0004", NORTH, 65_000, 4),
    ];
    let by_sum = best(line(50_000, "Kartuli Taghi", "consulting"), &open);
    assert_eq!(by_sum.parts, [(0, 10_000), (2, 40_000)]);
    assert!(by_sum.reasons.contains(&Reason::Documents(2)));
    let by_numbers = best(line(65_000, "", "INV-0002 and INV-0003"), &open);
    assert_eq!(by_numbers.parts, [(1, 25_000), (2, 40_000)]);
    assert!(by_numbers.score >= 95);
    let partly = best(line(60_000, "", "INV-0002, INV-0003"), &open);
    assert_eq!(partly.parts, [(1, 25_000), (2, 35_000)]);
    assert!(partly.reasons.contains(&Reason::Part));
}

#[test]
fn several_lines_pay_one_document() {
    let lines =
        [line(30_000, "ქართული თაღი", "ნაწილი 1"), line(5_000, "Other", ""), line(70_000, "KARTULI TAGHI", "ნაწილი 2")];
    let open = [open("INV-0001", ARCH, 100_000, 1)];
    let found = propose(&lines, &open, &[0]).remove(0);
    assert_eq!(found[0].lines, [0, 2]);
    assert_eq!(found[0].parts, [(0, 100_000)]);
    assert!(found[0].reasons.contains(&Reason::Lines(2)));
}

#[test]
fn what_is_due_first_is_paid_first() {
    let open = [open("INV-0001", ARCH, 10_000, 9), open("INV-0002", ARCH, 25_000, 2)];
    let found = best(line(30_001, "ქართული თაღი", ""), &open);
    assert_eq!(found.parts, [(1, 25_000), (0, 5_001)]);
    assert!(found.reasons.contains(&Reason::OldestFirst));
    let over = best(line(90_000, "ქართული თაღი", ""), &open);
    assert_eq!(over.parts, [(1, 25_000), (0, 10_000)]);
    assert!(over.reasons.contains(&Reason::Over));
}

#[test]
fn a_payment_recorded_before_is_taken_whole_or_not_at_all() {
    let mut payment = open("", ARCH, -40_000, 1);
    payment.whole = true;
    assert_eq!(best(line(-40_000, "Kartuli Taghi", ""), &[payment.clone()]).parts, [(0, -40_000)]);
    assert!(propose(&[line(-30_000, "Kartuli Taghi", "")], &[payment], &[0])[0].is_empty());
}

#[test]
fn short_numbers_are_found_in_no_text() {
    let open = [open("7", ARCH, 90_000, 1), open("INV-2026-0012", ARCH, 80_000, 2)];
    assert!(propose(&[line(50_000, "", "room 7 for 12 people")], &open, &[0])[0].is_empty());
}

#[test]
fn reasons_are_told_in_both_languages() {
    let found = best(line(118_000, "ქართული თაღი", "INV-0012"), &[open("INV-0012", ARCH, 118_000, 1)]);
    for reason in found.reasons {
        let text = reason.text();
        assert!(text.en.ends_with('.') && text.ka.chars().any(|letter| ('ა'..='ჰ').contains(&letter)), "{text:?}");
    }
}

fn movements() -> impl Strategy<Value = Movement> {
    let text = prop::sample::select(vec!["", "INV-0001", "INV-0001 INV-0002 INV-0003", "pay 0004", "ინვ-0002"]);
    let name = prop::sample::select(vec!["", "ქართული თაღი", "NORTHWIND TRADERS", "Kartuli Tagi", "Nobody"]);
    (prop::sample::select(vec![-300_i64, -100, -7, 0, 7, 100, 150, 200, 300, 1_000]), name, text)
        .prop_map(|(amount, name, text)| line(amount, name, text))
}

fn documents() -> impl Strategy<Value = Open> {
    let of = prop::sample::select(vec![ARCH, NORTH]);
    let number = prop::sample::select(vec!["", "INV-0001", "INV-0002", "INV-0003", "INV-0004"]);
    let amount = prop::sample::select(vec![-100_i64, -7, 0, 7, 50, 100, 150, 200]);
    (number, of, amount, 1_u32..28, any::<bool>())
        .prop_map(|(number, of, amount, due, whole)| Open { whole, ..open(number, of, amount, due) })
}

proptest! {
    #[test]
    fn proposals_never_take_more_than_there_is(
        lines in prop::collection::vec(movements(), 1..12),
        open in prop::collection::vec(documents(), 0..20),
    ) {
        let wanted: Vec<usize> = (0..lines.len()).collect();
        for (place, proposals) in propose(&lines, &open, &wanted).into_iter().enumerate() {
            for found in proposals {
                prop_assert!((30..=100).contains(&found.score), "{:?}", found);
                prop_assert!(!found.reasons.is_empty() && !found.parts.is_empty());
                prop_assert_eq!(found.lines[0], place);
                let paid: i64 = found.lines.iter().map(|line| lines[*line].amount_minor).sum();
                let sign = paid.signum();
                prop_assert!(found.lines.iter().all(|line| lines[*line].amount_minor.signum() == sign));
                prop_assert_eq!(found.lines.iter().collect::<BTreeSet<_>>().len(), found.lines.len());
                prop_assert_eq!(found.parts.iter().map(|part| part.0).collect::<BTreeSet<_>>().len(), found.parts.len());
                for (document, part) in &found.parts {
                    let open = &open[*document];
                    prop_assert!(part.signum() == sign && part.abs() <= open.open_minor.abs(), "{:?}", found);
                    prop_assert!(!open.whole || *part == open.open_minor);
                }
                prop_assert!(found.parts.iter().map(|part| part.1).sum::<i64>().abs() <= paid.abs(), "{:?}", found);
            }
        }
    }
}
