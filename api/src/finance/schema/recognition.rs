//! Revenue in the days in which it's earned, as the API shows it.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};

use super::Invoice;
use crate::{
    error,
    finance::service::recognition::{self as rules, Recognised},
    graphql::{Can, Date, Money, request},
    identity::Permission,
    ledger::schema::JournalEntry,
    money,
};

/// What is earned by the end of a day, of what is billed and of what isn't yet. Amounts are in the base currency.
#[derive(SimpleObject)]
pub(crate) struct RevenueRecognition {
    /// The day.
    date: Date,
    /// Each invoice, credit note or draft of which something waits, or is posted.
    rows: Vec<RecognisedRevenue>,
    /// What is billed and not earned.
    deferred: Money,
    /// What is earned and not billed.
    unbilled: Money,
    /// By what the revenue up to the day changes; negative puts it off.
    change: Money,
}

impl RevenueRecognition {
    fn new(recognition: rules::Recognition, currency: &str) -> error::Result<Self> {
        let of = &recognition.documents;
        let sum = |value: fn(&Recognised) -> i64| Ok(Money::new(money::sum("date", of.iter().map(value))?, currency));
        let (deferred, unbilled) = (sum(|row| row.deferred)?, sum(|row| row.unbilled)?);
        let change: error::Result<Money> = sum(|row| row.change);
        let row = |row| RecognisedRevenue { row, currency: currency.to_owned() };
        Ok(Self {
            date: Date(recognition.date),
            deferred,
            unbilled,
            change: change?,
            rows: recognition.documents.into_iter().map(row).collect(),
        })
    }
}

/// What is earned of an invoice.
pub(crate) struct RecognisedRevenue {
    row: Recognised,
    currency: String,
}

impl RecognisedRevenue {
    fn money(&self, minor: i64) -> Money {
        Money::new(minor, &self.currency)
    }
}

#[Object]
impl RecognisedRevenue {
    /// The invoice, the credit note, or the draft.
    async fn invoice(&self) -> Invoice {
        Invoice(self.row.invoice.clone())
    }

    /// What is billed and not earned; negative of a credit note.
    async fn deferred(&self) -> Money {
        self.money(self.row.deferred)
    }

    /// What is earned and not billed.
    async fn unbilled(&self) -> Money {
        self.money(self.row.unbilled)
    }

    /// By what the revenue up to the day changes; negative puts it off.
    async fn change(&self) -> Money {
        self.money(self.row.change)
    }

    /// The entry; none in a preview, and where nothing changes.
    async fn entry(&self) -> Option<JournalEntry> {
        self.row.entry.clone().map(JournalEntry)
    }

    /// The entry that takes it back on a later day, from which on the books were right already.
    async fn reversal(&self) -> Option<JournalEntry> {
        self.row.reversal.clone().map(JournalEntry)
    }
}

/// Asking what is earned.
#[derive(Default)]
pub(crate) struct RecognitionQuery;

#[Object]
impl RecognitionQuery {
    /// What `recogniseRevenue` would post at the end of a day.
    #[graphql(complexity = "1 + 20 * child_complexity", guard = "Can(Permission::FinanceRead)")]
    async fn revenue_recognition(&self, ctx: &Context<'_>, date: Date) -> Result<RevenueRecognition> {
        let scope = request(ctx).read().await?;
        let preview = rules::preview(&scope, date.0).await?;
        Ok(RevenueRecognition::new(preview, scope.base_currency())?)
    }
}

/// The day by whose end is earned what is posted.
#[derive(InputObject)]
pub(crate) struct RecogniseRevenueInput {
    /// The last day of a month, usually.
    date: Date,
}

/// What was posted.
#[derive(SimpleObject)]
pub(crate) struct RecogniseRevenuePayload {
    /// Invoice by invoice.
    recognition: RevenueRecognition,
}

/// Recognising revenue.
#[derive(Default)]
pub(crate) struct RecognitionMutation;

#[Object]
impl RecognitionMutation {
    /// Posts what is earned by the end of a day: what is billed and not earned is deferred, what is earned and not billed is
    /// booked until it's billed. Only lines with days of service count. Run again, it posts what differs.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn recognise_revenue(
        &self,
        ctx: &Context<'_>,
        input: RecogniseRevenueInput,
    ) -> Result<RecogniseRevenuePayload> {
        let scope = request(ctx).write().await?;
        let currency = scope.base_currency().to_owned();
        let done = rules::recognise(&scope, input.date.0).await?;
        request(ctx).commit(scope).await?;
        Ok(RecogniseRevenuePayload { recognition: RevenueRecognition::new(done, &currency)? })
    }
}
