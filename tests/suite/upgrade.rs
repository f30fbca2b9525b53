//! A database that was filled by the first release is brought up to date: nothing of it is lost, what the new columns say follows from
//! the old rows, and it's worked with as ever.

use kamara::{
    db::Db,
    env::{Env, ManualClock},
    finance::service::{
        payment::{self, Document, NewAllocation, NewPayment},
        settlement, verify,
    },
    server::{MigrateOptions, migrate},
    tenancy::{Access, service},
};
use kamara_migration::{Migrator, MigratorTrait, catalogue, citus};
use kamara_tests::{Database, Server, block_on, now};
use rust_decimal::Decimal;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use uuid::Uuid;

/// Migrations between the first release and the one before taxes of bills.
const BEFORE_BILL_TAXES: u32 = 3;

/// What the first release has written, by the numbers of ids: a client (20) with two invoices (30, 31); a payment (40) that settles both
/// and has a rest; one (41) that settled a part of the second and was reversed; an expense (60).
const FIRST: &[&str] = &[
    "insert into tenant (id, name, country, base_currency, time_zone, language, created_at, updated_at, version)
     values (#1, 'Old & Sons', 'GE', 'GEL', 'Asia/Tbilisi', 'ka', $now, $now, 1)",
    "insert into ledger (tenant_id, id, created_at, updated_at, last_seq, closed_until) values (#1, #2, $now, $now, 6, null)",
    "insert into number_series (tenant_id, id, created_at, updated_at, kind, prefix, next_number)
     values (#1, #3, $now, $now, 'invoice', 'INV-', 3)",
    "insert into account (tenant_id, id, created_at, updated_at, version, code, name, search_text, account_type, role) values
     (#1, #10, $now, $now, 1, '1210', 'ბანკი', '1210 ბანკი', 'asset', 'bank'),
     (#1, #11, $now, $now, 1, '1410', 'Clients', '1410 clients', 'asset', 'receivable'),
     (#1, #12, $now, $now, 1, '3330', 'VAT', '3330 vat', 'liability', 'output_tax'),
     (#1, #13, $now, $now, 1, '6110', 'Revenue', '6110 revenue', 'income', 'revenue'),
     (#1, #14, $now, $now, 1, '7410', 'Costs', '7410 costs', 'expense', 'expense'),
     (#1, #15, $now, $now, 1, '8210', 'Exchange', '8210 exchange', 'expense', 'exchange_difference')",
    "insert into tax_code (tenant_id, id, created_at, updated_at, version, code, name, rate_bp)
     values (#1, #16, $now, $now, 1, 'VAT18', 'VAT', 1800)",
    "insert into cost_centre (tenant_id, id, created_at, updated_at, version, name, sort_key)
     values (#1, #17, $now, $now, 1, 'Office', 'office')",
    "insert into company (tenant_id, id, created_at, updated_at, version, name, sort_key, search_text, is_client, is_supplier)
     values (#1, #20, $now, $now, 1, 'კლიენტი', 'კლიენტი', 'კლიენტი', true, false)",
    "insert into invoice (tenant_id, id, created_at, updated_at, version, number, status, company_id, date, due_date, currency, rate,
        net_minor, discount_minor, tax_minor, total_minor, paid_minor, base_total_minor, base_paid_minor, source, external_id) values
     (#1, #30, $now, $now, 2, 'INV-000001', 'paid', #20, '2026-02-01', '2026-03-03', 'GEL', 1000000, 10000, 0, 1800, 11800, 11800, 11800, 11800, null, null),
     (#1, #31, $now, $now, 2, 'INV-000120', 'partly_paid', #20, '2026-02-02', '2026-03-04', 'GEL', 1000000, 20000, 0, 0, 20000, 2000, 20000, 2000, 'old', '120')",
    "insert into invoice_line (tenant_id, id, invoice_id, position, quantity, unit_price, discount_bp, net_minor, discount_minor, tax_minor,
        tax_code_id, tax_rate_bp, account_id) values
     (#1, #32, #30, 1, 1000000, 100000000, 0, 10000, 0, 1800, #16, 1800, #13),
     (#1, #33, #31, 1, 1000000, 200000000, 0, 20000, 0, 0, null, 0, #13)",
    "insert into payment (tenant_id, id, created_at, updated_at, version, company_id, date, amount_minor, currency, rate, account_id, status) values
     (#1, #40, $now, $now, 1, #20, '2026-03-01', 15000, 'GEL', 1000000, #10, 'posted'),
     (#1, #41, $now, $now, 2, #20, '2026-03-02', 500, 'GEL', 1000000, #10, 'reversed')",
    "insert into payment_allocation (tenant_id, id, payment_id, invoice_id, amount_minor, base_minor) values
     (#1, #42, #40, #30, 11800, 11800), (#1, #43, #40, #31, 2000, 2000), (#1, #44, #41, #31, 500, 500)",
    "insert into expense (tenant_id, id, created_at, updated_at, version, date, amount_minor, tax_minor, currency, rate, description, account_id,
        payment_account_id, cost_centre_id, status)
     values (#1, #60, $now, $now, 1, '2026-03-03', 700, 0, 'GEL', 1000000, 'Taxi', #14, #10, #17, 'posted')",
    "insert into journal_entry (tenant_id, id, created_at, seq, date, description, source_kind, source_id, reverses_id, closing) values
     (#1, #50, $now, 1, '2026-02-01', 'Invoice', 'invoice', #30, null, false), (#1, #51, $now, 2, '2026-02-02', 'Invoice', 'invoice', #31, null, false),
     (#1, #52, $now, 3, '2026-03-01', 'Payment', 'payment', #40, null, false), (#1, #53, $now, 4, '2026-03-02', 'Payment', 'payment', #41, null, false),
     (#1, #54, $now, 5, '2026-03-05', 'Payment', 'payment', #41, #53, false), (#1, #55, $now, 6, '2026-03-03', 'Taxi', 'expense', #60, null, false)",
    "insert into journal_line (tenant_id, id, entry_id, seq, date, closing, position, account_id, amount_minor, currency, rate, base_minor, company_id, party_id) values
     (#1, #70, #50, 1, '2026-02-01', false, 1, #11, 11800, 'GEL', 1000000, 11800, #20, #20), (#1, #71, #50, 1, '2026-02-01', false, 2, #13, -10000, 'GEL', 1000000, -10000, #20, null),
     (#1, #72, #50, 1, '2026-02-01', false, 3, #12, -1800, 'GEL', 1000000, -1800, #20, null),
     (#1, #73, #51, 2, '2026-02-02', false, 1, #11, 20000, 'GEL', 1000000, 20000, #20, #20), (#1, #74, #51, 2, '2026-02-02', false, 2, #13, -20000, 'GEL', 1000000, -20000, #20, null),
     (#1, #75, #52, 3, '2026-03-01', false, 1, #10, 15000, 'GEL', 1000000, 15000, #20, null), (#1, #76, #52, 3, '2026-03-01', false, 2, #11, -11800, 'GEL', 1000000, -11800, #20, #20),
     (#1, #77, #52, 3, '2026-03-01', false, 3, #11, -2000, 'GEL', 1000000, -2000, #20, #20), (#1, #78, #52, 3, '2026-03-01', false, 4, #11, -1200, 'GEL', 1000000, -1200, #20, #20),
     (#1, #79, #53, 4, '2026-03-02', false, 1, #10, 500, 'GEL', 1000000, 500, #20, null), (#1, #80, #53, 4, '2026-03-02', false, 2, #11, -500, 'GEL', 1000000, -500, #20, #20),
     (#1, #81, #54, 5, '2026-03-05', false, 1, #10, -500, 'GEL', 1000000, -500, #20, null), (#1, #82, #54, 5, '2026-03-05', false, 2, #11, 500, 'GEL', 1000000, 500, #20, #20),
     (#1, #83, #55, 6, '2026-03-03', false, 1, #14, 700, 'GEL', 1000000, 700, null, null), (#1, #84, #55, 6, '2026-03-03', false, 2, #10, -700, 'GEL', 1000000, -700, null, null)",
];

/// What the release before taxes of bills has written: drafts of a supplier (21), one of a line whose VAT comes back by half (36), one of
/// a line whose charge is reversed (37) and one without tax.
const BILLS: &[&str] = &[
    "insert into company (tenant_id, id, created_at, updated_at, version, name, sort_key, search_text, is_client, is_supplier)
     values (#1, #21, $now, $now, 1, 'მომწოდებელი', 'მომწოდებელი', 'მომწოდებელი', false, true)",
    "insert into tax_code (tenant_id, id, created_at, updated_at, version, code, name, rate_bp, kind, inclusive, recoverable_bp) values
     (#1, #18, $now, $now, 1, 'HALF', 'Half', 1800, 'standard', false, 5000),
     (#1, #19, $now, $now, 1, 'RC', 'Reverse', 1800, 'reverse_charge', false, 10000)",
    "insert into bill (tenant_id, id, created_at, updated_at, version, kind, status, company_id, date, due_date, currency, rate,
        net_minor, tax_minor, total_minor, paid_minor, base_total_minor, base_paid_minor)
     values (#1, #35, $now, $now, 1, 'bill', 'draft', #21, '2026-03-04', '2026-04-03', 'GEL', 1000000, 30003, 1801, 31804, 0, 0, 0)",
    "insert into bill_line (tenant_id, id, bill_id, position, description, quantity, unit_price, net_minor, tax_minor, tax_code_id,
        tax_rate_bp, account_id) values
     (#1, #36, #35, 1, 'Rent', 1000000, 100030000, 10003, 1801, #18, 1800, #14),
     (#1, #37, #35, 2, 'Cloud', 1000000, 100000000, 10000, 0, #19, 1800, #14),
     (#1, #38, #35, 3, 'Cleaning', 1000000, 100000000, 10000, 0, null, 0, #14)",
];

/// The id with a number, of a tenant whose ids begin with `tenant`.
fn id(tenant: u32, number: u32) -> Uuid {
    Uuid::from_u128((u128::from(tenant) << 96) | (0x7000_8000 << 48) | u128::from(number))
}

/// A statement with its ids as literals: SQLite keeps them as their bytes.
fn sql(backend: DbBackend, tenant: u32, statement: &str) -> String {
    let mut parts = statement.split('#');
    let mut sql = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(part.len());
        let id = id(tenant, part[..digits].parse().expect("a number"));
        let literal = match backend {
            DbBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.simple()),
        };
        sql.push_str(&literal);
        sql.push_str(&part[digits..]);
    }
    sql.replace("$now", "'2026-04-01 08:00:00+00:00'")
}

/// A transaction that sees a tenant's rows, on the nodes of a cluster too.
async fn of_tenant(connection: &DatabaseConnection, tenant: u32) -> DatabaseTransaction {
    let transaction = connection.begin().await.expect("a transaction");
    if connection.get_database_backend() == DbBackend::Postgres {
        let tenant = format!("set local kamara.tenant = '{}'", id(tenant, 1));
        for setting in ["set local citus.propagate_set_commands = 'local'", &tenant] {
            transaction.execute_unprepared(setting).await.expect("a setting");
        }
    }
    transaction
}

async fn fill(connection: &DatabaseConnection, tenant: u32, statements: &[&str]) {
    let backend = connection.get_database_backend();
    let transaction = of_tenant(connection, tenant).await;
    for statement in statements {
        let sql = sql(backend, tenant, statement);
        transaction.execute_unprepared(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    transaction.commit().await.expect("a commit");
}

/// The texts that a query of one column gives, as the owner of the tables.
async fn column(connection: &DatabaseConnection, tenant: u32, query: &str) -> Vec<String> {
    let backend = connection.get_database_backend();
    let transaction = of_tenant(connection, tenant).await;
    let sql = sql(backend, tenant, query);
    let rows = transaction.query_all_raw(Statement::from_string(backend, &sql)).await;
    let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// What the new columns must say of the old rows.
async fn check_rows(connection: &DatabaseConnection, tenant: u32) {
    let items = column(
        connection,
        tenant,
        "select case line.item_id when #30 then '30' when #31 then '31' when #40 then '40' when #41 then '41' else '-' end
         from journal_line line where line.tenant_id = #1 order by line.seq, line.position",
    )
    .await;
    let expected = ["30", "-", "-", "31", "-", "-", "30", "31", "40", "-", "31", "-", "31", "-", "-"];
    assert_eq!(items, expected, "each line on the receivables names its document");
    for (query, expected) in [
        (
            "select cast(date as text) from payment_allocation where tenant_id = #1 order by id",
            &["2026-03-01", "2026-03-01", "2026-03-02"][..],
        ),
        ("select cast(allocated_minor as text) from payment where tenant_id = #1 order by id", &["13800", "0"]),
        ("select cast(service_date as text) from journal_entry where tenant_id = #1 and seq = 6", &["2026-03-03"]),
        ("select cast(tax_minor as text) from invoice_line_tax where tenant_id = #1", &["1800"]),
        (
            "select kind || cast(next_number as text) from number_series where tenant_id = #1 order by kind",
            &["bill1", "credit_note1", "invoice121"],
        ),
        ("select kind from invoice where tenant_id = #1", &["invoice", "invoice"]),
        ("select legal_name from letterhead where tenant_id = #1", &["Old & Sons"]),
    ] {
        assert_eq!(column(connection, tenant, query).await, expected, "{query}");
    }
}

/// What is told of the taxes that lines of bills had.
async fn check_bills(connection: &DatabaseConnection, tenant: u32) {
    let taxes = "select kind || ' ' || cast(rate_bp as text) || ' ' || cast(base_minor as text) || ' ' || cast(tax_minor as text) || ' '
            || cast(recoverable_minor as text)
        from bill_line_tax where tenant_id = #1 order by bill_line_id";
    let expected = ["standard 1800 10003 1801 901", "reverse_charge 1800 10000 1800 1800"];
    assert_eq!(column(connection, tenant, taxes).await, expected);
}

/// What can be done with the books afterwards, and that they agree.
async fn work_on(url: &str, tenant: u32) {
    let db = Db::connect(url, 2).await.expect("the database");
    let env = Env::fixed(ManualClock::new(now()), u64::from(tenant));
    let found = service::named(&db, &id(tenant, 1).to_string()).await.expect("the tenant");
    let access = Access::of_operator(found, "test");
    let problems = async || {
        let scope = access.read(&db, &env).await.expect("a scope");
        let mut problems = Vec::new();
        verify::books(&scope, &mut |problem| problems.push(problem.to_string())).await.expect("a check");
        problems
    };
    assert_eq!(problems().await, [""; 0]);

    let scope = access.write(&db, &env).await.expect("a scope");
    let rest = NewAllocation::new(Document::Invoice(id(tenant, 31).into()), Decimal::new(1_200, 2));
    settlement::allocate(&scope, Document::Payment(id(tenant, 40).into()), None, vec![rest])
        .await
        .expect("the rest settles");
    let new = NewPayment {
        allocations: vec![NewAllocation::new(Document::Invoice(id(tenant, 31).into()), Decimal::new(16_800, 2))],
        ..NewPayment::from_client(id(tenant, 20).into(), Decimal::new(16_800, 2))
    };
    payment::record(&scope, new).await.expect("what was due is paid");
    scope.commit().await.expect("a commit");
    assert_eq!(problems().await, [""; 0], "the chain of hashes begins after the old entries");
    db.close().await.expect("an orderly end");
}

fn upgraded(database: Database) {
    block_on(async {
        let (url, owner_url) = kamara_tests::empty_database(database).await;
        let owner = kamara_tests::connect(&owner_url).await;
        Migrator::up(&owner, Some(1)).await.expect("the first release");
        for tenant in [1, 2] {
            fill(&owner, tenant, FIRST).await;
        }
        if database == Database::Sqlite {
            owner.execute_unprepared("pragma foreign_keys = off").await.expect("a setting");
        }
        Migrator::up(&owner, Some(BEFORE_BILL_TAXES)).await.expect("the release before taxes of bills");
        for tenant in [1, 2] {
            fill(&owner, tenant, BILLS).await;
        }
        owner.close().await.expect("an orderly end");
        migrate(&owner_url, &MigrateOptions::default()).await.expect("an upgrade");

        let owner = kamara_tests::connect(&owner_url).await;
        for tenant in [1, 2] {
            check_rows(&owner, tenant).await;
            check_bills(&owner, tenant).await;
            work_on(&url, tenant).await;
        }
        // What is append-only still is.
        let changed = column_result(&owner, "update journal_line set base_minor = 0 where tenant_id = #1").await;
        if database == Database::Sqlite {
            assert!(changed.is_err_and(|error| error.to_string().contains("append-only")));
            let folder =
                std::path::Path::new(url.trim_start_matches("sqlite://")).parent().expect("a folder").to_owned();
            let copies = std::fs::read_dir(folder).expect("files").flatten();
            let named =
                copies.filter(|file| file.file_name().to_string_lossy().contains(".before-upgrade-from-")).count();
            assert!(named > 0, "the file is copied before");
        }
        owner.close().await.expect("an orderly end");
        // Said again, it changes nothing.
        migrate(&owner_url, &MigrateOptions::default()).await.expect("nothing to do");
    });
}

async fn column_result(connection: &DatabaseConnection, statement: &str) -> Result<u64, sea_orm::DbErr> {
    let transaction = connection.begin().await?;
    let done = transaction.execute_unprepared(&sql(connection.get_database_backend(), 1, statement)).await;
    transaction.rollback().await?;
    done.map(|done| done.rows_affected())
}

#[test]
fn a_filled_database_of_the_first_release_is_upgraded_on_sqlite() {
    upgraded(Database::Sqlite);
}

#[test]
fn a_filled_database_of_the_first_release_is_upgraded_on_postgres() {
    upgraded(Database::Postgres);
}

/// The company that the cluster's tables hold before they are brought up to date.
pub const ON_CITUS: u32 = 3;

/// Brings a cluster that nobody has migrated yet to the first release, distributed and filled.
pub async fn first_release_on_citus(owner_url: &str) {
    let owner = kamara_tests::connect(owner_url).await;
    if Migrator::get_applied_migrations(&owner).await.is_ok_and(|applied| !applied.is_empty()) {
        return;
    }
    Migrator::up(&owner, Some(1)).await.expect("the first release");
    let there = Statement::from_string(
        DbBackend::Postgres,
        "select tablename::text from pg_tables where schemaname = 'public'",
    );
    let there: Vec<String> = owner
        .query_all_raw(there)
        .await
        .expect("the catalogue")
        .iter()
        .map(|row| row.try_get_by_index(0).expect("a name"))
        .collect();
    let business: Vec<&str> =
        catalogue::business_tables().into_iter().filter(|table| there.iter().any(|name| name == table)).collect();
    citus::distribute_tables(&owner, &business).await.expect("a distribution");
    fill(&owner, ON_CITUS, FIRST).await;
    owner.close().await.expect("an orderly end");
}

/// That nothing of it was lost.
pub async fn upgraded_on_citus(server: &Server) {
    let owner = server.owner().await;
    check_rows(&owner, ON_CITUS).await;
    owner.close().await.expect("an orderly end");
    work_on(&server.database_url, ON_CITUS).await;
}
