//! What errors say, in both languages: one place for whoever translates.

use crate::error::Text;

/// A required value is missing.
#[must_use]
pub(crate) const fn required() -> Text {
    Text::fixed("This is needed.", "ეს ველი აუცილებელია.")
}

/// A text is too long.
#[must_use]
pub(crate) fn at_most(length: usize) -> Text {
    Text::new(format!("At most {length} characters."), format!("არაუმეტეს {length} სიმბოლოსი."))
}

/// Not an e-mail address.
#[must_use]
pub(crate) const fn email() -> Text {
    Text::fixed("An e-mail address is like name@example.com.", "ელფოსტის მისამართის ნიმუშია name@example.com.")
}

/// Not a currency.
#[must_use]
pub(crate) const fn currency() -> Text {
    Text::fixed("A currency is a code of ISO 4217: GEL, USD, EUR…", "ვალუტა არის ISO 4217 კოდი: GEL, USD, EUR…")
}

/// Not a country.
#[must_use]
pub(crate) const fn country() -> Text {
    Text::fixed(
        "A country is a two-letter code of ISO 3166: GE, US, DE…",
        "ქვეყანა არის ISO 3166-ის ორასოიანი კოდი: GE, US, DE…",
    )
}

/// Not a time zone.
#[must_use]
pub(crate) const fn time_zone() -> Text {
    Text::fixed(
        "A time zone is a name of the IANA list: Asia/Tbilisi, Europe/Berlin…",
        "დროის სარტყელი არის IANA სიის სახელი: Asia/Tbilisi, Europe/Berlin…",
    )
}

/// An amount has more digits than the currency.
#[must_use]
pub(crate) fn too_precise(currency: &str, digits: u32) -> Text {
    Text::new(
        format!("{currency} has {digits} decimal places at most."),
        format!("{currency} ვალუტას აქვს არაუმეტეს {digits} ათწილადი ნიშანი."),
    )
}

/// More than six decimal places.
#[must_use]
pub(crate) const fn six_places() -> Text {
    Text::fixed("At most six decimal places.", "არაუმეტეს ექვსი ათწილადი ნიშანი.")
}

/// A number is out of bounds.
#[must_use]
pub(crate) const fn too_large() -> Text {
    Text::fixed("This number is too large.", "ეს რიცხვი ძალიან დიდია.")
}

/// A number must be above zero.
#[must_use]
pub(crate) const fn positive() -> Text {
    Text::fixed("This must be more than zero.", "უნდა იყოს ნულზე მეტი.")
}

/// A number must not be below zero.
#[must_use]
pub(crate) const fn not_negative() -> Text {
    Text::fixed("This must not be negative.", "არ უნდა იყოს უარყოფითი.")
}

/// A percentage is out of bounds.
#[must_use]
pub(crate) const fn percentage() -> Text {
    Text::fixed(
        "A percentage from 0 to 100, with two decimal places at most.",
        "პროცენტი 0-დან 100-მდე, არაუმეტეს ორი ათწილადი ნიშნით.",
    )
}

/// A fraction is out of bounds.
#[must_use]
pub(crate) const fn fraction() -> Text {
    Text::fixed(
        "A fraction from 0 to 1, with four decimal places at most.",
        "წილადი 0-დან 1-მდე, არაუმეტეს ოთხი ათწილადი ნიშნით.",
    )
}

/// Not a day.
#[must_use]
pub(crate) const fn day() -> Text {
    Text::fixed("A day is written 2026-01-31.", "დღე იწერება ასე: 2026-01-31.")
}

/// `from` lies after `to`.
#[must_use]
pub(crate) const fn from_after_to() -> Text {
    Text::fixed("The first day must not lie after the last.", "პირველი დღე ბოლოზე გვიან არ უნდა იყოს.")
}

/// The version that the caller read is no longer the newest.
#[must_use]
pub(crate) const fn stale() -> Text {
    Text::fixed(
        "Somebody else changed this in the meantime. Reload it and try again.",
        "ეს ჩანაწერი ამასობაში სხვამ შეცვალა. განაახლეთ და სცადეთ თავიდან.",
    )
}

/// A date lies in a closed period.
#[must_use]
pub(crate) fn closed(until: chrono::NaiveDate) -> Text {
    Text::new(
        format!("The books are closed until {until}; choose a later date."),
        format!("წიგნები დახურულია {until}-მდე; აირჩიეთ უფრო გვიანი თარიღი."),
    )
}

/// A date is too far ahead to be meant.
#[must_use]
pub(crate) fn too_far(latest: chrono::NaiveDate) -> Text {
    Text::new(
        format!("Entries are dated at most a year ahead, until {latest}."),
        format!("გატარება მაქსიმუმ ერთი წლით ადრე თარიღდება, {latest}-მდე."),
    )
}

/// A date lies in a period whose taxes are declared.
#[must_use]
pub(crate) fn taxes_closed(until: chrono::NaiveDate) -> Text {
    Text::new(
        format!("Taxes are declared until {until}; choose a later date."),
        format!("გადასახადები დეკლარირებულია {until}-მდე; აირჩიეთ უფრო გვიანი თარიღი."),
    )
}

/// A date lies in a period in which nothing owed changes any more.
#[must_use]
pub(crate) fn sub_ledgers_closed(until: chrono::NaiveDate) -> Text {
    Text::new(
        format!("What clients owe and what is owed to suppliers is closed until {until}; choose a later date."),
        format!("მოთხოვნები და ვალდებულებები დახურულია {until}-მდე; აირჩიეთ უფრო გვიანი თარიღი."),
    )
}

/// An archived record can't be edited.
#[must_use]
pub(crate) const fn archived() -> Text {
    Text::fixed("This is archived. Restore it first.", "ჩანაწერი დაარქივებულია. ჯერ აღადგინეთ.")
}
