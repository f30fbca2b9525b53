//! The rows of documents that were open before the books began.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, BillKind, BillStatus, ExpenseStatus, InvoiceKind, InvoiceStatus, MICRO, PaymentDirection, PostingStatus,
    bill, expense, invoice, invoice_line, payment,
};

use super::{SOURCE, file::DocumentKind};
use crate::{
    error::{Result, Text},
    finance::service::{bill_values, open_item::Party, payment::in_amount, tax::Tax},
    money,
    tenancy::TenantScope,
};

/// What all kinds of document have.
pub(super) struct Document {
    pub(super) kind: DocumentKind,
    pub(super) party: Party,
    pub(super) number: String,
    pub(super) date: NaiveDate,
    pub(super) due_date: NaiveDate,
    pub(super) currency: String,
    pub(super) rate: i64,
    pub(super) amount_minor: i64,
    pub(super) base_minor: i64,
    /// The tax that is in an advance.
    pub(super) tax: Option<Tax>,
}

impl Document {
    /// What a document has that is known by who it's with, and by its number there.
    fn external_id(&self) -> String {
        match self.party {
            Party::Company(id) => format!("{id} {}", self.number),
            Party::Employee(id) => format!("{id} {}", self.number),
        }
    }

    /// A row of an invoice or a credit note.
    pub(super) fn invoice(self) -> Option<invoice::New> {
        let kind = if self.kind == DocumentKind::CreditNote { InvoiceKind::CreditNote } else { InvoiceKind::Invoice };
        Some(invoice::New {
            kind,
            credits_id: None,
            number: Some(self.number.clone()),
            status: InvoiceStatus::Issued,
            company_id: self.party.company()?,
            date: self.date,
            due_date: self.due_date,
            currency: self.currency,
            rate: self.rate,
            document_discount_bp: 0,
            net_minor: self.amount_minor,
            discount_minor: 0,
            tax_minor: 0,
            total_minor: self.amount_minor,
            paid_minor: 0,
            base_total_minor: self.base_minor,
            base_paid_minor: 0,
            seller_id: None,
            deal_id: None,
            department_id: None,
            note: None,
            recurring_invoice_id: None,
            einvoice_number: None,
            einvoice_status: None,
            source: Some(SOURCE.to_owned()),
            external_id: Some(self.number),
        })
    }

    /// A row of a bill or a supplier's credit note. It gets our number when it's written.
    pub(super) fn bill(self) -> Option<bill::New> {
        let external_id = self.external_id();
        let kind = if self.kind == DocumentKind::SupplierCredit { BillKind::CreditNote } else { BillKind::Bill };
        Some(bill::New {
            kind,
            credits_id: None,
            number: None,
            supplier_key: Some(bill_values::key(&self.number)),
            supplier_number: Some(self.number),
            status: BillStatus::Posted,
            company_id: self.party.company()?,
            date: self.date,
            due_date: self.due_date,
            currency: self.currency,
            rate: self.rate,
            net_minor: self.amount_minor,
            tax_minor: 0,
            total_minor: self.amount_minor,
            paid_minor: 0,
            base_total_minor: self.base_minor,
            base_paid_minor: 0,
            department_id: None,
            note: None,
            einvoice_number: None,
            einvoice_status: None,
            source: Some(SOURCE.to_owned()),
            external_id: Some(external_id),
        })
    }

    /// A row of a payment. The money moved in other books, so that it stands on no bank's account here: `account` is the one of
    /// opening balances.
    pub(super) fn payment(self, account_id: AccountId) -> payment::New {
        let comes_in = matches!(self.kind, DocumentKind::Payment | DocumentKind::Advance);
        let sub_ledger = self.kind.sub_ledger();
        let external_id = self.external_id();
        payment::New {
            direction: if comes_in { PaymentDirection::In } else { PaymentDirection::Out },
            sub_ledger,
            company_id: self.party.company(),
            employee_id: self.party.employee(),
            date: self.date,
            amount_minor: self.amount_minor,
            currency: self.currency,
            rate: self.rate,
            account_id,
            advance: self.kind.is_advance(),
            tax_code_id: self.tax.map(|tax| tax.code),
            tax_minor: self.tax.map_or(0, |tax| in_amount(&tax, self.amount_minor, sub_ledger)),
            withheld_minor: 0,
            withholding_code_id: None,
            allocated_minor: 0,
            reference: Some(self.number),
            status: PostingStatus::Posted,
            source: Some(SOURCE.to_owned()),
            external_id: Some(external_id),
        }
    }

    /// A row of what an employee is owed. What was bought is a cost of other books: `account` is the one of opening balances.
    pub(super) fn expense(self, account_id: AccountId) -> Option<expense::New> {
        let external_id = self.external_id();
        Some(expense::New {
            date: self.date,
            amount_minor: self.amount_minor,
            tax_minor: 0,
            currency: self.currency,
            rate: self.rate,
            description: self.number,
            category_id: None,
            account_id,
            payment_account_id: None,
            supplier_id: None,
            company_id: None,
            seller_id: None,
            employee_id: Some(self.party.employee()?),
            project_id: None,
            department_id: None,
            cost_centre_id: None,
            tax_code_id: None,
            status: ExpenseStatus::Posted,
            return_reason: None,
            paid_minor: 0,
            base_total_minor: self.base_minor,
            base_paid_minor: 0,
            source: Some(SOURCE.to_owned()),
            external_id: Some(external_id),
        })
    }
}

/// The one line of an open invoice, so that a credit note can take back of it what the client doesn't owe. That lowers the income
/// of the credit note's day; nothing is known of the taxes.
pub(super) fn line_of(scope: &TenantScope, invoice: &invoice::Model, income: AccountId) -> Result<invoice_line::New> {
    let words = Text::fixed("Open before the books began", "ღია იყო წიგნების დაწყებამდე");
    Ok(invoice_line::New {
        invoice_id: invoice.id,
        position: 1,
        service_id: None,
        description: Some(words.in_language(scope.tenant().language).to_owned()),
        quantity: MICRO,
        unit_price: money::to_micro("amount", money::from_minor(invoice.total_minor, &invoice.currency))?,
        discount_bp: 0,
        net_minor: invoice.total_minor,
        discount_minor: 0,
        tax_minor: 0,
        tax_code_id: None,
        tax_rate_bp: 0,
        account_id: income,
        cost_centre_id: None,
        project_id: None,
        service_from: None,
        service_to: None,
        credits_line_id: None,
    })
}

#[cfg(test)]
mod tests {
    use kamara_entities::{InvoiceId, TaxKind, TaxRounding};
    use uuid::Uuid;

    use super::*;

    fn document(kind: DocumentKind, amount_minor: i64) -> Document {
        let id = Uuid::from_u128(1);
        let of_employee = matches!(kind, DocumentKind::Expense | DocumentKind::EmployeePayment);
        Document {
            kind,
            party: if of_employee { Party::Employee(id.into()) } else { Party::Company(id.into()) },
            number: "№ 17".into(),
            date: NaiveDate::default(),
            due_date: NaiveDate::default(),
            currency: "GEL".into(),
            rate: MICRO,
            amount_minor,
            base_minor: amount_minor,
            tax: None,
        }
    }

    #[test]
    fn a_payment_goes_the_way_of_its_kind() {
        use DocumentKind as Kind;
        use PaymentDirection::{In, Out};
        let way = |kind| {
            let row = document(kind, 100).payment(Uuid::nil().into());
            (row.direction, row.advance, row.company_id.is_some(), row.employee_id.is_some())
        };
        assert_eq!(way(Kind::Payment), (In, false, true, false));
        assert_eq!(way(Kind::Advance), (In, true, true, false));
        assert_eq!(way(Kind::SupplierPayment), (Out, false, true, false));
        assert_eq!(way(Kind::SupplierAdvance), (Out, true, true, false));
        assert_eq!(way(Kind::EmployeePayment), (Out, false, false, true));
    }

    #[test]
    fn an_advance_knows_the_tax_that_is_in_it() {
        let tax = Tax {
            code: Uuid::nil().into(),
            kind: TaxKind::Standard,
            inclusive: false,
            rate_bp: 1_800,
            recoverable_bp: 5_000,
            rounding: TaxRounding::Line,
        };
        let of = |kind| {
            let row = Document { tax: Some(tax), ..document(kind, 11_800) };
            row.payment(Uuid::nil().into()).tax_minor
        };
        assert_eq!(of(DocumentKind::Advance), 1_800);
        assert_eq!(of(DocumentKind::SupplierAdvance), 900, "what doesn't come back isn't in it");
    }

    #[test]
    fn a_document_is_somebodys() {
        assert!(document(DocumentKind::Expense, 1).invoice().is_none());
        assert!(document(DocumentKind::Expense, 1).bill().is_none());
        assert!(document(DocumentKind::Invoice, 1).expense(Uuid::nil().into()).is_none());
        let note = document(DocumentKind::CreditNote, 1).invoice().unwrap();
        assert_eq!((note.kind, note.credits_id), (InvoiceKind::CreditNote, None::<InvoiceId>));
    }
}
