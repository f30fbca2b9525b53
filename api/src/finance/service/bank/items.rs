//! What lines of statements may be: the open documents of the tenant, and the lines of the ledger that no statement has yet.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};
use kamara_entities::{
    BankAccountId, BankLineStatus, BankStatementLineId, BillId, BillKind, BillStatus, CompanyId, EmployeeId, ExpenseId,
    ExpenseStatus, InvoiceId, InvoiceKind, InvoiceStatus, JournalEntryId, PaymentId, SourceKind, bank_account,
    bank_match, bank_statement_line, bill, company, employee, expense, invoice, journal_entry, journal_line, payment,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    Reason,
    ledger_lines::{self, Unstated},
    matching,
    proposal::{Movement, Open, propose},
};
use crate::{
    error::{Error, Result, Text},
    finance::service::terms::{self, Part},
    tenancy::TenantScope,
};

/// Lines that are asked for at once.
const LINES_MAX: usize = 100;
/// Other open lines that are looked at for those that pay one document together.
const OTHERS_MAX: u64 = 1_000;
/// Documents of a kind that are looked at: what is due first.
const DOCUMENTS_MAX: u64 = 10_000;
/// Earlier lines of one counterparty's account that are looked at.
const EARLIER_MAX: u64 = 500;
/// How far an entry may lie from the bank's booking of it, in days.
const DAYS_APART: u64 = 60;

/// What a line may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Pays an invoice.
    Invoice(InvoiceId),
    /// Pays a bill.
    Bill(BillId),
    /// Pays an employee's expense back.
    Expense(ExpenseId),
    /// Is in the ledger already.
    Entry(JournalEntryId),
}

/// A document, or an entry, for a proposal.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which.
    pub target: Target,
    /// Its number, or what the entry is called.
    pub number: Option<String>,
    /// Whose.
    pub name: String,
    /// When it is to be paid, or was posted.
    pub date: NaiveDate,
    /// What is open of it: money in positive, money out negative.
    pub open_minor: i64,
}

/// What one line may be.
#[derive(Clone, Debug)]
pub struct LineProposals {
    /// The line.
    pub line: bank_statement_line::Model,
    /// The currency of all amounts.
    pub currency: String,
    /// What it may be, the best first.
    pub proposals: Vec<LineProposal>,
}

/// One thing that a line may be.
#[derive(Clone, Debug)]
pub struct LineProposal {
    /// How sure it is, of a hundred.
    pub score: u32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The line, and those that pay the document together with it.
    pub lines: Vec<bank_statement_line::Model>,
    /// What is paid, and how much of it.
    pub parts: Vec<(Item, i64)>,
}

/// What each of some open lines may be. They are of one bank account.
pub async fn proposals(scope: &TenantScope, ids: &[BankStatementLineId]) -> Result<Vec<LineProposals>> {
    if ids.len() > LINES_MAX {
        let message = Text::fixed("At most 100 lines at a time.", "ერთ ჯერზე არაუმეტეს 100 სტრიქონი.");
        return Err(Error::invalid("lineIds", message));
    }
    let wanted = wanted(scope, ids).await?;
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let account = matching::one_account(scope, &wanted).await?;
    let mut lines = wanted.clone();
    lines.extend(others(scope, account.id, &wanted).await?);
    let items = Items::load(scope, &account, &wanted).await?;
    let known = known_parties(scope, &wanted).await?;
    let movements: Vec<Movement> = lines.iter().map(|line| movement(line, &known)).collect();
    // What is matched or ignored already needs no proposal.
    let places: Vec<usize> = (0..wanted.len()).collect();
    let found = propose(&movements, &items.open, &places);
    let told = |(line, found): (bank_statement_line::Model, Vec<super::Proposal>)| {
        let found = if line.status == BankLineStatus::Open { found } else { Vec::new() };
        let proposals = found.into_iter().map(|proposal| LineProposal {
            score: proposal.score,
            reasons: proposal.reasons,
            lines: proposal.lines.into_iter().map(|place| lines[place].clone()).collect(),
            parts: proposal.parts.into_iter().map(|(place, amount)| (items.items[place].clone(), amount)).collect(),
        });
        LineProposals { line, currency: account.currency.clone(), proposals: proposals.collect() }
    };
    Ok(wanted.into_iter().zip(found).map(told).collect())
}

async fn wanted(scope: &TenantScope, ids: &[BankStatementLineId]) -> Result<Vec<bank_statement_line::Model>> {
    let rows = scope.by_ids::<bank_statement_line::Entity>(ids.iter().copied()).await?;
    let mut lines = matching::named_lines(ids, |id| rows.get(id).cloned())?;
    let mut seen = HashSet::new();
    lines.retain(|line| seen.insert(line.id));
    Ok(lines)
}

/// Other open lines of the account, the newest first.
async fn others(
    scope: &TenantScope,
    account: BankAccountId,
    wanted: &[bank_statement_line::Model],
) -> Result<Vec<bank_statement_line::Model>> {
    use bank_statement_line::Column as C;
    let select = scope
        .find::<bank_statement_line::Entity>()
        .filter(C::BankAccountId.eq(account))
        .filter(C::Status.eq(BankLineStatus::Open))
        .order_by_desc(C::Date)
        .order_by_desc(C::Id)
        .limit(OTHERS_MAX);
    let wanted: HashSet<_> = wanted.iter().map(|line| line.id).collect();
    Ok(scope.all(select).await?.into_iter().filter(|line| !wanted.contains(&line.id)).collect())
}

fn movement(line: &bank_statement_line::Model, known: &HashMap<String, Uuid>) -> Movement {
    let texts = [&line.reference, &line.end_to_end_id, &line.description];
    Movement {
        date: line.date,
        amount_minor: line.amount_minor,
        counterparty: line.counterparty.clone(),
        tax_number: line.tax_number.clone(),
        known_party: line.iban.as_ref().and_then(|iban| known.get(iban)).copied(),
        text: texts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" "),
    }
}

/// Whose account each of the lines' IBANs was in lines that were matched before, where they were one company's only.
async fn known_parties(scope: &TenantScope, lines: &[bank_statement_line::Model]) -> Result<HashMap<String, Uuid>> {
    use bank_statement_line::Column as C;
    let ibans: BTreeSet<&String> = lines.iter().filter_map(|line| line.iban.as_ref()).collect();
    if ibans.is_empty() {
        return Ok(HashMap::new());
    }
    let select = scope
        .find::<bank_statement_line::Entity>()
        .filter(C::Iban.is_in(ibans))
        .filter(C::Status.eq(BankLineStatus::Matched))
        .order_by_desc(C::Date)
        .limit(EARLIER_MAX);
    let earlier: HashMap<_, _> =
        scope.all(select).await?.into_iter().filter_map(|line| Some((line.id, line.iban?))).collect();
    let matches = scope.find::<bank_match::Entity>().filter(bank_match::Column::LineId.is_in(earlier.keys().copied()));
    let matches = scope.all(matches).await?;
    let journal = scope.by_ids::<journal_line::Entity>(matches.iter().map(|found| found.journal_line_id)).await?;
    let entries = scope.by_ids::<journal_entry::Entity>(journal.values().map(|line| line.entry_id)).await?;
    let parties = parties(scope, entries.values()).await?;
    let mut known: HashMap<String, Option<Uuid>> = HashMap::new();
    for found in matches {
        let entry = journal.get(&found.journal_line_id).map(|line| line.entry_id);
        let party = entry.and_then(|entry| parties.get(&entry)).copied();
        if let (Some(iban), Some(party)) = (earlier.get(&found.line_id), party) {
            let kept = known.entry(iban.clone()).or_insert(Some(party));
            *kept = kept.filter(|kept| *kept == party);
        }
    }
    Ok(known.into_iter().filter_map(|(iban, party)| Some((iban, party?))).collect())
}

/// Who paid or was paid, by the payments that entries are of.
async fn parties(
    scope: &TenantScope,
    entries: impl Iterator<Item = &journal_entry::Model>,
) -> Result<HashMap<JournalEntryId, Uuid>> {
    let of_payments: Vec<(JournalEntryId, PaymentId)> = entries
        .filter(|entry| entry.source_kind == SourceKind::Payment)
        .filter_map(|entry| Some((entry.id, PaymentId(entry.source_id?))))
        .collect();
    let payments = scope.by_ids::<payment::Entity>(of_payments.iter().map(|(_, payment)| *payment)).await?;
    let party = |payment: &payment::Model| payment.company_id.map(Uuid::from).or(payment.employee_id.map(Uuid::from));
    let known = of_payments.into_iter().filter_map(|(entry, payment)| Some((entry, party(payments.get(&payment)?)?)));
    Ok(known.collect())
}

/// What lines may be, and the same for the search.
struct Items {
    items: Vec<Item>,
    open: Vec<Open>,
}

/// A document before it's known what its company is called.
struct Raw {
    target: Target,
    number: Option<String>,
    party: Uuid,
    open_minor: i64,
    date: NaiveDate,
    instalments: Vec<(NaiveDate, i64)>,
    whole: bool,
}

impl Items {
    async fn load(
        scope: &TenantScope,
        account: &bank_account::Model,
        wanted: &[bank_statement_line::Model],
    ) -> Result<Self> {
        let mut raw = Vec::new();
        let (comes_in, goes_out) =
            (wanted.iter().any(|line| line.amount_minor > 0), wanted.iter().any(|line| line.amount_minor < 0));
        if comes_in {
            raw.extend(invoices(scope, &account.currency, InvoiceKind::Invoice).await?);
            raw.extend(bills(scope, &account.currency, BillKind::CreditNote).await?);
        }
        if goes_out {
            raw.extend(bills(scope, &account.currency, BillKind::Bill).await?);
            raw.extend(expenses(scope, &account.currency).await?);
            raw.extend(invoices(scope, &account.currency, InvoiceKind::CreditNote).await?);
        }
        raw.extend(entries(scope, account, wanted).await?);
        let of_kind = || raw.iter().map(|raw| raw.party);
        let companies = scope.by_ids::<company::Entity>(of_kind().map(CompanyId)).await?;
        let employees = scope.by_ids::<employee::Entity>(of_kind().map(EmployeeId)).await?;
        let (mut items, mut open) = (Vec::with_capacity(raw.len()), Vec::with_capacity(raw.len()));
        for raw in raw {
            let company = companies.get(&CompanyId(raw.party));
            let employee = employees.get(&EmployeeId(raw.party));
            let name = company.map(|row| row.name.clone()).or_else(|| employee.map(|row| row.name.clone()));
            let name = name.unwrap_or_default();
            open.push(Open {
                number: raw.number.clone().filter(|_| !matches!(raw.target, Target::Entry(_))),
                party: raw.party,
                name: name.clone(),
                tax_number: company.and_then(|row| row.tax_number.clone()),
                open_minor: raw.open_minor,
                due_date: raw.date,
                instalments: raw.instalments,
                whole: raw.whole,
            });
            let (target, number, date, open_minor) = (raw.target, raw.number, raw.date, raw.open_minor);
            items.push(Item { target, number, name, date, open_minor });
        }
        Ok(Self { items, open })
    }
}

async fn invoices(scope: &TenantScope, currency: &str, kind: InvoiceKind) -> Result<Vec<Raw>> {
    use invoice::Column as C;
    let sign = if kind == InvoiceKind::Invoice { 1 } else { -1 };
    let select = scope
        .find::<invoice::Entity>()
        .filter(C::Kind.eq(kind))
        .filter(C::Status.is_in([InvoiceStatus::Issued, InvoiceStatus::PartlyPaid]))
        .filter(C::Currency.eq(currency))
        .order_by_asc(C::DueDate)
        .limit(DOCUMENTS_MAX);
    let rows = scope.all(select).await?;
    let mut parts = terms::parts_of(scope, rows.iter().map(|row| row.id)).await?;
    let raw = |row: invoice::Model| {
        let instalments = open_instalments(&parts.remove(&row.id).unwrap_or_default(), row.paid_minor);
        Raw {
            target: Target::Invoice(row.id),
            number: row.number,
            party: row.company_id.0,
            open_minor: sign * (row.total_minor - row.paid_minor),
            date: instalments.first().map_or(row.due_date, |(date, _)| *date),
            instalments,
            whole: false,
        }
    };
    Ok(rows.into_iter().map(raw).collect())
}

/// What is open up to the end of each instalment but the last.
fn open_instalments(parts: &[Part], paid_minor: i64) -> Vec<(NaiveDate, i64)> {
    let amounts: Vec<i64> = parts.iter().map(|part| part.amount).collect();
    let mut sum = 0;
    let open = parts.iter().zip(terms::open_of(&amounts, paid_minor)).filter(|(_, open)| *open != 0);
    let mut sums: Vec<(NaiveDate, i64)> = open
        .map(|(part, open)| {
            sum += open;
            (part.due_date, sum)
        })
        .collect();
    sums.pop();
    sums
}

async fn bills(scope: &TenantScope, currency: &str, kind: BillKind) -> Result<Vec<Raw>> {
    use bill::Column as C;
    let sign = if kind == BillKind::Bill { -1 } else { 1 };
    let select = scope
        .find::<bill::Entity>()
        .filter(C::Kind.eq(kind))
        .filter(C::Status.is_in([BillStatus::Posted, BillStatus::PartlyPaid]))
        .filter(C::Currency.eq(currency))
        .order_by_asc(C::DueDate)
        .limit(DOCUMENTS_MAX);
    let raw = |row: bill::Model| Raw {
        target: Target::Bill(row.id),
        // People write the supplier's own number when they pay.
        number: row.supplier_number.or(row.number),
        party: row.company_id.0,
        open_minor: sign * (row.total_minor - row.paid_minor),
        date: row.due_date,
        instalments: Vec::new(),
        whole: false,
    };
    Ok(scope.all(select).await?.into_iter().map(raw).collect())
}

/// What employees paid for the company, and have not got back.
async fn expenses(scope: &TenantScope, currency: &str) -> Result<Vec<Raw>> {
    use expense::Column as C;
    let select = scope
        .find::<expense::Entity>()
        .filter(C::Status.eq(ExpenseStatus::Posted))
        .filter(C::PaymentAccountId.is_null())
        .filter(C::Currency.eq(currency))
        .order_by_asc(C::Date)
        .limit(DOCUMENTS_MAX);
    let raw = |row: expense::Model| {
        Some(Raw {
            target: Target::Expense(row.id),
            number: None,
            party: row.employee_id?.0,
            open_minor: row.paid_minor - row.amount_minor,
            date: row.date,
            instalments: Vec::new(),
            whole: false,
        })
    };
    Ok(scope.all(select).await?.into_iter().filter_map(raw).collect())
}

/// Entries on the bank's account that no statement has yet, of the lines' amounts.
async fn entries(
    scope: &TenantScope,
    account: &bank_account::Model,
    wanted: &[bank_statement_line::Model],
) -> Result<Vec<Raw>> {
    let amounts: BTreeSet<i64> = wanted.iter().map(|line| line.amount_minor).collect();
    let dates = || wanted.iter().map(|line| line.date);
    let from = dates().min().and_then(|date| date.checked_sub_days(Days::new(DAYS_APART)));
    let until = dates().max().and_then(|date| date.checked_add_days(Days::new(DAYS_APART)));
    let unstated = ledger_lines::unstated(scope, account, None, |select| {
        select
            .filter(journal_line::Column::AmountMinor.is_in(amounts))
            .filter(journal_line::Column::Date.gte(from.unwrap_or_default()))
            .filter(journal_line::Column::Date.lte(until.unwrap_or_default()))
    })
    .await?;
    let parties = parties(scope, unstated.iter().map(|unstated| &unstated.entry)).await?;
    let raw = |Unstated { line, entry }: Unstated| {
        let party = parties.get(&entry.id).copied().or(line.party_id.map(Uuid::from));
        Raw {
            target: Target::Entry(entry.id),
            number: Some(entry.description),
            party: party.unwrap_or_default(),
            open_minor: line.amount_minor,
            date: line.date,
            instalments: Vec::new(),
            whole: true,
        }
    };
    Ok(unstated.into_iter().map(raw).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_paid_counts_against_the_earliest_instalment() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).unwrap();
        let parts: Vec<Part> = (1..=3).map(|part| Part { due_date: day(part * 10), amount: 100 }).collect();
        assert_eq!(open_instalments(&parts, 0), [(day(10), 100), (day(20), 200)]);
        assert_eq!(open_instalments(&parts, 150), [(day(20), 50)]);
        assert_eq!(open_instalments(&parts, 200), []);
        assert_eq!(open_instalments(&[], 0), []);
    }
}
