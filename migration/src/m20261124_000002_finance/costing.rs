//! Cost centres, allocation rules and budgets.

use crate::table::{Rights, Table};

pub(super) fn tables() -> Vec<Table> {
    vec![
        // What is split names itself by its kind and id: a line of an invoice, or an expense.
        Table::part("cost_split", Rights::Delete)
            .one_of("subject_kind", &["invoice_line", "expense"])
            .uuid("subject_id")
            .integer("position")
            .link("cost_centre_id", "cost_centre")
            .basis_points("share_bp")
            .check("share_bp > 0")
            .unique("subject_id, position")
            .unique("subject_id, cost_centre_id"),
        Table::record("allocation_rule")
            .text("name")
            .sort_text("sort_key")
            .one_of("basis", &["head_count", "hours", "revenue", "fixed"])
            .one_of("target", &["company", "project", "department", "cost_centre"])
            .optional_link("cost_centre_id", "cost_centre")
            .index("sort_key, id"),
        Table::part("allocation_rule_account", Rights::Delete)
            .link("rule_id", "allocation_rule")
            .link("account_id", "account")
            .unique("rule_id, account_id"),
        Table::part("allocation_share", Rights::Delete)
            .link("rule_id", "allocation_rule")
            .integer("position")
            .optional_link("company_id", "company")
            .optional_link("project_id", "project")
            .optional_link("department_id", "department")
            .optional_link("cost_centre_id", "cost_centre")
            .basis_points("share_bp")
            .check("share_bp > 0")
            .unique("rule_id, position"),
        Table::row("allocation_run")
            .link("rule_id", "allocation_rule")
            .date("from_date")
            .date("to_date")
            .one_of("status", &["posted", "reversed"])
            .minor("allocated_minor")
            .minor("unallocated_minor")
            .optional_link("replaces_id", "allocation_run")
            .check("from_date <= to_date")
            // A run is replaced once.
            .unique("replaces_id")
            .index("rule_id, from_date, id")
            .index("from_date, id"),
        // Versions of one budget share the id of the first.
        Table::record("budget")
            .text("name")
            .sort_text("sort_key")
            .date("from_date")
            .date("to_date")
            .integer("number")
            .link("first_id", "budget")
            .one_of("status", &["draft", "active", "superseded"])
            .one_of("control", &["none", "warn", "block"])
            .check("from_date < to_date")
            .unique("first_id, number")
            .index("sort_key, id")
            .index("from_date, id"),
        Table::part("budget_line", Rights::Delete)
            .link("budget_id", "budget")
            .link("account_id", "account")
            .optional_link("cost_centre_id", "cost_centre")
            .optional_link("department_id", "department")
            .date("month")
            .minor("amount_minor")
            .index("budget_id, month"),
    ]
}
