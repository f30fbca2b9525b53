//! What the bank will say: what clients are to pay comes in, what suppliers, employees and credited clients are owed goes out.

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use crate::{books::text, settling::Firm};

async fn what_is_open_is_expected_on_its_day(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    // Paid and then credited: what is credited is to be paid back.
    let paid = firm.invoice("2026-06-02", "20.00", json!({})).await;
    firm.invoice("2026-06-10", "100.00", json!({})).await;
    let part = json!({ "allocations": [{ "invoiceId": paid["id"], "amount": "23.60" }] });
    owner.act("recordPayment", firm.receipt("2026-06-03", "23.60", part), "__typename").await;
    let note = json!({ "invoiceId": paid["id"], "date": "2026-06-05" });
    let note = owner.act("createCreditNote", note, "creditNote { id }").await["creditNote"].clone();
    owner.act("issueInvoice", json!({ "id": note["id"] }), "__typename").await;
    let supplier = owner.created("company", json!({ "name": "შპს მშენებელი", "isSupplier": true })).await;
    let line = json!({ "description": "Rent", "unitPrice": "50.00" });
    let bill = json!({ "companyId": supplier, "date": "2026-06-01", "dueDate": "2026-07-10", "lines": [line] });
    let bill = owner.created("bill", bill).await;
    owner.act("postBill", json!({ "id": bill }), "__typename").await;
    let employee = owner.created("employee", json!({ "name": "ნინო ბერიძე" })).await;
    let taxi = json!({ "employeeId": employee, "date": "2026-06-03", "amount": "12.00", "description": "Taxi" });
    let taxi = owner.create("expense", taxi, "id version").await;
    owner.act("submitExpense", json!({ "id": taxi["id"], "version": taxi["version"] }), "__typename").await;
    owner.act("postExpense", json!({ "id": taxi["id"] }), "__typename").await;

    let flow = owner
        .query(r#"{ reports { cashFlow(from: "2026-06-15", to: "2026-07-31", interval: MONTH) { rows { kind from inflow outflow } } } }"#)
        .await;
    let rows = flow["reports"]["cashFlow"]["rows"].as_array().expect("rows").clone();
    let moved = |kind: &str, from: Value| {
        let row = rows.iter().find(|row| row["kind"] == kind && (from.is_null() || row["from"] == from));
        let row = row.unwrap_or_else(|| panic!("no {kind} {from}: {rows:?}"));
        (text(&row["inflow"]), text(&row["outflow"]))
    };
    assert_eq!(moved("OVERDUE", Value::Null), ("0.00".into(), "35.60".into()), "the note and the taxi");
    assert_eq!(moved("FORECAST", json!("2026-07-01")), ("0.00".into(), "50.00".into()), "the rent");
    let june: Vec<_> = rows.iter().filter(|row| row["inflow"] == "118.00").collect();
    assert_eq!(june.len(), 1, "the invoice, in June: {rows:?}");
}

both!(what_is_open_is_expected_on_its_day);
