//! Statements as CSV: every bank writes its own, so the caller says what is in which column. What isn't said is looked for
//! under the names that Georgian banks (TBC, Bank of Georgia) and most others give their columns, English and Georgian.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::statement::{LINES_MAX, Line, Statement, refused, words};
use crate::{
    error::{Error, Result, Text},
    money,
    sheet::{self, Layout, Sheet},
    text,
};

/// What the caller says of a file.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// What separates values; found in the first line unless said.
    pub separator: Option<char>,
    /// How many lines come before the names of the columns.
    pub skip_lines: usize,
    /// The order of a date's parts, such as `DD.MM.YYYY`; ISO dates, and day before month, unless said.
    pub date_format: Option<String>,
    /// Whether a comma comes before the cents.
    pub decimal_comma: bool,
    /// The names of columns, where they aren't the usual ones.
    pub columns: Columns,
    /// What was on the account before the first line; needed where no column gives the balance after each line.
    pub opening_balance: Option<Decimal>,
    /// What was on it after the last.
    pub closing_balance: Option<Decimal>,
}

/// The names of columns.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// When the bank booked it.
    pub date: Option<String>,
    /// When it counts for interest.
    pub value_date: Option<String>,
    /// Amount with a sign, money in positive; or else the next two.
    pub amount: Option<String>,
    /// Money out.
    pub paid_out: Option<String>,
    /// Money in.
    pub paid_in: Option<String>,
    /// What is on the account after the line.
    pub balance: Option<String>,
    /// Who paid or was paid.
    pub counterparty: Option<String>,
    /// That one's account.
    pub iban: Option<String>,
    /// That one's tax number.
    pub tax_number: Option<String>,
    /// A reference for machines.
    pub reference: Option<String>,
    /// What it's for, in words.
    pub description: Option<String>,
    /// The bank's own id of the booking.
    pub bank_reference: Option<String>,
}

/// The names that banks give their columns.
mod usual {
    pub(super) const DATE: &[&str] = &["date", "booking date", "transaction date", "თარიღი", "ოპერაციის თარიღი"];
    pub(super) const VALUE_DATE: &[&str] = &["value date", "ვალუტირების თარიღი"];
    pub(super) const AMOUNT: &[&str] = &["amount", "თანხა"];
    pub(super) const PAID_OUT: &[&str] = &["paid out", "debit", "debit amount", "გასული თანხა", "დებეტი", "გასავალი"];
    pub(super) const PAID_IN: &[&str] =
        &["paid in", "credit", "credit amount", "შემოსული თანხა", "კრედიტი", "შემოსავალი"];
    pub(super) const BALANCE: &[&str] = &["balance", "ბალანსი", "ნაშთი"];
    pub(super) const COUNTERPARTY: &[&str] =
        &["partner's name", "partner name", "counterparty", "name", "პარტნიორი", "პარტნიორის დასახელება"];
    pub(super) const IBAN: &[&str] =
        &["partner's account", "partner account", "counterparty account", "iban", "პარტნიორის ანგარიში"];
    pub(super) const TAX_NUMBER: &[&str] =
        &["partner's tax code", "partner tax code", "tax code", "პარტნიორის საგადასახადო კოდი"];
    pub(super) const REFERENCE: &[&str] = &["reference", "additional information", "დამატებითი ინფორმაცია"];
    pub(super) const DESCRIPTION: &[&str] = &["description", "details", "purpose", "დანიშნულება", "აღწერა"];
    pub(super) const BANK_REFERENCE: &[&str] =
        &["transaction id", "ტრანზაქციის id", "document number", "საბუთის ნომერი", "საბუთის №"];
}

/// Reads a statement of an account in a currency.
pub fn read(content: &str, currency: &str, mapping: &Mapping) -> Result<Vec<Statement>> {
    let separator = mapping.separator.map(separator).transpose()?;
    let layout = Layout { separator, skip_lines: mapping.skip_lines, uneven: true, rows_max: LINES_MAX };
    let sheet = Sheet::read("content", content, layout)?;
    let format = Format { currency, mapping, places: Places::find(&sheet.header, &mapping.columns)? };
    // Totals and notes below the lines have no date.
    let dated = sheet.rows.iter().filter(|(_, record)| get(record, format.places.date).is_some());
    let mut rows = dated.map(|(line, record)| format.row(record, *line)).collect::<Result<Vec<_>>>()?;
    if rows.is_empty() {
        return Err(refused("There is no line with a date in this file.", "ფაილში თარიღიანი სტრიქონი არ არის."));
    }
    // Many banks begin with the newest.
    if rows.first().map(|row| row.line.date) > rows.last().map(|row| row.line.date) || is_upside_down(&rows) {
        rows.reverse();
    }
    format.statement(rows).map(|statement| vec![statement])
}

fn at(line: u64, en: &str, ka: &str) -> Error {
    sheet::at_line("content", line, &Text::new(en.to_owned(), ka.to_owned()))
}

/// What separates the values, as it was said.
fn separator(given: char) -> Result<u8> {
    u8::try_from(given).ok().filter(|given| sheet::SEPARATORS.contains(given)).ok_or_else(|| {
        let message = Text::fixed("A comma, a semicolon, a tab or a bar.", "მძიმე, წერტილ-მძიმე, ტაბულაცია ან |.");
        Error::invalid("mapping.separator", message)
    })
}

/// Which column is where.
struct Places {
    date: usize,
    value_date: Option<usize>,
    amount: Option<usize>,
    paid_out: Option<usize>,
    paid_in: Option<usize>,
    balance: Option<usize>,
    counterparty: Option<usize>,
    iban: Option<usize>,
    tax_number: Option<usize>,
    reference: Option<usize>,
    description: Option<usize>,
    bank_reference: Option<usize>,
}

impl Places {
    fn find(header: &csv::StringRecord, columns: &Columns) -> Result<Self> {
        let mut named = HashMap::new();
        for (place, name) in header.iter().enumerate() {
            named.entry(column_key(name)).or_insert(place);
        }
        let find = |field: &'static str, given: &Option<String>, usual: &[&str]| match given {
            Some(name) => match named.get(&column_key(name)) {
                Some(place) => Ok(Some(*place)),
                None => Err(no_column(field, name, header)),
            },
            None => Ok(usual.iter().find_map(|name| named.get(&column_key(name)).copied())),
        };
        let date = find("mapping.columns.date", &columns.date, usual::DATE)?;
        // A signed amount that was named leaves the usual columns of debit and credit alone, and the other way round.
        let two = columns.paid_in.is_some() || columns.paid_out.is_some();
        let one = columns.amount.is_some();
        let amount_names: &[&str] = if two { &[] } else { usual::AMOUNT };
        let (out_names, in_names): (&[&str], &[&str]) =
            if one { (&[], &[]) } else { (usual::PAID_OUT, usual::PAID_IN) };
        let places = Self {
            date: date.ok_or_else(|| no_column("mapping.columns.date", "Date", header))?,
            value_date: find("mapping.columns.valueDate", &columns.value_date, usual::VALUE_DATE)?,
            amount: find("mapping.columns.amount", &columns.amount, amount_names)?,
            paid_out: find("mapping.columns.paidOut", &columns.paid_out, out_names)?,
            paid_in: find("mapping.columns.paidIn", &columns.paid_in, in_names)?,
            balance: find("mapping.columns.balance", &columns.balance, usual::BALANCE)?,
            counterparty: find("mapping.columns.counterparty", &columns.counterparty, usual::COUNTERPARTY)?,
            iban: find("mapping.columns.iban", &columns.iban, usual::IBAN)?,
            tax_number: find("mapping.columns.taxNumber", &columns.tax_number, usual::TAX_NUMBER)?,
            reference: find("mapping.columns.reference", &columns.reference, usual::REFERENCE)?,
            description: find("mapping.columns.description", &columns.description, usual::DESCRIPTION)?,
            bank_reference: find("mapping.columns.bankReference", &columns.bank_reference, usual::BANK_REFERENCE)?,
        };
        if places.amount.is_none() && places.paid_in.is_none() && places.paid_out.is_none() {
            return Err(no_column("mapping.columns.amount", "Amount", header));
        }
        Ok(places)
    }
}

/// A column's name as it's compared: banks aren't sure of their own capitals and apostrophes.
fn column_key(name: &str) -> String {
    text::sort_key(&name.replace(['’', '‘', '`'], "'"))
}

fn no_column(field: &'static str, name: &str, header: &csv::StringRecord) -> Error {
    let names = header.iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ");
    let message = Text::new(
        format!("There is no column {name:?} in this file; it has: {names}."),
        format!("ფაილში სვეტი „{name}“ არ არის; მისი სვეტებია: {names}."),
    );
    Error::invalid(field, message)
}

/// A line, and what the file says was on the account after it.
struct Row {
    at: u64,
    line: Line,
    balance: Option<i64>,
}

/// How the values of a file are read.
struct Format<'a> {
    currency: &'a str,
    mapping: &'a Mapping,
    places: Places,
}

/// What a line has in a column, if there is one.
fn get(record: &csv::StringRecord, place: impl Into<Option<usize>>) -> Option<&str> {
    record.get(place.into()?).filter(|value| !value.is_empty())
}

/// Whether the balances make sense from the last row to the first only, where all rows are of one day.
fn is_upside_down(rows: &[Row]) -> bool {
    let follows = |before: &Row, after: &Row| match (before.balance, after.balance) {
        (Some(before), Some(balance)) => before.checked_add(after.line.amount_minor) == Some(balance),
        _ => false,
    };
    let steps = || rows.iter().zip(rows.iter().skip(1));
    rows.len() > 1 && steps().all(|(a, b)| follows(b, a)) && !steps().all(|(a, b)| follows(a, b))
}

impl Format<'_> {
    fn row(&self, record: &csv::StringRecord, line: u64) -> Result<Row> {
        let places = &self.places;
        let amount = |place| get(record, place).map(|text| self.amount(text, line)).transpose();
        let amount_minor = match amount(places.amount)? {
            Some(amount) if places.paid_in.is_none() && places.paid_out.is_none() => amount,
            signed => match (amount(places.paid_in)?, amount(places.paid_out)?) {
                (None | Some(0), None | Some(0)) => signed.unwrap_or(0),
                // Some banks write what goes out with its sign.
                (None | Some(0), Some(out)) => -out.abs(),
                (Some(paid_in), None | Some(0)) => paid_in,
                _ => return Err(at(line, "money in and money out at once.", "შემოსული და გასული თანხა ერთად.")),
            },
        };
        let text = |place| get(record, place).and_then(words);
        let day = |place| get(record, place).map(|text| self.date(text, line)).transpose();
        let date = day(Some(places.date))?;
        let line_of_file = Line {
            date: date.ok_or_else(|| at(line, "has no date.", "თარიღი არ აქვს."))?,
            value_date: day(places.value_date)?,
            amount_minor,
            counterparty: text(places.counterparty),
            iban: text(places.iban),
            tax_number: text(places.tax_number),
            reference: text(places.reference),
            end_to_end_id: None,
            description: text(places.description),
            bank_reference: text(places.bank_reference),
        };
        Ok(Row { at: line, line: line_of_file, balance: amount(places.balance)? })
    }

    fn amount(&self, given: &str, line: u64) -> Result<i64> {
        let parsed = number(given, self.mapping.decimal_comma);
        parsed.and_then(|amount| money::to_minor("content", amount, self.currency).ok()).ok_or_else(|| {
            let example = if self.mapping.decimal_comma { "1.234,50" } else { "1,234.50" };
            at(
                line,
                &format!("{given:?} is not an amount in {} such as {example}.", self.currency),
                &format!("„{given}“ არ არის {}-ის თანხა, მაგალითად {example}.", self.currency),
            )
        })
    }

    fn date(&self, given: &str, line: u64) -> Result<NaiveDate> {
        // A time may follow.
        let day = given.split([' ', 'T', ',']).next().unwrap_or_default();
        let parsed = match &self.mapping.date_format {
            Some(format) => NaiveDate::parse_from_str(day, &pattern(format)?).ok(),
            None => ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]
                .into_iter()
                .find_map(|pattern| NaiveDate::parse_from_str(day, pattern).ok()),
        };
        parsed.filter(|date| text::is_sensible(*date)).ok_or_else(|| {
            let format = self.mapping.date_format.as_deref().unwrap_or("DD.MM.YYYY");
            at(
                line,
                &format!("{given:?} is not a day written as {format}."),
                &format!("„{given}“ არ არის თარიღი სახით {format}."),
            )
        })
    }

    fn statement(&self, rows: Vec<Row>) -> Result<Statement> {
        let moved = money::sum("content", rows.iter().map(|row| row.line.amount_minor))?;
        let given = |field, balance: Option<Decimal>| {
            balance.map(|balance| money::to_minor(field, balance, self.currency)).transpose()
        };
        let opening = given("mapping.openingBalance", self.mapping.opening_balance)?;
        let closing = given("mapping.closingBalance", self.mapping.closing_balance)?;
        let before_first =
            rows.first().and_then(|row| row.balance.and_then(|balance| balance.checked_sub(row.line.amount_minor)));
        let opening_minor = opening
            .or(before_first)
            .or_else(|| closing.and_then(|closing| closing.checked_sub(moved)))
            .ok_or_else(no_balance)?;
        let mut reached = opening_minor;
        for row in &rows {
            reached = money::sum("content", [reached, row.line.amount_minor])?;
            if let Some(balance) = row.balance.filter(|balance| *balance != reached) {
                return Err(self.gap(row.at, reached, balance));
            }
        }
        let dates = || rows.iter().map(|row| row.line.date);
        let statement = Statement {
            reference: None,
            account: None,
            currency: self.currency.to_owned(),
            from: dates().min().unwrap_or_default(),
            to: dates().max().unwrap_or_default(),
            opening_minor,
            closing_minor: closing.unwrap_or(reached),
            lines: rows.into_iter().map(|row| row.line).collect(),
        };
        statement.check()?;
        Ok(statement)
    }

    /// The balances of two lines don't follow from each other: a line is missing, or an amount isn't what it was.
    fn gap(&self, line: u64, reached: i64, balance: i64) -> Error {
        let show = |minor| money::from_minor(minor, self.currency);
        at(
            line,
            &format!("the balance is {}, and by the lines before it is {}.", show(balance), show(reached)),
            &format!("ნაშთია {}, წინა სტრიქონებით კი გამოდის {}.", show(balance), show(reached)),
        )
    }
}

fn no_balance() -> Error {
    let message = Text::fixed(
        "No column has the balance after each line: say what was on the account before the first.",
        "არცერთ სვეტში არ წერია ნაშთი სტრიქონის შემდეგ: მიუთითეთ ნაშთი პირველ სტრიქონამდე.",
    );
    Error::invalid("mapping.openingBalance", message)
}

/// A number as people and banks write it: with thousands in groups of three, and a sign in front or behind, or brackets.
fn number(text: &str, decimal_comma: bool) -> Option<Decimal> {
    let (point, group) = if decimal_comma { (',', '.') } else { ('.', ',') };
    let text: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != '\'').collect();
    let bracketed = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    let text = bracketed.unwrap_or(&text).replace('−', "-");
    let (minus, text) = match text.strip_prefix('-').or_else(|| text.strip_suffix('-')) {
        Some(text) => (true, text),
        None => (bracketed.is_some(), text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, cents) = text.split_once(point).unwrap_or((text, ""));
    let groups: Vec<&str> = whole.split(group).collect();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.len() == 1 || groups.iter().skip(1).all(|group| group.len() == 3);
    if whole.is_empty() || !grouped || !groups.iter().all(|group| digits(group)) || !digits(cents) {
        return None;
    }
    let plain = if cents.is_empty() { groups.concat() } else { format!("{}.{cents}", groups.concat()) };
    let number = text::decimal(&plain)?;
    Some(if minus { -number } else { number })
}

/// A date's format in the way that people write it, for the parser.
fn pattern(format: &str) -> Result<String> {
    let mut pattern = ["DD", "MM", "YYYY"].iter().zip(["%d", "%m", "%Y"]);
    let known = pattern.try_fold(format.to_uppercase(), |format, (part, pattern)| {
        (format.matches(part).count() == 1).then(|| format.replace(part, pattern))
    });
    known.filter(|pattern| !pattern.contains(' ')).ok_or_else(|| {
        let message = Text::fixed(
            "A date's format has DD, MM and YYYY, each once, such as DD.MM.YYYY.",
            "თარიღის ფორმატში არის DD, MM და YYYY, თითო-თითოჯერ, მაგალითად DD.MM.YYYY.",
        );
        Error::invalid("mapping.dateFormat", message)
    })
}
