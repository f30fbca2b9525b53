//! What belongs to selling beside invoices: instalments, what comes again, the head of documents, and what is written off.

record! {
    /// What nobody will pay, or ask for: a loss or a gain.
    write_off, "write_off", WriteOffId, {
        /// The client or the supplier.
        company_id: CompanyId,
        /// When.
        date: NaiveDate,
        /// How much.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// The same in the base currency, at the rates at which it was owed.
        base_minor: i64,
        /// Where the loss or the gain is posted.
        account_id: AccountId,
        /// Why.
        reason: String,
        /// Where it stands.
        status: PostingStatus,
    }
}

part! {
    /// Parts of an invoice that are to be paid on days of their own; an invoice that is paid at once has none.
    invoice_instalment, "invoice_instalment", InvoiceInstalmentId, {
        /// The invoice.
        invoice_id: InvoiceId,
        /// Place within the invoice, from 1, in the order of the days.
        position: i32,
        /// When it is to be paid.
        due_date: NaiveDate,
        /// How much, in the invoice's currency.
        amount_minor: i64,
    }
}

record! {
    /// Invoices that come again: each is like another, on days that follow each other.
    recurring_invoice, "recurring_invoice", RecurringInvoiceId, {
        /// The invoice that each of them is like.
        like_id: InvoiceId,
        /// Its client.
        company_id: CompanyId,
        /// Unit of the time between two of them.
        unit: RecurrenceUnit,
        /// How many units.
        every: i32,
        /// Date of the first: the others follow from it, so that what begins on the 31st doesn't drift.
        start_date: NaiveDate,
        /// Date of the next.
        next_date: NaiveDate,
        /// None is dated later.
        end_date: Option<NaiveDate>,
        /// How many were made.
        made: i32,
    }
}

record! {
    /// What stands at the head and the foot of a tenant's documents: one row a tenant.
    letterhead, "letterhead", LetterheadId, {
        /// The name in the register of companies.
        legal_name: String,
        /// Number in the tax register.
        tax_number: Option<String>,
        /// Address, on one or more lines.
        address: Option<String>,
        /// Telephone.
        phone: Option<String>,
        /// E-mail address.
        email: Option<String>,
        /// Address on the web.
        website: Option<String>,
        /// What stands at the foot: where to pay, thanks, terms.
        footer: Option<String>,
        /// A picture.
        logo_id: Option<FileId>,
    }
}
