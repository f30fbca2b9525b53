//! How numbers and days are written.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::Language;

/// A number with its thousands apart: `1,234.50`, or `1 234,50` with narrow spaces that lines don't break at. The minus is
/// the keyboard's, which whoever copies a number can reckon with. Its places are those that it has.
pub(crate) fn number(value: Decimal, language: Language) -> String {
    let (group, point) = match language {
        Language::English => (',', '.'),
        Language::Georgian => ('\u{202f}', ','),
    };
    let text = value.abs().to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut written = String::with_capacity(text.len() + 8);
    if value.is_sign_negative() && !value.is_zero() {
        written.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            written.push(group);
        }
        written.push(digit);
    }
    if !fraction.is_empty() {
        written.push(point);
        written.push_str(fraction);
    }
    written
}

/// A quantity or a price: with as many places as it needs, and at least some.
pub(crate) fn at_least(value: Decimal, places: u32, language: Language) -> String {
    let mut value = value.normalize();
    if value.scale() < places {
        value.rescale(places);
    }
    number(value, language)
}

/// A percentage: `18%`, and `18 %` in Georgian.
pub(crate) fn percent(value: Decimal, language: Language) -> String {
    let space = if language == Language::Georgian { "\u{202f}" } else { "" };
    format!("{}{space}%", number(value.normalize(), language))
}

/// A day in a table: `30 Nov 2026` or `30.11.2026`, with spaces that lines don't break at.
pub(crate) fn day(date: NaiveDate, language: Language) -> String {
    match language {
        Language::English => date.format("%-d\u{a0}%b\u{a0}%Y").to_string(),
        Language::Georgian => date.format("%d.%m.%Y").to_string(),
    }
}

/// A day in a head: `30 November 2026` or `30 ნოემბერი, 2026`.
pub(crate) fn long_day(date: NaiveDate, language: Language) -> String {
    const MONTHS: [&str; 12] = [
        "იანვარი",
        "თებერვალი",
        "მარტი",
        "აპრილი",
        "მაისი",
        "ივნისი",
        "ივლისი",
        "აგვისტო",
        "სექტემბერი",
        "ოქტომბერი",
        "ნოემბერი",
        "დეკემბერი",
    ];
    match language {
        Language::English => date.format("%-d\u{a0}%B\u{a0}%Y").to_string(),
        Language::Georgian => format!("{}\u{a0}{},\u{a0}{}", date.day(), MONTHS[date.month0() as usize], date.year()),
    }
}

/// From one day to another.
pub(crate) fn period(from: NaiveDate, to: NaiveDate, language: Language) -> String {
    format!("{}\u{a0}\u{2013} {}", day(from, language), day(to, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn thousands_stand_apart_and_no_place_is_lost() {
        let both = |text| (number(decimal(text), Language::English), number(decimal(text), Language::Georgian));
        for (text, english, georgian) in [
            ("0.00", "0.00", "0,00"),
            ("999.5", "999.5", "999,5"),
            ("1000", "1,000", "1\u{202f}000"),
            ("-1234567.80", "-1,234,567.80", "-1\u{202f}234\u{202f}567,80"),
            ("90000000000000.00", "90,000,000,000,000.00", "90\u{202f}000\u{202f}000\u{202f}000\u{202f}000,00"),
            ("-0.00", "0.00", "0,00"),
        ] {
            assert_eq!(both(text), (english.to_owned(), georgian.to_owned()), "{text}");
        }
    }

    #[test]
    fn prices_have_the_places_that_they_need() {
        assert_eq!(at_least(decimal("80"), 2, Language::English), "80.00");
        assert_eq!(at_least(decimal("0.0375"), 2, Language::Georgian), "0,0375");
        assert_eq!(at_least(decimal("7.500000"), 0, Language::English), "7.5");
        assert_eq!(at_least(decimal("1200"), 0, Language::English), "1,200");
        assert_eq!(percent(decimal("18.00"), Language::English), "18%");
    }

    #[test]
    fn days_are_written_for_the_language() {
        let date = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        assert_eq!(day(date, Language::English), "5\u{a0}Jan\u{a0}2026");
        assert_eq!(day(date, Language::Georgian), "05.01.2026");
        assert_eq!(long_day(date, Language::English), "5\u{a0}January\u{a0}2026");
        assert_eq!(long_day(date, Language::Georgian), "5\u{a0}იანვარი,\u{a0}2026");
    }
}
