//! The balance sheet.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, Slice};
use kamara_entities::{AccountId, Language, account};

use super::{amount, lines::lines};
use crate::{
    graphql::{Date, Dec, Listed, Loading, Paging, complexity, request},
    ledger::schema::{Account, JournalLine},
    reports::service::Books,
    tenancy::TenantScope,
};

/// A row of the balance sheet.
pub(crate) struct BalanceSheetRow {
    row: analytics::BalanceSheetRow,
    currency: String,
    asked: (NaiveDate, Slice),
    books: Books,
}

#[Object]
impl BalanceSheetRow {
    /// The account; none for the result of the years that aren't closed yet.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        Ok(ctx.row_if_any::<account::Entity>(self.row.account.map(AccountId)).await?.map(Account))
    }

    /// The account's name, or words for the result of the years that aren't closed yet.
    async fn label(&self, ctx: &Context<'_>) -> Result<String> {
        let account = ctx.row_if_any::<account::Entity>(self.row.account.map(AccountId)).await?;
        Ok(account.map_or_else(
            || match request(ctx).language() {
                Language::En => "Result of open years".to_owned(),
                Language::Ka => "დაუხურავი წლების შედეგი".to_owned(),
            },
            |account| account.name,
        ))
    }

    /// Assets positive as debits; liabilities, equity and a profit positive as credits.
    async fn balance(&self) -> Dec {
        amount(self.row.balance_minor, &self.currency)
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
        let figure = match self.row.account {
            Some(account) => Figure::Balance { account, at, slice },
            None => Figure::UnclosedResult { at, slice },
        };
        lines(ctx, &self.books, figure, Paging { first, after }).await
    }
}

/// What there is, and whose it is.
#[derive(SimpleObject)]
pub(crate) struct BalanceSheetReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// The day.
    at: Date,
    /// Accounts with a balance, by code; the result of the years that aren't closed yet comes last.
    rows: Vec<BalanceSheetRow>,
    /// All assets.
    assets: Dec,
    /// All liabilities.
    liabilities: Dec,
    /// All equity, with the result of the years that aren't closed yet.
    equity: Dec,
    /// Whether assets equal liabilities and equity: always, unless only a part of the ledger was asked for.
    balanced: bool,
}

impl BalanceSheetReport {
    pub(super) fn new(
        scope: &TenantScope,
        books: &Books,
        (at, slice): (NaiveDate, Slice),
        report: analytics::BalanceSheet,
    ) -> Self {
        let currency = scope.base_currency();
        let row = |row| BalanceSheetRow {
            row,
            currency: currency.to_owned(),
            asked: (at, slice.clone()),
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            at: Date(at),
            rows: report.rows.into_iter().map(row).collect(),
            assets: amount(report.assets_minor, currency),
            liabilities: amount(report.liabilities_minor, currency),
            equity: amount(report.equity_minor, currency),
            balanced: report.balanced,
            currency: currency.to_owned(),
        }
    }
}
