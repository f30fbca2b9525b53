//! Imports and exports, as `kamara import` and `kamara export` do them.

use std::path::{Path, PathBuf};

use kamara::{
    db::Db,
    env::{Env, ManualClock},
    tenancy::{Access, service},
    transfer::{
        export::{Format, export},
        import::{ImportError, Outcome, import},
    },
};
use kamara_tests::{Server, now};

/// The folder of the Northwind files.
pub fn northwind() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/northwind")
}

/// The database of a server, and what an operator has to open scopes of a tenant.
pub async fn open(server: &Server, tenant: &str) -> (Db, Access, Env) {
    let db = Db::connect(&server.database_url, 4).await.expect("the server's database");
    let found = service::named(&db, tenant).await.expect("the tenant");
    // Ids of its own: the server gives others at the same instant.
    let seed = u64::from_str_radix(&tenant[tenant.len() - 12..], 16).expect("an id's end");
    (db, Access::of_operator(found, "test"), Env::fixed(ManualClock::new(now()), seed))
}

/// Imports a folder, while the server runs.
pub async fn import_into(server: &Server, tenant: &str, mapping: &Path, folder: &Path) -> Result<Outcome, ImportError> {
    let (db, access, env) = open(server, tenant).await;
    let outcome = import(&db, &env, &access, mapping, folder, &|_, _, _| {}).await;
    db.close().await.expect("an orderly end");
    outcome
}

/// The whole ledger of a tenant.
pub async fn exported(server: &Server, tenant: &str, format: Format) -> String {
    let (db, access, env) = open(server, tenant).await;
    let scope = access.read(&db, &env).await.expect("a scope");
    let mut out = Vec::new();
    export(&scope, format, &mut out).await.expect("an export");
    scope.commit().await.expect("an orderly end");
    db.close().await.expect("an orderly end");
    String::from_utf8(out).expect("UTF-8")
}
