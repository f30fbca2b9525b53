//! Banks: files come once and without a gap, lines are matched by a person's word and taken back, transfers, and what ties all
//! to the ledger.

use std::{fmt::Write as _, time::Instant};

use kamara_tests::{ApiError, Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::text;

/// A booking of a bank: day of June, amount in minor units, who, what for, the bank's id.
type Booking<'a> = (u32, i64, &'a str, &'a str, &'a str);

fn decimal(minor: i64) -> String {
    format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
}

/// A camt.053 file of one statement.
fn camt(currency: &str, opening: i64, bookings: &[Booking<'_>]) -> String {
    let sign = |minor: i64| if minor < 0 { "DBIT" } else { "CRDT" };
    let amount = |minor: i64| {
        format!(r#"<Amt Ccy="{currency}">{}</Amt><CdtDbtInd>{}</CdtDbtInd>"#, decimal(minor.abs()), sign(minor))
    };
    let balance = |kind: &str, minor: i64| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{}<Dt><Dt>2026-06-30</Dt></Dt></Bal>",
            amount(minor)
        )
    };
    let closing = opening + bookings.iter().map(|booking| booking.1).sum::<i64>();
    let entries = bookings.iter().fold(String::new(), |mut entries, (day, minor, who, what, id)| {
        let role = if *minor < 0 { "Cdtr" } else { "Dbtr" };
        let _ = writeln!(
            entries,
            "<Ntry>{}<Sts>BOOK</Sts><BookgDt><Dt>2026-06-{day:02}</Dt></BookgDt><AcctSvcrRef>{id}</AcctSvcrRef><NtryDtls><TxDtls>\
             <RltdPties><{role}><Nm>{who}</Nm></{role}></RltdPties><RmtInf><Ustrd>{what}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
            amount(*minor)
        );
        entries
    });
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt><Stmt><Id>S</Id>\n{}{}\n{entries}</Stmt></BkToCstmrStmt></Document>",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

/// A company with a bank account.
struct Bank<'a> {
    tenant: Tenant<'a>,
    account: String,
    ledger_account: String,
    client: String,
}

impl<'a> Bank<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let made =
            owner.create("bankAccount", json!({ "name": "ლარის ანგარიში" }), "id currency account { id role }").await;
        assert_eq!((&made["currency"], &made["account"]["role"]), (&json!("GEL"), &json!("BANK")));
        let client = owner.created("company", json!({ "name": "შპს ქართული თაღი", "isClient": true })).await;
        let (account, ledger_account) = (text(&made["id"]), text(&made["account"]["id"]));
        Self { tenant, account, ledger_account, client }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    async fn try_import(&self, content: &str) -> Result<Value, ApiError> {
        let input = json!({ "bankAccountId": self.account, "format": "CAMT_053", "content": content });
        let selection = "lineCount skippedCount statements { openingBalance { amount } closingBalance { amount } }";
        let answer = self.owner().try_act("importBankStatement", input, selection).await;
        answer.try_error().map_or_else(|| Ok(answer.data()["importBankStatement"].clone()), Err)
    }

    async fn import(&self, opening: i64, bookings: &[Booking<'_>]) -> Value {
        self.try_import(&camt("GEL", opening, bookings)).await.expect("an import")
    }

    /// The lines of the account, the oldest first.
    async fn lines(&self) -> Vec<Value> {
        self.lines_of(&self.account).await
    }

    async fn lines_of(&self, account: &str) -> Vec<Value> {
        let document = "query($id: ID!) { bankStatementLines(first: 100, filter: { bankAccountId: { eq: $id } }, orderBy: { field: DATE, direction: ASC }) \
            { nodes { id date status amount { amount } counterparty matches { recorded amount { amount } journalEntry { id date } payment { id } } } } }";
        let shown = self.owner().send(document, json!({ "id": account })).await.data();
        shown["bankStatementLines"]["nodes"].as_array().expect("lines").clone()
    }

    async fn ids(&self) -> Vec<String> {
        self.lines().await.iter().map(|line| text(&line["id"])).collect()
    }

    /// An issued invoice: its id.
    async fn invoice(&self, price: &str) -> Value {
        let owner = self.owner();
        let line = json!({ "description": "Consulting", "quantity": "1", "unitPrice": price });
        let input = json!({ "companyId": self.client, "date": "2026-06-01", "dueDate": "2026-06-20", "lines": [line] });
        let draft = owner.create("invoice", input, "id version").await;
        let issued = owner.act("issueInvoice", json!({ "id": draft["id"] }), "invoice { id number }").await;
        issued["invoice"].clone()
    }

    async fn invoice_now(&self, invoice: &Value) -> (String, String) {
        let document = "query($id: ID!) { invoice(id: $id) { status due { amount } } }";
        let shown = self.owner().send(document, json!({ "id": invoice["id"] })).await.data();
        (text(&shown["invoice"]["status"]), text(&shown["invoice"]["due"]["amount"]))
    }

    async fn matches(&self, ids: &[String]) -> Value {
        let document = "query($ids: [ID!]!) { bankMatches(lineIds: $ids) { line { id } proposals { score reasons lines { id } \
            parts { kind id number name amount { amount } open { amount } } } } }";
        self.owner().send(document, json!({ "ids": ids })).await.data()["bankMatches"].clone()
    }

    async fn account_of(&self, role: &str) -> String {
        let document = format!("{{ accounts(first: 1, filter: {{ role: {{ eq: {role} }} }}) {{ nodes {{ id }} }} }}");
        text(&self.owner().query(&document).await["accounts"]["nodes"][0]["id"])
    }

    async fn reconciliation(&self, account: &str, at: &str) -> Value {
        let document = "query($id: ID!, $at: Date) { bankReconciliation(bankAccountId: $id, at: $at) { reconciled statedUntil \
            statementBalance { amount } ledgerBalance { amount } difference { amount } openingDifference { amount } unexplained { amount } \
            openLineCount openLinesTotal { amount } ledgerLineCount ledgerLinesTotal { amount } ignoredLinesTotal { amount } } }";
        let shown = self.owner().send(document, json!({ "id": account, "at": at })).await.data();
        let shown = shown["bankReconciliation"].clone();
        // Whatever is open: the difference is told to the last tetri.
        assert_eq!(shown["unexplained"]["amount"], "0.00", "{shown}");
        shown
    }

    async fn count(&self, list: &str) -> i64 {
        let shown = self.owner().query(&format!("{{ {list}(first: 1) {{ totalCount }} }}")).await;
        shown[list]["totalCount"].as_i64().expect("a count")
    }
}

fn confirmation(lines: &[&String], allocations: &[(&Value, &str)]) -> Value {
    let allocations: Vec<Value> =
        allocations.iter().map(|(invoice, amount)| json!({ "invoiceId": invoice["id"], "amount": amount })).collect();
    json!({ "lineIds": lines, "allocations": allocations })
}

fn refused(error: &ApiError, code: &str, field: Option<&str>) {
    assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{}", error.message);
}

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

async fn lines_are_what_a_person_says_they_are(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let (one, two, three) = (bank.invoice("1000.00").await, bank.invoice("300.00").await, bank.invoice("200.00").await);
    let number = text(&one["number"]);
    let first = format!("ინვოისი {number} იანვარი");
    bank.import(
        0,
        &[
            (10, 100_000, "KARTULI TAGHI LLC", &first, "B1"),
            (11, 50_000, "ქართული თაღი", "მომსახურება", "B2"),
            (12, -500, "Bank", "Fee", "B3"),
            (13, 700, "Nobody", "?", "B4"),
        ],
    )
    .await;
    let ids = bank.ids().await;

    // By number, amount and name; and one line for two invoices.
    let proposed = bank.matches(&ids).await;
    let best = &proposed[0]["proposals"][0];
    assert_eq!((&best["score"], &best["parts"][0]["id"]), (&json!(100), &one["id"]), "{proposed}");
    assert_eq!(best["reasons"].as_array().map(Vec::len), Some(3));
    let best = &proposed[1]["proposals"][0];
    assert_eq!(best["parts"].as_array().map(Vec::len), Some(2), "{proposed}");
    assert_eq!(proposed[3]["proposals"], json!([]));
    assert!(bank.lines().await.iter().all(|line| line["status"] == "OPEN"), "nothing is matched by itself");

    // More than is open, more than the line, another's line, no line: nothing is written.
    let more_than_open = confirmation(&[&ids[1]], &[(&two, "300.01")]);
    refused(&owner.refused("confirmBankMatch", more_than_open).await, "INVALID_INPUT", Some("allocations.0.amount"));
    let more_than_paid = confirmation(&[&ids[1]], &[(&one, "500.01")]);
    refused(&owner.refused("confirmBankMatch", more_than_paid).await, "INVALID_INPUT", Some("allocations"));
    let not_said = confirmation(&[&ids[3]], &[]);
    refused(&owner.refused("confirmBankMatch", not_said).await, "INVALID_INPUT", Some("allocations"));
    refused(&owner.refused("confirmBankMatch", confirmation(&[], &[])).await, "INVALID_INPUT", Some("lineIds"));
    let both_ways = confirmation(&[&ids[1], &ids[2]], &[(&two, "300.00")]);
    refused(&owner.refused("confirmBankMatch", both_ways).await, "INVALID_INPUT", Some("lineIds"));
    let stranger = Bank::open(server).await;
    let theirs = confirmation(&[&ids[0]], &[]);
    refused(&stranger.owner().refused("confirmBankMatch", theirs).await, "NOT_FOUND", Some("lineIds"));
    assert_eq!(bank.count("payments").await, 0);

    // One click.
    let done = owner
        .act(
            "confirmBankMatch",
            confirmation(&[&ids[0]], &[(&one, "1000.00")]),
            "lines { status } payments { id date amount { amount } reference }",
        )
        .await;
    assert_eq!((&done["lines"][0]["status"], &done["payments"][0]["date"]), (&json!("MATCHED"), &json!("2026-06-10")));
    assert_eq!(bank.invoice_now(&one).await, ("PAID".into(), "0.00".into()));
    let again = owner.refused("confirmBankMatch", confirmation(&[&ids[0]], &[(&two, "300.00")])).await;
    refused(&again, "CONFLICT", None);
    // A payment that the bank's statement has isn't reversed beside it.
    let payment = json!({ "id": done["payments"][0]["id"] });
    refused(&owner.refused("reversePayment", payment).await, "CONFLICT", None);

    // Taken back, and confirmed again: the invoice is open in between.
    owner.act("unmatchBankLine", json!({ "lineId": ids[0] }), "line { status }").await;
    assert_eq!(bank.invoice_now(&one).await, ("ISSUED".into(), "1000.00".into()));
    owner.act("confirmBankMatch", confirmation(&[&ids[0]], &[(&one, "1000.00")]), "lines { status }").await;
    assert_eq!(bank.invoice_now(&one).await.0, "PAID");

    // Two documents of one line; a fee; and a line that nobody wants.
    let split = confirmation(&[&ids[1]], &[(&two, "300.00"), (&three, "200.00")]);
    let done = owner.act("confirmBankMatch", split, "payments { id }").await;
    assert_eq!(done["payments"].as_array().map(Vec::len), Some(1));
    assert_eq!((bank.invoice_now(&two).await.0, bank.invoice_now(&three).await.0), ("PAID".into(), "PAID".into()));
    let receivable = bank.account_of("RECEIVABLE").await;
    let control = json!({ "lineId": ids[2], "accountId": receivable });
    refused(&owner.refused("bookBankLine", control).await, "INVALID_INPUT", Some("accountId"));
    let expense = bank.account_of("EXPENSE").await;
    let fee = owner
        .act(
            "bookBankLine",
            json!({ "lineId": ids[2], "accountId": expense }),
            "line { status matches { recorded amount { amount } journalEntry { sourceKind description } } }",
        )
        .await;
    assert_eq!(fee["line"]["matches"][0]["amount"]["amount"], "-5.00");
    assert_eq!(fee["line"]["matches"][0]["journalEntry"]["sourceKind"], "BANK_LINE");
    assert!(!bank.reconciliation(&bank.account, "2026-06-30").await["reconciled"].as_bool().unwrap_or(true));
    let advance = json!({ "lineIds": [ids[3]], "companyId": bank.client });
    let done = owner.act("confirmBankMatch", advance, "payments { unallocated { amount } }").await;
    assert_eq!(done["payments"][0]["unallocated"]["amount"], "7.00");
    let tied = bank.reconciliation(&bank.account, "2026-06-30").await;
    assert_eq!(tied["reconciled"], json!(true), "{tied}");
    assert_eq!(tied["ledgerBalance"]["amount"], "1502.00");
}

async fn many_lines_pay_one_document(server: &'static Server) {
    let bank = Bank::open(server).await;
    let invoice = bank.invoice("900.00").await;
    bank.import(
        0,
        &[
            (5, 40_000, "ქართული თაღი", "ნაწილი 1", "C1"),
            (6, 50_000, "KARTULI TAGHI", "ნაწილი 2", "C2"),
            (7, 100, "Other", "x", "C3"),
        ],
    )
    .await;
    let ids = bank.ids().await;
    let proposed = bank.matches(&ids[..1]).await;
    let together = proposed[0]["proposals"].as_array().expect("proposals");
    let together = together.iter().find(|proposal| proposal["lines"].as_array().is_some_and(|lines| lines.len() == 2));
    assert_eq!(together.expect("both lines")["parts"][0]["id"], invoice["id"]);
    let input = confirmation(&[&ids[0], &ids[1]], &[(&invoice, "900.00")]);
    let done = bank.owner().act("confirmBankMatch", input, "payments { date amount { amount } }").await;
    let payments: Vec<_> = done["payments"]
        .as_array()
        .expect("payments")
        .iter()
        .map(|payment| text(&payment["amount"]["amount"]))
        .collect();
    assert_eq!(payments, ["400.00", "500.00"]);
    assert_eq!(bank.invoice_now(&invoice).await, ("PAID".into(), "0.00".into()));
}

async fn of_two_who_confirm_at_once_one_is_told_so(server: &'static Server) {
    let bank = Bank::open(server).await;
    let invoice = bank.invoice("900.00").await;
    bank.import(0, &[(5, 40_000, "ქართული თაღი", "x", "D1")]).await;
    let ids = bank.ids().await;
    let input = confirmation(&[&ids[0]], &[(&invoice, "400.00")]);
    let (owner, input) = (bank.owner(), &input);
    let all: Vec<_> = (0..8).map(|_| owner.try_act("confirmBankMatch", input.clone(), "lines { id }")).collect();
    let answers = futures::future::join_all(all).await;
    let codes: Vec<_> = answers.iter().filter_map(|answer| answer.try_error().map(|error| error.code)).collect();
    assert_eq!(codes, vec!["CONFLICT"; 7], "{codes:?}");
    assert_eq!(bank.count("payments").await, 1);
    assert_eq!(bank.invoice_now(&invoice).await, ("PARTLY_PAID".into(), "500.00".into()));
}

async fn what_is_in_the_ledger_is_matched_as_it_is(server: &'static Server) {
    let bank = Bank::open(server).await;
    let owner = bank.owner();
    let invoice = bank.invoice("120.00").await;
    let payment = json!({
        "companyId": bank.client, "date": "2026-06-09", "amount": "120.00", "accountId": bank.ledger_account,
        "allocations": [{ "invoiceId": invoice["id"], "amount": "120.00" }],
    });
    let made = owner.act("recordPayment", payment, "payment { journalEntry { id } }").await;
    let entry = text(&made["payment"]["journalEntry"]["id"]);
    // The ledger has it already, the bank not yet.
    bank.import(0, &[(8, 100, "x", "y", "E0")]).await;
    let early = bank.reconciliation(&bank.account, "2026-06-09").await;
    assert_eq!((&early["ledgerLineCount"], &early["openLineCount"]), (&json!(1), &json!(1)));
    bank.import(100, &[(10, 12_000, "ქართული თაღი", "x", "E1"), (11, 12_000, "ქართული თაღი", "y", "E2")]).await;
    let ids = bank.ids().await;
    let proposed = bank.matches(&ids[1..2]).await;
    assert_eq!(proposed[0]["proposals"][0]["parts"][0]["kind"], "JOURNAL_ENTRY", "{proposed}");
    let wrong = json!({ "lineId": ids[0], "entryIds": [entry] });
    refused(&owner.refused("matchBankLine", wrong).await, "INVALID_INPUT", Some("entryIds"));
    owner.act("matchBankLine", json!({ "lineId": ids[1], "entryIds": [entry] }), "line { status }").await;
    let twice = json!({ "lineId": ids[2], "entryIds": [entry] });
    refused(&owner.refused("matchBankLine", twice).await, "INVALID_INPUT", Some("entryIds"));
    // Between the two days the ledger is ahead, and says so.
    let between = bank.reconciliation(&bank.account, "2026-06-09").await;
    assert_eq!((&between["ledgerLineCount"], &between["ledgerLinesTotal"]["amount"]), (&json!(1), &json!("120.00")));
    // What was there before stays there.
    owner.act("unmatchBankLine", json!({ "lineId": ids[1] }), "line { status }").await;
    assert_eq!(bank.invoice_now(&invoice).await.0, "PAID");
    owner.act("matchBankLine", json!({ "lineId": ids[2], "entryIds": [entry] }), "line { status }").await;
    owner.act("ignoreBankLine", json!({ "lineId": ids[1], "note": "ორჯერ" }), "line { status note }").await;
    let state = bank.reconciliation(&bank.account, "2026-06-30").await;
    assert_eq!((&state["reconciled"], &state["ignoredLinesTotal"]["amount"]), (&json!(false), &json!("120.00")));
}

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

both!(
    files_come_once_and_without_a_gap,
    lines_are_what_a_person_says_they_are,
    many_lines_pay_one_document,
    of_two_who_confirm_at_once_one_is_told_so,
    what_is_in_the_ledger_is_matched_as_it_is,
    transfers_have_a_side_at_each_bank,
    bank_accounts_have_one_ledger_account_each,
    ten_thousand_lines_are_taken_in_at_once,
);
