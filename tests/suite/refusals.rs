//! What an accountant does wrong most, and what issues at once: each is told by code and field, and leaves nothing behind.

use std::collections::BTreeSet;

use futures::future::join_all;
use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, with},
};

impl Firm<'_> {
    async fn account(&self, role: &str) -> String {
        let document = format!("{{ accounts(first: 1, filter: {{ role: {{ eq: {role} }} }}) {{ nodes {{ id }} }} }}");
        text(&self.owner().query(&document).await["accounts"]["nodes"][0]["id"])
    }

    async fn entry(&self, date: &str, debit: &str, credit: &str) -> Value {
        json!({ "date": date, "description": "Rent", "lines": [
            { "accountId": self.account("EXPENSE").await, "debit": debit },
            { "accountId": self.account("BANK").await, "credit": credit },
        ] })
    }
}

async fn an_entry_that_does_not_balance(server: &'static Server) {
    let firm = Firm::open(server).await;
    let entry = firm.entry("2026-06-01", "10.00", "9.99").await;
    firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("lines")).await;
    // Equal in another currency, and by a tetri not in that of the books.
    let mut entry = firm.entry("2026-06-01", "10.00", "27.01").await;
    entry["lines"][0] = with(entry["lines"][0].clone(), json!({ "currency": "USD", "rate": "2.70" }));
    firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("lines")).await;
}

async fn a_day_that_is_closed(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-05-01", "100.00", json!({})).await;
    let paid = firm.invoice("2026-05-02", "100.00", json!({})).await;
    let whole = json!({ "allocations": [{ "invoiceId": paid["id"], "amount": "118.00" }] });
    let payment = firm.pay("2026-05-03", "118.00", whole).await;
    let line = json!({ "description": "Late", "quantity": "1", "unitPrice": "1.00" });
    let input = json!({ "companyId": firm.client, "date": "2026-05-31", "lines": [line] });
    let late = firm.owner().create("invoice", input, "id").await;
    firm.owner().act("setLockDates", json!({ "ledger": "2026-05-31" }), "lockDates { ledger }").await;
    let entry = firm.entry("2026-05-31", "10.00", "10.00").await;
    let off = json!({ "invoiceId": invoice["id"], "date": "2026-05-20", "reason": "Lost" });
    let undo = json!({ "id": payment["allocations"][0]["id"], "date": "2026-05-20" });
    for (act, input) in [
        ("createJournalEntry", entry),
        ("recordPayment", firm.receipt("2026-05-31", "5.00", json!({}))),
        ("issueInvoice", json!({ "id": late["id"] })),
        ("writeOff", off),
        ("undoAllocation", undo),
        ("reversePayment", json!({ "id": payment["id"], "date": "2026-05-31" })),
    ] {
        firm.refused(act, input, "INVALID_INPUT", Some("date")).await;
    }
    let void = json!({ "id": invoice["id"], "date": "2026-06-01" });
    firm.refused("voidInvoice", void, "CONFLICT", None).await;
}

async fn more_than_is_open(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-06-01", "100.00", json!({})).await;
    let part = |amount: &str| json!([{ "invoiceId": invoice["id"], "amount": amount }]);
    let amount = Some("allocations.0.amount");
    let paid = firm.receipt("2026-06-02", "200.00", json!({ "allocations": part("118.01") }));
    firm.refused("recordPayment", paid, "INVALID_INPUT", amount).await;
    let payment = firm.pay("2026-06-02", "200.00", json!({})).await;
    let allocated = json!({ "id": payment["id"], "date": "2026-06-03", "allocations": part("118.01") });
    firm.refused("allocatePayment", allocated, "INVALID_INPUT", amount).await;
    let off = json!({ "invoiceId": invoice["id"], "amount": "118.01", "reason": "Lost" });
    firm.refused("writeOff", off, "INVALID_INPUT", Some("amount")).await;
}

async fn another_currency_without_a_rate(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-06-01", "100.00", json!({ "currency": "USD", "rate": "2.70" })).await;
    let part = json!([{ "invoiceId": invoice["id"], "amount": "118.00" }]);
    let dollars = json!({ "companyId": firm.client, "date": "2026-06-02", "amount": "118.00", "currency": "USD", "allocations": part });
    firm.refused("recordPayment", dollars, "INVALID_INPUT", Some("rate")).await;
    let lari = firm.receipt("2026-06-02", "320.00", json!({ "allocations": part }));
    firm.refused("recordPayment", lari, "INVALID_INPUT", Some("allocations.0.paidAmount")).await;
}

async fn voiding_what_is_paid(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-06-01", "100.00", json!({})).await;
    for amount in ["18.00", "100.00"] {
        let part = json!({ "allocations": [{ "invoiceId": invoice["id"], "amount": amount }] });
        firm.pay("2026-06-02", amount, part).await;
        firm.refused("voidInvoice", json!({ "id": invoice["id"] }), "CONFLICT", None).await;
    }
    assert_eq!(firm.again(&invoice).await["status"], "PAID");
}

async fn a_bank_file_that_comes_twice_or_has_a_gap_or_is_broken(server: &'static Server) {
    let firm = Firm::open(server).await;
    let import = |content: &str, format: &str, mapping: Value| json!({ "bankAccountId": firm.bank, "format": format, "content": content, "mapping": mapping });
    let csv = "date,amount,balance\n2026-06-01,5.00,105.00\n2026-06-02,7.00,112.00\n";
    firm.owner().act("importBankStatement", import(csv, "CSV", json!({})), "lineCount").await;
    firm.refused("importBankStatement", import(csv, "CSV", json!({})), "CONFLICT", None).await;
    let gap = "date,amount,balance\n2026-06-09,5.00,205.00\n";
    firm.refused("importBankStatement", import(gap, "CSV", json!({})), "INVALID_INPUT", Some("content")).await;
    let camt = "<Document><BkToCstmrStmt><Stmt><Id>S</Id><Bal>";
    firm.refused("importBankStatement", import(camt, "CAMT_053", json!({})), "INVALID_INPUT", Some("content")).await;
    let lines = firm
        .owner()
        .query("{ bankStatementLines(first: 1) { totalCount } bankStatements(first: 1) { totalCount } }")
        .await;
    assert_eq!(lines, json!({ "bankStatementLines": { "totalCount": 2 }, "bankStatements": { "totalCount": 1 } }));
}

async fn approving_ones_own_expense(server: &'static Server) {
    let firm = Firm::open(server).await;
    let me = firm.owner().query("{ me { membership { id } } }").await;
    let employee = json!({ "name": "Nino", "membershipId": me["me"]["membership"]["id"] });
    let employee = firm.owner().created("employee", employee).await;
    let rule = json!({ "name": "Expenses", "subjectKind": "EXPENSE", "mode": "ANY", "approvers": [{ "role": "OWNER" }, { "role": "FINANCE" }] });
    firm.owner().act("createApprovalRule", rule, "approvalRule { id }").await;
    firm.tenant.join("FINANCE").await;
    let draft = json!({ "employeeId": employee, "date": "2026-06-10", "amount": "50.00", "description": "Taxi" });
    let draft = firm.owner().create("expense", draft, "id version").await;
    firm.owner().act("submitExpense", draft.clone(), "expense { status }").await;
    let document = "query($id: ID!) { expense(id: $id) { status approval { id version } } }";
    let shown = async || firm.owner().send(document, json!({ "id": draft["id"] })).await.data()["expense"].clone();
    let waits = shown().await;
    firm.refused("approve", waits["approval"].clone(), "INVALID_INPUT", Some("id")).await;
    firm.refused("postExpense", json!({ "id": draft["id"] }), "CONFLICT", None).await;
    assert_eq!(shown().await, waits);
}

async fn cost_centres_in_a_circle_and_a_split_of_99_percent(server: &'static Server) {
    let firm = Firm::open(server).await;
    let all = firm.owner().created("costCentre", json!({ "name": "All" })).await;
    let office = firm.owner().created("costCentre", json!({ "name": "Office", "parentId": all })).await;
    for parent in [&all, &office] {
        let circle = json!({ "id": all, "version": 1, "parentId": parent });
        firm.refused("updateCostCentre", circle, "INVALID_INPUT", Some("parentId")).await;
    }
    let share = |id: &str, percent: &str| json!({ "costCentreId": id, "percent": percent });
    let splits = json!({ "costCentreSplits": [share(&all, "50"), share(&office, "49")] });
    let mut entry = firm.entry("2026-06-01", "10.00", "10.00").await;
    entry["lines"][0] = with(entry["lines"][0].clone(), splits.clone());
    firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("lines.0.costCentreSplits")).await;
    let line = with(json!({ "description": "Work", "quantity": "1", "unitPrice": "1.00" }), splits);
    let invoice = json!({ "companyId": firm.client, "date": "2026-06-01", "lines": [line] });
    firm.refused("createInvoice", invoice, "INVALID_INPUT", Some("lines.0.costCentreSplits")).await;
}

/// How many drafts, and how many issue them at once.
const DRAFTS: usize = 200;
const CLIENTS: usize = 16;

async fn two_hundred_invoices_issued_at_once(server: &'static Server) {
    let firm = Firm::open(server).await;
    let line = json!([{ "description": "Audit", "quantity": "1", "unitPrice": "100.00", "taxCodeId": firm.vat }]);
    let mut drafts = Vec::with_capacity(DRAFTS);
    for _ in 0..DRAFTS {
        let input = json!({ "companyId": firm.client, "date": "2026-06-01", "lines": line });
        drafts.push(firm.owner().created("invoice", input).await);
    }
    let before = firm.owner().query("{ journalEntries(first: 1) { totalCount } }").await;
    assert_eq!(before["journalEntries"]["totalCount"], 0);
    // Each client has a connection of its own, and asks again and again.
    let client = async |ids: Vec<String>, caller: Caller<'_>| {
        let mut issued = Vec::with_capacity(ids.len());
        for id in ids {
            let selection = "invoice { number status journalEntry { seq } }";
            let answer = caller.try_act("issueInvoice", json!({ "id": id }), selection).await;
            assert!(answer.try_error().is_none(), "{}", answer.text);
            issued.push(answer.data()["issueInvoice"]["invoice"].clone());
        }
        issued
    };
    let shares = drafts.chunks(DRAFTS.div_ceil(CLIENTS)).map(<[String]>::to_vec);
    let issued: Vec<Value> =
        join_all(shares.map(|ids| client(ids, firm.owner().clone()))).await.into_iter().flatten().collect();
    let numbers: BTreeSet<String> = issued.iter().map(|invoice| text(&invoice["number"])).collect();
    let wanted: BTreeSet<String> = (1..=DRAFTS).map(|number| format!("INV-{number:06}")).collect();
    assert_eq!(numbers, wanted, "no gap and no double");
    let mut seqs: Vec<i64> = issued.iter().filter_map(|invoice| invoice["journalEntry"]["seq"].as_i64()).collect();
    seqs.sort_unstable();
    assert_eq!(seqs, (1..=i64::try_from(DRAFTS).expect("few")).collect::<Vec<_>>());
    assert_eq!(firm.balance("RECEIVABLE", "2026-06-30").await, "23600.00");
    firm.ties("2026-06-30").await;
    let problems = crate::verify::problems(server, &firm.tenant.id).await;
    assert!(problems.is_empty(), "{problems:?}");
}

both!(
    an_entry_that_does_not_balance,
    a_day_that_is_closed,
    more_than_is_open,
    another_currency_without_a_rate,
    voiding_what_is_paid,
    a_bank_file_that_comes_twice_or_has_a_gap_or_is_broken,
    approving_ones_own_expense,
    cost_centres_in_a_circle_and_a_split_of_99_percent,
    two_hundred_invoices_issued_at_once,
);
