//! Open items: documents of which something is owed, and payments of which something is left. They are settled against each
//! other, whichever they are: what one has too much of, another lacks.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, BillId, BillKind, BillStatus, CompanyId, EmployeeId, ExpenseId, ExpenseStatus, InvoiceId, InvoiceKind,
    InvoiceStatus, PaymentDirection, PaymentId, PostingStatus, SubLedger, TaxCodeId, TenantEntity, bill, expense,
    invoice, payment,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::controls::Controls;
use crate::{
    error::{Error, Result},
    ledger::{Dimensions, LineDraft},
    money,
};

/// What may be open. What waits for approval is kept with it, by the names that are given here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Document {
    /// An invoice or a credit note.
    #[serde(rename = "invoice_id")]
    Invoice(InvoiceId),
    /// A bill or a supplier's credit note.
    #[serde(rename = "bill_id")]
    Bill(BillId),
    /// An expense that an employee paid.
    #[serde(rename = "expense_id")]
    Expense(ExpenseId),
    /// A payment of which something settles nothing yet.
    #[serde(rename = "payment_id")]
    Payment(PaymentId),
}

impl Document {
    /// The id that lines of the ledger name it by.
    #[must_use]
    pub const fn item_id(self) -> Uuid {
        match self {
            Self::Invoice(id) => id.0,
            Self::Bill(id) => id.0,
            Self::Expense(id) => id.0,
            Self::Payment(id) => id.0,
        }
    }

    /// What it is, as errors name it.
    pub(in crate::finance) const fn kind(self) -> &'static str {
        match self {
            Self::Invoice(_) => invoice::Entity::KIND,
            Self::Bill(_) => bill::Entity::KIND,
            Self::Expense(_) => expense::Entity::KIND,
            Self::Payment(_) => payment::Entity::KIND,
        }
    }

    /// The field of an input that names it.
    pub(in crate::finance) const fn field(self) -> &'static str {
        match self {
            Self::Invoice(_) => "invoiceId",
            Self::Bill(_) => "billId",
            Self::Expense(_) => "expenseId",
            Self::Payment(_) => "paymentId",
        }
    }
}

/// Who owes or is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A client or a supplier.
    Company(CompanyId),
    /// An employee.
    Employee(EmployeeId),
}

impl Party {
    /// The company, if it's one.
    #[must_use]
    pub const fn company(self) -> Option<CompanyId> {
        match self {
            Self::Company(id) => Some(id),
            Self::Employee(_) => None,
        }
    }

    /// The employee, if it's one.
    #[must_use]
    pub const fn employee(self) -> Option<EmployeeId> {
        match self {
            Self::Company(_) => None,
            Self::Employee(id) => Some(id),
        }
    }
}

/// The tax that is in an advance; it's owed from the day of the payment, and taken back as the advance is used up.
#[derive(Clone, Copy, Debug)]
struct AdvanceTax {
    code: Option<TaxCodeId>,
    amount: i64,
}

/// What is open of one document.
#[derive(Clone, Debug)]
pub(super) struct OpenItem {
    pub(super) document: Document,
    pub(super) sub_ledger: SubLedger,
    /// 1 where its balance is a debit (an invoice), −1 where it's a credit (a bill, or what a client paid).
    pub(super) sign: i64,
    pub(super) party: Party,
    /// The document's day: nothing of it is settled before.
    pub(super) since: NaiveDate,
    pub(super) currency: String,
    /// Base currency for one unit of its currency, in 10⁻⁶.
    pub(super) rate: i64,
    pub(super) total: i64,
    /// What of the total is before taxes; told of bills alone, from which tax is withheld.
    pub(super) net: i64,
    pub(super) paid: i64,
    base_total: i64,
    pub(super) base_paid: i64,
    /// Whether anything may be settled of it at all.
    pub(super) is_posted: bool,
    pub(super) dimensions: Dimensions,
    /// Of an advance.
    advance: Option<AdvanceTax>,
}

impl OpenItem {
    pub(super) fn of_invoice(row: &invoice::Model) -> Self {
        Self {
            document: Document::Invoice(row.id),
            sub_ledger: SubLedger::Receivable,
            sign: if row.kind == InvoiceKind::Invoice { 1 } else { -1 },
            party: Party::Company(row.company_id),
            since: row.date,
            currency: row.currency.clone(),
            rate: row.rate,
            total: row.total_minor,
            net: 0,
            paid: row.paid_minor,
            base_total: row.base_total_minor,
            base_paid: row.base_paid_minor,
            is_posted: !matches!(row.status, InvoiceStatus::Draft | InvoiceStatus::Void),
            dimensions: Dimensions {
                company_id: Some(row.company_id),
                seller_id: row.seller_id,
                deal_id: row.deal_id,
                department_id: row.department_id,
                ..Dimensions::default()
            },
            advance: None,
        }
    }

    pub(super) fn of_bill(row: &bill::Model) -> Self {
        Self {
            document: Document::Bill(row.id),
            sub_ledger: SubLedger::Payable,
            sign: if row.kind == BillKind::Bill { -1 } else { 1 },
            party: Party::Company(row.company_id),
            since: row.date,
            currency: row.currency.clone(),
            rate: row.rate,
            total: row.total_minor,
            net: row.net_minor,
            paid: row.paid_minor,
            base_total: row.base_total_minor,
            base_paid: row.base_paid_minor,
            is_posted: !matches!(row.status, BillStatus::Draft | BillStatus::Void),
            dimensions: Dimensions { department_id: row.department_id, ..Dimensions::default() },
            advance: None,
        }
    }

    pub(super) fn of_expense(row: &expense::Model) -> Option<Self> {
        // What the company paid itself is owed to nobody.
        let employee = row.employee_id.filter(|_| row.payment_account_id.is_none())?;
        Some(Self {
            document: Document::Expense(row.id),
            sub_ledger: SubLedger::Employee,
            sign: -1,
            party: Party::Employee(employee),
            since: row.date,
            currency: row.currency.clone(),
            rate: row.rate,
            total: row.amount_minor,
            net: 0,
            paid: row.paid_minor,
            base_total: row.base_total_minor,
            base_paid: row.base_paid_minor,
            is_posted: matches!(row.status, ExpenseStatus::Posted | ExpenseStatus::Reimbursed),
            dimensions: Dimensions {
                employee_id: Some(employee),
                department_id: row.department_id,
                ..Dimensions::default()
            },
            advance: None,
        })
    }

    /// A payment, and what the ledger says is left of it in the base currency.
    pub(super) fn of_payment(id: PaymentId, new: &payment::New, base_left: i64, base_currency: &str) -> Result<Self> {
        let advance = new.advance.then_some(AdvanceTax { code: new.tax_code_id, amount: new.tax_minor });
        // The tax isn't on the control account.
        let base_tax = match advance {
            None => 0,
            Some(tax) => {
                let all = money::convert("amount", tax.amount, &new.currency, base_currency, new.rate)?;
                all - share(all, new.allocated_minor, new.amount_minor)?
            }
        };
        let party = match (new.company_id, new.employee_id) {
            (Some(company), _) => Party::Company(company),
            (None, Some(employee)) => Party::Employee(employee),
            (None, None) => return Err(Error::internal("a payment of nobody")),
        };
        Ok(Self {
            document: Document::Payment(id),
            sub_ledger: new.sub_ledger,
            sign: if new.direction == PaymentDirection::In { -1 } else { 1 },
            party,
            since: new.date,
            currency: new.currency.clone(),
            rate: new.rate,
            total: new.amount_minor,
            net: 0,
            paid: new.allocated_minor,
            base_total: base_left + base_tax,
            base_paid: 0,
            is_posted: new.status == PostingStatus::Posted,
            dimensions: Dimensions {
                company_id: new.company_id,
                employee_id: new.employee_id,
                ..Dimensions::default()
            },
            advance,
        })
    }

    /// What is to be settled still, in its currency.
    pub(super) const fn due(&self) -> i64 {
        self.total - self.paid
    }

    /// Whether it's an advance that holds a tax.
    pub(super) fn holds_tax(&self) -> bool {
        self.advance.is_some_and(|tax| tax.amount != 0)
    }

    /// Takes an amount off what is open, and gives the lines that do so and what it is in the base currency. A negative amount
    /// gives back what was taken. The last part takes all that is left, so that nothing stays behind of what was rounded; `base`
    /// says what it is in the base currency where that's known.
    pub(super) fn reduce(
        &mut self,
        controls: &Controls,
        amount: i64,
        base: Option<i64>,
    ) -> Result<(Vec<LineDraft>, i64)> {
        let left = self.base_total - self.base_paid;
        let base = match base {
            Some(base) => base,
            None if amount == self.due() => left,
            // All that was taken of a document is given back, however it was rounded.
            None if self.paid + amount == 0 && !matches!(self.document, Document::Payment(_)) => -self.base_paid,
            None => {
                let base = money::convert("amount", amount, &self.currency, &controls.base_currency, self.rate)?;
                if amount > 0 { base.min(left) } else { base }
            }
        };
        let lines = match self.advance {
            None => vec![self.line(controls.control(self.sub_ledger)?, amount, base)],
            Some(tax) => self.reduce_advance(controls, tax, amount, base)?,
        };
        self.paid += amount;
        self.base_paid += base;
        Ok((lines, base))
    }

    /// The line of all of it on its control account, as it's brought from other books. The tax of an advance isn't on that: it
    /// was told there.
    pub(super) fn brought(mut self, controls: &Controls) -> Result<LineDraft> {
        (self.paid, self.base_paid) = (self.total, self.base_total);
        let (lines, _) = self.reduce(controls, -self.total, None)?;
        lines.into_iter().next().ok_or_else(|| Error::internal("nothing is open"))
    }

    /// What of the total is before taxes, of the first amount that is settled of it.
    pub(super) fn net_of(&self, settled: i64) -> Result<i64> {
        share(self.net, settled, self.total)
    }

    /// Where an issued invoice stands, by what is paid of it.
    pub(super) const fn invoice_status(&self) -> InvoiceStatus {
        match self.paid {
            paid if paid == self.total => InvoiceStatus::Paid,
            0 => InvoiceStatus::Issued,
            _ => InvoiceStatus::PartlyPaid,
        }
    }

    /// A line that takes an amount off a balance of the item's sign.
    fn line(&self, account_id: AccountId, amount: i64, base: i64) -> LineDraft {
        LineDraft {
            party_id: self.party.company(),
            item_id: Some(self.document.item_id()),
            dimensions: self.dimensions.clone(),
            ..LineDraft::new(account_id, -self.sign * amount, &self.currency, self.rate, -self.sign * base)
        }
    }

    /// Of an advance the tax goes with its net amount. What is used of the tax follows from what is used of the whole, so that
    /// all of it is used at the end, however it was rounded on the way.
    fn reduce_advance(&self, controls: &Controls, tax: AdvanceTax, amount: i64, base: i64) -> Result<Vec<LineDraft>> {
        let (advance, of_tax) = if self.sub_ledger == SubLedger::Receivable {
            (controls.customer_advance.clone()?, &controls.output_tax)
        } else {
            (controls.supplier_advance.clone()?, &controls.input_tax)
        };
        let base_tax = money::convert("amount", tax.amount, &self.currency, &controls.base_currency, self.rate)?;
        let part = |of| Ok::<_, Error>(share(of, self.paid + amount, self.total)? - share(of, self.paid, self.total)?);
        let (tax_part, base_tax_part) = (part(tax.amount)?, part(base_tax)?);
        let mut lines = vec![self.line(advance, amount - tax_part, base - base_tax_part)];
        if tax_part != 0 || base_tax_part != 0 {
            let line = self.line(of_tax.clone()?, tax_part, base_tax_part);
            let tax_base = -self.sign * (base - base_tax_part);
            lines.push(LineDraft {
                party_id: None,
                item_id: None,
                tax_code_id: tax.code,
                tax_base_minor: tax.code.map(|_| tax_base),
                ..line
            });
        }
        Ok(lines)
    }
}

/// What belongs to the used part of a whole, rounded down.
fn share(of: i64, used: i64, whole: i64) -> Result<i64> {
    i64::try_from(i128::from(of) * i128::from(used) / i128::from(whole.max(1))).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use kamara_entities::MICRO;
    use proptest::prelude::*;

    use super::*;

    const RECEIVABLE: u128 = 1;
    const ADVANCE: u128 = 2;
    const TAX: u128 = 3;
    const EXCHANGE: u128 = 4;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn controls(base_currency: &str) -> Controls {
        Controls {
            receivable: Ok(id(RECEIVABLE)),
            payable: Ok(id(11)),
            employee: Ok(id(12)),
            customer_advance: Ok(id(ADVANCE)),
            supplier_advance: Ok(id(13)),
            output_tax: Ok(id(TAX)),
            input_tax: Ok(id(14)),
            withholding_tax: Ok(id(15)),
            exchange_difference: Ok(id(EXCHANGE)),
            base_currency: base_currency.into(),
        }
    }

    fn invoice(total: i64, currency: &str, rate: i64, base: &str) -> OpenItem {
        OpenItem {
            document: Document::Invoice(id(100)),
            sub_ledger: SubLedger::Receivable,
            sign: 1,
            party: Party::Company(id(40)),
            since: NaiveDate::default(),
            currency: currency.into(),
            rate,
            total,
            net: 0,
            paid: 0,
            base_total: money::convert("amount", total, currency, base, rate).unwrap(),
            base_paid: 0,
            is_posted: true,
            dimensions: Dimensions::default(),
            advance: None,
        }
    }

    fn payment(amount: i64, tax: Option<i64>, currency: &str, rate: i64) -> payment::New {
        payment::New {
            direction: PaymentDirection::In,
            sub_ledger: SubLedger::Receivable,
            company_id: Some(id(40)),
            employee_id: None,
            date: chrono::NaiveDate::default(),
            amount_minor: amount,
            currency: currency.into(),
            rate,
            account_id: id(5),
            advance: tax.is_some(),
            tax_code_id: tax.map(|_| id(60)),
            tax_minor: tax.unwrap_or_default(),
            withheld_minor: 0,
            withholding_code_id: None,
            allocated_minor: 0,
            reference: None,
            status: PostingStatus::Posted,
            source: None,
            external_id: None,
        }
    }

    fn on(lines: &[LineDraft], account: u128) -> i64 {
        lines.iter().filter(|line| line.account_id == id(account)).map(|line| line.base_minor).sum()
    }

    fn currencies() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["JPY", "GEL", "USD", "KWD"])
    }

    proptest! {
        #[test]
        fn parts_settle_a_document_to_the_last_unit_and_give_it_back(
            total in 1..1_000_000_000_i64,
            currency in currencies(),
            base in currencies(),
            rate in 1..50_000_000_i64,
            shares in prop::collection::vec(1..100_i64, 0..5),
        ) {
            let rate = if currency == base { MICRO } else { rate };
            let controls = controls(base);
            let mut item = invoice(total, currency, rate, base);
            let owed = item.base_total;
            let mut parts: Vec<i64> = shares.iter().map(|share| total * share / 500).filter(|part| *part > 0).collect();
            parts.push(total - parts.iter().sum::<i64>());
            let (mut left, mut taken) = (owed, Vec::new());
            for amount in parts.into_iter().filter(|amount| *amount > 0) {
                let (lines, part) = item.reduce(&controls, amount, None).unwrap();
                prop_assert_eq!(on(&lines, RECEIVABLE), -part);
                left -= part;
                prop_assert!(left >= 0);
                taken.push((amount, part));
            }
            prop_assert_eq!((left, item.due(), item.base_paid), (0, 0, owed));
            for (amount, part) in taken {
                item.reduce(&controls, -amount, Some(-part)).unwrap();
            }
            prop_assert_eq!((item.paid, item.base_paid), (0, 0));
        }

        #[test]
        fn an_advance_is_used_up_with_its_tax(
            amount in 1..1_000_000_000_i64,
            tax_share in 0..=50_i64,
            currency in currencies(),
            base in currencies(),
            rate in 1..50_000_000_i64,
            shares in prop::collection::vec(1..100_i64, 0..5),
        ) {
            let rate = if currency == base { MICRO } else { rate };
            let controls = controls(base);
            let new = payment(amount, Some(amount * tax_share / 100), currency, rate);
            let gross = money::convert("amount", amount, currency, base, rate).unwrap();
            // As it's recorded: from nothing to all of it.
            let mut item = OpenItem::of_payment(id(200), &new, 0, base).unwrap();
            item.paid = item.total;
            let mut posted = item.reduce(&controls, -amount, None).unwrap().0;
            prop_assert_eq!(posted.iter().map(|line| line.base_minor).sum::<i64>(), -gross);
            let net = -on(&posted, ADVANCE);
            // As it's used, each time read from the ledger.
            let mut parts: Vec<i64> = shares.iter().map(|share| amount * share / 500).filter(|part| *part > 0).collect();
            parts.push(amount - parts.iter().sum::<i64>());
            let mut used = 0;
            for part in parts.into_iter().filter(|part| *part > 0) {
                let new = payment::New { allocated_minor: used, ..new.clone() };
                let left = -on(&posted, ADVANCE);
                let mut item = OpenItem::of_payment(id(200), &new, left, base).unwrap();
                posted.extend(item.reduce(&controls, part, None).unwrap().0);
                used += part;
            }
            prop_assert!(net >= 0);
            prop_assert_eq!((on(&posted, ADVANCE), on(&posted, TAX)), (0, 0));
            prop_assert_eq!(posted.iter().map(|line| line.amount_minor).sum::<i64>(), 0);
        }
    }

    #[test]
    fn what_is_brought_stands_on_its_control_account_without_the_tax() {
        let controls = controls("GEL");
        let line = invoice(10_000, "USD", 2_700_000, "GEL").brought(&controls).unwrap();
        assert_eq!((line.account_id, line.amount_minor, line.base_minor), (id(RECEIVABLE), 10_000, 27_000));
        let advance = payment(11_800, Some(1_800), "USD", 2_700_000);
        let item = OpenItem::of_payment(id(200), &advance, 0, "GEL").unwrap();
        let line = item.brought(&controls).unwrap();
        assert_eq!((line.account_id, line.amount_minor, line.base_minor), (id(ADVANCE), -10_000, -27_000));
        assert_eq!((line.item_id, line.tax_code_id), (Some(Uuid::from_u128(200)), None));
        // Used up, it gives back the tax that was told before, beside what the invoice charges anew.
        let mut item = OpenItem::of_payment(id(200), &advance, 27_000, "GEL").unwrap();
        let (lines, _) = item.reduce(&controls, 11_800, None).unwrap();
        assert_eq!((on(&lines, ADVANCE), on(&lines, TAX)), (27_000, 4_860));
        let unsettled = OpenItem::of_payment(id(201), &payment(500, None, "GEL", MICRO), 0, "GEL").unwrap();
        let line = unsettled.brought(&controls).unwrap();
        assert_eq!((line.account_id, line.base_minor), (id(RECEIVABLE), -500));
    }

    #[test]
    fn a_better_rate_at_payment_is_a_gain() {
        let controls = controls("GEL");
        let mut owed = invoice(10_000, "USD", 2_700_000, "GEL");
        let mut lines = vec![LineDraft::new(id(5), 10_000, "USD", 2_800_000, 28_000)];
        lines.extend(owed.reduce(&controls, 10_000, None).unwrap().0);
        let lines = controls.balanced(lines, Dimensions::default()).unwrap();
        assert_eq!(on(&lines, RECEIVABLE), -27_000);
        assert_eq!(on(&lines, EXCHANGE), -1_000);
        assert_eq!(lines[1].item_id, Some(Uuid::from_u128(100)));
    }
}
