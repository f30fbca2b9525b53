//! Services and products, as the API shows them.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, Result};
use chrono::{DateTime, Utc};
use kamara_entities::{AccountId, CompanyId, ServiceId, TaxCodeId, account, company, service, tax_code};
use sea_orm::Condition;

use crate::{
    companies::schema::Company,
    delivery::service::catalogue,
    error,
    graphql::{
        Can, Dec, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, IdFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::schema::{Account, TaxCode},
    money,
};

shown! {
    /// Something that is sold: a service or a product.
    Service(service),
}

#[Object]
impl Service {
    /// Id.
    async fn id(&self) -> Id<ServiceId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Short name.
    async fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// What is counted: hour, day, piece…
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// Price of one unit, before tax.
    async fn unit_price(&self) -> Money {
        Money::price(self.0.unit_price, &self.0.currency)
    }

    /// Where its sales are posted; the account of role "revenue" when there's none. None for who may not see the ledger.
    async fn income_account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
        if !request(ctx).caller()?.may(Permission::FinanceRead) {
            return Ok(None);
        }
        Ok(ctx.row_if_any::<account::Entity>(self.0.income_account_id).await?.map(Account))
    }

    /// Tax on its sales.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.0.tax_code_id).await?.map(TaxCode))
    }

    /// From whom it is bought.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn supplier(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.0.supplier_id).await?.map(Company))
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
    /// What services are sorted by.
    ServiceOrder, ServiceOrderField of service, default Name Asc,
    {
        /// By name.
        Name => SortKey,
        /// By short name.
        Code => Code,
        /// By price, whatever its currency.
        UnitPrice => UnitPrice,
        /// By when they were made.
        CreatedAt => CreatedAt,
        /// By when they were last changed.
        UpdatedAt => UpdatedAt,
    }
}

/// Which services.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ServiceFilter {
    /// Words, all of which are in its name or code.
    search: Option<String>,
    /// Name.
    name: Option<StringFilter>,
    /// Short name.
    code: Option<StringFilter>,
    /// From whom it is bought.
    supplier_id: Option<IdFilter>,
    /// Tax on its sales.
    tax_code_id: Option<IdFilter>,
    /// Archived ones instead of the others.
    archived: Option<bool>,
}

impl ServiceFilter {
    fn condition(self) -> Condition {
        use service::Column as C;
        Conditions::records(self.archived, C::ArchivedAt)
            .search(C::SearchText, self.search)
            .on_name(C::Name, C::SortKey, self.name)
            .on(C::Code, self.code)
            .on(C::SupplierId, self.supplier_id)
            .on(C::TaxCodeId, self.tax_code_id)
            .all()
    }
}

/// Asking for services.
#[derive(Default)]
pub(crate) struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// Services and products.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::CatalogueRead)")]
    async fn services(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ServiceFilter,
        order_by: Option<ServiceOrder>,
    ) -> Result<Listed<Service>> {
        let order = ServiceOrder::or_default(order_by);
        list::<service::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }

    /// A service or product.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn service(&self, ctx: &Context<'_>, id: Id<ServiceId>) -> Result<Service> {
        Ok(Service(request(ctx).read().await?.require::<service::Entity>(id.0).await?))
    }
}

/// A new service.
#[derive(InputObject)]
pub(crate) struct CreateServiceInput {
    /// Name.
    name: String,
    /// Short name.
    code: Option<String>,
    /// What is counted: hour, day, piece…
    unit: Option<String>,
    /// Price of one unit, before tax.
    unit_price: Dec,
    /// Currency of the price; that of the books unless said.
    currency: Option<String>,
    /// Where its sales are posted; the account of role "revenue" unless said.
    income_account_id: Option<Id<AccountId>>,
    /// Tax on its sales.
    tax_code_id: Option<Id<TaxCodeId>>,
    /// From whom it is bought.
    supplier_id: Option<Id<CompanyId>>,
}

impl CreateServiceInput {
    fn values(self, base_currency: &str) -> error::Result<service::New> {
        Ok(service::New {
            name: self.name,
            sort_key: String::new(),
            search_text: String::new(),
            code: self.code,
            unit: self.unit,
            unit_price: money::to_micro("unitPrice", self.unit_price.0)?,
            currency: self.currency.unwrap_or_else(|| base_currency.to_owned()),
            income_account_id: self.income_account_id.map(|id| id.0),
            tax_code_id: self.tax_code_id.map(|id| id.0),
            supplier_id: self.supplier_id.map(|id| id.0),
            source: None,
            external_id: None,
        })
    }
}

/// A change of a service: what is left out stays, null empties.
#[derive(InputObject)]
pub(crate) struct UpdateServiceInput {
    /// The service.
    id: Id<ServiceId>,
    /// The version that was read.
    version: i32,
    /// Name.
    name: Option<String>,
    /// Short name.
    code: MaybeUndefined<String>,
    /// What is counted: hour, day, piece…
    unit: MaybeUndefined<String>,
    /// Price of one unit, before tax.
    unit_price: Option<Dec>,
    /// Currency of the price.
    currency: Option<String>,
    /// Where its sales are posted; the account of role "revenue" when null.
    income_account_id: MaybeUndefined<Id<AccountId>>,
    /// Tax on its sales.
    tax_code_id: MaybeUndefined<Id<TaxCodeId>>,
    /// From whom it is bought.
    supplier_id: MaybeUndefined<Id<CompanyId>>,
}

impl UpdateServiceInput {
    fn apply(self, new: &mut service::New) -> error::Result<()> {
        new.name = self.name.unwrap_or_else(|| std::mem::take(&mut new.name));
        self.code.update_to(&mut new.code);
        self.unit.update_to(&mut new.unit);
        if let Some(price) = self.unit_price {
            new.unit_price = money::to_micro("unitPrice", price.0)?;
        }
        new.currency = self.currency.unwrap_or_else(|| std::mem::take(&mut new.currency));
        self.income_account_id.map_value(|id| id.0).update_to(&mut new.income_account_id);
        self.tax_code_id.map_value(|id| id.0).update_to(&mut new.tax_code_id);
        self.supplier_id.map_value(|id| id.0).update_to(&mut new.supplier_id);
        Ok(())
    }
}

payloads! {
    CreateServicePayload { service: Service },
    UpdateServicePayload { service: Service },
}

archiving! {
    ServiceArchiving, service, ServiceId, Service, service, CatalogueWrite,
    archive_service(ArchiveServiceInput) -> ArchiveServicePayload,
    restore_service(RestoreServiceInput) -> RestoreServicePayload
}

/// Making and changing services.
#[derive(Default)]
pub(crate) struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Makes a service.
    #[graphql(guard = "Can(Permission::CatalogueWrite)")]
    async fn create_service(&self, ctx: &Context<'_>, input: CreateServiceInput) -> Result<CreateServicePayload> {
        let scope = request(ctx).write().await?;
        let new = input.values(scope.base_currency())?;
        let service = catalogue::create(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(service.into())
    }

    /// Changes a service. Invoices keep what they were written with.
    #[graphql(guard = "Can(Permission::CatalogueWrite)")]
    async fn update_service(&self, ctx: &Context<'_>, input: UpdateServiceInput) -> Result<UpdateServicePayload> {
        let scope = request(ctx).write().await?;
        let service = catalogue::update(&scope, input.id.0, input.version, |new| input.apply(new)).await?;
        request(ctx).commit(scope).await?;
        Ok(service.into())
    }
}
