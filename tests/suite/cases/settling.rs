//! Reconciliation, write-offs, credit notes, overpayments, and tax that is withheld.

use kamara_tests::{Server, both};
use serde_json::json;

use super::{Case, posted};
use crate::{books::text, settling::with};

/// Tryton, `scenario_account_reconciliation.rst`: 42 against 42, and 68 against 65 with a write-off of 3.
async fn what_is_paid_short_is_reconciled_by_a_write_off(server: &'static Server) {
    let case = Case::open(server).await;
    let whole = case.invoice("2026-03-01", "1", "42", json!({})).await;
    case.receive(&whole, "2026-03-01", "42", json!({})).await;
    assert_eq!(case.again(&whole).await, ("PAID".into(), "0.00".into()));
    let short = case.invoice("2026-03-01", "1", "68", json!({})).await;
    case.receive(&short, "2026-03-01", "65", json!({})).await;
    assert_eq!(case.again(&short).await, ("PARTLY_PAID".into(), "3.00".into()));
    let off = json!({ "invoiceId": short["id"], "date": "2026-03-01", "reason": "Write-off" });
    let selection = "writeOff { amount { amount } journalEntry { lines { account { role } debit credit } } }";
    let made = case.owner().act("writeOff", off, selection).await["writeOff"].clone();
    assert_eq!(posted(&made), [["WRITE_OFF", "3.00", "0.00"], ["RECEIVABLE", "0.00", "3.00"]]);
    assert_eq!(case.again(&short).await.0, "PAID");
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "0.00");
}

/// Tryton, `scenario_account_reconcile.rst`: of 42 there are 40; the 2 that lack are proposed and written off.
async fn what_lacks_is_all_that_is_written_off(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "1", "42", json!({})).await;
    case.receive(&invoice, "2026-03-02", "40", json!({})).await;
    let off = json!({ "invoiceId": invoice["id"], "date": "2026-03-02", "reason": "Write-off" });
    let made = case.owner().act("writeOff", off, "writeOff { amount { amount } }").await;
    assert_eq!(made["writeOff"]["amount"]["amount"], "2.00");
    assert_eq!(case.balance("WRITE_OFF", "2026-03-31").await, "2.00");
}

/// Tryton, `scenario_invoice_overpayment.rst`: 110 for 100 leaves 10 to the client's credit.
async fn an_overpayment_stays_to_the_clients_credit(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "1", "100", json!({})).await;
    let payment = case.receive(&invoice, "2026-03-01", "100", json!({ "amount": "110" })).await;
    assert_eq!(payment["unallocated"]["amount"], "10.00");
    assert_eq!(case.again(&invoice).await.0, "PAID");
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "-10.00");
}

/// Tryton, `scenario_credit_note.rst`: a credit note of 5 × 40 and 10% is paid back as 120 and as 100.
async fn a_credit_note_is_paid_back_in_parts(server: &'static Server) {
    let case = Case::open(server).await;
    let tax = case.owner().created("taxCode", json!({ "code": "T10", "name": "10%", "rate": "0.10" })).await;
    let line = json!([{ "description": "product", "quantity": "5", "unitPrice": "40", "taxCodeId": tax }]);
    let invoice = case.buyer.firm.invoice("2026-03-01", "0", json!({ "lines": line })).await;
    assert_eq!(invoice["total"]["amount"], "220.00");
    case.receive(&invoice, "2026-03-01", "220", json!({})).await;
    let note = case.buyer.firm.credit(&invoice, "2026-03-02", None).await;
    let note = case.buyer.firm.issue(&note).await;
    assert_eq!(note["due"]["amount"], "220.00");
    let back = json!({ "direction": "OUT", "subLedger": "RECEIVABLE" });
    let first = case.receive(&note, "2026-03-03", "120", back.clone()).await;
    assert_eq!(posted(&first), [["BANK", "0.00", "120.00"], ["RECEIVABLE", "120.00", "0.00"]]);
    assert_eq!(case.again(&note).await, ("PARTLY_PAID".into(), "100.00".into()));
    case.receive(&note, "2026-03-04", "100", back).await;
    assert_eq!(case.again(&note).await, ("PAID".into(), "0.00".into()));
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "0.00");
}

/// Tryton, `scenario_invoice_supplier.rst`: 5 × 20 with 10% and 1 × 10 without; its number comes once; it's credited whole.
async fn a_suppliers_bill_is_posted_credited_and_comes_once(server: &'static Server) {
    let case = Case::open(server).await;
    let tax = case.owner().created("taxCode", json!({ "code": "T10", "name": "10%", "rate": "0.10" })).await;
    let lines = json!([
        { "description": "product", "quantity": "5", "unitPrice": "20", "taxCodeId": tax },
        { "description": "Test", "quantity": "1", "unitPrice": "10" },
    ]);
    let more = json!({ "lines": lines, "supplierNumber": "FAC001" });
    let bill = case.buyer.bill("2026-03-01", "0", more.clone()).await;
    assert_eq!(bill["total"]["amount"], "120.00");
    for (role, balance) in [("PAYABLE", "-120.00"), ("EXPENSE", "110.00"), ("INPUT_TAX", "10.00")] {
        assert_eq!(case.balance(role, "2026-03-31").await, balance, "{role}");
    }
    let again = with(json!({ "companyId": case.buyer.supplier, "date": "2026-03-01" }), more);
    case.buyer.firm.refused("createBill", again, "INVALID_INPUT", Some("supplierNumber")).await;
    let note = json!({ "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": case.buyer.supplier, "date": "2026-03-02", "supplierNumber": "CN001" });
    let note = case.owner().create("bill", note, "id net { amount } tax { amount } total { amount }").await;
    let sums = ["net", "tax", "total"].map(|field| text(&note[field]["amount"]));
    assert_eq!(sums, ["110.00", "10.00", "120.00"]);
    case.owner().act("postBill", json!({ "id": note["id"] }), "bill { id }").await;
    assert_eq!(case.buyer.bill_now(&bill).await, ("PAID".into(), "0.00".into()));
    assert_eq!(case.balance("PAYABLE", "2026-03-31").await, "0.00");
}

/// ERPNext, `test_payment_entry.py`, `test_payment_entry_write_off_difference`: 110 for 100 leaves 10; 95 and a write-off of 5
/// leave nothing.
async fn a_difference_is_written_off(server: &'static Server) {
    let case = Case::open(server).await;
    let over = case.invoice("2026-03-01", "1", "100", json!({})).await;
    let payment = case.receive(&over, "2026-03-02", "100", json!({ "amount": "110" })).await;
    assert_eq!(payment["unallocated"]["amount"], "10.00");
    let invoice = case.invoice("2026-03-03", "1", "100", json!({})).await;
    let payment = case.receive(&invoice, "2026-03-04", "95", json!({})).await;
    assert_eq!(payment["unallocated"]["amount"], "0.00");
    assert_eq!(posted(&payment), [["BANK", "95.00", "0.00"], ["RECEIVABLE", "0.00", "95.00"]]);
    let off = json!({ "invoiceId": invoice["id"], "amount": "5", "date": "2026-03-04", "reason": "Difference" });
    case.owner().act("writeOff", off, "writeOff { id }").await;
    assert_eq!(case.again(&invoice).await, ("PAID".into(), "0.00".into()));
    assert_eq!(case.balance("WRITE_OFF", "2026-03-31").await, "5.00");
}

/// ERPNext, `test_payment_entry.py`, `test_payment_against_negative_sales_invoice`: nothing is paid to a client of whom nothing
/// is owed; what was paid and credited is paid back, no more than that, and open again when that is taken back.
async fn no_more_is_paid_back_than_was_credited(server: &'static Server) {
    let case = Case::open(server).await;
    let invoice = case.invoice("2026-03-01", "1", "100", json!({})).await;
    case.receive(&invoice, "2026-03-02", "100", json!({})).await;
    let note = case.buyer.firm.credit(&invoice, "2026-03-03", None).await;
    let note = case.buyer.firm.issue(&note).await;
    let back = |amount: &str| {
        let part = json!([{ "invoiceId": note["id"], "amount": amount }]);
        json!({ "companyId": case.buyer.firm.client, "direction": "OUT", "subLedger": "RECEIVABLE", "date": "2026-03-04",
            "amount": amount, "allocations": part })
    };
    case.buyer.firm.refused("recordPayment", back("300"), "INVALID_INPUT", Some("allocations.0.amount")).await;
    let selection = "payment { id journalEntry { lines { account { role } debit credit } } }";
    let paid = case.owner().act("recordPayment", back("100"), selection).await["payment"].clone();
    assert_eq!(posted(&paid), [["BANK", "0.00", "100.00"], ["RECEIVABLE", "100.00", "0.00"]]);
    assert_eq!(case.again(&note).await.1, "0.00");
    case.owner().act("reversePayment", json!({ "id": paid["id"], "date": "2026-03-05" }), "payment { id }").await;
    assert_eq!(case.again(&note).await.1, "100.00");
    assert_eq!(case.balance("RECEIVABLE", "2026-03-31").await, "-100.00");
}

/// ERPNext, `test_tax_withholding_category.py`, `test_single_threshold_tds`: 10% of 20,000 is withheld, 18,000 is paid; then
/// 1,000 of 10,000.
async fn tax_is_deducted_from_what_the_supplier_gets(server: &'static Server) {
    let case = Case::open(server).await;
    let tds = json!({ "code": "TDS", "name": "10% TDS", "rate": "0.10", "kind": "WITHHOLDING" });
    let tds = case.owner().created("taxCode", tds).await;
    let withheld = json!({ "withholding": { "taxCodeId": tds } });
    let bill = case.buyer.bill("2026-03-01", "20000", json!({})).await;
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-02", "20000", withheld.clone())).await;
    assert_eq!(
        posted(&payment),
        [["BANK", "0.00", "18000.00"], ["WITHHOLDING_TAX", "0.00", "2000.00"], ["PAYABLE", "20000.00", "0.00"]]
    );
    let bill = case.buyer.bill("2026-03-03", "10000", json!({})).await;
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-04", "10000", withheld)).await;
    assert_eq!(payment["withheld"]["amount"], "1000.00");
}

/// ERPNext, the same file, `test_cumulative_threshold_tds`: once three bills of 10,000 pass a limit, the third is paid less the
/// 3,000 of all of them; 500 of the next one's 5,000.
async fn tax_of_earlier_bills_is_caught_up(server: &'static Server) {
    let case = Case::open(server).await;
    let tds = json!({ "code": "TDS", "name": "10% TDS", "rate": "0.10", "kind": "WITHHOLDING" });
    let tds = case.owner().created("taxCode", tds).await;
    for day in ["2026-03-01", "2026-03-02"] {
        let bill = case.buyer.bill(day, "10000", json!({})).await;
        case.buyer.pay(case.buyer.paying(&bill, day, "10000", json!({}))).await;
    }
    let bill = case.buyer.bill("2026-03-03", "10000", json!({})).await;
    let said = json!({ "withholding": { "taxCodeId": tds, "amount": "3000" } });
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-03", "10000", said)).await;
    assert_eq!((&payment["withheld"]["amount"], &payment["moved"]["amount"]), (&json!("3000.00"), &json!("7000.00")));
    let bill = case.buyer.bill("2026-03-04", "5000", json!({})).await;
    let said = json!({ "withholding": { "taxCodeId": tds } });
    let payment = case.buyer.pay(case.buyer.paying(&bill, "2026-03-04", "5000", said)).await;
    assert_eq!(payment["withheld"]["amount"], "500.00");
    assert_eq!(case.balance("WITHHOLDING_TAX", "2026-03-31").await, "-3500.00");
}

both!(
    what_is_paid_short_is_reconciled_by_a_write_off,
    what_lacks_is_all_that_is_written_off,
    an_overpayment_stays_to_the_clients_credit,
    a_credit_note_is_paid_back_in_parts,
    a_suppliers_bill_is_posted_credited_and_comes_once,
    a_difference_is_written_off,
    no_more_is_paid_back_than_was_credited,
    tax_is_deducted_from_what_the_supplier_gets,
    tax_of_earlier_bills_is_caught_up,
);
