//! Leads that become deals, deals that are won and lost, and the projects that come of them.

use chrono::NaiveDate;
use kamara_entities::{DealStatus, LeadStatus, MembershipId, ProjectStatus, deal, lead, project};

use super::{
    calendar::{Week, shifted, working_day},
    cast::DEPARTMENTS,
    chance::Dice,
    market::{CLIENTS, LEADS},
    plan::Fate,
    world::{World, address, fill_in, phone},
};
use crate::{
    companies::service::{update_company, update_contact},
    delivery::service::project as projects,
    error::{Error, Result},
    sales::service as sales,
};

/// What happens to a deal on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    /// Somebody asks.
    Ask,
    /// The deal is made.
    Make,
    /// It gets further.
    Move,
    /// It's decided.
    Decide,
    /// Its project ends.
    Finish,
}

/// The salespeople's part.
pub(super) struct Selling {
    /// What happens, in its order.
    steps: Vec<(NaiveDate, usize, Step)>,
    next: usize,
    /// Leads of deals.
    leads: Vec<Option<lead::Model>>,
    /// Leads without a deal: when they come, and when they are given up.
    others: Vec<(NaiveDate, Option<NaiveDate>, Option<lead::Model>)>,
}

impl Selling {
    /// Arranges what the plan says by day.
    pub(super) fn new(world: &World<'_>, seed: u64) -> Self {
        let mut dice = Dice::new(seed, "selling");
        let (plan, calendar) = (&world.plan, world.calendar);
        let mut steps = Vec::new();
        for (place, deal) in plan.deals.iter().enumerate() {
            if deal.by_lead {
                steps.push((calendar.within(shifted(deal.made, -dice.between(5, 25))), place, Step::Ask));
            }
            steps.push((deal.made, place, Step::Make));
            let days = (deal.decided - deal.made).num_days();
            match deal.fate {
                Fate::Open(0, _) => {}
                Fate::Open(..) => steps.push((deal.decided, place, Step::Move)),
                Fate::Won(_) | Fate::Lost(_) => {
                    if days > 10 {
                        steps.push((shifted(deal.made, dice.between(4, days - 2)), place, Step::Move));
                    }
                    steps.push((deal.decided, place, Step::Decide));
                }
            }
            if let Fate::Won(project) = deal.fate
                && plan.projects[project].end < calendar.today
            {
                steps.push((
                    working_day(shifted(plan.projects[project].end, 1)).min(calendar.today),
                    place,
                    Step::Finish,
                ));
            }
        }
        steps.sort();
        let days = (calendar.today - calendar.start).num_days();
        let spread = i64::try_from(LEADS.len()).unwrap_or(1);
        let others = (1..=spread).map(|number| {
            // More of them lately.
            let comes = shifted(calendar.today, -days * (spread - number) * (spread - number) / spread / spread);
            let comes = calendar.within(shifted(comes, -dice.between(0, 6)));
            let given_up = shifted(comes, dice.between(20, 70));
            (comes, Some(given_up).filter(|day| *day <= calendar.today), None)
        });
        Self { steps, next: 0, leads: vec![None; plan.deals.len()], others: others.collect() }
    }

    /// What happens in a week.
    pub(super) async fn week(&mut self, world: &mut World<'_>, week: &Week) -> Result<()> {
        while let Some((day, place, step)) = self.steps.get(self.next).copied().filter(|(day, ..)| *day <= week.last) {
            self.next += 1;
            world.on(day);
            match step {
                Step::Ask => self.leads[place] = Some(ask(world, place).await?),
                Step::Make => self.make(world, place).await?,
                Step::Move => advance(world, place).await?,
                Step::Decide => decide(world, place).await?,
                Step::Finish => finish(world, place).await?,
            }
        }
        self.other_leads(world, week).await
    }

    async fn make(&mut self, world: &mut World<'_>, place: usize) -> Result<()> {
        let plan = &world.plan.deals[place];
        let name = format!("{}: {}", CLIENTS[plan.client].name, plan.topic);
        let expected = match plan.fate {
            Fate::Open(_, day) => day,
            Fate::Won(_) | Fate::Lost(_) => working_day(shifted(plan.decided, i64::try_from(place % 15).unwrap_or(0))),
        };
        let (amount, currency) = (plan.amount * 100, CLIENTS[plan.client].currency.to_owned());
        let owner = world.members[plan.seller];
        let row = if let Some(lead) = self.leads[place].take() {
            let conversion = sales::Conversion { company_id: None, deal_name: Some(name) };
            let made = sales::convert_lead(world.scope, lead.id, lead.version, conversion).await?;
            let (client, company, contact) = (plan.client, made.company, made.contact);
            update_company(world.scope, company.id, company.version, |new| fill_in(new, client)).await?;
            let title = CLIENTS[client].contact.1.to_owned();
            update_contact(world.scope, contact.id, contact.version, |new| new.title = Some(title)).await?;
            (world.clients[client], world.contacts[client]) = (Some(company.id), Some(contact.id));
            let change = |new: &mut deal::New| {
                (new.amount_minor, new.currency, new.expected_close_date) = (amount, currency, Some(expected));
                Ok(())
            };
            sales::update_deal(world.scope, made.deal.id, made.deal.version, change).await?
        } else {
            let new = deal::New {
                name,
                sort_key: String::new(),
                search_text: String::new(),
                company_id: Some(world.client(plan.client)?),
                contact_id: world.contacts[plan.client],
                stage_id: world.stages[0],
                amount_minor: amount,
                currency,
                expected_close_date: Some(expected),
                status: DealStatus::Open,
                closed_on: None,
                loss_reason: None,
                owner_id: owner,
                source: None,
                external_id: None,
            };
            sales::create_deal(world.scope, new).await?
        };
        world.deals[place] = Some(row);
        Ok(())
    }

    /// Leads that come to nothing, or haven't come to anything yet.
    async fn other_leads(&mut self, world: &World<'_>, week: &Week) -> Result<()> {
        for (number, (comes, given_up, row)) in self.others.iter_mut().enumerate() {
            if row.is_none() && week.has(*comes) {
                world.on(*comes);
                let (name, company, source) = LEADS[number];
                let owner = world.members[super::cast::SELLERS[number % 2]];
                let email = format!("lead{}@example.com", number + 1);
                *row = Some(sales::create_lead(world.scope, new_lead(name, company, email, source, owner)).await?);
            }
            if let (Some(lead), Some(day)) = (row.as_ref(), *given_up)
                && week.has(day)
            {
                world.on(day);
                *row = Some(sales::lose_lead(world.scope, lead.id, lead.version).await?);
            }
        }
        Ok(())
    }
}

fn new_lead(name: &str, company: &str, email: String, source: &str, owner: Option<MembershipId>) -> lead::New {
    lead::New {
        name: name.to_owned(),
        sort_key: String::new(),
        search_text: String::new(),
        company_name: Some(company.to_owned()),
        email: Some(email),
        phone: None,
        lead_source: Some(source.to_owned()),
        note: None,
        status: LeadStatus::New,
        owner_id: owner,
        company_id: None,
        contact_id: None,
        deal_id: None,
        source: None,
        external_id: None,
    }
}

async fn ask(world: &World<'_>, place: usize) -> Result<lead::Model> {
    let plan = &world.plan.deals[place];
    let client = &CLIENTS[plan.client];
    let source = ["Referral", "Web site", "LinkedIn", "Conference in Tbilisi"][place % 4];
    let owner = world.members[plan.seller];
    let new = new_lead(client.contact.0, client.name, address("office", plan.client), source, owner);
    sales::create_lead(world.scope, lead::New { phone: Some(phone(plan.client)), ..new }).await
}

fn deal_of(world: &World<'_>, place: usize) -> Result<deal::Model> {
    world.deals[place].clone().ok_or_else(|| Error::internal("a deal before its time"))
}

async fn advance(world: &mut World<'_>, place: usize) -> Result<()> {
    let deal = deal_of(world, place)?;
    let stage = match world.plan.deals[place].fate {
        Fate::Open(stage, _) => stage,
        Fate::Won(_) => 3,
        Fate::Lost(_) => 1 + place % 3,
    };
    let stage = world.stages[stage.min(world.stages.len() - 1)];
    world.deals[place] = Some(sales::move_deal(world.scope, deal.id, deal.version, stage).await?);
    Ok(())
}

async fn decide(world: &mut World<'_>, place: usize) -> Result<()> {
    let deal = deal_of(world, place)?;
    let plan = &world.plan.deals[place];
    let day = Some(plan.decided);
    let after = match plan.fate {
        Fate::Lost(reason) => {
            sales::lose_deal(world.scope, deal.id, deal.version, day, Some(reason.to_owned())).await?
        }
        Fate::Won(_) | Fate::Open(..) => sales::win_deal(world.scope, deal.id, deal.version, day).await?,
    };
    world.deals[place] = Some(after);
    let Fate::Won(number) = world.plan.deals[place].fate else { return Ok(()) };
    let project = &world.plan.projects[number];
    // Who comes for the project isn't there yet when it's won.
    let there = |person: &&usize| world.people[**person].is_some();
    let manager = project.team.iter().find(there).copied().unwrap_or(DEPARTMENTS[project.department].2);
    let new = project::New {
        name: deal.name.clone(),
        sort_key: String::new(),
        search_text: String::new(),
        code: Some(format!("P{:03}", number + 1)),
        company_id: deal.company_id,
        deal_id: Some(deal.id),
        department_id: Some(world.departments[project.department]),
        manager_id: Some(world.ids[manager]),
        status: ProjectStatus::Active,
        start_date: Some(project.start),
        end_date: Some(project.end),
        budget_minor: Some(project.budget * 100),
        currency: "GEL".to_owned(),
        source: None,
        external_id: None,
    };
    world.projects[number] = Some(projects::create(world.scope, new).await?);
    Ok(())
}

async fn finish(world: &mut World<'_>, place: usize) -> Result<()> {
    let Fate::Won(number) = world.plan.deals[place].fate else { return Ok(()) };
    let Some(row) = &world.projects[number] else { return Ok(()) };
    let change = |new: &mut project::New| {
        new.status = ProjectStatus::Done;
        Ok(())
    };
    world.projects[number] = Some(projects::update(world.scope, row.id, row.version, change).await?);
    Ok(())
}
