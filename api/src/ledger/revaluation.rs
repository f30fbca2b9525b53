//! Revaluation: what is owed in other currencies, and money held in them, at the rates of a day.
//!
//! A gain or loss on what is still open isn't realised, so it's taken back the day after: the settlement then compares with the
//! original rate. What was paid in advance stays at its rate, since it's settled by delivery and not by money.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use kamara_entities::{
    AccountId, AccountRole, CompanyId, EmployeeId, Language, SourceKind, account, journal_entry, journal_line,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait as _, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{Accounts, Dimensions, EntryDraft, LineDraft, exchange, exchange::Rates, posting, reversal};
use crate::{
    db,
    error::{Error, Result, Text},
    messages, money,
    tenancy::TenantScope,
};

/// What is settled by money, or is money.
const MONETARY: &[AccountRole] = &[
    AccountRole::Receivable,
    AccountRole::Payable,
    AccountRole::EmployeePayable,
    AccountRole::Bank,
    AccountRole::Cash,
    AccountRole::BankTransit,
];

/// What stands open in another currency: a document on a control account, or money.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Position {
    /// Account.
    pub account_id: AccountId,
    /// Currency.
    pub currency: String,
    /// The document.
    pub item_id: Option<Uuid>,
    /// Who owes or is owed.
    pub party_id: Option<CompanyId>,
    /// The employee who is owed.
    pub employee_id: Option<EmployeeId>,
    /// The balance, in the currency.
    pub amount_minor: i64,
    /// The balance as it was posted, in the base currency.
    pub base_minor: i64,
}

/// A position and what it's worth.
#[derive(Clone, Debug)]
pub struct Revalued {
    /// The position.
    pub position: Position,
    /// The day's rate, in 10⁻⁶.
    pub rate: i64,
    /// What it's worth, in the base currency.
    pub base_minor: i64,
}

impl Revalued {
    /// What it's worth more than it was posted at.
    #[must_use]
    pub const fn difference(&self) -> i64 {
        self.base_minor - self.position.base_minor
    }
}

/// What a revaluation did.
#[derive(Clone, Debug)]
pub struct Revaluation {
    /// What was open.
    pub positions: Vec<Revalued>,
    /// The entry of the day, and the one that takes it back the day after; none where nothing changed.
    pub entries: Option<(journal_entry::Model, journal_entry::Model)>,
}

/// Revalues what is open at the end of a day. A run before on the same day counts: only what differs from it is posted, so
/// that the last run is what holds.
pub async fn revalue(scope: &TenantScope, date: NaiveDate) -> Result<Revaluation> {
    if date > scope.today() {
        let message = Text::fixed("Rates of the future aren't known.", "მომავლის კურსი უცნობია.");
        return Err(Error::invalid("date", message));
    }
    let accounts = Accounts::load(scope).await?;
    // Locked before the balances are read: whoever posts meanwhile waits.
    scope.take_sequence(0).await?;
    let open = open_at(scope, &accounts, date).await?;
    let rates = Rates::load(scope, open.iter().map(|position| (position.currency.as_str(), date))).await?;
    let mut positions = Vec::with_capacity(open.len());
    for position in open {
        let rate = rates.on(&position.currency, date);
        let rate = rate.ok_or_else(|| exchange::missing("date", scope.base_currency(), &position.currency, date))?;
        let base_minor =
            money::convert("date", position.amount_minor, &position.currency, scope.base_currency(), rate)?;
        positions.push(Revalued { position, rate, base_minor });
    }
    let entries = post(scope, &accounts, date, &positions).await?;
    Ok(Revaluation { positions, entries })
}

async fn post(
    scope: &TenantScope,
    accounts: &Accounts,
    date: NaiveDate,
    positions: &[Revalued],
) -> Result<Option<(journal_entry::Model, journal_entry::Model)>> {
    let mut lines: Vec<LineDraft> =
        positions.iter().filter(|revalued| revalued.difference() != 0).map(line_of).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    let difference = money::sum("date", lines.iter().map(|line| line.base_minor))?;
    let account = accounts.role(AccountRole::UnrealisedExchange)?.id;
    lines.push(LineDraft::in_base(account, -difference, scope.base_currency()));
    let description = match scope.tenant().language {
        Language::En => format!("Revaluation at the rates of {date}"),
        Language::Ka => format!("გადაფასება {date}-ის კურსით"),
    };
    let draft = EntryDraft::new(date, description, SourceKind::Revaluation, None, lines);
    let entry = posting::post(scope, vec![draft]).await?.pop();
    let entry = entry.ok_or_else(|| Error::internal("a revaluation that wasn't posted"))?;
    let next = date.checked_add_days(Days::new(1)).ok_or_else(|| Error::invalid("date", messages::too_large()))?;
    let reversal = reversal::reverse_entry(scope, &entry, next).await?;
    Ok(Some((entry, reversal)))
}

/// A change of the base amount alone.
fn line_of(revalued: &Revalued) -> LineDraft {
    let position = &revalued.position;
    LineDraft {
        party_id: position.party_id,
        item_id: position.item_id,
        dimensions: Dimensions {
            company_id: position.party_id,
            employee_id: position.employee_id,
            ..Dimensions::default()
        },
        ..LineDraft::new(position.account_id, 0, &position.currency, revalued.rate, revalued.difference())
    }
}

/// What stands open at the end of a day in other currencies.
async fn open_at(scope: &TenantScope, accounts: &Accounts, date: NaiveDate) -> Result<Vec<Position>> {
    use journal_line::Column as C;
    let is_money = |account: &account::Model| {
        matches!(account.role, Some(AccountRole::Bank | AccountRole::Cash | AccountRole::BankTransit))
    };
    let monetary: Vec<AccountId> = accounts
        .iter()
        .filter(|account| account.role.is_some_and(|role| MONETARY.contains(&role)))
        .map(|account| account.id)
        .collect();
    let (amount, base) = (db::sum(C::AmountMinor), db::sum(C::BaseMinor));
    let cuts = [C::AccountId, C::Currency, C::ItemId, C::PartyId, C::EmployeeId];
    // What is settled adds up to nothing, so that only what is open is read.
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::AccountId.is_in(monetary))
        .filter(C::Date.lte(date))
        .filter(C::Currency.ne(scope.base_currency()))
        .having(Condition::any().add(amount.clone().ne(0_i64)).add(base.clone().ne(0_i64)))
        .select_only()
        .column_as(amount, "amount_minor")
        .column_as(base, "base_minor");
    let select = cuts.into_iter().fold(select, |select, cut| select.column(cut).group_by(cut));
    let mut open: BTreeMap<_, Position> = BTreeMap::new();
    for line in scope.query::<Position>(&select.into_query()).await? {
        // Money has no document, whatever its lines are cut by.
        let of_money = accounts.get(line.account_id).is_some_and(is_money);
        let line = if of_money { Position { item_id: None, party_id: None, employee_id: None, ..line } } else { line };
        let key = (line.account_id, line.currency.clone(), line.item_id, line.party_id);
        match open.get_mut(&key) {
            None => {
                open.insert(key, line);
            }
            Some(position) => {
                position.amount_minor = money::sum("date", [position.amount_minor, line.amount_minor])?;
                position.base_minor = money::sum("date", [position.base_minor, line.base_minor])?;
                position.employee_id = position.employee_id.or(line.employee_id);
            }
        }
    }
    Ok(open.into_values().filter(|position| position.amount_minor != 0 || position.base_minor != 0).collect())
}
