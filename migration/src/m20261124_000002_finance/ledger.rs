//! Fiscal years.

use crate::table::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![
        Table::row("fiscal_year")
            .text("name")
            .date("start_date")
            .date("end_date")
            .one_of("status", &["open", "closed"])
            .optional_link("closing_entry_id", "journal_entry")
            .unique("start_date")
            .check("start_date < end_date")
            .check("status = 'closed' or closing_entry_id is null"),
    ]
}
