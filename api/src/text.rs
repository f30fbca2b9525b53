//! Text that people write: checked, and made fit for sorting and searching in the same way on both databases.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::{
    error::{Error, Result},
    messages,
};

/// The longest name.
pub const NAME_MAX: usize = 200;
/// The longest free text.
pub const NOTE_MAX: usize = 10_000;

/// A name that must be there: trimmed, at most [`NAME_MAX`] characters.
pub fn name(field: &'static str, text: &str) -> Result<String> {
    let text = trimmed(text);
    if text.is_empty() {
        return Err(Error::invalid(field, messages::required()));
    }
    limited(field, text, NAME_MAX)
}

/// A short text that may be missing; an empty one is.
pub fn optional(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    limited_optional(field, text, NAME_MAX)
}

/// A free text that may be missing; an empty one is.
pub fn note(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    limited_optional(field, text, NOTE_MAX)
}

/// Without what can't be seen at its ends: white space, and characters of no width.
fn trimmed(text: &str) -> &str {
    let unseen = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    };
    text.trim_matches(unseen)
}

fn limited_optional(field: &'static str, text: Option<String>, most: usize) -> Result<Option<String>> {
    let text = text.as_deref().map(trimmed).filter(|text| !text.is_empty());
    text.map(|text| limited(field, text, most)).transpose()
}

fn limited(field: &'static str, text: &str, most: usize) -> Result<String> {
    if text.chars().count() > most {
        return Err(Error::invalid(field, messages::at_most(most)));
    }
    // PostgreSQL's text can't hold a NUL.
    Ok(text.chars().filter(|letter| *letter != '\0').collect())
}

/// What text is sorted and compared by: without case and accents. Georgian letters sort by their code points, which are in
/// the order of the alphabet.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let folded: String =
        text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What searches look into: the sort keys of all texts that a record is known by.
#[must_use]
pub fn search_text<'a>(texts: impl IntoIterator<Item = Option<&'a String>>) -> String {
    texts.into_iter().flatten().map(|text| sort_key(text)).collect::<Vec<_>>().join("\n")
}

/// A day, written 2026-01-31.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let day = text.parse().ok().filter(|_| text.len() == 10)?;
    is_sensible(day).then_some(day)
}

/// Years before 1900 and after 2200 are mistakes, and dates outside can't be computed with.
#[must_use]
pub fn is_sensible(day: NaiveDate) -> bool {
    (1900..=2200).contains(&day.year())
}

/// A decimal number, written 1234.50 or -1234.50.
#[must_use]
pub fn decimal(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|letter| letter.is_ascii_digit() || matches!(letter, b'.' | b'-'));
    Decimal::from_str_exact(text).ok().filter(|_| plain)
}

/// Checks an e-mail address and brings it into lower case.
pub fn email(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let wrong = || Error::invalid(field, messages::email());
    if text.chars().count() > NAME_MAX || text.chars().any(char::is_control) {
        return Err(wrong());
    }
    text.parse::<lettre::Address>().map_err(|_| wrong())?;
    Ok(text)
}

/// An e-mail address that may be missing.
pub fn optional_email(field: &'static str, text: Option<String>) -> Result<Option<String>> {
    match text.as_deref().map(str::trim) {
        None | Some("") => Ok(None),
        Some(text) => email(field, text).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sort_keys_know_neither_case_nor_accents() {
        assert_eq!(sort_key("  Bólido   Comidas "), "bolido comidas");
        assert_eq!(sort_key("ÉCOLE"), sort_key("ecole"));
    }

    #[test]
    fn georgian_sorts_by_its_alphabet() {
        let mut names = ["ჯავა", "ბორჯომი", "ანა", "ქართული თაღი", "თბილისი"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["ანა", "ბორჯომი", "თბილისი", "ქართული თაღი", "ჯავა"]);
        // Capital letters (Mtavruli) are the same letters.
        assert_eq!(sort_key("ᲗᲑᲘᲚᲘᲡᲘ"), sort_key("თბილისი"));
    }

    #[test]
    fn days_and_decimals_are_written_in_one_way() {
        assert_eq!(day("2024-02-29"), NaiveDate::from_ymd_opt(2024, 2, 29));
        for wrong in ["2026-02-29", "2026-1-31", "31.01.2026", "+12026-01-31", "0026-01-31", "2026-01-31 ", ""] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
        assert_eq!(decimal("-1234.50"), Some(Decimal::new(-123_450, 2)));
        for wrong in ["1_000", "1,5", "1e3", "+1", " 1", "", "-", "0.00000000000000000000000000001"] {
            assert_eq!(decimal(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn texts_are_trimmed_and_limited() {
        assert_eq!(name("name", " Arch ").unwrap(), "Arch");
        assert!(name("name", "   ").is_err());
        assert!(name("name", " \u{200b}\t").is_err());
        assert!(name("name", &"ა".repeat(201)).is_err());
        assert_eq!(optional("code", Some("  ".into())).unwrap(), None);
        assert_eq!(email("email", " Nino@Example.com ").unwrap(), "nino@example.com");
        assert!(email("email", "nino").is_err());
    }
}
