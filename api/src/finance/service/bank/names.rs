//! Names and numbers as banks write them: one name in Georgian letters, in Latin ones, shortened, misspelt, with its legal
//! form in front, behind or nowhere.

use std::{collections::HashSet, sync::LazyLock};

use crate::text;

/// Two words are the same at this likeness: one letter of eight may be wrong.
const SAME_WORD: f64 = 0.92;
/// Shorter words are the same only when they are equal.
const FUZZY_LENGTH: usize = 5;

/// Words that name a legal form, or a bank's way of saying "payment from", and nobody in particular.
static FORMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let forms = [
        "შპს",
        "სს",
        "სპს",
        "კს",
        "აიპ",
        "ააიპ",
        "სსიპ",
        "ფიზიკური",
        "პირი",
        "მეწარმე",
        "ინდივიდუალური",
        "კომპანია",
        "llc",
        "ltd",
        "limited",
        "jsc",
        "inc",
        "corp",
        "corporation",
        "co",
        "company",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "aps",
        "ou",
        "sia",
        "uab",
        "sp",
        "zoo",
        "ooo",
        "oao",
        "zao",
        "ип",
        "ооо",
        "the",
        "and",
        "und",
        "et",
        "და",
    ];
    forms.into_iter().map(folded).collect()
});

/// A Georgian letter in Latin ones, by the national system (2002) without its apostrophes.
const fn latin(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ა' => "a",
        'ბ' => "b",
        'გ' => "g",
        'დ' => "d",
        'ე' => "e",
        'ვ' => "v",
        'ზ' => "z",
        'თ' | 'ტ' => "t",
        'ი' => "i",
        'კ' | 'ქ' => "k",
        'ლ' => "l",
        'მ' => "m",
        'ნ' => "n",
        'ო' => "o",
        'პ' | 'ფ' => "p",
        'ჟ' => "zh",
        'რ' => "r",
        'ს' => "s",
        'უ' => "u",
        'ღ' => "gh",
        'ყ' => "q",
        'შ' => "sh",
        'ჩ' | 'ჭ' => "ch",
        'ც' | 'წ' => "ts",
        'ძ' => "dz",
        'ხ' => "kh",
        'ჯ' => "j",
        'ჰ' => "h",
        _ => return None,
    })
}

/// A text in Latin letters, without case and accents.
fn transliterated(text: &str) -> String {
    let mut latin_text = String::with_capacity(text.len() * 2);
    for letter in text::sort_key(text).chars() {
        match latin(letter) {
            Some(latin) => latin_text.push_str(latin),
            None => latin_text.push(letter),
        }
    }
    latin_text
}

/// A word as it sounds: what people write differently for one Georgian letter (ხ as kh or x, ყ as q or k, წ as ts or c) is
/// the same, and so are doubled letters.
fn folded(word: &str) -> String {
    const PAIRS: [(&str, &str); 12] = [
        ("tch", "c"),
        ("sch", "s"),
        ("ch", "c"),
        ("ts", "c"),
        ("tz", "c"),
        ("dz", "z"),
        ("zh", "z"),
        ("sh", "s"),
        ("kh", "k"),
        ("gh", "g"),
        ("ph", "p"),
        ("ck", "k"),
    ];
    let word = transliterated(word);
    let (mut folded, mut rest) = (String::with_capacity(word.len()), word.as_str());
    while let Some(letter) = rest.chars().next() {
        let (sound, length) = match PAIRS.iter().find(|(pair, _)| rest.starts_with(pair)) {
            Some((pair, sound)) => ((*sound).to_owned(), pair.len()),
            None => (single(letter, rest), letter.len_utf8()),
        };
        for letter in sound.chars() {
            if !folded.ends_with(letter) {
                folded.push(letter);
            }
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    folded
}

fn single(letter: char, rest: &str) -> String {
    let soft = rest.chars().nth(1).is_some_and(|next| matches!(next, 'e' | 'i' | 'y'));
    match letter {
        'c' if soft => 'c'.into(),
        'c' | 'q' | 'x' => 'k'.into(),
        'y' => 'i'.into(),
        'w' => 'v'.into(),
        'f' => 'p'.into(),
        other => other.into(),
    }
}

/// The words of a name that say whose it is, as they sound.
#[must_use]
pub(super) fn name_words(name: &str) -> Vec<String> {
    // ი/მ, "individual entrepreneur", falls apart into single letters, which say nothing.
    let words = name.split(|letter: char| !letter.is_alphanumeric()).map(folded);
    let mut words: Vec<String> = words.filter(|word| word.chars().count() > 1 && !FORMS.contains(word)).collect();
    words.sort();
    words.dedup();
    words
}

fn same(one: &str, other: &str) -> bool {
    one == other
        || one.chars().count().min(other.chars().count()) >= FUZZY_LENGTH
            && strsim::jaro_winkler(one, other) >= SAME_WORD
}

/// How much of a name is in another, by letters: 100 is all of both. Both as [`name_words`] gives them.
#[must_use]
pub(super) fn likeness(name: &[String], written: &[String]) -> u32 {
    let letters = |words: &[String]| words.iter().map(|word| word.chars().count()).sum::<usize>();
    let (all, written_all) = (letters(name), letters(written));
    if all == 0 || written_all == 0 {
        return 0;
    }
    let shared: usize =
        name.iter().filter(|word| written.iter().any(|other| same(word, other))).map(|word| word.chars().count()).sum();
    // A bank adds addresses to names: what is all there counts nearly as much as what is all there is.
    let (found, both) = (shared * 100 / all, (2 * shared * 100 / (all + written_all)).min(100));
    let likeness = if found == 100 { both.max(90) } else { usize::midpoint(found, both) };
    u32::try_from(likeness).unwrap_or(0)
}

/// A text in runs of letters and runs of digits: `INV-2026/0012`, `inv 2026 0012` and `ინვ2026-0012` have the same.
#[must_use]
pub(super) fn runs(text: &str) -> Vec<String> {
    let (mut runs, mut last) = (Vec::<String>::new(), None);
    for letter in transliterated(text).chars() {
        let kind = letter.is_alphanumeric().then(|| letter.is_numeric());
        if let Some(kind) = kind {
            match runs.last_mut().filter(|_| last == Some(kind)) {
                Some(run) => run.push(letter),
                None => runs.push(letter.into()),
            }
        }
        last = kind;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> u32 {
        likeness(&name_words(one), &name_words(other))
    }

    #[test]
    fn legal_forms_and_case_say_nothing() {
        assert_eq!(alike("შპს ქართული თაღი", "ქართული თაღი შპს"), 100);
        assert_eq!(alike("Bolido Comidas LLC", "BÓLIDO COMIDAS"), 100);
        assert_eq!(alike("LLC", "Ltd"), 0);
    }

    #[test]
    fn georgian_and_latin_letters_are_one_name() {
        assert_eq!(alike("შპს ყვარლის ხევი", "KVARLIS XEVI LLC"), 100);
        assert_eq!(alike("შპს ყვარლის ხევი", "Qvarlis Khevi"), 100);
        assert_eq!(alike("წყალტუბოს წყალი", "Tskaltubos Tskali Ltd"), 100);
        assert_eq!(alike("კოკა-კოლა", "Coca-Cola"), 100);
        assert_eq!(alike("ი/მ გიორგი ჩხეიძე", "Giorgi Chkheidze"), 100);
        // Mtavruli, the capital letters.
        assert_eq!(alike("ᲥᲐᲠᲗᲣᲚᲘ ᲗᲐᲦᲘ", "ქართული თაღი"), 100);
    }

    #[test]
    fn a_name_is_found_among_more_and_misspelt() {
        assert!(alike("Northwind Traders", "NORTHWIND TRADERS TBILISI RUSTAVELI 12") >= 90);
        assert!(alike("Northwind Traders", "Nortwind Traders") >= 90);
        assert!(alike("Northwind Traders", "Southwind Partners") < 50);
        assert_eq!(alike("ალფა", "ბეტა"), 0);
    }

    #[test]
    fn numbers_fall_into_the_same_runs_however_they_are_written() {
        for written in ["INV-2026/0012", "inv 2026 0012", "ინვ2026-0012", "Inv.2026_0012"] {
            assert_eq!(runs(written), ["inv", "2026", "0012"], "{written}");
        }
    }
}
