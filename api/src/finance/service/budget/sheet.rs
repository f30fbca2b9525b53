//! Amounts of a budget as a CSV sheet: what a spreadsheet has, a row for an account and a column for a month.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{AccountId, CostCentreId, DepartmentId, cost_centre, department};

use super::{LineInput, lines::LINES_MAX};
use crate::{
    error::{Error, Result, Text},
    ledger::Accounts,
    sheet::{self, Layout, Sheet},
    tenancy::TenantScope,
    text,
};

/// An amount, and where it stands.
pub(super) struct SheetLine {
    /// The line of the file, from 1.
    line: u64,
    /// The amount.
    pub(super) input: LineInput,
}

fn wrong(line: u64, en: &str, ka: &str) -> Error {
    sheet::at_line("csv", line, &Text::new(en.to_owned(), ka.to_owned()))
}

/// An error about an amount, told by the line of the file.
pub(super) fn at_line(error: Error, lines: &[SheetLine]) -> Error {
    let place = error.field().and_then(|field| field.split('.').nth(1)?.parse::<usize>().ok());
    match place.and_then(|place| lines.get(place)) {
        Some(line) => sheet::at_line("csv", line.line, &error.message()),
        None => error,
    }
}

/// The ids of records, by their codes and names. What two records share names neither.
struct Names<T>(HashMap<String, Option<T>>);

impl<T: Copy + PartialEq> Names<T> {
    fn new<'a>(rows: impl Iterator<Item = (T, Option<&'a str>, &'a str)>) -> Self {
        let mut names: HashMap<String, Option<T>> = HashMap::new();
        for (id, code, name) in rows {
            for known in [code, Some(name)].into_iter().flatten() {
                let held = names.entry(known.to_owned()).or_insert(Some(id));
                *held = held.filter(|held| *held == id);
            }
        }
        Self(names)
    }

    fn find(&self, line: u64, text: &str) -> Result<Option<T>> {
        if text.is_empty() {
            return Ok(None);
        }
        let found = self.0.get(text).copied().flatten();
        let unknown = || {
            let (en, ka) = (
                format!("nothing or more than one is called {text}."),
                format!("„{text}“ ვერ მოიძებნა ან ერთზე მეტია."),
            );
            wrong(line, &en, &ka)
        };
        found.map(Some).ok_or_else(unknown)
    }
}

/// What a sheet names by codes and names.
struct Known {
    accounts: Names<AccountId>,
    centres: Names<CostCentreId>,
    departments: Names<DepartmentId>,
}

impl Known {
    async fn load(scope: &TenantScope) -> Result<Self> {
        let accounts = Accounts::load(scope).await?;
        let centres = scope.all(scope.find::<cost_centre::Entity>()).await?;
        let departments = scope.all(scope.find::<department::Entity>()).await?;
        Ok(Self {
            accounts: Names::new(accounts.iter().map(|row| (row.id, Some(row.code.as_str()), row.name.as_str()))),
            centres: Names::new(centres.iter().map(|row| (row.id, row.code.as_deref(), row.name.as_str()))),
            departments: Names::new(departments.iter().map(|row| (row.id, row.code.as_deref(), row.name.as_str()))),
        })
    }
}

/// Reads a sheet.
pub(super) async fn read(scope: &TenantScope, csv: &str) -> Result<Vec<SheetLine>> {
    let known = Known::load(scope).await?;
    let sheet = Sheet::read("csv", csv, Layout { rows_max: LINES_MAX, ..Layout::default() })?;
    let columns = columns(&sheet.header)?;
    let mut lines = Vec::new();
    for (line, record) in &sheet.rows {
        lines.extend(amounts(&known, &columns, *line, record)?);
    }
    Ok(lines)
}

/// The amounts of one line.
fn amounts(known: &Known, columns: &Columns, line: u64, record: &csv::StringRecord) -> Result<Vec<SheetLine>> {
    let value = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default();
    let account_id = known.accounts.find(line, value(Some(columns.account)))?;
    let account_id = account_id.ok_or_else(|| wrong(line, "an account is needed.", "საჭიროა ანგარიში."))?;
    let cost_centre_id = known.centres.find(line, value(columns.cost_centre))?;
    let department_id = known.departments.find(line, value(columns.department))?;
    let mut lines = Vec::with_capacity(columns.months.len());
    for (column, month) in &columns.months {
        let given = value(Some(*column));
        if given.is_empty() {
            continue;
        }
        let amount = text::decimal(given).ok_or_else(|| {
            let (en, ka) = (
                format!("{given} is not an amount such as 1200.50."),
                format!("{given} არ არის თანხა, მაგალითად 1200.50."),
            );
            wrong(line, &en, &ka)
        })?;
        let input = LineInput { account_id, cost_centre_id, department_id, month: *month, amount };
        lines.push(SheetLine { line, input });
    }
    Ok(lines)
}

struct Columns {
    account: usize,
    cost_centre: Option<usize>,
    department: Option<usize>,
    months: Vec<(usize, NaiveDate)>,
}

fn columns(header: &csv::StringRecord) -> Result<Columns> {
    let (mut account, mut cost_centre, mut department, mut months) = (None, None, None, Vec::new());
    for (place, name) in header.iter().enumerate() {
        match name {
            "account" => account = Some(place),
            "cost_centre" => cost_centre = Some(place),
            "department" => department = Some(place),
            month => {
                let day = text::day(&format!("{month}-01")).ok_or_else(|| {
                    let (en, ka) = (
                        format!("{month} is no column: account, cost_centre, department, and months such as 2026-01."),
                        format!("{month} უცნობი სვეტია: account, cost_centre, department და თვეები, მაგ. 2026-01."),
                    );
                    wrong(1, &en, &ka)
                })?;
                months.push((place, day));
            }
        }
    }
    let account = account.ok_or_else(|| wrong(1, "the column account is needed.", "საჭიროა სვეტი account."))?;
    Ok(Columns { account, cost_centre, department, months })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_an_account_and_months() {
        let header = |columns: &[&str]| csv::StringRecord::from(columns.to_vec());
        let read = columns(&header(&["department", "account", "2026-02"])).unwrap();
        assert_eq!((read.account, read.department, read.cost_centre), (1, Some(0), None));
        assert_eq!(read.months, [(2, "2026-02-01".parse().unwrap())]);
        assert!(columns(&header(&["2026-02"])).is_err());
        assert!(columns(&header(&["account", "2026-13"])).is_err());
    }

    #[test]
    fn what_two_share_names_neither() {
        let names = Names::new([(1, Some("A"), "Audit"), (2, Some("L"), "Audit"), (3, None, "3")].into_iter());
        assert_eq!(names.find(2, "A").unwrap(), Some(1));
        assert!(names.find(2, "Audit").is_err());
        assert_eq!(names.find(2, "").unwrap(), None);
    }
}
