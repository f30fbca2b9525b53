//! A bank's statement, whatever file it came in.

use chrono::NaiveDate;

use crate::{
    error::{Error, Result, Text},
    money,
};

/// Lines that one file may have.
pub(super) const LINES_MAX: usize = 100_000;

/// What one bank says of one account: a balance, what moved it, and the balance after that.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The bank's name for it.
    pub reference: Option<String>,
    /// The account's IBAN or other number, where the file names one.
    pub account: Option<String>,
    /// Currency of all its amounts.
    pub currency: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What was on the account before the first line, in minor units.
    pub opening_minor: i64,
    /// What was on it after the last.
    pub closing_minor: i64,
    /// What moved it, in the bank's order.
    pub lines: Vec<Line>,
}

/// One booking of the bank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// When the bank booked it.
    pub date: NaiveDate,
    /// When it counts for interest.
    pub value_date: Option<NaiveDate>,
    /// Money in is positive, money out negative; in minor units.
    pub amount_minor: i64,
    /// Who paid or was paid.
    pub counterparty: Option<String>,
    /// That one's IBAN or other account number.
    pub iban: Option<String>,
    /// That one's tax number, which Georgian banks tell.
    pub tax_number: Option<String>,
    /// A reference for machines: the creditor's reference, the number of the document.
    pub reference: Option<String>,
    /// What the one who paid called the payment.
    pub end_to_end_id: Option<String>,
    /// What it's for, in words.
    pub description: Option<String>,
    /// The bank's own id of the booking.
    pub bank_reference: Option<String>,
}

impl Statement {
    /// Refuses a statement whose lines don't lead from its opening balance to its closing one.
    pub(super) fn check(&self) -> Result<()> {
        let moved = money::sum("content", self.lines.iter().map(|line| line.amount_minor))?;
        let reached = money::sum("content", [self.opening_minor, moved])?;
        if reached == self.closing_minor {
            return Ok(());
        }
        let show = |minor| format!("{} {}", money::from_minor(minor, &self.currency), self.currency);
        let name = self.reference.as_deref().unwrap_or("–");
        let (opening, moved, closing) = (show(self.opening_minor), show(moved), show(self.closing_minor));
        Err(refused(
            format!("Statement {name} does not add up: {opening} and lines of {moved} do not make {closing}."),
            format!("ამონაწერი {name} არ ჯამდება: {opening} და სტრიქონების ჯამი {moved} არ გვაძლევს {closing}."),
        ))
    }
}

/// The file is refused.
pub(super) fn refused(en: impl Into<String>, ka: impl Into<String>) -> Error {
    Error::invalid("content", Text::new(en.into(), ka.into()))
}

/// An account number without what people put in it to read it.
#[must_use]
pub fn account_number(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What white space separates, by single spaces; nothing, when there's nothing.
pub(super) fn words(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}
