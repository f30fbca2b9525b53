//! What employees paid.

use kamara_tests::{Caller, Server, Tenant, both};
use serde_json::{Value, json};

use super::Paid;
use crate::books::{PNG, text};

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
    what_an_employee_paid_is_handed_in_posted_and_owed,
    an_employee_sees_and_writes_only_what_is_their_own,
    categories_are_proposed_by_rules_and_learn_from_corrections,
    what_an_employee_paid_is_reimbursed,
);
