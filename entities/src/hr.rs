//! The people who work for a tenant, and how they are organised.

record! {
    /// People who work for the tenant.
    employee, "employee", EmployeeId, {
        /// Full name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// What searches look into.
        search_text: String,
        /// The tenant's own number for the person.
        code: Option<String>,
        /// Position.
        title: Option<String>,
        /// E-mail address.
        email: Option<String>,
        /// Telephone.
        phone: Option<String>,
        /// Where the person belongs.
        department_id: Option<DepartmentId>,
        /// To whom the person reports.
        manager_id: Option<EmployeeId>,
        /// The person's log-in, if there is one.
        membership_id: Option<MembershipId>,
        /// First day at work.
        hired_on: Option<NaiveDate>,
        /// What an hour costs the company, in 10⁻⁶ of the base currency.
        cost_rate: Option<i64>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}

record! {
    /// Parts of the tenant's organisation.
    department, "department", DepartmentId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// Short name.
        code: Option<String>,
        /// Who leads it.
        manager_id: Option<EmployeeId>,
        /// Where an imported row comes from.
        source: Option<String>,
        /// Its id there.
        external_id: Option<String>,
    }
}
