//! What a statement of a client's account says.

use chrono::NaiveDate;
use kamara_documents as documents;
use kamara_entities::{CompanyId, SourceKind};

use super::{Document, ToSet, bank_accounts, client, language, sender};
use crate::{
    error::Result,
    finance::service::client_statement::{self as rules, ClientPart, ClientRow},
    money,
    tenancy::TenantScope,
};

/// A statement of a client's account as it's sent.
pub async fn statement(scope: &TenantScope, company: CompanyId, from: NaiveDate, to: NaiveDate) -> Result<ToSet> {
    let told = rules::client_statement(scope, company, from, to).await?;
    let (letterhead, logo) = sender(scope).await?;
    let currencies: Vec<&str> = told.parts.iter().map(|part| part.currency.as_str()).collect();
    let accounts = bank_accounts(scope, &currencies).await?;
    let of = |part: &ClientPart| {
        let of_currency = accounts.iter().filter(|(currency, _)| *currency == part.currency);
        of_currency.map(|(_, account)| account.clone()).collect()
    };
    let document = documents::Statement {
        language: language(scope, &told.company),
        letterhead,
        client: client(scope, &told.company),
        from,
        to,
        parts: told.parts.iter().map(|part| written(part, of(part))).collect(),
    };
    let name = format!("{} {from} {to}", told.company.name);
    Ok(ToSet { document: Document::Statement(Box::new(document)), logo, name })
}

fn written(part: &ClientPart, bank_accounts: Vec<documents::BankAccount>) -> documents::StatementPart {
    let amount = |minor| money::from_minor(minor, &part.currency);
    let movement = |row: &ClientRow| documents::Movement {
        date: row.entry.date,
        kind: kind(row),
        reverses: row.entry.reverses_id.is_some(),
        number: row.number.clone(),
        debit: amount(row.debit_minor()),
        credit: amount(row.credit_minor()),
        balance: amount(row.balance_minor),
    };
    documents::StatementPart {
        currency: part.currency.clone(),
        opening: amount(part.opening_minor),
        movements: part.rows.iter().map(movement).collect(),
        debit: amount(part.debit_minor),
        credit: amount(part.credit_minor),
        closing: amount(part.closing_minor),
        advances: amount(part.advances_minor),
        bank_accounts,
    }
}

fn kind(row: &ClientRow) -> documents::MovementKind {
    match row.entry.source_kind {
        SourceKind::Invoice if row.is_credit_note() => documents::MovementKind::CreditNote,
        SourceKind::Invoice => documents::MovementKind::Invoice,
        SourceKind::Payment => documents::MovementKind::Payment,
        SourceKind::Settlement => documents::MovementKind::Settlement,
        SourceKind::WriteOff => documents::MovementKind::WriteOff,
        SourceKind::Opening => documents::MovementKind::Opening,
        _ => documents::MovementKind::Other,
    }
}
