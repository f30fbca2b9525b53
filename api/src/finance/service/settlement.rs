//! What settles what: payments and credit notes take something off documents, on a day. Nothing of it is changed later; what was
//! settled wrongly is undone by a counter-allocation on a day of its own, so that what was open on a day in the past stays so.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    BillId, InvoiceId, Language, PaymentAllocationId, PaymentId, SourceKind, TenantEntity as _, WriteOffId,
    payment_allocation,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{
    controls::Controls,
    open_item::{Document, OpenItem},
    open_items::OpenItems,
    payment::NewAllocation,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
};

/// Documents that one payment may settle.
const ALLOCATIONS_MAX: usize = 1_000;

/// A part that settles a document.
#[derive(Clone, Debug)]
pub(super) struct Settled {
    pub(super) target: Document,
    /// In the document's currency.
    pub(super) amount: i64,
    /// In the currency of what settles.
    pub(super) source_amount: i64,
    /// What it takes off the document in the base currency.
    pub(super) base: i64,
    /// The lines that do so.
    pub(super) target_lines: Vec<LineDraft>,
}

/// A text for an entry, in the language of the books.
pub(super) fn in_language(scope: &TenantScope, en: &'static str, ka: &'static str) -> &'static str {
    match scope.tenant().language {
        Language::En => en,
        Language::Ka => ka,
    }
}

pub(super) fn positive(field: &'static str, amount: i64) -> Result<i64> {
    if amount > 0 { Ok(amount) } else { Err(Error::invalid(field, messages::positive())) }
}

/// Settles documents with a source, and says with which parts. The source's own side isn't posted here.
pub(super) fn settle(
    controls: &Controls,
    source: &mut OpenItem,
    items: &mut OpenItems,
    given: &[NewAllocation],
) -> Result<Vec<Settled>> {
    if given.len() > ALLOCATIONS_MAX {
        return Err(Error::invalid(
            "allocations",
            Text::fixed("At most 1,000 documents.", "არაუმეტეს 1000 დოკუმენტი."),
        ));
    }
    let mut seen = BTreeSet::new();
    let mut settled = Vec::with_capacity(given.len());
    for (place, allocation) in given.iter().enumerate() {
        let first = seen.insert(allocation.document);
        let part = part(controls, source, items, allocation, first);
        settled.push(part.map_err(|error| error.within(&format!("allocations.{place}")))?);
    }
    Ok(settled)
}

fn part(
    controls: &Controls,
    source: &mut OpenItem,
    items: &mut OpenItems,
    given: &NewAllocation,
    first: bool,
) -> Result<Settled> {
    let item = items.get(given.document)?;
    fits(source, item, first)?;
    let amount = positive("amount", money::to_minor("amount", given.amount, &item.currency)?)?;
    let source_amount = source_amount(source, item, given, amount)?;
    let most = |field: &'static str, most: i64, currency: &str, en: &str, ka: &str| {
        let most = money::from_minor(most, currency);
        Error::invalid(field, Text::new(format!("{en} {most} {currency}."), format!("{ka} {most} {currency}.")))
    };
    if amount > item.due() {
        return Err(most(
            "amount",
            item.due(),
            &item.currency,
            "What is due on this document is",
            "ამ დოკუმენტზე გადასახდელია",
        ));
    }
    if source_amount > source.due() {
        let field = if source.currency == item.currency { "amount" } else { "paidAmount" };
        return Err(most(field, source.due(), &source.currency, "What is left to settle with is", "დარჩენილია"));
    }
    let (target_lines, base) = item.reduce(controls, amount, None)?;
    source.paid += source_amount;
    Ok(Settled { target: given.document, amount, source_amount, base, target_lines })
}

/// Whether a source may settle a document at all.
fn fits(source: &OpenItem, item: &OpenItem, first: bool) -> Result<()> {
    let refuse = |en: &'static str, ka: &'static str| Err(Error::invalid(item.document.field(), Text::fixed(en, ka)));
    if !first {
        return refuse("This document is named twice.", "ეს დოკუმენტი ორჯერ არის მითითებული.");
    }
    if item.party != source.party {
        return refuse("This document is another party's.", "ეს სხვა მხარის დოკუმენტია.");
    }
    if item.sub_ledger != source.sub_ledger || item.sign == source.sign {
        return refuse(
            "This document isn't settled by money that went this way.",
            "ამ მიმართულების თანხა ამ დოკუმენტს არ ფარავს.",
        );
    }
    if !item.is_posted || item.due() == 0 {
        return refuse("Nothing is due on this document.", "ამ დოკუმენტზე გადასახდელი არაფერია.");
    }
    Ok(())
}

fn source_amount(source: &OpenItem, item: &OpenItem, given: &NewAllocation, amount: i64) -> Result<i64> {
    if source.currency == item.currency {
        return Ok(amount);
    }
    let paid = given.paid_amount.ok_or_else(|| {
        let (of, with) = (&item.currency, &source.currency);
        let message = Text::new(
            format!("This document is in {of}: say how much {with} settles it."),
            format!("ეს დოკუმენტი {of}-შია: მიუთითეთ, რამდენი {with} ფარავს მას."),
        );
        Error::invalid("paidAmount", message)
    })?;
    positive("paidAmount", money::to_minor("paidAmount", paid, &source.currency)?)
}

/// What settles.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    Payment(PaymentId),
    CreditNote(InvoiceId),
    SupplierCredit(BillId),
    WriteOff(WriteOffId),
}

impl Source {
    fn of(document: Document) -> Result<Self> {
        match document {
            Document::Payment(id) => Ok(Self::Payment(id)),
            Document::Invoice(id) => Ok(Self::CreditNote(id)),
            Document::Bill(id) => Ok(Self::SupplierCredit(id)),
            Document::Expense(_) => Err(Error::internal("an expense settles nothing")),
        }
    }
}

/// The row of a part.
pub(super) fn allocation(
    scope: &TenantScope,
    date: NaiveDate,
    source: Source,
    part: &Settled,
) -> (PaymentAllocationId, payment_allocation::New) {
    let mut new = payment_allocation::New {
        date,
        payment_id: None,
        credit_note_id: None,
        supplier_credit_id: None,
        write_off_id: None,
        invoice_id: None,
        bill_id: None,
        expense_id: None,
        refunded_id: None,
        amount_minor: part.amount,
        source_minor: part.source_amount,
        base_minor: part.base,
        reverses_id: None,
    };
    match source {
        Source::Payment(id) => new.payment_id = Some(id),
        Source::CreditNote(id) => new.credit_note_id = Some(id),
        Source::SupplierCredit(id) => new.supplier_credit_id = Some(id),
        Source::WriteOff(id) => new.write_off_id = Some(id),
    }
    match part.target {
        Document::Invoice(id) => new.invoice_id = Some(id),
        Document::Bill(id) => new.bill_id = Some(id),
        Document::Expense(id) => new.expense_id = Some(id),
        Document::Payment(id) => new.refunded_id = Some(id),
    }
    (scope.env().id(), new)
}

/// What an allocation settles.
pub(super) fn target_of(row: &payment_allocation::Model) -> Option<Document> {
    let invoice = row.invoice_id.map(Document::Invoice);
    let bill = row.bill_id.map(Document::Bill);
    invoice.or(bill).or(row.expense_id.map(Document::Expense)).or(row.refunded_id.map(Document::Payment))
}

/// What it settles with; none where it's a write-off.
fn source_of(row: &payment_allocation::Model) -> Option<Document> {
    let payment = row.payment_id.map(Document::Payment);
    let credit = row.credit_note_id.map(Document::Invoice);
    payment.or(credit).or(row.supplier_credit_id.map(Document::Bill))
}

/// The allocation that takes another back.
pub(super) fn counter(row: payment_allocation::Model, date: NaiveDate) -> payment_allocation::New {
    let new = payment_allocation::Entity::values(row.clone());
    payment_allocation::New {
        date,
        amount_minor: -row.amount_minor,
        source_minor: -row.source_minor,
        base_minor: -row.base_minor,
        reverses_id: Some(row.id),
        ..new
    }
}

/// The allocations of a payment that nothing took back, and whether a part of it was paid back or written off.
pub(super) async fn active_of_payment(
    scope: &TenantScope,
    id: PaymentId,
) -> Result<(Vec<payment_allocation::Model>, bool)> {
    use payment_allocation::Column as C;
    let active = settled_by(scope, id).await?;
    let select = scope.find::<payment_allocation::Entity>().filter(C::RefundedId.eq(id));
    let refunded = !without_undone(scope.all(select).await?).is_empty();
    Ok((active, refunded))
}

/// What a payment settles, oldest first; what was undone is left out.
pub(super) async fn settled_by(scope: &TenantScope, id: PaymentId) -> Result<Vec<payment_allocation::Model>> {
    use payment_allocation::Column as C;
    let select = scope.find::<payment_allocation::Entity>().filter(C::PaymentId.eq(id)).order_by_asc(C::Id);
    Ok(without_undone(scope.all(select).await?))
}

/// Allocations that stand, in their order: those that nothing took back.
#[must_use]
pub fn without_undone(rows: Vec<payment_allocation::Model>) -> Vec<payment_allocation::Model> {
    let undone: HashSet<PaymentAllocationId> = rows.iter().filter_map(|row| row.reverses_id).collect();
    rows.into_iter().filter(|row| row.reverses_id.is_none() && !undone.contains(&row.id)).collect()
}

/// The day on which something is undone: the one that is said, but not before it was done; else the first that is open.
pub(super) async fn date_of_undoing(
    scope: &TenantScope,
    given: Option<NaiveDate>,
    done: NaiveDate,
) -> Result<NaiveDate> {
    let early = || {
        Text::new(
            format!("This was done on {done}; it cannot be undone before."),
            format!("ეს {done}-ს მოხდა; მანამდე ვერ გაუქმდება."),
        )
    };
    not_before(scope, given, done, early).await
}

/// The day on which something is settled: the one that is said, but not before all of it was there, since what was open on a past
/// day stays; else the first that is open.
pub(super) async fn date_of_settling(
    scope: &TenantScope,
    given: Option<NaiveDate>,
    since: NaiveDate,
) -> Result<NaiveDate> {
    let early = || {
        Text::new(
            format!("What is settled is dated {since}: choose that day or a later one."),
            format!("დასაფარი დოკუმენტის თარიღია {since}: აირჩიეთ ეს ან უფრო გვიანი დღე."),
        )
    };
    not_before(scope, given, since, early).await
}

async fn not_before(
    scope: &TenantScope,
    given: Option<NaiveDate>,
    first: NaiveDate,
    early: impl Fn() -> Text + Send,
) -> Result<NaiveDate> {
    match given {
        Some(date) if date < first => Err(Error::invalid("date", early())),
        Some(date) => Ok(date),
        None => ledger::open_date(scope, scope.today().max(first)).await,
    }
}

/// Settles documents with what is left of a payment or of a credit note, today unless said.
pub async fn allocate(
    scope: &TenantScope,
    source: Document,
    date: Option<NaiveDate>,
    given: Vec<NewAllocation>,
) -> Result<Vec<PaymentAllocationId>> {
    if given.is_empty() {
        return Err(Error::invalid("allocations", messages::required()));
    }
    let documents = given.iter().map(|allocation| allocation.document).chain([source]);
    let mut items = OpenItems::lock(scope, documents).await?;
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    // A copy, since settling changes both sides; it's put back below.
    let mut from = items.get(source).map_err(|_| Error::not_found(source.kind()))?.clone();
    if !from.is_posted || from.due() == 0 {
        let message = Text::fixed("Nothing is left of this to settle with.", "აქედან აღარაფერია დარჩენილი.");
        return Err(Error::Conflict(message));
    }
    let targets = given.iter().filter_map(|allocation| Some(items.get(allocation.document).ok()?.since));
    let since = targets.fold(from.since, NaiveDate::max);
    let date = date_of_settling(scope, date, since).await?;
    let paid_before = from.paid;
    let settled = settle(&controls, &mut from, &mut items, &given)?;
    from.paid = paid_before;
    let (mut parts, mut entries) = (Vec::new(), Vec::new());
    for part in settled {
        let (id, row) = allocation(scope, date, Source::of(source)?, &part);
        let (of_source, _) = from.reduce(&controls, part.source_amount, None)?;
        let lines = controls.balanced([of_source, part.target_lines].concat(), from.dimensions.clone())?;
        let description = in_language(scope, "Settlement", "ჩათვლა").to_owned();
        entries.push(EntryDraft::new(date, description, SourceKind::Settlement, Some(id.0), lines));
        parts.push((id, row));
    }
    *items.get(source)? = from;
    let ids = parts.iter().map(|(id, _)| *id).collect();
    scope.insert_with_ids::<payment_allocation::Entity>(parts).await?;
    items.write(scope, "settle").await?;
    ledger::post(scope, entries).await?;
    Ok(ids)
}

/// Settles with a credit note that has just been posted what is due still on the document that it credits.
pub(super) async fn credit(scope: &TenantScope, note: Document, credited: Document, date: NaiveDate) -> Result<()> {
    let mut items = OpenItems::lock(scope, [note, credited]).await?;
    let due = items.get(credited)?.due();
    let note_item = items.get(note)?;
    let amount = money::from_minor(note_item.due().min(due), &note_item.currency);
    if amount.is_zero() {
        return Ok(());
    }
    allocate(scope, note, Some(date), vec![NewAllocation::new(credited, amount)]).await.map(drop)
}

/// Undoes an allocation by a counter-allocation, today unless said: the document is open again, and so is what settled it.
pub async fn undo(
    scope: &TenantScope,
    id: PaymentAllocationId,
    date: Option<NaiveDate>,
) -> Result<payment_allocation::Model> {
    let row = scope.require::<payment_allocation::Entity>(id).await?;
    let (Some(target), Some(source)) = (target_of(&row), source_of(&row)) else {
        let message = Text::fixed("Reverse the write-off itself.", "გააუქმეთ თავად ჩამოწერა.");
        return Err(Error::Conflict(message));
    };
    let mut items = OpenItems::lock(scope, [target, source]).await?;
    // Read again under the locks: somebody may have undone it meanwhile.
    let select = scope.find::<payment_allocation::Entity>().filter(payment_allocation::Column::ReversesId.eq(id));
    if row.reverses_id.is_some() || scope.first(select).await?.is_some() || !items.get(source)?.is_posted {
        return Err(Error::Conflict(Text::fixed("This is undone already.", "ეს უკვე გაუქმებულია.")));
    }
    let date = date_of_undoing(scope, date, row.date).await?;
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    let dimensions = items.get(target)?.dimensions.clone();
    let (mut lines, _) = items.get(target)?.reduce(&controls, -row.amount_minor, Some(-row.base_minor))?;
    lines.extend(items.get(source)?.reduce(&controls, -row.source_minor, None)?.0);
    let lines = controls.balanced(lines, dimensions)?;
    let counter_id: PaymentAllocationId = scope.env().id();
    let description = in_language(scope, "Settlement undone", "ჩათვლის გაუქმება").to_owned();
    let entry = EntryDraft::new(date, description, SourceKind::Settlement, Some(counter_id.0), lines);
    let rows = scope.insert_with_ids::<payment_allocation::Entity>(vec![(counter_id, counter(row, date))]).await?;
    items.write(scope, "unsettle").await?;
    ledger::post(scope, vec![entry]).await?;
    super::batch::one(rows)
}
