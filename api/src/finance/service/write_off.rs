//! The rules of write-offs: what a client won't pay any more is a loss, and no longer owed.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, ApprovalKind, InvoiceId, PostingStatus, SourceKind, WriteOffId, approval,
    payment_allocation, write_off,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use super::{
    approval::{invoice_subject, kept},
    controls::Controls,
    open_item::{Document, Party},
    open_items::OpenItems,
    settlement::{self, Settled, Source},
};
use crate::{
    approvals::service::{self as approvals, Outcome},
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    money,
    tenancy::TenantScope,
    text,
};

/// What is given of a write-off.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewWriteOff {
    /// The invoice that won't be paid.
    pub invoice_id: InvoiceId,
    /// How much of it; all that is due unless said.
    pub amount: Option<Decimal>,
    /// When; today unless said.
    pub date: Option<NaiveDate>,
    /// Where the loss is posted; the account of role "write-off" unless said.
    pub account_id: Option<AccountId>,
    /// Why.
    pub reason: String,
}

/// What becomes of a write-off.
#[derive(Clone, Debug)]
pub enum WrittenOff {
    /// It's posted.
    Posted(write_off::Model),
    /// It waits for approval.
    Waits(approval::Model),
}

/// Writes off what is due on an invoice, or a part of it, unless that must be approved first.
pub async fn write_off(scope: &TenantScope, new: NewWriteOff) -> Result<WrittenOff> {
    post(scope, new, true).await
}

/// Writes off what is approved.
pub(super) async fn post_approved(scope: &TenantScope, new: NewWriteOff) -> Result<WrittenOff> {
    post(scope, new, false).await
}

async fn post(scope: &TenantScope, new: NewWriteOff, asks: bool) -> Result<WrittenOff> {
    let document = Document::Invoice(new.invoice_id);
    let mut items = OpenItems::lock(scope, [document]).await?;
    let accounts = Accounts::load(scope).await?;
    let controls = Controls::new(scope, &accounts);
    let account_id = match new.account_id {
        Some(_) => accounts.expense("accountId", new.account_id)?.id,
        None => accounts.role(AccountRole::WriteOff)?.id,
    };
    let item = items.get(document)?;
    if item.sign < 0 || !item.is_posted || item.due() == 0 {
        let message = Text::fixed("Nothing is due on this document.", "ამ დოკუმენტზე გადასახდელი არაფერია.");
        return Err(Error::invalid("invoiceId", message));
    }
    let amount = match new.amount {
        None => item.due(),
        Some(amount) => settlement::positive("amount", money::to_minor("amount", amount, &item.currency)?)?,
    };
    if amount > item.due() {
        let most = money::from_minor(item.due(), &item.currency);
        let message = Text::new(
            format!("What is due on this invoice is {most} {}.", item.currency),
            format!("ამ ინვოისზე გადასახდელია {most} {}.", item.currency),
        );
        return Err(Error::invalid("amount", message));
    }
    let Party::Company(company_id) = item.party else { return Err(Error::internal("an invoice to an employee")) };
    let (since, currency, rate) = (item.since, item.currency.clone(), item.rate);
    let dimensions = item.dimensions.clone();
    let (mut lines, base) = item.reduce(&controls, amount, None)?;
    let reason = text::name("reason", &new.reason)?;
    if asks {
        let of = (new.invoice_id, dimensions.department_id);
        let subject = invoice_subject(scope, ApprovalKind::WriteOff, of, (amount, &currency, rate)).await?;
        let act = NewWriteOff { amount: Some(money::from_minor(amount, &currency)), ..new.clone() };
        let outcome = approvals::request(scope, &subject, reason.clone(), Some(kept(&act)?)).await?;
        if let Outcome::Pending(waits) = outcome {
            return Ok(WrittenOff::Waits(waits));
        }
    }
    let loss = LineDraft::new(account_id, amount, &currency, rate, base);
    lines.insert(0, LineDraft { description: Some(reason.clone()), dimensions, ..loss });
    let date = settlement::date_of_settling(scope, new.date, since).await?;
    let id: WriteOffId = scope.env().id();
    let status = PostingStatus::Posted;
    let row = write_off::New {
        company_id,
        date,
        amount_minor: amount,
        currency,
        base_minor: base,
        account_id,
        reason,
        status,
    };
    let rows = scope.insert_with_ids::<write_off::Entity>(vec![(id, row)]).await?;
    let part = Settled { target: document, amount, source_amount: amount, base, target_lines: Vec::new() };
    let allocation = settlement::allocation(scope, date, Source::WriteOff(id), &part);
    scope.insert_parts::<payment_allocation::Entity>(vec![allocation]).await?;
    items.write(scope, "write_off").await?;
    let description = settlement::in_language(scope, "Write-off", "ჩამოწერა").to_owned();
    ledger::post(scope, vec![EntryDraft::new(date, description, SourceKind::WriteOff, Some(id.0), lines)]).await?;
    super::batch::one(rows).map(WrittenOff::Posted)
}

/// Takes a write-off back, today unless said: the invoice is due again.
pub async fn reverse(scope: &TenantScope, id: WriteOffId, date: Option<NaiveDate>) -> Result<write_off::Model> {
    use payment_allocation::Column as C;
    let select =
        scope.find::<payment_allocation::Entity>().filter(C::WriteOffId.eq(id)).filter(C::ReversesId.is_null());
    let part = scope.first(select).await?.ok_or(Error::not_found("write_off"))?;
    let document = settlement::target_of(&part).ok_or_else(|| Error::internal("a write-off of nothing"))?;
    let mut items = OpenItems::lock(scope, [document]).await?;
    let before = scope.lock::<write_off::Entity>(id).await?;
    if before.status != PostingStatus::Posted {
        let message = Text::fixed("This write-off is reversed already.", "ეს ჩამოწერა უკვე გაუქმებულია.");
        return Err(Error::Conflict(message));
    }
    let date = settlement::date_of_undoing(scope, date, before.date).await?;
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    items.get(document)?.reduce(&controls, -part.amount_minor, Some(-part.base_minor))?;
    let after = write_off::Model { status: PostingStatus::Reversed, ..before.clone() };
    let after = scope.act::<write_off::Entity>("reverse", &before, after).await?;
    let counter = settlement::counter(part, date);
    scope.insert_parts::<payment_allocation::Entity>(vec![(scope.env().id(), counter)]).await?;
    items.write(scope, "write_off_reversed").await?;
    ledger::reverse(scope, SourceKind::WriteOff, id.0, date).await?;
    Ok(after)
}
