//! The rules of recurring invoices: each makes drafts that are like another invoice, on days that follow each other.

use chrono::NaiveDate;
use kamara_entities::{
    InvoiceId, InvoiceKind, InvoiceStatus, RecurrenceUnit, RecurringInvoiceId, invoice, recurring_invoice,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, ExprTrait as _, QueryFilter, QueryOrder};

use super::{
    invoice::{self as invoices, InvoiceInput},
    invoice_lines,
    invoice_values::{self as values, Due, References},
    recurrence::{Interval, move_service},
    terms::{self, Terms},
};
use crate::{
    error::{Error, Result, Text},
    messages,
    tenancy::TenantScope,
};

/// What is given of a recurring invoice.
#[derive(Clone, Copy, Debug)]
pub struct NewRecurring {
    /// The invoice that each is like.
    pub like_id: InvoiceId,
    /// Unit of the time between two.
    pub unit: RecurrenceUnit,
    /// How many units.
    pub every: i32,
    /// Date of the first; one interval after the invoice that it's like unless said.
    pub start_date: Option<NaiveDate>,
    /// None is dated later.
    pub end_date: Option<NaiveDate>,
}

/// A change of a recurring invoice: what is left out stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecurringChange {
    /// The invoice that each is like.
    pub like_id: Option<InvoiceId>,
    /// Unit of the time between two.
    pub unit: Option<RecurrenceUnit>,
    /// How many units.
    pub every: Option<i32>,
    /// Date of the next.
    pub next_date: Option<NaiveDate>,
    /// None is dated later; none empties.
    pub end_date: Option<Option<NaiveDate>>,
}

/// An invoice that was made, and what made it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The draft.
    pub invoice: invoice::Model,
    /// The recurring invoice as it is now.
    pub recurring: recurring_invoice::Model,
}

/// Makes a recurring invoice; no invoice yet.
pub async fn create(scope: &TenantScope, new: NewRecurring) -> Result<recurring_invoice::Model> {
    let like = like(scope, new.like_id).await?;
    let interval = Interval::new(new.unit, new.every)?;
    let (start_date, next_date) = match new.start_date {
        Some(date) => (date, date),
        None => (like.date, interval.after(like.date, like.date)?),
    };
    check_end(next_date, new.end_date)?;
    let row = recurring_invoice::New {
        like_id: like.id,
        company_id: like.company_id,
        unit: new.unit,
        every: new.every,
        start_date,
        next_date,
        end_date: new.end_date,
        made: 0,
    };
    scope.insert::<recurring_invoice::Entity>(row).await
}

/// Changes a recurring invoice. What was made stays. Where the interval or the next date is another, days are told from the next
/// date on.
pub async fn update(
    scope: &TenantScope,
    id: RecurringInvoiceId,
    version: i32,
    change: RecurringChange,
) -> Result<recurring_invoice::Model> {
    let like = match change.like_id {
        Some(id) => Some(like(scope, id).await?),
        None => None,
    };
    let edit = |new: &mut recurring_invoice::New| {
        if let Some(like) = like {
            (new.like_id, new.company_id) = (like.id, like.company_id);
        }
        let (unit, every) = (change.unit.unwrap_or(new.unit), change.every.unwrap_or(new.every));
        let next_date = change.next_date.unwrap_or(new.next_date);
        Interval::new(unit, every)?;
        if (unit, every, next_date) != (new.unit, new.every, new.next_date) {
            (new.unit, new.every, new.start_date, new.next_date) = (unit, every, next_date, next_date);
        }
        new.end_date = change.end_date.unwrap_or(new.end_date);
        check_end(new.start_date, new.end_date)
    };
    scope.edit::<recurring_invoice::Entity>(id, version, edit).await
}

fn check_end(first: NaiveDate, end: Option<NaiveDate>) -> Result<()> {
    if end.is_none_or(|end| end >= first) {
        return Ok(());
    }
    let message = Text::new(
        format!("The end must not lie before the first invoice, {first}."),
        format!("დასასრული პირველ ინვოისზე ({first}) ადრე არ უნდა იყოს."),
    );
    Err(Error::invalid("endDate", message))
}

/// The invoice that others shall be like.
async fn like(scope: &TenantScope, id: InvoiceId) -> Result<invoice::Model> {
    let like = scope.referred::<invoice::Entity>("likeId", id).await?;
    if is_usable(&like) {
        return Ok(like);
    }
    let message = Text::fixed(
        "Choose a draft or an issued invoice: no credit note, and none that is void or archived.",
        "აირჩიეთ მონახაზი ან გამოწერილი ინვოისი, და არა კრედიტ-ნოტა, გაუქმებული ან დაარქივებული.",
    );
    Err(Error::invalid("likeId", message))
}

fn is_usable(like: &invoice::Model) -> bool {
    like.kind == InvoiceKind::Invoice && like.status != InvoiceStatus::Void && like.archived_at.is_none()
}

/// Whether no more come.
#[must_use]
pub fn is_finished(row: &recurring_invoice::Model) -> bool {
    row.end_date.is_some_and(|end| end < row.next_date)
}

/// Those that have an invoice to make up to a day, the longest due first. Whoever makes them all takes them one by one, each in a
/// scope of its own, so that one that fails holds up no other; what is made twice by two at once, [`make`]'s version tells.
pub async fn due(scope: &TenantScope, until: NaiveDate) -> Result<Vec<recurring_invoice::Model>> {
    use recurring_invoice::Column as C;
    let goes_on = Condition::any().add(C::EndDate.is_null()).add(C::NextDate.into_expr().lte(C::EndDate.into_expr()));
    let select = scope
        .find::<recurring_invoice::Entity>()
        .filter(C::ArchivedAt.is_null())
        .filter(C::NextDate.lte(until))
        .filter(goes_on)
        .order_by_asc(C::NextDate)
        .order_by_asc(C::Id);
    scope.all(select).await
}

/// Makes the next invoice as a draft: everything is as in the invoice that it's like, but for what follows from its date: the rate,
/// the taxes' rates, when it's to be paid, and what its lines are paid for. Prices stay as they stand there. A rate that is given
/// stands instead of that of the date.
pub async fn make(
    scope: &TenantScope,
    id: RecurringInvoiceId,
    version: Option<i32>,
    rate: Option<Decimal>,
) -> Result<Made> {
    let before = scope.lock::<recurring_invoice::Entity>(id).await?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict(messages::stale()));
    }
    if before.archived_at.is_some() {
        return Err(Error::Conflict(messages::archived()));
    }
    if let Some(end) = before.end_date.filter(|_| is_finished(&before)) {
        let message = Text::new(
            format!("No more invoices come: it ended on {end}. Set a later end, and go on."),
            format!(
                "ინვოისი აღარ შეიქმნება: განმეორება {end}-ს დასრულდა. გასაგრძელებლად მიუთითეთ უფრო გვიანი დასასრული."
            ),
        );
        return Err(Error::Conflict(message));
    }
    let like = scope.require::<invoice::Entity>(before.like_id).await?;
    if !is_usable(&like) {
        let message = Text::fixed(
            "The invoice that it is like is void or archived. Choose another.",
            "ინვოისი, რომლის მიხედვითაც იქმნება, გაუქმებული ან დაარქივებულია. აირჩიეთ სხვა.",
        );
        return Err(Error::Conflict(message));
    }
    let invoice = draft(scope, &before, &like, rate).await?;
    let interval = Interval::new(before.unit, before.every)?;
    let after = recurring_invoice::Model {
        company_id: like.company_id,
        next_date: interval.after(before.start_date, before.next_date)?,
        made: before.made + 1,
        ..before.clone()
    };
    let recurring = scope.act::<recurring_invoice::Entity>("make", &before, after).await?;
    Ok(Made { invoice, recurring })
}

/// The draft of the next date.
async fn draft(
    scope: &TenantScope,
    recurring: &recurring_invoice::Model,
    like: &invoice::Model,
    rate: Option<Decimal>,
) -> Result<invoice::Model> {
    let (id, date): (InvoiceId, _) = (scope.env().id(), recurring.next_date);
    let due = match terms::like(scope, like).await? {
        // As many days later as there.
        Terms::Once(_) => Terms::Once(Due::On(date + like.due_date.signed_duration_since(like.date))),
        parts => parts,
    };
    let input = InvoiceInput { date: Some(date), due: Some(due), rate, ..values::given(like.clone()) };
    let mut lines = invoice_lines::to_reckon(scope, like.id).await?;
    for line in &mut lines {
        line.id = scope.env().id();
        line.line.invoice_id = id;
        move_service(&mut line.line, recurring.unit, (like.date, date))?;
    }
    let references = References::of_written(scope, &input, &lines).await?;
    let mut written = values::redraft(scope, &references, input, lines)?;
    written.header.recurring_invoice_id = Some(recurring.id);
    invoices::write(scope, id, written).await
}
