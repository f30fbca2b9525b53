//! The rules of suppliers' bills: drafts are edited, posted ones stay as they are.

use chrono::NaiveDate;
use kamara_entities::{
    BillId, BillKind, BillLineId, BillStatus, EinvoiceStatus, SourceKind, TenantEntity, bill, bill_line_tax, company,
};
use sea_orm::{ColumnTrait, QueryFilter};

pub use super::bill_values::{BillInput, LineInput};
use super::{
    approval,
    batch::{departments_of, one},
    bill_lines::BillLines,
    bill_values::{self as values, Codes, References, Written},
    books::Books,
    budget::{self, BudgetUse},
    number, opening,
    payment::Document,
    settlement,
    tax::Amounts,
    tax_codes::{CODES, TaxCodes},
};
use crate::{
    approvals::service::require_not_waiting,
    error::{Error, Result, Text},
    ledger::{Accounts, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// Makes a draft. A credit note has its bill's currency and rate, and its lines unless others are given.
pub async fn create(scope: &TenantScope, mut input: BillInput) -> Result<bill::Model> {
    let id: BillId = scope.env().id();
    let credited = credited(scope, &mut input).await?;
    if let Some(bill) = credited.as_ref().filter(|_| input.lines.is_empty()) {
        input.lines = values::given_lines(&BillLines::of(scope, bill.id).await?);
    }
    let references = References::load(scope, &input).await?;
    let written = values::draft(scope, &references, id, input, credited.as_ref().map(|bill| bill.date))?;
    let Written { header, lines } = written;
    check(scope, id, &header, credited.as_ref()).await?;
    let rows = scope.insert_with_ids::<bill::Entity>(vec![(id, header)]).await?;
    lines.insert(scope).await?;
    one(rows)
}

/// The bill that a credit note takes back; gives the credit note its currency and its rate.
async fn credited(scope: &TenantScope, input: &mut BillInput) -> Result<Option<bill::Model>> {
    match (input.kind, input.credits_id) {
        (BillKind::Bill, None) => Ok(None),
        (BillKind::Bill, Some(_)) => {
            let message = Text::fixed("Only a credit note credits a bill.", "ინვოისს მხოლოდ კრედიტ-ნოტა აკრედიტებს.");
            Err(Error::invalid("creditsId", message))
        }
        (BillKind::CreditNote, None) => Err(Error::invalid("creditsId", messages::required())),
        (BillKind::CreditNote, Some(id)) => {
            let bill = scope.referred::<bill::Entity>("creditsId", id).await?;
            if input.currency.as_ref().is_some_and(|currency| *currency != bill.currency) {
                let message = Text::new(
                    format!("A credit note is in the currency of its bill: {}.", bill.currency),
                    format!("კრედიტ-ნოტა თავისი ინვოისის ვალუტაშია: {}.", bill.currency),
                );
                return Err(Error::invalid("currency", message));
            }
            input.currency = Some(bill.currency.clone());
            input.rate = Some(money::from_micro(bill.rate));
            Ok(Some(bill))
        }
    }
}

/// Checks a draft against other bills: the supplier's number is used once, and no more is credited than was billed. Locks the
/// bill that is credited, then the supplier, until the commit.
async fn check(scope: &TenantScope, id: BillId, new: &bill::New, credited: Option<&bill::Model>) -> Result<()> {
    if new.total_minor == 0 {
        let message = Text::fixed("A bill of nothing isn't posted.", "ნულოვანი ინვოისი არ ტარდება.");
        return Err(Error::invalid("lines", message));
    }
    if let Some(credited) = credited {
        check_credit(scope, id, new, credited.id).await?;
    }
    check_number(scope, id, new).await
}

/// A supplier's number is used once.
async fn check_number(scope: &TenantScope, id: BillId, new: &bill::New) -> Result<()> {
    let Some(key) = &new.supplier_key else { return Ok(()) };
    // Whoever writes another bill of this supplier waits, so that the first of two is there to be named.
    scope.lock::<company::Entity>(new.company_id).await?;
    let select = scope
        .find::<bill::Entity>()
        .filter(bill::Column::CompanyId.eq(new.company_id))
        .filter(bill::Column::SupplierKey.eq(key.as_str()))
        .filter(bill::Column::Id.ne(id));
    match scope.first(select).await? {
        None => Ok(()),
        Some(first) => Err(Error::invalid("supplierNumber", twice(&first))),
    }
}

fn twice(first: &bill::Model) -> Text {
    let number = first.supplier_number.as_deref().unwrap_or_default();
    match &first.number {
        Some(own) => Text::new(
            format!("{own} of {} is this supplier's {number} already.", first.date),
            format!("ამ მომწოდებლის {number} უკვე შეტანილია: {own}, {}.", first.date),
        ),
        None => Text::new(
            format!("A draft of {} is this supplier's {number} already.", first.date),
            format!("ამ მომწოდებლის {number} უკვე შეტანილია მონახაზად, {}.", first.date),
        ),
    }
}

/// No more is credited than was billed, by all credit notes together.
async fn check_credit(scope: &TenantScope, id: BillId, new: &bill::New, credited: BillId) -> Result<bill::Model> {
    let bill = scope.lock::<bill::Entity>(credited).await?;
    let wrong = |en: &'static str, ka: &'static str| Err(Error::invalid("creditsId", Text::fixed(en, ka)));
    if bill.kind != BillKind::Bill {
        return wrong(
            "A credit note credits a bill, not another credit note.",
            "კრედიტ-ნოტა ინვოისს ეხება და არა სხვა ნოტას.",
        );
    }
    if matches!(bill.status, BillStatus::Draft | BillStatus::Void) {
        return wrong("Only a posted bill can be credited.", "დაკრედიტება მხოლოდ გატარებულ ინვოისს შეეხება.");
    }
    if bill.company_id != new.company_id {
        return wrong("This is another supplier's bill.", "ეს სხვა მომწოდებლის ინვოისია.");
    }
    if new.date < bill.date {
        let message = Text::new(
            format!("A credit note is not dated before its bill, {}.", bill.date),
            format!("კრედიტ-ნოტა თავის ინვოისზე ({}) ადრე ვერ დათარიღდება.", bill.date),
        );
        return Err(Error::invalid("date", message));
    }
    let select = scope
        .find::<bill::Entity>()
        .filter(bill::Column::CreditsId.eq(credited))
        .filter(bill::Column::Id.ne(id))
        .filter(bill::Column::Status.is_in([BillStatus::Posted, BillStatus::PartlyPaid, BillStatus::Paid]));
    let before = money::sum("lines", scope.all(select).await?.iter().map(|note| note.total_minor))?;
    let left = bill.total_minor - before;
    if new.total_minor <= left {
        return Ok(bill);
    }
    let left = money::from_minor(left, &bill.currency);
    let message = Text::new(
        format!("{left} {} of the bill can still be credited.", bill.currency),
        format!("ინვოისიდან კიდევ {left} {} შეიძლება დაკრედიტდეს.", bill.currency),
    );
    Err(Error::invalid("lines", message))
}

fn require_draft(bill: &bill::Model) -> Result<()> {
    if bill.status == BillStatus::Draft {
        return Ok(());
    }
    let message = Text::fixed(
        "A posted bill stays as it is. Void it, and write another.",
        "გატარებული ინვოისი უცვლელია. გააუქმეთ და შექმენით ახალი.",
    );
    Err(Error::Conflict(message))
}

/// Changes a draft. Lines that are given replace all that were there.
pub async fn update(
    scope: &TenantScope,
    id: BillId,
    version: i32,
    change: impl FnOnce(&mut BillInput) + Send,
    lines: Option<Vec<LineInput>>,
) -> Result<bill::Model> {
    let before = scope.editable::<bill::Entity>(id, version).await?;
    require_draft(&before)?;
    require_not_waiting(scope, id.0).await?;
    let old = BillLines::of(scope, id).await?;
    let mut input = values::given(before.clone(), &old);
    change(&mut input);
    let of_day = (before.currency.as_str(), before.date, before.rate);
    ledger::follow_day(scope, of_day, input.date, &mut input.rate).await?;
    let replaces = lines.is_some();
    input.lines = lines.unwrap_or(input.lines);
    let credited = credited(scope, &mut input).await?;
    let references = References::load(scope, &input).await?;
    let written = values::draft(scope, &references, id, input, credited.as_ref().map(|bill| bill.date))?;
    let Written { header: new, lines } = written;
    if !replaces && new.currency != before.currency {
        let message = Text::fixed(
            "Prices in another currency are others: give the lines too.",
            "სხვა ვალუტაში ფასებიც სხვაა: მიუთითეთ სტრიქონებიც.",
        );
        return Err(Error::invalid("lines", message));
    }
    check(scope, id, &new, credited.as_ref()).await?;
    let new = bill::New { source: before.source.clone(), external_id: before.external_id.clone(), ..new };
    let after = bill::Entity::revise(before.clone(), new);
    let after = scope.act_with_parts::<bill::Entity>("update", &before, after, old.replaced_by(&lines)?).await?;
    lines.replace(scope, id, old).await?;
    Ok(after)
}

/// Posts a draft: it gets our number, and is owed. One whose date is closed already is posted on the first open day. Without a
/// version it's posted as it is. It stays a draft while it waits for approval. Tells where it goes over a budget that only warns.
pub async fn post(scope: &TenantScope, id: BillId, version: Option<i32>) -> Result<(bill::Model, Vec<Text>)> {
    post_unless(scope, id, version, true).await
}

/// Posts a draft that is approved.
pub(super) async fn post_approved(scope: &TenantScope, id: BillId) -> Result<bill::Model> {
    post_unless(scope, id, None, false).await.map(|(bill, _)| bill)
}

async fn post_unless(
    scope: &TenantScope,
    id: BillId,
    version: Option<i32>,
    asks: bool,
) -> Result<(bill::Model, Vec<Text>)> {
    let before = match version {
        Some(version) => scope.editable::<bill::Entity>(id, version).await?,
        None => scope.lock::<bill::Entity>(id).await?,
    };
    if before.archived_at.is_some() {
        return Err(Error::Conflict(messages::archived()));
    }
    if before.status != BillStatus::Draft {
        return Err(Error::Conflict(Text::fixed("This bill is posted already.", "ეს ინვოისი უკვე გატარებულია.")));
    }
    let mut new = bill::Entity::values(before.clone());
    let credited = match new.credits_id {
        Some(credited) => Some(check_credit(scope, id, &new, credited).await?),
        None => None,
    };
    let of_bill = BillLines::of(scope, id).await?;
    let amounts = reckoned(scope, &new, &of_bill, credited.map_or(new.date, |bill| bill.date)).await?;
    let BillLines { lines, shares, .. } = of_bill;
    let departments = departments_of(scope, lines.iter().filter_map(|(_, line)| line.project_id)).await?;
    let books = Books::new(scope, &Accounts::load(scope).await?).with_shares(shares.clone());
    let (mut entry, base_total) = books.bill((id, &new), &lines, &amounts, &departments)?;
    entry.date = ledger::open_date_of(scope, &entry).await?;
    let date = entry.date;
    // Nobody is asked for what a budget blocks.
    let warnings = budget::check(scope, &BudgetUse::of(&entry), Error::Conflict).await?;
    let asks = asks && before.kind == BillKind::Bill;
    if asks && approval::bill_waits(scope, &before, (&lines, &departments), &shares).await? {
        return Ok((before, warnings));
    }
    new.number = Some(number::next(scope, number::BILL).await?);
    entry.description = books.description_of(&new);
    new.base_total_minor = base_total;
    new.status = BillStatus::Posted;
    let after = scope.act::<bill::Entity>("post", &before, bill::Entity::revise(before.clone(), new)).await?;
    ledger::post(scope, vec![entry]).await?;
    let Some(credited) = after.credits_id else { return Ok((after, warnings)) };
    settlement::credit(scope, Document::Bill(id), Document::Bill(credited), date).await?;
    Ok((scope.require::<bill::Entity>(id).await?, warnings))
}

/// What a draft comes to, which is what it was when a person saw it.
async fn reckoned(scope: &TenantScope, bill: &bill::New, of_bill: &BillLines, date: NaiveDate) -> Result<Amounts> {
    let tax_codes = TaxCodes::load(scope, of_bill.taxes.iter().map(|tax| tax.tax_code_id).collect()).await?;
    let codes = |(id, _): &(BillLineId, _)| (CODES, of_bill.taxes_of(*id).map(|tax| tax.tax_code_id).collect());
    let codes: Vec<Codes> = of_bill.lines.iter().map(codes).collect();
    let amounts = values::amounts(&tax_codes, &bill.currency, (&of_bill.lines, &codes), date)?;
    let taxes = |taxes: &[bill_line_tax::New]| {
        let told = |tax: &bill_line_tax::New| {
            let amounts = (tax.base_minor, tax.tax_minor, tax.recoverable_minor);
            (tax.bill_line_id, tax.position, tax.rate_bp, amounts)
        };
        let mut taxes: Vec<_> = taxes.iter().map(told).collect();
        taxes.sort_unstable();
        taxes
    };
    let same_taxes = taxes(&values::taxes(&of_bill.lines, &amounts)) == taxes(&of_bill.taxes);
    if same_taxes && (amounts.net, amounts.total) == (bill.net_minor, bill.total_minor) {
        return Ok(amounts);
    }
    let message = Text::fixed(
        "A tax changed since this draft was written. Save it again, and look at its total.",
        "მონახაზის შექმნის შემდეგ გადასახადი შეიცვალა. შეინახეთ თავიდან და გადახედეთ ჯამს.",
    );
    Err(Error::Conflict(message))
}

/// Takes an unpaid bill back, on the first open day unless said. It keeps our number; the supplier's may be used again.
pub async fn void(scope: &TenantScope, id: BillId, date: Option<NaiveDate>) -> Result<bill::Model> {
    let before = scope.lock::<bill::Entity>(id).await?;
    let refused = |en, ka| Err(Error::Conflict(Text::fixed(en, ka)));
    match before.status {
        BillStatus::Draft => return refused("A draft is archived, not voided.", "მონახაზი არქივდება, არ უქმდება."),
        BillStatus::Void => return refused("This bill is void already.", "ეს ინვოისი უკვე გაუქმებულია."),
        _ if before.source.as_deref() == Some(opening::SOURCE) => {
            return refused(
                "This bill was open before the books began. Write a credit note, or take the opening balances back as a whole.",
                "ეს ინვოისი წიგნების დაწყებამდე იყო ღია. გამოწერეთ კრედიტ-ნოტა ან მთლიანად გააუქმეთ საწყისი ნაშთები.",
            );
        }
        _ if before.einvoice_status == Some(EinvoiceStatus::Declared) => {
            return refused(
                "This bill is in a tax return. Enter the supplier's credit note.",
                "ეს ინვოისი დეკლარაციაშია ასახული. შეიტანეთ მომწოდებლის კრედიტ-ნოტა.",
            );
        }
        _ if before.paid_minor > 0 => {
            return refused(
                "Payments or credit notes settle this bill. Undo them first.",
                "ამ ინვოისზე არის გადახდები ან კრედიტ-ნოტები. ჯერ ისინი გააუქმეთ.",
            );
        }
        _ => {}
    }
    if is_credited(scope, id).await? {
        return refused(
            "A credit note takes this bill back. Void the credit note first.",
            "ამ ინვოისს კრედიტ-ნოტა აქვს. ჯერ ნოტა გააუქმეთ.",
        );
    }
    let date = if let Some(date) = date {
        date
    } else {
        let posted = ledger::entry_of(scope, SourceKind::Bill, id.0).await?.map(|entry| entry.date);
        ledger::open_date(scope, scope.today().max(posted.unwrap_or(before.date))).await?
    };
    let after = bill::Model { status: BillStatus::Void, supplier_key: None, ..before.clone() };
    let after = scope.act::<bill::Entity>("void", &before, after).await?;
    ledger::reverse(scope, SourceKind::Bill, id.0, date).await?;
    Ok(after)
}

async fn is_credited(scope: &TenantScope, id: BillId) -> Result<bool> {
    let select = scope
        .find::<bill::Entity>()
        .filter(bill::Column::CreditsId.eq(id))
        .filter(bill::Column::Status.is_not_in([BillStatus::Draft, BillStatus::Void]));
    Ok(scope.first(select).await?.is_some())
}

/// Writes down the number and the status of the state's own e-invoice, as the supplier sent it.
pub async fn set_einvoice(
    scope: &TenantScope,
    id: BillId,
    number: Option<String>,
    status: Option<EinvoiceStatus>,
) -> Result<bill::Model> {
    let before = scope.lock::<bill::Entity>(id).await?;
    if matches!(before.status, BillStatus::Draft | BillStatus::Void) {
        let message = Text::fixed(
            "Only a posted bill has an e-invoice.",
            "ელექტრონული ანგარიშ-ფაქტურა მხოლოდ გატარებულ ინვოისს აქვს.",
        );
        return Err(Error::Conflict(message));
    }
    let number = text::optional("number", number)?;
    if status.is_some() && number.is_none() {
        return Err(Error::invalid("number", messages::required()));
    }
    let after = bill::Model { einvoice_number: number, einvoice_status: status, ..before.clone() };
    scope.act::<bill::Entity>("set_einvoice", &before, after).await
}

/// Archives a draft: the supplier's number may be used again.
pub async fn archive(scope: &TenantScope, id: BillId, version: i32) -> Result<bill::Model> {
    let before = at_version(scope, id, version).await?;
    if before.archived_at.is_some() {
        return Ok(before);
    }
    require_not_waiting(scope, id.0).await?;
    let after = bill::Model { supplier_key: None, archived_at: Some(scope.env().now()), ..before.clone() };
    scope.act::<bill::Entity>("archive", &before, after).await
}

/// Takes a draft out of the archive, unless its number is used by another now.
pub async fn restore(scope: &TenantScope, id: BillId, version: i32) -> Result<bill::Model> {
    let before = at_version(scope, id, version).await?;
    if before.archived_at.is_none() {
        return Ok(before);
    }
    let supplier_key = before.supplier_number.as_deref().map(values::key);
    let after = bill::Model { supplier_key, archived_at: None, ..before.clone() };
    check_number(scope, id, &bill::Entity::values(after.clone())).await?;
    scope.act::<bill::Entity>("restore", &before, after).await
}

/// A draft, archived or not, as the caller read it.
async fn at_version(scope: &TenantScope, id: BillId, version: i32) -> Result<bill::Model> {
    let bill = scope.lock::<bill::Entity>(id).await?;
    require_draft(&bill)?;
    require_not_waiting(scope, id.0).await?;
    if bill.version == version { Ok(bill) } else { Err(Error::Conflict(messages::stale())) }
}
