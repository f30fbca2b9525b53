//! How costs are split, spread and planned.

part! {
    /// Shares of cost centres in a line that has several.
    cost_split, "cost_split", CostSplitId, {
        /// What is split.
        subject_kind: SplitSubject,
        /// The line of an invoice or of a bill, or the expense.
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
