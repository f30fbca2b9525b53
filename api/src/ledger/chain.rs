//! The chain of hashes over the journal: each entry's is reckoned over its values, its lines and the hash before, so that a row
//! which is changed, taken out or put in behind the server's back breaks it.

use std::fmt::{Display, Write as _};

use kamara_entities::{journal_entry, journal_line};
use sha2::{Digest as _, Sha256};

use crate::env::hex;

/// The hash of an entry whose lines are given in their order: SHA-256, in hex. `previous` is that of the entry before; none for
/// the first, and for the first after entries that have none.
#[must_use]
pub fn hash(previous: Option<&str>, entry: &journal_entry::Model, lines: &[journal_line::Model]) -> String {
    let mut text = Text::default();
    text.value("kamara journal 1").value(entry.tenant_id).optional(previous);
    text.value(entry.id).value(entry.seq).value(entry.date).value(entry.service_date).value(&entry.description);
    text.value(entry.source_kind.text()).optional(entry.source_id).optional(entry.reverses_id).value(entry.closing);
    // PostgreSQL keeps microseconds.
    text.value(entry.created_at.timestamp_micros()).optional(entry.created_by).value(lines.len());
    for line in lines {
        text.value(line.id).value(line.seq).value(line.date).value(line.closing).value(line.position);
        text.value(line.account_id).value(line.amount_minor).value(&line.currency).value(line.rate);
        text.value(line.base_minor).optional(line.description.as_ref()).optional(line.company_id);
        text.optional(line.party_id).optional(line.item_id).optional(line.tax_code_id).optional(line.tax_base_minor);
        text.optional(line.project_id).optional(line.department_id).optional(line.cost_centre_id);
        text.optional(line.employee_id).optional(line.seller_id).optional(line.deal_id).optional(line.service_id);
    }
    hex(&Sha256::digest(text.0.as_bytes()))
}

/// Values, each after its length, so that no two rows give the same text.
#[derive(Default)]
struct Text(String);

impl Text {
    fn value(&mut self, value: impl Display) -> &mut Self {
        let value = value.to_string();
        // Writing to a string doesn't fail.
        let _ = write!(self.0, "{}:{value};", value.len());
        self
    }

    fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        if let Some(value) = value {
            return self.value(value);
        }
        self.0.push_str("-;");
        self
    }
}

#[cfg(test)]
mod tests {
    use kamara_entities::{SourceKind, TenantId};
    use uuid::Uuid;

    use super::*;

    fn entry(description: &str) -> journal_entry::Model {
        journal_entry::Model {
            tenant_id: TenantId(Uuid::nil()),
            id: Uuid::nil().into(),
            seq: 1,
            date: "2026-01-31".parse().unwrap(),
            service_date: "2026-01-31".parse().unwrap(),
            description: description.into(),
            source_kind: SourceKind::Manual,
            source_id: None,
            reverses_id: None,
            closing: false,
            hash: None,
            created_at: chrono::DateTime::UNIX_EPOCH,
            created_by: None,
        }
    }

    #[test]
    fn every_value_and_the_hash_before_count() {
        let first = hash(None, &entry("rent"), &[]);
        assert_eq!(first.len(), 64);
        assert_eq!(first, hash(None, &entry("rent"), &[]));
        assert_ne!(first, hash(None, &entry("rent "), &[]));
        assert_ne!(first, hash(Some(&first), &entry("rent"), &[]));
        let later = journal_entry::Model { service_date: "2026-02-01".parse().unwrap(), ..entry("rent") };
        assert_ne!(first, hash(None, &later, &[]));
        let by_nobody = journal_entry::Model { source_id: Some(Uuid::nil()), ..entry("rent") };
        assert_ne!(first, hash(None, &by_nobody, &[]));
    }
}
