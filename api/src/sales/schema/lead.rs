//! Leads, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use kamara_entities::{CompanyId, LeadId, MembershipId, company, contact, deal, lead};
use sea_orm::Condition;

use super::Deal;
use crate::{
    companies::schema::{Company, Contact},
    graphql::{
        Can, Id, Listed, Loading, Paging, complexity,
        enums::LeadStatus,
        filter::{Conditions, IdFilter, LeadStatusFilter, StringFilter},
        list, request,
    },
    identity::{Permission, schema::Member},
    sales::service,
};

shown! {
    /// Somebody who may become a client.
    Lead(lead),
}

#[Object]
impl Lead {
    /// Id.
    async fn id(&self) -> Id<LeadId> {
        Id(self.0.id)
    }

    /// The person's name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The company's name, as given.
    async fn company_name(&self) -> Option<&str> {
        self.0.company_name.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// How the lead came: a referral, the web, a fair…
    async fn source(&self) -> Option<&str> {
        self.0.lead_source.as_deref()
    }

    /// Free text.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Where it stands.
    async fn status(&self) -> LeadStatus {
        self.0.status.into()
    }

    /// Who follows it up.
    async fn owner(&self, ctx: &Context<'_>) -> Result<Option<Member>> {
        Member::load_if_any(ctx, self.0.owner_id).await
    }

    /// The company that it became.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
    }

    /// The contact that it became.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn contact(&self, ctx: &Context<'_>) -> Result<Option<Contact>> {
        Ok(ctx.row_if_any::<contact::Entity>(self.0.contact_id).await?.map(Contact))
    }

    /// The deal that it became.
    async fn deal(&self, ctx: &Context<'_>) -> Result<Option<Deal>> {
        Ok(ctx.row_if_any::<deal::Entity>(self.0.deal_id).await?.map(Deal))
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
    /// What leads are sorted by.
    LeadOrder, LeadOrderField of lead, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By where they stand.
        Status => Status,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which leads.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct LeadFilter {
    /// Words, all of which are in its name, company's name, address or telephone.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// How the lead came.
    source: Option<StringFilter>,
    /// Where it stands.
    status: Option<LeadStatusFilter>,
    /// Who follows it up.
    owner_id: Option<IdFilter>,
    /// The company that it became.
    company_id: Option<IdFilter>,
    /// The contact that it became.
    contact_id: Option<IdFilter>,
    /// The deal that it became.
    deal_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl LeadFilter {
    fn condition(self) -> Condition {
        use lead::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::LeadSource, self.source)
            .on(C::Status, self.status)
            .on(C::OwnerId, self.owner_id)
            .on(C::CompanyId, self.company_id)
            .on(C::ContactId, self.contact_id)
            .on(C::DealId, self.deal_id)
            .all()
    }
}

/// Asking for leads.
#[derive(Default)]
pub(crate) struct LeadQuery;

#[Object]
impl LeadQuery {
    /// Those who may become clients.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::SalesRead)")]
    async fn leads(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: LeadFilter,
        order_by: Option<LeadOrder>,
    ) -> Result<Listed<Lead>> {
        let order = LeadOrder::or_default(order_by);
        list::<lead::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// Somebody who may become a client.
    #[graphql(guard = "Can(Permission::SalesRead)")]
    async fn lead(&self, ctx: &Context<'_>, id: Id<LeadId>) -> Result<Lead> {
        Ok(Lead(request(ctx).read().await?.require::<lead::Entity>(id.0).await?))
    }
}

/// A new lead.
#[derive(InputObject)]
pub(crate) struct CreateLeadInput {
    /// The person's name.
    name: String,
    /// The company's name.
    company_name: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// How the lead came: a referral, the web, a fair…
    source: Option<String>,
    /// Free text.
    note: Option<String>,
    /// Who follows it up.
    owner_id: Option<Id<MembershipId>>,
}

impl From<CreateLeadInput> for lead::New {
    fn from(input: CreateLeadInput) -> Self {
        Self {
            name: input.name,
            sort_key: String::new(),
            search_text: String::new(),
            company_name: input.company_name,
            email: input.email,
            phone: input.phone,
            lead_source: input.source,
            note: input.note,
            status: kamara_entities::LeadStatus::New,
            owner_id: input.owner_id.map(|id| id.0),
            company_id: None,
            contact_id: None,
            deal_id: None,
            source: None,
            external_id: None,
        }
    }
}

/// A change of a lead: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateLeadInput {
    /// The lead.
    id: Id<LeadId>,
    /// The version that was read.
    version: i32,
    /// The person's name.
    name: Option<String>,
    /// The company's name.
    company_name: MaybeUndefined<String>,
    /// E-mail address.
    email: MaybeUndefined<String>,
    /// Telephone.
    phone: MaybeUndefined<String>,
    /// How the lead came: a referral, the web, a fair…
    source: MaybeUndefined<String>,
    /// Free text.
    note: MaybeUndefined<String>,
    /// Who follows it up.
    owner_id: MaybeUndefined<Id<MembershipId>>,
}

impl UpdateLeadInput {
    fn apply(self, new: &mut lead::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.company_name.update_to(&mut new.company_name);
        self.email.update_to(&mut new.email);
        self.phone.update_to(&mut new.phone);
        self.source.update_to(&mut new.lead_source);
        self.note.update_to(&mut new.note);
        self.owner_id.map_value(|id| id.0).update_to(&mut new.owner_id);
    }
}

/// What a lead shall become.
#[derive(InputObject)]
pub(crate) struct ConvertLeadInput {
    /// The lead.
    id: Id<LeadId>,
    /// The version that was read.
    version: i32,
    /// The company that is there already; without it, one is made.
    company_id: Option<Id<CompanyId>>,
    /// The deal's name; without it, the company's.
    deal_name: Option<String>,
}

/// What a lead became.
#[derive(SimpleObject)]
pub(crate) struct ConvertLeadPayload {
    /// The lead, with links to the others.
    lead: Lead,
    /// The company that was made or taken.
    company: Company,
    /// The contact that was made.
    contact: Contact,
    /// The deal that was made.
    deal: Deal,
}

impl From<service::Converted> for ConvertLeadPayload {
    fn from(converted: service::Converted) -> Self {
        Self {
            lead: Lead(converted.lead),
            company: Company(converted.company),
            contact: Contact(converted.contact),
            deal: Deal(converted.deal),
        }
    }
}

as_read! { LoseLeadInput(LeadId), ReopenLeadInput(LeadId) }

payloads! {
    CreateLeadPayload { lead: Lead },
    UpdateLeadPayload { lead: Lead },
    LoseLeadPayload { lead: Lead },
    ReopenLeadPayload { lead: Lead },
}

archiving! {
    LeadArchiving, lead, LeadId, Lead, lead, SalesWrite,
    archive_lead(ArchiveLeadInput) -> ArchiveLeadPayload,
    restore_lead(RestoreLeadInput) -> RestoreLeadPayload
}

/// Making and changing leads.
#[derive(Default)]
pub(crate) struct LeadMutation;

#[Object]
impl LeadMutation {
    /// Makes a lead.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn create_lead(&self, ctx: &Context<'_>, input: CreateLeadInput) -> Result<CreateLeadPayload> {
        let scope = request(ctx).write().await?;
        let lead = service::create_lead(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(lead.into())
    }

    /// Changes a lead.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn update_lead(&self, ctx: &Context<'_>, input: UpdateLeadInput) -> Result<UpdateLeadPayload> {
        let scope = request(ctx).write().await?;
        let lead = service::update_lead(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(lead.into())
    }

    /// Makes of a lead a company (unless there is one), a contact, and a deal in the first stage of the default pipeline.
    #[graphql(guard = "Can(Permission::SalesWrite).and(Can(Permission::CompaniesWrite))")]
    async fn convert_lead(&self, ctx: &Context<'_>, input: ConvertLeadInput) -> Result<ConvertLeadPayload> {
        let scope = request(ctx).write().await?;
        let conversion =
            service::Conversion { company_id: input.company_id.map(|id| id.0), deal_name: input.deal_name };
        let converted = service::convert_lead(&scope, input.id.0, input.version, conversion).await?;
        request(ctx).commit(scope).await?;
        Ok(converted.into())
    }

    /// Notes that a lead came to nothing.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn lose_lead(&self, ctx: &Context<'_>, input: LoseLeadInput) -> Result<LoseLeadPayload> {
        let scope = request(ctx).write().await?;
        let lead = service::lose_lead(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(lead.into())
    }

    /// Takes up a lead again that came to nothing.
    #[graphql(guard = "Can(Permission::SalesWrite)")]
    async fn reopen_lead(&self, ctx: &Context<'_>, input: ReopenLeadInput) -> Result<ReopenLeadPayload> {
        let scope = request(ctx).write().await?;
        let lead = service::reopen_lead(&scope, input.id.0, input.version).await?;
        request(ctx).commit(scope).await?;
        Ok(lead.into())
    }
}
