//! What is sold in instalments, again and again, or written off.

use crate::table::{Rights, Table};

pub(super) fn tables() -> Vec<Table> {
    vec![
        Table::part("invoice_instalment", Rights::Delete)
            .link("invoice_id", "invoice")
            .integer("position")
            .date("due_date")
            .positive_minor("amount_minor")
            .unique("invoice_id, position"),
        Table::record("recurring_invoice")
            .text("name")
            .sort_text("sort_key")
            .link("template_id", "invoice")
            .integer("interval_months")
            .date("start_date")
            .optional_date("end_date")
            .date("next_date")
            .integer("issued_count")
            .unique("template_id")
            .check("interval_months between 1 and 120")
            .check("end_date is null or end_date >= start_date")
            .index("next_date, id")
            .index("sort_key, id"),
        Table::part("revenue_recognition", Rights::Append)
            .link("invoice_line_id", "invoice_line")
            .link("entry_id", "journal_entry")
            .date("date")
            .one_of("kind", &["deferred", "unbilled"])
            .minor("amount_minor")
            .minor("base_minor")
            .index("invoice_line_id, date"),
        Table::record("write_off")
            .link("company_id", "company")
            .date("date")
            .positive_minor("amount_minor")
            .currency("currency")
            .positive_minor("base_minor")
            .link("account_id", "account")
            .text("reason")
            .one_of("status", &["posted", "reversed"])
            .check("amount_minor > 0")
            .index("date, id")
            .index("company_id, date, id"),
    ]
}
