//! Lines of bills, as the API shows them.

use async_graphql::{Context, Object, Result};
use kamara_entities::{BillLineId, account, bill_line, company, cost_centre, department, project, service, tax_code};

use super::tax::{BillTax, TaxesOfBillLine};
use crate::{
    companies::schema::Company,
    delivery::schema::{Project, Service},
    graphql::{Can, Dec, Id, Loading, Money},
    identity::Permission,
    ledger::schema::{Account, CostCentre, CostCentreSplit, TaxCode},
    money,
    people::schema::Department,
};

/// A line of a supplier's bill.
#[derive(Clone, Debug)]
pub(crate) struct BillLine {
    /// The row.
    pub(crate) row: bill_line::Model,
    /// The bill's currency.
    pub(crate) currency: String,
}

#[Object]
impl BillLine {
    /// Id.
    async fn id(&self) -> Id<BillLineId> {
        Id(self.row.id)
    }

    /// Place within the bill, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// What was bought.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn service(&self, ctx: &Context<'_>) -> Result<Option<Service>> {
        Ok(ctx.row_if_any::<service::Entity>(self.row.service_id).await?.map(Service))
    }

    /// In words.
    async fn description(&self) -> &str {
        &self.row.description
    }

    /// How much.
    async fn quantity(&self) -> Dec {
        Dec(money::from_micro(self.row.quantity))
    }

    /// Price of one unit, in the bill's currency.
    async fn unit_price(&self) -> Dec {
        Dec(money::from_micro(self.row.unit_price))
    }

    /// Before tax.
    async fn net(&self) -> Money {
        Money::new(self.row.net_minor, &self.currency)
    }

    /// The tax that is owed to the supplier.
    async fn tax(&self) -> Money {
        Money::new(self.row.tax_minor, &self.currency)
    }

    /// Its taxes, in their order.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn taxes(&self, ctx: &Context<'_>) -> Result<Vec<BillTax>> {
        let rows = ctx.all_of::<TaxesOfBillLine>(self.row.id.0).await?;
        Ok(rows.into_iter().map(|row| BillTax { row, currency: self.currency.clone() }).collect())
    }

    /// Kind of tax; the first, where there are several.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.row.tax_code_id).await?.map(TaxCode))
    }

    /// That kind of tax's rate on the bill's date, as a fraction.
    async fn tax_rate(&self) -> Dec {
        Dec(money::fraction(self.row.tax_rate_bp))
    }

    /// Where the cost is posted.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.row.account_id).await?))
    }

    /// The client for whom.
    #[graphql(guard = "Can(Permission::CompaniesRead)")]
    async fn client(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.row.client_id).await?.map(Company))
    }

    /// Cost centre.
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.row.cost_centre_id).await?.map(CostCentre))
    }

    /// Shares of cost centres, where it has several.
    async fn cost_centre_splits(&self, ctx: &Context<'_>) -> Result<Vec<CostCentreSplit>> {
        CostCentreSplit::of(ctx, self.row.id.0).await
    }

    /// Department.
    #[graphql(guard = "Can(Permission::PeopleRead)")]
    async fn department(&self, ctx: &Context<'_>) -> Result<Option<Department>> {
        Ok(ctx.row_if_any::<department::Entity>(self.row.department_id).await?.map(Department))
    }

    /// Project.
    #[graphql(guard = "Can(Permission::DeliveryRead)")]
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.row_if_any::<project::Entity>(self.row.project_id).await?.map(Project))
    }
}
