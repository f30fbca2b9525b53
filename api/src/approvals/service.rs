//! The rules of approvals: what must be approved waits, those decide whom the rules name, and with the last yes it's done.

use std::collections::HashMap;

use kamara_entities::{
    ApprovalDecision, ApprovalId, ApprovalKind, ApprovalStatus, MembershipId, approval, approval_rule,
    approval_rule_approver, approval_step, approval_step_approver, bill, expense, invoice,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    engine::{self, Approver, Right, Rule, Step, Subject},
    people::Everybody,
};
use crate::{
    error::{Error, Result, Text},
    ledger::CostCentreTree,
    tenancy::TenantScope,
    text,
};

/// Approvals that wait which are looked through for a member.
const WAITING_MAX: u64 = 1_000;

/// What becomes of a request.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one for a request")]
pub enum Outcome {
    /// No rule speaks of it: it may be done at once.
    NotNeeded,
    /// Somebody must decide first.
    Pending(approval::Model),
}

/// Asks for a document to be approved, if a rule says so. `description` is what a person knows it by, `act` what shall be done
/// where no draft holds it. The document's row must be locked. What an operator does at the command line needs nobody's approval.
pub async fn request(
    scope: &TenantScope,
    subject: &Subject,
    description: String,
    act: Option<serde_json::Value>,
) -> Result<Outcome> {
    require_not_waiting(scope, subject.id).await?;
    let steps = steps(scope, subject).await?;
    if steps.is_empty() {
        return Ok(Outcome::NotNeeded);
    }
    let people = Everybody::load(scope).await?.around(subject.department_id);
    let nobody = |step: &&Step| engine::deciders(step, subject, &people).members.is_empty();
    if steps.iter().any(|step| nobody(&step)) {
        return Err(Error::Conflict(Text::fixed(
            "This needs approval, and nobody else may give it. Invite another owner.",
            "ამას დამტკიცება სჭირდება და სხვას ამის უფლება არ აქვს. მოიწვიეთ კიდევ ერთი მფლობელი.",
        )));
    }
    let new = approval::New {
        subject_kind: subject.kind,
        subject_id: subject.id,
        description,
        amount_minor: subject.amount_minor,
        currency: subject.currency.clone(),
        base_minor: subject.base_minor,
        department_id: subject.department_id,
        beneficiary_id: subject.beneficiary,
        act,
        status: ApprovalStatus::Pending,
    };
    let made = scope.insert::<approval::Entity>(new).await?;
    let rows = steps.iter().zip(1..).map(|(step, position)| approval_step::New {
        approval_id: made.id,
        position,
        decision: None,
        decided_by: None,
        on_behalf_of: None,
        went_up: engine::deciders(step, subject, &people).went_up,
        decided_at: None,
        note: None,
    });
    let rows = scope.insert_all::<approval_step::Entity>(rows.collect()).await?;
    let approvers = rows.iter().zip(&steps).flat_map(|(row, step)| {
        step.iter().zip(1..).map(|(approver, position)| {
            let (membership_id, role, manager) = columns(*approver);
            let new = approval_step_approver::New { step_id: row.id, position, membership_id, role, manager };
            (scope.env().id(), new)
        })
    });
    scope.insert_parts::<approval_step_approver::Entity>(approvers.collect()).await?;
    Ok(Outcome::Pending(made))
}

/// Whether a rule asks for somebody's yes.
pub async fn is_asked(scope: &TenantScope, subject: &Subject) -> Result<bool> {
    Ok(!steps(scope, subject).await?.is_empty())
}

/// The steps that the rules ask for.
async fn steps(scope: &TenantScope, subject: &Subject) -> Result<Vec<Step>> {
    if scope.actor().is_none() {
        return Ok(Vec::new());
    }
    let rules = rules(scope, subject.kind).await?;
    if rules.iter().all(|rule| rule.cost_centre_id.is_none()) {
        return Ok(engine::steps(&rules, subject));
    }
    // The rule of a cost centre is one of its parts, too.
    let tree = CostCentreTree::load(scope).await?;
    let above = subject.cost_centres.iter().flat_map(|id| tree.above(*id));
    let cost_centres = subject.cost_centres.iter().copied().chain(above).collect();
    Ok(engine::steps(&rules, &Subject { cost_centres, ..subject.clone() }))
}

/// An approver as it's stored.
pub(super) fn columns(approver: Approver) -> (Option<MembershipId>, Option<kamara_entities::Role>, bool) {
    match approver {
        Approver::Member(member) => (Some(member), None, false),
        Approver::Role(role) => (None, Some(role), false),
        Approver::Manager => (None, None, true),
    }
}

/// An approver as it was stored.
pub(super) fn approver(membership: Option<MembershipId>, role: Option<kamara_entities::Role>) -> Approver {
    match (membership, role) {
        (Some(member), _) => Approver::Member(member),
        (None, Some(role)) => Approver::Role(role),
        (None, None) => Approver::Manager,
    }
}

/// What is told to who names none, or several, of the three ways to say who approves.
pub(super) const fn one_of_three() -> Text {
    Text::fixed(
        "Name a member, a role, or the manager: one of the three.",
        "მიუთითეთ წევრი, როლი ან ხელმძღვანელი: სამიდან ერთი.",
    )
}

/// The rules for a kind of document.
async fn rules(scope: &TenantScope, kind: ApprovalKind) -> Result<Vec<Rule>> {
    let of_kind = scope
        .find::<approval_rule::Entity>()
        .filter(approval_rule::Column::SubjectKind.eq(kind))
        .filter(approval_rule::Column::ArchivedAt.is_null())
        .order_by_asc(approval_rule::Column::MinMinor)
        .order_by_asc(approval_rule::Column::Id);
    let rows = scope.all(of_kind).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let select = scope
        .find::<approval_rule_approver::Entity>()
        .filter(approval_rule_approver::Column::RuleId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(approval_rule_approver::Column::Position);
    let mut approvers: HashMap<_, Vec<Approver>> = HashMap::new();
    for row in scope.all(select).await? {
        approvers.entry(row.rule_id).or_default().push(approver(row.membership_id, row.role));
    }
    let rule = |row: approval_rule::Model| Rule {
        kind: row.subject_kind,
        min_minor: row.min_minor,
        max_minor: row.max_minor,
        department_id: row.department_id,
        cost_centre_id: row.cost_centre_id,
        project_id: row.project_id,
        category_id: row.category_id,
        mode: row.mode,
        approvers: approvers.remove(&row.id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(rule).collect())
}

/// Refuses to touch a document that waits for approval.
pub async fn require_not_waiting(scope: &TenantScope, subject: Uuid) -> Result<()> {
    let select = scope
        .find::<approval::Entity>()
        .filter(approval::Column::SubjectId.eq(subject))
        .filter(approval::Column::Status.eq(ApprovalStatus::Pending))
        .limit(1);
    match scope.first(select).await? {
        None => Ok(()),
        Some(_) => Err(Error::Conflict(Text::fixed(
            "This waits for approval. Withdraw the request first.",
            "ეს დამტკიცებას ელოდება. ჯერ გაითხოვეთ მოთხოვნა.",
        ))),
    }
}

/// The steps of some approvals that nobody has decided yet, of each the first.
async fn current_steps(
    scope: &TenantScope,
    approvals: Vec<ApprovalId>,
) -> Result<HashMap<ApprovalId, (approval_step::Model, Step, bool)>> {
    let select = scope
        .find::<approval_step::Entity>()
        .filter(approval_step::Column::ApprovalId.is_in(approvals))
        .filter(approval_step::Column::Decision.is_null())
        .order_by_desc(approval_step::Column::Position);
    let mut current: HashMap<ApprovalId, (approval_step::Model, Step, bool)> = HashMap::new();
    for row in scope.all(select).await? {
        let is_last = !current.contains_key(&row.approval_id);
        current.insert(row.approval_id, (row, Step::new(), is_last));
    }
    let of_step: HashMap<_, _> = current.values().map(|(row, ..)| (row.id, row.approval_id)).collect();
    let select = scope
        .find::<approval_step_approver::Entity>()
        .filter(approval_step_approver::Column::StepId.is_in(of_step.keys().copied()));
    for row in scope.all(select).await? {
        let step = of_step.get(&row.step_id).and_then(|approval| current.get_mut(approval));
        if let Some((_, step, _)) = step {
            step.insert(approver(row.membership_id, row.role));
        }
    }
    Ok(current)
}

/// Who wrote the documents of some approvals, by the documents. What is written off is no document of its own: it's written by who
/// asks for it.
async fn authors(scope: &TenantScope, rows: &[approval::Model]) -> Result<HashMap<Uuid, MembershipId>> {
    let of = |kind| rows.iter().filter(move |row| row.subject_kind == kind).map(|row| row.subject_id);
    let notes = scope.by_ids::<invoice::Entity>(of(ApprovalKind::CreditNote).map(Into::into)).await?;
    let bills = scope.by_ids::<bill::Entity>(of(ApprovalKind::Bill).map(Into::into)).await?;
    let expenses = scope.by_ids::<expense::Entity>(of(ApprovalKind::Expense).map(Into::into)).await?;
    let notes = notes.into_values().map(|row| (row.id.0, row.created_by));
    let bills = bills.into_values().map(|row| (row.id.0, row.created_by));
    let expenses = expenses.into_values().map(|row| (row.id.0, row.created_by));
    Ok(notes.chain(bills).chain(expenses).filter_map(|(id, author)| Some((id, author?))).collect())
}

fn subject_of(row: &approval::Model, authors: &HashMap<Uuid, MembershipId>) -> Subject {
    Subject {
        kind: row.subject_kind,
        id: row.subject_id,
        amount_minor: row.amount_minor,
        currency: row.currency.clone(),
        base_minor: row.base_minor,
        department_id: row.department_id,
        // Which rules speak of it was settled when it was asked for.
        departments: Vec::new(),
        cost_centres: Vec::new(),
        projects: Vec::new(),
        category_id: None,
        author: authors.get(&row.subject_id).copied(),
        requested_by: row.created_by,
        beneficiary: row.beneficiary_id,
    }
}

/// What waits for a member: in their own right, or in that of somebody who is absent today. The oldest comes first.
pub async fn waiting_for(scope: &TenantScope, member: MembershipId) -> Result<Vec<approval::Model>> {
    let select = scope
        .find::<approval::Entity>()
        .filter(approval::Column::Status.eq(ApprovalStatus::Pending))
        .order_by_asc(approval::Column::Id)
        .limit(WAITING_MAX);
    let pending = scope.all(select).await?;
    if pending.is_empty() {
        return Ok(pending);
    }
    let steps = current_steps(scope, pending.iter().map(|row| row.id).collect()).await?;
    let (everybody, authors) = (Everybody::load(scope).await?, authors(scope, &pending).await?);
    let today = scope.today();
    let is_for = |row: &approval::Model| {
        let (people, subject) = (everybody.around(row.department_id), subject_of(row, &authors));
        steps.get(&row.id).is_some_and(|(_, step, _)| engine::right(step, &subject, &people, member, today).is_some())
    };
    Ok(pending.into_iter().filter(is_for).collect())
}

/// Decides the step that an approval waits for. With the last yes it's approved; what that leads to is the caller's to do, in the
/// same scope.
pub async fn decide(
    scope: &TenantScope,
    id: ApprovalId,
    version: i32,
    decision: ApprovalDecision,
    note: Option<String>,
) -> Result<approval::Model> {
    let member = scope.actor().ok_or(Error::Forbidden)?;
    let note = text::note("note", note)?;
    if decision == ApprovalDecision::Refused && note.is_none() {
        return Err(Error::invalid("note", Text::fixed("Say why.", "მიუთითეთ მიზეზი.")));
    }
    let before = pending(scope, id, version).await?;
    let subject = subject_of(&before, &authors(scope, std::slice::from_ref(&before)).await?);
    if subject.is_own(member) {
        return Err(Error::invalid(
            "id",
            Text::fixed(
                "Nobody approves what is their own. Somebody else must decide.",
                "საკუთარს ვერავინ ამტკიცებს. გადაწყვეტილება სხვამ უნდა მიიღოს.",
            ),
        ));
    }
    let current = current_steps(scope, vec![id]).await?.remove(&id);
    let (step, approvers, is_last) = current.ok_or_else(|| Error::internal("an approval that waits for nobody"))?;
    let people = Everybody::load(scope).await?.around(before.department_id);
    let right = engine::right(&approvers, &subject, &people, member, scope.today()).ok_or(Error::Forbidden)?;
    let decided = approval_step::Model {
        decision: Some(decision),
        decided_by: Some(member),
        on_behalf_of: match right {
            Right::Own => None,
            Right::OnBehalfOf(absent) => Some(absent),
        },
        went_up: engine::deciders(&approvers, &subject, &people).went_up,
        decided_at: Some(scope.env().now()),
        note,
        ..step.clone()
    };
    scope.update_row::<approval_step::Entity>(&step, decided).await?;
    let (action, status) = match decision {
        ApprovalDecision::Refused => ("refuse", ApprovalStatus::Refused),
        ApprovalDecision::Approved if is_last => ("approve", ApprovalStatus::Approved),
        ApprovalDecision::Approved => ("approve", ApprovalStatus::Pending),
    };
    scope.act::<approval::Entity>(action, &before, approval::Model { status, ..before.clone() }).await
}

/// Takes a request back; whoever asked may, and `manages` says whether the caller may for others.
pub async fn withdraw(scope: &TenantScope, id: ApprovalId, version: i32, manages: bool) -> Result<approval::Model> {
    let before = pending(scope, id, version).await?;
    if !manages && (scope.actor().is_none() || before.created_by != scope.actor()) {
        return Err(Error::Forbidden);
    }
    let after = approval::Model { status: ApprovalStatus::Withdrawn, ..before.clone() };
    scope.act::<approval::Entity>("withdraw", &before, after).await
}

/// Takes back what waits of a document that is given back to who made it, and so isn't asked for any more.
pub async fn cancel(scope: &TenantScope, subject: Uuid) -> Result<()> {
    let select = scope
        .find::<approval::Entity>()
        .filter(approval::Column::SubjectId.eq(subject))
        .filter(approval::Column::Status.eq(ApprovalStatus::Pending));
    if let Some(waits) = scope.first(select).await? {
        withdraw(scope, waits.id, waits.version, true).await?;
    }
    Ok(())
}

/// An approval that waits, locked.
async fn pending(scope: &TenantScope, id: ApprovalId, version: i32) -> Result<approval::Model> {
    let row = scope.editable::<approval::Entity>(id, version).await?;
    if row.status == ApprovalStatus::Pending {
        return Ok(row);
    }
    Err(Error::Conflict(Text::fixed("This was decided already.", "ამაზე გადაწყვეტილება უკვე მიღებულია.")))
}
