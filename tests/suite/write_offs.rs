//! What stays open and nobody will pay, or ask for: it's written off, whatever it is, and comes back.

mod asked;

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, cents, with},
};

/// A company with a client and a supplier.
struct Books<'a> {
    firm: Firm<'a>,
    supplier: String,
}

/// What is open, and what stands on the accounts that settling posts on.
const CONTROLS: [&str; 4] = ["RECEIVABLE", "PAYABLE", "CUSTOMER_ADVANCE", "SUPPLIER_ADVANCE"];

impl<'a> Books<'a> {
    async fn open(server: &'a Server) -> Self {
        let firm = Firm::open(server).await;
        let supplier = json!({ "name": "შპს მშენებელი", "isSupplier": true });
        Self { supplier: firm.owner().created("company", supplier).await, firm }
    }

    /// A posted bill, or, with what it credits, a supplier's credit note.
    async fn bill(&self, date: &str, net: &str, more: Value) -> String {
        let line = json!({ "description": "Rent", "unitPrice": net });
        let input = json!({ "companyId": self.supplier, "date": date, "lines": [line] });
        let draft = self.firm.owner().create("bill", with(input, more), "id").await;
        self.firm.owner().act("postBill", json!({ "id": draft["id"] }), "__typename").await;
        text(&draft["id"])
    }

    async fn pay_supplier(&self, date: &str, amount: &str, more: Value) -> String {
        let input = json!({ "companyId": self.supplier, "direction": "OUT", "date": date, "amount": amount });
        let made = self.firm.owner().act("recordPayment", with(input, more), "payment { id }").await;
        text(&made["payment"]["id"])
    }

    /// A credit note of which all is open, since what it credits is paid.
    async fn credit_note(&self, more: Value) -> String {
        let paid = self.firm.invoice("2026-02-01", "100.00", more.clone()).await;
        let part = json!([{ "invoiceId": paid["id"], "amount": "118.00" }]);
        let input =
            json!({ "companyId": self.firm.client, "date": "2026-02-01", "amount": "118.00", "allocations": part });
        self.firm.owner().act("recordPayment", with(input, more), "__typename").await;
        let draft = self.firm.credit(&paid, "2026-02-01", Some("50.00")).await;
        text(&self.firm.issue(&draft).await["id"])
    }

    /// The same of a supplier's.
    async fn supplier_credit(&self, more: Value) -> String {
        let bill = self.bill("2026-02-01", "100.00", more.clone()).await;
        let part = json!({ "allocations": [{ "billId": bill, "amount": "100.00" }] });
        self.pay_supplier("2026-02-01", "100.00", with(part, more.clone())).await;
        self.bill("2026-02-01", "59.00", with(json!({ "kind": "CREDIT_NOTE", "creditsId": bill }), more)).await
    }

    /// One of each that may stay open, by the field that names it: 59.00 of each, and whether its write-off is a gain.
    async fn each(&self, more: Value) -> Vec<(&'static str, String, bool)> {
        let lines = json!([{ "description": "Audit", "quantity": "1", "unitPrice": "59.00" }]);
        let invoice = self.firm.invoice("2026-02-01", "1", with(json!({ "lines": lines }), more.clone())).await;
        let from_client = json!({ "companyId": self.firm.client, "date": "2026-02-01", "amount": "59.00" });
        let paid = |input: Value| async move {
            text(&self.firm.owner().act("recordPayment", input, "payment { id }").await["payment"]["id"])
        };
        vec![
            ("invoiceId", text(&invoice["id"]), false),
            ("invoiceId", self.credit_note(more.clone()).await, true),
            ("billId", self.bill("2026-02-01", "59.00", more.clone()).await, true),
            ("billId", self.supplier_credit(more.clone()).await, false),
            ("paymentId", paid(with(from_client.clone(), more.clone())).await, true),
            ("paymentId", paid(with(with(from_client, more.clone()), json!({ "advance": {} }))).await, true),
            ("paymentId", self.pay_supplier("2026-02-01", "59.00", more.clone()).await, false),
            ("paymentId", self.pay_supplier("2026-02-01", "59.00", with(more, json!({ "advance": {} }))).await, false),
        ]
    }

    async fn left(&self, field: &str, id: &str) -> String {
        let (query, amount) = match field {
            "invoiceId" => ("invoice", "due"),
            "billId" => ("bill", "due"),
            _ => ("payment", "unallocated"),
        };
        let shown = self.firm.owner().query(&format!("{{ {query}(id: \"{id}\") {{ {amount} {{ amount }} }} }}")).await;
        text(&shown[query][amount]["amount"])
    }

    async fn written_off(&self, input: Value) -> Value {
        let selection =
            "writeOff { id status isGain amount { amount } invoice { id } bill { id } payment { id } company { id }
            journalEntry { lines { account { role } debit credit description company { id } } } } approval { id }";
        let made = self.firm.owner().act("writeOff", input.clone(), selection).await;
        assert_eq!(made["approval"], Value::Null, "{input}");
        made["writeOff"].clone()
    }

    /// What is open on a day; the sub-ledgers are their control accounts.
    async fn state(&self, at: &str) -> Value {
        let rows = "rows { company { name } total } total { total }";
        let document = format!(
            r#"{{ reports {{ agedReceivables(at: "{at}") {{ {rows} }} agedPayables(at: "{at}") {{ {rows} }} }} }}"#
        );
        let shown = self.firm.owner().query(&document).await["reports"].clone();
        let mut balances = Vec::new();
        for role in CONTROLS {
            balances.push(self.firm.balance(role, at).await);
        }
        let minor = |balance: &String| cents(&json!(balance));
        assert_eq!(cents(&shown["agedReceivables"]["total"]["total"]), minor(&balances[0]), "{at}");
        assert_eq!(cents(&shown["agedPayables"]["total"]["total"]), -minor(&balances[1]), "{at}");
        json!([shown, balances])
    }
}

async fn whatever_stays_open_is_written_off_and_comes_back(server: &'static Server) {
    let books = Books::open(server).await;
    let each = books.each(json!({})).await;
    let before = books.state("2026-02-28").await;
    for (field, id, is_gain) in &each {
        let off = |amount: Value| json!({ *field: id, "amount": amount, "date": "2026-03-01", "reason": "Too small" });
        let error = books.firm.owner().refused("writeOff", off(json!("59.01"))).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("amount")), "{field}");
        assert!(error.message.contains("59.00"), "it says what would be right: {}", error.message);
        for wrong in ["0", "-1.00", "0.001"] {
            books.firm.refused("writeOff", off(json!(wrong)), "INVALID_INPUT", Some("amount")).await;
        }
        // A part of it, and then the rest.
        let part = books.written_off(off(json!("58.98"))).await;
        assert_eq!(books.left(field, id).await, "0.02");
        assert_eq!(part["isGain"], *is_gain, "{field}");
        let document = match *field {
            "invoiceId" => "invoice",
            "billId" => "bill",
            _ => "payment",
        };
        for named in ["invoice", "bill", "payment"] {
            let expected = if named == document { json!({ "id": id }) } else { Value::Null };
            assert_eq!(part[named], expected, "{named} of a write-off by {field}");
        }
        let line = &part["journalEntry"]["lines"][0];
        let (debit, credit) = if *is_gain { ("0.00", "58.98") } else { ("58.98", "0.00") };
        assert_eq!((&line["account"]["role"], &line["debit"]), (&json!("WRITE_OFF"), &json!(debit)), "{line}");
        assert_eq!((&line["credit"], &line["description"]), (&json!(credit), &json!("Too small")), "{line}");
        let rest = books.written_off(off(Value::Null)).await;
        assert_eq!((&rest["amount"]["amount"], books.left(field, id).await), (&json!("0.02"), "0.00".into()));
        books.firm.refused("writeOff", off(Value::Null), "INVALID_INPUT", Some(field)).await;
    }
    let off = books.state("2026-03-31").await;
    assert_eq!(off[1], json!(["0.00", "0.00", "0.00", "0.00"]), "nothing is open any more");
    assert_eq!(books.firm.balance("WRITE_OFF", "2026-03-31").await, "0.00", "four losses and four gains");
    books.all_come_back().await;
    assert_eq!(books.state("2026-04-30").await, before);
    assert_eq!(books.firm.balance("WRITE_OFF", "2026-04-30").await, "0.00");
    for (day, stood) in [("2026-02-28", before), ("2026-03-31", off)] {
        assert_eq!(books.state(day).await, stood, "what was open on {day} stands");
    }
    let problems = crate::verify::problems(server, &books.firm.tenant.id).await;
    assert!(problems.is_empty(), "{problems:?}");
}

impl Books<'_> {
    /// Takes all write-offs back, each of them once.
    async fn all_come_back(&self) {
        let owner = self.firm.owner();
        let all = owner.query("{ writeOffs(first: 100) { nodes { id } } }").await;
        for row in all["writeOffs"]["nodes"].as_array().expect("write-offs") {
            let input = |date: &str| json!({ "id": row["id"], "date": date });
            self.firm.refused("reverseWriteOff", input("2026-02-28"), "INVALID_INPUT", Some("date")).await;
            let undone = owner.act("reverseWriteOff", input("2026-04-01"), "writeOff { status }").await;
            assert_eq!(undone["writeOff"]["status"], "REVERSED");
            self.firm.refused("reverseWriteOff", input("2026-04-01"), "CONFLICT", None).await;
        }
    }
}

async fn another_currency_is_written_off_at_the_documents_own_rate(server: &'static Server) {
    let books = Books::open(server).await;
    let dollars = json!({ "currency": "USD", "rate": "2.7137" });
    let each = books.each(dollars).await;
    let before = books.state("2026-02-28").await;
    let rate = json!({ "currency": "USD", "date": "2026-03-01", "rate": "3.10" });
    books.firm.owner().act("setExchangeRate", rate, "__typename").await;
    for (field, id, _) in &each {
        for amount in [json!("0.33"), json!("17.77"), Value::Null] {
            let input = json!({ *field: id, "amount": amount, "date": "2026-03-01", "reason": "Too small" });
            books.written_off(input).await;
        }
        assert_eq!(books.left(field, id).await, "0.00", "{field}");
    }
    let off = books.state("2026-03-31").await;
    assert_eq!(off[1], json!(["0.00", "0.00", "0.00", "0.00"]), "no tetri stays behind of what was rounded");
    assert_eq!(books.firm.balance("EXCHANGE_DIFFERENCE", "2026-03-31").await, "0.00");
    books.all_come_back().await;
    assert_eq!(books.state("2026-04-30").await, before);
    assert_eq!(books.firm.balance("EXCHANGE_DIFFERENCE", "2026-04-30").await, "0.00");
}

async fn what_wont_be_paid_is_written_off_and_comes_back(server: &'static Server) {
    let firm = Firm::open(server).await;
    let invoice = firm.invoice("2026-02-01", "100.00", json!({})).await;
    let off = |amount: Value| json!({ "invoiceId": invoice["id"], "amount": amount, "date": "2026-05-01", "reason": "Bankrupt" });
    firm.refused("writeOff", off(json!("118.01")), "INVALID_INPUT", Some("amount")).await;
    let made = firm.owner().act("writeOff", off(Value::Null), "writeOff { id amount { amount } }").await;
    assert_eq!(made["writeOff"]["amount"]["amount"], "118.00");
    assert_eq!(firm.again(&invoice).await["status"], "PAID");
    assert_eq!(firm.balance("WRITE_OFF", "2026-05-31").await, "118.00");
    firm.refused("writeOff", off(Value::Null), "INVALID_INPUT", Some("invoiceId")).await;
    let input = json!({ "id": made["writeOff"]["id"], "date": "2026-05-10" });
    firm.owner().act("reverseWriteOff", input.clone(), "writeOff { status }").await;
    firm.refused("reverseWriteOff", input, "CONFLICT", None).await;
    assert_eq!(firm.again(&invoice).await["due"]["amount"], "118.00");
    firm.ties("2026-05-31").await;
}

async fn a_gain_goes_to_income_too_and_a_loss_does_not(server: &'static Server) {
    let books = Books::open(server).await;
    let each = books.each(json!({})).await;
    let owner = books.firm.owner();
    let account = async |kind: &str| {
        let of = format!(
            "{{ accounts(first: 1, filter: {{ type: {{ eq: {kind} }}, isGroup: false }}) {{ nodes {{ id }} }} }}"
        );
        text(&owner.query(&of).await["accounts"]["nodes"][0]["id"])
    };
    let (income, expense, asset) = (account("INCOME").await, account("EXPENSE").await, account("ASSET").await);
    for (field, id, is_gain) in &each {
        let off = |account: &str| json!({ *field: id, "accountId": account, "amount": "1.00", "reason": "Small" });
        books.firm.refused("writeOff", off(&asset), "INVALID_INPUT", Some("accountId")).await;
        books.written_off(off(&expense)).await;
        if *is_gain {
            books.written_off(off(&income)).await;
        } else {
            books.firm.refused("writeOff", off(&income), "INVALID_INPUT", Some("accountId")).await;
        }
    }
}

async fn what_cant_be_written_off_says_what_to_do(server: &'static Server) {
    let books = Books::open(server).await;
    let firm = &books.firm;
    let invoice = firm.invoice("2026-03-01", "100.00", json!({})).await;
    let bill = books.bill("2026-03-01", "10.00", json!({})).await;
    for (named, field) in [
        (json!({}), "invoiceId"),
        (json!({ "invoiceId": invoice["id"], "billId": bill }), "billId"),
        (json!({ "invoiceId": invoice["id"], "paymentId": bill }), "paymentId"),
    ] {
        firm.refused("writeOff", with(named, json!({ "reason": "x" })), "INVALID_INPUT", Some(field)).await;
    }
    firm.refused("writeOff", json!({ "billId": invoice["id"], "reason": "x" }), "NOT_FOUND", Some("billId")).await;
    // A tax that was declared goes with the money.
    let taxed = json!({ "advance": { "taxCodeId": firm.vat } });
    let advance = firm.pay("2026-03-01", "118.00", taxed.clone()).await;
    let to_supplier = books.pay_supplier("2026-03-01", "118.00", taxed).await;
    for (id, instead) in [(text(&advance["id"]), "pay it back"), (to_supplier, "record what comes back")] {
        let error = firm.owner().refused("writeOff", json!({ "paymentId": id, "reason": "x" })).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some("paymentId")));
        assert!(error.message.contains(instead), "{}", error.message);
    }
    let employee = firm.owner().created("employee", json!({ "name": "ნინო ბერიძე" })).await;
    let input = json!({ "employeeId": employee, "direction": "OUT", "amount": "5.00", "date": "2026-03-01" });
    let paid = firm.owner().act("recordPayment", input, "payment { id }").await["payment"]["id"].clone();
    firm.refused("writeOff", json!({ "paymentId": paid, "reason": "x" }), "INVALID_INPUT", Some("paymentId")).await;
    // Nothing is written off before it was there, of a draft, or of what was taken back.
    let early = |field: &str, id: &Value| json!({ field: id, "date": "2026-02-28", "reason": "x" });
    firm.refused("writeOff", early("invoiceId", &invoice["id"]), "INVALID_INPUT", Some("date")).await;
    firm.refused("writeOff", early("billId", &json!(bill)), "INVALID_INPUT", Some("date")).await;
    let payment = firm.pay("2026-03-01", "10.00", json!({})).await;
    firm.refused("writeOff", early("paymentId", &payment["id"]), "INVALID_INPUT", Some("date")).await;
    let line = json!({ "description": "Rent", "unitPrice": "1.00" });
    let draft = firm.owner().create("bill", json!({ "companyId": books.supplier, "lines": [line] }), "id").await;
    firm.refused("writeOff", json!({ "billId": draft["id"], "reason": "x" }), "INVALID_INPUT", Some("billId")).await;
    firm.owner().act("reversePayment", json!({ "id": payment["id"] }), "__typename").await;
    let taken_back = json!({ "paymentId": payment["id"], "reason": "x" });
    firm.refused("writeOff", taken_back, "INVALID_INPUT", Some("paymentId")).await;
}

async fn a_payment_tells_what_became_of_its_rest(server: &'static Server) {
    let books = Books::open(server).await;
    let firm = &books.firm;
    let payment = firm.pay("2026-02-01", "100.00", json!({})).await;
    let part = json!([{ "paymentId": payment["id"], "amount": "60.00" }]);
    let back = json!({ "direction": "OUT", "subLedger": "RECEIVABLE", "allocations": part });
    let back = firm.owner().act("recordPayment", firm.receipt("2026-02-10", "60.00", back), "payment { id }").await;
    let off = json!({ "paymentId": payment["id"], "amount": "30.00", "date": "2026-02-11", "reason": "Nobody asks" });
    let off = books.written_off(off).await;
    let document = format!(
        "{{ payment(id: {}) {{ unallocated {{ amount }} refunds {{ date amount {{ amount }} payment {{ id }} writeOff {{ id }} }} }} }}",
        payment["id"]
    );
    let mut shown = firm.owner().query(&document).await["payment"].clone();
    assert_eq!(shown["unallocated"]["amount"], "10.00");
    // The clock of tests stands still: what is oldest isn't to be told from ids.
    shown["refunds"].as_array_mut().expect("refunds").sort_by_key(|part| text(&part["date"]));
    let expected = json!([
        { "date": "2026-02-10", "amount": { "amount": "60.00" }, "payment": back["payment"], "writeOff": null },
        { "date": "2026-02-11", "amount": { "amount": "30.00" }, "payment": null, "writeOff": { "id": off["id"] } },
    ]);
    assert_eq!(shown["refunds"], expected);
    firm.refused("reversePayment", json!({ "id": payment["id"] }), "CONFLICT", None).await;
    // The client's statement says so too, and leads to the payment.
    let document = format!(
        r#"{{ reports {{ clientStatement(companyId: "{}", from: "2026-02-01", to: "2026-02-28") {{
            parts {{ closing rows {{ kind debit credit payment {{ id }} }} }} }} }} }}"#,
        firm.client
    );
    let told = firm.owner().query(&document).await["reports"]["clientStatement"]["parts"][0].clone();
    let last = json!({ "kind": "WRITE_OFF", "debit": "30.00", "credit": "0.00", "payment": { "id": payment["id"] } });
    assert_eq!((&told["closing"], &told["rows"][2]), (&json!("-10.00"), &last));
    let undo = json!({ "id": off["id"], "date": "2026-02-12" });
    firm.owner().act("reverseWriteOff", undo, "__typename").await;
    let shown = firm.owner().query(&format!("{{ payment(id: {}) {{ refunds {{ id }} }} }}", payment["id"])).await;
    assert_eq!(shown["payment"]["refunds"].as_array().map(Vec::len), Some(1), "what was undone is left out");
}

both!(
    whatever_stays_open_is_written_off_and_comes_back,
    another_currency_is_written_off_at_the_documents_own_rate,
    what_wont_be_paid_is_written_off_and_comes_back,
    a_gain_goes_to_income_too_and_a_loss_does_not,
    what_cant_be_written_off_says_what_to_do,
    a_payment_tells_what_became_of_its_rest,
);
