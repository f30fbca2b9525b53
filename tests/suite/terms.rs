//! When invoices are to be paid, and when they come again.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, with},
};

const SHOWN: &str = "id version number status date dueDate overdue total { amount } due { amount }
    instalments { dueDate amount { amount currency } due { amount } overdue }";

/// What is given of an invoice without tax.
fn input(firm: &Firm<'_>, date: &str, price: &str, more: Value) -> Value {
    let line = json!({ "description": "Audit", "quantity": "1", "unitPrice": price, "taxCodeId": null });
    with(json!({ "companyId": firm.client, "date": date, "lines": [line] }), more)
}

fn instalments(parts: &Value) -> Value {
    json!({ "terms": { "instalments": parts } })
}

async fn draft(firm: &Firm<'_>, date: &str, price: &str, more: Value) -> Value {
    firm.owner().create("invoice", input(firm, date, price, more), SHOWN).await
}

async fn issued(firm: &Firm<'_>, date: &str, price: &str, more: Value) -> Value {
    let draft = draft(firm, date, price, more).await;
    let act = firm.owner().act("issueInvoice", json!({ "id": draft["id"] }), &format!("invoice {{ {SHOWN} }}")).await;
    act["invoice"].clone()
}

async fn again(owner: &Caller<'_>, invoice: &Value) -> Value {
    let document = format!("query($id: ID!) {{ invoice(id: $id) {{ {SHOWN} }} }}");
    owner.send(&document, json!({ "id": invoice["id"] })).await.data()["invoice"].clone()
}

async fn changed(firm: &Firm<'_>, before: &Value, change: Value) -> Value {
    let mut input = json!({ "id": before["id"], "version": before["version"] });
    input.as_object_mut().expect("an input").extend(change.as_object().expect("fields").clone());
    firm.owner().act("updateInvoice", input, &format!("invoice {{ {SHOWN} }}")).await["invoice"].clone()
}

/// Days and amounts, as `2026-03-01 100.00`.
fn parts(invoice: &Value) -> Vec<String> {
    let part = |part: &Value| format!("{} {}", text(&part["dueDate"]), text(&part["amount"]["amount"]));
    invoice["instalments"].as_array().expect("instalments").iter().map(part).collect()
}

/// What is open of each instalment.
fn open(invoice: &Value) -> Vec<String> {
    let part = |part: &Value| text(&part["due"]["amount"]);
    invoice["instalments"].as_array().expect("instalments").iter().map(part).collect()
}

async fn an_invoice_is_paid_in_parts_that_lose_no_unit(server: &'static Server) {
    let firm = Firm::open(server).await;
    let thirds = json!([
        { "days": 0, "percent": "33.333333" }, { "months": 1, "percent": "33.333333" },
        { "months": 1, "endOfMonth": true, "days": 10 },
    ]);
    for (currency, rate, price, expected) in [
        ("GEL", Value::Null, "100.00", ["33.33", "33.33", "33.34"]),
        ("JPY", json!("0.018"), "1000", ["333", "333", "334"]),
        ("KWD", json!("8.8"), "1.000", ["0.333", "0.333", "0.334"]),
    ] {
        let mut more = instalments(&thirds);
        more["currency"] = json!(currency);
        if !rate.is_null() {
            more["rate"] = rate;
        }
        let made = draft(&firm, "2026-01-31", price, more).await;
        let days = ["2026-01-31", "2026-02-28", "2026-03-10"];
        let expected: Vec<String> = days.iter().zip(expected).map(|(day, amount)| format!("{day} {amount}")).collect();
        assert_eq!(parts(&made), expected, "{currency}");
        assert_eq!(made["dueDate"], "2026-03-10", "the invoice is due with its last part");
        assert_eq!(made["instalments"][0]["amount"]["currency"], currency);
        let nothing = ["0.00", "0", "0.000"].map(ToOwned::to_owned);
        assert!(open(&made).iter().all(|due| nothing.contains(due)), "nothing is due of a draft");
    }
    let fixed = json!([{ "date": "2026-02-10", "amount": "60.00" }, { "days": 30, "amount": "40.00" }]);
    let made = draft(&firm, "2026-01-31", "100.00", instalments(&fixed)).await;
    assert_eq!(parts(&made), ["2026-02-10 60.00", "2026-03-02 40.00"]);
    // One part is none, and the old ways go on.
    let made = draft(&firm, "2026-01-31", "100.00", instalments(&json!([{ "days": 7, "percent": "100" }]))).await;
    assert_eq!((parts(&made), &made["dueDate"]), (vec![], &json!("2026-02-07")));
    let made = draft(&firm, "2026-01-31", "100.00", json!({ "terms": { "days": 14 } })).await;
    assert_eq!((parts(&made), &made["dueDate"]), (vec![], &json!("2026-02-14")));
}

async fn what_is_wrong_with_terms_is_named(server: &'static Server) {
    let firm = Firm::open(server).await;
    let half = |days: i32| json!({ "days": days, "percent": "50" });
    let cases = [
        (json!({ "days": 14, "instalments": [half(1), half(2)] }), "terms"),
        (json!({}), "terms"),
        (json!({ "days": -1 }), "terms.days"),
        (json!({ "instalments": [] }), "terms.instalments"),
        (json!({ "instalments": [half(1), { "days": 2, "percent": "49" }] }), "terms.instalments.1.percent"),
        (json!({ "instalments": [half(1), { "days": 2, "amount": "50.01" }] }), "terms.instalments.1.amount"),
        (json!({ "instalments": [{ "days": 1 }, half(2)] }), "terms.instalments.0.percent"),
        (
            json!({ "instalments": [half(1), { "days": 2, "amount": "50", "percent": "50" }] }),
            "terms.instalments.1.amount",
        ),
        (json!({ "instalments": [half(1), { "percent": "50" }] }), "terms.instalments.1.days"),
        (json!({ "instalments": [half(1), { "date": "2026-03-01", "days": 3 }] }), "terms.instalments.1.date"),
        (json!({ "instalments": [half(2), half(1)] }), "terms.instalments.1.days"),
        (json!({ "instalments": [half(-1), half(1)] }), "terms.instalments.0.days"),
        (json!({ "instalments": [{ "date": "2026-01-30", "percent": "50" }, half(1)] }), "terms.instalments.0.date"),
    ];
    for (terms, field) in cases {
        let error = firm
            .owner()
            .refused("createInvoice", input(&firm, "2026-01-31", "100.00", json!({ "terms": terms })))
            .await;
        assert_eq!(
            (error.code.as_str(), error.field.as_deref()),
            ("INVALID_INPUT", Some(field)),
            "{terms}: {}",
            error.message
        );
    }
    let both = json!({ "dueDate": "2026-03-01", "terms": { "instalments": [half(1), half(2)] } });
    let error = firm.owner().refused("createInvoice", input(&firm, "2026-01-31", "100.00", both)).await;
    assert_eq!(error.field.as_deref(), Some("terms"));
}

async fn instalments_move_with_a_drafts_date_and_total(server: &'static Server) {
    let firm = Firm::open(server).await;
    let terms = instalments(&json!([{ "days": 10, "percent": "40" }, { "days": 40 }]));
    let made = draft(&firm, "2026-02-01", "100.00", terms).await;
    assert_eq!(parts(&made), ["2026-02-11 40.00", "2026-03-13 60.00"]);
    let later = changed(&firm, &made, json!({ "date": "2026-02-03" })).await;
    assert_eq!(
        (parts(&later), &later["dueDate"]),
        (vec!["2026-02-13 40.00".into(), "2026-03-15 60.00".into()], &json!("2026-03-15"))
    );
    let cheaper = changed(&firm, &later, json!({ "discountPercent": "10.01" })).await;
    assert_eq!(parts(&cheaper), ["2026-02-13 36.00", "2026-03-15 53.99"]);
    let line = json!({ "description": "Audit", "quantity": "2", "unitPrice": "100.00", "taxCodeId": null });
    let dearer = changed(&firm, &cheaper, json!({ "discountPercent": "0", "lines": [line] })).await;
    assert_eq!(parts(&dearer), ["2026-02-13 80.01", "2026-03-15 119.99"]);
    let noted = changed(&firm, &dearer, json!({ "note": "As agreed" })).await;
    assert_eq!(parts(&noted), parts(&dearer), "what has nothing to do with it leaves them");
    let other = instalments(&json!([{ "days": 0, "amount": "50" }, { "days": 5, "percent": "50" }, { "days": 9 }]));
    let other = changed(&firm, &noted, other).await;
    assert_eq!(parts(&other), ["2026-02-03 50.00", "2026-02-08 100.00", "2026-02-12 50.00"]);
    let once = changed(&firm, &other, json!({ "dueDate": "2026-03-01" })).await;
    assert_eq!((parts(&once), &once["dueDate"]), (vec![], &json!("2026-03-01")));
}

async fn what_follows_from_a_drafts_day_moves_with_it(server: &'static Server) {
    let firm = Firm::open(server).await;
    for (day, rate) in [("2026-03-01", "2.70"), ("2026-04-01", "2.80")] {
        let rate = json!({ "currency": "USD", "date": day, "rate": rate });
        firm.owner().act("setExchangeRate", rate, "__typename").await;
    }
    let moved = async |more: Value| {
        let before = draft(&firm, "2026-03-01", "100", with(json!({ "currency": "USD" }), more)).await;
        let input = json!({ "id": before["id"], "version": before["version"], "date": "2026-04-01" });
        let after = firm.owner().act("updateInvoice", input, "invoice { dueDate rate }").await;
        (text(&after["invoice"]["dueDate"]), text(&after["invoice"]["rate"]))
    };
    let (due, rate) = moved(json!({ "terms": { "days": 14 } })).await;
    assert_eq!((due.as_str(), rate.as_str()), ("2026-04-15", "2.8"));
    let (_, rate) = moved(json!({ "rate": "2.75" })).await;
    assert_eq!(rate, "2.75", "what somebody said stays");
}

async fn what_is_paid_counts_against_the_earliest_instalment(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    // Today is the 15th of June.
    let terms = instalments(&json!([
        { "date": "2026-04-01", "percent": "33.33" }, { "date": "2026-06-01", "percent": "33.33" }, { "date": "2026-08-01" },
    ]));
    let invoice = issued(&firm, "2026-03-01", "300.00", terms.clone()).await;
    assert_eq!(parts(&invoice), ["2026-04-01 99.99", "2026-06-01 99.99", "2026-08-01 100.02"]);
    assert_eq!(
        (&invoice["overdue"], open(&invoice)),
        (&json!(true), vec!["99.99".into(), "99.99".into(), "100.02".into()])
    );
    let plain = issued(&firm, "2026-03-01", "10.00", json!({ "dueDate": "2026-08-01" })).await;
    let late = async || {
        let ask = "{ late: invoices(filter: { overdue: true }) { totalCount nodes { id overdue } }
                     rest: invoices(filter: { overdue: false }) { totalCount nodes { id overdue } } }";
        let shown = owner.query(ask).await;
        for (part, expected) in [("late", true), ("rest", false)] {
            let nodes = shown[part]["nodes"].as_array().expect("nodes");
            assert!(nodes.iter().all(|node| node["overdue"] == expected), "{part}: {nodes:?}");
        }
        assert_eq!(shown["late"]["totalCount"].as_i64().unwrap() + shown["rest"]["totalCount"].as_i64().unwrap(), 2);
        shown["late"]["nodes"].as_array().expect("nodes").iter().map(|node| text(&node["id"])).collect::<Vec<_>>()
    };
    assert_eq!(late().await, [text(&invoice["id"])]);
    let pay = async |amount: &str| {
        let allocations = json!([{ "invoiceId": invoice["id"], "amount": amount }]);
        let input =
            json!({ "companyId": firm.client, "date": "2026-06-02", "amount": amount, "allocations": allocations });
        owner.act("recordPayment", input, "__typename").await;
        again(owner, &invoice).await
    };
    let partly = pay("150.00").await;
    assert_eq!(
        (open(&partly), &partly["overdue"]),
        (vec!["0.00".into(), "49.98".into(), "100.02".into()], &json!(true))
    );
    let late_parts: Vec<bool> =
        partly["instalments"].as_array().unwrap().iter().map(|part| part["overdue"] == true).collect();
    assert_eq!(late_parts, [false, true, false]);
    // Of what is open, the second part is fourteen days late, and the third is to come; so is the plain one.
    let aged = firm.aged("2026-06-15").await;
    let row = &aged["rows"][0];
    assert_eq!(
        (&row["current"], &row["days1To30"], &row["days31To60"], &row["total"]),
        (&json!("110.02"), &json!("49.98"), &json!("0.00"), &json!("160.00"))
    );
    firm.ties("2026-06-15").await;
    let flow = owner
        .query(r#"{ reports { cashFlow(from: "2026-06-01", to: "2026-08-31", interval: MONTH) { rows { kind from inflow } } } }"#)
        .await;
    let rows = flow["reports"]["cashFlow"]["rows"].as_array().expect("rows");
    let inflow = |kind: &str, from: Value| {
        let row = rows.iter().find(|row| row["kind"] == kind && (from.is_null() || row["from"] == from));
        text(&row.unwrap_or_else(|| panic!("no {kind} {from}: {rows:?}"))["inflow"])
    };
    assert_eq!(inflow("OVERDUE", Value::Null), "49.98");
    assert_eq!(inflow("FORECAST", json!("2026-08-01")), "110.02");
    let current = pay("49.98").await;
    assert_eq!(
        (open(&current), &current["overdue"]),
        (vec!["0.00".into(), "0.00".into(), "100.02".into()], &json!(false))
    );
    assert_eq!(late().await, Vec::<String>::new());
    let ask = r#"{ invoices(filter: { dueDate: { gte: "2026-06-01", lte: "2026-06-30" } }) { nodes { id } } }"#;
    assert_eq!(
        owner.query(ask).await["invoices"]["nodes"],
        json!([{ "id": invoice["id"] }]),
        "by an instalment's day too"
    );
    // A credit note has none of its own.
    let note =
        owner.act("createCreditNote", json!({ "invoiceId": plain["id"] }), &format!("creditNote {{ {SHOWN} }}")).await;
    assert_eq!(parts(&note["creditNote"]), Vec::<String>::new());
    let note = owner
        .act("createCreditNote", json!({ "invoiceId": invoice["id"] }), &format!("creditNote {{ {SHOWN} }}"))
        .await;
    assert_eq!(parts(&note["creditNote"]), Vec::<String>::new());
}

async fn instalments_of_a_foreign_currency_are_owed_to_the_last_unit_of_the_books(server: &'static Server) {
    let firm = Firm::open(server).await;
    let mut more = instalments(&json!([
        { "date": "2026-03-01", "percent": "33.33" }, { "date": "2026-05-01", "percent": "33.33" }, { "date": "2026-08-01" },
    ]));
    more["currency"] = json!("USD");
    more["rate"] = json!("2.70513");
    issued(&firm, "2026-02-01", "100.01", more).await;
    let row = firm.aged("2026-06-15").await["rows"][0].clone();
    // 270.54 in all: by 33.33, 33.33 and 33.35 of 100.01.
    assert_eq!(
        (&row["over90"], &row["days31To60"], &row["current"], &row["total"]),
        (&json!("90.16"), &json!("90.16"), &json!("90.22"), &json!("270.54"))
    );
    firm.ties("2026-06-15").await;
}

// --- what comes again ---

const RECURRING: &str = "id version unit every startDate nextDate endDate finished made archivedAt like { id }
    company { id } invoices(first: 10) { totalCount nodes { id date } }";

async fn repeat(firm: &Firm<'_>, like: &Value, more: Value) -> Value {
    let mut input = json!({ "likeId": like["id"], "unit": "MONTH" });
    input.as_object_mut().expect("an input").extend(more.as_object().expect("fields").clone());
    firm.owner().create("recurringInvoice", input, RECURRING).await
}

const MADE: &str = "id status date dueDate note currency rate discountPercent total { amount } recurringInvoice { id }
    instalments { dueDate amount { amount currency } due { amount } overdue } seller { id } deal { id } department { id }
    lines { description quantity unitPrice discountPercent net { amount } tax { amount } taxes { taxCode { id } }
        costCentre { id } costCentreSplits { percent costCentre { id } } project { id } }";

async fn make(owner: &Caller<'_>, recurring: &Value) -> (Value, Value) {
    let selection = format!("invoice {{ {MADE} }} recurringInvoice {{ {RECURRING} }}");
    let made = owner.act("makeRecurringInvoice", json!({ "id": recurring["id"] }), &selection).await;
    (made["invoice"].clone(), made["recurringInvoice"].clone())
}

async fn each_is_like_the_invoice_that_comes_again(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let mut centres = Vec::new();
    for name in ["Tbilisi", "Batumi"] {
        centres.push(owner.created("costCentre", json!({ "name": name })).await);
    }
    let project = owner.created("project", json!({ "name": "Support", "companyId": firm.client })).await;
    let department = owner.created("department", json!({ "name": "Service" })).await;
    for (date, rate) in [("2026-01-31", "2.70"), ("2026-02-28", "2.75"), ("2026-03-31", "2.80")] {
        owner.act("setExchangeRate", json!({ "currency": "USD", "date": date, "rate": rate }), "__typename").await;
    }
    let splits =
        json!([{ "costCentreId": centres[0], "percent": "60" }, { "costCentreId": centres[1], "percent": "40" }]);
    let support = json!({ "description": "Support", "quantity": "2.5", "unitPrice": "33.333333", "discountPercent": "5",
        "taxCodeIds": [firm.vat], "costCentreSplits": splits, "projectId": project });
    let monthly = json!({
        "companyId": firm.client, "date": "2026-01-31", "currency": "USD", "note": "By contract", "departmentId": department,
        "discountPercent": "1", "lines": [support, { "description": "Post", "quantity": "1", "unitPrice": "4", "taxCodeId": null }],
        "terms": { "instalments": [{ "days": 10, "percent": "50" }, { "days": 30 }] },
    });
    let like = owner.create("invoice", monthly, MADE).await;
    owner.act("issueInvoice", json!({ "id": like["id"] }), "__typename").await;
    let recurring = repeat(&firm, &like, json!({})).await;
    assert_eq!((&recurring["startDate"], &recurring["nextDate"]), (&json!("2026-01-31"), &json!("2026-02-28")));
    assert_eq!(
        (&recurring["every"], &recurring["made"], &recurring["finished"]),
        (&json!(1), &json!(0), &json!(false))
    );
    let (first, recurring) = make(owner, &recurring).await;
    assert_eq!((&first["status"], &first["date"]), (&json!("DRAFT"), &json!("2026-02-28")));
    assert_eq!(
        (&first["rate"], &first["recurringInvoice"]["id"]),
        (&json!("2.75"), &recurring["id"]),
        "that day's rate"
    );
    for field in ["note", "currency", "discountPercent", "total", "seller", "deal", "department", "lines"] {
        assert_eq!(first[field], like[field], "{field}");
    }
    let days = |invoice: &Value| parts(invoice).iter().map(|part| part[..10].to_owned()).collect::<Vec<_>>();
    assert_eq!(days(&like), ["2026-02-10", "2026-03-02"]);
    assert_eq!(
        (days(&first), &first["dueDate"]),
        (vec!["2026-03-10".into(), "2026-03-30".into()], &json!("2026-03-30"))
    );
    assert_eq!((&recurring["nextDate"], &recurring["made"]), (&json!("2026-03-31"), &json!(1)));
    let (second, recurring) = make(owner, &recurring).await;
    assert_eq!((&second["date"], &second["rate"]), (&json!("2026-03-31"), &json!("2.8")));
    assert_eq!((&recurring["nextDate"], &recurring["made"]), (&json!("2026-04-30"), &json!(2)));
    let made = &recurring["invoices"];
    assert_eq!(
        (&made["totalCount"], &made["nodes"][0]["id"], &made["nodes"][1]["id"]),
        (&json!(2), &second["id"], &first["id"])
    );
    let filter = json!({ "recurringInvoiceId": { "eq": recurring["id"] } });
    let ask = "query($filter: InvoiceFilter!) { invoices(filter: $filter) { totalCount } }";
    assert_eq!(owner.send(ask, json!({ "filter": filter })).await.data()["invoices"]["totalCount"], 2);
    // A draft is changed like any other, and stays one of those that were made.
    let dated = json!({ "id": first["id"], "version": 1, "date": "2026-03-01" });
    let dated = owner.act("updateInvoice", dated, &format!("invoice {{ {MADE} }}")).await["invoice"].clone();
    assert_eq!(
        (days(&dated), &dated["recurringInvoice"]["id"]),
        (vec!["2026-03-11".into(), "2026-03-31".into()], &recurring["id"])
    );
    // What is made is issued, and books like any other.
    owner.act("issueInvoice", json!({ "id": second["id"] }), "__typename").await;
    let at_a_rate = json!({ "id": recurring["id"], "rate": "3.1" });
    let third = owner.act("makeRecurringInvoice", at_a_rate, "invoice { date rate }").await;
    assert_eq!(third["invoice"], json!({ "date": "2026-04-30", "rate": "3.1" }));
    let in_euro = draft(&firm, "2026-01-31", "10.00", json!({ "currency": "EUR", "rate": "3" })).await;
    let in_euro = repeat(&firm, &in_euro, json!({})).await;
    let error = owner.refused("makeRecurringInvoice", json!({ "id": in_euro["id"] })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("rate")), "no rate is known");
    firm.ties("2026-06-15").await;
}

async fn what_comes_again_ends_and_is_made_once(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let like = draft(&firm, "2026-01-15", "100.00", json!({ "dueDate": "2026-01-25" })).await;
    let given = json!({ "unit": "WEEK", "every": 2, "startDate": "2026-02-02", "endDate": "2026-03-02" });
    let recurring = repeat(&firm, &like, given).await;
    assert_eq!((&recurring["startDate"], &recurring["nextDate"]), (&json!("2026-02-02"), &json!("2026-02-02")));
    // Two at once, who both read the same version, make one.
    let same = json!({ "id": recurring["id"], "version": recurring["version"] });
    let (one, two) = tokio::join!(
        owner.try_act("makeRecurringInvoice", same.clone(), "invoice { date dueDate }"),
        owner.try_act("makeRecurringInvoice", same, "invoice { date dueDate }")
    );
    let refused: Vec<_> = [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).collect();
    assert_eq!(
        refused.iter().map(|error| error.code.as_str()).collect::<Vec<_>>(),
        ["CONFLICT"],
        "{} {}",
        one.text,
        two.text
    );
    let made = [one, two].into_iter().find(|answer| answer.try_error().is_none()).expect("one is made").data();
    let invoice = &made["makeRecurringInvoice"]["invoice"];
    assert_eq!((&invoice["date"], &invoice["dueDate"]), (&json!("2026-02-02"), &json!("2026-02-12")));
    let (_, recurring) = make(owner, &recurring).await;
    let (last, recurring) = make(owner, &recurring).await;
    assert_eq!(
        (&last["date"], &recurring["finished"], &recurring["made"]),
        (&json!("2026-03-02"), &json!(true), &json!(3))
    );
    let error = owner.refused("makeRecurringInvoice", json!({ "id": recurring["id"] })).await;
    assert_eq!(error.code, "CONFLICT");
    assert!(error.message.contains("2026-03-02"), "{}", error.message);
    // It goes on when the end is later, and in another rhythm from the next date on.
    let change = json!({ "id": recurring["id"], "version": recurring["version"], "endDate": null, "unit": "QUARTER", "every": 1, "nextDate": "2026-05-31" });
    let selection = format!("recurringInvoice {{ {RECURRING} }}");
    let recurring = owner.act("updateRecurringInvoice", change, &selection).await["recurringInvoice"].clone();
    assert_eq!(
        (&recurring["finished"], &recurring["startDate"], &recurring["made"]),
        (&json!(false), &json!("2026-05-31"), &json!(3))
    );
    let (fourth, recurring) = make(owner, &recurring).await;
    assert_eq!((&fourth["date"], &recurring["nextDate"]), (&json!("2026-05-31"), &json!("2026-08-31")));
    // Nothing comes of what is archived, nor of what is like a void invoice.
    let by_version = json!({ "id": recurring["id"], "version": recurring["version"] });
    let archived = owner.act("archiveRecurringInvoice", by_version, &selection).await["recurringInvoice"].clone();
    assert_eq!(owner.refused("makeRecurringInvoice", json!({ "id": recurring["id"] })).await.code, "CONFLICT");
    let listed = owner
        .query("{ recurringInvoices { totalCount } all: recurringInvoices(filter: { archived: true }) { totalCount } }")
        .await;
    assert_eq!((&listed["recurringInvoices"]["totalCount"], &listed["all"]["totalCount"]), (&json!(0), &json!(1)));
    let by_version = json!({ "id": archived["id"], "version": archived["version"] });
    owner.act("restoreRecurringInvoice", by_version, &selection).await;
    owner.act("issueInvoice", json!({ "id": like["id"] }), "__typename").await;
    owner.act("voidInvoice", json!({ "id": like["id"] }), "__typename").await;
    let error = owner.refused("makeRecurringInvoice", json!({ "id": recurring["id"] })).await;
    assert_eq!(error.code, "CONFLICT", "{}", error.message);
    let error = owner.refused("createRecurringInvoice", json!({ "likeId": like["id"], "unit": "YEAR" })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("likeId")));
}

both!(
    an_invoice_is_paid_in_parts_that_lose_no_unit,
    what_is_wrong_with_terms_is_named,
    instalments_move_with_a_drafts_date_and_total,
    what_follows_from_a_drafts_day_moves_with_it,
    what_is_paid_counts_against_the_earliest_instalment,
    instalments_of_a_foreign_currency_are_owed_to_the_last_unit_of_the_books,
    each_is_like_the_invoice_that_comes_again,
    what_comes_again_ends_and_is_made_once,
);
