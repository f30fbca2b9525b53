//! The documents that an import makes.

use std::collections::HashMap;

use kamara_entities::{AccountId, BillKind, InvoiceKind, TenantEntity, bill, expense, invoice, invoice_line, payment};
use uuid::Uuid;

use super::{
    file::DocumentKind,
    rows::{self, Document},
    standing::Counts,
};
use crate::{
    error::{Error, Result},
    finance::service::{controls::Controls, number, open_item::OpenItem},
    ledger::LineDraft,
    tenancy::TenantScope,
};

/// The documents that an import makes.
#[derive(Default)]
pub(super) struct Made {
    pub(super) invoices: Vec<invoice::Model>,
    pub(super) bills: Vec<bill::Model>,
    pub(super) expenses: Vec<expense::Model>,
    pub(super) payments: Vec<payment::Model>,
    /// The lines of the file that they stand on.
    lines: HashMap<Uuid, u64>,
}

impl Made {
    /// Makes a document, and gives its line on its control account. `account` stands for those of other books: of money, and of
    /// costs.
    pub(super) fn add(
        &mut self,
        scope: &TenantScope,
        controls: &Controls,
        account: AccountId,
        (document, line): (Document, u64),
    ) -> Result<LineDraft> {
        use DocumentKind as Kind;
        let nobodys = || Error::internal("a document of nobody");
        let number = document.number.clone();
        let item = match document.kind {
            Kind::Invoice | Kind::CreditNote => {
                let row = made::<invoice::Entity>(scope, document.invoice().ok_or_else(nobodys)?);
                let item = OpenItem::of_invoice(&row);
                self.invoices.push(row);
                item
            }
            Kind::Bill | Kind::SupplierCredit => {
                let row = made::<bill::Entity>(scope, document.bill().ok_or_else(nobodys)?);
                let item = OpenItem::of_bill(&row);
                self.bills.push(row);
                item
            }
            Kind::Expense => {
                let row = made::<expense::Entity>(scope, document.expense(account).ok_or_else(nobodys)?);
                let item = OpenItem::of_expense(&row).ok_or_else(nobodys)?;
                self.expenses.push(row);
                item
            }
            Kind::Payment | Kind::SupplierPayment | Kind::EmployeePayment | Kind::Advance | Kind::SupplierAdvance => {
                let new = document.payment(account);
                let row = made::<payment::Entity>(scope, new.clone());
                let item = OpenItem::of_payment(row.id, &new, 0, scope.base_currency())?;
                self.payments.push(row);
                item
            }
        };
        self.lines.insert(item.document.item_id(), line);
        let line = item.brought(controls)?;
        Ok(LineDraft { description: Some(number), ..line })
    }

    /// The line of the file that a document stands on.
    pub(super) fn line(&self, document: Uuid) -> u64 {
        self.lines.get(&document).copied().unwrap_or_default()
    }

    pub(super) fn counts(&self) -> Counts {
        let notes = self.invoices.iter().filter(|row| row.kind == InvoiceKind::CreditNote).count();
        let credits = self.bills.iter().filter(|row| row.kind == BillKind::CreditNote).count();
        let advances = self.payments.iter().filter(|row| row.advance).count();
        Counts {
            accounts: 0,
            invoices: self.invoices.len() - notes,
            credit_notes: notes,
            bills: self.bills.len() - credits,
            supplier_credits: credits,
            payments: self.payments.len() - advances,
            advances,
            expenses: self.expenses.len(),
        }
    }

    /// Writes them. Numbers of our own series go on after those that come from elsewhere.
    pub(super) async fn write(mut self, scope: &TenantScope, income: AccountId) -> Result<()> {
        for (series, kind) in [(number::INVOICE, InvoiceKind::Invoice), (number::CREDIT_NOTE, InvoiceKind::CreditNote)]
        {
            let of_kind = self.invoices.iter().filter(|row| row.kind == kind);
            let numbers: Vec<String> = of_kind.filter_map(|row| row.number.clone()).collect();
            number::leave_out(scope, series, &numbers).await?;
        }
        let numbers = number::next_many(scope, number::BILL, self.bills.len()).await?;
        for (bill, number) in self.bills.iter_mut().zip(numbers) {
            bill.number = Some(number);
        }
        let line = |row: &invoice::Model| Ok((scope.env().id(), rows::line_of(scope, row, income)?));
        let lines = self.invoices.iter().map(line).collect::<Result<Vec<_>>>()?;
        scope.insert_made::<invoice::Entity>(&self.invoices).await?;
        scope.insert_parts::<invoice_line::Entity>(lines).await?;
        scope.insert_made::<bill::Entity>(&self.bills).await?;
        scope.insert_made::<expense::Entity>(&self.expenses).await?;
        scope.insert_made::<payment::Entity>(&self.payments).await
    }
}

fn made<E: TenantEntity>(scope: &TenantScope, new: E::New) -> E::Row {
    E::create(new, scope.env().id(), scope.stamp())
}
