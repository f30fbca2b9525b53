//! The life of records: made, read, listed, changed, archived; and the life of documents, which post.

use std::collections::BTreeSet;

use futures::{StreamExt as _, stream};
use kamara_tests::{Caller, Kind, Schema, Server, Tenant, both};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::books::{Books, KINDS, text};

fn capital(kind: &str) -> String {
    format!("{}{}", kind[..1].to_uppercase(), &kind[1..])
}

fn decimal(value: &Value) -> Decimal {
    text(value).parse().expect("a decimal")
}

async fn every_kind_of_record_lives_the_same_life(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let owner = &books.tenant.owner;
    let schema = Schema::ask(owner).await;
    for kind in KINDS.into_iter().chain(["timeEntry"]) {
        let selection = format!("{kind} {{ id version archivedAt createdAt updatedAt }}");
        let act = |verb: &str| format!("{verb}{}", capital(kind));
        let input = books.input(&act("create")).await.expect("a case");
        let made = owner.act(&act("create"), input, &selection).await[kind].clone();
        assert_eq!((&made["version"], &made["archivedAt"]), (&json!(1), &Value::Null), "{kind}");
        let at = |version: i64| json!({ "id": made["id"], "version": version });

        // A change of nothing but what is said leaves the rest; a stale one is told so.
        let updatable = schema.input(&format!("Update{}Input", capital(kind)));
        let (field, value) = match updatable
            .iter()
            .map(|field| field.name.as_str())
            .find(|name| ["name", "note", "description", "words"].contains(name))
        {
            Some(field) => (field, format!("{} changed {kind}", books.marker())),
            None => panic!("nothing to change of a {kind}"),
        };
        let mut change = at(1);
        change[field] = json!(value);
        let changed = owner.act(&act("update"), change.clone(), &format!("{kind} {{ id version {field} }}")).await;
        assert_eq!((&changed[kind]["version"], &changed[kind][field]), (&json!(2), &json!(value)), "{kind}");
        let stale = owner.refused(&act("update"), change).await;
        assert_eq!(stale.code, "CONFLICT", "{kind}: {stale:?}");
        assert_eq!(owner.refused(&act("archive"), at(1)).await.code, "CONFLICT", "{kind}");

        let archived = owner.act(&act("archive"), at(2), &selection).await;
        assert!(archived[kind]["archivedAt"].is_string() && archived[kind]["version"] == 3, "{kind}: {archived}");
        let mut late = at(3);
        late[field] = json!("too late");
        assert_eq!(owner.refused(&act("update"), late).await.code, "CONFLICT", "an archived {kind} isn't changed");
        let again = owner.act(&act("archive"), at(3), &selection).await;
        assert_eq!(again[kind], archived[kind], "archiving again changes nothing");
        if kind != "stage" {
            let list = schema
                .queries()
                .iter()
                .find(|query| query.of.name == format!("{}Connection", capital(kind)))
                .expect("a list");
            let shown = async |archived: &str| {
                let document = format!("{{ {}(first: 100{archived}) {{ nodes {{ id }} }} }}", list.name);
                owner.query(&document).await.to_string().contains(&text(&made["id"]))
            };
            assert!(!shown("").await, "an archived {kind} isn't listed");
            assert!(shown(", filter: { archived: true }").await, "an archived {kind} is listed on demand");
            let one = owner
                .send(&format!("query($id: ID!) {{ {kind}(id: $id) {{ archivedAt }} }}"), json!({ "id": made["id"] }))
                .await;
            assert!(one.data()[kind]["archivedAt"].is_string(), "an archived {kind} can still be read");
        }
        let restored = owner.act(&act("restore"), at(3), &selection).await;
        assert_eq!((&restored[kind]["version"], &restored[kind]["archivedAt"]), (&json!(4), &Value::Null), "{kind}");
        let again = owner.act(&act("restore"), at(4), &selection).await;
        assert_eq!(again[kind], restored[kind], "restoring again changes nothing");
    }
}

async fn null_empties_a_field_and_absence_leaves_it(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let input = json!({ "name": "Ana", "isClient": true, "city": "Tbilisi", "phone": "+995 32 2", "country": "GE" });
    let company = owner.create("company", input, "id version").await;
    let changed = owner
        .act(
            "updateCompany",
            json!({ "id": company["id"], "version": 1, "city": null }),
            "company { name city phone country isClient version }",
        )
        .await;
    assert_eq!(
        changed["company"],
        json!({ "name": "Ana", "city": null, "phone": "+995 32 2", "country": "GE", "isClient": true, "version": 2 })
    );
}

async fn of_two_changes_at_once_one_is_told_of_the_other(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let company = tenant.owner.created("company", json!({ "name": "Ana", "isClient": true })).await;
    let change = |name: &str| {
        tenant.owner.try_act(
            "updateCompany",
            json!({ "id": company, "version": 1, "name": name }),
            "company { version }",
        )
    };
    let (one, two) = tokio::join!(change("Beka"), change("Gio"));
    let errors: Vec<String> =
        [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).map(|error| error.code).collect();
    assert_eq!(errors, ["CONFLICT"], "{} {}", one.text, two.text);
}

async fn lists_are_paged_without_gaps_or_repeats(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let mut made = BTreeSet::new();
    // Many of one name and many without a code, so that order rests on the id and on nulls too.
    for number in 0..23 {
        let code = (number % 3 == 0).then(|| format!("C{:02}", number % 7));
        let input = json!({ "name": format!("Company {}", number % 4), "isClient": true, "code": code, "city": if number % 2 == 0 { "Tbilisi" } else { "Batumi" } });
        made.insert(owner.created("company", input).await);
    }
    let schema = Schema::ask(owner).await;
    for field in schema.values("CompanyOrderField") {
        for direction in ["ASC", "DESC"] {
            let (mut seen, mut after, mut pages) = (Vec::new(), Value::Null, 0);
            loop {
                let document = format!(
                    "query($after: String) {{ companies(first: 5, after: $after, orderBy: {{ field: {field}, direction: {direction} }}) {{
                        totalCount edges {{ cursor node {{ id name code }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
                );
                let page = owner.send(&document, json!({ "after": after })).await.data()["companies"].clone();
                assert_eq!(page["totalCount"], 23);
                let edges = page["edges"].as_array().unwrap();
                seen.extend(edges.iter().map(|edge| edge["node"].clone()));
                assert_eq!(page["pageInfo"]["endCursor"], edges.last().unwrap()["cursor"]);
                after = page["pageInfo"]["endCursor"].clone();
                pages += 1;
                if pages == 2 {
                    // What comes in between must not make rows come twice or go missing.
                    let extra = owner
                        .create("company", json!({ "name": "AAA", "isClient": true, "code": "A" }), "id version")
                        .await;
                    owner.act("archiveCompany", extra, "company { id }").await;
                }
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            let ids: BTreeSet<String> = seen.iter().map(|node| text(&node["id"])).collect();
            assert_eq!((seen.len(), &ids), (23, &made), "{field} {direction}");
            if field == "CODE" {
                let codes: Vec<Option<&str>> = seen.iter().map(|node| node["code"].as_str()).collect();
                let known: Vec<&str> = codes.iter().flatten().copied().collect();
                let mut sorted = known.clone();
                sorted.sort_unstable();
                if direction == "DESC" {
                    sorted.reverse();
                }
                assert_eq!(known, sorted);
                assert!(codes[known.len()..].iter().all(Option::is_none), "nulls last, {direction}: {codes:?}");
            }
        }
    }
    let page = owner.query("{ companies(first: 1) { edges { cursor } } deals(first: 1) { nodes { id } } }").await;
    let cursor = text(&page["companies"]["edges"][0]["cursor"]);
    let other = owner.send("query($after: String) { companies(first: 5, after: $after, orderBy: { field: UPDATED_AT }) { nodes { id } } }", json!({ "after": cursor })).await;
    assert!(other.status == 200, "a cursor of another order is no failure of ours: {}", other.text);
    assert!(other.try_error().is_none_or(|error| error.code == "INVALID_INPUT"), "{}", other.text);
}

/// Every list can be sorted by every field that it offers, both ways, page by page.
async fn every_order_of_every_list_works(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    for kind in KINDS.into_iter().chain(["timeEntry"]) {
        for _ in 0..2 {
            let act = format!("create{}", capital(kind));
            let input = books.input(&act).await.expect("a case");
            books.tenant.owner.act(&act, input, "__typename").await;
        }
    }
    let owner = &books.tenant.owner;
    for act in ["recordPayment", "recordExpense", "approve", "writeOffInvoice", "runAllocation"] {
        owner.act(act, books.input(act).await.expect("a case"), "__typename").await;
    }
    let rate = json!({ "currency": "USD", "date": "2026-05-05", "rate": "2.7" });
    owner.act("setExchangeRate", rate, "__typename").await;
    let schema = Schema::ask(owner).await;
    for query in schema.queries() {
        let Some(order) = query.arguments.iter().find(|argument| argument.name == "orderBy") else { continue };
        let field = schema
            .input(&order.of.name)
            .iter()
            .find(|field| field.of.kind == Kind::Enum && field.name == "field")
            .expect("a field");
        for value in schema.values(&field.of.name) {
            for direction in ["ASC", "DESC"] {
                let page = |first: usize, after: &Value| {
                    let document = format!(
                        "query($after: String) {{ {}(first: {first}, after: $after, orderBy: {{ field: {value}, direction: {direction} }}) {{
                            totalCount nodes {{ id }} pageInfo {{ endCursor hasNextPage }} }} }}",
                        query.name
                    );
                    let after = after.clone();
                    async move { owner.send(&document, json!({ "after": after })).await.data()[&query.name].clone() }
                };
                let all_by = async |first: usize| {
                    let (mut seen, mut after) = (Vec::new(), Value::Null);
                    loop {
                        let part = page(first, &after).await;
                        seen.extend(part["nodes"].as_array().unwrap().clone());
                        after = part["pageInfo"]["endCursor"].clone();
                        if part["pageInfo"]["hasNextPage"] == false {
                            return seen;
                        }
                    }
                };
                let seen = all_by(2).await;
                assert_eq!(seen, all_by(100).await, "{} by {value} {direction}", query.name);
                assert!(seen.len() > 1, "{} has too little to sort", query.name);
            }
        }
    }
}

async fn filters_find_what_they_say(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    for (name, country, supplier) in
        [("Banana 100%", "GE", false), ("Café_Bar", "FR", true), ("ანა და ბექა", "GE", true), ("Straße", "DE", false)]
    {
        owner
            .created(
                "company",
                json!({ "name": name, "isClient": !supplier, "isSupplier": supplier, "country": country }),
            )
            .await;
    }
    let names = async |filter: &str| -> Vec<String> {
        let found = owner
            .query(&format!("{{ companies(filter: {filter}, orderBy: {{ field: NAME }}) {{ nodes {{ name }} }} }}"))
            .await;
        found["companies"]["nodes"].as_array().unwrap().iter().map(|node| text(&node["name"])).collect()
    };
    assert_eq!(names(r#"{ name: { contains: "ana" } }"#).await, ["Banana 100%"]);
    assert_eq!(names(r#"{ name: { contains: "CAFE" } }"#).await, ["Café_Bar"], "whatever the case and the accents");
    assert_eq!(names(r#"{ name: { contains: "ბექა" } }"#).await, ["ანა და ბექა"]);
    assert_eq!(names(r#"{ search: "ბექა ანა" }"#).await, ["ანა და ბექა"], "words in any order");
    assert_eq!(names(r#"{ name: { contains: "%" } }"#).await, ["Banana 100%"], "to the letter");
    assert_eq!(names(r#"{ name: { contains: "_" } }"#).await, ["Café_Bar"], "to the letter");
    assert_eq!(
        names(r#"{ name: { contains: "strasse" } }"#).await.len(),
        names(r#"{ name: { contains: "STRASSE" } }"#).await.len()
    );
    assert_eq!(names(r#"{ name: { eq: "Straße" } }"#).await, ["Straße"]);
    assert_eq!(names(r#"{ name: { in: ["Straße", "nobody"] } }"#).await, ["Straße"]);
    assert_eq!(names("{ name: { in: [] } }").await, [] as [String; 0]);
    assert_eq!(names(r#"{ isSupplier: true, country: { eq: "GE" } }"#).await, ["ანა და ბექა"]);
    assert_eq!(names(r#"{ country: { in: ["FR", "DE"] }, isClient: true }"#).await, ["Straße"]);
    assert_eq!(names("{}").await.len(), 4);
}

async fn georgian_is_sorted_by_its_alphabet(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let sorted = [
        "Ana",
        "ana 2",
        "Beka",
        "Éka",
        "Zura",
        "ანა",
        "ბექა",
        "ვანო",
        "თამარი",
        "იზა",
        "ნინო",
        "ჟუჟუნა",
        "ქეთი",
        "ჰელე",
    ];
    for name in [
        "ჟუჟუნა",
        "ანა",
        "Zura",
        "ქეთი",
        "Beka",
        "ნინო",
        "ბექა",
        "Éka",
        "იზა",
        "Ana",
        "თამარი",
        "ჰელე",
        "ვანო",
        "ana 2",
    ] {
        tenant.owner.created("contact", json!({ "name": name })).await;
    }
    let found = tenant.owner.query("{ contacts(orderBy: { field: NAME }) { nodes { name } } }").await;
    let names: Vec<&str> =
        found["contacts"]["nodes"].as_array().unwrap().iter().filter_map(|node| node["name"].as_str()).collect();
    assert_eq!(names, sorted);
}

async fn nested_lists_are_those_of_their_record(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    for name in ["A", "B", "C"] {
        let company = owner.created("company", json!({ "name": name, "isClient": true })).await;
        for number in 0..(if name == "B" { 0 } else { 4 }) {
            owner.created("contact", json!({ "name": format!("{name}{number}"), "companyId": company })).await;
        }
    }
    let document = "{ companies(orderBy: { field: NAME }) { nodes { name contacts(first: 3) { totalCount nodes { name company { name } } pageInfo { hasNextPage endCursor } } } } }";
    let found = owner.query(document).await;
    let nodes = found["companies"]["nodes"].as_array().unwrap();
    for node in nodes {
        let (name, contacts) = (text(&node["name"]), &node["contacts"]);
        let expected = if name == "B" { 0 } else { 4 };
        assert_eq!(contacts["totalCount"], expected, "{name}");
        assert_eq!(contacts["nodes"].as_array().map(Vec::len), Some(expected.min(3)));
        assert!(contacts["nodes"].as_array().unwrap().iter().all(|contact| contact["company"]["name"] == *name));
        assert_eq!(contacts["pageInfo"]["hasNextPage"], expected > 3);
    }
    let id =
        owner.query(r#"{ companies(filter: { name: { eq: "A" } }) { nodes { id } } }"#).await["companies"]["nodes"][0]
            ["id"]
            .clone();
    let rest = owner
        .send(
            "query($id: ID!, $after: String) { company(id: $id) { contacts(first: 3, after: $after) { nodes { name } pageInfo { hasNextPage } } } }",
            json!({ "id": id, "after": nodes[0]["contacts"]["pageInfo"]["endCursor"] }),
        )
        .await
        .data();
    assert_eq!(
        rest["company"]["contacts"],
        json!({ "nodes": [{ "name": "A3" }], "pageInfo": { "hasNextPage": false } })
    );
}

// --- documents ---

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
    for act in [
        "issueInvoice",
        "recordPayment",
        "recordExpense",
        "createJournalEntry",
        "approveTimeEntry",
        "voidInvoice",
        "reversePayment",
    ] {
        inputs.push((act, books.input(act).await.expect("a case")));
    }
    let closed = owner.act("closeBooks", json!({ "until": "2026-06-14" }), "tenant { closedUntil }").await;
    assert_eq!(closed["tenant"]["closedUntil"], "2026-06-14");
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
    owner.act("closeBooks", json!({ "until": "2026-05-31" }), "tenant { closedUntil }").await;
    let input = books.input("createJournalEntry").await.expect("a case");
    owner.act("createJournalEntry", input, "__typename").await;
    balanced(owner).await;
}

async fn a_lead_becomes_a_deal_that_is_won(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let lead = owner
        .create(
            "lead",
            json!({ "name": "Gio Kapanadze", "companyName": "Kapanadze & Sons", "email": "gio@example.com" }),
            "id version",
        )
        .await;
    let converted = owner
        .act(
            "convertLead",
            json!({ "id": lead["id"], "version": lead["version"], "dealName": "A bridge" }),
            "lead { status deal { id } company { id } } company { name isClient } contact { name email } deal { id name version status stage { id position } company { name } }",
        )
        .await;
    assert_eq!(converted["lead"]["status"], "CONVERTED");
    assert_eq!(converted["company"], json!({ "name": "Kapanadze & Sons", "isClient": true }));
    assert_eq!(converted["contact"], json!({ "name": "Gio Kapanadze", "email": "gio@example.com" }));
    let deal = &converted["deal"];
    assert_eq!((&deal["name"], &deal["status"]), (&json!("A bridge"), &json!("OPEN")));
    assert_eq!(owner.refused("convertLead", json!({ "id": lead["id"], "version": 2 })).await.code, "CONFLICT");
    let won = owner
        .act(
            "winDeal",
            json!({ "id": deal["id"], "version": deal["version"], "date": "2026-06-10" }),
            "deal { status closedOn version }",
        )
        .await;
    assert_eq!((&won["deal"]["status"], &won["deal"]["closedOn"]), (&json!("WON"), &json!("2026-06-10")));
    assert_eq!(
        owner
            .refused("loseDeal", json!({ "id": deal["id"], "version": won["deal"]["version"], "reason": "x" }))
            .await
            .code,
        "CONFLICT"
    );
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

async fn pay_is_seen_by_those_who_may(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let document = "query($id: ID!) { employee(id: $id) { name costRate { amount } } }";
    for (role, shown) in [
        ("HR", true),
        ("FINANCE", true),
        ("EMPLOYEE", false),
        ("PROJECT_MANAGER", false),
        ("READ_ONLY", false),
        ("SALES", false),
    ] {
        let (member, _) = books.tenant.join(role).await;
        let answer = member.send(document, json!({ "id": books.id("employee") })).await;
        assert!(!answer.text.contains("30.00") || shown, "{role}: {}", answer.text);
        if shown {
            assert_eq!(answer.data()["employee"]["costRate"]["amount"], "30.00", "{role}");
        } else {
            assert_eq!(answer.body["data"]["employee"]["costRate"], Value::Null, "{role}");
            assert!(answer.body["data"]["employee"]["name"].is_string(), "{role} sees the rest: {}", answer.text);
        }
        let entries = member.query("{ timeEntries { nodes { status cost { amount } } } }").await;
        assert_eq!(entries.to_string().contains("225.00"), shown, "{role}: {entries}");
    }
}

async fn everybody_logs_their_own_time_and_nobody_elses(server: &'static Server) {
    let books = Books::open(Tenant::sign_up(server).await).await;
    let (member, membership) = books.tenant.join("EMPLOYEE").await;
    let entry = |employee: &str| json!({ "employeeId": employee, "projectId": books.id("project"), "date": "2026-06-10", "hours": "2" });
    assert_eq!(member.refused("createTimeEntry", entry(books.id("employee"))).await.code, "FORBIDDEN");
    let own = books
        .tenant
        .owner
        .created("employee", json!({ "name": "Own", "costRate": "10.00", "membershipId": membership }))
        .await;
    let made = member.create("timeEntry", entry(&own), "id version").await;
    assert_eq!(member.refused("createTimeEntry", entry(books.id("employee"))).await.code, "FORBIDDEN");
    let change = json!({ "id": made["id"], "version": made["version"], "employeeId": books.id("employee") });
    assert_eq!(member.refused("updateTimeEntry", change).await.code, "FORBIDDEN", "nor by giving it to somebody else");
    assert_eq!(member.refused("approveTimeEntry", made).await.code, "FORBIDDEN");
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
    every_kind_of_record_lives_the_same_life,
    null_empties_a_field_and_absence_leaves_it,
    of_two_changes_at_once_one_is_told_of_the_other,
    lists_are_paged_without_gaps_or_repeats,
    every_order_of_every_list_works,
    filters_find_what_they_say,
    georgian_is_sorted_by_its_alphabet,
    nested_lists_are_those_of_their_record,
    an_invoice_is_issued_paid_and_what_is_posted_is_reversed,
    numbers_have_no_gaps_however_many_are_issued_at_once,
    approved_time_posts_its_cost_against_labour_absorbed,
    closed_books_take_nothing,
    a_lead_becomes_a_deal_that_is_won,
    a_foreign_currency_is_kept_beside_the_base_amount,
    pay_is_seen_by_those_who_may,
    everybody_logs_their_own_time_and_nobody_elses,
);
