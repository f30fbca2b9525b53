//! Invoices at the end of each month, and the payments for them.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use kamara_entities::{InvoiceId, MICRO, RecurringInvoiceId, invoice};
use rust_decimal::Decimal;

use super::{
    calendar::{Week, end_of_month, first_of_month, shifted, working_day},
    cast::{RETAINER, SERVICES},
    chance::Dice,
    market::{CLIENTS, Temper},
    plan::price,
    world::World,
};
use crate::{
    error::Result,
    finance::service::{
        IssueNumber,
        invoice::{self as invoices, Due, InvoiceInput, LineInput, LineTax, NewInvoice},
        payment::{Document, NewAllocation, NewPayment, record_payments},
        recognition,
        terms::{Instalment, Share, Terms, When},
    },
    money,
};

/// Half an hour: what billed time is rounded to.
const HALF_HOUR: i64 = MICRO / 2;

/// A payment that shall come.
struct Expected {
    day: NaiveDate,
    client: usize,
    invoice: InvoiceId,
    number: String,
    amount: i64,
}

/// The accountant's part.
pub(super) struct Billing {
    dice: Dice,
    expected: Vec<Expected>,
    /// Clients whose retainers come again by themselves.
    pub(super) repeats: Vec<(usize, RecurringInvoiceId)>,
}

impl Billing {
    /// Nothing is billed yet.
    pub(super) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed, "billing"), expected: Vec::new(), repeats: Vec::new() }
    }

    /// Issues the invoices of a month, if it ends in a week.
    pub(super) async fn month(&mut self, world: &mut World<'_>, week: &Week) -> Result<()> {
        let ended = world.calendar.months().find(|first| week.has(end_of_month(*first)));
        let Some(first) = ended.filter(|_| !week.present) else { return Ok(()) };
        let (month, date) = (world.calendar.month_of(first), end_of_month(first));
        world.on(date);
        let mut inputs = Vec::new();
        let worked: Vec<usize> =
            world.hours.keys().filter(|(_, of)| *of == month).map(|(project, _)| *project).collect();
        for project in worked {
            let hours = world.hours.remove(&(project, month)).unwrap_or_default();
            if let Some(input) = bill(world, project, &hours, date)? {
                inputs.push((world.plan.projects[project].client, input));
            }
        }
        let projects = inputs.len();
        let left = world.calendar.month_of(world.calendar.today) - month;
        if let Some((_, input)) = inputs.first_mut().filter(|_| left == 1) {
            input.due = Some(Terms::Instalments(in_thirds()));
        }
        let places = CLIENTS.iter().enumerate();
        let retains =
            places.filter(|(_, client)| client.weight >= 5 && client.currency == "GEL" && client.from + 3 <= month);
        let mut yearly = None;
        for (nth, (place, client)) in retains.filter(|(_, client)| client.temper == Temper::Good).enumerate() {
            // The first of them pays for a year ahead, which is earned month by month.
            let months = if nth == 0 { 12 } else { 1 };
            if nth == 0 {
                yearly = Some(place);
            }
            let repeats = self.repeats.iter().any(|(client, _)| *client == place);
            if world.clients[place].is_some() && !repeats && (month - client.from - 3) % months == 0 {
                inputs.push((place, retainer(world, place, date, months)?));
            }
        }
        let (clients, new): (Vec<usize>, Vec<NewInvoice>) = inputs
            .into_iter()
            .map(|(client, input)| (client, NewInvoice { input, number: IssueNumber::Next, external: None }))
            .unzip();
        let rows = invoices::issue_new_invoices(world.scope, new).await?;
        if left == 2 {
            let monthly =
                clients.iter().copied().zip(&rows).skip(projects).filter(|(client, _)| Some(*client) != yearly);
            self.repeat(world, monthly).await?;
        }
        for (client, row) in clients.into_iter().zip(&rows) {
            world.vat.entry(month).or_default().0 += row.tax_minor;
            self.expect(client, month, row);
        }
        if left == 1 {
            self.repeated(world, month, date).await?;
        }
        // The day on which a month is billed is its last of work; what is earned counts to its very end.
        let last = world.calendar.within(shifted(first + Months::new(1), -1));
        world.on(last);
        recognition::recognise(world.scope, last).await?;
        self.expected.sort_by(|one, other| (one.day, &one.number).cmp(&(other.day, &other.number)));
        Ok(())
    }

    /// When a client will pay, and how much of it.
    pub(super) fn expect(&mut self, client: usize, month: usize, row: &invoice::Model) {
        let dice = &mut self.dice;
        let after = match CLIENTS[client].temper {
            Temper::Good if dice.chance(55) => dice.between(-6, 4),
            Temper::Good => dice.between(5, 18),
            Temper::Costly => dice.between(5, 25),
            Temper::Slow => dice.between(12, 45),
            Temper::Doubtful => dice.between(20, 60),
        };
        let due = row.due_date;
        let total = row.total_minor;
        let day = |days: i64| working_day(shifted(due, days).max(shifted(row.date, 1)));
        let mut parts = vec![(day(after), total)];
        if CLIENTS[client].temper == Temper::Doubtful && month > CLIENTS[client].from.max(6) + 4 {
            // Something on account, and then nothing any more.
            parts = if dice.chance(40) { vec![(day(after), total / 3)] } else { Vec::new() };
        } else if dice.chance(12) {
            parts = vec![(day(after), total / 2), (day(after + dice.between(20, 50)), total - total / 2)];
        }
        for (day, amount) in parts {
            let number = row.number.clone().unwrap_or_default();
            self.expected.push(Expected { day, client, invoice: row.id, number, amount });
        }
    }

    /// Records what comes in within a week.
    pub(super) async fn payments(&mut self, world: &World<'_>, week: &Week) -> Result<()> {
        let come = self.expected.iter().take_while(|payment| payment.day <= week.last).count();
        let mut new = Vec::with_capacity(come);
        for payment in self.expected.drain(..come) {
            let currency = CLIENTS[payment.client].currency;
            let amount = money::from_minor(payment.amount, currency);
            new.push(NewPayment {
                date: Some(payment.day),
                currency: Some(currency.to_owned()),
                rate: world.rates.of(currency, payment.day),
                account_id: world.bank(currency),
                reference: Some(payment.number),
                allocations: vec![NewAllocation::new(Document::Invoice(payment.invoice), amount)],
                ..NewPayment::from_client(world.client(payment.client)?, amount)
            });
        }
        if !new.is_empty() {
            world.on(week.last);
            record_payments(world.scope, new).await?;
        }
        Ok(())
    }
}

/// A part in ten days, and then one a month.
fn in_thirds() -> Vec<Instalment> {
    let part = |months, share| Instalment { when: When::After { months, end_of_month: false, days: 10 }, share };
    let percent = |percent: i64| Share::Percent(Decimal::from(percent));
    vec![part(0, percent(40)), part(1, percent(30)), part(2, Share::Rest)]
}

/// Leaves drafts of what was worked lately and isn't billed.
pub(super) async fn drafts(world: &mut World<'_>) -> Result<()> {
    let worked = std::mem::take(&mut world.hours);
    let today = world.calendar.today;
    for ((project, _), hours) in worked.into_iter().take(6) {
        if let Some(input) = bill(world, project, &hours, today)? {
            invoices::create(world.scope, input).await?;
        }
    }
    Ok(())
}

/// The invoice of a project's hours.
fn bill(
    world: &World<'_>,
    project: usize,
    hours: &BTreeMap<usize, i64>,
    date: NaiveDate,
) -> Result<Option<InvoiceInput>> {
    let Some(row) = &world.projects[project] else { return Ok(None) };
    let plan = &world.plan.projects[project];
    let mut lines = Vec::with_capacity(hours.len());
    for (service, hours) in hours {
        let quantity = hours * plan.billed / 100 / HALF_HOUR * HALF_HOUR;
        if quantity > 0 {
            lines.push(LineInput {
                service_id: Some(world.services[*service]),
                description: Some(format!("{}, {}", SERVICES[*service].0, date.format("%B %Y"))),
                quantity: money::from_micro(quantity),
                unit_price: Some(unit_price(world, *service, plan.client, date)),
                discount_percent: Some(Decimal::from(plan.discount)).filter(|percent| !percent.is_zero()),
                tax: tax(world, plan.client),
                account_id: None,
                cost_centre_id: None,
                cost_centre_splits: Vec::new(),
                project_id: Some(row.id),
                service_from: Some(first_of_month(date)),
                service_to: Some(date),
            });
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let deal = &world.plan.deals[plan.deal];
    let input = input(world, plan.client, date, lines)?;
    Ok(Some(InvoiceInput { seller_id: Some(world.ids[deal.seller]), deal_id: row.deal_id, ..input }))
}

/// The invoice of a retainer: for the month that ends, or for more than one from then on.
fn retainer(world: &World<'_>, client: usize, date: NaiveDate, months: usize) -> Result<InvoiceInput> {
    let next = first_of_month(date) + Months::new(1);
    let (service_from, service_to) = match u32::try_from(months) {
        Ok(1) | Err(_) => (Some(first_of_month(date)), Some(date)),
        Ok(months) => (Some(next), Some(shifted(next + Months::new(months), -1))),
    };
    let line = LineInput {
        service_id: Some(world.services[RETAINER]),
        // One that comes again each month says when by its service period.
        description: (months > 1).then(|| format!("{}, {months} months", SERVICES[RETAINER].0)),
        quantity: Decimal::from(months),
        unit_price: None,
        discount_percent: None,
        tax: LineTax::OfService,
        account_id: None,
        cost_centre_id: None,
        cost_centre_splits: Vec::new(),
        project_id: None,
        service_from,
        service_to,
    };
    let input = input(world, client, date, vec![line])?;
    Ok(InvoiceInput { seller_id: Some(world.ids[18]), department_id: Some(world.departments[2]), ..input })
}

fn input(world: &World<'_>, client: usize, date: NaiveDate, lines: Vec<LineInput>) -> Result<InvoiceInput> {
    let currency = CLIENTS[client].currency;
    Ok(InvoiceInput {
        company_id: world.client(client)?,
        date: Some(date),
        due: Some(Due::InDays(if currency == "GEL" { 21 } else { 30 }).into()),
        currency: Some(currency.to_owned()),
        rate: world.rates.of(currency, date),
        seller_id: None,
        deal_id: None,
        department_id: None,
        note: None,
        discount_percent: None,
        lines,
    })
}

/// Prices rise by 6% after a year.
fn unit_price(world: &World<'_>, service: usize, client: usize, date: NaiveDate) -> Decimal {
    let first = Decimal::from(price(service, client));
    if world.calendar.month_of(date) < 12 { first } else { (first * Decimal::new(106, 2)).round() }
}

/// Who is abroad pays no VAT.
fn tax(world: &World<'_>, client: usize) -> LineTax {
    if CLIENTS[client].currency == "GEL" { LineTax::OfService } else { LineTax::Code(world.taxes.1) }
}
