//! The rows of a bill's lines and of their taxes.

use std::collections::HashMap;

use kamara_entities::{BillId, BillLineId, SplitSubject, TenantEntity as _, bill_line, bill_line_tax};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use serde_json::Value;

use super::bill_values::Lines;
use crate::{
    error::Result,
    ledger::splits::{self, Shares},
    tenancy::{Replaced, TenantScope, ToldPart, told},
};

/// The lines of a bill with all that hangs on them.
#[derive(Clone, Debug)]
pub(super) struct BillLines {
    /// The lines, in their order.
    pub(super) lines: Lines,
    /// The taxes of the lines, each line's in their order.
    pub(super) taxes: Vec<bill_line_tax::New>,
    /// Shares of several cost centres, by the lines that have them.
    pub(super) shares: Shares,
}

impl BillLines {
    /// Reads those of a bill.
    pub(super) async fn of(scope: &TenantScope, id: BillId) -> Result<Self> {
        let select = scope
            .find::<bill_line::Entity>()
            .filter(bill_line::Column::BillId.eq(id))
            .order_by_asc(bill_line::Column::Position);
        let lines = scope.all(select).await?.into_iter().map(|row| (row.id, bill_line::Entity::values(row)));
        let lines: Lines = lines.collect();
        let select = scope
            .find::<bill_line_tax::Entity>()
            .filter(bill_line_tax::Column::BillId.eq(id))
            .order_by_asc(bill_line_tax::Column::Position);
        let taxes = scope.all(select).await?.into_iter().map(bill_line_tax::Entity::values).collect();
        let shares = splits::of_lines(scope, lines.iter().map(|(id, _)| id.0)).await?;
        Ok(Self { lines, taxes, shares })
    }

    /// The taxes of a line, in their order.
    pub(super) fn taxes_of(&self, line: BillLineId) -> impl Iterator<Item = &bill_line_tax::New> {
        self.taxes.iter().filter(move |tax| tax.bill_line_id == line)
    }

    /// Writes them.
    pub(super) async fn insert(self, scope: &TenantScope) -> Result<()> {
        scope.insert_parts::<bill_line::Entity>(self.lines).await?;
        let taxes = self.taxes.into_iter().map(|tax| (scope.env().id(), tax)).collect();
        scope.insert_parts::<bill_line_tax::Entity>(taxes).await?;
        splits::keep(scope, SplitSubject::BillLine, self.shares).await
    }

    /// Writes them instead of those that a bill had.
    pub(super) async fn replace(self, scope: &TenantScope, id: BillId, old: Self) -> Result<()> {
        splits::forget(scope, old.lines.into_iter().map(|(id, _)| id.0).collect::<Vec<_>>()).await?;
        let of_bill = |column: bill_line_tax::Column| Condition::all().add(column.eq(id));
        scope.delete_parts::<bill_line_tax::Entity>(of_bill(bill_line_tax::Column::BillId)).await?;
        scope.delete_parts::<bill_line::Entity>(Condition::all().add(bill_line::Column::BillId.eq(id))).await?;
        self.insert(scope).await
    }

    /// What the event of a bill tells of its lines, when others replace them.
    pub(super) fn replaced_by(&self, others: &Self) -> Result<Replaced> {
        Ok(Replaced::default().with("lines", self.told()?, others.told()?))
    }

    /// Lines with the taxes that each has beside its first, which is told on the line itself.
    fn told(&self) -> Result<Vec<ToldPart>> {
        let mut further: HashMap<BillLineId, Vec<Value>> = HashMap::new();
        for tax in self.taxes.iter().filter(|tax| tax.position > 1) {
            let of_line = further.entry(tax.bill_line_id).or_default();
            of_line.push(told(tax, &["bill_id", "bill_line_id"])?.into());
        }
        let mut told = splits::told_lines(&self.lines, "bill_id", &self.shares)?;
        for (told, (id, _)) in told.iter_mut().zip(&self.lines) {
            told.extend(further.remove(id).map(|taxes| ("further_taxes".to_owned(), taxes.into())));
        }
        Ok(told)
    }
}
