//! The rules of what is sold: services and products.

use kamara_entities::{ServiceId, TenantEntity, company, service, tax_code};

use crate::{
    error::{Error, Result},
    ledger::Accounts,
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Checks a service's values, and fills in what it's sorted and searched by.
pub fn check(new: &mut service::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.unit = text::optional("unit", new.unit.take())?;
    new.currency = money::currency("currency", &new.currency)?;
    if new.unit_price < 0 {
        return Err(Error::invalid("unitPrice", messages::not_negative()));
    }
    new.sort_key = text::sort_key(&new.name);
    new.search_text = text::search_text([Some(&new.name), new.code.as_ref()]);
    Ok(())
}

async fn check_references(scope: &TenantScope, values: &service::New) -> Result<()> {
    if values.income_account_id.is_some() {
        Accounts::load(scope).await?.income("incomeAccountId", values.income_account_id)?;
    }
    scope.referred_optional::<tax_code::Entity>("taxCodeId", values.tax_code_id).await?;
    scope.referred_optional::<company::Entity>("supplierId", values.supplier_id).await?;
    Ok(())
}

/// Makes a service.
pub async fn create(scope: &TenantScope, mut new: service::New) -> Result<service::Model> {
    check(&mut new)?;
    check_references(scope, &new).await?;
    scope.insert::<service::Entity>(new).await
}

/// Changes a service. Invoices keep what they were written with.
pub async fn update(
    scope: &TenantScope,
    id: ServiceId,
    version: i32,
    change: impl FnOnce(&mut service::New) -> Result<()> + Send,
) -> Result<service::Model> {
    let before = scope.editable::<service::Entity>(id, version).await?;
    let mut new = service::Entity::values(before.clone());
    change(&mut new)?;
    check(&mut new)?;
    check_references(scope, &new).await?;
    scope.update::<service::Entity>(&before, service::Entity::revise(before.clone(), new)).await
}
