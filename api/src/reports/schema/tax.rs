//! The tax report, as the API shows it.

use async_graphql::{Context, Enum, Object, Result};
use chrono::NaiveDate;
use kamara_entities::{account, journal_line, tax_code};
use sea_orm::{ColumnTrait, Condition};

use super::amount;
use crate::{
    graphql::{Can, Date, Dec, Listed, Loading, Paging, complexity, list},
    identity::Permission,
    ledger::schema::{Account, JournalLine, JournalLineOrder, TaxCode},
    reports::tax::{self, TaxRow},
};

/// Which way a tax goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "crate::reports::tax::TaxDirection")]
pub(crate) enum TaxDirection {
    /// Charged, and owed to the state.
    Output,
    /// Paid, and claimed from it.
    Input,
    /// Kept back from suppliers, and owed to the state.
    Withheld,
}

/// What the taxes of a period come to, in the base currency.
pub(crate) struct TaxReport {
    pub(super) report: tax::TaxReport,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) currency: String,
}

#[Object]
impl TaxReport {
    /// Its first day.
    async fn from(&self) -> Date {
        Date(self.from)
    }

    /// Its last day.
    async fn to(&self) -> Date {
        Date(self.to)
    }

    /// The base currency.
    async fn currency(&self) -> &str {
        &self.currency
    }

    /// What each tax code comes to; last what was posted on the same accounts without a code.
    async fn rows(&self) -> Vec<TaxReportRow> {
        let row = |row: &TaxRow| TaxReportRow {
            row: row.clone(),
            from: self.from,
            to: self.to,
            currency: self.currency.clone(),
        };
        self.report.rows.iter().map(row).collect()
    }

    /// What the codes charge.
    async fn output(&self) -> Dec {
        amount(self.report.output, &self.currency)
    }

    /// What the codes claim.
    async fn input(&self) -> Dec {
        amount(self.report.input, &self.currency)
    }

    /// What the codes keep back from suppliers.
    async fn withheld(&self) -> Dec {
        amount(self.report.withheld, &self.currency)
    }

    /// What is to be paid to the state, without what was withheld: output less input; negative comes back.
    async fn payable(&self) -> Dec {
        amount(self.report.payable(), &self.currency)
    }

    /// What was posted without a code, as owed to the state: payments to it, corrections by hand.
    async fn uncoded(&self) -> Dec {
        amount(self.report.uncoded(), &self.currency)
    }

    /// What the balances of the accounts of taxes changed by in the period, as owed to the state.
    async fn movement(&self) -> Dec {
        amount(self.report.movement, &self.currency)
    }

    /// Whether the rows are all that the accounts changed by.
    async fn tied(&self) -> bool {
        self.report.tied()
    }
}

/// What a tax code comes to on one account.
pub(crate) struct TaxReportRow {
    row: TaxRow,
    from: NaiveDate,
    to: NaiveDate,
    currency: String,
}

#[Object]
impl TaxReportRow {
    /// The code; none for what was posted without one.
    async fn tax_code(&self, ctx: &Context<'_>) -> Result<Option<TaxCode>> {
        Ok(ctx.row_if_any::<tax_code::Entity>(self.row.tax_code_id).await?.map(TaxCode))
    }

    /// Which way it goes.
    async fn direction(&self) -> TaxDirection {
        self.row.direction.into()
    }

    /// The account that it's posted on.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.row.account_id).await?))
    }

    /// What the tax is reckoned on.
    async fn base(&self) -> Dec {
        amount(self.row.base, &self.currency)
    }

    /// The tax.
    async fn tax(&self) -> Dec {
        amount(self.row.tax, &self.currency)
    }

    /// The lines of the ledger that make it.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn lines(&self, ctx: &Context<'_>, first: Option<i32>, after: Option<String>) -> Result<Listed<JournalLine>> {
        use journal_line::Column as C;
        let code = match self.row.tax_code_id {
            Some(code) => C::TaxCodeId.eq(code),
            None => C::TaxCodeId.is_null(),
        };
        let condition = Condition::all()
            .add(C::AccountId.eq(self.row.account_id))
            .add(C::Date.between(self.from, self.to))
            .add(code);
        let order = JournalLineOrder::or_default(None);
        list::<journal_line::Entity, _>(ctx, Paging { first, after }, condition, order).await
    }
}
