//! What an event changed, field by field, in the names and units of the API.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
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
/// What stands in an event as the parts of a record, by its kind and their name, and the table that they're rows of.
const PARTS: &[((&str, &str), &str)] = &[
    (("allocation_rule", "accounts"), "allocation_rule_account"),
    (("allocation_rule", "shares"), "allocation_share"),
    (("bill", "lines"), "bill_line"),
    (("bill_line", "cost_centre_splits"), "cost_split"),
    (("bill_line", "further_taxes"), "bill_line_tax"),
    (("budget", "lines"), "budget_line"),
    (("expense", "cost_centre_splits"), "cost_split"),
    (("invoice", "instalments"), "invoice_instalment"),
    (("invoice", "lines"), "invoice_line"),
    (("invoice_line", "cost_centre_splits"), "cost_split"),
    (("invoice_line", "further_taxes"), "invoice_line_tax"),
];
/// Parts of one kind whose fields are told, at the most.
const PARTS_MAX: usize = 200;
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
    let rows = [before, after].map(|row| row.and_then(Value::as_object));
    let currency = |row: Row<'_>| row.and_then(|row| row.get("currency")?.as_str()).unwrap_or(base_currency).to_owned();
    let mut telling = Telling { currencies: rows.map(currency), base_currency, sees_pay, changes: Vec::new() };
    telling.record(kind, "", rows);
    telling.changes
}

/// What is told of a record or of a part of one, before or after.
type Row<'a> = Option<&'a Map<String, Value>>;

struct Telling<'a> {
    /// Those of the document's amounts, before and after.
    currencies: [String; 2],
    base_currency: &'a str,
    sees_pay: bool,
    changes: Vec<Change>,
}

impl Telling<'_> {
    /// The fields of a record, or those of a part at `place`: `lines.2.`.
    fn record(&mut self, kind: &str, place: &str, rows: [Row<'_>; 2]) {
        let names: BTreeSet<&String> = rows.into_iter().flatten().flat_map(Map::keys).collect();
        for name in names {
            let secret = name.ends_with("_hash") || name.contains("password") || name.contains("token");
            // A part's position is in its place.
            let is_place = name == "position" && !place.is_empty();
            let hidden = !self.sees_pay && is_hidden(kind, name);
            if secret || is_place || hidden || LEFT_OUT.contains(&name.as_str()) {
                continue;
            }
            let field = format!("{place}{}", camel(name.trim_end_matches("_minor").trim_end_matches("_bp")));
            if let Some((_, part)) = PARTS.iter().find(|(of, _)| *of == (kind, name)) {
                self.parts(part, &field, rows.map(|row| parts(row, name)));
                continue;
            }
            let [before, after] = [0, 1].map(|side| self.value(rows[side], name, &self.currencies[side]));
            let refers_to = refers_to(kind, name, rows);
            if before != after {
                self.changes.push(Change { field, before, after, refers_to });
            }
        }
    }

    /// Parts that were replaced; of more than can be read, only how many they are.
    fn parts(&mut self, kind: &str, field: &str, rows: [&[Value]; 2]) {
        let beside = beside(rows);
        for (place, rows) in beside.iter().take(PARTS_MAX) {
            self.record(kind, &format!("{field}.{place}."), *rows);
        }
        if beside.len() > PARTS_MAX {
            let [before, after] = rows.map(|rows| Some(rows.len().to_string()));
            self.changes.push(Change { field: field.to_owned(), before, after, refers_to: None });
        }
    }

    /// A field's value as a person writes it.
    fn value(&self, row: Row<'_>, name: &str, currency: &str) -> Option<String> {
        match row?.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(
                number
                    .as_i64()
                    .map_or_else(|| number.to_string(), |number| written(name, number, currency, self.base_currency)),
            ),
            other => Some(other.to_string()),
        }
    }
}

/// The parts of a record of one kind.
fn parts<'a>(row: Row<'a>, name: &str) -> &'a [Value] {
    row.and_then(|row| row.get(name)?.as_array()).map_or(&[], Vec::as_slice)
}

/// Parts as they were, beside what they are: those with a position by it. Others are known by nothing but their values, so each
/// stands alone, as one that's gone or new.
fn beside(rows: [&[Value]; 2]) -> BTreeMap<i64, [Row<'_>; 2]> {
    let mut beside = BTreeMap::new();
    let mut alone = 0;
    for (side, rows) in rows.into_iter().enumerate() {
        for row in rows.iter().filter_map(Value::as_object) {
            alone += 1;
            let place = row.get("position").and_then(Value::as_i64).unwrap_or(alone);
            beside.entry(place).or_insert([None; 2])[side] = Some(row);
        }
    }
    beside
}

/// The kind of record whose id a field holds. What hangs on any record says so beside it.
fn refers_to(kind: &str, name: &str, rows: [Row<'_>; 2]) -> Option<String> {
    if name == "subject_id" {
        let told = |row: &Map<String, Value>| row.get("subject_kind")?.as_str().map(ToOwned::to_owned);
        return rows.into_iter().rev().flatten().find_map(told);
    }
    REFERRED.get(&(kind, name)).map(|referred| (*referred).to_owned())
}

fn written(name: &str, number: i64, currency: &str, base_currency: &str) -> String {
    if name.ends_with("_minor") {
        let in_base = name.starts_with("base_") || name == "cost_minor";
        return money::from_minor(number, if in_base { base_currency } else { currency }).to_string();
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
    fn parts_are_told_by_their_place() {
        let bill = |lines: Value| json!({ "currency": "JPY", "total_minor": 500, "lines": lines });
        let split = json!([{ "position": 1, "cost_centre_id": "c", "share_bp": 10_000 }]);
        let line = json!({ "position": 2, "account_id": "a", "net_minor": 500 });
        let split_line = json!({ "position": 2, "account_id": "b", "net_minor": 500, "cost_centre_splits": split });
        let expected = [
            change("lines.2.accountId", Some("a"), Some("b")),
            change("lines.2.costCentreSplits.1.costCentreId", None, Some("c")),
            change("lines.2.costCentreSplits.1.share", None, Some("100%")),
        ];
        assert_eq!(told("bill", &bill(json!([line])), &bill(json!([split_line])), true), expected);
        let new = told("bill", &bill(json!([])), &bill(json!([line])), true);
        assert_eq!(new[1], change("lines.2.net", None, Some("500")));
    }

    #[test]
    fn parts_without_a_place_are_gone_or_new() {
        let budget = |minor: i64| json!({ "name": "Plan", "lines": [{ "account_id": "a", "amount_minor": minor }] });
        let expected = [
            change("lines.1.accountId", Some("a"), None),
            change("lines.1.amount", Some("1.00"), None),
            change("lines.2.accountId", None, Some("a")),
            change("lines.2.amount", None, Some("2.00")),
        ];
        assert_eq!(told("budget", &budget(100), &budget(200), true), expected);
        let many = |count: i64| json!({ "lines": (0..count).map(|minor| json!({ "amount_minor": minor })).collect::<Vec<_>>() });
        let told = told("budget", &many(0), &many(1_000), true);
        assert_eq!((told.len(), told.last()), (PARTS_MAX + 1, Some(&change("lines", Some("0"), Some("1000")))));
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
