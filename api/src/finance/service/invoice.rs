//! The rules of invoices: drafts are edited, issued ones are posted and stay as they are.

use chrono::NaiveDate;
use kamara_entities::{
    EinvoiceStatus, InvoiceId, InvoiceKind, InvoiceLineId, InvoiceStatus, ProjectId, SourceKind, SplitSubject,
    TenantEntity, invoice, invoice_line, project,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder};
use uuid::Uuid;

pub use super::invoice_values::{Due, InvoiceInput, LineInput, LineTax};
use super::{
    External, IssueNumber,
    batch::{BatchError, Referred, each, one},
    books::Books,
    credit_note,
    invoice_values::{self as values, References},
    number,
};
use crate::{
    error::{Error, Result, Text},
    ledger::{
        Accounts, EntryDraft, service as ledger,
        splits::{self, CostShare},
    },
    messages,
    tenancy::TenantScope,
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

type Parts = Vec<(InvoiceLineId, invoice_line::New)>;

fn parts(scope: &TenantScope, lines: Vec<invoice_line::New>) -> Parts {
    lines.into_iter().map(|line| (scope.env().id(), line)).collect()
}

/// Writes the lines of invoices, and the shares of their cost centres in the same order.
async fn insert_lines(scope: &TenantScope, lines: Parts, shares: Vec<Vec<CostShare>>) -> Result<()> {
    let shares: Vec<_> = lines.iter().map(|(id, _)| id.0).zip(shares).collect();
    scope.insert_parts::<invoice_line::Entity>(lines).await?;
    splits::keep(scope, SplitSubject::InvoiceLine, shares).await
}

/// Makes a draft.
pub async fn create(scope: &TenantScope, input: InvoiceInput) -> Result<invoice::Model> {
    let references = References::load(scope, &[&input]).await?;
    let id: InvoiceId = scope.env().id();
    let shares = values::shares(&references, &input.lines)?;
    let (new, lines) = values::draft(scope, &references, id, input)?;
    let rows = scope.insert_with_ids::<invoice::Entity>(vec![(id, new)]).await?;
    insert_lines(scope, parts(scope, lines), shares).await?;
    one(rows)
}

/// Makes invoices and issues them at once. A handful of statements, however many they are.
pub async fn issue_new_invoices(scope: &TenantScope, new: Vec<NewInvoice>) -> Result<Vec<invoice::Model>, BatchError> {
    let inputs: Vec<&InvoiceInput> = new.iter().map(|new| &new.input).collect();
    let references = References::load(scope, &inputs).await?;
    let mut numbers = Vec::with_capacity(new.len());
    let mut drafts = each(new, |new| {
        let id: InvoiceId = scope.env().id();
        let shares = values::shares(&references, &new.input.lines)?;
        let (mut header, lines) = values::draft(scope, &references, id, new.input)?;
        (header.source, header.external_id) = External::columns(new.external);
        numbers.push((new.number, header.date));
        Ok((id, header, lines, shares))
    })?;
    let numbers = number::invoice_numbers(scope, InvoiceKind::Invoice, numbers).await?;
    let books = Books::new(scope, &references.accounts);
    let departments = references.departments();
    let entries = each(drafts.iter_mut().zip(numbers), |((id, header, lines, shares), number)| {
        header.number = Some(number);
        let shares = lines.iter().map(|line| line.position).zip(shares.iter().cloned()).collect();
        let (entry, base_total) = books.invoice(*id, header, lines, &departments, &shares)?;
        header.base_total_minor = base_total;
        header.status = issued(header);
        Ok(entry)
    })?;
    let (mut headers, mut lines, mut shares) = (Vec::with_capacity(drafts.len()), Vec::new(), Vec::new());
    for (id, header, of_invoice, of_lines) in drafts {
        headers.push((id, header));
        lines.extend(parts(scope, of_invoice));
        shares.extend(of_lines);
    }
    let rows = scope.insert_with_ids::<invoice::Entity>(headers).await?;
    insert_lines(scope, lines, shares).await?;
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

async fn lines_of(scope: &TenantScope, id: InvoiceId) -> Result<Vec<invoice_line::Model>> {
    let select = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::InvoiceId.eq(id))
        .order_by_asc(invoice_line::Column::Position);
    scope.all(select).await
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
    let mut input = values::given(before.clone());
    change(&mut input);
    let replaces = lines.is_some();
    input.lines = lines.unwrap_or_default();
    let references = References::load(scope, &[&input]).await?;
    let shares = values::shares(&references, &input.lines)?;
    let old = lines_of(scope, id).await?;
    let old_ids: Vec<Uuid> = old.iter().map(|line| line.id.0).collect();
    let (new, lines) = if replaces {
        values::draft(scope, &references, id, input)?
    } else {
        let lines = old.into_iter().map(invoice_line::Entity::values).collect::<Vec<_>>();
        (values::header(scope, &references, input, &lines)?, lines)
    };
    if !replaces && new.currency != before.currency {
        let message = Text::fixed(
            "Prices in another currency are others: give the lines too.",
            "სხვა ვალუტაში ფასებიც სხვაა: მიუთითეთ სტრიქონებიც.",
        );
        return Err(Error::invalid("lines", message));
    }
    let new = invoice::New { source: before.source.clone(), external_id: before.external_id.clone(), ..new };
    let after = scope.update::<invoice::Entity>(&before, invoice::Entity::revise(before.clone(), new)).await?;
    if replaces {
        splits::forget(scope, old_ids).await?;
        scope
            .delete_parts::<invoice_line::Entity>(Condition::all().add(invoice_line::Column::InvoiceId.eq(id)))
            .await?;
        insert_lines(scope, parts(scope, lines), shares).await?;
    }
    Ok(after)
}

/// Issues a draft: it gets its number and is posted. Without a version it's issued as it is.
pub async fn issue(scope: &TenantScope, id: InvoiceId, version: Option<i32>) -> Result<invoice::Model> {
    // A credit note and its invoice are locked at once, in the order in which everybody locks invoices.
    let of = scope.require::<invoice::Entity>(id).await?.credits_id;
    let mut locked = scope.lock_all::<invoice::Entity>([id].into_iter().chain(of)).await?;
    let before = locked.remove(&id).ok_or(Error::not_found("invoice"))?;
    if version.is_some_and(|version| version != before.version) {
        return Err(Error::Conflict(messages::stale()));
    }
    if before.archived_at.is_some() {
        return Err(Error::Conflict(messages::archived()));
    }
    if before.status != InvoiceStatus::Draft {
        return Err(Error::Conflict(Text::fixed("This invoice is issued already.", "ეს ინვოისი უკვე გამოწერილია.")));
    }
    let of = before.credits_id.and_then(|of| locked.remove(&of));
    if of.as_ref().is_some_and(|of| of.status == InvoiceStatus::Void) {
        let message = Text::fixed("The invoice that it credits is void.", "ინვოისი, რომელსაც აკრედიტებს, გაუქმებულია.");
        return Err(Error::Conflict(message));
    }
    let rows = lines_of(scope, id).await?;
    let mut of_rows = splits::of_lines(scope, rows.iter().map(|row| row.id.0)).await?;
    let shares = rows.iter().filter_map(|row| Some((row.position, of_rows.remove(&row.id.0)?))).collect();
    let lines: Vec<_> = rows.into_iter().map(invoice_line::Entity::values).collect();
    let projects: Vec<ProjectId> = lines.iter().filter_map(|line| line.project_id).collect();
    let projects = Referred::<project::Entity>::load(scope, projects).await?;
    let departments = projects.rows().map(|project| (project.id, project.department_id)).collect();
    let accounts = Accounts::load(scope).await?;
    let books = Books::new(scope, &accounts);
    let wanted = vec![(IssueNumber::Next, before.date)];
    let number = one(number::invoice_numbers(scope, before.kind, wanted).await?)?;
    let mut new = invoice::New { number: Some(number), ..invoice::Entity::values(before.clone()) };
    let (entry, base_total) = books.invoice(id, &new, &lines, &departments, &shares)?;
    new.base_total_minor = base_total;
    new.status = issued(&new);
    let mut entries: Vec<EntryDraft> = entry.into_iter().collect();
    if let Some(of) = of {
        let settled = credit_note::settle(scope, &accounts, (id, &mut new), of).await?;
        entries.extend(settled);
    }
    let after = scope.act::<invoice::Entity>("issue", &before, invoice::Entity::revise(before.clone(), new)).await?;
    ledger::post(scope, entries).await?;
    Ok(after)
}

/// Takes an unpaid invoice back, today unless said. It keeps its number.
pub async fn void(scope: &TenantScope, id: InvoiceId, date: Option<NaiveDate>) -> Result<invoice::Model> {
    let before = scope.lock::<invoice::Entity>(id).await?;
    let message = match before.status {
        InvoiceStatus::Draft => Text::fixed("A draft is archived, not voided.", "მონახაზი არქივდება, არ უქმდება."),
        InvoiceStatus::Void => Text::fixed("This invoice is void already.", "ეს ინვოისი უკვე გაუქმებულია."),
        InvoiceStatus::Template => {
            Text::fixed("A template is never issued, so it can't be void.", "შაბლონი არ იწერება, ამიტომ ვერ გაუქმდება.")
        }
        _ if before.paid_minor > 0 => Text::fixed(
            "Payments or credit notes settle this invoice. Undo them first.",
            "ამ ინვოისზე არის გადახდები ან კრედიტ-ნოტები. ჯერ ისინი გააუქმეთ.",
        ),
        _ if before.einvoice_status == Some(EinvoiceStatus::Declared)
            || ledger::open_date(scope, before.date).await? != before.date =>
        {
            Text::fixed(
                "This invoice is declared, or its period is closed. Write a credit note.",
                "ეს ინვოისი დეკლარირებულია ან მისი პერიოდი დახურულია. გამოწერეთ კრედიტ-ნოტა.",
            )
        }
        _ => {
            let date = date.unwrap_or_else(|| scope.today().max(before.date));
            let after = invoice::Model { status: InvoiceStatus::Void, ..before.clone() };
            let after = scope.act::<invoice::Entity>("void", &before, after).await?;
            // An invoice of nothing has posted nothing.
            if after.total_minor > 0 {
                ledger::reverse(scope, SourceKind::Invoice, id.0, date).await?;
            }
            return Ok(after);
        }
    };
    Err(Error::Conflict(message))
}

/// Archives a draft.
pub async fn archive(scope: &TenantScope, id: InvoiceId, version: i32) -> Result<invoice::Model> {
    require_draft(&scope.lock::<invoice::Entity>(id).await?)?;
    scope.archive::<invoice::Entity>(id, version).await
}

/// Takes a draft out of the archive.
pub async fn restore(scope: &TenantScope, id: InvoiceId, version: i32) -> Result<invoice::Model> {
    require_draft(&scope.lock::<invoice::Entity>(id).await?)?;
    scope.restore::<invoice::Entity>(id, version).await
}
