//! Bank accounts, and money that is moved between them.

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use super::{Bank, camt, refused};
use crate::books::text;

async fn transfers_have_a_side_at_each_bank(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let dollars = owner.created("bankAccount", json!({ "name": "Dollars", "currency": "USD" })).await;
    let same = json!({ "fromBankAccountId": bank.account, "toBankAccountId": bank.account, "amount": "1.00" });
    refused(&owner.refused("transferMoney", same).await, "INVALID_INPUT", Some("toBankAccountId"));
    let base = json!({
        "fromBankAccountId": bank.account, "toBankAccountId": dollars, "amount": "2700.00", "date": "2026-06-10",
        "arrivalDate": "2026-06-11", "reference": "კონვერტაცია",
    });
    refused(&owner.refused("transferMoney", base.clone()).await, "INVALID_INPUT", Some("arrived"));
    let mut input = base.clone();
    input["arrived"] = json!("1000.00");
    input["arrivedRate"] = json!("2.69");
    let mut early = input.clone();
    early["arrivalDate"] = json!("2026-06-09");
    refused(&owner.refused("transferMoney", early).await, "INVALID_INPUT", Some("arrivalDate"));
    let lines = "journalEntries { id date lines { account { role } amount { amount currency } debit credit } }";
    let made = owner.act("transferMoney", input, &format!("bankTransfer {{ id {lines} }}")).await;
    let entries = made["bankTransfer"]["journalEntries"].as_array().expect("entries").clone();
    assert_eq!((&entries[0]["date"], &entries[1]["date"]), (&json!("2026-06-10"), &json!("2026-06-11")));
    // On the way it's worth what left; what it's worth less on arrival is a difference of rates.
    let of_role = |entry: &Value, role: &str| {
        let lines = entry["lines"].as_array().expect("lines").clone();
        lines.into_iter().find(|line| line["account"]["role"] == role).expect("a line")
    };
    assert_eq!(of_role(&entries[0], "BANK_TRANSIT")["debit"], "2700.00");
    assert_eq!(of_role(&entries[1], "BANK_TRANSIT")["credit"], "2700.00");
    assert_eq!(of_role(&entries[1], "EXCHANGE_DIFFERENCE")["debit"], "10.00");
    assert_eq!(of_role(&entries[1], "BANK")["amount"], json!({ "amount": "1000.00", "currency": "USD" }));

    // Both statements have their side.
    bank.import(500_000, &[(10, -270_000, "Ourselves", "კონვერტაცია", "F1")]).await;
    let camt = camt("USD", 0, &[(11, 100_000, "Ourselves", "conversion", "G1")]);
    let import = json!({ "bankAccountId": dollars, "format": "CAMT_053", "content": camt });
    owner.act("importBankStatement", import, "lineCount").await;
    let theirs = bank.lines_of(&dollars).await;
    for (line, entry) in [(&bank.lines().await[0]["id"], &entries[0]["id"]), (&theirs[0]["id"], &entries[1]["id"])] {
        let found = bank.matches(&[text(line)]).await;
        assert_eq!(&found[0]["proposals"][0]["parts"][0]["id"], entry, "{found}");
        owner.act("matchBankLine", json!({ "lineId": line, "entryIds": [entry] }), "line { status }").await;
    }
    assert_eq!(bank.reconciliation(&dollars, "2026-06-30").await["reconciled"], json!(true));
    // The first statement opens with more than the ledger had before it, and that is told too.
    let opened = bank.reconciliation(&bank.account, "2026-06-30").await;
    assert_eq!((&opened["openingDifference"]["amount"], &opened["reconciled"]), (&json!("5000.00"), &json!(false)));

    let id = json!({ "id": made["bankTransfer"]["id"] });
    refused(&owner.refused("reverseTransfer", id.clone()).await, "CONFLICT", None);
    for line in [&bank.lines().await[0]["id"], &theirs[0]["id"]] {
        owner.act("unmatchBankLine", json!({ "lineId": line }), "line { status }").await;
    }
    let reversed = owner.act("reverseTransfer", id.clone(), "bankTransfer { status journalEntries { id } }").await;
    assert_eq!(reversed["bankTransfer"]["status"], "REVERSED");
    assert_eq!(reversed["bankTransfer"]["journalEntries"].as_array().map(Vec::len), Some(4));
    refused(&owner.refused("reverseTransfer", id).await, "CONFLICT", None);
}

async fn bank_accounts_have_one_ledger_account_each(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let taken = json!({ "name": "Second", "accountId": bank.ledger_account });
    refused(&owner.refused("createBankAccount", taken).await, "INVALID_INPUT", Some("accountId"));
    let not_a_bank = json!({ "name": "Second", "accountId": bank.account_of("EXPENSE").await });
    refused(&owner.refused("createBankAccount", not_a_bank).await, "INVALID_INPUT", Some("accountId"));
    let wrong_iban = json!({ "name": "Second", "iban": "GE29 NB00 0000 0101 9049 18" });
    refused(&owner.refused("createBankAccount", wrong_iban).await, "INVALID_INPUT", Some("iban"));
    for (field, value) in [("name", " "), ("currency", "gel"), ("bic", "TBC")] {
        let mut input = json!({ "name": "Second" });
        input[field] = json!(value);
        refused(&owner.refused("createBankAccount", input).await, "INVALID_INPUT", Some(field));
    }
    let made = owner
        .create("bankAccount", json!({ "name": "Second", "iban": "GE29 NB00 0000 0101 9049 17" }), "id iban version")
        .await;
    assert_eq!(made["iban"], "GE29NB0000000101904917");
    // A file of another account is refused by name.
    let ours = camt("GEL", 0, &[])
        .replace("<Id>S</Id>", "<Id>S</Id><Acct><Id><IBAN>GE11TB0000000000000001</IBAN></Id></Acct>");
    let import = json!({ "bankAccountId": made["id"], "format": "CAMT_053", "content": ours });
    let error = owner.refused("importBankStatement", import).await;
    refused(&error, "INVALID_INPUT", Some("content"));
    assert!(error.message.contains("GE11TB0000000000000001"), "{}", error.message);
    bank.import(0, &[(1, 100, "x", "y", "H1")]).await;
    let now = owner.send("query($id: ID!) { bankAccount(id: $id) { version openLineCount ledgerBalance { amount } lastStatement { ordinal closingBalance { amount } } } }", json!({ "id": bank.account })).await.data();
    assert_eq!(
        (&now["bankAccount"]["openLineCount"], &now["bankAccount"]["lastStatement"]["closingBalance"]["amount"]),
        (&json!(1), &json!("1.00"))
    );
    let moved = json!({ "id": bank.account, "version": now["bankAccount"]["version"], "currency": "USD" });
    refused(&owner.refused("updateBankAccount", moved).await, "CONFLICT", None);
}

both!(transfers_have_a_side_at_each_bank, bank_accounts_have_one_ledger_account_each,);
