//! What holds of the code as a whole: its layers, the committed schema, and how many statements a query takes.

use std::{fs, path::Path};

use kamara_tests::{Database, Server, Tenant, block_on};
use serde_json::json;

use crate::transfer::{import_into, northwind};

/// The layers, lowest first. Services call downwards only; two of one layer don't call each other.
const LAYERS: &[&[&str]] = &[
    &["tenancy"],
    &["identity"],
    &["ledger"],
    &["companies"],
    &["sales", "delivery", "people"],
    &["finance"],
    &["reports"],
    &["onboarding", "transfer"],
    &["demo"],
];

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("a source file")));
        }
    }
    found
}

fn api() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src")
}

/// The areas that a file names by `crate::…`, in a `use` of several lines too.
fn named(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut names = Vec::new();
    for (place, _) in code.match_indices("crate::") {
        let rest = &code[place + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let (mut depth, mut word) = (1, String::new());
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    break;
                }
                if depth == 1 && (letter.is_alphanumeric() || letter == '_') {
                    word.push(letter);
                } else if !word.is_empty() {
                    names.push(std::mem::take(&mut word));
                }
            }
            names.extend((!word.is_empty()).then_some(word));
        } else {
            names.push(rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        }
    }
    names
}

#[test]
fn services_call_downwards_only() {
    let layer_of = |area: &str| LAYERS.iter().position(|layer| layer.contains(&area));
    let mut wrong = Vec::new();
    for area in LAYERS.iter().copied().flatten() {
        for (path, text) in sources(&api().join(area)) {
            // The API's types refer to each other in circles; scopes are what lists and requests are made of.
            if path.contains("schema") || path.contains("/tenancy/") {
                continue;
            }
            for other in named(&text).iter().filter(|other| other.as_str() != *area) {
                if layer_of(other).is_some_and(|layer| Some(layer) >= layer_of(area)) {
                    wrong.push(format!("{path} calls {other}"));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(LAYERS.iter().copied().flatten().all(|area| api().join(area).is_dir()), "the layers are folders");
}

#[test]
fn control_tables_and_bare_connections_stay_below() {
    let allowed = ["/tenancy/", "/identity/", "/jobs/", "/db/", "/server/", "/onboarding/"];
    for (path, text) in sources(&api()) {
        if allowed.iter().any(|folder| path.contains(folder)) {
            continue;
        }
        for word in [".control()", ".reader()", "disallowed_methods"] {
            let own_clock = word == "disallowed_methods" && path.ends_with("env.rs");
            assert!(own_clock || !text.contains(word), "{path} has {word}");
        }
    }
}

#[test]
fn the_committed_schema_is_the_servers() {
    let committed = fs::read_to_string(api().join("../schema.graphql")).expect("api/schema.graphql");
    assert!(
        committed == kamara::graphql::sdl(),
        "api/schema.graphql is stale: run `kamara schema > api/schema.graphql`"
    );
}

#[test]
fn a_query_takes_as_many_statements_as_its_shape() {
    block_on(async {
        for database in [Database::Sqlite, Database::Postgres] {
            let server = Server::start(database).await;
            let tenant = Tenant::sign_up_as(
                &server,
                json!({ "country": "US", "baseCurrency": "USD", "timeZone": "America/Los_Angeles" }),
            )
            .await;
            let mapping = northwind().join("mapping.toml");
            import_into(&server, &tenant.id, &mapping, &northwind()).await.expect("an import");
            let mut counts = Vec::new();
            for first in [1, 50] {
                let document = format!(
                    "{{ companies(first: {first}) {{ edges {{ cursor node {{ id name invoices(first: 5) {{ edges {{ node {{
                       number total {{ amount currency }} status seller {{ name }} }} }} }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
                );
                let before = server.statements().await;
                tenant.owner.query(&document).await;
                counts.push(server.statements().await - before);
            }
            // One each for companies, invoices and sellers, and one for the session.
            assert_eq!(counts, [4, 4], "on {database:?}");
            server.stop().await;
        }
    });
}
