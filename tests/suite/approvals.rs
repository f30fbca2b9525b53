//! Who decides what, before it's done.

mod around;
mod lines;

use kamara_tests::{Caller, Server, Tenant, both, both_alone};
use serde_json::{Value, json};

use crate::books::text;

const APPROVAL: &str = "id version status subjectId description requestedBy { id }
    steps { position decision wentUp note decidedBy { id } onBehalfOf { id } approvers { role manager member { id } } }";

/// A company with an invoice over an amount, which its finance department may write off once it's approved.
struct Company<'a> {
    tenant: Tenant<'a>,
    client: String,
    me: String,
}

impl<'a> Company<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let client = tenant.owner.created("company", json!({ "name": "Wissol", "isClient": true })).await;
        let me = tenant.owner.query("{ me { membership { id } } }").await;
        Self { client, me: text(&me["me"]["membership"]["id"]), tenant }
    }

    async fn rule(&self, fields: Value) -> Value {
        let mut input = json!({ "name": "Write-offs", "subjectKind": "WRITE_OFF", "mode": "ANY", "approvers": [{ "role": "OWNER" }] });
        input.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        self.tenant.owner.create("approvalRule", input, "id version").await
    }

    async fn invoice(&self, amount: &str) -> String {
        let lines = json!([{ "description": "Audit", "quantity": "1", "unitPrice": amount }]);
        let draft = json!({ "companyId": self.client, "date": "2026-06-01", "dueDate": "2026-06-10", "lines": lines });
        let id = self.tenant.owner.created("invoice", draft).await;
        self.tenant.owner.act("issueInvoice", json!({ "id": id }), "__typename").await;
        id
    }

    /// Asks for a write-off that waits.
    async fn ask(&self, who: &Caller<'_>, invoice: &str) -> Value {
        let input = json!({ "invoiceId": invoice, "reason": "Bankrupt" });
        let asked = who.act("writeOff", input, &format!("writeOff {{ id }} approval {{ {APPROVAL} }}")).await;
        assert_eq!((&asked["writeOff"], &asked["approval"]["status"]), (&Value::Null, &json!("PENDING")), "{asked}");
        asked["approval"].clone()
    }

    async fn due(&self, invoice: &str) -> String {
        let document = format!("{{ invoice(id: \"{invoice}\") {{ due {{ amount }} }} }}");
        text(&self.tenant.owner.query(&document).await["invoice"]["due"]["amount"])
    }
}

fn at(approval: &Value) -> Value {
    json!({ "id": approval["id"], "version": approval["version"] })
}

async fn approve(who: &Caller<'_>, approval: &Value) -> Value {
    who.act("approve", at(approval), &format!("approval {{ {APPROVAL} }}")).await["approval"].clone()
}

async fn waits_for(who: &Caller<'_>) -> Vec<String> {
    let waiting = who.query("{ myApprovals { id } }").await;
    waiting["myApprovals"].as_array().expect("a list").iter().map(|approval| text(&approval["id"])).collect()
}

async fn what_is_approved_is_done_and_what_is_refused_is_not(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, requester) = company.tenant.join("FINANCE").await;
    company.rule(json!({ "minAmount": "500.00" })).await;
    // Below the amount nobody is asked.
    let small = company.invoice("499.99").await;
    let done = finance
        .act("writeOff", json!({ "invoiceId": small, "reason": "Small" }), "writeOff { id } approval { id }")
        .await;
    assert!(done["writeOff"]["id"].is_string() && done["approval"].is_null(), "{done}");

    let invoice = company.invoice("1000.00").await;
    let waits = company.ask(&finance, &invoice).await;
    assert_eq!(waits["requestedBy"]["id"], json!(requester));
    assert_eq!(company.due(&invoice).await, "1000.00", "nothing is done yet");
    // Asking twice doesn't make two of it.
    let twice = finance.refused("writeOff", json!({ "invoiceId": invoice, "reason": "Again" })).await;
    assert_eq!(twice.code, "CONFLICT");
    assert_eq!(waits_for(&company.tenant.owner).await, [text(&waits["id"])]);
    assert_eq!(waits_for(&finance).await, [] as [String; 0]);
    let approved = approve(&company.tenant.owner, &waits).await;
    assert_eq!(approved["status"], "APPROVED");
    assert_eq!(approved["steps"][0]["decidedBy"]["id"], json!(company.me));
    assert_eq!(company.due(&invoice).await, "0.00", "the last yes does it");
    assert_eq!(waits_for(&company.tenant.owner).await, [] as [String; 0]);
    // Decided is decided.
    assert_eq!(company.tenant.owner.refused("approve", at(&approved)).await.code, "CONFLICT");

    let other = company.invoice("2000.00").await;
    let waits = company.ask(&finance, &other).await;
    let mut no = at(&waits);
    no["note"] = json!("  ");
    let error = company.tenant.owner.refused("refuse", no.clone()).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("note")));
    no["note"] = json!("They will pay.");
    let refused =
        company.tenant.owner.act("refuse", no, &format!("approval {{ {APPROVAL} }}")).await["approval"].clone();
    assert_eq!((&refused["status"], &refused["steps"][0]["note"]), (&json!("REFUSED"), &json!("They will pay.")));
    assert_eq!(company.due(&other).await, "2000.00");
    // What was refused may be asked for again, and taken back by who asked.
    let again = company.ask(&finance, &other).await;
    let withdrawn = finance.act("withdrawApproval", at(&again), "approval { status }").await;
    assert_eq!(withdrawn["approval"]["status"], "WITHDRAWN");
    let history = finance
        .query(&format!("{{ approvals(filter: {{ subjectId: {{ eq: \"{other}\" }} }}) {{ nodes {{ status }} }} }}"))
        .await;
    let mut told: Vec<&str> = history["approvals"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["status"].as_str())
        .collect();
    told.sort_unstable();
    assert_eq!(told, ["REFUSED", "WITHDRAWN"]);
}

async fn nobody_approves_what_is_their_own(server: &'static Server) {
    let company = Company::open(server).await;
    let owner = &company.tenant.owner;
    let (finance, finance_id) = company.tenant.join("FINANCE").await;
    company.rule(json!({ "approvers": [{ "role": "FINANCE" }, { "role": "OWNER" }] })).await;
    let invoice = company.invoice("1000.00").await;
    let waits = company.ask(&finance, &invoice).await;
    let own = finance.refused("approve", at(&waits)).await;
    assert_eq!((own.code.as_str(), own.field.as_deref()), ("INVALID_INPUT", Some("id")), "{own:?}");
    // Not by a delegation either: the owner is absent, and who asked stands in.
    let absence = json!({ "toId": finance_id, "startDate": "2026-06-15", "endDate": "2026-06-16" });
    owner.act("createApprovalDelegation", absence, "__typename").await;
    let own = finance.refused("approve", at(&waits)).await;
    assert_eq!((own.code.as_str(), own.field.as_deref()), ("INVALID_INPUT", Some("id")), "{own:?}");
    assert_eq!(waits_for(&finance).await, [] as [String; 0]);
    assert_eq!(company.due(&invoice).await, "1000.00");

    // A rule that only names who asks goes up to the owners, and says so; with no other owner, an administrator decides.
    company.rule(json!({ "name": "Two", "approvers": [{ "membershipId": finance_id }], "minAmount": "1500.00" })).await;
    let larger = company.invoice("1500.00").await;
    let waits = company.ask(&finance, &larger).await;
    assert_eq!(waits["steps"].as_array().map(Vec::len), Some(2));
    let half = approve(owner, &waits).await;
    assert_eq!(half["status"], "PENDING");
    let done = approve(owner, &half).await;
    assert_eq!((&done["status"], &done["steps"][1]["wentUp"]), (&json!("APPROVED"), &json!(true)));

    // The only owner of a company without administrators can't ask: there is nobody to decide.
    let alone = Company::open(server).await;
    alone.rule(json!({})).await;
    let invoice = alone.invoice("10.00").await;
    let error = alone.tenant.owner.refused("writeOff", json!({ "invoiceId": invoice, "reason": "x" })).await;
    assert_eq!(error.code, "CONFLICT");
    let (admin, _) = alone.tenant.join("ADMIN").await;
    let waits = alone.ask(&alone.tenant.owner, &invoice).await;
    assert_eq!(approve(&admin, &waits).await["status"], "APPROVED");
}

async fn a_sequence_is_kept_and_a_delegation_holds(server: &'static Server) {
    let company = Company::open(server).await;
    let owner = &company.tenant.owner;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let (head, head_id) = company.tenant.join("PROJECT_MANAGER").await;
    let (deputy, deputy_id) = company.tenant.join("EMPLOYEE").await;
    company.rule(json!({ "mode": "SEQUENCE", "approvers": [{ "membershipId": head_id }, { "role": "OWNER" }] })).await;
    let invoice = company.invoice("1000.00").await;
    let waits = company.ask(&finance, &invoice).await;
    // The second doesn't decide before the first.
    assert_eq!(owner.refused("approve", at(&waits)).await.code, "FORBIDDEN");
    assert_eq!(deputy.refused("approve", at(&waits)).await.code, "FORBIDDEN");
    assert_eq!(waits_for(&head).await, [text(&waits["id"])]);
    // Past and future absences give no right; today's does.
    for (start, end) in [("2026-06-01", "2026-06-14"), ("2026-06-16", "2026-06-30")] {
        let absence = json!({ "toId": deputy_id, "startDate": start, "endDate": end });
        head.act("createApprovalDelegation", absence, "__typename").await;
    }
    assert_eq!(deputy.refused("approve", at(&waits)).await.code, "FORBIDDEN");
    let absence = json!({ "toId": deputy_id, "startDate": "2026-06-15", "endDate": "2026-06-15", "reason": "Leave" });
    let made = head.act("createApprovalDelegation", absence, "approvalDelegation { id version }").await;
    assert_eq!(waits_for(&deputy).await, [text(&waits["id"])]);
    let half = approve(&deputy, &waits).await;
    assert_eq!(half["status"], "PENDING");
    let step = &half["steps"][0];
    assert_eq!((&step["decidedBy"]["id"], &step["onBehalfOf"]["id"]), (&json!(deputy_id), &json!(head_id)));
    assert_eq!(company.due(&invoice).await, "1000.00");
    // Whoever read it before the first decision decides nothing by it.
    assert_eq!(owner.refused("approve", at(&waits)).await.code, "CONFLICT");
    assert_eq!(approve(owner, &half).await["status"], "APPROVED");
    assert_eq!(company.due(&invoice).await, "0.00");

    // An absence ends when it's ended; who is removed holds nothing up.
    head.act("endApprovalDelegation", at(&made["approvalDelegation"]), "__typename").await;
    let other = company.invoice("1000.00").await;
    let waits = company.ask(&finance, &other).await;
    assert_eq!(deputy.refused("approve", at(&waits)).await.code, "FORBIDDEN");
    owner.act("removeMember", json!({ "memberId": head_id }), "__typename").await;
    let half = approve(owner, &waits).await;
    assert_eq!(half["steps"][0]["wentUp"], true);
    assert_eq!(approve(owner, &half).await["status"], "APPROVED");
}

async fn of_two_who_decide_at_once_one_wins(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let (admin, _) = company.tenant.join("ADMIN").await;
    company.rule(json!({ "approvers": [{ "role": "OWNER" }, { "role": "ADMIN" }] })).await;
    let invoice = company.invoice("1000.00").await;
    let waits = company.ask(&finance, &invoice).await;
    let (one, other) = tokio::join!(
        company.tenant.owner.try_act("approve", at(&waits), "__typename"),
        admin.try_act("approve", at(&waits), "__typename")
    );
    let mut codes: Vec<String> =
        [one, other].iter().map(|answer| answer.try_error().map(|error| error.code).unwrap_or_default()).collect();
    codes.sort();
    assert_eq!(codes, ["", "CONFLICT"]);
    assert_eq!(company.due(&invoice).await, "0.00");
}

async fn a_credit_note_stays_a_draft_until_it_is_approved(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    company.rule(json!({ "subjectKind": "CREDIT_NOTE", "approvers": [{ "role": "OWNER" }] })).await;
    let invoice = company.invoice("1000.00").await;
    let note = finance.act("createCreditNote", json!({ "invoiceId": invoice }), "creditNote { id version }").await;
    let id = &note["creditNote"]["id"];
    let issued = finance
        .act("issueInvoice", json!({ "id": id }), "invoice { status number approval { id version status } }")
        .await;
    let draft = &issued["invoice"];
    assert_eq!(
        (&draft["status"], &draft["number"], &draft["approval"]["status"]),
        (&json!("DRAFT"), &Value::Null, &json!("PENDING"))
    );
    // While it waits it's neither issued again nor archived.
    assert_eq!(finance.refused("issueInvoice", json!({ "id": id })).await.code, "CONFLICT");
    let archived = json!({ "id": id, "version": note["creditNote"]["version"] });
    assert_eq!(finance.refused("archiveInvoice", archived).await.code, "CONFLICT");
    approve(&company.tenant.owner, &draft["approval"]).await;
    let document = format!("{{ invoice(id: {id}) {{ status number approval {{ status }} }} }}");
    let now = finance.query(&document).await;
    assert!(now["invoice"]["number"].is_string(), "{now}");
    assert_eq!(now["invoice"]["approval"]["status"], "APPROVED");
    assert_eq!(company.due(&invoice).await, "0.00");
}

async fn an_expense_is_decided_by_others_than_who_spent(server: &'static Server) {
    let company = Company::open(server).await;
    let owner = &company.tenant.owner;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let (spender, spender_id) = company.tenant.join("EMPLOYEE").await;
    let employee = json!({ "name": "Nika", "costRate": "10.00", "membershipId": spender_id });
    let employee = owner.created("employee", employee).await;
    let approvers = json!([{ "role": "EMPLOYEE" }, { "role": "FINANCE" }]);
    company.rule(json!({ "subjectKind": "EXPENSE", "approvers": approvers })).await;
    let hand_in = async |who: &Caller<'_>| {
        let draft = json!({
            "employeeId": employee, "date": "2026-06-10", "amount": "50.00", "currency": "GEL", "description": "Taxi",
        });
        let draft = who.create("expense", draft, "id version").await;
        let handed_in = who.act("submitExpense", draft, "expense { id status }").await["expense"].clone();
        assert_eq!(handed_in["status"], "SUBMITTED");
        let document = format!(
            "{{ expense(id: {}) {{ status returnReason approval {{ id version status }} }} }}",
            handed_in["id"]
        );
        (handed_in, document)
    };

    let (expense, document) = hand_in(&spender).await;
    let waits = finance.query(&document).await["expense"]["approval"].clone();
    let own = spender.refused("approve", at(&waits)).await;
    assert_eq!((own.code.as_str(), own.field.as_deref()), ("INVALID_INPUT", Some("id")), "{own:?}");
    // Nobody posts past those who decide.
    assert_eq!(owner.refused("postExpense", json!({ "id": expense["id"] })).await.code, "CONFLICT");
    approve(&finance, &waits).await;
    assert_eq!(finance.query(&document).await["expense"]["status"], "POSTED");

    // Whoever hands it in: it's the spender's own, and the one's who asked.
    let (_, document) = hand_in(&finance).await;
    let waits = finance.query(&document).await["expense"]["approval"].clone();
    for who in [&spender, &finance] {
        assert_eq!(who.refused("approve", at(&waits)).await.field.as_deref(), Some("id"));
    }
    // It goes up to the owner, whose no gives it back with the reason.
    let mut no = at(&waits);
    no["note"] = json!("No receipt");
    owner.act("refuse", no, "approval { status }").await;
    let given_back = finance.query(&document).await["expense"].clone();
    assert_eq!((&given_back["status"], &given_back["returnReason"]), (&json!("DRAFT"), &json!("No receipt")));

    // Who keeps the books may give it back as well; then nobody is asked any more.
    let (expense, document) = hand_in(&spender).await;
    finance.act("returnExpense", json!({ "id": expense["id"], "reason": "Wrong project" }), "__typename").await;
    let given_back = finance.query(&document).await["expense"].clone();
    assert_eq!((&given_back["status"], &given_back["approval"]["status"]), (&json!("DRAFT"), &json!("WITHDRAWN")));
    assert_eq!(waits_for(&finance).await, [] as [String; 0]);
}

async fn a_bill_stays_a_draft_until_it_is_approved(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let project = company.tenant.owner.created("project", json!({ "name": "Fit-out" })).await;
    company.rule(json!({ "subjectKind": "BILL", "projectId": project })).await;
    let supplier = company.tenant.owner.created("company", json!({ "name": "Paper Ltd", "isSupplier": true })).await;
    let accounts = finance.query("{ accounts(first: 100) { nodes { id role } } }").await;
    let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts");
    let account = nodes.iter().find(|account| account["role"] == "EXPENSE").expect("an account")["id"].clone();
    let draft = async |number: &str, project: Option<&str>| {
        let line = json!({
            "description": "Paper", "quantity": "1", "unitPrice": "80.00", "accountId": account, "projectId": project,
        });
        let input = json!({
            "companyId": supplier, "date": "2026-06-01", "dueDate": "2026-06-30", "supplierNumber": number, "lines": [line],
        });
        finance.create("bill", input, "id version").await
    };
    let other = finance.act("postBill", draft("1", None).await, "bill { status approval { id } }").await;
    assert_eq!((&other["bill"]["status"], &other["bill"]["approval"]), (&json!("POSTED"), &Value::Null));
    let bill = draft("2", Some(&project)).await;
    let waits = finance.act("postBill", bill.clone(), "bill { status approval { id version } }").await["bill"].clone();
    assert_eq!(waits["status"], "DRAFT");
    let change = json!({ "id": bill["id"], "version": bill["version"], "note": "more" });
    assert_eq!(finance.refused("updateBill", change).await.code, "CONFLICT", "what waits stays as it is");
    assert_eq!(finance.refused("archiveBill", bill.clone()).await.code, "CONFLICT");
    approve(&company.tenant.owner, &waits["approval"]).await;
    let now = finance.query(&format!("{{ bill(id: {}) {{ status number }} }}", bill["id"])).await;
    assert_eq!(now["bill"]["status"], "POSTED");
}

async fn bad_input_of_rules_and_delegations_is_refused(server: &'static Server) {
    let company = Company::open(server).await;
    let owner = &company.tenant.owner;
    let (member, member_id) = company.tenant.join("EMPLOYEE").await;
    let (gone, gone_id) = company.tenant.join("EMPLOYEE").await;
    owner.act("removeMember", json!({ "memberId": gone_id }), "__typename").await;
    drop(gone);
    let account = owner.created("account", json!({ "code": "7001", "name": "Travel", "type": "EXPENSE" })).await;
    let category = owner.created("expenseCategory", json!({ "name": "Travel", "accountId": account })).await;
    let rule = |fields: Value| {
        let mut input =
            json!({ "name": "R", "subjectKind": "WRITE_OFF", "mode": "ANY", "approvers": [{ "role": "OWNER" }] });
        input.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        input
    };
    for (fields, code, field) in [
        (json!({ "name": " " }), "INVALID_INPUT", "name"),
        (json!({ "approvers": [] }), "INVALID_INPUT", "approvers"),
        (json!({ "approvers": [{}] }), "INVALID_INPUT", "approvers.0.role"),
        (json!({ "approvers": [{ "role": "OWNER", "manager": true }] }), "INVALID_INPUT", "approvers.0.role"),
        (json!({ "approvers": [{ "role": "OWNER" }, { "role": "OWNER" }] }), "INVALID_INPUT", "approvers.1"),
        (json!({ "approvers": [{ "membershipId": gone_id }] }), "NOT_FOUND", "approvers.0.membershipId"),
        (json!({ "minAmount": "-1.00" }), "INVALID_INPUT", "minAmount"),
        (json!({ "minAmount": "5.00", "maxAmount": "5.00" }), "INVALID_INPUT", "maxAmount"),
        (json!({ "minAmount": "1.001" }), "INVALID_INPUT", "minAmount"),
        (json!({ "categoryId": category }), "INVALID_INPUT", "categoryId"),
    ] {
        let error = owner.refused("createApprovalRule", rule(fields.clone())).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (code, Some(field)), "{fields}");
    }
    let rules = owner.query("{ approvalRules { totalCount } }").await;
    assert_eq!(rules["approvalRules"]["totalCount"], 0, "nothing was written");
    let absence = |fields: Value| {
        let mut input = json!({ "toId": member_id, "startDate": "2026-06-15", "endDate": "2026-06-16" });
        input.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        input
    };
    for (fields, code, field) in [
        (json!({ "toId": company.me }), "INVALID_INPUT", Some("toId")),
        (json!({ "toId": gone_id }), "NOT_FOUND", Some("toId")),
        (json!({ "endDate": "2026-06-14" }), "INVALID_INPUT", Some("endDate")),
    ] {
        let error = owner.refused("createApprovalDelegation", absence(fields.clone())).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{fields}");
    }
    // Nobody gives away what is another's to decide, but who runs the workspace.
    let of_owner = absence(json!({ "fromId": company.me }));
    assert_eq!(member.refused("createApprovalDelegation", of_owner).await.code, "FORBIDDEN");
    let for_member =
        json!({ "fromId": member_id, "toId": company.me, "startDate": "2026-06-15", "endDate": "2026-06-16" });
    owner.act("createApprovalDelegation", for_member, "__typename").await;
    let delegations = owner.query("{ approvalDelegations { totalCount } }").await;
    assert_eq!(delegations["approvalDelegations"]["totalCount"], 1);
}

both!(
    what_is_approved_is_done_and_what_is_refused_is_not,
    nobody_approves_what_is_their_own,
    a_sequence_is_kept_and_a_delegation_holds,
    of_two_who_decide_at_once_one_wins,
    a_credit_note_stays_a_draft_until_it_is_approved,
    an_expense_is_decided_by_others_than_who_spent,
    a_bill_stays_a_draft_until_it_is_approved,
    bad_input_of_rules_and_delegations_is_refused
);

mod alone {
    use super::*;

    async fn a_document_shows_the_newest_of_its_requests(server: Server) {
        {
            let company = Company::open(&server).await;
            let (finance, _) = company.tenant.join("FINANCE").await;
            company.rule(json!({})).await;
            let invoice = company.invoice("1000.00").await;
            let status = async || {
                let document = format!("{{ invoice(id: \"{invoice}\") {{ approval {{ status }} }} }}");
                finance.query(&document).await["invoice"]["approval"]["status"].clone()
            };
            let mut no = at(&company.ask(&finance, &invoice).await);
            no["note"] = json!("They will pay.");
            company.tenant.owner.act("refuse", no, "__typename").await;
            assert_eq!(status().await, "REFUSED");
            server.clock.advance(chrono::TimeDelta::hours(1));
            company.ask(&finance, &invoice).await;
            assert_eq!(status().await, "PENDING");
        }
        server.stop().await;
    }

    both_alone!(a_document_shows_the_newest_of_its_requests);
}
