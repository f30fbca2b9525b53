//! What must hold whatever was done.

use serde_json::Value;

use super::run::Run;
use crate::settling::cents;

/// A row of what is open: whose, and the amounts by age.
const AGED: &str = "rows { company { name } current days1To30 days31To60 days61To90 over90 total } total { total }";

impl Run<'_> {
    /// What is open on a day, on both sides; the statements of that day balance, and the sub-ledgers are their control accounts.
    pub(super) async fn state(&self, at: &str) -> Value {
        let document = format!(
            r#"{{ reports {{ trialBalance(at: "{at}") {{ rows {{ account {{ role }} debit credit }} total {{ debit credit }} }}
                balanceSheet(at: "{at}") {{ balanced }} agedReceivables(at: "{at}") {{ {AGED} }} agedPayables(at: "{at}") {{ {AGED} }} }} }}"#
        );
        let shown = self.owner().query(&document).await["reports"].clone();
        let trial = &shown["trialBalance"];
        assert_eq!(trial["total"]["debit"], trial["total"]["credit"], "{at}");
        assert_eq!(shown["balanceSheet"]["balanced"], true, "{at}");
        let (receivable, payable) = (balance(trial, "RECEIVABLE"), balance(trial, "PAYABLE"));
        let total = |report: &str| cents(&shown[report]["total"]["total"]);
        assert_eq!(total("agedReceivables"), receivable, "clients' sub-ledger is its control account, {at}");
        assert_eq!(total("agedPayables"), -payable, "suppliers' sub-ledger is its control account, {at}");
        let controls = ["EMPLOYEE_PAYABLE", "CUSTOMER_ADVANCE", "SUPPLIER_ADVANCE"].map(|role| balance(trial, role));
        serde_json::json!([shown["agedReceivables"], shown["agedPayables"], controls])
    }

    /// Documents agree with what settles them: no minor unit is made or lost.
    pub(super) async fn nothing_is_lost(&self) {
        let document = r"{ invoices(first: 100) { nodes { id status kind due { amount } paid { amount } total { amount }
                    payments { amount { amount } } applied { paidAmount { amount } } } }
                bills(first: 100) { nodes { id status due { amount } paid { amount } total { amount }
                    payments { amount { amount } } applied { paidAmount { amount } } } }
                expenses(first: 100) { nodes { status due { amount } } }
                payments(first: 100) { nodes { id status direction subLedger amount { amount } withheld { amount } moved { amount }
                    unallocated { amount } allocations { paidAmount { amount } } refunds { amount { amount } } } } }";
        let all = self.owner().query(document).await;
        let rows = |list: &str| all[list]["nodes"].as_array().expect("rows").clone();
        for row in rows("invoices").iter().chain(&rows("bills")) {
            let [due, paid, total] = ["due", "paid", "total"].map(|field| cents(&row[field]["amount"]));
            let is_open = row["status"] != "DRAFT" && row["status"] != "VOID";
            assert!(!is_open || due + paid == total, "{row}");
            assert_eq!(paid, sum(&row["payments"], "amount") + sum(&row["applied"], "paidAmount"), "{row}");
        }
        let payments = rows("payments");
        let mut to_employees = 0;
        for row in payments.iter().filter(|row| row["status"] == "POSTED") {
            let [amount, rest, withheld, moved] =
                ["amount", "unallocated", "withheld", "moved"].map(|field| cents(&row[field]["amount"]));
            let used = sum(&row["allocations"], "paidAmount") + sum(&row["refunds"], "amount");
            assert_eq!(amount, rest + used, "{row}");
            assert_eq!(amount, withheld + moved, "{row}");
            if row["subLedger"] == "EMPLOYEE" {
                to_employees += rest;
            }
        }
        let owed: i64 = rows("expenses")
            .iter()
            .filter(|row| row["status"] == "POSTED")
            .map(|row| cents(&row["due"]["amount"]))
            .sum();
        let control = cents(&Value::String(self.firm.balance("EMPLOYEE_PAYABLE", "2026-12-31").await));
        assert_eq!(control, to_employees - owed, "employees' sub-ledger is its control account");
    }
}

/// What stands on the accounts with a role, debit positive.
fn balance(trial: &Value, role: &str) -> i64 {
    let rows = trial["rows"].as_array().expect("rows").iter().filter(|row| row["account"]["role"] == role);
    rows.map(|row| cents(&row["debit"]) - cents(&row["credit"])).sum()
}

fn sum(parts: &Value, field: &str) -> i64 {
    parts.as_array().expect("parts").iter().map(|part| cents(&part[field]["amount"])).sum()
}
