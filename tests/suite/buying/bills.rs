//! What suppliers bill, credit, and are paid.

use kamara_tests::{ApiError, Server, both};
use serde_json::{Value, json};

use super::{BILL, Paid, Shop};
use crate::books::text;

/// Debit less credit of an entry's lines on accounts of a role.
pub(super) fn on(entry: &Value, role: &str) -> String {
    let lines = entry["lines"].as_array().expect("lines");
    let sum: rust_decimal::Decimal = lines
        .iter()
        .filter(|line| line["account"]["role"] == role || line["account"]["type"] == role)
        .map(|line| {
            let amount =
                |side: &str| line[side].as_str().map_or_else(Default::default, |text| text.parse().expect("a decimal"));
            let (debit, credit): (rust_decimal::Decimal, rust_decimal::Decimal) = (amount("debit"), amount("credit"));
            debit - credit
        })
        .sum();
    sum.to_string()
}

async fn a_bill_is_owed_once_it_is_posted(server: &'static Server) {
    let shop = Shop::open(server).await;
    let bill = shop.posted(shop.bill("A-1")).await;
    assert_eq!((&bill["number"], &bill["status"]), (&json!("BILL-000001"), &json!("POSTED")));
    assert_eq!((&bill["total"]["amount"], &bill["due"]["amount"]), (&json!("118.00"), &json!("118.00")));
    let entry = &bill["journalEntry"];
    assert_eq!(
        (on(entry, "EXPENSE"), on(entry, "INPUT_TAX"), on(entry, "PAYABLE")),
        ("100.00".into(), "18.00".into(), "-118.00".into())
    );
    let lines = entry["lines"].as_array().unwrap();
    let owed = lines.iter().find(|line| line["account"]["role"] == "PAYABLE").unwrap();
    assert_eq!(owed["party"]["name"], "შპს მშენებელი");
    let stale = shop.owner().refused("updateBill", json!({ "id": bill["id"], "version": 2, "note": "x" })).await;
    assert_eq!(stale.code, "CONFLICT", "a posted bill stays as it is");
    let voided = shop.owner().act("voidBill", json!({ "id": bill["id"] }), BILL).await["bill"].clone();
    assert_eq!((&voided["status"], &voided["number"]), (&json!("VOID"), &json!("BILL-000001")));
    let again = shop.posted(shop.bill("A-1")).await;
    assert_eq!(again["number"], "BILL-000002", "the number of what is void may be used again");
    assert_eq!(shop.owner().refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT");
}

async fn reverse_charge_owes_the_state_instead_of_the_supplier(server: &'static Server) {
    let shop = Shop::open(server).await;
    let mut input = shop.bill("RC-1");
    input["currency"] = json!("USD");
    input["rate"] = json!("2.7");
    input["lines"][0]["taxCodeId"] = json!(shop.reverse_charge);
    let bill = shop.posted(input).await;
    assert_eq!((&bill["tax"]["amount"], &bill["total"]["amount"]), (&json!("0.00"), &json!("100.00")));
    let entry = &bill["journalEntry"];
    let figures = (on(entry, "EXPENSE"), on(entry, "INPUT_TAX"), on(entry, "OUTPUT_TAX"), on(entry, "PAYABLE"));
    assert_eq!(figures, ("270.00".into(), "48.60".into(), "-48.60".into(), "-270.00".into()));
}

async fn credit_notes_never_credit_more_than_was_billed(server: &'static Server) {
    let shop = Shop::open(server).await;
    let bill = shop.posted(shop.bill("B-1")).await;
    let note = |number: &str, price: &str| {
        let mut input = shop.bill(number);
        input["kind"] = json!("CREDIT_NOTE");
        input["creditsId"] = bill["id"].clone();
        input["date"] = json!("2026-06-05");
        input["lines"][0]["unitPrice"] = json!(price);
        input
    };
    let first = shop.posted(note("CN-1", "60.00")).await;
    assert_eq!(
        (on(&first["journalEntry"], "PAYABLE"), on(&first["journalEntry"], "EXPENSE")),
        ("70.80".into(), "-60.00".into())
    );
    let over = shop.refused(note("CN-2", "40.01")).await;
    assert_eq!((over.code.as_str(), over.field.as_deref()), ("INVALID_INPUT", Some("lines")));
    assert!(over.message.contains("47.20"), "{over:?}");
    // Two drafts fit; once one is posted, the other doesn't any more.
    let drafts = [
        shop.owner().act("createBill", note("CN-3", "40.00"), "bill { id }").await["bill"]["id"].clone(),
        shop.owner().act("createBill", note("CN-4", "40.00"), "bill { id }").await["bill"]["id"].clone(),
    ];
    let post = |id: &Value| shop.owner().try_act("postBill", json!({ "id": id }), "bill { number }");
    let (one, two) = tokio::join!(post(&drafts[0]), post(&drafts[1]));
    let refused: Vec<ApiError> = [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).collect();
    assert_eq!(refused.len(), 1, "{} {}", one.text, two.text);
    assert_eq!(refused[0].field.as_deref(), Some("lines"));
    assert_eq!(shop.owner().refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT", "it is credited");

    let mut without = shop.bill("CN-5");
    without["kind"] = json!("CREDIT_NOTE");
    assert_eq!(shop.refused(without).await.field.as_deref(), Some("creditsId"));
    let whole = shop.posted(shop.bill("B-2")).await;
    let copied = json!({
        "kind": "CREDIT_NOTE", "creditsId": whole["id"], "companyId": shop.supplier, "date": "2026-06-06", "lines": [],
    });
    assert_eq!(shop.posted(copied).await["total"]["amount"], "118.00", "without lines the whole bill is taken back");
}

async fn a_bill_that_comes_twice_or_wrong_is_refused(server: &'static Server) {
    let shop = Shop::open(server).await;
    let first = shop.posted(shop.bill("INV 001")).await;
    let twice = shop.refused(shop.bill("inv001")).await;
    assert_eq!((twice.code.as_str(), twice.field.as_deref()), ("INVALID_INPUT", Some("supplierNumber")));
    assert!(twice.message.contains("BILL-000001"), "the first is named: {twice:?}");
    let at_once = (
        shop.owner().try_act("createBill", shop.bill("X"), "bill { id }"),
        shop.owner().try_act("createBill", shop.bill("X"), "bill { id }"),
    );
    let (one, two) = tokio::join!(at_once.0, at_once.1);
    let refused = [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).count();
    assert_eq!(refused, 1, "{} {}", one.text, two.text);

    let income =
        shop.owner().query(r"{ accounts(first: 100, filter: { role: { eq: REVENUE } }) { nodes { id } } }").await;
    let income = income["accounts"]["nodes"][0]["id"].clone();
    let cases = [
        ("/lines/0/accountId", income, "lines.0.accountId"),
        ("/lines/0/unitPrice", json!("-1"), "lines.0.unitPrice"),
        ("/lines/0/unitPrice", json!("0"), "lines"),
        ("/lines/0/description", json!("  "), "lines.0.description"),
        ("/lines", json!([]), "lines"),
        ("/currency", json!("USD"), "rate"),
        ("/dueDate", json!("2026-05-31"), "dueDate"),
        ("/creditsId", first["id"].clone(), "creditsId"),
        ("/supplierNumber", json!("ა".repeat(201)), "supplierNumber"),
    ];
    let before = shop.owner().query("{ bills { totalCount } journalEntries { totalCount } }").await;
    for (pointer, value, field) in cases {
        let mut input = shop.bill("Y");
        let (parent, name) = pointer.rsplit_once('/').expect("a path");
        *input.pointer_mut(parent).map(|parent| &mut parent[name]).expect("a place") = value;
        let error = shop.refused(input).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)), "{error:?}");
    }
    let after = shop.owner().query("{ bills { totalCount } journalEntries { totalCount } }").await;
    assert_eq!(before, after);
}

async fn bills_posted_at_once_have_numbers_without_gaps(server: &'static Server) {
    let shop = Shop::open(server).await;
    let mut drafts = Vec::new();
    for number in 0..12 {
        let draft = shop.owner().act("createBill", shop.bill(&format!("N{number}")), "bill { id }").await;
        drafts.push(draft["bill"]["id"].clone());
    }
    let posts = drafts.iter().map(|id| shop.owner().act("postBill", json!({ "id": id }), "bill { number }"));
    let mut numbers: Vec<String> =
        futures::future::join_all(posts).await.iter().map(|posted| text(&posted["bill"]["number"])).collect();
    numbers.sort();
    let wanted: Vec<String> = (1..=12).map(|number| format!("BILL-{number:06}")).collect();
    assert_eq!(numbers, wanted);
    let twice = shop.owner().refused("postBill", json!({ "id": drafts[0] })).await;
    assert_eq!(twice.code, "CONFLICT");
}

async fn what_comes_after_a_close_is_posted_on_the_first_open_day(server: &'static Server) {
    let shop = Shop::open(server).await;
    let (draft, paid) = (shop.bill("LATE"), Paid::new(&shop.tenant).await);
    let expense = paid.draft(json!({ "date": "2026-06-02" })).await;
    let early = shop.posted(shop.bill("EARLY")).await;
    shop.owner().act("closeBooks", json!({ "until": "2026-06-10" }), "tenant { closedUntil }").await;
    let bill = shop.posted(draft).await;
    assert_eq!(bill["journalEntry"]["date"], "2026-06-11");
    paid.member.act("submitExpense", json!({ "id": expense["id"], "version": 1 }), "__typename").await;
    let posted =
        shop.owner().act("postExpense", json!({ "id": expense["id"] }), "expense { date journalEntry { date } }").await;
    assert_eq!(posted["expense"], json!({ "date": "2026-06-02", "journalEntry": { "date": "2026-06-11" } }));
    let error = shop.owner().refused("voidBill", json!({ "id": early["id"], "date": "2026-06-10" })).await;
    assert_eq!(error.field.as_deref(), Some("date"), "a day that was said and is closed is refused");
    shop.owner().act("voidBill", json!({ "id": early["id"] }), "__typename").await;
}

async fn what_says_nothing_of_taxes_stays_in_a_month_that_is_declared(server: &'static Server) {
    let shop = Shop::open(server).await;
    shop.owner().act("setLockDates", json!({ "tax": "2026-06-10" }), "lockDates { tax }").await;
    let mut untaxed = shop.bill("UNTAXED");
    untaxed["lines"][0]["taxCodeId"] = Value::Null;
    assert_eq!(shop.posted(untaxed).await["journalEntry"]["date"], "2026-06-01");
    assert_eq!(shop.posted(shop.bill("TAXED")).await["journalEntry"]["date"], "2026-06-11");
    shop.owner().act("setLockDates", json!({ "subLedgers": "2026-06-12" }), "lockDates { tax }").await;
    let mut untaxed = shop.bill("LATER");
    untaxed["lines"][0]["taxCodeId"] = Value::Null;
    assert_eq!(shop.posted(untaxed).await["journalEntry"]["date"], "2026-06-13");
}

async fn bills_are_paid_and_what_is_credited_settles_them(server: &'static Server) {
    let shop = Shop::open(server).await;
    let owner = shop.owner();
    let bill = shop.posted(shop.bill("P-1")).await;
    let pay = |bill: &Value, amount: &str| {
        let part = json!([{ "billId": bill["id"], "amount": amount }]);
        let input = json!({ "direction": "OUT", "companyId": shop.supplier, "amount": amount, "allocations": part });
        owner.try_act("recordPayment", input, "payment { id }")
    };
    let over = pay(&bill, "118.01").await.error();
    assert_eq!(over.field.as_deref(), Some("allocations.0.amount"));
    let first = pay(&bill, "18.00").await.data()["recordPayment"]["payment"]["id"].clone();
    let shown = r"status due { amount } payments { amount { amount } payment { id } supplierCredit { number } }";
    let ask = async |id: &Value| {
        let document = format!("query($id: ID!) {{ bill(id: $id) {{ {shown} }} }}");
        owner.send(&document, json!({ "id": id })).await.data()["bill"].clone()
    };
    let partly = ask(&bill["id"]).await;
    assert_eq!((&partly["status"], &partly["due"]["amount"]), (&json!("PARTLY_PAID"), &json!("100.00")));
    assert_eq!(partly["payments"][0]["payment"]["id"], first);
    assert_eq!(owner.refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT", "something is paid");
    let note = json!({
        "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": shop.supplier, "date": "2026-06-10", "supplierNumber": "P-1/CN",
        "lines": [{ "description": "ფასდაკლება", "unitPrice": "40.00", "accountId": shop.rent }],
    });
    let note = shop.posted(note).await;
    assert_eq!((&note["status"], &note["due"]["amount"]), (&json!("PAID"), &json!("0.00")), "it is used up at once");
    let credited = ask(&bill["id"]).await;
    assert_eq!(credited["due"]["amount"], "60.00");
    let parts = credited["payments"].as_array().unwrap();
    assert!(parts.iter().any(|part| part["supplierCredit"]["number"] == note["number"]), "{credited}");
    pay(&bill, "60.00").await.data();
    assert_eq!(ask(&bill["id"]).await["status"], "PAID");
    owner.act("reversePayment", json!({ "id": first }), "__typename").await;
    let open = ask(&bill["id"]).await;
    assert_eq!((&open["status"], &open["due"]["amount"]), (&json!("PARTLY_PAID"), &json!("18.00")));
}

both!(
    a_bill_is_owed_once_it_is_posted,
    reverse_charge_owes_the_state_instead_of_the_supplier,
    credit_notes_never_credit_more_than_was_billed,
    a_bill_that_comes_twice_or_wrong_is_refused,
    bills_posted_at_once_have_numbers_without_gaps,
    what_comes_after_a_close_is_posted_on_the_first_open_day,
    what_says_nothing_of_taxes_stays_in_a_month_that_is_declared,
    bills_are_paid_and_what_is_credited_settles_them,
);
