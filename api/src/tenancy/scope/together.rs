//! What is read together: on SQLite, whose statements run in a thread of their own, with one way there and back.

use sea_orm::{
    ConnectionTrait, DbBackend, FromQueryResult, QueryResult, Statement,
    sea_query::{SelectStatement, SqliteQueryBuilder},
};

use super::{TenantScope, waiting};
use crate::error::{Error, Result};

/// The column of the row that stands between what two statements found.
const NEXT: &str = "next_statement";

/// What a statement found, in its own order.
#[derive(Debug, Default)]
pub struct Found(Vec<QueryResult>);

impl Found {
    /// The rows, as a shape of their own.
    pub fn rows<T: FromQueryResult>(&self) -> Result<Vec<T>> {
        Ok(self.0.iter().map(|row| T::from_query_result(row, "")).collect::<std::result::Result<_, _>>()?)
    }
}

impl TenantScope {
    /// What several statements find, in their order; each sees what those before it have locked. Statements of none find nothing.
    /// They must come from [`find`](Self::find).
    pub async fn query_together<const N: usize>(&self, statements: [Option<SelectStatement>; N]) -> Result<[Found; N]> {
        let transaction = self.written().await?;
        let mut found = [(); N].map(|()| Found::default());
        let asked = statements.into_iter().enumerate().filter_map(|(place, statement)| Some((place, statement?)));
        let (places, statements): (Vec<usize>, Vec<SelectStatement>) = asked.unzip();
        if self.backend() != DbBackend::Sqlite {
            for (place, statement) in places.iter().zip(&statements) {
                found[*place] = Found(transaction.query_all(statement).await?);
            }
            return Ok(found);
        }
        let mut parts = Vec::with_capacity(2 * statements.len());
        for statement in &statements {
            if !parts.is_empty() {
                parts.push(Statement::from_string(DbBackend::Sqlite, format!("select 1 as {NEXT}")));
            }
            let (sql, values) = statement.build(SqliteQueryBuilder);
            parts.push(Statement { sql, values: Some(values), db_backend: DbBackend::Sqlite });
        }
        if parts.is_empty() {
            return Ok(found);
        }
        let mut places = places.into_iter();
        let mut place = places.next();
        for row in transaction.query_all_raw(waiting::together(parts)).await? {
            if row.column_names() == [NEXT] {
                place = places.next();
                continue;
            }
            let of_statement = place.and_then(|place| found.get_mut(place));
            of_statement.ok_or_else(|| Error::internal("rows of no statement"))?.0.push(row);
        }
        Ok(found)
    }
}
