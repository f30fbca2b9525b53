//! The general ledger of an account.

use async_graphql::{Object, Result, SimpleObject, connection::Edge};
use kamara_analytics as analytics;
use kamara_entities::{JournalLineId, account, journal_line};

use super::{amount, lines::page};
use crate::{
    graphql::{
        Dec, Listed, Paging,
        list::{Place, empty},
    },
    ledger::schema::{Account, JournalLine},
    tenancy::TenantScope,
};

/// A line of the account, with what stood on it after the line.
pub(crate) struct GeneralLedgerLine {
    line: journal_line::Model,
    balance: Dec,
}

#[Object]
impl GeneralLedgerLine {
    /// The line.
    async fn line(&self) -> JournalLine {
        JournalLine(self.line.clone())
    }

    /// What stood on the account after it: debit positive, credit negative.
    async fn balance(&self) -> Dec {
        self.balance
    }
}

/// What happened on an account.
#[derive(SimpleObject)]
pub(crate) struct GeneralLedgerReport {
    /// The account.
    account: Account,
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// What stood on it before the first day: debit positive, credit negative.
    opening: Dec,
    /// All debits.
    debit: Dec,
    /// All credits.
    credit: Dec,
    /// What stood on it after the last day.
    closing: Dec,
    /// Its lines by date, and within a day in the order of the ledger; closing entries are among them.
    lines: Listed<GeneralLedgerLine>,
}

impl GeneralLedgerReport {
    pub(super) async fn new(
        scope: &TenantScope,
        account: account::Model,
        report: analytics::GeneralLedger,
        paging: Paging,
    ) -> Result<Self> {
        let currency = scope.base_currency();
        let (wanted, has_next) = page(&report.lines, |line| line.id, &paging)?;
        let mut rows = scope.by_ids::<journal_line::Entity>(wanted.iter().map(|line| JournalLineId(line.id))).await?;
        let mut lines = empty(has_next, report.lines.len());
        lines.edges.extend(wanted.iter().filter_map(|line| {
            let row = rows.remove(&JournalLineId(line.id))?;
            let balance = amount(line.balance_minor, currency);
            Some(Edge::new(Place::new(line.id.to_string()), GeneralLedgerLine { line: row, balance }))
        }));
        Ok(Self {
            account: Account(account),
            as_of: report.as_of_seq,
            opening: amount(report.opening_minor, currency),
            debit: amount(report.debit_minor, currency),
            credit: amount(report.credit_minor, currency),
            closing: amount(report.closing_minor, currency),
            lines,
            currency: currency.to_owned(),
        })
    }
}
