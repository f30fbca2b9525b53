//! What the event of a document tells of its parts.

use std::collections::HashSet;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// What an event tells of a part.
pub(crate) type ToldPart = Map<String, Value>;

/// A part's own values: without the ids of what it's a part of, which its place in the event says, and without what is empty. Its
/// own id is none of them, since a draft's parts are written anew with each change.
pub(crate) fn told(new: &impl Serialize, of: &[&str]) -> Result<ToldPart> {
    let Value::Object(values) = serde_json::to_value(new).map_err(Error::internal)? else {
        return Err(Error::internal("a part without fields"));
    };
    Ok(values.into_iter().filter(|(name, value)| !value.is_null() && !of.contains(&name.as_str())).collect())
}

/// Parts that a change replaced, by what they're called in the event: `lines`, `instalments`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replaced {
    pub(super) before: Map<String, Value>,
    pub(super) after: Map<String, Value>,
}

impl Replaced {
    /// Parts of one kind, as they were and as they are. Those that stay as they were aren't told, so that one amount of a budget of
    /// thousands is seen.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, before: Vec<ToldPart>, after: Vec<ToldPart>) -> Self {
        let (gone, new) = (others(&before, &after), others(&after, &before));
        if !gone.is_empty() || !new.is_empty() {
            self.before.insert(name.to_owned(), gone.into());
            self.after.insert(name.to_owned(), new.into());
        }
        self
    }
}

/// Those parts that aren't among the others.
fn others(parts: &[ToldPart], among: &[ToldPart]) -> Vec<Value> {
    let among: HashSet<&ToldPart> = among.iter().collect();
    parts.iter().filter(|part| !among.contains(part)).cloned().map(Value::Object).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(position: i32, account: &str) -> ToldPart {
        told(&json!({ "bill_id": "b", "position": position, "account_id": account, "project_id": null }), &["bill_id"])
            .unwrap()
    }

    #[test]
    fn only_what_changed_is_told() {
        let (before, after) = (vec![line(1, "x"), line(2, "x")], vec![line(1, "x"), line(2, "y"), line(3, "y")]);
        let replaced = Replaced::default().with("lines", before.clone(), after);
        assert_eq!(Value::Object(replaced.before), json!({ "lines": [{ "position": 2, "account_id": "x" }] }));
        let after = json!({ "lines": [{ "position": 2, "account_id": "y" }, { "position": 3, "account_id": "y" }] });
        assert_eq!(Value::Object(replaced.after), after);
        let same = Replaced::default().with("lines", before.clone(), before);
        assert!(same.before.is_empty() && same.after.is_empty());
    }
}
