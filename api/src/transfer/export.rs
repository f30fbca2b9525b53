//! Exports: the whole ledger as a journal that hledger reads, or as CSV.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use kamara_entities::{
    AccountType, CompanyId, CostCentreId, DepartmentId, EmployeeId, JournalEntryId, MICRO, ProjectId, ServiceId,
    TenantEntity, account, company, cost_centre, department, employee, journal_entry, journal_line, ledger, project,
    service,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::{
    error::{Error, Result},
    ledger::Accounts,
    money,
    tenancy::TenantScope,
};

/// Entries that are read and written at once.
const ENTRIES_AT_ONCE: i64 = 1_000;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A journal that hledger reads.
    Hledger,
    /// One row for each line.
    Csv,
}

/// Names of what lines refer to.
struct Names {
    companies: HashMap<CompanyId, String>,
    services: HashMap<ServiceId, String>,
    employees: HashMap<EmployeeId, String>,
    projects: HashMap<ProjectId, String>,
    departments: HashMap<DepartmentId, String>,
    cost_centres: HashMap<CostCentreId, String>,
}

impl Names {
    async fn load(scope: &TenantScope) -> Result<Self> {
        Ok(Self {
            companies: names::<company::Entity>(scope, |row| row.name).await?,
            services: names::<service::Entity>(scope, |row| row.name).await?,
            employees: names::<employee::Entity>(scope, |row| row.name).await?,
            projects: names::<project::Entity>(scope, |row| row.name).await?,
            departments: names::<department::Entity>(scope, |row| row.name).await?,
            cost_centres: names::<cost_centre::Entity>(scope, |row| row.name).await?,
        })
    }

    /// What a line is cut by: the dimension's word and the name.
    fn of<'a>(&'a self, line: &journal_line::Model) -> Vec<(&'static str, &'a str)> {
        fn name<I: std::hash::Hash + Eq>(names: &HashMap<I, String>, id: Option<I>) -> Option<&str> {
            names.get(&id?).map(String::as_str)
        }
        [
            ("company", name(&self.companies, line.company_id)),
            ("party", name(&self.companies, line.party_id)),
            ("service", name(&self.services, line.service_id)),
            ("seller", name(&self.employees, line.seller_id)),
            ("employee", name(&self.employees, line.employee_id)),
            ("project", name(&self.projects, line.project_id)),
            ("department", name(&self.departments, line.department_id)),
            ("cost_centre", name(&self.cost_centres, line.cost_centre_id)),
        ]
        .into_iter()
        .filter_map(|(dimension, name)| Some((dimension, name?)))
        .collect()
    }
}

async fn names<E: TenantEntity>(
    scope: &TenantScope,
    name: impl Fn(E::Row) -> String,
) -> Result<HashMap<E::Id, String>> {
    Ok(scope.all(scope.find::<E>()).await?.into_iter().map(|row| (E::id(&row), name(row))).collect())
}

/// Writes the whole ledger.
///
/// # Errors
///
/// When the database fails or the output can't be written to.
pub async fn export(scope: &TenantScope, format: Format, mut out: impl Write + Send) -> Result<()> {
    let names = Names::load(scope).await?;
    let accounts = Accounts::load(scope).await?;
    let mut journal = Journal { base: scope.base_currency().to_owned(), names, accounts, out: &mut out };
    match format {
        Format::Hledger => journal.head(scope).map_err(Error::internal)?,
        Format::Csv => writeln!(journal.out, "{}", CSV_COLUMNS.join(",")).map_err(Error::internal)?,
    }
    let newest = scope.first(scope.find::<ledger::Entity>()).await?.map_or(0, |row| row.last_seq);
    let mut from = 0;
    while from < newest {
        let to = newest.min(from + ENTRIES_AT_ONCE);
        for (entry, lines) in entries(scope, from, to).await? {
            match format {
                Format::Hledger => journal.entry(&entry, &lines),
                Format::Csv => journal.rows(&entry, &lines),
            }
            .map_err(Error::internal)?;
        }
        from = to;
    }
    out.flush().map_err(Error::internal)
}

async fn entries(
    scope: &TenantScope,
    from: i64,
    to: i64,
) -> Result<Vec<(journal_entry::Model, Vec<journal_line::Model>)>> {
    let select = scope
        .find::<journal_line::Entity>()
        .filter(journal_line::Column::Seq.gt(from))
        .filter(journal_line::Column::Seq.lte(to))
        .order_by_asc(journal_line::Column::Seq)
        .order_by_asc(journal_line::Column::Position);
    let mut lines: HashMap<JournalEntryId, Vec<journal_line::Model>> = HashMap::new();
    for line in scope.all(select).await? {
        lines.entry(line.entry_id).or_default().push(line);
    }
    let select = scope
        .find::<journal_entry::Entity>()
        .filter(journal_entry::Column::Seq.gt(from))
        .filter(journal_entry::Column::Seq.lte(to))
        .order_by_asc(journal_entry::Column::Seq);
    let entries = scope.all(select).await?;
    Ok(entries
        .into_iter()
        .map(|entry| (lines.remove(&entry.id).unwrap_or_default(), entry))
        .map(|(l, e)| (e, l))
        .collect())
}

const CSV_COLUMNS: &[&str] = &[
    "seq",
    "date",
    "description",
    "source",
    "closing",
    "account_code",
    "account",
    "debit",
    "credit",
    "currency",
    "amount",
    "amount_currency",
    "rate",
    "company",
    "party",
    "service",
    "seller",
    "employee",
    "project",
    "department",
    "cost_centre",
];

struct Journal<'a, W: Write> {
    base: String,
    names: Names,
    accounts: Accounts,
    out: &'a mut W,
}

impl<W: Write> Journal<'_, W> {
    /// The currency's format and the accounts, with their types.
    fn head(&mut self, scope: &TenantScope) -> io::Result<()> {
        let digits = money::exponent(&self.base) as usize;
        let zeros = if digits == 0 { String::new() } else { format!(".{}", "0".repeat(digits)) };
        writeln!(self.out, "; {} · {}", one_line(&scope.tenant().name), self.base)?;
        writeln!(self.out, "decimal-mark .")?;
        writeln!(self.out, "commodity 1000{zeros} {}\n", self.base)?;
        for account in self.accounts.iter().filter(|account| !account.is_group) {
            writeln!(self.out, "account {}  ; type: {}", account_name(account), type_letter(account))?;
        }
        writeln!(self.out)
    }

    fn entry(&mut self, entry: &journal_entry::Model, lines: &[journal_line::Model]) -> io::Result<()> {
        let closing = if entry.closing { ", closing:" } else { "" };
        let description = one_line(&entry.description);
        writeln!(
            self.out,
            "{} * ({}) {description}  ; source: {}{closing}",
            entry.date,
            entry.seq,
            entry.source_kind.text()
        )?;
        for line in lines {
            let account = self.accounts.get(line.account_id).map_or_else(|| line.account_id.to_string(), account_name);
            let amount = money::from_minor(line.base_minor, &self.base);
            let mut tags: Vec<String> = self
                .names
                .of(line)
                .into_iter()
                .map(|(dimension, name)| format!("{dimension}: {}", tag(name)))
                .collect();
            if line.currency != self.base || line.rate != MICRO {
                let original = money::from_minor(line.amount_minor, &line.currency);
                tags.push(format!("original: {original} {} at {}", line.currency, money::from_micro(line.rate)));
            }
            let comment = if tags.is_empty() { String::new() } else { format!("  ; {}", tags.join(", ")) };
            writeln!(self.out, "    {account}  {amount} {}{comment}", self.base)?;
        }
        writeln!(self.out)
    }

    fn rows(&mut self, entry: &journal_entry::Model, lines: &[journal_line::Model]) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        for line in lines {
            let account = self.accounts.get(line.account_id);
            let dimensions: HashMap<&str, &str> = self.names.of(line).into_iter().collect();
            let mut row = vec![
                entry.seq.to_string(),
                entry.date.to_string(),
                entry.description.clone(),
                entry.source_kind.text().to_owned(),
                entry.closing.to_string(),
                account.map(|account| account.code.clone()).unwrap_or_default(),
                account.map(|account| account.name.clone()).unwrap_or_default(),
                money::from_minor(line.base_minor.max(0), &self.base).to_string(),
                money::from_minor(line.base_minor.min(0).abs(), &self.base).to_string(),
                self.base.clone(),
                money::from_minor(line.amount_minor, &line.currency).to_string(),
                line.currency.clone(),
                money::from_micro(line.rate).to_string(),
            ];
            row.extend(
                CSV_COLUMNS[row.len()..]
                    .iter()
                    .map(|column| dimensions.get(column).copied().unwrap_or_default().to_owned()),
            );
            // A spreadsheet takes what begins so for a formula.
            for value in &mut row {
                let is_number = value.parse::<rust_decimal::Decimal>().is_ok();
                if value.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
                    value.insert(0, '\'');
                }
            }
            writer.write_record(&row)?;
        }
        let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
        self.out.write_all(&bytes)
    }
}

/// An account as hledger names it: below its type, without what hledger takes for an end or a level.
fn account_name(account: &account::Model) -> String {
    let of = match account.account_type {
        AccountType::Asset => "assets",
        AccountType::Liability => "liabilities",
        AccountType::Equity => "equity",
        AccountType::Income => "income",
        AccountType::Expense => "expenses",
    };
    let name = one_line(&account.name).replace([':', ';'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    format!("{of}:{} {name}", account.code.replace([':', ';', ' '], "-"))
}

fn type_letter(account: &account::Model) -> &'static str {
    match account.account_type {
        AccountType::Asset if crate::ledger::accounts::is_money(account) => "C",
        AccountType::Asset => "A",
        AccountType::Liability => "L",
        AccountType::Equity => "E",
        AccountType::Income => "R",
        AccountType::Expense => "X",
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r', ';'], " ").trim().to_owned()
}

/// A tag's value ends at a comma or the line's end.
fn tag(text: &str) -> String {
    one_line(text).replace(',', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_dont_break_the_journal() {
        assert_eq!(one_line("a\nb; c"), "a b  c");
        assert_eq!(tag("Smith, Jones; & Co"), "Smith  Jones  & Co");
    }
}
