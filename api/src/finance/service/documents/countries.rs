//! The names of countries, as an address ends.

use std::{collections::HashMap, sync::LazyLock};

use kamara_documents::Language;

/// By ISO 3166-1 code: the English name and the Georgian one, out of Unicode's CLDR.
static NAMES: LazyLock<HashMap<&str, (&str, &str)>> = LazyLock::new(|| {
    let rows = include_str!("countries.csv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split(',');
        Some((cells.next()?, (cells.next()?, cells.next()?)))
    })
    .collect()
});

/// A country's name in a language; what is no code, such as a name that came with an import, is left as it is.
pub(super) fn name(country: &str, language: Language) -> &str {
    match (NAMES.get(country), language) {
        (Some((english, _)), Language::English) => english,
        (Some((_, georgian)), Language::Georgian) => georgian,
        (None, _) => country,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names_and_names_stay() {
        assert_eq!(name("DE", Language::English), "Germany");
        assert_eq!(name("DE", Language::Georgian), "გერმანია");
        assert_eq!(name("Germany", Language::Georgian), "Germany");
        assert_eq!(NAMES.len(), include_str!("countries.csv").lines().count() - 1, "three cells in each row");
        assert!(NAMES.values().all(|(english, georgian)| !english.is_empty() && !georgian.is_ascii()));
    }
}
