//! The mapping: which file makes which records, column by column.
//!
//! ```toml
//! source = "northwind"            # imported records are found again by it and their external_id
//! null = ["NULL"]                 # values that mean none, beside the empty one
//! loose_commas = true             # in a row of too many values, one that begins with a space continues the one before
//!
//! [[records]]
//! kind = "company"
//! file = "customers.csv"
//! external_id = "customer-{customerID}"
//! [records.fields]
//! name = "{companyName}"          # a text with columns in it
//! is_client = "true"              # a constant
//! country = { value = "{country}", default = "GE" }
//!
//! [[records]]
//! kind = "invoice"
//! file = "orders.csv"
//! external_id = "{orderID}"
//! when = "{shippedDate}"          # only rows that have this value
//! [records.fields]
//! company = { lookup = "company", value = "customer-{customerID}" }
//! due_date = { value = "{orderDate}", plus_days = 30 }
//! [records.lines]                 # the lines of a document
//! file = "order-details.csv"
//! of = "{orderID}"                # the external_id of the document that a row belongs to
//! [records.lines.fields]
//! discount_percent = { value = "{discount}", times = "100" }
//! ```

use std::{collections::BTreeMap, path::Path};

use rust_decimal::Decimal;
use serde::Deserialize;

use super::{
    problem::{Problem, Problems},
    table::{Row, Table},
};

/// A mapping.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mapping {
    /// The name under which imported records are found again.
    pub(super) source: String,
    /// Values that mean none.
    #[serde(default)]
    pub(super) null: Vec<String>,
    /// Whether texts may hold commas that aren't quoted.
    #[serde(default)]
    pub(super) loose_commas: bool,
    /// What is made of which file, in this order.
    pub(super) records: Vec<Records>,
}

/// What is made of one file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Records {
    /// The kind of record.
    pub(super) kind: Kind,
    /// The file.
    pub(super) file: String,
    /// The record's id at the source.
    pub(super) external_id: Template,
    /// Only rows that have this value.
    pub(super) when: Option<Template>,
    /// What goes into which field.
    pub(super) fields: BTreeMap<String, Field>,
    /// The lines of a document.
    pub(super) lines: Option<Lines>,
}

/// The lines of documents.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lines {
    /// The file.
    pub(super) file: String,
    /// The document that a row belongs to: its `external_id`.
    pub(super) of: Template,
    /// What goes into which field.
    pub(super) fields: BTreeMap<String, Field>,
}

/// What can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Company,
    Contact,
    Department,
    Employee,
    CostCentre,
    Service,
    Project,
    Invoice,
    Payment,
    Expense,
}

/// What can be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Lookup {
    Company,
    Department,
    Employee,
    CostCentre,
    Service,
    Project,
    Invoice,
    /// By its code.
    Account,
    /// By its code.
    TaxCode,
}

impl Lookup {
    /// The kind of record that it finds by `external_id`; none, where it finds by code.
    pub(super) const fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::Company => Kind::Company,
            Self::Department => Kind::Department,
            Self::Employee => Kind::Employee,
            Self::CostCentre => Kind::CostCentre,
            Self::Service => Kind::Service,
            Self::Project => Kind::Project,
            Self::Invoice => Kind::Invoice,
            Self::Account | Self::TaxCode => return None,
        })
    }
}

/// What goes into a field.
#[derive(Debug, Deserialize)]
#[serde(from = "FieldForm")]
pub(super) struct Field {
    pub(super) value: Template,
    pub(super) default: Option<String>,
    pub(super) lookup: Option<Lookup>,
    pub(super) plus_days: Option<u32>,
    pub(super) times: Option<Decimal>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FieldForm {
    Text(Template),
    Table(FieldTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FieldTable {
    value: Template,
    default: Option<String>,
    lookup: Option<Lookup>,
    plus_days: Option<u32>,
    times: Option<Decimal>,
}

impl From<FieldForm> for Field {
    fn from(form: FieldForm) -> Self {
        match form {
            FieldForm::Text(value) => Self { value, default: None, lookup: None, plus_days: None, times: None },
            FieldForm::Table(table) => Self {
                value: table.value,
                default: table.default,
                lookup: table.lookup,
                plus_days: table.plus_days,
                times: table.times,
            },
        }
    }
}

/// A text with columns in it: `"{firstName} {lastName}"`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Column(String),
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            let (column, after) = after.split_once('}').ok_or_else(|| format!("{text:?} has a {{ without a }}"))?;
            parts.extend((!before.is_empty()).then(|| Part::Text(before.to_owned())));
            parts.push(Part::Column(column.trim().to_owned()));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Text(rest.to_owned())));
        Ok(Self(parts))
    }
}

impl Template {
    /// The text for a row; none, when a column in it has none.
    pub(super) fn of(&self, row: &Row<'_>) -> Option<String> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(constant) => text.push_str(constant),
                Part::Column(column) => text.push_str(row.get(column)?),
            }
        }
        Some(text)
    }

    /// The columns in it.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Column(column) => Some(column.as_str()),
            Part::Text(_) => None,
        })
    }
}

impl Mapping {
    /// Reads a mapping.
    pub(super) fn read(path: &Path) -> Result<Self, Problems> {
        let file =
            path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
        let problem = |line, reason| Problems::from(Problem { file: file.clone(), line, column: None, reason });
        let text = std::fs::read_to_string(path).map_err(|error| problem(0, format!("can't be read: {error}")))?;
        let mapping: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            problem(before.matches('\n').count() as u64 + 1, error.message().to_owned())
        })?;
        if mapping.source.trim().is_empty() {
            return Err(problem(1, "source is a name".to_owned()));
        }
        Ok(mapping)
    }

    /// All templates over a file, checked against its columns.
    pub(super) fn check_columns<'a>(
        table: &Table,
        templates: impl IntoIterator<Item = (&'a str, &'a Template)>,
        problems: &mut Vec<Problem>,
    ) {
        for (field, template) in templates {
            for column in template.columns().filter(|column| !table.has(column)) {
                problems.push(Problem {
                    file: table.file.clone(),
                    line: 1,
                    column: Some(column.to_owned()),
                    reason: format!(
                        "the mapping takes {field} from a column that isn't there; there are {}",
                        table.columns().join(", ")
                    ),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_mix_text_and_columns() {
        let template = Template::try_from("{first} {last}!".to_owned()).unwrap();
        assert_eq!(template.columns().collect::<Vec<_>>(), ["first", "last"]);
        assert_eq!(template.0.len(), 4);
        assert!(Template::try_from("{first".to_owned()).is_err());
        assert!(Template::try_from(String::new()).unwrap().0.is_empty());
    }

    #[test]
    fn a_mapping_has_no_words_of_its_own() {
        let text = "source = 'a'\n[[records]]\nkind = 'company'\nfile = 'a.csv'\nexternal_id = '{id}'\nfeilds = {}\n";
        assert!(toml::from_str::<Mapping>(text).unwrap_err().message().contains("feilds"));
    }
}
