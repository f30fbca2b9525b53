//! Ways around an approval, each of which is closed.

use kamara_tests::{Caller, Server, both};
use serde_json::{Value, json};

use super::{Company, approve, at, waits_for};

/// An employee who is a member, and hands expenses in.
struct Claims<'a> {
    spender: Caller<'a>,
    employee: String,
}

impl<'a> Claims<'a> {
    async fn of(company: &Company<'a>) -> Self {
        let (spender, member) = company.tenant.join("EMPLOYEE").await;
        let employee = json!({ "name": "Nika", "costRate": "10.00", "membershipId": member });
        Self { employee: company.tenant.owner.created("employee", employee).await, spender }
    }

    async fn hand_in(&self, amount: &str) -> Value {
        let draft =
            json!({ "employeeId": self.employee, "date": "2026-06-10", "amount": amount, "description": "Taxi" });
        let draft = self.spender.create("expense", draft, "id version").await;
        self.spender.act("submitExpense", draft, "expense { id version status }").await["expense"].clone()
    }
}

const POSTED: &str = "expense { status approval { id version status } }";

async fn an_expense_that_was_changed_is_asked_for_when_it_is_posted(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    let claims = Claims::of(&company).await;
    company.rule(json!({ "subjectKind": "EXPENSE", "minAmount": "1000.00" })).await;
    let claim = claims.hand_in("10.00").await;
    let id = json!({ "id": claim["id"] });
    let document = format!("{{ expense(id: {}) {{ status approval {{ id }} }} }}", claim["id"]);
    let shown = finance.query(&document).await["expense"].clone();
    assert_eq!(shown, json!({ "status": "SUBMITTED", "approval": null }), "nothing asks for so little");
    let more = json!({ "id": claim["id"], "version": claim["version"], "amount": "10000.00" });
    finance.act("updateExpense", more, "__typename").await;
    let waits = finance.act("postExpense", id.clone(), POSTED).await["expense"].clone();
    assert_eq!((&waits["status"], &waits["approval"]["status"]), (&json!("SUBMITTED"), &json!("PENDING")));
    assert_eq!(finance.refused("postExpense", id).await.code, "CONFLICT", "it waits already");
    approve(&company.tenant.owner, &waits["approval"]).await;
    assert_eq!(finance.query(&document).await["expense"]["status"], "POSTED");
    // What is as small as it was is posted.
    let small = claims.hand_in("999.99").await;
    let posted = finance.act("postExpense", json!({ "id": small["id"] }), POSTED).await["expense"].clone();
    assert_eq!(posted, json!({ "status": "POSTED", "approval": null }));
}

async fn nobody_posts_what_they_spent_where_another_may(server: &'static Server) {
    let company = Company::open(server).await;
    let owner = &company.tenant.owner;
    let employee = async |member: &str| {
        let input = json!({ "name": "Nika", "costRate": "10.00", "membershipId": member });
        owner.created("employee", input).await
    };
    let mine = employee(&company.me).await;
    let claim = async |who: &Caller<'_>, employee: &str| {
        let draft = json!({ "employeeId": employee, "date": "2026-06-10", "amount": "50.00", "description": "Taxi" });
        let draft = who.create("expense", draft, "id version").await;
        who.act("submitExpense", draft.clone(), "__typename").await;
        json!({ "id": draft["id"] })
    };
    // A company of one, and of one who keeps its books, has nobody else.
    company.tenant.join("EMPLOYEE").await;
    let alone = claim(owner, &mine).await;
    assert_eq!(owner.act("postExpense", alone, POSTED).await["expense"]["status"], "POSTED");

    let (finance, finance_id) = company.tenant.join("FINANCE").await;
    let theirs = employee(&finance_id).await;
    for (spender, employee, other) in [(owner, &mine, &finance), (&finance, &theirs, owner)] {
        // Whoever wrote it.
        for writer in [spender, other] {
            let claim = claim(writer, employee).await;
            let refused = spender.refused("postExpense", claim.clone()).await;
            assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("CONFLICT", None), "{refused:?}");
            assert_eq!(other.act("postExpense", claim, POSTED).await["expense"]["status"], "POSTED");
        }
    }
    // Nobody else is there any more.
    owner.act("removeMember", json!({ "memberId": finance_id }), "__typename").await;
    let alone = claim(owner, &mine).await;
    assert_eq!(owner.act("postExpense", alone, POSTED).await["expense"]["status"], "POSTED");
}

async fn who_wrote_a_bill_does_not_approve_it(server: &'static Server) {
    let company = Company::open(server).await;
    let ((writer, _), (other, _)) = (company.tenant.join("FINANCE").await, company.tenant.join("FINANCE").await);
    company.rule(json!({ "subjectKind": "BILL", "approvers": [{ "role": "FINANCE" }] })).await;
    let supplier = company.tenant.owner.created("company", json!({ "name": "Paper Ltd", "isSupplier": true })).await;
    let line = json!({ "description": "Paper", "unitPrice": "80.00" });
    let bill = json!({ "companyId": supplier, "date": "2026-06-01", "lines": [line] });
    let bill = writer.create("bill", bill, "id version").await;
    let waits = other.act("postBill", bill, "bill { approval { id version } }").await["bill"]["approval"].clone();
    for own in [&writer, &other] {
        let refused = own.refused("approve", at(&waits)).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("INVALID_INPUT", Some("id")), "{refused:?}");
        assert_eq!(waits_for(own).await, [] as [String; 0]);
    }
    // Nobody of those whom the rule names is left: it went up.
    let done = approve(&company.tenant.owner, &waits).await;
    assert_eq!((&done["status"], &done["steps"][0]["wentUp"]), (&json!("APPROVED"), &json!(true)));
}

async fn an_invoice_is_not_voided_where_its_credit_note_waits(server: &'static Server) {
    let company = Company::open(server).await;
    let (finance, _) = company.tenant.join("FINANCE").await;
    company.rule(json!({ "subjectKind": "CREDIT_NOTE", "minAmount": "500.00" })).await;
    let (small, large) = (company.invoice("499.99").await, company.invoice("500.00").await);
    let voided = finance.act("voidInvoice", json!({ "id": small }), "invoice { status }").await;
    assert_eq!(voided["invoice"]["status"], "VOID");
    for who in [&finance, &company.tenant.owner] {
        let refused = who.refused("voidInvoice", json!({ "id": large })).await;
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), ("CONFLICT", None));
        assert!(refused.message.contains("credit note"), "{}", refused.message);
    }
    assert_eq!(company.due(&large).await, "500.00");
    let note = finance.act("createCreditNote", json!({ "invoiceId": large }), "creditNote { id }").await;
    let note = json!({ "id": note["creditNote"]["id"] });
    let waits = finance.act("issueInvoice", note, "invoice { approval { id version } }").await;
    approve(&company.tenant.owner, &waits["invoice"]["approval"]).await;
    assert_eq!(company.due(&large).await, "0.00");
}

both!(
    an_expense_that_was_changed_is_asked_for_when_it_is_posted,
    nobody_posts_what_they_spent_where_another_may,
    who_wrote_a_bill_does_not_approve_it,
    an_invoice_is_not_voided_where_its_credit_note_waits,
);
