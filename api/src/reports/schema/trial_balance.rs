//! The trial balance.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, Slice};
use kamara_entities::{AccountId, account};

use super::{amount, lines::lines};
use crate::{
    graphql::{Date, Dec, Listed, Loading, Paging, complexity},
    ledger::schema::{Account, JournalLine},
    reports::service::Books,
    tenancy::TenantScope,
};

/// One account's balance, on the side where it stands.
pub(crate) struct TrialBalanceRow {
    row: analytics::TrialBalanceRow,
    currency: String,
    asked: (NaiveDate, Slice),
    books: Books,
}

#[Object]
impl TrialBalanceRow {
    /// The account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(AccountId(self.row.account)).await?))
    }

    /// Its balance, if that's a debit; else zero.
    async fn debit(&self) -> Dec {
        amount(self.row.debit_minor, &self.currency)
    }

    /// Its balance, if that's a credit; else zero.
    async fn credit(&self) -> Dec {
        amount(self.row.credit_minor, &self.currency)
    }

    /// The lines that make the balance; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let (at, slice) = self.asked.clone();
        let figure = Figure::Balance { account: self.row.account, at, slice };
        lines(ctx, &self.books, figure, Paging { first, after }).await
    }
}

/// All rows together.
#[derive(SimpleObject)]
pub(crate) struct TrialBalanceTotal {
    /// All debits.
    debit: Dec,
    /// All credits: as much as the debits, unless only a part of the ledger was asked for.
    credit: Dec,
}

/// What stands on each account at the end of a day.
#[derive(SimpleObject)]
pub(crate) struct TrialBalanceReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// The day.
    at: Date,
    /// Accounts with a balance, by code.
    rows: Vec<TrialBalanceRow>,
    /// All rows together.
    total: TrialBalanceTotal,
}

impl TrialBalanceReport {
    pub(super) fn new(
        scope: &TenantScope,
        books: &Books,
        (at, slice): (NaiveDate, Slice),
        report: analytics::TrialBalance,
    ) -> Self {
        let currency = scope.base_currency();
        let row = |row| TrialBalanceRow {
            row,
            currency: currency.to_owned(),
            asked: (at, slice.clone()),
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            at: Date(at),
            total: TrialBalanceTotal {
                debit: amount(report.debit_minor, currency),
                credit: amount(report.credit_minor, currency),
            },
            rows: report.rows.into_iter().map(row).collect(),
            currency: currency.to_owned(),
        }
    }
}
