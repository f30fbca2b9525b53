//! Documents: what is issued, paid, posted and reversed.

use futures::{StreamExt as _, stream};
use kamara_tests::{Caller, Server, Tenant, both};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::decimal;
use crate::books::{Books, text};

const INVOICE: &str = "invoice { id version number status net { amount currency } discount { amount } tax { amount } total { amount currency } paid { amount } due { amount }
    overdue payments { amount { amount } } journalEntry { seq total { amount } lines { debit credit account { role } party { id } seller { id } service { id } } } }";

async fn an_invoice_is_issued_paid_and_what_is_posted_is_reversed(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let lines = json!([
        { "serviceId": books.id("service"), "quantity": "3", "unitPrice": "33.333333", "discountPercent": "10", "taxCodeId": books.id("taxCode") },
        { "description": "By hand", "quantity": "1", "unitPrice": "0.05", "taxCodeId": null },
    ]);
    let draft =
        json!({ "companyId": books.id("company"), "date": "2026-06-01", "dueDate": "2026-06-10", "lines": lines });
    let draft = owner.act("createInvoice", draft, INVOICE).await["invoice"].clone();
    assert_eq!(
        (&draft["status"], &draft["number"], &draft["journalEntry"]),
        (&json!("DRAFT"), &Value::Null, &Value::Null)
    );
    // 3 × 33.333333 less 10% is 90.00 (half up, by the line), its tax 18% 16.20; and 0.05 without tax.
    assert_eq!(
        (draft["net"]["amount"].as_str(), draft["tax"]["amount"].as_str(), draft["total"]["amount"].as_str()),
        (Some("90.05"), Some("16.20"), Some("106.25"))
    );

    let issued =
        owner.act("issueInvoice", json!({ "id": draft["id"], "version": draft["version"] }), INVOICE).await["invoice"]
            .clone();
    assert_eq!((&issued["status"], &issued["overdue"]), (&json!("ISSUED"), &json!(true)));
    assert!(issued["number"].is_string());
    let entry = &issued["journalEntry"];
    let (mut debit, mut credit) = (Decimal::ZERO, Decimal::ZERO);
    for line in entry["lines"].as_array().unwrap() {
        debit += decimal(&line["debit"]);
        credit += decimal(&line["credit"]);
    }
    assert_eq!((debit, credit), ("106.25".parse().unwrap(), "106.25".parse().unwrap()));
    let receivable = entry["lines"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["account"]["role"] == "RECEIVABLE")
        .expect("the client owes it");
    assert_eq!(receivable["party"]["id"], books.id("company"));
    assert_eq!(
        owner.refused("issueInvoice", json!({ "id": draft["id"], "version": issued["version"] })).await.code,
        "CONFLICT"
    );
    assert_eq!(
        owner
            .refused("updateInvoice", json!({ "id": draft["id"], "version": issued["version"], "note": "x" }))
            .await
            .code,
        "CONFLICT"
    );
    assert_eq!(
        owner.refused("archiveInvoice", json!({ "id": draft["id"], "version": issued["version"] })).await.code,
        "CONFLICT"
    );

    let pay = |amount: &str| {
        json!({ "companyId": books.id("company"), "date": "2026-06-12", "amount": amount, "currency": "GEL",
                "allocations": [{ "invoiceId": draft["id"], "amount": amount }] })
    };
    let invoice = async || {
        owner
            .send(
                &format!("query($id: ID!) {{ {} }}", INVOICE.replacen("invoice", "invoice(id: $id)", 1)),
                json!({ "id": draft["id"] }),
            )
            .await
            .data()["invoice"]
            .clone()
    };
    let part = owner.act("recordPayment", pay("6.25"), "payment { id status unallocated { amount } }").await;
    let partly = invoice().await;
    assert_eq!((&partly["status"], &partly["due"]["amount"]), (&json!("PARTLY_PAID"), &json!("100.00")));
    let error = owner.refused("recordPayment", pay("100.01")).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("allocations.0.amount")));
    assert_eq!(
        owner.refused("voidInvoice", json!({ "id": draft["id"] })).await.code,
        "CONFLICT",
        "what is paid isn't voided"
    );
    owner.act("recordPayment", pay("100.00"), "payment { id }").await;
    let paid = invoice().await;
    assert_eq!(
        (&paid["status"], &paid["due"]["amount"], &paid["overdue"]),
        (&json!("PAID"), &json!("0.00"), &json!(false))
    );
    let reversed = owner.act("reversePayment", json!({ "id": part["payment"]["id"] }), "payment { status }").await;
    assert_eq!(reversed["payment"]["status"], "REVERSED");
    assert_eq!(owner.refused("reversePayment", json!({ "id": part["payment"]["id"] })).await.code, "CONFLICT");
    assert_eq!(invoice().await["due"]["amount"], "6.25");

    // Two payments at once never pay more than is due.
    let (one, two) = tokio::join!(
        owner.try_act("recordPayment", pay("6.25"), "payment { id }"),
        owner.try_act("recordPayment", pay("6.25"), "payment { id }")
    );
    let failed = [&one, &two].into_iter().filter(|answer| answer.try_error().is_some()).count();
    assert_eq!(failed, 1, "{} {}", one.text, two.text);
    balanced(owner).await;
}

async fn numbers_have_no_gaps_however_many_are_issued_at_once(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let mut drafts = Vec::new();
    for _ in 0..200 {
        drafts.push(books.input("issueInvoice").await.expect("a case"));
    }
    let issue = |draft| owner.try_act("issueInvoice", draft, "invoice { number journalEntry { seq } }");
    let answers: Vec<_> = stream::iter(drafts).map(issue).buffer_unordered(16).collect().await;
    let (mut numbers, mut seqs) = (Vec::new(), Vec::new());
    for answer in answers {
        let invoice = answer.data()["issueInvoice"]["invoice"].clone();
        let digits: String = text(&invoice["number"]).chars().filter(char::is_ascii_digit).collect();
        numbers.push(digits.parse::<u64>().unwrap());
        seqs.push(invoice["journalEntry"]["seq"].as_u64().unwrap());
    }
    for found in [&mut numbers, &mut seqs] {
        found.sort_unstable();
        assert!(found.windows(2).all(|pair| pair[1] == pair[0] + 1), "{found:?}");
    }
    // A refused one leaves no gap.
    let next = books.input("issueInvoice").await.expect("a case");
    owner.refused("issueInvoice", json!({ "id": next["id"], "version": 99 })).await;
    let issued = owner.act("issueInvoice", next, "invoice { number }").await;
    let digits: String = text(&issued["invoice"]["number"]).chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits.parse::<u64>().unwrap(), numbers[199] + 1);
}

async fn approved_time_posts_its_cost_against_labour_absorbed(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let entry = books.input("approveTimeEntry").await.expect("a case");
    let approved = owner
        .act("approveTimeEntry", entry, "timeEntry { id status version cost { amount currency } journalEntry { lines { debit credit account { role } employee { id } project { id } company { id } } } }")
        .await["timeEntry"]
        .clone();
    assert_eq!(approved["status"], "APPROVED");
    assert_eq!(approved["cost"], json!({ "amount": "225.00", "currency": "GEL" }), "7.5 hours at 30.00");
    let lines = approved["journalEntry"]["lines"].as_array().unwrap();
    let of = |role: &str| {
        lines
            .iter()
            .find(|line| line["account"]["role"] == role)
            .unwrap_or_else(|| panic!("no line on {role}: {lines:?}"))
    };
    assert_eq!(
        (of("LABOUR")["debit"].as_str(), of("LABOUR_ABSORBED")["credit"].as_str()),
        (Some("225.00"), Some("225.00"))
    );
    assert_eq!(of("LABOUR")["project"]["id"], books.id("project"));
    assert_eq!(of("LABOUR")["employee"]["id"], books.id("employee"));
    assert_eq!(
        owner
            .refused("updateTimeEntry", json!({ "id": approved["id"], "version": approved["version"], "hours": "8" }))
            .await
            .code,
        "CONFLICT"
    );
    let reversed = owner.act("reverseTimeEntry", json!({ "id": approved["id"] }), "timeEntry { status }").await;
    assert_eq!(reversed["timeEntry"]["status"], "REVERSED");
    balanced(owner).await;
}

async fn closed_books_take_nothing(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let mut inputs = Vec::new();
    for act in ["issueInvoice", "recordPayment", "recordExpense", "createJournalEntry", "voidInvoice", "reversePayment"]
    {
        inputs.push((act, books.input(act).await.expect("a case")));
    }
    let time = books.input("approveTimeEntry").await.expect("a case");
    let closed = owner.act("closeBooks", json!({ "until": "2026-06-14" }), "tenant { closedUntil }").await;
    assert_eq!(closed["tenant"]["closedUntil"], "2026-06-14");
    // What is approved late is posted on the first open day.
    let late = owner.act("approveTimeEntry", time, "timeEntry { date journalEntry { date serviceDate } }").await;
    let late = &late["timeEntry"];
    assert!(late["date"].as_str() < Some("2026-06-15"), "{late}");
    assert_eq!(late["journalEntry"], json!({ "date": "2026-06-15", "serviceDate": late["date"] }));
    for (act, mut input) in inputs {
        let reverses = act.starts_with("void") || act.starts_with("reverse");
        if reverses {
            input["date"] = json!("2026-06-13");
        }
        let error = owner.refused(act, input.clone()).await;
        assert!(["INVALID_INPUT", "CONFLICT"].contains(&error.code.as_str()), "{act}: {error:?}");
        if act == "voidInvoice" {
            // What lies in a closed period was told to others: it's credited, not voided.
            input["date"] = json!("2026-06-15");
            assert_eq!(owner.refused(act, input).await.code, "CONFLICT");
        } else if reverses {
            // Into an open period it's reversed as ever.
            input["date"] = json!("2026-06-15");
            owner.act(act, input, "__typename").await;
        }
    }
    let error = owner.refused("closeBooks", json!({ "until": "2026-06-16" })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("until")), "not into the future");
    // An earlier day reopens what lies between.
    let error = owner.refused("closeBooks", json!({ "until": "2026-05-31" })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("reason")));
    let reopening = json!({ "until": "2026-05-31", "reason": "A late bill" });
    owner.act("closeBooks", reopening, "tenant { closedUntil }").await;
    let input = books.input("createJournalEntry").await.expect("a case");
    owner.act("createJournalEntry", input, "__typename").await;
    balanced(owner).await;
}

async fn a_foreign_currency_is_kept_beside_the_base_amount(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let line = json!([{ "description": "Advice", "quantity": "1", "unitPrice": "100.00", "taxCodeId": null }]);
    let mut draft = json!({ "companyId": books.id("company"), "date": "2026-06-01", "currency": "USD", "lines": line });
    let error = owner.refused("createInvoice", draft.clone()).await;
    assert_eq!(
        (error.code.as_str(), error.field.as_deref()),
        ("INVALID_INPUT", Some("rate")),
        "another currency needs a rate"
    );
    draft["rate"] = json!("2.705");
    let made = owner.create("invoice", draft, "id version total { amount currency }").await;
    assert_eq!(made["total"], json!({ "amount": "100.00", "currency": "USD" }));
    let issued = owner
        .act(
            "issueInvoice",
            json!({ "id": made["id"], "version": made["version"] }),
            "invoice { journalEntry { lines { debit credit amount { amount currency } rate } } }",
        )
        .await;
    let lines = issued["invoice"]["journalEntry"]["lines"].as_array().unwrap();
    assert_eq!(
        lines[0],
        json!({ "debit": "270.50", "credit": "0.00", "amount": { "amount": "100.00", "currency": "USD" }, "rate": "2.705" })
    );
    // Paid at another rate, the difference is posted and the receivable is settled to the tetri.
    let payment = json!({ "companyId": books.id("company"), "date": "2026-06-12", "amount": "100.00", "currency": "USD", "rate": "2.80",
        "allocations": [{ "invoiceId": made["id"], "amount": "100.00" }] });
    let paid = owner
        .act("recordPayment", payment, "payment { journalEntry { lines { debit credit account { role } } } }")
        .await;
    let lines = paid["payment"]["journalEntry"]["lines"].as_array().unwrap();
    let of = |role: &str| {
        lines
            .iter()
            .filter(|line| line["account"]["role"] == role)
            .map(|line| decimal(&line["debit"]) - decimal(&line["credit"]))
            .sum::<Decimal>()
    };
    assert_eq!(
        (of("RECEIVABLE").to_string(), of("EXCHANGE_DIFFERENCE").to_string(), of("BANK").to_string()),
        ("-270.50".into(), "-9.50".into(), "280.00".into())
    );
    balanced(owner).await;
}

/// The trial balance: all accounts together are zero, and debits equal credits in each entry.
async fn balanced(owner: &Caller<'_>) {
    let data = owner.query("{ journalEntries(first: 100) { nodes { seq lines { debit credit } } } }").await;
    for entry in data["journalEntries"]["nodes"].as_array().unwrap() {
        let lines = entry["lines"].as_array().unwrap();
        let net: Decimal = lines.iter().map(|line| decimal(&line["debit"]) - decimal(&line["credit"])).sum();
        assert!(net.is_zero() && lines.len() >= 2, "{entry}");
    }
}

both!(
    an_invoice_is_issued_paid_and_what_is_posted_is_reversed,
    numbers_have_no_gaps_however_many_are_issued_at_once,
    approved_time_posts_its_cost_against_labour_absorbed,
    closed_books_take_nothing,
    a_foreign_currency_is_kept_beside_the_base_amount,
);
