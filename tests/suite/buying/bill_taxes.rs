//! The taxes of bills: several on a line, kept as they were reckoned; and the state's own e-invoice.

use kamara_tests::{Server, both};
use serde_json::{Value, json};

use super::{Shop, bills::on};
use crate::books::text;

const BILL: &str = "bill { id version status total { amount } einvoiceNumber einvoiceStatus
    lines { tax { amount } taxCode { code } taxes { rate base { amount } tax { amount } recoverable { amount } taxCode { code } } }
    journalEntry { lines { account { role type } debit credit tax: taxCode { code } taxBase } } }";

/// Code, base, tax and what comes back, of each tax of a bill's first line.
fn taxes(bill: &Value) -> Vec<[String; 4]> {
    let taxes = bill["lines"][0]["taxes"].as_array().expect("taxes");
    let amount = |tax: &Value, of: &str| text(&tax[of]["amount"]);
    let told = |tax: &Value| {
        [text(&tax["taxCode"]["code"]), amount(tax, "base"), amount(tax, "tax"), amount(tax, "recoverable")]
    };
    taxes.iter().map(told).collect()
}

impl Shop<'_> {
    /// A bill of one line over 100.00 with some taxes.
    fn taxed(&self, number: &str, codes: &[&String]) -> Value {
        let mut bill = self.bill(number);
        let line = bill["lines"][0].as_object_mut().expect("a line");
        line.remove("taxCodeId");
        line.insert("taxCodeIds".into(), json!(codes));
        bill
    }

    async fn drafted(&self, input: Value) -> Value {
        self.owner().act("createBill", input, BILL).await["bill"].clone()
    }

    async fn post(&self, draft: &Value) -> Value {
        self.owner().act("postBill", json!({ "id": draft["id"] }), BILL).await["bill"].clone()
    }

    /// A levy of 5%, of which two fifths come back.
    async fn levy(&self) -> String {
        let levy = json!({ "code": "LEVY", "name": "მოსაკრებელი", "rate": "0.05", "recoverablePercent": "40" });
        self.owner().created("taxCode", levy).await
    }
}

async fn a_line_of_a_bill_takes_several_taxes(server: &'static Server) {
    let shop = Shop::open(server).await;
    let levy = shop.levy().await;
    let draft = shop.drafted(shop.taxed("T-1", &[&shop.vat, &levy, &shop.reverse_charge])).await;
    let expected =
        [["VAT18", "100.00", "18.00", "18.00"], ["LEVY", "100.00", "5.00", "2.00"], ["RC", "100.00", "18.00", "18.00"]];
    assert_eq!(taxes(&draft), expected);
    assert_eq!((&draft["total"]["amount"], &draft["lines"][0]["tax"]["amount"]), (&json!("123.00"), &json!("23.00")));
    assert_eq!(draft["lines"][0]["taxCode"]["code"], "VAT18", "the first");
    // What isn't said stays, taxes too.
    let change = json!({ "id": draft["id"], "version": draft["version"], "note": "ნოემბერი" });
    let changed = shop.owner().act("updateBill", change, BILL).await["bill"].clone();
    assert_eq!(taxes(&changed), expected);
    let bill = shop.post(&changed).await;
    let entry = &bill["journalEntry"];
    let figures = ["EXPENSE", "INPUT_TAX", "OUTPUT_TAX", "PAYABLE"].map(|role| on(entry, role));
    assert_eq!(figures, ["103.00", "38.00", "-18.00", "-123.00"], "three of the levy's five are a cost");
    let note =
        json!({ "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": shop.supplier, "date": "2026-06-05" });
    let note = shop.drafted(note).await;
    assert_eq!(taxes(&note), expected, "a credit note has its bill's lines");
    let back = shop.post(&note).await;
    let figures = ["EXPENSE", "INPUT_TAX", "OUTPUT_TAX", "PAYABLE"].map(|role| on(&back["journalEntry"], role));
    assert_eq!(figures, ["-103.00", "-38.00", "18.00", "123.00"]);
}

async fn wrong_taxes_of_a_line_are_refused(server: &'static Server) {
    let shop = Shop::open(server).await;
    let mut both = shop.taxed("W-1", &[&shop.vat]);
    both["lines"][0]["taxCodeId"] = json!(shop.vat);
    let withheld = json!({ "code": "WH", "name": "Withheld", "rate": "0.2", "kind": "WITHHOLDING" });
    let withheld = shop.owner().created("taxCode", withheld).await;
    for (input, field) in [
        (both, "lines.0.taxCodeIds"),
        (shop.taxed("W-2", &[&shop.vat, &shop.vat]), "lines.0.taxCodeIds"),
        (shop.taxed("W-3", &[&shop.vat, &withheld]), "lines.0.taxCodeIds"),
        (shop.taxed("W-4", &[&shop.vat, &shop.supplier]), "lines.0.taxCodeIds.1"),
    ] {
        assert_eq!(shop.refused(input).await.field.as_deref(), Some(field));
    }
}

async fn a_draft_whose_tax_changed_is_looked_at_again(server: &'static Server) {
    let shop = Shop::open(server).await;
    let owner = shop.owner();
    // With a reverse charge the supplier is owed the same at any rate; the state isn't.
    let drafts = [
        shop.drafted(shop.taxed("C-1", &[&shop.vat])).await,
        shop.drafted(shop.taxed("C-2", &[&shop.reverse_charge])).await,
    ];
    for code in [&shop.vat, &shop.reverse_charge] {
        let rate = json!({ "taxCodeId": code, "from": "2026-05-01", "rate": "0.20" });
        owner.act("setTaxRate", rate, "__typename").await;
    }
    for (draft, tax) in drafts.iter().zip(["-120.00", "-100.00"]) {
        assert_eq!(owner.refused("postBill", json!({ "id": draft["id"] })).await.code, "CONFLICT");
        let save = json!({ "id": draft["id"], "version": draft["version"], "note": "seen" });
        let saved = owner.act("updateBill", save, BILL).await["bill"].clone();
        assert_eq!(taxes(&saved)[0][2], "20.00");
        assert_eq!(on(&shop.post(&saved).await["journalEntry"], "PAYABLE"), tax);
    }
}

async fn a_declared_bill_is_not_void(server: &'static Server) {
    let shop = Shop::open(server).await;
    let owner = shop.owner();
    let set = |bill: &Value, number: Option<&str>, status: Option<&str>| json!({ "id": bill["id"], "number": number, "status": status });
    let draft = shop.drafted(shop.bill("E-1")).await;
    assert_eq!(owner.refused("setBillEinvoice", set(&draft, Some("EA-1"), None)).await.code, "CONFLICT");
    let bill = shop.post(&draft).await;
    let refused = owner.refused("setBillEinvoice", set(&bill, None, Some("CONFIRMED"))).await;
    assert_eq!(refused.field.as_deref(), Some("number"));
    let done = owner.act("setBillEinvoice", set(&bill, Some("EA-0712345678"), Some("DECLARED")), BILL).await;
    assert_eq!(
        (&done["bill"]["einvoiceNumber"], &done["bill"]["einvoiceStatus"]),
        (&json!("EA-0712345678"), &json!("DECLARED"))
    );
    assert_eq!(owner.refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT");
    owner.act("setBillEinvoice", set(&bill, Some("EA-0712345678"), Some("REJECTED")), BILL).await;
    let voided = owner.act("voidBill", json!({ "id": bill["id"] }), BILL).await;
    assert_eq!(voided["bill"]["status"], "VOID");
}

both!(
    a_line_of_a_bill_takes_several_taxes,
    wrong_taxes_of_a_line_are_refused,
    a_draft_whose_tax_changed_is_looked_at_again,
    a_declared_bill_is_not_void,
);
