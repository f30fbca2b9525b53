//! Rules that propose categories of expenses, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{
    CategoryRuleId, CompanyId, ExpenseCategoryId, Language, category_rule, company, expense_category,
};
use sea_orm::Condition;

use super::category::ExpenseCategory;
use crate::{
    companies::schema::Company,
    finance::service::category::{self as rules, Proposed, Uncategorised},
    graphql::{
        Can, Dec, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, IdFilter},
        list, request,
    },
    identity::Permission,
    tenancy::TenantScope,
};

shown! {
    /// Which expenses belong to a category.
    CategoryRule(category_rule),
}

#[Object]
impl CategoryRule {
    /// Id.
    async fn id(&self) -> Id<CategoryRuleId> {
        Id(self.0.id)
    }

    /// The category that it proposes.
    async fn category(&self, ctx: &Context<'_>) -> Result<ExpenseCategory> {
        Ok(ExpenseCategory(ctx.row::<expense_category::Entity>(self.0.category_id).await?))
    }

    /// Higher ones decide first.
    async fn priority(&self) -> i32 {
        self.0.priority
    }

    /// Words that are all in the description.
    async fn words(&self) -> Option<&str> {
        self.0.words.as_deref()
    }

    /// From whom it's bought.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn supplier(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.supplier_id).await?.map(Company))
    }

    /// The least amount, in the currency of the books.
    async fn amount_from(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        amount(ctx, self.0.least_minor).await
    }

    /// The largest amount, in the currency of the books.
    async fn amount_to(&self, ctx: &Context<'_>) -> Result<Option<Money>> {
        amount(ctx, self.0.most_minor).await
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

async fn amount(ctx: &Context<'_>, minor: Option<i64>) -> Result<Option<Money>> {
    let Some(minor) = minor else { return Ok(None) };
    Ok(Some(Money::new(minor, request(ctx).read().await?.base_currency())))
}

/// A category that is proposed for an expense.
pub(crate) struct CategoryProposal {
    proposed: Proposed,
    language: Language,
}

#[Object]
impl CategoryProposal {
    /// The category.
    async fn category(&self) -> ExpenseCategory {
        ExpenseCategory(self.proposed.category.clone())
    }

    /// Why, in the caller's language.
    async fn reason(&self) -> &str {
        self.proposed.reason.in_language(self.language)
    }

    /// The rule that says so; none where it was learned from what people chose.
    async fn rule(&self) -> Option<CategoryRule> {
        self.proposed.rule.clone().map(CategoryRule)
    }
}

ordering! {
    /// What rules are sorted by.
    CategoryRuleOrder, CategoryRuleOrderField of category_rule, default Priority Desc,
    {
        /// By which decides first.
        Priority => Priority,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which rules.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct CategoryRuleFilter {
    /// The category that it proposes.
    category_id: Option<IdFilter>,
    /// From whom it's bought.
    supplier_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl CategoryRuleFilter {
    fn condition(self) -> Condition {
        use category_rule::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .on(C::CategoryId, self.category_id)
            .on(C::SupplierId, self.supplier_id)
            .all()
    }
}

/// An expense that needs a category.
#[derive(InputObject)]
pub(crate) struct ProposeCategoryInput {
    /// What for.
    description: String,
    /// From whom it was bought.
    supplier_id: Option<Id<CompanyId>>,
    /// How much, in the currency of the books.
    amount: Option<Dec>,
}

/// Asking for rules that propose categories.
#[derive(Default)]
pub(crate) struct CategoryRuleQuery;

#[Object]
impl CategoryRuleQuery {
    /// The rules that propose categories.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn category_rules(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: CategoryRuleFilter,
        order_by: Option<CategoryRuleOrder>,
    ) -> Result<Listed<CategoryRule>> {
        let order = CategoryRuleOrder::or_default(order_by);
        list::<category_rule::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A rule that proposes a category.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn category_rule(&self, ctx: &Context<'_>, id: Id<CategoryRuleId>) -> Result<CategoryRule> {
        Ok(CategoryRule(request(ctx).read().await?.require::<category_rule::Entity>(id.0).await?))
    }

    /// The category that an expense most likely belongs to, and why; nothing where nothing speaks for one.
    #[graphql(guard = "Can(Permission::ExpensesOwn).or(Can(Permission::FinanceRead))")]
    async fn propose_category(
        &self,
        ctx: &Context<'_>,
        input: ProposeCategoryInput,
    ) -> Result<Option<CategoryProposal>> {
        let asked = Uncategorised {
            description: input.description,
            supplier_id: input.supplier_id.map(|id| id.0),
            amount: input.amount.map(|amount| amount.0),
        };
        let proposed = rules::propose(&*request(ctx).read().await?, asked).await?;
        Ok(proposed.map(|proposed| CategoryProposal { proposed, language: request(ctx).language() }))
    }
}

/// A new rule: it asks for words, a supplier, an amount, or several of them.
#[derive(InputObject)]
pub(crate) struct CreateCategoryRuleInput {
    /// The category that it proposes.
    category_id: Id<ExpenseCategoryId>,
    /// Higher ones decide first, from 0 to 1,000.
    #[graphql(default)]
    priority: i32,
    /// Words that are all in the description.
    words: Option<String>,
    /// From whom it's bought.
    supplier_id: Option<Id<CompanyId>>,
    /// The least amount, in the currency of the books.
    amount_from: Option<Dec>,
    /// The largest amount, in the currency of the books.
    amount_to: Option<Dec>,
}

impl CreateCategoryRuleInput {
    fn values(self, scope: &TenantScope) -> crate::error::Result<category_rule::New> {
        Ok(category_rule::New {
            category_id: self.category_id.0,
            priority: self.priority,
            words: self.words,
            supplier_id: self.supplier_id.map(|id| id.0),
            least_minor: rules::bound(scope, "amountFrom", self.amount_from.map(|amount| amount.0))?,
            most_minor: rules::bound(scope, "amountTo", self.amount_to.map(|amount| amount.0))?,
        })
    }
}

/// A change of a rule: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateCategoryRuleInput {
    /// The rule.
    id: Id<CategoryRuleId>,
    /// The version that was read.
    version: i32,
    /// The category that it proposes.
    category_id: Option<Id<ExpenseCategoryId>>,
    /// Higher ones decide first, from 0 to 1,000.
    priority: Option<i32>,
    /// Words that are all in the description.
    words: MaybeUndefined<String>,
    /// From whom it's bought.
    supplier_id: MaybeUndefined<Id<CompanyId>>,
    /// The least amount, in the currency of the books.
    amount_from: MaybeUndefined<Dec>,
    /// The largest amount, in the currency of the books.
    amount_to: MaybeUndefined<Dec>,
}

impl UpdateCategoryRuleInput {
    fn apply(self, scope: &TenantScope, new: &mut category_rule::New) -> crate::error::Result<()> {
        new.category_id = self.category_id.map_or(new.category_id, |id| id.0);
        new.priority = self.priority.unwrap_or(new.priority);
        self.words.update_to(&mut new.words);
        self.supplier_id.map_value(|id| id.0).update_to(&mut new.supplier_id);
        if !self.amount_from.is_undefined() {
            new.least_minor = rules::bound(scope, "amountFrom", self.amount_from.take().map(|amount| amount.0))?;
        }
        if !self.amount_to.is_undefined() {
            new.most_minor = rules::bound(scope, "amountTo", self.amount_to.take().map(|amount| amount.0))?;
        }
        Ok(())
    }
}

payloads! {
    CreateCategoryRulePayload { category_rule: CategoryRule },
    UpdateCategoryRulePayload { category_rule: CategoryRule },
}

archiving! {
    CategoryRuleArchiving, category_rule, CategoryRuleId, CategoryRule, category_rule, FinanceWrite,
    archive_category_rule(ArchiveCategoryRuleInput) -> ArchiveCategoryRulePayload,
    restore_category_rule(RestoreCategoryRuleInput) -> RestoreCategoryRulePayload
}

/// Making and changing rules that propose categories.
#[derive(Default)]
pub(crate) struct CategoryRuleMutation;

#[Object]
impl CategoryRuleMutation {
    /// Makes a rule that proposes a category.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_category_rule(
        &self,
        ctx: &Context<'_>,
        input: CreateCategoryRuleInput,
    ) -> Result<CreateCategoryRulePayload> {
        let scope = request(ctx).write().await?;
        let row = rules::create_rule(&scope, input.values(&scope)?).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Changes a rule that proposes a category.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn update_category_rule(
        &self,
        ctx: &Context<'_>,
        input: UpdateCategoryRuleInput,
    ) -> Result<UpdateCategoryRulePayload> {
        let scope = request(ctx).write().await?;
        let (id, version) = (input.id.0, input.version);
        let row = rules::update_rule(&scope, id, version, |new| input.apply(&scope, new)).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }
}
