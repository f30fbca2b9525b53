//! The accountant's statements, the chart as a tree, fiscal years and what they close.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::{Books, text};

/// A company that has sold 1,000 of two services on credit and spent 300 in cash, in 2025, and sold 500 in 2026.
struct Firm<'a> {
    tenant: Tenant<'a>,
    accounts: Value,
    client: String,
}

impl<'a> Firm<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let accounts = tenant.owner.query("{ accounts(first: 100) { nodes { id code role type isGroup } } }").await;
        let client = tenant.owner.created("company", json!({ "name": "Vake Clinic", "isClient": true })).await;
        Self { tenant, accounts: accounts["accounts"]["nodes"].clone(), client }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    fn account(&self, role: &str) -> &Value {
        let accounts = self.accounts.as_array().expect("accounts");
        accounts.iter().find(|account| account["role"] == role).unwrap_or_else(|| panic!("no account of role {role}"))
    }

    fn code(&self, role: &str) -> String {
        text(&self.account(role)["code"])
    }

    fn entry(&self, date: &str, debit: &str, credit: &str, amount: &str) -> Value {
        json!({ "date": date, "description": format!("{debit} {amount}"), "lines": [
            { "accountId": self.account(debit)["id"], "debit": amount, "companyId": self.client, "partyId": self.client },
            { "accountId": self.account(credit)["id"], "credit": amount, "companyId": self.client, "partyId": self.client },
        ] })
    }

    async fn post(&self, date: &str, debit: &str, credit: &str, amount: &str) {
        self.owner().act("createJournalEntry", self.entry(date, debit, credit, amount), "journalEntry { id }").await;
    }

    async fn trade(&self) {
        self.post("2025-03-10", "RECEIVABLE", "REVENUE", "1000.00").await;
        self.post("2025-05-20", "EXPENSE", "BANK", "300.00").await;
        self.post("2026-02-01", "RECEIVABLE", "REVENUE", "500.00").await;
    }

    /// A row for each account: its code and the figures.
    async fn report(&self, report: &str, figures: &[&str]) -> Vec<Vec<String>> {
        let document =
            format!("{{ reports {{ report: {report} {{ rows {{ account {{ code }} {} }} }} }} }}", figures.join(" "));
        let shown = self.owner().query(&document).await;
        let row = |row: &Value| {
            let code = row["account"]["code"].as_str().unwrap_or("-").to_owned();
            let figures = figures.iter().map(|figure| row[figure].as_str().unwrap_or_default().to_owned());
            std::iter::once(code).chain(figures).collect()
        };
        shown["reports"]["report"]["rows"].as_array().expect("rows").iter().map(row).collect()
    }

    async fn year(&self, name: &str) -> Value {
        let input = json!({ "startDate": format!("{name}-01-01") });
        self.owner().create("fiscalYear", input, "id name startDate endDate status periods { number status }").await
    }

    async fn newest_seq(&self) -> Value {
        let newest = self.owner().query("{ journalEntries(first: 1) { nodes { seq } } }").await;
        newest["journalEntries"]["nodes"][0]["seq"].clone()
    }

    /// What must be refused and leave nothing behind.
    async fn refused(&self, act: &str, input: Value, code: &str, field: Option<&str>) {
        let before = self.books().await;
        let error = self.owner().refused(act, input.clone()).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{act} {input}: {}", error.message);
        assert_eq!(self.books().await, before, "{act} {input} left something behind");
    }

    async fn books(&self) -> Value {
        self.owner()
            .query(
                "{ journalEntries(first: 1) { totalCount nodes { seq } } lockDates { ledger tax subLedgers locked }
                   fiscalYears { nodes { id status periods { status } } } accounts(first: 1) { totalCount } }",
            )
            .await
    }
}

fn rows(expected: &[&[&str]]) -> Vec<Vec<String>> {
    expected.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

async fn statements_say_what_the_ledger_has(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    let (receivable, bank) = (firm.code("RECEIVABLE"), firm.code("BANK"));
    let (revenue, expense) = (firm.code("REVENUE"), firm.code("EXPENSE"));
    let trial = firm.report(r#"trialBalance(at: "2025-12-31")"#, &["debit", "credit"]).await;
    let expected = rows(&[
        &[&bank, "0.00", "300.00"],
        &[&receivable, "1000.00", "0.00"],
        &[&revenue, "0.00", "1000.00"],
        &[&expense, "300.00", "0.00"],
    ]);
    assert_eq!(trial, expected);

    let document = r#"{ reports {
        trialBalance(at: "2026-12-31") { rows { account { code name } debit credit lines { totalCount nodes { debit credit } } } total { debit credit } }
        profitAndLoss(from: "2026-01-01", to: "2026-12-31", compare: PREVIOUS_PERIOD) {
            rows { account { code } amount previous lines(previous: true) { nodes { debit credit } } }
            previousFrom previousTo result { amount previous lines { totalCount } } }
        balanceSheet(at: "2026-12-31") { rows { account { code type } label balance lines { totalCount } } balanced assets liabilities equity }
        agedReceivables(at: "2026-12-31") { rows { company { name } current days1To30 days31To60 days61To90 over90 total lines(bucket: OVER_90) { totalCount } } total { total } }
        agedPayables(at: "2026-12-31") { rows { company { name } } total { total } } } }"#;
    let shown = firm.owner().query(document).await;
    let reports = &shown["reports"];
    assert_eq!(reports["trialBalance"]["total"], json!({ "debit": "1800.00", "credit": "1800.00" }));
    let result = &reports["profitAndLoss"];
    assert_eq!((&result["previousFrom"], &result["previousTo"]), (&json!("2025-01-01"), &json!("2025-12-31")));
    assert_eq!(
        result["rows"],
        json!([
            { "account": { "code": revenue }, "amount": "500.00", "previous": "1000.00",
              "lines": { "nodes": [{ "debit": "0.00", "credit": "1000.00" }] } },
            { "account": { "code": expense }, "amount": "0.00", "previous": "300.00",
              "lines": { "nodes": [{ "debit": "300.00", "credit": "0.00" }] } },
        ])
    );
    assert_eq!(result["result"], json!({ "amount": "500.00", "previous": "700.00", "lines": { "totalCount": 1 } }));
    let sheet = &reports["balanceSheet"];
    assert_eq!(
        (&sheet["balanced"], &sheet["assets"], &sheet["liabilities"], &sheet["equity"]),
        (&json!(true), &json!("1200.00"), &json!("0.00"), &json!("1200.00"))
    );
    assert_eq!(
        sheet["rows"][2],
        json!({ "account": null, "label": "Result of open years", "balance": "1200.00", "lines": { "totalCount": 3 } })
    );
    assert_eq!(
        reports["agedReceivables"],
        json!({ "rows": [{
            "company": { "name": "Vake Clinic" }, "current": "0.00", "days1To30": "0.00", "days31To60": "0.00",
            "days61To90": "0.00", "over90": "1500.00", "total": "1500.00", "lines": { "totalCount": 2 },
        }], "total": { "total": "1500.00" } })
    );
    assert_eq!(reports["agedPayables"], json!({ "rows": [], "total": { "total": "0.00" } }));
}

async fn an_invoice_ages_by_its_due_date_and_the_past_stands(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let client = owner.created("company", json!({ "name": "Aged client", "isClient": true })).await;
    let draft = json!({ "companyId": client, "date": "2026-04-01", "dueDate": "2026-05-01",
        "lines": [{ "description": "Audit", "quantity": "1", "unitPrice": "100.00" }] });
    let draft = owner.create("invoice", draft, "id version").await;
    owner.act("issueInvoice", draft.clone(), "invoice { id }").await;
    let aged = async |at: &str| {
        let document = format!(
            r#"{{ reports {{ agedReceivables(at: "{at}", dimension: {{ companyId: "{client}" }}) {{ rows {{ company {{ name }} current days1To30 days31To60 total }} }} }} }}"#
        );
        owner.query(&document).await["reports"]["agedReceivables"]["rows"].clone()
    };
    let row = |current: &str, late: &str, later: &str| json!([{ "company": { "name": "Aged client" }, "current": current, "days1To30": late, "days31To60": later, "total": "100.00" }]);
    assert_eq!(aged("2026-03-31").await, json!([]));
    assert_eq!(aged("2026-05-01").await, row("100.00", "0.00", "0.00"));
    assert_eq!(aged("2026-05-02").await, row("0.00", "100.00", "0.00"));
    assert_eq!(aged("2026-06-01").await, row("0.00", "0.00", "100.00"));
    let payment = json!({ "companyId": client, "date": "2026-06-05", "amount": "100.00", "currency": "GEL",
        "accountId": firm.account("BANK")["id"], "allocations": [{ "invoiceId": draft["id"], "amount": "100.00" }] });
    owner.act("recordPayment", payment, "payment { id }").await;
    assert_eq!(aged("2026-06-04").await, row("0.00", "0.00", "100.00"), "what is paid later leaves the past as it was");
    assert_eq!(aged("2026-06-05").await, json!([]));
}

async fn the_general_ledger_runs_and_is_paged(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    firm.post("2025-04-01", "BANK", "RECEIVABLE", "400.00").await;
    let account = text(&firm.account("RECEIVABLE")["id"]);
    let page = async |after: Value| {
        let document = format!(
            r#"query($after: String) {{ reports {{ generalLedger(accountId: "{account}", from: "2025-03-11", to: "2026-12-31", first: 1, after: $after) {{
                account {{ role }} opening debit credit closing
                lines {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ balance line {{ date debit credit }} }} }} }} }} }}"#
        );
        firm.owner().send(&document, json!({ "after": after })).await.data()["reports"]["generalLedger"].clone()
    };
    let first = page(Value::Null).await;
    assert_eq!(
        (&first["opening"], &first["debit"], &first["credit"], &first["closing"], &first["lines"]["totalCount"]),
        (&json!("1000.00"), &json!("500.00"), &json!("400.00"), &json!("1100.00"), &json!(2))
    );
    let node = json!({ "balance": "600.00", "line": { "date": "2025-04-01", "debit": "0.00", "credit": "400.00" } });
    assert_eq!(first["lines"]["nodes"], json!([node]), "by date, whatever was posted last");
    assert_eq!(first["lines"]["pageInfo"]["hasNextPage"], true);
    let second = page(first["lines"]["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(
        (&second["lines"]["nodes"][0]["balance"], &second["lines"]["pageInfo"]["hasNextPage"]),
        (&json!("1100.00"), &json!(false))
    );
}

async fn a_part_of_the_ledger_is_the_companys_own(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    let other = Books::open(Tenant::sign_up(server).await).await;
    let dimensions = ["company", "project", "department", "costCentre", "employee"];
    let reports = [
        r#"trialBalance(at: "2026-12-31""#,
        r#"profitAndLoss(from: "2026-01-01", to: "2026-12-31""#,
        r#"balanceSheet(at: "2026-12-31""#,
        r#"agedReceivables(at: "2026-12-31""#,
        r#"agedPayables(at: "2026-12-31""#,
    ];
    for (report, dimension) in reports.iter().flat_map(|report| dimensions.map(|dimension| (report, dimension))) {
        let document = format!(
            r#"{{ reports {{ {report}, dimension: {{ {dimension}Id: "{}" }}) {{ asOf }} }} }}"#,
            other.id(dimension)
        );
        let error = firm.owner().send(&document, json!({})).await.error();
        assert_eq!((error.code, error.field), ("NOT_FOUND".into(), Some(format!("{dimension}Id"))), "{document}");
    }
    let document = format!(
        r#"{{ reports {{ generalLedger(accountId: "{}", from: "2026-01-01", to: "2026-12-31") {{ opening }} }} }}"#,
        other.id("account")
    );
    let error = firm.owner().send(&document, json!({})).await.error();
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("NOT_FOUND", Some("accountId")));
    let backwards = r#"{ reports { profitAndLoss(from: "2026-01-02", to: "2026-01-01") { asOf } } }"#;
    let error = firm.owner().send(backwards, json!({})).await.error();
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("from")));
}

async fn the_chart_is_a_tree_whose_groups_take_nothing(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let chart = owner
        .query("{ accounts(first: 100) { nodes { id code isGroup role parent { code isGroup type } type } } }")
        .await;
    let nodes = chart["accounts"]["nodes"].as_array().expect("accounts").clone();
    let of = |code: &str| {
        nodes.iter().find(|account| account["code"] == code).unwrap_or_else(|| panic!("no {code}")).clone()
    };
    assert_eq!(of("1210")["parent"]["code"], "1200");
    assert_eq!(of("1200")["parent"]["code"], "1000");
    assert_eq!((&of("3340")["role"], &of("5150")["parent"]["code"]), (&json!("INPUT_TAX"), &json!("5100")));
    for account in &nodes {
        let parent = &account["parent"];
        assert!(parent.is_null() || parent["isGroup"] == true && parent["type"] == account["type"], "{account}");
    }
    let (assets, expenses) = (of("1200")["id"].clone(), of("7400")["id"].clone());
    let line = |account: &Value, side: &str| json!({ "accountId": account, side: "5.00" });
    let entry = json!({ "date": "2026-01-05", "description": "On a group", "lines": [
        line(&expenses, "debit"), line(&firm.account("BANK")["id"], "credit") ] });
    firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("lines.0.accountId")).await;
    let new = |parent: &Value, group: bool| json!({ "code": "7499", "name": "Gifts", "type": "EXPENSE", "parentId": parent, "isGroup": group });
    firm.refused("createAccount", new(&assets, false), "INVALID_INPUT", Some("parentId")).await;
    firm.refused("createAccount", new(&firm.account("EXPENSE")["id"], false), "INVALID_INPUT", Some("parentId")).await;
    let mut with_role = new(&expenses, true);
    with_role["role"] = json!("EXPENSE");
    firm.refused("createAccount", with_role, "INVALID_INPUT", Some("role")).await;

    let outer = owner.create("account", new(&expenses, true), "id version isGroup parent { code }").await;
    assert_eq!((&outer["isGroup"], &outer["parent"]["code"]), (&json!(true), &json!("7400")));
    let inner = json!({ "code": "7498", "name": "Inner", "type": "EXPENSE", "parentId": outer["id"], "isGroup": true });
    let inner = owner.create("account", inner, "id version").await;
    let change = |record: &Value, field: &str, value: Value| json!({ "id": record["id"], "version": record["version"], field: value });
    firm.refused("updateAccount", change(&outer, "parentId", inner["id"].clone()), "INVALID_INPUT", Some("parentId"))
        .await;
    firm.refused("updateAccount", change(&outer, "isGroup", json!(false)), "CONFLICT", None).await;
    firm.refused("archiveAccount", json!({ "id": outer["id"], "version": outer["version"] }), "CONFLICT", None).await;
    let moved = owner
        .act("updateAccount", change(&inner, "parentId", Value::Null), "account { version parent { code } }")
        .await;
    assert_eq!(moved["account"]["parent"], Value::Null);
    let gifts = json!({ "code": "7497", "name": "Gifts", "type": "EXPENSE", "parentId": outer["id"] });
    let gifts = owner.create("account", gifts, "id version").await;
    let archived = async |act: &str, record: &Value| {
        let input = json!({ "id": record["id"], "version": record["version"] });
        owner.act(act, input, "account { id version }").await["account"].clone()
    };
    let gifts = archived("archiveAccount", &gifts).await;
    let outer = archived("archiveAccount", &outer).await;
    let restored = json!({ "id": gifts["id"], "version": gifts["version"] });
    firm.refused("restoreAccount", restored, "CONFLICT", None).await;
    archived("restoreAccount", &outer).await;
    archived("restoreAccount", &gifts).await;

    firm.trade().await;
    let used = owner
        .query(&format!(r#"{{ account(id: "{}") {{ id version }} }}"#, text(&firm.account("EXPENSE")["id"])))
        .await;
    let mut group = change(&used["account"], "isGroup", json!(true));
    group["role"] = Value::Null;
    firm.refused("updateAccount", group, "CONFLICT", None).await;

    let none = owner.query("mutation { addMissingAccounts { accounts { code } } }").await;
    assert_eq!(none["addMissingAccounts"]["accounts"], json!([]), "nothing is missing after a sign-up");
    // What has another code and another name than in the chart is still there.
    let goods = of("1610");
    let version = owner.query(&format!(r#"{{ account(id: "{}") {{ version }} }}"#, text(&goods["id"]))).await;
    let renamed = json!({ "id": goods["id"], "version": version["account"]["version"], "code": "1611" });
    owner.act("updateAccount", renamed, "account { id }").await;
    let added = owner.query("mutation { addMissingAccounts { accounts { code name parent { code } } } }").await;
    let expected = json!([{ "code": "1610", "name": "Goods", "parent": { "code": "1600" } }]);
    assert_eq!(added["addMissingAccounts"]["accounts"], expected);
}

async fn a_years_close_moves_its_result_and_its_reopening_takes_it_back(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    let owner = firm.owner();
    let year = firm.year("2025").await;
    assert_eq!(
        (&year["name"], &year["endDate"], &year["status"]),
        (&json!("2025"), &json!("2025-12-31"), &json!("OPEN"))
    );
    let next = owner.create("fiscalYear", json!({}), "id name startDate").await;
    assert_eq!((&next["name"], &next["startDate"]), (&json!("2026"), &json!("2026-01-01")));
    firm.refused("createFiscalYear", json!({ "startDate": "2028-01-01" }), "INVALID_INPUT", Some("startDate")).await;
    firm.refused("createFiscalYear", json!({ "startDate": "2027-01-02" }), "INVALID_INPUT", Some("startDate")).await;
    firm.refused("createFiscalYear", json!({ "endDate": "2027-06-15" }), "INVALID_INPUT", Some("endDate")).await;
    firm.refused("createFiscalYear", json!({ "endDate": "2028-12-31" }), "INVALID_INPUT", Some("endDate")).await;
    firm.refused("closeFiscalYear", json!({ "id": next["id"] }), "CONFLICT", None).await;

    let result = r#"profitAndLoss(from: "2025-01-01", to: "2025-12-31")"#;
    let before = firm.report(result, &["amount"]).await;
    let closed = owner
        .act(
            "closeFiscalYear",
            json!({ "id": year["id"] }),
            "fiscalYear { status closingEntry { date sourceKind lines { account { code } debit credit company { id } } } periods { status } }",
        )
        .await;
    let closed = &closed["fiscalYear"];
    let line = |role: &str, debit: &str, credit: &str| json!({ "account": { "code": firm.code(role) }, "debit": debit, "credit": credit, "company": null });
    assert_eq!(
        closed["closingEntry"],
        json!({ "date": "2025-12-31", "sourceKind": "CLOSING", "lines": [
            line("REVENUE", "1000.00", "0.00"), line("EXPENSE", "0.00", "300.00"), line("RETAINED_EARNINGS", "0.00", "700.00") ] })
    );
    assert!(closed["periods"].as_array().expect("periods").iter().all(|period| period["status"] == "CLOSED"));
    assert_eq!(firm.report(result, &["amount"]).await, before, "a result leaves closing entries out");
    let margin =
        r#"{ reports { margin(from: "2025-01-01", to: "2025-12-31", groupBy: COMPANY) { total { revenue cost } } } }"#;
    assert_eq!(
        owner.query(margin).await["reports"]["margin"]["total"],
        json!({ "revenue": "1000.00", "cost": "300.00" })
    );
    let sheet = firm.report(r#"balanceSheet(at: "2025-12-31")"#, &["balance"]).await;
    let expected = rows(&[
        &[&firm.code("BANK"), "-300.00"],
        &[&firm.code("RECEIVABLE"), "1000.00"],
        &[&firm.code("RETAINED_EARNINGS"), "700.00"],
    ]);
    assert_eq!(sheet, expected, "nothing is left of the year's result");

    firm.refused(
        "createJournalEntry",
        firm.entry("2025-06-01", "EXPENSE", "BANK", "1.00"),
        "INVALID_INPUT",
        Some("date"),
    )
    .await;
    firm.refused("closeFiscalYear", json!({ "id": year["id"] }), "CONFLICT", None).await;
    firm.refused(
        "reopenPeriod",
        json!({ "fiscalYearId": year["id"], "number": 12, "reason": "A late bill" }),
        "CONFLICT",
        None,
    )
    .await;
    firm.refused(
        "setLockDates",
        json!({ "ledger": "2025-06-30", "reason": "A late bill" }),
        "INVALID_INPUT",
        Some("ledger"),
    )
    .await;
    firm.refused("closeBooks", json!({ "until": "2025-06-30" }), "INVALID_INPUT", Some("until")).await;
    firm.refused("reopenFiscalYear", json!({ "id": year["id"], "reason": " " }), "INVALID_INPUT", Some("reason")).await;
    let reopen = json!({ "id": year["id"], "reason": "A late bill" });
    let reopened = owner.act("reopenFiscalYear", reopen.clone(), "fiscalYear { status closingEntry { id } }").await;
    assert_eq!(reopened["fiscalYear"], json!({ "status": "OPEN", "closingEntry": null }));
    firm.refused("reopenFiscalYear", reopen, "CONFLICT", None).await;
    assert_eq!(firm.report(result, &["amount"]).await, before);
    let sheet = firm.report(r#"balanceSheet(at: "2025-12-31")"#, &["balance"]).await;
    assert_eq!(sheet[2], ["-".to_owned(), "700.00".to_owned()], "the result is the year's own again");
    // A late bill, and the close again.
    let period = |number: i32| json!({ "fiscalYearId": year["id"], "number": number, "reason": "A late bill" });
    firm.refused("reopenPeriod", period(11), "CONFLICT", None).await;
    owner.act("reopenPeriod", period(12), "fiscalYear { id }").await;
    firm.post("2025-12-30", "EXPENSE", "BANK", "50.00").await;
    owner.act("closeFiscalYear", json!({ "id": year["id"] }), "fiscalYear { id }").await;
    let sheet = firm.report(r#"balanceSheet(at: "2025-12-31")"#, &["balance"]).await;
    assert_eq!(sheet[2], [firm.code("RETAINED_EARNINGS"), "650.00".to_owned()]);
}

async fn periods_close_reopen_and_lock_in_order(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    let owner = firm.owner();
    let (year, this_year) = (firm.year("2025").await, firm.year("2026").await);
    let period = |number: i32| json!({ "fiscalYearId": year["id"], "number": number });
    let reopening = |number: i32| json!({ "fiscalYearId": year["id"], "number": number, "reason": "A late bill" });
    firm.refused("closePeriod", period(13), "INVALID_INPUT", Some("number")).await;
    firm.refused("closePeriod", period(2), "CONFLICT", None).await;
    firm.refused("lockPeriod", period(1), "CONFLICT", None).await;
    firm.refused("reopenPeriod", reopening(1), "CONFLICT", None).await;
    firm.refused("closePeriod", json!({ "fiscalYearId": this_year["id"], "number": 12 }), "CONFLICT", None).await;
    let closed =
        owner.act("closePeriod", period(1), "fiscalYear { periods { number startDate endDate status } }").await;
    assert_eq!(
        closed["fiscalYear"]["periods"][0],
        json!({ "number": 1, "startDate": "2025-01-01", "endDate": "2025-01-31", "status": "CLOSED" })
    );
    firm.refused("closePeriod", period(1), "CONFLICT", None).await;
    owner.act("closePeriod", period(2), "fiscalYear { id }").await;
    let on = |date: &str| firm.entry(date, "EXPENSE", "BANK", "1.00");
    firm.refused("createJournalEntry", on("2025-02-28"), "INVALID_INPUT", Some("date")).await;
    owner.act("createJournalEntry", on("2025-03-01"), "journalEntry { id }").await;
    firm.refused("reopenPeriod", reopening(1), "CONFLICT", None).await;
    owner.act("reopenPeriod", reopening(2), "fiscalYear { id }").await;
    owner.act("createJournalEntry", on("2025-02-28"), "journalEntry { id }").await;
    owner.act("closePeriod", period(2), "fiscalYear { id }").await;
    let locked = owner.act("lockPeriod", period(2), "fiscalYear { periods { status } }").await;
    let statuses: Vec<&Value> =
        locked["fiscalYear"]["periods"].as_array().expect("periods").iter().map(|period| &period["status"]).collect();
    assert_eq!(&statuses[..3], [&json!("LOCKED"), &json!("LOCKED"), &json!("OPEN")], "and all before it");
    firm.refused("reopenPeriod", reopening(2), "CONFLICT", None).await;
    firm.refused("setLockDates", json!({ "ledger": null, "reason": "A late bill" }), "INVALID_INPUT", Some("ledger"))
        .await;
    for number in 3..=12 {
        owner.act("closePeriod", period(number), "fiscalYear { id }").await;
    }
    firm.refused("lockPeriod", period(12), "CONFLICT", None).await;
    owner.act("closeFiscalYear", json!({ "id": year["id"] }), "fiscalYear { id }").await;
    owner.act("lockPeriod", period(12), "fiscalYear { id }").await;
    firm.refused("reopenFiscalYear", json!({ "id": year["id"], "reason": "A late bill" }), "CONFLICT", None).await;
}

async fn taxes_and_sub_ledgers_have_dates_of_their_own(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let dates = json!({ "tax": "2026-03-31", "subLedgers": "2026-02-28" });
    let set = owner.act("setLockDates", dates, "lockDates { ledger tax subLedgers locked }").await;
    assert_eq!(
        set["lockDates"],
        json!({ "ledger": null, "tax": "2026-03-31", "subLedgers": "2026-02-28", "locked": null })
    );
    for (date, debit, credit, taken) in [
        ("2026-03-31", "INPUT_TAX", "BANK", false),
        ("2026-03-31", "BANK", "OUTPUT_TAX", false),
        ("2026-04-01", "INPUT_TAX", "BANK", true),
        ("2026-02-28", "RECEIVABLE", "REVENUE", false),
        ("2026-02-28", "EXPENSE", "PAYABLE", false),
        ("2026-03-01", "RECEIVABLE", "REVENUE", true),
        ("2026-02-28", "EXPENSE", "BANK", true),
    ] {
        let entry = firm.entry(date, debit, credit, "10.00");
        if taken {
            owner.act("createJournalEntry", entry, "journalEntry { id }").await;
        } else {
            firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("date")).await;
        }
    }
    firm.refused("setLockDates", json!({ "tax": "2026-02-28" }), "INVALID_INPUT", Some("reason")).await;
    firm.refused("setLockDates", json!({ "subLedgers": "2026-12-31" }), "INVALID_INPUT", Some("subLedgers")).await;
    let back = json!({ "tax": null, "reason": "The return was wrong" });
    let set = owner.act("setLockDates", back, "lockDates { tax subLedgers }").await;
    assert_eq!(set["lockDates"], json!({ "tax": null, "subLedgers": "2026-02-28" }));
}

async fn entries_by_hand_name_whose_they_are_and_no_far_day(server: &'static Server) {
    let firm = Firm::open(server).await;
    let employee = firm.owner().created("employee", json!({ "name": "Nino Beridze" })).await;
    for (role, field, id) in [
        ("RECEIVABLE", "partyId", &firm.client),
        ("PAYABLE", "partyId", &firm.client),
        ("CUSTOMER_ADVANCE", "partyId", &firm.client),
        ("SUPPLIER_ADVANCE", "partyId", &firm.client),
        ("EMPLOYEE_PAYABLE", "employeeId", &employee),
    ] {
        let mut entry = firm.entry("2026-03-01", role, "BANK", "10.00");
        entry["lines"][0]["partyId"] = Value::Null;
        let named = format!("lines.0.{field}");
        firm.refused("createJournalEntry", entry.clone(), "INVALID_INPUT", Some(&named)).await;
        entry["lines"][0][field] = json!(id);
        firm.owner().act("createJournalEntry", entry, "journalEntry { id }").await;
    }
    // A year that is mistyped is found before anything is dated after it.
    let far = firm.entry("2062-03-01", "EXPENSE", "BANK", "10.00");
    firm.refused("createJournalEntry", far, "INVALID_INPUT", Some("date")).await;
    let line = json!({ "description": "Advice", "quantity": "1", "unitPrice": "10", "taxCodeId": null });
    let draft = |date: &str| json!({ "companyId": firm.client, "date": date, "lines": [line] });
    let mistyped = firm.owner().create("invoice", draft("2062-06-01"), "id").await;
    firm.refused("issueInvoice", json!({ "id": mistyped["id"] }), "INVALID_INPUT", Some("date")).await;
    let right = firm.owner().create("invoice", draft("2026-06-01"), "id").await;
    firm.owner().act("issueInvoice", json!({ "id": right["id"] }), "invoice { number }").await;
}

async fn a_role_is_one_accounts_alone(server: &'static Server) {
    let firm = Firm::open(server).await;
    let account = |code: &str, role: &str| json!({ "code": code, "name": code, "type": "ASSET", "role": role });
    firm.refused("createAccount", account("1405", "RECEIVABLE"), "INVALID_INPUT", Some("role")).await;
    let bank = firm.owner().act("createAccount", account("1211", "BANK"), "account { id version }").await;
    let bank = &bank["account"];
    let moved = json!({ "id": bank["id"], "version": bank["version"], "role": "RECEIVABLE" });
    firm.refused("updateAccount", moved, "INVALID_INPUT", Some("role")).await;
}

async fn what_open_documents_are_worth_is_reckoned_after_the_sub_ledgers_close(server: &'static Server) {
    let firm = Firm::open(server).await;
    let line = json!({ "description": "Advice", "quantity": "1", "unitPrice": "100", "taxCodeId": null });
    let draft =
        json!({ "companyId": firm.client, "date": "2026-03-01", "currency": "USD", "rate": "2.70", "lines": [line] });
    let draft = firm.owner().create("invoice", draft, "id").await;
    firm.owner().act("issueInvoice", json!({ "id": draft["id"] }), "invoice { id }").await;
    let rate = json!({ "currency": "USD", "date": "2026-03-31", "rate": "2.80" });
    firm.owner().act("setExchangeRate", rate, "__typename").await;
    firm.owner().act("setLockDates", json!({ "subLedgers": "2026-03-31" }), "lockDates { ledger }").await;
    let entry = firm.entry("2026-03-31", "RECEIVABLE", "REVENUE", "1.00");
    firm.refused("createJournalEntry", entry, "INVALID_INPUT", Some("date")).await;
    firm.owner().act("revalueCurrencies", json!({ "date": "2026-03-31" }), "__typename").await;
    let worth = firm.report(r#"balanceSheet(at: "2026-03-31")"#, &["balance"]).await;
    assert!(worth.contains(&vec![firm.code("RECEIVABLE"), "280.00".to_owned()]), "{worth:?}");
}

async fn a_year_closes_once_however_many_close_it(server: &'static Server) {
    let firm = Firm::open(server).await;
    firm.trade().await;
    let year = firm.year("2025").await;
    let before = firm.newest_seq().await.as_i64().expect("a number");
    let close = || firm.owner().try_act("closeFiscalYear", json!({ "id": year["id"] }), "fiscalYear { status }");
    let post = || {
        let entry = firm.entry("2025-07-01", "EXPENSE", "BANK", "1.00");
        firm.owner().try_act("createJournalEntry", entry, "journalEntry { seq }")
    };
    let answers = tokio::join!(post(), close(), post(), close(), close(), post());
    let (closed, posted) = ([answers.1, answers.3, answers.4], [answers.0, answers.2, answers.5]);
    let done = closed.iter().filter(|answer| answer.try_error().is_none()).count();
    assert_eq!(done, 1, "{:?}", closed.iter().map(|answer| &answer.text).collect::<Vec<_>>());
    assert!(closed.iter().filter_map(kamara_tests::Answer::try_error).all(|error| error.code == "CONFLICT"));
    let posted = i64::try_from(posted.iter().filter(|answer| answer.try_error().is_none()).count()).expect("few");
    assert_eq!(firm.newest_seq().await, json!(before + posted + 1), "each posting came before the close or not at all");
    let sheet = firm.report(r#"balanceSheet(at: "2025-12-31")"#, &["balance"]).await;
    assert!(sheet.iter().all(|row| row[0] != "-"), "nothing is left of the year's result: {sheet:?}");
}

/// A statement of a cost centre is that of all its parts too, and opens into their lines.
async fn a_cost_centres_statements_contain_its_parts(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let office = owner.created("costCentre", json!({ "name": "Office" })).await;
    let kitchen = owner.created("costCentre", json!({ "name": "Kitchen", "parentId": office })).await;
    let hall = owner.created("costCentre", json!({ "name": "Hall" })).await;
    for (centre, amount) in [(&office, "100.00"), (&kitchen, "70.00"), (&hall, "9.00")] {
        let mut entry = firm.entry("2026-02-01", "EXPENSE", "BANK", amount);
        entry["lines"][0]["costCentreId"] = json!(centre);
        owner.act("createJournalEntry", entry, "journalEntry { id }").await;
    }
    let (expense, of) = (firm.account("EXPENSE"), format!(r#"dimension: {{ costCentreId: "{office}" }}"#));
    let lines = "lines(first: 10) { totalCount nodes { debit } }";
    let document = format!(
        r#"{{ reports {{
            profitAndLoss(from: "2026-01-01", to: "2026-12-31", {of}) {{ rows {{ amount {lines} }} expenses {{ amount }} }}
            trialBalance(at: "2026-12-31", {of}) {{ rows {{ debit {lines} }} }}
            generalLedger(accountId: {}, from: "2026-01-01", to: "2026-12-31", {of}) {{ closing lines {{ nodes {{ balance }} }} }}
        }} }}"#,
        expense["id"]
    );
    let shown = owner.query(&document).await["reports"].clone();
    let mut debits = Vec::new();
    for (report, figure) in [("profitAndLoss", "amount"), ("trialBalance", "debit")] {
        let rows = shown[report]["rows"].as_array().expect("rows");
        assert_eq!((rows.len(), &rows[0][figure]), (1, &json!("170.00")), "{report}");
        let nodes = rows[0]["lines"]["nodes"].as_array().expect("lines").iter();
        debits.push(nodes.map(|line| text(&line["debit"])).collect::<Vec<_>>());
    }
    assert_eq!(debits, [["100.00", "70.00"], ["100.00", "70.00"]], "they add up to the figure");
    assert_eq!(shown["profitAndLoss"]["expenses"]["amount"], "170.00");
    let ledger = &shown["generalLedger"];
    assert_eq!(ledger["closing"], "170.00");
    assert_eq!(ledger["lines"]["nodes"], json!([{ "balance": "100.00" }, { "balance": "170.00" }]));
    // A part without parts has its own lines only.
    let of = document.replace(&office, &kitchen);
    let shown = owner.query(&of).await["reports"].clone();
    assert_eq!(shown["trialBalance"]["rows"][0]["debit"], "70.00");
}

both!(
    statements_say_what_the_ledger_has,
    an_invoice_ages_by_its_due_date_and_the_past_stands,
    the_general_ledger_runs_and_is_paged,
    a_part_of_the_ledger_is_the_companys_own,
    a_cost_centres_statements_contain_its_parts,
    the_chart_is_a_tree_whose_groups_take_nothing,
    a_years_close_moves_its_result_and_its_reopening_takes_it_back,
    periods_close_reopen_and_lock_in_order,
    taxes_and_sub_ledgers_have_dates_of_their_own,
    entries_by_hand_name_whose_they_are_and_no_far_day,
    a_role_is_one_accounts_alone,
    what_open_documents_are_worth_is_reckoned_after_the_sub_ledgers_close,
    a_year_closes_once_however_many_close_it,
);
