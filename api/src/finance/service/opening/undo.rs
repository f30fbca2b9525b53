//! Opening balances are taken back as a whole: the entry is reversed, and the documents that it brought are void. Their numbers
//! may be used again then.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{
    BillStatus, EinvoiceStatus, ExpenseStatus, InvoiceStatus, JournalEntryId, PostingStatus, RecordEntity, SourceKind,
    bill, expense, invoice, journal_entry, journal_line, payment,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    db::PARAMETERS_MAX,
    error::{Error, Result, Text},
    finance::service::{bank, controls::Controls, open_items, settlement},
    ledger::{Accounts, Dimensions, EntryDraft, LineDraft, service as ledger},
    tenancy::TenantScope,
    text,
};

/// What stands between a number that is free again and the import that it came with.
pub(super) const GONE: &str = " ↺";
/// How many documents an error names.
const NAMES_MAX: usize = 3;

/// What was taken back.
#[derive(Debug)]
pub struct TakenBack {
    /// The entry that takes the import's back.
    pub entry: journal_entry::Model,
    /// How many documents are void.
    pub documents: usize,
}

/// Takes an import back: on its own day unless said, so that the books are as they were before it. Refused where any of its
/// documents was used since.
pub async fn take_back(
    scope: &TenantScope,
    id: JournalEntryId,
    date: Option<NaiveDate>,
    reason: &str,
) -> Result<TakenBack> {
    let reason = text::name("reason", reason)?;
    let entry = scope.referred::<journal_entry::Entity>("entryId", id).await?;
    if entry.source_kind != SourceKind::Opening || entry.reverses_id.is_some() {
        let message = Text::fixed(
            "This entry isn't an import of opening balances.",
            "ეს გატარება საწყისი ნაშთების გადმოტანა არ არის.",
        );
        return Err(Error::invalid("entryId", message));
    }
    let select = scope.find::<journal_line::Entity>().filter(journal_line::Column::EntryId.eq(id));
    let lines = scope.all(select.order_by_asc(journal_line::Column::Position)).await?;
    let documents = Documents::lock(scope, lines.iter().filter_map(|line| line.item_id).collect()).await?;
    // Read under the locks, since somebody may have taken it back meanwhile; the ledger's too, where it brought no documents.
    scope.take_sequence(0).await?;
    let reversal = scope.find::<journal_entry::Entity>().filter(journal_entry::Column::ReversesId.eq(id));
    if scope.first(reversal).await?.is_some() {
        return Err(Error::Conflict(Text::fixed(
            "These opening balances are taken back already.",
            "ეს საწყისი ნაშთები უკვე გაუქმებულია.",
        )));
    }
    documents.refuse_used(scope).await?;
    bank::matching::refuse_matched(scope, &[id]).await?;
    let mut draft = reversal_of(scope, &entry, lines, &documents).await?;
    draft.description = format!("{}: {reason}", draft.description);
    draft.date = date_of(scope, &entry, &draft, date).await?;
    let count = documents.len();
    documents.void(scope, &entry).await?;
    let posted = ledger::post(scope, vec![draft]).await?.pop();
    let entry = posted.ok_or_else(|| Error::internal("a reversal that wasn't posted"))?;
    Ok(TakenBack { entry, documents: count })
}

/// The day on which an import is taken back.
async fn date_of(
    scope: &TenantScope,
    entry: &journal_entry::Model,
    draft: &EntryDraft,
    given: Option<NaiveDate>,
) -> Result<NaiveDate> {
    if given.is_some() {
        return settlement::date_of_undoing(scope, given, entry.date).await;
    }
    if ledger::open_date_of(scope, draft).await? == entry.date {
        return Ok(entry.date);
    }
    let day = entry.date;
    Err(Error::Conflict(Text::new(
        format!("These balances are of {day}, which is closed. Open that day again, or choose a later one."),
        format!("ეს ნაშთები {day}-ისაა, ეს დღე კი დახურულია. ჯერ გახსენით ის ან აირჩიეთ უფრო გვიანი დღე."),
    )))
}

/// The contrary of an import. What is left of a payment that was used and given back may differ from what came by what was
/// rounded on the way.
async fn reversal_of(
    scope: &TenantScope,
    entry: &journal_entry::Model,
    lines: Vec<journal_line::Model>,
    documents: &Documents,
) -> Result<EntryDraft> {
    let left = open_items::balances(scope, documents.payments.iter().map(|row| row.id.0).collect()).await?;
    let contrary = |line: journal_line::Model| {
        let left = line.item_id.and_then(|item| left.get(&item)).copied();
        let contrary = LineDraft::from(line).negated();
        LineDraft { base_minor: left.map_or(contrary.base_minor, i64::wrapping_neg), ..contrary }
    };
    let lines = lines.into_iter().map(contrary).collect();
    let controls = Controls::new(scope, &Accounts::load(scope).await?);
    let lines = controls.balanced(lines, Dimensions::default())?;
    Ok(ledger::reversal_of(entry, entry.date, lines))
}

/// The documents of an import, locked.
struct Documents {
    invoices: Vec<invoice::Model>,
    bills: Vec<bill::Model>,
    expenses: Vec<expense::Model>,
    payments: Vec<payment::Model>,
}

impl Documents {
    /// Locks them in the order in which everybody does who settles some.
    async fn lock(scope: &TenantScope, items: Vec<Uuid>) -> Result<Self> {
        Ok(Self {
            invoices: locked::<invoice::Entity>(scope, &items).await?,
            bills: locked::<bill::Entity>(scope, &items).await?,
            expenses: locked::<expense::Entity>(scope, &items).await?,
            payments: locked::<payment::Entity>(scope, &items).await?,
        })
    }

    const fn len(&self) -> usize {
        self.invoices.len() + self.bills.len() + self.expenses.len() + self.payments.len()
    }

    /// Refuses those that something was done to since.
    async fn refuse_used(&self, scope: &TenantScope) -> Result<()> {
        let number = |row: &invoice::Model| row.number.clone().unwrap_or_default();
        let of_supplier = |row: &bill::Model| row.supplier_number.clone().unwrap_or_default();
        let mut settled: Vec<String> = self.invoices.iter().filter(|row| row.paid_minor > 0).map(number).collect();
        settled.extend(self.bills.iter().filter(|row| row.paid_minor > 0).map(of_supplier));
        settled.extend(self.expenses.iter().filter(|row| row.paid_minor > 0).map(|row| row.description.clone()));
        let used = self.payments.iter().filter(|row| row.allocated_minor > 0);
        settled.extend(used.filter_map(|row| row.reference.clone()));
        if !settled.is_empty() {
            return refuse(
                &settled,
                "are settled, used or written off, wholly or in part. Undo that first.",
                "ნაწილობრივ ან სრულად დაფარული, გამოყენებული ან ჩამოწერილია. ჯერ ეს გააუქმეთ.",
            );
        }
        let credited = self.credited(scope).await?;
        if !credited.is_empty() {
            return refuse(
                &credited,
                "have credit notes. Void those first.",
                "დაკრედიტებულია. ჯერ კრედიტ-ნოტები გააუქმეთ.",
            );
        }
        let is_declared = |status: Option<EinvoiceStatus>| status == Some(EinvoiceStatus::Declared);
        let invoices = self.invoices.iter().filter(|row| is_declared(row.einvoice_status)).map(number);
        let bills = self.bills.iter().filter(|row| is_declared(row.einvoice_status)).map(of_supplier);
        let declared: Vec<String> = invoices.chain(bills).collect();
        if declared.is_empty() {
            return Ok(());
        }
        refuse(
            &declared,
            "are declared as e-invoices. Change that first, if it's so.",
            "დეკლარირებულია ელექტრონულ ანგარიშ-ფაქტურად. თუ ასე აღარ არის, ჯერ სტატუსი შეცვალეთ.",
        )
    }

    /// The numbers of those that a credit note takes back which is issued: without them it would take back what nobody billed.
    async fn credited(&self, scope: &TenantScope) -> Result<Vec<String>> {
        use bill::Column as B;
        use invoice::Column as I;
        let mut numbers = Vec::new();
        let invoices: HashMap<_, _> = self.invoices.iter().map(|row| (row.id, &row.number)).collect();
        for ids in chunks(invoices.keys().map(|id| id.0)) {
            let select = scope.find::<invoice::Entity>().filter(I::CreditsId.is_in(ids));
            let issued = I::Status.is_not_in([InvoiceStatus::Draft, InvoiceStatus::Void]);
            let of = |note: invoice::Model| invoices.get(&note.credits_id?).copied()?.clone();
            numbers.extend(scope.all(select.filter(issued)).await?.into_iter().filter_map(of));
        }
        let bills: HashMap<_, _> = self.bills.iter().map(|row| (row.id, &row.supplier_number)).collect();
        for ids in chunks(bills.keys().map(|id| id.0)) {
            let select = scope.find::<bill::Entity>().filter(B::CreditsId.is_in(ids));
            let posted = B::Status.is_not_in([BillStatus::Draft, BillStatus::Void]);
            let of = |note: bill::Model| bills.get(&note.credits_id?).copied()?.clone();
            numbers.extend(scope.all(select.filter(posted)).await?.into_iter().filter_map(of));
        }
        Ok(numbers)
    }

    /// Makes them void, and their numbers free.
    async fn void(self, scope: &TenantScope, entry: &journal_entry::Model) -> Result<()> {
        let gone = |number: &Option<String>| number.as_ref().map(|number| format!("{number}{GONE}{}", entry.seq));
        for row in self.invoices {
            let (number, external_id) = (gone(&row.number), gone(&row.external_id));
            let after = invoice::Model { status: InvoiceStatus::Void, number, external_id, ..row.clone() };
            scope.act::<invoice::Entity>("void", &row, after).await?;
        }
        for row in self.bills {
            let (supplier_key, external_id) = (None, gone(&row.external_id));
            let after = bill::Model { status: BillStatus::Void, supplier_key, external_id, ..row.clone() };
            scope.act::<bill::Entity>("void", &row, after).await?;
        }
        for row in self.expenses {
            let external_id = gone(&row.external_id);
            let after = expense::Model { status: ExpenseStatus::Reversed, external_id, ..row.clone() };
            scope.act::<expense::Entity>("reverse", &row, after).await?;
        }
        for row in self.payments {
            let external_id = gone(&row.external_id);
            let after = payment::Model { status: PostingStatus::Reversed, external_id, ..row.clone() };
            scope.act::<payment::Entity>("reverse", &row, after).await?;
        }
        Ok(())
    }
}

async fn locked<E: RecordEntity>(scope: &TenantScope, items: &[Uuid]) -> Result<Vec<E::Row>>
where
    E::Id: From<Uuid>,
{
    Ok(scope.lock_all::<E>(items.iter().map(|id| E::Id::from(*id))).await?.into_values().collect())
}

fn chunks(ids: impl Iterator<Item = Uuid>) -> Vec<Vec<Uuid>> {
    let ids: Vec<Uuid> = ids.collect();
    ids.chunks(PARAMETERS_MAX).map(<[Uuid]>::to_vec).collect()
}

fn refuse(numbers: &[String], en: &str, ka: &str) -> Result<()> {
    let mut names = numbers[..numbers.len().min(NAMES_MAX)].join(", ");
    if numbers.len() > NAMES_MAX {
        names.push('…');
    }
    Err(Error::Conflict(Text::new(format!("{names} {en}"), format!("{names} {ka}"))))
}
