//! The rules of projects.

use kamara_entities::{ProjectId, TenantEntity, company, deal, department, employee, project};

use crate::{
    error::{Error, Result, Text},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Checks a project's values, and fills in what it's sorted and searched by.
pub fn check(new: &mut project::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.currency = money::currency("currency", &new.currency)?;
    if new.budget_minor.is_some_and(|budget| budget < 0) {
        return Err(Error::invalid("budget", messages::not_negative()));
    }
    if let (Some(start), Some(end)) = (new.start_date, new.end_date)
        && end < start
    {
        let message = Text::fixed("A project does not end before it starts.", "პროექტი დაწყებამდე ვერ დასრულდება.");
        return Err(Error::invalid("endDate", message));
    }
    new.sort_key = text::sort_key(&new.name);
    new.search_text = text::search_text([Some(&new.name), new.code.as_ref()]);
    Ok(())
}

async fn check_references(scope: &TenantScope, values: &project::New) -> Result<()> {
    scope.referred_optional::<company::Entity>("companyId", values.company_id).await?;
    scope.referred_optional::<deal::Entity>("dealId", values.deal_id).await?;
    scope.referred_optional::<department::Entity>("departmentId", values.department_id).await?;
    scope.referred_optional::<employee::Entity>("managerId", values.manager_id).await?;
    Ok(())
}

/// Makes a project.
pub async fn create(scope: &TenantScope, mut new: project::New) -> Result<project::Model> {
    check(&mut new)?;
    check_references(scope, &new).await?;
    scope.insert::<project::Entity>(new).await
}

/// Changes a project.
pub async fn update(
    scope: &TenantScope,
    id: ProjectId,
    version: i32,
    change: impl FnOnce(&mut project::New) -> Result<()> + Send,
) -> Result<project::Model> {
    let before = scope.editable::<project::Entity>(id, version).await?;
    let mut new = project::Entity::values(before.clone());
    change(&mut new)?;
    check(&mut new)?;
    check_references(scope, &new).await?;
    scope.update::<project::Entity>(&before, project::Entity::revise(before.clone(), new)).await
}
