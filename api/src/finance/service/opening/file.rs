//! A file of opening balances: a row for each account's balance, and for each document that is open.

use std::collections::HashMap;

use chrono::NaiveDate;
use kamara_entities::{AccountRole, SubLedger};
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

const COLUMNS: [&str; 11] =
    ["kind", "account", "company", "employee", "number", "date", "due_date", "currency", "rate", "tax_code", "amount"];

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What stands on an account: debit positive.
    Account,
    /// What is open of a document.
    Document(DocumentKind),
    /// Says that what the rows leave over goes to the account of opening balances.
    Difference,
}

/// What kind of document is open. Its amount is positive: the kind says which way it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocumentKind {
    /// What a client owes on an invoice.
    Invoice,
    /// What a client may take off an invoice, or get back.
    CreditNote,
    /// What a supplier is owed on a bill.
    Bill,
    /// What a supplier takes off a bill, or pays back.
    SupplierCredit,
    /// What a client paid and settles nothing yet.
    Payment,
    /// What a supplier was paid and settles nothing yet.
    SupplierPayment,
    /// What an employee was paid and settles nothing yet.
    EmployeePayment,
    /// What a client paid before there was an invoice.
    Advance,
    /// What a supplier was paid before there was a bill.
    SupplierAdvance,
    /// What an employee is owed.
    Expense,
}

impl DocumentKind {
    /// The role of the account that the document is a part of.
    pub(super) const fn role(self) -> AccountRole {
        match self {
            Self::Invoice | Self::CreditNote | Self::Payment => AccountRole::Receivable,
            Self::Bill | Self::SupplierCredit | Self::SupplierPayment => AccountRole::Payable,
            Self::EmployeePayment | Self::Expense => AccountRole::EmployeePayable,
            Self::Advance => AccountRole::CustomerAdvance,
            Self::SupplierAdvance => AccountRole::SupplierAdvance,
        }
    }

    /// Whose open items it's one of.
    pub(super) const fn sub_ledger(self) -> SubLedger {
        match self.role() {
            AccountRole::Receivable | AccountRole::CustomerAdvance => SubLedger::Receivable,
            AccountRole::EmployeePayable => SubLedger::Employee,
            _ => SubLedger::Payable,
        }
    }

    /// Whether it's paid before there is an invoice or a bill.
    pub(super) const fn is_advance(self) -> bool {
        matches!(self, Self::Advance | Self::SupplierAdvance)
    }

    /// Whether it's to be paid by a day of its own.
    pub(super) const fn is_due(self) -> bool {
        matches!(self, Self::Invoice | Self::CreditNote | Self::Bill | Self::SupplierCredit)
    }
}

/// What rows call what they are.
const KINDS: [(&str, Kind); 12] = [
    ("account", Kind::Account),
    ("invoice", Kind::Document(DocumentKind::Invoice)),
    ("credit_note", Kind::Document(DocumentKind::CreditNote)),
    ("payment", Kind::Document(DocumentKind::Payment)),
    ("advance", Kind::Document(DocumentKind::Advance)),
    ("bill", Kind::Document(DocumentKind::Bill)),
    ("supplier_credit", Kind::Document(DocumentKind::SupplierCredit)),
    ("supplier_payment", Kind::Document(DocumentKind::SupplierPayment)),
    ("supplier_advance", Kind::Document(DocumentKind::SupplierAdvance)),
    ("expense", Kind::Document(DocumentKind::Expense)),
    ("employee_payment", Kind::Document(DocumentKind::EmployeePayment)),
    ("difference", Kind::Difference),
];

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

    /// Refuses a cell that means nothing in such a row: what is written there would be lost.
    pub(super) fn unused(&self, column: &'static str) -> Result<()> {
        if self.optional(column).is_none() {
            return Ok(());
        }
        let message = Text::new(
            format!("{column} means nothing in such a row: leave it empty."),
            format!("ასეთ სტრიქონში {column} არ გამოიყენება: დატოვეთ ცარიელი."),
        );
        Err(self.problem(&message))
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
    let named = cells.get("kind").map_or("", String::as_str);
    let kind = KINDS.into_iter().find(|(name, _)| *name == named).map(|(_, kind)| kind);
    let kind = kind.ok_or_else(|| {
        let all = KINDS.map(|(name, _)| name).join(", ");
        let message = Text::new(format!("kind is one of {all}."), format!("kind არის ერთ-ერთი: {all}."));
        sheet::at_line("csv", line, &message)
    })?;
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
    fn each_kind_is_a_part_of_its_control_account() {
        let csv = KINDS.map(|(name, _)| format!("{name},1")).join("\n");
        let rows = read(&format!("kind,amount\n{csv}\n")).unwrap();
        let controls = rows.iter().filter_map(|row| match row.kind {
            Kind::Document(kind) => Some((kind.role(), kind.sub_ledger())),
            Kind::Account | Kind::Difference => None,
        });
        let of = |role| controls.clone().filter(|(control, _)| *control == role).count();
        assert_eq!(
            [of(AccountRole::Receivable), of(AccountRole::Payable), of(AccountRole::EmployeePayable)],
            [3, 3, 2]
        );
        assert_eq!([of(AccountRole::CustomerAdvance), of(AccountRole::SupplierAdvance)], [1, 1]);
        for (control, sub_ledger) in controls {
            let of_advances = [AccountRole::CustomerAdvance, AccountRole::SupplierAdvance].contains(&control);
            assert_eq!(control == AccountRole::EmployeePayable, sub_ledger == SubLedger::Employee);
            assert!(!of_advances || sub_ledger != SubLedger::Employee);
        }
    }

    #[test]
    fn cells_are_read_as_they_are_written() {
        let csv = "kind,company,employee,number,date,due_date,tax_code,amount\n\
                   invoice,ვაკის კლინიკა,,№ 17,2024-02-29,2024-02-30,,1 000.00\n\
                   expense,,ნინო ბერიძე,,2025-02-29,,VAT18,0.125\n";
        let rows = read(csv).unwrap();
        assert_eq!((rows[0].optional("company"), rows[0].optional("employee")), (Some("ვაკის კლინიკა"), None));
        assert_eq!(rows[0].required("number").unwrap(), "№ 17");
        assert_eq!(rows[0].date("date").unwrap(), NaiveDate::from_ymd_opt(2024, 2, 29));
        assert!(rows[0].date("due_date").is_err(), "30 February");
        assert!(rows[1].date("date").is_err(), "29 February of a common year");
        assert_eq!(rows[1].number("amount").unwrap(), Some("0.125".parse().unwrap()));
        assert!(rows[1].required("number").is_err());
        assert!(rows[0].unused("tax_code").is_ok());
        let error = rows[1].unused("tax_code").unwrap_err();
        let told = error.message();
        assert!(told.in_language(kamara_entities::Language::En).starts_with("Line 3: tax_code means nothing"));
        assert!(told.in_language(kamara_entities::Language::Ka).starts_with("სტრიქონი 3:"));
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
