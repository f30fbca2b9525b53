//! What shall happen: which work is won, lost and done, when, and by whom. Pure: no database.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::{
    calendar::{Calendar, shifted, working_day},
    cast::{LOSS_REASONS, PEOPLE, SELLERS, SERVICES, TOPICS},
    chance::Dice,
    market::{CLIENTS, Temper},
};

/// What becomes of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It's won, and this project comes of it.
    Won(usize),
    /// It's lost, for a reason.
    Lost(&'static str),
    /// It's still open, at the stage of this place, and expected to close on a day.
    Open(usize, NaiveDate),
}

/// A deal.
#[derive(Debug)]
pub(super) struct DealPlan {
    /// Client.
    pub(super) client: usize,
    /// What it's about.
    pub(super) topic: &'static str,
    /// What it's worth, in whole units of the client's currency.
    pub(super) amount: i64,
    /// Who sells, as a place among the people.
    pub(super) seller: usize,
    /// Day on which it's made.
    pub(super) made: NaiveDate,
    /// Day on which it's won or lost, or moves to its stage.
    pub(super) decided: NaiveDate,
    /// What becomes of it.
    pub(super) fate: Fate,
    /// Whether it's the first of its client and came by a lead.
    pub(super) by_lead: bool,
}

/// A project.
#[derive(Debug)]
pub(super) struct ProjectPlan {
    /// Client.
    pub(super) client: usize,
    /// Its deal.
    pub(super) deal: usize,
    /// Department that leads it.
    pub(super) department: usize,
    /// First day.
    pub(super) start: NaiveDate,
    /// Last day, which may be ahead.
    pub(super) end: NaiveDate,
    /// Who works on it; the first leads it.
    pub(super) team: Vec<usize>,
    /// Discount in percent.
    pub(super) discount: i64,
    /// What it may cost, in lari.
    pub(super) budget: i64,
    /// How much of the work is paid for, in percent.
    pub(super) billed: i64,
}

/// All that shall happen.
#[derive(Debug)]
pub(super) struct Plan {
    /// Deals; those with a project first.
    pub(super) deals: Vec<DealPlan>,
    /// Projects.
    pub(super) projects: Vec<ProjectPlan>,
}

/// The first day at work of somebody.
pub(super) fn hired_on(calendar: Calendar, person: usize) -> NaiveDate {
    let months = PEOPLE[person].hired;
    working_day(shifted(calendar.start, months * 30 + months.rem_euclid(7)))
}

/// What an hour of a service costs a client at first, in whole units of its currency; who is abroad pays more.
pub(super) fn price(service: usize, client: usize) -> i64 {
    let list = SERVICES[service].3;
    match CLIENTS[client].currency {
        "USD" => list * 130 / 272,
        "EUR" => list * 130 / 304,
        _ => list,
    }
}

impl Plan {
    /// Plans the story.
    pub(super) fn new(seed: u64, calendar: Calendar) -> Self {
        let mut plan = Self { deals: Vec::new(), projects: Vec::new() };
        let mut planner = Planner {
            dice: Dice::new(seed, "plan"),
            calendar,
            free_from: (0..PEOPLE.len()).map(|person| hired_on(calendar, person)).collect(),
            busy_until: BTreeMap::new(),
            known_from: vec![None; CLIENTS.len()],
        };
        for (month, first) in calendar.months().enumerate() {
            planner.staff(month, first, &mut plan);
        }
        planner.lose(&mut plan);
        planner.leave_open(&mut plan);
        plan
    }
}

/// What planning remembers.
struct Planner {
    dice: Dice,
    calendar: Calendar,
    free_from: Vec<NaiveDate>,
    /// When the latest project of a client ends.
    busy_until: BTreeMap<usize, NaiveDate>,
    /// Since when a client is one.
    known_from: Vec<Option<NaiveDate>>,
}

impl Planner {
    /// Finds work for whoever is free in a month.
    fn staff(&mut self, month: usize, first: NaiveDate, plan: &mut Plan) {
        let until = first + Days::new(20);
        let free = |person: &usize| PEOPLE[*person].sells.is_some() && self.free_from[*person] <= until;
        let mut free: Vec<usize> = (0..PEOPLE.len()).filter(free).collect();
        self.dice.shuffle(&mut free);
        while !free.is_empty() {
            let size = [2, 3, 3, 4][self.dice.below(4)].min(free.len());
            let mut team: Vec<usize> = free.drain(..size).collect();
            // Who costs most leads.
            team.sort_by_key(|person| (std::cmp::Reverse(PEOPLE[*person].rate), *person));
            let ready = team.iter().map(|person| self.free_from[*person]).max().unwrap_or(first).max(first);
            let start = working_day(shifted(ready, self.dice.between(0, 9)));
            if start > self.calendar.today {
                continue;
            }
            let client = self.client(month, start);
            self.project(client, start, team, plan);
        }
    }

    /// Somebody who has work to give.
    fn client(&mut self, month: usize, start: NaiveDate) -> usize {
        let weight = |(place, client): (usize, &super::market::Client)| {
            let busy = self.busy_until.get(&place).is_some_and(|end| *end > start);
            match () {
                () if client.from > month => 0,
                // Who asks for more than was agreed does so on several projects at once.
                () if busy && client.temper != Temper::Costly => 1,
                // Who is new begins at once.
                () if self.known_from[place].is_none() => client.weight * 5,
                () => client.weight * 3,
            }
        };
        let weights: Vec<usize> = CLIENTS.iter().enumerate().map(weight).collect();
        self.dice.weighted(&weights)
    }

    fn project(&mut self, client: usize, start: NaiveDate, team: Vec<usize>, plan: &mut Plan) {
        let by_lead = self.known_from[client].is_none() && CLIENTS[client].from > 0;
        let decided = self.calendar.within(shifted(start, -self.dice.between(3, 16)));
        let made = self.calendar.within(shifted(decided, -self.dice.between(14, 70)));
        let made = made.max(self.known_from[client].unwrap_or(made));
        let decided = decided.max(made);
        self.known_from[client].get_or_insert(if by_lead { made } else { self.calendar.start });
        // Nothing begins before it's won.
        let start = start.max(working_day(shifted(decided, 1)).min(self.calendar.today));
        let days = self.dice.between(45, 190);
        let end = shifted(start, days);
        for person in &team {
            self.free_from[*person] = shifted(end, 1);
        }
        self.busy_until.insert(client, end);
        let department = PEOPLE[team[0]].department;
        let topic = self.topic(department, plan, client);
        let temper = CLIENTS[client].temper;
        // A week brings about 26 hours of each.
        let hours = days * 26 / 7;
        let hourly = |person: &usize| PEOPLE[*person].sells.map_or(0, |service| price(service, client));
        let value: i64 = team.iter().map(hourly).sum::<i64>() * hours;
        let cost: i64 = team.iter().map(|person| PEOPLE[*person].rate).sum::<i64>() * hours;
        let (discount, billed) = match temper {
            Temper::Costly => (10, self.dice.between(25, 33)),
            Temper::Doubtful => (0, self.dice.between(80, 95)),
            _ if self.dice.chance(25) => (5, self.dice.between(88, 100)),
            _ => (0, self.dice.between(90, 100)),
        };
        let (deal, project) = (plan.deals.len(), plan.projects.len());
        plan.deals.push(DealPlan {
            client,
            topic,
            amount: (value * billed / 100 * (100 - discount) / 100 / 100 * 100).max(500),
            seller: self.seller(),
            made,
            decided,
            fate: Fate::Won(project),
            by_lead,
        });
        let budget = cost * 105 / 100 / 100 * 100;
        plan.projects.push(ProjectPlan { client, deal, department, start, end, team, discount, budget, billed });
    }

    /// What a department does; if it can be, what it hasn't done for the client yet.
    fn topic(&mut self, department: usize, plan: &Plan, client: usize) -> &'static str {
        let topics = TOPICS.iter().find(|(of, _)| *of == department).map_or(TOPICS[0].1, |(_, topics)| *topics);
        let done = |topic: &str| plan.deals.iter().any(|deal| deal.client == client && deal.topic == topic);
        let new: Vec<&'static str> = topics.iter().copied().filter(|topic| !done(topic)).collect();
        let from: &[&'static str] = if new.is_empty() { topics } else { &new };
        self.dice.pick::<&'static str>(from)
    }

    fn seller(&mut self) -> usize {
        SELLERS[self.dice.weighted(&[5, 4, 1])]
    }

    /// Deals that came to nothing, all over the two years.
    fn lose(&mut self, plan: &mut Plan) {
        let days = (self.calendar.today - self.calendar.start).num_days();
        for _ in 0..36 {
            let made = shifted(self.calendar.start, self.dice.between(0, days - 40));
            let decided = working_day(shifted(made, self.dice.between(10, 80))).min(self.calendar.today);
            let reason = *self.dice.pick(LOSS_REASONS);
            self.offer(plan, made, decided, Fate::Lost(reason));
        }
    }

    /// Deals that are open today.
    fn leave_open(&mut self, plan: &mut Plan) {
        let today = self.calendar.today;
        for number in 0..22 {
            let made = self.calendar.within(shifted(today, -self.dice.between(4, 95)));
            let decided = self.calendar.within(shifted(made, self.dice.between(0, 30)));
            let stage = self.dice.weighted(&[4, 6, 7, 5]);
            // Two are late, as it goes.
            let ahead = if number < 2 { -self.dice.between(3, 12) } else { self.dice.between(4, 120) };
            self.offer(plan, made, decided, Fate::Open(stage, working_day(shifted(today, ahead))));
        }
    }

    fn offer(&mut self, plan: &mut Plan, made: NaiveDate, decided: NaiveDate, fate: Fate) {
        let known = |client: &usize| self.known_from[*client].is_some_and(|from| from <= made);
        let known: Vec<usize> = (0..CLIENTS.len()).filter(known).collect();
        let client = *self.dice.pick(&known);
        let department = *self.dice.pick(&[1, 2, 2, 3]);
        let topic = self.topic(department, plan, client);
        let amount = price(2, client) * self.dice.between(3, 30) * 50;
        let seller = self.seller();
        plan.deals.push(DealPlan { client, topic, amount, seller, made, decided, fate, by_lead: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(seed: u64) -> (Calendar, Plan) {
        let calendar = Calendar::up_to("2026-11-24".parse().unwrap());
        (calendar, Plan::new(seed, calendar))
    }

    #[test]
    fn nobody_works_on_two_projects_at_once_or_before_they_came() {
        for seed in 0..20 {
            let (calendar, plan) = plan(seed);
            assert!((30..120).contains(&plan.projects.len()), "{}", plan.projects.len());
            for person in 0..PEOPLE.len() {
                let mut own: Vec<_> = plan.projects.iter().filter(|project| project.team.contains(&person)).collect();
                own.sort_by_key(|project| project.start);
                assert!(own.windows(2).all(|pair| pair[0].end < pair[1].start));
                assert!(own.iter().all(|project| project.start >= hired_on(calendar, person)));
            }
        }
    }

    #[test]
    fn what_happens_has_happened_by_today() {
        for seed in 0..20 {
            let (calendar, plan) = plan(seed);
            let days = calendar.start..=calendar.today;
            for deal in &plan.deals {
                assert!(days.contains(&deal.made) && days.contains(&deal.decided) && deal.made <= deal.decided);
            }
            assert!(plan.projects.iter().all(|project| days.contains(&project.start)));
        }
    }
}
