//! The first tables.

use sea_orm_migration::prelude::*;

use crate::table::{Rights, Table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let connection = manager.get_connection();
        let tables = tables();
        for table in &tables {
            connection.execute_unprepared(&table.create(backend)).await?;
        }
        for statement in tables.iter().flat_map(|table| table.finish(backend)) {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The tables, those that others refer to not necessarily first.
pub(crate) fn tables() -> Vec<Table> {
    [control(), companies_and_sales(), people_and_delivery(), ledger(), documents()].into_iter().flatten().collect()
}

fn control() -> Vec<Table> {
    vec![
        Table::control("tenant", "id")
            .uuid("id")
            .text("name")
            .text("country")
            .currency("base_currency")
            .text("time_zone")
            .one_of("language", &["en", "ka"])
            .instant("created_at")
            .instant("updated_at")
            .integer("version")
            .index("name"),
        Table::control("user_account", "id")
            .uuid("id")
            .text("email")
            .text("name")
            .one_of("language", &["en", "ka"])
            .text("password_hash")
            .instant("created_at")
            .instant("updated_at")
            .unique("email"),
        Table::control("membership", "tenant_id, id")
            .uuid("tenant_id")
            .uuid("id")
            .uuid("user_id")
            .text("name")
            .one_of("role", &["owner", "admin", "finance", "sales", "project_manager", "hr", "employee", "read_only"])
            .instant("created_at")
            .instant("updated_at")
            .optional_instant("removed_at")
            .references("tenant_id", "tenant")
            .unique("tenant_id, user_id")
            .index("user_id"),
        Table::control("session", "id")
            .uuid("id")
            .text("token_hash")
            .uuid("user_id")
            .optional_uuid("tenant_id")
            .one_of("kind", &["cookie", "token"])
            .optional_text("user_agent")
            .optional_text("ip")
            .instant("created_at")
            .instant("last_seen_at")
            .instant("expires_at")
            .references("user_id", "user_account")
            .unique("token_hash")
            .index("user_id"),
        Table::control("invitation", "id")
            .uuid("id")
            .uuid("tenant_id")
            .text("email")
            .one_of("role", &["owner", "admin", "finance", "sales", "project_manager", "hr", "employee", "read_only"])
            .text("token_hash")
            .uuid("invited_by")
            .instant("created_at")
            .instant("expires_at")
            .optional_instant("accepted_at")
            .optional_instant("revoked_at")
            .unique("token_hash")
            .index("tenant_id"),
        Table::control("password_reset", "id")
            .uuid("id")
            .uuid("user_id")
            .text("token_hash")
            .instant("created_at")
            .instant("expires_at")
            .optional_instant("used_at")
            .references("user_id", "user_account")
            .unique("token_hash"),
        Table::control("throttle", "key").text("key").integer("failures").instant("window_ends_at"),
        Table::control("idempotency", "actor, key")
            .text("actor")
            .text("key")
            .text("body_hash")
            .text("answer")
            .instant("created_at")
            .index("created_at"),
        Table::control("job", "id")
            .uuid("id")
            .optional_uuid("tenant_id")
            .text("kind")
            .json("payload")
            .instant("run_at")
            .integer("attempts")
            .optional_text("last_error")
            .instant("created_at")
            .optional_instant("done_at")
            .optional_instant("failed_at")
            .index("done_at, run_at"),
    ]
}

fn companies_and_sales() -> Vec<Table> {
    vec![
        Table::record("company")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .boolean("is_client")
            .boolean("is_supplier")
            .optional_text("code")
            .optional_text("tax_number")
            .optional_text("country")
            .optional_text("region")
            .optional_text("city")
            .optional_text("address")
            .optional_text("postal_code")
            .optional_text("phone")
            .optional_text("email")
            .optional_text("website")
            .optional_text("note")
            .optional_one_of("language", &["en", "ka"])
            .imported()
            .index("sort_key, id"),
        Table::record("contact")
            .optional_link("company_id", "company")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_text("title")
            .optional_text("email")
            .optional_text("phone")
            .optional_text("note")
            .imported()
            .index("sort_key, id")
            .index("company_id, sort_key, id"),
        Table::record("lead")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_text("company_name")
            .optional_text("email")
            .optional_text("phone")
            .optional_text("lead_source")
            .optional_text("note")
            .one_of("status", &["new", "converted", "lost"])
            .optional_link("owner_id", "membership")
            .optional_link("company_id", "company")
            .optional_link("contact_id", "contact")
            .optional_link("deal_id", "deal")
            .imported()
            .index("sort_key, id")
            .index("deal_id"),
        Table::record("pipeline").text("name").sort_text("sort_key").boolean("is_default").index("sort_key, id"),
        Table::record("stage")
            .link("pipeline_id", "pipeline")
            .text("name")
            .integer("position")
            .basis_points("probability_bp")
            .index("pipeline_id, position, id"),
        Table::record("deal")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_link("company_id", "company")
            .optional_link("contact_id", "contact")
            .link("stage_id", "stage")
            .positive_minor("amount_minor")
            .currency("currency")
            .optional_date("expected_close_date")
            .one_of("status", &["open", "won", "lost"])
            .optional_date("closed_on")
            .optional_text("loss_reason")
            .optional_link("owner_id", "membership")
            .imported()
            .check("(status = 'open') = (closed_on is null)")
            .index("sort_key, id")
            .index("company_id, sort_key, id")
            .index("stage_id"),
    ]
}

fn people_and_delivery() -> Vec<Table> {
    vec![
        Table::record("department")
            .text("name")
            .sort_text("sort_key")
            .optional_text("code")
            .optional_link("manager_id", "employee")
            .imported()
            .index("sort_key, id"),
        Table::record("employee")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_text("code")
            .optional_text("title")
            .optional_text("email")
            .optional_text("phone")
            .optional_link("department_id", "department")
            .optional_link("manager_id", "employee")
            .optional_link("membership_id", "membership")
            .optional_date("hired_on")
            .optional_micro("cost_rate")
            .imported()
            .unique("membership_id")
            .check("manager_id is null or manager_id <> id")
            .index("sort_key, id")
            .index("department_id, sort_key, id")
            .index("manager_id, sort_key, id"),
        Table::record("service")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_text("code")
            .optional_text("unit")
            .micro("unit_price")
            .currency("currency")
            .optional_link("income_account_id", "account")
            .optional_link("tax_code_id", "tax_code")
            .optional_link("supplier_id", "company")
            .imported()
            .index("sort_key, id"),
        Table::record("project")
            .text("name")
            .sort_text("sort_key")
            .text("search_text")
            .optional_text("code")
            .optional_link("company_id", "company")
            .optional_link("deal_id", "deal")
            .optional_link("department_id", "department")
            .optional_link("manager_id", "employee")
            .one_of("status", &["planned", "active", "done"])
            .optional_date("start_date")
            .optional_date("end_date")
            .optional_minor("budget_minor")
            .currency("currency")
            .imported()
            .check("end_date is null or start_date is null or end_date >= start_date")
            .index("sort_key, id")
            .index("company_id, sort_key, id")
            .index("deal_id, sort_key, id"),
        Table::record("time_entry")
            .link("employee_id", "employee")
            .link("project_id", "project")
            .date("date")
            .micro("hours")
            .optional_text("description")
            .one_of("status", &["draft", "approved", "reversed"])
            .optional_minor("cost_minor")
            .imported()
            .check("hours > 0")
            .check("(status = 'draft') = (cost_minor is null)")
            .index("date, id")
            .index("project_id, date, id")
            .index("employee_id, date, id"),
    ]
}

fn ledger() -> Vec<Table> {
    vec![
        Table::row("ledger").big_integer("last_seq").optional_date("closed_until"),
        Table::record("account")
            .sort_text("code")
            .text("name")
            .text("search_text")
            .one_of("account_type", &["asset", "liability", "equity", "income", "expense"])
            .optional_one_of(
                "role",
                &[
                    "receivable",
                    "payable",
                    "cash",
                    "bank",
                    "output_tax",
                    "input_tax",
                    "retained_earnings",
                    "revenue",
                    "cost_of_sales",
                    "expense",
                    "labour",
                    "labour_absorbed",
                    "exchange_difference",
                ],
            )
            .imported()
            .unique("code"),
        Table::record("cost_centre")
            .text("name")
            .sort_text("sort_key")
            .optional_text("code")
            .imported()
            .index("sort_key, id"),
        Table::record("tax_code").sort_text("code").text("name").basis_points("rate_bp").unique("code"),
        Table::append_only("journal_entry")
            .big_integer("seq")
            .date("date")
            .text("description")
            .one_of("source_kind", &["manual", "invoice", "payment", "expense", "time_entry"])
            .optional_uuid("source_id")
            .optional_link("reverses_id", "journal_entry")
            .boolean("closing")
            .unique("seq")
            .unique("reverses_id")
            .index("date, seq")
            .index("source_kind, source_id"),
        Table::part("journal_line", Rights::Append)
            .link("entry_id", "journal_entry")
            .big_integer("seq")
            .date("date")
            .boolean("closing")
            .integer("position")
            .link("account_id", "account")
            .minor("amount_minor")
            .currency("currency")
            .micro("rate")
            .minor("base_minor")
            .optional_text("description")
            .optional_link("company_id", "company")
            .optional_link("party_id", "company")
            .optional_link("project_id", "project")
            .optional_link("department_id", "department")
            .optional_link("cost_centre_id", "cost_centre")
            .optional_link("employee_id", "employee")
            .optional_link("seller_id", "employee")
            .optional_link("deal_id", "deal")
            .optional_link("service_id", "service")
            .unique("seq, position")
            .index("entry_id, position")
            .index("account_id, seq"),
        Table::append_only("event")
            .text("action")
            .text("subject_kind")
            .uuid("subject_id")
            .text("origin")
            .optional_json("before")
            .optional_json("after")
            .index("subject_kind, subject_id, created_at"),
    ]
}

fn documents() -> Vec<Table> {
    vec![
        Table::row("number_series").text("kind").text("prefix").big_integer("next_number").unique("kind"),
        Table::record("invoice")
            .optional_text("number")
            .one_of("status", &["draft", "issued", "partly_paid", "paid", "void"])
            .link("company_id", "company")
            .date("date")
            .date("due_date")
            .currency("currency")
            .micro("rate")
            .positive_minor("net_minor")
            .positive_minor("discount_minor")
            .positive_minor("tax_minor")
            .positive_minor("total_minor")
            .positive_minor("paid_minor")
            .positive_minor("base_total_minor")
            .positive_minor("base_paid_minor")
            .optional_link("seller_id", "employee")
            .optional_link("deal_id", "deal")
            .optional_link("department_id", "department")
            .optional_text("note")
            .imported()
            .unique("number")
            .check("(status = 'draft') = (number is null)")
            .check("paid_minor <= total_minor")
            .check("total_minor = net_minor + tax_minor")
            .check("due_date >= date")
            .index("date, id")
            .index("company_id, date, id")
            .index("status, due_date")
            .index("deal_id, date, id"),
        Table::part("invoice_line", Rights::Delete)
            .link("invoice_id", "invoice")
            .integer("position")
            .optional_link("service_id", "service")
            .optional_text("description")
            .micro("quantity")
            .micro("unit_price")
            .basis_points("discount_bp")
            .positive_minor("net_minor")
            .positive_minor("discount_minor")
            .positive_minor("tax_minor")
            .optional_link("tax_code_id", "tax_code")
            .basis_points("tax_rate_bp")
            .link("account_id", "account")
            .optional_link("cost_centre_id", "cost_centre")
            .optional_link("project_id", "project")
            .unique("invoice_id, position"),
        Table::record("payment")
            .link("company_id", "company")
            .date("date")
            .positive_minor("amount_minor")
            .currency("currency")
            .micro("rate")
            .link("account_id", "account")
            .optional_text("reference")
            .one_of("status", &["posted", "reversed"])
            .imported()
            .check("amount_minor > 0")
            .index("date, id")
            .index("company_id, date, id"),
        Table::part("payment_allocation", Rights::Append)
            .link("payment_id", "payment")
            .link("invoice_id", "invoice")
            .positive_minor("amount_minor")
            .minor("base_minor")
            .unique("payment_id, invoice_id")
            .index("invoice_id"),
        Table::record("expense")
            .date("date")
            .positive_minor("amount_minor")
            .positive_minor("tax_minor")
            .currency("currency")
            .micro("rate")
            .text("description")
            .link("account_id", "account")
            .link("payment_account_id", "account")
            .optional_link("supplier_id", "company")
            .optional_link("company_id", "company")
            .optional_link("seller_id", "employee")
            .optional_link("employee_id", "employee")
            .optional_link("project_id", "project")
            .optional_link("department_id", "department")
            .optional_link("cost_centre_id", "cost_centre")
            .optional_link("tax_code_id", "tax_code")
            .one_of("status", &["posted", "reversed"])
            .imported()
            .check("amount_minor > 0")
            .check("tax_minor <= amount_minor")
            .index("date, id")
            .index("company_id, date, id"),
    ]
}
