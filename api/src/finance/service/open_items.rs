//! Documents that are settled, locked, and written again by what became of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kamara_entities::{BillStatus, ExpenseStatus, TenantEntity, bill, expense, invoice, journal_line, payment};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::open_item::{Document, OpenItem};
use crate::{
    db::PARAMETERS_MAX,
    error::{Error, Result},
    tenancy::TenantScope,
};

#[derive(Clone, Debug)]
enum Row {
    Invoice(Box<invoice::Model>),
    Bill(Box<bill::Model>),
    Expense(Box<expense::Model>),
    Payment(Box<payment::Model>),
}

/// Documents that are settled, locked: as they were read, and what is open of them.
#[derive(Clone, Debug, Default)]
pub(super) struct OpenItems(BTreeMap<Document, (Row, OpenItem)>);

impl OpenItems {
    /// Locks documents in the order of their kinds and ids, so that two scopes can't wait for each other. Those that aren't
    /// there are left out.
    pub(super) async fn lock(scope: &TenantScope, documents: impl IntoIterator<Item = Document>) -> Result<Self> {
        let (mut invoices, mut bills, mut expenses, mut payments) = (vec![], vec![], vec![], vec![]);
        for document in documents.into_iter().collect::<BTreeSet<_>>() {
            match document {
                Document::Invoice(id) => invoices.push(id),
                Document::Bill(id) => bills.push(id),
                Document::Expense(id) => expenses.push(id),
                Document::Payment(id) => payments.push(id),
            }
        }
        let mut items = BTreeMap::new();
        for (id, row) in scope.lock_all::<invoice::Entity>(invoices).await? {
            let item = OpenItem::of_invoice(&row);
            items.insert(Document::Invoice(id), (Row::Invoice(Box::new(row)), item));
        }
        for (id, row) in scope.lock_all::<bill::Entity>(bills).await? {
            let item = OpenItem::of_bill(&row);
            items.insert(Document::Bill(id), (Row::Bill(Box::new(row)), item));
        }
        for (id, row) in scope.lock_all::<expense::Entity>(expenses).await? {
            if let Some(item) = OpenItem::of_expense(&row) {
                items.insert(Document::Expense(id), (Row::Expense(Box::new(row)), item));
            }
        }
        let rows = scope.lock_all::<payment::Entity>(payments).await?;
        let left = balances(scope, rows.keys().map(|id| id.0).collect()).await?;
        for (id, row) in rows {
            let left = left.get(&id.0).copied().unwrap_or_default().abs();
            let item = OpenItem::of_payment(id, &payment::Entity::values(row.clone()), left, scope.base_currency())?;
            items.insert(Document::Payment(id), (Row::Payment(Box::new(row)), item));
        }
        Ok(Self(items))
    }

    /// The item of a document, or "not found" with the field that names it.
    pub(super) fn get(&mut self, document: Document) -> Result<&mut OpenItem> {
        let not_found = || Error::NotFound { what: document.kind(), field: Some(document.field().into()) };
        self.0.get_mut(&document).map(|(_, item)| item).ok_or_else(not_found)
    }

    /// Leaves a document out of what is written: its own act writes it.
    pub(super) fn forget(&mut self, document: Document) {
        self.0.remove(&document);
    }

    /// Writes what changed of the documents; `action` is what happened to them.
    pub(super) async fn write(self, scope: &TenantScope, action: &str) -> Result<()> {
        for (row, item) in self.0.into_values() {
            match row {
                Row::Invoice(before) if before.paid_minor != item.paid => {
                    let status = item.invoice_status();
                    let (paid_minor, base_paid_minor) = (item.paid, item.base_paid);
                    let after = invoice::Model { paid_minor, base_paid_minor, status, ..(*before).clone() };
                    scope.act::<invoice::Entity>(action, &before, after).await?;
                }
                Row::Bill(before) if before.paid_minor != item.paid => {
                    let status = bill_status(&item);
                    let (paid_minor, base_paid_minor) = (item.paid, item.base_paid);
                    let after = bill::Model { paid_minor, base_paid_minor, status, ..(*before).clone() };
                    scope.act::<bill::Entity>(action, &before, after).await?;
                }
                Row::Expense(before) if before.paid_minor != item.paid => {
                    let status = if item.due() == 0 { ExpenseStatus::Reimbursed } else { ExpenseStatus::Posted };
                    let (paid_minor, base_paid_minor) = (item.paid, item.base_paid);
                    let after = expense::Model { paid_minor, base_paid_minor, status, ..(*before).clone() };
                    scope.act::<expense::Entity>(action, &before, after).await?;
                }
                Row::Payment(before) if before.allocated_minor != item.paid => {
                    let after = payment::Model { allocated_minor: item.paid, ..(*before).clone() };
                    scope.act::<payment::Entity>(action, &before, after).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

const fn bill_status(item: &OpenItem) -> BillStatus {
    match item.paid {
        0 => BillStatus::Posted,
        paid if paid == item.total => BillStatus::Paid,
        _ => BillStatus::PartlyPaid,
    }
}

/// What the ledger says is open of items, in the base currency; debit positive.
pub(super) async fn balances(scope: &TenantScope, items: Vec<Uuid>) -> Result<HashMap<Uuid, i64>> {
    #[derive(FromQueryResult)]
    struct Line {
        item_id: Uuid,
        base_minor: i64,
    }
    use journal_line::Column as C;
    let mut balances = HashMap::new();
    for items in items.chunks(PARAMETERS_MAX) {
        let select = scope
            .find::<journal_line::Entity>()
            .filter(C::ItemId.is_in(items.iter().copied()))
            .select_only()
            .columns([C::ItemId, C::BaseMinor]);
        for line in scope.query::<Line>(&select.into_query()).await? {
            *balances.entry(line.item_id).or_default() += line.base_minor;
        }
    }
    Ok(balances)
}
