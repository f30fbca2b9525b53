//! What a person says that lines of statements are: entries that are there already, bookings of their own, or nothing. All of
//! it can be taken back, by dated counter-entries.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, BankLineStatus, BankMatchId, BankStatementLineId, JournalEntryId, JournalLineId, PaymentId, SourceKind,
    bank_account, bank_match, bank_statement_line, journal_entry, journal_line,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, Condition, QueryFilter, QuerySelect, QueryTrait};

use super::ledger_lines;
use crate::{
    error::{Error, Result, Text},
    finance::service::{
        budget::{self, BudgetUse},
        payment as payments,
    },
    ledger::{
        Accounts, Dimensions, EntryDraft,
        dates::CONTROL,
        service::{self as ledger, ManualLine},
    },
    money,
    tenancy::TenantScope,
    text,
};

/// Lines that one confirmation may match.
const LINES_MAX: usize = 100;
/// Entries that one line may be.
const ENTRIES_MAX: usize = 1_000;

/// What is booked of a line is called: the machine's reference, or the words.
pub(super) fn reference(line: &bank_statement_line::Model) -> Option<String> {
    let said = line.reference.as_ref().or(line.description.as_ref()).or(line.end_to_end_id.as_ref())?;
    Some(said.chars().take(text::NAME_MAX).collect())
}

/// Matches a line with entries that are there already: payments, transfers, whatever is on the bank's account.
pub async fn match_entries(
    scope: &TenantScope,
    line_id: BankStatementLineId,
    entry_ids: &[JournalEntryId],
) -> Result<bank_statement_line::Model> {
    if entry_ids.is_empty() || entry_ids.len() > ENTRIES_MAX {
        let message = Text::fixed("From 1 to 1,000 entries.", "1-დან 1000 გატარებამდე.");
        return Err(Error::invalid("entryIds", message));
    }
    let line = lock_line(scope, line_id).await?;
    refuse_closed(&line)?;
    let account = scope.require::<bank_account::Entity>(line.bank_account_id).await?;
    let wanted: HashSet<JournalEntryId> = entry_ids.iter().copied().collect();
    let entries = scope.by_ids::<journal_entry::Entity>(wanted.iter().copied()).await?;
    if let Some(place) = entry_ids.iter().position(|id| !entries.contains_key(id)) {
        return Err(Error::NotFound { what: "journal_entry", field: Some(format!("entryIds.{place}").into()) });
    }
    let found = ledger_lines::unstated(scope, &account, None, |select| {
        select.filter(journal_line::Column::EntryId.is_in(wanted.iter().copied()))
    })
    .await?;
    let with_line: HashSet<_> = found.iter().map(|found| found.entry.id).collect();
    if with_line != wanted {
        let message = Text::fixed(
            "An entry is not on this bank's account, was taken back, or is matched with another line already.",
            "გატარება ამ ბანკის ანგარიშზე არ არის, გაუქმებულია, ან უკვე მიბმულია სხვა სტრიქონზე.",
        );
        return Err(Error::invalid("entryIds", message));
    }
    let sum = money::sum("entryIds", found.iter().map(|found| found.line.amount_minor))?;
    if sum != line.amount_minor {
        let show = |minor| format!("{} {}", money::from_minor(minor, &account.currency), account.currency);
        let message = Text::new(
            format!("The entries make {}, and the bank says {}.", show(sum), show(line.amount_minor)),
            format!("გატარებების ჯამია {}, ბანკის თანხა კი {}.", show(sum), show(line.amount_minor)),
        );
        return Err(Error::invalid("entryIds", message));
    }
    let matched = set_status(scope, &line, BankLineStatus::Matched, None).await?;
    let new = found.into_iter().map(|found| new_match(scope, line_id, found.line.id, false)).collect();
    scope.insert_parts::<bank_match::Entity>(new).await?;
    Ok(matched)
}

/// What is booked for a line that no document stands behind.
#[derive(Clone, Debug)]
pub struct Booking {
    /// The line.
    pub line_id: BankStatementLineId,
    /// The other account.
    pub account_id: AccountId,
    /// What it is; what the bank says unless said.
    pub description: Option<String>,
    /// Base currency for one unit of the account's, where that's another; the day's unless said.
    pub rate: Option<Decimal>,
    /// What reports cut by.
    pub dimensions: Dimensions,
}

/// Books a line straight to an account: fees, interest, taxes. Tells where it goes over a budget that only warns.
pub async fn book(scope: &TenantScope, booking: Booking) -> Result<(bank_statement_line::Model, Vec<Text>)> {
    let line = lock_line(scope, booking.line_id).await?;
    refuse_closed(&line)?;
    let account = scope.require::<bank_account::Entity>(line.bank_account_id).await?;
    let accounts = Accounts::load(scope).await?;
    let other = accounts.referred("accountId", booking.account_id)?;
    if other.id == account.account_id || other.role.is_some_and(|role| CONTROL.contains(&role)) {
        let message = Text::fixed(
            "What clients, suppliers and employees owe or are owed is settled by payments; choose an account of cost, income, \
             or another that documents do not keep.",
            "კლიენტების, მომწოდებლებისა და თანამშრომლების ანგარიშები გადახდებით იფარება; აირჩიეთ ხარჯის, შემოსავლის ან სხვა \
             ანგარიში, რომელსაც დოკუმენტები არ მართავს.",
        );
        return Err(Error::invalid("accountId", message));
    }
    let matched = set_status(scope, &line, BankLineStatus::Matched, None).await?;
    let description = match booking.description {
        Some(description) => text::name("description", &description)?,
        None => reference(&line).or_else(|| line.counterparty.clone()).unwrap_or_else(|| account.name.clone()),
    };
    let amount = money::from_minor(line.amount_minor.abs(), &account.currency);
    let rate = ledger::rate_on("rate", scope, (&account.currency, line.date), booking.rate).await?;
    let side = |account_id, debit: bool, dimensions| ManualLine {
        account_id,
        debit: debit.then_some(amount),
        credit: (!debit).then_some(amount),
        currency: Some(account.currency.clone()),
        rate: Some(money::from_micro(rate)),
        description: None,
        party_id: None,
        dimensions,
        cost_centre_splits: Vec::new(),
    };
    let comes_in = line.amount_minor > 0;
    let sides =
        vec![side(account.account_id, comes_in, Dimensions::default()), side(other.id, !comes_in, booking.dimensions)];
    let draft = ledger::draft_entry(scope, line.date, &description, sides).await.map_err(of_booking)?;
    let draft = EntryDraft {
        date: ledger::open_date_of(scope, &draft).await?,
        service_date: Some(line.date),
        source_kind: SourceKind::BankLine,
        source_id: Some(line.id.0),
        ..draft
    };
    let warnings = budget::check(scope, &BudgetUse::of(&draft), Error::Conflict).await?;
    let entries = ledger::post(scope, vec![draft]).await?;
    link(scope, &account, &entries.into_iter().map(|entry| (entry.id, line.id)).collect()).await?;
    Ok((matched, warnings))
}

/// A manual entry names the field of one of its lines; here there is but one.
fn of_booking(error: Error) -> Error {
    let plain = |field: &str| field.rsplit('.').next().unwrap_or_default().to_owned();
    match error {
        Error::Invalid { field, message } => Error::invalid(plain(&field), message),
        Error::NotFound { what, field: Some(field) } => Error::NotFound { what, field: Some(plain(&field).into()) },
        other => other,
    }
}

/// Says that lines are to be in no ledger, and why.
pub async fn ignore(
    scope: &TenantScope,
    line_id: BankStatementLineId,
    note: Option<String>,
) -> Result<bank_statement_line::Model> {
    let note = text::optional("note", note)?;
    let line = lock_line(scope, line_id).await?;
    refuse_closed(&line)?;
    set_status(scope, &line, BankLineStatus::Ignored, note).await
}

/// Opens a line again: what was recorded by its match is taken back by counter-entries, dated today unless said; what was there
/// before stays.
pub async fn unmatch(
    scope: &TenantScope,
    line_id: BankStatementLineId,
    date: Option<NaiveDate>,
) -> Result<bank_statement_line::Model> {
    let line = lock_line(scope, line_id).await?;
    if line.status == BankLineStatus::Open {
        return Err(Error::Conflict(Text::fixed("This line is open already.", "ეს სტრიქონი უკვე ღიაა.")));
    }
    let of_line = || bank_match::Column::LineId.eq(line_id);
    let matches = scope.all(scope.find::<bank_match::Entity>().filter(of_line())).await?;
    let recorded: Vec<_> = matches.iter().filter(|found| found.recorded).map(|found| found.journal_line_id).collect();
    scope.delete_parts::<bank_match::Entity>(Condition::all().add(of_line())).await?;
    let opened = set_status(scope, &line, BankLineStatus::Open, None).await?;
    let journal = scope.by_ids::<journal_line::Entity>(recorded).await?;
    let entries = scope.by_ids::<journal_entry::Entity>(journal.values().map(|line| line.entry_id)).await?;
    let mut entries: Vec<_> = entries.into_values().collect();
    entries.sort_by_key(|entry| entry.seq);
    for entry in entries {
        take_back(scope, &entry, date).await?;
    }
    Ok(opened)
}

/// Takes back what a match recorded, unless somebody did already.
async fn take_back(scope: &TenantScope, entry: &journal_entry::Model, date: Option<NaiveDate>) -> Result<()> {
    let reversals = scope.find::<journal_entry::Entity>().filter(journal_entry::Column::ReversesId.eq(entry.id));
    if scope.first(reversals).await?.is_some() {
        return Ok(());
    }
    if let (SourceKind::Payment, Some(payment)) = (entry.source_kind, entry.source_id) {
        payments::reverse(scope, PaymentId(payment), date).await?;
        return Ok(());
    }
    let date = match date {
        Some(date) => date,
        None => ledger::open_date(scope, scope.today().max(entry.date)).await?,
    };
    ledger::reverse_entry(scope, entry, date).await?;
    Ok(())
}

/// Refuses to take back entries that a bank's statement has: its line is opened again first.
pub(in crate::finance) async fn refuse_matched(scope: &TenantScope, entries: &[JournalEntryId]) -> Result<()> {
    let lines = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::EntryId.is_in(entries.iter().copied()))
        .select_only()
        .column(journal_line::Column::Id);
    let matched = bank_match::Column::JournalLineId.in_subquery(lines.into_query());
    if scope.first(scope.find::<bank_match::Entity>().filter(matched)).await?.is_none() {
        return Ok(());
    }
    Err(Error::Conflict(Text::fixed(
        "A bank's statement has this. Open its line again first.",
        "ეს ბანკის ამონაწერშია. ჯერ ხელახლა გახსენით მისი სტრიქონი.",
    )))
}

/// Locks the line that an input's `lineId` names.
async fn lock_line(scope: &TenantScope, id: BankStatementLineId) -> Result<bank_statement_line::Model> {
    scope.lock_referred::<bank_statement_line::Entity>("lineId", id).await
}

/// Locks the lines that an input's `lineIds` name, of one account and open still.
pub(super) async fn lock_lines(
    scope: &TenantScope,
    ids: &[BankStatementLineId],
) -> Result<(bank_account::Model, Vec<bank_statement_line::Model>)> {
    if ids.is_empty() || ids.len() > LINES_MAX {
        return Err(Error::invalid("lineIds", Text::fixed("From 1 to 100 lines.", "1-დან 100 სტრიქონამდე.")));
    }
    let mut rows = scope.lock_all::<bank_statement_line::Entity>(ids.to_vec()).await?;
    // A line that is named twice isn't there the second time.
    let lines = named_lines(ids, |id| rows.remove(id))?;
    lines.iter().try_for_each(refuse_closed)?;
    Ok((one_account(scope, &lines).await?, lines))
}

/// The lines that an input's `lineIds` name, in their order.
pub(super) fn named_lines(
    ids: &[BankStatementLineId],
    mut take: impl FnMut(&BankStatementLineId) -> Option<bank_statement_line::Model>,
) -> Result<Vec<bank_statement_line::Model>> {
    let not_found =
        |place| Error::NotFound { what: "bank_statement_line", field: Some(format!("lineIds.{place}").into()) };
    ids.iter().enumerate().map(|(place, id)| take(id).ok_or_else(|| not_found(place))).collect()
}

/// The bank account that lines are of, of which there must be one.
pub(super) async fn one_account(
    scope: &TenantScope,
    lines: &[bank_statement_line::Model],
) -> Result<bank_account::Model> {
    let account = scope.require::<bank_account::Entity>(lines[0].bank_account_id).await?;
    if lines.iter().any(|line| line.bank_account_id != account.id) {
        let message =
            Text::fixed("These lines are of several bank accounts.", "ეს სტრიქონები რამდენიმე საბანკო ანგარიშისაა.");
        return Err(Error::invalid("lineIds", message));
    }
    Ok(account)
}

fn refuse_closed(line: &bank_statement_line::Model) -> Result<()> {
    if line.status == BankLineStatus::Open {
        return Ok(());
    }
    Err(Error::Conflict(Text::fixed(
        "This line is matched or ignored already. Open it again first.",
        "ეს სტრიქონი უკვე მიბმულია ან გამოტოვებულია. ჯერ ხელახლა გახსენით.",
    )))
}

/// Matches lines with the entries that were recorded for them.
pub(super) async fn link(
    scope: &TenantScope,
    account: &bank_account::Model,
    of_entries: &HashMap<JournalEntryId, BankStatementLineId>,
) -> Result<()> {
    let select = ledger_lines::on_account(scope, account)
        .filter(journal_line::Column::EntryId.is_in(of_entries.keys().copied()));
    let journal = scope.all(select).await?;
    let new = journal
        .iter()
        .filter_map(|line| Some(new_match(scope, *of_entries.get(&line.entry_id)?, line.id, true)))
        .collect();
    scope.insert_parts::<bank_match::Entity>(new).await?;
    Ok(())
}

fn new_match(
    scope: &TenantScope,
    line_id: BankStatementLineId,
    journal_line_id: JournalLineId,
    recorded: bool,
) -> (BankMatchId, bank_match::New) {
    (scope.env().id(), bank_match::New { line_id, journal_line_id, recorded })
}

pub(super) async fn set_status(
    scope: &TenantScope,
    line: &bank_statement_line::Model,
    status: BankLineStatus,
    note: Option<String>,
) -> Result<bank_statement_line::Model> {
    let after = bank_statement_line::Model { status, note, ..line.clone() };
    scope.update_row::<bank_statement_line::Entity>(line, after).await
}
