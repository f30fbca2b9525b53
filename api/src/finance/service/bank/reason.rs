//! Why a line and a document may belong together, for a person to judge.

use chrono::NaiveDate;

use crate::error::Text;

/// One thing that speaks for a proposal, or says what it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The document's whole number is in the line's text.
    Number(String),
    /// The end of the number is.
    NumberEnd(String),
    /// The amount is exactly what is open.
    Amount,
    /// The amount is exactly that of so many open instalments, the last of which is due on a day.
    Instalments(usize, NaiveDate),
    /// The name is that of the company or person, as far as a hundred says.
    Name(String, u32),
    /// The tax number is theirs.
    TaxNumber(String),
    /// Earlier lines with this account were theirs.
    Account(String),
    /// So many documents add up to the amount.
    Documents(usize),
    /// So many lines add up to what is open.
    Lines(usize),
    /// What is due first is paid first.
    OldestFirst,
    /// A part stays open.
    Part,
    /// The rest is an advance.
    Over,
}

impl Reason {
    /// In words.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Number(number) => {
                Text::new(format!("The text has the number {number}."), format!("ტექსტში წერია ნომერი {number}."))
            }
            Self::NumberEnd(number) => Text::new(
                format!("The text has the end of the number {number}."),
                format!("ტექსტში წერია {number} ნომრის ბოლო ციფრები."),
            ),
            Self::Amount => Text::fixed("The amount is exactly what is open.", "თანხა ზუსტად ემთხვევა გადასახდელს."),
            Self::Instalments(1, day) => Text::new(
                format!("The amount is exactly the instalment due on {day}."),
                format!("თანხა ზუსტად ემთხვევა {day}-მდე გადასახდელ ნაწილს."),
            ),
            Self::Instalments(count, day) => Text::new(
                format!("The amount is exactly the {count} instalments due by {day}."),
                format!("თანხა ზუსტად ემთხვევა {day}-მდე გადასახდელ {count} ნაწილს."),
            ),
            Self::Name(name, 95..) => {
                Text::new(format!("The name is that of {name}."), format!("სახელი ემთხვევა: {name}."))
            }
            Self::Name(name, _) => Text::new(format!("The name is like {name}."), format!("სახელი ჰგავს: {name}.")),
            Self::TaxNumber(name) => Text::new(
                format!("The tax number is that of {name}."),
                format!("საიდენტიფიკაციო კოდი ემთხვევა: {name}."),
            ),
            Self::Account(name) => Text::new(
                format!("This account was that of {name} before."),
                format!("ამ ანგარიშით ადრეც იყო: {name}."),
            ),
            Self::Documents(count) => Text::new(
                format!("{count} documents add up to the amount exactly."),
                format!("{count} დოკუმენტის ჯამი ზუსტად ემთხვევა თანხას."),
            ),
            Self::Lines(count) => Text::new(
                format!("{count} lines add up to what is open exactly."),
                format!("{count} სტრიქონის ჯამი ზუსტად ემთხვევა გადასახდელს."),
            ),
            Self::OldestFirst => {
                Text::fixed("What was due first is paid first.", "ჯერ იფარება ის, რისი ვადაც უფრო ადრე იყო.")
            }
            Self::Part => Text::fixed(
                "It is less than what is open: a part stays open.",
                "გადასახდელზე ნაკლებია: ნაწილი ღიად რჩება.",
            ),
            Self::Over => Text::fixed(
                "It is more than what is open: the rest stays as an advance.",
                "გადასახდელზე მეტია: დანარჩენი ავანსად რჩება.",
            ),
        }
    }
}
