//! Making and changing the rules that say when approval is needed.

use kamara_entities::{
    ApprovalKind, ApprovalMode, ApprovalRuleId, CostCentreId, DepartmentId, ExpenseCategoryId, ProjectId, TenantEntity,
    approval_rule, approval_rule_approver, control::membership, cost_centre, department, expense_category, project,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{
    engine::Approver,
    service::{approver, columns},
};
use crate::{
    error::{Error, Result, Text},
    money,
    tenancy::TenantScope,
    text,
};

/// Whom one rule asks, at the most.
const APPROVERS_MAX: usize = 20;

/// What is told of a rule.
#[derive(Clone, Debug)]
pub struct RuleValues {
    /// Name.
    pub name: String,
    /// Which kind of document.
    pub kind: ApprovalKind,
    /// From which amount, in the base currency.
    pub min: Decimal,
    /// Below which amount.
    pub max: Option<Decimal>,
    /// For which department only.
    pub department_id: Option<DepartmentId>,
    /// For which cost centre only.
    pub cost_centre_id: Option<CostCentreId>,
    /// For which project only.
    pub project_id: Option<ProjectId>,
    /// For which category of expense only.
    pub category_id: Option<ExpenseCategoryId>,
    /// Whether all approve, one after the other, or one of them does.
    pub mode: ApprovalMode,
    /// Who, in their order.
    pub approvers: Vec<Approver>,
}

impl RuleValues {
    async fn check(&self, scope: &TenantScope) -> Result<approval_rule::New> {
        let name = text::name("name", &self.name)?;
        let amount = |field: &'static str, amount: Decimal| match money::to_minor(field, amount, scope.base_currency())?
        {
            minor if minor < 0 => Err(Error::invalid(field, crate::messages::not_negative())),
            minor => Ok(minor),
        };
        let min_minor = amount("minAmount", self.min)?;
        let max_minor = self.max.map(|max| amount("maxAmount", max)).transpose()?;
        if max_minor.is_some_and(|max| max <= min_minor) {
            let message = Text::fixed("The upper amount is above the lower.", "ზედა ზღვარი ქვედაზე მეტი უნდა იყოს.");
            return Err(Error::invalid("maxAmount", message));
        }
        scope.referred_optional::<department::Entity>("departmentId", self.department_id).await?;
        scope.referred_optional::<cost_centre::Entity>("costCentreId", self.cost_centre_id).await?;
        scope.referred_optional::<project::Entity>("projectId", self.project_id).await?;
        scope.referred_optional::<expense_category::Entity>("categoryId", self.category_id).await?;
        if self.category_id.is_some() && self.kind != ApprovalKind::Expense {
            let message = Text::fixed("Only expenses have a category.", "კატეგორია მხოლოდ ხარჯს აქვს.");
            return Err(Error::invalid("categoryId", message));
        }
        self.check_approvers(scope).await?;
        Ok(approval_rule::New {
            sort_key: text::sort_key(&name),
            name,
            subject_kind: self.kind,
            min_minor,
            max_minor,
            department_id: self.department_id,
            cost_centre_id: self.cost_centre_id,
            project_id: self.project_id,
            category_id: self.category_id,
            mode: self.mode,
        })
    }

    async fn check_approvers(&self, scope: &TenantScope) -> Result<()> {
        if !(1..=APPROVERS_MAX).contains(&self.approvers.len()) {
            let message = Text::fixed("Name 1 to 20 who approve.", "მიუთითეთ 1-დან 20-მდე დამმტკიცებელი.");
            return Err(Error::invalid("approvers", message));
        }
        let named = self.approvers.iter().filter_map(|approver| match approver {
            Approver::Member(member) => Some(*member),
            Approver::Role(_) | Approver::Manager => None,
        });
        let members = scope.by_ids::<membership::Entity>(named).await?;
        for (place, approver) in self.approvers.iter().enumerate() {
            let path = format!("approvers.{place}");
            if self.approvers[..place].contains(approver) {
                let message = Text::fixed("This one is named twice.", "ეს დამმტკიცებელი ორჯერ არის მითითებული.");
                return Err(Error::invalid(path, message));
            }
            let Approver::Member(member) = approver else { continue };
            if members.get(member).is_none_or(|row| row.removed_at.is_some()) {
                let field = Some(format!("{path}.membershipId").into());
                return Err(Error::NotFound { what: membership::Entity::KIND, field });
            }
        }
        Ok(())
    }
}

/// Makes a rule.
pub async fn create(scope: &TenantScope, values: RuleValues) -> Result<approval_rule::Model> {
    let new = values.check(scope).await?;
    let row = scope.insert::<approval_rule::Entity>(new).await?;
    ask(scope, row.id, &values.approvers).await?;
    scope.note("ask", (approval_rule::Entity::KIND, row.id.0), None, Some(told(&values.approvers)));
    Ok(row)
}

/// Changes a rule.
pub async fn update(
    scope: &TenantScope,
    id: ApprovalRuleId,
    version: i32,
    change: impl FnOnce(&mut RuleValues) + Send,
) -> Result<approval_rule::Model> {
    let before = scope.editable::<approval_rule::Entity>(id, version).await?;
    let select = scope
        .find::<approval_rule_approver::Entity>()
        .filter(approval_rule_approver::Column::RuleId.eq(id))
        .order_by_asc(approval_rule_approver::Column::Position);
    let asked: Vec<Approver> =
        scope.all(select).await?.into_iter().map(|row| approver(row.membership_id, row.role)).collect();
    let mut values = RuleValues {
        name: before.name.clone(),
        kind: before.subject_kind,
        min: money::from_minor(before.min_minor, scope.base_currency()),
        max: before.max_minor.map(|minor| money::from_minor(minor, scope.base_currency())),
        department_id: before.department_id,
        cost_centre_id: before.cost_centre_id,
        project_id: before.project_id,
        category_id: before.category_id,
        mode: before.mode,
        approvers: asked.clone(),
    };
    change(&mut values);
    let new = values.check(scope).await?;
    if values.approvers != asked {
        scope
            .delete_parts::<approval_rule_approver::Entity>(
                Condition::all().add(approval_rule_approver::Column::RuleId.eq(id)),
            )
            .await?;
        ask(scope, id, &values.approvers).await?;
        let (old, new) = (told(&asked), told(&values.approvers));
        scope.note("ask", (approval_rule::Entity::KIND, id.0), Some(old), Some(new));
    }
    scope.update::<approval_rule::Entity>(&before, approval_rule::Entity::revise(before.clone(), new)).await
}

async fn ask(scope: &TenantScope, rule_id: ApprovalRuleId, approvers: &[Approver]) -> Result<()> {
    let rows = approvers.iter().zip(1..).map(|(approver, position)| {
        let (membership_id, role, manager) = columns(*approver);
        (scope.env().id(), approval_rule_approver::New { rule_id, position, membership_id, role, manager })
    });
    scope.insert_parts::<approval_rule_approver::Entity>(rows.collect()).await?;
    Ok(())
}

/// What an event tells of those whom a rule asks.
fn told(approvers: &[Approver]) -> Value {
    let told = |approver: &Approver| match approver {
        Approver::Member(member) => member.to_string(),
        Approver::Role(role) => role.text().to_owned(),
        Approver::Manager => "manager".to_owned(),
    };
    json!({ "approvers": approvers.iter().map(told).collect::<Vec<_>>().join(", ") })
}
