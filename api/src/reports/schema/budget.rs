//! Actual figures against the budget.

use std::collections::{BTreeMap, HashSet};

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{BudgetCut, Figure, MonthSum};
use kamara_entities::{BudgetId, CostCentreId, budget, budget_line};
use uuid::Uuid;

use super::{amount, lines::lines_of_all, open, unassigned};
use crate::{
    finance::{
        schema::Budget,
        service::budget::{Plan, in_force, lines_of},
    },
    graphql::{Date, Dec, Id, Listed, Paging, complexity, filter::Raw, request},
    identity::Permission,
    ledger::{CostCentreTree, schema::JournalLine},
    reports::service::{self, Books},
};

/// What a budget's rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_analytics::BudgetCut")]
pub(crate) enum BudgetGroup {
    /// Accounts of income and expense.
    Account,
    /// Cost centres: their expenses, with those of all their parts.
    CostCentre,
    /// Departments: their expenses.
    Department,
}

/// What was planned and what is, in one month or in all.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    budget: i64,
    actual: i64,
}

/// A month of a row.
#[derive(SimpleObject)]
pub(crate) struct BudgetReportMonth {
    /// First day of the month.
    month: Date,
    /// What was planned.
    budget: Dec,
    /// What is.
    actual: Dec,
}

/// A row of the report.
pub(crate) struct BudgetReportRow {
    key: Option<Uuid>,
    label: String,
    months: BTreeMap<NaiveDate, Figures>,
    /// It, and its parts.
    keys: Vec<Option<Uuid>>,
    currency: String,
    asked: (NaiveDate, NaiveDate, BudgetCut),
    books: Books,
}

impl BudgetReportRow {
    fn sum(&self, of: impl Fn(&Figures) -> i64) -> Dec {
        amount(self.months.values().map(of).sum(), &self.currency)
    }
}

#[Object]
impl BudgetReportRow {
    /// The account, cost centre or department; none for what has none.
    async fn key(&self) -> Option<Id<Raw>> {
        self.key.map(|id| Id(Raw(id)))
    }

    /// Its name.
    async fn label(&self) -> &str {
        &self.label
    }

    /// What was planned: spent, or earned on an account of income.
    async fn budget(&self) -> Dec {
        self.sum(|figures| figures.budget)
    }

    /// What was spent, or earned.
    async fn actual(&self) -> Dec {
        self.sum(|figures| figures.actual)
    }

    /// What is left of the plan; negative where more was spent or earned.
    async fn left(&self) -> Dec {
        self.sum(|figures| figures.budget - figures.actual)
    }

    /// The months that have anything.
    async fn months(&self) -> Vec<BudgetReportMonth> {
        let month = |(month, figures): (&NaiveDate, &Figures)| BudgetReportMonth {
            month: Date(*month),
            budget: amount(figures.budget, &self.currency),
            actual: amount(figures.actual, &self.currency),
        };
        self.months.iter().map(month).collect()
    }

    /// The lines that make the actual figure, of all months or of one; none for who may not see the ledger.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        month: Option<Date>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let (from, to, cut) = self.asked;
        let (from, to) = match month {
            Some(month) => (from.max(month_of(month.0)), to.min(end_of_month(month.0))),
            None => (from, to),
        };
        let figures = self.keys.iter().map(|key| Figure::Actual { from, to, cut, key: *key }).collect();
        lines_of_all(ctx, &self.books, figures, Paging { first, after }).await
    }
}

/// Actual figures against the budget. An amount that is planned within another of the same account and month, for a part of its cost
/// centre or for one department, isn't added to it again: a budget is held against what is spent by the same rule.
#[derive(SimpleObject)]
pub(crate) struct BudgetReport {
    /// The budget; none, where none is in force, or for who may not see it.
    budget: Option<Budget>,
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// By name, each cost centre with all its parts; what has no cost centre or department last, where the plan is what those of
    /// whole accounts leave over the others.
    rows: Vec<BudgetReportRow>,
}

fn month_of(day: NaiveDate) -> NaiveDate {
    chrono::Datelike::with_day(&day, 1).unwrap_or(day)
}

fn end_of_month(day: NaiveDate) -> NaiveDate {
    let next = month_of(day).checked_add_months(chrono::Months::new(1));
    next.and_then(|next| next.pred_opt()).unwrap_or(day)
}

type Rows = BTreeMap<Option<Uuid>, BTreeMap<NaiveDate, Figures>>;

/// What is planned, by row and month. Rows of cost centres and departments show expenses alone, as the actual figures do.
fn plan(rows: &mut Rows, lines: &[budget_line::Model], cut: BudgetCut, books: &Books, tree: &CostCentreTree) {
    let mut add = |key: Option<Uuid>, month, amount: i64| {
        rows.entry(key).or_default().entry(month).or_default().budget += amount;
    };
    let counted = |line: &&budget_line::Model| cut == BudgetCut::Account || books.is_expense(line.account_id.0);
    let all = Plan::new(tree, lines.iter().filter(counted).collect());
    let named = |line: &&budget_line::Model| match cut {
        BudgetCut::Account => false,
        BudgetCut::CostCentre => line.cost_centre_id.is_some(),
        BudgetCut::Department => line.department_id.is_some(),
    };
    let named = Plan::new(tree, lines.iter().filter(counted).filter(named).collect());
    match cut {
        BudgetCut::Account => {
            all.outermost().for_each(|line| add(Some(line.account_id.0), line.month, line.amount_minor));
            return;
        }
        BudgetCut::CostCentre => {
            named.by_cost_centre().for_each(|(centre, line)| add(Some(centre.0), line.month, line.amount_minor));
        }
        BudgetCut::Department => {
            named.outermost().for_each(|line| add(line.department_id.map(|id| id.0), line.month, line.amount_minor));
        }
    }
    let mut rest: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    all.outermost().for_each(|line| *rest.entry(line.month).or_default() += line.amount_minor);
    named.outermost().for_each(|line| *rest.entry(line.month).or_default() -= line.amount_minor);
    rest.into_iter().filter(|(_, amount)| *amount != 0).for_each(|(month, amount)| add(None, month, amount));
}

/// What is, by row and month: that of a cost centre counts for all that it's a part of, too.
fn actual(rows: &mut Rows, sums: &[MonthSum], cut: BudgetCut, tree: &CostCentreTree) {
    for sum in sums {
        let month = NaiveDate::from_ymd_opt(sum.month.year, sum.month.month, 1).unwrap_or_default();
        let centre = sum.key.filter(|_| cut == BudgetCut::CostCentre).map(CostCentreId);
        let above = centre.into_iter().flat_map(|id| tree.above(id)).map(|id| Some(id.0));
        for key in std::iter::once(sum.key).chain(above) {
            rows.entry(key).or_default().entry(month).or_default().actual += sum.amount_minor;
        }
    }
}

/// The keys of the lines that make a row's actual figures, of those that there are.
fn keys(key: Option<Uuid>, of: &HashSet<Option<Uuid>>, cut: BudgetCut, tree: &CostCentreTree) -> Vec<Option<Uuid>> {
    match key.filter(|_| cut == BudgetCut::CostCentre) {
        None => vec![key],
        Some(id) => {
            let subtree = tree.subtree(CostCentreId(id)).into_iter().map(|id| Some(id.0));
            subtree.filter(|key| of.contains(key)).collect()
        }
    }
}

/// The report of a budget, or of the one in force on the first day.
pub(super) async fn report(
    ctx: &Context<'_>,
    days: (NaiveDate, NaiveDate),
    cut: BudgetCut,
    id: Option<BudgetId>,
) -> Result<BudgetReport> {
    let (scope, books) = open(ctx).await?;
    let may = request(ctx).caller()?.may(Permission::FinanceRead);
    let budget = match id {
        Some(id) => Some(scope.referred::<budget::Entity>("budgetId", id).await?),
        None => in_force(&scope, days.0).await?,
    };
    let report = books.month_sums(days.0, days.1, cut).await?;
    let tree = CostCentreTree::load(&scope).await?;
    let mut rows = Rows::new();
    if let Some(budget) = &budget {
        plan(&mut rows, &lines_of(&scope, budget.id, days.0, days.1).await?, cut, &books, &tree);
    }
    actual(&mut rows, &report.sums, cut, &tree);
    let spent: HashSet<Option<Uuid>> = report.sums.iter().map(|sum| sum.key).collect();
    let labels = service::budget_labels(&scope, cut, rows.keys().copied().flatten().collect()).await?;
    let row = |(key, months)| BudgetReportRow {
        key,
        label: key.map_or_else(|| unassigned(ctx), |id| labels.get(&id).cloned().unwrap_or_default()),
        months,
        keys: keys(key, &spent, cut, &tree),
        currency: scope.base_currency().to_owned(),
        asked: (days.0, days.1, cut),
        books: books.clone(),
    };
    let mut rows: Vec<BudgetReportRow> = rows.into_iter().map(row).collect();
    rows.sort_by(|a, b| (a.key.is_none(), &a.label, a.key).cmp(&(b.key.is_none(), &b.label, b.key)));
    Ok(BudgetReport {
        budget: budget.filter(|_| may).map(Budget),
        currency: scope.base_currency().to_owned(),
        as_of: report.as_of_seq,
        rows,
    })
}
