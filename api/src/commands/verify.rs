//! `kamara verify`.

use kamara::{
    db::Db,
    env::Env,
    finance, ledger,
    tenancy::{Access, service},
};
use kamara_entities::control::tenant;

use super::DatabaseArgs;

/// Checks that the books are as they were posted: the chain of hashes over the journal, balances, numbers without gaps, and
/// every open document against its lines. Ends with 1 when something is wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The tenant: its id, or its name where only one has it. All of them, one after the other, when left out.
    #[arg(long, env = "KAMARA_TENANT")]
    tenant: Option<String>,
    /// The newest hash of the tenant, as it was written down when it was checked before. Ends with 1 when no entry has it any more.
    #[arg(long, env = "KAMARA_EXPECT", value_name = "HASH", requires = "tenant")]
    expect: Option<String>,
}

impl Verify {
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let db = self.database.connect().await?;
        let mut problems = 0;
        if let Some(name) = &self.tenant {
            problems += verify(&db, service::named(&db, name).await?, self.expect.as_deref()).await?;
        } else {
            let mut last = None;
            while let Some(tenant) = service::next(&db, last).await? {
                last = Some(tenant.id);
                problems += verify(&db, tenant, None).await?;
            }
        }
        db.close().await?;
        match problems {
            0 => Ok(()),
            1 => anyhow::bail!("1 thing is wrong"),
            more => anyhow::bail!("{more} things are wrong"),
        }
    }
}

/// Checks one tenant's books, prints what is wrong, and counts it.
async fn verify(db: &Db, tenant: tenant::Model, expect: Option<&str>) -> anyhow::Result<u64> {
    let name = format!("{} ({})", tenant.name, tenant.id);
    let scope = Access::of_operator(tenant, "verify").read(db, &Env::system()).await?;
    let mut problems = 0;
    let mut report = |problem| {
        problems += 1;
        println!("{name}: {problem}");
    };
    let journal = finance::service::verify::books(&scope, &mut report).await?;
    if let Some(hash) = expect {
        ledger::verify::expect(&scope, hash.trim(), &mut report).await?;
    }
    scope.commit().await?;
    if problems == 0 {
        let head = journal.head.as_deref().unwrap_or("none");
        println!("{name}: {} entries are as they were posted; the newest hash is {head}", journal.entries);
    }
    if journal.unchained > 0 {
        println!("{name}: the first {} entries are from before there was a chain of hashes", journal.unchained);
    }
    Ok(problems)
}
