//! Rates of taxes and of currencies.

use crate::table::Table;

pub(super) fn tables() -> Vec<Table> {
    Vec::new()
}
