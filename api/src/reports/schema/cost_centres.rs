//! Cost by cost centre.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, GroupKey};
use kamara_entities::CostCentreId;
use uuid::Uuid;

use super::{
    amount,
    lines::{lines, lines_of_all},
    unassigned,
};
use crate::{
    graphql::{Dec, Id, Listed, Paging, complexity},
    ledger::schema::JournalLine,
    reports::service::Books,
    tenancy::TenantScope,
};

/// A row of the costs.
pub(crate) struct CostCentreRow {
    key: Option<Uuid>,
    parent: Option<Uuid>,
    depth: usize,
    label: String,
    cost: Dec,
    total_cost: Dec,
    /// It and its parts.
    subtree: Vec<Option<Uuid>>,
    asked: (NaiveDate, NaiveDate),
    books: Books,
}

#[Object]
impl CostCentreRow {
    /// The cost centre; none for costs without one.
    async fn key(&self) -> Option<Id<CostCentreId>> {
        self.key.map(|id| Id(CostCentreId(id)))
    }

    /// Its name.
    async fn label(&self) -> &str {
        &self.label
    }

    /// The cost centre that it's a part of.
    async fn parent(&self) -> Option<Id<CostCentreId>> {
        self.parent.map(|id| Id(CostCentreId(id)))
    }

    /// How many cost centres it's a part of.
    async fn depth(&self) -> usize {
        self.depth
    }

    /// What it cost itself.
    async fn cost(&self) -> Dec {
        self.cost
    }

    /// What it cost with all of its parts.
    async fn total_cost(&self) -> Dec {
        self.total_cost
    }

    /// The lines that make the cost; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        lines(ctx, &self.books, self.figure(self.key), Paging { first, after }).await
    }

    /// The lines that make the cost with all of its parts; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn total_lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let figures = self.subtree.iter().map(|key| self.figure(*key)).collect();
        lines_of_all(ctx, &self.books, figures, Paging { first, after }).await
    }
}

impl CostCentreRow {
    fn figure(&self, key: Option<Uuid>) -> Figure {
        let (from, to) = self.asked;
        Figure::CostCentre { from, to, part: key.map(GroupKey::Id).into() }
    }
}

/// A row's key and those of the rows beneath it, which follow it directly.
fn subtree(rows: &[analytics::CostCentreRow], at: usize) -> Vec<Option<Uuid>> {
    let beneath = rows[at + 1..].iter().take_while(|row| row.depth > rows[at].depth);
    std::iter::once(&rows[at]).chain(beneath).map(|row| row.key).collect()
}

/// All costs.
#[derive(SimpleObject)]
pub(crate) struct CostCentreTotal {
    /// What it cost: what the ledger says.
    cost: Dec,
}

/// Cost by cost centre.
#[derive(SimpleObject)]
pub(crate) struct CostCentreReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// Each followed by its parts, the highest cost first; costs without a cost centre last.
    rows: Vec<CostCentreRow>,
    /// The rows' own costs together.
    total: CostCentreTotal,
}

impl CostCentreReport {
    pub(super) fn new(
        ctx: &Context<'_>,
        scope: &TenantScope,
        books: Books,
        asked: (NaiveDate, NaiveDate),
        report: analytics::CostCentreReport,
        labels: &HashMap<Uuid, String>,
    ) -> Self {
        let currency = scope.base_currency();
        let row = |(at, row): (usize, &analytics::CostCentreRow)| CostCentreRow {
            subtree: subtree(&report.rows, at),
            parent: row.parent,
            depth: row.depth,
            total_cost: amount(row.total_minor, currency),
            label: row.key.map_or_else(|| unassigned(ctx), |id| labels.get(&id).cloned().unwrap_or_default()),
            key: row.key,
            cost: amount(row.cost_minor, currency),
            asked,
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            rows: report.rows.iter().enumerate().map(row).collect(),
            total: CostCentreTotal { cost: amount(report.total_minor, currency) },
            currency: currency.to_owned(),
        }
    }
}
