//! Companies, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{CompanyId, company, contact, deal, invoice, project};
use sea_orm::Condition;

use super::Contact;
use crate::{
    companies::service,
    delivery::schema::Project,
    finance::schema::Invoice,
    graphql::{
        Can, Children, Id, Listed, Paging, complexity,
        enums::Language,
        filter::{Conditions, StringFilter},
        list, nested, request,
    },
    identity::Permission,
    sales::schema::Deal,
    tenancy::{Direction, Order},
};

shown! {
    /// A client or a supplier.
    Company(company),
}

struct ContactsOfCompany;
impl Children for ContactsOfCompany {
    type Entity = contact::Entity;
    const PARENT: contact::Column = contact::Column::CompanyId;
    const ORDER: Order<contact::Column> = Order { column: contact::Column::SortKey, direction: Direction::Asc };
}

struct DealsOfCompany;
impl Children for DealsOfCompany {
    type Entity = deal::Entity;
    const PARENT: deal::Column = deal::Column::CompanyId;
    const ORDER: Order<deal::Column> = Order { column: deal::Column::CreatedAt, direction: Direction::Desc };
}

struct ProjectsOfCompany;
impl Children for ProjectsOfCompany {
    type Entity = project::Entity;
    const PARENT: project::Column = project::Column::CompanyId;
    const ORDER: Order<project::Column> = Order { column: project::Column::SortKey, direction: Direction::Asc };
}

struct InvoicesOfCompany;
impl Children for InvoicesOfCompany {
    type Entity = invoice::Entity;
    const PARENT: invoice::Column = invoice::Column::CompanyId;
    const ORDER: Order<invoice::Column> = Order { column: invoice::Column::Date, direction: Direction::Desc };
}

#[Object]
impl Company {
    /// Id.
    async fn id(&self) -> Id<CompanyId> {
        Id(self.0.id)
    }

    /// The name by which it is known.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Buys from us.
    async fn is_client(&self) -> bool {
        self.0.is_client
    }

    /// Sells to us.
    async fn is_supplier(&self) -> bool {
        self.0.is_supplier
    }

    /// Our own short name for it.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Number in the tax register.
    async fn tax_number(&self) -> Option<&str> {
        self.0.tax_number.as_deref()
    }

    /// Country, as it is written.
    async fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// Region or state.
    async fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// City.
    async fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// Street and number.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// Postal code.
    async fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_deref()
    }

    /// Telephone.
    async fn phone(&self) -> Option<&str> {
        self.0.phone.as_deref()
    }

    /// E-mail address.
    async fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Address on the web.
    async fn website(&self) -> Option<&str> {
        self.0.website.as_deref()
    }

    /// Free text.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Language of its documents.
    async fn language(&self) -> Option<Language> {
        self.0.language.map(Into::into)
    }

    /// Its people, by name.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn contacts(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Contact>> {
        nested::<ContactsOfCompany, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// Its deals, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::SalesRead)")]
    async fn deals(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Deal>> {
        nested::<DealsOfCompany, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// Its projects, by name.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::DeliveryRead)")]
    async fn projects(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Project>> {
        nested::<ProjectsOfCompany, _>(ctx, self.0.id.0, Paging { first, after }).await
    }

    /// Its invoices, newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::InvoicesRead)")]
    async fn invoices(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<Invoice>> {
        nested::<InvoicesOfCompany, _>(ctx, self.0.id.0, Paging { first, after }).await
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
    /// What companies are sorted by.
    CompanyOrder, CompanyOrderField of company, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By short name.
        Code => Code,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which companies.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct CompanyFilter {
    /// Words, all of which are in its name, code, tax number, city, address or telephone.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Buys from us.
    is_client: Option<bool>,
    /// Sells to us.
    is_supplier: Option<bool>,
    /// Country.
    country: Option<StringFilter>,
    /// City.
    city: Option<StringFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl CompanyFilter {
    fn condition(self) -> Condition {
        use company::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::IsClient, self.is_client)
            .on(C::IsSupplier, self.is_supplier)
            .on(C::Country, self.country)
            .on(C::City, self.city)
            .all()
    }
}

/// Asking for companies.
#[derive(Default)]
pub(crate) struct CompanyQuery;

#[Object]
impl CompanyQuery {
    /// Clients and suppliers.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::CompaniesRead)")]
    async fn companies(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: CompanyFilter,
        order_by: Option<CompanyOrder>,
    ) -> Result<Listed<Company>> {
        let order = CompanyOrder::or_default(order_by);
        list::<company::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A client or supplier.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn company(&self, ctx: &Context<'_>, id: Id<CompanyId>) -> Result<Company> {
        Ok(Company(request(ctx).read().await?.require::<company::Entity>(id.0).await?))
    }
}

/// A new company.
#[derive(InputObject)]
pub(crate) struct CreateCompanyInput {
    /// The name by which it is known.
    name: String,
    /// Buys from us.
    #[graphql(default = true)]
    is_client: bool,
    /// Sells to us.
    #[graphql(default)]
    is_supplier: bool,
    /// Our own short name for it.
    code: Option<String>,
    /// Number in the tax register.
    tax_number: Option<String>,
    /// Country.
    country: Option<String>,
    /// Region or state.
    region: Option<String>,
    /// City.
    city: Option<String>,
    /// Street and number.
    address: Option<String>,
    /// Postal code.
    postal_code: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// E-mail address.
    email: Option<String>,
    /// Address on the web.
    website: Option<String>,
    /// Free text.
    note: Option<String>,
    /// Language of its documents.
    language: Option<Language>,
}

impl From<CreateCompanyInput> for company::New {
    fn from(input: CreateCompanyInput) -> Self {
        Self {
            name: input.name,
            sort_key: String::new(),
            search_text: String::new(),
            is_client: input.is_client,
            is_supplier: input.is_supplier,
            code: input.code,
            tax_number: input.tax_number,
            country: input.country,
            region: input.region,
            city: input.city,
            address: input.address,
            postal_code: input.postal_code,
            phone: input.phone,
            email: input.email,
            website: input.website,
            note: input.note,
            language: input.language.map(Into::into),
            source: None,
            external_id: None,
        }
    }
}

/// A change of a company: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateCompanyInput {
    /// The company.
    id: Id<CompanyId>,
    /// The version that was read.
    version: i32,
    /// The name by which it is known.
    name: Option<String>,
    /// Buys from us.
    is_client: Option<bool>,
    /// Sells to us.
    is_supplier: Option<bool>,
    /// Our own short name for it.
    code: MaybeUndefined<String>,
    /// Number in the tax register.
    tax_number: MaybeUndefined<String>,
    /// Country.
    country: MaybeUndefined<String>,
    /// Region or state.
    region: MaybeUndefined<String>,
    /// City.
    city: MaybeUndefined<String>,
    /// Street and number.
    address: MaybeUndefined<String>,
    /// Postal code.
    postal_code: MaybeUndefined<String>,
    /// Telephone.
    phone: MaybeUndefined<String>,
    /// E-mail address.
    email: MaybeUndefined<String>,
    /// Address on the web.
    website: MaybeUndefined<String>,
    /// Free text.
    note: MaybeUndefined<String>,
    /// Language of its documents.
    language: MaybeUndefined<Language>,
}

impl UpdateCompanyInput {
    fn apply(self, new: &mut company::New) {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        new.is_client = self.is_client.unwrap_or(new.is_client);
        new.is_supplier = self.is_supplier.unwrap_or(new.is_supplier);
        self.code.update_to(&mut new.code);
        self.tax_number.update_to(&mut new.tax_number);
        self.country.update_to(&mut new.country);
        self.region.update_to(&mut new.region);
        self.city.update_to(&mut new.city);
        self.address.update_to(&mut new.address);
        self.postal_code.update_to(&mut new.postal_code);
        self.phone.update_to(&mut new.phone);
        self.email.update_to(&mut new.email);
        self.website.update_to(&mut new.website);
        self.note.update_to(&mut new.note);
        self.language.map_value(Into::into).update_to(&mut new.language);
    }
}

payloads! {
    CreateCompanyPayload { company: Company },
    UpdateCompanyPayload { company: Company },
}

archiving! {
    CompanyArchiving, company, CompanyId, Company, company, CompaniesWrite,
    archive_company(ArchiveCompanyInput) -> ArchiveCompanyPayload,
    restore_company(RestoreCompanyInput) -> RestoreCompanyPayload
}

/// Making and changing companies.
#[derive(Default)]
pub(crate) struct CompanyMutation;

#[Object]
impl CompanyMutation {
    /// Makes a company.
    #[graphql(guard = "Can(Permission::CompaniesWrite)")]
    async fn create_company(&self, ctx: &Context<'_>, input: CreateCompanyInput) -> Result<CreateCompanyPayload> {
        let scope = request(ctx).write().await?;
        let company = service::create_company(&scope, input.into()).await?;
        request(ctx).commit(scope).await?;
        Ok(company.into())
    }

    /// Changes a company.
    #[graphql(guard = "Can(Permission::CompaniesWrite)")]
    async fn update_company(&self, ctx: &Context<'_>, input: UpdateCompanyInput) -> Result<UpdateCompanyPayload> {
        let scope = request(ctx).write().await?;
        let company = service::update_company(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(company.into())
    }
}
