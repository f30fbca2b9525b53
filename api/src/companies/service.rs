//! The rules of companies and contacts.

use kamara_entities::{CompanyId, ContactId, TenantEntity as _, company, contact};

use crate::{
    error::{Error, Result, Text},
    tenancy::TenantScope,
    text,
};

/// Checks a company's values, and fills in what it's sorted and searched by.
pub fn check_company(new: &mut company::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.code = text::optional("code", new.code.take())?;
    new.tax_number = text::optional("taxNumber", new.tax_number.take())?;
    new.country = text::optional("country", new.country.take())?;
    new.region = text::optional("region", new.region.take())?;
    new.city = text::optional("city", new.city.take())?;
    new.address = text::optional("address", new.address.take())?;
    new.postal_code = text::optional("postalCode", new.postal_code.take())?;
    new.phone = text::optional("phone", new.phone.take())?;
    new.email = text::optional_email("email", new.email.take())?;
    new.website = text::optional("website", new.website.take())?;
    new.note = text::note("note", new.note.take())?;
    if !new.is_client && !new.is_supplier {
        let message =
            Text::fixed("A company is a client, a supplier, or both.", "კომპანია არის კლიენტი, მომწოდებელი, ან ორივე.");
        return Err(Error::invalid("isClient", message));
    }
    new.sort_key = text::sort_key(&new.name);
    let known_by = [
        Some(&new.name),
        new.code.as_ref(),
        new.tax_number.as_ref(),
        new.city.as_ref(),
        new.email.as_ref(),
        new.phone.as_ref(),
    ];
    new.search_text = text::search_text(known_by);
    Ok(())
}

/// Makes a company.
pub async fn create_company(scope: &TenantScope, mut new: company::New) -> Result<company::Model> {
    check_company(&mut new)?;
    scope.insert::<company::Entity>(new).await
}

/// Changes a company.
pub async fn update_company(
    scope: &TenantScope,
    id: CompanyId,
    version: i32,
    change: impl FnOnce(&mut company::New) + Send,
) -> Result<company::Model> {
    scope
        .edit::<company::Entity>(id, version, |new| {
            change(new);
            check_company(new)
        })
        .await
}

/// Checks a contact's values, and fills in what it's sorted and searched by.
pub fn check_contact(new: &mut contact::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.title = text::optional("title", new.title.take())?;
    new.email = text::optional_email("email", new.email.take())?;
    new.phone = text::optional("phone", new.phone.take())?;
    new.note = text::note("note", new.note.take())?;
    new.sort_key = text::sort_key(&new.name);
    new.search_text = text::search_text([Some(&new.name), new.title.as_ref(), new.email.as_ref(), new.phone.as_ref()]);
    Ok(())
}

/// Makes a contact.
pub async fn create_contact(scope: &TenantScope, mut new: contact::New) -> Result<contact::Model> {
    check_contact(&mut new)?;
    scope.referred_optional::<company::Entity>("companyId", new.company_id).await?;
    scope.insert::<contact::Entity>(new).await
}

/// Changes a contact.
pub async fn update_contact(
    scope: &TenantScope,
    id: ContactId,
    version: i32,
    change: impl FnOnce(&mut contact::New) + Send,
) -> Result<contact::Model> {
    let before = scope.editable::<contact::Entity>(id, version).await?;
    let mut new = contact::Entity::values(before.clone());
    change(&mut new);
    check_contact(&mut new)?;
    // Before the write: the foreign key would refuse too, but not say which field.
    scope.referred_optional::<company::Entity>("companyId", new.company_id).await?;
    scope.update::<contact::Entity>(&before, contact::Entity::revise(before.clone(), new)).await
}
