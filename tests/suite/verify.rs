//! `kamara verify`: what is changed behind the server's back is found.

use kamara::{
    db::Db,
    env::{Env, ManualClock},
    finance::service::verify,
    ledger::verify::{Problem, expect},
    tenancy::{Access, service},
};
use kamara_tests::{Server, Tenant, both_alone, now};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, TransactionTrait};
use serde_json::json;

use crate::books::{Books, text};

/// What is wrong with a tenant's books.
pub async fn problems(server: &Server, tenant: &str) -> Vec<String> {
    checked(server, tenant, None).await.0
}

/// The same, where one of its hashes was written down; and the newest.
async fn checked(server: &Server, tenant: &str, expected: Option<&str>) -> (Vec<String>, Option<String>) {
    let db = Db::connect(&server.database_url, 2).await.expect("the server's database");
    let found = service::named(&db, tenant).await.expect("the tenant");
    let env = Env::fixed(ManualClock::new(now()), 1);
    let scope = Access::of_operator(found, "test").read(&db, &env).await.expect("a scope");
    let mut problems = Vec::new();
    let mut report = |problem: Problem| problems.push(problem.to_string());
    let journal = verify::books(&scope, &mut report).await.expect("a check");
    if let Some(hash) = expected {
        expect(&scope, hash, &mut report).await.expect("a check");
    }
    scope.commit().await.expect("an orderly end");
    db.close().await.expect("an orderly end");
    (problems, journal.head)
}

/// A company with three entries.
async fn with_entries(server: &Server) -> Tenant<'_> {
    let tenant = Tenant::sign_up(server).await;
    for day in 1..=3 {
        post(&tenant, day).await;
    }
    tenant
}

async fn post(tenant: &Tenant<'_>, day: u32) {
    let accounts = tenant.owner.query("{ accounts(first: 100) { nodes { id role } } }").await;
    let account = |role: &str| {
        let nodes = accounts["accounts"]["nodes"].as_array().expect("accounts");
        text(&nodes.iter().find(|account| account["role"] == role).expect("an account of each role")["id"])
    };
    let debit = json!({ "accountId": account("EXPENSE"), "debit": format!("{day}00.00") });
    let credit = json!({ "accountId": account("BANK"), "credit": format!("{day}00.00") });
    let date = format!("2026-06-0{day}");
    let entry = json!({ "date": date, "description": "Rent", "lines": [debit, credit] });
    tenant.owner.act("createJournalEntry", entry, "journalEntry { seq }").await;
}

/// Runs statements that no code would, as the owner of the tables.
async fn tamper(connection: &DatabaseConnection, tenant: &str, statements: &[&str]) {
    let transaction = connection.begin().await.expect("a transaction");
    // SQLite keeps ids as their bytes.
    let literal = if connection.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("set local kamara.tenant = '{tenant}'")).await.expect("a setting");
        format!("'{tenant}'")
    } else {
        format!("x'{}'", tenant.replace('-', ""))
    };
    for statement in statements {
        let sql = format!("{statement} and tenant_id = {literal}");
        let done = transaction.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        assert!(done.rows_affected() > 0, "{sql}");
    }
    transaction.commit().await.expect("a commit");
}

async fn unguarded(server: &Server) -> DatabaseConnection {
    let connection = server.owner().await;
    if connection.get_database_backend() == DbBackend::Sqlite {
        for table in ["journal_entry", "journal_line"] {
            for act in ["update", "delete"] {
                connection.execute_unprepared(&format!("drop trigger {table}_no_{act}")).await.expect("no trigger");
            }
        }
    }
    connection
}

/// Each way to tamper, and what is told of it: each part in one problem.
const WAYS: &[(&[&str], &[&str])] = &[
    (&["update journal_entry set description = 'Rest' where seq = 2"], &["entry 2: expected hash "]),
    // It still balances.
    (
        &["update journal_line set base_minor = base_minor * 2, amount_minor = amount_minor * 2 where seq = 2"],
        &["entry 2: expected hash "],
    ),
    (
        &["update journal_line set base_minor = base_minor + 1 where seq = 3 and position = 1"],
        &["entry 3: expected a balance of 0, found 1", "entry 3: expected hash "],
    ),
    (
        &["delete from journal_line where seq = 2", "delete from journal_entry where seq = 2"],
        &["entry 3: expected entry 2 before it, found none"],
    ),
    (
        &["delete from journal_line where seq = 3", "delete from journal_entry where seq = 3"],
        &["the newest entry: expected number 3, found 2"],
    ),
    (
        &[
            "update journal_entry set seq = 9 where seq = 2",
            "update journal_entry set seq = 2 where seq = 3",
            "update journal_entry set seq = 3 where seq = 9",
            "update journal_line set seq = 9 where seq = 2",
            "update journal_line set seq = 2 where seq = 3",
            "update journal_line set seq = 3 where seq = 9",
        ],
        &["entry 2: expected hash ", "entry 3: expected hash "],
    ),
    (
        &["update journal_line set seq = 7 where seq = 2"],
        &[
            "entry 2: expected two lines at least, found 0",
            "entry 2: expected hash ",
            "line 1 of entry 7: ",
            "line 2 of entry 7: ",
        ],
    ),
    (
        &["update journal_line set date = '2026-06-09' where seq = 1 and position = 2"],
        &["entry 1: expected line 2 with the entry's id, date 2026-06-01", "entry 1: expected hash "],
    ),
    (&["update journal_entry set hash = null where seq = 2"], &["entry 2: expected hash "]),
    (&["update journal_entry set hash = null where seq = 1"], &["entry 1: expected hash "]),
    // Nothing but the events says that there was a chain.
    (
        &["update journal_entry set hash = null where seq > 0"],
        &["entry 1: expected hash ", "entry 2: expected hash ", "entry 3: expected hash "],
    ),
    (&["update ledger set last_seq = 4 where last_seq = 3"], &["the newest entry: expected number 4, found 3"]),
];

async fn what_is_changed_behind_the_servers_back_is_found(server: Server) {
    let untouched = with_entries(&server).await;
    let connection = unguarded(&server).await;
    for (statements, told) in WAYS {
        let tenant = with_entries(&server).await;
        assert_eq!(problems(&server, &tenant.id).await, [] as [String; 0]);
        tamper(&connection, &tenant.id, statements).await;
        let found = problems(&server, &tenant.id).await;
        let as_told = found.len() == told.len() && found.iter().zip(*told).all(|(found, told)| found.starts_with(told));
        assert!(as_told, "{statements:?}: {found:#?}");
    }
    assert_eq!(problems(&server, &untouched.id).await, [] as [String; 0], "what is another company's changes nothing");
    connection.close().await.expect("an orderly end");
    server.stop().await;
}

/// What the chain itself can't say, somebody does who wrote its newest hash down: that it's another one.
async fn a_hash_that_was_written_down_is_looked_for(server: Server) {
    let tenant = with_entries(&server).await;
    let head = checked(&server, &tenant.id, None).await.1.expect("a hash");
    assert_eq!(checked(&server, &tenant.id, Some(&head)).await.0, [""; 0]);
    post(&tenant, 4).await;
    let (problems, newest) = checked(&server, &tenant.id, Some(&head)).await;
    assert_eq!(problems, [""; 0], "the books went on since");
    assert_ne!(newest.as_ref(), Some(&head));

    let other = with_entries(&server).await;
    let (problems, _) = checked(&server, &other.id, Some(&head)).await;
    assert_eq!(problems, [format!("the journal: expected an entry with hash {head}, found none")]);
    server.stop().await;
}

async fn documents_tie_to_their_lines_and_have_their_numbers(server: Server) {
    let books = Books::open(Tenant::sign_up(&server).await).await;
    for act in ["voidInvoice", "reversePayment", "reverseExpense", "reverseTimeEntry", "reverseJournalEntry"] {
        let input = books.input(act).await.expect("a case");
        books.tenant.owner.act(act, input, "__typename").await;
    }
    let tenant = &books.tenant.id;
    assert_eq!(problems(&server, tenant).await, [] as [String; 0]);
    let connection = unguarded(&server).await;
    let part = "update invoice set base_paid_minor = base_paid_minor - 1 where status = 'partly_paid'";
    tamper(&connection, tenant, &[part]).await;
    let found = problems(&server, tenant).await;
    assert!(found.iter().all(|problem| problem.starts_with("invoice INV-")), "{found:#?}");
    assert!(!found.is_empty());
    let back = "update invoice set base_paid_minor = base_paid_minor + 1 where status = 'partly_paid'";
    tamper(
        &connection,
        tenant,
        &[back, "update number_series set next_number = next_number + 1 where kind = 'invoice'"],
    )
    .await;
    let found = problems(&server, tenant).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("expected a document of the series \"invoice\", found none"), "{found:#?}");
    connection.close().await.expect("an orderly end");
    server.stop().await;
}

both_alone!(
    what_is_changed_behind_the_servers_back_is_found,
    a_hash_that_was_written_down_is_looked_for,
    documents_tie_to_their_lines_and_have_their_numbers
);
