//! What is bought: suppliers' bills, employees' expenses, their categories, and the files that prove them.

use std::{path::Path, time::Duration};

use kamara_tests::{ApiError, Caller, Server, Tenant, both, both_alone};
use sea_orm::{ConnectionTrait, TransactionTrait};
use serde_json::{Value, json};

use crate::books::{PNG, text};

const PDF: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
const BILL: &str = "bill { id version number status net { amount } tax { amount } total { amount } due { amount } \
     journalEntry { date lines { account { role type } debit credit party { name } department { id } } } }";

/// A company with a supplier, and what its documents name.
struct Shop<'a> {
    tenant: Tenant<'a>,
    supplier: String,
    rent: String,
    vat: String,
    reverse_charge: String,
}

impl<'a> Shop<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let supplier =
            owner.created("company", json!({ "name": "შპს მშენებელი", "isSupplier": true, "country": "GE" })).await;
        let rent = owner.created("account", json!({ "code": "7777", "name": "ქირა", "type": "EXPENSE" })).await;
        let codes = owner.query("{ taxCodes(first: 10) { nodes { id code } } }").await;
        let codes = codes["taxCodes"]["nodes"].as_array().expect("tax codes").clone();
        let vat = codes.iter().find(|code| code["code"] == "VAT18").expect("Georgia's");
        let vat = text(&vat["id"]);
        let reverse_charge =
            json!({ "code": "RC", "name": "Reverse charge", "rate": "0.18", "kind": "REVERSE_CHARGE" });
        let reverse_charge = owner.created("taxCode", reverse_charge).await;
        Self { tenant, supplier, rent, vat, reverse_charge }
    }

    fn owner(&self) -> &Caller<'a> {
        &self.tenant.owner
    }

    /// A bill of one line over 100.00 and its VAT.
    fn bill(&self, number: &str) -> Value {
        json!({
            "companyId": self.supplier, "supplierNumber": number, "date": "2026-06-01", "lines": [{
                "description": "ოფისის ქირა", "unitPrice": "100.00", "accountId": self.rent, "taxCodeId": self.vat,
            }],
        })
    }

    async fn posted(&self, input: Value) -> Value {
        let draft = self.owner().act("createBill", input, "bill { id }").await;
        self.owner().act("postBill", json!({ "id": draft["bill"]["id"] }), BILL).await["bill"].clone()
    }

    async fn refused(&self, input: Value) -> ApiError {
        self.owner().refused("createBill", input).await
    }
}

/// Debit less credit of an entry's lines on accounts of a role.
fn on(entry: &Value, role: &str) -> String {
    let lines = entry["lines"].as_array().expect("lines");
    let sum: rust_decimal::Decimal = lines
        .iter()
        .filter(|line| line["account"]["role"] == role || line["account"]["type"] == role)
        .map(|line| {
            let amount =
                |side: &str| line[side].as_str().map_or_else(Default::default, |text| text.parse().expect("a decimal"));
            let (debit, credit): (rust_decimal::Decimal, rust_decimal::Decimal) = (amount("debit"), amount("credit"));
            debit - credit
        })
        .sum();
    sum.to_string()
}

async fn a_bill_is_owed_once_it_is_posted(server: &'static Server) {
    let shop = Shop::open(server).await;
    let bill = shop.posted(shop.bill("A-1")).await;
    assert_eq!((&bill["number"], &bill["status"]), (&json!("BILL-000001"), &json!("POSTED")));
    assert_eq!((&bill["total"]["amount"], &bill["due"]["amount"]), (&json!("118.00"), &json!("118.00")));
    let entry = &bill["journalEntry"];
    assert_eq!(
        (on(entry, "EXPENSE"), on(entry, "INPUT_TAX"), on(entry, "PAYABLE")),
        ("100.00".into(), "18.00".into(), "-118.00".into())
    );
    let lines = entry["lines"].as_array().unwrap();
    let owed = lines.iter().find(|line| line["account"]["role"] == "PAYABLE").unwrap();
    assert_eq!(owed["party"]["name"], "შპს მშენებელი");
    let stale = shop.owner().refused("updateBill", json!({ "id": bill["id"], "version": 2, "note": "x" })).await;
    assert_eq!(stale.code, "CONFLICT", "a posted bill stays as it is");
    let voided = shop.owner().act("voidBill", json!({ "id": bill["id"] }), BILL).await["bill"].clone();
    assert_eq!((&voided["status"], &voided["number"]), (&json!("VOID"), &json!("BILL-000001")));
    let again = shop.posted(shop.bill("A-1")).await;
    assert_eq!(again["number"], "BILL-000002", "the number of what is void may be used again");
    assert_eq!(shop.owner().refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT");
}

async fn reverse_charge_owes_the_state_instead_of_the_supplier(server: &'static Server) {
    let shop = Shop::open(server).await;
    let mut input = shop.bill("RC-1");
    input["currency"] = json!("USD");
    input["rate"] = json!("2.7");
    input["lines"][0]["taxCodeId"] = json!(shop.reverse_charge);
    let bill = shop.posted(input).await;
    assert_eq!((&bill["tax"]["amount"], &bill["total"]["amount"]), (&json!("0.00"), &json!("100.00")));
    let entry = &bill["journalEntry"];
    let figures = (on(entry, "EXPENSE"), on(entry, "INPUT_TAX"), on(entry, "OUTPUT_TAX"), on(entry, "PAYABLE"));
    assert_eq!(figures, ("270.00".into(), "48.60".into(), "-48.60".into(), "-270.00".into()));
}

async fn credit_notes_never_credit_more_than_was_billed(server: &'static Server) {
    let shop = Shop::open(server).await;
    let bill = shop.posted(shop.bill("B-1")).await;
    let note = |number: &str, price: &str| {
        let mut input = shop.bill(number);
        input["kind"] = json!("CREDIT_NOTE");
        input["creditsId"] = bill["id"].clone();
        input["date"] = json!("2026-06-05");
        input["lines"][0]["unitPrice"] = json!(price);
        input
    };
    let first = shop.posted(note("CN-1", "60.00")).await;
    assert_eq!(
        (on(&first["journalEntry"], "PAYABLE"), on(&first["journalEntry"], "EXPENSE")),
        ("70.80".into(), "-60.00".into())
    );
    let over = shop.refused(note("CN-2", "40.01")).await;
    assert_eq!((over.code.as_str(), over.field.as_deref()), ("INVALID_INPUT", Some("lines")));
    assert!(over.message.contains("47.20"), "{over:?}");
    // Two drafts fit; once one is posted, the other doesn't any more.
    let drafts = [
        shop.owner().act("createBill", note("CN-3", "40.00"), "bill { id }").await["bill"]["id"].clone(),
        shop.owner().act("createBill", note("CN-4", "40.00"), "bill { id }").await["bill"]["id"].clone(),
    ];
    let post = |id: &Value| shop.owner().try_act("postBill", json!({ "id": id }), "bill { number }");
    let (one, two) = tokio::join!(post(&drafts[0]), post(&drafts[1]));
    let refused: Vec<ApiError> = [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).collect();
    assert_eq!(refused.len(), 1, "{} {}", one.text, two.text);
    assert_eq!(refused[0].field.as_deref(), Some("lines"));
    assert_eq!(shop.owner().refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT", "it is credited");

    let mut without = shop.bill("CN-5");
    without["kind"] = json!("CREDIT_NOTE");
    assert_eq!(shop.refused(without).await.field.as_deref(), Some("creditsId"));
    let whole = shop.posted(shop.bill("B-2")).await;
    let copied = json!({
        "kind": "CREDIT_NOTE", "creditsId": whole["id"], "companyId": shop.supplier, "date": "2026-06-06", "lines": [],
    });
    assert_eq!(shop.posted(copied).await["total"]["amount"], "118.00", "without lines the whole bill is taken back");
}

async fn a_bill_that_comes_twice_or_wrong_is_refused(server: &'static Server) {
    let shop = Shop::open(server).await;
    let first = shop.posted(shop.bill("INV 001")).await;
    let twice = shop.refused(shop.bill("inv001")).await;
    assert_eq!((twice.code.as_str(), twice.field.as_deref()), ("INVALID_INPUT", Some("supplierNumber")));
    assert!(twice.message.contains("BILL-000001"), "the first is named: {twice:?}");
    let at_once = (
        shop.owner().try_act("createBill", shop.bill("X"), "bill { id }"),
        shop.owner().try_act("createBill", shop.bill("X"), "bill { id }"),
    );
    let (one, two) = tokio::join!(at_once.0, at_once.1);
    let refused = [&one, &two].into_iter().filter_map(kamara_tests::Answer::try_error).count();
    assert_eq!(refused, 1, "{} {}", one.text, two.text);

    let income =
        shop.owner().query(r"{ accounts(first: 100, filter: { role: { eq: REVENUE } }) { nodes { id } } }").await;
    let income = income["accounts"]["nodes"][0]["id"].clone();
    let cases = [
        ("/lines/0/accountId", income, "lines.0.accountId"),
        ("/lines/0/unitPrice", json!("-1"), "lines.0.unitPrice"),
        ("/lines/0/unitPrice", json!("0"), "lines"),
        ("/lines/0/description", json!("  "), "lines.0.description"),
        ("/lines/0/periodStart", json!("2026-06-01"), "lines.0.periodEnd"),
        ("/lines", json!([]), "lines"),
        ("/currency", json!("USD"), "rate"),
        ("/dueDate", json!("2026-05-31"), "dueDate"),
        ("/creditsId", first["id"].clone(), "creditsId"),
        ("/supplierNumber", json!("ა".repeat(201)), "supplierNumber"),
    ];
    let before = shop.owner().query("{ bills { totalCount } journalEntries { totalCount } }").await;
    for (pointer, value, field) in cases {
        let mut input = shop.bill("Y");
        let (parent, name) = pointer.rsplit_once('/').expect("a path");
        *input.pointer_mut(parent).map(|parent| &mut parent[name]).expect("a place") = value;
        let error = shop.refused(input).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)), "{error:?}");
    }
    let after = shop.owner().query("{ bills { totalCount } journalEntries { totalCount } }").await;
    assert_eq!(before, after);
}

async fn bills_posted_at_once_have_numbers_without_gaps(server: &'static Server) {
    let shop = Shop::open(server).await;
    let mut drafts = Vec::new();
    for number in 0..12 {
        let draft = shop.owner().act("createBill", shop.bill(&format!("N{number}")), "bill { id }").await;
        drafts.push(draft["bill"]["id"].clone());
    }
    let posts = drafts.iter().map(|id| shop.owner().act("postBill", json!({ "id": id }), "bill { number }"));
    let mut numbers: Vec<String> =
        futures::future::join_all(posts).await.iter().map(|posted| text(&posted["bill"]["number"])).collect();
    numbers.sort();
    let wanted: Vec<String> = (1..=12).map(|number| format!("BILL-{number:06}")).collect();
    assert_eq!(numbers, wanted);
    let twice = shop.owner().refused("postBill", json!({ "id": drafts[0] })).await;
    assert_eq!(twice.code, "CONFLICT");
}

async fn what_comes_after_a_close_is_posted_on_the_first_open_day(server: &'static Server) {
    let shop = Shop::open(server).await;
    let (draft, paid) = (shop.bill("LATE"), Paid::new(&shop.tenant).await);
    let expense = paid.draft(json!({ "date": "2026-06-02" })).await;
    let early = shop.posted(shop.bill("EARLY")).await;
    shop.owner().act("closeBooks", json!({ "until": "2026-06-10" }), "tenant { closedUntil }").await;
    let bill = shop.posted(draft).await;
    assert_eq!(bill["journalEntry"]["date"], "2026-06-11");
    paid.member.act("submitExpense", json!({ "id": expense["id"], "version": 1 }), "__typename").await;
    let posted =
        shop.owner().act("postExpense", json!({ "id": expense["id"] }), "expense { date journalEntry { date } }").await;
    assert_eq!(posted["expense"], json!({ "date": "2026-06-02", "journalEntry": { "date": "2026-06-11" } }));
    let error = shop.owner().refused("voidBill", json!({ "id": early["id"], "date": "2026-06-10" })).await;
    assert_eq!(error.field.as_deref(), Some("date"), "a day that was said and is closed is refused");
    shop.owner().act("voidBill", json!({ "id": early["id"] }), "__typename").await;
}

/// An employee who is a member, and an accountant's category.
struct Paid<'a> {
    owner: Caller<'a>,
    member: Caller<'a>,
    employee: String,
    category: String,
}

impl<'a> Paid<'a> {
    async fn new(tenant: &Tenant<'a>) -> Self {
        let owner = tenant.owner.clone();
        let (member, membership) = tenant.join("EMPLOYEE").await;
        let employee = owner.created("employee", json!({ "name": "ნინო ბერიძე", "membershipId": membership })).await;
        let travel = owner.created("account", json!({ "code": "7001", "name": "Travel", "type": "EXPENSE" })).await;
        let category = owner.created("expenseCategory", json!({ "name": "მგზავრობა", "accountId": travel })).await;
        Self { owner, member, employee, category }
    }

    fn input(&self) -> Value {
        json!({ "amount": "12.50", "description": "ტაქსი აეროპორტში", "categoryId": self.category })
    }

    /// A draft of the employee's own, with some fields set.
    async fn draft(&self, fields: Value) -> Value {
        let mut input = self.input();
        if let (Some(input), Value::Object(fields)) = (input.as_object_mut(), fields) {
            input.extend(fields);
        }
        self.member.act("createExpense", input, "expense { id version status }").await["expense"].clone()
    }
}

async fn what_an_employee_paid_is_handed_in_posted_and_owed(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let draft = paid.draft(json!({})).await;
    assert_eq!(draft["status"], "DRAFT");
    let id = &draft["id"];
    let shown = "expense { status paidByEmployee account { code } journalEntry { seq } category { name account { code } } employee { id } }";
    let early = paid.owner.refused("postExpense", json!({ "id": id })).await;
    assert_eq!(early.code, "CONFLICT", "it isn't handed in");
    let submitted = paid.member.act("submitExpense", json!({ "id": id, "version": 1 }), shown).await;
    assert_eq!(
        submitted["expense"],
        json!({ "status": "SUBMITTED", "paidByEmployee": true, "account": null, "journalEntry": null,
            "category": { "name": "მგზავრობა", "account": null }, "employee": { "id": paid.employee } }),
        "an employee sees no ledger"
    );
    let late = paid.member.refused("updateExpense", json!({ "id": id, "version": 2, "amount": "13.00" })).await;
    assert_eq!(late.code, "CONFLICT", "what is handed in stays as it is");
    let back = json!({ "id": id, "reason": "ქვითარი აკლია" });
    assert_eq!(paid.member.refused("returnExpense", back.clone()).await.code, "FORBIDDEN");
    let returned = paid.owner.act("returnExpense", back, "expense { status returnReason version }").await;
    assert_eq!(returned["expense"], json!({ "status": "DRAFT", "returnReason": "ქვითარი აკლია", "version": 3 }));
    paid.member.act("updateExpense", json!({ "id": id, "version": 3, "amount": "13.00" }), "__typename").await;
    paid.member.act("submitExpense", json!({ "id": id, "version": 4 }), "__typename").await;
    assert_eq!(paid.member.refused("postExpense", json!({ "id": id })).await.code, "FORBIDDEN");
    let posted = paid
        .owner
        .act(
            "postExpense",
            json!({ "id": id }),
            "expense { status due { amount } journalEntry { lines { account { role code type } debit credit employee { id } } } }",
        )
        .await["expense"]
        .clone();
    assert_eq!((&posted["status"], &posted["due"]["amount"]), (&json!("POSTED"), &json!("13.00")));
    let lines = posted["journalEntry"]["lines"].as_array().unwrap();
    let owed = lines.iter().find(|line| line["account"]["role"] == "EMPLOYEE_PAYABLE").unwrap();
    assert_eq!((&owed["credit"], &owed["employee"]["id"]), (&json!("13.00"), &json!(paid.employee)));
    assert_eq!(lines.iter().find(|line| line["account"]["code"] == "7001").unwrap()["debit"], "13.00");
    let reversed = paid.owner.act("reverseExpense", json!({ "id": id }), "expense { status due { amount } }").await;
    assert_eq!(reversed["expense"], json!({ "status": "REVERSED", "due": { "amount": "0.00" } }));
}

async fn an_employee_sees_and_writes_only_what_is_their_own(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let (other, membership) = tenant.join("EMPLOYEE").await;
    let id = text(&paid.draft(json!({})).await["id"]);
    let document = format!(r#"{{ expense(id: "{id}") {{ id }} myExpenses {{ totalCount }} }}"#);
    let ask = async |caller: &Caller<'_>| caller.send(&document, json!({})).await;
    assert_eq!(ask(&paid.member).await.data()["myExpenses"]["totalCount"], 1);
    // Somebody who is no employee, and one who is another.
    let nobody = other.refused("createExpense", paid.input()).await;
    assert_eq!(nobody.code, "FORBIDDEN", "{nobody:?}");
    for _ in 0..2 {
        assert_eq!(ask(&other).await.error().code, "NOT_FOUND");
        let acts = [
            ("updateExpense", json!({ "id": id, "version": 1, "amount": "1.00" })),
            ("archiveExpense", json!({ "id": id, "version": 1 })),
            ("submitExpense", json!({ "id": id, "version": 1 })),
        ];
        for (act, input) in acts {
            let code = other.refused(act, input).await.code;
            assert!(["NOT_FOUND", "FORBIDDEN"].contains(&code.as_str()), "{act}: {code}");
        }
        let file = other.upload(&format!("subjectKind=EXPENSE&subjectId={id}&name=x.png"), PNG, &[]).await;
        assert_eq!((file.status, file.error().code.as_str()), (404, "NOT_FOUND"));
        if other.query("{ myExpenses { totalCount } }").await["myExpenses"]["totalCount"] == 0 {
            let made = json!({ "name": "გიორგი", "membershipId": membership });
            let _ = paid.owner.try_act("createEmployee", made, "__typename").await;
        }
    }
    assert_eq!(other.send("{ expenses { totalCount } }", json!({})).await.error().code, "FORBIDDEN");
    let for_another = paid.member.clone();
    let mut input = paid.input();
    let manager = paid.owner.created("employee", json!({ "name": "Manager" })).await;
    input["employeeId"] = json!(manager);
    assert_eq!(for_another.refused("createExpense", input.clone()).await.code, "FORBIDDEN");
    paid.owner.act("createExpense", input, "__typename").await;
    for (field, value, wrong) in [
        ("amount", json!("0"), "amount"),
        ("description", json!(" "), "description"),
        ("currency", json!("USD"), "rate"),
    ] {
        let mut input = paid.input();
        input[field] = value;
        let error = paid.member.refused("createExpense", input).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(wrong)));
    }
}

async fn categories_are_proposed_by_rules_and_learn_from_corrections(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let owner = &paid.owner;
    let meals = owner.created("account", json!({ "code": "7002", "name": "Meals", "type": "EXPENSE" })).await;
    let meals = owner.created("expenseCategory", json!({ "name": "კვება", "accountId": meals })).await;
    let ask = |description: &str, amount: &str| {
        let input = json!({ "description": description, "amount": amount });
        let document = "query($input: ProposeCategoryInput!) { proposeCategory(input: $input) { category { name } reason rule { id } } }";
        paid.member.send(document, json!({ "input": input }))
    };
    assert_eq!(ask("Bolt", "5.00").await.data()["proposeCategory"], Value::Null, "nothing speaks for anything");
    let rule = json!({ "categoryId": paid.category, "words": "bolt", "amountTo": "50.00" });
    let rule = owner.created("categoryRule", rule).await;
    let proposal = ask("Bolt to the airport", "15.00").await.data()["proposeCategory"].clone();
    assert_eq!(
        (&proposal["category"]["name"], &proposal["reason"]),
        (&json!("მგზავრობა"), &json!("A rule for the words “bolt”, an amount up to 50.00 GEL."))
    );
    assert_eq!(proposal["rule"]["id"], json!(rule));
    assert_eq!(ask("Bolt", "50.01").await.data()["proposeCategory"], Value::Null);

    // Who hands it in takes the proposal; the accountant corrects it, and the next one is proposed as corrected.
    let draft = paid.draft(json!({ "description": "Bolt food" })).await;
    paid.member.act("submitExpense", json!({ "id": draft["id"], "version": 1 }), "__typename").await;
    let corrected = owner
        .act(
            "updateExpense",
            json!({ "id": draft["id"], "version": 2, "categoryId": meals }),
            "expense { status account { code } }",
        )
        .await;
    assert_eq!(corrected["expense"], json!({ "status": "SUBMITTED", "account": { "code": "7002" } }));
    let proposal = ask("Bolt Food lunch", "20.00").await.data()["proposeCategory"].clone();
    assert_eq!(proposal["category"]["name"], "კვება");
    assert_eq!(proposal["reason"], "Chosen for 1 of 1 expenses with “bolt, food”.");
    assert_eq!(proposal["rule"], Value::Null);

    for (input, field) in [
        (json!({ "categoryId": meals }), "words"),
        (json!({ "categoryId": meals, "words": "ab" }), "words"),
        (json!({ "categoryId": meals, "amountFrom": "5.00", "amountTo": "4.99" }), "amountTo"),
        (json!({ "categoryId": meals, "amountFrom": "-5.00" }), "amountFrom"),
        (json!({ "categoryId": meals, "words": "taxi", "priority": -1 }), "priority"),
    ] {
        let error = owner.refused("createCategoryRule", input).await;
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("INVALID_INPUT", Some(field)));
    }
    let revenue = owner.query("{ accounts(first: 100, filter: { role: { eq: REVENUE } }) { nodes { id } } }").await;
    let input = json!({ "name": "Wrong", "accountId": revenue["accounts"]["nodes"][0]["id"] });
    assert_eq!(owner.refused("createExpenseCategory", input).await.field.as_deref(), Some("accountId"));
}

async fn files_are_kept_and_given_to_who_may_see_them(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let (paid, elsewhere) = (Paid::new(&tenant).await, Tenant::sign_up(server).await);
    let id = text(&paid.draft(json!({})).await["id"]);
    let at = |name: &str| format!("subjectKind=EXPENSE&subjectId={id}&name={name}");
    let georgian = "%E1%83%A5%E1%83%95%E1%83%98%E1%83%97%E1%83%90%E1%83%A0%E1%83%98.png";
    let sent =
        paid.member.upload(&at(georgian), PNG, &[("content-type", "image/png")]).await.data()["uploadFile"]["file"]
            .clone();
    assert_eq!(
        (&sent["name"], &sent["mediaType"], &sent["size"]),
        (&json!("ქვითარი.png"), &json!("image/png"), &json!(PNG.len()))
    );
    let url = text(&sent["url"]);
    let got = paid.member.get(&url).await;
    let header = |name: &str| got.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-disposition"), format!("inline; filename*=UTF-8''{georgian}"));
    assert_eq!((header("x-content-type-options"), header("content-type")), ("nosniff".into(), "image/png".into()));
    assert!(header("content-security-policy").contains("sandbox"));
    assert_eq!(got.bytes().await.unwrap(), PNG);
    let pdf = paid.owner.upload(&at("..%2F..%2Fetc%2Fbill.pdf"), PDF, &[]).await.data()["uploadFile"]["file"].clone();
    assert_eq!(pdf["name"], "bill.pdf");
    let got = paid.owner.get(&text(&pdf["url"])).await;
    assert!(
        got.headers()["content-disposition"].to_str().unwrap().starts_with("attachment"),
        "what could hold code is saved"
    );

    let (looker, _) = tenant.join("SALES").await;
    for (who, status) in [(&elsewhere.owner, 404), (&looker, 404), (&Caller::anonymous(server), 401)] {
        assert_eq!(who.get(&url).await.status().as_u16(), status);
    }
    for nothing in ["/files/01234567-89ab-7def-8123-456789abcdef", "/files/x", "/files/..%2F..%2Fkamara.db"] {
        assert_eq!(paid.owner.get(nothing).await.status().as_u16(), 404, "{nothing}");
    }
    let theirs = elsewhere.owner.upload(&at("x.png"), PNG, &[]).await;
    assert_eq!((theirs.status, theirs.error().field.as_deref()), (404, Some("subjectId")));

    let query = format!(r#"{{ expense(id: "{id}") {{ files {{ id name version }} }} }}"#);
    let files = paid.member.query(&query).await["expense"]["files"].as_array().unwrap().clone();
    assert_eq!(files.len(), 2);
    paid.member.act("archiveFile", json!({ "id": files[1]["id"], "version": 1 }), "file { archivedAt }").await;
    assert_eq!(paid.member.query(&query).await["expense"]["files"].as_array().unwrap().len(), 1);
    paid.member.act("submitExpense", json!({ "id": id, "version": 1 }), "__typename").await;
    let late = paid.member.upload(&at("late.png"), PNG, &[]).await;
    assert_eq!((late.status, late.error().code.as_str()), (409, "CONFLICT"), "what is handed in stays as it is");
    let error = paid.member.refused("archiveFile", json!({ "id": files[0]["id"], "version": 1 })).await;
    assert_eq!(error.code, "CONFLICT");
}

async fn files_that_are_none_are_refused(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let id = text(&paid.draft(json!({})).await["id"]);
    let at = format!("subjectKind=EXPENSE&subjectId={id}&name=x.png");
    let member = &paid.member;
    let mut large = PNG.to_vec();
    large.resize(10 * 1024 * 1024 + 1, 0);
    let answer = member.upload(&at, large.clone(), &[]).await;
    assert_eq!((answer.status, answer.error().code.as_str()), (413, "INVALID_INPUT"));
    large.truncate(10 * 1024 * 1024);
    member.upload(&at, large, &[]).await.data();
    let html: &[u8] = b"<html><script>alert(1)</script>";
    let empty: &[u8] = b"";
    for content in [html, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ", empty] {
        let answer = member.upload(&at, content, &[("content-type", "image/png")]).await;
        assert_eq!((answer.status, answer.error().field.as_deref()), (422, Some("file")), "{}", answer.text);
    }
    for form in ["text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"] {
        let answer = member.upload(&at, PNG, &[("content-type", form)]).await;
        assert_eq!(
            (answer.status, answer.error().code.as_str()),
            (415, "INVALID_INPUT"),
            "a form of another page sends this"
        );
    }
    for (query, field) in [
        (format!("subjectId={id}&name=x"), "subjectKind"),
        (format!("subjectKind=TENANT&subjectId={id}&name=x"), "subjectKind"),
        ("subjectKind=EXPENSE&subjectId=x&name=x".to_owned(), "subjectId"),
        (format!("subjectKind=EXPENSE&subjectId={id}"), "name"),
        (format!("subjectKind=EXPENSE&subjectId={id}&name=%20"), "name"),
        (format!("subjectKind=EXPENSE&subjectId={id}&name={}", "x".repeat(201)), "name"),
    ] {
        let answer = member.upload(&query, PNG, &[]).await;
        assert_eq!(answer.error().field.as_deref(), Some(field), "{query}: {}", answer.text);
    }
    assert_eq!(Caller::anonymous(server).upload(&at, PNG, &[]).await.status, 401);
    let bill = member.upload(&format!("subjectKind=BILL&subjectId={id}&name=x"), PNG, &[]).await;
    assert_eq!((bill.status, bill.error().code.as_str()), (403, "FORBIDDEN"));

    // The same upload again is the same file; another under its key is told so.
    let key = [("idempotency-key", "receipt-1")];
    let first = member.upload(&at, PNG, &key).await;
    let again = member.upload(&at, PNG, &key).await;
    assert_eq!(first.data()["uploadFile"], again.data()["uploadFile"]);
    let other = member.upload(&at.replace("x.png", "y.png"), PNG, &key).await;
    assert_eq!((other.status, other.error().code.as_str()), (409, "CONFLICT"));
    let query = format!(r#"{{ expense(id: "{id}") {{ files {{ id }} }} }}"#);
    assert_eq!(member.query(&query).await["expense"]["files"].as_array().unwrap().len(), 2, "nothing else was kept");
}

async fn bills_are_paid_and_what_is_credited_settles_them(server: &'static Server) {
    let shop = Shop::open(server).await;
    let owner = shop.owner();
    let bill = shop.posted(shop.bill("P-1")).await;
    let pay = |bill: &Value, amount: &str| {
        let part = json!([{ "billId": bill["id"], "amount": amount }]);
        let input = json!({ "direction": "OUT", "companyId": shop.supplier, "amount": amount, "allocations": part });
        owner.try_act("recordPayment", input, "payment { id }")
    };
    let over = pay(&bill, "118.01").await.error();
    assert_eq!(over.field.as_deref(), Some("allocations.0.amount"));
    let first = pay(&bill, "18.00").await.data()["recordPayment"]["payment"]["id"].clone();
    let shown = r"status due { amount } payments { amount { amount } payment { id } supplierCredit { number } }";
    let ask = async |id: &Value| {
        let document = format!("query($id: ID!) {{ bill(id: $id) {{ {shown} }} }}");
        owner.send(&document, json!({ "id": id })).await.data()["bill"].clone()
    };
    let partly = ask(&bill["id"]).await;
    assert_eq!((&partly["status"], &partly["due"]["amount"]), (&json!("PARTLY_PAID"), &json!("100.00")));
    assert_eq!(partly["payments"][0]["payment"]["id"], first);
    assert_eq!(owner.refused("voidBill", json!({ "id": bill["id"] })).await.code, "CONFLICT", "something is paid");
    let note = json!({
        "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": shop.supplier, "date": "2026-06-10", "supplierNumber": "P-1/CN",
        "lines": [{ "description": "ფასდაკლება", "unitPrice": "40.00", "accountId": shop.rent }],
    });
    let note = shop.posted(note).await;
    assert_eq!((&note["status"], &note["due"]["amount"]), (&json!("PAID"), &json!("0.00")), "it is used up at once");
    let credited = ask(&bill["id"]).await;
    assert_eq!(credited["due"]["amount"], "60.00");
    let parts = credited["payments"].as_array().unwrap();
    assert!(parts.iter().any(|part| part["supplierCredit"]["number"] == note["number"]), "{credited}");
    pay(&bill, "60.00").await.data();
    assert_eq!(ask(&bill["id"]).await["status"], "PAID");
    owner.act("reversePayment", json!({ "id": first }), "__typename").await;
    let open = ask(&bill["id"]).await;
    assert_eq!((&open["status"], &open["due"]["amount"]), (&json!("PARTLY_PAID"), &json!("18.00")));
}

async fn what_an_employee_paid_is_reimbursed(server: &'static Server) {
    let tenant = Tenant::sign_up(server).await;
    let paid = Paid::new(&tenant).await;
    let owner = &paid.owner;
    let draft = paid.draft(json!({ "currency": "USD", "rate": "2.7", "amount": "100.00" })).await;
    let id = &draft["id"];
    paid.member.act("submitExpense", json!({ "id": id, "version": 1 }), "__typename").await;
    owner.act("postExpense", json!({ "id": id }), "__typename").await;
    let pay = |amount: &str| {
        let part = json!([{ "expenseId": id, "amount": amount }]);
        let input = json!({
            "direction": "OUT", "employeeId": paid.employee, "amount": amount, "currency": "USD", "rate": "2.8",
            "allocations": part,
        });
        owner.try_act("recordPayment", input, "payment { id }")
    };
    pay("40.00").await.data();
    let ask = async || {
        let document = "query($id: ID!) { expense(id: $id) { status due { amount } reimbursed { amount } } }";
        paid.member.send(document, json!({ "id": id })).await.data()["expense"].clone()
    };
    assert_eq!(
        ask().await,
        json!({ "status": "POSTED", "due": { "amount": "60.00" }, "reimbursed": { "amount": "40.00" } })
    );
    assert_eq!(owner.refused("reverseExpense", json!({ "id": id })).await.code, "CONFLICT", "a part is paid back");
    let last = pay("60.00").await.data()["recordPayment"]["payment"]["id"].clone();
    assert_eq!(ask().await["status"], "REIMBURSED");
    assert_eq!(pay("1.00").await.error().code, "INVALID_INPUT");
    let payables = owner
        .query("{ accounts(first: 100, filter: { role: { eq: EMPLOYEE_PAYABLE } }) { nodes { balance { amount } } } }")
        .await;
    let balance = text(&payables["accounts"]["nodes"][0]["balance"]["amount"]);
    assert_eq!(balance.trim_start_matches('-'), "0.00", "nothing is left of rounding or of rates");
    owner.act("reversePayment", json!({ "id": last }), "__typename").await;
    assert_eq!(ask().await["status"], "POSTED");
}

both!(
    a_bill_is_owed_once_it_is_posted,
    reverse_charge_owes_the_state_instead_of_the_supplier,
    credit_notes_never_credit_more_than_was_billed,
    a_bill_that_comes_twice_or_wrong_is_refused,
    bills_posted_at_once_have_numbers_without_gaps,
    what_comes_after_a_close_is_posted_on_the_first_open_day,
    what_an_employee_paid_is_handed_in_posted_and_owed,
    an_employee_sees_and_writes_only_what_is_their_own,
    categories_are_proposed_by_rules_and_learn_from_corrections,
    files_are_kept_and_given_to_who_may_see_them,
    files_that_are_none_are_refused,
    bills_are_paid_and_what_is_credited_settles_them,
    what_an_employee_paid_is_reimbursed,
);

mod alone {
    use super::*;

    /// Whether the bytes of a file are there.
    fn is_kept(server: &Server, tenant: &Tenant<'_>, file: &str) -> bool {
        Path::new(&server.files).join(&tenant.id).join(file).exists()
    }

    async fn bytes_without_a_row_go_within_hours(server: Server) {
        {
            let tenant = Tenant::sign_up(&server).await;
            let paid = Paid::new(&tenant).await;
            let id = text(&paid.draft(json!({})).await["id"]);
            let kept = paid.member.uploaded("EXPENSE", &id, "kept.png", PNG).await;
            let orphan = paid.member.uploaded("EXPENSE", &id, "orphan.png", PNG).await;
            // As if the server had died between the bytes and the row.
            let owner = server.owner().await;
            let transaction = owner.begin().await.expect("a transaction");
            let forced = async |how: &str| {
                if server.database == kamara_tests::Database::Postgres {
                    let statement = format!("alter table file {how} row level security");
                    transaction.execute_unprepared(&statement).await.expect("the owner's right");
                }
            };
            forced("no force").await;
            let row = "delete from file where name = 'orphan.png'";
            transaction.execute_unprepared(row).await.expect("no row");
            forced("force").await;
            transaction.commit().await.expect("a commit");
            owner.close().await.expect("an orderly end");
            assert!(is_kept(&server, &tenant, &kept) && is_kept(&server, &tenant, &orphan));
            server.clock.advance(chrono::TimeDelta::hours(2));
            // Whatever wakes the worker makes it look.
            tenant
                .owner
                .act("inviteMember", json!({ "email": Tenant::new_address(), "role": "SALES" }), "__typename")
                .await;
            for _ in 0..200 {
                if !is_kept(&server, &tenant, &orphan) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            assert!(!is_kept(&server, &tenant, &orphan), "bytes without a row go");
            assert!(is_kept(&server, &tenant, &kept), "bytes with a row stay");
        }
        server.stop().await;
    }

    both_alone!(bytes_without_a_row_go_within_hours);
}
