//! The accountant's statements: whole or of a part of the ledger, and what is open with each party.

use std::sync::Arc;

use chrono::NaiveDate;
use kamara_analytics::{
    self as analytics, AgedReport, BalanceSheet, Comparison, Control, DueDates, GeneralLedger, OpenOn, ProfitAndLoss,
    Slice, TrialBalance,
};
use kamara_entities::{AccountId, TenantEntity, bill, invoice, payment};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{instalments, service::Books};
use crate::{db::PARAMETERS_MAX, error::Result, tenancy::TenantScope};

/// What is open, and by when each document was to be paid.
pub(super) struct Aged {
    /// The report.
    pub(super) report: AgedReport,
    /// Number of the newest entry that is counted.
    pub(super) as_of_seq: i64,
    /// Due dates of what is open.
    pub(super) due: Arc<DueDates>,
}

impl Books {
    /// The balance of each account at the end of a day.
    pub(super) async fn trial_balance(&self, at: NaiveDate, slice: Slice) -> Result<TrialBalance> {
        self.compute(move |frame, accounts| analytics::trial_balance(frame, accounts, at, &slice)).await
    }

    /// Income and expenses, beside those of an earlier range.
    pub(super) async fn profit_and_loss(
        &self,
        (from, to): (NaiveDate, NaiveDate),
        compare: Option<Comparison>,
        slice: Slice,
    ) -> Result<ProfitAndLoss> {
        self.compute(move |frame, accounts| analytics::profit_and_loss(frame, accounts, from, to, compare, &slice))
            .await
    }

    /// What there is, and whose it is, at the end of a day.
    pub(super) async fn balance_sheet(&self, at: NaiveDate, slice: Slice) -> Result<BalanceSheet> {
        self.compute(move |frame, accounts| analytics::balance_sheet(frame, accounts, at, &slice)).await
    }

    /// An account's lines with the balance after each.
    pub(super) async fn general_ledger(
        &self,
        account: AccountId,
        (from, to): (NaiveDate, NaiveDate),
        slice: Slice,
    ) -> Result<GeneralLedger> {
        self.compute(move |frame, accounts| analytics::general_ledger(frame, accounts, account.0, from, to, &slice))
            .await
    }

    /// What is open with each party at the end of a day, by how long it's overdue.
    pub(super) async fn aged(
        &self,
        scope: &TenantScope,
        control: Control,
        at: NaiveDate,
        slice: Slice,
    ) -> Result<Aged> {
        let (as_of_seq, open) = self
            .compute(move |frame, accounts| {
                Ok((frame.last_seq(), analytics::open_on(frame, accounts, control, at, &slice)?))
            })
            .await?;
        let due = Arc::new(due_dates(scope, control, &open).await?);
        let dates = Arc::clone(&due);
        let report = self.compute(move |_, _| analytics::aged(&open, &dates, at)).await?;
        Ok(Aged { report, as_of_seq, due })
    }
}

/// A document's due date.
#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
    due_date: NaiveDate,
}

async fn due_dates(scope: &TenantScope, control: Control, open: &[OpenOn]) -> Result<DueDates> {
    let documents: Vec<Uuid> = open.iter().filter_map(|item| item.item).collect();
    let mut dates = DueDates::with_capacity(documents.len());
    for documents in documents.chunks(PARAMETERS_MAX) {
        let due = match control {
            Control::Receivable => {
                use invoice::Column as C;
                due_of::<invoice::Entity>(scope, [C::Id, C::DueDate], documents).await?
            }
            Control::Payable => {
                use bill::Column as C;
                due_of::<bill::Entity>(scope, [C::Id, C::DueDate], documents).await?
            }
        };
        dates.extend(due.into_iter().map(|due| (due.id, vec![(due.due_date, i64::MAX)])));
        let payments: Vec<Uuid> = documents.iter().copied().filter(|id| !dates.contains_key(id)).collect();
        dates.extend(paid_on(scope, payments).await?);
        if control == Control::Receivable {
            dates.extend(instalments::of(scope, documents).await?);
        }
    }
    Ok(dates)
}

/// What a payment leaves over stands since the day of the payment, which was before the books began where it's brought.
async fn paid_on(scope: &TenantScope, payments: Vec<Uuid>) -> Result<DueDates> {
    use payment::Column as C;
    if payments.is_empty() {
        return Ok(DueDates::new());
    }
    let select = scope.find::<payment::Entity>().filter(C::Id.is_in(payments));
    let select = select.select_only().column(C::Id).column_as(C::Date, "due_date");
    let paid = scope.query::<Due>(&select.into_query()).await?.into_iter();
    Ok(paid.map(|paid| (paid.id, vec![(paid.due_date, i64::MAX)])).collect())
}

async fn due_of<E: TenantEntity>(scope: &TenantScope, columns: [E::Column; 2], documents: &[Uuid]) -> Result<Vec<Due>> {
    let select = scope.find::<E>().filter(E::ID.is_in(documents.iter().copied())).select_only().columns(columns);
    scope.query::<Due>(&select.into_query()).await
}
