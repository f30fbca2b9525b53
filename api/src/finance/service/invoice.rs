//! The rules of invoices: drafts are edited, issued ones are posted and stay as they are.

use chrono::NaiveDate;
use kamara_entities::{
    EinvoiceStatus, InvoiceId, InvoiceKind, InvoiceLineId, InvoiceStatus, SourceKind, SplitSubject, TenantEntity,
    invoice, invoice_line, invoice_line_tax,
};
use sea_orm::{
    ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, SelectStatement},
};

use super::{
    External, IssueNumber, approval,
    batch::{BatchError, departments_of, each, one},
    books::Books,
    credit_note,
    invoice_lines::{self, ToPost},
    invoice_reckoning::{self as reckoning, Written},
    invoice_values::{self as values, References},
    number,
    payment::Document,
    recognition, settlement, terms,
};
pub use super::{
    invoice_values::{Due, InvoiceInput, LineInput, LineTax},
    terms::Terms,
};
use crate::{
    approvals,
    error::{Error, Result, Text},
    ledger::{
        Accounts, service as ledger,
        splits::{self, Shares},
    },
    messages,
    tenancy::TenantScope,
    text,
};

/// An invoice that is issued as soon as it's made.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// What is given of it.
    pub input: InvoiceInput,
    /// Its number.
    pub number: IssueNumber,
    /// Where it comes from.
    pub external: Option<External>,
}

/// Makes a draft.
pub async fn create(scope: &TenantScope, input: InvoiceInput) -> Result<invoice::Model> {
    let references = References::load(scope, &[&input]).await?;
    let id: InvoiceId = scope.env().id();
    let written = values::draft(scope, &references, id, input)?;
    write(scope, id, written).await
}

/// Writes a new draft.
pub(super) async fn write(scope: &TenantScope, id: InvoiceId, written: Written) -> Result<invoice::Model> {
    let Written { header, lines, taxes, shares, parts } = written;
    let rows = scope.insert_with_ids::<invoice::Entity>(vec![(id, header)]).await?;
    invoice_lines::insert(scope, lines, taxes).await?;
    splits::keep(scope, SplitSubject::InvoiceLine, shares).await?;
    terms::insert(scope, vec![(id, parts)]).await?;
    one(rows)
}

/// Makes invoices and issues them at once. A handful of statements, however many they are.
pub async fn issue_new_invoices(scope: &TenantScope, new: Vec<NewInvoice>) -> Result<Vec<invoice::Model>, BatchError> {
    let inputs: Vec<&InvoiceInput> = new.iter().map(|new| &new.input).collect();
    let references = References::load(scope, &inputs).await?;
    let mut numbers = Vec::with_capacity(new.len());
    let mut drafts = each(new, |new| {
        let id: InvoiceId = scope.env().id();
        let mut written = values::draft(scope, &references, id, new.input)?;
        (written.header.source, written.header.external_id) = External::columns(new.external);
        numbers.push((new.number, written.header.date));
        Ok((id, written))
    })?;
    let numbers = number::invoice_numbers(scope, InvoiceKind::Invoice, numbers).await?;
    let mut shares = Shares::new();
    for (_, written) in &mut drafts {
        shares.extend(std::mem::take(&mut written.shares));
    }
    let books = Books::new(scope, &references.accounts).with_shares(shares.clone());
    let projects = drafts.iter().flat_map(|(_, written)| &written.lines).filter_map(|(_, line)| line.project_id);
    let departments = departments_of(scope, projects.collect::<Vec<_>>()).await?;
    let entries = each(drafts.iter_mut().zip(numbers), |((id, written), number)| {
        written.header.number = Some(number);
        let totals = written.totals()?;
        let (entry, base_total) = books.invoice(*id, &written.header, &written.lines, &totals, &departments)?;
        let header = &mut written.header;
        header.base_total_minor = base_total;
        header.status = issued(header);
        Ok(entry)
    })?;
    let (mut headers, mut lines, mut taxes) = (Vec::with_capacity(drafts.len()), Vec::new(), Vec::new());
    let mut parts = Vec::new();
    for (id, written) in drafts {
        headers.push((id, written.header));
        parts.push((id, written.parts));
        lines.extend(written.lines);
        taxes.extend(written.taxes);
    }
    let rows = scope.insert_with_ids::<invoice::Entity>(headers).await?;
    invoice_lines::insert(scope, lines, taxes).await?;
    splits::keep(scope, SplitSubject::InvoiceLine, shares).await?;
    terms::insert(scope, parts).await?;
    ledger::post(scope, entries.into_iter().flatten().collect()).await?;
    Ok(rows)
}

/// Where an invoice stands that is just issued: one of nothing is paid.
const fn issued(invoice: &invoice::New) -> InvoiceStatus {
    if invoice.total_minor == 0 { InvoiceStatus::Paid } else { InvoiceStatus::Issued }
}

fn require_draft(invoice: &invoice::Model) -> Result<()> {
    if invoice.status == InvoiceStatus::Draft {
        return Ok(());
    }
    let message = Text::fixed(
        "An issued invoice stays as it is. Void it, and write another.",
        "გამოწერილი ინვოისი უცვლელია. გააუქმეთ და შექმენით ახალი.",
    );
    Err(Error::Conflict(message))
}

/// Changes a draft. Lines that are given replace all that were there.
pub async fn update(
    scope: &TenantScope,
    id: InvoiceId,
    version: i32,
    change: impl FnOnce(&mut InvoiceInput) + Send,
    lines: Option<Vec<LineInput>>,
) -> Result<invoice::Model> {
    let before = scope.editable::<invoice::Entity>(id, version).await?;
    require_draft(&before)?;
    credit_note::require_invoice(&before)?;
    let mut input = InvoiceInput { due: Some(terms::like(scope, &before).await?), ..values::given(before.clone()) };
    change(&mut input);
    let of_day = (before.currency.as_str(), before.date, before.rate);
    ledger::follow_day(scope, of_day, input.date, &mut input.rate).await?;
    let written = match lines {
        Some(lines) => {
            input.lines = lines;
            let references = References::load(scope, &[&input]).await?;
            values::draft(scope, &references, id, input)?
        }
        None if input.currency.as_ref() != Some(&before.currency) => {
            let message = Text::fixed(
                "Prices in another currency are others: give the lines too.",
                "სხვა ვალუტაში ფასებიც სხვაა: მიუთითეთ სტრიქონებიც.",
            );
            return Err(Error::invalid("lines", message));
        }
        None => {
            let lines = invoice_lines::to_reckon(scope, id).await?;
            let references = References::of_written(scope, &input, &lines).await?;
            values::redraft(scope, &references, input, lines)?
        }
    };
    let (source, external_id) = (before.source.clone(), before.external_id.clone());
    let recurring_invoice_id = before.recurring_invoice_id;
    let new = invoice::New { source, external_id, recurring_invoice_id, ..written.header.clone() };
    let replaced = invoice_lines::lines(scope, id).await?;
    let parts = invoice_lines::replaced(scope, id, &replaced, &written).await?;
    let after = invoice::Entity::revise(before.clone(), new);
    let after = scope.act_with_parts::<invoice::Entity>("update", &before, after, parts).await?;
    let is_earned_no_more = over_days(&replaced) && !over_days(&written.lines);
    splits::forget(scope, replaced.into_iter().map(|(id, _)| id.0).collect::<Vec<_>>()).await?;
    let of_invoice = invoice_line_tax::Column::InvoiceId.eq(id);
    scope.delete_parts::<invoice_line_tax::Entity>(Condition::all().add(of_invoice)).await?;
    scope.delete_parts::<invoice_line::Entity>(Condition::all().add(invoice_line::Column::InvoiceId.eq(id))).await?;
    invoice_lines::insert(scope, written.lines, written.taxes).await?;
    splits::keep(scope, SplitSubject::InvoiceLine, written.shares).await?;
    terms::replace(scope, id, written.parts).await?;
    if is_earned_no_more {
        recognition::release(scope, &after, scope.today()).await?;
    }
    Ok(after)
}

/// Whether something of an invoice is earned over days.
fn over_days(lines: &[(InvoiceLineId, invoice_line::New)]) -> bool {
    lines.iter().any(|(_, line)| line.service_from.is_some())
}

/// Issues a draft: it gets its number and is posted. Without a version it's issued as it is. A credit note stays a draft while it
/// waits for approval.
pub async fn issue(scope: &TenantScope, id: InvoiceId, version: Option<i32>) -> Result<invoice::Model> {
    issue_unless(scope, id, version, true).await
}

/// Issues a draft that is approved.
pub(super) async fn issue_approved(scope: &TenantScope, id: InvoiceId) -> Result<invoice::Model> {
    issue_unless(scope, id, None, false).await
}

/// What locks a draft and the invoice that it credits, if any: both at once, in the order in which everybody locks invoices.
fn lock_draft(scope: &TenantScope, id: InvoiceId) -> SelectStatement {
    let of = scope.find::<invoice::Entity>().filter(invoice::Column::Id.eq(id)).select_only();
    let of = of.column(invoice::Column::CreditsId).into_query();
    let of = Expr::SubQuery(None, Box::new(of.into()));
    let both = Condition::any()
        .add(invoice::Column::Id.eq(id))
        .add(sea_orm::ExprTrait::eq(Expr::col(invoice::Column::Id), of));
    scope.locked_where::<invoice::Entity>(both).into_query()
}

/// A draft that can be issued, and the invoice that it credits, if any.
fn draft_of(
    mut locked: Vec<invoice::Model>,
    id: InvoiceId,
    version: Option<i32>,
) -> Result<(invoice::Model, Option<invoice::Model>)> {
    let at = locked.iter().position(|row| row.id == id).ok_or(Error::not_found("invoice"))?;
    let draft = locked.swap_remove(at);
    if version.is_some_and(|version| version != draft.version) {
        return Err(Error::Conflict(messages::stale()));
    }
    if draft.archived_at.is_some() {
        return Err(Error::Conflict(messages::archived()));
    }
    if draft.status != InvoiceStatus::Draft {
        return Err(Error::Conflict(Text::fixed("This invoice is issued already.", "ეს ინვოისი უკვე გამოწერილია.")));
    }
    let of = locked.pop();
    if of.as_ref().is_some_and(|of| of.status == InvoiceStatus::Void) {
        let message = Text::fixed("The invoice that it credits is void.", "ინვოისი, რომელსაც აკრედიტებს, გაუქმებულია.");
        return Err(Error::Conflict(message));
    }
    Ok((draft, of))
}

async fn issue_unless(scope: &TenantScope, id: InvoiceId, version: Option<i32>, asks: bool) -> Result<invoice::Model> {
    let accounts = Accounts::select_named(scope, values::ROLES, []);
    let asked = [Some(lock_draft(scope, id)), Some(ToPost::select(scope, id)), Some(accounts)];
    let [locked, lines, accounts] = scope.query_together(asked).await?;
    let (before, of) = draft_of(locked.rows()?, id, version)?;
    if let Some(of) = &of {
        credit_note::check_sum(scope, of).await?;
    }
    let ToPost { lines, taxes, departments } = ToPost::found(lines.rows()?);
    let shares = invoice_lines::shares(scope, &lines).await?;
    if let Some(of) = of.as_ref().filter(|_| asks)
        && approval::credit_note_waits(scope, &before, (&lines, &departments), &shares, of).await?
    {
        return Ok(before);
    }
    let totals = reckoning::totals(&taxes)?;
    let books = Books::new(scope, &Accounts::of(accounts.rows()?)).with_shares(shares);
    let wanted = vec![(IssueNumber::Next, before.date)];
    let number = one(number::invoice_numbers(scope, before.kind, wanted).await?)?;
    let mut new = invoice::New { number: Some(number), ..invoice::Entity::values(before.clone()) };
    let (entry, base_total) = books.invoice(id, &new, &lines, &totals, &departments)?;
    new.base_total_minor = base_total;
    new.status = issued(&new);
    let after = scope.act::<invoice::Entity>("issue", &before, invoice::Entity::revise(before.clone(), new)).await?;
    ledger::post(scope, entry.into_iter().collect()).await?;
    if over_days(&lines) {
        // What was earned before it was billed is billed now.
        recognition::release(scope, &after, after.date).await?;
    }
    match of {
        None => Ok(after),
        Some(of) => {
            settlement::credit(scope, Document::Invoice(id), Document::Invoice(of.id), after.date).await?;
            scope.require::<invoice::Entity>(id).await
        }
    }
}

/// Takes an unpaid invoice back, today unless said, where no rule would ask for its credit note to be approved. It keeps its
/// number.
pub async fn void(scope: &TenantScope, id: InvoiceId, date: Option<NaiveDate>) -> Result<invoice::Model> {
    let before = scope.lock::<invoice::Entity>(id).await?;
    let message = match before.status {
        InvoiceStatus::Draft => Text::fixed("A draft is archived, not voided.", "მონახაზი არქივდება, არ უქმდება."),
        InvoiceStatus::Void => Text::fixed("This invoice is void already.", "ეს ინვოისი უკვე გაუქმებულია."),
        _ if before.paid_minor > 0 => Text::fixed(
            "Payments or credit notes settle this invoice. Undo them first.",
            "ამ ინვოისზე არის გადახდები ან კრედიტ-ნოტები. ჯერ ისინი გააუქმეთ.",
        ),
        _ if before.source.as_deref() == Some(super::opening::SOURCE) => Text::fixed(
            "This invoice was open before the books began. Write a credit note, or take the opening balances back as a whole.",
            "ეს ინვოისი წიგნების დაწყებამდე იყო ღია. გამოწერეთ კრედიტ-ნოტა ან მთლიანად გააუქმეთ საწყისი ნაშთები.",
        ),
        _ if before.einvoice_status == Some(EinvoiceStatus::Declared)
            || ledger::open_date(scope, before.date).await? != before.date =>
        {
            Text::fixed(
                "This invoice is declared, or its period is closed. Write a credit note.",
                "ეს ინვოისი დეკლარირებულია ან მისი პერიოდი დახურულია. გამოწერეთ კრედიტ-ნოტა.",
            )
        }
        _ if is_credited(scope, id).await? => Text::fixed(
            "A credit note takes this invoice back. Void the credit note first.",
            "ამ ინვოისს კრედიტ-ნოტა აქვს. ჯერ ნოტა გააუქმეთ.",
        ),
        _ if approval::credit_is_asked(scope, &before).await? => Text::fixed(
            "To take this invoice back needs approval. Write a credit note, which waits for it.",
            "ამ ინვოისის გაუქმებას დამტკიცება სჭირდება. გამოწერეთ კრედიტ-ნოტა, რომელიც დამტკიცებას დაელოდება.",
        ),
        _ => {
            let date = match date {
                Some(date) => date,
                None => ledger::open_date(scope, scope.today().max(before.date)).await?,
            };
            let after = invoice::Model { status: InvoiceStatus::Void, ..before.clone() };
            let after = scope.act::<invoice::Entity>("void", &before, after).await?;
            // An invoice of nothing has posted nothing.
            if after.total_minor > 0 {
                ledger::reverse(scope, SourceKind::Invoice, id.0, date).await?;
                recognition::release(scope, &after, date).await?;
            }
            return Ok(after);
        }
    };
    Err(Error::Conflict(message))
}

/// Whether an issued credit note takes an invoice back: without the invoice it would take back what nobody billed.
async fn is_credited(scope: &TenantScope, id: InvoiceId) -> Result<bool> {
    let select = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::CreditsId.eq(id))
        .filter(invoice::Column::Status.is_not_in([InvoiceStatus::Draft, InvoiceStatus::Void]));
    Ok(scope.first(select).await?.is_some())
}

/// Writes down the number and the status of the state's own e-invoice.
pub async fn set_einvoice(
    scope: &TenantScope,
    id: InvoiceId,
    number: Option<String>,
    status: Option<EinvoiceStatus>,
) -> Result<invoice::Model> {
    let before = scope.lock::<invoice::Entity>(id).await?;
    if before.number.is_none() || before.status == InvoiceStatus::Void {
        let message = Text::fixed(
            "Only an issued invoice has an e-invoice.",
            "ელექტრონული ანგარიშ-ფაქტურა მხოლოდ გამოწერილ ინვოისს აქვს.",
        );
        return Err(Error::Conflict(message));
    }
    let number = text::optional("number", number)?;
    if status.is_some() && number.is_none() {
        return Err(Error::invalid("number", messages::required()));
    }
    let after = invoice::Model { einvoice_number: number, einvoice_status: status, ..before.clone() };
    scope.act::<invoice::Entity>("set_einvoice", &before, after).await
}

/// Archives a draft.
pub async fn archive(scope: &TenantScope, id: InvoiceId, version: i32) -> Result<invoice::Model> {
    require_draft(&scope.lock::<invoice::Entity>(id).await?)?;
    approvals::service::require_not_waiting(scope, id.0).await?;
    scope.archive::<invoice::Entity>(id, version).await
}

/// Takes a draft out of the archive.
pub async fn restore(scope: &TenantScope, id: InvoiceId, version: i32) -> Result<invoice::Model> {
    require_draft(&scope.lock::<invoice::Entity>(id).await?)?;
    scope.restore::<invoice::Entity>(id, version).await
}
