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
    /// Bills to clients, and what is credited of them.
    invoice, "invoice", InvoiceId, {
        /// Whether it bills or credits; a credit note's amounts are positive too.
        kind: InvoiceKind,
        /// The invoice that a credit note takes back, wholly or in part.
        credits_id: Option<InvoiceId>,
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
        /// Discount on the whole document, after those of its lines.
        document_discount_bp: i32,
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
        /// The recurring invoice that it was made by.
        recurring_invoice_id: Option<RecurringInvoiceId>,
        /// Number of the state's own e-invoice.
        einvoice_number: Option<String>,
        /// Where the state's own e-invoice stands.
        einvoice_status: Option<EinvoiceStatus>,
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
        /// First day of what is paid for; with the last day, or none of both.
        service_from: Option<NaiveDate>,
        /// Last day of it.
        service_to: Option<NaiveDate>,
        /// The line that a credit note's takes back.
        credits_line_id: Option<InvoiceLineId>,
    }
}

record! {
    /// Money received or paid out.
    payment, "payment", PaymentId, {
        /// Which way the money went.
        direction: PaymentDirection,
        /// What it settles: what clients owe, what is owed to suppliers, or to an employee.
        sub_ledger: SubLedger,
        /// From which company, or to which; none where it's an employee.
        company_id: Option<CompanyId>,
        /// To which employee.
        employee_id: Option<EmployeeId>,
        /// When.
        date: NaiveDate,
        /// How much.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// Base currency for one unit of the currency, in 10⁻⁶.
        rate: i64,
        /// Into or out of which account of role "cash" or "bank".
        account_id: AccountId,
        /// Whether it's paid before there is an invoice: a liability, with its tax due at once.
        advance: bool,
        /// Tax of an advance.
        tax_code_id: Option<TaxCodeId>,
        /// The tax that is in an advance.
        tax_minor: i64,
        /// What of the amount is kept for the state and isn't paid out.
        withheld_minor: i64,
        /// The tax that is withheld.
        withholding_code_id: Option<TaxCodeId>,
        /// How much of it settles documents, or was paid back.
        allocated_minor: i64,
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
    /// What settles what, and since when: a payment, a credit note or a write-off takes something off an invoice, a bill or an
    /// expense. Undone by a counter-allocation.
    payment_allocation, "payment_allocation", PaymentAllocationId, {
        /// Since when.
        date: NaiveDate,
        /// The payment that settles.
        payment_id: Option<PaymentId>,
        /// The credit note that settles.
        credit_note_id: Option<InvoiceId>,
        /// The supplier's credit note that settles.
        supplier_credit_id: Option<BillId>,
        /// The write-off that settles.
        write_off_id: Option<WriteOffId>,
        /// The invoice that is settled.
        invoice_id: Option<InvoiceId>,
        /// The bill that is settled.
        bill_id: Option<BillId>,
        /// The expense that is reimbursed.
        expense_id: Option<ExpenseId>,
        /// The payment whose rest is paid back.
        refunded_id: Option<PaymentId>,
        /// How much, in the currency of what is settled; negative for a counter-allocation.
        amount_minor: i64,
        /// How much of what settles, in its own currency; negative for a counter-allocation.
        source_minor: i64,
        /// What it takes off what was open, in the base currency at the settled document's rate.
        base_minor: i64,
        /// The allocation that this one takes back.
        reverses_id: Option<PaymentAllocationId>,
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
        /// What kind of cost it is, in the words of who spent it.
        category_id: Option<ExpenseCategoryId>,
        /// Where the cost is posted.
        account_id: AccountId,
        /// The account of role "cash" or "bank" that paid; none where the employee did.
        payment_account_id: Option<AccountId>,
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
        status: ExpenseStatus,
        /// Why it was given back to the employee.
        return_reason: Option<String>,
        /// What was reimbursed to the employee who paid.
        paid_minor: i64,
        /// What is owed to the employee as it was posted, in the base currency.
        base_total_minor: i64,
        /// What was reimbursed of that.
        base_paid_minor: i64,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}
