//! Bank accounts.

use crate::table::Table;

pub(super) fn tables() -> Vec<Table> {
    vec![
        Table::record("bank_account")
            .text("name")
            .sort_text("sort_key")
            .link("account_id", "account")
            .currency("currency")
            .optional_text("iban")
            .optional_text("bank_name")
            .optional_text("bic")
            .imported()
            .unique("account_id")
            .index("sort_key, id"),
    ]
}
