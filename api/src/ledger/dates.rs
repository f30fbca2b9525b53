//! Which days take entries: what is closed takes none.

use chrono::{Days, NaiveDate};
use kamara_entities::{AccountRole, ledger};

use super::{Accounts, EntryDraft};
use crate::{
    error::{Error, Result},
    messages,
    tenancy::TenantScope,
};

/// The state of a tenant's books.
pub async fn ledger_of(scope: &TenantScope) -> Result<ledger::Model> {
    let row = scope.first(scope.find::<ledger::Entity>()).await?;
    row.ok_or_else(|| Error::internal("a tenant without a ledger"))
}

/// The first day on or after `wanted` that takes entries of every kind: where what comes late is posted.
pub async fn open_date(scope: &TenantScope, wanted: NaiveDate) -> Result<NaiveDate> {
    let ledger = ledger_of(scope).await?;
    let closed = ledger.closed_until.max(ledger.tax_closed_until).max(ledger.sub_ledger_closed_until);
    let first = closed.and_then(|day| day.checked_add_days(Days::new(1)));
    Ok(first.map_or(wanted, |first| first.max(wanted)))
}

/// Refuses entries on days that are closed to them.
pub(super) async fn check(scope: &TenantScope, ledger: &ledger::Model, drafts: &[EntryDraft]) -> Result<()> {
    let closed_to = |draft: &EntryDraft, until: Option<NaiveDate>| until.filter(|until| draft.date <= *until);
    let mut in_part = false;
    for draft in drafts {
        // A year's close comes after its periods are closed; what is locked takes not even that.
        let closed = if draft.closing { ledger.locked_until } else { ledger.closed_until };
        if let Some(until) = closed_to(draft, closed) {
            return Err(Error::invalid("date", messages::closed(until)));
        }
        in_part |= closed_to(draft, ledger.tax_closed_until.max(ledger.sub_ledger_closed_until)).is_some();
    }
    if !in_part {
        return Ok(());
    }
    let accounts = Accounts::load(scope).await?;
    for draft in drafts {
        let any = |roles: &[AccountRole]| {
            let role = |account_id| accounts.get(account_id).and_then(|account| account.role);
            draft.lines.iter().any(|line| role(line.account_id).is_some_and(|role| roles.contains(&role)))
        };
        if let Some(until) = closed_to(draft, ledger.tax_closed_until).filter(|_| any(TAX)) {
            return Err(Error::invalid("date", messages::taxes_closed(until)));
        }
        if let Some(until) = closed_to(draft, ledger.sub_ledger_closed_until).filter(|_| any(CONTROL)) {
            return Err(Error::invalid("date", messages::sub_ledgers_closed(until)));
        }
    }
    Ok(())
}

const TAX: &[AccountRole] = &[AccountRole::OutputTax, AccountRole::InputTax, AccountRole::WithholdingTax];

/// The control accounts: those whose lines name the document that they are of.
pub const CONTROL: &[AccountRole] = &[
    AccountRole::Receivable,
    AccountRole::Payable,
    AccountRole::EmployeePayable,
    AccountRole::CustomerAdvance,
    AccountRole::SupplierAdvance,
];
