//! Approvals: who decides what.

use crate::table::{Rights, Table};

const KINDS: [&str; 2] = ["credit_note", "write_off"];
const ROLES: [&str; 8] = ["owner", "admin", "finance", "sales", "project_manager", "hr", "employee", "read_only"];

pub(super) fn tables() -> Vec<Table> {
    vec![rule(), rule_approver(), approval(), step(), step_approver(), delegation()]
}

fn rule() -> Table {
    Table::record("approval_rule")
        .text("name")
        .sort_text("sort_key")
        .one_of("subject_kind", &KINDS)
        .positive_minor("min_minor")
        .optional_minor("max_minor")
        .optional_link("department_id", "department")
        .optional_link("cost_centre_id", "cost_centre")
        .optional_link("project_id", "project")
        .one_of("mode", &["sequence", "any"])
        .check("max_minor is null or max_minor > min_minor")
        .index("sort_key, id")
        .index("subject_kind, min_minor")
}

/// Whom a rule or a step asks: each row names one.
fn approvers(name: &'static str, column: &'static str, of: &'static str) -> Table {
    Table::part(name, Rights::Delete)
        .link(column, of)
        .integer("position")
        .optional_link("membership_id", "membership")
        .optional_one_of("role", &ROLES)
        .boolean("manager")
        .check(
            "1 = case when membership_id is null then 0 else 1 end + case when role is null then 0 else 1 end \
             + case when manager then 1 else 0 end",
        )
}

fn rule_approver() -> Table {
    approvers("approval_rule_approver", "rule_id", "approval_rule").unique("rule_id, position")
}

fn step_approver() -> Table {
    let mut table = approvers("approval_step_approver", "step_id", "approval_step").unique("step_id, position");
    table.rights = Rights::Append;
    table
}

fn approval() -> Table {
    Table::record("approval")
        .one_of("subject_kind", &KINDS)
        .uuid("subject_id")
        .text("description")
        .positive_minor("amount_minor")
        .currency("currency")
        .positive_minor("base_minor")
        .optional_link("department_id", "department")
        .optional_link("beneficiary_id", "membership")
        .optional_json("act")
        .one_of("status", &["pending", "approved", "refused", "withdrawn"])
        .index("subject_id")
        .index("status, id")
}

fn step() -> Table {
    Table::row("approval_step")
        .link("approval_id", "approval")
        .integer("position")
        .optional_one_of("decision", &["approved", "refused"])
        .optional_link("decided_by", "membership")
        .optional_link("on_behalf_of", "membership")
        .boolean("went_up")
        .optional_instant("decided_at")
        .optional_text("note")
        .unique("approval_id, position")
        .check("(decision is null) = (decided_by is null)")
        .check("(decision is null) = (decided_at is null)")
        .check("on_behalf_of is null or decided_by is not null")
}

fn delegation() -> Table {
    Table::record("approval_delegation")
        .link("from_id", "membership")
        .link("to_id", "membership")
        .date("start_date")
        .date("end_date")
        .optional_text("reason")
        .check("end_date >= start_date")
        .check("from_id <> to_id")
        .index("start_date, id")
}
