//! What is open with clients and suppliers, by how long it is overdue.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use chrono::NaiveDate;
use kamara_analytics::{self as analytics, Control, DueDates, Figure, GroupKey, Part, Slice};
use kamara_entities::{CompanyId, company};

use super::{amount, lines::lines, unassigned};
use crate::{
    companies::schema::Company,
    graphql::{Date, Dec, Listed, Loading, Paging, complexity},
    ledger::schema::JournalLine,
    reports::{service::Books, statements::Aged},
    tenancy::TenantScope,
};

/// How long something is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "analytics::Bucket")]
pub(crate) enum AgedBucket {
    /// Not overdue.
    Current,
    /// 1 to 30 days.
    #[graphql(name = "DAYS_1_TO_30")]
    Days1To30,
    /// 31 to 60 days.
    #[graphql(name = "DAYS_31_TO_60")]
    Days31To60,
    /// 61 to 90 days.
    #[graphql(name = "DAYS_61_TO_90")]
    Days61To90,
    /// More than 90 days.
    #[graphql(name = "OVER_90")]
    Over90,
}

/// What was asked, and where its lines are.
#[derive(Clone)]
struct Asked {
    control: Control,
    at: NaiveDate,
    slice: Slice,
    due: Arc<DueDates>,
    currency: String,
    books: Books,
}

/// What is open with a party, or with all of them.
pub(crate) struct AgedRow {
    part: Part,
    figures: analytics::AgedFigures,
    asked: Asked,
}

impl AgedRow {
    fn amount(&self, minor: i64) -> Dec {
        amount(minor, &self.asked.currency)
    }

    const fn party(&self) -> Option<CompanyId> {
        match self.part {
            Part::Key(GroupKey::Id(id)) => Some(CompanyId(id)),
            _ => None,
        }
    }
}

#[Object]
impl AgedRow {
    /// The client or supplier; none for the total, and for lines that name nobody.
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<Company>> {
        Ok(ctx.row_if_any::<company::Entity>(self.party()).await?.map(Company))
    }

    /// Its name.
    async fn label(&self, ctx: &Context<'_>) -> Result<String> {
        let company = ctx.row_if_any::<company::Entity>(self.party()).await?;
        Ok(company.map_or_else(|| unassigned(ctx), |company| company.name))
    }

    /// Not overdue.
    async fn current(&self) -> Dec {
        self.amount(self.figures.current_minor)
    }

    /// Overdue by 1 to 30 days.
    #[graphql(name = "days1To30")]
    async fn days_1_to_30(&self) -> Dec {
        self.amount(self.figures.days_1_to_30_minor)
    }

    /// Overdue by 31 to 60 days.
    #[graphql(name = "days31To60")]
    async fn days_31_to_60(&self) -> Dec {
        self.amount(self.figures.days_31_to_60_minor)
    }

    /// Overdue by 61 to 90 days.
    #[graphql(name = "days61To90")]
    async fn days_61_to_90(&self) -> Dec {
        self.amount(self.figures.days_61_to_90_minor)
    }

    /// Overdue by more than 90 days.
    #[graphql(name = "over90")]
    async fn over_90(&self) -> Dec {
        self.amount(self.figures.over_90_minor)
    }

    /// All of it.
    async fn total(&self) -> Dec {
        self.amount(self.figures.total_minor)
    }

    /// The lines, up to the day, of the documents that make a figure, or the total; none for who may not see the ledger. A
    /// document with instalments may stand in several figures, with all of its lines in each.
    #[graphql(complexity = "complexity(first, child_complexity)")]
    async fn lines(
        &self,
        ctx: &Context<'_>,
        bucket: Option<AgedBucket>,
        first: Option<i32>,
        after: Option<String>,
    ) -> Result<Option<Listed<JournalLine>>> {
        let Asked { control, at, slice, due, .. } = self.asked.clone();
        let figure = Figure::Aged { control, at, slice, party: self.part, bucket: bucket.map(Into::into), due };
        lines(ctx, &self.asked.books, figure, Paging { first, after }).await
    }
}

/// What is open, by party and by how long it is overdue: the sum of the control account's lines up to the day, so that what
/// is paid later leaves the past as it was.
#[derive(SimpleObject)]
pub(crate) struct AgedReport {
    /// The currency of all amounts.
    currency: String,
    /// The number of the newest entry that is counted.
    as_of: i64,
    /// The day.
    at: Date,
    /// The largest total first. What was paid in advance, or credited, lowers a row.
    rows: Vec<AgedRow>,
    /// All rows together: what the control accounts have.
    total: AgedRow,
}

impl AgedReport {
    pub(super) fn new(
        scope: &TenantScope,
        books: Books,
        control: Control,
        (at, slice): (NaiveDate, Slice),
        aged: Aged,
    ) -> Self {
        let currency = scope.base_currency().to_owned();
        let asked = Asked { control, at, slice, due: aged.due, currency: currency.clone(), books };
        let row = |row: analytics::AgedRow| AgedRow {
            part: row.party.map(GroupKey::Id).into(),
            figures: row.figures,
            asked: asked.clone(),
        };
        Self {
            as_of: aged.as_of_seq,
            at: Date(at),
            rows: aged.report.rows.into_iter().map(row).collect(),
            currency,
            total: AgedRow { part: Part::Total, figures: aged.report.total, asked },
        }
    }
}
