//! The life of records: made, read, listed, changed, archived; and the life of documents, which post.

mod documents;
mod lists;

use kamara_tests::{Schema, Server, Tenant, both};
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
            .find(|name| ["name", "note", "description", "words", "nextDate"].contains(name))
        {
            Some("nextDate") => ("nextDate", "2026-08-31".to_owned()),
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
        late[field] = json!(value);
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

// --- documents ---

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

both!(
    every_kind_of_record_lives_the_same_life,
    null_empties_a_field_and_absence_leaves_it,
    of_two_changes_at_once_one_is_told_of_the_other,
    a_lead_becomes_a_deal_that_is_won,
    pay_is_seen_by_those_who_may,
    everybody_logs_their_own_time_and_nobody_elses,
);
