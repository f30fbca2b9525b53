//! What is spent: offices, software, advertising, journeys, and what projects need from others.

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::{
    buying::Buying,
    calendar::{Calendar, Week, first_of_month, shifted, working_day},
    cast::PEOPLE,
    chance::Dice,
    market::{CLIENTS, Temper},
    plan::{Plan, ProjectPlan, hired_on},
    world::World,
};
use crate::{
    error::Result,
    finance::service::expense::{ExpenseTax, NewExpense, record_expenses},
};

/// How something is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By the company, on the day.
    AtOnce,
    /// The supplier sends a bill.
    Bill,
    /// By a person, who gets the money back.
    Claim,
}

/// Money that shall be spent.
#[derive(Clone, Debug)]
pub(super) struct Spent {
    pub(super) day: NaiveDate,
    pub(super) what: String,
    /// In hundredths.
    pub(super) amount: i64,
    pub(super) currency: &'static str,
    pub(super) account: &'static str,
    pub(super) supplier: usize,
    pub(super) cost_centre: usize,
    /// Shares of several cost centres instead of one, in percent.
    pub(super) shares: &'static [(usize, i64)],
    pub(super) department: usize,
    pub(super) vat: bool,
    pub(super) way: Way,
    /// For a project, and by somebody.
    pub(super) project: Option<usize>,
    pub(super) person: Option<usize>,
}

/// All that shall be spent, by day.
pub(super) struct Spending {
    planned: Vec<Spent>,
    next: usize,
}

impl Spending {
    /// Plans it.
    pub(super) fn new(plan: &Plan, calendar: Calendar, seed: u64) -> Self {
        let mut planner = Planner {
            dice: Dice::new(seed, "spending"),
            calendar,
            month: 0,
            first: calendar.start,
            planned: Vec::new(),
        };
        for (month, first) in calendar.months().enumerate() {
            (planner.month, planner.first) = (month, first);
            planner.offices();
            planner.software();
            planner.marketing();
            planner.people();
            planner.projects(plan);
        }
        let mut all = planner.planned;
        all.retain(|spent| spent.day <= calendar.today);
        all.sort_by_key(|spent| spent.day);
        Self { planned: all, next: 0 }
    }

    /// Spends what falls into a week.
    pub(super) async fn week(&mut self, world: &mut World<'_>, buying: &mut Buying, week: &Week) -> Result<()> {
        let due = self.planned[self.next..].iter().take_while(|spent| spent.day <= week.last).count();
        let spent = &self.planned[self.next..self.next + due];
        self.next += due;
        // A project that isn't there yet spends nothing.
        let real = |spent: &&Spent| spent.project.is_none_or(|project| world.projects[project].is_some());
        let (at_once, later): (Vec<&Spent>, Vec<&Spent>) =
            spent.iter().filter(real).partition(|spent| spent.way == Way::AtOnce);
        buying.week(world, &later, week).await?;
        let new = at_once.into_iter().map(|spent| expense(world, buying, spent)).collect::<Result<Vec<_>>>()?;
        if new.is_empty() {
            return Ok(());
        }
        world.on(week.last);
        for row in record_expenses(world.scope, new).await? {
            let month = world.calendar.month_of(row.date);
            world.vat.entry(month).or_default().1 += row.tax_minor;
        }
        Ok(())
    }
}

fn expense(world: &World<'_>, buying: &Buying, spent: &Spent) -> Result<NewExpense> {
    let project = spent.project.map(|project| &world.plan.projects[project]);
    let (cost_centre_id, cost_centre_splits) = world.cost_centres_of(spent);
    Ok(NewExpense {
        date: Some(spent.day),
        amount: Decimal::new(spent.amount, 2),
        currency: Some(spent.currency.to_owned()),
        rate: world.rates.of(spent.currency, spent.day),
        description: spent.what.clone(),
        category_id: buying.category(spent.account),
        account_id: Some(world.account(spent.account)?),
        payment_account_id: world.bank(spent.currency),
        supplier_id: Some(world.suppliers[spent.supplier]),
        company_id: project.map(|project| world.client(project.client)).transpose()?,
        seller_id: None,
        employee_id: spent.person.map(|person| world.ids[person]),
        project_id: spent.project.and_then(|project| world.projects[project].as_ref()).map(|row| row.id),
        department_id: Some(world.departments[spent.department]),
        cost_centre_id,
        cost_centre_splits,
        tax: ExpenseTax::of(spent.vat.then_some(world.taxes.0)),
        external: None,
    })
}

struct Planner {
    dice: Dice,
    calendar: Calendar,
    month: usize,
    first: NaiveDate,
    planned: Vec<Spent>,
}

impl Planner {
    /// Money for a supplier on a day of the month. The amount is in whole units, and the cents are left to chance unless it
    /// is the same each time.
    fn spend(&mut self, day: i64, what: &str, amount: i64, (account, supplier): (&'static str, usize)) -> &mut Spent {
        let place = self.planned.len();
        self.planned.push(Spent {
            day: working_day(shifted(self.first, day - 1)),
            what: what.to_owned(),
            amount: amount * 100,
            currency: "GEL",
            account,
            supplier,
            cost_centre: 0,
            shares: &[],
            department: 5,
            vat: false,
            way: Way::AtOnce,
            project: None,
            person: None,
        });
        &mut self.planned[place]
    }

    fn cents(&mut self) -> i64 {
        self.dice.between(0, 99)
    }

    fn head_count(&self) -> i64 {
        let there = (0..PEOPLE.len()).filter(|person| hired_on(self.calendar, *person) <= self.first).count();
        i64::try_from(there).unwrap_or(0)
    }

    fn name_of_month(&self) -> String {
        self.first.format("%B %Y").to_string()
    }

    fn offices(&mut self) {
        let month = self.name_of_month();
        let rent = if self.month < 12 { 9_440 } else { 12_390 };
        let office = self.spend(3, &format!("Rent, {month}"), rent, ("7420", 0));
        (office.vat, office.way) = (true, Way::Bill);
        let two_offices = self.month >= 8;
        if two_offices {
            let rent = self.spend(3, &format!("Rent Batumi, {month}"), 2_360, ("7420", 1));
            (rent.vat, rent.way, rent.cost_centre) = (true, Way::Bill, 1);
        }
        let cold = matches!(self.first.month(), 11 | 12 | 1 | 2 | 3);
        let (base, cents) = (self.dice.between(480, 640), self.cents());
        let power = self.spend(
            12,
            &format!("Electricity and heating, {month}"),
            if cold { base * 2 } else { base },
            ("7410", 2),
        );
        (power.vat, power.amount) = (true, power.amount + cents);
        self.spend(5, &format!("Internet, {month}"), 390, ("7460", 3)).vat = true;
        for _ in 0..2 {
            let (day, amount, cents) = (self.dice.between(4, 27), self.dice.between(90, 420), self.cents());
            let supplies = self.spend(day, "Office supplies", amount, ("7410", 13));
            (supplies.vat, supplies.amount) = (true, supplies.amount + cents);
        }
        let advice = self.spend(25, &format!("Legal advice, {month}"), 1_180, ("7410", 12));
        (advice.vat, advice.way) = (true, Way::Bill);
        if two_offices {
            advice.shares = &[(0, 65), (1, 35)];
        }
    }

    fn software(&mut self) {
        let heads = self.head_count();
        let growth = i64::try_from(self.month).unwrap_or(0) * 22;
        let (amount, cents) = (520 + growth + self.dice.between(-60, 90), self.cents());
        let cloud = self.spend(2, "Cloud servers", amount, ("7460", 4));
        (cloud.currency, cloud.way, cloud.cost_centre, cloud.department) = ("USD", Way::Bill, 2, 2);
        cloud.amount += cents;
        let seats = self.spend(8, &format!("Office software, {heads} seats"), heads * 14, ("7460", 5));
        (seats.currency, seats.cost_centre) = ("EUR", 2);
        let design = self.spend(15, "Design software", 60 + heads * 3, ("7460", 6));
        (design.currency, design.cost_centre, design.department) = ("USD", 2, 3);
    }

    fn marketing(&mut self) {
        let busy = matches!(self.first.month(), 2 | 3 | 4 | 9 | 10 | 11);
        let (amount, cents) = (self.dice.between(220, 480) * if busy { 2 } else { 1 }, self.cents());
        let ads = self.spend(20, "Search advertising", amount, ("7430", 9));
        (ads.currency, ads.cost_centre, ads.department, ads.amount) = ("USD", 3, 4, ads.amount + cents);
        if self.dice.chance(if busy { 80 } else { 35 }) {
            let (day, amount) = (self.dice.between(6, 24), self.dice.between(6, 22) * 100);
            let local = self.spend(day, "Advertising", amount, ("7430", 8));
            (local.vat, local.cost_centre, local.department) = (true, 3, 4);
        }
        if matches!(self.first.month(), 5 | 10) {
            let stand = self.spend(14, "Stand at the business fair", 7_670, ("7430", 8));
            (stand.vat, stand.way, stand.cost_centre, stand.department) = (true, Way::Bill, 3, 4);
        }
    }

    fn people(&mut self) {
        let (day, amount) = (self.dice.between(9, 26), self.head_count() * self.dice.between(12, 18));
        self.spend(day, "Catering", amount, ("7410", 15)).vat = true;
        if self.first.month() == 12 {
            let party = self.head_count() * 210;
            self.spend(19, "New Year party", party, ("7410", 15)).vat = true;
        }
        if self.month % 2 == 1 {
            let (person, amount) = (self.dice.below(22), self.dice.between(8, 26) * 100);
            let course = self.spend(17, "Course and certificate", amount, ("7410", 13));
            (course.cost_centre, course.person, course.department) = (5, Some(person), PEOPLE[person].department);
        }
    }

    /// What the projects of the month need.
    fn projects(&mut self, plan: &Plan) {
        let last = shifted(self.first, 27);
        let runs = |project: &ProjectPlan| project.start <= self.first && project.end >= last;
        let running: Vec<usize> =
            plan.projects.iter().enumerate().filter(|(_, project)| runs(project)).map(|(number, _)| number).collect();
        for number in running {
            let project = &plan.projects[number];
            let client = &CLIENTS[project.client];
            let costly = client.temper == Temper::Costly;
            let journey = match client.city {
                "Tbilisi" => 6,
                _ if client.country == "Georgia" => 55,
                _ => 24,
            };
            if self.dice.chance(journey) {
                let far = client.country != "Georgia";
                let amount = if far { self.dice.between(1_300, 3_200) } else { self.dice.between(140, 620) };
                let (day, cents) = (self.dice.between(5, 26), self.cents());
                let travel = self.spend(day, &format!("Journey to {}", client.city), amount, ("7440", 7));
                (travel.cost_centre, travel.department) = (4, project.department);
                // Tickets abroad are bought by the office.
                travel.way = if far { Way::AtOnce } else { Way::Claim };
                (travel.project, travel.person, travel.amount) =
                    (Some(number), Some(project.team[0]), travel.amount + cents);
            }
            if self.dice.chance(if costly { 65 } else { 7 }) {
                let (day, amount) = (self.dice.between(18, 27), self.dice.between(14, 42) * 100);
                let (supplier, what) =
                    if project.department == 3 { (11, "Bought-in design") } else { (10, "Bought-in engineering") };
                let help = self.spend(day, what, amount, ("7110", supplier));
                (help.cost_centre, help.department, help.project) = (0, project.department, Some(number));
                help.way = Way::Bill;
            }
        }
        debug_assert_eq!(first_of_month(self.first), self.first);
    }
}
