//! Budgets, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    AccountId, BudgetControl as Control, BudgetId, CostCentreId, DepartmentId, account, budget, budget_line,
    cost_centre, department,
};
use sea_orm::Condition;

use crate::{
    finance::service::budget::{self as rules, BudgetInput, LineInput},
    graphql::{
        Can, Children, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        enums::{BudgetControl, BudgetStatus},
        filter::{BudgetStatusFilter, Conditions, DateFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, CostCentre},
    people::schema::Department,
    tenancy::{Direction, Order},
};

shown! {
    /// A plan of costs and revenue by month: one version of it.
    Budget(budget),
    /// An amount of a budget: for an account and a month, and for a cost centre and a department where they have their own.
    BudgetLine(budget_line),
}

/// The amounts of a budget.
struct LinesOfBudget;

impl Children for LinesOfBudget {
    type Entity = budget_line::Entity;
    const PARENT: budget_line::Column = budget_line::Column::BudgetId;
    const ORDER: Order<budget_line::Column> = Order { column: budget_line::Column::Month, direction: Direction::Asc };
}

#[Object]
impl Budget {
    /// Id.
    async fn id(&self) -> Id<BudgetId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.0.from_date)
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.0.to_date)
    }

    /// Which version it is, from 1.
    async fn number(&self) -> i32 {
        self.0.number
    }

    /// Where it stands.
    async fn status(&self) -> BudgetStatus {
        self.0.status.into()
    }

    /// What happens when a commitment goes over it.
    async fn control(&self) -> BudgetControl {
        self.0.control.into()
    }

    /// Its amounts, by month.
    #[graphql(complexity = "complexity(None, child_complexity)")]
    async fn lines(&self, ctx: &Context<'_>) -> Result<Vec<BudgetLine>> {
        Ok(ctx.all_of::<LinesOfBudget>(self.0.id.0).await?.into_iter().map(BudgetLine).collect())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// When it was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }

    /// Rises with every change; needed to change it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Since when it is archived.
    async fn archived_at(&self) -> Option<DateTime<Utc>> {
        self.0.archived_at
    }
}

#[Object]
impl BudgetLine {
    /// Account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.0.account_id).await?))
    }

    /// Cost centre, with its parts.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.0.cost_centre_id).await?.map(CostCentre))
    }

    /// Department.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.0.department_id).await?.map(Department))
    }

    /// First day of the month.
    async fn month(&self) -> Date {
        Date(self.0.month)
    }

    /// How much is planned to be spent, or earned on an account of income.
    async fn amount(&self, ctx: &Context<'_>) -> Result<Money> {
        Ok(Money::new(self.0.amount_minor, request(ctx).read().await?.base_currency()))
    }
}

ordering! {
    /// What budgets are sorted by.
    BudgetOrder, BudgetOrderField of budget, default From Desc,
    {
        /// By first day.
        From => FromDate,
        /// By name.
        Name => SortKey,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which budgets.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct BudgetFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Where it stands.
    status: Option<BudgetStatusFilter>,
    /// First day.
    from: Option<DateFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl BudgetFilter {
    fn condition(self) -> Condition {
        use budget::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::Status, self.status)
            .on(C::FromDate, self.from)
            .all()
    }
}

/// Asking for budgets.
#[derive(Default)]
pub(crate) struct BudgetQuery;

#[Object]
impl BudgetQuery {
    /// Plans of costs and revenue, each version on its own.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn budgets(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: BudgetFilter,
        order_by: Option<BudgetOrder>,
    ) -> Result<Listed<Budget>> {
        let order = BudgetOrder::or_default(order_by);
        list::<budget::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A version of a budget.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn budget(&self, ctx: &Context<'_>, id: Id<BudgetId>) -> Result<Budget> {
        Ok(Budget(request(ctx).read().await?.require::<budget::Entity>(id.0).await?))
    }
}

/// A new budget: its first version, a draft.
#[derive(InputObject)]
pub(crate) struct CreateBudgetInput {
    /// Name.
    name: String,
    /// First day: that of a month.
    from: Date,
    /// Last day: that of a month.
    to: Date,
    /// What happens when a commitment goes over it; it's told unless said.
    control: Option<BudgetControl>,
}

/// A change of a budget: what is left out stays. The period changes only while a draft has no amounts.
#[derive(InputObject)]
pub(crate) struct UpdateBudgetInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// First day: that of a month.
    from: Option<Date>,
    /// Last day: that of a month.
    to: Option<Date>,
    /// What happens when a commitment goes over it.
    control: Option<BudgetControl>,
}

/// Which budget.
#[derive(InputObject)]
pub(crate) struct CopyBudgetInput {
    /// The budget.
    id: Id<BudgetId>,
}

/// Which budget, as it was read.
#[derive(InputObject)]
pub(crate) struct ActivateBudgetInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
}

/// Which budget, as it was read.
#[derive(InputObject)]
pub(crate) struct ArchiveBudgetInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
}

/// Which budget, as it was read.
#[derive(InputObject)]
pub(crate) struct RestoreBudgetInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
}

/// An amount of a budget.
#[derive(InputObject)]
pub(crate) struct BudgetLineInput {
    /// Account of income or expense.
    account_id: Id<AccountId>,
    /// Cost centre, where it has a budget of its own; it includes its parts.
    cost_centre_id: Option<Id<CostCentreId>>,
    /// Department, where it has a budget of its own.
    department_id: Option<Id<DepartmentId>>,
    /// A day of the month.
    month: Date,
    /// How much is planned to be spent, or earned on an account of income, in the currency of the books.
    amount: Dec,
}

/// The amounts of a draft; they replace all that were there.
#[derive(InputObject)]
pub(crate) struct SetBudgetLinesInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
    /// Its amounts, at most 20,000.
    lines: Vec<BudgetLineInput>,
}

/// The amounts of a draft as a CSV sheet; they replace all that were there.
#[derive(InputObject)]
pub(crate) struct ImportBudgetLinesInput {
    /// The budget.
    id: Id<BudgetId>,
    /// The version of the record that was read.
    version: i32,
    /// A line for each account: columns `account`, `cost_centre` and `department` (codes or names) and one for each month, named
    /// like `2026-01`.
    csv: String,
}

payloads! {
    CreateBudgetPayload { budget: Budget },
    UpdateBudgetPayload { budget: Budget },
    CopyBudgetPayload { budget: Budget },
    ActivateBudgetPayload { budget: Budget },
    ArchiveBudgetPayload { budget: Budget },
    RestoreBudgetPayload { budget: Budget },
    SetBudgetLinesPayload { budget: Budget },
    ImportBudgetLinesPayload { budget: Budget },
}

/// Making budgets.
#[derive(Default)]
pub(crate) struct BudgetMutation;

#[Object]
impl BudgetMutation {
    /// Makes a budget.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_budget(&self, ctx: &Context<'_>, input: CreateBudgetInput) -> Result<CreateBudgetPayload> {
        let scope = request(ctx).write().await?;
        let control = input.control.map_or(Control::Warn, Into::into);
        let new = BudgetInput { name: input.name, from: input.from.0, to: input.to.0, control };
        let row = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a budget.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_budget(&self, ctx: &Context<'_>, input: UpdateBudgetInput) -> Result<UpdateBudgetPayload> {
        let scope = request(ctx).write().await?;
        let control = input.control.map(Control::from);
        let change = |new: &mut budget::New| {
            new.name = input.name.unwrap_or_else(|| std::mem::take(&mut new.name));
            new.from_date = input.from.map_or(new.from_date, |day| day.0);
            new.to_date = input.to.map_or(new.to_date, |day| day.0);
            new.control = control.unwrap_or(new.control);
        };
        let row = rules::update(&scope, input.id.0, input.version, change).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Copies a budget with its amounts to a new version, a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn copy_budget(&self, ctx: &Context<'_>, input: CopyBudgetInput) -> Result<CopyBudgetPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::copy(&scope, input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Replaces the amounts of a draft.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_budget_lines(&self, ctx: &Context<'_>, input: SetBudgetLinesInput) -> Result<SetBudgetLinesPayload> {
        let scope = request(ctx).write().await?;
        let line = |line: BudgetLineInput| LineInput {
            account_id: line.account_id.0,
            cost_centre_id: line.cost_centre_id.map(|id| id.0),
            department_id: line.department_id.map(|id| id.0),
            month: line.month.0,
            amount: line.amount.0,
        };
        let lines: Vec<LineInput> = input.lines.into_iter().map(line).collect();
        let row = rules::set_lines(&scope, input.id.0, input.version, &lines).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Replaces the amounts of a draft by those of a CSV sheet.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn import_budget_lines(
        &self,
        ctx: &Context<'_>,
        input: ImportBudgetLinesInput,
    ) -> Result<ImportBudgetLinesPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::import_lines(&scope, input.id.0, input.version, &input.csv).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Puts a draft in force. What was in force for the same period is superseded.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn activate_budget(&self, ctx: &Context<'_>, input: ActivateBudgetInput) -> Result<ActivateBudgetPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::activate(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Archives a budget that isn't in force.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn archive_budget(&self, ctx: &Context<'_>, input: ArchiveBudgetInput) -> Result<ArchiveBudgetPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::archive(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Takes a budget out of the archive.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn restore_budget(&self, ctx: &Context<'_>, input: RestoreBudgetInput) -> Result<RestoreBudgetPayload> {
        let scope = request(ctx).write().await?;
        let row = scope.restore::<budget::Entity>(input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
