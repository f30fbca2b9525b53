//! What is bought: suppliers' bills, employees' expenses, their categories, and the files that prove them.

mod bill_taxes;
mod bills;
mod expenses;
mod files;

use kamara_tests::{ApiError, Caller, Server, Tenant};
use serde_json::{Value, json};

use crate::books::text;

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
