//! Cost by cost centre.

use std::collections::HashMap;

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Figure, GroupKey};
use kamara_entities::CostCentreId;
use uuid::Uuid;

use super::{amount, lines::lines, unassigned};
use crate::{
    graphql::{Dec, Id, Listed, Paging, complexity},
    ledger::schema::JournalLine,
    reports::service::Books,
    tenancy::TenantScope,
};

/// A row of the costs.
pub(crate) struct CostCentreRow {
    key: Option<Uuid>,
    label: String,
    cost: Dec,
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

    /// What it cost.
    async fn cost(&self) -> Dec {
        self.cost
    }

    /// The lines that make the cost; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let (from, to) = self.asked;
        let figure = Figure::CostCentre { from, to, part: self.key.map(GroupKey::Id).into() };
        lines(ctx, &self.books, figure, Paging { first, after }).await
    }
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
    /// The highest cost first; costs without a cost centre last.
    rows: Vec<CostCentreRow>,
    /// All rows together.
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
        let row = |row: analytics::CostCentreRow| CostCentreRow {
            label: row.key.map_or_else(|| unassigned(ctx), |id| labels.get(&id).cloned().unwrap_or_default()),
            key: row.key,
            cost: amount(row.cost_minor, currency),
            asked,
            books: books.clone(),
        };
        Self {
            as_of: report.as_of_seq,
            rows: report.rows.into_iter().map(row).collect(),
            total: CostCentreTotal { cost: amount(report.total_minor, currency) },
            currency: currency.to_owned(),
        }
    }
}
