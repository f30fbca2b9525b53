//! What is sold and delivered, and the documents that post to the ledger.

record! {
    /// What is sold: services and products.
    service, "service", ServiceId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// Short name.
        code: Option<String>,
        /// What is counted: hour, day, piece…
        unit: Option<String>,
        /// Price of one unit, in 10⁻⁶ of the currency.
        unit_price: i64,
        /// Currency of the price.
        currency: String,
        /// Where its sales are posted; the account of role "revenue" when empty.
        income_account_id: Option<AccountId>,
        /// Tax on its sales.
        tax_code_id: Option<TaxCodeId>,
        /// From whom it is bought.
        supplier_id: Option<CompanyId>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Pieces of work.
    project, "project", ProjectId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// Short name.
        code: Option<String>,
        /// The client; none for internal work.
        company_id: Option<CompanyId>,
        /// The deal that it was won by.
        deal_id: Option<DealId>,
        /// The department that does it.
        department_id: Option<DepartmentId>,
        /// Who leads it.
        manager_id: Option<EmployeeId>,
        /// Where it stands.
        status: ProjectStatus,
        /// First day.
        start_date: Option<NaiveDate>,
        /// Last day.
        end_date: Option<NaiveDate>,
        /// What it may cost.
        budget_minor: Option<i64>,
        /// Currency of the budget.
        currency: String,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Hours of one employee on one project on one day.
    time_entry, "time_entry", TimeEntryId, {
        /// Who worked.
        employee_id: EmployeeId,
        /// On what.
        project_id: ProjectId,
        /// When.
        date: NaiveDate,
        /// How long, in 10⁻⁶ of an hour.
        hours: i64,
        /// What was done.
        description: Option<String>,
        /// Where it stands.
        status: TimeEntryStatus,
        /// What it cost, in the base currency; set by approval.
        cost_minor: Option<i64>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Bills to clients.
    invoice, "invoice", InvoiceId, {
        /// Number, given when issued.
        number: Option<String>,
        /// Where it stands.
        status: InvoiceStatus,
        /// The client.
        company_id: CompanyId,
        /// Date of the invoice.
        date: NaiveDate,
        /// When it is to be paid.
        due_date: NaiveDate,
        /// Currency of all its amounts.
        currency: String,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
        /// Sum of the lines after discount, before tax.
        net_minor: i64,
        /// Sum of the discounts.
        discount_minor: i64,
        /// Sum of the taxes.
        tax_minor: i64,
        /// Net and tax.
        total_minor: i64,
        /// What was paid of it.
        paid_minor: i64,
        /// The total as it was posted, in the base currency.
        base_total_minor: i64,
        /// What was settled of that.
        base_paid_minor: i64,
        /// Who sold.
        seller_id: Option<EmployeeId>,
        /// The deal that it bills.
        deal_id: Option<DealId>,
        /// The department that earns it.
        department_id: Option<DepartmentId>,
        /// Free text.
        note: Option<String>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

part! {
    /// Lines of invoices.
    invoice_line, "invoice_line", InvoiceLineId, {
        /// The invoice that it's a line of.
        invoice_id: InvoiceId,
        /// Place within the invoice, from 1.
        position: i32,
        /// What was sold.
        service_id: Option<ServiceId>,
        /// In words.
        description: Option<String>,
        /// How much, in 10⁻⁶ of the unit.
        quantity: i64,
        /// Price of one unit before discount, in 10⁻⁶ of the currency.
        unit_price: i64,
        /// Discount on the line.
        discount_bp: i32,
        /// The line after discount, before tax.
        net_minor: i64,
        /// The discount.
        discount_minor: i64,
        /// The tax.
        tax_minor: i64,
        /// Tax code.
        tax_code_id: Option<TaxCodeId>,
        /// The code's rate when the invoice was written.
        tax_rate_bp: i32,
        /// Where the sale is posted.
        account_id: AccountId,
        /// Cost centre.
        cost_centre_id: Option<CostCentreId>,
        /// Project.
        project_id: Option<ProjectId>,
    }
}

record! {
    /// Money received from clients.
    payment, "payment", PaymentId, {
        /// From whom.
        company_id: CompanyId,
        /// When.
        date: NaiveDate,
        /// How much.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
        /// Into which account of role "cash" or "bank".
        account_id: AccountId,
        /// What the bank's statement says.
        reference: Option<String>,
        /// Where it stands.
        status: PostingStatus,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

part! {
    /// Which part of a payment settles which invoice.
    payment_allocation, "payment_allocation", PaymentAllocationId, {
        /// The payment.
        payment_id: PaymentId,
        /// The invoice.
        invoice_id: InvoiceId,
        /// How much, in the currency of both.
        amount_minor: i64,
        /// What it takes off the receivable, in the base currency at the invoice's rate.
        base_minor: i64,
    }
}

record! {
    /// Money spent.
    expense, "expense", ExpenseId, {
        /// When.
        date: NaiveDate,
        /// How much, tax included.
        amount_minor: i64,
        /// Of it recoverable tax.
        tax_minor: i64,
        /// Currency of the amounts.
        currency: String,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
        /// What for.
        description: String,
        /// Where the cost is posted.
        account_id: AccountId,
        /// The account of role "cash" or "bank" that paid.
        payment_account_id: AccountId,
        /// From whom it was bought.
        supplier_id: Option<CompanyId>,
        /// The client for whom.
        company_id: Option<CompanyId>,
        /// Who sold what it was spent on.
        seller_id: Option<EmployeeId>,
        /// Who spent it.
        employee_id: Option<EmployeeId>,
        /// Project.
        project_id: Option<ProjectId>,
        /// Department.
        department_id: Option<DepartmentId>,
        /// Cost centre.
        cost_centre_id: Option<CostCentreId>,
        /// Tax code.
        tax_code_id: Option<TaxCodeId>,
        /// Where it stands.
        status: PostingStatus,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}
