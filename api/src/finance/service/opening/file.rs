//! A file of opening balances: a row for each account's balance, each open invoice and each open bill.

use std::collections::HashMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::{
    error::{Error, Result, Text},
    sheet::{self, Layout, Sheet},
    text,
};

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
        sheet::at_line("csv", self.line, message)
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
        self.optional(column).map(|cell| text::decimal(cell).ok_or_else(|| wrong(cell))).transpose()
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
        self.optional(column).map(|cell| text::day(cell).ok_or_else(|| wrong(cell))).transpose()
    }
}

/// Reads a file's rows.
pub(super) fn read(csv: &str) -> Result<Vec<Row>> {
    if csv.len() > BYTES_MAX {
        return Err(Error::invalid("csv", Text::fixed("At most 5 MB.", "არაუმეტეს 5 მბ.")));
    }
    let sheet = Sheet::read("csv", csv, Layout { rows_max: ROWS_MAX, ..Layout::default() })?;
    let columns = columns(&sheet.header)?;
    if sheet.rows.is_empty() {
        return Err(Error::invalid("csv", Text::fixed("The file has no rows.", "ფაილში სტრიქონები არ არის.")));
    }
    sheet.rows.iter().map(|(line, record)| row(&columns, record, *line)).collect()
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
    let columns: Vec<&str> = header
        .iter()
        .map(|name| known(name).ok_or_else(|| sheet::at_line("csv", 1, &unknown(name))))
        .collect::<Result<_>>()?;
    for needed in ["kind", "amount"] {
        if !columns.contains(&needed) {
            let message = Text::new(format!("There is no column {needed}."), format!("არ არის სვეტი {needed}."));
            return Err(sheet::at_line("csv", 1, &message));
        }
    }
    Ok(columns)
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
            return Err(sheet::at_line("csv", line, &message));
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
