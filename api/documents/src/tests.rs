//! What templates are given, and that whatever people write is set.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::*;
use crate::sheet::Sheet;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn line(description: &str) -> InvoiceLine {
    InvoiceLine {
        description: description.into(),
        quantity: decimal("2.500000"),
        unit: Some("hour".into()),
        unit_price: decimal("1000"),
        discount: decimal("250.00"),
        tax_rates: vec![decimal("18")],
        net: decimal("2250.00"),
        period: None,
    }
}

fn bill(language: Language) -> Invoice {
    let tax = Tax {
        name: "VAT".into(),
        rate: decimal("18"),
        base: decimal("2250.00"),
        amount: decimal("405.00"),
        reverse_charge: false,
        exempt_reason: None,
    };
    Invoice {
        language,
        letterhead: Letterhead {
            name: "Arch Ltd".into(),
            tax_number: Some("404123456".into()),
            ..Letterhead::default()
        },
        client: Party {
            name: "კლიენტი".into(), address: vec!["თბილისი".into()], tax_number: None
        },
        kind: InvoiceKind::Invoice,
        standing: Standing::Issued,
        number: Some("INV-000001".into()),
        date: day("2026-11-30"),
        due_date: day("2026-12-30"),
        currency: "GEL".into(),
        lines: vec![line("Advice")],
        taxes: vec![tax],
        discount: decimal("250.00"),
        net: decimal("2250.00"),
        total: decimal("2655.00"),
        paid: decimal("0.00"),
        due: decimal("2655.00"),
        instalments: Vec::new(),
        bank_accounts: vec![BankAccount {
            bank: Some("Bank".into()),
            iban: "GE29NB0000000101904917".into(),
            bic: Some("TBCBGE22".into()),
        }],
        note: None,
        einvoice: Some(Einvoice::default()),
    }
}

fn told(invoice: &Invoice) -> Value {
    serde_json::to_value(Sheet::of_invoice(invoice)).unwrap()
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn amounts_are_those_that_were_stored() {
    let sheet = told(&bill(Language::English));
    let totals: Vec<_> = sheet["invoice"]["totals"].as_array().unwrap().iter().map(|fact| &fact["value"]).collect();
    assert_eq!(totals, ["2,500.00", "-250.00", "2,250.00", "405.00", "2,655.00 GEL"]);
    let line = &sheet["invoice"]["lines"][0];
    assert_eq!(
        (&line["quantity"], &line["unit_price"], &line["net"]),
        (&json!("2.5"), &json!("1,000.00"), &json!("2,250.00"))
    );
    let georgian = told(&bill(Language::Georgian));
    assert_eq!(georgian["invoice"]["totals"][4]["value"], "2\u{202f}655,00 GEL");
    assert_eq!(georgian["invoice"]["totals"][4]["label"], "სულ");
    assert_eq!(georgian["facts"][1]["value"], "30\u{a0}დეკემბერი,\u{a0}2026");
}

#[test]
fn what_is_paid_is_told_once_something_is() {
    let paid = Invoice { paid: decimal("2000.00"), due: decimal("655.00"), ..bill(Language::English) };
    let sheet = told(&paid);
    assert_eq!(sheet["invoice"]["totals"][5]["value"], "-2,000.00");
    assert_eq!(sheet["invoice"]["totals"][6], json!({ "label": "Amount due", "value": "655.00 GEL", "strong": true }));
    assert_eq!(sheet["invoice"]["banks"].as_array().unwrap().len(), 1);
    let settled = Invoice { paid: decimal("2655.00"), due: decimal("0.00"), ..paid };
    assert_eq!(told(&settled)["invoice"]["banks"], json!([]), "what is paid asks for nothing");
}

#[test]
fn drafts_and_void_documents_are_marked_and_ask_for_no_money() {
    for (standing, mark) in [(Standing::Draft, "DRAFT"), (Standing::Void, "VOID")] {
        let sheet = told(&Invoice { standing, ..bill(Language::English) });
        assert_eq!(sheet["mark"], mark);
        assert_eq!(sheet["invoice"]["banks"], json!([]));
    }
    assert_eq!(told(&bill(Language::English))["mark"], Value::Null);
}

#[test]
fn a_credit_note_names_its_invoice() {
    let of = Some(("INV-000001".into(), day("2026-11-01")));
    let sheet = told(&Invoice { kind: InvoiceKind::CreditNote(of), ..bill(Language::English) });
    assert_eq!(sheet["title"], "Credit note");
    assert_eq!(sheet["facts"][1]["value"], "INV-000001, 1\u{a0}November\u{a0}2026");
    assert_eq!(sheet["invoice"]["banks"], json!([]), "nobody pays a credit note");
}

#[test]
fn why_there_is_no_tax_and_which_document_is_the_states_is_told() {
    let mut invoice = bill(Language::English);
    invoice.taxes[0].reverse_charge = true;
    invoice.taxes[0].exempt_reason = Some("Article 172".into());
    invoice.einvoice = Some(Einvoice { number: Some("0712345678".into()) });
    let sheet = told(&invoice);
    let remarks: Vec<_> =
        sheet["invoice"]["remarks"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(remarks[..2], ["Reverse charge: the tax is owed by the recipient.", "VAT: Article 172"]);
    assert!(remarks[2].ends_with("Number of the e-invoice: 0712345678."), "{}", remarks[2]);
    invoice.einvoice = None;
    assert_eq!(told(&invoice)["invoice"]["remarks"].as_array().unwrap().len(), 2);
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let (first, again) = (invoice(&bill(Language::Georgian)).unwrap(), invoice(&bill(Language::Georgian)).unwrap());
    assert!(first.starts_with(b"%PDF-"));
    assert!(first == again);
}

#[test]
fn whatever_people_write_is_text() {
    let strange =
        "#panic(\"x\") ] $ \\ } #read(\"/etc/passwd\") *bold* _x_ <label> @ref `raw` = head\n// comment \u{0}\u{7}";
    let strange = format!("{strange} {} 漢字 🙂 עברית", "გ".repeat(90));
    let mut invoice = bill(Language::Georgian);
    invoice.letterhead = Letterhead {
        name: strange.clone(),
        address: Some(strange.clone()),
        footer: Some(strange.clone()),
        phone: Some(strange.clone()),
        ..Letterhead::default()
    };
    invoice.client = Party { name: strange.clone(), address: vec![strange.clone()], tax_number: Some(strange.clone()) };
    invoice.number = Some(strange.clone());
    invoice.note = Some(strange.clone());
    invoice.lines = vec![line(&strange), line("")];
    invoice.einvoice = Some(Einvoice { number: Some(strange) });
    super::invoice(&invoice).unwrap();
}

#[test]
fn a_thousand_lines_are_set() {
    let lines = (0..1_000).map(|number| line(&format!("Advice {number}"))).collect();
    let bytes = invoice(&Invoice { lines, ..bill(Language::English) }).unwrap();
    assert!(bytes.len() > 50_000);
}

#[test]
fn a_statement_says_in_words_whose_the_balance_is() {
    let part = |closing: &str| StatementPart {
        currency: "GEL".into(),
        opening: decimal("0.00"),
        movements: vec![Movement {
            date: day("2026-11-02"),
            kind: MovementKind::Payment,
            reverses: false,
            number: Some("INV-000001".into()),
            debit: decimal("0.00"),
            credit: decimal("118.00"),
            balance: decimal("-118.00"),
        }],
        debit: decimal("0.00"),
        credit: decimal("118.00"),
        closing: decimal(closing),
        advances: decimal("5.00"),
        bank_accounts: bill(Language::English).bank_accounts,
    };
    let of = |closing| Statement {
        language: Language::English,
        letterhead: Letterhead::default(),
        client: Party::default(),
        from: day("2026-11-01"),
        to: day("2026-11-30"),
        parts: vec![part(closing)],
    };
    for (closing, label, banks) in
        [("-118.00", "Balance in your favour", 0), ("0.00", "Closing balance", 0), ("1.00", "Balance due", 1)]
    {
        let sheet = serde_json::to_value(Sheet::of_statement(&of(closing))).unwrap();
        assert_eq!(sheet["parts"][0]["closing_label"], label);
        assert_eq!(sheet["parts"][0]["banks"].as_array().unwrap().len(), banks, "who owes nothing pays nothing");
        assert_eq!(sheet["parts"][0]["rows"][0]["debit"], "");
    }
    statement(&of("1.00")).unwrap();
    statement(&Statement { parts: Vec::new(), ..of("0.00") }).unwrap();
}

#[test]
fn logos_are_whole_pictures_of_sensible_size() {
    let logo = Logo::new(png(300, 100)).unwrap();
    let letterhead = Letterhead { logo: Some(logo), ..bill(Language::English).letterhead };
    invoice(&Invoice { letterhead, ..bill(Language::English) }).unwrap();
    assert_eq!(Logo::new(png(logo::SIDE_MAX + 1, 1)).unwrap_err(), LogoError::TooLarge);
    assert_eq!(Logo::new(vec![0; logo::SIZE_MAX + 1]).unwrap_err(), LogoError::TooLarge);
    let mut broken = png(300, 100);
    broken.truncate(60);
    for content in [broken, b"<svg/>".to_vec(), b"GIF89a".to_vec(), Vec::new()] {
        assert_eq!(Logo::new(content).unwrap_err(), LogoError::NoPicture);
    }
}

fn paid(kind: PaymentKind, role: Role) -> Payment {
    let Invoice { letterhead, client: party, .. } = bill(Language::English);
    let settled = Settled {
        kind: SettledKind::Invoice,
        number: Some("INV-000001".into()),
        date: day("2026-11-01"),
        amount: decimal("1000.00"),
    };
    Payment {
        language: Language::English,
        letterhead,
        party,
        role,
        kind,
        reversed: false,
        date: day("2026-11-30"),
        currency: "GEL".into(),
        reference: Some("INV-000001".into()),
        settled: vec![settled],
        rest: decimal("0.00"),
        tax: decimal("0.00"),
        withheld: decimal("0.00"),
        amount: decimal("1000.00"),
    }
}

#[test]
fn a_receipt_says_what_is_settled_and_what_is_left() {
    let sheet = |payment: &Payment| serde_json::to_value(Sheet::of_payment(payment)).unwrap();
    let told = sheet(&paid(PaymentKind::Received, Role::Client));
    assert_eq!((&told["title"], &told["client"]["role"]), (&json!("Payment receipt"), &json!("Client")));
    assert_eq!(
        told["payment"]["settled"],
        json!([{ "document": "Invoice INV-000001", "date": "1\u{a0}Nov\u{a0}2026", "amount": "1,000.00" }])
    );
    let total = |value: &str| json!({ "label": "Total", "value": value, "strong": true });
    assert_eq!(told["payment"]["totals"], json!([total("1,000.00 GEL")]));
    let ahead = Payment {
        rest: decimal("118.00"),
        tax: decimal("18.00"),
        settled: Vec::new(),
        amount: decimal("118.00"),
        reversed: true,
        language: Language::Georgian,
        ..paid(PaymentKind::Received, Role::Client)
    };
    let told = sheet(&ahead);
    assert_eq!((&told["title"], &told["mark"]), (&json!("გადახდის ქვითარი"), &json!("გაუქმებული")));
    assert_eq!(told["payment"]["totals"][1]["value"], "18,00");
    payment(&ahead).unwrap();
}

#[test]
fn an_advice_says_what_is_kept_back() {
    let kept = Payment { withheld: decimal("200.00"), ..paid(PaymentKind::Paid, Role::Supplier) };
    let told = serde_json::to_value(Sheet::of_payment(&kept)).unwrap();
    assert_eq!((&told["title"], &told["client"]["role"]), (&json!("Payment advice"), &json!("Supplier")));
    let totals: Vec<_> = told["payment"]["totals"].as_array().unwrap().iter().map(|fact| &fact["value"]).collect();
    assert_eq!(totals, ["1,000.00 GEL", "-200.00", "800.00 GEL"]);
    payment(&kept).unwrap();
    let refund = paid(PaymentKind::Refunded, Role::Client);
    assert_eq!(serde_json::to_value(Sheet::of_payment(&refund)).unwrap()["title"], "Refund advice");
}
