//! Cost centres, allocation rules and budgets.

use crate::table::{Rights, Table};

pub(super) fn tables() -> Vec<Table> {
    vec![
        // What is split names itself by its kind and id: a line of an invoice or of a bill, or an expense.
        Table::part("cost_split", Rights::Delete)
            .one_of("subject_kind", &["invoice_line", "bill_line", "expense"])
            .uuid("subject_id")
            .integer("position")
            .link("cost_centre_id", "cost_centre")
            .basis_points("share_bp")
            .check("share_bp > 0")
            .unique("subject_id, position")
            .unique("subject_id, cost_centre_id"),
    ]
}
