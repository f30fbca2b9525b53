//! What waits on the accounts of deferred and unbilled revenue, by the documents: for reports, and for who checks the books.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, AccountRole, InvoiceId, InvoiceKind, InvoiceStatus, SourceKind, invoice, invoice_line, journal_entry,
    journal_line,
};
use sea_orm::{
    ColumnTrait, Condition, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, sea_query::SelectStatement,
};
use uuid::Uuid;

use super::booked::of_documents;
use crate::{
    db::{self, PARAMETERS_MAX},
    error::Result,
    ledger::{
        Accounts,
        verify::{Problem, Report},
    },
    money,
    tenancy::TenantScope,
};

/// What waits, in the base currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// What is billed and not earned.
    pub deferred: i64,
    /// What is earned and not billed.
    pub unbilled: i64,
}

/// What waits of a document.
#[derive(Clone, Copy, Debug)]
pub struct OfDocument {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// What waits of it.
    pub waiting: Waiting,
    /// The last day of its service.
    pub until: Option<NaiveDate>,
}

/// What waits at the end of a day.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Document by document; the largest first.
    pub documents: Vec<OfDocument>,
    /// What all documents come to.
    pub total: Waiting,
    /// What the accounts have.
    pub balance: Waiting,
}

/// The accounts on which revenue waits.
#[derive(Clone, Debug)]
pub struct WaitingAccounts(HashMap<AccountId, AccountRole>);

impl WaitingAccounts {
    /// Those that the chart of accounts says.
    pub async fn load(scope: &TenantScope) -> Result<Self> {
        let accounts = Accounts::load(scope).await?;
        let role = |account: &kamara_entities::account::Model| {
            let role = account.role?;
            matches!(role, AccountRole::DeferredRevenue | AccountRole::UnbilledRevenue).then_some((account.id, role))
        };
        Ok(Self(accounts.iter().filter_map(role).collect()))
    }

    fn add(&self, waiting: &mut Waiting, account_id: AccountId, base: i64) -> Result<()> {
        match self.0.get(&account_id) {
            Some(AccountRole::DeferredRevenue) => waiting.deferred = money::sum("at", [waiting.deferred, -base])?,
            Some(_) => waiting.unbilled = money::sum("at", [waiting.unbilled, base])?,
            None => {}
        }
        Ok(())
    }

    /// Which lines of these accounts a figure is made of, until a day: those of a document, or those of none.
    #[must_use]
    pub fn lines(&self, scope: &TenantScope, document: Option<InvoiceId>, at: NaiveDate) -> Condition {
        use journal_entry::Column as E;
        use journal_line::Column as L;
        let entries = scope
            .find::<journal_entry::Entity>()
            .filter(E::SourceKind.eq(SourceKind::Recognition))
            .filter(document.map_or_else(|| E::SourceId.is_not_null(), |id| E::SourceId.eq(id.0)))
            .select_only()
            .column(E::Id)
            .into_query();
        let of_document = match document {
            Some(_) => L::EntryId.in_subquery(entries),
            None => L::EntryId.not_in_subquery(entries),
        };
        Condition::all().add(L::AccountId.is_in(self.0.keys().copied())).add(L::Date.lte(at)).add(of_document)
    }
}

/// What waits of each document at the end of a day, and what the accounts have.
pub async fn standing(scope: &TenantScope, at: NaiveDate) -> Result<Standing> {
    #[derive(FromQueryResult)]
    struct Balance {
        account_id: AccountId,
        base_minor: i64,
    }
    let accounts = WaitingAccounts::load(scope).await?;
    let by_document = of_each(scope, &accounts, Some(at)).await?;
    let ends = ends(scope, by_document.keys().copied().collect()).await?;
    let (mut total, mut balance) = (Waiting::default(), Waiting::default());
    let mut documents = Vec::with_capacity(by_document.len());
    for (invoice_id, waiting) in by_document {
        total.deferred = money::sum("at", [total.deferred, waiting.deferred])?;
        total.unbilled = money::sum("at", [total.unbilled, waiting.unbilled])?;
        documents.push(OfDocument { invoice_id, waiting, until: ends.get(&invoice_id).copied() });
    }
    documents.sort_by_key(|row| std::cmp::Reverse((row.waiting.deferred.abs(), row.waiting.unbilled.abs())));
    // Read from the accounts, not from the documents, so that the two may disagree.
    for row in scope.query::<Balance>(&sums(scope, &accounts, Some(at))).await? {
        accounts.add(&mut balance, row.account_id, row.base_minor)?;
    }
    Ok(Standing { documents, total, balance })
}

/// The sums of the accounts' lines.
fn sums(scope: &TenantScope, accounts: &WaitingAccounts, at: Option<NaiveDate>) -> SelectStatement {
    use journal_line::Column as L;
    let condition = Condition::all().add(L::AccountId.is_in(accounts.0.keys().copied()));
    let select = scope
        .find::<journal_line::Entity>()
        .filter(condition.add_option(at.map(|at| L::Date.lte(at))))
        .select_only()
        .column(L::AccountId)
        .column_as(db::sum(L::BaseMinor), "base_minor")
        .group_by(L::AccountId);
    select.into_query()
}

async fn of_each(
    scope: &TenantScope,
    accounts: &WaitingAccounts,
    at: Option<NaiveDate>,
) -> Result<BTreeMap<InvoiceId, Waiting>> {
    #[derive(FromQueryResult)]
    struct Balance {
        source_id: Uuid,
        account_id: AccountId,
        base_minor: i64,
    }
    let mut statement = of_documents(scope, sums(scope, accounts, at), SourceKind::Recognition);
    statement.group_by_col(journal_entry::Column::SourceId.as_column_ref());
    let mut found: BTreeMap<InvoiceId, Waiting> = BTreeMap::new();
    for row in scope.query::<Balance>(&statement).await? {
        accounts.add(found.entry(InvoiceId(row.source_id)).or_default(), row.account_id, row.base_minor)?;
    }
    found.retain(|_, waiting| *waiting != Waiting::default());
    Ok(found)
}

/// The last days of the services of some invoices.
async fn ends(scope: &TenantScope, invoices: Vec<InvoiceId>) -> Result<HashMap<InvoiceId, NaiveDate>> {
    #[derive(FromQueryResult)]
    struct End {
        invoice_id: InvoiceId,
        service_to: NaiveDate,
    }
    use invoice_line::Column as L;
    let mut found = HashMap::with_capacity(invoices.len());
    for invoices in invoices.chunks(PARAMETERS_MAX) {
        let select = scope
            .find::<invoice_line::Entity>()
            .filter(L::InvoiceId.is_in(invoices.iter().copied()))
            .filter(L::ServiceTo.is_not_null())
            .select_only()
            .column(L::InvoiceId)
            .column_as(L::ServiceTo.max(), "service_to")
            .group_by(L::InvoiceId);
        let rows = scope.query::<End>(&select.into_query()).await?;
        found.extend(rows.into_iter().map(|row| (row.invoice_id, row.service_to)));
    }
    Ok(found)
}

/// Checks what waits against the documents: only drafts are earned and not billed, and of what is billed never more waits than
/// was billed.
pub(in super::super) async fn verify(scope: &TenantScope, report: Report<'_>) -> Result<()> {
    let accounts = WaitingAccounts::load(scope).await?;
    let waiting = of_each(scope, &accounts, None).await?;
    let invoices = scope.by_ids::<invoice::Entity>(waiting.keys().copied()).await?;
    for (id, waiting) in waiting {
        let Some(invoice) = invoices.get(&id) else {
            report(Problem::new(format_args!("revenue of {id}"), "an invoice", "none"));
            continue;
        };
        let name = invoice.number.clone().unwrap_or_else(|| id.to_string());
        let is_draft = invoice.status == InvoiceStatus::Draft;
        if waiting.unbilled != 0 && !is_draft {
            report(Problem::new(format_args!("invoice {name}"), "unbilled revenue of 0", waiting.unbilled));
        }
        let most = match (invoice.status, invoice.kind) {
            (InvoiceStatus::Draft | InvoiceStatus::Void, _) => 0..=0,
            (_, InvoiceKind::Invoice) => 0..=invoice.base_total_minor,
            (_, InvoiceKind::CreditNote) => -invoice.base_total_minor..=0,
        };
        if !most.contains(&waiting.deferred) {
            let expected = format!("deferred revenue from {} to {}", most.start(), most.end());
            report(Problem::new(format_args!("invoice {name}"), expected, waiting.deferred));
        }
    }
    Ok(())
}
