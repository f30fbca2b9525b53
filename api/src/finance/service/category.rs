//! The rules of expense categories: what they are, and which one is proposed.

use std::collections::HashMap;

use kamara_entities::{
    CategoryRuleId, CompanyId, ExpenseCategoryId, ExpenseStatus, TenantEntity, category_rule, company, expense,
    expense_category, tax_code,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use super::categorise::{self, Choice, Reason, Rule, Spending, words_of};
use crate::{
    error::{Error, Result, Text},
    ledger::Accounts,
    messages, money,
    tenancy::TenantScope,
    text,
};

/// How many of the newest expenses proposals learn from.
const CHOICES_MAX: u64 = 1_000;
/// How many rules are tried: those of the highest priority.
const RULES_MAX: u64 = 1_000;
/// The highest priority of a rule.
const PRIORITY_MAX: i32 = 1_000;

/// Makes a category.
pub async fn create(scope: &TenantScope, mut new: expense_category::New) -> Result<expense_category::Model> {
    check(scope, &mut new).await?;
    scope.insert::<expense_category::Entity>(new).await
}

/// Changes a category. What was posted stays where it is.
pub async fn update(
    scope: &TenantScope,
    id: ExpenseCategoryId,
    version: i32,
    change: impl FnOnce(&mut expense_category::New) + Send,
) -> Result<expense_category::Model> {
    let before = scope.editable::<expense_category::Entity>(id, version).await?;
    let mut new = expense_category::Entity::values(before.clone());
    change(&mut new);
    check(scope, &mut new).await?;
    scope.update::<expense_category::Entity>(&before, expense_category::Entity::revise(before.clone(), new)).await
}

async fn check(scope: &TenantScope, new: &mut expense_category::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.sort_key = text::sort_key(&new.name);
    Accounts::load(scope).await?.bought("accountId", Some(new.account_id))?;
    scope.referred_optional::<tax_code::Entity>("taxCodeId", new.tax_code_id).await?;
    Ok(())
}

/// Makes a rule.
pub async fn create_rule(scope: &TenantScope, mut new: category_rule::New) -> Result<category_rule::Model> {
    check_rule(scope, &mut new).await?;
    scope.insert::<category_rule::Entity>(new).await
}

/// Changes a rule.
pub async fn update_rule(
    scope: &TenantScope,
    id: CategoryRuleId,
    version: i32,
    change: impl FnOnce(&mut category_rule::New) -> Result<()> + Send,
) -> Result<category_rule::Model> {
    let before = scope.editable::<category_rule::Entity>(id, version).await?;
    let mut new = category_rule::Entity::values(before.clone());
    change(&mut new)?;
    check_rule(scope, &mut new).await?;
    scope.update::<category_rule::Entity>(&before, category_rule::Entity::revise(before.clone(), new)).await
}

async fn check_rule(scope: &TenantScope, new: &mut category_rule::New) -> Result<()> {
    scope.referred::<expense_category::Entity>("categoryId", new.category_id).await?;
    scope.referred_optional::<company::Entity>("supplierId", new.supplier_id).await?;
    if !(0..=PRIORITY_MAX).contains(&new.priority) {
        return Err(Error::invalid("priority", Text::fixed("From 0 to 1,000.", "0-დან 1000-მდე.")));
    }
    new.words = text::optional("words", new.words.take())?;
    if new.words.as_deref().is_some_and(|words| words_of(words).is_empty()) {
        let message = Text::fixed("A word has three letters at least.", "სიტყვას მინიმუმ სამი ასო აქვს.");
        return Err(Error::invalid("words", message));
    }
    if let (Some(least), Some(most)) = (new.least_minor, new.most_minor)
        && most < least
    {
        let message = Text::fixed(
            "The largest amount is not below the least.",
            "მაქსიმალური თანხა მინიმალურზე ნაკლები ვერ იქნება.",
        );
        return Err(Error::invalid("amountTo", message));
    }
    let asks =
        new.words.is_some() || new.supplier_id.is_some() || new.least_minor.is_some() || new.most_minor.is_some();
    if asks {
        return Ok(());
    }
    let message =
        Text::fixed("A rule asks for words, a supplier or an amount.", "წესს სჭირდება სიტყვები, მომწოდებელი ან თანხა.");
    Err(Error::invalid("words", message))
}

/// The bound of an amount, as it's stored: not negative, in the base currency.
pub fn bound(scope: &TenantScope, field: &'static str, amount: Option<Decimal>) -> Result<Option<i64>> {
    let minor = amount.map(|amount| money::to_minor(field, amount, scope.base_currency())).transpose()?;
    match minor {
        Some(minor) if minor < 0 => Err(Error::invalid(field, messages::not_negative())),
        minor => Ok(minor),
    }
}

/// What is known of an expense that needs a category.
#[derive(Clone, Debug)]
pub struct Uncategorised {
    /// What for.
    pub description: String,
    /// From whom it was bought.
    pub supplier_id: Option<CompanyId>,
    /// How much, in the base currency.
    pub amount: Option<Decimal>,
}

/// A category that is proposed, and why.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The category.
    pub category: expense_category::Model,
    /// The rule that says so; none where it was learned.
    pub rule: Option<category_rule::Model>,
    /// Why, for a person.
    pub reason: Text,
}

/// Proposes a category, if anything speaks for one.
pub async fn propose(scope: &TenantScope, asked: Uncategorised) -> Result<Option<Proposed>> {
    scope.referred_optional::<company::Entity>("supplierId", asked.supplier_id).await?;
    let spending = Spending {
        words: words_of(&asked.description),
        supplier: asked.supplier_id,
        amount: bound(scope, "amount", asked.amount)?,
    };
    let select = scope.find::<expense_category::Entity>().filter(expense_category::Column::ArchivedAt.is_null());
    let mut categories: HashMap<ExpenseCategoryId, expense_category::Model> =
        scope.all(select).await?.into_iter().map(|row| (row.id, row)).collect();
    let select = scope
        .find::<category_rule::Entity>()
        .filter(category_rule::Column::ArchivedAt.is_null())
        .order_by_desc(category_rule::Column::Priority)
        .order_by_asc(category_rule::Column::Id)
        .limit(RULES_MAX);
    let mut rows = scope.all(select).await?;
    rows.retain(|row| categories.contains_key(&row.category_id));
    let rules: Vec<Rule> = rows.iter().map(rule_of).collect();
    let mut choices = choices(scope).await?;
    choices.retain(|choice| categories.contains_key(&choice.category));
    let Some(proposal) = categorise::propose(&spending, &rules, &choices) else { return Ok(None) };
    let category = categories.remove(&proposal.category).ok_or_else(|| Error::internal("a category of nowhere"))?;
    let rule = match &proposal.reason {
        Reason::Rule(id) => rows.into_iter().find(|row| row.id == *id),
        Reason::Chosen { .. } => None,
    };
    let reason = reason(scope, &proposal.reason, rule.as_ref()).await?;
    Ok(Some(Proposed { category, rule, reason }))
}

fn rule_of(row: &category_rule::Model) -> Rule {
    Rule {
        id: row.id,
        category: row.category_id,
        priority: row.priority,
        words: row.words.as_deref().map(words_of).unwrap_or_default(),
        supplier: row.supplier_id,
        least: row.least_minor,
        most: row.most_minor,
    }
}

/// What people chose for the newest expenses. A correction takes the place of what it corrects.
async fn choices(scope: &TenantScope) -> Result<Vec<Choice>> {
    let select = scope
        .find::<expense::Entity>()
        .filter(expense::Column::CategoryId.is_not_null())
        .filter(expense::Column::ArchivedAt.is_null())
        .filter(expense::Column::Status.ne(ExpenseStatus::Reversed))
        .order_by_desc(expense::Column::Date)
        .order_by_desc(expense::Column::Id)
        .limit(CHOICES_MAX);
    let choice = |row: expense::Model| {
        let (words, supplier) = (words_of(&row.description), row.supplier_id);
        Some(Choice { words, supplier, category: row.category_id? })
    };
    Ok(scope.all(select).await?.into_iter().filter_map(choice).collect())
}

/// Why, in words that a person can check.
async fn reason(scope: &TenantScope, reason: &Reason, rule: Option<&category_rule::Model>) -> Result<Text> {
    match (reason, rule) {
        (Reason::Rule(_), Some(rule)) => {
            let (mut en, mut ka) = (Vec::new(), Vec::new());
            if let Some(words) = &rule.words {
                en.push(format!("the words “{words}”"));
                ka.push(format!("სიტყვები „{words}“"));
            }
            if let Some(id) = rule.supplier_id {
                let supplier = scope.require::<company::Entity>(id).await?.name;
                en.push(format!("the supplier {supplier}"));
                ka.push(format!("მომწოდებელი {supplier}"));
            }
            let amount = |minor| money::from_minor(minor, scope.base_currency());
            if let Some(least) = rule.least_minor {
                en.push(format!("an amount from {} {}", amount(least), scope.base_currency()));
                ka.push(format!("თანხა {} {}-დან", amount(least), scope.base_currency()));
            }
            if let Some(most) = rule.most_minor {
                en.push(format!("an amount up to {} {}", amount(most), scope.base_currency()));
                ka.push(format!("თანხა {} {}-მდე", amount(most), scope.base_currency()));
            }
            Ok(Text::new(format!("A rule for {}.", en.join(", ")), format!("წესი: {}.", ka.join(", "))))
        }
        (Reason::Chosen { times, of, supplier, words }, _) => {
            let quoted = words.join(", ");
            let (en, ka) = match (supplier, words.is_empty()) {
                (true, true) => ("of this supplier".to_owned(), "ამ მომწოდებლის".to_owned()),
                (true, false) => {
                    (format!("of this supplier or with “{quoted}”"), format!("ამ მომწოდებლის ან სიტყვით „{quoted}“"))
                }
                (false, _) => (format!("with “{quoted}”"), format!("სიტყვით „{quoted}“")),
            };
            Ok(Text::new(
                format!("Chosen for {times} of {of} expenses {en}."),
                format!("არჩეულია {of}-დან {times} ხარჯისთვის: {ka}."),
            ))
        }
        (Reason::Rule(_), None) => Err(Error::internal("a rule that decides and isn't there")),
    }
}
