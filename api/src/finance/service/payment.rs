//! The rules of payments: money that clients paid, and which invoices it settles.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, InvoiceId, InvoiceStatus, PaymentAllocationId, PaymentDirection, PaymentId, PostingStatus,
    SourceKind, SubLedger, TenantEntity, company, invoice, payment, payment_allocation,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    External,
    batch::{BatchError, Referred, each, one},
    books::{Books, Settled},
    invoice::status_of,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Invoices that one payment may settle.
const ALLOCATIONS_MAX: usize = 1_000;
/// Invoices locked in one statement.
const LOCKED_MAX: usize = 10_000;

/// What is given of a payment.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// From whom.
    pub company_id: CompanyId,
    /// When; today unless said.
    pub date: Option<NaiveDate>,
    /// How much.
    pub amount: Decimal,
    /// Currency of the amount; the base currency unless said.
    pub currency: Option<String>,
    /// Base currency for one unit of it; needed for another than the base currency.
    pub rate: Option<Decimal>,
    /// Into which account; the bank's unless said, else the cash in hand.
    pub account_id: Option<AccountId>,
    /// What the bank's statement says.
    pub reference: Option<String>,
    /// Which part settles which invoice.
    pub allocations: Vec<NewAllocation>,
    /// Where it comes from.
    pub external: Option<External>,
}

/// A part of a payment that settles an invoice.
#[derive(Clone, Copy, Debug)]
pub struct NewAllocation {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// How much.
    pub amount: Decimal,
}

/// An invoice as it was read and as it is to be written.
type Changed = BTreeMap<InvoiceId, (invoice::Model, invoice::New)>;

/// Records a payment.
pub async fn record(scope: &TenantScope, new: NewPayment) -> Result<payment::Model> {
    one(record_payments(scope, vec![new]).await?)
}

/// Records payments, in their order. Beside a handful of statements there are two for each invoice that they settle.
pub async fn record_payments(scope: &TenantScope, new: Vec<NewPayment>) -> Result<Vec<payment::Model>, BatchError> {
    let companies = Referred::<company::Entity>::load(scope, new.iter().map(|new| new.company_id).collect()).await?;
    let accounts = Accounts::load(scope).await?;
    let books = Books::new(scope, &accounts);
    let allocated = new.iter().flat_map(|new| &new.allocations).map(|allocation| allocation.invoice_id);
    let mut invoices = lock_invoices(scope, allocated.collect()).await?;
    let recorded = each(new, |new| {
        let company = companies.get("companyId", new.company_id)?;
        let account = accounts.money("accountId", new.account_id)?.id;
        Recorded::new(scope, &books, &company.name, account, &mut invoices, new)
    })?;
    let (mut payments, mut parts, mut entries) = (Vec::with_capacity(recorded.len()), Vec::new(), Vec::new());
    for one in recorded {
        parts.extend(one.settled.into_iter().map(|settled| allocation(scope, one.id, one.payment.date, &settled)));
        payments.push((one.id, one.payment));
        entries.push(one.entry);
    }
    let payments = scope.insert_with_ids::<payment::Entity>(payments).await?;
    scope.insert_parts::<payment_allocation::Entity>(parts).await?;
    write_invoices(scope, "pay", invoices).await?;
    ledger::post(scope, entries).await?;
    Ok(payments)
}

fn allocation(
    scope: &TenantScope,
    payment_id: PaymentId,
    date: NaiveDate,
    settled: &Settled,
) -> (PaymentAllocationId, payment_allocation::New) {
    let new = payment_allocation::New {
        date,
        payment_id: Some(payment_id),
        credit_note_id: None,
        supplier_credit_id: None,
        write_off_id: None,
        invoice_id: Some(settled.invoice_id),
        bill_id: None,
        expense_id: None,
        amount_minor: settled.amount,
        base_minor: settled.base,
        reverses_id: None,
    };
    (scope.env().id(), new)
}

/// The invoices with some ids, locked in the order of the ids.
async fn lock_invoices(scope: &TenantScope, ids: BTreeSet<InvoiceId>) -> Result<Changed> {
    let ids: Vec<InvoiceId> = ids.into_iter().collect();
    let mut invoices = Changed::new();
    for ids in ids.chunks(LOCKED_MAX) {
        let rows = scope.lock_all::<invoice::Entity>(ids.to_vec()).await?;
        invoices.extend(rows.into_iter().map(|(id, row)| (id, (row.clone(), invoice::Entity::values(row)))));
    }
    Ok(invoices)
}

async fn write_invoices(scope: &TenantScope, action: &str, invoices: Changed) -> Result<()> {
    for (before, new) in invoices.into_values() {
        let after = invoice::Entity::revise(before.clone(), new);
        scope.act::<invoice::Entity>(action, &before, after).await?;
    }
    Ok(())
}

/// A payment that is to be written.
struct Recorded {
    id: PaymentId,
    payment: payment::New,
    settled: Vec<Settled>,
    entry: EntryDraft,
}

impl Recorded {
    fn new(
        scope: &TenantScope,
        books: &Books,
        company: &str,
        account_id: AccountId,
        invoices: &mut Changed,
        new: NewPayment,
    ) -> Result<Self> {
        let id: PaymentId = scope.env().id();
        let currency = money::currency("currency", new.currency.as_deref().unwrap_or(scope.base_currency()))?;
        let amount_minor = positive(money::to_minor("amount", new.amount, &currency)?)?;
        let (source, external_id) = External::columns(new.external);
        let payment = payment::New {
            direction: PaymentDirection::In,
            sub_ledger: SubLedger::Receivable,
            company_id: Some(new.company_id),
            employee_id: None,
            advance: false,
            tax_code_id: None,
            tax_minor: 0,
            date: new.date.unwrap_or_else(|| scope.today()),
            amount_minor,
            rate: ledger::rate("rate", scope, &currency, new.rate)?,
            currency,
            account_id,
            reference: text::optional("reference", new.reference)?,
            status: PostingStatus::Posted,
            source,
            external_id,
        };
        let settled = allocate(books, &payment, invoices, &new.allocations)?;
        let entry = books.payment(id, &payment, company, &settled)?;
        for part in &settled {
            if let Some((_, invoice)) = invoices.get_mut(&part.invoice_id) {
                invoice.paid_minor += part.amount;
                invoice.base_paid_minor += part.base;
                invoice.status = status_of(invoice);
            }
        }
        Ok(Self { id, payment, settled, entry })
    }
}

fn positive(amount: i64) -> Result<i64> {
    if amount > 0 { Ok(amount) } else { Err(Error::invalid("amount", messages::positive())) }
}

/// What each part of a payment takes off its invoice.
fn allocate(
    books: &Books,
    payment: &payment::New,
    invoices: &Changed,
    given: &[NewAllocation],
) -> Result<Vec<Settled>> {
    if given.len() > ALLOCATIONS_MAX {
        return Err(Error::invalid("allocations", Text::fixed("At most 1,000 invoices.", "არაუმეტეს 1000 ინვოისი.")));
    }
    let mut settled: Vec<Settled> = Vec::with_capacity(given.len());
    let (mut left, mut seen) = (payment.amount_minor, BTreeSet::new());
    for (place, allocation) in given.iter().enumerate() {
        let part = part(books, payment, invoices, allocation, left, seen.insert(allocation.invoice_id));
        let part = part.map_err(|error| error.within(&format!("allocations.{place}")))?;
        left -= part.amount;
        settled.push(part);
    }
    Ok(settled)
}

fn part(
    books: &Books,
    payment: &payment::New,
    invoices: &Changed,
    allocation: &NewAllocation,
    left: i64,
    first: bool,
) -> Result<Settled> {
    let id = allocation.invoice_id;
    let not_found = || Error::NotFound { what: invoice::Entity::KIND, field: Some("invoiceId".into()) };
    let (_, invoice) = invoices.get(&id).ok_or_else(not_found)?;
    let refuse = |en: &'static str, ka: &'static str| Err(Error::invalid("invoiceId", Text::fixed(en, ka)));
    if !first {
        return refuse("This invoice is named twice.", "ეს ინვოისი ორჯერ არის მითითებული.");
    }
    if Some(invoice.company_id) != payment.company_id {
        return refuse("This is another company's invoice.", "ეს სხვა კომპანიის ინვოისია.");
    }
    if invoice.currency != payment.currency {
        return refuse("This invoice is in another currency.", "ეს ინვოისი სხვა ვალუტაშია.");
    }
    if !matches!(invoice.status, InvoiceStatus::Issued | InvoiceStatus::PartlyPaid) {
        return refuse("Nothing is due on this invoice.", "ამ ინვოისზე გადასახდელი არაფერია.");
    }
    let amount = positive(money::to_minor("amount", allocation.amount, &payment.currency)?)?;
    let due = invoice.total_minor - invoice.paid_minor;
    let most = |most: i64, en: &str, ka: &str| {
        let most = money::from_minor(most, &payment.currency);
        Error::invalid(
            "amount",
            Text::new(format!("{en} {most} {}.", payment.currency), format!("{ka} {most} {}.", payment.currency)),
        )
    };
    if amount > due {
        return Err(most(due, "What is due on this invoice is", "ამ ინვოისზე გადასახდელია"));
    }
    if amount > left {
        return Err(most(left, "What is left of the payment is", "გადახდიდან დარჩენილია"));
    }
    books.settle(id, invoice, amount)
}

/// Takes a payment back, today unless said. What it settled is due again.
pub async fn reverse(scope: &TenantScope, id: PaymentId, date: Option<NaiveDate>) -> Result<payment::Model> {
    let before = scope.lock::<payment::Entity>(id).await?;
    if before.status != PostingStatus::Posted {
        return Err(Error::Conflict(Text::fixed("This payment is reversed already.", "ეს გადახდა უკვე გაუქმებულია.")));
    }
    let date = date.unwrap_or_else(|| scope.today().max(before.date));
    let select = scope.find::<payment_allocation::Entity>().filter(payment_allocation::Column::PaymentId.eq(id));
    let parts = scope.all(select).await?;
    let mut invoices = lock_invoices(scope, parts.iter().filter_map(|part| part.invoice_id).collect()).await?;
    for part in parts {
        if let Some((_, invoice)) = part.invoice_id.and_then(|id| invoices.get_mut(&id)) {
            invoice.paid_minor -= part.amount_minor;
            invoice.base_paid_minor -= part.base_minor;
            invoice.status = status_of(invoice);
        }
    }
    let after = payment::Model { status: PostingStatus::Reversed, ..before.clone() };
    let after = scope.act::<payment::Entity>("reverse", &before, after).await?;
    write_invoices(scope, "unpay", invoices).await?;
    ledger::reverse(scope, SourceKind::Payment, id.0, date).await?;
    Ok(after)
}
