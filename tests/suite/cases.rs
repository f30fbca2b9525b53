//! Cases from the suites of Tryton 8 and ERPNext: the same input comes to the same figures. Each names the case it follows.

mod closing;
mod currencies;
mod settling;

use kamara_tests::{Caller, Server};
use serde_json::{Value, json};

use crate::{books::text, settling::with, withholding::Buyer};

/// A company with a client, a supplier, and accounts by their roles.
struct Case<'a> {
    buyer: Buyer<'a>,
}

impl<'a> Case<'a> {
    async fn open(server: &'a Server) -> Self {
        Self { buyer: Buyer::open(server).await }
    }

    fn owner(&self) -> &Caller<'a> {
        self.buyer.owner()
    }

    async fn account(&self, role: &str) -> String {
        let document = format!("{{ accounts(first: 1, filter: {{ role: {{ eq: {role} }} }}) {{ nodes {{ id }} }} }}");
        text(&self.owner().query(&document).await["accounts"]["nodes"][0]["id"])
    }

    async fn balance(&self, role: &str, at: &str) -> String {
        self.buyer.firm.balance(role, at).await
    }

    /// An issued invoice of one line without tax.
    async fn invoice(&self, date: &str, quantity: &str, price: &str, more: Value) -> Value {
        let line = json!([{ "description": "Line", "quantity": quantity, "unitPrice": price }]);
        self.buyer.firm.invoice(date, "0", with(json!({ "lines": line }), more)).await
    }

    /// What a client pays of an invoice, in the invoice's currency.
    async fn receive(&self, invoice: &Value, date: &str, amount: &str, more: Value) -> Value {
        let part = json!([{ "invoiceId": invoice["id"], "amount": amount }]);
        let input = json!({ "companyId": self.buyer.firm.client, "date": date, "amount": amount, "allocations": part });
        let selection =
            "payment { id unallocated { amount } journalEntry { id lines { account { role } debit credit } } }";
        self.owner().act("recordPayment", with(input, more), selection).await["payment"].clone()
    }

    async fn again(&self, invoice: &Value) -> (String, String) {
        let now = self.buyer.firm.again(invoice).await;
        (text(&now["status"]), text(&now["due"]["amount"]))
    }

    /// Posts by hand: role, debit, credit, and what else is said of each line.
    async fn entry(&self, date: &str, lines: &[(&str, &str, &str, Value)]) -> Value {
        let mut inputs = Vec::with_capacity(lines.len());
        for (role, debit, credit, more) in lines {
            let account = self.account(role).await;
            let side = if debit.is_empty() { json!({ "credit": credit }) } else { json!({ "debit": debit }) };
            inputs.push(with(with(json!({ "accountId": account }), side), more.clone()));
        }
        let entry = json!({ "date": date, "description": "Case", "lines": inputs });
        self.owner().act("createJournalEntry", entry, "journalEntry { id }").await["journalEntry"].clone()
    }

    async fn ledger(&self, role: &str, from: &str, to: &str) -> [String; 4] {
        let document = "query($id: ID!, $from: Date!, $to: Date!) { reports { generalLedger(accountId: $id, from: $from, to: $to) { opening debit credit closing } } }";
        let variables = json!({ "id": self.account(role).await, "from": from, "to": to });
        let shown = self.owner().send(document, variables).await.data();
        ["opening", "debit", "credit", "closing"].map(|field| text(&shown["reports"]["generalLedger"][field]))
    }
}

/// Role, debit and credit of an entry's lines.
fn posted(document: &Value) -> Vec<[String; 3]> {
    let lines = document["journalEntry"]["lines"].as_array().expect("lines");
    let line = |line: &Value| [&line["account"]["role"], &line["debit"], &line["credit"]].map(text);
    lines.iter().map(line).collect()
}
