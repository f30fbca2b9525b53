//! The tables of before that are different now.

use crate::{
    m20261124_000001_first as first,
    table::{Change, Rights, Table},
};

/// What the migration changes.
pub(super) fn changes() -> Vec<Change> {
    let mut old = first::tables();
    tables()
        .into_iter()
        .filter_map(|(new, fills)| {
            let at = old.iter().position(|table| table.name == new.name)?;
            Some(Change { old: old.swap_remove(at), new, fills })
        })
        .collect()
}

/// Rows that the new tables begin with: nothing of what was written before is lost.
pub(super) fn seeds() -> &'static [&'static str] {
    &[
        super::taxes::TAXES_OF_LINES,
        // A ledger's id, or its tenant's, is as good for a series as any: ids are unique within a table.
        "insert into number_series (tenant_id, id, created_at, updated_at, kind, prefix, next_number)
         select tenant_id, id, created_at, updated_at, 'credit_note', 'CN-', 1 from ledger",
        "insert into number_series (tenant_id, id, created_at, updated_at, kind, prefix, next_number)
         select tenant_id, tenant_id, created_at, updated_at, 'bill', 'BILL-', 1 from ledger",
    ]
}

type Fills = Vec<(&'static str, &'static str)>;

/// Each table as it is now, and what its new columns hold in rows of before.
fn tables() -> Vec<(Table, Fills)> {
    vec![
        (ledger(), vec![("fiscal_year_start_month", "1"), ("tax_rounding", "'line'")]),
        (account(), vec![("is_group", "false")]),
        (cost_centre(), vec![]),
        (tax_code(), vec![("kind", "'standard'"), ("inclusive", "false"), ("recoverable_bp", "10000")]),
        (journal_entry(), vec![("service_date", "journal_entry.date")]),
        (journal_line(), vec![("item_id", ITEM_OF_LINE)]),
        (invoice(), vec![("kind", "'invoice'"), ("document_discount_bp", "0")]),
        (invoice_line(), vec![]),
        (
            payment(),
            vec![
                ("direction", "'in'"),
                ("sub_ledger", "'receivable'"),
                ("advance", "false"),
                ("tax_minor", "0"),
                ("allocated_minor", ALLOCATED),
            ],
        ),
        (payment_allocation(), vec![("date", DATE_OF_ALLOCATION), ("source_minor", "payment_allocation.amount_minor")]),
        (number_series(), vec![]),
        (event(), vec![]),
        (expense(), vec![("paid_minor", "0"), ("base_total_minor", "0"), ("base_paid_minor", "0")]),
    ]
}

/// The document whose open balance a line on the receivables changes. An invoice's is the invoice. A payment's first line is
/// the money; those after it settle the invoices in the order of the allocations, and what is left is the payment's own.
const ITEM_OF_LINE: &str = "(
    select case
        when entry.source_kind = 'invoice' then entry.source_id
        when entry.source_kind = 'payment' then coalesce(
            (select numbered.invoice_id from (
                select allocation.tenant_id, allocation.payment_id, allocation.invoice_id,
                    row_number() over (partition by allocation.tenant_id, allocation.payment_id order by allocation.id) as place
                from payment_allocation allocation) numbered
             where numbered.tenant_id = entry.tenant_id and numbered.payment_id = entry.source_id
               and numbered.place = journal_line.position - 1),
            entry.source_id)
        end
    from journal_entry entry
    join account on account.tenant_id = entry.tenant_id and account.id = journal_line.account_id
    where entry.tenant_id = journal_line.tenant_id and entry.id = journal_line.entry_id and account.role = 'receivable')";

const DATE_OF_ALLOCATION: &str = "(
    select payment.date from payment
    where payment.tenant_id = payment_allocation.tenant_id and payment.id = payment_allocation.payment_id)";

/// A payment that was reversed settles nothing.
const ALLOCATED: &str = "(
    select coalesce(sum(case when payment.status = 'reversed' then 0 else allocation.amount_minor end), 0)
    from payment_allocation allocation
    where allocation.tenant_id = payment.tenant_id and allocation.payment_id = payment.id)";

fn number_series() -> Table {
    Table::row("number_series")
        .text("kind")
        .text("prefix")
        .big_integer("next_number")
        .optional_date("last_date")
        .unique("kind")
}

fn ledger() -> Table {
    Table::row("ledger")
        .big_integer("last_seq")
        .optional_date("closed_until")
        .optional_date("tax_closed_until")
        .optional_date("sub_ledger_closed_until")
        .optional_date("locked_until")
        .integer("fiscal_year_start_month")
        .one_of("tax_rounding", &["line", "document"])
        .check("fiscal_year_start_month between 1 and 12")
}

fn account() -> Table {
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
                "bank_transit",
                "customer_advance",
                "supplier_advance",
                "employee_payable",
                "deferred_revenue",
                "unbilled_revenue",
                "withholding_tax",
                "write_off",
                "unrealised_exchange",
                "opening_balance",
            ],
        )
        .optional_link("parent_id", "account")
        .boolean("is_group")
        .imported()
        .unique("code")
        .check("parent_id is null or parent_id <> id")
        .check("role is null or not is_group")
        .index("parent_id, code")
}

fn cost_centre() -> Table {
    Table::record("cost_centre")
        .text("name")
        .sort_text("sort_key")
        .optional_text("code")
        .optional_link("parent_id", "cost_centre")
        .imported()
        .check("parent_id is null or parent_id <> id")
        .index("sort_key, id")
        .index("parent_id, sort_key, id")
}

fn tax_code() -> Table {
    Table::record("tax_code")
        .sort_text("code")
        .text("name")
        .basis_points("rate_bp")
        .one_of("kind", &["standard", "exempt", "reverse_charge", "withholding"])
        .boolean("inclusive")
        .optional_text("exempt_reason")
        .basis_points("recoverable_bp")
        .optional_one_of("rounding", &["line", "document"])
        .unique("code")
}

fn journal_entry() -> Table {
    Table::append_only("journal_entry")
        .big_integer("seq")
        .date("date")
        .date("service_date")
        .text("description")
        .one_of(
            "source_kind",
            &[
                "manual",
                "invoice",
                "payment",
                "expense",
                "time_entry",
                "bill",
                "settlement",
                "write_off",
                "transfer",
                "closing",
                "opening",
                "revaluation",
                "recognition",
                "cost_allocation",
                "bank_line",
            ],
        )
        .optional_uuid("source_id")
        .optional_link("reverses_id", "journal_entry")
        .boolean("closing")
        .optional_text("hash")
        .unique("seq")
        .unique("reverses_id")
        .index("date, seq")
        .index("source_kind, source_id")
}

fn journal_line() -> Table {
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
        .optional_uuid("item_id")
        .optional_link("tax_code_id", "tax_code")
        .optional_signed_minor("tax_base_minor")
        .optional_link("project_id", "project")
        .optional_link("department_id", "department")
        .optional_link("cost_centre_id", "cost_centre")
        .optional_link("employee_id", "employee")
        .optional_link("seller_id", "employee")
        .optional_link("deal_id", "deal")
        .optional_link("service_id", "service")
        .unique("seq, position")
        .index("entry_id, position")
        .index("account_id, seq")
        .index("item_id, seq")
}

fn invoice() -> Table {
    Table::record("invoice")
        .one_of("kind", &["invoice", "credit_note"])
        .optional_link("credits_id", "invoice")
        .optional_text("number")
        .one_of("status", &["draft", "issued", "partly_paid", "paid", "void"])
        .link("company_id", "company")
        .date("date")
        .date("due_date")
        .currency("currency")
        .micro("rate")
        .basis_points("document_discount_bp")
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
        .optional_text("einvoice_number")
        .optional_one_of("einvoice_status", &["sent", "confirmed", "declared", "rejected"])
        .imported()
        .unique("number")
        .check("(status = 'draft') = (number is null)")
        .check("kind = 'credit_note' or credits_id is null")
        .check("paid_minor <= total_minor")
        .check("total_minor = net_minor + tax_minor")
        .check("due_date >= date")
        .index("date, id")
        .index("company_id, date, id")
        .index("status, due_date")
        .index("deal_id, date, id")
        .index("credits_id")
}

fn invoice_line() -> Table {
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
        .optional_link("credits_line_id", "invoice_line")
        .unique("invoice_id, position")
        .index("credits_line_id")
}

fn payment() -> Table {
    Table::record("payment")
        .one_of("direction", &["in", "out"])
        .one_of("sub_ledger", &["receivable", "payable", "employee"])
        .optional_link("company_id", "company")
        .optional_link("employee_id", "employee")
        .date("date")
        .positive_minor("amount_minor")
        .currency("currency")
        .micro("rate")
        .link("account_id", "account")
        .boolean("advance")
        .optional_link("tax_code_id", "tax_code")
        .positive_minor("tax_minor")
        .positive_minor("allocated_minor")
        .optional_text("reference")
        .one_of("status", &["posted", "reversed"])
        .imported()
        .check("amount_minor > 0")
        .check("tax_minor <= amount_minor")
        .check("allocated_minor <= amount_minor")
        .check("(sub_ledger = 'employee') = (company_id is null)")
        .check("(sub_ledger = 'employee') = (employee_id is not null)")
        .index("date, id")
        .index("company_id, date, id")
        .index("employee_id, date, id")
}

fn payment_allocation() -> Table {
    Table::part("payment_allocation", Rights::Append)
        .date("date")
        .optional_link("payment_id", "payment")
        .optional_link("credit_note_id", "invoice")
        .optional_link("supplier_credit_id", "bill")
        .optional_link("write_off_id", "write_off")
        .optional_link("invoice_id", "invoice")
        .optional_link("bill_id", "bill")
        .optional_link("expense_id", "expense")
        .optional_link("refunded_id", "payment")
        .minor("amount_minor")
        .minor("source_minor")
        .minor("base_minor")
        .optional_link("reverses_id", "payment_allocation")
        .unique("reverses_id")
        .check("(reverses_id is null) = (amount_minor >= 0)")
        .check(
            "1 = case when payment_id is null then 0 else 1 end + case when credit_note_id is null then 0 else 1 end \
             + case when supplier_credit_id is null then 0 else 1 end + case when write_off_id is null then 0 else 1 end",
        )
        .check(
            "1 = case when invoice_id is null then 0 else 1 end + case when bill_id is null then 0 else 1 end \
             + case when expense_id is null then 0 else 1 end + case when refunded_id is null then 0 else 1 end",
        )
        .index("payment_id")
        .index("credit_note_id")
        .index("supplier_credit_id")
        .index("write_off_id")
        .index("invoice_id")
        .index("bill_id")
        .index("expense_id")
        .index("refunded_id")
}

fn expense() -> Table {
    Table::record("expense")
        .date("date")
        .positive_minor("amount_minor")
        .positive_minor("tax_minor")
        .currency("currency")
        .micro("rate")
        .text("description")
        .optional_link("category_id", "expense_category")
        .link("account_id", "account")
        .optional_link("payment_account_id", "account")
        .optional_link("supplier_id", "company")
        .optional_link("company_id", "company")
        .optional_link("seller_id", "employee")
        .optional_link("employee_id", "employee")
        .optional_link("project_id", "project")
        .optional_link("department_id", "department")
        .optional_link("cost_centre_id", "cost_centre")
        .optional_link("tax_code_id", "tax_code")
        .one_of("status", &["draft", "submitted", "posted", "reimbursed", "reversed"])
        .optional_text("return_reason")
        .positive_minor("paid_minor")
        .positive_minor("base_total_minor")
        .positive_minor("base_paid_minor")
        .imported()
        .check("amount_minor > 0")
        .check("tax_minor <= amount_minor")
        .check("paid_minor <= amount_minor")
        .check("payment_account_id is not null or employee_id is not null")
        .index("date, id")
        .index("company_id, date, id")
        .index("employee_id, date, id")
}

fn event() -> Table {
    Table::append_only("event")
        .text("action")
        .text("subject_kind")
        .uuid("subject_id")
        .text("origin")
        .optional_text("ip")
        .optional_json("before")
        .optional_json("after")
        .index("subject_kind, subject_id, created_at")
}
