//! What an event changed, field by field, in the names and units of the API.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use kamara_migration::catalogue;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::{error::camel, money};

/// A field that is other than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Its name in the API.
    pub(super) field: String,
    /// What it was.
    pub(super) before: Option<String>,
    /// What it is.
    pub(super) after: Option<String>,
    /// The kind of record whose id it holds.
    pub(super) refers_to: Option<String>,
}

/// What every row has, or what is only reckoned from other fields.
const LEFT_OUT: &[&str] = &[
    "tenant_id",
    "id",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "version",
    "sort_key",
    "search_text",
    "supplier_key",
    "hash",
];
/// Fields that hold 10⁻⁶ of a unit.
const MICRO: &[&str] = &["quantity", "unit_price", "rate", "hours", "cost_rate"];
/// What people cost, told only to who may see it.
const PAY: &[(&str, &str)] = &[("employee", "cost_rate"), ("time_entry", "cost_minor")];

/// The kind of record that a column's ids are of, by kind and column: what the foreign keys say.
static REFERRED: LazyLock<HashMap<(&str, &str), &str>> = LazyLock::new(|| {
    let of_table = |table: kamara_migration::table::Table| {
        table.referred().map(|(column, referred)| ((table.name, column), referred)).collect::<Vec<_>>()
    };
    catalogue::tables().into_iter().flat_map(of_table).collect()
});

/// Whether a field is only for those who may see what people cost.
fn is_hidden(kind: &str, field: &str) -> bool {
    PAY.contains(&(kind, field))
}

/// The fields that an event changed. `sees_pay` says whether the reader may see what people cost.
pub(super) fn changes(
    kind: &str,
    (before, after): (Option<&Value>, Option<&Value>),
    base_currency: &str,
    sees_pay: bool,
) -> Vec<Change> {
    let object = |value: Option<&Value>| value.and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (object(before), object(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let shown = |name: &&&String| {
        let name = name.as_str();
        let secret = name.ends_with("_hash") || name.contains("password") || name.contains("token");
        !LEFT_OUT.contains(&name) && !secret && (sees_pay || !is_hidden(kind, name))
    };
    names
        .iter()
        .filter(shown)
        .filter_map(|name| {
            let (old, new) = (value(&before, name, base_currency), value(&after, name, base_currency));
            let field = camel(name.trim_end_matches("_minor").trim_end_matches("_bp"));
            let refers_to = refers_to(kind, name, [&after, &before]);
            (old != new).then_some(Change { field, before: old, after: new, refers_to })
        })
        .collect()
}

/// The kind of record whose id a field holds. What hangs on any record says so beside it.
fn refers_to(kind: &str, name: &str, rows: [&Map<String, Value>; 2]) -> Option<String> {
    if name == "subject_id" {
        return rows.into_iter().find_map(|row| row.get("subject_kind")?.as_str().map(ToOwned::to_owned));
    }
    REFERRED.get(&(kind, name)).map(|referred| (*referred).to_owned())
}

/// A field's value as a person writes it.
fn value(row: &Map<String, Value>, name: &str, base_currency: &str) -> Option<String> {
    let value = row.get(name)?;
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => {
            Some(number.as_i64().map_or_else(|| number.to_string(), |number| written(row, name, number, base_currency)))
        }
        other => Some(other.to_string()),
    }
}

fn written(row: &Map<String, Value>, name: &str, number: i64, base_currency: &str) -> String {
    if name.ends_with("_minor") {
        let in_base = name.starts_with("base_") || name == "cost_minor";
        let currency = row.get("currency").and_then(Value::as_str).filter(|_| !in_base).unwrap_or(base_currency);
        return money::from_minor(number, currency).to_string();
    }
    if name.ends_with("_bp") {
        return format!("{}%", Decimal::new(number, 2).normalize());
    }
    if MICRO.contains(&name) {
        return Decimal::new(number, 6).normalize().to_string();
    }
    number.to_string()
}

/// What a person knows the changed record by.
pub(super) fn subject_name(before: Option<&Value>, after: Option<&Value>) -> Option<String> {
    let row = after.or(before)?;
    let text = |name: &&str| row.get(*name).and_then(Value::as_str).map(ToOwned::to_owned);
    ["number", "name", "description", "email", "code", "reference"].iter().find_map(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(
        kind: &str,
        before: &Value,
        after: &Value,
        sees_pay: bool,
    ) -> Vec<(String, Option<String>, Option<String>)> {
        let some = |value: &Value| (!value.is_null()).then(|| value.clone());
        let (before, after) = (some(before), some(after));
        let changes = changes(kind, (before.as_ref(), after.as_ref()), "GEL", sees_pay);
        changes.into_iter().map(|change| (change.field, change.before, change.after)).collect()
    }

    fn change(field: &str, before: Option<&str>, after: Option<&str>) -> (String, Option<String>, Option<String>) {
        (field.into(), before.map(Into::into), after.map(Into::into))
    }

    #[test]
    fn values_are_written_as_the_api_writes_them() {
        let before = json!({
            "id": "a", "version": 1, "currency": "JPY", "total_minor": 500, "base_total_minor": 1_250, "rate": 2_500_000,
            "document_discount_bp": 0, "note": null, "status": "draft",
        });
        let after = json!({
            "id": "a", "version": 2, "currency": "JPY", "total_minor": 600, "base_total_minor": 1_500, "rate": 2_500_000,
            "document_discount_bp": 750, "note": "thanks", "status": "draft",
        });
        let expected = [
            change("baseTotal", Some("12.50"), Some("15.00")),
            change("documentDiscount", Some("0%"), Some("7.5%")),
            change("note", None, Some("thanks")),
            change("total", Some("500"), Some("600")),
        ];
        assert_eq!(told("invoice", &before, &after, true), expected);
    }

    #[test]
    fn a_new_record_changes_every_field_that_it_has() {
        let after =
            json!({ "tenant_id": "t", "name": "Arch", "is_client": true, "tax_id": null, "search_text": "arch" });
        let expected = [change("isClient", None, Some("true")), change("name", None, Some("Arch"))];
        assert_eq!(told("company", &Value::Null, &after, true), expected);
    }

    #[test]
    fn what_people_cost_and_secrets_stay_hidden() {
        let (before, after) =
            (json!({ "cost_rate": 30_000_000 }), json!({ "cost_rate": 35_000_000, "token_hash": "x" }));
        assert!(told("employee", &before, &after, false).is_empty());
        assert_eq!(told("employee", &before, &after, true), [change("costRate", Some("30"), Some("35"))]);
    }

    #[test]
    fn a_field_says_whose_id_it_holds() {
        let of = |kind: &str, row: Value| {
            let changes = changes(kind, (None, Some(&row)), "GEL", true);
            changes.into_iter().filter_map(|change| change.refers_to).collect::<Vec<_>>()
        };
        assert_eq!(of("bill", json!({ "credits_id": "a", "number": "b" })), ["bill"]);
        assert_eq!(of("invoice", json!({ "credits_id": "a" })), ["invoice"]);
        assert_eq!(of("approval_delegation", json!({ "from_id": "a", "to_id": "b" })), ["membership", "membership"]);
        assert_eq!(of("file", json!({ "subject_kind": "expense", "subject_id": "a" })), ["expense"]);
    }

    #[test]
    fn a_record_is_known_by_its_number_or_its_name() {
        let (draft, issued) = (json!({ "number": null, "note": "x" }), json!({ "number": "INV-000001" }));
        assert_eq!(subject_name(Some(&draft), Some(&issued)).as_deref(), Some("INV-000001"));
        assert_eq!(subject_name(Some(&draft), None), None);
        assert_eq!(subject_name(None, Some(&json!({ "name": "Nino", "code": "N" }))).as_deref(), Some("Nino"));
    }
}
