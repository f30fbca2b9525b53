//! Exchange rates and revaluation, as the API shows them.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use kamara_entities::{ExchangeRateId, account, company, exchange_rate};
use sea_orm::Condition;

use super::{Account, JournalEntry};
use crate::{
    companies::schema::Company,
    graphql::{
        Can, Date, Dec, Id, Listed, Loading, Money, Paging, complexity,
        filter::{Conditions, DateFilter, StringFilter},
        list, request,
    },
    identity::Permission,
    ledger::{
        exchange::{self, NewRate},
        revaluation::{self, Revalued},
    },
    money,
};

shown! {
    /// What a currency was worth on a day.
    ExchangeRate(exchange_rate),
}

#[Object]
impl ExchangeRate {
    /// Id.
    async fn id(&self) -> Id<ExchangeRateId> {
        Id(self.0.id)
    }

    /// ISO 4217 code.
    async fn currency(&self) -> &str {
        &self.0.currency
    }

    /// The day; the rate is good after it too, until the next.
    async fn date(&self) -> Date {
        Date(self.0.date)
    }

    /// Base currency for one unit of the currency.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.0.rate))
    }
}

ordering! {
    /// What exchange rates are sorted by.
    ExchangeRateOrder, ExchangeRateOrderField of exchange_rate, default Date Desc,
    {
        /// By day.
        Date => Date,
        /// By currency.
        Currency => Currency,
    }
}

/// Which exchange rates.
#[derive(Clone, Debug, Default, InputObject)]
pub(crate) struct ExchangeRateFilter {
    /// Part of its currency's code.
    search: Option<String>,
    /// Currency.
    currency: Option<StringFilter>,
    /// The day.
    date: Option<DateFilter>,
}

impl ExchangeRateFilter {
    fn condition(self) -> Condition {
        use exchange_rate::Column as C;
        let search = self.search.map(|search| StringFilter::containing(search.to_uppercase()));
        Conditions::new().on(C::Currency, search).on(C::Currency, self.currency).on(C::Date, self.date).all()
    }
}

/// Asking for exchange rates.
#[derive(Default)]
pub(crate) struct ExchangeRateQuery;

#[Object]
impl ExchangeRateQuery {
    /// What currencies were worth.
    #[graphql(complexity = "complexity(first, child_complexity)", guard = "Can(Permission::FinanceRead)")]
    async fn exchange_rates(
        &self,
        ctx: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        #[graphql(default)] filter: ExchangeRateFilter,
        order_by: Option<ExchangeRateOrder>,
    ) -> Result<Listed<ExchangeRate>> {
        let order = ExchangeRateOrder::or_default(order_by);
        list::<exchange_rate::Entity, _>(ctx, Paging { first, after }, filter.condition(), order).await
    }
}

/// What a currency is worth on a day.
#[derive(InputObject)]
pub(crate) struct SetExchangeRateInput {
    /// ISO 4217 code.
    currency: String,
    /// The day.
    date: Date,
    /// Base currency for one unit of the currency.
    rate: Dec,
}

/// A file of exchange rates.
#[derive(InputObject)]
pub(crate) struct ImportExchangeRatesInput {
    /// CSV with the columns date, currency and rate.
    csv: String,
}

/// The day whose rates count.
#[derive(InputObject)]
pub(crate) struct RevalueCurrenciesInput {
    /// The last day of the period.
    date: Date,
}

payloads! {
    SetExchangeRatePayload { exchange_rate: ExchangeRate },
}

/// What was imported.
#[derive(SimpleObject)]
pub(crate) struct ImportExchangeRatesPayload {
    /// How many rates the file has.
    count: i32,
}

/// What was revalued.
#[derive(SimpleObject)]
pub(crate) struct RevalueCurrenciesPayload {
    /// What was open in other currencies.
    positions: Vec<RevaluedPosition>,
    /// The entry of the day; none where nothing changed.
    entry: Option<JournalEntry>,
    /// The entry that takes it back the day after.
    reversal: Option<JournalEntry>,
}

/// What is open in another currency, at the rate of a day.
pub(crate) struct RevaluedPosition {
    revalued: Revalued,
    base_currency: String,
}

#[Object]
impl RevaluedPosition {
    /// Account.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        Ok(Account(ctx.row::<account::Entity>(self.revalued.position.account_id).await?))
    }

    /// Who owes or is owed.
    async fn party(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.revalued.position.party_id).await?.map(Company))
    }

    /// The balance, in its currency; debit positive.
    async fn amount(&self) -> Money {
        Money::new(self.revalued.position.amount_minor, &self.revalued.position.currency)
    }

    /// Base currency for one unit, on the day.
    async fn rate(&self) -> Dec {
        Dec(money::from_micro(self.revalued.rate))
    }

    /// The balance as it stood in the books before.
    async fn posted(&self) -> Money {
        Money::new(self.revalued.position.base_minor, &self.base_currency)
    }

    /// What it's worth on the day.
    async fn revalued(&self) -> Money {
        Money::new(self.revalued.base_minor, &self.base_currency)
    }

    /// What it's worth more; less is negative.
    async fn difference(&self) -> Money {
        Money::new(self.revalued.difference(), &self.base_currency)
    }
}

/// Setting rates, and what follows from them.
#[derive(Default)]
pub(crate) struct ExchangeRateMutation;

#[Object]
impl ExchangeRateMutation {
    /// Sets what a currency is worth on a day. Documents that are written already keep their rate.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn set_exchange_rate(
        &self,
        ctx: &Context<'_>,
        input: SetExchangeRateInput,
    ) -> Result<SetExchangeRatePayload> {
        let scope = request(ctx).write().await?;
        let new = NewRate { currency: input.currency, date: input.date.0, rate: input.rate.0 };
        let row = exchange::set_exchange_rate(&scope, new).await?;
        request(ctx).commit(scope).await?;
        Ok(row.into())
    }

    /// Sets the rates of a file; those of days that have one already are replaced.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn import_exchange_rates(
        &self,
        ctx: &Context<'_>,
        input: ImportExchangeRatesInput,
    ) -> Result<ImportExchangeRatesPayload> {
        let scope = request(ctx).write().await?;
        let count = exchange::import_exchange_rates(&scope, &input.csv).await?;
        request(ctx).commit(scope).await?;
        Ok(ImportExchangeRatesPayload { count: i32::try_from(count).unwrap_or(i32::MAX) })
    }

    /// Revalues what is owed in other currencies, and money held in them, at the rates of a day; taken back the day after. What was
    /// paid in advance stays at its rate. Run again for the same day, it posts what differs.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn revalue_currencies(
        &self,
        ctx: &Context<'_>,
        input: RevalueCurrenciesInput,
    ) -> Result<RevalueCurrenciesPayload> {
        let scope = request(ctx).write().await?;
        let base_currency = scope.base_currency().to_owned();
        let done = revaluation::revalue(&scope, input.date.0).await?;
        request(ctx).commit(scope).await?;
        let (entry, reversal) = done.entries.unzip();
        let shown = |revalued| RevaluedPosition { revalued, base_currency: base_currency.clone() };
        Ok(RevalueCurrenciesPayload {
            positions: done.positions.into_iter().map(shown).collect(),
            entry: entry.map(JournalEntry),
            reversal: reversal.map(JournalEntry),
        })
    }
}
