//! The rights of PostgreSQL's server role, which owns nothing: to read and insert everywhere, to change and delete only where
//! rows may change.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};

use crate::{catalogue::tables, table::Rights};

/// Grants the role its rights on every table, and takes those it shouldn't have. Said again, it changes nothing.
///
/// # Errors
///
/// When the role isn't there, or the connection's role doesn't own the tables.
pub async fn grant_server(connection: &impl ConnectionTrait, role: &str) -> Result<(), DbErr> {
    let role = quote(role);
    connection.execute_unprepared(&format!("grant usage on schema public to {role}")).await?;
    connection.execute_unprepared(&format!("grant select on seaql_migrations to {role}")).await?;
    for table in tables() {
        let rights = match table.rights {
            Rights::Append => "select, insert",
            Rights::Update => "select, insert, update",
            Rights::Delete => "select, insert, update, delete",
        };
        let name = table.name;
        connection.execute_unprepared(&format!("revoke all on {name} from {role}")).await?;
        connection.execute_unprepared(&format!("grant {rights} on {name} to {role}")).await?;
    }
    Ok(())
}

fn quote(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}
