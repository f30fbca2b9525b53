//! The company as it stands at a moment of the story, and what it begins with.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kamara_entities::{
    AccountId, CompanyId, ContactId, CostCentreId, DepartmentId, EmployeeId, Language, MICRO, MembershipId, ServiceId,
    StageId, TaxCodeId, bank_account, company, contact, cost_centre, deal, department, employee, project, service,
    stage, tax_code,
};
use rust_decimal::Decimal;
use sea_orm::QueryOrder as _;

use super::{
    banking,
    calendar::{Calendar, Rates, Week},
    cast::{COST_CENTRES, DEPARTMENTS, OFFICES, PEOPLE, RETAINER, SERVICES},
    market::{CLIENTS, Client, SUPPLIERS},
    plan::{Plan, hired_on},
    spending::Spent,
};
use crate::{
    companies::service::{check_company, check_contact},
    delivery::service::catalogue,
    env::ManualClock,
    error::{Error, Result},
    ledger::{Accounts, service as ledger, splits::SplitInput},
    people::service as people,
    tenancy::TenantScope,
};

/// The company, and the place where it's written.
pub(super) struct World<'a> {
    /// The company's rows.
    pub(super) scope: &'a TenantScope,
    /// The story's clock.
    pub(super) clock: &'a ManualClock,
    /// The time that the story takes.
    pub(super) calendar: Calendar,
    /// What foreign currencies cost.
    pub(super) rates: Rates,
    /// What shall happen.
    pub(super) plan: Plan,
    /// Accounts at banks.
    pub(super) banks: Vec<bank_account::Model>,
    /// Accounts by their codes.
    accounts: BTreeMap<String, AccountId>,
    /// VAT of 18%, none, and what is withheld from people.
    pub(super) taxes: (TaxCodeId, TaxCodeId, TaxCodeId),
    /// Stages of the pipeline.
    pub(super) stages: Vec<StageId>,
    /// Departments.
    pub(super) departments: Vec<DepartmentId>,
    /// Cost centres.
    pub(super) cost_centres: Vec<CostCentreId>,
    /// The cost centre that the offices are parts of.
    pub(super) offices: Option<CostCentreId>,
    /// Services.
    pub(super) services: Vec<ServiceId>,
    /// The log-ins of the people who have one.
    pub(super) members: Vec<Option<MembershipId>>,
    /// The people's ids, given out before they come.
    pub(super) ids: Vec<EmployeeId>,
    /// The people who have come.
    pub(super) people: Vec<Option<employee::Model>>,
    /// The clients that are there.
    pub(super) clients: Vec<Option<CompanyId>>,
    /// Whom to talk to there.
    pub(super) contacts: Vec<Option<ContactId>>,
    /// Suppliers.
    pub(super) suppliers: Vec<CompanyId>,
    /// Deals that are made.
    pub(super) deals: Vec<Option<deal::Model>>,
    /// Projects that are made.
    pub(super) projects: Vec<Option<project::Model>>,
    /// Approved hours that aren't billed yet, in 10⁻⁶, by project and month, and by service.
    pub(super) hours: BTreeMap<(usize, usize), BTreeMap<usize, i64>>,
    /// VAT on sales and on purchases, by month, in tetri.
    pub(super) vat: BTreeMap<usize, (i64, i64)>,
}

impl<'a> World<'a> {
    /// The company on its first day: departments, services, who was there and whom it worked for before.
    pub(super) async fn begin(
        scope: &'a TenantScope,
        clock: &'a ManualClock,
        seed: u64,
        calendar: Calendar,
        members: Vec<Option<MembershipId>>,
    ) -> Result<Self> {
        let banks = banking::open(scope).await?;
        let accounts = Accounts::load(scope).await?;
        let plan = Plan::new(seed, calendar);
        let tax_codes = scope.all(scope.find::<tax_code::Entity>()).await?;
        let tax = |code: &str| {
            let found = tax_codes.iter().find(|row| row.code == code);
            found.map(|row| row.id).ok_or_else(|| Error::internal(format!("no tax code {code}")))
        };
        let stages = scope.all(scope.find::<stage::Entity>().order_by_asc(stage::Column::Position)).await?;
        let mut world = Self {
            scope,
            clock,
            calendar,
            rates: Rates::new(seed, calendar),
            banks,
            accounts: accounts_of(&accounts),
            taxes: (tax("VAT18")?, tax("VAT0")?, tax("WHT20")?),
            stages: stages.into_iter().map(|stage| stage.id).collect(),
            departments: Vec::new(),
            cost_centres: Vec::new(),
            offices: None,
            services: Vec::new(),
            members,
            ids: PEOPLE.iter().map(|_| scope.env().id()).collect(),
            people: vec![None; PEOPLE.len()],
            clients: vec![None; CLIENTS.len()],
            contacts: vec![None; CLIENTS.len()],
            suppliers: Vec::new(),
            deals: vec![None; plan.deals.len()],
            projects: vec![None; plan.projects.len()],
            plan,
            hours: BTreeMap::new(),
            vat: BTreeMap::new(),
        };
        world.organise().await?;
        world.offer_services().await?;
        world.know_companies().await?;
        Ok(world)
    }

    /// Moves the clock to a day, unless it's later already.
    pub(super) fn on(&self, day: NaiveDate) {
        let instant = self.calendar.instant(day);
        if instant > self.scope.env().now() {
            self.clock.set(instant);
        }
    }

    /// The account that the general chart has a code for.
    pub(super) fn account(&self, code: &str) -> Result<AccountId> {
        self.accounts.get(code).copied().ok_or_else(|| Error::internal(format!("no account {code}")))
    }

    /// The cost centre that something is spent for, or the shares of several.
    pub(super) fn cost_centres_of(&self, spent: &Spent) -> (Option<CostCentreId>, Vec<SplitInput>) {
        let share = |(centre, percent): &(usize, i64)| SplitInput {
            cost_centre_id: self.cost_centres[*centre],
            percent: Decimal::from(*percent),
        };
        let one = spent.shares.is_empty().then(|| self.cost_centres[spent.cost_centre]);
        (one, spent.shares.iter().map(share).collect())
    }

    /// The ledger's account of the bank account in a currency.
    pub(super) fn bank(&self, currency: &str) -> Option<AccountId> {
        self.banks.iter().find(|account| account.currency == currency).map(|account| account.account_id)
    }

    /// The client's id, once it's there.
    pub(super) fn client(&self, place: usize) -> Result<CompanyId> {
        self.clients[place].ok_or_else(|| Error::internal("a client before its time"))
    }

    async fn organise(&mut self) -> Result<()> {
        let departments = DEPARTMENTS.iter().map(|(name, code, _)| {
            let new = department::New {
                name: (*name).to_owned(),
                sort_key: String::new(),
                code: Some((*code).to_owned()),
                manager_id: None,
                source: None,
                external_id: None,
            };
            (self.scope.env().id(), new)
        });
        let departments = people::create_departments(self.scope, departments.collect()).await?;
        self.departments = departments.iter().map(|department| department.id).collect();
        let there = (0..PEOPLE.len()).filter(|person| PEOPLE[*person].hired < 0).collect();
        self.hire(there).await?;
        for (department, (_, _, manager)) in departments.into_iter().zip(DEPARTMENTS) {
            let manager = self.ids[*manager];
            people::update_department(self.scope, department.id, department.version, |new| {
                new.manager_id = Some(manager);
            })
            .await?;
        }
        let centres = COST_CENTRES.iter().map(|(name, code)| cost_centre::New {
            name: (*name).to_owned(),
            sort_key: String::new(),
            code: Some((*code).to_owned()),
            parent_id: None,
            source: None,
            external_id: None,
        });
        let mut centres: Vec<cost_centre::New> = centres.collect();
        let offices = cost_centre::New {
            name: OFFICES.0.to_owned(),
            sort_key: String::new(),
            code: Some(OFFICES.1.to_owned()),
            parent_id: None,
            source: None,
            external_id: None,
        };
        let offices = ledger::create_cost_centres(self.scope, vec![offices]).await?.pop().map(|offices| offices.id);
        for office in centres.iter_mut().take(2) {
            office.parent_id = offices;
        }
        self.offices = offices;
        let centres = ledger::create_cost_centres(self.scope, centres).await?;
        self.cost_centres = centres.into_iter().map(|centre| centre.id).collect();
        Ok(())
    }

    /// Who comes in a week.
    pub(super) async fn newcomers(&mut self, week: &Week) -> Result<Vec<usize>> {
        let comes = |person: &usize| PEOPLE[*person].hired >= 0 && week.has(hired_on(self.calendar, *person));
        let new: Vec<usize> = (0..PEOPLE.len()).filter(comes).collect();
        if let Some(first) = new.first() {
            self.on(hired_on(self.calendar, *first));
            self.hire(new.clone()).await?;
        }
        Ok(new)
    }

    async fn hire(&mut self, new: Vec<usize>) -> Result<()> {
        let row = |person: &usize| {
            let of = &PEOPLE[*person];
            let address = of.name.to_lowercase().replace(' ', ".");
            let new = employee::New {
                name: of.name.to_owned(),
                sort_key: String::new(),
                search_text: String::new(),
                code: Some(format!("E{:03}", person + 1)),
                title: Some(of.title.to_owned()),
                email: Some(format!("{address}@{}", super::DOMAIN)),
                phone: Some(format!(
                    "+995 599 {:02} {:02} {:02}",
                    10 + person,
                    (person * 37) % 100,
                    (person * 71) % 100
                )),
                department_id: Some(self.departments[of.department]),
                manager_id: of.manager.map(|manager| self.ids[manager]),
                membership_id: self.members[*person],
                hired_on: Some(hired_on(self.calendar, *person)),
                cost_rate: Some(of.rate * MICRO),
                source: None,
                external_id: None,
            };
            (self.ids[*person], new)
        };
        let rows = people::create_employees(self.scope, new.iter().map(row).collect()).await?;
        for (person, row) in new.into_iter().zip(rows) {
            self.people[person] = Some(row);
        }
        Ok(())
    }

    /// Pay rises for all who are there.
    pub(super) async fn raise(&mut self, percent: i64) -> Result<()> {
        for row in self.people.iter_mut().flatten() {
            let rate = row.cost_rate.map(|rate| rate * (100 + percent) / 100 / 10_000 * 10_000);
            *row = people::update_employee(self.scope, row.id, row.version, |new| new.cost_rate = rate).await?;
        }
        Ok(())
    }

    async fn offer_services(&mut self) -> Result<()> {
        for (name, code, unit, price) in SERVICES {
            let new = service::New {
                name: (*name).to_owned(),
                sort_key: String::new(),
                search_text: String::new(),
                code: Some((*code).to_owned()),
                unit: Some((*unit).to_owned()),
                unit_price: price * MICRO,
                currency: "GEL".to_owned(),
                income_account_id: None,
                tax_code_id: Some(self.taxes.0),
                supplier_id: None,
                source: None,
                external_id: None,
            };
            self.services.push(catalogue::create(self.scope, new).await?.id);
        }
        debug_assert_eq!(SERVICES[RETAINER].2, "month");
        Ok(())
    }

    /// Suppliers, and the clients that don't come by a lead.
    async fn know_companies(&mut self) -> Result<()> {
        let leads: Vec<usize> = self.plan.deals.iter().filter(|deal| deal.by_lead).map(|deal| deal.client).collect();
        let known: Vec<usize> = (0..CLIENTS.len()).filter(|client| !leads.contains(client)).collect();
        let mut new: Vec<company::New> = SUPPLIERS.iter().map(supplier).collect();
        for place in &known {
            let mut client = blank(CLIENTS[*place].name);
            fill_in(&mut client, *place);
            new.push(client);
        }
        new.iter_mut().try_for_each(check_company)?;
        let mut rows = self.scope.insert_all::<company::Entity>(new).await?.into_iter().map(|row| row.id);
        self.suppliers = rows.by_ref().take(SUPPLIERS.len()).collect();
        for (place, id) in known.iter().zip(rows) {
            self.clients[*place] = Some(id);
        }
        let contacts = known.iter().map(|place| {
            let Client { contact: (name, title), .. } = &CLIENTS[*place];
            let mut new = contact::New {
                company_id: self.clients[*place],
                name: (*name).to_owned(),
                sort_key: String::new(),
                search_text: String::new(),
                title: Some((*title).to_owned()),
                email: Some(address("office", *place)),
                phone: Some(phone(*place)),
                note: None,
                source: None,
                external_id: None,
            };
            check_contact(&mut new).map(|()| new)
        });
        let contacts = contacts.collect::<Result<Vec<_>>>()?;
        let rows = self.scope.insert_all::<contact::Entity>(contacts).await?;
        for (place, row) in known.iter().zip(rows) {
            self.contacts[*place] = Some(row.id);
        }
        Ok(())
    }
}

/// An address at a client.
pub(super) fn address(name: &str, place: usize) -> String {
    let letters: String = CLIENTS[place].name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let host = if letters.len() < 4 { format!("client{}", place + 1) } else { letters };
    format!("{name}@{host}.example")
}

/// The telephone of a client.
pub(super) fn phone(place: usize) -> String {
    format!("+995 32 2{:02} {:02} {:02}", 30 + place, (place * 53) % 100, (place * 29) % 100)
}

fn blank(name: &str) -> company::New {
    company::New {
        name: name.to_owned(),
        sort_key: String::new(),
        search_text: String::new(),
        is_client: false,
        is_supplier: false,
        code: None,
        tax_number: None,
        country: None,
        region: None,
        city: None,
        address: None,
        postal_code: None,
        phone: None,
        email: None,
        website: None,
        note: None,
        language: None,
        source: None,
        external_id: None,
    }
}

/// What is known of a client.
pub(super) fn fill_in(new: &mut company::New, place: usize) {
    let client = &CLIENTS[place];
    new.is_client = true;
    new.code = Some(format!("C{:03}", place + 1));
    new.city = Some(client.city.to_owned());
    new.country = Some(client.country.to_owned());
    new.tax_number = Some(format!("4{:08}", 1_043_217 + place * 730_013));
    new.phone = Some(phone(place));
    new.email = Some(address("info", place));
    // Who writes its name in Georgian gets its documents in Georgian.
    new.language = client.name.starts_with(|letter| ('ა'..='ჿ').contains(&letter)).then_some(Language::Ka);
}

fn supplier((name, city, country, sells): &(&str, &str, &str, &str)) -> company::New {
    company::New {
        is_supplier: true,
        city: Some((*city).to_owned()),
        country: Some((*country).to_owned()),
        note: Some((*sells).to_owned()),
        ..blank(name)
    }
}

/// Accounts of Georgia's chart that aren't where the general chart, whose codes the plan is written in, has theirs.
const GEORGIAN: [(&str, &str); 18] = [
    ("1490", "1890"),
    ("1610", "3340"),
    ("2110", "2160"),
    ("3140", "3160"),
    ("3410", "4410"),
    ("5110", "5150"),
    ("6210", "6190"),
    ("7210", "7120"),
    ("7290", "7419"),
    ("7310", "7410"),
    ("7410", "7490"),
    ("7430", "7310"),
    ("7440", "7493"),
    ("7450", "7340"),
    ("7460", "7445"),
    ("7470", "7460"),
    ("8210", "8240"),
    ("8220", "8245"),
];

fn accounts_of(accounts: &Accounts) -> BTreeMap<String, AccountId> {
    let of_chart: BTreeMap<&str, AccountId> =
        accounts.iter().map(|account| (account.code.as_str(), account.id)).collect();
    let renamed = GEORGIAN.iter().filter_map(|(general, code)| Some((*general, *of_chart.get(code)?)));
    let same = of_chart.iter().map(|(code, id)| (*code, *id));
    same.chain(renamed).map(|(code, id)| (code.to_owned(), id)).collect()
}
