//! From a row's texts to the values of a record's fields.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{
    mapping::{Field, Kind, Lookup},
    problem::Problem,
    table::Row,
};
use crate::{error::Error, money, text};

/// The ids of what can be looked up: by `external_id`, and by code.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) by_external_id: HashMap<(Kind, String), Uuid>,
    pub(super) accounts: HashMap<String, Uuid>,
    pub(super) tax_codes: HashMap<String, Uuid>,
}

impl Ids {
    fn find(&self, lookup: Lookup, key: &str) -> Option<Uuid> {
        match (lookup.kind(), lookup) {
            (Some(kind), _) => self.by_external_id.get(&(kind, key.to_owned())).copied(),
            (None, Lookup::TaxCode) => self.tax_codes.get(key).copied(),
            (None, _) => self.accounts.get(key).copied(),
        }
    }
}

/// The fields of one record, taken one by one; what is wrong with any is kept.
pub(super) struct Values<'a> {
    pub(super) row: Row<'a>,
    fields: &'a BTreeMap<String, Field>,
    ids: &'a Ids,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Values<'a> {
    /// Those of a row.
    pub(super) const fn new(
        row: Row<'a>,
        fields: &'a BTreeMap<String, Field>,
        ids: &'a Ids,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self { row, fields, ids, problems }
    }

    fn wrong(&mut self, field: &str, reason: impl Into<String>) {
        let problem = problem_in(&self.row, self.fields, field, reason);
        self.problems.push(problem);
    }

    fn raw(&self, field: &str) -> Option<String> {
        let mapped = self.fields.get(field)?;
        mapped.value.of(&self.row).or_else(|| mapped.default.clone())
    }

    /// A text, or none.
    pub(super) fn text(&self, field: &str) -> Option<String> {
        self.raw(field)
    }

    /// A text that must be there.
    pub(super) fn required(&mut self, field: &str) -> String {
        self.raw(field).unwrap_or_else(|| {
            self.wrong(field, format!("{field} is needed"));
            String::new()
        })
    }

    /// A currency, or none.
    pub(super) fn currency(&mut self, field: &'static str) -> Option<String> {
        let checked = money::currency(field, &self.raw(field)?);
        checked.inspect_err(|error| self.refused(error)).ok()
    }

    /// Yes or no; no, when there's none.
    pub(super) fn boolean(&mut self, field: &str) -> bool {
        match self.raw(field).as_deref() {
            None | Some("false" | "0" | "no") => false,
            Some("true" | "1" | "yes") => true,
            Some(other) => {
                self.wrong(field, format!("{other:?} is neither true nor false"));
                false
            }
        }
    }

    /// A day, or none. A time behind it is left out.
    pub(super) fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.raw(field)?;
        let day = text.get(..10).filter(|_| text.len() == 10 || matches!(text.as_bytes()[10], b' ' | b'T'));
        let Some(date) = day.and_then(text::day) else {
            self.wrong(field, format!("{text:?} is not a day such as 2026-01-31"));
            return None;
        };
        let days = self.fields.get(field).and_then(|mapped| mapped.plus_days).unwrap_or(0);
        date.checked_add_days(Days::new(u64::from(days)))
    }

    /// A day that must be there.
    pub(super) fn required_date(&mut self, field: &str) -> NaiveDate {
        if self.raw(field).is_none() {
            self.wrong(field, format!("{field} is needed"));
        }
        self.date(field).unwrap_or_default()
    }

    /// A decimal number, or none.
    pub(super) fn decimal(&mut self, field: &str) -> Option<Decimal> {
        let text = self.raw(field)?;
        let Some(number) = text::decimal(&text) else {
            self.wrong(field, format!("{text:?} is not a decimal number such as 12.50"));
            return None;
        };
        let times = self.fields.get(field).and_then(|mapped| mapped.times).unwrap_or(Decimal::ONE);
        Some(number.checked_mul(times).unwrap_or(Decimal::MAX).normalize())
    }

    /// A decimal number that must be there.
    pub(super) fn required_decimal(&mut self, field: &str) -> Decimal {
        if self.raw(field).is_none() {
            self.wrong(field, format!("{field} is needed"));
        }
        self.decimal(field).unwrap_or_default()
    }

    /// The record that a field refers to, or none.
    pub(super) fn reference<I: From<Uuid>>(&mut self, field: &str, of: Lookup) -> Option<I> {
        let key = self.raw(field)?;
        match self.fields.get(field).and_then(|mapped| mapped.lookup) {
            Some(lookup) if lookup == of => {}
            _ => {
                self.wrong(field, format!("{field} is looked up: {{ lookup = …, value = … }}"));
                return None;
            }
        }
        let found = self.ids.find(of, &key);
        if found.is_none() {
            self.wrong(field, format!("there is no such {field}: {key}"));
        }
        found.map(I::from)
    }

    /// The record that a field must refer to.
    pub(super) fn required_reference<I: From<Uuid>>(&mut self, field: &str, of: Lookup) -> I {
        if self.raw(field).is_none() {
            self.wrong(field, format!("{field} is needed"));
        }
        self.reference(field, of).unwrap_or_else(|| I::from(Uuid::nil()))
    }

    /// Keeps what a rule says is wrong.
    pub(super) fn refused(&mut self, error: &Error) {
        let (field, reason) = told(error);
        self.wrong(&field, reason);
    }
}

/// What a rule says is wrong, and with which field of the mapping: `companyId` is `company` there.
pub(super) fn told(error: &Error) -> (String, String) {
    let name = error.field().unwrap_or_default();
    let mut field = String::new();
    for letter in name.strip_suffix("Id").unwrap_or(name).chars() {
        if letter.is_ascii_uppercase() {
            field.push('_');
        }
        field.push(letter.to_ascii_lowercase());
    }
    (field, error.message().en.into_owned())
}

/// A problem with a field of a row; the column is the one that the field is taken from.
pub(super) fn problem_in(
    row: &Row<'_>,
    fields: &BTreeMap<String, Field>,
    field: &str,
    reason: impl Into<String>,
) -> Problem {
    let columns: Vec<&str> = fields.get(field).map(|mapped| mapped.value.columns().collect()).unwrap_or_default();
    let column = if columns.is_empty() { field.to_owned() } else { columns.join(", ") };
    row.problem((!column.is_empty()).then_some(column.as_str()), reason)
}
