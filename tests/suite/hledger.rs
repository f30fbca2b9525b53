//! The demo company's exported journal, as hledger reads it: its statements are ours, to the cent.

use std::{collections::BTreeMap, path::Path, process::Command};

use kamara::{
    db::Db,
    demo::{self, Demo},
    transfer::export::Format,
};
use kamara_tests::{Caller, Database, Server, block_on, folder};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::{books::text, transfer::exported};

type Figures = BTreeMap<String, Decimal>;

/// What hledger's report has of each account, by code.
fn theirs(journal: &Path, arguments: &[&str]) -> Figures {
    let output = Command::new("hledger").arg("-f").arg(journal).args(arguments).args(["--flat", "-O", "csv"]).output();
    let output = output.expect("hledger: `make test` installs it");
    assert!(output.status.success(), "hledger {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(output.stdout.as_slice());
    let mut figures = Figures::new();
    for row in reader.records().map(|row| row.expect("CSV")) {
        let Some((_, account)) = row[0].split_once(':') else { continue };
        let code = account.split(' ').next().expect("a code").to_owned();
        if code.is_empty() {
            // The total.
            continue;
        }
        let amount = row[1].split(' ').next().and_then(|amount| amount.parse().ok());
        figures.insert(code, amount.unwrap_or_else(|| panic!("no amount: {row:?}")));
    }
    figures
}

/// What our report has of each account, by code; rows that are of no account are left out.
fn ours(report: &Value, figure: impl Fn(&Value) -> Decimal) -> Figures {
    let rows = report["rows"].as_array().expect("rows").iter().filter(|row| !row["account"].is_null());
    let of = |row: &Value| (text(&row["account"]["code"]), figure(row));
    rows.map(of).filter(|(_, figure)| !figure.is_zero()).collect()
}

fn decimal(value: &Value) -> Decimal {
    text(value).parse().expect("an amount")
}

async fn demo_company(server: &Server) -> Caller<'_> {
    let db = Db::connect(&server.database_url, 2).await.expect("the database");
    let date = kamara_tests::now().date_naive();
    let (email, password) = (demo::EMAIL.to_owned(), demo::PASSWORD.to_owned());
    let options = Demo { seed: 1, date, email: email.clone(), password: password.clone(), files: None };
    Box::pin(demo::make(&db, &options)).await.expect("a demo company");
    db.close().await.expect("an orderly end");
    let session =
        Caller::anonymous(server).act("logIn", json!({ "email": email, "password": password }), "token").await;
    Caller::with_token(server, &text(&session["token"]))
}

#[test]
fn the_demo_companys_journal_says_the_same_to_hledger() {
    block_on(async {
        let server = Server::start(Database::Sqlite).await;
        let owner = demo_company(&server).await;
        let tenant = text(&owner.query("{ me { tenant { id } } }").await["me"]["tenant"]["id"]);
        let exported = exported(&server, &tenant, Format::Hledger).await;
        assert!(exported.contains(", closing:"), "closed years are in it");
        assert!(exported.contains("original: "), "and amounts in other currencies");
        let journal = folder("exports").join("demo.journal");
        std::fs::write(&journal, exported).expect("a file");
        let check = Command::new("hledger").arg("-f").arg(&journal).arg("check").output().expect("hledger");
        assert!(check.status.success(), "hledger check: {}", String::from_utf8_lossy(&check.stderr));

        for (at, after) in [("2025-12-31", "2026-01-01"), ("2026-06-15", "2026-06-16")] {
            let document = format!(
                r#"{{ reports {{
                    trialBalance(at: "{at}") {{ rows {{ account {{ code }} debit credit }} total {{ debit credit }} }}
                    balanceSheet(at: "{at}") {{ rows {{ account {{ code }} balance }} balanced }} }} }}"#
            );
            let shown = owner.query(&document).await;
            let (trial, sheet) = (&shown["reports"]["trialBalance"], &shown["reports"]["balanceSheet"]);
            let trial = ours(trial, |row| decimal(&row["debit"]) - decimal(&row["credit"]));
            assert!(trial.len() > 5, "a company with some accounts: {trial:?}");
            assert_eq!(trial, theirs(&journal, &["balance", "--end", after]), "trial balance at {at}");
            assert_eq!(sheet["balanced"], true);
            let sheet = ours(sheet, |row| decimal(&row["balance"]));
            assert_eq!(sheet, theirs(&journal, &["balancesheetequity", "--end", after]), "balance sheet at {at}");
        }
        for (from, to, after) in [
            ("2024-01-01", "2024-12-31", "2025-01-01"),
            ("2025-01-01", "2025-12-31", "2026-01-01"),
            ("2026-01-01", "2026-06-15", "2026-06-16"),
        ] {
            let document = format!(
                r#"{{ reports {{ profitAndLoss(from: "{from}", to: "{to}") {{ rows {{ account {{ code }} amount }} }} }} }}"#
            );
            let result = owner.query(&document).await;
            let result = ours(&result["reports"]["profitAndLoss"], |row| decimal(&row["amount"]));
            assert!(!result.is_empty(), "{from}");
            let arguments = ["incomestatement", "--begin", from, "--end", after, "not:tag:closing"];
            assert_eq!(result, theirs(&journal, &arguments), "income statement of {from}");
        }
        server.stop().await;
    });
}
