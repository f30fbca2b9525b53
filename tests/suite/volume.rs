//! More at once than one statement has parameters: 32,766 on SQLite, 65,535 on PostgreSQL.

use std::{fmt::Write as _, fs};

use kamara::ledger::splits;
use kamara_entities::{InvoiceId, invoice};
use kamara_tests::{Server, Tenant, both_alone, folder};
use uuid::Uuid;

use crate::transfer::{import_into, open};

const INVOICES: usize = 330;
const LINES: usize = 100;

const MAPPING: &str = r#"source = "test"
[[records]]
kind = "company"
file = "clients.csv"
external_id = "{id}"
[records.fields]
name = "{name}"
is_client = "true"
[[records]]
kind = "cost_centre"
file = "centres.csv"
external_id = "{id}"
[records.fields]
code = "{id}"
name = "{name}"
[[records]]
kind = "invoice"
file = "invoices.csv"
external_id = "{id}"
[records.fields]
company = { lookup = "company", value = "{client}" }
date = "{date}"
currency = "GEL"
[records.lines]
file = "lines.csv"
of = "{invoice}"
[records.lines.fields]
description = "{what}"
quantity = "1"
unit_price = "100"
account = { lookup = "account", value = "6110" }
cost_centre = { lookup = "cost_centre", value = "TB" }
tax_code = { lookup = "tax_code", value = "VAT18" }
"#;

async fn lines_of_an_import_name_what_they_refer_to(server: Server) {
    let tenant = Tenant::sign_up(&server).await;
    let files = folder(&format!("volume-{:?}", server.database));
    fs::write(files.join("mapping.toml"), MAPPING).unwrap();
    fs::write(files.join("clients.csv"), "id,name\nc,Client\n").unwrap();
    fs::write(files.join("centres.csv"), "id,name\nTB,თბილისი\n").unwrap();
    let (mut invoices, mut lines) = ("id,client,date\n".to_owned(), "invoice,what\n".to_owned());
    for number in 0..INVOICES {
        writeln!(invoices, "{number},c,2026-01-31").unwrap();
        for line in 0..LINES {
            writeln!(lines, "{number},Line {line}").unwrap();
        }
    }
    fs::write(files.join("invoices.csv"), invoices).unwrap();
    fs::write(files.join("lines.csv"), lines).unwrap();
    let outcome = import_into(&server, &tenant.id, &files.join("mapping.toml"), &files).await.expect("an import");
    assert_eq!(outcome.made, 2 + INVOICES);
    let document = r#"{ invoices { totalCount }
        reports { margin(from: "2026-01-01", to: "2026-12-31", groupBy: COMPANY) { total { revenue } } } }"#;
    let found = tenant.owner.query(document).await;
    assert_eq!(found["invoices"]["totalCount"], INVOICES);
    assert_eq!(found["reports"]["margin"]["total"]["revenue"], "3300000.00");
}

async fn rows_are_found_and_locked(server: Server) {
    let tenant = Tenant::sign_up(&server).await;
    let (db, access, env) = open(&server, &tenant.id).await;
    let scope = access.write(&db, &env).await.expect("a scope");
    let ids: Vec<Uuid> = (1..=70_000_u128).map(Uuid::from_u128).collect();
    let invoices = || ids.iter().copied().map(InvoiceId);
    assert!(scope.by_ids::<invoice::Entity>(invoices()).await.expect("a read").is_empty());
    assert!(scope.lock_all::<invoice::Entity>(invoices()).await.expect("a read").is_empty());
    assert!(splits::of_lines(&scope, ids.iter().copied()).await.expect("a read").is_empty());
    drop(scope);
    db.close().await.expect("an orderly end");
}

both_alone!(lines_of_an_import_name_what_they_refer_to, rows_are_found_and_locked);
