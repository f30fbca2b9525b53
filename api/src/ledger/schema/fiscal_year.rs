//! Fiscal years, their periods, and the dates up to which the books take nothing, as the API shows them.

use std::collections::HashMap;

use async_graphql::{
    Context, Enum, InputObject, MaybeUndefined, Object, Result, SimpleObject,
    dataloader::{DataLoader, Loader},
};
use kamara_entities::{FiscalYearId, fiscal_year, journal_entry, ledger};
use sea_orm::Condition;

use super::JournalEntry;
use crate::{
    error::Error,
    graphql::{
        Can, Date, Id, Listed, Loading, Paging, complexity, enums::FiscalYearStatus, list, loader::Batch, request,
    },
    identity::Permission,
    ledger::{
        periods::{self, Period},
        service,
    },
};

shown! {
    /// A year whose result is moved to equity when it's closed.
    FiscalYear(fiscal_year),
}

/// Where a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "periods::PeriodStatus")]
pub(crate) enum PeriodStatus {
    /// Takes entries.
    Open,
    /// Takes none, and can be reopened.
    Closed,
    /// Takes none for good.
    Locked,
}

/// A month of a fiscal year.
#[derive(SimpleObject)]
pub(crate) struct FiscalPeriod {
    /// Place within the year, from 1.
    number: i32,
    /// First day.
    start_date: Date,
    /// Last day.
    end_date: Date,
    /// Where it stands.
    status: PeriodStatus,
}

impl From<Period> for FiscalPeriod {
    fn from(period: Period) -> Self {
        Self {
            number: period.number,
            start_date: Date(period.start),
            end_date: Date(period.end),
            status: period.status.into(),
        }
    }
}

/// The tenant's books, which all years of a list ask for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Books;

impl Loader<Books> for Batch {
    type Value = ledger::Model;
    type Error = Error;

    async fn load(&self, _: &[Books]) -> std::result::Result<HashMap<Books, ledger::Model>, Error> {
        Ok(HashMap::from([(Books, service::ledger_of(&*self.scope().await?).await?)]))
    }
}

#[Object]
impl FiscalYear {
    /// Id.
    async fn id(&self) -> Id<FiscalYearId> {
        Id(self.0.id)
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// First day.
    async fn start_date(&self) -> Date {
        Date(self.0.start_date)
    }

    /// Last day.
    async fn end_date(&self) -> Date {
        Date(self.0.end_date)
    }

    /// Where it stands.
    async fn status(&self) -> FiscalYearStatus {
        self.0.status.into()
    }

    /// The entry that moved its result to equity; none while it's open, and for a year without a result.
    async fn closing_entry(&self, ctx: &Context<'_>) -> Result<Option<JournalEntry>> {
        Ok(ctx.row_if_any::<journal_entry::Entity>(self.0.closing_entry_id).await?.map(JournalEntry))
    }

    /// Its months.
    async fn periods(&self, ctx: &Context<'_>) -> Result<Vec<FiscalPeriod>> {
        let ledger = ctx.data::<DataLoader<Batch>>()?.load_one(Books).await?;
        let ledger = ledger.ok_or_else(|| Error::internal("a tenant without a ledger"))?;
        Ok(periods::periods(&self.0, &ledger).into_iter().map(Into::into).collect())
    }
}

/// Dates up to which the books take nothing.
#[derive(SimpleObject)]
pub(crate) struct LockDates {
    /// Nothing is posted on or before this day.
    ledger: Option<Date>,
    /// Nothing with a tax is posted on or before this day: it's declared.
    tax: Option<Date>,
    /// Nothing that is owed by or to anybody is posted on or before this day.
    sub_ledgers: Option<Date>,
    /// What is closed up to this day is never opened again.
    locked: Option<Date>,
}

impl From<ledger::Model> for LockDates {
    fn from(ledger: ledger::Model) -> Self {
        Self {
            ledger: ledger.closed_until.map(Date),
            tax: ledger.tax_closed_until.map(Date),
            sub_ledgers: ledger.sub_ledger_closed_until.map(Date),
            locked: ledger.locked_until.map(Date),
        }
    }
}

ordering! {
    /// What fiscal years are sorted by.
    FiscalYearOrder, FiscalYearOrderField of fiscal_year, default StartDate Desc,
    {
        /// By first day.
        StartDate => StartDate,
    }
}

/// Asking for fiscal years.
#[derive(Default)]
pub(crate) struct FiscalYearQuery;

#[Object]
impl FiscalYearQuery {
    /// Fiscal years, the newest first.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn fiscal_years(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        order_by: Option<FiscalYearOrder>,
    ) -> Result<Listed<FiscalYear>> {
        let order = FiscalYearOrder::or_default(order_by);
        list::<fiscal_year::Entity, _>(ctx, Paging { first, after }, Condition::all(), order).await
    }

    /// A fiscal year.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn fiscal_year(&self, ctx: &Context<'_>, id: Id<FiscalYearId>) -> Result<FiscalYear> {
        Ok(FiscalYear(request(ctx).read().await?.require::<fiscal_year::Entity>(id.0).await?))
    }

    /// Dates up to which the books take nothing.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn lock_dates(&self, ctx: &Context<'_>) -> Result<LockDates> {
        Ok(service::ledger_of(&*request(ctx).read().await?).await?.into())
    }
}

/// A new fiscal year: whole months, right after the last or right before the first.
#[derive(InputObject)]
pub(crate) struct CreateFiscalYearInput {
    /// Name; the calendar's when left out.
    name: Option<String>,
    /// First day, the first of a month; right after the last year when left out.
    start_date: Option<Date>,
    /// Last day, the last of a month; after twelve months when left out.
    end_date: Option<Date>,
}

/// Which fiscal year.
#[derive(InputObject)]
pub(crate) struct CloseFiscalYearInput {
    /// The fiscal year.
    id: Id<FiscalYearId>,
}

/// Which fiscal year, and why.
#[derive(InputObject)]
pub(crate) struct ReopenFiscalYearInput {
    /// The fiscal year.
    id: Id<FiscalYearId>,
    /// Why, for the audit.
    reason: String,
}

/// Which period.
#[derive(InputObject)]
pub(crate) struct ClosePeriodInput {
    /// The fiscal year.
    fiscal_year_id: Id<FiscalYearId>,
    /// Place within the year, from 1.
    number: i32,
}

/// Which period.
#[derive(InputObject)]
pub(crate) struct LockPeriodInput {
    /// The fiscal year.
    fiscal_year_id: Id<FiscalYearId>,
    /// Place within the year, from 1.
    number: i32,
}

/// Which period, and why.
#[derive(InputObject)]
pub(crate) struct ReopenPeriodInput {
    /// The fiscal year.
    fiscal_year_id: Id<FiscalYearId>,
    /// Place within the year, from 1.
    number: i32,
    /// Why, for the audit.
    reason: String,
}

/// Dates to set: what is left out stays, null opens.
#[derive(InputObject)]
pub(crate) struct SetLockDatesInput {
    /// Nothing is posted on or before this day.
    ledger: MaybeUndefined<Date>,
    /// Nothing with a tax is posted on or before this day: it's declared.
    tax: MaybeUndefined<Date>,
    /// Nothing that is owed by or to anybody is posted on or before this day.
    sub_ledgers: MaybeUndefined<Date>,
    /// Why, for the audit; needed when a date goes back.
    reason: Option<String>,
}

payloads! {
    CreateFiscalYearPayload { fiscal_year: FiscalYear },
    CloseFiscalYearPayload { fiscal_year: FiscalYear },
    ReopenFiscalYearPayload { fiscal_year: FiscalYear },
    ClosePeriodPayload { fiscal_year: FiscalYear },
    LockPeriodPayload { fiscal_year: FiscalYear },
    ReopenPeriodPayload { fiscal_year: FiscalYear },
    SetLockDatesPayload { lock_dates: LockDates },
}

/// Making, closing and reopening fiscal years and periods.
#[derive(Default)]
pub(crate) struct FiscalYearMutation;

#[Object]
impl FiscalYearMutation {
    /// Makes a fiscal year.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn create_fiscal_year(
        &self,
        ctx: &Context<'_>,
        input: CreateFiscalYearInput,
    ) -> Result<CreateFiscalYearPayload> {
        let scope = request(ctx).write().await?;
        let (start, end) = (input.start_date.map(|date| date.0), input.end_date.map(|date| date.0));
        let year = service::create_year(&scope, input.name, start, end).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Closes a fiscal year that is over: its result goes to retained earnings by an entry marked as closing, which reports of
    /// results leave out, and nothing else is posted in it any more. The years before close first.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn close_fiscal_year(
        &self,
        ctx: &Context<'_>,
        input: CloseFiscalYearInput,
    ) -> Result<CloseFiscalYearPayload> {
        let scope = request(ctx).write().await?;
        let year = service::close_year(&scope, input.id.0).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Reopens a fiscal year: its closing entry is reversed. Its periods stay closed until they're reopened themselves.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reopen_fiscal_year(
        &self,
        ctx: &Context<'_>,
        input: ReopenFiscalYearInput,
    ) -> Result<ReopenFiscalYearPayload> {
        let scope = request(ctx).write().await?;
        let year = service::reopen_year(&scope, input.id.0, &input.reason).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Closes a period that is over: it takes no entries. The periods before close first.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn close_period(&self, ctx: &Context<'_>, input: ClosePeriodInput) -> Result<ClosePeriodPayload> {
        let scope = request(ctx).write().await?;
        let year = service::close_period(&scope, input.fiscal_year_id.0, input.number).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Reopens the period that was closed last.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn reopen_period(&self, ctx: &Context<'_>, input: ReopenPeriodInput) -> Result<ReopenPeriodPayload> {
        let scope = request(ctx).write().await?;
        let year = service::reopen_period(&scope, input.fiscal_year_id.0, input.number, &input.reason).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Locks a closed period, and all before it, for good. The years that end in it are closed first.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn lock_period(&self, ctx: &Context<'_>, input: LockPeriodInput) -> Result<LockPeriodPayload> {
        let scope = request(ctx).write().await?;
        let year = service::lock_period(&scope, input.fiscal_year_id.0, input.number).await?;
        request(ctx).commit(scope).await?;
        Ok(year.into())
    }

    /// Sets the dates up to which the books take nothing: of taxes, of what is owed, and of all.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_lock_dates(&self, ctx: &Context<'_>, input: SetLockDatesInput) -> Result<SetLockDatesPayload> {
        let scope = request(ctx).write().await?;
        let dates = service::LockDates {
            ledger: input.ledger.map_value(|date| date.0),
            tax: input.tax.map_value(|date| date.0),
            sub_ledgers: input.sub_ledgers.map_value(|date| date.0),
            reason: input.reason,
        };
        let ledger = service::set_lock_dates(&scope, dates).await?;
        request(ctx).commit(scope).await?;
        Ok(ledger.into())
    }
}
