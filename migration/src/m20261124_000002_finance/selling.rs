//! What is written off.

use crate::table::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![
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
