//! CSV files as people bring them, read in one way wherever they come in.

use crate::error::{Error, Result, Text};

/// How a file is laid out.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Layout {
    /// What separates values; found in the names of the columns unless said.
    pub(crate) separator: Option<u8>,
    /// How many lines come before the names of the columns.
    pub(crate) skip_lines: usize,
    /// Whether a row may have fewer or more values than there are columns.
    pub(crate) uneven: bool,
    /// The most rows.
    pub(crate) rows_max: usize,
}

/// What may separate values, the likeliest first.
pub(crate) const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// A file, whose values have no spaces around them.
pub(crate) struct Sheet {
    /// The names of the columns.
    pub(crate) header: csv::StringRecord,
    /// The rows, each with its line in the file, from 1.
    pub(crate) rows: Vec<(u64, csv::StringRecord)>,
}

impl Sheet {
    /// Reads the file that an input's field holds.
    pub(crate) fn read(field: &'static str, content: &str, layout: Layout) -> Result<Self> {
        let content = content.trim_start_matches('\u{feff}');
        let start = content.split_inclusive('\n').take(layout.skip_lines).map(str::len).sum();
        let content = content.get(start..).unwrap_or_default();
        let skipped = layout.skip_lines as u64;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(layout.separator.unwrap_or_else(|| separator(content)))
            .flexible(layout.uneven)
            .trim(csv::Trim::All)
            .from_reader(content.as_bytes());
        let broken = |error: csv::Error| {
            let line = error.position().map_or(1, |position| line_of(content, position));
            at_line(field, skipped + line, &misread(&error))
        };
        let header = reader.headers().map_err(broken)?.clone();
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(broken)?;
            let line = skipped + record.position().map_or(0, |position| line_of(content, position));
            if rows.len() == layout.rows_max {
                let most = layout.rows_max;
                let message = Text::new(format!("at most {most} rows."), format!("არაუმეტეს {most} სტრიქონი."));
                return Err(at_line(field, line, &message));
            }
            rows.push((line, record));
        }
        Ok(Self { header, rows })
    }
}

/// An error that names the line of the file that it's about.
pub(crate) fn at_line(field: &'static str, line: u64, message: &Text) -> Error {
    let Text { en, ka } = message;
    Error::invalid(field, Text::new(format!("Line {line}: {en}"), format!("სტრიქონი {line}: {ka}")))
}

/// Whichever separator the names of the columns have most of.
fn separator(content: &str) -> u8 {
    let names = content.lines().next().unwrap_or_default();
    let count = |of: &u8| names.bytes().filter(|byte| byte == of).count();
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// The line that something stands on, from 1. The reader tells where it began to look for it: before blank lines.
fn line_of(content: &str, began: &csv::Position) -> u64 {
    let rest = content.as_bytes().iter().skip(usize::try_from(began.byte()).unwrap_or(usize::MAX));
    let blank = rest.take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    began.line() + blank as u64
}

fn misread(error: &csv::Error) -> Text {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => Text::new(
            format!("there are {len} values, and {expected_len} columns."),
            format!("მნიშვნელობების რაოდენობაა {len}, სვეტებისა კი {expected_len}."),
        ),
        _ => Text::fixed("this is not CSV.", "ეს არ არის CSV."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content: &str, layout: Layout) -> Result<Vec<(u64, Vec<String>)>> {
        let sheet = Sheet::read("csv", content, Layout { rows_max: 2, ..layout })?;
        let texts = |record: csv::StringRecord| record.iter().map(ToOwned::to_owned).collect();
        Ok(sheet.rows.into_iter().map(|(line, record)| (line, texts(record))).collect())
    }

    fn row(line: u64, values: &[&str]) -> (u64, Vec<String>) {
        (line, values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn rows_know_their_lines() {
        let rows = read("\u{feff}a,b\n1, 2\n\r\n\n\"3\n4\",5\n", Layout::default()).unwrap();
        assert_eq!(rows, [row(2, &["1", "2"]), row(5, &["3\n4", "5"])]);
        let rows = read("ბანკი\n\na;b\n1;2\n", Layout { skip_lines: 2, ..Layout::default() }).unwrap();
        assert_eq!(rows, [row(4, &["1", "2"])]);
    }

    #[test]
    fn the_separator_is_found_or_said() {
        assert_eq!(read("a\tb|c\td\n1\t2\t3\n", Layout::default()).unwrap(), [row(2, &["1", "2", "3"])]);
        let said = Layout { separator: Some(b'|'), ..Layout::default() };
        assert_eq!(read("a,b,c|d\n1|2,5\n", said).unwrap(), [row(2, &["1", "2,5"])]);
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let refused = |content: &str, layout| {
            let error = read(content, layout).unwrap_err();
            (error.field().unwrap().to_owned(), error.message().en.into_owned())
        };
        let uneven = "a,b\n\n1\n";
        let message = "Line 3: there are 1 values, and 2 columns.";
        assert_eq!(refused(uneven, Layout::default()), ("csv".into(), message.into()));
        assert!(read(uneven, Layout { uneven: true, ..Layout::default() }).is_ok());
        assert_eq!(refused("a\n1\n2\n3\n", Layout::default()).1, "Line 4: at most 2 rows.");
    }
}
