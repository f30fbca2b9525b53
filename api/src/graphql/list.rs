//! Lists as the API shows them: Relay connections of at most 100 rows, counted only when asked.

use std::sync::Arc;

use async_graphql::{
    Context, Object, OutputType,
    connection::{Connection, CursorType, Edge},
};
use futures::future::BoxFuture;
use kamara_entities::{RecordEntity, TenantEntity};
use sea_orm::{Condition, QueryFilter, Select};
use uuid::Uuid;

use super::{
    loader::{Children, Loading, OfParent},
    request,
};
use crate::{
    error::{Error, Result, Text},
    tenancy::{Cursor, Order, Page, PageRequest, TenantScope},
};

/// Rows of a list that isn't told how many.
const FIRST_DEFAULT: i32 = 50;
/// Rows of a list at the most.
const FIRST_MAX: i32 = 100;

/// A list.
pub(crate) type Listed<T> = Connection<Place, T, TotalCount>;

/// Which part of a list is wanted, as arguments.
#[derive(Clone, Debug)]
pub(crate) struct Paging {
    /// How many rows, at most 100.
    pub(crate) first: Option<i32>,
    /// The cursor after which to begin.
    pub(crate) after: Option<String>,
}

impl Paging {
    /// How many rows are wanted.
    pub(crate) fn rows(&self) -> Result<usize> {
        let first = self.first.unwrap_or(FIRST_DEFAULT);
        if (1..=FIRST_MAX).contains(&first) {
            return usize::try_from(first).map_err(Error::internal);
        }
        Err(Error::invalid("first", Text::fixed("From 1 to 100 rows at a time.", "ერთ ჯერზე 1-დან 100 ჩანაწერამდე.")))
    }

    fn request(self) -> Result<PageRequest> {
        let first = self.rows()? as u64;
        let after = self.after.as_deref().map(Cursor::decode).transpose()?;
        Ok(PageRequest { first, after })
    }
}

/// What a list costs: as often what a row costs, as there may be rows.
pub(crate) fn complexity(first: Option<i32>, child: usize) -> usize {
    1 + usize::try_from(first.unwrap_or(FIRST_DEFAULT).clamp(1, FIRST_MAX)).unwrap_or(1) * child
}

/// A cursor in an answer.
pub(crate) struct Place(String);

impl Place {
    /// A cursor of one's own making.
    pub(crate) const fn new(text: String) -> Self {
        Self(text)
    }
}

impl CursorType for Place {
    type Error = std::convert::Infallible;

    fn decode_cursor(text: &str) -> std::result::Result<Self, Self::Error> {
        Ok(Self(text.to_owned()))
    }

    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

type Count = Arc<dyn for<'a> Fn(&'a Context<'a>) -> BoxFuture<'a, Result<i64>> + Send + Sync>;

/// How many rows there are, counted only when asked.
pub(crate) struct TotalCount(Count);

#[Object]
impl TotalCount {
    /// How many rows the whole list has.
    async fn total_count(&self, ctx: &Context<'_>) -> async_graphql::Result<i64> {
        Ok((self.0)(ctx).await?)
    }
}

/// A list of the tenant's rows.
pub(crate) async fn list<E, T>(
    ctx: &Context<'_>,
    paging: Paging,
    condition: Condition,
    order: Order<E::Column>,
) -> async_graphql::Result<Listed<T>>
where
    E: TenantEntity,
    T: From<E::Row> + OutputType,
{
    let scope = request(ctx).read().await?;
    let select = |scope: &TenantScope, condition: Condition| -> Select<E> { scope.find::<E>().filter(condition) };
    let page = scope.page(select(&scope, condition.clone()), order, &paging.request()?).await?;
    let count: Count = Arc::new(move |ctx| {
        let condition = condition.clone();
        Box::pin(async move {
            let scope = request(ctx).read().await?;
            scope.count(select(&scope, condition)).await
        })
    });
    Ok(connection(page, count))
}

/// A list of what hangs on a row, loaded for all rows of its kind at once.
pub(crate) async fn nested<C, T>(ctx: &Context<'_>, parent: Uuid, paging: Paging) -> async_graphql::Result<Listed<T>>
where
    C: Children,
    C::Entity: RecordEntity,
    T: From<<C::Entity as TenantEntity>::Row> + OutputType,
{
    let page = ctx.page_of::<C>(parent, paging.request()?).await?;
    let count: Count = Arc::new(move |ctx| Box::pin(ctx.count_of(OfParent::<C>::new(parent))));
    Ok(connection(page, count))
}

fn connection<R, T: From<R> + OutputType>(page: Page<R>, count: Count) -> Listed<T> {
    // Pages are read forwards only.
    let mut connection = Connection::with_additional_fields(false, page.has_next, TotalCount(count));
    connection.edges.extend(page.rows.into_iter().map(|(cursor, row)| Edge::new(Place(cursor.encode()), T::from(row))));
    connection
}

/// A list whose rows are filled in by whoever knows them all.
pub(crate) fn empty<T: OutputType>(has_next: bool, total: usize) -> Listed<T> {
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    let count: Count = Arc::new(move |_| Box::pin(async move { Ok(total) }));
    Connection::with_additional_fields(false, has_next, TotalCount(count))
}
