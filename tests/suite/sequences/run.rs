//! A company to which something is done, day by day.

use kamara_tests::{Caller, Server};
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, with},
};

/// Currencies of two, none and three decimal places.
pub const CURRENCIES: [(&str, u32); 3] = [("GEL", 2), ("JPY", 0), ("KWD", 3)];

/// The books of a company, and the day.
pub struct Run<'a> {
    pub firm: Firm<'a>,
    pub supplier: String,
    pub employee: String,
    pub withholding: String,
    /// Accounts at banks: two in the currency of the books, and one in yen.
    pub banks: [String; 3],
    pub day: chrono::NaiveDate,
    pub rate: i64,
}

impl<'a> Run<'a> {
    pub async fn open(server: &'a Server) -> Self {
        let firm = Firm::open(server).await;
        let owner = firm.owner();
        let supplier = owner.created("company", json!({ "name": "შპს მშენებელი", "isSupplier": true })).await;
        let employee = owner.created("employee", json!({ "name": "ნინო ბერიძე" })).await;
        let withholding = firm.tax_code("WHT20").await;
        let second = owner.created("bankAccount", json!({ "name": "Second", "currency": "GEL" })).await;
        let yen = owner.created("bankAccount", json!({ "name": "Yen", "currency": "JPY" })).await;
        let banks = [firm.bank.clone(), second, yen];
        let day = "2026-01-05".parse().expect("a day");
        Self { firm, supplier, employee, withholding, banks, day, rate: 2_700_000 }
    }

    pub fn owner(&self) -> &Caller<'a> {
        self.firm.owner()
    }

    pub fn today(&self) -> String {
        self.day.to_string()
    }

    pub fn decimal(minor: i64, places: u32) -> String {
        rust_decimal::Decimal::new(minor, places).to_string()
    }

    /// A share of an amount that is shown, at least one unit, with its places.
    pub fn part(amount: &Value, percent: i64) -> String {
        let amount: rust_decimal::Decimal = text(amount).parse().expect("an amount");
        let minor = i64::try_from(amount.mantissa()).expect("small amounts");
        Self::decimal((minor * percent / 100).max(1), amount.scale())
    }

    pub fn with_rate(input: Value, currency: &str, rate: i64) -> Value {
        let rated = if currency == "GEL" { json!({}) } else { json!({ "rate": Self::decimal(rate, 6) }) };
        with(with(input, json!({ "currency": currency })), rated)
    }

    /// The one that a step chooses.
    pub fn nth(rows: &[Value], which: usize) -> Option<&Value> {
        rows.get(which % rows.len().max(1))
    }

    async fn rows(&self, list: &str, document: &str) -> Vec<Value> {
        self.owner().query(document).await[list]["nodes"].as_array().expect("rows").clone()
    }

    /// Invoices, or credit notes, of which something is due.
    pub async fn open_invoices(&self, kind: &str) -> Vec<Value> {
        let document = format!(
            "{{ invoices(first: 100, filter: {{ kind: {{ eq: {kind} }}, status: {{ in: [ISSUED, PARTLY_PAID] }} }}) \
             {{ nodes {{ id currency due {{ amount }} lines {{ id net {{ amount }} }} }} }} }}"
        );
        self.rows("invoices", &document).await
    }

    /// Bills, or suppliers' credit notes, of which something is due.
    pub async fn open_bills(&self, kind: &str) -> Vec<Value> {
        let document = format!(
            "{{ bills(first: 100, filter: {{ kind: {{ eq: {kind} }}, status: {{ in: [POSTED, PARTLY_PAID] }} }}) \
             {{ nodes {{ id currency due {{ amount }} net {{ amount }} lines {{ account {{ id }} }} }} }} }}"
        );
        self.rows("bills", &document).await
    }

    /// Expenses of which the employee is owed something.
    pub async fn open_expenses(&self) -> Vec<Value> {
        let document = "{ expenses(first: 100, filter: { status: { eq: POSTED } }) { nodes { id due { amount } } } }";
        self.rows("expenses", document).await
    }

    pub async fn payments(&self) -> Vec<Value> {
        let document =
            "{ payments(first: 100, filter: { status: { eq: POSTED } }) { nodes { id direction subLedger advance
            unallocated { amount currency } allocations { id } } } }";
        self.rows("payments", document).await
    }

    /// Write-offs that stand.
    pub async fn write_offs(&self) -> Vec<Value> {
        let document = "{ writeOffs(first: 100, filter: { status: { eq: POSTED } }) { nodes { id } } }";
        self.rows("writeOffs", document).await
    }

    pub async fn account(&self, role: &str) -> String {
        let document = format!("{{ accounts(first: 1, filter: {{ role: {{ eq: {role} }} }}) {{ nodes {{ id }} }} }}");
        text(&self.owner().query(&document).await["accounts"]["nodes"][0]["id"])
    }

    /// Does something, or is refused for a reason; never anything else.
    pub async fn act(&self, name: &str, input: Value, selection: &str) -> Option<Value> {
        let answer = self.owner().try_act(name, input.clone(), selection).await;
        if let Some(error) = answer.try_error() {
            assert!(["INVALID_INPUT", "CONFLICT"].contains(&error.code.as_str()), "{name} {input}: {}", answer.text);
            return None;
        }
        Some(answer.data()[name].clone())
    }

    pub async fn done(&self, name: &str, input: Value) {
        self.act(name, input, "__typename").await;
    }
}
