//! Who changed what, when and from where.

use std::collections::HashSet;

use kamara_tests::{Caller, Database, Server, Tenant, both};
use sea_orm::{ConnectionTrait, DbBackend, Statement, TransactionTrait};
use serde_json::{Value, json};

use crate::books::text;

const ALL: &str = "id action subjectKind subjectId subjectName origin ip createdAt actor { id name }
    changes { field before after beforeName afterName }";

async fn events(caller: &Caller<'_>, filter: Value) -> Vec<Value> {
    let document =
        format!("query($filter: AuditFilter!) {{ auditEvents(filter: $filter, first: 100) {{ nodes {{ {ALL} }} }} }}");
    let answer = caller.send(&document, json!({ "filter": filter })).await.data();
    answer["auditEvents"]["nodes"].as_array().expect("events").clone()
}

fn change<'a>(event: &'a Value, field: &str) -> &'a Value {
    let changes = event["changes"].as_array().expect("changes");
    changes.iter().find(|change| change["field"] == field).unwrap_or(&Value::Null)
}

async fn every_change_is_told_field_by_field(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let manager = owner.created("employee", json!({ "name": "Nino", "costRate": "30.00" })).await;
    let made = owner.create("department", json!({ "name": "Audit" }), "id version").await;
    let change_of = json!({ "id": made["id"], "version": made["version"], "name": "Assurance", "managerId": manager });
    owner.act("updateDepartment", change_of, "__typename").await;

    let history =
        events(owner, json!({ "subjectKind": { "eq": "department" }, "subjectId": { "eq": made["id"] } })).await;
    assert_eq!(history.len(), 2, "{history:#?}");
    let changed = history.iter().find(|event| event["action"] == "update").expect("the change");
    assert_eq!(changed["subjectName"], "Assurance");
    assert_eq!(changed["actor"]["name"], "Nino");
    assert!(changed["ip"].is_string() && changed["origin"].is_string() && changed["createdAt"].is_string());
    assert_eq!(change(changed, "name")["before"], "Audit");
    assert_eq!(change(changed, "name")["after"], "Assurance");
    assert_eq!(change(changed, "managerId")["afterName"], "Nino");
    assert_eq!(changed["changes"].as_array().map(Vec::len), Some(2), "{changed:#}");
    let created = history.iter().find(|event| event["action"] == "create").expect("the beginning");
    assert_eq!(
        change(created, "name"),
        &json!({ "field": "name", "before": null, "after": "Audit", "beforeName": null, "afterName": null })
    );

    // Money and rates are told as the API tells them.
    let employees = events(owner, json!({ "subjectKind": { "eq": "employee" } })).await;
    assert_eq!(change(&employees[0], "costRate")["after"], "30");
}

/// What stands above tenants leaves events too, and none of them holds a secret.
async fn settings_members_and_invitations_are_told(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let me = owner.query("{ me { tenant { version } membership { id } } }").await;
    let version = &me["me"]["tenant"]["version"];
    owner.act("updateTenant", json!({ "version": version, "timeZone": "Europe/Berlin" }), "__typename").await;
    let settings = events(owner, json!({ "subjectKind": { "eq": "tenant" } })).await;
    assert_eq!(
        change(&settings[0], "timeZone"),
        &json!({
            "field": "timeZone", "before": "Asia/Tbilisi", "after": "Europe/Berlin", "beforeName": null, "afterName": null,
        })
    );

    let (_, member) = tenant.join("SALES").await;
    owner.act("changeMemberRole", json!({ "memberId": member, "role": "HR" }), "__typename").await;
    owner.act("removeMember", json!({ "memberId": member }), "__typename").await;
    let history = events(owner, json!({ "subjectKind": { "eq": "membership" }, "subjectId": { "eq": member } })).await;
    let mut actions: Vec<&str> = history.iter().filter_map(|event| event["action"].as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["create", "update", "update"]);
    let joined = history.iter().find(|event| event["action"] == "create").expect("the beginning");
    assert_eq!(joined["actor"]["id"], json!(member), "who accepts an invitation acts");

    let invited = owner
        .act("inviteMember", json!({ "email": Tenant::new_address(), "role": "SALES" }), "invitation { id }")
        .await;
    let invitation = &invited["invitation"]["id"];
    owner.act("revokeInvitation", json!({ "id": invitation }), "__typename").await;
    let history =
        events(owner, json!({ "subjectKind": { "eq": "invitation" }, "subjectId": { "eq": invitation } })).await;
    let mut actions: Vec<&str> = history.iter().filter_map(|event| event["action"].as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["create", "revoke"]);
    let all = events(owner, json!({})).await;
    let told = json!(all).to_string();
    for secret in ["hash", "token", "password"] {
        assert!(!told.contains(secret), "{secret}");
    }
    let sign_up = events(
        owner,
        json!({ "subjectKind": { "eq": "membership" }, "subjectId": { "eq": me["me"]["membership"]["id"] } }),
    )
    .await;
    assert_eq!(sign_up.len(), 1, "the sign-up is told: {sign_up:#?}");
}

async fn the_audit_is_filtered_searched_and_read_page_by_page(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    for name in ["Wissol", "Aversi", "Nikora"] {
        owner.created("company", json!({ "name": name, "isClient": true })).await;
    }
    let (finance, member) = tenant.join("FINANCE").await;
    finance.created("company", json!({ "name": "Carrefour", "isSupplier": true })).await;
    let named = |events: &[Value]| {
        let mut names: Vec<String> = events.iter().map(|event| text(&event["subjectName"])).collect();
        names.sort();
        names
    };
    assert_eq!(named(&events(owner, json!({ "search": "nikora" })).await), ["Nikora"]);
    assert_eq!(
        named(&events(&finance, json!({ "subjectKind": { "eq": "company" }, "actorId": { "eq": member } })).await),
        ["Carrefour"]
    );
    assert_eq!(
        events(owner, json!({ "subjectKind": { "eq": "company" }, "action": { "eq": "archive" } })).await,
        [] as [Value; 0]
    );
    let today = json!({ "gte": "2026-06-15T08:00:00Z", "lt": "2026-06-15T08:00:01Z" });
    assert_eq!(events(owner, json!({ "subjectKind": { "eq": "company" }, "createdAt": today })).await.len(), 4);
    let day = json!({ "eq": "2026-06-15" });
    assert_eq!(events(owner, json!({ "subjectKind": { "eq": "company" }, "date": day })).await.len(), 4);
    let later = json!({ "gt": "2026-06-15" });
    assert_eq!(events(owner, json!({ "date": later })).await, [] as [Value; 0]);
    let before = json!({ "lt": "2026-06-15T08:00:00Z" });
    assert_eq!(events(owner, json!({ "createdAt": before })).await, [] as [Value; 0]);

    let document =
        "query($after: String) { auditEvents(filter: { subjectKind: { eq: \"company\" } }, first: 3, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";
    let first = owner.send(document, json!({})).await.data()["auditEvents"].clone();
    assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(4), &json!(true)));
    let next =
        owner.send(document, json!({ "after": first["pageInfo"]["endCursor"] })).await.data()["auditEvents"].clone();
    assert_eq!((next["nodes"].as_array().map(Vec::len), &next["pageInfo"]["hasNextPage"]), (Some(1), &json!(false)));

    // Who doesn't keep the books or run the workspace sees none of it.
    let (sales, _) = tenant.join("SALES").await;
    assert_eq!(sales.send("{ auditEvents { nodes { id } } }", json!({})).await.error().code, "FORBIDDEN");
}

/// A field of one name may hold ids of several kinds of record: a supplier's credit note credits a bill, a client's an invoice.
async fn what_a_field_refers_to_is_named(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let supplier = owner.created("company", json!({ "name": "Office Ltd", "isSupplier": true })).await;
    let paper = json!([{ "description": "Paper", "unitPrice": "10.00" }]);
    let bill = json!({ "companyId": supplier, "supplierNumber": "A-1", "date": "2026-06-01", "lines": paper });
    let bill = owner.create("bill", bill, "id version").await;
    let posted = owner.act("postBill", bill.clone(), "bill { number }").await;
    let note = json!({ "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": supplier, "supplierNumber": "A-2",
        "date": "2026-06-02", "lines": paper });
    let note = owner.created("bill", note).await;
    let history = events(owner, json!({ "subjectKind": { "eq": "bill" }, "subjectId": { "eq": note } })).await;
    let credits = change(&history[0], "creditsId");
    assert_eq!((&credits["after"], &credits["afterName"]), (&bill["id"], &posted["bill"]["number"]));
    assert_eq!(change(&history[0], "companyId")["afterName"], "Office Ltd");

    let (_, colleague) = tenant.join("FINANCE").await;
    let absence = json!({ "toId": colleague, "startDate": "2026-06-15", "endDate": "2026-06-16" });
    owner.act("createApprovalDelegation", absence, "__typename").await;
    let history = events(owner, json!({ "subjectKind": { "eq": "approval_delegation" } })).await;
    let (from, to) = (change(&history[0], "fromId"), change(&history[0], "toId"));
    assert_eq!((&from["afterName"], &to["after"]), (&json!("Nino"), &json!(colleague)));
    assert!(to["afterName"].is_string(), "{to}");

    // What guards the ledger is no news to a person.
    let entries = events(owner, json!({ "subjectKind": { "eq": "journal_entry" } })).await;
    assert_eq!((entries.len(), change(&entries[0], "hash")), (1, &Value::Null));
    assert_eq!(change(&entries[0], "sourceKind")["after"], "bill");
}

/// The one event that a record has since it was last asked: the clock stands still, so their order says nothing.
async fn next_event(caller: &Caller<'_>, kind: &str, id: &Value, seen: &mut HashSet<String>) -> Value {
    let filter = json!({ "subjectKind": { "eq": kind }, "subjectId": { "eq": id } });
    let mut new = events(caller, filter).await;
    new.retain(|event| seen.insert(text(&event["id"])));
    assert_eq!(new.len(), 1, "{new:#?}");
    new.remove(0)
}

/// The fields of parts that an event tells of.
fn of_parts<'a>(event: &'a Value, parts: &str) -> Vec<&'a str> {
    let changes = event["changes"].as_array().expect("changes");
    let fields = changes.iter().filter_map(|change| change["field"].as_str());
    fields.filter(|field| *field == parts || field.starts_with(&format!("{parts}."))).collect()
}

async fn expense_account(caller: &Caller<'_>) -> String {
    let accounts = caller.query("{ accounts(first: 100) { nodes { id role } } }").await;
    let accounts = accounts["accounts"]["nodes"].as_array().expect("accounts");
    text(&accounts.iter().find(|account| account["role"] == "EXPENSE").expect("an account of each role")["id"])
}

/// Changing a draft's lines leaves its totals as they were, and yet says where the money goes.
async fn lines_of_bills_are_told(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (owner, mut seen) = (&tenant.owner, HashSet::new());
    let cost = expense_account(owner).await;
    let paper = owner.created("account", json!({ "code": "7499", "name": "Paper", "type": "EXPENSE" })).await;
    let supplier = owner.created("company", json!({ "name": "Office Ltd", "isSupplier": true })).await;
    let (kitchen, hall) = (
        owner.created("costCentre", json!({ "name": "Kitchen" })).await,
        owner.created("costCentre", json!({ "name": "Hall" })).await,
    );
    let lines = |account: &str, parts: Value| {
        json!([
            { "description": "Pens", "unitPrice": "5.00", "accountId": cost },
            { "description": "Sheets", "unitPrice": "10.00", "accountId": account, "costCentreSplits": parts },
        ])
    };
    let input = json!({ "companyId": supplier, "supplierNumber": "A-1", "lines": lines(&cost, json!([])) });
    let bill = owner.create("bill", input, "id version").await;
    next_event(owner, "bill", &bill["id"], &mut seen).await;
    let halves = json!([{ "costCentreId": kitchen, "percent": "50" }, { "costCentreId": hall, "percent": "50" }]);
    let moved = json!({ "id": bill["id"], "version": bill["version"], "lines": lines(&paper, halves) });
    let moved = owner.act("updateBill", moved, "bill { id version }").await["bill"].clone();
    let event = next_event(owner, "bill", &bill["id"], &mut seen).await;
    let account = change(&event, "lines.2.accountId");
    assert_eq!((&account["before"], &account["after"]), (&json!(cost), &json!(paper)));
    assert_eq!(account["afterName"], "7499 Paper");
    assert_eq!(change(&event, "lines.2.costCentreSplits.1.costCentreId")["afterName"], "Kitchen");
    assert_eq!(change(&event, "lines.2.costCentreSplits.2.share")["after"], "50%");
    assert_eq!(of_parts(&event, "lines").len(), 5, "the other line stayed: {event:#}");
    assert_eq!(change(&event, "total"), &Value::Null);
    let noted = json!({ "id": bill["id"], "version": moved["version"], "note": "thanks" });
    owner.act("updateBill", noted, "__typename").await;
    let event = next_event(owner, "bill", &bill["id"], &mut seen).await;
    assert_eq!(change(&event, "note")["after"], "thanks");
    assert_eq!(of_parts(&event, "lines"), [""; 0], "{event:#}");
}

async fn lines_of_invoices_are_told(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (owner, mut seen) = (&tenant.owner, HashSet::new());
    let client = owner.created("company", json!({ "name": "Client Ltd", "isClient": true })).await;
    let project = |name: &'static str| owner.created("project", json!({ "name": name, "companyId": client }));
    let (tower, bridge) = (project("Tower").await, project("Bridge").await);
    let line = |project: &str| json!([{ "description": "Design", "quantity": "1", "unitPrice": "90.00", "projectId": project }]);
    let invoice = owner.create("invoice", json!({ "companyId": client, "lines": line(&tower) }), "id version").await;
    next_event(owner, "invoice", &invoice["id"], &mut seen).await;
    let terms = json!({ "instalments": [{ "days": 1, "percent": "40" }, { "months": 1 }] });
    let moved = json!({ "id": invoice["id"], "version": invoice["version"], "lines": line(&bridge), "terms": terms });
    let moved = owner.act("updateInvoice", moved, "invoice { id version }").await["invoice"].clone();
    let event = next_event(owner, "invoice", &invoice["id"], &mut seen).await;
    let of = change(&event, "lines.1.projectId");
    assert_eq!((&of["beforeName"], &of["afterName"]), (&json!("Tower"), &json!("Bridge")));
    assert_eq!(of_parts(&event, "lines"), ["lines.1.projectId"]);
    assert_eq!(change(&event, "instalments.1.amount")["after"], "36.00");
    let same = json!({ "id": invoice["id"], "version": moved["version"], "lines": line(&bridge), "note": "thanks" });
    owner.act("updateInvoice", same, "__typename").await;
    let event = next_event(owner, "invoice", &invoice["id"], &mut seen).await;
    assert_eq!(of_parts(&event, "lines"), [""; 0], "written anew, they're as they were: {event:#}");
    assert_eq!(of_parts(&event, "instalments"), [""; 0], "{event:#}");
}

async fn amounts_of_budgets_and_parts_of_rules_are_told(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (owner, mut seen) = (&tenant.owner, HashSet::new());
    let rent = expense_account(owner).await;
    let (kitchen, hall) = (
        owner.created("costCentre", json!({ "name": "Kitchen" })).await,
        owner.created("costCentre", json!({ "name": "Hall" })).await,
    );
    let input = json!({ "name": "Plan", "from": "2026-01-01", "to": "2026-12-31" });
    let budget = owner.create("budget", input, "id version").await;
    next_event(owner, "budget", &budget["id"], &mut seen).await;
    let set = async |version: &Value, amount: &str| {
        let line = |month: &str, amount: &str| json!({ "accountId": rent, "month": month, "amount": amount });
        let lines = [line("2026-05-01", "100.00"), line("2026-06-01", amount)];
        let input = json!({ "id": budget["id"], "version": version, "lines": lines });
        owner.act("setBudgetLines", input, "budget { version }").await["budget"]["version"].clone()
    };
    let version = set(&budget["version"], "100.00").await;
    next_event(owner, "budget", &budget["id"], &mut seen).await;
    let version = set(&version, "250.00").await;
    let event = next_event(owner, "budget", &budget["id"], &mut seen).await;
    let told = |field: &str| (change(&event, field)["before"].clone(), change(&event, field)["after"].clone());
    assert_eq!(told("lines.1.amount"), (json!("100.00"), Value::Null));
    assert_eq!(told("lines.1.month"), (json!("2026-06-01"), Value::Null));
    assert_eq!(told("lines.2.amount"), (Value::Null, json!("250.00")));
    assert_eq!(change(&event, "lines.2.accountId")["after"], json!(rent));
    assert_eq!(of_parts(&event, "lines").len(), 6, "May's amount stayed: {event:#}");
    set(&version, "250.00").await;
    assert_eq!(of_parts(&next_event(owner, "budget", &budget["id"], &mut seen).await, "lines"), [""; 0]);

    let share = |id: &str, percent: &str| json!({ "targetId": id, "percent": percent });
    let shares = json!([share(&kitchen, "60"), share(&hall, "40")]);
    let input = json!({ "name": "Rent", "basis": "FIXED", "target": "COST_CENTRE", "shares": shares });
    let rule = owner.create("allocationRule", input, "id version").await;
    next_event(owner, "allocation_rule", &rule["id"], &mut seen).await;
    let shares = json!([share(&kitchen, "60"), share(&hall, "30")]);
    let input = json!({ "id": rule["id"], "version": rule["version"], "accountIds": [rent], "shares": shares });
    owner.act("updateAllocationRule", input, "__typename").await;
    let event = next_event(owner, "allocation_rule", &rule["id"], &mut seen).await;
    let told = |field: &str| (change(&event, field)["before"].clone(), change(&event, field)["after"].clone());
    assert_eq!(told("shares.2.share"), (json!("40%"), json!("30%")));
    assert_eq!(told("accounts.1.accountId"), (Value::Null, json!(rent)));
    assert_eq!(of_parts(&event, "shares"), ["shares.2.share"]);
}

both!(
    every_change_is_told_field_by_field,
    lines_of_bills_are_told,
    lines_of_invoices_are_told,
    amounts_of_budgets_and_parts_of_rules_are_told,
    what_a_field_refers_to_is_named,
    settings_members_and_invitations_are_told,
    the_audit_is_filtered_searched_and_read_page_by_page
);

/// A page of many events reads a page's worth of rows, by an index, with the policy on.
#[test]
fn pages_of_many_events_are_read_by_an_index() {
    kamara_tests::block_on(async {
        let server = Server::shared(Database::Postgres).await;
        let tenant = Tenant::sign_up(server).await;
        let connection = server.as_server().await;
        let transaction = connection.begin().await.expect("a transaction");
        let run = async |sql: String| {
            let outcome = transaction.execute_unprepared(&sql).await;
            outcome.unwrap_or_else(|error| panic!("{sql}: {error}"));
        };
        run(format!("set local kamara.tenant = '{}'", tenant.id)).await;
        run(format!(
            "insert into event (tenant_id, id, created_at, action, subject_kind, subject_id, origin)
             select '{}', ('01970000-' || lpad(to_hex(n / 65536), 4, '0') || '-7' || lpad(to_hex(n % 4096), 3, '0') || '-8000-'
                 || lpad(to_hex(n), 12, '0'))::uuid, timestamptz '2025-01-01' + n * interval '1 minute', 'update', 'company',
                 ('00000000-0000-7000-8000-' || lpad(to_hex(n % 1000), 12, '0'))::uuid, 'test' from generate_series(1, 100000) n",
            tenant.id
        ))
        .await;
        let of = format!("tenant_id = '{}'", tenant.id);
        for (condition, order) in [
            (String::new(), "id desc"),
            ("and id < '01970000-0001-7fff-8000-000000010000'".to_owned(), "id desc"),
            (
                "and subject_kind = 'company' and subject_id = '00000000-0000-7000-8000-0000000001f4'".to_owned(),
                "id desc",
            ),
        ] {
            let sql = format!("explain select * from event where {of} {condition} order by {order} limit 51");
            let rows =
                transaction.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("a plan");
            let plan: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).expect("a line")).collect();
            let plan = plan.join("\n");
            assert!(plan.contains("Index Scan") || plan.contains("Bitmap Index Scan"), "{condition}:\n{plan}");
            assert!(!plan.contains("Seq Scan"), "{condition}:\n{plan}");
        }
        transaction.rollback().await.expect("a rollback");
        connection.close().await.expect("an orderly end");
    });
}
