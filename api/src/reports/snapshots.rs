//! The ledgers of the tenants that asked for reports of late, as columns in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::NaiveDate;
use kamara_analytics::{LedgerFrame, Line};
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DepartmentId, EmployeeId, JournalLineId, ProjectId, ServiceId, TenantId,
    journal_line, ledger,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use uuid::Uuid;

use crate::{
    error::{Error, Result},
    tenancy::TenantScope,
};

/// Entries that are read at once, so that a first report over a large ledger doesn't hold all of its rows.
const ENTRIES_AT_ONCE: i64 = 10_000;

/// The ledgers in memory. The one that was asked for least recently goes first when there's no more room.
pub struct Snapshots {
    bytes_max: usize,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    uses: u64,
    tenants: HashMap<TenantId, Snapshot>,
}

struct Snapshot {
    last_use: u64,
    bytes: usize,
    frame: Arc<tokio::sync::Mutex<LedgerFrame>>,
}

impl Snapshots {
    /// None yet, and room for so many bytes.
    #[must_use]
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, held: Mutex::new(Held::default()) }
    }

    /// The scope's ledger, with all entries that the scope sees.
    pub(crate) async fn ledger(&self, scope: &TenantScope) -> Result<LedgerFrame> {
        let shared = self.hold(scope.tenant_id());
        let mut frame = shared.lock().await;
        catch_up(scope, &mut frame).await?;
        self.weigh(scope.tenant_id(), frame.estimated_bytes());
        Ok(frame.clone())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, tenant: TenantId) -> Arc<tokio::sync::Mutex<LedgerFrame>> {
        let mut held = self.held();
        held.uses += 1;
        let last_use = held.uses;
        let fresh = || Snapshot { last_use, bytes: 0, frame: Arc::default() };
        let snapshot = held.tenants.entry(tenant).or_insert_with(fresh);
        snapshot.last_use = last_use;
        Arc::clone(&snapshot.frame)
    }

    /// Notes how large a ledger has become, and lets others go until all fit. One that alone is too large stays for its report
    /// only.
    fn weigh(&self, tenant: TenantId, bytes: usize) {
        let mut held = self.held();
        if let Some(snapshot) = held.tenants.get_mut(&tenant) {
            snapshot.bytes = bytes;
        }
        while held.tenants.values().map(|snapshot| snapshot.bytes).sum::<usize>() > self.bytes_max {
            let oldest = held.tenants.iter().min_by_key(|(_, snapshot)| snapshot.last_use).map(|(tenant, _)| *tenant);
            match oldest {
                Some(oldest) => held.tenants.remove(&oldest),
                None => return,
            };
        }
    }
}

#[derive(FromQueryResult)]
struct Row {
    id: JournalLineId,
    seq: i64,
    date: NaiveDate,
    closing: bool,
    account_id: AccountId,
    base_minor: i64,
    company_id: Option<CompanyId>,
    service_id: Option<ServiceId>,
    seller_id: Option<EmployeeId>,
    employee_id: Option<EmployeeId>,
    project_id: Option<ProjectId>,
    department_id: Option<DepartmentId>,
    cost_centre_id: Option<CostCentreId>,
    party_id: Option<CompanyId>,
    item_id: Option<Uuid>,
}

impl From<Row> for Line {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.0,
            seq: row.seq,
            date: row.date,
            account: row.account_id.0,
            base_minor: row.base_minor,
            company: row.company_id.map(|id| id.0),
            service: row.service_id.map(|id| id.0),
            seller: row.seller_id.map(|id| id.0),
            employee: row.employee_id.map(|id| id.0),
            project: row.project_id.map(|id| id.0),
            department: row.department_id.map(|id| id.0),
            cost_centre: row.cost_centre_id.map(|id| id.0),
            party: row.party_id.map(|id| id.0),
            item: row.item_id,
            closing: row.closing,
        }
    }
}

/// Reads the entries that the frame doesn't hold yet: since they become visible in the order of their numbers, that's a range.
async fn catch_up(scope: &TenantScope, frame: &mut LedgerFrame) -> Result<()> {
    use journal_line::Column as C;
    let ledger = scope.first(scope.find::<ledger::Entity>()).await?;
    let newest = ledger.ok_or_else(|| Error::internal("a tenant without a ledger"))?.last_seq;
    let mut from = frame.last_seq();
    while from < newest {
        let to = newest.min(from + ENTRIES_AT_ONCE);
        let select = scope
            .find::<journal_line::Entity>()
            .filter(C::Seq.gt(from))
            .filter(C::Seq.lte(to))
            .order_by_asc(C::Seq)
            .order_by_asc(C::Position)
            .select_only()
            .columns([
                C::Id,
                C::Seq,
                C::Date,
                C::Closing,
                C::AccountId,
                C::BaseMinor,
                C::CompanyId,
                C::ServiceId,
                C::SellerId,
                C::EmployeeId,
                C::ProjectId,
                C::DepartmentId,
                C::CostCentreId,
                C::PartyId,
                C::ItemId,
            ]);
        let lines: Vec<Line> = scope.query::<Row>(&select.into_query()).await?.into_iter().map(Line::from).collect();
        frame.append(&lines).map_err(Error::internal)?;
        from = to;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_ledger_goes_first() {
        let snapshots = Snapshots::new(100);
        let tenants: Vec<TenantId> = (1..=3).map(|number| TenantId(Uuid::from_u128(number))).collect();
        for tenant in &tenants {
            snapshots.hold(*tenant);
            snapshots.weigh(*tenant, 40);
            snapshots.hold(tenants[0]);
        }
        let held = snapshots.held();
        assert!(held.tenants.contains_key(&tenants[0]) && held.tenants.contains_key(&tenants[2]));
        assert!(!held.tenants.contains_key(&tenants[1]));
    }

    #[test]
    fn a_ledger_that_is_too_large_is_not_kept() {
        let snapshots = Snapshots::new(100);
        let tenant = TenantId(Uuid::from_u128(1));
        snapshots.hold(tenant);
        snapshots.weigh(tenant, 101);
        assert!(snapshots.held().tenants.is_empty());
    }
}
