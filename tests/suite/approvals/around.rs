//! Ways around an approval, each of which is closed.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use super::{Company, approve};

/// An employee who is a member, and hands expenses in.
struct Claims<'a> {
    spender: Caller<'a>,
    employee: String,
}

impl<'a> Claims<'a> {
    async fn of(company: &Company<'a>) -> Self {
        let (spender, member) = company.tenant.join("EMPLOYEE").await;
        let employee = json!({ "name": "Nika", "costRate": "10.00", "membershipId": member });
        Self { employee: company.tenant.owner.created("employee", employee).await, spender }
    }

    async fn hand_in(&self, amount: &str) -> Value {
        let draft =
            json!({ "employeeId": self.employee, "date": "2026-06-10", "amount": amount, "description": "Taxi" });
        let draft = self.spender.create("expense", draft, "id version").await;
        self.spender.act("submitExpense", draft, "expense { id version status }").await["expense"].clone()
    }
}

const POSTED: &str = "expense { status approval { id version status } }";

async fn an_expense_that_was_changed_is_asked_for_when_it_is_posted(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let claims = Claims::of(&company).await;
    company.rule(json!({ "subjectKind": "EXPENSE", "minAmount": "1000.00" })).await;
    let claim = claims.hand_in("10.00").await;
    let id = json!({ "id": claim["id"] });
    let document = format!("{{ expense(id: {}) {{ status approval {{ id }} }} }}", claim["id"]);
    let shown = finance.query(&document).await["expense"].clone();
    assert_eq!(shown, json!({ "status": "SUBMITTED", "approval": null }), "nothing asks for so little");
    let more = json!({ "id": claim["id"], "version": claim["version"], "amount": "10000.00" });
    finance.act("updateExpense", more, "__typename").await;
    let waits = finance.act("postExpense", id.clone(), POSTED).await["expense"].clone();
    assert_eq!((&waits["status"], &waits["approval"]["status"]), (&json!("SUBMITTED"), &json!("PENDING")));
    assert_eq!(finance.refused("postExpense", id).await.code, "CONFLICT", "it waits already");
    approve(&company.tenant.owner, &waits["approval"]).await;
    assert_eq!(finance.query(&document).await["expense"]["status"], "POSTED");
    // What is as small as it was is posted.
    let small = claims.hand_in("999.99").await;
    let posted = finance.act("postExpense", json!({ "id": small["id"] }), POSTED).await["expense"].clone();
    assert_eq!(posted, json!({ "status": "POSTED", "approval": null }));
}

both!(an_expense_that_was_changed_is_asked_for_when_it_is_posted);
