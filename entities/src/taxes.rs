//! Rates of taxes and of currencies, and the taxes of lines.

row! {
    /// Rates that a tax code has from some day on; before the first of them it has the code's own.
    tax_rate, "tax_rate", TaxRateId, {
        /// The code.
        tax_code_id: TaxCodeId,
        /// First day of the rate.
        valid_from: NaiveDate,
        /// Rate on the net amount.
        rate_bp: i32,
    }
}

part! {
    /// Each tax of a line of an invoice, as it was reckoned.
    invoice_line_tax, "invoice_line_tax", InvoiceLineTaxId, {
        /// The invoice.
        invoice_id: InvoiceId,
        /// The line.
        invoice_line_id: InvoiceLineId,
        /// Place among the line's taxes, from 1.
        position: i32,
        /// The code.
        tax_code_id: TaxCodeId,
        /// What the code did then.
        kind: TaxKind,
        /// The code's rate on the invoice's date.
        rate_bp: i32,
        /// What it's reckoned on.
        base_minor: i64,
        /// The tax.
        tax_minor: i64,
    }
}

part! {
    /// Each tax of a line of a bill, as it was reckoned.
    bill_line_tax, "bill_line_tax", BillLineTaxId, {
        /// The bill.
        bill_id: BillId,
        /// The line.
        bill_line_id: BillLineId,
        /// Place among the line's taxes, from 1.
        position: i32,
        /// The code.
        tax_code_id: TaxCodeId,
        /// What the code did then.
        kind: TaxKind,
        /// The code's rate on the bill's date.
        rate_bp: i32,
        /// What it's reckoned on.
        base_minor: i64,
        /// The tax: of a reverse charge what is owed to the state.
        tax_minor: i64,
        /// What comes back of it from the state.
        recoverable_minor: i64,
    }
}

row! {
    /// What a currency was worth on a day.
    exchange_rate, "exchange_rate", ExchangeRateId, {
        /// ISO 4217 code.
        currency: String,
        /// On which day, and after it until the next rate.
        date: NaiveDate,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
    }
}
