//! Profit and loss.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, Slice};
use kamara_entities::{AccountId, account};
use uuid::Uuid;

use super::{amount, lines::lines};
use crate::{
    graphql::{Date, Dec, Listed, Loading, Paging, complexity},
    ledger::schema::{Account, JournalLine},
    reports::service::Books,
    tenancy::TenantScope,
};

/// What a result is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::Comparison")]
pub(crate) enum Comparison {
    /// The days right before: as many months, where whole months are asked for; else as many days.
    PreviousPeriod,
    /// The same days a year before.
    PreviousYear,
}

/// What was asked, and where its lines are.
#[derive(Clone)]
struct Asked {
    range: (NaiveDate, NaiveDate),
    compared: Option<(NaiveDate, NaiveDate)>,
    slice: Slice,
    books: Books,
}

impl Asked {
    async fn lines(
        &self,
        ctx: &Context<'_>,
        account: Option<Uuid>,
        previous: bool,
        paging: Paging,
    ) -> Result<Option<Listed<JournalLine>>> {
        let range = if previous { self.compared } else { Some(self.range) };
        let Some((from, to)) = range else { return Ok(Some(crate::graphql::list::empty(false, 0))) };
        let figure = Figure::Result { from, to, account, slice: self.slice.clone() };
        lines(ctx, &self.books, figure, paging).await
    }
}

/// One account's part of the result.
pub(crate) struct ProfitAndLossRow {
    row: analytics::ProfitAndLossRow,
    currency: String,
    asked: Asked,
}

#[Object]
impl ProfitAndLossRow {
    /// The account, of income or expense.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(AccountId(self.row.account)).await?))
    }

    /// What it took in: income and expense both positive.
    async fn amount(&self) -> Dec {
        amount(self.row.amount_minor, &self.currency)
    }

    /// The same of the days that are compared with.
    async fn previous(&self) -> Option<Dec> {
        self.row.previous_minor.map(|minor| amount(minor, &self.currency))
    }

    /// The lines that make the amount, or the one of the days that are compared with; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] previous: bool,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        self.asked.lines(ctx, Some(self.row.account), previous, Paging { first, after }).await
    }
}

/// A sum of rows.
#[derive(SimpleObject)]
pub(crate) struct ProfitAndLossTotal {
    /// Of the days.
    amount: Dec,
    /// Of the days that are compared with.
    previous: Option<Dec>,
}

/// What is left of the income.
pub(crate) struct ProfitAndLossResult {
    amount: Dec,
    previous: Option<Dec>,
    asked: Asked,
}

#[Object]
impl ProfitAndLossResult {
    /// Income less expenses.
    async fn amount(&self) -> Dec {
        self.amount
    }

    /// The same of the days that are compared with.
    async fn previous(&self) -> Option<Dec> {
        self.previous
    }

    /// The lines that make it; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(default)] previous: bool,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        self.asked.lines(ctx, None, previous, Paging { first, after }).await
    }
}

/// What was earned and spent. Closing entries are left out: they would take back what the year earned.
#[derive(SimpleObject)]
pub(crate) struct ProfitAndLossReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// The first of the days that are compared with.
    previous_from: Option<Date>,
    /// The last of the days that are compared with.
    previous_to: Option<Date>,
    /// Accounts with an amount, by code.
    rows: Vec<ProfitAndLossRow>,
    /// All income.
    income: ProfitAndLossTotal,
    /// All expenses.
    expenses: ProfitAndLossTotal,
    /// Income less expenses.
    result: ProfitAndLossResult,
}

impl ProfitAndLossReport {
    pub(super) fn new(
        scope: &TenantScope,
        books: Books,
        range: (NaiveDate, NaiveDate),
        slice: Slice,
        report: analytics::ProfitAndLoss,
    ) -> Self {
        let currency = scope.base_currency();
        let asked = Asked { range, compared: report.compared, slice, books };
        let figure = |of: fn(&analytics::ResultFigures) -> i64| {
            (amount(of(&report.total), currency), report.previous.as_ref().map(|sum| amount(of(sum), currency)))
        };
        let total = |of| {
            let (amount, previous) = figure(of);
            ProfitAndLossTotal { amount, previous }
        };
        let (income, expenses) = (total(|sum| sum.income_minor), total(|sum| sum.expense_minor));
        let (result, previous) = figure(|sum| sum.result_minor);
        let row = |row| ProfitAndLossRow { row, currency: currency.to_owned(), asked: asked.clone() };
        Self {
            as_of: report.as_of_seq,
            previous_from: report.compared.map(|(from, _)| Date(from)),
            previous_to: report.compared.map(|(_, to)| Date(to)),
            rows: report.rows.into_iter().map(row).collect(),
            income,
            expenses,
            currency: currency.to_owned(),
            result: ProfitAndLossResult { amount: result, previous, asked },
        }
    }
}
