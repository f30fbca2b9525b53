//! Whatever sequence of documents, payments, undoing, rates and closings there is: the statements balance on every day, sub-ledgers
//! are their control accounts, and what was open on a day in the past stands.

use kamara_tests::{Database, Server, block_on};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    books::text,
    settling::{Firm, cents},
};

/// Something that is done on a day; `which` and `share` choose among what is there.
#[derive(Clone, Debug)]
enum Step {
    Invoice { currency: usize, net: i64 },
    Pay { which: usize, percent: i64, rate: i64 },
    Advance { amount: i64, taxed: bool },
    Allocate { payment: usize, invoice: usize, percent: i64 },
    Undo { which: usize },
    Credit { which: usize, percent: i64 },
    WriteOff { which: usize },
    Reverse { which: usize },
    Revalue { rate: i64 },
    Recognise { days_back: u64 },
    CloseMonth,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let nth = 0..1_000_usize;
    let percent = prop::sample::select(vec![1, 33, 50, 99, 100]);
    let rate = 1_500_000..4_000_000_i64;
    let step = prop_oneof![
        4 => (0..3_usize, 1..1_000_000_i64).prop_map(|(currency, net)| Step::Invoice { currency, net }),
        4 => (nth.clone(), percent.clone(), rate.clone()).prop_map(|(which, percent, rate)| Step::Pay { which, percent, rate }),
        1 => (1..500_000_i64, any::<bool>()).prop_map(|(amount, taxed)| Step::Advance { amount, taxed }),
        2 => (nth.clone(), nth.clone(), percent.clone()).prop_map(|(payment, invoice, percent)| Step::Allocate { payment, invoice, percent }),
        1 => nth.clone().prop_map(|which| Step::Undo { which }),
        2 => (nth.clone(), percent).prop_map(|(which, percent)| Step::Credit { which, percent }),
        1 => nth.clone().prop_map(|which| Step::WriteOff { which }),
        1 => nth.prop_map(|which| Step::Reverse { which }),
        1 => rate.prop_map(|rate| Step::Revalue { rate }),
        2 => (0..30_u64).prop_map(|days_back| Step::Recognise { days_back }),
        1 => Just(Step::CloseMonth),
    ];
    prop::collection::vec(step, 4..22)
}

/// Currencies of two, none and three decimal places.
const CURRENCIES: [(&str, u32); 3] = [("GEL", 2), ("JPY", 0), ("KWD", 3)];

struct Run<'a> {
    firm: Firm<'a>,
    day: chrono::NaiveDate,
    rate: i64,
}

impl Run<'_> {
    fn today(&self) -> String {
        self.day.to_string()
    }

    fn decimal(minor: i64, places: u32) -> String {
        rust_decimal::Decimal::new(minor, places).to_string()
    }

    async fn open(&self) -> Vec<Value> {
        let shown = self
            .firm
            .owner()
            .query("{ invoices(first: 100, filter: { kind: { eq: INVOICE }, status: { in: [ISSUED, PARTLY_PAID] } }) { nodes { id currency due { amount } total { amount } lines { id net { amount } } } } }")
            .await;
        shown["invoices"]["nodes"].as_array().expect("invoices").clone()
    }

    async fn payments(&self) -> Vec<Value> {
        let shown = self
            .firm
            .owner()
            .query("{ payments(first: 100, filter: { status: { eq: POSTED } }) { nodes { id unallocated { amount currency } allocations { id } } } }")
            .await;
        shown["payments"]["nodes"].as_array().expect("payments").clone()
    }

    /// Does a step, or is refused for a reason; never anything else.
    async fn act(&self, name: &str, input: Value) -> Option<Value> {
        let answer = self.firm.owner().try_act(name, input.clone(), "__typename").await;
        if let Some(error) = answer.try_error() {
            assert!(["INVALID_INPUT", "CONFLICT"].contains(&error.code.as_str()), "{name} {input}: {}", answer.text);
            return None;
        }
        Some(answer.data())
    }

    fn with_rate(mut input: Value, currency: &str, rate: i64) -> Value {
        input["currency"] = json!(currency);
        if currency != "GEL" {
            input["rate"] = json!(Self::decimal(rate, 6));
        }
        input
    }

    async fn step(&mut self, step: Step) {
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
                let draft = self.firm.owner().create("invoice", input, "id").await;
                self.act("issueInvoice", json!({ "id": draft["id"] })).await;
            }
            Step::Pay { which, percent, rate } => {
                let open = self.open().await;
                let Some(invoice) = open.get(which % open.len().max(1)) else { return };
                let amount = Self::part(&invoice["due"]["amount"], percent);
                let part = json!([{ "invoiceId": invoice["id"], "amount": amount }]);
                let input =
                    json!({ "companyId": self.firm.client, "date": date, "amount": amount, "allocations": part });
                let input = Self::with_rate(input, &text(&invoice["currency"]), rate);
                self.act("recordPayment", input).await;
            }
            Step::Advance { amount, taxed } => {
                let mut advance = json!({});
                if taxed {
                    advance["taxCodeId"] = json!(self.firm.vat);
                }
                let amount = Self::decimal(amount, 2);
                self.act(
                    "recordPayment",
                    json!({ "companyId": self.firm.client, "date": date, "amount": amount, "advance": advance }),
                )
                .await;
            }
            Step::Allocate { payment, invoice, percent } => {
                let (open, payments) = (self.open().await, self.payments().await);
                let (Some(invoice), Some(payment)) =
                    (open.get(invoice % open.len().max(1)), payments.get(payment % payments.len().max(1)))
                else {
                    return;
                };
                let mut part =
                    json!({ "invoiceId": invoice["id"], "amount": Self::part(&invoice["due"]["amount"], percent) });
                part["paidAmount"] = json!(Self::part(&payment["unallocated"]["amount"], percent));
                self.act("allocatePayment", json!({ "id": payment["id"], "date": date, "allocations": [part] })).await;
            }
            Step::Undo { which } => {
                let payments = self.payments().await;
                let all: Vec<&Value> =
                    payments.iter().flat_map(|row| row["allocations"].as_array().expect("parts")).collect();
                let Some(part) = all.get(which % all.len().max(1)) else { return };
                self.act("undoAllocation", json!({ "id": part["id"], "date": date })).await;
            }
            Step::Credit { which, percent } => {
                let open = self.open().await;
                let Some(invoice) = open.get(which % open.len().max(1)) else { return };
                let line = &invoice["lines"][0];
                let net = Self::part(&line["net"]["amount"], percent);
                let input = json!({ "invoiceId": invoice["id"], "date": date, "lines": [{ "lineId": line["id"], "net": net }] });
                let answer = self.firm.owner().try_act("createCreditNote", input, "creditNote { id }").await;
                if answer.try_error().is_none() {
                    let id = answer.data()["createCreditNote"]["creditNote"]["id"].clone();
                    self.act("issueInvoice", json!({ "id": id })).await;
                }
            }
            Step::WriteOff { which } => {
                let open = self.open().await;
                let Some(invoice) = open.get(which % open.len().max(1)) else { return };
                self.act("writeOffInvoice", json!({ "invoiceId": invoice["id"], "date": date, "reason": "Lost" }))
                    .await;
            }
            Step::Reverse { which } => {
                let payments = self.payments().await;
                let Some(payment) = payments.get(which % payments.len().max(1)) else { return };
                self.act("reversePayment", json!({ "id": payment["id"], "date": date })).await;
            }
            Step::Revalue { rate } => {
                self.rate = rate;
                for (currency, _) in &CURRENCIES[1..] {
                    let input = json!({ "currency": currency, "date": date, "rate": Self::decimal(rate, 6) });
                    self.act("setExchangeRate", input).await;
                }
                self.act("revalueCurrencies", json!({ "date": date })).await;
            }
            Step::Recognise { days_back } => {
                let date = (self.day - chrono::Days::new(days_back)).to_string();
                self.act("recogniseRevenue", json!({ "date": date })).await;
            }
            Step::CloseMonth => {
                let until = self.day.pred_opt().expect("a day");
                self.act("setLockDates", json!({ "ledger": until.to_string() })).await;
            }
        }
    }

    /// A share of an amount that is shown, at least one unit, with its places.
    fn part(amount: &Value, percent: i64) -> String {
        let amount: rust_decimal::Decimal = text(amount).parse().expect("an amount");
        let minor = i64::try_from(amount.mantissa()).expect("small amounts");
        Self::decimal((minor * percent / 100).max(1), amount.scale())
    }
}

/// Each sequence is done on days that follow each other; what was open on each of them is asked again at the end.
fn whatever_is_done(database: Database, steps: Vec<Step>) {
    block_on(async {
        let firm = Firm::open(Server::shared(database).await).await;
        let day = "2026-01-05".parse().expect("a day");
        let mut run = Run { firm, day, rate: 2_700_000 };
        let mut past = Vec::new();
        for step in steps {
            run.step(step).await;
            run.firm.ties(&run.today()).await;
            past.push((run.today(), run.firm.aged(&run.today()).await));
            run.day = run.day + chrono::Days::new(5);
        }
        for (day, aged) in past {
            assert_eq!(run.firm.aged(&day).await, aged, "what was open on {day} stands");
            run.firm.ties(&day).await;
        }
        // Once all services are over, nothing that is billed waits.
        run.act("recogniseRevenue", json!({ "date": "2026-06-15" })).await.expect("an open day");
        let waits = r#"{ reports { deferredRevenue(at: "2026-06-15") { deferred tied } } }"#;
        let waits = run.firm.owner().query(waits).await["reports"]["deferredRevenue"].clone();
        assert_eq!(waits, json!({ "deferred": "0.00", "tied": true }));
        // Documents agree with the ledger: all that is due is what the control account has, advances and rests aside.
        let report = run
            .firm
            .owner()
            .query("{ invoices(first: 100) { nodes { status due { amount } paid { amount } total { amount } } } }")
            .await;
        for invoice in report["invoices"]["nodes"].as_array().expect("invoices") {
            let [due, paid, total] = ["due", "paid", "total"].map(|field| cents(&invoice[field]["amount"]));
            assert!(invoice["status"] == "DRAFT" || due + paid == total, "{invoice}");
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sub_ledgers_are_their_control_accounts_on_sqlite(steps in steps()) {
        whatever_is_done(Database::Sqlite, steps);
    }

    #[test]
    fn sub_ledgers_are_their_control_accounts_on_postgres(steps in steps()) {
        whatever_is_done(Database::Postgres, steps);
    }
}
