//! Documents as they are sent, read back as text; what stands at their head; and what a client owes.

use std::process::Command;

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::{LOGO, PNG, text};

const IBAN: &str = "GE29NB0000000101904917";

/// A company with a letterhead, a bank account and a client.
struct Office<'a> {
    tenant: Tenant<'a>,
    client: String,
    vat: String,
}

impl<'a> Office<'a> {
    async fn open(server: &'a Server, language: &str) -> Self {
        let tenant = Tenant::sign_up_as(server, json!({ "language": language })).await;
        let owner = &tenant.owner;
        let codes = owner.query("{ taxCodes(first: 10) { nodes { id code } } }").await;
        let codes = codes["taxCodes"]["nodes"].as_array().expect("codes").clone();
        let vat = text(&codes.iter().find(|code| code["code"] == "VAT18").expect("Georgian VAT")["id"]);
        let head = json!({
            "version": 1, "legalName": "შპს „ქართული თაღი“", "taxNumber": "404123456",
            "address": "რუსთაველის გამზირი 12\n0108 თბილისი", "phone": "+995 32 212 34 56", "footer": "გმადლობთ!",
        });
        owner.act("updateLetterhead", head, "letterhead { version }").await;
        let bank = json!({ "name": "Bank", "bankName": "საქართველოს ბანკი", "bic": "BAGAGE22", "iban": IBAN });
        owner.created("bankAccount", bank).await;
        let client = json!({
            "name": "ვაკის კლინიკა", "isClient": true, "taxNumber": "205012345", "city": "თბილისი", "postalCode": "0179",
            "address": "ჭავჭავაძის გამზირი 37",
        });
        let client = owner.created("company", client).await;
        Self { tenant, client, vat }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    async fn draft(&self, date: &str) -> Value {
        let line = |description: &str, quantity: &str, price: &str, discount: &str| {
            json!({
                "description": description, "quantity": quantity, "unitPrice": price, "discountPercent": discount,
                "taxCodeId": self.vat,
            })
        };
        let lines = [line("აუდიტი", "12.5", "120", "0"), line("Hosting, 1 kWh", "1200", "0.0375", "10")];
        let input = json!({
            "companyId": self.client, "date": date, "terms": { "days": 14 }, "lines": lines, "note": "შეკვეთა № 4711",
        });
        self.owner().create("invoice", input, "id pdfUrl").await
    }

    async fn issued(&self, date: &str) -> Value {
        let draft = self.draft(date).await;
        let selection = "invoice { id number pdfUrl total { amount } net { amount } tax { amount } }";
        self.owner().act("issueInvoice", json!({ "id": draft["id"] }), selection).await["invoice"].clone()
    }

    async fn pay(&self, date: &str, amount: &str, more: Value) -> Value {
        let mut input = json!({ "companyId": self.client, "date": date, "amount": amount });
        input.as_object_mut().expect("an input").extend(more.as_object().expect("fields").clone());
        self.owner().act("recordPayment", input, "payment { id pdfUrl }").await["payment"].clone()
    }

    async fn read(&self, url: &Value) -> String {
        let answer = self.owner().get(&text(url)).await;
        assert_eq!(answer.status().as_u16(), 200);
        assert_eq!(answer.headers()["content-type"], "application/pdf");
        as_text(&answer.bytes().await.expect("a PDF"))
    }

    async fn statement(&self, from: &str, to: &str) -> Value {
        let document = "query($id: ID!, $from: Date!, $to: Date!) { reports {
            clientStatement(companyId: $id, from: $from, to: $to) { pdfUrl company { id } parts { currency opening debit
                credit closing closingInBase advances rows { date kind isCreditNote reverses number debit credit balance
                    invoice { id } payment { id } journalEntry { id } } } }
            agedReceivables(at: $to) { total { total } } } }";
        let variables = json!({ "id": self.client, "from": from, "to": to });
        self.owner().send(document, variables).await.data()["reports"].clone()
    }
}

/// A PDF's text as it's laid out, with one kind of space.
fn as_text(pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), pdf).expect("a PDF");
    let read = Command::new("pdftotext").arg("-layout").arg(file.path()).arg("-").output().expect("poppler-utils");
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let text = String::from_utf8(read.stdout).expect("UTF-8").replace(['\u{a0}', '\u{202f}'], " ");
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

/// An amount as Georgian documents write it.
fn georgian(amount: &Value) -> String {
    let amount = text(amount);
    let (whole, fraction) = amount.split_once('.').expect("tetri");
    match whole.len() {
        ..=3 => format!("{whole},{fraction}"),
        length => format!("{} {},{fraction}", &whole[..length - 3], &whole[length - 3..]),
    }
}

async fn an_invoice_says_what_the_api_says_in_the_clients_language(server: &'static Server) {
    let office = Office::open(server, "KA").await;
    let invoice = office.issued("2026-06-01").await;
    let settles = json!({ "allocations": [{ "invoiceId": invoice["id"], "amount": "1000.00" }] });
    office.pay("2026-06-10", "1000.00", settles).await;
    let einvoice = json!({ "id": invoice["id"], "number": "0712345678", "status": "SENT" });
    office.owner().act("setEinvoice", einvoice, "__typename").await;
    let read = office.read(&invoice["pdfUrl"]).await;
    for amount in ["net", "tax", "total"] {
        let amount = georgian(&invoice[amount]["amount"]);
        assert!(read.contains(&amount), "{amount} isn't in\n{read}");
    }
    for words in ["ინვოისი INV-000001", "ვაკის კლინიკა", "GE29 NB00 0000 0101 9049 17", "0712345678", "აუდიტი"]
    {
        assert!(read.contains(words), "{words} isn't in\n{read}");
    }
    insta::assert_snapshot!("invoice_in_georgian", read);
    let again = office.owner().get(&text(&invoice["pdfUrl"])).await.bytes().await.expect("a PDF");
    assert!(again == office.owner().get(&text(&invoice["pdfUrl"])).await.bytes().await.expect("a PDF"));

    let version = office.owner().query(&format!(r#"{{ company(id: "{}") {{ version }} }}"#, office.client)).await;
    let english = json!({ "id": office.client, "version": version["company"]["version"], "language": "EN" });
    office.owner().act("updateCompany", english, "__typename").await;
    insta::assert_snapshot!("invoice_in_english", office.read(&invoice["pdfUrl"]).await);
}

async fn an_address_ends_with_the_country_where_it_is_another(server: &'static Server) {
    let office = Office::open(server, "EN").await;
    let draft = office.draft("2026-06-01").await;
    for (version, language, country, ends) in [
        (1, "EN", "GE", "თბილისი\n"),
        (2, "EN", "DE", "თბილისი, Germany\n"),
        (3, "KA", "DE", "თბილისი, გერმანია\n"),
        (4, "EN", "Old Sarmatia", "თბილისი, Old Sarmatia\n"),
    ] {
        let input = json!({ "id": office.client, "version": version, "language": language, "country": country });
        office.owner().act("updateCompany", input, "__typename").await;
        let read = office.read(&draft["pdfUrl"]).await;
        assert!(read.contains(&format!("0179 {ends}")), "{country}:\n{read}");
    }
}

async fn drafts_and_void_documents_say_so_and_credit_notes_name_their_invoice(server: &'static Server) {
    let office = Office::open(server, "EN").await;
    let draft = office.draft("2026-06-01").await;
    let read = office.read(&draft["pdfUrl"]).await;
    assert!(read.contains("DRAFT") && !read.contains("GE29"), "nobody pays a draft:\n{read}");
    let (credited, void) = (office.issued("2026-06-02").await, office.issued("2026-06-03").await);
    assert!(!office.read(&void["pdfUrl"]).await.contains("VOID"));
    office.owner().act("voidInvoice", json!({ "id": void["id"] }), "__typename").await;
    assert!(office.read(&void["pdfUrl"]).await.contains("VOID"));
    let note = json!({ "invoiceId": credited["id"], "date": "2026-06-05" });
    let note = office.owner().act("createCreditNote", note, "creditNote { id pdfUrl }").await["creditNote"].clone();
    office.owner().act("issueInvoice", json!({ "id": note["id"] }), "__typename").await;
    let read = office.read(&note["pdfUrl"]).await;
    assert!(read.contains("Credit note") && read.contains("INV-000001, 2 June 2026"), "{read}");
}

async fn documents_are_given_to_who_may_see_them(server: &'static Server) {
    let office = Office::open(server, "EN").await;
    let elsewhere = Tenant::sign_up(server).await;
    let invoice = text(&office.issued("2026-06-01").await["pdfUrl"]);
    let statement = format!("/documents/statements/{}.pdf?from=2026-06-01&to=2026-06-30", office.client);
    let receipt = text(&office.pay("2026-06-02", "10", json!({})).await["pdfUrl"]);
    let [sales, employee] = [office.tenant.join("SALES").await.0, office.tenant.join("EMPLOYEE").await.0];
    let nobody = Caller::anonymous(server);
    for (who, of_invoice, of_statement) in [
        (office.owner(), 200, 200),
        (&sales, 200, 403),
        (&employee, 403, 403),
        (&elsewhere.owner, 404, 404),
        (&nobody, 401, 401),
    ] {
        assert_eq!(who.get(&invoice).await.status().as_u16(), of_invoice);
        assert_eq!(who.get(&statement).await.status().as_u16(), of_statement);
        assert_eq!(who.get(&receipt).await.status().as_u16(), of_statement);
    }
    let named = office.owner().get(&invoice).await.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(named, "inline; filename*=UTF-8''INV-000001.pdf");
    let theirs = elsewhere.owner.get(&invoice).await.text().await.unwrap();
    let unknown = "/documents/invoices/01234567-89ab-7def-8123-456789abcdef.pdf";
    assert_eq!(theirs, elsewhere.owner.get(unknown).await.text().await.unwrap(), "as if it had never been");
    let bare = invoice.trim_end_matches(".pdf");
    for nothing in ["/documents/invoices/x.pdf", bare, "/documents/statements/x.pdf?from=2026-06-01&to=2026-06-30"] {
        assert_eq!(office.owner().get(nothing).await.status().as_u16(), 404, "{nothing}");
    }
    let (at, _) = statement.split_once('?').unwrap();
    for (days, field) in [
        ("", "from"),
        ("?from=2026-06-01", "to"),
        ("?from=1.6.2026&to=2026-06-30", "from"),
        ("?from=2026-06-02&to=2026-06-01", "from"),
    ] {
        let answer = office.owner().get(&format!("{at}{days}")).await;
        assert_eq!(answer.status().as_u16(), 422, "{days}");
        let told: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(told["errors"][0]["extensions"]["field"], field, "{days}");
    }
}

async fn payments_are_confirmed_and_announced(server: &'static Server) {
    let office = Office::open(server, "KA").await;
    let owner = office.owner();
    let invoice = office.issued("2026-05-04").await;
    let apply = json!([{ "invoiceId": invoice["id"], "amount": "1000.00" }]);
    let more = json!({ "allocations": apply, "reference": "შეკვეთა 4711" });
    let payment = office.pay("2026-05-06", "1180.50", more).await;
    let read = office.read(&payment["pdfUrl"]).await;
    for said in ["გადახდის ქვითარი", &text(&invoice["number"]), "1 000,00", "180,50", "1 180,50 GEL", "ვაკის კლინიკა"]
    {
        assert!(read.contains(said), "{said}: {read}");
    }
    insta::assert_snapshot!("receipt_in_georgian", read);
    owner.act("reversePayment", json!({ "id": payment["id"], "date": "2026-05-07" }), "payment { id }").await;
    let read = office.read(&payment["pdfUrl"]).await;
    assert!(read.contains("გაუქმებული") && !read.contains(&text(&invoice["number"])), "{read}");

    let supplier = json!({ "name": "Studio & Sons", "isSupplier": true, "language": "EN" });
    let supplier = owner.created("company", supplier).await;
    let line = json!({ "description": "Design", "unitPrice": "1000.00" });
    let bill = json!({ "companyId": supplier, "date": "2026-05-04", "supplierNumber": "S-77", "lines": [line] });
    let bill = owner.act("createBill", bill, "bill { id }").await["bill"]["id"].clone();
    owner.act("postBill", json!({ "id": bill }), "bill { id }").await;
    let codes = owner.query("{ taxCodes(first: 20) { nodes { id code } } }").await;
    let codes = codes["taxCodes"]["nodes"].as_array().expect("codes").clone();
    let code = codes.iter().find(|code| code["code"] == "WHT20").expect("what is withheld from people")["id"].clone();
    let paid = json!({
        "companyId": supplier, "direction": "OUT", "subLedger": "PAYABLE", "date": "2026-05-06", "amount": "1000.00",
        "withholding": { "taxCodeId": code }, "allocations": [{ "billId": bill, "amount": "1000.00" }],
    });
    let paid = owner.act("recordPayment", paid, "payment { pdfUrl moved { amount } }").await["payment"].clone();
    assert_eq!(paid["moved"]["amount"], "800.00");
    insta::assert_snapshot!("payment_advice_in_english", office.read(&paid["pdfUrl"]).await);

    let employee = owner.created("employee", json!({ "name": "ნინო ბერიძე" })).await;
    let claim = json!({ "employeeId": employee, "amount": "12.40", "description": "Taxi", "date": "2026-05-05" });
    let claim = owner.act("createExpense", claim, "expense { id version }").await["expense"].clone();
    owner.act("submitExpense", json!({ "id": claim["id"], "version": claim["version"] }), "expense { id }").await;
    owner.act("postExpense", json!({ "id": claim["id"] }), "expense { id }").await;
    let back = json!({
        "employeeId": employee, "direction": "OUT", "date": "2026-05-06", "amount": "12.40",
        "allocations": [{ "expenseId": claim["id"], "amount": "12.40" }],
    });
    let back = owner.act("recordPayment", back, "payment { pdfUrl }").await["payment"].clone();
    let read = office.read(&back["pdfUrl"]).await;
    for said in ["შეტყობინება გადახდის შესახებ", "თანამშრომელი", "ნინო ბერიძე", "ხარჯი Taxi", "12,40 GEL"]
    {
        assert!(read.contains(said), "{said}: {read}");
    }
}

async fn the_letterhead_is_changed_by_who_runs_the_workspace(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let owner = &tenant.owner;
    let head = owner.query("{ letterhead { id legalName version logo { id } } }").await["letterhead"].clone();
    assert_eq!((&head["legalName"], &head["logo"]), (&json!(tenant.name), &Value::Null));
    let at = format!("subjectKind=LETTERHEAD&subjectId={}&name=logo.png", text(&head["id"]));
    let broken = owner.upload(&at, PNG, &[]).await;
    assert_eq!((broken.status, broken.error().field.as_deref()), (422, Some("file")), "a picture is whole");
    let pdf: &[u8] = b"%PDF-1.7\n";
    assert_eq!(owner.upload(&at, pdf, &[]).await.status, 422, "a logo is a picture");
    let finance = tenant.join("FINANCE").await.0;
    assert_eq!(finance.upload(&at, LOGO, &[]).await.status, 403);
    let logo = owner.uploaded("LETTERHEAD", &text(&head["id"]), "logo.png", LOGO).await;
    let selection = "letterhead { version logo { url mediaType } }";
    let set = owner.act("updateLetterhead", json!({ "version": 1, "logoId": logo }), selection).await;
    let url = text(&set["letterhead"]["logo"]["url"]);
    assert_eq!(finance.get(&url).await.bytes().await.unwrap(), LOGO, "who sees invoices sees the logo");
    assert_eq!(finance.refused("updateLetterhead", json!({ "version": 2 })).await.code, "FORBIDDEN");
    assert_eq!(owner.refused("updateLetterhead", json!({ "version": 1 })).await.code, "CONFLICT");
    let error = owner.refused("updateLetterhead", json!({ "version": 2, "legalName": " " })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("legalName")));

    let expense = json!({ "amount": "1.00", "description": "Taxi" });
    let expense = owner.act("recordExpense", expense, "expense { id }").await["expense"]["id"].clone();
    let receipt = owner.uploaded("EXPENSE", &text(&expense), "receipt.png", LOGO).await;
    let error = owner.refused("updateLetterhead", json!({ "version": 2, "logoId": receipt })).await;
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("NOT_FOUND", Some("logoId")), "a receipt is no logo");
    owner.act("archiveFile", json!({ "id": logo, "version": 1 }), "__typename").await;
    assert_eq!(owner.query("{ letterhead { logo { id } } }").await["letterhead"]["logo"], Value::Null);
}

async fn a_statement_ends_with_what_the_ledger_has(server: &'static Server) {
    let office = Office::open(server, "EN").await;
    let (before, first) = (office.issued("2026-03-02").await, office.issued("2026-05-04").await);
    let settles =
        |invoice: &Value, amount: &str| json!({ "allocations": [{ "invoiceId": invoice["id"], "amount": amount }] });
    office.pay("2026-05-10", "500.00", settles(&before, "500.00")).await;
    // Of this a part settles nothing yet.
    office.pay("2026-05-12", "900.00", settles(&first, "600.00")).await;
    let void = office.issued("2026-05-13").await;
    office.owner().act("voidInvoice", json!({ "id": void["id"], "date": "2026-05-14" }), "__typename").await;
    let note = json!({ "invoiceId": first["id"], "date": "2026-05-20" });
    let note = office.owner().act("createCreditNote", note, "creditNote { id }").await["creditNote"].clone();
    office.owner().act("issueInvoice", json!({ "id": note["id"] }), "__typename").await;
    let advance = json!({ "advance": { "taxCodeId": office.vat } });
    office.pay("2026-05-25", "118.00", advance).await;
    let written_off =
        json!({ "invoiceId": before["id"], "amount": "10.00", "reason": "Too small", "date": "2026-05-28" });
    office.owner().act("writeOff", written_off, "__typename").await;
    // What comes later is in no earlier statement.
    office.issued("2026-06-02").await;

    let told = office.statement("2026-05-01", "2026-05-31").await;
    let part = &told["clientStatement"]["parts"][0];
    let tetri = |value: &Value| text(value).replace('.', "").parse::<i64>().expect("an amount");
    let rows = part["rows"].as_array().expect("rows");
    let mut balance = tetri(&part["opening"]);
    assert_eq!(balance, tetri(&before["total"]["amount"]));
    for row in rows {
        balance += tetri(&row["debit"]) - tetri(&row["credit"]);
        assert_eq!(tetri(&row["balance"]), balance, "{row}");
        assert!(!row["invoice"].is_null() || !row["payment"].is_null(), "a row leads to its document: {row}");
    }
    assert_eq!(balance, tetri(&part["closing"]));
    assert_eq!(part["closing"], part["closingInBase"]);
    assert_eq!(part["closing"], told["agedReceivables"]["total"]["total"], "as the control account");
    assert_eq!(part["advances"], "118.00");
    let kinds: Vec<_> = rows.iter().map(|row| (row["kind"].as_str().unwrap(), row["reverses"] == true)).collect();
    let expected = [
        ("INVOICE", false),
        ("PAYMENT", false),
        ("PAYMENT", false),
        ("INVOICE", false),
        ("INVOICE", true),
        ("INVOICE", false),
        ("WRITE_OFF", false),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(rows[5]["isCreditNote"], true);

    let read = office.read(&told["clientStatement"]["pdfUrl"]).await;
    for words in
        ["Statement of account", "Credit note CN-000001", "Invoice taken back", "Balance due", "118.00", "GE29"]
    {
        assert!(read.contains(words), "{words} isn't in\n{read}");
    }
    let elsewhere = Tenant::sign_up(server).await;
    let document = format!(
        r#"{{ reports {{ clientStatement(companyId: "{}", from: "2026-05-01", to: "2026-05-31") {{ pdfUrl }} }} }}"#,
        office.client
    );
    let error = elsewhere.owner.send(&document, json!({})).await.error();
    assert_eq!((error.code.as_str(), error.field.as_deref()), ("NOT_FOUND", Some("companyId")));
    let error = office.tenant.join("PROJECT_MANAGER").await.0.send(&document, json!({})).await.error();
    assert_eq!(error.code, "FORBIDDEN");
}

async fn a_statement_tells_each_currency_for_itself(server: &'static Server) {
    let office = Office::open(server, "EN").await;
    let lines = json!([{ "description": "Audit", "quantity": "1", "unitPrice": "100" }]);
    let input =
        json!({ "companyId": office.client, "date": "2026-05-04", "currency": "EUR", "rate": "3.1", "lines": lines });
    let draft = office.owner().create("invoice", input, "id").await;
    office.owner().act("issueInvoice", json!({ "id": draft["id"] }), "__typename").await;
    office.issued("2026-05-05").await;
    let told = office.statement("2026-05-01", "2026-05-31").await;
    let parts = told["clientStatement"]["parts"].as_array().expect("parts");
    assert_eq!((&parts[0]["currency"], &parts[0]["closing"]), (&json!("EUR"), &json!("100.00")));
    assert_eq!((&parts[1]["currency"], &parts[0]["closingInBase"]), (&json!("GEL"), &json!("310.00")));
    let tetri = |value: &Value| text(value).replace('.', "").parse::<i64>().expect("an amount");
    let sum: i64 = parts.iter().map(|part| tetri(&part["closingInBase"])).sum();
    assert_eq!(sum, tetri(&told["agedReceivables"]["total"]["total"]));
    assert_eq!(office.statement("2026-04-01", "2026-04-30").await["clientStatement"]["parts"], json!([]));
}

both!(
    an_address_ends_with_the_country_where_it_is_another,
    an_invoice_says_what_the_api_says_in_the_clients_language,
    drafts_and_void_documents_say_so_and_credit_notes_name_their_invoice,
    documents_are_given_to_who_may_see_them,
    payments_are_confirmed_and_announced,
    the_letterhead_is_changed_by_who_runs_the_workspace,
    a_statement_ends_with_what_the_ledger_has,
    a_statement_tells_each_currency_for_itself,
);
