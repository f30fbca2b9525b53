//! What a tenant is, and its own settings.

use chrono::NaiveDate;
use kamara_entities::{Language, TenantId, control::tenant};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::TenantScope;
use crate::{
    db::Db,
    env::Env,
    error::{Error, Result},
    messages, money, text,
};

/// What a company tells of itself when it signs up.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// Its name.
    pub company: String,
    /// ISO 3166 code.
    pub country: String,
    /// ISO 4217 code.
    pub base_currency: String,
    /// IANA name.
    pub time_zone: String,
    /// Language of what is made for all: accounts, stages.
    pub language: Language,
}

impl NewTenant {
    /// Checks the values.
    pub fn check(self) -> Result<Self> {
        Ok(Self {
            company: text::name("company", &self.company)?,
            country: country("country", &self.country)?,
            base_currency: money::currency("baseCurrency", &self.base_currency)?,
            time_zone: time_zone("timeZone", &self.time_zone)?,
            language: self.language,
        })
    }

    /// The row that is to be written.
    #[must_use]
    pub fn row(self, env: &Env) -> tenant::Model {
        let now = env.now();
        tenant::Model {
            id: env.id(),
            name: self.company,
            country: self.country,
            base_currency: self.base_currency,
            time_zone: self.time_zone,
            language: self.language,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }
}

/// Checks an ISO 3166 code.
fn country(field: &'static str, code: &str) -> Result<String> {
    let known = code.len() == 2 && code.chars().all(|letter| letter.is_ascii_uppercase());
    let known = known && code.parse::<iso_currency::Country>().is_ok();
    if known { Ok(code.to_owned()) } else { Err(Error::invalid(field, messages::country())) }
}

/// Checks the name of a time zone.
fn time_zone(field: &'static str, name: &str) -> Result<String> {
    match name.parse::<chrono_tz::Tz>() {
        Ok(zone) => Ok(zone.name().to_owned()),
        Err(_) => Err(Error::invalid(field, messages::time_zone())),
    }
}

/// The present day in the tenant's time zone.
#[must_use]
pub fn today(tenant: &tenant::Model, env: &Env) -> NaiveDate {
    day_of(tenant, env.now())
}

/// The day of an instant in the tenant's time zone.
#[must_use]
pub fn day_of(tenant: &tenant::Model, instant: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    let zone = tenant.time_zone.parse().unwrap_or(chrono_tz::Tz::UTC);
    instant.with_timezone(&zone).date_naive()
}

/// A change of a tenant's settings; what is `None` stays.
#[derive(Clone, Debug)]
pub struct TenantChange {
    /// The version that the caller read.
    pub version: i32,
    /// Its name.
    pub name: Option<String>,
    /// IANA name.
    pub time_zone: Option<String>,
    /// Language of what is made for all.
    pub language: Option<Language>,
}

/// Changes a tenant's settings. Country and base currency stay, since the books are kept by them.
pub async fn update(scope: &TenantScope, change: TenantChange) -> Result<tenant::Model> {
    let before = scope.tenant();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = text::name("name", name)?;
    }
    if let Some(zone) = &change.time_zone {
        after.time_zone = time_zone("timeZone", zone)?;
    }
    after.language = change.language.unwrap_or(after.language);
    let active = tenant::ActiveModel {
        name: Set(after.name),
        time_zone: Set(after.time_zone),
        language: Set(after.language),
        updated_at: Set(scope.env().now()),
        version: Set(change.version + 1),
        ..Default::default()
    };
    #[expect(clippy::disallowed_methods, reason = "a control table, by the scope's own id")]
    let row = tenant::Entity::update_many()
        .set(active)
        .filter(tenant::Column::Id.eq(scope.tenant_id()))
        .filter(tenant::Column::Version.eq(change.version))
        .exec_with_returning(scope.control())
        .await?
        .pop();
    let row = row.ok_or(Error::Conflict(messages::stale()))?;
    scope.note("update", ("tenant", row.id.0), Some(told(before)), Some(told(&row)));
    Ok(row)
}

/// What an event tells of a tenant.
fn told(row: &tenant::Model) -> serde_json::Value {
    serde_json::json!({ "name": row.name, "time_zone": row.time_zone, "language": row.language })
}

/// Writes a new tenant.
pub(crate) async fn insert(transaction: &sea_orm::DatabaseTransaction, row: &tenant::Model) -> Result<()> {
    let active: tenant::ActiveModel = row.clone().into();
    active.reset_all().insert(transaction).await?;
    Ok(())
}

/// The tenant that a job is for.
#[expect(clippy::disallowed_methods, reason = "a control table, by the id that the job carries")]
pub(crate) async fn of_job(db: &Db, id: TenantId) -> Result<tenant::Model> {
    let select = tenant::Entity::find().filter(tenant::Column::Id.eq(id));
    select.one(db.reader()).await?.ok_or_else(|| Error::internal("a job of a tenant that isn't there"))
}

/// The tenant that an operator means: by its id, or by its name where only one has it.
///
/// # Errors
///
/// When there is none, or several have the name.
#[expect(clippy::disallowed_methods, reason = "a control table; an operator may name any tenant")]
pub async fn named(db: &Db, name: &str) -> anyhow::Result<tenant::Model> {
    let select = match name.parse::<uuid::Uuid>() {
        Ok(id) => tenant::Entity::find().filter(tenant::Column::Id.eq(TenantId(id))),
        Err(_) => tenant::Entity::find().filter(tenant::Column::Name.eq(name)),
    };
    let mut found = select.all(db.reader()).await?;
    match (found.pop(), found.len()) {
        (Some(tenant), 0) => Ok(tenant),
        (None, _) => anyhow::bail!("there is no tenant {name:?}"),
        (Some(_), more) => anyhow::bail!("{} tenants are called {name:?}: give the id of the one you mean", more + 1),
    }
}

/// The tenant that comes after another in the order of ids, for an operator who takes them one at a time.
///
/// # Errors
///
/// When the database fails.
#[expect(clippy::disallowed_methods, reason = "a control table; an operator may name any tenant")]
pub async fn next(db: &Db, after: Option<TenantId>) -> anyhow::Result<Option<tenant::Model>> {
    let select = tenant::Entity::find().order_by_asc(tenant::Column::Id);
    let select = match after {
        Some(id) => select.filter(tenant::Column::Id.gt(id)),
        None => select,
    };
    Ok(select.one(db.reader()).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::ManualClock;

    #[test]
    fn a_days_end_is_that_of_the_tenants_time_zone() {
        let env = Env::fixed(ManualClock::new("2026-12-31T21:30:00Z".parse().unwrap()), 1);
        let new = NewTenant {
            company: "Arch".into(),
            country: "GE".into(),
            base_currency: "GEL".into(),
            time_zone: "Asia/Tbilisi".into(),
            language: Language::Ka,
        };
        let tenant = new.check().unwrap().row(&env);
        assert_eq!(today(&tenant, &env), "2027-01-01".parse::<NaiveDate>().unwrap());
    }

    #[test]
    fn countries_and_time_zones_are_checked() {
        assert!(country("country", "GE").is_ok());
        assert!(country("country", "XX").is_err());
        assert!(country("country", "Georgia").is_err());
        assert!(time_zone("timeZone", "Asia/Tbilisi").is_ok());
        assert!(time_zone("timeZone", "Tbilisi").is_err());
    }
}
