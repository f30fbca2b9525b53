//! The time that people log: approved week by week, and drafts for the present one.

use chrono::{Datelike as _, Days, NaiveDate};
use kamara_entities::{MICRO, TimeEntryStatus, time_entry};

use super::{calendar::Week, chance::Dice, plan::ProjectPlan, world::World};
use crate::{
    delivery::service::time_entry::{self as time, Logger},
    error::Result,
};

/// What is done, by department.
const DONE: &[&[&str]] = &[
    &["Steering meeting"],
    &["Interviews", "Analysis", "Workshop with the client", "Report", "Model and figures", "Presentation"],
    &["Design", "Implementation", "Code review", "Tests", "Deployment", "Data migration", "Bug fixes"],
    &["Sketches", "Prototype", "User tests", "Visual design", "Hand-over"],
    &["Meeting"],
    &["Meeting"],
];

/// Logs the time of a week.
pub(super) async fn week(world: &mut World<'_>, dice: &mut Dice, week: &Week) -> Result<()> {
    let mut rows: Vec<(NaiveDate, usize, usize, time_entry::New)> = Vec::new();
    for (number, project) in world.plan.projects.iter().enumerate() {
        let Some(row) = &world.projects[number] else { continue };
        for person in &project.team {
            for (day, hours) in days(dice, week, project) {
                let done = dice.pick(DONE[super::cast::PEOPLE[*person].department]);
                let new = time_entry::New {
                    employee_id: world.ids[*person],
                    project_id: row.id,
                    date: day,
                    hours,
                    description: Some((*done).to_owned()),
                    status: TimeEntryStatus::Draft,
                    cost_minor: None,
                    source: None,
                    external_id: None,
                };
                rows.push((day, number, *person, new));
            }
        }
    }
    rows.sort_by_key(|(day, project, person, _)| (*day, *person, *project));
    world.on(week.last);
    if week.present {
        for (.., new) in rows {
            time::create(world.scope, Logger::ForAnybody, new).await?;
        }
        return Ok(());
    }
    for (day, project, person, new) in &rows {
        if let Some(service) = super::cast::PEOPLE[*person].sells {
            let month = world.calendar.month_of(*day);
            *world.hours.entry((*project, month)).or_default().entry(service).or_default() += new.hours;
        }
    }
    time::enter_approved(world.scope, rows.into_iter().map(|(.., new)| new).collect()).await?;
    Ok(())
}

/// On which days of a week somebody works on a project, and how long.
fn days(dice: &mut Dice, week: &Week, project: &ProjectPlan) -> Vec<(NaiveDate, i64)> {
    let (month, of_month) = (week.monday.month(), week.monday.day());
    // Half of Tbilisi is at the sea in August, and the year begins with a week of feasts.
    let (away, more) = match month {
        1 if of_month < 9 => (70, 20),
        8 => (34, 25),
        7 => (14, 40),
        10 | 11 | 3 => (3, 80),
        _ => (6, 66),
    };
    // Drawn in any case, so that the dice fall the same way for all that follows.
    let (is_away, fourth) = (dice.chance(away), dice.chance(more));
    let mut weekdays: Vec<u64> = (0..5).collect();
    dice.shuffle(&mut weekdays);
    if is_away {
        return Vec::new();
    }
    let mut chosen = weekdays[..if fourth { 4 } else { 3 }].to_vec();
    chosen.sort_unstable();
    let hours = |dice: &mut Dice| dice.pick(&[6 * MICRO, 7 * MICRO, 15 * MICRO / 2, 8 * MICRO, 8 * MICRO]).to_owned();
    let all: Vec<(NaiveDate, i64)> =
        chosen.into_iter().map(|day| (week.monday + Days::new(day), hours(dice))).collect();
    let in_time = |day: NaiveDate| day <= week.last && (project.start..=project.end).contains(&day);
    all.into_iter().filter(|(day, _)| in_time(*day)).collect()
}
