//! The ledger under everything, and the tables that it refers to.

row! {
    /// The state of each tenant's books: one row a tenant, locked last and until the commit by whoever posts.
    ledger, "ledger", LedgerId, {
        /// Number of the newest entry.
        last_seq: i64,
        /// Nothing is posted on or before this day.
        closed_until: Option<NaiveDate>,
        /// Nothing with a tax is posted on or before this day: it's declared.
        tax_closed_until: Option<NaiveDate>,
        /// Nothing that is owed by or to anybody is posted on or before this day.
        sub_ledger_closed_until: Option<NaiveDate>,
        /// What is closed up to this day is never opened again.
        locked_until: Option<NaiveDate>,
        /// Month in which a fiscal year begins, from 1.
        fiscal_year_start_month: i32,
        /// How taxes are rounded, unless their code says otherwise.
        tax_rounding: TaxRounding,
    }
}

record! {
    /// The chart of accounts.
    account, "account", AccountId, {
        /// Code, unique within the tenant.
        code: String,
        /// Name.
        name: String,
        /// What searches look into.
        search_text: String,
        /// Kind of account.
        account_type: AccountType,
        /// What the rules use it for.
        role: Option<AccountRole>,
        /// The group that it belongs to.
        parent_id: Option<AccountId>,
        /// Whether it only groups others, and takes no entries.
        is_group: bool,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Where costs arise.
    cost_centre, "cost_centre", CostCentreId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// Short name.
        code: Option<String>,
        /// The cost centre that it's a part of.
        parent_id: Option<CostCentreId>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Kinds of tax.
    tax_code, "tax_code", TaxCodeId, {
        /// Code, unique within the tenant.
        code: String,
        /// Name.
        name: String,
        /// Rate on the net amount.
        rate_bp: i32,
        /// What it does.
        kind: TaxKind,
        /// Whether prices hold it already.
        inclusive: bool,
        /// Why nothing is due, where it's exempt.
        exempt_reason: Option<String>,
        /// Share of what is paid to suppliers that comes back.
        recoverable_bp: i32,
        /// How it's rounded; as the tenant's books say when empty.
        rounding: Option<TaxRounding>,
    }
}

business_table! {
    /// Balanced entries; never changed, never deleted.
    journal_entry, "journal_entry", JournalEntryId, {
        /// Number within the tenant, without gaps, in the order in which entries became visible.
        seq: i64,
        /// Accounting date.
        date: NaiveDate,
        /// When it happened: the accounting date, unless that day was closed already.
        service_date: NaiveDate,
        /// What happened.
        description: String,
        /// What kind of document it comes from.
        source_kind: SourceKind,
        /// Which document.
        source_id: Option<Uuid>,
        /// The entry that this one takes back.
        reverses_id: Option<JournalEntryId>,
        /// Moves a result to equity: reports of result leave it out.
        closing: bool,
        /// SHA-256 over the entry, its lines and the hash of the entry before, in hex; none for entries from before there was one.
        hash: Option<String>,
    },
    {
        /// When it was posted.
        created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
        /// Who posted it.
        created_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
    }
}

part! {
    /// Lines of entries. `seq`, `date` and `closing` are the entry's, so that "what is new since" is one range read.
    journal_line, "journal_line", JournalLineId, {
        /// The entry that it's a line of.
        entry_id: JournalEntryId,
        /// The entry's number.
        seq: i64,
        /// The entry's date.
        date: NaiveDate,
        /// Whether the entry closes a year.
        closing: bool,
        /// Place within the entry, from 1.
        position: i32,
        /// Account.
        account_id: AccountId,
        /// Amount in the transaction's currency; debit positive, credit negative.
        amount_minor: i64,
        /// The transaction's currency.
        currency: String,
        /// Base currency for one unit of the transaction's, in 10⁻⁶.
        rate: i64,
        /// Amount in the tenant's base currency; debit positive, credit negative.
        base_minor: i64,
        /// What the line is for, where it says more than the entry.
        description: Option<String>,
        /// The client whom it's earned from or spent for.
        company_id: Option<CompanyId>,
        /// Who owes or is owed: the sub-ledger of a receivable or payable.
        party_id: Option<CompanyId>,
        /// The document whose open balance a line on a control account changes: an invoice, a bill, an expense, or a payment
        /// that settles none yet.
        item_id: Option<Uuid>,
        /// Tax that the line is of.
        tax_code_id: Option<TaxCodeId>,
        /// What a line of a tax is reckoned on, in the base currency, with the sign of the line.
        tax_base_minor: Option<i64>,
        /// Project.
        project_id: Option<ProjectId>,
        /// Department.
        department_id: Option<DepartmentId>,
        /// Cost centre.
        cost_centre_id: Option<CostCentreId>,
        /// The employee who worked or spent.
        employee_id: Option<EmployeeId>,
        /// The employee who sold.
        seller_id: Option<EmployeeId>,
        /// Deal.
        deal_id: Option<DealId>,
        /// Service.
        service_id: Option<ServiceId>,
    }
}

row! {
    /// Numbers of documents, without gaps within a series.
    number_series, "number_series", NumberSeriesId, {
        /// What it numbers: `invoice`, `credit_note`, `bill`.
        kind: String,
        /// What stands before the number.
        prefix: String,
        /// The number that it began with.
        first_number: i64,
        /// The number that comes next.
        next_number: i64,
        /// Date of the document with the number before: none is dated earlier.
        last_date: Option<NaiveDate>,
        /// Whether documents are numbered by it: one series of each kind.
        is_current: bool,
    }
}

business_table! {
    /// Every change that was made: the source of audit and timeline.
    event, "event", EventId, {
        /// `create`, `update`, `archive`, `restore`, or a business act by its verb.
        action: String,
        /// Table of the row that was changed.
        subject_kind: String,
        /// Its id.
        subject_id: Uuid,
        /// Where the change came from: a request's id, `import`, `demo`…
        origin: String,
        /// The address that it came from, where it came through the API.
        ip: Option<String>,
        /// The row before.
        before: Option<Json>,
        /// The row after.
        after: Option<Json>,
    },
    {
        /// When it was made.
        created_at: DateTime<Utc> = |stamp: crate::Stamp| stamp.at,
        /// Who made it.
        created_by: Option<MembershipId> = |stamp: crate::Stamp| stamp.by,
    }
}
