//! Rows that a scope has made and not written yet.

use kamara_entities::{TenantEntity, event};
use sea_orm::{
    ActiveModelTrait, ActiveValue, ConnectionTrait, DatabaseTransaction, DbBackend, IntoActiveModel, Iterable,
    QueryTrait, Statement, Values, sea_query::Value,
};

use crate::{db::PARAMETERS_MAX, error::Result};

/// Events that wait at most.
const EVENTS_MAX: usize = 1_000;

/// New rows wait until something is read or changed, and events until the commit, so that they're written together: SQLite runs
/// statements in a thread of its own, and a text of many takes one way there and back.
#[derive(Debug)]
pub(super) struct Waiting {
    backend: DbBackend,
    inserts: Vec<Statement>,
    values: usize,
    events: Vec<event::Model>,
}

impl Waiting {
    pub(super) const fn new(backend: DbBackend) -> Self {
        Self { backend, inserts: Vec::new(), values: 0, events: Vec::new() }
    }

    /// Keeps rows, which must be stamped with the tenant.
    #[expect(clippy::disallowed_methods, reason = "the rows are stamped with the tenant")]
    pub(super) fn insert<E: TenantEntity>(&mut self, rows: &[E::Row]) {
        let columns = E::Column::iter().count();
        for rows in rows.chunks(PARAMETERS_MAX / columns) {
            let active = rows.iter().map(|row| inserted::<E>(row.clone()));
            self.inserts.push(E::insert_many(active).build(self.backend));
            self.values += rows.len() * columns;
        }
    }

    /// Keeps an event.
    pub(super) fn note(&mut self, event: event::Model) {
        self.events.push(event);
    }

    /// Whether it's as much as a statement takes: an import shall not hold more.
    pub(super) fn is_much(&self) -> bool {
        self.values >= PARAMETERS_MAX || self.events.len() >= EVENTS_MAX
    }

    /// What writes the rows, in the order in which they came.
    pub(super) fn take_rows(&mut self) -> Vec<Statement> {
        self.values = 0;
        let inserts = std::mem::take(&mut self.inserts);
        // PostgreSQL prepares only one statement at a time.
        if self.backend == DbBackend::Sqlite && inserts.len() > 1 { vec![together(inserts)] } else { inserts }
    }

    /// What writes the rows and the events.
    pub(super) fn take_all(&mut self) -> Vec<Statement> {
        let events = std::mem::take(&mut self.events);
        self.insert::<event::Entity>(&events);
        self.take_rows()
    }
}

/// Writes what waited.
pub(super) async fn write(transaction: &DatabaseTransaction, statements: Vec<Statement>) -> Result<()> {
    for statement in statements {
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}

/// SQLite takes the values of statements one after the other.
pub(super) fn together(statements: Vec<Statement>) -> Statement {
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    let sql = texts.join(";\n");
    let values: Vec<Value> =
        statements.into_iter().filter_map(|statement| statement.values).flat_map(|Values(values)| values).collect();
    Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
}

/// Every column, to be inserted.
fn inserted<E: TenantEntity>(row: E::Row) -> E::ActiveModel {
    let mut active = row.into_active_model();
    for column in E::Column::iter() {
        if let ActiveValue::Unchanged(value) = active.get(column) {
            active.set(column, value);
        }
    }
    active
}
