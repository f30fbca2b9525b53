//! The schema that is committed, how many statements a query costs, and what every server tells of itself.

use kamara_tests::{Caller, Database, Server, Tenant, block_on, both, both_alone};
use serde_json::json;

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/schema.graphql");
    let committed = std::fs::read_to_string(path).expect("api/schema.graphql");
    assert_eq!(
        committed.trim(),
        kamara::graphql::sdl().trim(),
        "api/schema.graphql is stale: `cargo run -p kamara -- schema > api/schema.graphql`"
    );
}

const COMPANIES: &str = r#"query($first: Int!) { companies(first: $first, filter: {name: {contains: "ana"}}, orderBy: {field: NAME, direction: ASC}) {
  totalCount edges { cursor node { id name invoices(first: 5) { edges { node { number total { amount currency } status } } } } }
  pageInfo { hasNextPage endCursor } } }"#;

/// Statements that a query costs on a server that nobody else asks, those of session and transaction with them. What is asked for
/// together is loaded together; on a machine that is busy a batch may be sent off too early, so the least of some tries counts.
async fn cost(owner: &Caller<'_>, document: &str, variables: serde_json::Value) -> u64 {
    let mut least = u64::MAX;
    for _ in 0..5 {
        let before = owner.server.statements().await;
        owner.send(document, variables.clone()).await.data();
        least = least.min(owner.server.statements().await - before);
    }
    least
}

async fn the_number_of_statements_depends_on_the_query_and_never_on_its_rows(server: Server) {
    let tenant = Tenant::sign_up(&server).await;
    let owner = &tenant.owner;
    let session = cost(owner, "{ me { user { id } } }", json!({})).await;
    let empty = cost(owner, COMPANIES, json!({ "first": 50 })).await;
    for number in 0..50 {
        let company = owner.created("company", json!({ "name": format!("Banana {number}"), "isClient": true })).await;
        if number % 2 == 0 {
            let line = json!({ "description": "Advice", "quantity": "1", "unitPrice": "10.00", "taxCodeId": null });
            let input = json!({ "companyId": company, "date": "2026-06-01", "lines": [line] });
            let draft = owner.create("invoice", input, "id version").await;
            owner.act("issueInvoice", draft, "invoice { id }").await;
        }
    }
    let few = cost(owner, COMPANIES, json!({ "first": 3 })).await;
    let many = cost(owner, COMPANIES, json!({ "first": 50 })).await;
    assert_eq!(few, many, "of 3 and of 50 rows");
    // On PostgreSQL the one that tells the tenant is counted too.
    let transaction = u64::from(server.database == Database::Postgres);
    let data = many - session - transaction;
    assert!(data <= 4, "{data} statements for data ({many} in all, {session} for the session); empty: {empty}");

    let deep = "query($first: Int!) { invoices(first: $first) { nodes { company { name contacts(first: 2) { nodes { name } } } seller { name department { name } }
        lines { service { name supplier { name } } taxCode { code } project { name } } payments { payment { date } } journalEntry { seq lines { account { name } } } } } }";
    let (few, many) = (cost(owner, deep, json!({ "first": 2 })).await, cost(owner, deep, json!({ "first": 25 })).await);
    assert_eq!(few, many, "of 2 and of 25 invoices with all that hangs on them");
    server.stop().await;
}

async fn an_answer_has_an_id_and_a_server_tells_how_it_is(server: &'static Server) {
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.get(path).await.status().as_u16(), 200, "{path}");
    }
    let metrics = server.get("/metrics").await;
    assert!(metrics.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let metrics = metrics.text().await.unwrap();
    for figure in ["kamara_http_requests_total", "kamara_http_request_seconds_bucket", "kamara_sql_statements_total"] {
        assert!(metrics.contains(figure), "{figure}: {metrics}");
    }
    assert!(!metrics.contains("example.com"), "figures name nobody");
    let body = json!({ "query": "{ me { user { id } } }" }).to_string();
    let answer = Caller::anonymous(server).post(body.clone(), &[]).await;
    assert!(!answer.headers["x-request-id"].is_empty());
    let again = Caller::anonymous(server).post(body.clone(), &[("x-request-id", "from-the-proxy-1")]).await;
    assert!(!again.headers["x-request-id"].is_empty());
    let evil = Caller::anonymous(server).post(body, &[("x-request-id", &"x".repeat(5_000))]).await;
    assert!(evil.headers["x-request-id"].len() < 300, "a client's id is bounded");
}

/// A server that is told to stop while requests come: each is answered whole or not at all, and what was answered is there.
async fn a_server_that_stops_ends_open_requests_first(server: Server) {
    let tenant = Tenant::sign_up(&server).await;
    let beside = server.beside().await;
    let (url, token) = (beside.url.clone(), tenant.owner.token.clone().expect("a token"));
    let (started, mut wait) = tokio::sync::mpsc::channel(1);
    let writing = tokio::spawn(async move {
        let http = reqwest::Client::builder().no_proxy().build().expect("an HTTP client");
        let mut done = 0_i64;
        loop {
            let body = json!({ "query": "mutation { createCompany(input: {name: \"C\", isClient: true}) { company { id } } }" });
            let sent = http.post(format!("{url}/graphql")).bearer_auth(&token).json(&body).send().await;
            let Ok(answer) = sent else { return done };
            let text = answer.text().await.expect("an answer that has begun is whole");
            assert!(text.contains("\"id\""), "{text}");
            done += 1;
            let _ = started.try_send(());
        }
    });
    wait.recv().await.expect("a first answer");
    beside.stop().await;
    let done = writing.await.expect("the writer");
    let count = tenant.owner.query("{ companies { totalCount } }").await;
    assert_eq!(count["companies"]["totalCount"], done);
    server.stop().await;
}

both!(an_answer_has_an_id_and_a_server_tells_how_it_is);

mod alone {
    use super::{
        a_server_that_stops_ends_open_requests_first, both_alone,
        the_number_of_statements_depends_on_the_query_and_never_on_its_rows,
    };

    both_alone!(
        the_number_of_statements_depends_on_the_query_and_never_on_its_rows,
        a_server_that_stops_ends_open_requests_first
    );
}

/// What `reports` shows is as fresh as the last commit, whichever server it came through.
#[test]
fn reports_are_as_fresh_as_the_last_commit_of_any_server() {
    block_on(async {
        let server = Server::start(Database::Postgres).await;
        let other = server.beside().await;
        let tenant = Tenant::sign_up(&server).await;
        let accounts = tenant.owner.query("{ accounts(first: 100) { nodes { id role } } }").await;
        let of = |role: &str| {
            accounts["accounts"]["nodes"].as_array().unwrap().iter().find(|account| account["role"] == role).unwrap()["id"].clone()
        };
        let report =
            r#"{ reports { margin(from: "2026-01-01", to: "2026-12-31", groupBy: MONTH) { asOf total { cost } } } }"#;
        for number in 1..=5_u32 {
            let (here, there) = if number % 2 == 0 { (&server, &other) } else { (&other, &server) };
            let lines = json!([{ "accountId": of("EXPENSE"), "debit": "10.00" }, { "accountId": of("BANK"), "credit": "10.00" }]);
            let entry = json!({ "date": "2026-06-09", "description": "x", "lines": lines });
            tenant.owner.at(here).act("createJournalEntry", entry, "journalEntry { seq }").await;
            for asked in [here, there] {
                let shown = tenant.owner.at(asked).query(report).await["reports"]["margin"].clone();
                assert_eq!(shown, json!({ "asOf": number, "total": { "cost": format!("{}.00", number * 10) } }));
            }
        }
        other.stop().await;
        server.stop().await;
    });
}
