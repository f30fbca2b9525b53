//! Documents that wait for approval, and what is done once they're approved.

use kamara_entities::{
    ApprovalKind, CostCentreId, DepartmentId, InvoiceId, InvoiceKind, MembershipId, ProjectId, approval, bill,
    control::membership, employee, expense, invoice,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    batch::{Departments, departments_of},
    bill as bills,
    bill_lines::BillLines,
    bill_values, expense as expenses, invoice as invoices,
    invoice_lines::{self, ToPost},
    open_item::Document,
    settlement::in_language,
    write_off,
};
use crate::{
    approvals::{
        engine::Subject,
        service::{self, Outcome},
    },
    error::{Error, Result, Text},
    identity::{Permission, permissions},
    ledger::splits::{CostShare, Shares},
    money,
    tenancy::TenantScope,
};

/// Does what was approved: each kind's own act, in the scope of the last decision.
pub async fn approved(scope: &TenantScope, approval: &approval::Model) -> Result<()> {
    let id = approval.subject_id;
    match approval.subject_kind {
        ApprovalKind::CreditNote => invoices::issue_approved(scope, id.into()).await.map(drop),
        ApprovalKind::WriteOff => write_off::post_approved(scope, act(approval)?).await.map(drop),
        ApprovalKind::Bill => bills::post_approved(scope, id.into()).await.map(drop),
        ApprovalKind::Expense => expenses::post_approved(scope, id.into()).await.map(drop),
    }
}

/// Gives back what was refused, or what who asked took back. Most stays the draft that it was; an expense goes back to who spent.
pub async fn given_back(scope: &TenantScope, approval: &approval::Model, reason: Option<String>) -> Result<()> {
    match approval.subject_kind {
        ApprovalKind::Expense => expenses::reopen(scope, approval.subject_id.into(), reason).await.map(drop),
        ApprovalKind::CreditNote | ApprovalKind::WriteOff | ApprovalKind::Bill => Ok(()),
    }
}

/// Whether a credit note that is about to be issued waits for approval.
pub(super) async fn credit_note_waits(
    scope: &TenantScope,
    note: &invoice::Model,
    (lines, departments): (&invoice_lines::Lines, &Departments),
    shares: &Shares,
    of: &invoice::Model,
) -> Result<bool> {
    let of_lines = of_invoice(lines, note.department_id);
    let subject = Subject {
        id: note.id.0,
        author: note.created_by,
        ..subject(scope, ApprovalKind::CreditNote, (note.total_minor, &note.currency, note.rate))?
    };
    let number = of.number.as_deref().unwrap_or_default();
    let description = in_language(scope, "Credit note to", "კრედიტ-ნოტა:");
    waits(scope, &about(subject, of_lines, shares, departments), format!("{description} {number}")).await
}

/// What is asked for of an issued invoice: an amount of it, with what its lines say.
pub(super) async fn invoice_subject(
    scope: &TenantScope,
    kind: ApprovalKind,
    (id, department_id): (InvoiceId, Option<DepartmentId>),
    amount: (i64, &str, i64),
) -> Result<Subject> {
    let ToPost { lines, departments, .. } = ToPost::of(scope, id).await?;
    let shares = invoice_lines::shares(scope, &lines).await?;
    let subject = Subject { id: id.0, ..subject(scope, kind, amount)? };
    Ok(about(subject, of_invoice(&lines, department_id), &shares, &departments))
}

/// Whether a credit note over all of an invoice would wait for approval: then the invoice isn't voided without one.
pub(super) async fn credit_is_asked(scope: &TenantScope, invoice: &invoice::Model) -> Result<bool> {
    if invoice.kind != InvoiceKind::Invoice || invoice.total_minor == 0 {
        return Ok(false);
    }
    let amount = (invoice.total_minor, invoice.currency.as_str(), invoice.rate);
    let of = (invoice.id, invoice.department_id);
    service::is_asked(scope, &invoice_subject(scope, ApprovalKind::CreditNote, of, amount).await?).await
}

/// What is asked for of what stays open: an amount of a document, with what its lines say. A payment has none.
pub(super) async fn write_off_subject(
    scope: &TenantScope,
    document: Document,
    department_id: Option<DepartmentId>,
    amount: (i64, &str, i64),
) -> Result<Subject> {
    let id = match document {
        Document::Invoice(id) => {
            return invoice_subject(scope, ApprovalKind::WriteOff, (id, department_id), amount).await;
        }
        Document::Bill(id) => id,
        Document::Expense(_) | Document::Payment(_) => {
            let id = document.item_id();
            return Ok(Subject { id, ..subject(scope, ApprovalKind::WriteOff, amount)? });
        }
    };
    let BillLines { lines, shares, .. } = BillLines::of(scope, id).await?;
    let departments = departments_of(scope, lines.iter().filter_map(|(_, line)| line.project_id)).await?;
    let subject = Subject { id: id.0, department_id, ..subject(scope, ApprovalKind::WriteOff, amount)? };
    Ok(about(subject, of_bill(&lines, department_id), &shares, &departments))
}

/// The document that an approval is about: of a write-off, what it's of.
pub fn document_of(approval: &approval::Model) -> Result<Document> {
    let id = approval.subject_id;
    match approval.subject_kind {
        ApprovalKind::CreditNote => Ok(Document::Invoice(id.into())),
        ApprovalKind::WriteOff => Ok(act::<write_off::NewWriteOff>(approval)?.document),
        ApprovalKind::Bill => Ok(Document::Bill(id.into())),
        ApprovalKind::Expense => Ok(Document::Expense(id.into())),
    }
}

fn of_bill(lines: &bill_values::Lines, department_id: Option<DepartmentId>) -> impl Iterator<Item = Line> {
    lines.iter().map(move |(_, line)| Line {
        cost_centre: line.cost_centre_id,
        project: line.project_id,
        department: line.department_id.or(department_id),
    })
}

fn of_invoice(lines: &invoice_lines::Lines, department_id: Option<DepartmentId>) -> impl Iterator<Item = Line> {
    lines.iter().map(move |(_, line)| Line {
        cost_centre: line.cost_centre_id,
        project: line.project_id,
        department: department_id,
    })
}

/// What rules look at in a line.
struct Line {
    cost_centre: Option<CostCentreId>,
    project: Option<ProjectId>,
    /// Its own or its document's, which its project's stands in for.
    department: Option<DepartmentId>,
}

/// A subject of some lines: with their cost centres, those that share one among them, their projects, and the departments that
/// they're posted for. The manager of the first is asked.
fn about(subject: Subject, lines: impl Iterator<Item = Line>, shares: &Shares, departments: &Departments) -> Subject {
    let mut of_lines =
        Subject { cost_centres: shares.values().flatten().map(|share| share.cost_centre_id).collect(), ..subject };
    for line in lines {
        let of_project = || line.project.and_then(|project| departments.get(&project).copied().flatten());
        of_lines.cost_centres.extend(line.cost_centre);
        of_lines.projects.extend(line.project);
        of_lines.departments.extend(line.department.or_else(of_project));
    }
    of_lines.department_id = of_lines.department_id.or(of_lines.departments.first().copied());
    of_lines
}

/// Whether a bill that is about to be posted waits for approval.
pub(super) async fn bill_waits(
    scope: &TenantScope,
    bill: &bill::Model,
    (lines, departments): (&bill_values::Lines, &Departments),
    shares: &Shares,
) -> Result<bool> {
    let of_lines = of_bill(lines, bill.department_id);
    let subject = Subject {
        id: bill.id.0,
        author: bill.created_by,
        department_id: bill.department_id,
        ..subject(scope, ApprovalKind::Bill, (bill.total_minor, &bill.currency, bill.rate))?
    };
    let number = bill.supplier_number.clone().unwrap_or_else(|| bill.date.to_string());
    let description = in_language(scope, "Bill", "მომწოდებლის ინვოისი");
    waits(scope, &about(subject, of_lines, shares, departments), format!("{description} {number}")).await
}

/// Whether an expense that is handed in or posted waits for approval: it's the employee's own, whoever does that.
pub(super) async fn expense_waits(scope: &TenantScope, expense: &expense::Model, shares: &[CostShare]) -> Result<bool> {
    let employee = match expense.employee_id {
        Some(id) => scope.get::<employee::Entity>(id).await?,
        None => None,
    };
    let of_employee = employee.as_ref().and_then(|employee| employee.department_id);
    let department_id = expense.department_id.or(of_employee);
    let beneficiary: Option<MembershipId> = employee.and_then(|employee| employee.membership_id);
    let subject = Subject {
        id: expense.id.0,
        author: expense.created_by,
        department_id,
        departments: department_id.into_iter().collect(),
        cost_centres: expense
            .cost_centre_id
            .into_iter()
            .chain(shares.iter().map(|share| share.cost_centre_id))
            .collect(),
        projects: expense.project_id.into_iter().collect(),
        category_id: expense.category_id,
        beneficiary,
        ..subject(scope, ApprovalKind::Expense, (expense.amount_minor, &expense.currency, expense.rate))?
    };
    waits(scope, &subject, expense.description.clone()).await
}

/// Refuses to let a member post what they spent themselves, where somebody else may: a company of one has nobody to ask.
pub(super) async fn require_other(scope: &TenantScope, expense: &expense::Model) -> Result<()> {
    let Some(actor) = scope.actor() else { return Ok(()) };
    let own = expenses::own(scope, actor).await?;
    if own.is_none() || own != expense.employee_id {
        return Ok(());
    }
    let others = scope
        .find::<membership::Entity>()
        .filter(membership::Column::RemovedAt.is_null())
        .filter(membership::Column::Id.ne(actor));
    let may = |member: &membership::Model| permissions::of(member.role).contains(&Permission::FinanceWrite);
    if scope.all(others).await?.iter().any(may) {
        return Err(Error::Conflict(Text::fixed(
            "Nobody posts what they spent themselves. Somebody else who keeps the books must.",
            "საკუთარ ხარჯს ვერავინ ატარებს. ის ბუღალტრული უფლების მქონე სხვა წევრმა უნდა გაატაროს.",
        )));
    }
    Ok(())
}

/// What is asked for: an amount in minor units of a currency, at a rate in 10⁻⁶.
fn subject(
    scope: &TenantScope,
    kind: ApprovalKind,
    (amount_minor, currency, rate): (i64, &str, i64),
) -> Result<Subject> {
    Ok(Subject {
        kind,
        id: uuid::Uuid::nil(),
        amount_minor,
        currency: currency.to_owned(),
        base_minor: money::convert("rate", amount_minor, currency, scope.base_currency(), rate)?,
        department_id: None,
        departments: Vec::new(),
        cost_centres: Vec::new(),
        projects: Vec::new(),
        category_id: None,
        author: None,
        requested_by: scope.actor(),
        beneficiary: None,
    })
}

async fn waits(scope: &TenantScope, subject: &Subject, description: String) -> Result<bool> {
    Ok(matches!(service::request(scope, subject, description, None).await?, Outcome::Pending(_)))
}

/// What shall be done, as it's kept with the request.
pub(super) fn kept(act: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(act).map_err(Error::internal)
}

fn act<T: DeserializeOwned>(approval: &approval::Model) -> Result<T> {
    let act = approval.act.clone().ok_or_else(|| Error::internal("an approval without what shall be done"))?;
    serde_json::from_value(act).map_err(Error::internal)
}
