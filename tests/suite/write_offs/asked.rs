//! Write-offs that somebody must approve first.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use super::Books;
use crate::settling::with;

const APPROVAL: &str = "id version status subjectId subjectKind documentKind amount { amount currency }";

impl Books<'_> {
    async fn rule(&self, fields: Value) {
        let rule = json!({ "name": "Write-offs", "subjectKind": "WRITE_OFF", "mode": "ANY", "approvers": [{ "role": "OWNER" }] });
        self.firm.owner().act("createApprovalRule", with(rule, fields), "__typename").await;
    }

    async fn asked(&self, who: &Caller<'_>, input: Value) -> Value {
        let selection = format!("writeOff {{ id }} approval {{ {APPROVAL} }}");
        who.act("writeOff", with(input, json!({ "reason": "Nobody asks" })), &selection).await
    }

    async fn decide(&self, act: &str, approval: &Value) -> Value {
        let mut input = json!({ "id": approval["id"], "version": approval["version"] });
        if act == "refuse" {
            input["note"] = json!("They will ask");
        }
        let decided = self.firm.owner().act(act, input, &format!("approval {{ {APPROVAL} }}")).await;
        decided["approval"].clone()
    }

    async fn waiting(&self) -> Value {
        self.firm.owner().query("{ approvals(first: 1) { totalCount } }").await["approvals"]["totalCount"].clone()
    }
}

async fn each_kind_waits_for_approval(server: &'static Server) {
    let books = Books::open(server).await;
    let (finance, _) = books.firm.tenant.join("FINANCE").await;
    books.rule(json!({ "minAmount": "5.00" })).await;
    for (field, id, _) in books.each(json!({})).await {
        let small = books.asked(&finance, json!({ field: id, "amount": "4.99", "date": "2026-03-01" })).await;
        assert!(small["writeOff"]["id"].is_string(), "nobody is asked for so little: {small}");
        let large = || json!({ field: id, "amount": "50.00", "date": "2026-03-01" });
        let asked = books.asked(&finance, large()).await;
        let approval = &asked["approval"];
        let kind = match field {
            "invoiceId" => "INVOICE",
            "billId" => "BILL",
            _ => "PAYMENT",
        };
        assert_eq!((&approval["status"], &approval["documentKind"]), (&json!("PENDING"), &json!(kind)), "{asked}");
        assert_eq!((&approval["subjectKind"], &approval["subjectId"]), (&json!("WRITE_OFF"), &json!(id)));
        assert_eq!(approval["amount"], json!({ "amount": "50.00", "currency": "GEL" }));
        assert_eq!(books.left(field, &id).await, "54.01", "nothing is done yet");
        let twice = finance.refused("writeOff", with(large(), json!({ "reason": "Again" }))).await;
        assert_eq!(twice.code, "CONFLICT", "asking twice doesn't make two of it");
        assert_eq!(books.decide("refuse", approval).await["status"], "REFUSED");
        assert_eq!(books.left(field, &id).await, "54.01");
        let asked = books.asked(&finance, large()).await;
        assert_eq!(books.decide("approve", &asked["approval"]).await["status"], "APPROVED");
        assert_eq!(books.left(field, &id).await, "4.01", "the last yes does it");
    }
    books.state("2026-03-31").await;
    books.all_come_back().await;
    let problems = crate::verify::problems(server, &books.firm.tenant.id).await;
    assert!(problems.is_empty(), "{problems:?}");
}

async fn a_bills_write_off_is_of_what_was_bought(server: &'static Server) {
    let books = Books::open(server).await;
    let owner = books.firm.owner();
    let (finance, _) = books.firm.tenant.join("FINANCE").await;
    let department = owner.created("department", json!({ "name": "Audit" })).await;
    let project = owner.created("project", json!({ "name": "Fit-out" })).await;
    let of_audit = owner.created("project", json!({ "name": "Audit", "departmentId": department })).await;
    let office = owner.created("costCentre", json!({ "name": "Office" })).await;
    for of in
        [json!({ "departmentId": department }), json!({ "projectId": project }), json!({ "costCentreId": office })]
    {
        books.rule(of).await;
    }
    let all_of_it = json!([{ "costCentreId": office, "percent": "100" }]);
    for (header, line, waits) in [
        (json!({ "departmentId": department }), json!({}), true),
        (json!({}), json!({ "departmentId": department }), true),
        (json!({}), json!({ "projectId": of_audit }), true),
        (json!({}), json!({ "projectId": project }), true),
        (json!({}), json!({ "costCentreId": office }), true),
        (json!({}), json!({ "costCentreSplits": all_of_it }), true),
        (json!({}), json!({}), false),
    ] {
        let told = format!("{header} {line}");
        let line = with(json!({ "description": "Paper", "unitPrice": "80.00" }), line);
        let bill = books.bill("2026-03-01", "80.00", with(header, json!({ "lines": [line] }))).await;
        let asked = books.asked(&finance, json!({ "billId": bill })).await;
        assert_eq!(asked["approval"]["status"] == "PENDING", waits, "{told}");
    }
    // A payment is of no department: it's asked for by rules of all of them alone.
    let paid = books.pay_supplier("2026-03-01", "80.00", json!({})).await;
    let asked = books.asked(&finance, json!({ "paymentId": paid })).await;
    assert!(asked["writeOff"]["id"].is_string(), "{asked}");
}

async fn nobody_is_asked_for_a_day_that_takes_nothing(server: &'static Server) {
    let books = Books::open(server).await;
    books.firm.tenant.join("ADMIN").await;
    books.rule(json!({})).await;
    let each = books.each(json!({})).await;
    books.firm.owner().act("setLockDates", json!({ "subLedgers": "2026-02-28" }), "__typename").await;
    let note = each[1].1.clone();
    for day in ["2026-01-31", "2026-02-20", "2099-01-01"] {
        for (field, id, _) in &each {
            let input = json!({ *field: id, "date": day, "reason": "Lost" });
            books.firm.refused("writeOff", input, "INVALID_INPUT", Some("date")).await;
        }
    }
    assert_eq!(books.waiting().await, 0);
    let asked = books.asked(books.firm.owner(), json!({ "invoiceId": note, "date": "2026-03-01" })).await;
    assert_eq!(asked["approval"]["status"], "PENDING");
}

both!(
    each_kind_waits_for_approval,
    a_bills_write_off_is_of_what_was_bought,
    nobody_is_asked_for_a_day_that_takes_nothing,
);
