//! From the scope's data to a report, and from its keys to names.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use kamara_analytics::{
    self as analytics, AccountKind, BudgetCut, CashFlowReport, Control, CostCentreReport, Figure, Interval,
    LedgerFrame, MarginGroup, MarginReport, MonthSums, OpenItem, ReportError,
};
use kamara_entities::{
    AccountRole, AccountType, RecordId, TenantEntity, account, company, cost_centre, department, employee,
    journal_line, project, service,
};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::Snapshots;
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, CostCentreTree, accounts::is_money},
    messages,
    tenancy::TenantScope,
};

/// What a report is computed from.
#[derive(Clone)]
pub struct Books {
    frame: LedgerFrame,
    accounts: Arc<[analytics::Account]>,
}

impl Books {
    /// The scope's ledger and accounts, as of its newest entry.
    pub async fn load(snapshots: &Snapshots, scope: &TenantScope) -> Result<Self> {
        let frame = snapshots.ledger(scope).await?;
        let accounts = Accounts::load(scope).await?;
        Ok(Self { frame, accounts: accounts.iter().map(account_of).collect() })
    }

    /// Computes off the threads that serve requests.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        report: impl FnOnce(&LedgerFrame, &[analytics::Account]) -> Result<T, ReportError> + Send + 'static,
    ) -> Result<T> {
        let books = self.clone();
        let done = tokio::task::spawn_blocking(move || report(&books.frame, &books.accounts)).await;
        done.map_err(Error::internal)?.map_err(told)
    }

    /// The margin, by what is chosen.
    pub async fn margin(&self, from: NaiveDate, to: NaiveDate, group: MarginGroup) -> Result<MarginReport> {
        self.compute(move |frame, accounts| analytics::margin(frame, accounts, from, to, group)).await
    }

    /// The cost, by cost centre.
    pub async fn cost_centres(
        &self,
        tree: &CostCentreTree,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<CostCentreReport> {
        let parents: HashMap<Uuid, Uuid> = tree.parents().map(|(part, whole)| (part.0, whole.0)).collect();
        self.compute(move |frame, accounts| analytics::cost_centres(frame, accounts, &parents, from, to)).await
    }

    /// The cash flow: what was, and what is due.
    pub async fn cash_flow(
        &self,
        open: Vec<OpenItem>,
        today: NaiveDate,
        from: NaiveDate,
        to: NaiveDate,
        interval: Interval,
    ) -> Result<CashFlowReport> {
        self.compute(move |frame, accounts| analytics::cash_flow(frame, accounts, &open, today, from, to, interval))
            .await
    }

    /// What was spent or earned, by month.
    pub async fn month_sums(&self, from: NaiveDate, to: NaiveDate, cut: BudgetCut) -> Result<MonthSums> {
        self.compute(move |frame, accounts| analytics::month_sums(frame, accounts, from, to, cut)).await
    }

    /// Whether an account is one of expense.
    #[must_use]
    pub fn is_expense(&self, id: Uuid) -> bool {
        self.accounts.iter().any(|account| account.id == id && account.kind == AccountKind::Expense)
    }

    /// The lines behind a figure, or behind several that add up to one, in the order of the ledger.
    pub async fn lines_of(&self, figures: Vec<Figure>) -> Result<Vec<Uuid>> {
        self.compute(move |frame, accounts| match figures.as_slice() {
            [figure] => analytics::lines_of(frame, accounts, figure.clone()),
            figures => analytics::lines_of_all(frame, accounts, figures),
        })
        .await
    }
}

fn account_of(row: &account::Model) -> analytics::Account {
    let kind = match row.account_type {
        AccountType::Asset => AccountKind::Asset,
        AccountType::Liability => AccountKind::Liability,
        AccountType::Equity => AccountKind::Equity,
        AccountType::Income => AccountKind::Income,
        AccountType::Expense => AccountKind::Expense,
    };
    let control = match row.role {
        Some(AccountRole::Receivable) => Some(Control::Receivable),
        Some(AccountRole::Payable) => Some(Control::Payable),
        _ => None,
    };
    analytics::Account { id: row.id.0, kind, cash: is_money(row), control }
}

/// What a caller can mend is told; the rest is ours.
fn told(error: ReportError) -> Error {
    match error {
        ReportError::EmptyRange { .. } => Error::invalid("from", messages::from_after_to()),
        ReportError::TooManyPeriods { max } => Error::invalid(
            "interval",
            Text::new(
                format!("At most {max} periods: choose a longer interval or fewer days."),
                format!("არაუმეტეს {max} პერიოდისა: აირჩიეთ უფრო გრძელი ინტერვალი ან ნაკლები დღე."),
            ),
        ),
        other => Error::internal(other),
    }
}

/// Whether the cost of what was sold on is in the costs of these days: where it isn't, a margin is before it.
pub async fn has_cost_of_sales(scope: &TenantScope, from: NaiveDate, to: NaiveDate) -> Result<bool> {
    use journal_line::Column as C;
    let accounts = scope.find::<account::Entity>().filter(account::Column::Role.eq(AccountRole::CostOfSales));
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::AccountId.in_subquery(accounts.select_only().column(account::Column::Id).into_query()))
        .filter(C::Date.between(from, to))
        .limit(1);
    Ok(scope.first(select).await?.is_some())
}

/// The names of what a report is grouped by.
pub async fn labels(scope: &TenantScope, group: MarginGroup, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    match group {
        MarginGroup::Company => names::<company::Entity>(scope, ids, |row| row.name).await,
        MarginGroup::Service => names::<service::Entity>(scope, ids, |row| row.name).await,
        MarginGroup::Seller | MarginGroup::Employee => names::<employee::Entity>(scope, ids, |row| row.name).await,
        MarginGroup::Project => names::<project::Entity>(scope, ids, |row| row.name).await,
        MarginGroup::Department => names::<department::Entity>(scope, ids, |row| row.name).await,
        MarginGroup::Month => Ok(HashMap::new()),
    }
}

/// The names of what a budget's report is grouped by.
pub async fn budget_labels(scope: &TenantScope, cut: BudgetCut, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    match cut {
        BudgetCut::Account => names::<account::Entity>(scope, ids, |row| format!("{} {}", row.code, row.name)).await,
        BudgetCut::CostCentre => cost_centre_labels(scope, ids).await,
        BudgetCut::Department => names::<department::Entity>(scope, ids, |row| row.name).await,
    }
}

/// The names of cost centres.
pub async fn cost_centre_labels(scope: &TenantScope, ids: Vec<Uuid>) -> Result<HashMap<Uuid, String>> {
    names::<cost_centre::Entity>(scope, ids, |row| row.name).await
}

async fn names<E: TenantEntity>(
    scope: &TenantScope,
    ids: Vec<Uuid>,
    name: impl Fn(E::Row) -> String,
) -> Result<HashMap<Uuid, String>> {
    let rows = scope.by_ids::<E>(ids.into_iter().map(E::Id::from)).await?;
    Ok(rows.into_iter().map(|(id, row)| (raw(id), name(row))).collect())
}

fn raw(id: impl RecordId) -> Uuid {
    id.into()
}
