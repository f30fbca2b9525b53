//! A demo company: two years of a consultancy in Tbilisi, made of a seed and a date, and the same each time.
//!
//! It stands above the areas and goes through their services, so that it's held to every rule, and posts as people's documents
//! do. [`plan`] says what shall happen, from chance alone; then the weeks pass one by one, each with a clock of its own:
//! [`selling`], [`working`], [`spending`], [`buying`], [`billing`], [`repeating`], [`payroll`], and at last [`years`]. [`letters`] says
//! what its documents look like.

mod approving;
mod banking;
mod billing;
mod buying;
mod calendar;
mod cast;
mod chance;
mod letters;
mod market;
mod payroll;
mod plan;
mod planning;
mod repeating;
mod selling;
mod spending;
#[cfg(test)]
mod tests;
mod working;
mod world;
mod years;

use std::fmt;

use chrono::NaiveDate;
use kamara_entities::{
    Language, bill, company, contact, deal, employee, expense, invoice, journal_entry, lead, payment, project,
    time_entry,
};
use sha2::{Digest as _, Sha256};

use self::{
    billing::Billing, buying::Buying, calendar::Calendar, cast::MEMBERS, cast::PEOPLE, chance::Dice, selling::Selling,
    spending::Spending, world::World,
};
use crate::{
    db::Db,
    env::{Env, ManualClock},
    error::Result,
    files::Store,
    graphql::Client,
    identity::{Password, members, service as identity, service::NewUser},
    onboarding::service::{self as onboarding, SignUp},
    tenancy::{TenantScope, service::NewTenant},
    text,
};

/// The owner's address, unless another is wanted.
pub const EMAIL: &str = "nino@arch.example";
/// The password, unless another is wanted. It is no secret.
pub const PASSWORD: &str = "five arches over the Mtkvari";

/// Where the company's addresses are.
const DOMAIN: &str = "arch.example";
const COMPANY: &str = "Arch Consulting";
const TIME_ZONE: &str = "Asia/Tbilisi";

/// What makes a demo.
#[derive(Clone, Debug)]
pub struct Demo {
    /// Another seed gives another company.
    pub seed: u64,
    /// The day up to which the company has lived.
    pub date: NaiveDate,
    /// The owner's address.
    pub email: String,
    /// Everybody's password.
    pub password: String,
    /// Where receipts and the logo are kept; without a place there are none.
    pub files: Option<Store>,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The company was made.
    Made(Summary),
    /// Somebody has the owner's address; nothing was changed.
    ThereAlready,
}

/// What the demo company has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its name.
    pub company: String,
    /// First and last day of its life.
    pub days: (NaiveDate, NaiveDate),
    /// How many of what.
    pub counts: Vec<(&'static str, i64)>,
    /// Who else can log in, and as what.
    pub members: Vec<(String, &'static str)>,
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}, {} to {}:", self.company, self.days.0, self.days.1)?;
        let counts: Vec<String> = self.counts.iter().map(|(what, count)| format!("{count} {what}")).collect();
        writeln!(formatter, "  {}", counts.join(", "))?;
        write!(formatter, "With the owner's password can log in:")?;
        for (address, role) in &self.members {
            write!(formatter, "\n  {address} ({role})")?;
        }
        Ok(())
    }
}

/// The present day in Tbilisi.
#[must_use]
pub fn today(env: &Env) -> NaiveDate {
    env.now().with_timezone(&chrono_tz::Asia::Tbilisi).date_naive()
}

/// Of the people: who keeps the books, and who stands in.
const KEEPER: usize = 5;
const STANDS_IN: usize = 17;

/// Makes the demo company: all of it, or nothing.
pub async fn make(db: &Db, demo: &Demo) -> Result<Outcome> {
    let email = text::email("email", &demo.email)?;
    if identity::is_registered(db, &email).await? {
        return Ok(Outcome::ThereAlready);
    }
    let calendar = Calendar::up_to(demo.date);
    let clock = ManualClock::new(calendar.instant(calendar.start));
    // Two demos in one database have different owners, and must have different ids.
    let env = Env::fixed(clock.clone(), demo.seed ^ spread(&email));
    // Hashing takes long and comes before the transaction.
    let mut team = Vec::with_capacity(MEMBERS.len());
    for (person, role) in MEMBERS {
        let password_hash = Password::new(demo.password.clone()).hash(&env).await?;
        let name = PEOPLE[*person].name.to_owned();
        let email = address_of(&name, &email);
        if !identity::is_registered(db, &email).await? {
            team.push((*person, *role, NewUser { name, email, language: Language::En, password_hash }));
        }
    }
    let sign_up = SignUp {
        tenant: NewTenant {
            company: COMPANY.to_owned(),
            country: "GE".to_owned(),
            base_currency: "GEL".to_owned(),
            time_zone: TIME_ZONE.to_owned(),
            language: Language::En,
        },
        name: PEOPLE[0].name.to_owned(),
        email,
        password: demo.password.clone(),
    };
    let (_, scope) = onboarding::open(db, &env, &Client::default(), sign_up, None, "demo").await?;
    let mut member_of = vec![None; PEOPLE.len()];
    member_of[0] = scope.actor();
    let mut log_ins = Vec::with_capacity(team.len());
    for (person, role, new) in team {
        log_ins.push((new.email.clone(), role.text()));
        member_of[person] = Some(members::add(&scope, new, role).await?.id);
    }
    let (owner, keeper, stands_in) = (member_of[0], member_of[KEEPER], member_of[STANDS_IN]);
    let world = World::begin(&scope, &clock, demo.seed, calendar, member_of).await?;
    live(world, demo.seed, demo.files.clone()).await?;
    approving::rules(&scope).await?;
    let scope = match (owner, keeper) {
        (Some(owner), Some(keeper)) => {
            let scope = scope.acting_as(keeper);
            approving::keepers_requests(&scope, stands_in).await?;
            let scope = scope.acting_as(owner);
            approving::owners_request(&scope).await?;
            scope
        }
        _ => scope,
    };
    let summary = Summary {
        company: COMPANY.to_owned(),
        days: (calendar.start, calendar.today),
        counts: counts(&scope).await?,
        members: log_ins,
    };
    scope.commit().await?;
    Ok(Outcome::Made(summary))
}

/// Lets the weeks pass.
async fn live(mut world: World<'_>, seed: u64, files: Option<Store>) -> Result<()> {
    let mut work = Dice::new(seed, "working");
    let mut selling = Selling::new(&world, seed);
    let mut spending = Spending::new(&world.plan, world.calendar, seed);
    let mut billing = Billing::new(seed);
    letters::letterhead(&world, files.as_ref()).await?;
    let mut buying = Buying::begin(&world, files).await?;
    payroll::open(&world).await?;
    for week in world.calendar.weeks() {
        let newcomers = world.newcomers(&week).await?;
        selling.week(&mut world, &week).await?;
        working::week(&mut world, &mut work, &week).await?;
        spending.week(&mut world, &mut buying, &week).await?;
        billing.payments(&world, &week).await?;
        banking::sell_currency(&world, &week).await?;
        payroll::week(&mut world, &week, &newcomers).await?;
        billing.month(&mut world, &week).await?;
    }
    billing::drafts(&mut world).await?;
    repeating::drafts(&world).await?;
    planning::overhead(&world).await?;
    planning::budget(&world).await?;
    banking::statement(&world).await?;
    years::close(&world).await
}

/// The address of somebody who can log in: at the host of the owner's.
fn address_of(name: &str, owner: &str) -> String {
    let host = owner.rsplit('@').next().unwrap_or(DOMAIN);
    format!("{}@{host}", name.split(' ').next().unwrap_or(name).to_lowercase())
}

/// A number made of a text.
fn spread(text: &str) -> u64 {
    Sha256::digest(text).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

async fn counts(scope: &TenantScope) -> Result<Vec<(&'static str, i64)>> {
    Ok(vec![
        ("employees", scope.count(scope.find::<employee::Entity>()).await?),
        ("companies", scope.count(scope.find::<company::Entity>()).await?),
        ("contacts", scope.count(scope.find::<contact::Entity>()).await?),
        ("leads", scope.count(scope.find::<lead::Entity>()).await?),
        ("deals", scope.count(scope.find::<deal::Entity>()).await?),
        ("projects", scope.count(scope.find::<project::Entity>()).await?),
        ("time entries", scope.count(scope.find::<time_entry::Entity>()).await?),
        ("invoices", scope.count(scope.find::<invoice::Entity>()).await?),
        ("payments", scope.count(scope.find::<payment::Entity>()).await?),
        ("bills", scope.count(scope.find::<bill::Entity>()).await?),
        ("expenses", scope.count(scope.find::<expense::Entity>()).await?),
        ("journal entries", scope.count(scope.find::<journal_entry::Entity>()).await?),
    ])
}
