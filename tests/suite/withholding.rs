//! Tax that is kept back from what suppliers are paid.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, cents, with},
};

/// A company with a supplier from whom tax is kept back.
pub struct Buyer<'a> {
    pub firm: Firm<'a>,
    pub supplier: String,
    /// Georgia's tax on what people are paid, 20%.
    pub tax: String,
}

const PAYMENT: &str = "payment { id status amount { amount } withheld { amount } moved { amount } withholdingTaxCode { code }
    unallocated { amount } allocations { id } journalEntry { id lines { account { role } debit credit taxBase taxCode { code } } } }";

impl<'a> Buyer<'a> {
    pub async fn open(server: &'a Server) -> Self {
        let firm = Firm::open(server).await;
        let supplier = firm.owner().created("company", json!({ "name": "გიორგი მაისურაძე", "isSupplier": true })).await;
        let tax = firm.tax_code("WHT20").await;
        Self { firm, supplier, tax }
    }

    pub fn owner(&self) -> &Caller<'a> {
        self.firm.owner()
    }

    /// A posted bill of one line.
    pub async fn bill(&self, date: &str, net: &str, more: Value) -> Value {
        let line = json!({ "description": "Translation", "unitPrice": net });
        let input = json!({ "companyId": self.supplier, "date": date, "lines": [line] });
        let draft = self.owner().create("bill", with(input, more), "id").await;
        let selection = "bill { id status total { amount } due { amount } }";
        self.owner().act("postBill", json!({ "id": draft["id"] }), selection).await["bill"].clone()
    }

    pub async fn bill_now(&self, bill: &Value) -> (String, String) {
        let document = "query($id: ID!) { bill(id: $id) { status due { amount } } }";
        let shown = self.owner().send(document, json!({ "id": bill["id"] })).await.data();
        (text(&shown["bill"]["status"]), text(&shown["bill"]["due"]["amount"]))
    }

    /// What pays a part of a bill.
    pub fn paying(&self, bill: &Value, date: &str, amount: &str, more: Value) -> Value {
        let part = json!([{ "billId": bill["id"], "amount": amount }]);
        let input = json!({ "companyId": self.supplier, "direction": "OUT", "date": date, "amount": amount, "allocations": part });
        with(input, more)
    }

    pub async fn pay(&self, input: Value) -> Value {
        self.owner().act("recordPayment", input, PAYMENT).await["payment"].clone()
    }

    fn withholding(&self) -> Value {
        json!({ "withholding": { "taxCodeId": self.tax } })
    }

    async fn tax_report(&self, from: &str, to: &str) -> Value {
        let document = format!(
            r#"{{ reports {{ taxReport(from: "{from}", to: "{to}") {{ withheld uncoded movement tied
                rows {{ direction base tax taxCode {{ code }} }} }} }} }}"#
        );
        let report = self.owner().query(&document).await["reports"]["taxReport"].clone();
        assert_eq!(report["tied"], true, "{report}");
        report
    }

    /// What is kept back of a payment: shown, posted, and reported.
    fn kept(payment: &Value) -> [String; 2] {
        ["withheld", "moved"].map(|field| text(&payment[field]["amount"]))
    }
}

async fn the_bill_is_settled_in_full_and_the_rest_leaves_the_bank(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let line = json!([{ "description": "Translation", "unitPrice": "1000.00", "taxCodeId": buyer.firm.vat }]);
    let bill = buyer.bill("2026-06-01", "0", json!({ "lines": line })).await;
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", "1180.00", buyer.withholding())).await;
    // Income tax is on what is paid for the service, before VAT.
    assert_eq!(Buyer::kept(&payment), ["200.00", "980.00"]);
    assert_eq!(payment["withholdingTaxCode"]["code"], "WHT20");
    let line = |role: &str| {
        let lines = payment["journalEntry"]["lines"].as_array().expect("lines");
        lines.iter().find(|line| line["account"]["role"] == role).expect("a line").clone()
    };
    let kept = line("WITHHOLDING_TAX");
    assert_eq!((&kept["credit"], &kept["taxBase"]), (&json!("200.00"), &json!("-1000.00")));
    assert_eq!(kept["taxCode"]["code"], "WHT20");
    assert_eq!((&line("BANK")["credit"], &line("PAYABLE")["debit"]), (&json!("980.00"), &json!("1180.00")));
    assert_eq!(buyer.bill_now(&bill).await, ("PAID".into(), "0.00".into()));
    buyer.firm.ties("2026-06-30").await;
    let report = buyer.tax_report("2026-06-01", "2026-06-30").await;
    assert_eq!(report["withheld"], "200.00");
    let row = json!({ "direction": "WITHHELD", "base": "1000.00", "tax": "200.00", "taxCode": { "code": "WHT20" } });
    assert!(report["rows"].as_array().expect("rows").contains(&row), "{report}");

    // Taken back in a later month, it's taken off what that month owes.
    let back = json!({ "id": payment["id"], "date": "2026-07-05" });
    buyer.owner().act("reversePayment", back, "payment { status }").await;
    assert_eq!(buyer.bill_now(&bill).await.1, "1180.00");
    assert_eq!(buyer.firm.balance("WITHHOLDING_TAX", "2026-07-31").await, "0.00");
    assert_eq!(buyer.firm.balance("BANK", "2026-07-31").await, "0.00");
    let report = buyer.tax_report("2026-07-01", "2026-07-31").await;
    let row = json!({ "direction": "WITHHELD", "base": "-1000.00", "tax": "-200.00", "taxCode": { "code": "WHT20" } });
    assert!(report["rows"].as_array().expect("rows").contains(&row), "{report}");
    buyer.firm.ties("2026-07-31").await;
}

async fn parts_of_a_bill_withhold_what_the_whole_does(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "100.03", json!({})).await;
    let mut kept = Vec::new();
    for amount in ["33.34", "33.34", "0.01", "33.34"] {
        let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", amount, buyer.withholding())).await;
        kept.push(text(&payment["withheld"]["amount"]));
    }
    // 20.006 is 20.01, and so are the parts: 6.67, 13.34, 13.34 and 20.01 by then.
    assert_eq!(kept, ["6.67", "6.67", "0.00", "6.67"]);
    assert_eq!(buyer.firm.balance("WITHHOLDING_TAX", "2026-06-30").await, "-20.01");
    assert_eq!(buyer.tax_report("2026-06-01", "2026-06-30").await["rows"][0]["base"], "100.03");
    // Two bills at once: the tax of each.
    let (one, other) =
        (buyer.bill("2026-06-11", "0.03", json!({})).await, buyer.bill("2026-06-11", "0.02", json!({})).await);
    let both = json!([{ "billId": one["id"], "amount": "0.03" }, { "billId": other["id"], "amount": "0.02" }]);
    let input = buyer.paying(&one, "2026-06-12", "0.05", with(json!({ "allocations": both }), buyer.withholding()));
    assert_eq!(Buyer::kept(&buyer.pay(input).await), ["0.01", "0.04"]);
    buyer.firm.ties("2026-06-30").await;
}

async fn what_is_undone_stays_withheld_until_the_payment_is_taken_back(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "500.00", json!({})).await;
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", "500.00", buyer.withholding())).await;
    let undo = json!({ "id": payment["allocations"][0]["id"], "date": "2026-06-11" });
    buyer.owner().act("undoAllocation", undo, "allocation { id }").await;
    assert_eq!(buyer.bill_now(&bill).await.1, "500.00");
    assert_eq!(buyer.firm.balance("WITHHOLDING_TAX", "2026-06-30").await, "-100.00");
    // The whole of it, what is withheld with the rest, settles again.
    let again = json!({ "id": payment["id"], "date": "2026-06-12", "allocations": [{ "billId": bill["id"], "amount": "500.00" }] });
    buyer.owner().act("allocatePayment", again, "payment { unallocated { amount } }").await;
    assert_eq!(buyer.bill_now(&bill).await.0, "PAID");
    buyer.firm.ties("2026-06-30").await;
    buyer.owner().act("reversePayment", json!({ "id": payment["id"], "date": "2026-06-20" }), "payment { id }").await;
    for role in ["WITHHOLDING_TAX", "BANK"] {
        assert_eq!(buyer.firm.balance(role, "2026-06-30").await, "0.00", "{role}");
    }
    buyer.firm.ties("2026-06-30").await;
}

async fn another_currency_is_withheld_at_the_rate_of_the_payment(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "100.00", json!({ "currency": "USD", "rate": "2.70" })).await;
    let usd = with(json!({ "currency": "USD", "rate": "2.80" }), buyer.withholding());
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", "100.00", usd)).await;
    assert_eq!(Buyer::kept(&payment), ["20.00", "80.00"]);
    for (role, balance) in
        [("WITHHOLDING_TAX", "-56.00"), ("BANK", "-224.00"), ("PAYABLE", "0.00"), ("EXCHANGE_DIFFERENCE", "10.00")]
    {
        assert_eq!(buyer.firm.balance(role, "2026-06-30").await, balance, "{role}");
    }
    // A bill in dollars, paid in lari: what is paid for it before taxes is what tax is on.
    let bill = buyer.bill("2026-06-11", "50.00", json!({ "currency": "USD", "rate": "2.70" })).await;
    let part = json!([{ "billId": bill["id"], "amount": "50.00", "paidAmount": "140.00" }]);
    let input = buyer.paying(&bill, "2026-06-12", "140.00", with(json!({ "allocations": part }), buyer.withholding()));
    assert_eq!(Buyer::kept(&buyer.pay(input).await), ["28.00", "112.00"]);
    assert_eq!(buyer.tax_report("2026-06-01", "2026-06-30").await["withheld"], "84.00");
    buyer.firm.ties("2026-06-30").await;
}

async fn amount_and_base_may_be_said(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "1000.00", json!({})).await;
    // Materials are in it, of which no tax is kept back.
    let said = json!({ "withholding": { "taxCodeId": buyer.tax, "base": "600.00" } });
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", "900.00", said)).await;
    assert_eq!(Buyer::kept(&payment), ["120.00", "780.00"]);
    let said = json!({ "withholding": { "taxCodeId": buyer.tax, "base": "100.00", "amount": "19.99" } });
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-11", "100.00", said)).await;
    assert_eq!(Buyer::kept(&payment), ["19.99", "80.01"]);
    assert_eq!(buyer.tax_report("2026-06-01", "2026-06-30").await["withheld"], "139.99");
    // In advance: on what is before the tax that is in it.
    let advance = json!({ "companyId": buyer.supplier, "direction": "OUT", "date": "2026-06-12", "amount": "118.00",
        "advance": { "taxCodeId": buyer.firm.vat }, "withholding": { "taxCodeId": buyer.tax } });
    assert_eq!(Buyer::kept(&buyer.pay(advance).await), ["20.00", "98.00"]);
    // The rate is the code's on the payment's day.
    let rate = json!({ "taxCodeId": buyer.tax, "from": "2026-07-01", "rate": "0.25" });
    buyer.owner().act("setTaxRate", rate, "taxCode { id }").await;
    let bill = buyer.bill("2026-06-20", "100.00", json!({})).await;
    let payment = buyer.pay(buyer.paying(&bill, "2026-07-01", "100.00", buyer.withholding())).await;
    assert_eq!(Buyer::kept(&payment), ["25.00", "75.00"]);
    buyer.firm.ties("2026-07-31").await;
}

async fn what_cant_be_withheld_is_refused_by_its_field(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "1000.00", json!({})).await;
    let of = |more: Value| {
        let withholding = with(json!({ "taxCodeId": buyer.tax }), more);
        buyer.paying(&bill, "2026-06-10", "1000.00", json!({ "withholding": withholding }))
    };
    let on_account = json!({ "companyId": buyer.supplier, "direction": "OUT", "date": "2026-06-10", "amount": "10.00",
        "withholding": { "taxCodeId": buyer.tax } });
    let from_client = buyer.firm.receipt("2026-06-10", "10.00", buyer.withholding());
    let refund = buyer.firm.receipt(
        "2026-06-10",
        "10.00",
        with(json!({ "direction": "OUT", "subLedger": "RECEIVABLE" }), buyer.withholding()),
    );
    let advance = json!({ "companyId": buyer.supplier, "direction": "OUT", "date": "2026-06-10", "amount": "10.00",
        "advance": { "taxCodeId": buyer.tax } });
    for (input, field) in [
        (of(json!({ "taxCodeId": buyer.firm.vat })), "withholding.taxCodeId"),
        (of(json!({ "base": "1000.01" })), "withholding.base"),
        (of(json!({ "base": "0" })), "withholding.base"),
        (of(json!({ "base": "-1" })), "withholding.base"),
        (of(json!({ "base": "1.001" })), "withholding.base"),
        (of(json!({ "amount": "0" })), "withholding.amount"),
        (of(json!({ "amount": "1000.01" })), "withholding.amount"),
        (of(json!({ "base": "10.00", "amount": "10.01" })), "withholding.amount"),
        (on_account, "withholding.base"),
        (from_client, "withholding"),
        (refund, "withholding"),
        (advance, "advance.taxCodeId"),
    ] {
        buyer.firm.refused("recordPayment", input, "INVALID_INPUT", Some(field)).await;
    }
    // Taxes are declared: nothing is withheld any more on a day that is closed to them, and what has no tax goes on.
    buyer.owner().act("setLockDates", json!({ "tax": "2026-06-12" }), "lockDates { tax }").await;
    buyer.firm.refused("recordPayment", of(json!({})), "INVALID_INPUT", Some("date")).await;
    buyer.pay(buyer.paying(&bill, "2026-06-10", "1.00", json!({}))).await;
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-13", "999.00", buyer.withholding())).await;
    assert_eq!(Buyer::kept(&payment), ["199.80", "799.20"]);
}

async fn the_bank_says_what_really_left(server: &'static Server) {
    let buyer = Buyer::open(server).await;
    let bill = buyer.bill("2026-06-01", "1000.00", json!({})).await;
    let at_bank = with(json!({ "bankAccountId": buyer.firm.bank }), buyer.withholding());
    let payment = buyer.pay(buyer.paying(&bill, "2026-06-10", "1000.00", at_bank)).await;
    let content = "date,amount,counterparty\n2026-06-11,-800.00,Giorgi Maisuradze\n";
    let mapping = json!({ "openingBalance": "0.00" });
    let input = json!({ "bankAccountId": buyer.firm.bank, "format": "CSV", "content": content, "mapping": mapping });
    buyer.owner().act("importBankStatement", input, "lineCount").await;
    let line = buyer.owner().query("{ bankStatementLines(first: 1) { nodes { id amount { amount } } } }").await;
    let line = &line["bankStatementLines"]["nodes"][0];
    let document =
        "query($ids: [ID!]!) { bankMatches(lineIds: $ids) { proposals { parts { id kind amount { amount } } } } }";
    let proposed = buyer.owner().send(document, json!({ "ids": [line["id"]] })).await.data();
    let part = &proposed["bankMatches"][0]["proposals"][0]["parts"][0];
    assert_eq!(part["id"], payment["journalEntry"]["id"], "{proposed}");
    let entry = json!({ "lineId": line["id"], "entryIds": [payment["journalEntry"]["id"]] });
    let matched = buyer.owner().act("matchBankLine", entry, "line { status }").await;
    assert_eq!(matched["line"]["status"], "MATCHED");
    assert_eq!(cents(&line["amount"]["amount"]), -80_000);
}

both!(
    the_bill_is_settled_in_full_and_the_rest_leaves_the_bank,
    parts_of_a_bill_withhold_what_the_whole_does,
    what_is_undone_stays_withheld_until_the_payment_is_taken_back,
    another_currency_is_withheld_at_the_rate_of_the_payment,
    amount_and_base_may_be_said,
    what_cant_be_withheld_is_refused_by_its_field,
    the_bank_says_what_really_left,
);
