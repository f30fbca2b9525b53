//! The charts of accounts that companies begin with: trees of groups, which take no entries, and accounts.

mod general;
mod georgia;

use std::collections::{HashMap, HashSet};

use kamara_entities::{AccountId, AccountRole as Role, AccountType as Type, Language, account};

use crate::{tenancy::TenantScope, text};

/// An account of a chart, or a group of them.
struct Entry {
    code: &'static str,
    en: &'static str,
    ka: &'static str,
    account_type: Type,
    role: Option<Role>,
    is_group: bool,
}

impl Entry {
    const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ka => self.ka,
        }
    }
}

const fn entry(
    code: &'static str,
    en: &'static str,
    ka: &'static str,
    account_type: Type,
    role: Option<Role>,
) -> Entry {
    Entry { code, en, ka, account_type, role, is_group: false }
}

const fn group(code: &'static str, en: &'static str, ka: &'static str, account_type: Type) -> Entry {
    Entry { code, en, ka, account_type, role: None, is_group: true }
}

fn of_country(country: &str) -> &'static [Entry] {
    match country {
        "GE" => georgia::ENTRIES,
        _ => general::ENTRIES,
    }
}

/// The accounts of the chart of the tenant's country that it lacks, groups before what they hold.
///
/// An account is there when its code is, or another that has its role: which account a document posts on doesn't change.
pub(super) fn missing(
    scope: &TenantScope,
    language: Language,
    present: &[account::Model],
) -> Vec<(AccountId, account::New)> {
    let mut ids: HashMap<&str, (AccountId, Type)> = present
        .iter()
        .filter(|account| account.is_group && account.archived_at.is_none())
        .map(|account| (account.code.as_str(), (account.id, account.account_type)))
        .collect();
    let codes: HashSet<&str> = present.iter().map(|account| account.code.as_str()).collect();
    let roles: HashSet<Role> =
        present.iter().filter(|account| account.archived_at.is_none()).filter_map(|account| account.role).collect();
    let mut missing = Vec::new();
    for entry in of_country(&scope.tenant().country) {
        if codes.contains(entry.code) || entry.role.is_some_and(|role| roles.contains(&role)) {
            continue;
        }
        let id = scope.env().id();
        let parent = groups_of(entry.code).into_iter().find_map(|code| ids.get(code.as_str()));
        let parent_id = parent.filter(|(_, parent)| *parent == entry.account_type).map(|(id, _)| *id);
        if entry.is_group {
            ids.insert(entry.code, (id, entry.account_type));
        }
        let (code, name) = (entry.code.to_owned(), entry.name(language).to_owned());
        let new = account::New {
            search_text: text::search_text([Some(&code), Some(&name)]),
            code,
            name,
            account_type: entry.account_type,
            role: entry.role,
            parent_id,
            is_group: entry.is_group,
            source: None,
            external_id: None,
        };
        missing.push((id, new));
    }
    missing
}

/// The codes of the groups that a code of four digits may stand in, the nearest first: 1210 in 1200 and in 1000.
fn groups_of(code: &str) -> Vec<String> {
    let prefix = |digits: usize| code.get(..digits).map(|prefix| format!("{prefix:0<4}"));
    [prefix(2), prefix(1)].into_iter().flatten().filter(|group| group != code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_one_account_and_every_code_is_unique() {
        for entries in [general::ENTRIES, georgia::ENTRIES] {
            let roles: Vec<Role> = entries.iter().filter_map(|entry| entry.role).collect();
            let alone = roles.iter().filter(|role| role.is_alone());
            assert_eq!(alone.clone().collect::<HashSet<_>>().len(), alone.count());
            assert_eq!(roles.iter().collect::<HashSet<_>>(), Role::ALL.iter().collect());
            assert_eq!(entries.iter().map(|entry| entry.code).collect::<HashSet<_>>().len(), entries.len());
            assert!(entries.is_sorted_by_key(|entry| entry.code), "a group comes before what it holds");
        }
    }

    #[test]
    fn every_account_stands_in_a_group() {
        for entries in [general::ENTRIES, georgia::ENTRIES] {
            let groups: HashMap<&str, Type> =
                entries.iter().filter(|entry| entry.is_group).map(|entry| (entry.code, entry.account_type)).collect();
            // Georgia's chart has income among 8000 and tax in 9000, which hold accounts of both kinds.
            let alone = ["8110", "9210"];
            for entry in entries.iter().filter(|entry| !entry.is_group && !alone.contains(&entry.code)) {
                let group = groups_of(entry.code).into_iter().find_map(|code| groups.get(code.as_str()).copied());
                assert_eq!(group, Some(entry.account_type), "{}", entry.code);
            }
        }
    }
}
