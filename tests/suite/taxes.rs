//! Taxes, currencies and the state's e-invoice: what documents come to, what is posted, and what is reported of it.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::text;

/// A company's books, with a client.
struct Desk<'a> {
    tenant: Tenant<'a>,
    client: String,
}

impl<'a> Desk<'a> {
    async fn open(server: &'static Server) -> Self {
        Self::open_in(server, "GEL").await
    }

    async fn open_in(server: &'static Server, currency: &str) -> Self {
        let tenant = Tenant::sign_up_as(server, json!({ "baseCurrency": currency })).await;
        let client = tenant.owner.created("company", json!({ "name": "Client", "isClient": true })).await;
        Self { tenant, client }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    async fn tax(&self, code: &str, rate: &str, more: Value) -> String {
        let mut input = json!({ "code": code, "name": code, "rate": rate });
        merge(&mut input, more);
        self.owner().created("taxCode", input).await
    }

    fn invoice(&self, date: &str, lines: &Value, more: Value) -> Value {
        let mut input = json!({ "companyId": self.client, "date": date, "lines": lines });
        merge(&mut input, more);
        input
    }

    async fn draft(&self, date: &str, lines: Value, more: Value) -> Value {
        self.owner().create("invoice", self.invoice(date, &lines, more), INVOICE).await
    }

    async fn issue(&self, date: &str, lines: Value, more: Value) -> Value {
        let draft = self.draft(date, lines, more).await;
        let selection = format!("invoice {{ {INVOICE} }}");
        let issued = self.owner().act("issueInvoice", json!({ "id": draft["id"] }), &selection).await;
        issued["invoice"].clone()
    }

    async fn account(&self, role: &str) -> String {
        let accounts = self.owner().query("{ accounts(first: 100) { nodes { id role } } }").await;
        let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts").clone();
        text(&nodes.iter().find(|account| account["role"] == role).expect("an account of each role")["id"])
    }

    /// The balance of the account with a role until a day.
    async fn balance(&self, role: &str, until: &str) -> i64 {
        let document = "query($filter: JournalLineFilter!) { journalLines(first: 100, filter: $filter) { nodes { debit credit } } }";
        let filter = json!({ "accountRole": { "eq": role }, "date": { "lte": until } });
        let lines = self.owner().send(document, json!({ "filter": filter })).await.data();
        let lines = lines["journalLines"]["nodes"].as_array().expect("lines").clone();
        lines.iter().map(|line| cents(&line["debit"]) - cents(&line["credit"])).sum()
    }

    async fn report(&self, from: &str, to: &str) -> Value {
        let document = format!(
            r#"{{ reports {{ taxReport(from: "{from}", to: "{to}") {{ output input withheld payable uncoded movement tied
                rows {{ direction base tax taxCode {{ code }} account {{ role }}
                    lines(first: 100) {{ totalCount nodes {{ debit credit taxBase }} }} }} }} }} }}"#
        );
        self.owner().query(&document).await["reports"]["taxReport"].clone()
    }
}

const INVOICE: &str = "id version number net { amount } discount { amount } tax { amount } total { amount } rate
    taxes { rate base { amount } tax { amount } taxCode { code } }
    lines { id net { amount } tax { amount } taxes { tax { amount } } }
    journalEntry { lines { debit credit taxBase taxCode { code } account { role } } }";

fn merge(input: &mut Value, more: Value) {
    if let (Some(input), Value::Object(more)) = (input.as_object_mut(), more) {
        input.extend(more);
    }
}

fn cents(amount: &Value) -> i64 {
    let amount = text(amount);
    let (whole, fraction) = amount.split_once('.').unwrap_or((&amount, ""));
    format!("{whole}{fraction:0<2}").parse().expect("an amount")
}

/// Net, tax and total.
fn sums(invoice: &Value) -> [String; 3] {
    ["net", "tax", "total"].map(|field| text(&invoice[field]["amount"]))
}

fn by_code(invoice: &Value) -> Vec<[String; 3]> {
    let taxes = invoice["taxes"].as_array().expect("taxes");
    taxes
        .iter()
        .map(|tax| [text(&tax["taxCode"]["code"]), text(&tax["base"]["amount"]), text(&tax["tax"]["amount"])])
        .collect()
}

fn line(quantity: &str, price: &str, codes: &[&String]) -> Value {
    json!({ "description": "Work", "quantity": quantity, "unitPrice": price, "taxCodeIds": codes })
}

async fn a_line_takes_several_taxes_and_each_is_posted_with_its_base(server: &'static Server) {
    let desk = Desk::open(server).await;
    // ERPNext, test_sales_invoice.py, test_sales_invoice_gl_entry_without_perpetual_inventory: 500 with 16% and with 10%.
    let (one, other) = (desk.tax("A16", "0.16", json!({})).await, desk.tax("B10", "0.10", json!({})).await);
    let invoice = desk.issue("2026-06-01", json!([line("1", "500", &[&one, &other])]), json!({})).await;
    assert_eq!(sums(&invoice), ["500.00", "130.00", "630.00"]);
    assert_eq!(by_code(&invoice), [["A16", "500.00", "80.00"], ["B10", "500.00", "50.00"]]);
    let posted: Vec<_> = invoice["journalEntry"]["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|line| {
            (cents(&line["debit"]) - cents(&line["credit"]), line["taxCode"]["code"].clone(), line["taxBase"].clone())
        })
        .collect();
    let none = Value::Null;
    assert_eq!(
        posted,
        [
            (63_000, none.clone(), none.clone()),
            (-50_000, none.clone(), none),
            (-8_000, json!("A16"), json!("-500.00")),
            (-5_000, json!("B10"), json!("-500.00")),
        ]
    );

    // ERPNext, test_sales_invoice.py, test_sales_invoice_with_discount_and_inclusive_tax: 100 × 50 that hold 14%, less 2%.
    let inclusive = desk.tax("C14", "0.14", json!({ "inclusive": true })).await;
    let lines = json!([line("100", "50", &[&inclusive])]);
    let invoice = desk.issue("2026-06-01", lines, json!({ "discountPercent": "2" })).await;
    assert_eq!(sums(&invoice), ["4298.25", "601.75", "4900.00"]);
    assert_eq!(invoice["discount"]["amount"], "100.00");

    // ERPNext, test_sales_invoice.py, test_tax_calculation_with_multiple_items: rounded over the document.
    let document = desk.tax("D19", "0.19", json!({ "rounding": "DOCUMENT" })).await;
    let lines: Vec<Value> =
        ["84", "54", "288", "144", "430"].map(|quantity| line(quantity, "4.6", &[&document])).into();
    let invoice = desk.issue("2026-06-01", json!(lines), json!({})).await;
    assert_eq!(sums(&invoice), ["4600.00", "874.00", "5474.00"]);
    let of_lines: i64 =
        invoice["lines"].as_array().expect("lines").iter().map(|line| cents(&line["tax"]["amount"])).sum();
    assert_eq!(of_lines, 87_400);

    // What is exempt or charged by the buyer posts its base and no tax.
    let exempt = desk.tax("EX", "0", json!({ "kind": "EXEMPT", "exemptReason": "Education" })).await;
    let reverse = desk.tax("RC", "0.18", json!({ "kind": "REVERSE_CHARGE" })).await;
    let lines = json!([line("1", "100", &[&exempt]), line("1", "70", &[&reverse])]);
    let invoice = desk.issue("2026-06-01", lines, json!({})).await;
    assert_eq!(by_code(&invoice), [["EX", "100.00", "0.00"], ["RC", "70.00", "0.00"]]);
    let report = desk.report("2026-06-01", "2026-06-30").await;
    let rows = report["rows"].as_array().expect("rows");
    let row = |code: &str| rows.iter().find(|row| row["taxCode"]["code"] == code).expect("a row");
    assert_eq!((&row("EX")["base"], &row("EX")["tax"]), (&json!("100.00"), &json!("0.00")));
    assert_eq!((&row("RC")["base"], &row("RC")["tax"]), (&json!("70.00"), &json!("0.00")));
    assert_eq!(report["tied"], true);
}

async fn a_tax_is_charged_at_the_rate_of_the_invoices_date(server: &'static Server) {
    let desk = Desk::open(server).await;
    let code = desk.tax("VAT", "0.18", json!({})).await;
    let from = json!({ "taxCodeId": code, "from": "2026-03-01", "rate": "0.20" });
    let set = desk.owner().act("setTaxRate", from, "taxCode { rate firstRate rates { validFrom rate } }").await;
    let expected =
        json!({ "rate": "0.2", "firstRate": "0.18", "rates": [{ "validFrom": "2026-03-01", "rate": "0.2" }] });
    assert_eq!(set["taxCode"], expected);
    let before = desk.draft("2026-02-28", json!([line("1", "100", &[&code])]), json!({})).await;
    assert_eq!(sums(&before), ["100.00", "18.00", "118.00"]);
    // Another date is another rate, though the lines stay.
    let change =
        json!({ "id": before["id"], "version": before["version"], "date": "2026-03-01", "dueDate": "2026-03-10" });
    let moved = desk.owner().act("updateInvoice", change, &format!("invoice {{ {INVOICE} }}")).await["invoice"].clone();
    assert_eq!(sums(&moved), ["100.00", "20.00", "120.00"]);
    // Set again for the same day, it's replaced; what is written stays.
    let again = json!({ "taxCodeId": code, "from": "2026-03-01", "rate": "0.21" });
    let set = desk.owner().act("setTaxRate", again, "taxCode { rates { rate } }").await;
    assert_eq!(set["taxCode"]["rates"], json!([{ "rate": "0.21" }]));
    let issued =
        desk.owner().act("issueInvoice", json!({ "id": moved["id"] }), &format!("invoice {{ {INVOICE} }}")).await;
    assert_eq!(sums(&issued["invoice"]), ["100.00", "20.00", "120.00"]);
    let discounted = json!([line("1", "100", &[&code])]);
    let invoice = desk.draft("2026-03-02", discounted, json!({})).await;
    let change = json!({ "id": invoice["id"], "version": invoice["version"], "discountPercent": "50" });
    let changed =
        desk.owner().act("updateInvoice", change, &format!("invoice {{ {INVOICE} }}")).await["invoice"].clone();
    assert_eq!(sums(&changed), ["50.00", "10.50", "60.50"]);
}

async fn the_tax_report_ties_to_the_ledger_and_opens_into_its_lines(server: &'static Server) {
    let desk = Desk::open(server).await;
    let code = desk.tax("VAT", "0.18", json!({})).await;
    let invoice = |date: &'static str, amount: &'static str| {
        let lines = json!([line("1", amount, &[&code])]);
        let desk = &desk;
        async move { desk.issue(date, lines, json!({})).await }
    };
    invoice("2026-04-30", "1000").await;
    invoice("2026-05-01", "200").await;
    let void = invoice("2026-05-02", "50").await;
    let credited = invoice("2026-05-31", "300").await;
    let owner = desk.owner();
    owner.act("voidInvoice", json!({ "id": void["id"], "date": "2026-05-20" }), "invoice { status }").await;
    let part = json!({ "invoiceId": credited["id"], "date": "2026-05-31", "lines": [{ "lineId": credited["lines"][0]["id"], "net": "100.00" }] });
    let note = owner.act("createCreditNote", part, &format!("creditNote {{ {INVOICE} }}")).await["creditNote"].clone();
    assert_eq!(by_code(&note), [["VAT", "100.00", "18.00"]]);
    owner.act("issueInvoice", json!({ "id": note["id"] }), "invoice { status }").await;

    let report = desk.report("2026-05-01", "2026-05-31").await;
    assert_eq!(
        (&report["output"], &report["payable"], &report["tied"]),
        (&json!("72.00"), &json!("72.00"), &json!(true))
    );
    let row = &report["rows"][0];
    assert_eq!((&row["direction"], &row["base"], &row["tax"]), (&json!("OUTPUT"), &json!("400.00"), &json!("72.00")));
    let lines = row["lines"]["nodes"].as_array().expect("lines");
    assert_eq!(row["lines"]["totalCount"], 5);
    assert_eq!(lines.iter().map(|line| cents(&line["credit"]) - cents(&line["debit"])).sum::<i64>(), 7_200);

    // What is paid to the state has no code, stands in a row of its own, and ties.
    let (tax, bank) = (desk.account("OUTPUT_TAX").await, desk.account("BANK").await);
    let lines = json!([{ "accountId": tax, "debit": "180.00" }, { "accountId": bank, "credit": "180.00" }]);
    let paid = json!({ "date": "2026-05-15", "description": "VAT of April", "lines": lines });
    owner.act("createJournalEntry", paid, "journalEntry { id }").await;
    let report = desk.report("2026-05-01", "2026-05-31").await;
    assert_eq!((&report["uncoded"], &report["movement"]), (&json!("-180.00"), &json!("-108.00")));
    assert_eq!((&report["payable"], &report["tied"]), (&json!("72.00"), &json!(true)));
    assert_eq!(report["rows"][1]["taxCode"], Value::Null);
    let wrong =
        owner.send(r#"{ reports { taxReport(from: "2026-06-01", to: "2026-05-01") { tied } } }"#, json!({})).await;
    assert_eq!(wrong.error().field.as_deref(), Some("from"));
}

async fn bad_taxes_are_refused_with_the_field(server: &'static Server) {
    let desk = Desk::open(server).await;
    let (code, withheld) =
        (desk.tax("VAT", "0.18", json!({})).await, desk.tax("W", "0.20", json!({ "kind": "WITHHOLDING" })).await);
    let half = desk.tax("H", "0.6", json!({ "inclusive": true })).await;
    let more = desk.tax("I", "0.6", json!({ "inclusive": true })).await;
    let owner = desk.owner();
    let codes = [
        (json!({ "rate": "1.01" }), "rate"),
        (json!({ "rate": "0.18", "kind": "EXEMPT", "exemptReason": "None" }), "rate"),
        (json!({ "rate": "0", "kind": "EXEMPT" }), "exemptReason"),
        (json!({ "rate": "0.18", "exemptReason": "None" }), "exemptReason"),
        (json!({ "rate": "0.18", "kind": "REVERSE_CHARGE", "inclusive": true }), "inclusive"),
        (json!({ "rate": "0.18", "recoverablePercent": "100.5" }), "recoverablePercent"),
    ];
    for (input, field) in codes {
        let mut input = input;
        merge(&mut input, json!({ "code": "X", "name": "X" }));
        let error = owner.refused("createTaxCode", input.clone()).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)), "{input}");
    }
    let nobodys = "01890a5d-ac96-774b-bcce-b302099a8057".to_owned();
    let lines = [
        (line("1", "1", &[&code, &code]), "INVALID_INPUT", "lines.0.taxCodeIds"),
        (line("1", "1", &[&withheld]), "INVALID_INPUT", "lines.0.taxCodeIds"),
        (line("1", "1", &[&half, &more]), "INVALID_INPUT", "lines.0.taxCodeIds"),
        (line("1", "1", &[&code, &nobodys]), "NOT_FOUND", "lines.0.taxCodeIds.1"),
        (
            json!({ "description": "x", "quantity": "1", "unitPrice": "1", "taxCodeIds": [code], "taxCodeId": code }),
            "INVALID_INPUT",
            "lines.0.taxCodeIds",
        ),
    ];
    for (line, kind, field) in lines {
        let error = owner.refused("createInvoice", desk.invoice("2026-06-01", &json!([line]), json!({}))).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (kind, Some(field)), "{line}");
    }
    let discount = desk.invoice("2026-06-01", &json!([line("1", "1", &[&code])]), json!({ "discountPercent": "101" }));
    assert_eq!(owner.refused("createInvoice", discount).await.field.as_deref(), Some("discountPercent"));
    let count =
        owner.query("{ invoices { totalCount } taxCodes(filter: { code: { eq: \"X\" } }) { totalCount } }").await;
    assert_eq!(count, json!({ "invoices": { "totalCount": 0 }, "taxCodes": { "totalCount": 0 } }));
}

async fn a_document_takes_the_rate_of_its_date(server: &'static Server) {
    let desk = Desk::open(server).await;
    let owner = desk.owner();
    let foreign = || json!({ "currency": "USD" });
    let lines = || json!([line("1", "100", &[])]);
    let refused = owner.refused("createInvoice", desk.invoice("2026-05-10", &lines(), foreign())).await;
    assert_eq!(refused.field.as_deref(), Some("rate"));
    assert!(refused.message.contains("USD") && refused.message.contains("2026-05-10"), "{}", refused.message);
    let csv = "rate,currency,date\n2.70,USD,2026-05-01\n2.80,USD,2026-05-11\n3.10,EUR,2026-05-01\n";
    let imported = owner.act("importExchangeRates", json!({ "csv": csv }), "count").await;
    assert_eq!(imported["count"], 3);
    let rate = json!({ "currency": "USD", "date": "2026-05-11", "rate": "2.82" });
    owner.act("setExchangeRate", rate, "exchangeRate { id }").await;
    let list = owner
        .query(r#"{ exchangeRates(first: 10, filter: { search: "usd" }) { nodes { currency date rate } } }"#)
        .await;
    let expected = json!([
        { "currency": "USD", "date": "2026-05-11", "rate": "2.82" },
        { "currency": "USD", "date": "2026-05-01", "rate": "2.7" },
    ]);
    assert_eq!(list["exchangeRates"]["nodes"], expected);
    for (date, rate) in [("2026-05-01", "2.7"), ("2026-05-10", "2.7"), ("2026-05-11", "2.82"), ("2026-06-11", "2.82")] {
        assert_eq!(desk.draft(date, lines(), foreign()).await["rate"], rate, "{date}");
    }
    for date in ["2026-04-30", "2026-06-12"] {
        let refused = owner.refused("createInvoice", desk.invoice(date, &lines(), foreign())).await;
        assert_eq!(refused.field.as_deref(), Some("rate"), "{date}");
    }
    let given = json!({ "currency": "USD", "rate": "2.5" });
    assert_eq!(desk.draft("2026-05-11", lines(), given).await["rate"], "2.5");

    let bad = [
        ("date,rate\n", "csv"),
        ("date,currency,rate\n2026-05-01,USD,2.7\n2026-05-32,USD,2.7\n", "csv.3.date"),
        ("date,currency,rate\n2026-05-01,USD,two\n", "csv.2.rate"),
        ("date,currency,rate\n2026-05-01,USD,0\n", "csv.2.rate"),
        ("date,currency,rate\n2026-05-01,GEL,1\n", "csv.2.currency"),
        ("date,currency,rate\n2026-05-01,XXQ,1\n", "csv.2.currency"),
        ("date,currency,rate\n2026-05-01,USD,2.7\n2026-05-01,USD,2.8\n", "csv.3.date"),
        ("date,currency,rate\n2026-05-01,USD\n", "csv"),
    ];
    for (csv, field) in bad {
        let error = owner.refused("importExchangeRates", json!({ "csv": csv })).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)), "{csv}");
    }
    let count = owner.query("{ exchangeRates { totalCount } }").await;
    assert_eq!(count["exchangeRates"]["totalCount"], 3);
}

/// Tryton, `trytond_account_invoice`, `scenario_invoice_alternate_currency_rate_change.rst`: 400 euros, billed at 1.20 euros a dollar
/// and paid the day after at 1.10, gain 30.31. And `scenario_invoice_alternate_currency_lower_rate.rst`: at 0.5 on both days, none.
async fn a_change_of_rates_until_the_payment_is_a_gain_as_in_tryton(server: &'static Server) {
    for (billed, paid, gain) in [("0.833333", "0.909091", 3_031), ("2", "2", 0)] {
        let desk = Desk::open_in(server, "USD").await;
        let csv = format!("date,currency,rate\n2026-05-01,EUR,{billed}\n2026-05-02,EUR,{paid}\n");
        desk.owner().act("importExchangeRates", json!({ "csv": csv }), "count").await;
        let invoice = desk.issue("2026-05-01", json!([line("5", "80", &[])]), json!({ "currency": "EUR" })).await;
        assert_eq!(invoice["total"]["amount"], "400.00");
        let allocations = json!([{ "invoiceId": invoice["id"], "amount": "400.00" }]);
        let payment = json!({
            "companyId": desk.client, "date": "2026-05-02", "amount": "400.00", "currency": "EUR", "allocations": allocations,
        });
        let done = desk.owner().act("recordPayment", payment, "payment { invoices { status } }").await;
        assert_eq!(done["payment"]["invoices"][0]["status"], "PAID");
        assert_eq!(desk.balance("RECEIVABLE", "2026-05-02").await, 0);
        assert_eq!(desk.balance("EXCHANGE_DIFFERENCE", "2026-05-02").await, -gain);
    }
}

async fn what_is_open_in_other_currencies_is_revalued_until_the_day_after(server: &'static Server) {
    let desk = Desk::open(server).await;
    let owner = desk.owner();
    let csv = "date,currency,rate\n2026-05-01,USD,2.70\n2026-05-31,USD,2.80\n";
    owner.act("importExchangeRates", json!({ "csv": csv }), "count").await;
    let issued = desk.issue("2026-05-02", json!([line("1", "100", &[])]), json!({ "currency": "USD" })).await;
    let pay = |amount: &str, more: Value| {
        let mut input = json!({ "companyId": desk.client, "date": "2026-05-03", "amount": amount, "currency": "USD" });
        merge(&mut input, more);
        input
    };
    // 40 of the invoice are paid into the bank; an advance stays at its rate, though its money doesn't.
    let allocations = json!({ "allocations": [{ "invoiceId": issued["id"], "amount": "40.00" }] });
    owner.act("recordPayment", pay("40.00", allocations), "payment { id }").await;
    owner.act("recordPayment", pay("10.00", json!({ "advance": {} })), "payment { id }").await;
    let run = || async {
        let selection = "positions { account { role } party { name } amount { amount } posted { amount } revalued { amount } difference { amount } }
            entry { date lines { debit credit account { role } } } reversal { date }";
        owner.act("revalueCurrencies", json!({ "date": "2026-05-31" }), selection).await
    };
    let done = run().await;
    let differences: Vec<_> = done["positions"]
        .as_array()
        .expect("positions")
        .iter()
        .map(|position| {
            (
                text(&position["account"]["role"]),
                text(&position["amount"]["amount"]),
                text(&position["difference"]["amount"]),
            )
        })
        .collect();
    let of = |role: &str, amount: &str, difference: &str| (role.to_owned(), amount.to_owned(), difference.to_owned());
    assert_eq!(differences.len(), 2);
    assert!(differences.contains(&of("RECEIVABLE", "60.00", "6.00")), "{differences:?}");
    assert!(differences.contains(&of("BANK", "50.00", "5.00")), "{differences:?}");
    assert_eq!((&done["entry"]["date"], &done["reversal"]["date"]), (&json!("2026-05-31"), &json!("2026-06-01")));
    assert_eq!(desk.balance("UNREALISED_EXCHANGE", "2026-05-31").await, -1_100);
    assert_eq!(desk.balance("UNREALISED_EXCHANGE", "2026-06-01").await, 0);
    assert_eq!(desk.balance("RECEIVABLE", "2026-05-31").await, 16_800);
    assert_eq!(desk.balance("CUSTOMER_ADVANCE", "2026-05-31").await, -2_700);
    assert_eq!(run().await["entry"], Value::Null, "nothing has changed since");
    // Another rate, and the run is what it would have been at once.
    owner
        .act(
            "setExchangeRate",
            json!({ "currency": "USD", "date": "2026-05-31", "rate": "2.60" }),
            "exchangeRate { id }",
        )
        .await;
    run().await;
    assert_eq!(desk.balance("UNREALISED_EXCHANGE", "2026-05-31").await, 1_100);
    assert_eq!(desk.balance("RECEIVABLE", "2026-05-31").await, 15_600);
    assert_eq!(desk.balance("UNREALISED_EXCHANGE", "2026-06-01").await, 0);
    assert_eq!(desk.balance("RECEIVABLE", "2026-06-01").await, 16_200);

    let nothing =
        owner.act("revalueCurrencies", json!({ "date": "2026-05-01" }), "positions { rate } entry { id }").await;
    assert_eq!(nothing, json!({ "positions": [], "entry": null }));
    // Nobody knows the rates of the future, and none of a currency that has none.
    let euro = json!({ "currency": "EUR", "rate": "3" });
    desk.issue("2026-05-02", json!([line("1", "100", &[])]), euro).await;
    for date in ["2027-01-01", "2026-05-31"] {
        let refused = owner.refused("revalueCurrencies", json!({ "date": date })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("date")), "{date}");
    }
}

async fn a_declared_invoice_is_not_void(server: &'static Server) {
    let desk = Desk::open(server).await;
    let owner = desk.owner();
    let lines = || json!([line("1", "100", &[])]);
    let draft = desk.draft("2026-06-01", lines(), json!({})).await;
    let set = |id: &Value, number: Option<&str>, status: Option<&str>| json!({ "id": id, "number": number, "status": status });
    assert_eq!(owner.refused("setEinvoice", set(&draft["id"], Some("1"), None)).await.code, "CONFLICT");
    let invoice = desk.issue("2026-06-01", lines(), json!({})).await;
    let refused = owner.refused("setEinvoice", set(&invoice["id"], None, Some("SENT"))).await;
    assert_eq!(refused.field.as_deref(), Some("number"));
    let shown = "invoice { einvoiceNumber einvoiceStatus }";
    let done = owner.act("setEinvoice", set(&invoice["id"], Some("0712345678"), Some("DECLARED")), shown).await;
    assert_eq!(done["invoice"], json!({ "einvoiceNumber": "0712345678", "einvoiceStatus": "DECLARED" }));
    assert_eq!(owner.refused("voidInvoice", json!({ "id": invoice["id"] })).await.code, "CONFLICT");
    owner.act("setEinvoice", set(&invoice["id"], Some("0712345678"), Some("REJECTED")), shown).await;
    owner.act("voidInvoice", json!({ "id": invoice["id"] }), "invoice { status }").await;
}

both!(
    a_line_takes_several_taxes_and_each_is_posted_with_its_base,
    a_tax_is_charged_at_the_rate_of_the_invoices_date,
    the_tax_report_ties_to_the_ledger_and_opens_into_its_lines,
    bad_taxes_are_refused_with_the_field,
    a_document_takes_the_rate_of_its_date,
    a_change_of_rates_until_the_payment_is_a_gain_as_in_tryton,
    what_is_open_in_other_currencies_is_revalued_until_the_day_after,
    a_declared_invoice_is_not_void,
);
