//! Rates of taxes and of currencies, and the taxes of lines.

use crate::table::{Rights, Table};

pub(super) fn tables() -> Vec<Table> {
    vec![tax_rate(), invoice_line_tax(), exchange_rate()]
}

/// The one tax that a line of an invoice had before; a line of before gives it its id, since each had one at most.
pub(super) const TAXES_OF_LINES: &str = "
    insert into invoice_line_tax
        (tenant_id, id, invoice_id, invoice_line_id, position, tax_code_id, kind, rate_bp, base_minor, tax_minor)
    select line.tenant_id, line.id, line.invoice_id, line.id, 1, line.tax_code_id, 'standard', line.tax_rate_bp,
        line.net_minor, line.tax_minor
    from invoice_line line where line.tax_code_id is not null";

fn tax_rate() -> Table {
    Table::row("tax_rate")
        .link("tax_code_id", "tax_code")
        .date("valid_from")
        .basis_points("rate_bp")
        .unique("tax_code_id, valid_from")
}

fn invoice_line_tax() -> Table {
    Table::part("invoice_line_tax", Rights::Delete)
        .link("invoice_id", "invoice")
        .link("invoice_line_id", "invoice_line")
        .integer("position")
        .link("tax_code_id", "tax_code")
        .one_of("kind", &["standard", "exempt", "reverse_charge", "withholding"])
        .basis_points("rate_bp")
        .positive_minor("base_minor")
        .positive_minor("tax_minor")
        .unique("invoice_line_id, position")
        .unique("invoice_line_id, tax_code_id")
        .index("invoice_id")
}

fn exchange_rate() -> Table {
    Table::row("exchange_rate")
        .currency("currency")
        .date("date")
        .micro("rate")
        .unique("currency, date")
        .check("rate > 0")
        .index("date, id")
}
