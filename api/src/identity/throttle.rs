//! Counting attempts, so that passwords can't be guessed.
//!
//! An attempt counts before its password is compared, so that many at once don't slip through; one that succeeds is taken off
//! again.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sha2::{Digest, Sha256};

use crate::{
    db::Db,
    env::{Env, hex},
    error::{Error, Result},
};

/// Failures of one address within a quarter of an hour.
const PER_ADDRESS: i32 = 5;
/// Failures of one client within a quarter of an hour.
const PER_CLIENT: i32 = 100;

/// An attempt that was counted.
pub(crate) struct Attempt {
    keys: Vec<(String, i32)>,
}

impl Attempt {
    /// Counts an attempt on an address by a client; refuses one too many.
    pub(crate) async fn count(db: &Db, env: &Env, address: &str, client: Option<&str>) -> Result<Self> {
        let mut keys = vec![(key("address", address), PER_ADDRESS)];
        keys.extend(client.map(|client| (key("client", client), PER_CLIENT)));
        let mut refused = false;
        for (key, most) in &keys {
            refused |= increase(db, env, key).await? > *most;
        }
        if refused { Err(Error::RateLimited) } else { Ok(Self { keys }) }
    }

    /// Takes the attempt off again: it succeeded, and so the address has a clean slate.
    pub(crate) async fn succeeded(self, db: &Db) -> Result<()> {
        let transaction = db.begin().await?;
        for (key, most) in &self.keys {
            let sql = if *most == PER_ADDRESS {
                "delete from throttle where key = $1"
            } else {
                "update throttle set failures = failures - 1 where key = $1 and failures > 0"
            };
            let statement =
                Statement::from_sql_and_values(transaction.get_database_backend(), sql, [key.as_str().into()]);
            transaction.execute_raw(statement).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Addresses are hashed, since those that failed may be of people who never signed up.
fn key(kind: &str, value: &str) -> String {
    format!("{kind}:{}", hex(&Sha256::digest(value.as_bytes())))
}

/// One statement, so that attempts at the same time each count.
async fn increase(db: &Db, env: &Env, key: &str) -> Result<i32> {
    let now = env.now();
    let ends = now + TimeDelta::minutes(15);
    let sql = "insert into throttle (key, failures, window_ends_at) values ($1, 1, $2)
        on conflict (key) do update set
          failures = case when throttle.window_ends_at <= $3 then 1 else throttle.failures + 1 end,
          window_ends_at = case when throttle.window_ends_at <= $3 then excluded.window_ends_at else throttle.window_ends_at end
        returning failures";
    let transaction = db.begin().await?;
    let backend: DbBackend = transaction.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, [key.into(), ends.into(), now.into()]);
    let row = transaction.query_one_raw(statement).await?.ok_or_else(|| Error::internal("no row of throttle"))?;
    let failures = row.try_get("", "failures")?;
    transaction.commit().await?;
    Ok(failures)
}
