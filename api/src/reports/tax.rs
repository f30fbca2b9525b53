//! The tax report: what each tax code comes to, and that it's what the ledger says.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{AccountId, AccountRole, TaxCodeId, journal_line};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    error::{Error, Result},
    ledger::Accounts,
    messages, money,
    tenancy::TenantScope,
};

/// Which way a tax goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaxDirection {
    /// Charged, and owed to the state.
    Output,
    /// Paid, and claimed from it.
    Input,
    /// Kept back from suppliers, and owed to the state.
    Withheld,
}

impl TaxDirection {
    const fn of(role: AccountRole) -> Option<Self> {
        match role {
            AccountRole::OutputTax => Some(Self::Output),
            AccountRole::InputTax => Some(Self::Input),
            AccountRole::WithholdingTax => Some(Self::Withheld),
            _ => None,
        }
    }

    /// What stands on the other side of an account counts as negative.
    const fn sign(self) -> i64 {
        match self {
            Self::Input => 1,
            Self::Output | Self::Withheld => -1,
        }
    }
}

/// What a code comes to on one account; none is what was posted without a code: payments to the state, corrections by hand.
#[derive(Clone, Debug)]
pub struct TaxRow {
    /// The code.
    pub tax_code_id: Option<TaxCodeId>,
    /// Which way it goes.
    pub direction: TaxDirection,
    /// The account.
    pub account_id: AccountId,
    /// What the tax is reckoned on.
    pub base: i64,
    /// The tax.
    pub tax: i64,
}

/// What the taxes of a period come to, in the base currency.
#[derive(Clone, Debug)]
pub struct TaxReport {
    /// Each code on each account.
    pub rows: Vec<TaxRow>,
    /// What the codes charge.
    pub output: i64,
    /// What the codes claim.
    pub input: i64,
    /// What the codes keep back.
    pub withheld: i64,
    /// What the balances of the accounts of taxes changed by, as owed to the state.
    pub movement: i64,
}

impl TaxReport {
    /// What is to be paid to the state for the period, by the codes; negative comes back.
    #[must_use]
    pub const fn payable(&self) -> i64 {
        self.output - self.input
    }

    /// What was posted on the accounts without a code, as owed to the state.
    #[must_use]
    pub fn uncoded(&self) -> i64 {
        let owed = |row: &TaxRow| if row.direction == TaxDirection::Input { -row.tax } else { row.tax };
        self.rows.iter().filter(|row| row.tax_code_id.is_none()).map(owed).sum()
    }

    /// Whether the codes and what has none are all that the accounts changed by.
    #[must_use]
    pub fn tied(&self) -> bool {
        self.output - self.input + self.withheld + self.uncoded() == self.movement
    }
}

#[derive(FromQueryResult)]
struct Line {
    account_id: AccountId,
    tax_code_id: Option<TaxCodeId>,
    base_minor: i64,
    tax_base_minor: Option<i64>,
}

#[derive(FromQueryResult)]
struct Balance {
    base_minor: i64,
}

/// Reckons the taxes of a period, both days included.
pub async fn tax_report(scope: &TenantScope, from: NaiveDate, to: NaiveDate) -> Result<TaxReport> {
    use journal_line::Column as C;
    if from > to {
        return Err(Error::invalid("from", messages::from_after_to()));
    }
    let accounts = Accounts::load(scope).await?;
    let direction = |id| accounts.get(id).and_then(|account| account.role).and_then(TaxDirection::of);
    let of_taxes: Vec<AccountId> =
        accounts.iter().map(|account| account.id).filter(|id| direction(*id).is_some()).collect();
    let until = |day: NaiveDate| {
        let select = scope.find::<journal_line::Entity>().filter(C::AccountId.is_in(of_taxes.clone()));
        select.filter(C::Date.lte(day)).select_only()
    };
    let columns = [C::AccountId, C::TaxCodeId, C::BaseMinor, C::TaxBaseMinor];
    let lines = until(to).columns(columns).filter(C::Date.gte(from)).into_query();
    let mut rows: BTreeMap<_, TaxRow> = BTreeMap::new();
    for line in scope.query::<Line>(&lines).await? {
        let Some(direction) = direction(line.account_id) else { continue };
        let (code, account_id) = (line.tax_code_id, line.account_id);
        let row = rows.entry((code.is_none(), direction, code, account_id));
        let row = row.or_insert(TaxRow { tax_code_id: code, direction, account_id, base: 0, tax: 0 });
        let sign = direction.sign();
        row.base = money::sum("from", [row.base, sign * line.tax_base_minor.unwrap_or_default()])?;
        row.tax = money::sum("from", [row.tax, sign * line.base_minor])?;
    }
    // Read from the balances, not from the rows, so that the two may disagree.
    let balance = async |day| {
        let select = until(day).columns([C::BaseMinor]).into_query();
        let lines = scope.query::<Balance>(&select).await?;
        money::sum("from", lines.iter().map(|line| -line.base_minor))
    };
    let before = from.pred_opt().unwrap_or(from);
    let movement = balance(to).await? - balance(before).await?;
    let rows: Vec<TaxRow> = rows.into_values().collect();
    let coded = |direction| {
        let of = rows.iter().filter(|row| row.tax_code_id.is_some() && row.direction == direction);
        money::sum("from", of.map(|row| row.tax))
    };
    Ok(TaxReport {
        output: coded(TaxDirection::Output)?,
        input: coded(TaxDirection::Input)?,
        withheld: coded(TaxDirection::Withheld)?,
        movement,
        rows,
    })
}
