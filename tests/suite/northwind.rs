//! A real company's two years: imported, and every figure of every report compared with what is known of the data and with what
//! hledger makes of the export.

use std::{collections::BTreeMap, path::Path, process::Command};

use kamara::transfer::export::Format;
use kamara_tests::{Caller, Server, Tenant, both, folder};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{
    books::text,
    transfer::{exported, import_into, northwind},
};

async fn every_figure_is_the_one_of_the_data_and_of_hledger(server: &'static Server) {
    figures(server, server).await;
}

both!(every_figure_is_the_one_of_the_data_and_of_hledger);

/// Imports beside one server, and asks both.
pub async fn figures(server: &Server, other: &Server) {
    let tenant = Tenant::sign_up_as(
        server,
        json!({ "country": "US", "baseCurrency": "USD", "timeZone": "America/Los_Angeles" }),
    )
    .await;
    let neighbour = Tenant::sign_up(server).await;
    for owner in [tenant.owner.clone(), tenant.owner.at(other)] {
        assert_eq!(
            margin(&owner, "1996-01-01", "1998-12-31", "COMPANY").await["total"]["revenue"],
            "0.00",
            "nothing yet"
        );
    }
    let mapping = northwind().join("mapping.toml");
    let first = import_into(server, &tenant.id, &mapping, &northwind()).await.expect("an import");
    // Customers and suppliers with a contact each, employees, shippers, products, orders, payments of those shipped, freight.
    assert_eq!((first.made, first.unchanged), (2 * (91 + 29) + 9 + 3 + 77 + 830 + (830 - 21) + 830, 0));

    for owner in [tenant.owner.clone(), tenant.owner.at(other)] {
        known_facts(&owner).await;
    }
    hledger_agrees(server, &tenant).await;
    every_figure_opens(&tenant.owner).await;

    let before = counts(&tenant.owner).await;
    let again = import_into(server, &tenant.id, &mapping, &northwind()).await.expect("an import");
    assert_eq!((again.made, again.unchanged), (0, first.made), "run again, it changes nothing");
    assert_eq!(counts(&tenant.owner).await, before);
    assert_eq!(
        neighbour.owner.query("{ invoices { totalCount } companies { totalCount } }").await,
        json!({ "invoices": { "totalCount": 0 }, "companies": { "totalCount": 0 } })
    );
}

async fn margin(owner: &Caller<'_>, from: &str, to: &str, group: &str) -> Value {
    let document = format!(
        r#"{{ reports {{ margin(from: "{from}", to: "{to}", groupBy: {group}) {{
            currency asOf hasCostOfGoods rows {{ key label revenue cost margin marginRate }} total {{ revenue cost margin marginRate }} }} }} }}"#
    );
    owner.query(&document).await["reports"]["margin"].clone()
}

async fn cost_centres(owner: &Caller<'_>) -> Value {
    let document = r#"{ reports { costCentres(from: "1996-01-01", to: "1998-12-31") { rows { key label cost } total { cost } } } }"#;
    owner.query(document).await["reports"]["costCentres"].clone()
}

async fn cash_flow(owner: &Caller<'_>) -> Value {
    let document = r#"{ reports { cashFlow(from: "1996-07-01", to: "1998-12-31", interval: MONTH) {
        opening today rows { period kind inflow outflow net balance } total { inflow outflow net balance } } } }"#;
    owner.query(document).await["reports"]["cashFlow"].clone()
}

fn decimal(value: &Value) -> Decimal {
    text(value).parse().expect("a decimal")
}

fn rows(report: &Value) -> &[Value] {
    report["rows"].as_array().expect("rows")
}

fn sum(report: &Value, figure: &str) -> Decimal {
    rows(report).iter().map(|row| decimal(&row[figure])).sum()
}

/// What SOURCE.md says.
async fn known_facts(owner: &Caller<'_>) {
    let counted = counts(owner).await;
    assert_eq!(
        counted,
        json!({ "companies": { "totalCount": 91 + 29 }, "contacts": { "totalCount": 91 + 29 }, "employees": { "totalCount": 9 },
                "services": { "totalCount": 77 }, "costCentres": { "totalCount": 3 }, "invoices": { "totalCount": 830 },
                "payments": { "totalCount": 809 }, "expenses": { "totalCount": 830 }, "journalEntries": { "totalCount": 830 + 809 + 830 } })
    );
    let all = margin(owner, "1996-01-01", "1998-12-31", "COMPANY").await;
    assert_eq!(all["currency"], "USD");
    assert_eq!(all["hasCostOfGoods"], false);
    let total = &all["total"];
    assert_eq!(
        (total["revenue"].as_str(), total["cost"].as_str(), total["margin"].as_str()),
        (Some("1265793.29"), Some("64942.69"), Some("1200850.60"))
    );
    for (year, revenue) in [(1996, "208083.99"), (1997, "617085.35"), (1998, "440623.95")] {
        let report = margin(owner, &format!("{year}-01-01"), &format!("{year}-12-31"), "MONTH").await;
        assert_eq!(report["total"]["revenue"], revenue, "{year}");
    }
    for group in ["COMPANY", "SERVICE", "SELLER", "EMPLOYEE", "PROJECT", "DEPARTMENT", "MONTH"] {
        let report = margin(owner, "1996-01-01", "1998-12-31", group).await;
        assert_eq!(&report["total"], total, "by {group}");
        for figure in ["revenue", "cost", "margin"] {
            assert_eq!(sum(&report, figure), decimal(&total[figure]), "{figure} by {group}");
        }
    }
    let services = margin(owner, "1996-01-01", "1998-12-31", "SERVICE").await;
    let unassigned = rows(&services).iter().find(|row| row["key"].is_null()).expect("a row of what has no service");
    assert_eq!(
        (unassigned["revenue"].as_str(), unassigned["cost"].as_str(), &unassigned["marginRate"]),
        (Some("0.00"), Some("64942.69"), &Value::Null)
    );

    let mut customers = rows(&all).to_vec();
    assert_eq!(customers.len(), 89, "two customers never ordered");
    customers.sort_by_key(|row| std::cmp::Reverse(decimal(&row["revenue"])));
    for (row, (code, revenue)) in
        customers.iter().zip([("QUICK", "110277.32"), ("ERNSH", "104875.00"), ("SAVEA", "104361.96")])
    {
        let company =
            owner.send("query($id: ID!) { company(id: $id) { code name } }", json!({ "id": row["key"] })).await.data();
        assert_eq!((company["company"]["code"].as_str(), row["revenue"].as_str()), (Some(code), Some(revenue)));
        assert_eq!(company["company"]["name"], row["label"]);
    }
    assert_eq!(rows(&all)[0]["key"], customers[0]["key"], "the largest customer comes first");

    let centres = cost_centres(owner).await;
    assert_eq!(centres["total"]["cost"], "64942.69");
    assert_eq!(rows(&centres).len(), 3);
    assert_eq!(sum(&centres, "cost"), decimal(&centres["total"]["cost"]));

    let open = owner
        .query(
            "{ invoices(first: 100, filter: { status: { in: [ISSUED, PARTLY_PAID] } }) { totalCount nodes { due { amount } overdue total { currency } } }
               accounts(first: 100) { nodes { role balance { amount currency } } } }",
        )
        .await;
    assert_eq!(open["invoices"]["totalCount"], 21);
    let due: Decimal = open["invoices"]["nodes"]
        .as_array()
        .expect("invoices")
        .iter()
        .map(|invoice| decimal(&invoice["due"]["amount"]))
        .sum();
    assert_eq!(due.to_string(), "25937.44");
    let balance = |role: &str| {
        let of_role =
            open["accounts"]["nodes"].as_array().expect("accounts").iter().filter(|account| account["role"] == role);
        of_role.map(|account| decimal(&account["balance"]["amount"])).sum::<Decimal>()
    };
    assert_eq!(balance("RECEIVABLE").to_string(), "25937.44");
    assert_eq!((balance("CASH") + balance("BANK")).to_string(), "1174913.16");

    let cash = cash_flow(owner).await;
    assert_eq!(cash["opening"], "0.00");
    let mut balance = Decimal::ZERO;
    for row in rows(&cash) {
        assert_eq!(decimal(&row["net"]), decimal(&row["inflow"]) - decimal(&row["outflow"]), "{row}");
        balance += decimal(&row["net"]);
        assert_eq!(decimal(&row["balance"]), balance, "{row}");
    }
    let actual: Vec<&Value> = rows(&cash).iter().filter(|row| row["kind"] == "ACTUAL").collect();
    assert_eq!(actual.last().map(|row| &row["balance"]), Some(&json!("1174913.16")));
    assert_eq!(cash["total"]["balance"], "1174913.16", "what ends before today looks back only");
    let ahead = owner
        .query(
            r#"{ reports { cashFlow(from: "1996-07-01", to: "2026-12-31", interval: YEAR) { rows { kind inflow outflow balance } } } }"#,
        )
        .await;
    let overdue = |row: &&Value| row["kind"] == "OVERDUE";
    let overdue: Vec<&Value> = rows(&ahead["reports"]["cashFlow"]).iter().filter(overdue).collect();
    let expected = json!({ "kind": "OVERDUE", "inflow": "25937.44", "outflow": "0.00", "balance": "1200850.60" });
    assert_eq!(overdue, [&expected]);
}

async fn counts(owner: &Caller<'_>) -> Value {
    owner
        .query(
            "{ companies { totalCount } contacts { totalCount } employees { totalCount } services { totalCount } costCentres { totalCount }
               invoices { totalCount } payments { totalCount } expenses { totalCount } journalEntries { totalCount } }",
        )
        .await
}

/// What hledger makes of a journal, as a table.
fn hledger_table(file: &Path, arguments: &[&str]) -> Vec<Vec<String>> {
    let output = Command::new("hledger").arg("-f").arg(file).args(arguments).args(["-O", "csv"]).output();
    let output = output.expect("hledger: `make test` installs it");
    assert!(output.status.success(), "hledger {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(output.stdout.as_slice());
    reader.records().map(|row| row.expect("CSV").iter().map(ToOwned::to_owned).collect()).collect()
}

fn amount(cell: &str) -> Decimal {
    cell.split_whitespace().next().and_then(|amount| amount.parse().ok()).unwrap_or_else(|| panic!("no amount: {cell}"))
}

/// What hledger sums up, by name.
fn hledger(file: &Path, arguments: &[&str]) -> BTreeMap<String, Decimal> {
    let rows = hledger_table(file, arguments).into_iter().skip(1);
    rows.map(|row| (row[0].split_whitespace().collect::<Vec<_>>().join(" "), amount(&row[1]))).collect()
}

/// What hledger sums up of some accounts, by month.
fn hledger_months(file: &Path, accounts: &str) -> BTreeMap<String, Decimal> {
    let table = hledger_table(file, &["balance", "--flat", "--monthly", accounts]);
    let totals = table.last().expect("a total");
    assert_eq!(totals[0], "total");
    table[0][1..].iter().cloned().zip(totals[1..].iter().map(|cell| amount(cell))).collect()
}

async fn hledger_agrees(server: &Server, tenant: &Tenant<'_>) {
    let file = folder("exports").join(format!("{}.journal", tenant.id));
    std::fs::write(&file, exported(server, &tenant.id, Format::Hledger).await).expect("a file");
    let check = Command::new("hledger").arg("-f").arg(&file).arg("check").output().expect("hledger");
    assert!(check.status.success(), "hledger check: {}", String::from_utf8_lossy(&check.stderr));

    let owner = &tenant.owner;
    for (group, pivot) in [
        ("COMPANY", "company"),
        ("SERVICE", "service"),
        ("SELLER", "seller"),
        ("EMPLOYEE", "employee"),
        ("PROJECT", "project"),
        ("DEPARTMENT", "department"),
    ] {
        let report = margin(owner, "1996-01-01", "1998-12-31", group).await;
        let of = |account: &str| hledger(&file, &["balance", "--flat", "--empty", "--pivot", pivot, account]);
        let (mut income, mut expenses) = (of("acct:^income"), of("acct:^expenses"));
        for (figure, theirs, sign) in [("revenue", &mut income, -Decimal::ONE), ("cost", &mut expenses, Decimal::ONE)] {
            let total = theirs.remove("total").unwrap_or_default();
            assert_eq!(decimal(&report["total"][figure]), sign * total, "{figure} by {group}");
            for row in rows(&report) {
                let name = if row["key"].is_null() { String::new() } else { text(&row["label"]).replace(',', " ") };
                let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
                assert_eq!(
                    decimal(&row[figure]),
                    sign * theirs.remove(&name).unwrap_or_default(),
                    "{figure} of {row} by {group}"
                );
            }
            theirs.retain(|_, amount| !amount.is_zero());
            assert!(theirs.is_empty(), "hledger has {figure} by {group} beside: {theirs:?}");
        }
    }
    let months = margin(owner, "1996-01-01", "1998-12-31", "MONTH").await;
    for (figure, account, sign) in
        [("revenue", "acct:^income", -Decimal::ONE), ("cost", "acct:^expenses", Decimal::ONE)]
    {
        let theirs = hledger_months(&file, account);
        for row in rows(&months) {
            let total = theirs.get(&text(&row["key"])).copied().unwrap_or_default();
            assert_eq!(decimal(&row[figure]), sign * total, "{figure} of {row}");
        }
    }
    let centres = cost_centres(owner).await;
    let theirs = hledger(&file, &["balance", "--flat", "--pivot", "cost_centre", "acct:^expenses"]);
    for row in rows(&centres) {
        assert_eq!(Some(&decimal(&row["cost"])), theirs.get(&text(&row["label"])), "{row}");
    }
    let theirs = hledger_months(&file, "acct:^assets:1[12]");
    for row in rows(&cash_flow(owner).await).iter().filter(|row| row["kind"] == "ACTUAL") {
        let total = theirs.get(&text(&row["period"])).copied().unwrap_or_default();
        assert_eq!(decimal(&row["net"]), total, "{row}");
    }

    let csv = exported(server, &tenant.id, Format::Csv).await;
    let register = hledger_table(&file, &["register"]);
    assert_eq!(
        csv.lines().count(),
        register.len(),
        "as CSV there's a row for each line, below the names of the columns"
    );
}

/// The lines behind a figure add up to it.
async fn every_figure_opens(owner: &Caller<'_>) {
    let document = r#"{ reports { margin(from: "1996-01-01", to: "1998-12-31", groupBy: SELLER) { rows { label revenue cost
        lines(side: MARGIN, first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { debit credit account { type } entry { sourceKind sourceId } } } } } } }"#;
    let report = owner.query(document).await;
    let row = &report["reports"]["margin"]["rows"][0];
    let count = row["lines"]["totalCount"].as_i64().expect("a count");
    assert!(count > 100, "the first seller has sold more than that: {count}");
    assert_eq!(row["lines"]["pageInfo"]["hasNextPage"], true);
    assert!(row["lines"]["nodes"].as_array().expect("lines").iter().all(|line| line["entry"]["sourceId"].is_string()));

    // By department there's one row, with every line that counts.
    let document = r#"query($after: String) { reports { margin(from: "1998-05-01", to: "1998-05-31", groupBy: DEPARTMENT) { rows { revenue cost
        lines(side: MARGIN, first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id debit credit account { type } } } } } } }"#;
    let (mut after, mut revenue, mut cost) = (Value::Null, Decimal::ZERO, Decimal::ZERO);
    loop {
        let report = owner.send(document, json!({ "after": after })).await.data();
        let row = &report["reports"]["margin"]["rows"][0];
        for line in row["lines"]["nodes"].as_array().expect("lines") {
            let net = decimal(&line["debit"]) - decimal(&line["credit"]);
            if line["account"]["type"] == "INCOME" { revenue -= net } else { cost += net }
        }
        if row["lines"]["pageInfo"]["hasNextPage"] == false {
            assert_eq!((decimal(&row["revenue"]), decimal(&row["cost"])), (revenue, cost));
            break;
        }
        after = row["lines"]["pageInfo"]["endCursor"].clone();
    }
}
