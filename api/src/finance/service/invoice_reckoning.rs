//! What an invoice's lines and taxes come to, and the rows that are made of it.

use chrono::NaiveDate;
use kamara_entities::{InvoiceLineId, TaxCodeId, TaxKind, invoice, invoice_line, invoice_line_tax};

use super::{
    tax::{self, Side, TaxAmount},
    tax_codes::TaxCodes,
    terms::Part,
};
use crate::{
    error::{Error, Result, Text},
    ledger::splits::{CostShare, Shares},
};

/// A line whose amounts aren't told yet.
#[derive(Debug)]
pub(super) struct ToReckon {
    /// Its id.
    pub(super) id: InvoiceLineId,
    /// Its values; the amounts are filled in.
    pub(super) line: invoice_line::New,
    /// Its taxes.
    pub(super) codes: Vec<TaxCodeId>,
    /// The field that names them.
    pub(super) field: &'static str,
    /// Shares of several cost centres.
    pub(super) shares: Vec<CostShare>,
}

/// The rows of an invoice.
#[derive(Debug)]
pub(super) struct Written {
    /// The invoice.
    pub(super) header: invoice::New,
    /// Its lines.
    pub(super) lines: Vec<(InvoiceLineId, invoice_line::New)>,
    /// The taxes of the lines.
    pub(super) taxes: Vec<invoice_line_tax::New>,
    /// Shares of several cost centres, by the lines that have them.
    pub(super) shares: Shares,
    /// Its instalments, where it has several.
    pub(super) parts: Vec<Part>,
}

impl Written {
    /// Sums for each tax.
    pub(super) fn totals(&self) -> Result<Vec<TaxAmount>> {
        totals(&self.taxes)
    }
}

/// Sums for each tax of an invoice, as they were reckoned.
pub(super) fn totals(taxes: &[invoice_line_tax::New]) -> Result<Vec<TaxAmount>> {
    tax::totals(taxes.iter().map(|tax| TaxAmount {
        code: tax.tax_code_id,
        kind: tax.kind,
        rate_bp: tax.rate_bp,
        base: tax.base_minor,
        amount: tax.tax_minor,
        recoverable: tax.tax_minor,
    }))
}

/// Tells what lines and taxes come to, at the rates of the invoice's date.
pub(super) fn reckon(tax_codes: &TaxCodes, header: invoice::New, lines: Vec<ToReckon>) -> Result<Written> {
    let given = lines.iter().enumerate().map(|(index, line)| {
        given(tax_codes, header.date, line).map_err(|error| error.within(&format!("lines.{index}")))
    });
    let given = given.collect::<Result<_>>()?;
    let (currency, discount_bp) = (header.currency.as_str(), header.document_discount_bp);
    let amounts = tax::amounts(&tax::Document { currency, side: Side::Sale, discount_bp, lines: given })?;
    let mut written = Written {
        header: invoice::New {
            net_minor: amounts.net,
            discount_minor: amounts.discount,
            tax_minor: amounts.tax,
            total_minor: amounts.total,
            ..header
        },
        lines: Vec::with_capacity(lines.len()),
        taxes: Vec::new(),
        shares: Shares::new(),
        parts: Vec::new(),
    };
    for (ToReckon { id, line, shares, .. }, amounts) in lines.into_iter().zip(amounts.lines) {
        if !shares.is_empty() {
            written.shares.insert(id.0, shares);
        }
        let first = amounts.taxes.first();
        written.taxes.extend(amounts.taxes.iter().zip(1..).map(|(tax, position)| invoice_line_tax::New {
            invoice_id: line.invoice_id,
            invoice_line_id: id,
            position,
            tax_code_id: tax.code,
            kind: tax.kind,
            rate_bp: tax.rate_bp,
            base_minor: tax.base,
            tax_minor: tax.amount,
        }));
        let line = invoice_line::New {
            net_minor: amounts.net,
            discount_minor: amounts.discount,
            tax_minor: amounts.tax(),
            tax_code_id: first.map(|tax| tax.code),
            tax_rate_bp: first.map_or(0, |tax| tax.rate_bp),
            ..line
        };
        written.lines.push((id, line));
    }
    Ok(written)
}

/// A line as the taxes are reckoned on it.
fn given(tax_codes: &TaxCodes, date: NaiveDate, line: &ToReckon) -> Result<tax::Line> {
    let ToReckon { line, codes, field, .. } = line;
    let taxes = tax_codes.of_line(field, codes, date)?;
    if taxes.iter().any(|tax| tax.kind == TaxKind::Withholding) {
        let message = Text::fixed(
            "Tax is withheld when a supplier is paid, not on an invoice.",
            "გადასახადი იკავება მომწოდებლისთვის გადახდისას და არა ინვოისზე.",
        );
        return Err(Error::invalid(*field, message));
    }
    let (quantity, unit_price, discount_bp) = (line.quantity, line.unit_price, line.discount_bp);
    Ok(tax::Line { quantity, unit_price, discount_bp, taxes })
}
