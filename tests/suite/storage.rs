//! What the database itself guarantees, whatever the code does: the catalogue of PostgreSQL is walked, so that a new table can't be
//! forgotten.

use kamara_migration::catalogue::CONTROL;
use kamara_tests::{Database, Server, Tenant, block_on, both_alone};
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use serde_json::json;

use crate::books::Books;

/// The migrations' own record.
const MIGRATIONS: &str = "seaql_migrations";

async fn texts(connection: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let rows = connection.query_all_raw(Statement::from_string(connection.get_database_backend(), sql)).await;
    rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}

async fn number(connection: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = connection.query_one_raw(Statement::from_string(connection.get_database_backend(), sql)).await;
    row.unwrap_or_else(|error| panic!("{sql}: {error}")).expect("a row").try_get_by_index(0).expect("a number")
}

async fn tables(connection: &DatabaseConnection) -> Vec<String> {
    let sql = "select relname::text from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by 1";
    texts(connection, sql).await
}

fn is_business(table: &str) -> bool {
    table != MIGRATIONS && !CONTROL.iter().any(|(control, _)| *control == table)
}

fn on_postgres(test: impl AsyncFnOnce(&'static Server, DatabaseConnection)) {
    block_on(async {
        let server = Server::shared(Database::Postgres).await;
        let owner = server.owner().await;
        test(server, owner.clone()).await;
        owner.close().await.expect("an orderly end");
    });
}

#[test]
fn every_table_but_those_in_the_list_has_a_forced_policy() {
    on_postgres(async |_, owner| {
        let mut wrong = Vec::new();
        let all = tables(&owner).await;
        for table in all.iter().filter(|table| is_business(table)) {
            let forced = number(&owner, &format!("select (relrowsecurity and relforcerowsecurity)::int::bigint from pg_class where oid = '{table}'::regclass")).await;
            // A second permissive policy would be an OR.
            let policies = texts(
                &owner,
                &format!("select polname::text || ' ' || polpermissive::text || ' ' || polcmd::text || ' ' || polroles::text || ' ' || pg_get_expr(polqual, polrelid) from pg_policy where polrelid = '{table}'::regclass"),
            )
            .await;
            let only = [
                "tenant_isolation true * {0} (tenant_id = (NULLIF(current_setting('kamara.tenant'::text, true), ''::text))::uuid)",
            ];
            if forced != 1 || policies != only {
                wrong.push(format!("{table}: forced {forced}, policies {policies:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(all.len() > CONTROL.len() + 20, "the catalogue was read");
        for (control, reason) in CONTROL {
            assert!(
                all.iter().any(|table| table == control),
                "{control} is in the list of control tables and isn't there"
            );
            assert!(reason.len() > 20, "{control} needs a reason");
        }
    });
}

#[test]
fn keys_start_with_the_tenant_and_restrict() {
    on_postgres(async |_, owner| {
        let constraints = texts(
            &owner,
            "select conrelid::regclass::text || ' | ' || contype::text || ' | ' || coalesce(confrelid::regclass::text, '') || ' | ' || pg_get_constraintdef(oid)
             from pg_constraint where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f') order by 1",
        )
        .await;
        let mut wrong = Vec::new();
        let (mut primary, mut foreign) = (0, 0);
        for constraint in &constraints {
            let parts: Vec<&str> = constraint.splitn(4, " | ").collect();
            let [table, kind, of, definition] = parts[..] else { panic!("{constraint}") };
            if !is_business(table) {
                continue;
            }
            let fine = match kind {
                "p" => {
                    primary += 1;
                    definition == "PRIMARY KEY (tenant_id, id)"
                }
                "u" => definition.starts_with("UNIQUE (tenant_id, "),
                _ if of == "tenant" => definition.starts_with("FOREIGN KEY (tenant_id) REFERENCES tenant(id)"),
                _ => {
                    foreign += 1;
                    let composite = definition.starts_with("FOREIGN KEY (tenant_id, ")
                        && definition.contains(&format!("REFERENCES {of}(tenant_id, id)"));
                    composite && definition.contains("ON DELETE RESTRICT") && !definition.contains("ON UPDATE")
                }
            };
            if !fine {
                wrong.push(constraint.clone());
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        let business = tables(&owner).await.iter().filter(|table| is_business(table)).count();
        assert_eq!(primary, business);
        assert!(foreign > 50, "the catalogue was read: {foreign}");

        // What names another record by a column of its own must have a key for it.
        let without = texts(
            &owner,
            "select attrelid::regclass::text || '.' || attname from pg_attribute a join pg_class c on c.oid = a.attrelid
             where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and attnum > 0 and not attisdropped
               and atttypid = 'uuid'::regtype and attname not in ('tenant_id', 'id')
               and not exists (select from pg_constraint f where f.contype = 'f' and f.conrelid = a.attrelid and a.attnum = any (f.conkey))
             order by 1",
        )
        .await;
        let business: Vec<&str> = without
            .iter()
            .map(String::as_str)
            .filter(|column| column.split('.').next().is_some_and(is_business))
            .collect();
        assert_eq!(
            business,
            [
                "approval.subject_id",
                "cost_split.subject_id",
                "event.subject_id",
                "file.subject_id",
                "journal_entry.source_id",
                "journal_line.item_id"
            ],
            "only what may hang on any record has no key"
        );
    });
}

#[test]
fn without_its_policy_every_table_leaks() {
    on_postgres(async |server, owner| {
        let theirs = Books::open(Tenant::sign_up(server).await).await;
        let ours = Tenant::sign_up(server).await;
        let mut wrong = Vec::new();
        for table in tables(&owner).await.iter().filter(|table| is_business(table)) {
            let leak = format!("select count(*) from {table} where tenant_id = '{}'", theirs.tenant.id);
            let transaction = as_server(&owner, &ours.id).await;
            let guarded = number(&transaction, &leak).await;
            transaction.rollback().await.expect("a rollback");

            let transaction = owner.begin().await.expect("a transaction");
            run(&transaction, &format!("alter policy tenant_isolation on {table} using (true)")).await;
            enter(&transaction, &ours.id).await;
            let leaking = number(&transaction, &leak).await;
            transaction.rollback().await.expect("a rollback");

            let transaction = as_server(&owner, &theirs.tenant.id).await;
            let own = number(&transaction, &leak).await;
            transaction.rollback().await.expect("a rollback");
            if guarded != 0 || leaking == 0 || leaking != own {
                wrong.push(format!(
                    "{table}: {guarded} rows seen by the policy, {leaking} without it, {own} by their own company"
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn without_a_tenant_nothing_is_seen_and_nothing_written() {
    on_postgres(async |server, owner| {
        let theirs = Books::open(Tenant::sign_up(server).await).await;
        let connection = server.as_server().await;
        for table in tables(&owner).await.iter().filter(|table| is_business(table)) {
            assert_eq!(number(&connection, &format!("select count(*) from {table}")).await, 0, "{table}");
        }
        // After a transaction that had one, too: the setting is empty then, not null.
        let transaction = connection.begin().await.expect("a transaction");
        run(&transaction, &format!("set local kamara.tenant = '{}'", theirs.tenant.id)).await;
        assert!(number(&transaction, "select count(*) from company").await > 0);
        transaction.commit().await.expect("a commit");
        assert_eq!(number(&connection, "select count(*) from company").await, 0);
        // Nor can a row be written into another company.
        let ours = Tenant::sign_up(server).await;
        let transaction = connection.begin().await.expect("a transaction");
        run(&transaction, &format!("set local kamara.tenant = '{}'", ours.id)).await;
        let moved = transaction
            .execute_unprepared(&format!("update company set tenant_id = '{}'", ours.id))
            .await
            .expect("an update");
        assert_eq!(moved.rows_affected(), 0);
        let written = transaction
            .execute_unprepared(&format!(
                "insert into pipeline (tenant_id, id, created_at, updated_at, version, name, sort_key, is_default)
                 values ('{}', '01234567-89ab-7def-8123-456789abcdef', now(), now(), 1, 'x', 'x', false)",
                theirs.tenant.id
            ))
            .await;
        let error = written.expect_err("a row in another company").to_string();
        assert!(error.contains("row-level security"), "{error}");
        transaction.rollback().await.expect("a rollback");
        connection.close().await.expect("an orderly end");
    });
}

#[test]
fn the_server_owns_nothing_and_cannot_rewrite_the_ledger() {
    on_postgres(async |server, owner| {
        let connection = server.as_server().await;
        let owned = number(
            &connection,
            "select (select count(*) from pg_class where relowner = current_user::regrole) + (select count(*) from pg_proc where proowner = current_user::regrole)
               + (select count(*) from pg_roles where rolname = current_user and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb))",
        )
        .await;
        assert_eq!(owned, 0);
        for table in ["journal_entry", "journal_line", "event", "payment_allocation"] {
            for right in ["update", "delete", "truncate"] {
                let may = number(
                    &owner,
                    &format!("select has_table_privilege('kamara_server', '{table}', '{right}')::int::bigint"),
                )
                .await;
                assert_eq!(may, 0, "{right} on {table}");
            }
        }
        for table in tables(&owner).await {
            for right in ["truncate", "references", "trigger"] {
                let may = number(
                    &owner,
                    &format!("select has_table_privilege('kamara_server', '{table}', '{right}')::int::bigint"),
                )
                .await;
                assert_eq!(may, 0, "{right} on {table}");
            }
        }
        let definers = texts(
            &owner,
            "select proname::text from pg_proc where prosecdef and pronamespace = 'public'::regnamespace",
        )
        .await;
        assert!(definers.is_empty(), "functions that act as their owner need a test of their own: {definers:?}");
        connection.close().await.expect("an orderly end");
    });
}

/// On both databases a row that points into another company can't be written, and the ledger can't be rewritten.
async fn the_database_refuses_what_no_code_should_try(server: Server) {
    let theirs = Books::open(Tenant::sign_up(&server).await).await;
    let ours = Books::open(Tenant::sign_up(&server).await).await;
    let connection = server.as_server().await;
    let postgres = connection.get_database_backend() == DbBackend::Postgres;
    let attempt = async |sql: String| {
        let transaction = connection.begin().await.expect("a transaction");
        if postgres {
            run(&transaction, &format!("set local kamara.tenant = '{}'", ours.tenant.id)).await;
        }
        let outcome = transaction.execute_unprepared(&sql).await;
        transaction.rollback().await.expect("a rollback");
        outcome
    };
    // SQLite keeps ids as their bytes.
    let literal = |id: &str| if postgres { format!("'{id}'") } else { format!("x'{}'", id.replace('-', "")) };
    let us = literal(&ours.tenant.id);
    let own = |kind: &str| format!("where tenant_id = {us} and id = {}", literal(ours.id(kind)));
    for (table, kind, column, of) in [
        ("contact", "contact", "company_id", "company"),
        ("deal", "deal", "stage_id", "stage"),
        ("invoice", "invoice", "company_id", "company"),
        ("project", "project", "manager_id", "manager"),
        ("employee", "employee", "membership_id", "membership"),
        ("deal", "deal", "owner_id", "owner"),
    ] {
        let point =
            |books: &Books<'_>| format!("update {table} set {column} = {} {}", literal(books.id(of)), own(kind));
        let error = attempt(point(&theirs)).await.expect_err("a row that points into another company").to_string();
        assert!(error.to_lowercase().contains("foreign key"), "{table}.{column}: {error}");
        assert_eq!(
            attempt(point(&ours)).await.expect("a row that points to its own").rows_affected(),
            1,
            "{table}.{column}"
        );
    }
    for sql in [
        format!("update journal_line set base_minor = base_minor + 1 where tenant_id = {us}"),
        format!("delete from journal_line where tenant_id = {us}"),
        format!("update journal_entry set date = '2020-01-01' where tenant_id = {us}"),
        format!("delete from journal_entry where tenant_id = {us}"),
        format!("delete from event where tenant_id = {us}"),
    ] {
        let error = attempt(sql.clone()).await.expect_err("a rewritten ledger").to_string();
        assert!(error.contains("append-only") || error.contains("permission denied"), "{sql}: {error}");
    }
    // Companies are archived; deleting one with history is refused by whoever refers to it.
    let error =
        attempt(format!("delete from company {}", own("company"))).await.expect_err("a deleted company").to_string();
    assert!(error.to_lowercase().contains("foreign key") || error.contains("permission denied"), "{error}");
    connection.close().await.expect("an orderly end");
    server.stop().await;
}

/// What every change leaves, and the ledger's own arithmetic, as they are stored.
async fn the_stored_ledger_is_balanced_and_numbered_without_gaps(server: Server) {
    let books = Books::open(Tenant::sign_up(&server).await).await;
    for act in ["voidInvoice", "reversePayment", "reverseExpense", "reverseTimeEntry", "reverseJournalEntry"] {
        let input = books.input(act).await.expect("a case");
        books.tenant.owner.act(act, input, "__typename").await;
    }
    let connection = server.owner().await;
    let transaction = connection.begin().await.expect("a transaction");
    if transaction.get_database_backend() == DbBackend::Postgres {
        run(&transaction, &format!("set local kamara.tenant = '{}'", books.tenant.id)).await;
    }
    let count = async |sql: &str| number(&transaction, sql).await;
    assert!(count("select count(*) from journal_entry").await > 15);
    let unbalanced = "select count(*) from (select entry_id from journal_line group by entry_id having sum(base_minor) <> 0) as wrong";
    assert_eq!(count(unbalanced).await, 0);
    assert_eq!(count("select count(*) from journal_entry e where not exists (select 1 from journal_line l where l.entry_id = e.id)").await, 0);
    assert_eq!(count("select max(seq) - count(*) from journal_entry").await, 0, "no gaps");
    assert_eq!(count("select last_seq - (select count(*) from journal_entry) from ledger").await, 0);
    // Whatever was posted and taken back leaves nothing: of these documents each account's sum is zero.
    let left = "select count(*) from (select l.account_id from journal_line l join journal_entry e on e.id = l.entry_id
        where e.reverses_id is not null or exists (select 1 from journal_entry r where r.reverses_id = e.id)
        group by l.account_id having sum(l.base_minor) <> 0) as wrong";
    assert_eq!(count(left).await, 0);
    let silent = "select count(*) from company c where not exists (select 1 from event v where v.subject_id = c.id)";
    assert_eq!(count(silent).await, 0, "every change writes an event");
    let secret = "select count(*) from event where coalesce(cast(after as text), '') like '%password%' or coalesce(cast(after as text), '') like '%token%'";
    assert_eq!(count(secret).await, 0, "an event holds no secret");
    drop(transaction);
    connection.close().await.expect("an orderly end");
    server.stop().await;
}

both_alone!(the_database_refuses_what_no_code_should_try, the_stored_ledger_is_balanced_and_numbered_without_gaps);

async fn run(transaction: &DatabaseTransaction, sql: &str) {
    transaction.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The server's role takes over the transaction, for a company.
async fn enter(transaction: &DatabaseTransaction, tenant: &str) {
    run(transaction, &format!("set local role kamara_server; set local kamara.tenant = '{tenant}'")).await;
}

async fn as_server(owner: &DatabaseConnection, tenant: &str) -> DatabaseTransaction {
    let transaction = owner.begin().await.expect("a transaction");
    enter(&transaction, tenant).await;
    transaction
}

/// Migrating twice changes nothing, and a server refuses to work as the owner or on an old database.
#[test]
fn a_server_refuses_the_owners_role() {
    use kamara::{config::ServerConfig, env::Env, server};
    on_postgres(async |shared, _| {
        server::migrate(&shared.owner_url, &server::MigrateOptions::default()).await.expect("a second migration");
        let config = ServerConfig {
            database_url: shared.owner_url.clone(),
            addr: ([127, 0, 0, 1], 0).into(),
            ..ServerConfig::default()
        };
        let error = server::start(config, Env::system()).await.expect_err("a server that owns the tables");
        assert!(error.to_string().contains("owns the tables"), "{error:#}");
        assert_eq!(json!(shared.get("/readyz").await.status().as_u16()), 200);
    });
}
