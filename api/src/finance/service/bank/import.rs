//! Taking a bank's file in: all of it, or nothing.
//!
//! Each statement goes on where the one before ended. Bookings that an earlier file had are recognised by what the bank says of
//! them, so that a file which begins earlier than it should is taken from where it is new.

use std::collections::HashMap;

use kamara_entities::{BankAccountId, BankLineStatus, bank_account, bank_statement, bank_statement_line};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use sha2::{Digest as _, Sha256};

use super::{
    camt,
    csv_file::{self, Mapping},
    statement::{Line, Statement, account_number, refused},
};
use crate::{
    db::PARAMETERS_MAX,
    env::hex,
    error::{Error, Result, Text},
    money,
    tenancy::TenantScope,
    text,
};

/// How long a text of a line may be; what is over is cut off.
const TEXT_MAX: usize = 1_000;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// ISO 20022 camt.053.
    Camt053,
    /// CSV.
    Csv,
}

/// A bank's file.
#[derive(Clone, Debug)]
pub struct File {
    /// For which account.
    pub bank_account_id: BankAccountId,
    /// What it is.
    pub format: Format,
    /// Its text.
    pub content: String,
    /// What is in which column, for CSV.
    pub mapping: Mapping,
}

/// What a file holds that is new.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The account.
    pub account: bank_account::Model,
    /// Its statements, in their order, without what is known.
    pub statements: Vec<Statement>,
    /// How many lines were there already.
    pub skipped: usize,
    keys: Vec<Vec<(String, i32)>>,
    file_hash: String,
    ordinal: i32,
}

/// What was taken in.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The statements.
    pub statements: Vec<bank_statement::Model>,
    /// How many lines they have.
    pub lines: usize,
    /// How many lines were there already.
    pub skipped: usize,
}

/// Reads a file, and says what is new in it; writes nothing.
pub async fn preview(scope: &TenantScope, file: &File) -> Result<Contents> {
    let account = scope.referred::<bank_account::Entity>("bankAccountId", file.bank_account_id).await?;
    contents(scope, account, file).await
}

/// Takes a file in.
pub async fn import(scope: &TenantScope, file: &File) -> Result<Imported> {
    // Two files of one account wait for each other.
    let account = scope.lock_referred::<bank_account::Entity>("bankAccountId", file.bank_account_id).await?;
    let contents = contents(scope, account, file).await?;
    let (mut statements, mut lines) = (Vec::new(), Vec::new());
    for (place, (statement, keys)) in (0_i32..).zip(contents.statements.into_iter().zip(contents.keys)) {
        let row = scope
            .insert::<bank_statement::Entity>(bank_statement::New {
                bank_account_id: contents.account.id,
                ordinal: contents.ordinal + place,
                reference: statement.reference.as_deref().map(clipped),
                from_date: statement.from,
                to_date: statement.to,
                opening_minor: statement.opening_minor,
                closing_minor: statement.closing_minor,
                file_hash: contents.file_hash.clone(),
                file_position: place + 1,
            })
            .await?;
        let of_statement = statement.lines.into_iter().zip(keys).zip(1_i32..);
        lines.extend(
            of_statement.map(|((line, key), position)| (scope.env().id(), line_row(&row, line, key, position))),
        );
        statements.push(row);
    }
    let rows = scope.insert_parts::<bank_statement_line::Entity>(lines).await?;
    Ok(Imported { statements, lines: rows.len(), skipped: contents.skipped })
}

fn line_row(
    statement: &bank_statement::Model,
    line: Line,
    (entry_key, occurrence): (String, i32),
    position: i32,
) -> bank_statement_line::New {
    let clip = |text: Option<String>| text.as_deref().map(clipped);
    let known_by = [
        &line.counterparty,
        &line.iban,
        &line.tax_number,
        &line.reference,
        &line.end_to_end_id,
        &line.description,
        &line.bank_reference,
    ];
    bank_statement_line::New {
        statement_id: statement.id,
        bank_account_id: statement.bank_account_id,
        position,
        date: line.date,
        value_date: line.value_date,
        amount_minor: line.amount_minor,
        search_text: clipped(&text::search_text(known_by.map(Option::as_ref))),
        counterparty: clip(line.counterparty),
        iban: line.iban.as_deref().map(account_number).as_deref().map(clipped),
        tax_number: clip(line.tax_number),
        reference: clip(line.reference),
        end_to_end_id: clip(line.end_to_end_id),
        description: clip(line.description),
        bank_reference: clip(line.bank_reference),
        entry_key,
        occurrence,
        // What moves nothing is nothing to match.
        status: if line.amount_minor == 0 { BankLineStatus::Ignored } else { BankLineStatus::Open },
        note: None,
    }
}

/// A text of a file, as it may be stored.
fn clipped(text: &str) -> String {
    text.chars().filter(|letter| *letter != '\0').take(TEXT_MAX).collect()
}

fn read(account: &bank_account::Model, file: &File) -> Result<Vec<Statement>> {
    let statements = match file.format {
        Format::Camt053 => of_account(account, camt::read(&file.content)?)?,
        Format::Csv => csv_file::read(&file.content, &account.currency, &file.mapping)?,
    };
    if let Some(other) = statements.iter().find(|statement| statement.currency != account.currency) {
        return Err(refused(
            format!("The statement is in {}, and this account in {}.", other.currency, account.currency),
            format!("ამონაწერი არის {} ვალუტაში, ეს ანგარიში კი – {}.", other.currency, account.currency),
        ));
    }
    Ok(statements)
}

/// The statements of an account, where a file has those of several. One IBAN may have an account in each of several currencies.
fn of_account(account: &bank_account::Model, statements: Vec<Statement>) -> Result<Vec<Statement>> {
    let Some(iban) = &account.iban else {
        let mut numbers: Vec<_> =
            statements.iter().map(|statement| (&statement.account, &statement.currency)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() < 2 {
            return Ok(statements);
        }
        return Err(refused(
            "This file has statements of several accounts: give this bank account its IBAN first.",
            "ფაილში რამდენიმე ანგარიშის ამონაწერია: ჯერ მიუთითეთ ამ საბანკო ანგარიშის IBAN.",
        ));
    };
    let is_ours = |statement: &Statement| {
        let Some(number) = statement.account.as_deref().map(account_number) else { return true };
        // Georgian banks write the currency behind the IBAN.
        number == *iban || number.strip_suffix(&statement.currency) == Some(iban)
    };
    let others: Vec<String> = statements.iter().filter_map(|statement| statement.account.clone()).collect();
    let (ours, of_others): (Vec<_>, Vec<_>) = statements.into_iter().partition(is_ours);
    if ours.is_empty() {
        let others = others.join(", ");
        return Err(refused(
            format!("This file is of account {others}, and this bank account is {iban}."),
            format!("ეს ფაილი არის ანგარიშის {others}, ეს საბანკო ანგარიში კი არის {iban}."),
        ));
    }
    // With others' statements in it, those in another currency are of another account too.
    let in_currency: Vec<_> = ours.iter().filter(|statement| statement.currency == account.currency).cloned().collect();
    if in_currency.is_empty() && of_others.is_empty() { Ok(ours) } else { Ok(in_currency) }
}

async fn contents(scope: &TenantScope, account: bank_account::Model, file: &File) -> Result<Contents> {
    let file_hash = hex(&Sha256::digest(file.content.as_bytes()));
    let of_account =
        || scope.find::<bank_statement::Entity>().filter(bank_statement::Column::BankAccountId.eq(account.id));
    let same = of_account().filter(bank_statement::Column::FileHash.eq(&file_hash));
    if let Some(before) = scope.first(same).await? {
        let day = scope.day_of(before.created_at);
        return Err(Error::Conflict(Text::new(
            format!("This file was imported on {day} already."),
            format!("ეს ფაილი უკვე ატვირთულია {day}-ში."),
        )));
    }
    let mut statements = read(&account, file)?;
    statements.sort_by_key(|statement| statement.from);
    let last = scope.first(of_account().order_by_desc(bank_statement::Column::Ordinal)).await?;
    let base_keys: Vec<Vec<String>> =
        statements.iter().map(|statement| statement.lines.iter().map(entry_key).collect()).collect();
    let known = known_keys(scope, account.id, base_keys.iter().flatten()).await?;
    let mut taking = Taking::new(&account, last.as_ref(), known);
    for (statement, keys) in statements.into_iter().zip(base_keys) {
        taking.take(statement, keys)?;
    }
    if taking.statements.is_empty() {
        let count = taking.skipped;
        return Err(Error::Conflict(Text::new(
            format!("All {count} lines of this file were imported before."),
            format!("ამ ფაილის {count}-ვე სტრიქონი უკვე ატვირთულია."),
        )));
    }
    let (statements, keys, skipped) = (taking.statements, taking.keys, taking.skipped);
    let ordinal = last.map_or(1, |last| last.ordinal + 1);
    Ok(Contents { account, statements, skipped, keys, file_hash, ordinal })
}

/// How many lines of each key an account has.
async fn known_keys(
    scope: &TenantScope,
    account: BankAccountId,
    keys: impl Iterator<Item = &String>,
) -> Result<HashMap<String, i32>> {
    #[derive(FromQueryResult)]
    struct Known {
        entry_key: String,
        count: i64,
    }
    use bank_statement_line::Column as C;
    let mut keys: Vec<&String> = keys.collect();
    keys.sort_unstable();
    keys.dedup();
    let mut known = HashMap::new();
    for keys in keys.chunks(PARAMETERS_MAX / 2) {
        let select = scope
            .find::<bank_statement_line::Entity>()
            .filter(C::BankAccountId.eq(account))
            .filter(C::EntryKey.is_in(keys.iter().copied()))
            .select_only()
            .column(C::EntryKey)
            .column_as(C::Id.count(), "count")
            .group_by(C::EntryKey);
        for Known { entry_key, count } in scope.query(&select.into_query()).await? {
            known.insert(entry_key, i32::try_from(count).map_err(Error::internal)?);
        }
    }
    Ok(known)
}

/// Statements taken one after the other.
struct Taking<'a> {
    account: &'a bank_account::Model,
    /// The day and the balance that the last one ended with.
    reached: Option<(chrono::NaiveDate, i64)>,
    known: HashMap<String, i32>,
    next: HashMap<String, i32>,
    seen: HashMap<String, i32>,
    statements: Vec<Statement>,
    keys: Vec<Vec<(String, i32)>>,
    skipped: usize,
}

impl<'a> Taking<'a> {
    fn new(
        account: &'a bank_account::Model,
        last: Option<&bank_statement::Model>,
        known: HashMap<String, i32>,
    ) -> Self {
        let reached = last.map(|last| (last.to_date, last.closing_minor));
        let next = known.clone();
        let (seen, statements, keys) = (HashMap::new(), Vec::new(), Vec::new());
        Self { account, reached, known, next, seen, statements, keys, skipped: 0 }
    }

    fn take(&mut self, mut statement: Statement, mut keys: Vec<String>) -> Result<()> {
        let known: Vec<bool> = keys.iter().map(|key| self.is_known(key)).collect();
        if self.overlaps(&statement, &known) {
            let before = statement.lines.len();
            retain_unknown(&mut statement.lines, &known);
            retain_unknown(&mut keys, &known);
            self.skipped += before - keys.len();
            if keys.is_empty() && before > 0 {
                return Ok(());
            }
            let moved = money::sum("content", statement.lines.iter().map(|line| line.amount_minor))?;
            statement.opening_minor = money::sum("content", [statement.closing_minor, -moved])?;
            statement.from = statement.lines.iter().map(|line| line.date).min().unwrap_or(statement.from);
        }
        if let Some((date, balance)) = self.reached.filter(|(_, balance)| *balance != statement.opening_minor) {
            return Err(self.gap(&statement, date, balance));
        }
        let occurrence = |key: String| {
            let next = self.next.entry(key.clone()).or_insert(0);
            *next += 1;
            (key, *next - 1)
        };
        self.keys.push(keys.into_iter().map(occurrence).collect());
        self.reached = Some((statement.to, statement.closing_minor));
        self.statements.push(statement);
        Ok(())
    }

    /// Whether a statement tells again what is known. One that goes on from the last balance and moves it is new, even where its
    /// bookings look like earlier ones, such as a fee twice a day; unless the bank's own ids say otherwise.
    fn overlaps(&self, statement: &Statement, known: &[bool]) -> bool {
        if self.reached.is_some_and(|(_, balance)| balance != statement.opening_minor) {
            return true;
        }
        let has_ids = statement.lines.iter().all(|line| line.bank_reference.is_some());
        let moves = statement.opening_minor != statement.closing_minor;
        !known.is_empty() && known.iter().all(|known| *known) && (has_ids || !moves)
    }

    /// Whether the account has as many lines of a key as the file had so far.
    fn is_known(&mut self, key: &str) -> bool {
        let seen = self.seen.entry(key.to_owned()).or_insert(0);
        *seen += 1;
        self.known.get(key).is_some_and(|known| known >= seen)
    }

    fn gap(&self, statement: &Statement, date: chrono::NaiveDate, balance: i64) -> Error {
        let show = |minor| format!("{} {}", money::from_minor(minor, &self.account.currency), self.account.currency);
        let (opening, closing) = (show(statement.opening_minor), show(balance));
        refused(
            format!(
                "The statement from {} opens with {opening}, and the last one of this account closed on {date} with \
                 {closing}. A statement between them is missing, or this one was changed.",
                statement.from
            ),
            format!(
                "ამონაწერი {}-დან იხსნება ნაშთით {opening}, ამ ანგარიშის ბოლო ამონაწერი კი {date}-ში დაიხურა ნაშთით \
                 {closing}. მათ შორის ამონაწერი აკლია, ან ეს ამონაწერი შეცვლილია.",
                statement.from
            ),
        )
    }
}

fn retain_unknown<T>(all: &mut Vec<T>, known: &[bool]) {
    let mut known = known.iter();
    all.retain(|_| known.next() != Some(&true));
}

/// What tells a booking from others. The bank's own id says most, and yet not all: some banks give one to a fee and what it's for.
fn entry_key(line: &Line) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: Option<&str>| {
        let text = text.unwrap_or_default();
        hash.update(text.len().to_be_bytes());
        hash.update(text.as_bytes());
    };
    add(Some(&line.date.to_string()));
    add(Some(&line.amount_minor.to_string()));
    add(line.bank_reference.as_deref());
    if line.bank_reference.is_none() {
        for text in [&line.counterparty, &line.iban, &line.reference, &line.end_to_end_id, &line.description] {
            add(text.as_deref());
        }
    }
    hex(&hash.finalize())
}
