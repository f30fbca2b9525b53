//! Posting: the one way into the journal.

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, CostCentreId, DealId, DepartmentId, EmployeeId, JournalEntryId, JournalLineId, MICRO,
    ProjectId, ServiceId, SourceKind, Stamp, TaxCodeId, TenantEntity as _, journal_entry, journal_line,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    chain, dates,
    splits::{self, CostShare},
};
use crate::{
    error::{Error, Result, Text},
    messages, money,
    tenancy::TenantScope,
};

/// What reports cut by, beside the account.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dimensions {
    /// The client whom it's earned from or spent for.
    pub company_id: Option<CompanyId>,
    /// Project.
    pub project_id: Option<ProjectId>,
    /// Department.
    pub department_id: Option<DepartmentId>,
    /// Cost centre.
    pub cost_centre_id: Option<CostCentreId>,
    /// The employee who worked or spent.
    pub employee_id: Option<EmployeeId>,
    /// The employee who sold.
    pub seller_id: Option<EmployeeId>,
    /// Deal.
    pub deal_id: Option<DealId>,
    /// Service.
    pub service_id: Option<ServiceId>,
}

/// A line that is to be posted.
#[derive(Clone, Debug)]
pub struct LineDraft {
    /// Account.
    pub account_id: AccountId,
    /// Amount in the transaction's currency; debit positive.
    pub amount_minor: i64,
    /// The transaction's currency.
    pub currency: String,
    /// Base currency for one unit of it, in 10⁻⁶.
    pub rate: i64,
    /// Amount in the base currency; debit positive.
    pub base_minor: i64,
    /// What the line is for.
    pub description: Option<String>,
    /// Who owes or is owed.
    pub party_id: Option<CompanyId>,
    /// On a control account: the document whose open balance the line changes.
    pub item_id: Option<Uuid>,
    /// Tax that the line is of.
    pub tax_code_id: Option<TaxCodeId>,
    /// What the tax is reckoned on, in the base currency, with the sign of the line.
    pub tax_base_minor: Option<i64>,
    /// What reports cut by.
    pub dimensions: Dimensions,
    /// Shares of several cost centres: a line is posted for each. The dimensions' own cost centre, where there are none.
    pub shares: Vec<CostShare>,
}

impl LineDraft {
    /// A line of an amount and nothing else; debit positive, `rate` in 10⁻⁶.
    #[must_use]
    pub fn new(account_id: AccountId, amount_minor: i64, currency: &str, rate: i64, base_minor: i64) -> Self {
        Self {
            account_id,
            amount_minor,
            currency: currency.to_owned(),
            rate,
            base_minor,
            description: None,
            party_id: None,
            item_id: None,
            tax_code_id: None,
            tax_base_minor: None,
            dimensions: Dimensions::default(),
            shares: Vec::new(),
        }
    }

    /// Its contrary.
    #[must_use]
    pub fn negated(self) -> Self {
        Self {
            amount_minor: -self.amount_minor,
            base_minor: -self.base_minor,
            tax_base_minor: self.tax_base_minor.map(std::ops::Neg::neg),
            ..self
        }
    }

    /// A line of an amount in the base currency.
    #[must_use]
    pub fn in_base(account_id: AccountId, base_minor: i64, base_currency: &str) -> Self {
        Self::new(account_id, base_minor, base_currency, MICRO, base_minor)
    }
}

/// An entry that is to be posted.
#[derive(Clone, Debug)]
pub struct EntryDraft {
    /// Accounting date.
    pub date: NaiveDate,
    /// When it happened; the accounting date unless said.
    pub service_date: Option<NaiveDate>,
    /// What happened.
    pub description: String,
    /// What kind of document it comes from.
    pub source_kind: SourceKind,
    /// Which document.
    pub source_id: Option<Uuid>,
    /// The entry that it takes back.
    pub reverses_id: Option<JournalEntryId>,
    /// Whether it moves a result to equity.
    pub closing: bool,
    /// The lines.
    pub lines: Vec<LineDraft>,
}

impl EntryDraft {
    /// An entry of a document.
    #[must_use]
    pub const fn new(
        date: NaiveDate,
        description: String,
        source_kind: SourceKind,
        source_id: Option<Uuid>,
        lines: Vec<LineDraft>,
    ) -> Self {
        Self { date, service_date: None, description, source_kind, source_id, reverses_id: None, closing: false, lines }
    }

    /// Gives its lines on an account to several cost centres, if there are any.
    pub(crate) fn share(&mut self, account_id: AccountId, shares: &[CostShare]) {
        for line in self.lines.iter_mut().filter(|line| line.account_id == account_id) {
            line.shares = shares.to_vec();
        }
    }

    /// Checks that it balances. Documents build entries that do; a person's manual entry may not.
    pub fn check(&self) -> Result<()> {
        if self.lines.len() < 2 {
            return Err(Error::invalid(
                "lines",
                Text::fixed("An entry has two lines at least.", "გატარებას აქვს მინიმუმ ორი სტრიქონი."),
            ));
        }
        let balance: i128 = self.lines.iter().map(|line| i128::from(line.base_minor)).sum();
        if balance != 0 {
            let message = Text::fixed(
                "Debit and credit must be equal in the base currency.",
                "დებეტი და კრედიტი საბაზო ვალუტაში ტოლი უნდა იყოს.",
            );
            return Err(Error::invalid("lines", message));
        }
        Ok(())
    }
}

/// Posts entries, in their order. Comes last in what a scope writes: from here to the commit nobody else posts, so that entries
/// become visible in the order of their numbers, and each carries the hash of the one before.
pub async fn post(scope: &TenantScope, drafts: Vec<EntryDraft>) -> Result<Vec<journal_entry::Model>> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let count = i64::try_from(drafts.len()).map_err(Error::internal)?;
    // Read under the lock: the books may have been closed since the scope began.
    let ledger = scope.take_sequence(count).await?;
    dates::check(scope, &ledger, &drafts).await?;
    let before = ledger.last_seq - count;
    let mut previous = hash_of(scope, before).await?;
    let stamp = scope.stamp();
    let (mut entries, mut lines) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (draft, seq) in drafts.into_iter().zip(before + 1..) {
        draft.check()?;
        let id: JournalEntryId = scope.env().id();
        let (entry, of_entry) = rows(scope, draft, id, seq, stamp);
        let hash = chain::hash(previous.as_deref(), &entry, &of_entry);
        entries.push(journal_entry::Model { hash: Some(hash.clone()), ..entry });
        lines.extend(of_entry);
        previous = Some(hash);
    }
    scope.insert_made::<journal_entry::Entity>(&entries).await?;
    scope.insert_rows::<journal_line::Entity>(&lines).await?;
    Ok(entries)
}

/// The hash of the entry with a number.
async fn hash_of(scope: &TenantScope, seq: i64) -> Result<Option<String>> {
    use journal_entry::Column as C;
    #[derive(FromQueryResult)]
    struct Found {
        hash: Option<String>,
    }
    if seq == 0 {
        return Ok(None);
    }
    let select = scope.find::<journal_entry::Entity>().filter(C::Seq.eq(seq)).select_only().column(C::Hash);
    Ok(scope.query::<Found>(&select.into_query()).await?.pop().and_then(|found| found.hash))
}

fn rows(
    scope: &TenantScope,
    draft: EntryDraft,
    id: JournalEntryId,
    seq: i64,
    stamp: Stamp,
) -> (journal_entry::Model, Vec<journal_line::Model>) {
    let (date, closing) = (draft.date, draft.closing);
    let lines = draft.lines.into_iter().flat_map(splits::spread).zip(1..).map(|(line, position)| {
        let new = journal_line::New {
            entry_id: id,
            seq,
            date,
            closing,
            position,
            account_id: line.account_id,
            amount_minor: line.amount_minor,
            currency: line.currency,
            rate: line.rate,
            base_minor: line.base_minor,
            description: line.description,
            company_id: line.dimensions.company_id,
            party_id: line.party_id,
            item_id: line.item_id,
            tax_code_id: line.tax_code_id,
            tax_base_minor: line.tax_base_minor,
            project_id: line.dimensions.project_id,
            department_id: line.dimensions.department_id,
            cost_centre_id: line.dimensions.cost_centre_id,
            employee_id: line.dimensions.employee_id,
            seller_id: line.dimensions.seller_id,
            deal_id: line.dimensions.deal_id,
            service_id: line.dimensions.service_id,
        };
        journal_line::Entity::create(new, scope.env().id::<JournalLineId>(), stamp)
    });
    let lines = lines.collect();
    let new = journal_entry::New {
        seq,
        date,
        service_date: draft.service_date.unwrap_or(date),
        description: draft.description,
        source_kind: draft.source_kind,
        source_id: draft.source_id,
        reverses_id: draft.reverses_id,
        closing,
        hash: None,
    };
    (journal_entry::Entity::create(new, id, stamp), lines)
}

/// The rate of a document: one in the base currency, needed in any other.
pub fn rate(field: &'static str, scope: &TenantScope, currency: &str, rate: Option<Decimal>) -> Result<i64> {
    if currency == scope.base_currency() {
        return match rate {
            Some(rate) if rate != Decimal::ONE => Err(Error::invalid(
                field,
                Text::fixed("The base currency's rate is 1.", "საბაზო ვალუტის კურსი არის 1."),
            )),
            _ => Ok(MICRO),
        };
    }
    let needed = || {
        let base = scope.base_currency();
        Text::new(
            format!("Say how much {base} one {currency} is worth."),
            format!("მიუთითეთ, რამდენი {base} ღირს ერთი {currency}."),
        )
    };
    let rate = money::to_micro(field, rate.ok_or_else(|| Error::invalid(field, needed()))?)?;
    if rate > 0 { Ok(rate) } else { Err(Error::invalid(field, messages::positive())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(base_minor: i64) -> LineDraft {
        LineDraft::in_base(AccountId(Uuid::nil()), base_minor, "GEL")
    }

    fn entry(amounts: &[i64]) -> EntryDraft {
        let date = "2026-01-31".parse().unwrap();
        EntryDraft::new(date, "test".into(), SourceKind::Manual, None, amounts.iter().copied().map(line).collect())
    }

    #[test]
    fn an_entry_balances_and_has_two_lines() {
        assert!(entry(&[100, -60, -40]).check().is_ok());
        assert_eq!(entry(&[100, -99]).check().unwrap_err().field(), Some("lines"));
        assert!(entry(&[0]).check().is_err());
        // A sum that wraps around in 64 bits doesn't balance.
        assert!(entry(&[i64::MAX, i64::MAX, 2]).check().is_err());
    }
}
