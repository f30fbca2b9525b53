//! What stands at the head and the foot of documents: one row a tenant.

use kamara_entities::{FileId, FileSubject, TenantEntity as _, file, letterhead};

use crate::{
    error::{Error, Result},
    tenancy::TenantScope,
    text,
};

/// Makes the letterhead of a new tenant, which says its name.
pub(crate) async fn open(scope: &TenantScope) -> Result<()> {
    let new = letterhead::New {
        legal_name: scope.tenant().name.clone(),
        tax_number: None,
        address: None,
        phone: None,
        email: None,
        website: None,
        footer: None,
        logo_id: None,
    };
    scope.insert::<letterhead::Entity>(new).await?;
    Ok(())
}

/// The tenant's letterhead.
pub async fn of(scope: &TenantScope) -> Result<letterhead::Model> {
    let row = scope.first(scope.find::<letterhead::Entity>()).await?;
    row.ok_or_else(|| Error::internal("a tenant without a letterhead"))
}

/// The letterhead's picture, unless it was archived.
pub async fn logo(scope: &TenantScope, letterhead: &letterhead::Model) -> Result<Option<file::Model>> {
    let Some(id) = letterhead.logo_id else { return Ok(None) };
    Ok(scope.get::<file::Entity>(id).await?.filter(|file| file.archived_at.is_none()))
}

/// Changes the letterhead.
pub async fn update(
    scope: &TenantScope,
    version: i32,
    change: impl FnOnce(&mut letterhead::New) + Send,
) -> Result<letterhead::Model> {
    let id = of(scope).await?.id;
    let before = scope.editable::<letterhead::Entity>(id, version).await?;
    let mut new = letterhead::Entity::values(before.clone());
    change(&mut new);
    check(&mut new)?;
    if let Some(logo) = new.logo_id.filter(|logo| before.logo_id != Some(*logo)) {
        check_logo(scope, logo).await?;
    }
    scope.update::<letterhead::Entity>(&before, letterhead::Entity::revise(before.clone(), new)).await
}

fn check(new: &mut letterhead::New) -> Result<()> {
    new.legal_name = text::name("legalName", &new.legal_name)?;
    new.tax_number = text::optional("taxNumber", new.tax_number.take())?;
    new.address = text::optional("address", new.address.take())?;
    new.phone = text::optional("phone", new.phone.take())?;
    new.email = text::optional_email("email", new.email.take())?;
    new.website = text::optional("website", new.website.take())?;
    new.footer = text::note("footer", new.footer.take())?;
    Ok(())
}

/// A logo was sent as one: that it can be set was seen then.
async fn check_logo(scope: &TenantScope, logo: FileId) -> Result<()> {
    let file = scope.referred::<file::Entity>("logoId", logo).await?;
    if file.subject_kind == FileSubject::Letterhead && file.archived_at.is_none() {
        return Ok(());
    }
    Err(Error::NotFound { what: file::Entity::KIND, field: Some("logoId".into()) })
}
