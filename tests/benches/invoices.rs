//! Invoices created and issued through GraphQL, and the same rows written by plain SQL, one transaction each:
//! `cargo bench -p kamara-tests --bench invoices`. One line each: the database, who works at once, invoices a second of both, and
//! their ratio.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use futures::future::join_all;
use kamara::{
    db::Db,
    env::{Env, ManualClock},
    tenancy::{Access, TenantScope, service},
};
use kamara_entities::{
    InvoiceId, SourceKind, TenantEntity, event, invoice, invoice_line, invoice_line_tax, journal_entry, journal_line,
};
use kamara_tests::{Database, Server, Tenant, block_on, connect, now};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, Insert, IntoActiveModel,
    QueryFilter, QueryTrait, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

const CREATE: &str =
    "mutation($input: CreateInvoiceInput!) { createInvoice(input: $input) { invoice { id total { amount } } } }";
const ISSUE: &str =
    "mutation($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { number status } } }";

/// Who works at once: a name, companies, clients of each, and invoices of each client in each round.
const WAYS: [(&str, usize, usize, usize); 3] = [
    ("one company, one client", 1, 1, 200),
    ("one company, 16 clients", 1, 16, 20),
    ("50 companies at once", 50, 1, 8),
];
/// We and plain SQL take turns this often, so that what the machine does beside it falls on both.
const ROUNDS: usize = 8;

fn main() {
    block_on(async {
        for database in [Database::Sqlite, Database::Postgres] {
            let server = Server::start(database).await;
            for (name, companies, clients, each) in WAYS {
                let desks = join_all((0..companies).map(|_| Desk::open(&server))).await;
                let plain_sql = Plain::open(&server, companies * clients).await;
                // What is done for the first time isn't measured: statements are prepared, pages are read.
                join_all(desks.iter().map(|desk| desk.work(3))).await;
                plain_sql.work(&desks, (ROUNDS, clients, each)).await;
                analyze(&server).await;
                let workers = || desks.iter().flat_map(|desk| std::iter::repeat_n(desk, clients));
                let (mut ours, mut plain) = (Duration::ZERO, Duration::ZERO);
                for round in 0..ROUNDS {
                    let began = Instant::now();
                    join_all(workers().map(|desk| desk.work(each))).await;
                    ours += began.elapsed();
                    plain += plain_sql.work(&desks, (round, clients, each)).await;
                }
                let invoices = ROUNDS * companies * clients * each;
                let (ours, plain) = (rate(invoices, ours), rate(invoices, plain));
                println!("{database:?}|{name}|{ours:.0}|{plain:.0}|{:.2}", ours / plain);
            }
            server.stop().await;
        }
    });
}

/// PostgreSQL plans for tables that have rows in them, as it does wherever a database has lived for a minute.
async fn analyze(server: &Server) {
    if server.database == Database::Postgres {
        let connection = connect(&server.owner_url).await;
        connection.execute_unprepared("analyze").await.expect("statistics");
        connection.close().await.expect("an end");
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousand invoices")]
fn rate(invoices: usize, took: Duration) -> f64 {
    invoices as f64 / took.as_secs_f64()
}

/// A company, and what its invoices are made of.
struct Desk<'a> {
    tenant: Tenant<'a>,
    input: Value,
}

impl<'a> Desk<'a> {
    async fn open(server: &'a Server) -> Self {
        let tenant = Tenant::sign_up(server).await;
        let owner = &tenant.owner;
        let company = owner.created("company", json!({ "name": "Client", "isClient": true })).await;
        let centre = owner.created("costCentre", json!({ "name": "Audit" })).await;
        let project = owner.created("project", json!({ "name": "Audit", "companyId": company })).await;
        let codes = owner.query("{ taxCodes(first: 10) { nodes { id code } } }").await;
        let vat = codes["taxCodes"]["nodes"].as_array().expect("codes").iter().find(|code| code["code"] == "VAT18");
        let line = json!({ "description": "Audit", "quantity": "12.5", "unitPrice": "180.00", "discountPercent": "10",
            "taxCodeId": vat.expect("a code")["id"], "costCentreId": centre, "projectId": project });
        let input = json!({ "companyId": company, "date": "2026-06-15", "currency": "GEL", "terms": { "days": 14 }, "lines": [line] });
        Self { tenant, input }
    }

    /// Creates and issues invoices, one after the other.
    async fn work(&self, invoices: usize) {
        for _ in 0..invoices {
            let created = self.tenant.owner.send(CREATE, json!({ "input": self.input })).await.data();
            let id = &created["createInvoice"]["invoice"]["id"];
            let issued = self.tenant.owner.send(ISSUE, json!({ "input": { "id": id } })).await.data();
            assert_eq!(issued["issueInvoice"]["invoice"]["status"], "ISSUED");
        }
    }
}

/// Connections that write the rows which an invoice leaves behind: SQLite has one, since it has one writer at a time.
struct Plain<'a> {
    server: &'a Server,
    pool: Vec<Mutex<DatabaseConnection>>,
}

impl<'a> Plain<'a> {
    async fn open(server: &'a Server, clients: usize) -> Self {
        let connections = if server.database == Database::Sqlite { 1 } else { clients };
        let pool = join_all((0..connections).map(|_| one_connection(&server.database_url))).await;
        Self { server, pool: pool.into_iter().map(Mutex::new).collect() }
    }

    /// Writes the rows again and again, with ids, numbers and places of their own, by statements that are built before the clock
    /// starts.
    async fn work(&self, desks: &[Desk<'_>], (round, clients, each): (usize, usize, usize)) -> Duration {
        let db = Db::connect(&self.server.database_url, 2).await.expect("the database");
        let env = Env::fixed(ManualClock::new(now()), 1);
        let mut work = Vec::new();
        for desk in desks {
            let tenant = service::named(&db, &desk.tenant.id).await.expect("the tenant");
            let scope = Access::of_operator(tenant, "bench").read(&db, &env).await.expect("a scope");
            let sample = Sample::read(&scope).await;
            let backend = db.backend();
            work.extend((0..clients).map(|client| {
                let first = 1_000_000 + (round * clients + client) * each;
                (first..first + each).map(|number| sample.copy(backend, number)).collect::<Vec<_>>()
            }));
            scope.commit().await.expect("an end");
        }
        db.close().await.expect("an orderly end");
        let began = Instant::now();
        join_all(work.iter().zip(self.pool.iter().cycle()).map(async |(copies, connection)| {
            for copy in copies {
                write(&*connection.lock().await, copy).await;
            }
        }))
        .await;
        began.elapsed()
    }
}

async fn one_connection(url: &str) -> DatabaseConnection {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).test_before_acquire(false).sqlx_logging(false);
    let connection = sea_orm::Database::connect(options).await.expect("a connection");
    if connection.get_database_backend() == DbBackend::Sqlite {
        let settings = "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -16000";
        connection.execute_unprepared(settings).await.expect("settings");
    }
    connection
}

async fn write(connection: &DatabaseConnection, statements: &[Statement]) {
    let immediate = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let transaction = connection.begin_with_options(immediate).await.expect("a transaction");
    for statement in statements {
        transaction.execute_raw(statement.clone()).await.expect("a row");
    }
    transaction.commit().await.expect("a commit");
}

/// The rows that belong to one issued invoice.
struct Sample {
    tenant: Uuid,
    invoice: invoice::Model,
    lines: Vec<invoice_line::Model>,
    taxes: Vec<invoice_line_tax::Model>,
    entry: journal_entry::Model,
    journal: Vec<journal_line::Model>,
    events: Vec<event::Model>,
}

impl Sample {
    async fn read(scope: &TenantScope) -> Self {
        let invoice = scope.first(scope.find::<invoice::Entity>()).await.expect("a query").expect("an invoice");
        let id = invoice.id;
        let of_entry = journal_entry::Column::SourceKind.eq(SourceKind::Invoice);
        let entries = scope.find::<journal_entry::Entity>().filter(of_entry);
        let entries = entries.filter(journal_entry::Column::SourceId.eq(id));
        let entry = scope.first(entries).await.expect("a query").expect("an entry");
        let events = event::Column::SubjectId.is_in([id.0, entry.id.0]);
        Self {
            tenant: scope.tenant_id().0,
            lines: all::<invoice_line::Entity>(scope, invoice_line::Column::InvoiceId.eq(id)).await,
            taxes: all::<invoice_line_tax::Entity>(scope, invoice_line_tax::Column::InvoiceId.eq(id)).await,
            journal: all::<journal_line::Entity>(scope, journal_line::Column::EntryId.eq(entry.id)).await,
            events: all::<event::Entity>(scope, events).await,
            invoice,
            entry,
        }
    }

    fn copy(&self, backend: DbBackend, number: usize) -> Vec<Statement> {
        let (invoice_id, entry_id, line_id): (InvoiceId, _, _) = (id().into(), id(), id());
        let seq = i64::try_from(number).expect("a small number");
        let mut statements = Vec::new();
        if backend == DbBackend::Postgres {
            let tenant = format!("set local kamara.tenant = '{}'", self.tenant);
            statements.push(Statement::from_string(backend, tenant));
        }
        let invoice = invoice::Model { id: invoice_id, number: Some(format!("SQL-{number}")), ..self.invoice.clone() };
        statements.push(insert(backend, vec![invoice]));
        let lines =
            self.lines.iter().map(|line| invoice_line::Model { id: line_id.into(), invoice_id, ..line.clone() });
        statements.push(insert(backend, lines.collect()));
        let taxes = self.taxes.iter().map(|tax| invoice_line_tax::Model {
            id: id().into(),
            invoice_id,
            invoice_line_id: line_id.into(),
            ..tax.clone()
        });
        statements.push(insert(backend, taxes.collect()));
        let of_tenant = |sql: &str| Statement::from_sql_and_values(backend, sql, [self.tenant.into()]);
        statements.push(of_tenant(
            "update number_series set next_number = next_number + 1 where tenant_id = $1 and kind = 'invoice'",
        ));
        statements.push(of_tenant("update ledger set last_seq = last_seq + 1 where tenant_id = $1"));
        let entry =
            journal_entry::Model { id: entry_id.into(), seq, source_id: Some(invoice_id.0), ..self.entry.clone() };
        statements.push(insert(backend, vec![entry]));
        let journal = self.journal.iter().map(|line| journal_line::Model {
            id: id().into(),
            entry_id: entry_id.into(),
            seq,
            item_id: line.item_id.map(|_| invoice_id.0),
            ..line.clone()
        });
        statements.push(insert(backend, journal.collect()));
        let events = self.events.iter().map(|event| {
            let subject_id = if event.subject_id == self.invoice.id.0 { invoice_id.0 } else { entry_id };
            event::Model { id: id().into(), subject_id, ..event.clone() }
        });
        statements.push(insert(backend, events.collect()));
        statements
    }
}

/// An id that follows the one before, as those of version 7 do.
fn id() -> Uuid {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u128((0x019b_0000_0000_7000_8000 << 64) | u128::from(LAST.fetch_add(1, Ordering::Relaxed)))
}

async fn all<E: TenantEntity>(scope: &TenantScope, condition: sea_orm::sea_query::Expr) -> Vec<E::Row> {
    scope.all(scope.find::<E>().filter(condition)).await.expect("a query")
}

fn insert<M, A>(backend: DbBackend, rows: Vec<M>) -> Statement
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
    Insert::<A>::many(rows).build(backend)
}
