//! Whatever sequence of documents, payments, undoing, rates, entries by hand and closings there is: the statements balance on every
//! day, sub-ledgers are their control accounts, what was open on a day in the past stands, and no unit is lost or made.

mod acts;
mod checks;
mod run;

use kamara_tests::{Database, Server, block_on};
use proptest::prelude::*;
use serde_json::json;

use self::run::Run;

/// Something that is done on a day; `which` and `percent` choose among what is there.
#[derive(Clone, Debug)]
enum Step {
    Invoice { currency: usize, net: i64 },
    Pay { which: usize, percent: i64, rate: i64 },
    Advance { amount: i64, taxed: bool },
    Allocate { payment: usize, document: usize, percent: i64 },
    Undo { which: usize },
    WriteOff { kind: usize, which: usize, percent: i64 },
    UndoWriteOff { which: usize },
    Credit { which: usize, percent: i64 },
    Refund { which: usize, percent: i64 },
    Bill { currency: usize, net: i64, taxed: bool },
    PayBill { which: usize, percent: i64, rate: i64, withheld: bool },
    PayOnAccount { amount: i64, withheld: bool },
    CreditBill { which: usize, percent: i64 },
    Expense { amount: i64 },
    Reimburse { which: usize, percent: i64 },
    Transfer { from: usize, to: usize, amount: i64, days: u64 },
    Manual { kind: usize, amount: i64 },
    Reverse { which: usize },
    Revalue { rate: i64 },
    Recognise { days_back: u64 },
    CloseMonth,
    CloseYear,
    ReopenYear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(prop_oneof![selling(), buying(), around()], 5..26)
}

fn nth() -> impl Strategy<Value = usize> + Clone {
    0..1_000_usize
}

fn percent() -> impl Strategy<Value = i64> + Clone {
    prop::sample::select(vec![1, 33, 50, 99, 100])
}

fn rate() -> impl Strategy<Value = i64> + Clone {
    1_500_000..4_000_000_i64
}

fn selling() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..3_usize, 1..1_000_000_i64).prop_map(|(currency, net)| Step::Invoice { currency, net }),
        4 => (nth(), percent(), rate()).prop_map(|(which, percent, rate)| Step::Pay { which, percent, rate }),
        1 => (1..500_000_i64, any::<bool>()).prop_map(|(amount, taxed)| Step::Advance { amount, taxed }),
        2 => (nth(), percent()).prop_map(|(which, percent)| Step::Credit { which, percent }),
        2 => (nth(), percent()).prop_map(|(which, percent)| Step::Refund { which, percent }),
    ]
}

fn buying() -> impl Strategy<Value = Step> {
    let taxed = any::<bool>;
    prop_oneof![
        4 => (0..3_usize, 1..1_000_000_i64, taxed()).prop_map(|(currency, net, taxed)| Step::Bill { currency, net, taxed }),
        4 => (nth(), percent(), rate(), any::<bool>())
            .prop_map(|(which, percent, rate, withheld)| Step::PayBill { which, percent, rate, withheld }),
        1 => (1..500_000_i64, any::<bool>()).prop_map(|(amount, withheld)| Step::PayOnAccount { amount, withheld }),
        2 => (nth(), percent()).prop_map(|(which, percent)| Step::CreditBill { which, percent }),
        2 => (1..100_000_i64).prop_map(|amount| Step::Expense { amount }),
        2 => (nth(), percent()).prop_map(|(which, percent)| Step::Reimburse { which, percent }),
    ]
}

fn around() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (nth(), nth(), percent())
            .prop_map(|(payment, document, percent)| Step::Allocate { payment, document, percent }),
        2 => nth().prop_map(|which| Step::Undo { which }),
        3 => (0..5_usize, nth(), percent())
            .prop_map(|(kind, which, percent)| Step::WriteOff { kind, which, percent }),
        1 => nth().prop_map(|which| Step::UndoWriteOff { which }),
        1 => (0..3_usize, 0..3_usize, 1..100_000_i64, 0..4_u64)
            .prop_map(|(from, to, amount, days)| Step::Transfer { from, to, amount, days }),
        1 => (0..3_usize, 1..100_000_i64).prop_map(|(kind, amount)| Step::Manual { kind, amount }),
        2 => nth().prop_map(|which| Step::Reverse { which }),
        1 => rate().prop_map(|rate| Step::Revalue { rate }),
        2 => (0..30_u64).prop_map(|days_back| Step::Recognise { days_back }),
        1 => Just(Step::CloseMonth),
        1 => Just(Step::CloseYear),
        1 => Just(Step::ReopenYear),
    ]
}

/// Each sequence is done on days that follow each other; what was open on each of them is asked again at the end.
fn whatever_is_done(database: Database, steps: Vec<Step>) {
    block_on(async {
        let server = Server::shared(database).await;
        let mut run = Run::open(server).await;
        let mut past = Vec::new();
        for step in steps {
            run.step(step).await;
            past.push((run.today(), run.state(&run.today()).await));
            run.day = run.day + chrono::Days::new(5);
        }
        for (day, state) in past {
            assert_eq!(run.state(&day).await, state, "what was open on {day} stands");
        }
        // Once all services are over, nothing that is billed waits.
        let over = json!({ "date": "2026-06-15" });
        if run.act("recogniseRevenue", over, "__typename").await.is_some() {
            let waits = r#"{ reports { deferredRevenue(at: "2026-06-15") { deferred tied } } }"#;
            let waits = run.owner().query(waits).await["reports"]["deferredRevenue"].clone();
            assert_eq!(waits, json!({ "deferred": "0.00", "tied": true }));
        }
        run.nothing_is_lost().await;
        let problems = crate::verify::problems(server, &run.firm.tenant.id).await;
        assert!(problems.is_empty(), "{problems:?}");
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
