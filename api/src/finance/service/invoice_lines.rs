//! The rows of an invoice's lines and of their taxes.

use std::collections::HashMap;

use kamara_entities::{InvoiceId, InvoiceLineId, TenantEntity as _, invoice_line, invoice_line_tax, project};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, sea_query::SelectStatement};
use serde_json::Value;

use super::{
    batch::Departments,
    invoice_reckoning::{ToReckon, Written},
    tax_codes::CODES,
    terms,
};
use crate::{
    error::Result,
    ledger::splits::{self, Shares},
    tenancy::{Beside, Replaced, TenantScope, ToldPart, told},
};

/// Lines by their ids.
pub(super) type Lines = Vec<(InvoiceLineId, invoice_line::New)>;

/// Writes them.
pub(super) async fn insert(
    scope: &TenantScope,
    lines: Vec<(InvoiceLineId, invoice_line::New)>,
    taxes: Vec<invoice_line_tax::New>,
) -> Result<()> {
    scope.insert_parts::<invoice_line::Entity>(lines).await?;
    let taxes = taxes.into_iter().map(|tax| (scope.env().id(), tax)).collect();
    scope.insert_parts::<invoice_line_tax::Entity>(taxes).await?;
    Ok(())
}

/// A line, its project and one of its taxes.
pub(super) type LineToPost = Beside<invoice_line::Entity, project::Entity, invoice_line_tax::Entity>;

/// The lines of an invoice, in their order, with what hangs on them.
#[derive(Debug, Default)]
pub(super) struct ToPost {
    /// The lines.
    pub(super) lines: Lines,
    /// Their taxes.
    pub(super) taxes: Vec<invoice_line_tax::New>,
    /// The departments of their projects.
    pub(super) departments: Departments,
}

impl ToPost {
    /// Reads those of an invoice.
    pub(super) async fn of(scope: &TenantScope, id: InvoiceId) -> Result<Self> {
        Ok(Self::found(scope.query(&Self::select(scope, id)).await?))
    }

    /// What finds them, to be run with other statements.
    pub(super) fn select(scope: &TenantScope, id: InvoiceId) -> SelectStatement {
        let select = scope
            .find::<invoice_line::Entity>()
            .filter(invoice_line::Column::InvoiceId.eq(id))
            .order_by_asc(invoice_line::Column::Position)
            .order_by_asc(invoice_line_tax::Column::Position);
        let project = (invoice_line::Column::ProjectId, project::Column::Id);
        let tax = (invoice_line::Column::Id, invoice_line_tax::Column::InvoiceLineId);
        scope.beside::<invoice_line::Entity, project::Entity, invoice_line_tax::Entity>(select, project, tax)
    }

    /// Those that were found.
    pub(super) fn found(lines: Vec<LineToPost>) -> Self {
        let mut read = Self::default();
        for line in lines {
            read.departments.extend(line.first.map(|project| (project.id, project.department_id)));
            read.taxes.extend(line.second.map(invoice_line_tax::Entity::values));
            // A line of several taxes comes with each of them.
            if read.lines.last().is_none_or(|(last, _)| *last != line.row.id) {
                read.lines.push((line.row.id, invoice_line::Entity::values(line.row)));
            }
        }
        read
    }
}

/// The lines of an invoice, in their order.
pub(super) async fn lines(scope: &TenantScope, id: InvoiceId) -> Result<Lines> {
    let select = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::InvoiceId.eq(id))
        .order_by_asc(invoice_line::Column::Position);
    Ok(scope.all(select).await?.into_iter().map(|row| (row.id, invoice_line::Entity::values(row))).collect())
}

/// The shares of several cost centres, of the lines that have them instead of one.
pub(super) async fn shares(scope: &TenantScope, lines: &Lines) -> Result<Shares> {
    let split = lines.iter().filter(|(_, line)| line.cost_centre_id.is_none());
    splits::of_lines(scope, split.map(|(id, _)| id.0)).await
}

/// The taxes of an invoice's lines, each line's in their order.
pub(super) async fn taxes(scope: &TenantScope, id: InvoiceId) -> Result<Vec<invoice_line_tax::New>> {
    let select = scope
        .find::<invoice_line_tax::Entity>()
        .filter(invoice_line_tax::Column::InvoiceId.eq(id))
        .order_by_asc(invoice_line_tax::Column::Position);
    Ok(scope.all(select).await?.into_iter().map(invoice_line_tax::Entity::values).collect())
}

/// What the event of a draft tells of its lines and instalments, which are replaced.
pub(super) async fn replaced(scope: &TenantScope, id: InvoiceId, lines: &Lines, written: &Written) -> Result<Replaced> {
    let taxes = self::taxes(scope, id).await?;
    let shares = splits::of_lines(scope, lines.iter().map(|(id, _)| id.0)).await?;
    let instalments = terms::parts_of(scope, [id]).await?.remove(&id).unwrap_or_default();
    let before = told_lines(lines, &taxes, &shares)?;
    let after = told_lines(&written.lines, &written.taxes, &written.shares)?;
    let instalments = (terms::told(&instalments), terms::told(&written.parts));
    Ok(Replaced::default().with("lines", before, after).with("instalments", instalments.0, instalments.1))
}

/// Lines with the taxes that each has beside its first, which is told on the line itself.
fn told_lines(lines: &Lines, taxes: &[invoice_line_tax::New], shares: &Shares) -> Result<Vec<ToldPart>> {
    let mut further: HashMap<InvoiceLineId, Vec<Value>> = HashMap::new();
    for tax in taxes.iter().filter(|tax| tax.position > 1) {
        let of_line = further.entry(tax.invoice_line_id).or_default();
        of_line.push(told(tax, &["invoice_id", "invoice_line_id"])?.into());
    }
    let mut told = splits::told_lines(lines, "invoice_id", shares)?;
    for (told, (id, _)) in told.iter_mut().zip(lines) {
        told.extend(further.remove(id).map(|taxes| ("further_taxes".to_owned(), taxes.into())));
    }
    Ok(told)
}

/// The lines of a draft, to be reckoned again.
pub(super) async fn to_reckon(scope: &TenantScope, id: InvoiceId) -> Result<Vec<ToReckon>> {
    let (lines, taxes) = (self::lines(scope, id).await?, self::taxes(scope, id).await?);
    let codes = |line| taxes.iter().filter(move |tax| tax.invoice_line_id == line).map(|tax| tax.tax_code_id);
    let mut shares = splits::of_lines(scope, lines.iter().map(|(id, _)| id.0)).await?;
    let line = |(id, line): (InvoiceLineId, _)| ToReckon {
        id,
        line,
        codes: codes(id).collect(),
        field: CODES,
        shares: shares.remove(&id.0).unwrap_or_default(),
    };
    Ok(lines.into_iter().map(line).collect())
}
