//! The rules of credit notes: they take an invoice back, wholly or in part, at its own rate and with its own taxes, and never more
//! than it billed.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{
    InvoiceId, InvoiceKind, InvoiceLineId, InvoiceStatus, SplitSubject, TaxCodeId, TaxKind, TenantEntity as _, invoice,
    invoice_line, invoice_line_tax,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::{invoice_lines, recognition::Period, settlement};
use crate::{
    error::{Error, Result, Text},
    ledger::{service as ledger, splits},
    money,
    tenancy::TenantScope,
    text,
};

/// What is given of a credit note.
#[derive(Clone, Debug)]
pub struct NewCreditNote {
    /// The invoice that is credited.
    pub invoice_id: InvoiceId,
    /// Date; today, or the first open day after it, unless said.
    pub date: Option<NaiveDate>,
    /// Why.
    pub note: Option<String>,
    /// What of which lines; all that isn't credited yet unless said.
    pub lines: Option<Vec<CreditLine>>,
}

/// What is credited of a line.
#[derive(Clone, Copy, Debug)]
pub struct CreditLine {
    /// The line of the invoice.
    pub line_id: InvoiceLineId,
    /// How much of its net amount; all that isn't credited yet unless said.
    pub net: Option<Decimal>,
    /// First day of the service that is credited, where the line is earned over days; all of the line's unless said.
    pub service_from: Option<NaiveDate>,
    /// Last day of it.
    pub service_to: Option<NaiveDate>,
}

/// Makes the draft of a credit note.
pub async fn create(scope: &TenantScope, new: NewCreditNote) -> Result<invoice::Model> {
    // Locked, so that two drafts can't credit the same amount.
    let not_found = |_| Error::NotFound { what: invoice::Entity::KIND, field: Some("invoiceId".into()) };
    let of = scope.lock::<invoice::Entity>(new.invoice_id).await.map_err(not_found)?;
    let credited = matches!(of.status, InvoiceStatus::Issued | InvoiceStatus::PartlyPaid | InvoiceStatus::Paid);
    if of.kind != InvoiceKind::Invoice || !credited {
        let message =
            Text::fixed("Only an issued invoice is credited.", "კრედიტ-ნოტა მხოლოდ გამოწერილ ინვოისზე იწერება.");
        return Err(Error::invalid("invoiceId", message));
    }
    let date = match new.date {
        Some(date) => date,
        None => ledger::open_date(scope, scope.today().max(of.date)).await?,
    };
    if date < of.date {
        let message = Text::new(
            format!("A credit note is not dated before its invoice, {}.", of.date),
            format!("კრედიტ-ნოტა ინვოისზე ({}) ადრე ვერ დათარიღდება.", of.date),
        );
        return Err(Error::invalid("date", message));
    }
    let left = left_of(scope, &of).await?;
    let id: InvoiceId = scope.env().id();
    let credited = lines(scope, &of, &left, id, new.lines)?;
    let sum = |value: fn(&invoice_line::New) -> i64| money::sum("lines", credited.iter().map(|one| value(&one.line)));
    let (net_minor, tax_minor) = (sum(|line| line.net_minor)?, sum(|line| line.tax_minor)?);
    let header = invoice::New {
        kind: InvoiceKind::CreditNote,
        credits_id: Some(of.id),
        number: None,
        status: InvoiceStatus::Draft,
        date,
        due_date: date,
        net_minor,
        discount_minor: sum(|line| line.discount_minor)?,
        tax_minor,
        total_minor: money::sum("lines", [net_minor, tax_minor])?,
        paid_minor: 0,
        base_total_minor: 0,
        base_paid_minor: 0,
        note: text::note("note", new.note)?,
        recurring_invoice_id: None,
        einvoice_number: None,
        einvoice_status: None,
        source: None,
        external_id: None,
        ..invoice::Entity::values(of)
    };
    let rows = scope.insert_with_ids::<invoice::Entity>(vec![(id, header)]).await?;
    let (lines, taxes): (Vec<_>, Vec<_>) = credited.into_iter().map(|one| ((one.id, one.line), one.taxes)).unzip();
    let of_lines = lines.iter().filter_map(|(id, line)| Some((line.credits_line_id?.0, id.0))).collect();
    invoice_lines::insert(scope, lines, taxes.into_iter().flatten().collect()).await?;
    splits::copy(scope, SplitSubject::InvoiceLine, of_lines).await?;
    super::batch::one(rows)
}

/// A line of an invoice, and what isn't credited of it yet.
struct Left {
    line: invoice_line::Model,
    net: i64,
    taxes: Vec<LeftTax>,
}

/// A tax of a line, and what isn't credited of it yet.
struct LeftTax {
    tax: invoice_line_tax::New,
    left: i64,
}

/// What a credit note shall take of a line.
struct Wanted<'a> {
    left: &'a Left,
    net: i64,
    /// The days of the service that are credited, where they aren't all of the line's.
    period: Option<Period>,
}

/// A line of a credit note.
struct Credited {
    id: InvoiceLineId,
    line: invoice_line::New,
    taxes: Vec<invoice_line_tax::New>,
}

/// What isn't credited of an invoice yet; drafts of credit notes count as well.
async fn left_of(scope: &TenantScope, of: &invoice::Model) -> Result<Vec<Left>> {
    use invoice::Column as C;
    let select = scope
        .find::<invoice::Entity>()
        .filter(C::CreditsId.eq(of.id))
        .filter(C::Status.ne(InvoiceStatus::Void))
        .filter(C::ArchivedAt.is_null());
    let notes: Vec<InvoiceId> = scope.all(select).await?.into_iter().map(|note| note.id).collect();
    let of_notes = invoice_line::Column::InvoiceId.is_in(notes.iter().copied());
    let mut lines_of_notes = HashMap::new();
    let mut credited: HashMap<InvoiceLineId, i64> = HashMap::new();
    for line in scope.all(scope.find::<invoice_line::Entity>().filter(of_notes)).await? {
        if let Some(id) = line.credits_line_id {
            lines_of_notes.insert(line.id, id);
            *credited.entry(id).or_default() += line.net_minor;
        }
    }
    let of_notes = invoice_line_tax::Column::InvoiceId.is_in(notes);
    let mut credited_taxes: HashMap<(InvoiceLineId, TaxCodeId), i64> = HashMap::new();
    for tax in scope.all(scope.find::<invoice_line_tax::Entity>().filter(of_notes)).await? {
        if let Some(id) = lines_of_notes.get(&tax.invoice_line_id) {
            *credited_taxes.entry((*id, tax.tax_code_id)).or_default() += tax.tax_minor;
        }
    }
    let mut taxes: HashMap<InvoiceLineId, Vec<LeftTax>> = HashMap::new();
    for tax in invoice_lines::taxes(scope, of.id).await? {
        let credited = credited_taxes.get(&(tax.invoice_line_id, tax.tax_code_id)).copied().unwrap_or_default();
        let left = tax.tax_minor - credited;
        taxes.entry(tax.invoice_line_id).or_default().push(LeftTax { tax, left });
    }
    let select = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::InvoiceId.eq(of.id))
        .order_by_asc(invoice_line::Column::Position);
    let left = |line: invoice_line::Model| {
        let credited = credited.get(&line.id).copied().unwrap_or_default();
        Left { net: line.net_minor - credited, taxes: taxes.remove(&line.id).unwrap_or_default(), line }
    };
    Ok(scope.all(select).await?.into_iter().map(left).collect())
}

fn lines(
    scope: &TenantScope,
    of: &invoice::Model,
    left: &[Left],
    id: InvoiceId,
    given: Option<Vec<CreditLine>>,
) -> Result<Vec<Credited>> {
    let whole = |left| Wanted { left, net: left.net, period: None };
    let wanted: Vec<Wanted<'_>> = match given {
        None => left.iter().filter(|left| left.net > 0).map(whole).collect(),
        Some(given) => {
            let mut wanted: Vec<Wanted<'_>> = Vec::with_capacity(given.len());
            for (place, line) in given.into_iter().enumerate() {
                let line = chosen(of, left, line).map_err(|error| error.within(&format!("lines.{place}")))?;
                if wanted.iter().any(|other| other.left.line.id == line.left.line.id) {
                    let message = Text::fixed("This line is named twice.", "ეს სტრიქონი ორჯერ არის მითითებული.");
                    return Err(Error::invalid(format!("lines.{place}.lineId"), message));
                }
                wanted.push(line);
            }
            wanted
        }
    };
    if wanted.is_empty() {
        let message = Text::fixed("All of this invoice is credited already.", "ეს ინვოისი სრულად არის დაკრედიტებული.");
        return Err(Error::Conflict(message));
    }
    let line = |(wanted, position)| credited(&wanted, (id, scope.env().id()), position);
    wanted.into_iter().zip(1..).map(line).collect()
}

fn chosen<'a>(of: &invoice::Model, left: &'a [Left], given: CreditLine) -> Result<Wanted<'a>> {
    let line = left.iter().find(|left| left.line.id == given.line_id);
    let line = line.ok_or(Error::NotFound { what: invoice_line::Entity::KIND, field: Some("lineId".into()) })?;
    let net = match given.net {
        None => line.net,
        Some(net) => settlement::positive("net", money::to_minor("net", net, &of.currency)?)?,
    };
    if net == 0 || net > line.net {
        let most = money::from_minor(line.net, &of.currency);
        let message = Text::new(
            format!("What isn't credited of this line yet is {most} {}.", of.currency),
            format!("ამ სტრიქონიდან ჯერ დაუკრედიტებელია {most} {}.", of.currency),
        );
        return Err(Error::invalid("net", message));
    }
    Ok(Wanted { left: line, net, period: period(&line.line, given)? })
}

/// The days that are credited lie within those in which the line is earned.
fn period(line: &invoice_line::Model, given: CreditLine) -> Result<Option<Period>> {
    let Some(period) = Period::given(given.service_from, given.service_to)? else { return Ok(None) };
    let (Some(first), Some(last)) = (line.service_from, line.service_to) else {
        let message = Text::fixed(
            "This line isn't earned over days: leave them out.",
            "ეს სტრიქონი დღეებზე არ ნაწილდება: თარიღები გამოტოვეთ.",
        );
        return Err(Error::invalid("serviceFrom", message));
    };
    let field = match (period.from < first, period.to > last) {
        (true, _) => "serviceFrom",
        (_, true) => "serviceTo",
        (false, false) => return Ok(Some(period)),
    };
    let message = Text::new(
        format!("This line is earned from {first} to {last}: choose days among these."),
        format!("ამ სტრიქონის მომსახურების დღეებია {first} – {last}: აირჩიეთ ამ შუალედიდან."),
    );
    Err(Error::invalid(field, message))
}

/// The line of a credit note: the same share of quantity and taxes as of the net amount, and all that is left with the last.
fn credited(wanted: &Wanted<'_>, (id, line_id): (InvoiceId, InvoiceLineId), position: i32) -> Result<Credited> {
    let Wanted { left, net, period } = *wanted;
    let line = &left.line;
    let share = |of: i64| {
        let whole = i128::from(line.net_minor.max(1));
        i64::try_from((i128::from(of) * i128::from(net) + whole / 2) / whole).map_err(Error::internal)
    };
    let whole = net == line.net_minor;
    let quantity = if whole { line.quantity } else { share(line.quantity)?.max(1) };
    let discount_minor = if whole { line.discount_minor } else { share(line.discount_minor)? };
    let taxes: Vec<invoice_line_tax::New> = left
        .taxes
        .iter()
        .map(|LeftTax { tax, left: rest }| {
            let tax_minor = if net == left.net { *rest } else { share(tax.tax_minor)?.min(*rest) };
            Ok(invoice_line_tax::New {
                invoice_id: id,
                invoice_line_id: line_id,
                base_minor: net,
                tax_minor,
                ..tax.clone()
            })
        })
        .collect::<Result<_>>()?;
    let charged = taxes.iter().filter(|tax| tax.kind == TaxKind::Standard).map(|tax| tax.tax_minor).sum();
    let line = invoice_line::New {
        invoice_id: id,
        position,
        quantity,
        net_minor: net,
        discount_minor,
        tax_minor: charged,
        credits_line_id: Some(line.id),
        service_from: period.map(|period| period.from).or(line.service_from),
        service_to: period.map(|period| period.to).or(line.service_to),
        ..invoice_line::Entity::values(line.clone())
    };
    Ok(Credited { id: line_id, line, taxes })
}

/// Refuses to issue more credit than was billed: a draft that was archived doesn't count until it's restored.
pub(super) async fn check_sum(scope: &TenantScope, of: &invoice::Model) -> Result<()> {
    if left_of(scope, of).await?.iter().all(|left| left.net >= 0) {
        return Ok(());
    }
    let message = Text::fixed(
        "All credit notes together credit more than the invoice billed. Archive one of the drafts.",
        "კრედიტ-ნოტები ერთად იმაზე მეტს აკრედიტებს, რაც ინვოისშია. დაარქივეთ ერთ-ერთი მონახაზი.",
    );
    Err(Error::Conflict(message))
}

/// Refuses to change a credit note: it copies its invoice.
pub(super) fn require_invoice(row: &invoice::Model) -> Result<()> {
    if row.kind == InvoiceKind::Invoice {
        return Ok(());
    }
    let message = Text::fixed(
        "A credit note copies its invoice. Archive it, and write another.",
        "კრედიტ-ნოტა თავის ინვოისს იმეორებს. დაარქივეთ და შექმენით ახალი.",
    );
    Err(Error::Conflict(message))
}
