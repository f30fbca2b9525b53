//! Changing a table that holds rows: from one description to the next.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::Table;

/// What becomes of a table.
#[derive(Debug)]
pub struct Change {
    /// The table as it is.
    pub old: Table,
    /// The table as it shall be.
    pub new: Table,
    /// What new columns hold in rows that are there: a column and an expression over the old row's columns, each named
    /// `table.column`. Columns that aren't named here are null.
    pub fills: Vec<(&'static str, &'static str)>,
}

impl Change {
    /// Makes the change within the migration's transaction. On SQLite foreign keys must be off, since the table is written anew;
    /// on PostgreSQL no policy may be forced ([`force_policies`]), since it blinds the owner as well.
    ///
    /// # Errors
    ///
    /// When a row that is there doesn't hold to the new description.
    pub async fn apply(&self, connection: &impl ConnectionTrait) -> Result<(), DbErr> {
        let statements = match connection.get_database_backend() {
            DbBackend::Sqlite => self.rebuild(),
            backend => {
                let checks =
                    if self.checks_differ() { checks_of(connection, self.old.name).await? } else { Vec::new() };
                self.alter(backend, &checks)
            }
        };
        for statement in statements {
            connection.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    fn fill(&self, column: &str) -> Option<&'static str> {
        self.fills.iter().find(|(name, _)| *name == column).map(|(_, expression)| *expression)
    }

    fn is_new(&self, column: &str) -> bool {
        self.old.columns.iter().all(|old| old.name != column)
    }

    /// SQLite's own procedure: a new table beside the old, the rows moved, the old dropped, the new renamed. Triggers and
    /// indexes go with the old one.
    fn rebuild(&self) -> Vec<String> {
        let (name, backend) = (self.new.name, DbBackend::Sqlite);
        let columns: Vec<&str> = self.new.columns.iter().map(|column| column.name).collect();
        let values: Vec<String> = columns
            .iter()
            .map(|column| match self.fill(column) {
                Some(expression) => expression.to_owned(),
                None if self.is_new(column) => "null".to_owned(),
                None => format!("{name}.{column}"),
            })
            .collect();
        let mut statements = vec![
            self.new.create_as(backend, &format!("{name}_changed")),
            format!("insert into {name}_changed ({}) select {} from {name}", columns.join(", "), values.join(", ")),
            format!("drop table {name}"),
            format!("alter table {name}_changed rename to {name}"),
        ];
        statements.extend(self.new.finish(backend));
        statements
    }

    fn alter(&self, backend: DbBackend, old_checks: &[String]) -> Vec<String> {
        let name = self.new.name;
        let alter = |what: String| format!("alter table {name} {what}");
        let mut statements: Vec<String> =
            old_checks.iter().map(|check| alter(format!("drop constraint {check}"))).collect();
        let gone = |column: &&super::Column| self.new.columns.iter().all(|new| new.name != column.name);
        let added: Vec<&super::Column> = self.new.columns.iter().filter(|column| self.is_new(column.name)).collect();
        statements
            .extend(added.iter().map(|column| alter(format!("add column {} {}", column.name, column.of.sql(backend)))));
        statements.extend(self.fill_rows());
        for column in &self.new.columns {
            let was_required =
                self.old.columns.iter().find(|old| old.name == column.name).is_some_and(|old| old.required);
            match (was_required, column.required) {
                (false, true) => statements.push(alter(format!("alter column {} set not null", column.name))),
                (true, false) => statements.push(alter(format!("alter column {} drop not null", column.name))),
                _ => {}
            }
        }
        let key = |columns: &str| format!("{name}_{}_key", columns.replace(", ", "_"));
        let index = |columns: &str| format!("{name}_{}_idx", columns.replace(", ", "_"));
        let (old, new) = (&self.old, &self.new);
        statements.extend(
            missing(&old.unique, &new.unique).map(|columns| alter(format!("drop constraint {}", key(columns)))),
        );
        statements.extend(missing(&old.indexes, &new.indexes).map(|columns| format!("drop index {}", index(columns))));
        statements
            .extend(self.old.columns.iter().filter(gone).map(|column| alter(format!("drop column {}", column.name))));
        statements
            .extend(missing(&new.unique, &old.unique).map(|columns| alter(format!("add {}", new.unique_key(columns)))));
        statements.extend(missing(&new.indexes, &old.indexes).map(|columns| new.create_index(columns)));
        if self.checks_differ() {
            let numbered = new.all_checks().into_iter().zip(1..);
            statements.extend(
                numbered.map(|(check, number)| alter(format!("add constraint {name}_{number}_check check ({check})"))),
            );
        }
        let links = new.references.iter().filter(|link| !old.references.contains(link));
        statements.extend(links.map(|(column, table)| alter(format!("add {}", new.foreign_key(column, table)))));
        statements
    }

    fn fill_rows(&self) -> Option<String> {
        let values: Vec<String> =
            self.fills.iter().map(|(column, expression)| format!("{column} = {expression}")).collect();
        (!values.is_empty()).then(|| format!("update {} set {}", self.new.name, values.join(", ")))
    }

    fn checks_differ(&self) -> bool {
        self.old.all_checks() != self.new.all_checks()
    }
}

/// What is in the first list and not in the second.
fn missing<'a>(of: &'a [&'static str], other: &'a [&'static str]) -> impl Iterator<Item = &'static str> + 'a {
    of.iter().copied().filter(|columns| !other.contains(columns))
}

/// PostgreSQL has chosen the names of the conditions itself.
async fn checks_of(connection: &impl ConnectionTrait, table: &str) -> Result<Vec<String>, DbErr> {
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "select conname::text as name from pg_constraint where conrelid = $1::regclass and contype = 'c' order by conname",
        [table.into()],
    );
    connection.query_all_raw(statement).await?.iter().map(|row| row.try_get("", "name")).collect()
}

/// Refuses, within the migration's transaction, what foreign keys would have: SQLite doesn't check them while they are off.
///
/// # Errors
///
/// When a row refers to one that isn't there.
pub async fn check_foreign_keys(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Sqlite {
        return Ok(());
    }
    let broken =
        connection.query_one_raw(Statement::from_string(DbBackend::Sqlite, "pragma foreign_key_check")).await?;
    match broken {
        None => Ok(()),
        Some(row) => {
            let (table, parent): (String, String) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            Err(DbErr::Migration(format!("a row of {table} refers to a row of {parent} that isn't there")))
        }
    }
}

/// Forces the policies of PostgreSQL on the owner of the tables too, or lets the owner see all rows until they are forced
/// again at the end of the migration.
///
/// # Errors
///
/// When the connection's role doesn't own the tables.
pub async fn force_policies(connection: &impl ConnectionTrait, tables: &[Table], force: bool) -> Result<(), DbErr> {
    if connection.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let force = if force { "force" } else { "no force" };
    for table in tables.iter().filter(|table| table.business) {
        connection.execute_unprepared(&format!("alter table {} {force} row level security", table.name)).await?;
    }
    Ok(())
}
