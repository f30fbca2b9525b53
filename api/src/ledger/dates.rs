//! Which days take entries: what is closed takes none.

use chrono::{Days, NaiveDate};
use kamara_entities::{AccountRole, SourceKind, ledger};

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
    open_date_within(scope, wanted, Touched::ALL).await
}

/// The first day on or after `wanted` that takes entries which touch no more than is said.
pub async fn open_date_within(scope: &TenantScope, wanted: NaiveDate, touched: Touched) -> Result<NaiveDate> {
    Ok(touched.first_open(&ledger_of(scope).await?, wanted))
}

/// The first day on or after an entry's own that takes it: a month whose taxes are declared still takes what says nothing of them.
pub async fn open_date_of(scope: &TenantScope, draft: &EntryDraft) -> Result<NaiveDate> {
    let ledger = ledger_of(scope).await?;
    let in_part = ledger.tax_closed_until.max(ledger.sub_ledger_closed_until).max(ledger.closed_until);
    if in_part.is_none_or(|until| until < draft.date) {
        return Ok(draft.date);
    }
    Ok(Touched::by(draft, &Accounts::load(scope).await?).first_open(&ledger, draft.date))
}

/// Refuses an entry whose day takes none, before anything is written or asked for.
pub async fn require_open(scope: &TenantScope, draft: &EntryDraft) -> Result<()> {
    check(scope, &ledger_of(scope).await?, std::slice::from_ref(draft)).await
}

/// What an entry touches that is closed on days of its own, beside the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// Accounts of taxes.
    pub taxes: bool,
    /// Control accounts.
    pub sub_ledgers: bool,
}

impl Touched {
    const ALL: Self = Self { taxes: true, sub_ledgers: true };
    /// What a payment touches that withholds nothing and is no advance.
    pub const SUB_LEDGERS: Self = Self { taxes: false, sub_ledgers: true };

    fn first_open(self, ledger: &ledger::Model, wanted: NaiveDate) -> NaiveDate {
        let taxes = ledger.tax_closed_until.filter(|_| self.taxes);
        let sub_ledgers = ledger.sub_ledger_closed_until.filter(|_| self.sub_ledgers);
        let closed = ledger.closed_until.max(taxes).max(sub_ledgers);
        let first = closed.and_then(|day| day.checked_add_days(Days::new(1)));
        first.map_or(wanted, |first| first.max(wanted))
    }

    fn by(draft: &EntryDraft, accounts: &Accounts) -> Self {
        let any = |roles: &[AccountRole]| {
            let role = |account_id| accounts.get(account_id).and_then(|account| account.role);
            draft.lines.iter().any(|line| role(line.account_id).is_some_and(|role| roles.contains(&role)))
        };
        // What the sub-ledgers' documents are worth in another currency is reckoned after they're closed.
        let sub_ledgers = draft.source_kind != SourceKind::Revaluation && any(CONTROL);
        Self { taxes: any(TAX), sub_ledgers }
    }
}

/// How far ahead an entry may be dated: a year that is mistyped would have no document of its series follow it.
const DAYS_AHEAD: u64 = 366;

/// Refuses entries on days that are closed to them, or too far ahead.
pub(super) async fn check(scope: &TenantScope, ledger: &ledger::Model, drafts: &[EntryDraft]) -> Result<()> {
    let closed_to = |draft: &EntryDraft, until: Option<NaiveDate>| until.filter(|until| draft.date <= *until);
    let mut in_part = false;
    let latest = scope.today().checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(NaiveDate::MAX);
    for draft in drafts {
        if draft.date > latest {
            return Err(Error::invalid("date", messages::too_far(latest)));
        }
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
        let touched = Touched::by(draft, &accounts);
        if let Some(until) = closed_to(draft, ledger.tax_closed_until).filter(|_| touched.taxes) {
            return Err(Error::invalid("date", messages::taxes_closed(until)));
        }
        if let Some(until) = closed_to(draft, ledger.sub_ledger_closed_until).filter(|_| touched.sub_ledgers) {
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
