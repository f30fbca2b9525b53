//! Files of banks: read, taken in once, without a gap.

use std::time::Instant;

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use super::{Bank, Booking, camt, refused};

const FIRST: [Booking<'_>; 3] =
    [(2, 118_000, "შპს ქართული თაღი", "ინვოისი", "A1"), (3, -500, "Bank", "Fee", "A2"), (3, -500, "Bank", "Fee", "A3")];

async fn files_come_once_and_without_a_gap(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let first = camt("GEL", 100_000, &FIRST);
    let preview = "query($input: ImportBankStatementInput!) { bankFilePreview(input: $input) { lineCount skippedCount \
        statements { closingBalance { amount } } lines { counterparty amount { amount } } } }";
    let input = json!({ "bankAccountId": bank.account, "format": "CAMT_053", "content": first });
    let shown = owner.send(preview, json!({ "input": input })).await.data();
    assert_eq!((&shown["bankFilePreview"]["lineCount"], bank.lines().await.len()), (&json!(3), 0));
    let imported = bank.try_import(&first).await.expect("an import");
    assert_eq!((&imported["lineCount"], &imported["skippedCount"]), (&json!(3), &json!(0)));
    assert_eq!(imported["statements"][0]["closingBalance"]["amount"], "2170.00");

    // The same file, and the same entries in another file.
    refused(&bank.try_import(&first).await.unwrap_err(), "CONFLICT", None);
    let reformatted = first.replace('\n', "\n\n");
    let error = bank.try_import(&reformatted).await.unwrap_err();
    refused(&error, "CONFLICT", None);
    assert!(error.message.contains("All 3 lines"), "{}", error.message);

    // A gap names both balances.
    let gap = bank.try_import(&camt("GEL", 999_900, &[(9, 100, "X", "Y", "Z1")])).await.unwrap_err();
    refused(&gap, "INVALID_INPUT", Some("content"));
    assert!(gap.message.contains("9999.00 GEL") && gap.message.contains("2170.00 GEL"), "{}", gap.message);

    // A file that begins too early is taken from where it's new.
    let mut longer = FIRST.to_vec();
    longer.extend([(5, 7_700, "ნინო", "დაბრუნება", "A4"), (5, -1_000, "Bank", "Fee", "A5")]);
    let imported = bank.import(100_000, &longer).await;
    assert_eq!((&imported["lineCount"], &imported["skippedCount"]), (&json!(2), &json!(3)));
    assert_eq!(imported["statements"][0]["openingBalance"]["amount"], "2170.00");
    assert_eq!(imported["statements"][0]["closingBalance"]["amount"], "2237.00");

    // What is broken says where, and leaves nothing behind.
    let good = camt("GEL", 223_700, &[(8, 100, "X", "Y", "Z1"), (8, 200, "X", "Y", "Z2")]);
    let broken = [
        ("cut off", good[..good.len() - 40].to_owned()),
        ("an amount", good.replace(">2.00<", ">2,00<")),
        ("a day", good.replacen("2026-06-08", "08.06.2026", 1)),
        ("not adding up", good.replace(">2.00<", ">3.00<")),
        ("another currency", good.replace("GEL", "USD")),
        ("another message", good.replace("BkToCstmrStmt", "BkToCstmrAcctRpt")),
        ("no XML", "date;amount".to_owned()),
        ("empty", String::new()),
        ("entities", format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{good}")),
    ];
    let before = (bank.count("bankStatements").await, bank.count("bankStatementLines").await);
    for (what, content) in broken {
        let error = bank.try_import(&content).await.unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.field.as_deref()),
            ("INVALID_INPUT", Some("content")),
            "{what}: {error:?}"
        );
    }
    assert_eq!((bank.count("bankStatements").await, bank.count("bankStatementLines").await), before);
    let stranger = Bank::open(server).await;
    let theirs = json!({ "bankAccountId": stranger.account, "format": "CAMT_053", "content": good });
    refused(&owner.refused("importBankStatement", theirs).await, "NOT_FOUND", Some("bankAccountId"));
    bank.try_import(&good).await.expect("the whole file is as good as it was");

    // CSV: what is missing is named.
    let csv = |content: &str, mapping: Value| json!({ "bankAccountId": stranger.account, "format": "CSV", "content": content, "mapping": mapping });
    let stranger_owner = stranger.owner();
    let no_balance = csv("Date,Amount\n2026-06-01,5.00\n", json!({}));
    refused(
        &stranger_owner.refused("importBankStatement", no_balance).await,
        "INVALID_INPUT",
        Some("mapping.openingBalance"),
    );
    let no_column = csv("When,Amount\n2026-06-01,5.00\n", json!({ "columns": { "date": "Day" } }));
    refused(
        &stranger_owner.refused("importBankStatement", no_column).await,
        "INVALID_INPUT",
        Some("mapping.columns.date"),
    );
    let georgian = csv(
        "თარიღი;დანიშნულება;გასული თანხა;შემოსული თანხა;პარტნიორი\n01.06.2026;ქირა;1.250,50;;შპს სახლი\n",
        json!({ "decimalComma": true, "openingBalance": "2000.00" }),
    );
    let made = stranger_owner.act("importBankStatement", georgian, "statements { closingBalance { amount } }").await;
    assert_eq!(made["statements"][0]["closingBalance"]["amount"], "749.50");
}

async fn ten_thousand_lines_are_taken_in_at_once(server: &'static Server) {
    let bank = Bank::open(server).await;
    for _ in 0..3 {
        bank.invoice("10.00").await;
    }
    let names: Vec<String> = (0..10_000).map(|number| format!("K{number}")).collect();
    let bookings: Vec<Booking<'_>> = names
        .iter()
        .zip(1_u32..)
        .map(|(name, at)| (at % 28 + 1, 100 + i64::from(at), "შპს ქართული თაღი", "მომსახურება", name.as_str()))
        .collect();
    let file = camt("GEL", 0, &bookings);
    let begun = Instant::now();
    let imported = bank.try_import(&file).await.expect("an import");
    let import = begun.elapsed();
    assert_eq!(imported["lineCount"], 10_000);
    let begun = Instant::now();
    refused(&bank.try_import(&file.replace('\n', "\n\n")).await.unwrap_err(), "CONFLICT", None);
    let again = begun.elapsed();
    let begun = Instant::now();
    let ids = bank.ids().await;
    assert_eq!(bank.matches(&ids).await.as_array().map(Vec::len), Some(100));
    let proposed = begun.elapsed();
    let begun = Instant::now();
    assert_eq!(bank.reconciliation(&bank.account, "2026-06-30").await["openLineCount"], 10_000);
    println!(
        "{:?}: {} MB imported in {import:?}, recognised in {again:?}, 100 lines proposed in {proposed:?}, reconciled in {:?}",
        server.database,
        file.len() / 1_000_000,
        begun.elapsed()
    );
}

both!(files_come_once_and_without_a_gap, ten_thousand_lines_are_taken_in_at_once,);
