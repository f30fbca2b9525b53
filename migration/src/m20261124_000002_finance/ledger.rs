//! Fiscal years.

use crate::table::Table;

pub(super) fn tables() -> Vec<Table> {
    Vec::new()
}
