//! Money moved between own accounts. It leaves one on one day and arrives at another on the same or a later one; in between it is
//! on the account of role "`bank_transit`", so that each bank's statement has its own side of it.

use chrono::NaiveDate;
use kamara_entities::{
    AccountRole, BankAccountId, BankTransferId, PostingStatus, SourceKind, bank_account, bank_transfer, journal_entry,
};
use rust_decimal::Decimal;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::matching;
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, EntryDraft, LineDraft, service as ledger},
    messages, money,
    tenancy::TenantScope,
    text,
};

/// What is given of a transfer.
#[derive(Clone, Debug)]
pub struct NewTransfer {
    /// From which account.
    pub from_id: BankAccountId,
    /// To which.
    pub to_id: BankAccountId,
    /// When it leaves; today unless said.
    pub date: Option<NaiveDate>,
    /// When it arrives; on the same day unless said.
    pub arrival_date: Option<NaiveDate>,
    /// How much leaves.
    pub amount: Decimal,
    /// How much arrives; needed where the accounts are in different currencies.
    pub arrived: Option<Decimal>,
    /// Base currency for one unit of what leaves, where that's another; the day's unless said.
    pub rate: Option<Decimal>,
    /// Base currency for one unit of what arrives; as much as left, unless said.
    pub arrived_rate: Option<Decimal>,
    /// What both statements say.
    pub reference: Option<String>,
}

/// Moves money between own accounts: two entries, each on its day.
pub async fn transfer(scope: &TenantScope, new: NewTransfer) -> Result<bank_transfer::Model> {
    let account = async |field: &'static str, id| {
        let row = scope.referred::<bank_account::Entity>(field, id).await?;
        match row.archived_at {
            Some(_) => Err(Error::NotFound { what: "bank_account", field: Some(field.into()) }),
            None => Ok(row),
        }
    };
    let from = account("fromBankAccountId", new.from_id).await?;
    let to = account("toBankAccountId", new.to_id).await?;
    if from.id == to.id {
        let message = Text::fixed("Choose two different accounts.", "აირჩიეთ ორი სხვადასხვა ანგარიში.");
        return Err(Error::invalid("toBankAccountId", message));
    }
    let date = match new.date {
        Some(date) => date,
        None => ledger::open_date(scope, scope.today()).await?,
    };
    let arrival_date = new.arrival_date.unwrap_or(date);
    if arrival_date < date {
        let message = Text::fixed("Money does not arrive before it leaves.", "თანხა ვერ ჩაირიცხება გასვლამდე.");
        return Err(Error::invalid("arrivalDate", message));
    }
    let sides = Sides::of(scope, &from, &to, &new, (date, arrival_date)).await?;
    let row = scope
        .insert::<bank_transfer::Entity>(bank_transfer::New {
            from_id: from.id,
            to_id: to.id,
            date,
            arrival_date,
            amount_minor: sides.left.amount_minor,
            currency: from.currency.clone(),
            arrived_minor: sides.arrived.amount_minor,
            arrived_currency: to.currency.clone(),
            reference: text::optional("reference", new.reference)?,
            status: PostingStatus::Posted,
        })
        .await?;
    let entries = sides.entries(scope, &row, &from, &to).await?;
    ledger::post(scope, entries).await?;
    Ok(row)
}

/// Takes a transfer back, both sides of it; today unless said.
pub async fn reverse(scope: &TenantScope, id: BankTransferId, date: Option<NaiveDate>) -> Result<bank_transfer::Model> {
    let before = scope.lock::<bank_transfer::Entity>(id).await?;
    if before.status != PostingStatus::Posted {
        return Err(Error::Conflict(Text::fixed(
            "This transfer is reversed already.",
            "ეს გადარიცხვა უკვე გაუქმებულია.",
        )));
    }
    let entries = scope
        .find::<journal_entry::Entity>()
        .filter(journal_entry::Column::SourceKind.eq(SourceKind::Transfer))
        .filter(journal_entry::Column::SourceId.eq(id.0))
        .order_by_asc(journal_entry::Column::Seq);
    let entries = scope.all(entries).await?;
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    matching::refuse_matched(scope, &ids).await?;
    let date = match date {
        Some(date) => date,
        None => ledger::open_date(scope, scope.today().max(before.arrival_date)).await?,
    };
    let after = bank_transfer::Model { status: PostingStatus::Reversed, ..before.clone() };
    let after = scope.act::<bank_transfer::Entity>("reverse", &before, after).await?;
    for entry in entries {
        ledger::reverse_entry(scope, &entry, date).await?;
    }
    Ok(after)
}

/// An amount of a currency, and what it's worth.
struct Side {
    amount_minor: i64,
    rate: i64,
    base_minor: i64,
}

struct Sides {
    left: Side,
    arrived: Side,
}

impl Sides {
    async fn of(
        scope: &TenantScope,
        from: &bank_account::Model,
        to: &bank_account::Model,
        new: &NewTransfer,
        (date, arrival_date): (NaiveDate, NaiveDate),
    ) -> Result<Self> {
        let base = scope.base_currency();
        let positive = |field, amount: Decimal, currency: &str| match money::to_minor(field, amount, currency)? {
            minor if minor > 0 => Ok(minor),
            _ => Err(Error::invalid(field, messages::positive())),
        };
        let amount_minor = positive("amount", new.amount, &from.currency)?;
        let rate = ledger::rate_on("rate", scope, (&from.currency, date), new.rate).await?;
        let base_minor = money::convert("amount", amount_minor, &from.currency, base, rate)?;
        let left = Side { amount_minor, rate, base_minor };
        let arrived_minor = match new.arrived {
            Some(arrived) => positive("arrived", arrived, &to.currency)?,
            None if from.currency == to.currency => amount_minor,
            None => {
                let message = Text::new(
                    format!("Say how many {} arrived.", to.currency),
                    format!("მიუთითეთ, რამდენი {} ჩაირიცხა.", to.currency),
                );
                return Err(Error::invalid("arrived", message));
            }
        };
        if from.currency == to.currency && arrived_minor != amount_minor {
            let message = Text::fixed(
                "As much arrives as left; book what the bank kept as a fee.",
                "ჩაირიცხება იმდენი, რამდენიც გავიდა; ბანკის საკომისიო ცალკე გაატარეთ.",
            );
            return Err(Error::invalid("arrived", message));
        }
        let worth = if to.currency == base {
            (ledger::rate("arrivedRate", scope, &to.currency, new.arrived_rate)?, arrived_minor)
        } else if new.arrived_rate.is_some() {
            let on_arrival = (to.currency.as_str(), arrival_date);
            let rate = ledger::rate_on("arrivedRate", scope, on_arrival, new.arrived_rate).await?;
            (rate, money::convert("arrived", arrived_minor, &to.currency, base, rate)?)
        } else if to.currency == from.currency {
            (left.rate, left.base_minor)
        } else {
            (rate_of(left.base_minor, base, arrived_minor, &to.currency)?, left.base_minor)
        };
        let arrived = Side { amount_minor: arrived_minor, rate: worth.0, base_minor: worth.1 };
        Ok(Self { left, arrived })
    }

    /// What leaves goes onto the transit account, and what arrives comes off it, at what it was worth when it left. What it's worth
    /// more or less by then is a difference of exchange rates.
    async fn entries(
        &self,
        scope: &TenantScope,
        row: &bank_transfer::Model,
        from: &bank_account::Model,
        to: &bank_account::Model,
    ) -> Result<Vec<EntryDraft>> {
        let accounts = Accounts::load(scope).await?;
        let transit = accounts.role(AccountRole::BankTransit)?.id;
        let (left, arrived) = (&self.left, &self.arrived);
        let left_line = |account, sign: i64| {
            LineDraft::new(account, sign * left.amount_minor, &from.currency, left.rate, sign * left.base_minor)
        };
        let gone = vec![left_line(transit, 1), left_line(from.account_id, -1)];
        let mut come = vec![
            LineDraft::new(to.account_id, arrived.amount_minor, &to.currency, arrived.rate, arrived.base_minor),
            left_line(transit, -1),
        ];
        let difference = left.base_minor - arrived.base_minor;
        if difference != 0 {
            let account = accounts.role(AccountRole::ExchangeDifference)?.id;
            come.push(LineDraft::in_base(account, difference, scope.base_currency()));
        }
        let words = row.reference.as_deref().map_or_else(String::new, |reference| format!(": {reference}"));
        let description = format!("{} → {}{words}", from.name, to.name);
        let entry =
            |date, lines| EntryDraft::new(date, description.clone(), SourceKind::Transfer, Some(row.id.0), lines);
        Ok(vec![entry(row.date, gone), entry(row.arrival_date, come)])
    }
}

/// The rate at which an amount is worth another of the base currency, in 10⁻⁶.
fn rate_of(base_minor: i64, base: &str, minor: i64, currency: &str) -> Result<i64> {
    let amount = money::from_minor(minor, currency);
    let rate = money::from_minor(base_minor, base).checked_div(amount).unwrap_or_default();
    match money::to_micro("arrived", rate.round_dp(6))? {
        rate if rate > 0 => Ok(rate),
        _ => Err(Error::invalid("arrived", messages::too_large())),
    }
}
