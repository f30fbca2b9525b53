//! How costs are split, spread and planned.

part! {
    /// Shares of cost centres in a line that has several.
    cost_split, "cost_split", CostSplitId, {
        /// What is split.
        subject_kind: SplitSubject,
        /// The line of an invoice, or the expense.
        subject_id: Uuid,
        /// Place among the shares, from 1.
        position: i32,
        /// Cost centre.
        cost_centre_id: CostCentreId,
        /// Its share.
        share_bp: i32,
    }
}

record! {
    /// How overhead is spread over what it's for.
    allocation_rule, "allocation_rule", AllocationRuleId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// By what it's spread.
        basis: AllocationBasis,
        /// Over what.
        target: AllocationTarget,
        /// The cost centre whose costs are spread, with those of its parts; costs of all when empty.
        cost_centre_id: Option<CostCentreId>,
    }
}

part! {
    /// The accounts whose costs a rule spreads; all expense accounts, where it has none.
    allocation_rule_account, "allocation_rule_account", AllocationRuleAccountId, {
        /// The rule.
        rule_id: AllocationRuleId,
        /// The account.
        account_id: AccountId,
    }
}

part! {
    /// A fixed share of a rule's costs, with the one thing that takes it.
    allocation_share, "allocation_share", AllocationShareId, {
        /// The rule.
        rule_id: AllocationRuleId,
        /// Place among the shares, from 1.
        position: i32,
        /// The client.
        company_id: Option<CompanyId>,
        /// The project.
        project_id: Option<ProjectId>,
        /// The department.
        department_id: Option<DepartmentId>,
        /// The cost centre.
        cost_centre_id: Option<CostCentreId>,
        /// Its share.
        share_bp: i32,
    }
}

row! {
    /// A rule applied to a period.
    allocation_run, "allocation_run", AllocationRunId, {
        /// The rule.
        rule_id: AllocationRuleId,
        /// First day of the costs that are spread.
        from_date: NaiveDate,
        /// Last day.
        to_date: NaiveDate,
        /// Whether it stands or is taken back.
        status: PostingStatus,
        /// What was spread, in the base currency.
        allocated_minor: i64,
        /// What was left where it was.
        unallocated_minor: i64,
        /// The run that it took the place of.
        replaces_id: Option<AllocationRunId>,
    }
}

record! {
    /// Plans of costs and revenue by month, in versions.
    budget, "budget", BudgetId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// First day: that of a month.
        from_date: NaiveDate,
        /// Last day: that of a month.
        to_date: NaiveDate,
        /// Which version it is, from 1.
        number: i32,
        /// The first version; itself, where it's that.
        first_id: BudgetId,
        /// Where it stands.
        status: BudgetStatus,
        /// What happens when a commitment goes over it.
        control: BudgetControl,
    }
}

part! {
    /// Amounts of a budget: one for an account, a month, and a cost centre and department where they have their own.
    budget_line, "budget_line", BudgetLineId, {
        /// The budget.
        budget_id: BudgetId,
        /// Account.
        account_id: AccountId,
        /// Cost centre, with its parts.
        cost_centre_id: Option<CostCentreId>,
        /// Department.
        department_id: Option<DepartmentId>,
        /// First day of the month.
        month: NaiveDate,
        /// How much is planned to be spent, or earned on an account of income, in the base currency.
        amount_minor: i64,
    }
}
