//! The run at a month's end: what should wait, less what waits already, is posted.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use kamara_entities::{AccountType, InvoiceId, InvoiceKind, Language, SourceKind, invoice, journal_entry};
use uuid::Uuid;

use super::{
    arithmetic::{Cut, Lines},
    booked,
    targets::{self, Target},
};
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    tenancy::TenantScope,
};

/// What a run comes to, or would.
#[derive(Debug)]
pub struct Recognition {
    /// The day at whose end it counts.
    pub date: NaiveDate,
    /// Each document of which something waits, or is to be posted.
    pub documents: Vec<Recognised>,
}

/// What a run comes to for one document.
#[derive(Debug)]
pub struct Recognised {
    /// The invoice, or the draft of one.
    pub invoice: invoice::Model,
    /// What is billed and not earned, in the base currency; negative of a credit note.
    pub deferred: i64,
    /// What is earned and not billed.
    pub unbilled: i64,
    /// By what the run changes the revenue up to the day; negative puts it off.
    pub change: i64,
    /// What the run posts.
    lines: Lines,
    /// From when on the ledger stays as it was before the run.
    until: Option<NaiveDate>,
    /// The entry; none in a preview, and where nothing changes.
    pub entry: Option<journal_entry::Model>,
    /// The entry that takes it back, where what holds later is known already.
    pub reversal: Option<journal_entry::Model>,
}

/// What a run at the end of a day would post.
pub async fn preview(scope: &TenantScope, date: NaiveDate) -> Result<Recognition> {
    if date > scope.today() {
        let message = Text::fixed(
            "What is earned by a day is known when the day has come.",
            "რა არის გამომუშავებული, ცნობილია მაშინ, როცა ეს დღე დადგება.",
        );
        return Err(Error::invalid("date", message));
    }
    plan(scope, &Accounts::load(scope).await?, date).await
}

/// Posts what is earned by the end of a day: what is billed and not earned leaves the revenue, what is earned and not billed
/// joins it. What runs before have booked counts, so that the last run is what holds, and a second posts nothing.
pub async fn recognise(scope: &TenantScope, date: NaiveDate) -> Result<Recognition> {
    // Locked before the balances are read: whoever posts meanwhile waits.
    scope.take_sequence(0).await?;
    let mut recognition = preview(scope, date).await?;
    let accounts = Accounts::load(scope).await?;
    let language = scope.tenant().language;
    let mut posted: Vec<&mut Recognised> =
        recognition.documents.iter_mut().filter(|document| !document.lines.is_empty()).collect();
    let draft = |document: &&mut Recognised| {
        let what = match language {
            Language::En => "Revenue recognised",
            Language::Ka => "შემოსავლის აღიარება",
        };
        entry(
            &accounts,
            date,
            &format!("{what}: {}", name(&document.invoice, language)),
            &document.invoice,
            &document.lines,
        )
    };
    let entries = ledger::post(scope, posted.iter().map(draft).collect()).await?;
    let mut reversals = Vec::new();
    for (document, entry) in posted.iter_mut().zip(entries) {
        if let Some(until) = document.until {
            let lines = drafts(&accounts, &Lines::default().less(&document.lines)?);
            reversals.push(ledger::reversal_of(&entry, until, lines));
        }
        document.entry = Some(entry);
    }
    let reversals = ledger::post(scope, reversals).await?;
    let taken_back = posted.into_iter().filter(|document| document.until.is_some());
    for (document, reversal) in taken_back.zip(reversals) {
        document.reversal = Some(reversal);
    }
    Ok(recognition)
}

async fn plan(scope: &TenantScope, accounts: &Accounts, date: NaiveDate) -> Result<Recognition> {
    let mut targets = targets::at(scope, accounts, date).await?;
    let mut booked = booked::at(scope, date).await?;
    for document in booked.keys() {
        targets.entry(*document).or_default();
    }
    let invoices = scope.by_ids::<invoice::Entity>(targets.keys().map(|id| InvoiceId(*id))).await?;
    let later = booked::after(scope, date).await?;
    let mut documents = Vec::with_capacity(targets.len());
    for (id, target) in targets {
        let invoice = invoices.get(&InvoiceId(id)).cloned();
        let invoice = invoice.ok_or_else(|| Error::internal("revenue of a document that isn't there"))?;
        let Target { lines, deferred, unbilled, until } = target;
        let lines = lines.less(&booked.remove(&id).unwrap_or_default())?;
        if lines.is_empty() && deferred == 0 && unbilled == 0 {
            continue;
        }
        let until = until.into_iter().chain(later.get(&id).copied()).min();
        let change = -lines.on(|account| is_income(accounts, account));
        documents.push(Recognised { invoice, deferred, unbilled, change, lines, until, entry: None, reversal: None });
    }
    documents.sort_by(|one, other| order(&one.invoice).cmp(&order(&other.invoice)));
    Ok(Recognition { date, documents })
}

/// Drafts, which have no number, stand last.
fn order(invoice: &invoice::Model) -> (bool, NaiveDate, Option<&String>, InvoiceId) {
    (invoice.number.is_none(), invoice.date, invoice.number.as_ref(), invoice.id)
}

fn is_income(accounts: &Accounts, id: kamara_entities::AccountId) -> bool {
    accounts.get(id).is_some_and(|account| account.account_type == AccountType::Income)
}

/// Takes back, from a day on, what is booked of a document: it's billed then, or void, or waits for nothing any more. What was
/// booked for a later day is taken back on that day, and what would fall into a closed period on the first day that is open.
pub(in super::super) async fn release(scope: &TenantScope, invoice: &invoice::Model, from: NaiveDate) -> Result<()> {
    let booked = booked::of(scope, invoice.id.0).await?;
    if booked.is_empty() {
        return Ok(());
    }
    // Neither taxes nor control accounts are posted to, so only the whole books' close counts.
    let closed_until = ledger::ledger_of(scope).await?.closed_until;
    let from = closed_until.and_then(|day| day.succ_opt()).map_or(from, |open| open.max(from));
    let mut by_day: BTreeMap<NaiveDate, Lines> = BTreeMap::new();
    for (date, lines) in booked {
        let day = by_day.entry(date.max(from)).or_default();
        *day = std::mem::take(day).less(&lines)?;
    }
    let accounts = Accounts::load(scope).await?;
    let language = scope.tenant().language;
    let what = match language {
        Language::En => "Recognition taken back",
        Language::Ka => "აღიარების გაუქმება",
    };
    let text = format!("{what}: {}", name(invoice, language));
    let days = by_day.into_iter().filter(|(_, lines)| !lines.is_empty());
    let entries = days.map(|(date, lines)| entry(&accounts, date, &text, invoice, &lines)).collect();
    ledger::post(scope, entries).await?;
    Ok(())
}

/// What an invoice is called.
fn name(invoice: &invoice::Model, language: Language) -> String {
    let what = match (language, invoice.kind, invoice.number.is_some()) {
        (Language::En, InvoiceKind::Invoice, true) => "invoice",
        (Language::En, InvoiceKind::Invoice, false) => "draft of an invoice",
        (Language::En, InvoiceKind::CreditNote, _) => "credit note",
        (Language::Ka, InvoiceKind::Invoice, true) => "ინვოისი",
        (Language::Ka, InvoiceKind::Invoice, false) => "ინვოისის მონახაზი",
        (Language::Ka, InvoiceKind::CreditNote, _) => "კრედიტ-ნოტა",
    };
    invoice.number.as_ref().map_or_else(|| what.to_owned(), |number| format!("{what} {number}"))
}

fn entry(accounts: &Accounts, date: NaiveDate, text: &str, invoice: &invoice::Model, lines: &Lines) -> EntryDraft {
    let (kind, source): (_, Uuid) = (SourceKind::Recognition, invoice.id.0);
    EntryDraft::new(date, text.to_owned(), kind, Some(source), drafts(accounts, lines))
}

/// Debits first, by the accounts' codes.
///
/// They name no item: that's for documents which are open on a control account, and the source says whose they are.
fn drafts(accounts: &Accounts, lines: &Lines) -> Vec<LineDraft> {
    let codes: HashMap<_, _> = accounts.iter().map(|account| (account.id, account.code.as_str())).collect();
    let mut lines: Vec<_> = lines.iter().collect();
    lines.sort_by_key(|(cut, amounts)| (amounts.base < 0, codes.get(&cut.account_id)));
    let draft = |(cut, amounts): (&Cut, super::arithmetic::Amounts)| LineDraft {
        dimensions: cut.dimensions.clone(),
        ..LineDraft::new(cut.account_id, amounts.minor, &cut.currency, cut.rate, amounts.base)
    };
    lines.into_iter().map(draft).collect()
}
