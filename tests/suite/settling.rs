//! What is owed and what settles it: payments, advances, refunds, credit notes.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use crate::books::text;

/// A company with one client.
pub struct Firm<'a> {
    pub tenant: Tenant<'a>,
    pub client: String,
    pub vat: String,
    pub bank: String,
}

const INVOICE: &str = "id number status date total { amount } paid { amount } due { amount } lines { id }
    payments { id date amount { amount } }";

impl<'a> Firm<'a> {
    pub async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let client = owner.created("company", json!({ "name": "ვაკის კლინიკა", "isClient": true })).await;
        let bank = owner.created("bankAccount", json!({ "name": "Bank, GEL", "currency": "GEL" })).await;
        let mut firm = Self { tenant, client, vat: String::new(), bank };
        firm.vat = firm.tax_code("VAT18").await;
        firm
    }

    /// One of Georgia's tax codes.
    pub async fn tax_code(&self, code: &str) -> String {
        let codes = self.owner().query("{ taxCodes(first: 10) { nodes { id code } } }").await;
        let codes = codes["taxCodes"]["nodes"].as_array().expect("codes").clone();
        text(&codes.iter().find(|found| found["code"] == code).unwrap_or_else(|| panic!("no {code}"))["id"])
    }

    pub fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    pub async fn invoice(&self, date: &str, net: &str, more: Value) -> Value {
        let mut input = json!({
            "companyId": self.client, "date": date, "terms": { "days": 14 },
            "lines": [{ "description": "Audit", "quantity": "1", "unitPrice": net, "taxCodeId": self.vat }],
        });
        input.as_object_mut().expect("an input").extend(more.as_object().expect("fields").clone());
        let draft = self.owner().create("invoice", input, "id").await;
        let issued =
            self.owner().act("issueInvoice", json!({ "id": draft["id"] }), &format!("invoice {{ {INVOICE} }}")).await;
        issued["invoice"].clone()
    }

    pub async fn again(&self, invoice: &Value) -> Value {
        let document = format!("query($id: ID!) {{ invoice(id: $id) {{ {INVOICE} }} }}");
        self.owner().send(&document, json!({ "id": invoice["id"] })).await.data()["invoice"].clone()
    }

    pub fn receipt(&self, date: &str, amount: &str, more: Value) -> Value {
        with(json!({ "companyId": self.client, "date": date, "amount": amount, "bankAccountId": self.bank }), more)
    }

    pub async fn pay(&self, date: &str, amount: &str, more: Value) -> Value {
        let selection = "payment { id status unallocated { amount } tax { amount } allocations { id amount { amount } paidAmount { amount currency } }
            journalEntry { lines { account { role } debit credit } } }";
        self.owner().act("recordPayment", self.receipt(date, amount, more), selection).await["payment"].clone()
    }

    pub async fn credit(&self, invoice: &Value, date: &str, net: Option<&str>) -> Value {
        let mut input = json!({ "invoiceId": invoice["id"], "date": date });
        if let Some(net) = net {
            input["lines"] = json!([{ "lineId": invoice["lines"][0]["id"], "net": net }]);
        }
        self.owner().act("createCreditNote", input, "creditNote { id version status total { amount } }").await["creditNote"]
            .clone()
    }

    pub async fn issue(&self, draft: &Value) -> Value {
        let selection = format!("invoice {{ {INVOICE} applied {{ id amount {{ amount }} }} }}");
        self.owner().act("issueInvoice", json!({ "id": draft["id"] }), &selection).await["invoice"].clone()
    }

    /// What stands on the accounts with a role, debit positive, on a day.
    pub async fn balance(&self, role: &str, at: &str) -> String {
        let document = format!(
            r#"{{ reports {{ trialBalance(at: "{at}") {{ rows {{ account {{ role }} debit credit }} total {{ debit credit }} }} }} }}"#
        );
        let shown = self.owner().query(&document).await;
        let trial = &shown["reports"]["trialBalance"];
        assert_eq!(trial["total"]["debit"], trial["total"]["credit"]);
        let rows = trial["rows"].as_array().expect("rows").iter().filter(|row| row["account"]["role"] == role);
        let sum = |side: &str| rows.clone().map(|row| cents(&row[side])).sum::<i64>();
        let minor = sum("debit") - sum("credit");
        format!("{}{}.{:02}", if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100)
    }

    pub async fn aged(&self, at: &str) -> Value {
        let document = format!(
            r#"{{ reports {{ agedReceivables(at: "{at}") {{ rows {{ company {{ name }} current days1To30 days31To60 days61To90 over90 total }} total {{ total }} }} }} }}"#
        );
        self.owner().query(&document).await["reports"]["agedReceivables"].clone()
    }

    /// What must hold whatever was done.
    pub async fn ties(&self, at: &str) {
        let owed = self.balance("RECEIVABLE", at).await;
        assert_eq!(self.aged(at).await["total"]["total"], owed.as_str(), "the sub-ledger is its control account, {at}");
        let document = format!(
            r#"{{ reports {{ balanceSheet(at: "{at}") {{ balanced }} agedPayables(at: "{at}") {{ total {{ total }} }} }} }}"#
        );
        let shown = self.owner().query(&document).await;
        assert_eq!(shown["reports"]["balanceSheet"]["balanced"], true, "{at}");
    }

    /// What is refused, by code and field, and leaves nothing behind.
    pub async fn refused(&self, act: &str, input: Value, code: &str, field: Option<&str>) {
        let newest = "{ journalEntries(first: 1) { totalCount nodes { seq } } auditEvents(first: 1) { totalCount } }";
        let before = self.owner().query(newest).await;
        let error = self.owner().refused(act, input.clone()).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), (code, field), "{act} {input}: {}", error.message);
        assert_eq!(self.owner().query(newest).await, before, "{act} {input} left something behind");
    }
}

/// An input with some fields set.
pub fn with(mut input: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("no fields: {more}") };
    input.as_object_mut().expect("an input").extend(more);
    input
}

/// An amount that is shown, without its point.
pub fn cents(amount: &Value) -> i64 {
    text(amount).replace('.', "").parse().expect("an amount")
}

/// The operations of the issue, as they are written there.
async fn the_issues_operations_run_as_written(server: &'static Server) {
    let firm = Firm::open(server).await;
    let owner = firm.owner();
    let service = owner.created("service", json!({ "name": "Audit", "unitPrice": "200.00" })).await;
    let centre = owner.created("costCentre", json!({ "name": "Tbilisi" })).await;
    let project = owner.created("project", json!({ "name": "Audit 2025", "companyId": firm.client })).await;
    let created = owner
        .query(&format!(
            r#"mutation {{ createInvoice(input: {{companyId: "{}", date: "2026-01-31", currency: "GEL", terms: {{days: 14}},
              lines: [{{serviceId: "{service}", description: "Audit", quantity: "12.5", unitPrice: "180.00", discountPercent: "10", taxCodeId: "{}", costCentreId: "{centre}", projectId: "{project}"}}]}})
              {{ invoice {{ id status number net {{ amount }} tax {{ amount }} total {{ amount currency }} }} }} }}"#,
            firm.client, firm.vat
        ))
        .await;
    let invoice = &created["createInvoice"]["invoice"];
    let (status, number) = (&invoice["status"], &invoice["number"]);
    assert_eq!((status, number), (&json!("DRAFT"), &Value::Null));
    assert_eq!((&invoice["net"]["amount"], &invoice["tax"]["amount"]), (&json!("2025.00"), &json!("364.50")));
    assert_eq!(invoice["total"], json!({ "amount": "2389.50", "currency": "GEL" }));
    let id = text(&invoice["id"]);
    let issued = owner
        .query(&format!(
            r#"mutation {{ issueInvoice(input: {{id: "{id}"}}) {{ invoice {{ number status journalEntry {{ seq lines {{ account {{ code }} debit credit costCentre {{ name }} }} }} }} }} }}"#
        ))
        .await;
    let invoice = &issued["issueInvoice"]["invoice"];
    assert_eq!((&invoice["number"], &invoice["status"]), (&json!("INV-000001"), &json!("ISSUED")));
    let lines = invoice["journalEntry"]["lines"].as_array().expect("lines");
    assert!(
        lines.iter().any(|line| line["costCentre"]["name"] == "Tbilisi" && line["credit"] == "2025.00"),
        "{lines:?}"
    );
    let paid = owner
        .query(&format!(
            r#"mutation {{ recordPayment(input: {{companyId: "{}", date: "2026-02-10", amount: "1000.00", currency: "GEL", bankAccountId: "{}",
              allocations: [{{invoiceId: "{id}", amount: "1000.00"}}]}}) {{ payment {{ id unallocated {{ amount }} invoices {{ number status due {{ amount }} }} }} }} }}"#,
            firm.client, firm.bank
        ))
        .await;
    let payment = &paid["recordPayment"]["payment"];
    assert_eq!(payment["unallocated"]["amount"], "0.00");
    assert_eq!(
        payment["invoices"],
        json!([{ "number": "INV-000001", "status": "PARTLY_PAID", "due": { "amount": "1389.50" } }])
    );
    let reports = owner
        .query(
            r#"{ reports { trialBalance(at: "2026-12-31") { rows { account { code name } debit credit } total { debit credit } }
              profitAndLoss(from: "2026-01-01", to: "2026-12-31", compare: PREVIOUS_PERIOD) { rows { account { code } amount previous } result { amount } }
              balanceSheet(at: "2026-12-31") { rows { account { code type } balance } balanced }
              agedReceivables(at: "2026-12-31") { rows { company { name } current days1To30 days31To60 days61To90 over90 total } } } }"#,
        )
        .await;
    let reports = &reports["reports"];
    assert_eq!(reports["trialBalance"]["total"], json!({ "debit": "2389.50", "credit": "2389.50" }));
    assert_eq!(reports["profitAndLoss"]["result"]["amount"], "2025.00");
    assert_eq!(reports["balanceSheet"]["balanced"], true);
    let owed = &reports["agedReceivables"]["rows"][0];
    assert_eq!((&owed["company"]["name"], &owed["over90"]), (&json!("ვაკის კლინიკა"), &json!("1389.50")));
}

async fn what_is_left_of_a_payment_settles_later_and_is_undone(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-03-01", "100.00", json!({})).await;
    let payment = firm.pay("2026-03-10", "150.00", json!({})).await;
    assert_eq!(payment["unallocated"]["amount"], "150.00");
    assert_eq!(firm.aged("2026-03-31").await["total"]["total"], "-32.00");
    let part = json!([{ "invoiceId": invoice["id"], "amount": "118.00" }]);
    let input = json!({ "id": payment["id"], "date": "2026-04-05", "allocations": part });
    let allocated =
        firm.owner().act("allocatePayment", input, "payment { unallocated { amount } allocations { id date } }").await;
    assert_eq!(allocated["payment"]["unallocated"]["amount"], "32.00");
    assert_eq!(firm.again(&invoice).await["status"], "PAID");
    let id = &allocated["payment"]["allocations"][0]["id"];
    firm.ties("2026-04-30").await;

    firm.refused("undoAllocation", json!({ "id": id, "date": "2026-04-04" }), "INVALID_INPUT", Some("date")).await;
    firm.owner()
        .act("undoAllocation", json!({ "id": id, "date": "2026-05-05" }), "allocation { amount { amount } }")
        .await;
    let open = firm.again(&invoice).await;
    assert_eq!((&open["status"], &open["payments"]), (&json!("ISSUED"), &json!([])));
    firm.refused("undoAllocation", json!({ "id": id }), "CONFLICT", None).await;
    firm.ties("2026-05-31").await;

    // The payment is taken back with what it settles now, and not with what was undone.
    let input = json!({ "id": payment["id"], "date": "2026-05-06", "allocations": [{ "invoiceId": invoice["id"], "amount": "18.00" }] });
    firm.owner().act("allocatePayment", input, "payment { id }").await;
    let reversed = firm
        .owner()
        .act(
            "reversePayment",
            json!({ "id": payment["id"], "date": "2026-05-20" }),
            "payment { status unallocated { amount } }",
        )
        .await;
    assert_eq!(reversed["payment"], json!({ "status": "REVERSED", "unallocated": { "amount": "0.00" } }));
    assert_eq!(firm.again(&invoice).await["due"]["amount"], "118.00");
    assert_eq!(firm.balance("BANK", "2026-05-31").await, "0.00");
    firm.ties("2026-05-31").await;
    // What was open on a day in the past is what it was.
    assert_eq!(firm.aged("2026-03-31").await["total"]["total"], "-32.00");
}

async fn a_payment_in_another_currency_says_what_it_settles(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-03-01", "100.00", json!({ "currency": "USD", "rate": "2.70" })).await;
    assert_eq!(firm.balance("RECEIVABLE", "2026-03-31").await, "318.60");
    let part = |more: Value| {
        let mut part = json!({ "invoiceId": invoice["id"], "amount": "118.00" });
        part.as_object_mut().expect("a part").extend(more.as_object().expect("fields").clone());
        json!({ "allocations": [part] })
    };
    firm.refused(
        "recordPayment",
        firm.receipt("2026-04-01", "330.00", part(json!({}))),
        "INVALID_INPUT",
        Some("allocations.0.paidAmount"),
    )
    .await;
    let too_much = part(json!({ "paidAmount": "331.00" }));
    firm.refused(
        "recordPayment",
        firm.receipt("2026-04-01", "330.00", too_much),
        "INVALID_INPUT",
        Some("allocations.0.paidAmount"),
    )
    .await;
    let payment = firm.pay("2026-04-01", "330.00", part(json!({ "paidAmount": "330.00" }))).await;
    assert_eq!(payment["allocations"][0]["paidAmount"], json!({ "amount": "330.00", "currency": "GEL" }));
    assert_eq!(firm.again(&invoice).await["status"], "PAID");
    assert_eq!(firm.balance("RECEIVABLE", "2026-04-30").await, "0.00");
    assert_eq!(firm.balance("EXCHANGE_DIFFERENCE", "2026-04-30").await, "-11.40", "a gain");
    firm.ties("2026-04-30").await;
    // Without a rate a foreign payment can't be posted.
    let foreign = json!({ "companyId": firm.client, "amount": "10.00", "currency": "USD", "date": "2026-04-01" });
    firm.refused("recordPayment", foreign, "INVALID_INPUT", Some("rate")).await;
    let usd = firm.receipt("2026-04-01", "10.00", json!({ "currency": "USD", "rate": "2.7" }));
    firm.refused("recordPayment", usd, "INVALID_INPUT", Some("bankAccountId")).await;
}

async fn an_advance_owes_its_tax_at_once_and_the_invoice_uses_it_up(server: &'static Server) {
    let firm = Firm::open(server).await;
    let payment = firm.pay("2026-02-01", "118.00", json!({ "advance": { "taxCodeId": firm.vat } })).await;
    assert_eq!(payment["tax"]["amount"], "18.00");
    assert_eq!(firm.balance("CUSTOMER_ADVANCE", "2026-02-28").await, "-100.00");
    assert_eq!(firm.balance("OUTPUT_TAX", "2026-02-28").await, "-18.00");
    let invoice = firm.invoice("2026-03-01", "200.00", json!({})).await;
    let part = json!([{ "invoiceId": invoice["id"], "amount": "118.00" }]);
    firm.refused(
        "recordPayment",
        firm.receipt("2026-03-01", "118.00", json!({ "advance": {}, "allocations": part })),
        "INVALID_INPUT",
        Some("allocations"),
    )
    .await;
    let input = json!({ "id": payment["id"], "date": "2026-03-01", "allocations": part });
    firm.owner().act("allocatePayment", input, "payment { unallocated { amount } }").await;
    assert_eq!(firm.again(&invoice).await["due"]["amount"], "118.00");
    assert_eq!(firm.balance("CUSTOMER_ADVANCE", "2026-03-31").await, "0.00");
    assert_eq!(firm.balance("OUTPUT_TAX", "2026-03-31").await, "-36.00", "the tax of the sale, once");
    assert_eq!(firm.balance("REVENUE", "2026-03-31").await, "-200.00", "and so is the revenue");
    firm.ties("2026-03-31").await;
    // The rate is the one of the day on which it's paid.
    let rate = json!({ "taxCodeId": firm.vat, "from": "2026-04-01", "rate": "0.20" });
    firm.owner().act("setTaxRate", rate, "taxCode { id }").await;
    let later = firm.pay("2026-04-02", "120.00", json!({ "advance": { "taxCodeId": firm.vat } })).await;
    assert_eq!(later["tax"]["amount"], "20.00");
    firm.owner().act("reversePayment", json!({ "id": later["id"], "date": "2026-04-03" }), "payment { id }").await;
    assert_eq!(firm.balance("CUSTOMER_ADVANCE", "2026-04-30").await, "0.00");
    assert_eq!(firm.balance("OUTPUT_TAX", "2026-04-30").await, "-36.00");
}

async fn what_was_paid_too_much_is_paid_back(server: &'static Server) {
    let firm = Firm::open(server).await;
    let payment = firm.pay("2026-02-01", "100.00", json!({})).await;
    let back = |amount: &str| {
        let part = json!([{ "paymentId": payment["id"], "amount": amount }]);
        firm.receipt(
            "2026-02-10",
            amount,
            json!({ "direction": "OUT", "subLedger": "RECEIVABLE", "allocations": part }),
        )
    };
    firm.refused("recordPayment", back("100.01"), "INVALID_INPUT", Some("allocations.0.amount")).await;
    firm.owner().act("recordPayment", back("60.00"), "payment { id }").await;
    let shown = firm.owner().query("{ payments(first: 10) { nodes { direction unallocated { amount } } } }").await;
    let rest: Vec<String> = shown["payments"]["nodes"]
        .as_array()
        .expect("payments")
        .iter()
        .map(|row| text(&row["unallocated"]["amount"]))
        .collect();
    assert_eq!(rest, ["0.00", "40.00"]);
    firm.refused("reversePayment", json!({ "id": payment["id"] }), "CONFLICT", None).await;
    assert_eq!(firm.balance("BANK", "2026-02-28").await, "40.00");
    firm.ties("2026-02-28").await;
}

async fn a_credit_note_never_credits_more_than_was_billed(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-02-01", "100.00", json!({})).await;
    let part = firm.credit(&invoice, "2026-02-05", Some("30.00")).await;
    assert_eq!(part["total"]["amount"], "35.40");
    let issued = firm.issue(&part).await;
    assert_eq!(
        (&issued["number"], &issued["status"], &issued["applied"][0]["amount"]["amount"]),
        (&json!("CN-000001"), &json!("PAID"), &json!("35.40"))
    );
    assert_eq!(firm.again(&invoice).await["due"]["amount"], "82.60");
    let too_much =
        json!({ "invoiceId": invoice["id"], "lines": [{ "lineId": invoice["lines"][0]["id"], "net": "70.01" }] });
    firm.refused("createCreditNote", too_much, "INVALID_INPUT", Some("lines.0.net")).await;
    let early = json!({ "invoiceId": invoice["id"], "date": "2026-01-31" });
    firm.refused("createCreditNote", early, "INVALID_INPUT", Some("date")).await;
    firm.refused("createCreditNote", json!({ "invoiceId": part["id"] }), "INVALID_INPUT", Some("invoiceId")).await;
    firm.refused("voidInvoice", json!({ "id": invoice["id"] }), "CONFLICT", None).await;

    // A draft that was archived doesn't count, and comes back only as far as there is something left.
    let one = firm.credit(&invoice, "2026-02-06", None).await;
    let at = |version: i64| json!({ "id": one["id"], "version": version });
    firm.owner().act("archiveInvoice", at(1), "invoice { id }").await;
    let other = firm.credit(&invoice, "2026-02-06", None).await;
    firm.owner().act("restoreInvoice", at(2), "invoice { id }").await;
    firm.refused("issueInvoice", json!({ "id": other["id"] }), "CONFLICT", None).await;
    firm.owner().act("archiveInvoice", at(3), "invoice { id }").await;
    firm.issue(&other).await;
    let all = firm.again(&invoice).await;
    assert_eq!((&all["status"], &all["due"]["amount"]), (&json!("PAID"), &json!("0.00")));
    firm.refused("createCreditNote", json!({ "invoiceId": invoice["id"] }), "CONFLICT", None).await;
    assert_eq!(firm.balance("REVENUE", "2026-02-28").await, "0.00");
    assert_eq!(firm.balance("OUTPUT_TAX", "2026-02-28").await, "0.00");
    firm.ties("2026-02-28").await;
}

async fn a_credit_note_of_a_paid_invoice_settles_another_or_is_paid_back(server: &'static Server) {
    let firm = Firm::open(server).await;
    let paid = firm.invoice("2026-02-01", "100.00", json!({})).await;
    let total = json!({ "allocations": [{ "invoiceId": paid["id"], "amount": "118.00" }] });
    firm.pay("2026-02-02", "118.00", total).await;
    let draft = firm.credit(&paid, "2026-02-03", Some("50.00")).await;
    let note = firm.issue(&draft).await;
    assert_eq!((&note["status"], &note["due"]["amount"]), (&json!("ISSUED"), &json!("59.00")));
    let other = firm.invoice("2026-02-04", "20.00", json!({})).await;
    let input = json!({ "id": note["id"], "date": "2026-02-04", "allocations": [{ "invoiceId": other["id"], "amount": "23.60" }] });
    let applied = firm.owner().act("applyCreditNote", input.clone(), "creditNote { status due { amount } }").await;
    assert_eq!(applied["creditNote"], json!({ "status": "PARTLY_PAID", "due": { "amount": "35.40" } }));
    firm.refused("applyCreditNote", input, "INVALID_INPUT", Some("allocations.0.invoiceId")).await;
    let back = json!({ "direction": "OUT", "subLedger": "RECEIVABLE", "allocations": [{ "invoiceId": note["id"], "amount": "35.40" }] });
    firm.pay("2026-02-05", "35.40", back).await;
    assert_eq!(firm.again(&note).await["status"], "PAID");
    assert_eq!(firm.balance("RECEIVABLE", "2026-02-28").await, "0.00");
    firm.ties("2026-02-28").await;
}

async fn bad_settlements_name_what_is_wrong(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-03-01", "100.00", json!({})).await;
    let part = |amount: &str| json!({ "allocations": [{ "invoiceId": invoice["id"], "amount": amount }] });
    let receipt = |amount: &str, more: Value| firm.receipt("2026-03-05", amount, more);
    for (input, field) in [
        (receipt("200.00", part("118.01")), "allocations.0.amount"),
        (receipt("50.00", part("50.01")), "allocations.0.amount"),
        (receipt("50.00", part("0")), "allocations.0.amount"),
        (receipt("0", json!({})), "amount"),
        (receipt("1.001", json!({})), "amount"),
        (receipt("50.00", json!({ "allocations": [{ "amount": "1.00" }] })), "allocations.0.invoiceId"),
        (
            receipt(
                "50.00",
                json!({ "direction": "OUT", "allocations": [{ "invoiceId": invoice["id"], "amount": "1.00" }] }),
            ),
            "allocations.0.invoiceId",
        ),
        (receipt("50.00", json!({ "employeeId": firm.client })), "companyId"),
        (receipt("50.00", json!({ "subLedger": "EMPLOYEE" })), "subLedger"),
    ] {
        firm.refused("recordPayment", input, "INVALID_INPUT", Some(field)).await;
    }
    let twice =
        json!([{ "invoiceId": invoice["id"], "amount": "1.00" }, { "invoiceId": invoice["id"], "amount": "1.00" }]);
    firm.refused(
        "recordPayment",
        receipt("50.00", json!({ "allocations": twice })),
        "INVALID_INPUT",
        Some("allocations.1.invoiceId"),
    )
    .await;
    let other = firm.owner().created("company", json!({ "name": "Other", "isClient": true })).await;
    let others = json!({ "companyId": other, "amount": "5.00", "allocations": [{ "invoiceId": invoice["id"], "amount": "5.00" }] });
    firm.refused("recordPayment", others, "INVALID_INPUT", Some("allocations.0.invoiceId")).await;
    // What was open on a past day stays: nothing is settled before all of it was there.
    let paid = firm.pay("2026-03-10", "20.00", json!({})).await;
    let early = json!({ "id": paid["id"], "date": "2026-03-09",
        "allocations": [{ "invoiceId": invoice["id"], "amount": "20.00" }] });
    firm.refused("allocatePayment", early, "INVALID_INPUT", Some("date")).await;
    // A number is never dated before the one that precedes it.
    let draft = firm.owner().create("invoice", json!({ "companyId": firm.client, "date": "2026-02-28", "lines": [{ "description": "Late", "quantity": "1", "unitPrice": "1" }] }), "id").await;
    firm.refused("issueInvoice", json!({ "id": draft["id"] }), "INVALID_INPUT", Some("date")).await;
}

async fn of_two_who_settle_the_same_one_is_refused(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-03-01", "100.00", json!({})).await;
    let whole = || {
        firm.receipt(
            "2026-03-05",
            "118.00",
            json!({ "allocations": [{ "invoiceId": invoice["id"], "amount": "118.00" }] }),
        )
    };
    let pay = || firm.owner().try_act("recordPayment", whole(), "payment { id }");
    let (one, other, third) = tokio::join!(pay(), pay(), pay());
    let done = [&one, &other, &third].iter().filter(|answer| answer.try_error().is_none()).count();
    assert_eq!(done, 1);
    assert_eq!(firm.again(&invoice).await["due"]["amount"], "0.00");
    // Reversing and allocating at once: neither waits for the other for ever, and nothing is settled by what is taken back.
    let rest = firm.pay("2026-03-06", "20.00", json!({})).await;
    let next = firm.invoice("2026-03-07", "100.00", json!({})).await;
    let allocate = json!({ "id": rest["id"], "date": "2026-03-08", "allocations": [{ "invoiceId": next["id"], "amount": "20.00" }] });
    let reverse = json!({ "id": rest["id"], "date": "2026-03-08" });
    let (allocated, reversed) = tokio::join!(
        firm.owner().try_act("allocatePayment", allocate, "payment { id }"),
        firm.owner().try_act("reversePayment", reverse, "payment { id }")
    );
    for answer in [&allocated, &reversed] {
        assert!(answer.try_error().is_none_or(|error| error.code == "CONFLICT"), "{}", answer.text);
    }
    firm.ties("2026-03-31").await;
}

both!(
    the_issues_operations_run_as_written,
    what_is_left_of_a_payment_settles_later_and_is_undone,
    a_payment_in_another_currency_says_what_it_settles,
    an_advance_owes_its_tax_at_once_and_the_invoice_uses_it_up,
    what_was_paid_too_much_is_paid_back,
    a_credit_note_never_credits_more_than_was_billed,
    a_credit_note_of_a_paid_invoice_settles_another_or_is_paid_back,
    bad_settlements_name_what_is_wrong,
    of_two_who_settle_the_same_one_is_refused,
);
