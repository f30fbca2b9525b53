//! Lists: pages, orders, filters.

use std::collections::BTreeSet;

use kamara_tests::{Kind, Schema, Server, Tenant, both};
use serde_json::{Value, json};

use super::capital;
use crate::books::{Books, KINDS, text};

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
    for act in ["recordPayment", "recordExpense", "approve", "writeOff", "runAllocation"] {
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

both!(
    lists_are_paged_without_gaps_or_repeats,
    every_order_of_every_list_works,
    filters_find_what_they_say,
    georgian_is_sorted_by_its_alphabet,
    nested_lists_are_those_of_their_record,
);
