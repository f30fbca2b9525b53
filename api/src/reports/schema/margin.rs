//! The margin.

use std::collections::HashMap;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, GroupKey};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{
    amount,
    lines::{MarginSide, lines},
    unassigned,
};
use crate::{
    graphql::{Dec, Listed, Paging, complexity},
    ledger::schema::JournalLine,
    reports::service::Books,
    tenancy::TenantScope,
};

/// What a margin is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::MarginGroup")]
pub(crate) enum MarginGroup {
    /// The client.
    Company,
    /// What was sold.
    Service,
    /// Who sold it.
    Seller,
    /// Who worked or spent.
    Employee,
    /// The project.
    Project,
    /// The department.
    Department,
    /// The month.
    Month,
}

/// Figures of a margin.
#[derive(Clone, Debug, SimpleObject)]
pub(crate) struct MarginFigures {
    /// What was earned.
    revenue: Dec,
    /// What it cost.
    cost: Dec,
    /// Revenue less cost.
    margin: Dec,
    /// Margin as a fraction of the revenue, to six decimal places; none without revenue.
    margin_rate: Option<Dec>,
}

impl MarginFigures {
    fn new(figures: &analytics::MarginFigures, currency: &str) -> Self {
        let rate = figures.rate().and_then(|micro| Decimal::try_from_i128_with_scale(micro, 6).ok());
        Self {
            revenue: amount(figures.revenue_minor, currency),
            cost: amount(figures.cost_minor, currency),
            margin: amount(figures.margin_minor, currency),
            margin_rate: rate.map(Dec),
        }
    }
}

/// A row of the margin.
pub(crate) struct MarginRow {
    key: Option<GroupKey>,
    label: String,
    figures: MarginFigures,
    asked: (NaiveDate, NaiveDate, MarginGroup),
    books: Books,
}

#[Object]
impl MarginRow {
    /// The id of what the row is about, or its month ("1996-07"); none for what has no such dimension.
    async fn key(&self) -> Option<String> {
        self.key.map(|key| key.to_string())
    }

    /// Its name.
    async fn label(&self) -> &str {
        &self.label
    }

    /// What was earned.
    async fn revenue(&self) -> Dec {
        self.figures.revenue
    }

    /// What it cost.
    async fn cost(&self) -> Dec {
        self.figures.cost
    }

    /// Revenue less cost.
    async fn margin(&self) -> Dec {
        self.figures.margin
    }

    /// Margin as a fraction of the revenue, to six decimal places; none without revenue.
    async fn margin_rate(&self) -> Option<Dec> {
        self.figures.margin_rate
    }

    /// The lines that make a figure of the row; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        side: MarginSide,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let (from, to, group) = self.asked;
        let figure = Figure::Margin { from, to, group: group.into(), part: self.key.into(), side: side.into() };
        lines(ctx, &self.books, figure, Paging { first, after }).await
    }
}

/// The margin.
#[derive(SimpleObject)]
pub(crate) struct MarginReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// Whether the cost of what was sold on is in the costs. Where it isn't, the margin is before it.
    has_cost_of_goods: bool,
    /// The highest margin first, months in their order; what has no such dimension last.
    rows: Vec<MarginRow>,
    /// All rows together: what the ledger says.
    total: MarginFigures,
}

impl MarginReport {
    pub(super) fn new(
        ctx: &Context<'_>,
        scope: &TenantScope,
        books: Books,
        asked: (NaiveDate, NaiveDate, MarginGroup),
        report: analytics::MarginReport,
        labels: &HashMap<Uuid, String>,
        has_cost_of_goods: bool,
    ) -> Self {
        let currency = scope.base_currency();
        let row = |row: analytics::MarginRow| MarginRow {
            label: match row.key {
                Some(GroupKey::Id(id)) => labels.get(&id).cloned().unwrap_or_default(),
                Some(month @ GroupKey::Month(_)) => month.to_string(),
                None => unassigned(ctx),
            },
            key: row.key,
            figures: MarginFigures::new(&row.figures, currency),
            asked,
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            has_cost_of_goods,
            total: MarginFigures::new(&report.total, currency),
            rows: report.rows.into_iter().map(row).collect(),
            currency: currency.to_owned(),
        }
    }
}

/// The id that a key holds, unless it's a month.
pub(super) const fn id(key: Option<GroupKey>) -> Option<Uuid> {
    match key {
        Some(GroupKey::Id(id)) => Some(id),
        _ => None,
    }
}
