//! Who approves what, and what waits for it on the last day.

use chrono::Days;
use kamara_entities::{ApprovalKind, ApprovalMode, InvoiceKind, InvoiceStatus, MembershipId, Role, invoice};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    approvals::{
        delegation::{self, NewDelegation},
        engine::Approver,
        rule::{self, RuleValues},
    },
    error::{Error, Result},
    finance::service::{
        credit_note::{self, NewCreditNote},
        invoice as invoices,
        payment::Document,
        write_off::{self, NewWriteOff},
    },
    tenancy::TenantScope,
};

/// The rules of the house.
pub(super) async fn rules(scope: &TenantScope) -> Result<()> {
    let rule = |name: &str, kind: ApprovalKind, min: i64, mode: ApprovalMode, approvers: &[Approver]| RuleValues {
        name: name.to_owned(),
        kind,
        min: Decimal::from(min),
        max: None,
        department_id: None,
        cost_centre_id: None,
        project_id: None,
        category_id: None,
        mode,
        approvers: approvers.to_vec(),
    };
    let (owner, finance) = (Approver::Role(Role::Owner), Approver::Role(Role::Finance));
    for values in [
        rule("Credit notes", ApprovalKind::CreditNote, 0, ApprovalMode::Any, &[Approver::Manager, owner]),
        rule(
            "Large credit notes",
            ApprovalKind::CreditNote,
            10_000,
            ApprovalMode::Sequence,
            &[Approver::Manager, finance, owner],
        ),
        rule("Bills", ApprovalKind::Bill, 5_000, ApprovalMode::Any, &[owner]),
        rule("Expenses", ApprovalKind::Expense, 200, ApprovalMode::Any, &[Approver::Manager, finance]),
        rule("Write-offs", ApprovalKind::WriteOff, 100, ApprovalMode::Any, &[owner]),
    ] {
        rule::create(scope, values).await?;
    }
    Ok(())
}

/// Invoices that nothing was paid of, the first due first.
async fn unpaid(scope: &TenantScope, from: u64) -> Result<impl Iterator<Item = invoice::Model>> {
    let unpaid = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Kind.eq(InvoiceKind::Invoice))
        .filter(invoice::Column::Status.eq(InvoiceStatus::Issued))
        .order_by_asc(invoice::Column::DueDate)
        .order_by_asc(invoice::Column::Id)
        .offset(from)
        .limit(2);
    Ok(scope.all(unpaid).await?.into_iter())
}

async fn write_off(scope: &TenantScope, invoice: &invoice::Model, amount: Option<Decimal>, reason: &str) -> Result<()> {
    let reason = reason.to_owned();
    let new = NewWriteOff { document: Document::Invoice(invoice.id), amount, date: None, account_id: None, reason };
    write_off::write_off(scope, new).await.map(drop)
}

/// What the owner has asked for: another one decides.
pub(super) async fn owners_request(scope: &TenantScope) -> Result<()> {
    match unpaid(scope, 2).await?.next() {
        Some(invoice) => {
            write_off(scope, &invoice, Some(Decimal::from(250)), "The client disputes a day, and half of it is let go")
                .await
        }
        None => Ok(()),
    }
}

/// What the one who keeps the books has asked for, and who stands in next week. Nothing of it is done before it's approved.
pub(super) async fn keepers_requests(scope: &TenantScope, stands_in: Option<MembershipId>) -> Result<()> {
    let keeper = scope.actor().ok_or_else(|| Error::internal("nobody keeps the books"))?;
    let mut unpaid = unpaid(scope, 0).await?;
    if let Some(oldest) = unpaid.next() {
        write_off(scope, &oldest, None, "The client is being wound up").await?;
    }
    if let Some(next) = unpaid.next() {
        let note = Some("A day was billed twice".to_owned());
        let new = NewCreditNote { invoice_id: next.id, date: None, note, lines: None };
        let draft = credit_note::create(scope, new).await?;
        invoices::issue(scope, draft.id, None).await?;
    }
    if let Some(to) = stands_in {
        let start_date = scope.today() + Days::new(7);
        let reason = Some("Leave".to_owned());
        let new = NewDelegation { from: keeper, to, start_date, end_date: start_date + Days::new(4), reason };
        delegation::create(scope, new, false).await?;
    }
    Ok(())
}
