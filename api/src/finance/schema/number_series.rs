//! Series of the numbers of documents, as the API shows them.

use async_graphql::{Context, Enum, InputObject, Object, Result};
use kamara_entities::{NumberSeriesId, number_series};

use crate::{
    error::Error,
    finance::service::number_series as rules,
    graphql::{Can, Date, Id, request},
    identity::Permission,
};

/// What a series numbers.
#[derive(Clone, Copy, Debug, Enum, Eq, PartialEq)]
pub(crate) enum NumberSeriesKind {
    /// Suppliers' bills and what they credit, by our own numbers.
    Bill,
    /// Credit notes to clients.
    CreditNote,
    /// Invoices.
    Invoice,
}

impl NumberSeriesKind {
    const ALL: [Self; 3] = [Self::Bill, Self::CreditNote, Self::Invoice];

    /// As it's stored.
    const fn name(self) -> &'static str {
        match self {
            Self::Bill => "bill",
            Self::CreditNote => "credit_note",
            Self::Invoice => "invoice",
        }
    }
}

shown! {
    /// A series of numbers without gaps.
    NumberSeries(number_series),
}

#[Object]
impl NumberSeries {
    /// Id.
    async fn id(&self) -> Id<NumberSeriesId> {
        Id(self.0.id)
    }

    /// What it numbers.
    async fn kind(&self) -> Result<NumberSeriesKind> {
        let found = NumberSeriesKind::ALL.into_iter().find(|kind| kind.name() == self.0.kind);
        found.ok_or_else(|| Error::internal(format!("a series of {}", self.0.kind)).into())
    }

    /// What stands before each number.
    async fn prefix(&self) -> &str {
        &self.0.prefix
    }

    /// The number that the next document will have.
    async fn next(&self) -> String {
        rules::next_number(&self.0)
    }

    /// The day of the document that was numbered last, of those that are numbered by their days: none that follows is dated
    /// earlier.
    async fn last_date(&self) -> Option<Date> {
        self.0.last_date.map(Date)
    }
}

/// Asking for the series.
#[derive(Default)]
pub(crate) struct NumberSeriesQuery;

#[Object]
impl NumberSeriesQuery {
    /// The series that documents are numbered by, one of each kind.
    #[graphql(guard = "Can(Permission::FinanceRead)")]
    async fn number_series(&self, ctx: &Context<'_>) -> Result<Vec<NumberSeries>> {
        let rows = rules::current(&*request(ctx).read().await?).await?;
        Ok(rows.into_iter().map(NumberSeries).collect())
    }
}

/// How documents are numbered from now on.
#[derive(InputObject)]
pub(crate) struct StartNumberSeriesInput {
    /// Which documents.
    kind: NumberSeriesKind,
    /// What stands before each number: 20 letters at most, the last of which is no digit.
    prefix: String,
    /// The number to begin with, where no document has a number with this prefix; 1 unless said.
    first: Option<i32>,
}

payloads! { StartNumberSeriesPayload { number_series: NumberSeries } }

/// Changing the series.
#[derive(Default)]
pub(crate) struct NumberSeriesMutation;

#[Object]
impl NumberSeriesMutation {
    /// Has documents of a kind be numbered with a prefix. A prefix that was used before goes on after its last number.
    #[graphql(guard = "Can(Permission::FinanceWrite)")]
    async fn start_number_series(
        &self,
        ctx: &Context<'_>,
        input: StartNumberSeriesInput,
    ) -> Result<StartNumberSeriesPayload> {
        let scope = request(ctx).write().await?;
        let series = rules::start(&scope, input.kind.name(), &input.prefix, input.first.map(Into::into)).await?;
        request(ctx).commit(scope).await?;
        Ok(series.into())
    }
}
