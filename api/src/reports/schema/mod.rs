//! Reports, as the API shows them. Amounts are in the base currency of the tenant.

mod aged;
mod balance_sheet;
mod budget;
mod cash_flow;
mod client_statement;
mod cost_centres;
mod deferred_revenue;
mod general_ledger;
mod lines;
mod margin;
mod part;
mod profit_and_loss;
mod tax;
mod trial_balance;

use async_graphql::{Context, Object, Result};
use kamara_analytics::Control;
use kamara_entities::{AccountId, BudgetId, CompanyId, Language, account};

use self::{
    aged::AgedReport,
    balance_sheet::BalanceSheetReport,
    budget::{BudgetGroup, BudgetReport},
    cash_flow::{CashFlowReport, Interval},
    client_statement::ClientStatement,
    cost_centres::CostCentreReport,
    deferred_revenue::DeferredRevenueReport,
    general_ledger::GeneralLedgerReport,
    margin::{MarginGroup, MarginReport},
    part::DimensionFilter,
    profit_and_loss::{Comparison, ProfitAndLossReport},
    tax::TaxReport,
    trial_balance::TrialBalanceReport,
};
use super::{
    expected,
    service::{self, Books},
    tax::tax_report,
};
use crate::{
    finance::service::client_statement::client_statement,
    graphql::{Can, Date, Dec, Id, Paging, complexity, request},
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
        let open = expected::open_items(&scope).await?;
        let report = books.cash_flow(open, scope.today(), from.0, to.0, interval.into()).await?;
        Ok(CashFlowReport::new(ctx, &scope, books, report))
    }

    /// What each tax comes to, from one day to another, both included; and that it's what the ledger says.
    async fn tax_report(&self, ctx: &Context<'_>, from: Date, to: Date) -> Result<TaxReport> {
        let scope = request(ctx).read().await?;
        let report = tax_report(&scope, from.0, to.0).await?;
        Ok(TaxReport { report, from: from.0, to: to.0, currency: scope.base_currency().to_owned() })
    }

    /// What is billed and not earned, and what is earned and not billed, as the ledger has it at the end of a day.
    async fn deferred_revenue(&self, ctx: &Context<'_>, at: Date) -> Result<DeferredRevenueReport> {
        deferred_revenue::report(&request(ctx).read().await?, at.0).await
    }

    /// What stands on each account at the end of a day. Closing entries count here: after a year's close its income and
    /// expenses stand at nothing.
    async fn trial_balance(
        &self,
        ctx: &Context<'_>,
        at: Date,
        #[graphql(default)] dimension: DimensionFilter,
    ) -> Result<TrialBalanceReport> {
        let (scope, books) = open(ctx).await?;
        let asked = (at.0, dimension.slice(&scope).await?);
        let report = books.trial_balance(asked.0, asked.1.clone()).await?;
        Ok(TrialBalanceReport::new(&scope, &books, asked, report))
    }

    /// Income and expenses from one day to another, both included, beside those of an earlier range. Closing entries are left
    /// out.
    async fn profit_and_loss(
        &self,
        ctx: &Context<'_>,
        from: Date,
        to: Date,
        compare: Option<Comparison>,
        #[graphql(default)] dimension: DimensionFilter,
    ) -> Result<ProfitAndLossReport> {
        let (scope, books) = open(ctx).await?;
        let (range, slice) = ((from.0, to.0), dimension.slice(&scope).await?);
        let report = books.profit_and_loss(range, compare.map(Into::into), slice.clone()).await?;
        Ok(ProfitAndLossReport::new(&scope, books, range, slice, report))
    }

    /// Assets, liabilities and equity at the end of a day; the result of the years that aren't closed is a row of its own.
    async fn balance_sheet(
        &self,
        ctx: &Context<'_>,
        at: Date,
        #[graphql(default)] dimension: DimensionFilter,
    ) -> Result<BalanceSheetReport> {
        let (scope, books) = open(ctx).await?;
        let asked = (at.0, dimension.slice(&scope).await?);
        let report = books.balance_sheet(asked.0, asked.1.clone()).await?;
        Ok(BalanceSheetReport::new(&scope, &books, asked, report))
    }

    /// What clients owe at the end of a day, by how long it is overdue.
    async fn aged_receivables(
        &self,
        ctx: &Context<'_>,
        at: Date,
        #[graphql(default)] dimension: DimensionFilter,
    ) -> Result<AgedReport> {
        aged(ctx, Control::Receivable, at, dimension).await
    }

    /// What is owed to suppliers at the end of a day, by how long it is overdue.
    async fn aged_payables(
        &self,
        ctx: &Context<'_>,
        at: Date,
        #[graphql(default)] dimension: DimensionFilter,
    ) -> Result<AgedReport> {
        aged(ctx, Control::Payable, at, dimension).await
    }

    /// What a client was billed and paid from one day to another, both included, with what is owed after each.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn client_statement(
        &self,
        ctx: &Context<'_>,
        company_id: Id<CompanyId>,
        from: Date,
        to: Date,
    ) -> Result<ClientStatement> {
        let scope = request(ctx).read().await?;
        let told = client_statement(&scope, company_id.0, from.0, to.0).await?;
        Ok(ClientStatement::new(&scope, told, from.0, to.0))
    }

    /// What happened on an account from one day to another, both included, with its balance after each line.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of a field")]
    async fn general_ledger(
        &self,
        ctx: &Context<'_>,
        account_id: Id<AccountId>,
        from: Date,
        to: Date,
        #[graphql(default)] dimension: DimensionFilter,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<GeneralLedgerReport> {
        let (scope, books) = open(ctx).await?;
        let account = scope.referred::<account::Entity>("accountId", account_id.0).await?;
        let slice = dimension.slice(&scope).await?;
        let report = books.general_ledger(account.id, (from.0, to.0), slice).await?;
        GeneralLedgerReport::new(&scope, account, report, Paging { first, after }).await
    }
}

async fn aged(ctx: &Context<'_>, control: Control, at: Date, dimension: DimensionFilter) -> Result<AgedReport> {
    let (scope, books) = open(ctx).await?;
    let slice = dimension.slice(&scope).await?;
    let aged = books.aged(&scope, control, at.0, slice.clone()).await?;
    Ok(AgedReport::new(&scope, books, control, (at.0, slice), aged))
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
