//! A server that is killed in the middle of its work: what it acknowledged is there, and nothing is half there.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use kamara::{
    config::{FilesConfig, MailConfig, ServerConfig},
    db::Db,
    env::{Env, ManualClock},
    finance::service::verify,
    server,
    tenancy::{Access, service},
};
use kamara_tests::{Database, Server, Tenant, block_on, folder, now};
use serde_json::{Value, json};

use crate::books::{Books, text};

/// Times that the server is killed.
const KILLS: usize = 20;
/// Clients that issue invoices at once.
const CLIENTS: usize = 4;

/// A server on a database that another process has made, until it's killed.
#[test]
#[ignore = "the process that the tests below kill"]
fn serve() {
    let (Ok(database_url), Ok(seed)) = (std::env::var("KAMARA_KILLED_DATABASE"), std::env::var("KAMARA_KILLED_SEED"))
    else {
        return;
    };
    block_on(async {
        let config = ServerConfig {
            database_url,
            addr: ([127, 0, 0, 1], 0).into(),
            mail: MailConfig::Folder(folder("killed-mail")),
            files: FilesConfig::Folder(folder("killed-files")),
            ..ServerConfig::default()
        };
        let env = Env::fixed(ManualClock::new(now()), seed.parse().expect("a number"));
        let running = server::start(config, env).await.expect("a server");
        println!("serving {}", running.addr);
        std::future::pending::<()>().await;
    });
}

/// Another process with a server on the database, and where it listens.
fn start(database_url: &str, seed: u64) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "killed::serve", "--ignored", "--nocapture"])
        .env("KAMARA_KILLED_DATABASE", database_url)
        .env("KAMARA_KILLED_SEED", seed.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let lines = BufReader::new(child.stdout.take().expect("what it prints")).lines();
    let address = lines.map_while(Result::ok).find_map(|line| line.split_once("serving ").map(|(_, at)| at.to_owned()));
    (child, address.expect("the server's address"))
}

/// Issues a draft; gives its number if that was acknowledged.
async fn issue(client: &reqwest::Client, address: &str, token: &str, id: &str) -> Option<String> {
    let document = "mutation($input: IssueInvoiceInput!) { issueInvoice(input: $input) { invoice { number } } }";
    let body = json!({ "query": document, "variables": { "input": { "id": id } } }).to_string();
    let request = client.post(format!("http://{address}/graphql")).bearer_auth(token).body(body);
    let answer = request.header("content-type", "application/json").send().await.ok()?;
    let answer: Value = serde_json::from_str(&answer.text().await.ok()?).ok()?;
    answer.pointer("/data/issueInvoice/invoice/number").map(text)
}

async fn whoever_is_killed_has_kept_its_word(database: Database) {
    let server = Server::shared(database).await;
    let books = Books::open(Tenant::sign_up(server).await).await;
    let token = books.tenant.owner.token.clone().expect("a token");
    let mut drafts = Vec::new();
    for _ in 0..KILLS * 12 {
        drafts.push(text(&books.input("issueInvoice").await.expect("a case")["id"]));
    }
    let (drafts, acknowledged) = (Mutex::new(drafts), Mutex::new(BTreeMap::<String, String>::new()));
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    for kill in 0..KILLS {
        let seed = 90_000_000
            + 1_000 * u64::from(std::process::id())
            + kill as u64
            + if database == Database::Sqlite { 0 } else { 500 };
        let (child, address) = start(&server.database_url, seed);
        let child = Mutex::new(child);
        let enough = acknowledged.lock().expect("a lock").len() + 2 + kill % 5;
        let worker = async || {
            loop {
                let Some(draft) = drafts.lock().expect("a lock").pop() else { return };
                let Some(number) = issue(&client, &address, &token, &draft).await else { return };
                let mut done = acknowledged.lock().expect("a lock");
                done.insert(draft, number);
                if done.len() >= enough {
                    // The others are in the middle of theirs.
                    child.lock().expect("a lock").kill().expect("a kill");
                    return;
                }
            }
        };
        futures::future::join_all((0..CLIENTS).map(|_| worker())).await;
        let mut child = child.into_inner().expect("a lock");
        child.kill().expect("a kill");
        child.wait().expect("its end");
    }

    let acknowledged = acknowledged.into_inner().expect("a lock");
    assert!(acknowledged.len() >= KILLS * 2, "they had something to do: {}", acknowledged.len());
    for (id, number) in &acknowledged {
        let document = format!(r#"{{ invoice(id: "{id}") {{ number status journalEntry {{ lines {{ debit }} }} }} }}"#);
        let invoice = books.tenant.owner.query(&document).await["invoice"].clone();
        assert_eq!((&invoice["number"], &invoice["status"]), (&json!(number), &json!("ISSUED")));
        assert!(!invoice["journalEntry"].is_null(), "{number} is posted");
    }
    let db = Db::connect(&server.database_url, 2).await.expect("the database");
    let tenant = service::named(&db, &books.tenant.id).await.expect("the tenant");
    let env = Env::fixed(ManualClock::new(now()), 1);
    let scope = Access::of_operator(tenant, "test").read(&db, &env).await.expect("a scope");
    let mut problems = Vec::new();
    verify::books(&scope, &mut |problem| problems.push(problem.to_string())).await.expect("a check");
    assert_eq!(problems, [""; 0], "nothing is half there");
    drop(scope);
    db.close().await.expect("an orderly end");
}

#[test]
fn whoever_is_killed_has_kept_its_word_on_sqlite() {
    block_on(whoever_is_killed_has_kept_its_word(Database::Sqlite));
}

#[test]
fn whoever_is_killed_has_kept_its_word_on_postgres() {
    block_on(whoever_is_killed_has_kept_its_word(Database::Postgres));
}
