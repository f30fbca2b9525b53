//! Who decides what: reckoned from rules, people and absences alone.
//!
//! Every rule that a subject falls under asks for its steps, the smallest amounts first, so that a hierarchy is written as rules
//! of rising amounts. Nobody decides what is their own, neither who wrote it, who asked for it nor who gains by it, and not by a
//! delegation either; where a step is left with nobody, it goes up to the managers above, and at last to the owners.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kamara_entities::{
    ApprovalKind, ApprovalMode, CostCentreId, DepartmentId, ExpenseCategoryId, MembershipId, ProjectId, Role,
};
use uuid::Uuid;

/// What is to be approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The kind of document.
    pub kind: ApprovalKind,
    /// Its id.
    pub id: Uuid,
    /// Its amount.
    pub amount_minor: i64,
    /// The currency of the amount.
    pub currency: String,
    /// The amount in the base currency, which rules speak of.
    pub base_minor: i64,
    /// The department whose manager is asked.
    pub department_id: Option<DepartmentId>,
    /// The departments of its lines.
    pub departments: Vec<DepartmentId>,
    /// The cost centres of its lines.
    pub cost_centres: Vec<CostCentreId>,
    /// The projects of its lines.
    pub projects: Vec<ProjectId>,
    /// The category of an expense.
    pub category_id: Option<ExpenseCategoryId>,
    /// Who wrote the document.
    pub author: Option<MembershipId>,
    /// Who asks for it.
    pub requested_by: Option<MembershipId>,
    /// Who gains by it: whose expense it is.
    pub beneficiary: Option<MembershipId>,
}

impl Subject {
    /// Whether it's a member's own.
    #[must_use]
    pub fn is_own(&self, member: MembershipId) -> bool {
        [self.author, self.requested_by, self.beneficiary].contains(&Some(member))
    }
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Approver {
    /// A member.
    Member(MembershipId),
    /// Whoever has a role.
    Role(Role),
    /// The manager of the subject's department.
    Manager,
}

/// When approval is needed, and whose.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which kind of document.
    pub kind: ApprovalKind,
    /// From which amount, in the base currency.
    pub min_minor: i64,
    /// Below which amount.
    pub max_minor: Option<i64>,
    /// For which department only.
    pub department_id: Option<DepartmentId>,
    /// For which cost centre only.
    pub cost_centre_id: Option<CostCentreId>,
    /// For which project only.
    pub project_id: Option<ProjectId>,
    /// For which category of expense only.
    pub category_id: Option<ExpenseCategoryId>,
    /// Whether all approve, one after the other, or one of them does.
    pub mode: ApprovalMode,
    /// Who, in their order.
    pub approvers: Vec<Approver>,
}

impl Rule {
    fn is_for(&self, subject: &Subject) -> bool {
        self.kind == subject.kind
            && subject.base_minor >= self.min_minor
            && self.max_minor.is_none_or(|max| subject.base_minor < max)
            && self.department_id.is_none_or(|id| subject.departments.contains(&id))
            && self.cost_centre_id.is_none_or(|id| subject.cost_centres.contains(&id))
            && self.project_id.is_none_or(|id| subject.projects.contains(&id))
            && self.category_id.is_none_or(|id| subject.category_id == Some(id))
    }
}

/// Those who may approve one step, any of them.
pub type Step = BTreeSet<Approver>;

/// The steps that a subject needs, in their order; none where no rule speaks of it.
#[must_use]
pub fn steps(rules: &[Rule], subject: &Subject) -> Vec<Step> {
    let mut of_subject: Vec<&Rule> = rules.iter().filter(|rule| rule.is_for(subject)).collect();
    of_subject.sort_by_key(|rule| rule.min_minor);
    let mut steps: Vec<Step> = Vec::new();
    for rule in of_subject {
        let asked: Vec<Step> = match rule.mode {
            ApprovalMode::Sequence => rule.approvers.iter().map(|approver| Step::from([*approver])).collect(),
            ApprovalMode::Any => vec![rule.approvers.iter().copied().collect()],
        };
        for step in asked {
            // Who is asked by two rules is asked once.
            if !step.is_empty() && !steps.contains(&step) {
                steps.push(step);
            }
        }
    }
    steps
}

/// Who is there.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// The members who are there, removed ones left out.
    pub members: BTreeMap<MembershipId, Role>,
    /// Of the subject's department: its manager, the manager's manager, and so on up.
    pub managers: Vec<MembershipId>,
    /// Who decides for whom on the day.
    pub delegations: Vec<Delegation>,
}

/// One member decides for another while that one is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// Who is absent.
    pub from: MembershipId,
    /// Who decides.
    pub to: MembershipId,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

impl Delegation {
    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, day: NaiveDate) -> bool {
        (self.start..=self.end).contains(&day)
    }
}

/// Who may decide a step, in their own right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deciders {
    /// The members.
    pub members: BTreeSet<MembershipId>,
    /// Those whom the step names may not: it went up to others.
    pub went_up: bool,
}

/// Who may decide a step. Those whose own it is may not; where nobody is left, the managers above are asked, then the owners,
/// then the administrators.
#[must_use]
pub fn deciders(step: &Step, subject: &Subject, people: &People) -> Deciders {
    let may = |member: &MembershipId| people.members.contains_key(member) && !subject.is_own(*member);
    let with = |role: Role| people.members.iter().filter(move |(_, of)| **of == role).map(|(member, _)| *member);
    let mut named = BTreeSet::new();
    for approver in step {
        match approver {
            Approver::Member(member) => drop(named.insert(*member)),
            Approver::Role(role) => named.extend(with(*role)),
            Approver::Manager => named.extend(people.managers.first()),
        }
    }
    named.retain(may);
    if !named.is_empty() {
        return Deciders { members: named, went_up: false };
    }
    let above = people.managers.iter().skip(1).copied().find(may).filter(|_| step.contains(&Approver::Manager));
    let higher = [above.into_iter().collect(), with(Role::Owner).collect(), with(Role::Admin).collect()];
    let members = higher.into_iter().map(|mut members: BTreeSet<MembershipId>| {
        members.retain(may);
        members
    });
    Deciders { members: members.into_iter().find(|members| !members.is_empty()).unwrap_or_default(), went_up: true }
}

/// In whose right a member decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// In their own.
    Own,
    /// In the right of somebody who is absent.
    OnBehalfOf(MembershipId),
}

/// Whether a member may decide a step on a day, and in whose right.
#[must_use]
pub fn right(step: &Step, subject: &Subject, people: &People, member: MembershipId, day: NaiveDate) -> Option<Right> {
    if subject.is_own(member) || !people.members.contains_key(&member) {
        return None;
    }
    let deciders = deciders(step, subject, people).members;
    if deciders.contains(&member) {
        return Some(Right::Own);
    }
    let absent = people.delegations.iter().filter(|held| held.to == member && held.holds(day));
    absent.map(|held| held.from).filter(|from| deciders.contains(from)).min().map(Right::OnBehalfOf)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MEMBERS: u128 = 6;

    fn member(number: u128) -> MembershipId {
        Uuid::from_u128(number + 1).into()
    }

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, number).unwrap()
    }

    fn subject(base_minor: i64) -> Subject {
        Subject {
            kind: ApprovalKind::WriteOff,
            id: Uuid::nil(),
            amount_minor: base_minor,
            currency: "GEL".into(),
            base_minor,
            department_id: None,
            departments: Vec::new(),
            cost_centres: Vec::new(),
            projects: Vec::new(),
            category_id: None,
            author: None,
            requested_by: Some(member(0)),
            beneficiary: None,
        }
    }

    fn rule(min_minor: i64, mode: ApprovalMode, approvers: &[Approver]) -> Rule {
        Rule {
            kind: ApprovalKind::WriteOff,
            min_minor,
            max_minor: None,
            department_id: None,
            cost_centre_id: None,
            project_id: None,
            category_id: None,
            mode,
            approvers: approvers.to_vec(),
        }
    }

    fn people(roles: &[Role]) -> People {
        People {
            members: roles.iter().zip(0..).map(|(role, number)| (member(number), *role)).collect(),
            ..People::default()
        }
    }

    #[test]
    fn a_hierarchy_asks_more_of_larger_amounts() {
        let rules = [
            rule(100_000, ApprovalMode::Sequence, &[Approver::Role(Role::Finance), Approver::Role(Role::Owner)]),
            rule(10_000, ApprovalMode::Any, &[Approver::Manager, Approver::Role(Role::Finance)]),
        ];
        assert_eq!(steps(&rules, &subject(9_999)), [] as [Step; 0]);
        let first = Step::from([Approver::Manager, Approver::Role(Role::Finance)]);
        assert_eq!(steps(&rules, &subject(10_000)), std::slice::from_ref(&first));
        let above = [Step::from([Approver::Role(Role::Finance)]), Step::from([Approver::Role(Role::Owner)])];
        assert_eq!(steps(&rules, &subject(100_000)), [first, above[0].clone(), above[1].clone()]);
    }

    #[test]
    fn rules_speak_of_what_they_are_for() {
        let of_centre = Rule {
            cost_centre_id: Some(Uuid::from_u128(9).into()),
            max_minor: Some(500),
            ..rule(0, ApprovalMode::Any, &[Approver::Role(Role::Owner)])
        };
        let rules = [of_centre];
        let asked = |subject: &Subject| !steps(&rules, subject).is_empty();
        assert!(!asked(&subject(100)));
        let with_centre = Subject { cost_centres: vec![Uuid::from_u128(9).into()], ..subject(100) };
        assert!(asked(&with_centre));
        assert!(!asked(&Subject { base_minor: 500, ..with_centre.clone() }));
        assert!(!asked(&Subject { kind: ApprovalKind::CreditNote, ..with_centre }));
    }

    #[test]
    fn what_would_be_decided_by_its_own_goes_up() {
        let step = Step::from([Approver::Manager]);
        let roles = [Role::Employee, Role::Employee, Role::Owner];
        // The one who asks manages the department: the manager above decides.
        let with_manager = People { managers: vec![member(0), member(1)], ..people(&roles) };
        let found = deciders(&step, &subject(1), &with_manager);
        assert_eq!(found, Deciders { members: [member(1)].into(), went_up: true });
        // With nobody above, the owners do.
        let alone = People { managers: vec![member(0)], ..people(&roles) };
        assert_eq!(deciders(&step, &subject(1), &alone).members, [member(2)].into());
        // A member who was removed doesn't hold anything up.
        let removed = Step::from([Approver::Member(member(5))]);
        assert_eq!(
            deciders(&removed, &subject(1), &people(&roles)),
            Deciders { members: [member(2)].into(), went_up: true }
        );
        // The only owner's own goes to an administrator; with none, to nobody.
        let owners = Step::from([Approver::Role(Role::Owner)]);
        assert_eq!(deciders(&owners, &subject(1), &people(&[Role::Owner, Role::Admin])).members, [member(1)].into());
        assert!(deciders(&owners, &subject(1), &people(&[Role::Owner, Role::Employee])).members.is_empty());
    }

    #[test]
    fn a_delegation_holds_on_its_days_and_never_for_ones_own() {
        let step = Step::from([Approver::Member(member(1))]);
        let roles = [Role::Employee, Role::Finance, Role::Employee];
        let delegated = |to: u128| People {
            delegations: vec![Delegation { from: member(1), to: member(to), start: day(10), end: day(12) }],
            ..people(&roles)
        };
        let asked = subject(1);
        assert_eq!(right(&step, &asked, &delegated(2), member(2), day(12)), Some(Right::OnBehalfOf(member(1))));
        assert_eq!(right(&step, &asked, &delegated(2), member(2), day(13)), None);
        assert_eq!(right(&step, &asked, &delegated(2), member(1), day(12)), Some(Right::Own));
        assert_eq!(right(&step, &asked, &delegated(0), member(0), day(12)), None, "one's own");
    }

    fn any_role() -> impl Strategy<Value = Role> {
        prop::sample::select(vec![Role::Owner, Role::Admin, Role::Finance, Role::Employee])
    }

    fn any_approver() -> impl Strategy<Value = Approver> {
        prop_oneof![
            (0..MEMBERS).prop_map(|number| Approver::Member(member(number))),
            any_role().prop_map(Approver::Role),
            Just(Approver::Manager),
        ]
    }

    fn any_rule() -> impl Strategy<Value = Rule> {
        let mode = prop::sample::select(vec![ApprovalMode::Sequence, ApprovalMode::Any]);
        (0..3_i64, mode, prop::collection::vec(any_approver(), 1..4))
            .prop_map(|(min, mode, approvers)| rule(min, mode, &approvers))
    }

    fn any_people() -> impl Strategy<Value = People> {
        let members = prop::collection::btree_map((0..MEMBERS).prop_map(member), any_role(), 0..6);
        let managers = prop::collection::vec((0..MEMBERS).prop_map(member), 0..3);
        let delegation = (0..MEMBERS, 0..MEMBERS, 1..20_u32, 0..5_u32).prop_map(|(from, to, start, days)| Delegation {
            from: member(from),
            to: member(to),
            start: day(start),
            end: day(start + days),
        });
        (members, managers, prop::collection::vec(delegation, 0..8))
            .prop_map(|(members, managers, delegations)| People { members, managers, delegations })
    }

    proptest! {
        #[test]
        fn nobody_ever_decides_what_is_their_own(
            rules in prop::collection::vec(any_rule(), 0..4),
            people in any_people(),
            (author, requested_by) in (prop::option::of(0..MEMBERS), 0..MEMBERS),
            beneficiary in prop::option::of(0..MEMBERS),
            on in 1..28_u32,
        ) {
            let (author, beneficiary) = (author.map(member), beneficiary.map(member));
            let asked = Subject { author, requested_by: Some(member(requested_by)), beneficiary, ..subject(2) };
            for step in steps(&rules, &asked) {
                let named = deciders(&step, &asked, &people);
                prop_assert!(named.members.iter().all(|member| !asked.is_own(*member) && people.members.contains_key(member)));
                for number in 0..MEMBERS {
                    match right(&step, &asked, &people, member(number), day(on)) {
                        None => {}
                        Some(Right::Own) => prop_assert!(!asked.is_own(member(number))),
                        Some(Right::OnBehalfOf(absent)) => prop_assert!(!asked.is_own(member(number)) && !asked.is_own(absent)),
                    }
                }
                // Whoever is there and has no part in it: an owner never lets a step hang.
                let other_owner = people.members.iter().any(|(member, role)| *role == Role::Owner && !asked.is_own(*member));
                prop_assert!(!other_owner || !named.members.is_empty());
            }
        }

        #[test]
        fn the_order_of_any_of_several_changes_nothing(approvers in prop::collection::vec(any_approver(), 1..5), people in any_people()) {
            let turned: Vec<Approver> = approvers.iter().rev().copied().collect();
            let of = |approvers: &[Approver]| steps(&[rule(0, ApprovalMode::Any, approvers)], &subject(1));
            prop_assert_eq!(of(&approvers), of(&turned));
            let step = &of(&approvers)[0];
            prop_assert_eq!(deciders(step, &subject(1), &people), deciders(&of(&turned)[0], &subject(1), &people));
        }

        #[test]
        fn a_sequence_asks_in_its_order(approvers in prop::collection::btree_set(any_approver(), 1..5)) {
            let approvers: Vec<Approver> = approvers.into_iter().rev().collect();
            let asked = steps(&[rule(0, ApprovalMode::Sequence, &approvers)], &subject(1));
            let expected: Vec<Step> = approvers.into_iter().map(|approver| Step::from([approver])).collect();
            prop_assert_eq!(asked, expected);
        }
    }
}
