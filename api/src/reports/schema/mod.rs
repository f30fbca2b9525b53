//! Reports, as the API shows them. Amounts are in the base currency of the tenant.

mod budget;
mod cash_flow;
mod cost_centres;
mod lines;
mod margin;

use async_graphql::{Context, Object, Result};
use kamara_entities::{BudgetId, Language};

use self::{
    budget::{BudgetGroup, BudgetReport},
    cash_flow::{CashFlowReport, Interval},
    cost_centres::CostCentreReport,
    margin::{MarginGroup, MarginReport},
};
use super::service::{self, Books};
use crate::{
    graphql::{Can, Date, Dec, Id, request},
    identity::Permission,
    ledger::CostCentreTree,
    money,
};

/// Asking for reports.
#[derive(Default)]
pub(crate) struct ReportsQuery;

#[Object]
impl ReportsQuery {
    /// What the ledger says, as of its newest entry.
    #[graphql(guard = "Can(Permission::ReportsRead)")]
    async fn reports(&self) -> Reports {
        Reports
    }
}

/// What the ledger says.
pub(crate) struct Reports;

#[Object]
impl Reports {
    /// Revenue, cost and margin, from one day to another, both included. What has no such dimension is a row of its own, so that
    /// the rows always add up to the ledger.
    async fn margin(&self, ctx: &Context<'_>, from: Date, to: Date, group_by: MarginGroup) -> Result<MarginReport> {
        let (scope, books) = open(ctx).await?;
        let report = books.margin(from.0, to.0, group_by.into()).await?;
        let ids = report.rows.iter().filter_map(|row| margin::id(row.key)).collect();
        let labels = service::labels(&scope, group_by.into(), ids).await?;
        let cost_of_goods = service::has_cost_of_sales(&scope, from.0, to.0).await?;
        Ok(MarginReport::new(ctx, &scope, books, (from.0, to.0, group_by), report, &labels, cost_of_goods))
    }

    /// Cost by cost centre, from one day to another, both included: its own, and with all of its parts.
    async fn cost_centres(&self, ctx: &Context<'_>, from: Date, to: Date) -> Result<CostCentreReport> {
        let (scope, books) = open(ctx).await?;
        let tree = CostCentreTree::load(&scope).await?;
        let report = books.cost_centres(&tree, from.0, to.0).await?;
        let labels =
            service::cost_centre_labels(&scope, report.rows.iter().filter_map(|row| row.key).collect()).await?;
        Ok(CostCentreReport::new(ctx, &scope, books, (from.0, to.0), report, &labels))
    }

    /// What was spent and earned against the budget, month by month, from one day to another, both included: that of a budget,
    /// else of the one in force on the first day.
    async fn budget(
        &self,
        ctx: &Context<'_>,
        from: Date,
        to: Date,
        #[graphql(default_with = "BudgetGroup::Account")] group_by: BudgetGroup,
        budget_id: Option<Id<BudgetId>>,
    ) -> Result<BudgetReport> {
        budget::report(ctx, (from.0, to.0), group_by.into(), budget_id.map(|id| id.0)).await
    }

    /// Money that came in and went out, up to today; and from today on what is due, with what is overdue in a row of its own.
    async fn cash_flow(
        &self,
        ctx: &Context<'_>,
        from: Date,
        to: Date,
        #[graphql(default_with = "Interval::Month")] interval: Interval,
    ) -> Result<CashFlowReport> {
        let (scope, books) = open(ctx).await?;
        let open = service::open_items(&scope).await?;
        let report = books.cash_flow(open, scope.today(), from.0, to.0, interval.into()).await?;
        Ok(CashFlowReport::new(ctx, &scope, books, report))
    }
}

type Scope = std::sync::Arc<crate::tenancy::TenantScope>;

async fn open(ctx: &Context<'_>) -> Result<(Scope, Books)> {
    let scope = request(ctx).read().await?;
    let books = Books::load(&request(ctx).app().snapshots, &scope).await?;
    Ok((scope, books))
}

/// The name of the row of what has no such dimension.
fn unassigned(ctx: &Context<'_>) -> String {
    match request(ctx).language() {
        Language::En => "Unassigned".to_owned(),
        Language::Ka => "მიუკუთვნებელი".to_owned(),
    }
}

fn amount(minor: i64, currency: &str) -> Dec {
    Dec(money::from_minor(minor, currency))
}
