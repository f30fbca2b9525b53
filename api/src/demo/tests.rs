//! Two demos of one seed and date are the same, and the books are as they should be.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{AccountRole, journal_entry, journal_line};
use sea_orm::QueryOrder as _;
use uuid::Uuid;

use super::*;
use crate::{
    ledger::Accounts,
    server::{MigrateOptions, migrate},
    tenancy::{Access, service::named},
};

/// A database file that goes when the test is over.
struct File(std::path::PathBuf);

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn demo() -> Demo {
    let date = "2026-11-24".parse().unwrap();
    Demo { seed: 1, date, email: EMAIL.to_owned(), password: PASSWORD.to_owned(), files: None }
}

/// What the ledger has in it.
#[derive(Debug, PartialEq, Eq)]
struct Books {
    summary: Summary,
    /// By account.
    balances: BTreeMap<String, i64>,
    /// Money at the end of each month.
    cash: BTreeMap<String, i64>,
    /// Ids, texts and dates of all entries, in their order.
    entries: Vec<(Uuid, NaiveDate, String)>,
}

async fn books() -> Books {
    let folder = File(std::env::temp_dir().join(format!("kamara-demo-{}", Uuid::new_v4())));
    let url = format!("sqlite://{}", folder.0.join("kamara.db").display());
    std::fs::create_dir_all(&folder.0).unwrap();
    migrate(&url, &MigrateOptions::default()).await.unwrap();
    let db = Db::connect(&url, 2).await.unwrap();
    let Outcome::Made(summary) = Box::pin(make(&db, &demo())).await.unwrap() else { panic!("a fresh database") };
    assert!(matches!(Box::pin(make(&db, &demo())).await.unwrap(), Outcome::ThereAlready));

    let access = Access::of_operator(named(&db, COMPANY).await.unwrap(), "test");
    let scope = access.read(&db, &Env::system()).await.unwrap();
    let accounts = Accounts::load(&scope).await.unwrap();
    let lines = scope.all(scope.find::<journal_line::Entity>()).await.unwrap();
    let (mut balances, mut flows, mut by_entry) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for line in &lines {
        let account = accounts.get(line.account_id).unwrap();
        *balances.entry(account.code.clone()).or_default() += line.base_minor;
        *by_entry.entry(line.entry_id).or_insert(0) += line.base_minor;
        if matches!(account.role, Some(AccountRole::Bank | AccountRole::Cash)) {
            *flows.entry(line.date.format("%Y-%m").to_string()).or_insert(0) += line.base_minor;
        }
    }
    assert!(by_entry.values().all(|sum| *sum == 0), "every entry balances");
    let mut balance = 0;
    let cash = flows.into_iter().map(|(month, flow)| {
        balance += flow;
        (month, balance)
    });
    let cash = cash.collect();
    let entries = scope.find::<journal_entry::Entity>().order_by_asc(journal_entry::Column::Seq);
    let entries = scope.all(entries).await.unwrap();
    let entries = entries.into_iter().map(|entry| (entry.id.0, entry.date, entry.description)).collect();
    scope.commit().await.unwrap();
    db.close().await.unwrap();
    Books { summary, balances, cash, entries }
}

#[tokio::test]
async fn two_demos_of_one_seed_are_the_same() {
    let (one, other) = (books().await, books().await);
    assert_eq!(one.summary, other.summary);
    assert_eq!(one.balances, other.balances);
    assert_eq!(one, other, "ids and texts too");
    assert_eq!(one.balances.values().sum::<i64>(), 0, "debit and credit are equal");
    assert_eq!(one.cash.len(), 25, "money moves in every month");
    assert!(one.cash.values().all(|balance| *balance > 0), "there's always money in the bank: {:?}", one.cash);
    assert!(one.entries.iter().all(|(_, date, _)| *date <= demo().date), "nothing is posted ahead");
}
