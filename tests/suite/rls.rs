//! What PostgreSQL itself holds between tenants, whatever the code does.

use std::collections::BTreeSet;

use kamara_migration::catalogue::{CONTROL, business_tables};
use kamara_tests::{Database, Server, Tenant, block_on};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Statement, TransactionTrait};

use crate::books::Books;

async fn shared() -> (&'static Server, DatabaseConnection) {
    let server = Server::shared(Database::Postgres).await;
    (server, server.owner().await)
}

async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
}

async fn number(connection: &impl ConnectionTrait, sql: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("a row").expect("a row");
    row.try_get_by_index(0).expect("a number")
}

#[test]
fn every_table_is_under_forced_policy_or_named_as_an_exception() {
    block_on(async {
        let (_, owner) = shared().await;
        let guarded = texts(
            &owner,
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
               and relrowsecurity and relforcerowsecurity
               and (select count(*) from pg_policy where polrelid = pg_class.oid and polpermissive and polcmd = '*') = 1
               and (select count(*) from pg_policy where polrelid = pg_class.oid) = 1",
        )
        .await;
        let all = texts(
            &owner,
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')",
        )
        .await;
        let exceptions: BTreeSet<String> =
            CONTROL.iter().map(|(table, _)| (*table).to_owned()).chain(["seaql_migrations".to_owned()]).collect();
        let guarded: BTreeSet<String> = guarded.into_iter().collect();
        let all: BTreeSet<String> = all.into_iter().collect();
        assert_eq!(all.difference(&guarded).cloned().collect::<BTreeSet<_>>(), exceptions);
        assert_eq!(guarded, business_tables().into_iter().map(ToOwned::to_owned).collect());
        assert!(CONTROL.iter().all(|(_, reason)| reason.len() > 20), "each exception has its reason");
    });
}

#[test]
fn keys_begin_with_the_tenant_and_restrict() {
    block_on(async {
        let (_, owner) = shared().await;
        let business = business_tables().iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
        let keys = format!(
            "select format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
             where conrelid::regclass::text in ({business}) and contype in ('p', 'u', 'f')
               and (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]) <> 'tenant_id'"
        );
        assert_eq!(texts(&owner, &keys).await, Vec::<String>::new(), "keys that don't begin with the tenant");
        let loose = format!(
            "select format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
             where conrelid::regclass::text in ({business}) and contype = 'f' and array_length(conkey, 1) > 1
               and confdeltype <> 'r'"
        );
        assert_eq!(texts(&owner, &loose).await, Vec::<String>::new(), "foreign keys that don't restrict");
        let single = format!(
            "select format('%s: %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
             where conrelid::regclass::text in ({business}) and contype = 'f' and array_length(conkey, 1) = 1
               and confrelid <> 'tenant'::regclass"
        );
        assert_eq!(texts(&owner, &single).await, Vec::<String>::new(), "foreign keys that aren't composite");
        let primary = format!(
            "select conrelid::regclass::text from pg_constraint where conrelid::regclass::text in ({business})
               and contype = 'p' and pg_get_constraintdef(oid) = 'PRIMARY KEY (tenant_id, id)'"
        );
        assert_eq!(texts(&owner, &primary).await.len(), business_tables().len());
    });
}

/// Looks as the server's role does, for one tenant.
async fn look_as_server(transaction: &DatabaseTransaction, tenant: &str) {
    for statement in [format!("set local kamara.tenant = '{tenant}'"), "set local role kamara_server".to_owned()] {
        transaction.execute_unprepared(&statement).await.expect("a setting");
    }
}

#[test]
fn each_policy_is_what_keeps_the_tenants_apart() {
    block_on(async {
        let (server, owner) = shared().await;
        let books = Books::open(Tenant::sign_up(server).await).await;
        let other = Tenant::sign_up(server).await;
        for table in business_tables() {
            let theirs = format!("select count(*) from {table} where tenant_id = '{}'", books.tenant.id);
            let transaction = owner.begin().await.expect("a transaction");
            look_as_server(&transaction, &books.tenant.id).await;
            assert!(number(&transaction, &theirs).await > 0, "the test has no row of {table}");
            transaction.rollback().await.expect("an end");

            let transaction = owner.begin().await.expect("a transaction");
            look_as_server(&transaction, &other.id).await;
            assert_eq!(number(&transaction, &theirs).await, 0, "{table} shows another tenant's rows");
            transaction.execute_unprepared("reset role").await.expect("a setting");
            let open = format!("alter policy tenant_isolation on {table} using (true)");
            transaction.execute_unprepared(&open).await.expect("the owner changes the policy");
            look_as_server(&transaction, &other.id).await;
            assert!(number(&transaction, &theirs).await > 0, "{table}'s policy isn't what kept the tenants apart");
            transaction.rollback().await.expect("an end");
        }
    });
}

#[test]
fn without_a_tenant_there_is_nothing_also_after_a_commit() {
    block_on(async {
        let (server, _) = shared().await;
        Books::open(Tenant::sign_up(server).await).await;
        let connection = server.as_server().await;
        assert_eq!(number(&connection, "select count(*) from company").await, 0);
        let transaction = connection.begin().await.expect("a transaction");
        transaction
            .execute_unprepared("set local kamara.tenant = '01890000-0000-7000-8000-000000000000'")
            .await
            .expect("a setting");
        transaction.commit().await.expect("an end");
        assert_eq!(number(&connection, "select count(*) from company").await, 0);
    });
}

#[test]
fn the_servers_role_owns_nothing_and_changes_nothing_that_is_posted() {
    block_on(async {
        let (server, owner) = shared().await;
        let tenant = Tenant::sign_up(server).await;
        assert_eq!(number(&owner, "select count(*) from pg_class where relowner = 'kamara_server'::regrole").await, 0);
        let unbound = "select count(*) from pg_roles where rolname = 'kamara_server' and (rolsuper or rolbypassrls)";
        assert_eq!(number(&owner, unbound).await, 0);
        let connection = server.as_server().await;
        for statement in [
            "update journal_line set base_minor = 0",
            "delete from journal_entry",
            "update event set action = 'nothing'",
            "delete from company",
            "truncate journal_line",
            "alter table company disable row level security",
        ] {
            let transaction = connection.begin().await.expect("a transaction");
            transaction
                .execute_unprepared(&format!("set local kamara.tenant = '{}'", tenant.id))
                .await
                .expect("a setting");
            let refused = transaction.execute_unprepared(statement).await.expect_err(statement).to_string();
            assert!(
                refused.contains("permission denied") || refused.contains("must be owner"),
                "{statement}: {refused}"
            );
        }
    });
}

#[test]
fn on_sqlite_what_is_posted_is_kept_by_triggers() {
    block_on(async {
        let server = Server::shared(Database::Sqlite).await;
        Books::open(Tenant::sign_up(server).await).await;
        let connection = server.as_server().await;
        for statement in ["update journal_line set base_minor = 0", "delete from journal_entry", "delete from event"] {
            let refused = connection.execute_unprepared(statement).await.expect_err(statement).to_string();
            assert!(refused.contains("append-only"), "{statement}: {refused}");
        }
    });
}

#[test]
fn a_row_that_points_into_another_tenant_cant_be_written_on_either_database() {
    block_on(async {
        for database in [Database::Sqlite, Database::Postgres] {
            let server = Server::shared(database).await;
            let (a, b) = (Books::open(Tenant::sign_up(server).await).await, Tenant::sign_up(server).await);
            let company = b.owner.created("company", serde_json::json!({ "name": "Point" })).await;
            let connection = server.as_server().await;
            connection.execute_unprepared("pragma foreign_keys = on").await.ok();
            let transaction = connection.begin().await.expect("a transaction");
            let literal = |id: &str| match database {
                Database::Sqlite => format!("x'{}'", id.replace('-', "")),
                _ => format!("'{id}'"),
            };
            if database == Database::Postgres {
                let setting = format!("set local kamara.tenant = '{}'", b.id);
                transaction.execute_unprepared(&setting).await.expect("a setting");
            }
            let statement = format!(
                "update deal set company_id = {} where tenant_id = {}",
                literal(a.id("company")),
                literal(&b.id)
            );
            let own = statement.replace(&literal(a.id("company")), &literal(&company));
            b.owner.created("deal", serde_json::json!({ "name": "Deal", "amount": "1" })).await;
            transaction.execute_unprepared(&own).await.expect("its own company");
            let refused = transaction.execute_unprepared(&statement).await.expect_err("another tenant's company");
            assert!(refused.to_string().to_lowercase().contains("foreign key"), "{refused}");
        }
    });
}
