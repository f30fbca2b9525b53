//! Lines of invoices, as the API shows them.

use async_graphql::{Context, Object, Result};
use kamara_entities::{InvoiceLineId, account, cost_centre, invoice_line, project, service, tax_code};

use super::tax::{InvoiceTax, TaxesOfLine};
use crate::{
    delivery::schema::{Project, Service},
    graphql::{Can, Date, Dec, Id, Loading, Money},
    identity::Permission,
    ledger::schema::{Account, CostCentre, CostCentreSplit, TaxCode},
    money,
};

/// A line of an invoice.
#[derive(Clone, Debug)]
pub(crate) struct InvoiceLine {
    /// The row.
    pub(crate) row: invoice_line::Model,
    /// The invoice's currency.
    pub(crate) currency: String,
}

impl InvoiceLine {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.currency)
    }
}

#[Object]
impl InvoiceLine {
    /// Id.
    async fn id(&self) -> Id<InvoiceLineId> {
        Id(self.row.id)
    }

    /// Place within the invoice, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// What was sold.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn service(&self, ctx: &Context<'_>) -> Result<Option<Service>> {
        Ok(ctx.row_if_any::<service::Entity>(self.row.service_id).await?.map(Service))
    }

    /// In words.
    async fn description(&self) -> Option<&str> {
        self.row.description.as_deref()
    }

    /// How much.
    async fn quantity(&self) -> Dec {
        Dec(money::from_micro(self.row.quantity))
    }

    /// Price of one unit before discount, in the invoice's currency.
    async fn unit_price(&self) -> Dec {
        Dec(money::from_micro(self.row.unit_price))
    }

    /// Discount in percent.
    async fn discount_percent(&self) -> Dec {
        Dec(money::percent(self.row.discount_bp))
    }

    /// After discount, before tax.
    async fn net(&self) -> Money {
        self.money(self.row.net_minor)
    }

    /// What the discount takes off.
    async fn discount(&self) -> Money {
        self.money(self.row.discount_minor)
    }

    /// The tax.
    async fn tax(&self) -> Money {
        self.money(self.row.tax_minor)
    }

    /// Kind of tax; the first, where there are several.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.row.tax_code_id).await?.map(TaxCode))
    }

    /// The kind of tax's rate when the invoice was written, as a fraction.
    async fn tax_rate(&self) -> Dec {
        Dec(money::fraction(self.row.tax_rate_bp))
    }

    /// Each of its taxes.
    #[graphql(complexity = "1 + 2 * child_complexity")]
    async fn taxes(&self, ctx: &Context<'_>) -> Result<Vec<InvoiceTax>> {
        let rows = ctx.all_of::<TaxesOfLine>(self.row.id.0).await?;
        Ok(rows.into_iter().map(|row| InvoiceTax::new(row, &self.currency)).collect())
    }

    /// Where the sale is posted.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.row.account_id).await?))
    }

    /// Cost centre.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn cost_centre(&self, ctx: &Context<'_>) -> Result<Option<CostCentre>> {
        Ok(ctx.row_if_any::<cost_centre::Entity>(self.row.cost_centre_id).await?.map(CostCentre))
    }

    /// Shares of cost centres, where it has several.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn cost_centre_splits(&self, ctx: &Context<'_>) -> Result<Vec<CostCentreSplit>> {
        CostCentreSplit::of(ctx, self.row.id.0).await
    }

    /// Project.
    #[graphql(guard = "Can(Permission::DeliveryRead)")]
    async fn project(&self, ctx: &Context<'_>) -> Result<Option<Project>> {
        Ok(ctx.row_if_any::<project::Entity>(self.row.project_id).await?.map(Project))
    }

    /// First day of the service, where it's earned over days.
    async fn service_from(&self) -> Option<Date> {
        self.row.service_from.map(Date)
    }

    /// Last day of the service.
    async fn service_to(&self) -> Option<Date> {
        self.row.service_to.map(Date)
    }
}
