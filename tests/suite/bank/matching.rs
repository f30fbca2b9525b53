//! What lines of statements are.

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use super::{Bank, refused};
use crate::books::text;

fn confirmation(lines: &[&String], allocations: &[(&Value, &str)]) -> Value {
    let allocations: Vec<Value> =
        allocations.iter().map(|(invoice, amount)| json!({ "invoiceId": invoice["id"], "amount": amount })).collect();
    json!({ "lineIds": lines, "allocations": allocations })
}

async fn lines_are_what_a_person_says_they_are(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let (one, two, three) = (bank.invoice("1000.00").await, bank.invoice("300.00").await, bank.invoice("200.00").await);
    let number = text(&one["number"]);
    let first = format!("ინვოისი {number} იანვარი");
    bank.import(
        0,
        &[
            (10, 100_000, "KARTULI TAGHI LLC", &first, "B1"),
            (11, 50_000, "ქართული თაღი", "მომსახურება", "B2"),
            (12, -500, "Bank", "Fee", "B3"),
            (13, 700, "Nobody", "?", "B4"),
        ],
    )
    .await;
    let ids = bank.ids().await;

    // By number, amount and name; and one line for two invoices.
    let proposed = bank.matches(&ids).await;
    let best = &proposed[0]["proposals"][0];
    assert_eq!((&best["score"], &best["parts"][0]["id"]), (&json!(100), &one["id"]), "{proposed}");
    assert_eq!(best["reasons"].as_array().map(Vec::len), Some(3));
    let best = &proposed[1]["proposals"][0];
    assert_eq!(best["parts"].as_array().map(Vec::len), Some(2), "{proposed}");
    assert_eq!(proposed[3]["proposals"], json!([]));
    assert!(bank.lines().await.iter().all(|line| line["status"] == "OPEN"), "nothing is matched by itself");

    // More than is open, more than the line, another's line, no line: nothing is written.
    let more_than_open = confirmation(&[&ids[1]], &[(&two, "300.01")]);
    refused(&owner.refused("confirmBankMatch", more_than_open).await, "INVALID_INPUT", Some("allocations.0.amount"));
    let more_than_paid = confirmation(&[&ids[1]], &[(&one, "500.01")]);
    refused(&owner.refused("confirmBankMatch", more_than_paid).await, "INVALID_INPUT", Some("allocations"));
    let not_said = confirmation(&[&ids[3]], &[]);
    refused(&owner.refused("confirmBankMatch", not_said).await, "INVALID_INPUT", Some("allocations"));
    refused(&owner.refused("confirmBankMatch", confirmation(&[], &[])).await, "INVALID_INPUT", Some("lineIds"));
    let both_ways = confirmation(&[&ids[1], &ids[2]], &[(&two, "300.00")]);
    refused(&owner.refused("confirmBankMatch", both_ways).await, "INVALID_INPUT", Some("lineIds"));
    let stranger = Bank::open(server).await;
    let theirs = confirmation(&[&ids[0]], &[]);
    refused(&stranger.owner().refused("confirmBankMatch", theirs).await, "NOT_FOUND", Some("lineIds.0"));
    assert_eq!(bank.count("payments").await, 0);

    // One click.
    let done = owner
        .act(
            "confirmBankMatch",
            confirmation(&[&ids[0]], &[(&one, "1000.00")]),
            "lines { status } payments { id date amount { amount } reference }",
        )
        .await;
    assert_eq!((&done["lines"][0]["status"], &done["payments"][0]["date"]), (&json!("MATCHED"), &json!("2026-06-10")));
    assert_eq!(bank.invoice_now(&one).await, ("PAID".into(), "0.00".into()));
    let again = owner.refused("confirmBankMatch", confirmation(&[&ids[0]], &[(&two, "300.00")])).await;
    refused(&again, "CONFLICT", None);
    // A payment that the bank's statement has isn't reversed beside it.
    let payment = json!({ "id": done["payments"][0]["id"] });
    refused(&owner.refused("reversePayment", payment).await, "CONFLICT", None);

    // Taken back, and confirmed again: the invoice is open in between.
    owner.act("unmatchBankLine", json!({ "lineId": ids[0] }), "line { status }").await;
    assert_eq!(bank.invoice_now(&one).await, ("ISSUED".into(), "1000.00".into()));
    owner.act("confirmBankMatch", confirmation(&[&ids[0]], &[(&one, "1000.00")]), "lines { status }").await;
    assert_eq!(bank.invoice_now(&one).await.0, "PAID");

    // Two documents of one line; a fee; and a line that nobody wants.
    let split = confirmation(&[&ids[1]], &[(&two, "300.00"), (&three, "200.00")]);
    let done = owner.act("confirmBankMatch", split, "payments { id }").await;
    assert_eq!(done["payments"].as_array().map(Vec::len), Some(1));
    assert_eq!((bank.invoice_now(&two).await.0, bank.invoice_now(&three).await.0), ("PAID".into(), "PAID".into()));
    let receivable = bank.account_of("RECEIVABLE").await;
    let control = json!({ "lineId": ids[2], "accountId": receivable });
    refused(&owner.refused("bookBankLine", control).await, "INVALID_INPUT", Some("accountId"));
    let expense = bank.account_of("EXPENSE").await;
    let fee = owner
        .act(
            "bookBankLine",
            json!({ "lineId": ids[2], "accountId": expense }),
            "line { status matches { recorded amount { amount } journalEntry { sourceKind description } } }",
        )
        .await;
    assert_eq!(fee["line"]["matches"][0]["amount"]["amount"], "-5.00");
    assert_eq!(fee["line"]["matches"][0]["journalEntry"]["sourceKind"], "BANK_LINE");
    assert!(!bank.reconciliation(&bank.account, "2026-06-30").await["reconciled"].as_bool().unwrap_or(true));
    let advance = json!({ "lineIds": [ids[3]], "companyId": bank.client });
    let done = owner.act("confirmBankMatch", advance, "payments { unallocated { amount } }").await;
    assert_eq!(done["payments"][0]["unallocated"]["amount"], "7.00");
    let tied = bank.reconciliation(&bank.account, "2026-06-30").await;
    assert_eq!(tied["reconciled"], json!(true), "{tied}");
    assert_eq!(tied["ledgerBalance"]["amount"], "1502.00");
}

async fn many_lines_pay_one_document(server: &'static Server) {
    let bank = Bank::open(server).await;
    let invoice = bank.invoice("900.00").await;
    bank.import(
        0,
        &[
            (5, 40_000, "ქართული თაღი", "ნაწილი 1", "C1"),
            (6, 50_000, "KARTULI TAGHI", "ნაწილი 2", "C2"),
            (7, 100, "Other", "x", "C3"),
        ],
    )
    .await;
    let ids = bank.ids().await;
    let proposed = bank.matches(&ids[..1]).await;
    let together = proposed[0]["proposals"].as_array().expect("proposals");
    let together = together.iter().find(|proposal| proposal["lines"].as_array().is_some_and(|lines| lines.len() == 2));
    assert_eq!(together.expect("both lines")["parts"][0]["id"], invoice["id"]);
    let input = confirmation(&[&ids[0], &ids[1]], &[(&invoice, "900.00")]);
    let done = bank.owner().act("confirmBankMatch", input, "payments { date amount { amount } }").await;
    let payments: Vec<_> = done["payments"]
        .as_array()
        .expect("payments")
        .iter()
        .map(|payment| text(&payment["amount"]["amount"]))
        .collect();
    assert_eq!(payments, ["400.00", "500.00"]);
    assert_eq!(bank.invoice_now(&invoice).await, ("PAID".into(), "0.00".into()));
}

async fn of_two_who_confirm_at_once_one_is_told_so(server: &'static Server) {
    let bank = Bank::open(server).await;
    let invoice = bank.invoice("900.00").await;
    bank.import(0, &[(5, 40_000, "ქართული თაღი", "x", "D1")]).await;
    let ids = bank.ids().await;
    let input = confirmation(&[&ids[0]], &[(&invoice, "400.00")]);
    let (owner, input) = (bank.owner(), &input);
    let all: Vec<_> = (0..8).map(|_| owner.try_act("confirmBankMatch", input.clone(), "lines { id }")).collect();
    let answers = futures::future::join_all(all).await;
    let codes: Vec<_> = answers.iter().filter_map(|answer| answer.try_error().map(|error| error.code)).collect();
    assert_eq!(codes, vec!["CONFLICT"; 7], "{codes:?}");
    assert_eq!(bank.count("payments").await, 1);
    assert_eq!(bank.invoice_now(&invoice).await, ("PARTLY_PAID".into(), "500.00".into()));
}

async fn what_is_in_the_ledger_is_matched_as_it_is(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let invoice = bank.invoice("120.00").await;
    let payment = json!({
        "companyId": bank.client, "date": "2026-06-09", "amount": "120.00", "accountId": bank.ledger_account,
        "allocations": [{ "invoiceId": invoice["id"], "amount": "120.00" }],
    });
    let made = owner.act("recordPayment", payment, "payment { journalEntry { id } }").await;
    let entry = text(&made["payment"]["journalEntry"]["id"]);
    // The ledger has it already, the bank not yet.
    bank.import(0, &[(8, 100, "x", "y", "E0")]).await;
    let early = bank.reconciliation(&bank.account, "2026-06-09").await;
    assert_eq!((&early["ledgerLineCount"], &early["openLineCount"]), (&json!(1), &json!(1)));
    bank.import(100, &[(10, 12_000, "ქართული თაღი", "x", "E1"), (11, 12_000, "ქართული თაღი", "y", "E2")]).await;
    let ids = bank.ids().await;
    let proposed = bank.matches(&ids[1..2]).await;
    assert_eq!(proposed[0]["proposals"][0]["parts"][0]["kind"], "JOURNAL_ENTRY", "{proposed}");
    let wrong = json!({ "lineId": ids[0], "entryIds": [entry] });
    refused(&owner.refused("matchBankLine", wrong).await, "INVALID_INPUT", Some("entryIds"));
    owner.act("matchBankLine", json!({ "lineId": ids[1], "entryIds": [entry] }), "line { status }").await;
    let twice = json!({ "lineId": ids[2], "entryIds": [entry] });
    refused(&owner.refused("matchBankLine", twice).await, "INVALID_INPUT", Some("entryIds"));
    // Between the two days the ledger is ahead, and says so.
    let between = bank.reconciliation(&bank.account, "2026-06-09").await;
    assert_eq!((&between["ledgerLineCount"], &between["ledgerLinesTotal"]["amount"]), (&json!(1), &json!("120.00")));
    // What was there before stays there.
    owner.act("unmatchBankLine", json!({ "lineId": ids[1] }), "line { status }").await;
    assert_eq!(bank.invoice_now(&invoice).await.0, "PAID");
    owner.act("matchBankLine", json!({ "lineId": ids[2], "entryIds": [entry] }), "line { status }").await;
    owner.act("ignoreBankLine", json!({ "lineId": ids[1], "note": "ორჯერ" }), "line { status note }").await;
    let state = bank.reconciliation(&bank.account, "2026-06-30").await;
    assert_eq!((&state["reconciled"], &state["ignoredLinesTotal"]["amount"]), (&json!(false), &json!("120.00")));
}

both!(
    lines_are_what_a_person_says_they_are,
    many_lines_pay_one_document,
    of_two_who_confirm_at_once_one_is_told_so,
    what_is_in_the_ledger_is_matched_as_it_is,
);
