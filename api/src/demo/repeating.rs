//! Retainers that come again by themselves.

use chrono::NaiveDate;
use kamara_entities::{RecurrenceUnit, invoice};

use super::{billing::Billing, world::World};
use crate::{
    error::Result,
    finance::service::{
        invoice as invoices,
        recurring::{self, NewRecurring},
    },
};

/// Clients whose retainers do.
const REPEATS: usize = 3;

impl Billing {
    /// Has the retainers of some clients come again each month.
    pub(super) async fn repeat(
        &mut self,
        world: &World<'_>,
        retainers: impl Iterator<Item = (usize, &invoice::Model)> + Send,
    ) -> Result<()> {
        for (client, like) in retainers.take(REPEATS) {
            let unit = RecurrenceUnit::Month;
            let new = NewRecurring { like_id: like.id, unit, every: 1, start_date: None, end_date: None };
            self.repeats.push((client, recurring::create(world.scope, new).await?.id));
        }
        Ok(())
    }

    /// Makes those of a month and issues them.
    pub(super) async fn repeated(&mut self, world: &mut World<'_>, month: usize, date: NaiveDate) -> Result<()> {
        for row in recurring::due(world.scope, date).await? {
            let client = self.repeats.iter().find(|(_, id)| *id == row.id).map(|(client, _)| *client);
            let made = recurring::make(world.scope, row.id, Some(row.version), None).await?;
            let issued = invoices::issue(world.scope, made.invoice.id, None).await?;
            world.vat.entry(month).or_default().0 += issued.tax_minor;
            if let Some(client) = client {
                self.expect(client, month, &issued);
            }
        }
        Ok(())
    }
}

/// Leaves the drafts of those that are due by now.
pub(super) async fn drafts(world: &World<'_>) -> Result<()> {
    for row in recurring::due(world.scope, world.calendar.today).await? {
        recurring::make(world.scope, row.id, Some(row.version), None).await?;
    }
    Ok(())
}
