//! The tax report: what each tax code comes to, and that it's what the ledger says.

use chrono::NaiveDate;
use kamara_entities::{AccountId, AccountRole, TaxCodeId, journal_line};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};

use crate::{
    db,
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

/// What a code comes to on an account; debit positive.
#[derive(FromQueryResult)]
struct Sums {
    account_id: AccountId,
    tax_code_id: Option<TaxCodeId>,
    base_minor: i64,
    tax_base_minor: Option<i64>,
}

/// What stands on the accounts of taxes; none where there never was a line.
#[derive(FromQueryResult)]
struct Balance {
    base_minor: Option<i64>,
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
        select.filter(C::Date.lte(day)).select_only().column_as(db::sum(C::BaseMinor), "base_minor")
    };
    let by_code = [C::AccountId, C::TaxCodeId].into_iter().fold(until(to), |sums, cut| sums.column(cut).group_by(cut));
    let by_code = by_code.column_as(db::sum(C::TaxBaseMinor), "tax_base_minor").filter(C::Date.gte(from));
    let mut rows = Vec::new();
    for sums in scope.query::<Sums>(&by_code.into_query()).await? {
        let Some(direction) = direction(sums.account_id) else { continue };
        let sign = direction.sign();
        rows.push(TaxRow {
            tax_code_id: sums.tax_code_id,
            direction,
            account_id: sums.account_id,
            base: sign * sums.tax_base_minor.unwrap_or_default(),
            tax: sign * sums.base_minor,
        });
    }
    rows.sort_by_key(|row| (row.tax_code_id.is_none(), row.direction, row.tax_code_id, row.account_id));
    // Read from the balances, not from the rows, so that the two may disagree.
    let balance = async |day| {
        let balance = scope.query::<Balance>(&until(day).into_query()).await?.pop();
        Ok::<_, Error>(balance.and_then(|balance| balance.base_minor).unwrap_or_default())
    };
    let before = from.pred_opt().unwrap_or(from);
    let movement = balance(before).await? - balance(to).await?;
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
