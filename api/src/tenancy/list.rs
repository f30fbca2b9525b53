//! Lists: filtered, sorted, and read page by page. A page goes on after a cursor, which holds the sort value and the id of the
//! row before, so that rows which come and go in between neither repeat nor vanish.

use kamara_entities::TenantEntity;
use sea_orm::{
    ColumnTrait, Condition, ExprTrait, IdenStatic, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select, Value,
    sea_query::{Expr, NullOrdering, Order as SqlOrder},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::TenantScope;
use crate::error::{Error, Result, Text};

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, async_graphql::Enum)]
pub enum Direction {
    /// From the least.
    #[default]
    Asc,
    /// From the greatest.
    Desc,
}

impl Direction {
    /// The same for a statement.
    pub(crate) const fn sql(self) -> SqlOrder {
        match self {
            Self::Asc => SqlOrder::Asc,
            Self::Desc => SqlOrder::Desc,
        }
    }
}

/// What a list is sorted by; the id decides between equals, and rows without a value come last.
#[derive(Clone, Copy, Debug)]
pub struct Order<C> {
    /// The column.
    pub column: C,
    /// Which way.
    pub direction: Direction,
}

/// Which part of a list is wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// How many rows at the most.
    pub first: u64,
    /// The cursor after which it begins.
    pub after: Option<Cursor>,
}

/// A part of a list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows, each with its cursor.
    pub rows: Vec<(Cursor, T)>,
    /// Whether more follow.
    pub has_next: bool,
}

/// Where a row stands in a sorted list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(rename = "v")]
    value: SortValue,
    #[serde(rename = "i")]
    id: Uuid,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SortValue {
    Null,
    Text(String),
    Int(i64),
    Small(i32),
    Date(chrono::NaiveDate),
    Instant(chrono::DateTime<chrono::Utc>),
}

impl Cursor {
    /// The cursor of a row in a list sorted by `column`.
    pub fn of<E: TenantEntity>(row: &E::Row, column: E::Column) -> Result<Self> {
        let value = match row.get(column) {
            Value::String(Some(text)) => SortValue::Text(text),
            Value::BigInt(Some(number)) => SortValue::Int(number),
            Value::Int(Some(number)) => SortValue::Small(number),
            Value::ChronoDate(Some(date)) => SortValue::Date(date),
            Value::ChronoDateTimeUtc(Some(instant)) => SortValue::Instant(instant),
            Value::String(None)
            | Value::BigInt(None)
            | Value::Int(None)
            | Value::ChronoDate(None)
            | Value::ChronoDateTimeUtc(None)
            // The id is in the cursor anyway.
            | Value::Uuid(_) => SortValue::Null,
            other => return Err(Error::internal(format!("a list can't be sorted by {other:?}"))),
        };
        Ok(Self { value, id: E::id(row).into() })
    }

    /// As it stands in an answer.
    #[must_use]
    pub fn encode(&self) -> String {
        crate::env::hex(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    /// Reads what [`encode`](Self::encode) wrote.
    pub fn decode(text: &str) -> Result<Self> {
        let wrong = || {
            Error::invalid(
                "after",
                Text::fixed(
                    "A cursor is taken from an earlier page of the same list.",
                    "კურსორი აიღება იმავე სიის წინა გვერდიდან.",
                ),
            )
        };
        let digits = text.as_bytes();
        if !digits.len().is_multiple_of(2) || digits.len() > 4_000 || !text.is_ascii() {
            return Err(wrong());
        }
        let bytes: Option<Vec<u8>> =
            (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect();
        serde_json::from_slice(&bytes.ok_or_else(wrong)?).map_err(|_| wrong())
    }

    /// The value as a parameter, if it is of the column's type.
    fn value<C: ColumnTrait>(&self, column: C) -> Result<Option<Value>> {
        use sea_orm::ColumnType as Type;
        let definition = column.def();
        let value = match (&self.value, definition.get_column_type()) {
            (SortValue::Null, _) if definition.is_null() => return Ok(None),
            (SortValue::Text(text), Type::String(_) | Type::Text) => text.clone().into(),
            (SortValue::Int(number), Type::BigInteger) => (*number).into(),
            (SortValue::Small(number), Type::Integer) => (*number).into(),
            (SortValue::Date(date), Type::Date) => (*date).into(),
            (SortValue::Instant(instant), Type::TimestampWithTimeZone) => (*instant).into(),
            _ => {
                return Err(Error::invalid(
                    "after",
                    Text::fixed(
                        "This cursor belongs to a list that is sorted otherwise.",
                        "ეს კურსორი სხვაგვარად დალაგებულ სიას ეკუთვნის.",
                    ),
                ));
            }
        };
        Ok(Some(value))
    }
}

impl TenantScope {
    /// A part of the rows that `select` gives, sorted.
    pub async fn page<E: TenantEntity>(
        &self,
        select: Select<E>,
        order: Order<E::Column>,
        request: &PageRequest,
    ) -> Result<Page<E::Row>> {
        let mut select = sorted(select, order);
        if let Some(cursor) = &request.after {
            select = select.filter(after::<E>(cursor, order)?);
        }
        let mut rows = self.all(select.limit(request.first + 1)).await?;
        let has_next = rows.len() as u64 > request.first;
        rows.truncate(usize::try_from(request.first).unwrap_or(usize::MAX));
        let rows =
            rows.into_iter().map(|row| Ok((Cursor::of::<E>(&row, order.column)?, row))).collect::<Result<_>>()?;
        Ok(Page { rows, has_next })
    }

    /// A part of the children of each of several parents, in one statement: child rows whose `parent` column is one of
    /// `parents`, sorted. Of the row after the last wanted one, only its being there is told.
    pub async fn pages_of<E: TenantEntity>(
        &self,
        parent: E::Column,
        parents: &[Uuid],
        select: Select<E>,
        order: Order<E::Column>,
        request: &PageRequest,
    ) -> Result<Vec<(Uuid, Page<E::Row>)>> {
        let mut inner = select.filter(parent.is_in(parents.iter().copied()));
        if let Some(cursor) = &request.after {
            inner = inner.filter(after::<E>(cursor, order)?);
        }
        let mut inner = QuerySelect::query(&mut inner).to_owned();
        let window = sea_orm::sea_query::WindowStatement::partition_by(parent.as_column_ref());
        let window = sort_window(window, order, E::ID);
        inner.expr_window_as(Expr::cust("row_number()"), window, "row_in_parent");
        let outer = sea_orm::sea_query::Query::select()
            .column(sea_orm::sea_query::Asterisk)
            .from_subquery(inner, "numbered")
            .and_where(Expr::col("row_in_parent").lte(request.first + 1))
            .order_by("row_in_parent", SqlOrder::Asc)
            .to_owned();
        let rows: Vec<E::Row> = self.query(&outer).await?;
        let mut pages: Vec<(Uuid, Page<E::Row>)> =
            parents.iter().map(|id| (*id, Page { rows: Vec::new(), has_next: false })).collect();
        for row in rows {
            let Value::Uuid(Some(id)) = row.get(parent) else { continue };
            if let Some((_, page)) = pages.iter_mut().find(|(parent, _)| *parent == id) {
                if page.rows.len() as u64 == request.first {
                    page.has_next = true;
                } else {
                    page.rows.push((Cursor::of::<E>(&row, order.column)?, row));
                }
            }
        }
        Ok(pages)
    }
}

fn sorted<E: TenantEntity>(select: Select<E>, order: Order<E::Column>) -> Select<E> {
    let direction = order.direction.sql();
    let select = if order.column.def().is_null() {
        select.order_by_with_nulls(order.column, direction.clone(), NullOrdering::Last)
    } else {
        select.order_by(order.column, direction.clone())
    };
    if order.column.as_str() == E::ID.as_str() { select } else { select.order_by(E::ID, direction) }
}

fn sort_window<C: ColumnTrait>(
    mut window: sea_orm::sea_query::WindowStatement,
    order: Order<C>,
    id: C,
) -> sea_orm::sea_query::WindowStatement {
    let direction = order.direction.sql();
    if order.column.def().is_null() {
        window.order_by_with_nulls(order.column.as_column_ref(), direction.clone(), NullOrdering::Last);
    } else {
        window.order_by(order.column.as_column_ref(), direction.clone());
    }
    window.order_by(id.as_column_ref(), direction).take()
}

/// What follows a cursor.
fn after<E: TenantEntity>(cursor: &Cursor, order: Order<E::Column>) -> Result<Condition> {
    let beyond = |column: E::Column, value: Value| match order.direction {
        Direction::Asc => column.gt(value),
        Direction::Desc => column.lt(value),
    };
    let next_id = beyond(E::ID, cursor.id.into());
    if order.column.as_str() == E::ID.as_str() {
        return Ok(Condition::all().add(next_id));
    }
    let Some(value) = cursor.value(order.column)? else {
        return Ok(Condition::all().add(order.column.is_null()).add(next_id));
    };
    let mut condition = Condition::any()
        .add(beyond(order.column, value.clone()))
        .add(Condition::all().add(order.column.eq(value)).add(next_id));
    if order.column.def().is_null() {
        condition = condition.add(order.column.is_null());
    }
    Ok(condition)
}
