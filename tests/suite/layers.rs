//! How the code hangs together: services call downwards only, and business rows are reached through a `TenantScope`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// What may call what: only what stands further left. Modules that stand together don't call each other.
const ORDER: &[&[&str]] = &[
    &["tenancy"],
    &["ledger", "audit"],
    &["companies"],
    &["sales", "delivery", "people"],
    &["approvals"],
    &["finance"],
    &["reports"],
    &["onboarding", "transfer"],
    &["demo", "server"],
];

/// Modules beneath all areas, which call none of them.
const BENEATH: &[&str] = &[
    "config", "db", "env", "error", "files", "identity", "jobs", "mail", "messages", "money", "sheet", "text",
    "graphql",
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn api() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/src")
}

/// A file's name within `api/src`, and its text without comments and without unit tests.
fn read(path: &Path) -> (String, String) {
    let name = path.strip_prefix(api()).expect("a file of api/src").display().to_string();
    let text = fs::read_to_string(path).expect("a source file");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    (name, lines.collect::<Vec<_>>().join("\n"))
}

/// The modules of this crate that a text names: `crate::x::…`, and each `x` of `use crate::{x::…, …}`.
fn modules_named(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for rest in text.split("crate::").skip(1) {
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            let mut first = true;
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 && first && (letter.is_alphanumeric() || letter == '_') {
                    word.push(letter);
                } else if depth == 0 && letter == ',' {
                    named.insert(std::mem::take(&mut word));
                    first = true;
                } else if !letter.is_whitespace() {
                    first = false;
                }
            }
            named.insert(word);
        } else {
            named.insert(rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
        }
    }
    named.remove("");
    named
}

#[test]
fn names_are_found_in_every_form() {
    let text = "use crate::{\n db::{self, Db},\n error::Result,\n sales,\n};\n let x = crate::ledger::service::post();\n use crate::finance::X;";
    let named: Vec<String> = modules_named(text).into_iter().collect();
    assert_eq!(named, ["db", "error", "finance", "ledger", "sales"]);
}

/// Schema files may refer to each other's types, which go in circles; `App` holds what all requests share; unit tests may call all.
fn is_free(name: &str) -> bool {
    name.contains("/schema")
        || name.ends_with("/tests.rs")
        || name.starts_with("commands/")
        || ["app.rs", "lib.rs", "main.rs"].contains(&name)
}

#[test]
fn services_call_downwards_only() {
    let level = |module: &str| ORDER.iter().position(|modules| modules.contains(&module));
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for path in sources(&api()) {
        let (name, text) = read(&path);
        if is_free(&name) {
            continue;
        }
        let module = name.split(['/', '.']).next().unwrap_or_default();
        let own = level(module);
        assert!(own.is_some() || BENEATH.contains(&module), "{name}: the order says nothing of {module}");
        checked += 1;
        for named in modules_named(&text) {
            let upwards = match (own, level(&named)) {
                (_, None) => false,
                // What lies beneath knows the scope that it works in.
                (None, Some(level)) => level > 0,
                (Some(own), Some(level)) => named != module && level >= own,
            };
            if upwards {
                wrong.push(format!("{name} calls {named}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 40, "the sources were read: {checked}");
}

#[test]
fn only_reports_compute_with_analytics() {
    let callers: Vec<String> = sources(&api())
        .iter()
        .map(|path| read(path))
        .filter(|(_, text)| text.contains("kamara_analytics"))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with("reports/"))
        .collect();
    assert_eq!(callers, [] as [String; 0]);
    let manifest = fs::read_to_string(api().join("../../analytics/Cargo.toml")).expect("a manifest");
    for foreign in ["sea-orm", "sqlx", "axum", "async-graphql", "tokio", "kamara"] {
        let depends = manifest.lines().any(|line| line.starts_with(foreign) && !line.starts_with("kamara-analytics"));
        assert!(!depends, "analytics knows no {foreign}");
    }
}

#[test]
fn documents_know_only_what_they_say() {
    let manifest = fs::read_to_string(api().join("../documents/Cargo.toml")).expect("a manifest");
    for foreign in ["sea-orm", "sqlx", "axum", "async-graphql", "tokio", "reqwest", "kamara-entities"] {
        assert!(!manifest.lines().any(|line| line.starts_with(foreign)), "documents knows no {foreign}");
    }
}

/// `clippy.toml` forbids queries that name no tenant. These few may make an exception, each for control tables or for the scope itself.
#[test]
fn queries_past_the_scope_are_in_few_places() {
    const ALLOWED: &[(&str, &str)] = &[
        ("env.rs", "asks the machine for the time; no query"),
        ("identity/", "users, sessions, memberships and invitations are control tables"),
        ("jobs/", "the outbox is a control table, claimed over all tenants"),
        ("server/idempotency.rs", "kept answers are a control table, by who asks"),
        ("tenancy/scope.rs", "this is the place that names the tenant"),
        ("tenancy/scope/waiting.rs", "rows that the scope has stamped with the tenant"),
        ("tenancy/scope/write.rs", "this is the place that names the tenant"),
        ("tenancy/service.rs", "tenants are a control table"),
    ];
    let exempt = |text: &str| text.contains("disallowed_methods") || text.contains(".control()");
    let wrong: Vec<String> = sources(&api())
        .iter()
        .map(|path| read(path))
        .filter(|(name, text)| exempt(text) && !ALLOWED.iter().any(|(allowed, _)| name.starts_with(allowed)))
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "these reach past the scope, and no reason is listed: {wrong:?}");
    let clippy = fs::read_to_string(api().join("../../clippy.toml")).expect("clippy.toml");
    for method in
        ["find", "find_by_id", "insert", "insert_many", "update", "update_many", "delete_by_id", "delete_many"]
    {
        assert!(clippy.contains(&format!("sea_orm::EntityTrait::{method}\"")), "clippy.toml forbids {method}");
    }
}

/// SQL as text could name no tenant: it's written where the databases differ, and for control tables; inserts of stamped rows are
/// joined as text.
#[test]
fn sql_as_text_is_in_few_places() {
    // In the last two, texts that were built are joined.
    const ALLOWED: &[&str] =
        &["db/", "identity/throttle.rs", "server/mod.rs", "tenancy/scope/together.rs", "tenancy/scope/waiting.rs"];
    const CALLS: &[&str] =
        &["execute_unprepared", "from_sql_and_values", "from_string(", "query_one_raw", "query_all_raw", "execute_raw"];
    let wrong: Vec<String> = sources(&api())
        .iter()
        .map(|path| read(path))
        .filter(|(name, text)| {
            let raw = CALLS.iter().any(|call| text.contains(call)) && text.contains("sea_orm");
            raw && !ALLOWED.iter().any(|allowed| name.starts_with(allowed))
        })
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "SQL as text: {wrong:?}");
}
