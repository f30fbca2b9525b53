//! What is held to the budget in force, and who is told of it.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use super::Company;
use crate::books::text;

/// A company with a budget of 100.00 for May, and what may go over it.
struct Spenders<'a> {
    company: Company<'a>,
    spender: Caller<'a>,
    supplier: String,
}

impl<'a> Spenders<'a> {
    async fn with(server: &'a Server, control: &str) -> Self {
        let company = Company::sign_up(server).await;
        company.budget(control, json!([company.planned("2026-05-01", "100.00", json!({}))])).await;
        let (spender, member) = company.tenant.join("EMPLOYEE").await;
        let owner = company.owner();
        owner.created("employee", json!({ "name": "Nika", "costRate": "10.00", "membershipId": member })).await;
        let supplier = owner.created("company", json!({ "name": "Chairs Ltd", "isSupplier": true })).await;
        Self { company, spender, supplier }
    }

    fn owner(&self) -> &Caller<'a> {
        self.company.owner()
    }

    async fn bill(&self, price: &str) -> Value {
        let line = json!({ "accountId": self.company.rent, "description": "Chairs", "unitPrice": price });
        let bill = json!({ "companyId": self.supplier, "date": "2026-05-07", "lines": [line] });
        self.owner().create("bill", bill, "id version").await
    }

    /// A draft of an employee's own.
    async fn claim(&self, amount: &str) -> Value {
        let claim = json!({ "date": "2026-05-07", "amount": amount, "description": "Chair" });
        self.spender.create("expense", claim, "id version").await
    }
}

fn is_told(warnings: &Value) -> bool {
    let warnings = warnings.as_array().expect("warnings");
    warnings.len() == 1 && text(&warnings[0]).contains("100.00 GEL left in 2026-05")
}

async fn what_goes_over_a_budget_that_warns_is_told(server: &'static Server) {
    let spenders = Spenders::with(server, "WARN").await;
    let owner = spenders.owner();
    // Who hands in isn't told what is left; who keeps the books is.
    let claim = spenders.claim("100.01").await;
    let handed_in = spenders.spender.act("submitExpense", claim.clone(), "warnings").await;
    assert_eq!(handed_in["warnings"], json!(["This goes over the budget of its month."]));
    let rule = json!({ "name": "All", "subjectKind": "BILL", "mode": "ANY", "approvers": [{ "role": "ADMIN" }] });
    let rule = owner.create("approvalRule", rule, "id version").await;
    spenders.company.tenant.join("ADMIN").await;
    // It's told when approval is asked for, and when nobody is asked.
    let waits = owner.act("postBill", spenders.bill("150.00").await, "bill { status } warnings").await;
    assert_eq!(waits["bill"]["status"], "DRAFT");
    assert!(is_told(&waits["warnings"]), "{waits}");
    owner.act("archiveApprovalRule", rule, "__typename").await;
    let posted = owner.act("postExpense", json!({ "id": claim["id"] }), "expense { status } warnings").await;
    assert_eq!(posted["expense"]["status"], "POSTED");
    assert!(is_told(&posted["warnings"]), "{posted}");

    let within = Spenders::with(server, "WARN").await;
    let claim = within.claim("50.00").await;
    let handed_in = within.spender.act("submitExpense", claim.clone(), "warnings").await;
    let posted = within.owner().act("postExpense", json!({ "id": claim["id"] }), "warnings").await;
    let bill = within.owner().act("postBill", within.bill("50.00").await, "bill { status } warnings").await;
    for answer in [&handed_in, &posted, &bill] {
        assert_eq!(answer["warnings"], json!([]));
    }
    assert_eq!(bill["bill"]["status"], "POSTED");
}

async fn nobody_is_asked_for_what_a_budget_blocks(server: &'static Server) {
    let spenders = Spenders::with(server, "BLOCK").await;
    let owner = spenders.owner();
    spenders.company.tenant.join("ADMIN").await;
    for kind in ["BILL", "EXPENSE"] {
        let rule = json!({ "name": kind, "subjectKind": kind, "mode": "ANY", "approvers": [{ "role": "ADMIN" }] });
        owner.created("approvalRule", rule).await;
    }
    let refused = owner.refused("postBill", spenders.bill("100.01").await).await;
    assert_eq!((refused.code.as_str(), refused.field), ("CONFLICT", None));
    let claim = spenders.claim("100.01").await;
    let refused = spenders.spender.refused("submitExpense", claim.clone()).await;
    assert_eq!((refused.code.as_str(), refused.field), ("CONFLICT", None));
    assert_eq!(refused.message, "This goes over the budget of its month.");
    let asked = owner.query("{ approvals { totalCount } }").await;
    assert_eq!(asked["approvals"]["totalCount"], 0);
    let shown = owner.query(&format!("{{ expense(id: {}) {{ status }} }}", claim["id"])).await;
    assert_eq!(shown["expense"]["status"], "DRAFT");
    let waits = owner.act("postBill", spenders.bill("100.00").await, "bill { approval { status } } warnings").await;
    assert_eq!((&waits["bill"]["approval"]["status"], &waits["warnings"]), (&json!("PENDING"), &json!([])));
}

both!(what_goes_over_a_budget_that_warns_is_told, nobody_is_asked_for_what_a_budget_blocks);
