//! CSV files as tables of text.

use std::{collections::HashMap, path::Path};

use super::problem::{Problem, Problems};

/// A CSV file.
#[derive(Debug)]
pub(super) struct Table {
    /// The file's name.
    pub(super) file: String,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, csv::StringRecord)>,
    nulls: Vec<String>,
}

/// A row of a CSV file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// The file's name.
    pub(super) file: &'a str,
    /// The line in the file, from 1.
    pub(super) line: u64,
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a file, whose first line names its columns. An empty value is none, and so are those in `nulls`. With
    /// `loose_commas`, where a row has more values than there are columns, one that begins with a space continues the one
    /// before: its comma wasn't quoted.
    pub(super) fn read(folder: &Path, file: &str, nulls: &[String], loose_commas: bool) -> Result<Self, Problems> {
        let problem = |line, reason: String| Problem { file: file.to_owned(), line, column: None, reason };
        if Path::new(file).components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
            return Err(problem(0, "a file lies in the folder of the import".to_owned()).into());
        }
        let bytes = std::fs::read(folder.join(file)).map_err(|error| problem(0, format!("can't be read: {error}")))?;
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = before.iter().fold(1, |line, byte| line + u64::from(*byte == b'\n'));
            problem(line, "isn't UTF-8: save the file with that encoding".to_owned())
        })?;
        let mut reader =
            csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let wrong = |error: csv::Error| {
            let line = error.position().map_or(0, csv::Position::line);
            problem(line, format!("isn't CSV: {error}"))
        };
        let header = reader.headers().map_err(wrong)?.clone();
        let columns: HashMap<String, usize> =
            header.iter().enumerate().map(|(place, name)| (name.trim().to_owned(), place)).collect();
        if columns.len() != header.len() {
            return Err(problem(1, "two columns have the same name".to_owned()).into());
        }
        let (mut rows, mut problems) = (Vec::new(), Vec::new());
        for record in reader.into_records() {
            let record = record.map_err(wrong)?;
            let line = record.position().map_or(0, csv::Position::line);
            let record = if loose_commas { folded(record, header.len()) } else { record };
            if record.len() == header.len() {
                rows.push((line, record));
            } else {
                let reason = format!("has {} values, and the first line {} columns", record.len(), header.len());
                problems.push(problem(line, reason));
            }
        }
        if !problems.is_empty() {
            return Err(Problems(problems));
        }
        Ok(Self { file: file.to_owned(), columns, rows, nulls: nulls.to_vec() })
    }

    /// Whether the file has a column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The names of the columns, in their order.
    pub(super) fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<_> = self.columns.iter().map(|(name, place)| (*place, name.as_str())).collect();
        columns.sort_unstable();
        columns.into_iter().map(|(_, name)| name).collect()
    }

    /// The rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, record)| Row { file: &self.file, line: *line, table: self, record })
    }

    /// How many rows there are.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }
}

impl<'a> Row<'a> {
    /// A value, unless it's none.
    pub(super) fn get(&self, column: &str) -> Option<&'a str> {
        let value = self.record.get(*self.table.columns.get(column)?)?.trim();
        (!value.is_empty() && !self.table.nulls.iter().any(|null| null == value)).then_some(value)
    }

    /// What is wrong with the row.
    pub(super) fn problem(&self, column: Option<&str>, reason: impl Into<String>) -> Problem {
        Problem {
            file: self.file.to_owned(),
            line: self.line,
            column: column.map(ToOwned::to_owned),
            reason: reason.into(),
        }
    }
}

/// A row whose texts hold commas that weren't quoted.
fn folded(record: csv::StringRecord, columns: usize) -> csv::StringRecord {
    let mut extra = record.len().saturating_sub(columns);
    if extra == 0 {
        return record;
    }
    let mut values: Vec<String> = Vec::with_capacity(columns);
    for value in &record {
        match values.last_mut().filter(|_| extra > 0 && value.starts_with(' ')) {
            Some(before) => {
                before.push(',');
                before.push_str(value);
                extra -= 1;
            }
            None => values.push(value.to_owned()),
        }
    }
    values.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Table, Problems> {
        read_loosely(bytes, false)
    }

    fn read_loosely(bytes: &[u8], loose_commas: bool) -> Result<Table, Problems> {
        let folder = std::env::temp_dir().join(format!("kamara-table-{}", uuid::Uuid::new_v4()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.csv"), bytes).unwrap();
        let table = Table::read(&folder, "a.csv", &["NULL".to_owned()], loose_commas);
        std::fs::remove_dir_all(&folder).unwrap();
        table
    }

    #[test]
    fn quotes_nulls_and_lines_are_as_they_should_be() {
        let table = read("\u{feff}id,name\n1,\"a, \"\"b\"\"\nc\"\n2,NULL\n3,\n".as_bytes()).unwrap();
        let rows: Vec<_> = table.rows().map(|row| (row.line, row.get("name"))).collect();
        assert_eq!(rows, [(2, Some("a, \"b\"\nc")), (4, None), (5, None)]);
        assert_eq!(table.columns(), ["id", "name"]);
    }

    #[test]
    fn what_is_wrong_names_its_line() {
        let latin = read(b"id,name\n1,a\n2,M\xfcnchen\n").unwrap_err();
        assert_eq!((latin.0[0].line, latin.0[0].reason.contains("UTF-8")), (3, true));
        let short = read(b"id,name\n1,a\n2\n3,c,d\n").unwrap_err();
        assert_eq!(short.0.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3, 4]);
        assert!(read(b"id,id\n").is_err());
    }

    #[test]
    fn commas_that_arent_quoted_stay_in_their_column() {
        let bytes = "id,address,city\n1,24, place Kléber,Strasbourg\n2,Obere Str. 57,Berlin\n".as_bytes();
        assert!(read(bytes).is_err());
        let table = read_loosely(bytes, true).unwrap();
        let rows: Vec<_> = table.rows().map(|row| (row.get("address"), row.get("city"))).collect();
        assert_eq!(rows[0], (Some("24, place Kléber"), Some("Strasbourg")));
        assert_eq!(rows[1], (Some("Obere Str. 57"), Some("Berlin")));
        assert!(read_loosely(b"id,city\n1,a,b\n", true).is_err());
    }

    #[test]
    fn files_lie_in_the_folder() {
        assert!(Table::read(Path::new("/tmp"), "../etc/passwd", &[], false).is_err());
        assert!(Table::read(Path::new("/tmp"), "/etc/passwd", &[], false).is_err());
    }
}
