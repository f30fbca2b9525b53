//! Sums by group. Polars calls its eager aggregations deprecated in favour of lazy ones, which would bring in the whole
//! lazy engine and its build time for two sums; were they to go, this file is what changes.
#![expect(deprecated, reason = "eager aggregations, see above")]

use polars::prelude::{DataFrame, PolarsResult};

use crate::frame::col;

/// The column of an entry's sum, in `Int128`.
pub(crate) const NET: &str = "net";

/// Sums of `Int128` columns for each value of `key`; null is a value. In no order.
pub(crate) fn sum_by(lines: &DataFrame, key: &str, columns: &[&str]) -> PolarsResult<DataFrame> {
    let groups = lines.group_by([key])?;
    let mut sums = groups.select(columns.iter().copied()).sum()?;
    for column in columns {
        sums.rename(&format!("{column}_sum"), (*column).into())?;
    }
    Ok(sums)
}

/// `seq`, `date` and the sum of [`NET`] for each entry.
pub(crate) fn net_by_entry(lines: &DataFrame) -> PolarsResult<DataFrame> {
    let groups = lines.group_by([col::SEQ])?.select([NET]);
    let mut entries = groups.sum()?;
    entries.rename(&format!("{NET}_sum"), NET.into())?;
    let dates = groups.select([col::DATE]).first()?;
    let mut date = dates.column(&format!("{}_first", col::DATE))?.clone();
    date.rename(col::DATE.into());
    entries.with_column(date)?;
    Ok(entries)
}
