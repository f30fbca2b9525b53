//! Work in the background: rows of an outbox, written in the transaction of the change that asks for them, so that they're
//! neither lost nor done for a change that didn't happen.
//!
//! A job is done at least once. What fails is tried again, ever later, and is given up after ten times; the row stays, with the
//! reason.

use std::time::Duration;

use chrono::TimeDelta;
use kamara_entities::{JobId, TenantId, control::job};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType},
};
use tokio::sync::watch;

use crate::{
    app::App,
    env::Env,
    error::{Error, Result},
    files::service as files,
    mail::Mail,
};

/// The kind of job that sends a mail.
const MAIL: &str = "mail";
/// How often a job is tried.
const ATTEMPTS_MAX: i32 = 10;
/// How often the outbox is looked into when nobody says that there is something.
const LOOKS_EVERY: Duration = Duration::from_secs(30);

/// Asks for a mail to be sent once the transaction is committed.
pub(crate) async fn enqueue_mail(
    transaction: &DatabaseTransaction,
    env: &Env,
    tenant: Option<TenantId>,
    mail: &Mail,
) -> Result<()> {
    let payload = serde_json::to_value(mail).map_err(Error::internal)?;
    enqueue(transaction, env, tenant, MAIL, payload, TimeDelta::zero()).await
}

/// Asks for a job to be done some time after the transaction is committed.
pub(crate) async fn enqueue(
    transaction: &DatabaseTransaction,
    env: &Env,
    tenant: Option<TenantId>,
    kind: &str,
    payload: serde_json::Value,
    after: TimeDelta,
) -> Result<()> {
    let now = env.now();
    let row = job::ActiveModel {
        id: Set(env.id()),
        tenant_id: Set(tenant),
        kind: Set(kind.to_owned()),
        payload: Set(payload),
        run_at: Set(now + after),
        attempts: Set(0),
        last_error: Set(None),
        created_at: Set(now),
        done_at: Set(None),
        failed_at: Set(None),
    };
    row.insert(transaction).await?;
    Ok(())
}

/// Works until told to stop.
pub(crate) async fn work(app: App, mut stop: watch::Receiver<bool>) {
    loop {
        let found = step(&app).await.unwrap_or_else(|error| {
            tracing::error!(%error, "the outbox can't be read");
            false
        });
        if !found {
            // Who tells of a job has just written it, so that the database answers again.
            tokio::select! {
                () = app.jobs.notified() => {}
                () = tokio::time::sleep(LOOKS_EVERY) => {}
                _ = stop.changed() => {}
            }
        }
        if *stop.borrow() {
            return;
        }
    }
}

/// Does one job that is due; whether there was one. The claim pushes the job's time on, so that another server takes it only
/// if this one dies.
async fn step(app: &App) -> Result<bool> {
    let Some(job) = claim(app).await? else { return Ok(false) };
    let outcome = run(app, &job).await;
    let now = app.env.now();
    let mut row = <job::ActiveModel as Default>::default();
    match outcome {
        Ok(()) => {
            row.done_at = Set(Some(now));
            row.last_error = Set(None);
            // A mail may hold a secret link.
            row.payload = Set(serde_json::json!({}));
        }
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, %error, "a job failed");
            row.last_error = Set(Some(error.to_string()));
            row.run_at = Set(now + TimeDelta::minutes(1 << job.attempts.clamp(0, ATTEMPTS_MAX)));
            if job.attempts >= ATTEMPTS_MAX {
                row.failed_at = Set(Some(now));
            }
        }
    }
    let transaction = app.db.begin().await?;
    write(&transaction, job.id, row).await?;
    transaction.commit().await?;
    Ok(true)
}

#[expect(clippy::disallowed_methods, reason = "a control table")]
async fn claim(app: &App) -> Result<Option<job::Model>> {
    let now = app.env.now();
    let mut select = job::Entity::find()
        .filter(job::Column::DoneAt.is_null())
        .filter(job::Column::FailedAt.is_null())
        .filter(job::Column::RunAt.lte(now))
        .order_by_asc(job::Column::RunAt)
        .limit(1);
    // Most looks find nothing, and needn't hold up whoever writes.
    if select.clone().one(app.db.reader()).await?.is_none() {
        return Ok(None);
    }
    let transaction = app.db.begin().await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        select = select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let Some(mut job) = select.one(&transaction).await? else { return Ok(None) };
    job.attempts += 1;
    let row = job::ActiveModel {
        attempts: Set(job.attempts),
        run_at: Set(now + TimeDelta::minutes(5)),
        ..Default::default()
    };
    write(&transaction, job.id, row).await?;
    transaction.commit().await?;
    Ok(Some(job))
}

#[expect(clippy::disallowed_methods, reason = "a control table, by its id")]
async fn write(transaction: &DatabaseTransaction, id: JobId, row: job::ActiveModel) -> Result<()> {
    job::Entity::update_many().set(row).filter(job::Column::Id.eq(id)).exec(transaction).await?;
    Ok(())
}

async fn run(app: &App, job: &job::Model) -> Result<()> {
    match job.kind.as_str() {
        MAIL => {
            let mail: Mail = serde_json::from_value(job.payload.clone()).map_err(Error::internal)?;
            app.mailer.send(&mail).await
        }
        files::LOOK_AFTER => {
            let tenant = job.tenant_id.ok_or_else(|| Error::internal("a file's job without a tenant"))?;
            files::look_after(app, tenant, job.payload.clone()).await
        }
        other => Err(Error::internal(format!("no job is called {other}"))),
    }
}
