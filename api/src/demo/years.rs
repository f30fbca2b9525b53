//! Fiscal years: the calendar's, all but the last of which are closed.

use chrono::{Datelike, NaiveDate};

use super::world::World;
use crate::{error::Result, ledger::service as ledger};

/// Makes the years that the company has lived in, and closes those that are over.
pub(super) async fn close(world: &World<'_>) -> Result<()> {
    let today = world.calendar.today;
    world.on(today);
    for year in world.calendar.start.year()..=today.year() {
        let start = NaiveDate::from_ymd_opt(year, 1, 1);
        let made = ledger::create_year(world.scope, None, start, None).await?;
        if year < today.year() {
            ledger::close_year(world.scope, made.id).await?;
        }
    }
    Ok(())
}
