//! Taxes of invoices and bills, as the API shows them.

use async_graphql::{Context, Object, Result};
use kamara_entities::{TaxCodeId, bill_line_tax, invoice_line_tax, tax_code};

use crate::{
    error::{self, Error, Text},
    finance::service::invoice::LineTax,
    graphql::{Can, Children, Dec, Id, Loading, Money},
    identity::Permission,
    ledger::schema::TaxCode,
    money,
    tenancy::{Direction, Order},
};

/// The taxes of all lines of an invoice.
pub(super) struct TaxesOfInvoice;
impl Children for TaxesOfInvoice {
    type Entity = invoice_line_tax::Entity;
    const PARENT: invoice_line_tax::Column = invoice_line_tax::Column::InvoiceId;
    const ORDER: Order<invoice_line_tax::Column> =
        Order { column: invoice_line_tax::Column::Position, direction: Direction::Asc };
}

/// The taxes of a line.
pub(super) struct TaxesOfLine;
impl Children for TaxesOfLine {
    type Entity = invoice_line_tax::Entity;
    const PARENT: invoice_line_tax::Column = invoice_line_tax::Column::InvoiceLineId;
    const ORDER: Order<invoice_line_tax::Column> =
        Order { column: invoice_line_tax::Column::Position, direction: Direction::Asc };
}

/// The taxes of a line of a bill.
pub(super) struct TaxesOfBillLine;
impl Children for TaxesOfBillLine {
    type Entity = bill_line_tax::Entity;
    const PARENT: bill_line_tax::Column = bill_line_tax::Column::BillLineId;
    const ORDER: Order<bill_line_tax::Column> =
        Order { column: bill_line_tax::Column::Position, direction: Direction::Asc };
}

/// The taxes of a line where several are named, and not one beside them.
pub(super) fn several(codes: Option<Vec<Id<TaxCodeId>>>, is_one_named: bool) -> error::Result<Option<LineTax>> {
    let message = Text::fixed(
        "Give one tax code or several, one of the two.",
        "მიუთითეთ ერთი გადასახადი ან რამდენიმე, ერთ-ერთი.",
    );
    match codes {
        Some(_) if is_one_named => Err(Error::invalid("taxCodeIds", message)),
        codes => Ok(codes.map(|codes| LineTax::Codes(codes.into_iter().map(|id| id.0).collect()))),
    }
}

/// A tax of a line of a bill.
#[derive(Clone, Debug)]
pub(crate) struct BillTax {
    /// The row.
    pub(super) row: bill_line_tax::Model,
    /// The bill's currency.
    pub(super) currency: String,
}

#[Object]
impl BillTax {
    /// Kind of tax.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<TaxCode> {
        Ok(TaxCode(ctx.row::<tax_code::Entity>(self.row.tax_code_id).await?))
    }

    /// The kind of tax's rate on the bill's date, as a fraction.
    async fn rate(&self) -> Dec {
        Dec(money::fraction(self.row.rate_bp))
    }

    /// What the tax is reckoned on.
    async fn base(&self) -> Money {
        Money::new(self.row.base_minor, &self.currency)
    }

    /// The tax: owed to the supplier, or to the state where the charge is reversed.
    async fn tax(&self) -> Money {
        Money::new(self.row.tax_minor, &self.currency)
    }

    /// What comes back of it from the state; the rest is a part of the cost.
    async fn recoverable(&self) -> Money {
        Money::new(self.row.recoverable_minor, &self.currency)
    }
}

/// A tax of an invoice or of one of its lines.
#[derive(Clone, Debug)]
pub(crate) struct InvoiceTax {
    row: invoice_line_tax::Model,
    currency: String,
}

impl InvoiceTax {
    /// A tax of a line.
    pub(super) fn new(row: invoice_line_tax::Model, currency: &str) -> Self {
        Self { row, currency: currency.to_owned() }
    }

    /// Sums for each code and rate.
    pub(super) fn totals(rows: Vec<invoice_line_tax::Model>, currency: &str) -> Vec<Self> {
        let mut totals: Vec<Self> = Vec::new();
        for row in rows {
            let same = |total: &&mut Self| total.row.tax_code_id == row.tax_code_id && total.row.rate_bp == row.rate_bp;
            match totals.iter_mut().find(same) {
                Some(total) => {
                    total.row.base_minor += row.base_minor;
                    total.row.tax_minor += row.tax_minor;
                }
                None => totals.push(Self::new(row, currency)),
            }
        }
        totals
    }
}

#[Object]
impl InvoiceTax {
    /// Kind of tax.
    #[graphql(guard = "Can(Permission::CatalogueRead)")]
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<TaxCode> {
        Ok(TaxCode(ctx.row::<tax_code::Entity>(self.row.tax_code_id).await?))
    }

    /// The kind of tax's rate on the invoice's date, as a fraction.
    async fn rate(&self) -> Dec {
        Dec(money::fraction(self.row.rate_bp))
    }

    /// What the tax is reckoned on.
    async fn base(&self) -> Money {
        Money::new(self.row.base_minor, &self.currency)
    }

    /// The tax.
    async fn tax(&self) -> Money {
        Money::new(self.row.tax_minor, &self.currency)
    }
}
