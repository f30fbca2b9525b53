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

/// What the one who keeps the books has asked for, and who stands in next week. Nothing of it is done before it's approved.
pub(super) async fn requests(scope: &TenantScope, stands_in: Option<MembershipId>) -> Result<()> {
    let keeper = scope.actor().ok_or_else(|| Error::internal("nobody keeps the books"))?;
    let unpaid = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Kind.eq(InvoiceKind::Invoice))
        .filter(invoice::Column::Status.eq(InvoiceStatus::Issued))
        .order_by_asc(invoice::Column::DueDate)
        .order_by_asc(invoice::Column::Id)
        .limit(2);
    let mut unpaid = scope.all(unpaid).await?.into_iter();
    if let Some(oldest) = unpaid.next() {
        let new = NewWriteOff {
            invoice_id: oldest.id,
            amount: None,
            date: None,
            account_id: None,
            reason: "The client is being wound up".to_owned(),
        };
        write_off::write_off(scope, new).await?;
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
