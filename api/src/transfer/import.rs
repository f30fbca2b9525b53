//! Imports: everything is read and checked before the first row is written, and all of it is written or nothing. What an earlier
//! import has written is left as it is, so that an import run again changes nothing.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

use kamara_entities::{
    CompanyId, ContactId, CostCentreId, DepartmentId, EmployeeId, InvoiceId, ProjectId, ServiceId, TenantEntity,
    account, company, contact, cost_centre, department, employee, expense, invoice, payment, project, service,
    tax_code,
};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::{
    mapping::{Field, Kind, Mapping, Records, Template},
    problem::{Problem, Problems},
    records::{self, PlannedPayment},
    table::{Row, Table},
    value::{Ids, Values, problem_in, told},
};
use crate::{
    db::Db,
    env::Env,
    error::Error,
    finance::service::{
        BatchError, External,
        expense::{NewExpense, record_expenses},
        invoice::{NewInvoice, issue_new_invoices},
        payment::record_payments,
    },
    people::service as people,
    tenancy::{Access, TenantScope},
};

/// How far an import has come: how many rows of how many, and what is being done.
pub type Progress<'a> = &'a (dyn Fn(usize, usize, &str) + Send + Sync);

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Records that were made.
    pub made: usize,
    /// Records that were there already.
    pub unchanged: usize,
}

/// Why an import wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The input isn't as it should be.
    #[error(transparent)]
    Input(#[from] Problems),
    /// The database, or we.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Imports the CSV files of a folder.
///
/// # Errors
///
/// All that is wrong with the files and the mapping, each with file, line, column and reason; then nothing was written.
pub async fn import(
    db: &Db,
    env: &Env,
    access: &Access,
    mapping: &Path,
    folder: &Path,
    progress: Progress<'_>,
) -> Result<Outcome, ImportError> {
    let mapping = Mapping::read(mapping)?;
    let files = read_files(&mapping, folder)?;
    let scope = access.write(db, env).await?;
    let (plan, outcome) = plan(&scope, &mapping, &files, progress).await?;
    plan.write(&scope, progress, outcome.made).await?;
    scope.commit().await?;
    Ok(outcome)
}

/// The files that a mapping names, checked against it.
fn read_files(mapping: &Mapping, folder: &Path) -> Result<HashMap<String, Table>, Problems> {
    let (mut files, mut seen, mut problems) = (HashMap::new(), HashSet::new(), Vec::new());
    let names = mapping
        .records
        .iter()
        .flat_map(|records| std::iter::once(&records.file).chain(records.lines.as_ref().map(|lines| &lines.file)));
    for name in names {
        if !seen.insert(name) {
            continue;
        }
        match Table::read(folder, name, &mapping.null, mapping.loose_commas) {
            Ok(table) => drop(files.insert(name.clone(), table)),
            Err(wrong) => problems.extend(wrong.0),
        }
    }
    for records in &mapping.records {
        check_fields(&records.file, &records.fields, records.kind.fields(), &mut problems);
        if let Some(table) = files.get(&records.file) {
            Mapping::check_columns(table, templates_of(records), &mut problems);
        }
        if let Some(lines) = &records.lines {
            check_fields(&lines.file, &lines.fields, records.kind.line_fields(), &mut problems);
            if let Some(table) = files.get(&lines.file) {
                let of = std::iter::once(("of", &lines.of));
                Mapping::check_columns(table, of.chain(templates(&lines.fields)), &mut problems);
            }
        }
    }
    problems.dedup();
    if problems.is_empty() { Ok(files) } else { Err(Problems(problems)) }
}

fn templates_of(records: &Records) -> impl Iterator<Item = (&str, &Template)> {
    let when = records.when.as_ref().map(|when| ("when", when));
    std::iter::once(("external_id", &records.external_id)).chain(when).chain(templates(&records.fields))
}

fn templates(fields: &BTreeMap<String, Field>) -> impl Iterator<Item = (&str, &Template)> {
    fields.iter().map(|(name, field)| (name.as_str(), &field.value))
}

fn check_fields(file: &str, fields: &BTreeMap<String, Field>, known: &[&str], problems: &mut Vec<Problem>) {
    for field in fields.keys().filter(|field| !known.contains(&field.as_str())) {
        let reason = format!("the mapping fills a field {field} that isn't there; there are {}", known.join(", "));
        problems.push(Problem { file: file.to_owned(), line: 0, column: None, reason });
    }
}

/// A record that is to be made, and the row that it's made of.
struct Planned<'a, I, T> {
    row: Row<'a>,
    id: I,
    new: T,
}

/// What is to be written, in the order in which it's written.
#[derive(Default)]
struct Plan<'a> {
    companies: Vec<Planned<'a, CompanyId, company::New>>,
    contacts: Vec<Planned<'a, ContactId, contact::New>>,
    departments: Vec<Planned<'a, DepartmentId, department::New>>,
    employees: Vec<Planned<'a, EmployeeId, employee::New>>,
    cost_centres: Vec<Planned<'a, CostCentreId, cost_centre::New>>,
    services: Vec<Planned<'a, ServiceId, service::New>>,
    projects: Vec<Planned<'a, ProjectId, project::New>>,
    invoices: Vec<Planned<'a, Uuid, (NewInvoice, Vec<Row<'a>>)>>,
    payments: Vec<Planned<'a, Uuid, PlannedPayment>>,
    expenses: Vec<Planned<'a, Uuid, NewExpense>>,
    fields: HashMap<Kind, &'a BTreeMap<String, Field>>,
    line_fields: Option<&'a BTreeMap<String, Field>>,
}

/// A row of a file that makes a record.
struct Source<'a> {
    records: &'a Records,
    row: Row<'a>,
    external_id: String,
    /// There already, by an earlier import.
    known: bool,
}

async fn plan<'a>(
    scope: &TenantScope,
    mapping: &'a Mapping,
    files: &'a HashMap<String, Table>,
    progress: Progress<'_>,
) -> Result<(Plan<'a>, Outcome), ImportError> {
    let mut problems = Vec::new();
    let mut ids = known(scope, &mapping.source).await?;
    let sources = sources(scope, mapping, files, &mut ids, &mut problems);
    let mut plan = Plan::default();
    let mut outcome = Outcome::default();
    let mut lines: HashMap<&str, HashMap<String, Vec<Row<'_>>>> = HashMap::new();
    for records in &mapping.records {
        plan.fields.insert(records.kind, &records.fields);
        if let Some(of_document) = &records.lines {
            plan.line_fields = Some(&of_document.fields);
            lines.insert(&records.file, lines_by_document(files, records, &sources, &mut problems));
        }
    }
    let total = sources.len();
    for (done, source) in sources.into_iter().enumerate() {
        if done % 500 == 0 {
            progress(done, total, "checking");
        }
        if source.known {
            outcome.unchanged += 1;
            continue;
        }
        outcome.made += 1;
        let external = External { source: mapping.source.clone(), id: source.external_id.clone() };
        let own = lines.get_mut(source.records.file.as_str()).and_then(|lines| lines.remove(&source.external_id));
        plan.add(scope, &source, external, own.unwrap_or_default(), &ids, &mut problems);
    }
    if problems.is_empty() { Ok((plan, outcome)) } else { Err(Problems(problems).into()) }
}

/// The rows that make records, each with its id: new, or that of an earlier import.
fn sources<'a>(
    scope: &TenantScope,
    mapping: &'a Mapping,
    files: &'a HashMap<String, Table>,
    ids: &mut Ids,
    problems: &mut Vec<Problem>,
) -> Vec<Source<'a>> {
    let earlier: HashSet<(Kind, String)> = ids.by_external_id.keys().cloned().collect();
    let mut seen = HashSet::new();
    let mut sources = Vec::with_capacity(files.values().map(Table::len).sum());
    for records in &mapping.records {
        let rows = files.get(&records.file).into_iter().flat_map(Table::rows);
        for row in rows.filter(|row| records.when.as_ref().is_none_or(|when| when.of(row).is_some())) {
            let column = records.external_id.columns().next();
            let Some(external_id) = records.external_id.of(&row) else {
                problems.push(row.problem(column, "external_id is needed"));
                continue;
            };
            let key = (records.kind, external_id.clone());
            if !seen.insert(key.clone()) {
                problems.push(row.problem(column, format!("{external_id} stands twice")));
                continue;
            }
            let known = earlier.contains(&key);
            ids.by_external_id.entry(key).or_insert_with(|| scope.env().id());
            sources.push(Source { records, row, external_id, known });
        }
    }
    sources
}

/// The rows of a document's lines, by the document.
fn lines_by_document<'a>(
    files: &'a HashMap<String, Table>,
    records: &'a Records,
    sources: &[Source<'_>],
    problems: &mut Vec<Problem>,
) -> HashMap<String, Vec<Row<'a>>> {
    let documents: HashSet<&str> = sources
        .iter()
        .filter(|source| source.records.kind == records.kind)
        .map(|source| source.external_id.as_str())
        .collect();
    let mut by_document: HashMap<String, Vec<Row<'a>>> = HashMap::new();
    let Some(lines) = &records.lines else { return by_document };
    for row in files.get(&lines.file).into_iter().flat_map(Table::rows) {
        match lines.of.of(&row) {
            Some(of) if documents.contains(of.as_str()) => by_document.entry(of).or_default().push(row),
            of => {
                let reason = format!("there is no such document: {}", of.unwrap_or_default());
                problems.push(row.problem(lines.of.columns().next(), reason));
            }
        }
    }
    by_document
}

impl<'a> Plan<'a> {
    fn add(
        &mut self,
        scope: &TenantScope,
        source: &Source<'a>,
        external: External,
        lines: Vec<Row<'a>>,
        ids: &Ids,
        problems: &mut Vec<Problem>,
    ) {
        let (row, kind) = (source.row, source.records.kind);
        let base = scope.base_currency();
        let id = ids.by_external_id.get(&(kind, source.external_id.clone())).copied().unwrap_or_default();
        let mut inputs = Vec::with_capacity(lines.len());
        if let Some(of_document) = &source.records.lines {
            for line in &lines {
                inputs.push(records::line(&mut Values::new(*line, &of_document.fields, ids, problems)));
            }
        }
        let mut values = Values::new(row, &source.records.fields, ids, problems);
        let v = &mut values;
        match kind {
            Kind::Company => self.companies.push(Planned { row, id: id.into(), new: records::company(v, external) }),
            Kind::Contact => self.contacts.push(Planned { row, id: id.into(), new: records::contact(v, external) }),
            Kind::Department => {
                self.departments.push(Planned { row, id: id.into(), new: records::department(v, external) });
            }
            Kind::Employee => self.employees.push(Planned { row, id: id.into(), new: records::employee(v, external) }),
            Kind::CostCentre => {
                self.cost_centres.push(Planned { row, id: id.into(), new: records::cost_centre(v, external) });
            }
            Kind::Service => {
                self.services.push(Planned { row, id: id.into(), new: records::service(v, external, base) });
            }
            Kind::Project => {
                self.projects.push(Planned { row, id: id.into(), new: records::project(v, external, base) });
            }
            Kind::Invoice => {
                self.invoices.push(Planned { row, id, new: (records::invoice(v, external, inputs), lines) });
            }
            Kind::Payment => self.payments.push(Planned { row, id, new: records::payment(v, external) }),
            Kind::Expense => self.expenses.push(Planned { row, id, new: records::expense(v, external) }),
        }
    }

    async fn write(self, scope: &TenantScope, progress: Progress<'_>, total: usize) -> Result<(), ImportError> {
        let mut done = 0;
        let mut step = |count: usize, what: &str| {
            progress(done, total, what);
            done += count;
        };
        step(self.companies.len() + self.contacts.len(), "writing companies");
        scope.insert_with_ids::<company::Entity>(rows(self.companies)).await?;
        scope.insert_with_ids::<contact::Entity>(rows(self.contacts)).await?;
        step(self.departments.len() + self.employees.len(), "writing employees");
        people::create_departments(scope, rows(self.departments)).await?;
        let places: Vec<Row<'_>> = self.employees.iter().map(|planned| planned.row).collect();
        people::create_employees(scope, rows(self.employees))
            .await
            .map_err(|error| at_place(&error, &places, self.fields.get(&Kind::Employee).copied()))?;
        step(self.cost_centres.len() + self.services.len() + self.projects.len(), "writing services");
        scope.insert_with_ids::<cost_centre::Entity>(rows(self.cost_centres)).await?;
        scope.insert_with_ids::<service::Entity>(rows(self.services)).await?;
        scope.insert_with_ids::<project::Entity>(rows(self.projects)).await?;

        step(self.invoices.len(), "issuing invoices");
        // Invoices are locked before the ledger, as by whoever records a payment, so that neither waits for the other.
        let new_ids: HashSet<Uuid> = self.invoices.iter().map(|planned| planned.id).collect();
        let earlier = self.payments.iter().filter_map(|planned| planned.new.invoice).filter(|id| !new_ids.contains(id));
        let earlier = scope.lock_all::<invoice::Entity>(earlier.map(InvoiceId).collect::<HashSet<_>>()).await?;
        let (mut new, mut places, mut planned_ids) = (Vec::new(), Vec::new(), Vec::new());
        for planned in self.invoices {
            let (invoice, lines) = planned.new;
            new.push(invoice);
            planned_ids.push(planned.id);
            places.push((planned.row, lines));
        }
        let fields = (self.fields.get(&Kind::Invoice).copied(), self.line_fields);
        let invoices =
            issue_new_invoices(scope, new).await.map_err(|error| refused_documents(error, &places, fields))?;
        let mut settled: HashMap<Uuid, invoice::Model> = planned_ids.into_iter().zip(invoices).collect();

        step(self.payments.len(), "recording payments");
        settled.extend(earlier.into_iter().map(|(id, row)| (id.0, row)));
        let (new, places): (Vec<_>, Vec<_>) = self
            .payments
            .into_iter()
            .map(|planned| {
                let invoice = planned.new.invoice.and_then(|id| settled.get(&id));
                (planned.new.settled(invoice), (planned.row, Vec::new()))
            })
            .unzip();
        let fields = (self.fields.get(&Kind::Payment).copied(), None);
        record_payments(scope, new).await.map_err(|error| refused_documents(error, &places, fields))?;

        step(self.expenses.len(), "recording expenses");
        let (new, places): (Vec<_>, Vec<_>) =
            self.expenses.into_iter().map(|planned| (planned.new, (planned.row, Vec::new()))).unzip();
        let fields = (self.fields.get(&Kind::Expense).copied(), None);
        record_expenses(scope, new).await.map_err(|error| refused_documents(error, &places, fields))?;
        step(0, "done");
        Ok(())
    }
}

fn rows<I, T>(planned: Vec<Planned<'_, I, T>>) -> Vec<(I, T)> {
    planned.into_iter().map(|planned| (planned.id, planned.new)).collect()
}

type FieldsOf<'a> = (Option<&'a BTreeMap<String, Field>>, Option<&'a BTreeMap<String, Field>>);

/// What the rules refuse, as problems of the rows that the documents were made of.
fn refused_documents(error: BatchError, places: &[(Row<'_>, Vec<Row<'_>>)], fields: FieldsOf<'_>) -> ImportError {
    let documents = match error {
        BatchError::Whole(error) => return ImportError::Failed(error),
        BatchError::Documents(documents) => documents,
    };
    let nothing = BTreeMap::new();
    let problem = |(place, error): (usize, Error)| {
        let (row, lines) = places.get(place)?;
        let path = error.field().unwrap_or_default().to_owned();
        let in_line = path.strip_prefix("lines.").and_then(|path| path.split_once('.'));
        let line = in_line.and_then(|(number, _)| lines.get(number.parse::<usize>().ok()?));
        let (row, fields, prefix) = match line {
            Some(line) => (line, fields.1, 2),
            None => (row, fields.0, 0),
        };
        let (field, reason) = told(&error);
        let field = field.splitn(prefix + 1, '.').last().unwrap_or_default().to_owned();
        Some(problem_in(row, fields.unwrap_or(&nothing), &field, reason))
    };
    Problems(documents.into_iter().filter_map(problem).collect()).into()
}

/// What a rule over many rows refuses, whose field begins with the row's place: `3.managerId`.
fn at_place(error: &Error, places: &[Row<'_>], fields: Option<&BTreeMap<String, Field>>) -> ImportError {
    let nothing = BTreeMap::new();
    let (path, reason) = told(error);
    let found =
        path.split_once('.').and_then(|(place, field)| Some((places.get(place.parse::<usize>().ok()?)?, field)));
    match found {
        Some((row, field)) => Problems::from(problem_in(row, fields.unwrap_or(&nothing), field, reason)).into(),
        None => ImportError::Failed(error.clone()),
    }
}

/// What earlier imports from the source have made, and what is found by its code.
async fn known(scope: &TenantScope, source: &str) -> Result<Ids, Error> {
    let mut ids = Ids::default();
    imported::<company::Entity>(
        scope,
        source,
        Kind::Company,
        (company::Column::Source, company::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<contact::Entity>(
        scope,
        source,
        Kind::Contact,
        (contact::Column::Source, contact::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<department::Entity>(
        scope,
        source,
        Kind::Department,
        (department::Column::Source, department::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<employee::Entity>(
        scope,
        source,
        Kind::Employee,
        (employee::Column::Source, employee::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<cost_centre::Entity>(
        scope,
        source,
        Kind::CostCentre,
        (cost_centre::Column::Source, cost_centre::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<service::Entity>(
        scope,
        source,
        Kind::Service,
        (service::Column::Source, service::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<project::Entity>(
        scope,
        source,
        Kind::Project,
        (project::Column::Source, project::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<invoice::Entity>(
        scope,
        source,
        Kind::Invoice,
        (invoice::Column::Source, invoice::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<payment::Entity>(
        scope,
        source,
        Kind::Payment,
        (payment::Column::Source, payment::Column::ExternalId),
        &mut ids,
    )
    .await?;
    imported::<expense::Entity>(
        scope,
        source,
        Kind::Expense,
        (expense::Column::Source, expense::Column::ExternalId),
        &mut ids,
    )
    .await?;
    let accounts = scope.all(scope.find::<account::Entity>().filter(account::Column::ArchivedAt.is_null())).await?;
    ids.accounts = accounts.into_iter().map(|row| (row.code, row.id.0)).collect();
    let codes = scope.all(scope.find::<tax_code::Entity>().filter(tax_code::Column::ArchivedAt.is_null())).await?;
    ids.tax_codes = codes.into_iter().map(|row| (row.code, row.id.0)).collect();
    Ok(ids)
}

async fn imported<E: TenantEntity>(
    scope: &TenantScope,
    source: &str,
    kind: Kind,
    (of, external_id): (E::Column, E::Column),
    ids: &mut Ids,
) -> Result<(), Error> {
    #[derive(FromQueryResult)]
    struct Known {
        id: Uuid,
        external_id: String,
    }
    let select = scope
        .find::<E>()
        .filter(of.eq(source))
        .filter(external_id.is_not_null())
        .select_only()
        .column_as(E::ID, "id")
        .column_as(external_id, "external_id");
    let rows = scope.query::<Known>(&select.into_query()).await?;
    ids.by_external_id.extend(rows.into_iter().map(|row| ((kind, row.external_id), row.id)));
    Ok(())
}
