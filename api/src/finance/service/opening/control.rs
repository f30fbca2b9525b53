//! The control accounts: what stands on each is the sum of its open documents.

use kamara_entities::{AccountId, AccountRole};

use super::file::Row;
use crate::{
    error::{Error, Result, Text},
    ledger::{Accounts, dates::CONTROL},
    messages, money,
};

/// Those of a tenant, and what the rows say of them.
pub(super) struct ControlAccounts(Vec<ControlAccount>);

impl ControlAccounts {
    pub(super) fn of(accounts: &Accounts) -> Self {
        let of_role = |role: &AccountRole| {
            let account = accounts.role(*role).ok()?;
            Some(ControlAccount { id: account.id, code: account.code.clone(), row: None, first: None, sum: 0 })
        };
        Self(CONTROL.iter().filter_map(of_role).collect())
    }

    /// Notes the row of an account and its balance, if it's a control account, which takes no line of its own.
    pub(super) fn note(&mut self, id: AccountId, row: &Row, base_minor: i64) -> Result<bool> {
        let Some(control) = self.0.iter_mut().find(|control| control.id == id) else { return Ok(false) };
        if control.row.is_some() {
            let code = &control.code;
            let message =
                Text::new(format!("Account {code} has a row already."), format!("ანგარიშს {code} უკვე აქვს სტრიქონი."));
            return Err(row.problem(&message));
        }
        control.row = Some((row.line, base_minor));
        Ok(true)
    }

    /// Counts what a document puts on its account.
    pub(super) fn add(&mut self, id: AccountId, line: u64, base_minor: i64) {
        for control in self.0.iter_mut().filter(|control| control.id == id) {
            control.first.get_or_insert(line);
            control.sum += i128::from(base_minor);
        }
    }

    /// Each account's row is the sum of its documents.
    pub(super) fn check(&self, base: &str) -> Result<()> {
        self.0.iter().try_for_each(|control| control.check(base))
    }
}

/// What the rows of a control account must add up to, and what they do.
struct ControlAccount {
    id: AccountId,
    code: String,
    /// The line of the account's row, and its balance: debit positive.
    row: Option<(u64, i64)>,
    /// The line of the first document.
    first: Option<u64>,
    sum: i128,
}

impl ControlAccount {
    fn check(&self, base: &str) -> Result<()> {
        let sum = i64::try_from(self.sum).map_err(|_| Error::invalid("csv", messages::too_large()))?;
        let (line, balance) = match (self.row, self.first) {
            (Some(row), _) => row,
            (None, Some(line)) => (line, 0),
            (None, None) => return Ok(()),
        };
        if sum == balance {
            return Ok(());
        }
        let (open, code) = (money::from_minor(sum, base), &self.code);
        let balance = self.row.map(|_| money::from_minor(balance, base).to_string());
        let message = match balance {
            Some(balance) => Text::new(
                format!("Line {line}: account {code} has {balance}, but its open documents add up to {open} {base}."),
                format!(
                    "სტრიქონი {line}: ანგარიშზე {code} არის {balance}, მისი ღია დოკუმენტების ჯამი კი {open} {base}-ია."
                ),
            ),
            None => Text::new(
                format!(
                    "Line {line}: there is no row for account {code}, whose open documents add up to {open} {base}."
                ),
                format!(
                    "სტრიქონი {line}: ანგარიშს {code} სტრიქონი არ აქვს, მისი ღია დოკუმენტების ჯამი კი {open} {base}-ია."
                ),
            ),
        };
        Err(Error::invalid("csv", message))
    }
}
