//! Documents that wait for approval, and what is done once they're approved.

use kamara_entities::{ApprovalKind, InvoiceLineId, approval, invoice, invoice_line};
use serde::{Serialize, de::DeserializeOwned};

use super::{invoice as invoices, write_off};
use crate::{
    approvals::{
        engine::Subject,
        service::{self, Outcome},
    },
    error::{Error, Result},
    money,
    tenancy::TenantScope,
};

/// Does what was approved: each kind's own act, in the scope of the last decision.
pub async fn approved(scope: &TenantScope, approval: &approval::Model) -> Result<()> {
    match approval.subject_kind {
        ApprovalKind::CreditNote => invoices::issue_approved(scope, approval.subject_id.into()).await.map(drop),
        ApprovalKind::WriteOff => write_off::post_approved(scope, act(approval)?).await.map(drop),
    }
}

/// Whether a credit note that is about to be issued waits for approval.
pub(super) async fn credit_note_waits(
    scope: &TenantScope,
    note: &invoice::Model,
    lines: &[(InvoiceLineId, invoice_line::New)],
    of: &invoice::Model,
) -> Result<bool> {
    let base_minor = money::convert("rate", note.total_minor, &note.currency, scope.base_currency(), note.rate)?;
    let subject = Subject {
        kind: ApprovalKind::CreditNote,
        id: note.id.0,
        amount_minor: note.total_minor,
        currency: note.currency.clone(),
        base_minor,
        department_id: note.department_id,
        cost_centres: lines.iter().filter_map(|(_, line)| line.cost_centre_id).collect(),
        projects: lines.iter().filter_map(|(_, line)| line.project_id).collect(),
        requested_by: scope.actor(),
        beneficiary: None,
    };
    let number = of.number.as_deref().unwrap_or_default();
    let description = super::settlement::in_language(scope, "Credit note to", "კრედიტ-ნოტა:");
    let outcome = service::request(scope, &subject, format!("{description} {number}"), None).await?;
    Ok(matches!(outcome, Outcome::Pending(_)))
}

/// What shall be done, as it's kept with the request.
pub(super) fn kept(act: &impl Serialize) -> Result<serde_json::Value> {
    serde_json::to_value(act).map_err(Error::internal)
}

fn act<T: DeserializeOwned>(approval: &approval::Model) -> Result<T> {
    let act = approval.act.clone().ok_or_else(|| Error::internal("an approval without what shall be done"))?;
    serde_json::from_value(act).map_err(Error::internal)
}
