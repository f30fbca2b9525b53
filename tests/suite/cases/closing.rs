//! Closing a year, taking entries back, and what reports say of a part of a year.

use kamara_tests::{Server, both};
use serde_json::json;

use super::Case;

/// Tryton, `scenario_close_fiscalyear.rst`: 42 of revenue, owed as 21 and 21; the close moves it to equity, and what is owed
/// stays.
async fn a_close_leaves_what_is_owed(server: &'static Server) {
    let case = Case::open(server).await;
    let party = || json!({ "partyId": case.buyer.firm.client });
    let lines =
        [("REVENUE", "", "42", json!({})), ("RECEIVABLE", "21", "", party()), ("RECEIVABLE", "21", "", party())];
    case.entry("2025-01-01", &lines).await;
    let year = case.owner().create("fiscalYear", json!({ "startDate": "2025-01-01" }), "id").await;
    assert_eq!(case.balance("RECEIVABLE", "2025-12-31").await, "42.00");
    let closed = case.owner().act("closeFiscalYear", json!({ "id": year["id"] }), "fiscalYear { status }").await;
    assert_eq!(closed["fiscalYear"]["status"], "CLOSED");
    for (role, balance) in [("RECEIVABLE", "42.00"), ("REVENUE", "0.00"), ("RETAINED_EARNINGS", "-42.00")] {
        assert_eq!(case.balance(role, "2025-12-31").await, balance, "{role}");
    }
}

/// Tryton, `scenario_move_cancel.rst`: 42 of revenue, owed as 30 euro worth 32 and as 10; what takes it back has the same
/// amounts on the other sides.
async fn a_cancelled_move_is_its_contrary(server: &'static Server) {
    let case = Case::open(server).await;
    let euro = json!({ "partyId": case.buyer.firm.client, "currency": "EUR", "rate": "1.066667" });
    let other = json!({ "partyId": case.buyer.supplier });
    let lines = [("REVENUE", "", "42", json!({})), ("RECEIVABLE", "30", "", euro), ("RECEIVABLE", "10", "", other)];
    let entry = case.entry("2026-01-01", &lines).await;
    assert_eq!(case.ledger("REVENUE", "2026-01-01", "2026-12-31").await, ["0.00", "0.00", "42.00", "-42.00"]);
    assert_eq!(case.ledger("RECEIVABLE", "2026-01-01", "2026-12-31").await, ["0.00", "42.00", "0.00", "42.00"]);
    let selection = "journalEntry { reverses { id } serviceDate date }";
    let input = json!({ "id": entry["id"], "date": "2026-02-01" });
    let reversal = case.owner().act("reverseJournalEntry", input, selection).await["journalEntry"].clone();
    assert_eq!(reversal["reverses"]["id"], entry["id"]);
    assert_eq!((&reversal["serviceDate"], &reversal["date"]), (&json!("2026-01-01"), &json!("2026-02-01")));
    assert_eq!(case.ledger("REVENUE", "2026-01-01", "2026-12-31").await, ["0.00", "42.00", "42.00", "0.00"]);
    assert_eq!(case.ledger("RECEIVABLE", "2026-01-01", "2026-12-31").await, ["0.00", "42.00", "42.00", "0.00"]);
    case.buyer.firm.ties("2026-01-31").await;
    case.buyer.firm.ties("2026-02-28").await;
}

/// Tryton, `scenario_cancelling_invoice_move.rst`: the move of an invoice isn't cancelled beside it (there by a warning).
async fn what_an_invoice_posted_is_not_taken_back_beside_it(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "5", "40", json!({})).await;
    let document = "query($id: ID!) { invoice(id: $id) { journalEntry { id } } }";
    let shown = case.owner().send(document, json!({ "id": invoice["id"] })).await.data();
    let entry = json!({ "id": shown["invoice"]["journalEntry"]["id"], "date": "2026-03-02" });
    case.buyer.firm.refused("reverseJournalEntry", entry, "CONFLICT", None).await;
    assert_eq!(case.again(&invoice).await, ("ISSUED".into(), "200.00".into()));
}

/// Tryton, `scenario_reports.rst`: 10 earned in March and received in May, by the ranges that it asks for.
async fn a_ledger_begins_with_what_was_before(server: &'static Server) {
    let case = Case::open(server).await;
    let party = || json!({ "partyId": case.buyer.firm.client });
    case.entry("2026-03-01", &[("REVENUE", "", "10", json!({})), ("RECEIVABLE", "10", "", party())]).await;
    case.entry("2026-05-01", &[("BANK", "10", "", json!({})), ("RECEIVABLE", "", "10", party())]).await;
    let (revenue, receivable) = ("REVENUE", "RECEIVABLE");
    for (role, from, to, expected) in [
        (revenue, "2026-01-01", "2026-12-31", ["0.00", "0.00", "10.00", "-10.00"]),
        (receivable, "2026-01-01", "2026-12-31", ["0.00", "10.00", "10.00", "0.00"]),
        (revenue, "2026-01-01", "2026-03-31", ["0.00", "0.00", "10.00", "-10.00"]),
        (receivable, "2026-01-01", "2026-03-31", ["0.00", "10.00", "0.00", "10.00"]),
        (revenue, "2026-03-01", "2026-12-31", ["0.00", "0.00", "10.00", "-10.00"]),
        (revenue, "2026-05-01", "2026-12-31", ["-10.00", "0.00", "0.00", "-10.00"]),
        ("BANK", "2026-05-01", "2026-05-31", ["0.00", "10.00", "0.00", "10.00"]),
    ] {
        assert_eq!(case.ledger(role, from, to).await, expected, "{role} from {from} to {to}");
    }
}

both!(
    a_close_leaves_what_is_owed,
    a_cancelled_move_is_its_contrary,
    what_an_invoice_posted_is_not_taken_back_beside_it,
    a_ledger_begins_with_what_was_before,
);
