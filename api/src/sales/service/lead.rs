//! The rules of leads.

use kamara_entities::{
    CompanyId, DealStatus, LeadId, LeadStatus, MembershipId, TenantEntity, company, contact, deal, lead,
};

use super::{all_members, create_deal, default_stage, if_changed};
use crate::{
    companies,
    error::{Error, Result, Text},
    identity,
    tenancy::TenantScope,
    text,
};

/// Checks a lead's values, and fills in what it's sorted and searched by.
pub fn check_lead(new: &mut lead::New) -> Result<()> {
    new.name = text::name("name", &new.name)?;
    new.company_name = text::optional("companyName", new.company_name.take())?;
    new.email = text::optional_email("email", new.email.take())?;
    new.phone = text::optional("phone", new.phone.take())?;
    new.lead_source = text::optional("source", new.lead_source.take())?;
    new.note = text::note("note", new.note.take())?;
    new.sort_key = text::sort_key(&new.name);
    new.search_text =
        text::search_text([Some(&new.name), new.company_name.as_ref(), new.email.as_ref(), new.phone.as_ref()]);
    Ok(())
}

/// Makes a lead.
pub async fn create_lead(scope: &TenantScope, mut new: lead::New) -> Result<lead::Model> {
    check_lead(&mut new)?;
    identity::service::member(scope, "ownerId", new.owner_id).await?;
    scope.insert::<lead::Entity>(new).await
}

/// Makes many leads at once. The field of an error begins with the lead's index: `3.email`.
pub async fn create_leads(scope: &TenantScope, mut new: Vec<lead::New>) -> Result<Vec<lead::Model>> {
    for (index, lead) in new.iter_mut().enumerate() {
        check_lead(lead).map_err(|error| error.within(&index.to_string()))?;
    }
    all_members(scope, "ownerId", &new.iter().map(|lead| lead.owner_id).collect::<Vec<_>>()).await?;
    scope.insert_all::<lead::Entity>(new).await
}

/// Changes a lead.
pub async fn update_lead(
    scope: &TenantScope,
    id: LeadId,
    version: i32,
    change: impl FnOnce(&mut lead::New) + Send,
) -> Result<lead::Model> {
    let before = scope.editable::<lead::Entity>(id, version).await?;
    let mut new = lead::Entity::values(before.clone());
    change(&mut new);
    check_lead(&mut new)?;
    identity::service::member(scope, "ownerId", if_changed(new.owner_id, before.owner_id)).await?;
    scope.update::<lead::Entity>(&before, lead::Entity::revise(before.clone(), new)).await
}

/// What a lead shall become.
#[derive(Clone, Debug, Default)]
pub struct Conversion {
    /// The company that is there already; without it, one is made.
    pub company_id: Option<CompanyId>,
    /// The deal's name; without it, the company's.
    pub deal_name: Option<String>,
}

/// What a lead became.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The lead, with links to the others.
    pub lead: lead::Model,
    /// The company that was made or taken.
    pub company: company::Model,
    /// The contact that was made.
    pub contact: contact::Model,
    /// The deal that was made.
    pub deal: deal::Model,
}

/// Makes of a lead a company (unless there is one), a contact, and a deal in the first stage of the default pipeline.
pub async fn convert_lead(scope: &TenantScope, id: LeadId, version: i32, conversion: Conversion) -> Result<Converted> {
    let before = new_lead(scope, id, version).await?;
    let deal_name = text::optional("dealName", conversion.deal_name)?;
    let company = match conversion.company_id {
        Some(id) => client(scope, id).await?,
        None => companies::service::create_company(scope, company_of(&before)).await?,
    };
    let contact = contact::New {
        company_id: Some(company.id),
        name: before.name.clone(),
        sort_key: String::new(),
        search_text: String::new(),
        title: None,
        email: before.email.clone(),
        phone: before.phone.clone(),
        note: None,
        source: None,
        external_id: None,
    };
    let contact = companies::service::create_contact(scope, contact).await?;
    let deal = deal::New {
        name: deal_name.unwrap_or_else(|| company.name.clone()),
        sort_key: String::new(),
        search_text: String::new(),
        company_id: Some(company.id),
        contact_id: Some(contact.id),
        stage_id: default_stage(scope).await?.id,
        amount_minor: 0,
        currency: scope.base_currency().to_owned(),
        expected_close_date: None,
        status: DealStatus::Open,
        closed_on: None,
        loss_reason: None,
        owner_id: owner_still_there(scope, before.owner_id).await?,
        source: None,
        external_id: None,
    };
    let deal = create_deal(scope, deal).await?;
    let after = lead::Model {
        status: LeadStatus::Converted,
        company_id: Some(company.id),
        contact_id: Some(contact.id),
        deal_id: Some(deal.id),
        ..before.clone()
    };
    let lead = scope.act::<lead::Entity>("convert", &before, after).await?;
    Ok(Converted { lead, company, contact, deal })
}

/// The company that is there already. A supplier becomes a client as well.
async fn client(scope: &TenantScope, id: CompanyId) -> Result<company::Model> {
    let company = scope.referred::<company::Entity>("companyId", id).await?;
    if company.archived_at.is_some() {
        let message =
            Text::fixed("This company is archived. Restore it first.", "ეს კომპანია დაარქივებულია. ჯერ აღადგინეთ.");
        return Err(Error::invalid("companyId", message));
    }
    if company.is_client {
        return Ok(company);
    }
    companies::service::update_company(scope, id, company.version, |new| new.is_client = true).await
}

/// The company that a lead becomes: that which it named, or the person.
fn company_of(lead: &lead::Model) -> company::New {
    company::New {
        name: lead.company_name.clone().unwrap_or_else(|| lead.name.clone()),
        sort_key: String::new(),
        search_text: String::new(),
        is_client: true,
        is_supplier: false,
        code: None,
        tax_number: None,
        country: None,
        region: None,
        city: None,
        address: None,
        postal_code: None,
        phone: None,
        email: None,
        website: None,
        note: None,
        language: None,
        source: None,
        external_id: None,
    }
}

/// Who followed the lead up sells on, unless that member has left.
async fn owner_still_there(scope: &TenantScope, owner: Option<MembershipId>) -> Result<Option<MembershipId>> {
    match identity::service::member(scope, "ownerId", owner).await {
        Ok(member) => Ok(member.map(|member| member.id)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Notes that a lead came to nothing.
pub async fn lose_lead(scope: &TenantScope, id: LeadId, version: i32) -> Result<lead::Model> {
    let before = new_lead(scope, id, version).await?;
    let after = lead::Model { status: LeadStatus::Lost, ..before.clone() };
    scope.act::<lead::Entity>("lose", &before, after).await
}

/// Takes up a lead again that came to nothing.
pub async fn reopen_lead(scope: &TenantScope, id: LeadId, version: i32) -> Result<lead::Model> {
    let before = scope.editable::<lead::Entity>(id, version).await?;
    if before.status != LeadStatus::Lost {
        return Err(Error::Conflict(Text::fixed(
            "Only a lead that was lost can be reopened.",
            "ხელახლა მხოლოდ დაკარგული ლიდის გახსნა შეიძლება.",
        )));
    }
    let after = lead::Model { status: LeadStatus::New, ..before.clone() };
    scope.act::<lead::Entity>("reopen", &before, after).await
}

async fn new_lead(scope: &TenantScope, id: LeadId, version: i32) -> Result<lead::Model> {
    let lead = scope.editable::<lead::Entity>(id, version).await?;
    match lead.status {
        LeadStatus::New => Ok(lead),
        LeadStatus::Converted => {
            Err(Error::Conflict(Text::fixed("This lead has become a deal already.", "ეს ლიდი უკვე გარიგებად იქცა.")))
        }
        LeadStatus::Lost => Err(Error::Conflict(Text::fixed(
            "This lead was lost. Reopen it first.",
            "ეს ლიდი დაკარგულია. ჯერ ხელახლა გახსენით.",
        ))),
    }
}
