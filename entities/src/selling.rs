//! What is sold in instalments, again and again, or written off.

part! {
    /// Parts of an invoice that are due on days of their own.
    invoice_instalment, "invoice_instalment", InvoiceInstalmentId, {
        /// The invoice.
        invoice_id: InvoiceId,
        /// Place within the invoice, from 1.
        position: i32,
        /// When it is to be paid.
        due_date: NaiveDate,
        /// How much, in the invoice's currency.
        amount_minor: i64,
    }
}

record! {
    /// Invoices that are made again every so many months.
    recurring_invoice, "recurring_invoice", RecurringInvoiceId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// The invoice that is made again: one of status "template", which is never issued itself.
        template_id: InvoiceId,
        /// Months from one to the next.
        interval_months: i32,
        /// Date of the first.
        start_date: NaiveDate,
        /// None is dated after this day.
        end_date: Option<NaiveDate>,
        /// Date of the next.
        next_date: NaiveDate,
        /// How many were made.
        issued_count: i32,
    }
}

part! {
    /// Revenue that was moved between months.
    revenue_recognition, "revenue_recognition", RevenueRecognitionId, {
        /// The line that earns it.
        invoice_line_id: InvoiceLineId,
        /// The entry that moved it.
        entry_id: JournalEntryId,
        /// Day up to which it was earned.
        date: NaiveDate,
        /// From where.
        kind: RecognitionKind,
        /// How much, in the invoice's currency; negative where it's taken back.
        amount_minor: i64,
        /// The same in the base currency.
        base_minor: i64,
    }
}

record! {
    /// What a client won't pay any more.
    write_off, "write_off", WriteOffId, {
        /// The client.
        company_id: CompanyId,
        /// When.
        date: NaiveDate,
        /// How much.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// The same in the base currency, at the rates at which it was owed.
        base_minor: i64,
        /// Where the loss is posted.
        account_id: AccountId,
        /// Why.
        reason: String,
        /// Where it stands.
        status: PostingStatus,
    }
}
