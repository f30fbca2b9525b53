//! Every number opens: the lines behind a figure.

use async_graphql::{Context, Enum, Result, connection::Edge};
use kamara_analytics::Figure;
use kamara_entities::{JournalLineId, journal_line};
use uuid::Uuid;

use crate::{
    error::{Error, Text},
    graphql::{Listed, Paging, request},
    identity::Permission,
    ledger::schema::JournalLine,
    reports::service::Books,
};

/// Which figure of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_analytics::MarginSide")]
pub(crate) enum MarginSide {
    /// Its revenue.
    Revenue,
    /// Its cost.
    Cost,
    /// Both.
    Margin,
}

/// Which figure of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "kamara_analytics::CashSide")]
pub(crate) enum CashSide {
    /// What came in.
    Inflow,
    /// What went out.
    Outflow,
    /// Both.
    Net,
}

/// The lines behind a figure, in the order of the ledger. The report has read them all; here they're only shown, page by page.
pub(super) async fn lines(
    ctx: &Context<'_>,
    books: &Books,
    figure: Figure,
    paging: Paging,
) -> Result<Option<Listed<JournalLine>>> {
    // Not an error: who may see the report may not see the ledger, and what people cost in it.
    if !request(ctx).caller()?.may(Permission::FinanceRead) {
        return Ok(None);
    }
    let ids = books.lines_of(figure).await?;
    let (wanted, has_next) = page(&ids, |id| *id, &paging)?;
    let scope = request(ctx).read().await?;
    let mut rows = scope.by_ids::<journal_line::Entity>(wanted.iter().map(|id| JournalLineId(*id))).await?;
    let mut listed = crate::graphql::list::empty(has_next, ids.len());
    listed.edges.extend(wanted.iter().filter_map(|id| {
        let row = rows.remove(&JournalLineId(*id))?;
        Some(Edge::new(crate::graphql::list::Place::new(id.to_string()), JournalLine(row)))
    }));
    Ok(Some(listed))
}

/// The part of a report's lines that is wanted, and whether more follow. A cursor is the id of the line before.
pub(super) fn page<'a, T>(lines: &'a [T], id: impl Fn(&T) -> Uuid, paging: &Paging) -> Result<(&'a [T], bool)> {
    let first = paging.rows()?;
    let start = match &paging.after {
        None => 0,
        Some(after) => {
            let at = after.parse().ok().and_then(|after: Uuid| lines.iter().position(|line| id(line) == after));
            let wrong = Text::fixed(
                "A cursor is taken from an earlier page of the same list.",
                "კურსორი აიღება იმავე სიის წინა გვერდიდან.",
            );
            at.ok_or_else(|| Error::invalid("after", wrong))? + 1
        }
    };
    let end = lines.len().min(start + first);
    Ok((&lines[start..end], end < lines.len()))
}
