//! Approvals: who decides what.

record! {
    /// When approval is needed, and whose.
    approval_rule, "approval_rule", ApprovalRuleId, {
        /// Name.
        name: String,
        /// What lists are sorted by.
        sort_key: String,
        /// Which kind of document.
        subject_kind: ApprovalKind,
        /// From which amount, in the base currency.
        min_minor: i64,
        /// Below which amount.
        max_minor: Option<i64>,
        /// For which department only.
        department_id: Option<DepartmentId>,
        /// For which cost centre only.
        cost_centre_id: Option<CostCentreId>,
        /// For which project only.
        project_id: Option<ProjectId>,
        /// Whether all approve, one after the other, or one of them does.
        mode: ApprovalMode,
    }
}

part! {
    /// Whom a rule asks: a member, whoever has a role, or the manager of the document's department.
    approval_rule_approver, "approval_rule_approver", ApprovalRuleApproverId, {
        /// The rule.
        rule_id: ApprovalRuleId,
        /// Place, from 1.
        position: i32,
        /// A member.
        membership_id: Option<MembershipId>,
        /// A role.
        role: Option<Role>,
        /// The manager of the department.
        manager: bool,
    }
}

record! {
    /// What was asked for, by whoever made the row, and what became of it.
    approval, "approval", ApprovalId, {
        /// The kind of document.
        subject_kind: ApprovalKind,
        /// The document.
        subject_id: Uuid,
        /// What a person knows it by.
        description: String,
        /// Its amount.
        amount_minor: i64,
        /// Currency of the amount.
        currency: String,
        /// The same in the base currency.
        base_minor: i64,
        /// The department that it's for.
        department_id: Option<DepartmentId>,
        /// Who gains by it.
        beneficiary_id: Option<MembershipId>,
        /// What shall be done, where no draft holds it.
        act: Option<Json>,
        /// Where it stands.
        status: ApprovalStatus,
    }
}

row! {
    /// One decision of those that an approval needs.
    approval_step, "approval_step", ApprovalStepId, {
        /// The approval.
        approval_id: ApprovalId,
        /// Place, from 1: none is decided before the one before it.
        position: i32,
        /// What was decided.
        decision: Option<ApprovalDecision>,
        /// Who decided.
        decided_by: Option<MembershipId>,
        /// In whose right, where it isn't one's own.
        on_behalf_of: Option<MembershipId>,
        /// Whether it went up to others, since those whom the rule names could not decide.
        went_up: bool,
        /// When.
        decided_at: Option<DateTime<Utc>>,
        /// Why.
        note: Option<String>,
    }
}

part! {
    /// Who may decide a step, as the rule said when it was asked for.
    approval_step_approver, "approval_step_approver", ApprovalStepApproverId, {
        /// The step.
        step_id: ApprovalStepId,
        /// Place, from 1.
        position: i32,
        /// A member.
        membership_id: Option<MembershipId>,
        /// A role.
        role: Option<Role>,
        /// The manager of the department.
        manager: bool,
    }
}

record! {
    /// Who decides for whom while that one is absent.
    approval_delegation, "approval_delegation", ApprovalDelegationId, {
        /// Who is absent.
        from_id: MembershipId,
        /// Who decides.
        to_id: MembershipId,
        /// First day.
        start_date: NaiveDate,
        /// Last day.
        end_date: NaiveDate,
        /// Why.
        reason: Option<String>,
    }
}
