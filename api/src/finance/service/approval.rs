//! Documents that wait for approval, and what is done once they're approved.

use kamara_entities::{
    ApprovalKind, BillLineId, CostCentreId, InvoiceLineId, MembershipId, approval, bill, bill_line,
    control::membership, employee, expense, invoice, invoice_line,
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Serialize, de::DeserializeOwned};

use super::{bill as bills, expense as expenses, invoice as invoices, settlement::in_language, write_off};
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
    lines: &[(InvoiceLineId, invoice_line::New)],
    shares: &Shares,
    of: &invoice::Model,
) -> Result<bool> {
    let subject = Subject {
        id: note.id.0,
        author: note.created_by,
        department_id: note.department_id,
        cost_centres: cost_centres(lines.iter().filter_map(|(_, line)| line.cost_centre_id), shares.values().flatten()),
        projects: lines.iter().filter_map(|(_, line)| line.project_id).collect(),
        ..subject(scope, ApprovalKind::CreditNote, (note.total_minor, &note.currency, note.rate))?
    };
    let number = of.number.as_deref().unwrap_or_default();
    let description = in_language(scope, "Credit note to", "კრედიტ-ნოტა:");
    waits(scope, &subject, format!("{description} {number}")).await
}

/// The cost centres of lines: the one of each, and those that share one.
fn cost_centres<'a>(
    of_lines: impl IntoIterator<Item = CostCentreId>,
    shares: impl IntoIterator<Item = &'a CostShare>,
) -> Vec<CostCentreId> {
    of_lines.into_iter().chain(shares.into_iter().map(|share| share.cost_centre_id)).collect()
}

/// Whether a bill that is about to be posted waits for approval.
pub(super) async fn bill_waits(
    scope: &TenantScope,
    bill: &bill::Model,
    lines: &[(BillLineId, bill_line::New)],
    shares: &Shares,
) -> Result<bool> {
    let subject = Subject {
        id: bill.id.0,
        author: bill.created_by,
        department_id: bill.department_id,
        cost_centres: cost_centres(lines.iter().filter_map(|(_, line)| line.cost_centre_id), shares.values().flatten()),
        projects: lines.iter().filter_map(|(_, line)| line.project_id).collect(),
        ..subject(scope, ApprovalKind::Bill, (bill.total_minor, &bill.currency, bill.rate))?
    };
    let number = bill.supplier_number.clone().unwrap_or_else(|| bill.date.to_string());
    let description = in_language(scope, "Bill", "მომწოდებლის ინვოისი");
    waits(scope, &subject, format!("{description} {number}")).await
}

/// Whether an expense that is handed in or posted waits for approval: it's the employee's own, whoever does that.
pub(super) async fn expense_waits(scope: &TenantScope, expense: &expense::Model, shares: &[CostShare]) -> Result<bool> {
    let employee = match expense.employee_id {
        Some(id) => scope.get::<employee::Entity>(id).await?,
        None => None,
    };
    let of_employee = employee.as_ref().and_then(|employee| employee.department_id);
    let beneficiary: Option<MembershipId> = employee.and_then(|employee| employee.membership_id);
    let subject = Subject {
        id: expense.id.0,
        author: expense.created_by,
        department_id: expense.department_id.or(of_employee),
        cost_centres: cost_centres(expense.cost_centre_id, shares),
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
pub(super) fn subject(
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
