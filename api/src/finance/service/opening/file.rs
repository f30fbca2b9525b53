//! A file of opening balances: a row for each account's balance, each open invoice and each open bill.

use std::{collections::HashMap, str::FromStr};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::error::{Error, Result, Text};

/// The largest file, in bytes.
const BYTES_MAX: usize = 5_000_000;
/// The most rows.
const ROWS_MAX: usize = 20_000;

const COLUMNS: [&str; 9] = ["kind", "account", "company", "number", "date", "due_date", "currency", "rate", "amount"];

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What stands on an account: debit positive.
    Account,
    /// What a client still owes on an invoice.
    Invoice,
    /// What a supplier is still owed on a bill.
    Bill,
    /// Says that what the rows leave over goes to the account of opening balances.
    Difference,
}

/// A row, as it's written.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its line in the file, from 1.
    pub(super) line: u64,
    pub(super) kind: Kind,
    cells: HashMap<&'static str, String>,
}

impl Row {
    /// An error that names the line.
    pub(super) fn problem(&self, message: &Text) -> Error {
        at_line(self.line, message)
    }

    /// A cell, if it isn't empty.
    pub(super) fn optional(&self, column: &'static str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    /// A cell that must not be empty.
    pub(super) fn required(&self, column: &'static str) -> Result<&str> {
        let missing = || Text::new(format!("{column} is needed."), format!("აუცილებელია {column}."));
        self.optional(column).ok_or_else(|| self.problem(&missing()))
    }

    /// A number, with a dot before its decimals.
    pub(super) fn number(&self, column: &'static str) -> Result<Option<Decimal>> {
        let wrong = |cell: &str| {
            let message = Text::new(
                format!("{column} is a number such as 1234.50, not “{cell}”."),
                format!("{column} არის რიცხვი, მაგალითად 1234.50, და არა „{cell}“."),
            );
            self.problem(&message)
        };
        self.optional(column).map(|cell| Decimal::from_str(cell).map_err(|_| wrong(cell))).transpose()
    }

    /// A day, as 2026-01-31.
    pub(super) fn date(&self, column: &'static str) -> Result<Option<NaiveDate>> {
        let wrong = |cell: &str| {
            let message = Text::new(
                format!("{column} is a day such as 2026-01-31, not “{cell}”."),
                format!("{column} არის დღე, მაგალითად 2026-01-31, და არა „{cell}“."),
            );
            self.problem(&message)
        };
        self.optional(column).map(|cell| cell.parse().map_err(|_| wrong(cell))).transpose()
    }
}

fn at_line(line: u64, message: &Text) -> Error {
    use kamara_entities::Language::{En, Ka};
    let (en, ka) = (message.in_language(En), message.in_language(Ka));
    Error::invalid("csv", Text::new(format!("Line {line}: {en}"), format!("სტრიქონი {line}: {ka}")))
}

/// Reads a file's rows.
pub(super) fn read(csv: &str) -> Result<Vec<Row>> {
    if csv.len() > BYTES_MAX {
        return Err(Error::invalid("csv", Text::fixed("At most 5 MB.", "არაუმეტეს 5 მბ.")));
    }
    let csv = csv.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv.as_bytes());
    let broken = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let message = Text::fixed("This isn't a row of the columns above.", "ეს სტრიქონი სვეტებს არ შეესაბამება.");
        at_line(line, &message)
    };
    let columns = columns(reader.headers().map_err(broken)?)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(broken)?;
        if rows.len() == ROWS_MAX {
            let message = Text::fixed("At most 20,000 rows.", "არაუმეტეს 20 000 სტრიქონი.");
            return Err(Error::invalid("csv", message));
        }
        rows.push(row(&columns, &record, line_of(csv, &record))?);
    }
    if rows.is_empty() {
        return Err(Error::invalid("csv", Text::fixed("The file has no rows.", "ფაილში სტრიქონები არ არის.")));
    }
    Ok(rows)
}

fn columns(header: &csv::StringRecord) -> Result<Vec<&'static str>> {
    let known = |name: &str| COLUMNS.into_iter().find(|column| *column == name.to_lowercase());
    let unknown = |name: &str| {
        let all = COLUMNS.join(", ");
        Text::new(
            format!("“{name}” is no column; there are {all}."),
            format!("„{name}“ სვეტი არ არსებობს; არის {all}."),
        )
    };
    let columns: Vec<&str> =
        header.iter().map(|name| known(name).ok_or_else(|| at_line(1, &unknown(name)))).collect::<Result<_>>()?;
    for needed in ["kind", "amount"] {
        if !columns.contains(&needed) {
            let message = Text::new(format!("There is no column {needed}."), format!("არ არის სვეტი {needed}."));
            return Err(at_line(1, &message));
        }
    }
    Ok(columns)
}

/// The line of a file that a record stands on, from 1. The reader tells where it began to look for it: before blank lines.
fn line_of(csv: &str, record: &csv::StringRecord) -> u64 {
    let Some(began) = record.position() else { return 0 };
    let rest = csv.as_bytes().iter().skip(usize::try_from(began.byte()).unwrap_or(usize::MAX));
    let blank = rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    began.line() + blank as u64
}

fn row(columns: &[&'static str], record: &csv::StringRecord, line: u64) -> Result<Row> {
    let cells: HashMap<&'static str, String> = columns
        .iter()
        .zip(record)
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(column, cell)| (*column, cell.to_owned()))
        .collect();
    let kind = match cells.get("kind").map(String::as_str) {
        Some("account") => Kind::Account,
        Some("invoice") => Kind::Invoice,
        Some("bill") => Kind::Bill,
        Some("difference") => Kind::Difference,
        _ => {
            let message = Text::fixed(
                "kind is account, invoice, bill or difference.",
                "kind არის account, invoice, bill ან difference.",
            );
            return Err(at_line(line, &message));
        }
    };
    Ok(Row { line, kind, cells })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_line() {
        let rows = read("\u{feff}Kind,account,amount\naccount,1210,\"1234.50\"\n\ndifference,,\n").unwrap();
        assert_eq!(
            rows.iter().map(|row| (row.line, row.kind)).collect::<Vec<_>>(),
            [(2, Kind::Account), (4, Kind::Difference)]
        );
        assert_eq!(rows[0].number("amount").unwrap(), Some("1234.50".parse().unwrap()));
        assert_eq!(rows[1].number("amount").unwrap(), None);
        assert!(
            rows[1]
                .required("account")
                .unwrap_err()
                .message()
                .in_language(kamara_entities::Language::En)
                .starts_with("Line 4:")
        );
    }

    #[test]
    fn what_is_no_such_file_is_told_so() {
        for (csv, words) in [
            ("", "no column kind"),
            ("kind,amount\n", "no rows"),
            ("kind,amount,colour\naccount,1,red\n", "“colour” is no column"),
            ("kind,account\naccount,1210\n", "no column amount"),
            ("kind,amount\nledger,5\n", "Line 2: kind is"),
            ("kind,amount\naccount,5,6\n", "Line 2"),
        ] {
            let error = read(csv).unwrap_err();
            assert_eq!(error.field(), Some("csv"), "{csv}");
            let message = error.message();
            assert!(message.in_language(kamara_entities::Language::En).contains(words), "{csv}: {message:?}");
        }
        assert!(read(&"x".repeat(BYTES_MAX + 1)).is_err());
    }
}
