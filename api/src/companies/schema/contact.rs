//! Contacts, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{CompanyId, ContactId, company, contact};
use sea_orm::Condition;

use super::Company;
use crate::{
    companies::service,
    graphql::{
        Can, Id, Listed, Loading, Paging, complexity,
        filter::{Conditions, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
};

shown! {
    /// A person at a company.
    Contact(contact),
}

#[Object]
impl Contact {
    /// Id.
    async fn id(&self) -> Id<ContactId> {
        Id(self.0.id)
    }

    /// Full name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Position at the company.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// Free text.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The company that the person belongs to.
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.company_id).await?.map(Company))
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
    /// What contacts are sorted by.
    ContactOrder, ContactOrderField of contact, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which contacts.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ContactFilter {
    /// Words, all of which are in its name, title, address or telephone.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Company.
    company_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ContactFilter {
    fn condition(self) -> Condition {
        use contact::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::CompanyId, self.company_id)
            .all()
    }
}

/// Asking for contacts.
#[derive(Default)]
pub(crate) struct ContactQuery;

#[Object]
impl ContactQuery {
    /// People at companies.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::CompaniesRead)")]
    async fn contacts(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ContactFilter,
        order_by: Option<ContactOrder>,
    ) -> Result<Listed<Contact>> {
        let order = ContactOrder::or_default(order_by);
        list::<contact::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A person at a company.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn contact(&self, ctx: &Context<'_>, id: Id<ContactId>) -> Result<Contact> {
        Ok(Contact(request(ctx).read().await?.require::<contact::Entity>(id.0).await?))
    }
}

/// A new contact.
#[derive(InputObject)]
pub(crate) struct CreateContactInput {
    /// The company that the person belongs to.
    company_id: Option<Id<CompanyId>>,
    /// Full name.
    name: String,
    /// Position at the company.
    title: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// Free text.
    note: Option<String>,
}

impl From<CreateContactInput> for contact::New {
    fn from(input: CreateContactInput) -> Self {
        Self {
            company_id: input.company_id.map(|id| id.0),
            name: input.name,
            sort_key: String::new(),
            search_text: String::new(),
            title: input.title,
            email: input.email,
            phone: input.phone,
            note: input.note,
            source: None,
            external_id: None,
        }
    }
}

/// A change of a contact: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateContactInput {
    /// The contact.
    id: Id<ContactId>,
    /// The version that was read.
    version: i32,
    /// The company that the person belongs to.
    company_id: MaybeUndefined<Id<CompanyId>>,
    /// Full name.
    name: Option<String>,
    /// Position at the company.
    title: MaybeUndefined<String>,
    /// E-mail address.
    email: MaybeUndefined<String>,
    /// Telephone.
    phone: MaybeUndefined<String>,
    /// Free text.
    note: MaybeUndefined<String>,
}

impl UpdateContactInput {
    fn apply(self, new: &mut contact::New) {
        self.company_id.map_value(|id| id.0).update_to(&mut new.company_id);
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.title.update_to(&mut new.title);
        self.email.update_to(&mut new.email);
        self.phone.update_to(&mut new.phone);
        self.note.update_to(&mut new.note);
    }
}

payloads! {
    CreateContactPayload { contact: Contact },
    UpdateContactPayload { contact: Contact },
}

archiving! {
    ContactArchiving, contact, ContactId, Contact, contact, CompaniesWrite,
    archive_contact(ArchiveContactInput) -> ArchiveContactPayload,
    restore_contact(RestoreContactInput) -> RestoreContactPayload
}

/// Making and changing contacts.
#[derive(Default)]
pub(crate) struct ContactMutation;

#[Object]
impl ContactMutation {
    /// Makes a contact.
    #[graphql(guard = "Can(Permission::CompaniesWrite)")]
    async fn create_contact(&self, ctx: &Context<'_>, input: CreateContactInput) -> Result<CreateContactPayload> {
        let scope = request(ctx).write().await?;
        let contact = service::create_contact(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(contact.into())
    }

    /// Changes a contact.
    #[graphql(guard = "Can(Permission::CompaniesWrite)")]
    async fn update_contact(&self, ctx: &Context<'_>, input: UpdateContactInput) -> Result<UpdateContactPayload> {
        let scope = request(ctx).write().await?;
        let contact = service::update_contact(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(contact.into())
    }
}
