//! What each step does.

use serde_json::{Value, json};

use super::{
    Step,
    run::{CURRENCIES, Run},
};
use crate::{books::text, settling::with};

impl Run<'_> {
    /// Does a step, if there is something to do it to.
    pub(super) async fn step(&mut self, step: Step) {
        match step {
            Step::Invoice { .. }
            | Step::Pay { .. }
            | Step::Advance { .. }
            | Step::Credit { .. }
            | Step::Refund { .. } => self.sell(step).await,
            Step::Bill { .. } | Step::PayBill { .. } | Step::PayOnAccount { .. } | Step::CreditBill { .. } => {
                self.buy(step).await;
            }
            Step::Expense { .. } | Step::Reimburse { .. } => self.spend(step).await,
            Step::Transfer { .. } | Step::Manual { .. } => self.move_money(step).await,
            Step::CloseMonth | Step::CloseYear | Step::ReopenYear => self.close(step).await,
            _ => self.settle(step).await,
        }
    }

    async fn sell(&self, step: Step) {
        let date = self.today();
        match step {
            Step::Invoice { currency, net } => {
                let (currency, places) = CURRENCIES[currency];
                let mut line = json!({ "description": "Work", "quantity": "1", "unitPrice": Self::decimal(net, places), "taxCodeId": self.firm.vat });
                if net % 2 == 1 {
                    line["serviceFrom"] = json!((self.day - chrono::Days::new(10)).to_string());
                    line["serviceTo"] = json!((self.day + chrono::Days::new(40)).to_string());
                }
                let input =
                    json!({ "companyId": self.firm.client, "date": date, "terms": { "days": 10 }, "lines": [line] });
                let input = Self::with_rate(input, currency, self.rate);
                let draft = self.owner().create("invoice", input, "id").await;
                self.done("issueInvoice", json!({ "id": draft["id"] })).await;
            }
            Step::Pay { which, percent, rate } => {
                let open = self.open_invoices("INVOICE").await;
                let Some(invoice) = Self::nth(&open, which) else { return };
                let input = self.of_part(invoice, "invoiceId", percent, json!({ "companyId": self.firm.client }));
                self.done("recordPayment", Self::with_rate(input, &text(&invoice["currency"]), rate)).await;
            }
            Step::Advance { amount, taxed } => {
                let advance = if taxed { json!({ "taxCodeId": self.firm.vat }) } else { json!({}) };
                let amount = Self::decimal(amount, 2);
                let input =
                    json!({ "companyId": self.firm.client, "date": date, "amount": amount, "advance": advance });
                self.done("recordPayment", input).await;
            }
            Step::Credit { which, percent } => {
                let open = self.open_invoices("INVOICE").await;
                let Some(invoice) = Self::nth(&open, which) else { return };
                let line = &invoice["lines"][0];
                let net = Self::part(&line["net"]["amount"], percent);
                let input = json!({ "invoiceId": invoice["id"], "date": date, "lines": [{ "lineId": line["id"], "net": net }] });
                if let Some(made) = self.act("createCreditNote", input, "creditNote { id }").await {
                    self.done("issueInvoice", json!({ "id": made["creditNote"]["id"] })).await;
                }
            }
            Step::Refund { which, percent } => self.refund(which, percent).await,
            _ => {}
        }
    }

    /// Pays back what a client paid too much, or what was credited.
    async fn refund(&self, which: usize, percent: i64) {
        let out = json!({ "companyId": self.firm.client, "direction": "OUT", "subLedger": "RECEIVABLE" });
        let notes = self.open_invoices("CREDIT_NOTE").await;
        if let Some(note) = Self::nth(&notes, which) {
            let input = self.of_part(note, "invoiceId", percent, out);
            return self.done("recordPayment", Self::with_rate(input, &text(&note["currency"]), self.rate)).await;
        }
        let payments = self.payments().await;
        let rests: Vec<Value> = payments
            .into_iter()
            .filter(|payment| payment["direction"] == "IN" && payment["subLedger"] == "RECEIVABLE")
            .map(|payment| json!({ "id": payment["id"], "due": payment["unallocated"] }))
            .collect();
        let Some(rest) = Self::nth(&rests, which) else { return };
        let input = self.of_part(rest, "paymentId", percent, out);
        self.done("recordPayment", Self::with_rate(input, &text(&rest["due"]["currency"]), self.rate)).await;
    }

    /// A payment of a part of what is due on a document, in its currency.
    fn of_part(&self, document: &Value, field: &str, percent: i64, more: Value) -> Value {
        let amount = Self::part(&document["due"]["amount"], percent);
        let part = json!([{ field: document["id"], "amount": amount }]);
        with(json!({ "date": self.today(), "amount": amount, "allocations": part }), more)
    }

    async fn buy(&self, step: Step) {
        let date = self.today();
        let supplier = || json!({ "companyId": self.supplier, "direction": "OUT" });
        let kept = |withheld: bool, more: Value| {
            let withholding = with(json!({ "taxCodeId": self.withholding }), more);
            if withheld { json!({ "withholding": withholding }) } else { json!({}) }
        };
        match step {
            Step::Bill { currency, net, taxed } => {
                let (currency, places) = CURRENCIES[currency];
                let tax = if taxed { json!(self.firm.vat) } else { Value::Null };
                let line = json!({ "description": "Rent", "unitPrice": Self::decimal(net, places), "taxCodeId": tax });
                let input =
                    json!({ "companyId": self.supplier, "date": date, "terms": { "days": 10 }, "lines": [line] });
                let input = Self::with_rate(input, currency, self.rate);
                let draft = self.owner().create("bill", input, "id").await;
                self.done("postBill", json!({ "id": draft["id"] })).await;
            }
            Step::PayBill { which, percent, rate, withheld } => {
                let open = self.open_bills("BILL").await;
                let Some(bill) = Self::nth(&open, which) else { return };
                let input = self.of_part(bill, "billId", percent, with(supplier(), kept(withheld, json!({}))));
                self.done("recordPayment", Self::with_rate(input, &text(&bill["currency"]), rate)).await;
            }
            Step::PayOnAccount { amount, withheld } => {
                let amount = Self::decimal(amount, 2);
                let input = with(supplier(), json!({ "date": date, "amount": amount }));
                self.done("recordPayment", with(input, kept(withheld, json!({ "base": amount })))).await;
            }
            Step::CreditBill { which, percent } => {
                let open = self.open_bills("BILL").await;
                let Some(bill) = Self::nth(&open, which) else { return };
                let line =
                    json!({ "description": "Too much", "unitPrice": Self::part(&bill["net"]["amount"], percent) });
                let input = json!({ "kind": "CREDIT_NOTE", "creditsId": bill["id"], "companyId": self.supplier, "date": date, "lines": [line] });
                if let Some(made) = self.act("createBill", input, "bill { id }").await {
                    self.done("postBill", json!({ "id": made["bill"]["id"] })).await;
                }
            }
            _ => {}
        }
    }

    async fn spend(&self, step: Step) {
        let date = self.today();
        match step {
            Step::Expense { amount } => {
                let account = self.account("EXPENSE").await;
                let input = json!({ "employeeId": self.employee, "date": date, "amount": Self::decimal(amount, 2), "description": "Taxi", "accountId": account });
                let made = self.owner().create("expense", input, "id version").await;
                let submitted = json!({ "id": made["id"], "version": made["version"] });
                if self.act("submitExpense", submitted, "__typename").await.is_some() {
                    self.done("postExpense", json!({ "id": made["id"] })).await;
                }
            }
            Step::Reimburse { which, percent } => {
                let open = self.open_expenses().await;
                let Some(expense) = Self::nth(&open, which) else { return };
                let employee = json!({ "employeeId": self.employee, "direction": "OUT" });
                self.done("recordPayment", self.of_part(expense, "expenseId", percent, employee)).await;
            }
            _ => {}
        }
    }

    async fn settle(&mut self, step: Step) {
        let date = self.today();
        match step {
            Step::Allocate { payment, document, percent } => {
                let payments = self.payments().await;
                let Some(payment) = Self::nth(&payments, payment) else { return };
                let (field, open) = match payment["subLedger"].as_str() {
                    Some("PAYABLE") => ("billId", self.open_bills("BILL").await),
                    Some("EMPLOYEE") => ("expenseId", self.open_expenses().await),
                    _ => ("invoiceId", self.open_invoices("INVOICE").await),
                };
                let Some(document) = Self::nth(&open, document) else { return };
                let mut part =
                    json!({ field: document["id"], "amount": Self::part(&document["due"]["amount"], percent) });
                part["paidAmount"] = json!(Self::part(&payment["unallocated"]["amount"], percent));
                let input = json!({ "id": payment["id"], "date": date, "allocations": [part] });
                self.done("allocatePayment", input).await;
            }
            Step::Undo { which } => {
                let payments = self.payments().await;
                let parts = payments.iter().flat_map(|row| row["allocations"].as_array().expect("parts"));
                let all: Vec<Value> = parts.cloned().collect();
                let Some(part) = Self::nth(&all, which) else { return };
                self.done("undoAllocation", json!({ "id": part["id"], "date": date })).await;
            }
            Step::WriteOff { kind, which, percent } => self.write_off(kind, which, percent).await,
            Step::UndoWriteOff { which } => {
                let made = self.write_offs().await;
                let Some(made) = Self::nth(&made, which) else { return };
                self.done("reverseWriteOff", json!({ "id": made["id"], "date": date })).await;
            }
            Step::Reverse { which } => {
                let payments = self.payments().await;
                let Some(payment) = Self::nth(&payments, which) else { return };
                self.done("reversePayment", json!({ "id": payment["id"], "date": date })).await;
            }
            Step::Revalue { rate } => {
                self.rate = rate;
                for (currency, _) in &CURRENCIES[1..] {
                    let input = json!({ "currency": currency, "date": date, "rate": Self::decimal(rate, 6) });
                    self.done("setExchangeRate", input).await;
                }
                self.done("revalueCurrencies", json!({ "date": date })).await;
            }
            Step::Recognise { days_back } => {
                let date = (self.day - chrono::Days::new(days_back)).to_string();
                self.done("recogniseRevenue", json!({ "date": date })).await;
            }
            _ => {}
        }
    }

    /// Writes off a part of what is open, of whatever kind it is.
    async fn write_off(&self, kind: usize, which: usize, percent: i64) {
        let (field, open) = match kind {
            0 => ("invoiceId", self.open_invoices("INVOICE").await),
            1 => ("invoiceId", self.open_invoices("CREDIT_NOTE").await),
            2 => ("billId", self.open_bills("BILL").await),
            3 => ("billId", self.open_bills("CREDIT_NOTE").await),
            _ => ("paymentId", self.payments().await),
        };
        let Some(document) = Self::nth(&open, which) else { return };
        let due = if kind < 4 { &document["due"] } else { &document["unallocated"] };
        let mut input = json!({ field: document["id"], "date": self.today(), "reason": "Lost" });
        // All of it needn't be said.
        if percent < 100 {
            input["amount"] = json!(Self::part(&due["amount"], percent));
        }
        self.done("writeOff", input).await;
    }

    async fn move_money(&self, step: Step) {
        let date = self.today();
        match step {
            Step::Transfer { from, to, amount, days } => {
                let places = if from == 2 { 0 } else { 2 };
                let mut input = json!({ "fromBankAccountId": self.banks[from], "toBankAccountId": self.banks[to], "date": date,
                    "arrivalDate": (self.day + chrono::Days::new(days)).to_string(), "amount": Self::decimal(amount, places) });
                if (from == 2) != (to == 2) {
                    input["arrived"] = json!(Self::decimal(amount, if to == 2 { 0 } else { 2 }));
                }
                if from == 2 {
                    input["rate"] = json!(Self::decimal(self.rate, 6));
                }
                self.done("transferMoney", input).await;
            }
            Step::Manual { kind, amount } => {
                let (debit, credit) = [("EXPENSE", "BANK"), ("RECEIVABLE", "REVENUE"), ("EXPENSE", "PAYABLE")][kind];
                let party = if credit == "PAYABLE" { &self.supplier } else { &self.firm.client };
                let (debit, credit) = (self.account(debit).await, self.account(credit).await);
                let amount = Self::decimal(amount, 2);
                let lines = json!([{ "accountId": debit, "debit": amount, "partyId": party }, { "accountId": credit, "credit": amount, "partyId": party }]);
                let input =
                    json!({ "date": date, "serviceDate": "2025-12-31", "description": "By hand", "lines": lines });
                self.done("createJournalEntry", input).await;
            }
            _ => {}
        }
    }

    async fn close(&self, step: Step) {
        match step {
            Step::CloseMonth => {
                let until = self.day.pred_opt().expect("a day");
                self.done("setLockDates", json!({ "ledger": until.to_string() })).await;
            }
            Step::CloseYear => {
                // The months until now are a year of their own.
                let first = chrono::Datelike::with_day(&self.day, 1).expect("a first");
                let end = first.pred_opt().expect("a day").to_string();
                let years = self.owner().query("{ fiscalYears(first: 1) { totalCount } }").await;
                let mut input = json!({ "endDate": end, "name": end });
                if years["fiscalYears"]["totalCount"] == 0 {
                    input["startDate"] = json!("2025-12-01");
                }
                if let Some(made) = self.act("createFiscalYear", input, "fiscalYear { id }").await {
                    self.done("closeFiscalYear", json!({ "id": made["fiscalYear"]["id"] })).await;
                }
            }
            _ => {
                let closed = "{ fiscalYears(first: 10, orderBy: { field: START_DATE, direction: DESC }) { nodes { id status } } }";
                let years = self.owner().query(closed).await;
                let years = years["fiscalYears"]["nodes"].as_array().expect("years").clone();
                if let Some(year) = years.iter().find(|year| year["status"] == "CLOSED") {
                    let input = json!({ "id": year["id"], "reason": "A late bill" });
                    self.done("reopenFiscalYear", input).await;
                }
            }
        }
    }
}
