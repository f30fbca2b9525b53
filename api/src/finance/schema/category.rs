//! Categories of expenses, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{AccountId, ExpenseCategoryId, TaxCodeId, account, expense_category, tax_code};
use sea_orm::Condition;

use crate::{
    finance::service::category as rules,
    graphql::{
        Can, Id, Listed, Loading, Paging, complexity,
        filter::{Conditions, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, TaxCode},
};

shown! {
    /// What money is spent on, in the words of who spends it.
    ExpenseCategory(expense_category),
}

#[Object]
impl ExpenseCategory {
    /// Id.
    async fn id(&self) -> Id<ExpenseCategoryId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where the cost is posted; none for who may not see the ledger.
    async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        if !request(ctx).caller()?.may(Permission::FinanceRead) {
            return Ok(None);
        }
        Ok(Some(Account(ctx.row::<account::Entity>(self.0.account_id).await?)))
    }

    /// The tax that is in the price.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.tax_code_id).await?.map(TaxCode))
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

ordering! {
    /// What categories are sorted by.
    ExpenseCategoryOrder, ExpenseCategoryOrderField of expense_category, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which categories.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ExpenseCategoryFilter {
    /// Words, all of which are in its name.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Where the cost is posted.
    account_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ExpenseCategoryFilter {
    fn condition(self) -> Condition {
        use expense_category::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SortKey, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::AccountId, self.account_id)
            .all()
    }
}

/// Asking for categories.
#[derive(Default)]
pub(crate) struct CategoryQuery;

#[Object]
impl CategoryQuery {
    /// What money is spent on.
    #[graphql(
        complexity = "complexity(first, child_complexity)",
        guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceRead))"
    )]
    async fn expense_categories(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ExpenseCategoryFilter,
        order_by: Option<ExpenseCategoryOrder>,
    ) -> Result<Listed<ExpenseCategory>> {
        let order = ExpenseCategoryOrder::or_default(order_by);
        list::<expense_category::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A category of expenses.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceRead))")]
    async fn expense_category(&self, ctx: &Context<'_>, id: Id<ExpenseCategoryId>) -> Result<ExpenseCategory> {
        Ok(ExpenseCategory(request(ctx).read().await?.require::<expense_category::Entity>(id.0).await?))
    }
}

/// A new category.
#[derive(InputObject)]
pub(crate) struct CreateExpenseCategoryInput {
    /// Name.
    name: String,
    /// Where the cost is posted: an expense account.
    account_id: Id<AccountId>,
    /// The tax that is in the price.
    tax_code_id: Option<Id<TaxCodeId>>,
}

/// A change of a category: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateExpenseCategoryInput {
    /// The category.
    id: Id<ExpenseCategoryId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Where the cost is posted: an expense account.
    account_id: Option<Id<AccountId>>,
    /// The tax that is in the price.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
}

impl UpdateExpenseCategoryInput {
    fn apply(self, new: &mut expense_category::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.account_id = self.account_id.map_or(new.account_id, |id| id.0);
        self.tax_code_id.map_value(|id| id.0).update_to(&mut new.tax_code_id);
    }
}

payloads! {
    CreateExpenseCategoryPayload { expense_category: ExpenseCategory },
    UpdateExpenseCategoryPayload { expense_category: ExpenseCategory },
}

archiving! {
    ExpenseCategoryArchiving, expense_category, ExpenseCategoryId, ExpenseCategory, expense_category, FinanceWrite,
    archive_expense_category(ArchiveExpenseCategoryInput) -> ArchiveExpenseCategoryPayload,
    restore_expense_category(RestoreExpenseCategoryInput) -> RestoreExpenseCategoryPayload
}

/// Making and changing categories.
#[derive(Default)]
pub(crate) struct CategoryMutation;

#[Object]
impl CategoryMutation {
    /// Makes a category of expenses.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_expense_category(
        &self,
        ctx: &Context<'_>,
        input: CreateExpenseCategoryInput,
    ) -> Result<CreateExpenseCategoryPayload> {
        let scope = request(ctx).write().await?;
        let new = expense_category::New {
            name: input.name,
            sort_key: String::new(),
            account_id: input.account_id.0,
            tax_code_id: input.tax_code_id.map(|id| id.0),
        };
        let row = rules::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a category of expenses.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_expense_category(
        &self,
        ctx: &Context<'_>,
        input: UpdateExpenseCategoryInput,
    ) -> Result<UpdateExpenseCategoryPayload> {
        let scope = request(ctx).write().await?;
        let row = rules::update(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
