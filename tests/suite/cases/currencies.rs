//! Documents and payments in other currencies.

use kamara_tests::{Server, both};
use serde_json::json;

use super::{Case, posted};
use crate::books::text;

/// Tryton, `scenario_account_reconciliation_alternate_currency.rst`: 90 euro owed at 50.00 and paid at 45.00 is a gain of 5.00.
async fn what_is_owed_and_paid_at_different_rates_is_reconciled(server: &'static Server) {
    let case = Case::open(server).await;
    let bill = case.buyer.bill("2026-03-01", "90", json!({ "currency": "EUR", "rate": "0.555556" })).await;
    assert_eq!(case.balance("PAYABLE", "2026-03-31").await, "-50.00");
    let euro = json!({ "currency": "EUR", "rate": "0.5" });
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-31", "90", euro)).await;
    assert_eq!(
        posted(&payment),
        [["BANK", "0.00", "45.00"], ["PAYABLE", "50.00", "0.00"], ["EXCHANGE_DIFFERENCE", "0.00", "5.00"]]
    );
    assert_eq!(case.buyer.bill_now(&bill).await.0, "PAID");
}

/// Tryton, `scenario_invoice_alternate_currency.rst`: 5 × 80 with 10% and 1 × 20 without, in euro.
async fn an_invoice_in_another_currency_comes_to_the_same(server: &'static Server) {
    let case = Case::open(server).await;
    let tax = case.owner().created("taxCode", json!({ "code": "T10", "name": "10%", "rate": "0.10" })).await;
    let lines = json!([
        { "description": "product", "quantity": "5", "unitPrice": "80", "taxCodeId": tax },
        { "description": "Test", "quantity": "1", "unitPrice": "20" },
    ]);
    let input = json!({ "companyId": case.buyer.firm.client, "date": "2026-03-01", "currency": "EUR", "rate": "0.5", "lines": lines });
    let draft = case.owner().create("invoice", input, "id").await;
    let selection = "invoice { net { amount } tax { amount } total { amount currency } }";
    let issued = case.owner().act("issueInvoice", json!({ "id": draft["id"] }), selection).await;
    let sums = ["net", "tax", "total"].map(|field| text(&issued["invoice"][field]["amount"]));
    assert_eq!(sums, ["420.00", "40.00", "460.00"]);
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "230.00");
}

/// Tryton, `scenario_invoice_alternate_currency_lower_rate.rst`: 400 euro, of which two are one of ours, is paid by 400 euro.
async fn a_currency_that_is_worth_more_than_ours_is_paid_whole(server: &'static Server) {
    let case = Case::open(server).await;
    let euro = json!({ "currency": "EUR", "rate": "2" });
    let invoice = case.invoice("2026-03-01", "5", "80", euro.clone()).await;
    assert_eq!(invoice["total"]["amount"], "400.00");
    case.receive(&invoice, "2026-03-01", "400", euro).await;
    assert_eq!(case.again(&invoice).await, ("PAID".into(), "0.00".into()));
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "0.00");
    assert_eq!(case.balance("EXCHANGE_DIFFERENCE", "2026-03-31").await, "0.00");
}

/// Tryton, `scenario_invoice_alternate_currency_rate_change.rst`: 400 euro at 1.20 a unit of ours, paid at 1.10: a gain of 30.31.
async fn a_rate_that_changed_by_the_payment_is_a_gain(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "5", "80", json!({ "currency": "EUR", "rate": "0.833333" })).await;
    case.receive(&invoice, "2026-03-02", "400", json!({ "currency": "EUR", "rate": "0.909091" })).await;
    assert_eq!(case.again(&invoice).await.0, "PAID");
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "0.00");
    assert_eq!(case.balance("EXCHANGE_DIFFERENCE", "2026-03-31").await, "-30.31");
}

/// ERPNext, `test_payment_entry.py`, `test_payment_entry_against_si_usd_to_usd` and `test_payment_against_sales_invoice_to_check_status`:
/// 100 dollars at 50; paid, and taken back.
async fn a_payment_that_is_taken_back_opens_the_invoice(server: &'static Server) {
    let case = Case::open(server).await;
    let dollar = json!({ "currency": "USD", "rate": "50" });
    let invoice = case.invoice("2026-03-01", "1", "100", dollar.clone()).await;
    let payment = case.receive(&invoice, "2026-03-02", "100", dollar).await;
    assert_eq!(posted(&payment), [["BANK", "5000.00", "0.00"], ["RECEIVABLE", "0.00", "5000.00"]]);
    assert_eq!(case.again(&invoice).await, ("PAID".into(), "0.00".into()));
    case.owner().act("reversePayment", json!({ "id": payment["id"], "date": "2026-03-03" }), "payment { id }").await;
    assert_eq!(case.again(&invoice).await, ("ISSUED".into(), "100.00".into()));
}

/// ERPNext, the same file, `test_payment_entry_against_pi` and `test_payment_against_purchase_invoice_to_check_status`: 250
/// dollars at 50; paid, and taken back.
async fn a_bill_that_was_paid_is_owed_again(server: &'static Server) {
    let case = Case::open(server).await;
    let dollar = json!({ "currency": "USD", "rate": "50" });
    let bill = case.buyer.bill("2026-03-01", "250", dollar.clone()).await;
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-02", "250", dollar)).await;
    assert_eq!(posted(&payment), [["BANK", "0.00", "12500.00"], ["PAYABLE", "12500.00", "0.00"]]);
    assert_eq!(case.buyer.bill_now(&bill).await, ("PAID".into(), "0.00".into()));
    case.owner().act("reversePayment", json!({ "id": payment["id"], "date": "2026-03-03" }), "payment { id }").await;
    assert_eq!(case.buyer.bill_now(&bill).await, ("POSTED".into(), "250.00".into()));
}

/// ERPNext, the same file, `test_payment_entry_against_si_usd_to_inr`: 900 of ours settle 20 of 100 dollars at 50: a loss of 100.
async fn a_payment_of_ours_settles_a_part_in_dollars(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "1", "100", json!({ "currency": "USD", "rate": "50" })).await;
    let part = json!([{ "invoiceId": invoice["id"], "amount": "20", "paidAmount": "900" }]);
    let payment = case.receive(&invoice, "2026-03-02", "900", json!({ "allocations": part })).await;
    assert_eq!(
        posted(&payment),
        [["BANK", "900.00", "0.00"], ["RECEIVABLE", "0.00", "1000.00"], ["EXCHANGE_DIFFERENCE", "100.00", "0.00"]]
    );
    assert_eq!(case.again(&invoice).await.1, "80.00");
}

/// ERPNext, the same file, `test_payment_entry_exchange_gain_loss`: 100 dollars at 50, paid at 55: a gain of 500.
async fn a_better_rate_is_a_gain(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "1", "100", json!({ "currency": "USD", "rate": "50" })).await;
    let payment = case.receive(&invoice, "2026-03-02", "100", json!({ "currency": "USD", "rate": "55" })).await;
    assert_eq!(
        posted(&payment),
        [["BANK", "5500.00", "0.00"], ["RECEIVABLE", "0.00", "5000.00"], ["EXCHANGE_DIFFERENCE", "0.00", "500.00"]]
    );
    assert_eq!(case.again(&invoice).await.1, "0.00");
}

/// ERPNext, the same file, `test_internal_transfer_usd_to_inr`: 100 dollars at 50 arrive as 4,500: a loss of 500.
async fn a_transfer_between_currencies_may_lose(server: &'static Server) {
    let case = Case::open(server).await;
    let dollars = case.owner().created("bankAccount", json!({ "name": "Bank, USD", "currency": "USD" })).await;
    let moved = json!({ "fromBankAccountId": dollars, "toBankAccountId": case.buyer.firm.bank, "date": "2026-03-01",
        "amount": "100", "rate": "50", "arrived": "4500" });
    let selection = "bankTransfer { journalEntries { lines { account { role } debit credit } } }";
    let made = case.owner().act("transferMoney", moved, selection).await;
    let entries = made["bankTransfer"]["journalEntries"].as_array().expect("entries").clone();
    let lines: Vec<_> = entries.iter().map(|entry| posted(&json!({ "journalEntry": entry }))).collect();
    assert_eq!(lines[0], [["BANK_TRANSIT", "5000.00", "0.00"], ["BANK", "0.00", "5000.00"]]);
    assert_eq!(
        lines[1],
        [["BANK", "4500.00", "0.00"], ["BANK_TRANSIT", "0.00", "5000.00"], ["EXCHANGE_DIFFERENCE", "500.00", "0.00"]]
    );
}

both!(
    what_is_owed_and_paid_at_different_rates_is_reconciled,
    an_invoice_in_another_currency_comes_to_the_same,
    a_currency_that_is_worth_more_than_ours_is_paid_whole,
    a_rate_that_changed_by_the_payment_is_a_gain,
    a_payment_that_is_taken_back_opens_the_invoice,
    a_bill_that_was_paid_is_owed_again,
    a_payment_of_ours_settles_a_part_in_dollars,
    a_better_rate_is_a_gain,
    a_transfer_between_currencies_may_lose,
);
