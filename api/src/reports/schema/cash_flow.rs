//! The cash flow.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use kamara_analytics::{self as analytics, Figure};
use kamara_entities::Language;

use super::{
    amount,
    lines::{CashSide, lines},
};
use crate::{
    graphql::{Date, Dec, Listed, Paging, complexity, request},
    ledger::schema::JournalLine,
    reports::service::Books,
    tenancy::TenantScope,
};

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::Interval")]
pub(crate) enum Interval {
    /// A day.
    Day,
    /// A week, from Monday (ISO 8601).
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// A year.
    Year,
}

/// What a row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::CashFlowKind")]
pub(crate) enum CashFlowKind {
    /// What came and went, up to today.
    Actual,
    /// What was due before today and is still open.
    Overdue,
    /// What is due, from today on.
    Forecast,
}

/// A period's cash flow.
pub(crate) struct CashFlowRow {
    row: analytics::CashFlowRow,
    period: String,
    currency: String,
    books: Books,
}

#[Object]
impl CashFlowRow {
    /// The period: "1996-07" for a month. What is overdue has a word instead.
    async fn period(&self) -> &str {
        &self.period
    }

    /// What the row tells of.
    async fn kind(&self) -> CashFlowKind {
        self.row.kind.into()
    }

    /// The first day that it tells of; none for what is overdue.
    async fn from(&self) -> Option<Date> {
        self.row.period.as_ref().map(|period| Date(period.from))
    }

    /// The last day that it tells of; none for what is overdue.
    async fn to(&self) -> Option<Date> {
        self.row.period.as_ref().map(|period| Date(period.to))
    }

    /// What came or comes in.
    async fn inflow(&self) -> Dec {
        amount(self.row.figures.inflow_minor, &self.currency)
    }

    /// What went or goes out.
    async fn outflow(&self) -> Dec {
        amount(self.row.figures.outflow_minor, &self.currency)
    }

    /// Inflow less outflow.
    async fn net(&self) -> Dec {
        amount(self.row.figures.net_minor, &self.currency)
    }

    /// What is there at the end of it.
    async fn balance(&self) -> Dec {
        amount(self.row.figures.balance_minor, &self.currency)
    }

    /// The lines that make a figure of the row; none for who may not see the ledger. What is only due has no lines yet.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        side: CashSide,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let Some((from, to)) = self.row.posted else { return Ok(Some(crate::graphql::list::empty(false, 0))) };
        let figure = Figure::Cash { from, to, side: side.into() };
        lines(ctx, &self.books, figure, Paging { first, after }).await
    }
}

/// All rows together.
#[derive(SimpleObject)]
pub(crate) struct CashFlowTotal {
    /// What came or comes in.
    inflow: Dec,
    /// What went or goes out.
    outflow: Dec,
    /// Inflow less outflow.
    net: Dec,
    /// What is there at the end.
    balance: Dec,
}

/// The cash flow.
#[derive(SimpleObject)]
pub(crate) struct CashFlowReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// The day that divides what was from what will be.
    today: Date,
    /// What was there before the first day.
    opening: Dec,
    /// The periods in their order; what is overdue comes between what was and what will be.
    rows: Vec<CashFlowRow>,
    /// All rows together.
    total: CashFlowTotal,
}

impl CashFlowReport {
    pub(super) fn new(ctx: &Context<'_>, scope: &TenantScope, books: Books, report: analytics::CashFlowReport) -> Self {
        let currency = scope.base_currency();
        let overdue = match request(ctx).language() {
            Language::En => "Overdue",
            Language::Ka => "ვადაგადაცილებული",
        };
        let row = |row: analytics::CashFlowRow| CashFlowRow {
            period: row.period.as_ref().map_or_else(|| overdue.to_owned(), ToString::to_string),
            row,
            currency: currency.to_owned(),
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            today: Date(scope.today()),
            opening: amount(report.opening_minor, currency),
            total: CashFlowTotal {
                inflow: amount(report.total.inflow_minor, currency),
                outflow: amount(report.total.outflow_minor, currency),
                net: amount(report.total.net_minor, currency),
                balance: amount(report.total.balance_minor, currency),
            },
            rows: report.rows.into_iter().map(row).collect(),
            currency: currency.to_owned(),
        }
    }
}
