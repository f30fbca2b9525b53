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

async fn entries_by_hand_and_lines_of_the_bank_stay_within_the_budget(server: &'static Server) {
    let spenders = Spenders::with(server, "BLOCK").await;
    let (company, owner) = (&spenders.company, spenders.owner());
    let line = |account: &str, side: &str, amount: &str| json!({ "accountId": account, side: amount });
    let entry = |lines: Value| json!({ "date": "2026-05-04", "description": "Rent", "lines": lines });
    let spent =
        |amount: &str| entry(json!([line(&company.rent, "debit", amount), line(&company.bank, "credit", amount)]));
    let newest = company.newest_entry().await;
    let refused = owner.refused("createJournalEntry", spent("100.01")).await;
    assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("lines")));
    assert!(refused.message.contains("100.00 GEL left in 2026-05"), "{}", refused.message);
    assert_eq!(company.newest_entry().await, newest, "nothing was posted");
    let posted = owner.act("createJournalEntry", spent("60.00"), "journalEntry { id } warnings").await;
    assert_eq!(posted["warnings"], json!([]));
    // What is only moved within the account takes nothing of it; what is taken back makes room.
    let moved = json!([line(&company.rent, "debit", "900.00"), line(&company.rent, "credit", "900.00")]);
    owner.act("createJournalEntry", entry(moved), "__typename").await;
    let back = json!([line(&company.bank, "debit", "10.00"), line(&company.rent, "credit", "10.00")]);
    owner.act("createJournalEntry", entry(back), "__typename").await;

    let account = owner.created("bankAccount", json!({ "name": "Bank" })).await;
    let csv = "date,amount,balance\n2026-05-10,-50.01,949.99\n2026-05-11,-50.00,899.99\n";
    let file = json!({ "bankAccountId": account, "format": "CSV", "content": csv, "mapping": {} });
    owner.act("importBankStatement", file, "lineCount").await;
    let lines = "{ bankStatementLines(first: 2, orderBy: { field: DATE, direction: ASC }) { nodes { id status } } }";
    let shown = async || owner.query(lines).await["bankStatementLines"]["nodes"].clone();
    let before = shown().await;
    let booking = |line: &Value| json!({ "lineId": line["id"], "accountId": company.rent });
    let refused = owner.refused("bookBankLine", booking(&before[0])).await;
    assert_eq!((refused.code.as_str(), refused.field), ("CONFLICT", None));
    assert!(refused.message.contains("50.00 GEL left in 2026-05"), "{}", refused.message);
    assert_eq!(shown().await, before, "nothing was matched");
    let booked = owner.act("bookBankLine", booking(&before[1]), "line { status } warnings").await;
    assert_eq!(booked, json!({ "line": { "status": "MATCHED" }, "warnings": [] }));
}

async fn entries_by_hand_tell_what_goes_over_a_budget_that_warns(server: &'static Server) {
    let spenders = Spenders::with(server, "WARN").await;
    let company = &spenders.company;
    let lines =
        json!([{ "accountId": company.rent, "debit": "100.01" }, { "accountId": company.bank, "credit": "100.01" }]);
    let entry = json!({ "date": "2026-05-04", "description": "Rent", "lines": lines });
    let posted = spenders.owner().act("createJournalEntry", entry, "journalEntry { id } warnings").await;
    assert!(is_told(&posted["warnings"]), "{posted}");
}

both!(
    what_goes_over_a_budget_that_warns_is_told,
    nobody_is_asked_for_what_a_budget_blocks,
    entries_by_hand_and_lines_of_the_bank_stay_within_the_budget,
    entries_by_hand_tell_what_goes_over_a_budget_that_warns,
);
