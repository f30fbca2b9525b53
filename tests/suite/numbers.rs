//! Series of numbers, as a company sets them.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::text;

async fn series(owner: &Caller<'_>, kind: &str) -> Value {
    let all = owner.query("{ numberSeries { id kind prefix next lastDate } }").await;
    let all = all["numberSeries"].as_array().expect("series").clone();
    all.into_iter().find(|series| series["kind"] == kind).expect("a series of each kind")
}

/// The number of a new invoice.
async fn issued(owner: &Caller<'_>, client: &str) -> String {
    let line = json!({ "description": "Audit", "quantity": "1", "unitPrice": "100" });
    let draft = owner.created("invoice", json!({ "companyId": client, "date": "2026-06-01", "lines": [line] })).await;
    text(&owner.act("issueInvoice", json!({ "id": draft }), "invoice { number }").await["invoice"]["number"])
}

async fn a_series_goes_on_with_the_prefix_that_a_company_chose(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let client = owner.created("company", json!({ "name": "შპს კლიენტი", "isClient": true })).await;
    let invoices = series(owner, "INVOICE").await;
    assert_eq!((&invoices["prefix"], &invoices["next"]), (&json!("INV-"), &json!("INV-000001")));
    let set = |prefix: &str, first: Option<i32>| json!({ "kind": "INVOICE", "prefix": prefix, "first": first });
    // A company that comes from another system goes on where that ended.
    owner.act("startNumberSeries", set("ინვ-2026/", Some(412)), "numberSeries { next }").await;
    assert_eq!(issued(owner, &client).await, "ინვ-2026/000412");
    assert_eq!(issued(owner, &client).await, "ინვ-2026/000413");
    let gap = owner.refused("startNumberSeries", set("ინვ-2026/", Some(500))).await;
    assert_eq!((gap.code.as_str(), gap.field.as_deref()), ("INVALID_INPUT", Some("first")), "it has numbers");
    // Another prefix begins anew; the one before goes on after its last number.
    let next = owner.act("startNumberSeries", set("2027-", None), "numberSeries { next lastDate }").await;
    assert_eq!(next["numberSeries"], json!({ "next": "2027-000001", "lastDate": "2026-06-01" }));
    assert_eq!(issued(owner, &client).await, "2027-000001");
    let back = owner.act("startNumberSeries", set("ინვ-2026/", None), "numberSeries { next }").await;
    assert_eq!(back["numberSeries"]["next"], "ინვ-2026/000414");
    // Nothing is missing of any of them, and what is would be found.
    let problems = crate::verify::problems(server, &tenant.id).await;
    assert_eq!(problems, [""; 0]);
    // The change is told in the audit, though a counter's aren't.
    let events = owner.query(r#"{ auditEvents(first: 20, filter: { subjectKind: { eq: "number_series" }, action: { eq: "update" } }) { totalCount } }"#).await;
    assert_eq!(events["auditEvents"]["totalCount"], 4, "three ended, one was taken up again");
}

async fn a_prefix_that_another_series_has_or_that_ends_with_a_digit_is_refused(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let invoices = series(owner, "INVOICE").await;
    for (prefix, first, field) in [
        ("CN-", None, "prefix"),
        ("2026", None, "prefix"),
        (" ", None, "prefix"),
        ("A-VERY-LONG-PREFIX-OF-A-SERIES-", None, "prefix"),
        ("N-", Some(0), "first"),
        ("N-", Some(-3), "first"),
        ("N-", Some(2_000_000_000), "first"),
    ] {
        let input = json!({ "kind": "INVOICE", "prefix": prefix, "first": first });
        let refused = owner.refused("startNumberSeries", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some(field)), "{prefix}");
    }
    assert_eq!(series(owner, "INVOICE").await, invoices, "nothing was written");
}

both!(
    a_series_goes_on_with_the_prefix_that_a_company_chose,
    a_prefix_that_another_series_has_or_that_ends_with_a_digit_is_refused,
);
