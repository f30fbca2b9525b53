//! Opening balances: whatever is open comes with them, once, and is taken back as a whole.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{cents, with},
    verify::problems,
};

/// A company with a client, a supplier and an employee.
struct Firm<'a> {
    tenant: Tenant<'a>,
    accounts: Value,
    client: String,
    employee: String,
}

impl<'a> Firm<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let accounts = owner.query("{ accounts(first: 100) { nodes { id code role } } }").await;
        let accounts = accounts["accounts"]["nodes"].clone();
        let client = owner.created("company", json!({ "name": "Vake Clinic", "isClient": true })).await;
        owner.created("company", json!({ "name": "Office Ltd", "isClient": false, "isSupplier": true })).await;
        owner.created("company", json!({ "name": "შპს „არტა“", "isClient": true, "isSupplier": true })).await;
        let employee = owner.created("employee", json!({ "name": "ნინო ბერიძე", "hiredOn": "2020-01-01" })).await;
        Self { tenant, accounts, client, employee }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    fn account(&self, role: &str) -> &Value {
        let accounts = self.accounts.as_array().expect("accounts");
        accounts.iter().find(|account| account["role"] == role).unwrap_or_else(|| panic!("no account of role {role}"))
    }

    /// Rows with the codes of the accounts whose roles they name.
    fn file(&self, rows: &str) -> String {
        let roles = ["RECEIVABLE", "PAYABLE", "CUSTOMER_ADVANCE", "SUPPLIER_ADVANCE", "EMPLOYEE_PAYABLE", "BANK"];
        let coded = |file: String, role: &&str| {
            file.replace(&format!("account,{role},"), &format!("account,{},", text(&self.account(role)["code"])))
        };
        roles.iter().fold(rows.to_owned(), coded)
    }

    async fn import(&self, csv: &str) -> Value {
        let selection =
            "journalEntry { id seq date } accounts invoices creditNotes bills supplierCredits payments advances
            expenses difference { amount }";
        self.owner().act("importOpeningBalances", input(csv), selection).await
    }

    async fn take_back(&self, import: &Value) -> Value {
        let input = json!({ "entryId": import["journalEntry"]["id"], "reason": "Wrong file" });
        let selection = "documents journalEntry { date description reverses { id } }";
        self.owner().act("reverseOpeningBalances", input, selection).await
    }

    /// What is refused, by code and field, and leaves nothing behind; what it says.
    async fn refused(&self, act: &str, input: Value, code: &str, field: Option<&str>) -> String {
        let newest = "{ journalEntries(first: 1) { totalCount nodes { seq } } auditEvents(first: 1) { totalCount } }";
        let before = self.owner().query(newest).await;
        let error = self.owner().refused(act, input.clone()).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{act} {input}: {}", error.message);
        assert_eq!(self.owner().query(newest).await, before, "{act} {input} left something behind");
        error.message
    }

    async fn books(&self) -> Value {
        self.owner()
            .query("{ journalEntries(first: 1) { totalCount nodes { seq } } invoices(first: 1) { totalCount } }")
            .await
    }

    /// What stands on the accounts with a role, debit positive, on a day.
    async fn balance(&self, role: &str, at: &str) -> String {
        let document =
            format!(r#"{{ reports {{ trialBalance(at: "{at}") {{ rows {{ account {{ role }} debit credit }} }} }} }}"#);
        let shown = self.owner().query(&document).await;
        let rows = shown["reports"]["trialBalance"]["rows"].as_array().expect("rows").clone();
        let of_role = rows.iter().filter(|row| row["account"]["role"] == role);
        let minor: i64 = of_role.map(|row| cents(&row["debit"]) - cents(&row["credit"])).sum();
        format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
    }

    /// Every figure that opening balances move, on three days.
    async fn figures(&self) -> Vec<Value> {
        let mut figures = Vec::new();
        for at in ["2025-12-30", "2025-12-31", "2026-03-31"] {
            let aged = "rows { company { name } current days1To30 days31To60 days61To90 over90 total } total { total }";
            let document = format!(
                r#"query($id: ID!) {{ reports {{
                    trialBalance(at: "{at}") {{ rows {{ account {{ code }} debit credit }} total {{ debit credit }} }}
                    agedReceivables(at: "{at}") {{ {aged} }} agedPayables(at: "{at}") {{ {aged} }}
                    balanceSheet(at: "{at}") {{ balanced assets }}
                    clientStatement(companyId: $id, from: "{at}", to: "{at}") {{ parts {{ currency closing advances }} }}
                }} }}"#
            );
            figures.push(self.owner().send(&document, json!({ "id": self.client })).await.data()["reports"].clone());
        }
        figures
    }

    /// What must hold whatever was done.
    async fn ties(&self, at: &str) {
        let document = format!(
            r#"{{ reports {{ agedReceivables(at: "{at}") {{ total {{ total }} }} agedPayables(at: "{at}") {{ total {{ total }} }}
                balanceSheet(at: "{at}") {{ balanced }} }} }}"#
        );
        let shown = self.owner().query(&document).await["reports"].clone();
        assert_eq!(shown["balanceSheet"]["balanced"], true, "{at}");
        let (owed, owing) = (self.balance("RECEIVABLE", at).await, self.balance("PAYABLE", at).await);
        assert_eq!(shown["agedReceivables"]["total"]["total"], owed.as_str(), "{at}");
        assert_eq!(cents(&shown["agedPayables"]["total"]["total"]), -cents(&json!(owing)), "{at}");
    }

    /// A document that came, by its number.
    async fn found(&self, kind: &str, number: &str) -> Value {
        let (list, name, shown) = match kind {
            "invoice" => ("invoices", "number", "kind status date dueDate due { amount currency } lines { id }"),
            "bill" => ("bills", "supplierNumber", "kind status number date due { amount currency }"),
            "payment" => (
                "payments",
                "reference",
                "status date advance tax { amount } unallocated { amount currency }
                journalEntry { id }",
            ),
            _ => ("expenses", "description", "status date due { amount currency }"),
        };
        let found = self.owner().query(&format!("{{ {list}(first: 100) {{ nodes {{ id {name} {shown} }} }} }}")).await;
        let nodes = found[list]["nodes"].as_array().expect("nodes").clone();
        nodes.into_iter().find(|node| node[name] == number).unwrap_or_else(|| panic!("no {kind} {number}"))
    }

    async fn imports(&self) -> Value {
        let counts = "accounts invoices creditNotes bills supplierCredits payments advances expenses";
        let document = format!(
            "{{ openingImports(first: 10) {{ totalCount nodes {{ date journalEntry {{ id }} counts {{ {counts} }}
                difference {{ amount }} createdBy {{ name }} }} }} }}"
        );
        self.owner().query(&document).await["openingImports"].clone()
    }
}

fn input(csv: &str) -> Value {
    json!({ "date": "2025-12-31", "csv": csv })
}

const OPENING: &str = "kind,account,company,number,date,due_date,currency,rate,amount
account,1210,,,,,,,5000.00
account,1220,,,,,USD,2.7,1000.00
account,1410,,,,,,,1540.00
account,3110,,,,,,,-700.00
account,5150,,,,,,,-8540.00
invoice,,Vake Clinic,INV-000117,2025-11-03,2025-12-03,,,1000.00
invoice,,Vake Clinic,A-18,2025-12-20,2026-01-19,USD,2.7,200.00
bill,,Office Ltd,OF-4,2025-12-01,,,,700.00
";

/// All that can be open. Receivable: 1,000 + 500 + 12.345 KWD − 100 − 50. Payable: 700 and ¥10,000, less 70 and 30. Of the
/// advance of 118, 18 are the tax that was declared before.
const EVERYTHING: &str = "kind,account,company,employee,number,date,due_date,currency,rate,tax_code,amount
account,BANK,,,,,,,,,10000.00
account,RECEIVABLE,,,,,,,,,1458.02
account,PAYABLE,,,,,,,,,-780.00
account,CUSTOMER_ADVANCE,,,,,,,,,-140.00
account,SUPPLIER_ADVANCE,,,,,,,,,200.00
account,EMPLOYEE_PAYABLE,,,,,,,,,-35.00
account,5150,,,,,,,,,-10703.00
invoice,,Vake Clinic,,INV-000117,2024-02-29,2024-03-30,,,,1000.00
invoice,,შპს „არტა“,,№ 5,2025-12-10,2026-01-09,,,,500.00
invoice,,Vake Clinic,,KW-1,2025-12-11,2026-01-10,KWD,8.75,,12.345
credit_note,,Vake Clinic,,CN-000009,2025-12-12,,,,,100.00
payment,,Vake Clinic,,R-1,2025-10-01,,,,,50.00
advance,,Vake Clinic,,AV-1,2025-11-20,,,,VAT18,118.00
advance,,შპს „არტა“,,AV-2,2025-11-21,,,,,40.00
bill,,Office Ltd,,OF-4,2025-12-01,,,,,700.00
bill,,შპს „არტა“,,JP-1,2025-12-02,,JPY,0.018,,10000
supplier_credit,,Office Ltd,,OC-1,2025-12-20,,,,,70.00
supplier_payment,,Office Ltd,,P-8,2025-12-21,,,,,30.00
supplier_advance,,Office Ltd,,SA-1,2025-12-22,,,,VAT18,236.00
expense,,,ნინო ბერიძე,Taxi to Kutaisi,2025-12-15,,,,,60.00
employee_payment,,,ნინო ბერიძე,For petrol,2025-12-16,,,,,25.00
difference,,,,,,,,,,
";

async fn opening_balances_bring_each_open_document(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let selection =
        "journalEntry { sourceKind total { amount } } accounts invoices bills total { amount } difference { amount }";
    let mut dry = input(OPENING);
    dry["dryRun"] = json!(true);
    let before = firm.books().await;
    let told = owner.act("importOpeningBalances", dry, selection).await;
    assert_eq!(
        (&told["journalEntry"], &told["invoices"], &told["total"]["amount"]),
        (&Value::Null, &json!(2), &json!("9240.00"))
    );
    assert_eq!(firm.books().await, before, "a check writes nothing");

    for (from, to, words) in [
        ("account,3110,,,,,,,-700.00\n", "", "Line 8: there is no row for account 3110"),
        (",1540.00", ",1500.00", "Line 4: account 1410 has 1500.00"),
        ("5150,,,,,,,-8540.00", "5150,,,,,,,-8500.00", "Debit less credit is 40.00 GEL"),
        ("1220,,,,,USD,2.7,", "1220,,,,,USD,,", "Line 3:"),
        ("1220,,,,,USD", "1220,,,,,XXQ", "Line 3:"),
        ("account,5150", "account,5159", "Line 6: There is no account 5159"),
        ("account,5150", "account,5100", "Line 6:"),
        ("account,5150", "account,3110", "Line 6: Account 3110 has a row already"),
        ("Office Ltd", "Nobody Ltd", "Line 9: There is no company Nobody Ltd"),
        ("bill,,Office Ltd", "bill,,Vake Clinic", "Line 9: Vake Clinic must be"),
        ("2025-11-03,2025-12-03", "2025-11-03,2025-11-02", "Line 7:"),
        ("2025-11-03,2025-12-03", "2026-01-03,2026-12-03", "Line 7:"),
        ("2025-11-03,2025-12-03", "3 November,2025-12-03", "Line 7: date is a day"),
        (",1000.00\ninvoice", ",1e3x\ninvoice", "Line 7: amount is a number"),
        (",1000.00\ninvoice", ",-1000.00\ninvoice", "Line 7:"),
        (",1000.00\ninvoice", ",1000.005\ninvoice", "Line 7:"),
    ] {
        let csv = OPENING.replace(from, to);
        assert_ne!(csv, OPENING, "{from}");
        firm.refused("importOpeningBalances", input(&csv), "INVALID_INPUT", Some("csv")).await;
        let message = owner.refused("importOpeningBalances", input(&csv)).await.message;
        assert!(message.contains(words), "{from} → {to}: {message}");
    }

    let done = owner.act("importOpeningBalances", input(OPENING), selection).await;
    assert_eq!(done["journalEntry"], json!({ "sourceKind": "OPENING", "total": { "amount": "9240.00" } }));
    assert_eq!(
        (&done["accounts"], &done["bills"], &done["difference"]["amount"]),
        (&json!(5), &json!(1), &json!("0.00"))
    );
    let twice = owner.refused("importOpeningBalances", input(OPENING)).await;
    assert_eq!(twice.code, "CONFLICT", "{twice:?}");
    let document = r#"{ reports {
        agedReceivables(at: "2026-01-20") { rows { company { name } days1To30 days31To60 total } }
        agedPayables(at: "2026-01-20") { rows { company { name } days31To60 total } }
        balanceSheet(at: "2025-12-31") { balanced assets } }
      invoices(filter: { number: { eq: "A-18" } }) { nodes { id status date dueDate due { amount currency } journalEntry { id } } } }"#;
    let shown = owner.query(document).await;
    let (receivables, payables) = (&shown["reports"]["agedReceivables"], &shown["reports"]["agedPayables"]);
    assert_eq!(
        receivables["rows"],
        json!([{ "company": { "name": "Vake Clinic" }, "days1To30": "540.00", "days31To60": "1000.00", "total": "1540.00" }])
    );
    assert_eq!(
        payables["rows"],
        json!([{ "company": { "name": "Office Ltd" }, "days31To60": "700.00", "total": "700.00" }])
    );
    assert_eq!(shown["reports"]["balanceSheet"], json!({ "balanced": true, "assets": "9240.00" }));
    let invoice = &shown["invoices"]["nodes"][0];
    assert_eq!(invoice["due"], json!({ "amount": "200.00", "currency": "USD" }));
    firm.refused("voidInvoice", json!({ "id": invoice["id"] }), "CONFLICT", None).await;
    let lines =
        owner.query(r#"{ invoices(filter: { number: { eq: "INV-000117" } }) { nodes { id lines { id } } } }"#).await;
    let old = &lines["invoices"]["nodes"][0];
    let note = json!({ "invoiceId": old["id"], "date": "2026-01-15",
        "lines": [{ "lineId": old["lines"][0]["id"], "net": "100.00" }] });
    let note = owner.act("createCreditNote", note, "creditNote { id total { amount } }").await["creditNote"].clone();
    assert_eq!(note["total"]["amount"], "100.00");
    owner.act("issueInvoice", json!({ "id": note["id"] }), "invoice { id }").await;
    let bills = owner.query("{ bills(first: 1) { nodes { id } } }").await;
    firm.refused("voidBill", json!({ "id": bills["bills"]["nodes"][0]["id"] }), "CONFLICT", None).await;
    // It's paid as any other, and at another rate.
    let payment = json!({ "companyId": firm.client, "date": "2026-02-02", "amount": "200.00", "currency": "USD", "rate": "2.8",
        "accountId": firm.account("BANK")["id"], "allocations": [{ "invoiceId": invoice["id"], "amount": "200.00" }] });
    let paid = owner.act("recordPayment", payment, "payment { invoices { status } }").await;
    assert_eq!(paid["payment"]["invoices"][0]["status"], "PAID");
    let rest = r#"{ reports { agedReceivables(at: "2026-02-02") { total { total } } } }"#;
    assert_eq!(owner.query(rest).await["reports"]["agedReceivables"]["total"]["total"], "900.00");

    // Numbers go on after those that the other system gave out.
    let line = json!({ "description": "Advice", "quantity": "1", "unitPrice": "10", "taxCodeId": null });
    let draft = json!({ "companyId": firm.client, "date": "2026-02-03", "lines": [line] });
    let draft = owner.create("invoice", draft, "id").await;
    let issued = owner.act("issueInvoice", json!({ "id": draft["id"] }), "invoice { number }").await;
    assert_eq!(issued["invoice"]["number"], "INV-000118");
}

async fn all_that_is_open_comes_once_and_goes_as_a_whole(server: &'static Server) {
    let firm = Firm::open(server).await;
    let csv = firm.file(EVERYTHING);
    let empty = firm.figures().await;
    let done = firm.import(&csv).await;
    let counts =
        ["accounts", "invoices", "creditNotes", "bills", "supplierCredits", "payments", "advances", "expenses"];
    assert_eq!(counts.map(|count| done[count].as_i64()), [7, 3, 1, 2, 1, 3, 3, 1].map(Some));
    assert_eq!(done["difference"]["amount"], "0.02");
    let full = firm.figures().await;
    assert_eq!((&full[0], full[1] == empty[1]), (&empty[0], false), "the books begin on the day");
    for (role, stands) in [
        ("RECEIVABLE", "1458.02"),
        ("PAYABLE", "-780.00"),
        ("CUSTOMER_ADVANCE", "-140.00"),
        ("SUPPLIER_ADVANCE", "200.00"),
        ("EMPLOYEE_PAYABLE", "-35.00"),
        ("OUTPUT_TAX", "0.00"),
        ("INPUT_TAX", "0.00"),
        ("OPENING_BALANCE", "-0.02"),
    ] {
        assert_eq!(firm.balance(role, "2025-12-31").await, stands, "{role}");
    }
    firm.ties("2025-12-31").await;
    let aged = &full[1]["agedReceivables"]["rows"][0];
    assert_eq!(
        (&aged["company"]["name"], &aged["current"], &aged["days1To30"]),
        (&json!("Vake Clinic"), &json!("108.02"), &json!("-100.00"))
    );
    assert_eq!(
        (&aged["days61To90"], &aged["over90"]),
        (&json!("0.00"), &json!("950.00")),
        "a payment stands since its own day"
    );
    let advances = json!([{ "currency": "GEL", "closing": "850.00", "advances": "118.00" }, { "currency": "KWD", "closing": "12.345", "advances": "0.000" }]);
    assert_eq!(full[1]["clientStatement"]["parts"], advances);

    // Each has its own day, currency and tax.
    assert_eq!(firm.found("invoice", "INV-000117").await["date"], "2024-02-29");
    assert_eq!(firm.found("invoice", "KW-1").await["due"], json!({ "amount": "12.345", "currency": "KWD" }));
    assert_eq!(firm.found("invoice", "CN-000009").await["kind"], "CREDIT_NOTE");
    let bill = firm.found("bill", "JP-1").await;
    assert_eq!(
        (&bill["due"], &bill["number"]),
        (&json!({ "amount": "10000", "currency": "JPY" }), &json!("BILL-000002"))
    );
    assert_eq!(firm.found("bill", "OC-1").await["kind"], "CREDIT_NOTE");
    let advance = firm.found("payment", "AV-1").await;
    assert_eq!(
        (&advance["advance"], &advance["tax"]["amount"], &advance["date"]),
        (&json!(true), &json!("18.00"), &json!("2025-11-20"))
    );
    assert_eq!(advance["journalEntry"], Value::Null, "the money moved in other books");
    let expense = firm.found("expense", "Taxi to Kutaisi").await;
    assert_eq!((&expense["status"], &expense["due"]["amount"]), (&json!("POSTED"), &json!("60.00")));
    let imports = firm.imports().await;
    let import = &imports["nodes"][0];
    assert_eq!((&imports["totalCount"], &import["journalEntry"]["id"]), (&json!(1), &done["journalEntry"]["id"]));
    assert_eq!(counts.map(|count| &import["counts"][count]), counts.map(|count| &done[count]));
    assert_eq!((&import["difference"]["amount"], &import["date"]), (&json!("0.02"), &json!("2025-12-31")));
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);

    // None of them goes by itself.
    firm.refused("reversePayment", json!({ "id": advance["id"] }), "CONFLICT", None).await;
    firm.refused("reverseExpense", json!({ "id": expense["id"] }), "CONFLICT", None).await;
    firm.refused("voidBill", json!({ "id": bill["id"] }), "CONFLICT", None).await;
    firm.refused("reverseJournalEntry", json!({ "id": done["journalEntry"]["id"] }), "CONFLICT", None).await;

    // All of them go together, and come again.
    let undone = firm.take_back(&done).await;
    assert_eq!((&undone["documents"], &undone["journalEntry"]["date"]), (&json!(14), &json!("2025-12-31")));
    assert!(text(&undone["journalEntry"]["description"]).ends_with("↺: Wrong file"), "{undone}");
    let gone = firm.figures().await;
    for (now, before) in gone.iter().zip(&empty) {
        assert_eq!(now["agedReceivables"], before["agedReceivables"]);
        assert_eq!(now["agedPayables"], before["agedPayables"]);
        let parts = now["clientStatement"]["parts"].as_array().expect("parts");
        let sums = parts.iter().flat_map(|part| [&part["closing"], &part["advances"]]);
        assert!(sums.map(text).all(|sum| sum.bytes().all(|byte| matches!(byte, b'0' | b'.'))), "{parts:?}");
        let rows = now["trialBalance"]["rows"].as_array().expect("rows");
        assert!(rows.iter().all(|row| row["debit"] == row["credit"]), "{rows:?}");
    }
    assert_eq!(firm.imports().await["totalCount"], 0);
    assert_eq!(firm.found("payment", "AV-1").await["status"], "REVERSED");
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);
    let again = json!({ "entryId": done["journalEntry"]["id"], "reason": "Twice" });
    firm.refused("reverseOpeningBalances", again, "CONFLICT", None).await;
    let second = firm.import(&csv).await;
    assert_eq!(firm.figures().await, full, "the same as the first time");
    firm.take_back(&second).await;
    firm.import(&csv).await;
    assert_eq!(firm.figures().await, full);
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);
}

async fn what_was_open_is_settled_as_anything_else(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let done = firm.import(&firm.file(EVERYTHING)).await;
    let by = |kind: &'static str, number: &'static str| firm.found(kind, number);
    let (invoice, note) = (by("invoice", "INV-000117").await, by("invoice", "CN-000009").await);
    let (paid, advance) = (by("payment", "R-1").await, by("payment", "AV-1").await);
    let part = |id: &str, of: &Value, amount: &str| json!([{ id: of["id"], "amount": amount }]);
    let on = |of: &Value, parts: Value| json!({ "id": of["id"], "date": "2026-01-10", "allocations": parts });
    owner.act("applyCreditNote", on(&note, part("invoiceId", &invoice, "60.00")), "__typename").await;
    owner.act("allocatePayment", on(&paid, part("invoiceId", &invoice, "20.00")), "__typename").await;
    assert_eq!(by("invoice", "INV-000117").await["due"]["amount"], "920.00");
    // What is left of a credit note and of a payment is paid back.
    for (id, of, amount) in [("invoiceId", &note, "40.00"), ("paymentId", &paid, "30.00")] {
        let refund = json!({ "companyId": firm.client, "direction": "OUT", "subLedger": "RECEIVABLE", "date": "2026-01-11",
            "amount": amount, "allocations": part(id, of, amount) });
        owner.act("recordPayment", refund, "__typename").await;
    }
    assert_eq!(by("payment", "R-1").await["unallocated"]["amount"], "0.00");
    assert_eq!(firm.balance("RECEIVABLE", "2026-01-31").await, "1528.02");

    // The final invoice charges the tax anew, and the advance gives back what was declared in the other books.
    let codes = owner.query("{ taxCodes(first: 10) { nodes { id code } } }").await;
    let codes = codes["taxCodes"]["nodes"].as_array().expect("codes").clone();
    let vat = &codes.iter().find(|code| code["code"] == "VAT18").expect("VAT")["id"];
    let line = json!({ "description": "Audit", "quantity": "1", "unitPrice": "200.00", "taxCodeId": vat });
    let draft = json!({ "companyId": firm.client, "date": "2026-02-01", "lines": [line] });
    let draft = owner.create("invoice", draft, "id").await;
    let last =
        owner.act("issueInvoice", json!({ "id": draft["id"] }), "invoice { id number }").await["invoice"].clone();
    assert_eq!(last["number"], "INV-000118");
    let allocations = with(on(&advance, part("invoiceId", &last, "118.00")), json!({ "date": "2026-02-02" }));
    owner.act("allocatePayment", allocations, "__typename").await;
    assert_eq!(firm.balance("OUTPUT_TAX", "2026-02-28").await, "-18.00", "36 of the sale, less 18 that were declared");
    assert_eq!(firm.balance("CUSTOMER_ADVANCE", "2026-02-28").await, "-40.00");
    let report = r#"{ reports { taxReport(from: "2026-02-01", to: "2026-02-28") { output payable } } }"#;
    assert_eq!(owner.query(report).await["reports"]["taxReport"], json!({ "output": "18.00", "payable": "18.00" }));

    // The supplier's side, and the employee's.
    let (bill, credit, ahead) = (by("bill", "OF-4").await, by("bill", "OC-1").await, by("payment", "P-8").await);
    owner.act("applySupplierCredit", on(&credit, part("billId", &bill, "70.00")), "__typename").await;
    owner.act("allocatePayment", on(&ahead, part("billId", &bill, "30.00")), "__typename").await;
    let before = by("payment", "SA-1").await;
    owner.act("allocatePayment", on(&before, part("billId", &bill, "236.00")), "__typename").await;
    assert_eq!(by("bill", "OF-4").await["due"]["amount"], "364.00");
    assert_eq!(firm.balance("SUPPLIER_ADVANCE", "2026-01-31").await, "0.00");
    let (claim, petrol) = (by("expense", "Taxi to Kutaisi").await, by("payment", "For petrol").await);
    owner.act("allocatePayment", on(&petrol, part("expenseId", &claim, "25.00")), "__typename").await;
    let rest = json!({ "employeeId": firm.employee, "direction": "OUT", "date": "2026-01-12", "amount": "35.00",
        "allocations": part("expenseId", &claim, "35.00") });
    owner.act("recordPayment", rest, "__typename").await;
    assert_eq!(by("expense", "Taxi to Kutaisi").await["status"], "REIMBURSED");
    assert_eq!(firm.balance("EMPLOYEE_PAYABLE", "2026-01-31").await, "0.00");
    for at in ["2025-12-31", "2026-01-31", "2026-02-28"] {
        firm.ties(at).await;
    }
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);

    // What was used can't go.
    let undo = json!({ "entryId": done["journalEntry"]["id"], "reason": "Wrong file" });
    let told = firm.refused("reverseOpeningBalances", undo, "CONFLICT", None).await;
    assert!(told.contains("INV-000117") && told.contains("Undo that first"), "{told}");
}

async fn what_was_used_is_undone_before_it_goes(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let done = firm.import(&firm.file(EVERYTHING)).await;
    let undo = |more: Value| with(json!({ "entryId": done["journalEntry"]["id"], "reason": "Wrong file" }), more);
    let invoice = firm.found("invoice", "KW-1").await;
    // A part is paid at another rate, and that is taken back.
    let payment = json!({ "companyId": firm.client, "date": "2026-01-20", "amount": "4.111", "currency": "KWD", "rate": "8.9",
        "allocations": [{ "invoiceId": invoice["id"], "amount": "4.111" }] });
    let payment = owner.act("recordPayment", payment, "payment { id }").await["payment"].clone();
    firm.refused("reverseOpeningBalances", undo(json!({})), "CONFLICT", None).await;
    owner.act("reversePayment", json!({ "id": payment["id"], "date": "2026-01-21" }), "__typename").await;
    // Parts of an advance are used, and that is undone.
    let line = json!({ "description": "Audit", "quantity": "1", "unitPrice": "50.00", "taxCodeId": null });
    let draft =
        owner.create("invoice", json!({ "companyId": firm.client, "date": "2026-01-22", "lines": [line] }), "id").await;
    owner.act("issueInvoice", json!({ "id": draft["id"] }), "__typename").await;
    let advance = firm.found("payment", "AV-1").await;
    let used = json!({ "id": advance["id"], "date": "2026-01-23", "allocations": [{ "invoiceId": draft["id"], "amount": "33.33" }] });
    let used = owner.act("allocatePayment", used, "payment { allocations { id } }").await;
    let told = firm.refused("reverseOpeningBalances", undo(json!({})), "CONFLICT", None).await;
    assert!(told.contains("AV-1"), "{told}");
    let part = &used["payment"]["allocations"][0]["id"];
    owner.act("undoAllocation", json!({ "id": part, "date": "2026-01-24" }), "__typename").await;
    // A credit note that settles nothing any more still credits.
    let old = firm.found("invoice", "INV-000117").await;
    let note = json!({ "invoiceId": old["id"], "date": "2026-01-25", "lines": [{ "lineId": old["lines"][0]["id"], "net": "10.00" }] });
    let note = owner.act("createCreditNote", note, "creditNote { id }").await["creditNote"].clone();
    let issued = owner.act("issueInvoice", json!({ "id": note["id"] }), "invoice { applied { id } }").await;
    let applied = &issued["invoice"]["applied"][0]["id"];
    owner.act("undoAllocation", json!({ "id": applied, "date": "2026-01-26" }), "__typename").await;
    let told = firm.refused("reverseOpeningBalances", undo(json!({})), "CONFLICT", None).await;
    assert!(told.contains("INV-000117 have credit notes"), "{told}");
    owner.act("voidInvoice", json!({ "id": note["id"], "date": "2026-01-27" }), "__typename").await;
    // What is declared stays.
    let declared = json!({ "id": old["id"], "number": "EA-1", "status": "DECLARED" });
    owner.act("setEinvoice", declared, "__typename").await;
    let told = firm.refused("reverseOpeningBalances", undo(json!({})), "CONFLICT", None).await;
    assert!(told.contains("declared"), "{told}");
    owner.act("setEinvoice", json!({ "id": old["id"], "number": "EA-1", "status": "REJECTED" }), "__typename").await;

    // A day that is closed takes nothing; a later one may be said.
    owner.act("closeBooks", json!({ "until": "2025-12-31" }), "__typename").await;
    let told = firm.refused("reverseOpeningBalances", undo(json!({})), "CONFLICT", None).await;
    assert!(told.contains("2025-12-31, which is closed"), "{told}");
    for (more, field) in [
        (json!({ "date": "2025-12-31" }), "date"),
        (json!({ "date": "2025-12-30" }), "date"),
        (json!({ "reason": " " }), "reason"),
    ] {
        firm.refused("reverseOpeningBalances", undo(more), "INVALID_INPUT", Some(field)).await;
    }
    let entry =
        owner.query("{ journalEntries(first: 1) { nodes { id } } }").await["journalEntries"]["nodes"][0].clone();
    let other = undo(json!({ "entryId": entry["id"] }));
    firm.refused("reverseOpeningBalances", other, "INVALID_INPUT", Some("entryId")).await;
    let gone =
        owner.act("reverseOpeningBalances", undo(json!({ "date": "2026-02-01" })), "journalEntry { date }").await;
    assert_eq!(gone["journalEntry"]["date"], "2026-02-01");
    for role in ["PAYABLE", "CUSTOMER_ADVANCE", "SUPPLIER_ADVANCE", "EMPLOYEE_PAYABLE", "OPENING_BALANCE"] {
        assert_eq!(firm.balance(role, "2026-02-01").await, "0.00", "{role}");
    }
    assert_eq!(firm.balance("RECEIVABLE", "2026-02-01").await, "50.00", "what was billed since");
    firm.ties("2026-02-01").await;
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);
}

async fn a_file_comes_once(server: &'static Server) {
    let firm = Firm::open(server).await;
    let balances = "kind,account,amount\naccount,1110,12.50\ndifference,,\n";
    let told = firm.import(balances).await;
    assert_eq!(told["difference"]["amount"], "12.50", "what is left over goes to its own account");
    let seq = &told["journalEntry"]["seq"];
    // The same file, another of accounts, and one with another date.
    for csv in [balances, "kind,account,amount\naccount,1110,7.00\ndifference,,\n"] {
        for date in ["2025-12-31", "2026-01-01"] {
            let input = json!({ "date": date, "csv": csv });
            let told = firm.refused("importOpeningBalances", input, "CONFLICT", None).await;
            assert!(told.contains(&format!("entry {seq}")) && told.contains("Take them back first"), "{told}");
        }
    }
    // Documents that were forgotten may come, each once.
    let forgotten = "kind,account,company,employee,number,date,amount
account,RECEIVABLE,,,,,30.00
account,PAYABLE,,,,,-5.00
account,EMPLOYEE_PAYABLE,,,,,-4.00
invoice,,Vake Clinic,,A-1,2025-12-01,40.00
payment,,Vake Clinic,,R-1,2025-12-02,10.00
bill,,Office Ltd,,B-1,2025-12-03,5.00
expense,,,ნინო ბერიძე,Taxi,2025-12-04,4.00
difference,,,,,,
";
    let csv = firm.file(forgotten);
    let second = firm.import(&csv).await;
    assert_eq!(firm.imports().await["totalCount"], 2);
    let (import, seq) = (input(&csv), &second["journalEntry"]["seq"]);
    let told = firm.refused("importOpeningBalances", import, "INVALID_INPUT", Some("csv")).await;
    assert!(told.starts_with("Line 5: A-1 came with the opening balances of 2025-12-31"), "{told}");
    assert!(told.contains(&format!("entry {seq}")), "{told}");
    for (control, row, number) in [
        ("RECEIVABLE,,,,,-10.00", "payment,,Vake Clinic,,R-1,2025-12-09,10.00", "R-1"),
        ("PAYABLE,,,,,5.00", "supplier_credit,,Office Ltd,,B-1,2025-12-09,5.00", "B-1"),
        ("EMPLOYEE_PAYABLE,,,,,-9.00", "expense,,,ნინო ბერიძე,Taxi,2025-12-09,9.00", "Taxi"),
    ] {
        let csv =
            format!("kind,account,company,employee,number,date,amount\naccount,{control}\n{row}\ndifference,,,,,,\n");
        let told = firm.refused("importOpeningBalances", input(&firm.file(&csv)), "INVALID_INPUT", Some("csv")).await;
        assert!(told.starts_with(&format!("Line 3: {number} came with")), "{told}");
    }
    // Another client's receipt may have the same number.
    let other = "kind,account,company,number,date,amount\naccount,RECEIVABLE,,,,-10.00\n\
                 payment,,შპს „არტა“,R-1,2025-12-09,10.00\ndifference,,,,,\n";
    firm.import(&firm.file(other)).await;
    firm.take_back(&second).await;
    firm.import(&csv).await;
}

async fn a_bad_row_is_told_by_its_line(server: &'static Server) {
    let firm = Firm::open(server).await;
    for (from, to, words) in [
        ("expense,,,ნინო ბერიძე", "expense,,,ნინო კალანდაძე", "Line 21: There is no employee ნინო კალანდაძე"),
        ("expense,,,ნინო ბერიძე", "expense,,Office Ltd,ნინო ბერიძე", "Line 21: company means nothing"),
        (",Taxi to Kutaisi,", ",,", "Line 21: number is needed"),
        ("EMPLOYEE_PAYABLE,,,,,,,,,-35.00", "EMPLOYEE_PAYABLE,,,,,,,,,-36.00", "Line 7: account 3160 has -36.00"),
        ("account,CUSTOMER_ADVANCE,,,,,,,,,-140.00\n", "", "there is no row for account 3120"),
        (",2025-12-12,,,,,100.00", ",2025-12-12,,,,,-100.00", "Line 12: The amount of a document is more than zero"),
        ("JPY,0.018,,10000", "JPY,0.018,,10000.5", "Line 17: JPY has 0"),
        ("KWD,8.75,,12.345", "KWD,8.75,,12.3456", "Line 11: KWD has 3"),
        ("KWD,8.75,,12.345", "KWD,,,12.345", "Line 11:"),
        ("2024-02-29", "2025-02-29", "Line 9: date is a day"),
        ("VAT18,118.00", "VAT99,118.00", "Line 14: There is no tax code VAT99"),
        ("VAT18,118.00", "WHT20,118.00", "Line 14: An advance holds a tax that is charged"),
        (",2025-12-01,,,,,700.00", ",2025-12-01,,,,VAT18,700.00", "Line 16: tax_code means nothing"),
        (",R-1,2025-10-01,,", ",R-1,2025-10-01,2025-10-02,", "Line 13: due_date means nothing"),
        ("advance,,Vake Clinic", "advance,,Office Ltd", "Line 14: Office Ltd must be a client"),
        ("supplier_credit,,Office Ltd", "supplier_credit,,Vake Clinic", "Line 18: Vake Clinic must be a supplier"),
        ("KW-1", "INV-000117", "Line 11: INV-000117 is on line 9 already"),
        ("CN-000009", "INV-000117", "Line 12: INV-000117 is on line 9 already"),
        ("OC-1", "OF-4", "Line 18: OF-4 is on line 16 already"),
        ("employee_payment", "salary", "Line 22: kind is one of account, invoice, credit_note"),
        ("employee,number", "worker,number", "Line 1: “worker” is no column"),
    ] {
        let csv = EVERYTHING.replacen(from, to, 1);
        assert_ne!(csv, EVERYTHING, "{from}");
        let told = firm.refused("importOpeningBalances", input(&firm.file(&csv)), "INVALID_INPUT", Some("csv")).await;
        assert!(told.contains(words), "{from} → {to}: {told}");
    }
    firm.owner().created("employee", json!({ "name": "ნინო ბერიძე", "hiredOn": "2021-01-01" })).await;
    let import = input(&firm.file(EVERYTHING));
    let told = firm.refused("importOpeningBalances", import, "INVALID_INPUT", Some("csv")).await;
    assert!(told.starts_with("Line 21: Several employees are called ნინო ბერიძე"), "{told}");
}

async fn of_two_who_import_or_take_back_one_does(server: &'static Server) {
    let firm = Firm::open(server).await;
    let csv = firm.file(EVERYTHING).replace("KW-1", "KW-2");
    let accounts = "kind,account,amount\naccount,1110,12.50\ndifference,,\n";
    let import = |csv: &str| firm.owner().try_act("importOpeningBalances", input(csv), "journalEntry { id }");
    let answers = tokio::join!(import(&csv), import(accounts), import(accounts));
    let answers = [answers.0, answers.1, answers.2];
    let refused = answers.iter().filter_map(kamara_tests::Answer::try_error);
    assert_eq!(refused.filter(|error| error.code == "CONFLICT").count(), 2, "balances of accounts come once");
    let standing = firm.imports().await;
    assert_eq!(standing["totalCount"], 1);
    let entry = &standing["nodes"][0]["journalEntry"]["id"];
    let undo = || {
        let input = json!({ "entryId": entry, "reason": "Wrong file" });
        firm.owner().try_act("reverseOpeningBalances", input, "documents")
    };
    let answers = tokio::join!(undo(), undo());
    let refused: Vec<_> = [answers.0, answers.1].iter().filter_map(kamara_tests::Answer::try_error).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].code, "CONFLICT", "{}", refused[0].message);
    assert_eq!(problems(server, &firm.tenant.name).await, [""; 0]);
}

both!(
    opening_balances_bring_each_open_document,
    all_that_is_open_comes_once_and_goes_as_a_whole,
    what_was_open_is_settled_as_anything_else,
    what_was_used_is_undone_before_it_goes,
    a_file_comes_once,
    a_bad_row_is_told_by_its_line,
    of_two_who_import_or_take_back_one_does,
);
