//! The ledger under everything, and the tables that it refers to.

row! {
    /// The state of each tenant's books: one row a tenant, locked last and until the commit by whoever posts.
    ledger, "ledger", LedgerId, {
        /// Number of the newest entry.
        last_seq: i64,
        /// Nothing is posted on or before this day.
        closed_until: Option<NaiveDate>,
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
    }
}

business_table! {
    /// Balanced entries; never changed, never deleted.
    journal_entry, "journal_entry", JournalEntryId, {
        /// Number within the tenant, without gaps, in the order in which entries became visible.
        seq: i64,
        /// Accounting date.
        date: NaiveDate,
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
        /// What it numbers: `invoice`.
        kind: String,
        /// What stands before the number.
        prefix: String,
        /// The number that comes next.
        next_number: i64,
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
