//! What is bought: suppliers' bills, what expenses are for, and the files that prove them.

record! {
    /// Bills from suppliers, and what they credit of them.
    bill, "bill", BillId, {
        /// Whether it bills or credits; a credit note's amounts are positive too.
        kind: BillKind,
        /// The bill that a credit note takes back, wholly or in part.
        credits_id: Option<BillId>,
        /// Our own number, given when posted.
        number: Option<String>,
        /// The supplier's number, used once by each.
        supplier_number: Option<String>,
        /// What it's compared by: within a supplier once, but for what is void or archived.
        supplier_key: Option<String>,
        /// Where it stands.
        status: BillStatus,
        /// The supplier.
        company_id: CompanyId,
        /// Date of the bill.
        date: NaiveDate,
        /// When it is to be paid.
        due_date: NaiveDate,
        /// Currency of all its amounts.
        currency: String,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
        /// Sum of the lines before tax.
        net_minor: i64,
        /// Sum of the taxes that are owed to the supplier.
        tax_minor: i64,
        /// Net and tax.
        total_minor: i64,
        /// What was paid of it.
        paid_minor: i64,
        /// The total as it was posted, in the base currency.
        base_total_minor: i64,
        /// What was settled of that.
        base_paid_minor: i64,
        /// The department that bought.
        department_id: Option<DepartmentId>,
        /// Free text.
        note: Option<String>,
        /// Number of the state's own e-invoice.
        einvoice_number: Option<String>,
        /// Where that stands.
        einvoice_status: Option<EinvoiceStatus>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

part! {
    /// Lines of bills.
    bill_line, "bill_line", BillLineId, {
        /// The bill that it's a line of.
        bill_id: BillId,
        /// Place within the bill, from 1.
        position: i32,
        /// In words.
        description: String,
        /// How much, in 10⁻⁶ of the unit.
        quantity: i64,
        /// Price of one unit, in 10⁻⁶ of the currency.
        unit_price: i64,
        /// The line before tax.
        net_minor: i64,
        /// The tax that is owed to the supplier.
        tax_minor: i64,
        /// The first of its tax codes.
        tax_code_id: Option<TaxCodeId>,
        /// That code's rate on the bill's date.
        tax_rate_bp: i32,
        /// Where the cost is posted.
        account_id: AccountId,
        /// What was bought.
        service_id: Option<ServiceId>,
        /// The client for whom.
        client_id: Option<CompanyId>,
        /// Cost centre.
        cost_centre_id: Option<CostCentreId>,
        /// Department.
        department_id: Option<DepartmentId>,
        /// Project.
        project_id: Option<ProjectId>,
    }
}

record! {
    /// Files that hang on records: their bytes are kept elsewhere, by the id.
    file, "file", FileId, {
        /// The kind of the record.
        subject_kind: FileSubject,
        /// The record.
        subject_id: Uuid,
        /// The name that it's shown by.
        name: String,
        /// What it is: `image/png`.
        media_type: String,
        /// How many bytes it has.
        size: i64,
        /// Their SHA-256, in hexadecimal.
        sha256: String,
    }
}

record! {
    /// What money is spent on, in the words of who spends it.
    expense_category, "expense_category", ExpenseCategoryId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// Where the cost is posted.
        account_id: AccountId,
        /// The tax that is in the price.
        tax_code_id: Option<TaxCodeId>,
    }
}

record! {
    /// Which expenses belong to a category: whatever a rule asks for must hold.
    category_rule, "category_rule", CategoryRuleId, {
        /// The category.
        category_id: ExpenseCategoryId,
        /// Higher ones come first.
        priority: i32,
        /// Words that are all in the description.
        words: Option<String>,
        /// From whom it's bought.
        supplier_id: Option<CompanyId>,
        /// The least amount, in the base currency.
        least_minor: Option<i64>,
        /// The largest amount, in the base currency.
        most_minor: Option<i64>,
    }
}
