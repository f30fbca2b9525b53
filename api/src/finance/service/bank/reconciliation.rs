//! Whether a bank account's ledger and its statements tell the same, and what lies between them.
//!
//! The statements' balance on a day is the first statement's opening balance and all bookings up to that day. What the ledger had
//! before the first statement is in that opening balance; all later lines of the ledger are matched with bookings one by one. So
//! the difference of the two balances is exactly: bookings that the ledger has later or not at all, less lines of the ledger
//! that the bank has later or not at all, and what the opening balance and the ledger before it differ by.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kamara_entities::{
    BankLineStatus, BankStatementLineId, JournalLineId, bank_account, bank_match, bank_statement, bank_statement_line,
    journal_line,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use super::ledger_lines;
use crate::{db, error::Result, tenancy::TenantScope};

/// How an account stands on a day.
#[derive(Clone, Debug)]
pub struct Reconciliation {
    /// The account.
    pub account: bank_account::Model,
    /// The day.
    pub at: NaiveDate,
    /// The last day that the statements tell of, if there are any.
    pub stated_until: Option<NaiveDate>,
    /// What is on the account by the statements.
    pub statement_minor: i64,
    /// What is on it by the ledger.
    pub ledger_minor: i64,
    /// What the first opening balance is more than the ledger before it.
    pub opening_minor: i64,
    /// Bookings that the ledger has later or not at all, and nobody said why.
    pub open_lines: Vec<bank_statement_line::Model>,
    /// Bookings that are to be in no ledger.
    pub ignored_lines: Vec<bank_statement_line::Model>,
    /// Lines of the ledger that the bank has later or not at all.
    pub ledger_lines: Vec<journal_line::Model>,
    /// What is on the ledger's account in other currencies, which no statement of this account can have.
    pub other_currencies: Vec<(String, i64)>,
}

impl Reconciliation {
    /// What the statements have more than the ledger.
    #[must_use]
    pub fn difference_minor(&self) -> i64 {
        self.statement_minor - self.ledger_minor
    }

    /// What of the difference isn't told by the lines; always zero, unless there are more lines than are read.
    #[must_use]
    pub fn unexplained_minor(&self) -> i64 {
        let lines = self.open_lines.iter().chain(&self.ignored_lines).map(|line| line.amount_minor).sum::<i64>();
        let ledger = self.ledger_lines.iter().map(|line| line.amount_minor).sum::<i64>();
        self.difference_minor() - self.opening_minor - lines + ledger
    }

    /// Whether both tell the same, line by line.
    #[must_use]
    pub fn is_reconciled(&self) -> bool {
        self.stated_until.is_some_and(|until| until >= self.at)
            && self.difference_minor() == 0
            && self.opening_minor == 0
            && self.open_lines.is_empty()
            && self.ledger_lines.is_empty()
            && self.other_currencies.is_empty()
            && self.unexplained_minor() == 0
    }
}

#[derive(FromQueryResult)]
struct Sum {
    sum: Option<i64>,
}

#[derive(FromQueryResult)]
struct SumOf {
    currency: String,
    sum: i64,
}

/// How an account stands on a day.
pub async fn reconcile(scope: &TenantScope, account: bank_account::Model, at: NaiveDate) -> Result<Reconciliation> {
    let statements =
        || scope.find::<bank_statement::Entity>().filter(bank_statement::Column::BankAccountId.eq(account.id));
    let first = scope.first(statements().order_by_asc(bank_statement::Column::Ordinal)).await?;
    let last = scope.first(statements().order_by_desc(bank_statement::Column::Ordinal)).await?;
    let (begin, opening_balance) = first.map_or((at, 0), |first| (first.from_date, first.opening_minor));
    let lines = lines_until(scope, &account, at);
    let moved = sum(scope, lines.clone(), bank_statement_line::Column::AmountMinor).await?;
    let ledger = ledger_lines::on_account(scope, &account).filter(journal_line::Column::Date.lte(at));
    let ledger_minor = sum(scope, ledger, journal_line::Column::AmountMinor).await?;
    let unstated =
        ledger_lines::unstated(scope, &account, Some(at), |select| select.filter(journal_line::Column::Date.lte(at)))
            .await?;
    // What the ledger had before the first statement is in its opening balance.
    let has_statements = last.is_some();
    let (before, mut ledger_open): (Vec<_>, Vec<_>) =
        unstated.into_iter().map(|unstated| unstated.line).partition(|line| has_statements && line.date < begin);
    let opening_minor = opening_balance - before.iter().map(|line| line.amount_minor).sum::<i64>();
    let unmatched = lines
        .filter(bank_statement_line::Column::Status.ne(BankLineStatus::Matched))
        .order_by_asc(bank_statement_line::Column::Date)
        .order_by_asc(bank_statement_line::Column::Id);
    let unmatched = scope.all(unmatched).await?;
    let (ignored_lines, mut open_lines): (Vec<_>, Vec<_>) =
        unmatched.into_iter().partition(|line| line.status == BankLineStatus::Ignored);
    let apart = Apart::load(scope, &account, at).await?;
    open_lines.extend(apart.lines);
    ledger_open.extend(apart.ledger);
    let other_currencies = other_currencies(scope, &account, at).await?;
    Ok(Reconciliation {
        at,
        stated_until: last.map(|last| last.to_date),
        statement_minor: opening_balance + moved,
        ledger_minor,
        opening_minor,
        open_lines,
        ignored_lines: ignored_lines.into_iter().filter(|line| line.amount_minor != 0).collect(),
        ledger_lines: ledger_open,
        other_currencies,
        account,
    })
}

fn lines_until(
    scope: &TenantScope,
    account: &bank_account::Model,
    at: NaiveDate,
) -> Select<bank_statement_line::Entity> {
    scope
        .find::<bank_statement_line::Entity>()
        .filter(bank_statement_line::Column::BankAccountId.eq(account.id))
        .filter(bank_statement_line::Column::Date.lte(at))
}

async fn sum<E: kamara_entities::TenantEntity>(
    scope: &TenantScope,
    select: Select<E>,
    column: E::Column,
) -> Result<i64> {
    let select = select.select_only().column_as(db::sum(column), "sum");
    let rows = scope.query::<Sum>(&select.into_query()).await?;
    Ok(rows.first().and_then(|row| row.sum).unwrap_or(0))
}

/// What is matched, and yet on different sides of the day: a booking of today that the ledger has tomorrow, or the other way round.
struct Apart {
    lines: Vec<bank_statement_line::Model>,
    ledger: Vec<journal_line::Model>,
}

impl Apart {
    async fn load(scope: &TenantScope, account: &bank_account::Model, at: NaiveDate) -> Result<Self> {
        use bank_statement_line::Column as C;
        let later_in_ledger = ledger_lines::on_account(scope, account)
            .filter(journal_line::Column::Date.gt(at))
            .filter(journal_line::Column::Id.in_subquery(ledger_lines::stated(scope)));
        let later_at_bank = scope
            .find::<bank_statement_line::Entity>()
            .filter(C::BankAccountId.eq(account.id))
            .filter(C::Status.eq(BankLineStatus::Matched))
            .filter(C::Date.gt(at));
        let matches = async |condition| scope.all(scope.find::<bank_match::Entity>().filter(condition)).await;
        let ids = later_in_ledger.select_only().column(journal_line::Column::Id).into_query();
        let of_ledger = matches(bank_match::Column::JournalLineId.in_subquery(ids)).await?;
        let line_ids: HashSet<BankStatementLineId> = of_ledger.iter().map(|found| found.line_id).collect();
        // Of a booking that is several entries some may be on this side of the day.
        let beside = matches(bank_match::Column::LineId.is_in(line_ids.iter().copied())).await?;
        let ids = later_at_bank.select_only().column(C::Id).into_query();
        let of_bank = matches(bank_match::Column::LineId.in_subquery(ids)).await?;
        let journal_ids: HashSet<JournalLineId> =
            of_bank.iter().chain(&beside).map(|found| found.journal_line_id).collect();
        let lines = scope.by_ids::<bank_statement_line::Entity>(line_ids).await?;
        let journal = scope.by_ids::<journal_line::Entity>(journal_ids).await?;
        Ok(Self::new(at, lines, journal))
    }

    fn new(
        at: NaiveDate,
        lines: HashMap<BankStatementLineId, bank_statement_line::Model>,
        journal: HashMap<JournalLineId, journal_line::Model>,
    ) -> Self {
        let mut lines: Vec<_> = lines.into_values().filter(|line| line.date <= at).collect();
        let mut ledger: Vec<_> = journal.into_values().filter(|line| line.date <= at).collect();
        lines.sort_by_key(|line| (line.date, line.id));
        ledger.sort_by_key(|line| (line.date, line.id));
        Self { lines, ledger }
    }
}

async fn other_currencies(
    scope: &TenantScope,
    account: &bank_account::Model,
    at: NaiveDate,
) -> Result<Vec<(String, i64)>> {
    use journal_line::Column as C;
    let select = scope
        .find::<journal_line::Entity>()
        .filter(C::AccountId.eq(account.account_id))
        .filter(C::Currency.ne(&account.currency))
        // A revaluation is in the base currency.
        .filter(C::Currency.ne(scope.base_currency()))
        .filter(C::Date.lte(at))
        .select_only()
        .column_as(C::Currency, "currency")
        .column_as(db::sum(C::AmountMinor), "sum")
        .group_by(C::Currency);
    let rows = scope.query::<SumOf>(&select.into_query()).await?;
    Ok(rows.into_iter().filter(|row| row.sum != 0).map(|row| (row.currency, row.sum)).collect())
}
