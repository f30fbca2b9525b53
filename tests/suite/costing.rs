//! Cost centres as a tree, splits of a line, overhead that is spread, and budgets.

mod limits;

use kamara_tests::{Caller, Server, Tenant, both};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::books::text;

/// A company with a few cost centres, departments and accounts, by their names.
struct Company<'a> {
    tenant: Tenant<'a>,
    rent: String,
    bank: String,
    revenue: String,
}

impl<'a> Company<'a> {
    async fn sign_up(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let accounts = tenant.owner.query("{ accounts(first: 100) { nodes { id role } } }").await;
        let account = |role: &str| {
            let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts");
            text(&nodes.iter().find(|account| account["role"] == role).expect("an account of each role")["id"])
        };
        let (rent, bank, revenue) = (account("EXPENSE"), account("BANK"), account("REVENUE"));
        Self { tenant, rent, bank, revenue }
    }

    const fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    async fn cost_centre(&self, name: &str, parent: Option<&str>) -> String {
        self.owner().created("costCentre", json!({ "name": name, "parentId": parent })).await
    }

    async fn department(&self, name: &str, people: usize) -> String {
        let id = self.owner().created("department", json!({ "name": name })).await;
        for person in 0..people {
            let input = json!({ "name": format!("{name} {person}"), "departmentId": id, "costRate": "10.00" });
            self.owner().created("employee", input).await;
        }
        id
    }

    /// Posts an amount that is spent, with what reports cut by.
    async fn spend(&self, date: &str, amount: &str, dimensions: Value) -> Value {
        let mut debit = json!({ "accountId": self.rent, "debit": amount });
        debit.as_object_mut().expect("a line").extend(dimensions.as_object().expect("dimensions").clone());
        let credit = json!({ "accountId": self.bank, "credit": amount });
        let input = json!({ "date": date, "description": "Rent", "lines": [debit, credit] });
        self.owner().act("createJournalEntry", input, ENTRY).await["journalEntry"].clone()
    }

    async fn earn(&self, date: &str, amount: &str, dimensions: Value) {
        let mut credit = json!({ "accountId": self.revenue, "credit": amount });
        credit.as_object_mut().expect("a line").extend(dimensions.as_object().expect("dimensions").clone());
        let debit = json!({ "accountId": self.bank, "debit": amount });
        let input = json!({ "date": date, "description": "Sale", "lines": [debit, credit] });
        self.owner().act("createJournalEntry", input, "journalEntry { id }").await;
    }

    async fn rule(&self, input: Value) -> String {
        self.owner().created("allocationRule", input).await
    }

    async fn run(&self, rule: &str) -> Value {
        let input = json!({ "ruleId": rule, "from": "2026-05-01", "to": "2026-05-31" });
        self.owner().act("runAllocation", input, RUN).await["allocationRun"].clone()
    }

    /// What each row of the margin costs, by its label.
    async fn costs(&self, group: &str) -> Vec<(String, String)> {
        let document = format!(
            r#"{{ reports {{ margin(from: "2026-05-01", to: "2026-05-31", groupBy: {group}) {{ rows {{ label cost }} }} }} }}"#
        );
        let shown = self.owner().query(&document).await;
        let rows = shown["reports"]["margin"]["rows"].as_array().expect("rows").clone();
        let mut rows: Vec<_> = rows.iter().map(|row| (text(&row["label"]), text(&row["cost"]))).collect();
        rows.sort();
        rows
    }

    async fn newest_entry(&self) -> i64 {
        let shown = self.owner().query("{ journalEntries(first: 1) { nodes { seq } } }").await;
        shown["journalEntries"]["nodes"][0]["seq"].as_i64().unwrap_or_default()
    }
}

const ENTRY: &str =
    "journalEntry { id lines { debit credit amount { amount currency } costCentre { name } account { code } } }";
const RUN: &str = "allocationRun { id status from to allocated { amount } unallocated { amount } replaces { id status }
    journalEntry { date sourceKind lines { debit credit account { code } costCentre { name } department { name } project { name } company { name } }
        reversedBy { date } } }";

fn rows(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(label, cost)| ((*label).to_owned(), (*cost).to_owned())).collect()
}

// --- the tree ---

async fn a_cost_centre_is_a_part_of_another_and_never_of_itself(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let all = company.cost_centre("All", None).await;
    let office = company.cost_centre("Office", Some(&all)).await;
    let kitchen = company.cost_centre("Kitchen", Some(&office)).await;
    let tree = format!(
        r#"{{ costCentre(id: "{office}") {{ parent {{ name }} children {{ name children {{ name }} }} version }} }}"#
    );
    let shown = owner.query(&tree).await["costCentre"].clone();
    assert_eq!((&shown["parent"]["name"], &shown["children"][0]["name"]), (&json!("All"), &json!("Kitchen")));

    for parent in [&office, &kitchen] {
        let refused =
            owner.refused("updateCostCentre", json!({ "id": office, "version": 1, "parentId": parent })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("parentId")));
    }
    let refused = owner.refused("archiveCostCentre", json!({ "id": office, "version": 1 })).await;
    assert_eq!(refused.code, "CONFLICT", "it has a part");
    assert_eq!(owner.query(&tree).await["costCentre"], shown, "nothing was written");

    // A part that moves takes its own parts along.
    company.spend("2026-05-04", "10.00", json!({ "costCentreId": kitchen })).await;
    company.spend("2026-05-04", "3.00", json!({ "costCentreId": office })).await;
    let report = r#"{ reports { costCentres(from: "2026-05-01", to: "2026-05-31") {
        rows { label depth parent cost totalCost lines { totalCount } totalLines { totalCount nodes { debit } } } total { cost } } } }"#;
    let before = owner.query(report).await["reports"]["costCentres"].clone();
    let figures =
        |row: &Value| (text(&row["label"]), row["depth"].clone(), text(&row["cost"]), text(&row["totalCost"]));
    let row = |label: &str, depth: i64, cost: &str, total: &str| {
        (label.to_owned(), json!(depth), cost.to_owned(), total.to_owned())
    };
    let shown: Vec<_> = before["rows"].as_array().expect("rows").iter().map(figures).collect();
    assert_eq!(
        shown,
        [row("All", 0, "0.00", "13.00"), row("Office", 1, "3.00", "13.00"), row("Kitchen", 2, "10.00", "10.00")]
    );
    assert_eq!(before["rows"][0]["totalLines"]["totalCount"], 2);
    assert_eq!((&before["rows"][0]["lines"]["totalCount"], &before["total"]["cost"]), (&json!(0), &json!("13.00")));
    let move_away = json!({ "id": office, "version": 1, "parentId": null });
    owner.act("updateCostCentre", move_away, "costCentre { parent { id } }").await;
    let after = owner.query(report).await["reports"]["costCentres"].clone();
    let shown: Vec<_> = after["rows"].as_array().expect("rows").iter().map(figures).collect();
    assert_eq!(shown, [row("Office", 0, "3.00", "13.00"), row("Kitchen", 1, "10.00", "10.00")]);

    // What is archived takes no parts, and comes back only under what is there.
    owner.act("archiveCostCentre", json!({ "id": all, "version": 1 }), "costCentre { id }").await;
    for (act, input) in [
        ("createCostCentre", json!({ "name": "New", "parentId": all })),
        ("updateCostCentre", json!({ "id": office, "version": 2, "parentId": all })),
    ] {
        let refused = owner.refused(act, input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("parentId")), "{act}");
    }
    owner.act("archiveCostCentre", json!({ "id": kitchen, "version": 1 }), "costCentre { id }").await;
    owner.act("archiveCostCentre", json!({ "id": office, "version": 2 }), "costCentre { id }").await;
    assert_eq!(owner.refused("restoreCostCentre", json!({ "id": kitchen, "version": 2 })).await.code, "CONFLICT");
    owner.act("restoreCostCentre", json!({ "id": office, "version": 3 }), "costCentre { id }").await;
    owner.act("restoreCostCentre", json!({ "id": kitchen, "version": 2 }), "costCentre { id }").await;
}

async fn two_moves_at_once_make_no_circle(server: &'static Server) {
    let company = Company::sign_up(server).await;
    for _ in 0..8 {
        let (a, b) = (company.cost_centre("A", None).await, company.cost_centre("B", None).await);
        let moved = |id: &str, parent: &str| json!({ "id": id, "version": 1, "parentId": parent });
        let (first, second) = tokio::join!(
            company.owner().try_act("updateCostCentre", moved(&a, &b), "costCentre { id }"),
            company.owner().try_act("updateCostCentre", moved(&b, &a), "costCentre { id }"),
        );
        let refused: Vec<_> = [first, second].iter().filter_map(kamara_tests::Answer::try_error).collect();
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(refused[0].field.as_deref(), Some("parentId"));
    }
}

// --- splits ---

async fn a_line_is_split_over_cost_centres(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let centres = [
        company.cost_centre("A", None).await,
        company.cost_centre("B", None).await,
        company.cost_centre("C", None).await,
    ];
    let splits = |percents: [&str; 3]| -> Value {
        centres.iter().zip(percents).map(|(id, percent)| json!({ "costCentreId": id, "percent": percent })).collect()
    };
    let thirds = splits(["33.34", "33.33", "33.33"]);
    let parts = |entry: &Value, side: &str| -> Vec<(Value, String, Value)> {
        let lines = entry["lines"].as_array().expect("lines").iter();
        lines
            .filter(|line| !line["costCentre"].is_null())
            .map(|line| (line["costCentre"]["name"].clone(), text(&line[side]), line["amount"]["amount"].clone()))
            .collect()
    };
    let line = |centre: &str, base: &str, amount: &str| (json!(centre), base.to_owned(), json!(amount));

    let entry = company.spend("2026-05-04", "100.00", json!({ "costCentreSplits": thirds })).await;
    assert_eq!(
        parts(&entry, "debit"),
        [line("A", "33.34", "33.34"), line("B", "33.33", "33.33"), line("C", "33.33", "33.33")]
    );

    let expense = json!({
        "date": "2026-05-05", "amount": "10.01", "currency": "USD", "rate": "2.7", "description": "Taxi", "costCentreSplits": thirds,
    });
    let selection =
        format!("expense {{ id costCentre {{ id }} costCentreSplits {{ costCentre {{ name }} percent }} {ENTRY} }}");
    let made = owner.act("recordExpense", expense, &selection).await["expense"].clone();
    assert_eq!(made["costCentreSplits"][0], json!({ "costCentre": { "name": "A" }, "percent": "33.34" }));
    assert_eq!(
        parts(&made["journalEntry"], "debit"),
        [line("A", "9.01", "3.34"), line("B", "9.01", "3.34"), line("C", "9.01", "3.33")]
    );
    let reversal =
        "expense { journalEntry { reversedBy { lines { debit credit amount { amount } costCentre { name } } } } }";
    let reversed = owner.act("reverseExpense", json!({ "id": made["id"] }), reversal).await;
    let taken_back = parts(&reversed["expense"]["journalEntry"]["reversedBy"], "credit");
    assert_eq!(taken_back[0], line("A", "9.01", "-3.34"));

    // An invoice keeps the shares of its lines until it's issued, and its credit note takes them back.
    let client = owner.created("company", json!({ "name": "Client", "isClient": true })).await;
    let invoice_line =
        json!({ "description": "Work", "quantity": "1", "unitPrice": "0.05", "costCentreSplits": thirds });
    let input = json!({ "companyId": client, "date": "2026-05-06", "lines": [invoice_line] });
    let selection = "id version lines { costCentreSplits { percent costCentre { name } } }";
    let draft = owner.create("invoice", input, selection).await;
    let change = json!({ "id": draft["id"], "version": 1, "note": "The lines stay" });
    let draft = owner.act("updateInvoice", change, &format!("invoice {{ {selection} }}")).await["invoice"].clone();
    assert_eq!(draft["lines"][0]["costCentreSplits"].as_array().map(Vec::len), Some(3));
    let lines = json!([{ "description": "Work", "quantity": "1", "unitPrice": "0.05", "costCentreSplits": splits(["20", "30", "50"]) }]);
    let change = json!({ "id": draft["id"], "version": 2, "lines": lines });
    let draft = owner.act("updateInvoice", change, &format!("invoice {{ {selection} }}")).await["invoice"].clone();
    assert_eq!(draft["lines"][0]["costCentreSplits"][2], json!({ "percent": "50", "costCentre": { "name": "C" } }));
    let issue = json!({ "id": draft["id"], "version": 3 });
    let issued = owner.act("issueInvoice", issue, &format!("invoice {{ {ENTRY} }}")).await["invoice"].clone();
    assert_eq!(
        parts(&issued["journalEntry"], "credit"),
        [line("A", "0.01", "-0.01"), line("B", "0.02", "-0.02"), line("C", "0.02", "-0.02")]
    );
    let note = owner.act("createCreditNote", json!({ "invoiceId": draft["id"] }), "creditNote { id version }").await;
    let issue = json!({ "id": note["creditNote"]["id"], "version": note["creditNote"]["version"] });
    let credited = owner.act("issueInvoice", issue, &format!("invoice {{ {ENTRY} }}")).await["invoice"].clone();
    assert_eq!(
        parts(&credited["journalEntry"], "debit"),
        [line("A", "0.01", "0.01"), line("B", "0.02", "0.02"), line("C", "0.02", "0.02")]
    );
}

async fn a_split_of_99_percent_is_refused(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let other = Company::sign_up(server).await;
    let owner = company.owner();
    let (a, b) = (company.cost_centre("A", None).await, company.cost_centre("B", None).await);
    let theirs = other.cost_centre("Theirs", None).await;
    let half = |id: &str| json!({ "costCentreId": id, "percent": "50" });
    let cases = [
        ("99%", json!({ "costCentreSplits": [half(&a), { "costCentreId": b, "percent": "49" }] }), "INVALID_INPUT", ""),
        (
            "101%",
            json!({ "costCentreSplits": [half(&a), { "costCentreId": b, "percent": "51" }] }),
            "INVALID_INPUT",
            "",
        ),
        (
            "one and several",
            json!({ "costCentreId": a, "costCentreSplits": [half(&a), half(&b)] }),
            "INVALID_INPUT",
            "",
        ),
        ("twice", json!({ "costCentreSplits": [half(&a), half(&a)] }), "INVALID_INPUT", ".1.costCentreId"),
        (
            "a digit too many",
            json!({ "costCentreSplits": [half(&a), { "costCentreId": b, "percent": "49.999" }] }),
            "INVALID_INPUT",
            ".1.percent",
        ),
        (
            "nothing",
            json!({ "costCentreSplits": [{ "costCentreId": b, "percent": "100" }, { "costCentreId": a, "percent": "0" }] }),
            "INVALID_INPUT",
            ".1.percent",
        ),
        ("another company's", json!({ "costCentreSplits": [half(&a), half(&theirs)] }), "NOT_FOUND", ".1.costCentreId"),
    ];
    let client = owner.created("company", json!({ "name": "Client", "isClient": true, "isSupplier": true })).await;
    let employee = owner.created("employee", json!({ "name": "Nino" })).await;
    for (what, dimensions, code, field) in cases {
        let with = |more: Value| {
            let mut line = dimensions.as_object().expect("dimensions").clone();
            line.extend(more.as_object().expect("a line").clone());
            Value::Object(line)
        };
        let debit = with(json!({ "accountId": company.rent, "debit": "10.00" }));
        let credit = json!({ "accountId": company.bank, "credit": "10.00" });
        let sold = with(json!({ "description": "Work", "quantity": "1", "unitPrice": "10.00" }));
        let spent = with(json!({ "amount": "10.00", "description": "Taxi" }));
        for (act, input, within) in [
            (
                "createJournalEntry",
                json!({ "date": "2026-05-04", "description": "Rent", "lines": [debit, credit] }),
                "lines.0.",
            ),
            ("createInvoice", json!({ "companyId": client, "lines": [sold] }), "lines.0."),
            (
                "createBill",
                json!({ "companyId": client, "lines": [with(json!({ "description": "Rent", "unitPrice": "10.00" }))] }),
                "lines.0.",
            ),
            ("recordExpense", spent.clone(), ""),
            ("createExpense", spent_by(&employee, spent), ""),
        ] {
            let refused = owner.refused(act, input).await;
            let expected = format!("{within}costCentreSplits{field}");
            assert_eq!(
                (refused.code.as_str(), refused.field.as_deref()),
                (code, Some(expected.as_str())),
                "{act}: {what}"
            );
        }
    }
    let all = "{ journalEntries { totalCount } invoices { totalCount } bills { totalCount } expenses { totalCount } }";
    let none = json!({ "totalCount": 0 });
    assert_eq!(
        owner.query(all).await,
        json!({ "journalEntries": none, "invoices": none, "bills": none, "expenses": none })
    );
}

fn spent_by(employee: &str, mut expense: Value) -> Value {
    expense["employeeId"] = json!(employee);
    expense
}

async fn bills_and_claims_are_split_when_they_are_posted(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let (a, b) = (company.cost_centre("A", None).await, company.cost_centre("B", None).await);
    let splits = |of_a: &str, of_b: &str| json!([{ "costCentreId": a, "percent": of_a }, { "costCentreId": b, "percent": of_b }]);
    let parts = |entry: &Value, side: &str| -> Vec<(Value, String)> {
        let lines = entry["lines"].as_array().expect("lines").iter().filter(|line| !line["costCentre"].is_null());
        lines.map(|line| (line["costCentre"]["name"].clone(), text(&line[side]))).collect()
    };
    let part = |centre: &str, amount: &str| (json!(centre), amount.to_owned());

    let supplier = owner.created("company", json!({ "name": "Landlord", "isSupplier": true })).await;
    let line = json!({ "description": "Rent", "unitPrice": "100.01", "costCentreSplits": splits("75", "25") });
    let selection = "bill { id version lines { costCentre { id } costCentreSplits { percent costCentre { name } } } }";
    let input = json!({ "companyId": supplier, "date": "2026-05-04", "lines": [line] });
    let draft = owner.act("createBill", input, selection).await["bill"].clone();
    let change = json!({ "id": draft["id"], "version": draft["version"], "note": "The lines stay" });
    let kept = owner.act("updateBill", change, selection).await["bill"].clone();
    assert_eq!(kept["lines"][0]["costCentreSplits"][0], json!({ "percent": "75", "costCentre": { "name": "A" } }));
    let line = json!({ "description": "Rent", "unitPrice": "100.01", "costCentreSplits": splits("50", "50") });
    let change = json!({ "id": draft["id"], "version": kept["version"], "lines": [line] });
    let halved = owner.act("updateBill", change, selection).await["bill"].clone();
    assert_eq!(halved["lines"][0]["costCentreSplits"].as_array().map(Vec::len), Some(2));
    let posted = owner.act("postBill", json!({ "id": draft["id"] }), &format!("bill {{ {ENTRY} }}")).await;
    assert_eq!(parts(&posted["bill"]["journalEntry"], "debit"), [part("A", "50.01"), part("B", "50.00")]);
    let credit =
        json!({ "kind": "CREDIT_NOTE", "creditsId": draft["id"], "companyId": supplier, "date": "2026-05-05" });
    let note = owner.act("createBill", credit, "bill { id }").await["bill"]["id"].clone();
    let credited = owner.act("postBill", json!({ "id": note }), &format!("bill {{ {ENTRY} }}")).await;
    assert_eq!(parts(&credited["bill"]["journalEntry"], "credit"), [part("A", "50.01"), part("B", "50.00")]);

    let employee = owner.created("employee", json!({ "name": "Nino" })).await;
    let claim = json!({ "amount": "10.00", "description": "Taxi", "date": "2026-05-06", "costCentreSplits": splits("30", "70") });
    let selection = "expense { id version costCentre { id } costCentreSplits { percent } }";
    let claim = owner.act("createExpense", spent_by(&employee, claim), selection).await["expense"].clone();
    assert_eq!(claim["costCentreSplits"], json!([{ "percent": "30" }, { "percent": "70" }]));
    let update = |more: Value, version: i64| {
        let mut input = more;
        (input["id"], input["version"]) = (claim["id"].clone(), json!(version));
        owner.act("updateExpense", input, selection)
    };
    let one = update(json!({ "costCentreId": a }), 1).await["expense"].clone();
    assert_eq!((&one["costCentre"]["id"], &one["costCentreSplits"]), (&json!(a), &json!([])));
    let several = update(json!({ "costCentreSplits": splits("20", "80") }), 2).await["expense"].clone();
    assert_eq!((&several["costCentre"], &several["costCentreSplits"][1]["percent"]), (&Value::Null, &json!("80")));
    let same = update(json!({ "description": "Taxi home" }), 3).await["expense"].clone();
    assert_eq!(same["costCentreSplits"], several["costCentreSplits"]);
    owner.act("submitExpense", json!({ "id": claim["id"], "version": 4 }), "expense { id }").await;
    let posted = owner.act("postExpense", json!({ "id": claim["id"] }), &format!("expense {{ {ENTRY} }}")).await;
    assert_eq!(parts(&posted["expense"]["journalEntry"], "debit"), [part("A", "2.00"), part("B", "8.00")]);
}

// --- overhead ---

async fn overhead_is_spread_by_head_count_and_again_instead(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    for (name, people) in [("Audit", 3), ("Law", 7), ("Tax", 11), ("Nobody", 0)] {
        company.department(name, people).await;
    }
    let office = company.cost_centre("Office", None).await;
    let kitchen = company.cost_centre("Kitchen", Some(&office)).await;
    company.spend("2026-05-04", "1000.00", json!({ "costCentreId": office })).await;
    company.spend("2026-05-05", "0.01", json!({ "costCentreId": kitchen })).await;
    company.spend("2026-05-06", "50.00", json!({})).await;
    company.spend("2026-06-01", "77.00", json!({ "costCentreId": office })).await;
    let rule = json!({ "name": "Office", "basis": "HEAD_COUNT", "target": "DEPARTMENT", "costCentreId": office });
    let rule = company.rule(rule).await;

    let preview = format!(
        r#"{{ allocationRule(id: "{rule}") {{ preview(from: "2026-05-01", to: "2026-05-31") {{ targets {{ label basis amount {{ amount }} }}
            accounts {{ allocated {{ amount }} unallocated {{ amount }} }} allocated {{ amount }} unallocated {{ amount }} }} }} }}"#
    );
    let newest = company.newest_entry().await;
    let shown = owner.query(&preview).await["allocationRule"]["preview"].clone();
    assert_eq!(shown["targets"][0], json!({ "label": "Tax", "basis": "11", "amount": { "amount": "523.82" } }));
    assert_eq!((&shown["allocated"]["amount"], &shown["unallocated"]["amount"]), (&json!("1000.01"), &json!("0.00")));
    assert_eq!(company.newest_entry().await, newest, "a preview posts nothing");

    let run = company.run(&rule).await;
    assert_eq!((&run["allocated"]["amount"], &run["unallocated"]["amount"]), (&json!("1000.01"), &json!("0.00")));
    let entry = &run["journalEntry"];
    assert_eq!((&entry["date"], &entry["sourceKind"]), (&json!("2026-05-31"), &json!("COST_ALLOCATION")));
    let sum = |side: &str| -> Decimal {
        entry["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|line| text(&line[side]).parse::<Decimal>().expect("a decimal"))
            .sum()
    };
    assert_eq!(sum("debit"), sum("credit"));
    let spread = rows(&[("Audit", "142.86"), ("Law", "333.33"), ("Tax", "523.82"), ("Unassigned", "50.00")]);
    assert_eq!(company.costs("DEPARTMENT").await, spread);

    // The costs stay in their cost centres: what moves is the department.
    let report =
        r#"{ reports { costCentres(from: "2026-05-01", to: "2026-05-31") { rows { label cost } total { cost } } } }"#;
    let shown = owner.query(report).await["reports"]["costCentres"].clone();
    assert_eq!(shown["rows"][0], json!({ "label": "Office", "cost": "1000.00" }));
    assert_eq!(shown["total"]["cost"], "1050.01");

    // Running again replaces what was there: once with the same costs, once with more.
    let again = company.run(&rule).await;
    assert_eq!(again["replaces"], json!({ "id": run["id"], "status": "REVERSED" }));
    assert_eq!(company.costs("DEPARTMENT").await, spread);
    company.spend("2026-05-07", "21.00", json!({ "costCentreId": kitchen })).await;
    let third = company.run(&rule).await;
    assert_eq!((&third["replaces"]["id"], &third["allocated"]["amount"]), (&again["id"], &json!("1021.01")));
    let costs = company.costs("DEPARTMENT").await;
    assert_eq!(costs, rows(&[("Audit", "145.86"), ("Law", "340.33"), ("Tax", "534.82"), ("Unassigned", "50.00")]));

    let refused =
        owner.refused("runAllocation", json!({ "ruleId": rule, "from": "2026-05-15", "to": "2026-06-15" })).await;
    assert_eq!(
        (refused.code.as_str(), refused.field.as_deref()),
        ("INVALID_INPUT", Some("from")),
        "partly the same days"
    );
    let refused =
        owner.refused("runAllocation", json!({ "ruleId": rule, "from": "2026-05-15", "to": "2026-05-14" })).await;
    assert_eq!(refused.field.as_deref(), Some("from"));
    owner.act("reverseAllocationRun", json!({ "id": third["id"] }), "allocationRun { status }").await;
    assert_eq!(owner.refused("reverseAllocationRun", json!({ "id": third["id"] })).await.code, "CONFLICT");
    // The departments' lines are still there, and make nothing together.
    let taken_back = rows(&[("Audit", "0.00"), ("Law", "0.00"), ("Tax", "0.00"), ("Unassigned", "1071.01")]);
    assert_eq!(company.costs("DEPARTMENT").await, taken_back);

    // What a close came before is posted on the first open day.
    owner.act("closeBooks", json!({ "until": "2026-06-02" }), "tenant { id }").await;
    assert_eq!(company.run(&rule).await["journalEntry"]["date"], "2026-06-03");
    assert_eq!(company.costs("DEPARTMENT").await, taken_back);
}

async fn two_runs_at_once_leave_one_standing(server: &'static Server) {
    let company = Company::sign_up(server).await;
    company.department("Audit", 1).await;
    company.spend("2026-05-04", "90.00", json!({})).await;
    let rule = company.rule(json!({ "name": "Rent", "basis": "HEAD_COUNT", "target": "DEPARTMENT" })).await;
    tokio::join!(company.run(&rule), company.run(&rule), company.run(&rule), company.run(&rule));
    assert_eq!(company.costs("DEPARTMENT").await, rows(&[("Audit", "90.00"), ("Unassigned", "0.00")]));
    let runs = company.owner().query("{ allocationRuns { nodes { status replaces { id } } } }").await;
    let runs = runs["allocationRuns"]["nodes"].as_array().expect("runs").clone();
    assert_eq!(runs.iter().filter(|run| run["status"] == "POSTED").count(), 1);
    assert_eq!(runs.iter().filter(|run| run["replaces"].is_null()).count(), 1);
}

async fn what_nothing_takes_stays_and_is_told(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let audit = company.department("Audit", 2).await;
    company.spend("2026-05-04", "90.00", json!({})).await;
    let newest = company.newest_entry().await;
    for basis in ["HOURS", "REVENUE"] {
        let rule = company.rule(json!({ "name": basis, "basis": basis, "target": "DEPARTMENT" })).await;
        let run = company.run(&rule).await;
        assert_eq!((&run["allocated"]["amount"], &run["unallocated"]["amount"]), (&json!("0.00"), &json!("90.00")));
        assert_eq!(run["journalEntry"], Value::Null);
        company.run(&rule).await;
    }
    assert_eq!(company.newest_entry().await, newest, "nothing to spread posts nothing");

    let shares = json!([{ "targetId": audit, "percent": "33.33" }]);
    let rule = json!({ "name": "Fixed", "basis": "FIXED", "target": "DEPARTMENT", "shares": shares });
    let run = company.run(&company.rule(rule).await).await;
    assert_eq!((&run["allocated"]["amount"], &run["unallocated"]["amount"]), (&json!("30.00"), &json!("60.00")));
    assert_eq!(company.costs("DEPARTMENT").await, rows(&[("Audit", "30.00"), ("Unassigned", "60.00")]));

    let other = Company::sign_up(server).await;
    let theirs = other.department("Theirs", 1).await;
    let fixed = |shares: Value| json!({ "name": "x", "basis": "FIXED", "target": "DEPARTMENT", "shares": shares });
    for (what, input, code, field) in [
        (
            "101%",
            fixed(
                json!([{ "targetId": audit, "percent": "100" }, { "targetId": company.department("Law", 0).await, "percent": "1" }]),
            ),
            "INVALID_INPUT",
            "shares",
        ),
        ("no shares", fixed(json!([])), "INVALID_INPUT", "shares"),
        (
            "twice",
            fixed(json!([{ "targetId": audit, "percent": "10" }, { "targetId": audit, "percent": "10" }])),
            "INVALID_INPUT",
            "shares.1.targetId",
        ),
        (
            "another company's",
            fixed(json!([{ "targetId": theirs, "percent": "10" }])),
            "NOT_FOUND",
            "shares.0.targetId",
        ),
        (
            "people of a cost centre",
            json!({ "name": "x", "basis": "HOURS", "target": "COST_CENTRE" }),
            "INVALID_INPUT",
            "basis",
        ),
        (
            "an account of income",
            json!({ "name": "x", "basis": "HOURS", "target": "PROJECT", "accountIds": [company.revenue] }),
            "INVALID_INPUT",
            "accountIds.0",
        ),
    ] {
        let refused = owner.refused("createAllocationRule", input).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), (code, Some(field)), "{what}");
    }
    assert_eq!(owner.query("{ allocationRules { totalCount } }").await["allocationRules"]["totalCount"], 3);
}

async fn a_fixed_share_gives_nothing_back(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let office = company.cost_centre("Office", None).await;
    let kitchen = company.cost_centre("Kitchen", Some(&office)).await;
    let hall = company.cost_centre("Hall", None).await;
    company.spend("2026-05-04", "100.00", json!({ "costCentreId": office })).await;
    let to = |target: &str| {
        let shares = json!([{ "targetId": target, "percent": "40" }]);
        json!({ "name": "x", "basis": "FIXED", "target": "COST_CENTRE", "costCentreId": office, "shares": shares })
    };
    for back in [&office, &kitchen] {
        let refused = owner.refused("createAllocationRule", to(back)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("shares.0.targetId")));
    }
    let rule = company.rule(to(&hall)).await;
    let run = company.run(&rule).await;
    assert_eq!((&run["allocated"]["amount"], &run["unallocated"]["amount"]), (&json!("40.00"), &json!("60.00")));
    // What has become a part of it since takes nothing either.
    owner.act("updateCostCentre", json!({ "id": hall, "version": 1, "parentId": office }), "__typename").await;
    let run = company.run(&rule).await;
    assert_eq!((&run["allocated"]["amount"], &run["unallocated"]["amount"]), (&json!("0.00"), &json!("100.00")));
}

async fn projects_and_clients_take_overhead_by_hours_and_revenue(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let department = company.department("Audit", 0).await;
    let person =
        owner.created("employee", json!({ "name": "Ana", "departmentId": department, "costRate": "0.00" })).await;
    let mut clients = Vec::new();
    for (name, hours, revenue) in [("Alpha", "1", "700.00"), ("Beta", "3", "300.00")] {
        let client = owner.created("company", json!({ "name": name, "isClient": true })).await;
        let project = json!({ "name": format!("{name} project"), "companyId": client, "status": "ACTIVE" });
        let project = owner.created("project", project).await;
        let time = json!({ "employeeId": person, "projectId": project, "date": "2026-05-05", "hours": hours });
        let time = owner.create("timeEntry", time, "id version").await;
        owner.act("approveTimeEntry", time, "timeEntry { id }").await;
        company.earn("2026-05-20", revenue, json!({ "companyId": client })).await;
        clients.push(client);
    }
    company.spend("2026-05-04", "100.00", json!({})).await;
    let by_hours = company.rule(json!({ "name": "Hours", "basis": "HOURS", "target": "PROJECT" })).await;
    company.run(&by_hours).await;
    let projects = [("Alpha project", "25.00"), ("Beta project", "75.00"), ("Unassigned", "0.00")];
    assert_eq!(company.costs("PROJECT").await, rows(&projects));
    // What a project takes is spent for its client, so that nothing is left to spread over clients.
    assert_eq!(company.costs("COMPANY").await, rows(&[("Alpha", "25.00"), ("Beta", "75.00"), ("Unassigned", "0.00")]));
    let by_revenue = company.rule(json!({ "name": "Revenue", "basis": "REVENUE", "target": "COMPANY" })).await;
    assert_eq!(company.run(&by_revenue).await["allocated"]["amount"], "0.00");
    let runs =
        owner.query("{ allocationRuns(filter: { status: { eq: POSTED } }) { nodes { id rule { name } } } }").await;
    for run in runs["allocationRuns"]["nodes"].as_array().expect("runs") {
        owner.act("reverseAllocationRun", json!({ "id": run["id"] }), "allocationRun { status }").await;
    }
    company.run(&by_revenue).await;
    assert_eq!(company.costs("COMPANY").await, rows(&[("Alpha", "70.00"), ("Beta", "30.00"), ("Unassigned", "0.00")]));

    // Over cost centres, costs leave the one that they come from.
    let (office, shop) = (company.cost_centre("Office", None).await, company.cost_centre("Shop", None).await);
    company.spend("2026-05-09", "10.00", json!({ "costCentreId": office, "companyId": clients[0] })).await;
    let shares = json!([{ "targetId": shop, "percent": "100" }]);
    let rule =
        json!({ "name": "Move", "basis": "FIXED", "target": "COST_CENTRE", "costCentreId": office, "shares": shares });
    company.run(&company.rule(rule).await).await;
    let report = r#"{ reports { costCentres(from: "2026-05-01", to: "2026-05-31") { rows { label cost } } } }"#;
    let shown = owner.query(report).await["reports"]["costCentres"]["rows"].clone();
    assert_eq!(shown[0], json!({ "label": "Shop", "cost": "10.00" }));
    assert_eq!(shown[1], json!({ "label": "Office", "cost": "0.00" }));
}

// --- budgets ---

impl Company<'_> {
    /// A budget in force of what may be spent on the account of expenses.
    async fn budget(&self, control: &str, lines: Value) -> String {
        let input = json!({ "name": "2026", "from": "2026-01-01", "to": "2026-12-31", "control": control });
        let id = self.owner().created("budget", input).await;
        self.owner().act("setBudgetLines", json!({ "id": id, "version": 1, "lines": lines }), "budget { id }").await;
        self.owner().act("activateBudget", json!({ "id": id, "version": 2 }), "budget { status }").await;
        id
    }

    #[expect(clippy::needless_pass_by_value, reason = "calls with a literal read better")]
    fn planned(&self, month: &str, amount: &str, dimensions: Value) -> Value {
        let mut line = json!({ "accountId": self.rent, "month": month, "amount": amount });
        line.as_object_mut().expect("a line").extend(dimensions.as_object().expect("dimensions").clone());
        line
    }

    async fn expense(&self, date: &str, amount: &str, dimensions: Value) -> kamara_tests::Answer {
        let mut input = json!({ "date": date, "amount": amount, "description": "Chairs" });
        input.as_object_mut().expect("fields").extend(dimensions.as_object().expect("dimensions").clone());
        self.owner().try_act("recordExpense", input, "expense { id } warnings").await
    }

    async fn account_code(&self, id: &str) -> String {
        text(&self.owner().query(&format!(r#"{{ account(id: "{id}") {{ code }} }}"#)).await["account"]["code"])
    }
}

async fn a_budget_has_versions_of_which_one_is_in_force(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let first = company.budget("NONE", json!([company.planned("2026-05-01", "100.00", json!({}))])).await;
    for (act, input) in [
        ("setBudgetLines", json!({ "id": first, "version": 3, "lines": [] })),
        ("importBudgetLines", json!({ "id": first, "version": 3, "csv": "account\n" })),
        ("activateBudget", json!({ "id": first, "version": 3 })),
        ("archiveBudget", json!({ "id": first, "version": 3 })),
        ("updateBudget", json!({ "id": first, "version": 3, "to": "2026-11-30" })),
    ] {
        assert_eq!(owner.refused(act, input).await.code, "CONFLICT", "{act}: it's in force");
    }
    let copy = || async {
        owner.act("copyBudget", json!({ "id": first }), "budget { id number status lines { amount { amount } } }").await
            ["budget"]
            .clone()
    };
    let second = copy().await;
    assert_eq!((&second["number"], &second["status"]), (&json!(2), &json!("DRAFT")));
    assert_eq!(second["lines"], json!([{ "amount": { "amount": "100.00" } }]));
    let third = copy().await;
    assert_eq!(third["number"], 3);
    let activate = |id: &Value| owner.try_act("activateBudget", json!({ "id": id, "version": 1 }), "budget { id }");
    let (one, other) = tokio::join!(activate(&second["id"]), activate(&third["id"]));
    assert!(one.try_error().is_none() && other.try_error().is_none(), "{} {}", one.text, other.text);
    let shown = owner.query("{ budgets { nodes { status } } }").await;
    let statuses = shown["budgets"]["nodes"].as_array().expect("budgets").clone();
    assert_eq!(statuses.iter().filter(|budget| budget["status"] == "ACTIVE").count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|budget| budget["status"] == "SUPERSEDED").count(), 2);

    let half = json!({ "name": "Half", "from": "2026-07-01", "to": "2027-06-30" });
    let half = owner.created("budget", half).await;
    assert_eq!(
        owner.refused("activateBudget", json!({ "id": half, "version": 1 })).await.code,
        "CONFLICT",
        "partly the same days"
    );
    for (what, from, to, field) in [
        ("not the first", "2026-01-02", "2026-12-31", "from"),
        ("not the last", "2026-01-01", "2026-12-30", "to"),
        ("backwards", "2026-02-01", "2026-01-31", "to"),
        ("too long", "2026-01-01", "2031-12-31", "to"),
    ] {
        let refused = owner.refused("createBudget", json!({ "name": "x", "from": from, "to": to })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some(field)), "{what}");
    }
}

async fn what_no_budget_can_hold_is_refused(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let other = Company::sign_up(server).await;
    let theirs = other.cost_centre("Theirs", None).await;
    let input = json!({ "name": "2026", "from": "2026-01-01", "to": "2026-12-31" });
    let id = owner.created("budget", input).await;
    let line = |month: &str, amount: &str, more: Value| company.planned(month, amount, more);
    let twice = [line("2026-05-01", "1.00", json!({})), line("2026-05-31", "1.00", json!({}))];
    for (what, lines, code, field) in [
        ("another year", json!([line("2027-01-01", "1.00", json!({}))]), "INVALID_INPUT", "lines.0.month"),
        ("twice", json!(twice), "INVALID_INPUT", "lines.1.month"),
        (
            "the bank",
            json!([line("2026-05-01", "1.00", json!({ "accountId": company.bank }))]),
            "INVALID_INPUT",
            "lines.0.accountId",
        ),
        ("a third of a tetri", json!([line("2026-05-01", "0.003", json!({}))]), "INVALID_INPUT", "lines.0.amount"),
        (
            "another company's",
            json!([line("2026-05-01", "1.00", json!({ "costCentreId": theirs }))]),
            "NOT_FOUND",
            "lines.0.costCentreId",
        ),
    ] {
        let refused = owner.refused("setBudgetLines", json!({ "id": id, "version": 1, "lines": lines })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), (code, Some(field)), "{what}");
    }
    let code = company.account_code(&company.rent).await;
    for (what, csv, said) in [
        ("no account", "cost_centre,2026-01\n", "Line 1"),
        ("a strange column", "account,sum\n", "sum"),
        ("an unknown account", "account,2026-01\nnothing,1\n", "Line 2"),
        ("no number", &format!("account,2026-01\n{code},1\n{code},one\n"), "Line 3"),
        ("another year", &format!("account,2026-01,2027-01\n{code},1,2\n"), "Line 2"),
        ("too many values", &format!("account,2026-01\n{code},1,2\n"), "Line 2"),
    ] {
        let refused = owner.refused("importBudgetLines", json!({ "id": id, "version": 1, "csv": csv })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("csv")), "{what}");
        assert!(refused.message.contains(said), "{what}: {}", refused.message);
    }
    let shown = owner.query(&format!(r#"{{ budget(id: "{id}") {{ version lines {{ month }} }} }}"#)).await;
    assert_eq!(shown["budget"], json!({ "version": 1, "lines": [] }), "nothing was written");
}

async fn actual_figures_stand_against_the_budget(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let audit = company.department("Audit", 0).await;
    let (rent, revenue) = (company.account_code(&company.rent).await, company.account_code(&company.revenue).await);
    let input = json!({ "name": "2026", "from": "2026-01-01", "to": "2026-12-31", "control": "NONE" });
    let id = owner.created("budget", input).await;
    let csv =
        format!("account;department;2026-04;2026-05\n{rent};Audit;100.00;100.00\n{rent};;150;\n{revenue};;;900\n");
    owner.act("importBudgetLines", json!({ "id": id, "version": 1, "csv": csv }), "budget { version }").await;
    owner.act("activateBudget", json!({ "id": id, "version": 2 }), "budget { id }").await;
    company.spend("2026-04-30", "120.00", json!({ "departmentId": audit })).await;
    company.spend("2026-05-01", "30.00", json!({})).await;
    company.earn("2026-05-31", "1000.00", json!({})).await;
    let report = |group: &str| {
        let document = format!(
            r#"{{ reports {{ budget(from: "2026-04-01", to: "2026-05-31", groupBy: {group}) {{ budget {{ name }} currency
                rows {{ label budget actual left months {{ month budget actual }} lines(month: "2026-04-10") {{ totalCount }} }} }} }} }}"#
        );
        async move { owner.query(&document).await["reports"]["budget"].clone() }
    };
    let by_account = report("ACCOUNT").await;
    assert_eq!((&by_account["budget"]["name"], &by_account["currency"]), (&json!("2026"), &json!("GEL")));
    let find = |report: &Value, label: &str| -> Value {
        let rows = report["rows"].as_array().expect("rows").iter();
        rows.clone().find(|row| text(&row["label"]).contains(label)).expect("a row").clone()
    };
    let row = find(&by_account, &rent);
    assert_eq!(
        row["months"],
        json!([
            { "month": "2026-04-01", "budget": "150.00", "actual": "120.00" },
            { "month": "2026-05-01", "budget": "100.00", "actual": "30.00" },
        ])
    );
    assert_eq!((&row["left"], &row["lines"]["totalCount"]), (&json!("100.00"), &json!(1)));
    let row = find(&by_account, &revenue);
    assert_eq!(
        (&row["budget"], &row["actual"], &row["left"]),
        (&json!("900.00"), &json!("1000.00"), &json!("-100.00"))
    );
    let by_department = report("DEPARTMENT").await;
    let row = find(&by_department, "Audit");
    assert_eq!((&row["budget"], &row["actual"], &row["left"]), (&json!("200.00"), &json!("120.00"), &json!("80.00")));
    let row = find(&by_department, "Unassigned");
    assert_eq!((&row["budget"], &row["actual"], &row["left"]), (&json!("50.00"), &json!("30.00"), &json!("20.00")));
    let refused = owner
        .send(r#"{ reports { budget(from: "2026-04-01", to: "2026-05-31", budgetId: "x") { currency } } }"#, json!({}))
        .await;
    assert_eq!(refused.error().code, "NOT_FOUND");
}

/// The report adds a plan up as the control holds it against what is spent: an amount within another isn't added to it.
async fn amounts_within_each_other_are_planned_once(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let office = company.cost_centre("Office", None).await;
    let kitchen = company.cost_centre("Kitchen", Some(&office)).await;
    let oven = company.cost_centre("Oven", Some(&kitchen)).await;
    let hall = company.cost_centre("Hall", None).await;
    let audit = company.department("Audit", 0).await;
    let planned = |amount: &str, more: Value| company.planned("2026-05-01", amount, more);
    let lines = json!([
        planned("500.00", json!({})),
        planned("100.00", json!({ "costCentreId": office })),
        planned("60.00", json!({ "costCentreId": oven })),
        planned("40.00", json!({ "costCentreId": kitchen, "departmentId": audit })),
        planned("70.00", json!({ "costCentreId": hall, "departmentId": audit })),
        company.planned("2026-06-01", "30.00", json!({ "costCentreId": kitchen })),
    ]);
    company.budget("BLOCK", lines).await;
    company.expense("2026-05-04", "55.00", json!({ "costCentreId": oven })).await.data();
    company.expense("2026-05-04", "20.00", json!({ "costCentreId": office })).await.data();
    company.expense("2026-05-04", "5.00", json!({})).await.data();
    let report = async |group: &str| {
        let document = format!(
            r#"{{ reports {{ budget(from: "2026-05-01", to: "2026-06-30", groupBy: {group}) {{
                rows {{ label months {{ budget actual }} left lines(month: "2026-05-01") {{ nodes {{ debit }} }} }} }} }} }}"#
        );
        owner.query(&document).await["reports"]["budget"]["rows"].as_array().expect("rows").clone()
    };
    let months = |rows: &[Value], label: &str| -> Vec<(String, String)> {
        let row = rows.iter().find(|row| text(&row["label"]).contains(label)).expect("a row");
        let months = row["months"].as_array().expect("months").iter();
        months.map(|month| (text(&month["budget"]), text(&month["actual"]))).collect()
    };
    let by_account = report("ACCOUNT").await;
    let code = company.account_code(&company.rent).await;
    assert_eq!(months(&by_account, &code), rows(&[("500.00", "80.00"), ("30.00", "0.00")]));

    let by_centre = report("COST_CENTRE").await;
    assert_eq!(months(&by_centre, "Office"), rows(&[("100.00", "75.00"), ("30.00", "0.00")]));
    assert_eq!(months(&by_centre, "Kitchen"), rows(&[("100.00", "55.00"), ("30.00", "0.00")]), "60 and 40 overlap");
    assert_eq!(months(&by_centre, "Oven"), rows(&[("60.00", "55.00")]));
    assert_eq!(months(&by_centre, "Hall"), rows(&[("70.00", "0.00")]));
    assert_eq!(months(&by_centre, "Unassigned"), rows(&[("330.00", "5.00")]), "what 500 leaves over 100 and 70");
    let office_row = by_centre.iter().find(|row| row["label"] == "Office").expect("a row");
    assert_eq!(office_row["lines"]["nodes"], json!([{ "debit": "55.00" }, { "debit": "20.00" }]));

    let by_department = report("DEPARTMENT").await;
    assert_eq!(months(&by_department, "Audit"), rows(&[("110.00", "0.00")]));
    assert_eq!(months(&by_department, "Unassigned"), rows(&[("390.00", "80.00"), ("30.00", "0.00")]));

    // What the report says is left is what the control lets through.
    let refused = company.expense("2026-05-05", "25.01", json!({ "costCentreId": office })).await.error();
    assert!(refused.message.contains("25.00 GEL left in 2026-05"), "{}", refused.message);
    company.expense("2026-05-05", "25.00", json!({ "costCentreId": office })).await.data();
    let refused = company.expense("2026-05-05", "395.01", json!({})).await.error();
    assert!(refused.message.contains("395.00 GEL left in 2026-05"), "{}", refused.message);
}

async fn a_budget_blocks_or_warns(server: &'static Server) {
    let company = Company::sign_up(server).await;
    let owner = company.owner();
    let office = company.cost_centre("Office", None).await;
    let kitchen = company.cost_centre("Kitchen", Some(&office)).await;
    let lines = json!([
        company.planned("2026-05-01", "100.00", json!({ "costCentreId": office })),
        company.planned("2026-05-01", "500.00", json!({})),
    ]);
    let blocking = company.budget("BLOCK", lines).await;
    let done = company.expense("2026-05-04", "70.00", json!({ "costCentreId": kitchen })).await;
    assert_eq!(done.data()["recordExpense"]["warnings"], json!([]));
    let newest = company.newest_entry().await;
    let splits = json!({ "costCentreSplits": [{ "costCentreId": office, "percent": "50" }, { "costCentreId": kitchen, "percent": "50" }] });
    for dimensions in [json!({ "costCentreId": office }), json!({ "costCentreId": kitchen }), splits] {
        let refused = company.expense("2026-05-05", "30.01", dimensions).await.error();
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("amount")));
        assert!(
            refused.message.contains("30.00 GEL left in 2026-05") && refused.message.contains("Office"),
            "{}",
            refused.message
        );
    }
    assert_eq!(company.newest_entry().await, newest, "nothing was posted");
    let shown = owner.query("{ expenses { totalCount } }").await;
    assert_eq!(shown["expenses"]["totalCount"], 1, "nothing was written");
    company.expense("2026-05-05", "30.00", json!({ "costCentreId": office })).await.data();
    let refused = company.expense("2026-05-05", "400.01", json!({})).await.error();
    assert!(refused.message.contains("400.00 GEL left"), "{}", refused.message);
    company.expense("2026-06-05", "9999.00", json!({ "costCentreId": office })).await.data();

    // Two at once see each other.
    let spend = || company.expense("2026-05-06", "300.00", json!({}));
    let (one, other) = tokio::join!(spend(), spend());
    assert_eq!([one, other].iter().filter(|answer| answer.try_error().is_some()).count(), 1);

    // A document that is there already is not posted over it: no field of what is asked is wrong.
    let supplier = owner.created("company", json!({ "name": "Chairs Ltd", "isSupplier": true })).await;
    let line = json!({ "accountId": company.rent, "description": "Chairs", "unitPrice": "500.00" });
    let bill = json!({ "companyId": supplier, "date": "2026-05-07", "lines": [line] });
    let bill = owner.create("bill", bill, "id version").await;
    let refused = owner.refused("postBill", bill.clone()).await;
    assert_eq!((refused.code.as_str(), refused.field), ("CONFLICT", None));
    assert!(refused.message.contains("GEL left in 2026-05"), "{}", refused.message);
    let shown = owner.query(&format!(r"{{ bill(id: {}) {{ status }} }}", bill["id"])).await;
    assert_eq!(shown["bill"]["status"], "DRAFT");

    let version =
        owner.query(&format!(r#"{{ budget(id: "{blocking}") {{ version }} }}"#)).await["budget"]["version"].clone();
    owner.act("updateBudget", json!({ "id": blocking, "version": version, "control": "WARN" }), "budget { id }").await;
    let warned = company.expense("2026-05-07", "5.00", json!({ "costCentreId": kitchen })).await.data();
    let warnings = warned["recordExpense"]["warnings"].as_array().expect("warnings").clone();
    assert_eq!(warnings.len(), 1);
    assert!(text(&warnings[0]).contains("0.00 GEL left in 2026-05"), "{warnings:?}");
}

both!(
    a_cost_centre_is_a_part_of_another_and_never_of_itself,
    two_moves_at_once_make_no_circle,
    a_line_is_split_over_cost_centres,
    a_split_of_99_percent_is_refused,
    bills_and_claims_are_split_when_they_are_posted,
    overhead_is_spread_by_head_count_and_again_instead,
    two_runs_at_once_leave_one_standing,
    what_nothing_takes_stays_and_is_told,
    a_fixed_share_gives_nothing_back,
    projects_and_clients_take_overhead_by_hours_and_revenue,
    a_budget_has_versions_of_which_one_is_in_force,
    what_no_budget_can_hold_is_refused,
    actual_figures_stand_against_the_budget,
    amounts_within_each_other_are_planned_once,
    a_budget_blocks_or_warns,
);
