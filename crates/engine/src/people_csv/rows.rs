//! The rows of a file, one after the other.

use std::io::Cursor;

use bytes::Bytes;
use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use domain::command::{FolderRef, UserPatch};
use domain::folder::parse_path;
use domain::names::quoted;
use domain::{Email, PersonName, Username};

use super::columns::{Column, Columns};
use super::{Fault, PeopleFileError, RowFault, at_row};

/// One row of a file of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PutUser {
    /// Its number in the file, by which answers name it.
    pub(crate) row: u64,
    /// Whose account.
    pub(crate) username: Username,
    /// What changes on it; what is new of a new one.
    pub(crate) patch: UserPatch,
}

/// Who is in a file without malformed rows.
pub(crate) struct People(Rows);

impl People {
    pub(super) const fn new(rows: Rows) -> Self {
        Self(rows)
    }

    /// How many bytes of the file were looked at.
    #[cfg(test)]
    pub(crate) fn read_so_far(&self) -> u64 {
        self.0.reader.get_ref().position()
    }
}

impl Iterator for People {
    type Item = PutUser;

    fn next(&mut self) -> Option<PutUser> {
        let row = self.0.next()?;
        Some(row.expect("people are read only of a file of which each row was read before"))
    }
}

/// The rows of a file below its header, each parsed when it is asked for.
pub(super) struct Rows {
    reader: Reader<Cursor<Bytes>>,
    columns: Columns,
    record: StringRecord,
    /// The next one's number.
    row: u64,
}

/// The columns of a file.
pub(super) fn header(text: Bytes, separator: u8) -> Result<Columns, PeopleFileError> {
    let mut reader = reader(text, separator);
    let header = reader
        .headers()
        .map_err(|error| PeopleFileError::one(1, "invalid_row", error.to_string()))?;
    Columns::read(header).map_err(|(code, detail)| PeopleFileError::one(1, code, detail))
}

fn reader(text: Bytes, separator: u8) -> Reader<Cursor<Bytes>> {
    ReaderBuilder::new()
        .delimiter(separator)
        .trim(Trim::All)
        .flexible(true)
        .from_reader(Cursor::new(text))
}

impl Rows {
    pub(super) fn new(text: Bytes, separator: u8, columns: Columns) -> Self {
        Self {
            reader: reader(text, separator),
            columns,
            record: StringRecord::new(),
            row: 2,
        }
    }
}

impl Iterator for Rows {
    type Item = Result<PutUser, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        let person = match self.reader.read_record(&mut self.record) {
            Ok(false) => return None,
            Ok(true) => person(&self.columns, self.row, &self.record),
            Err(error) => Err(("invalid_row", error.to_string())),
        };
        let row = self.row;
        self.row += 1;
        Some(person.map_err(|(code, detail)| at_row(row, code, detail)))
    }
}

fn person(columns: &Columns, row: u64, record: &StringRecord) -> Result<PutUser, Fault> {
    if record.len() != columns.count() {
        let detail = format!(
            "the row has {} fields, the header has {}",
            record.len(),
            columns.count()
        );
        return Err(("wrong_number_of_fields", detail));
    }
    let name = |error: domain::NameError| (error.code(), error.to_string());
    // None: there is no such column. Empty: there is, and nothing stands in it.
    let get = |column| columns.get(record, column);
    Ok(PutUser {
        row,
        username: Username::parse(get(Column::Username).unwrap_or_default()).map_err(name)?,
        patch: UserPatch {
            username: None,
            name: get(Column::Name)
                .map(|text| unless_empty(text, PersonName::parse))
                .transpose()
                .map_err(name)?,
            email: get(Column::Email)
                .map(|text| unless_empty(text, Email::parse))
                .transpose()
                .map_err(name)?,
            folder: get(Column::Folder).map(folder).transpose()?,
            active: get(Column::Active)
                .filter(|word| !word.is_empty())
                .map(truth)
                .transpose()?,
        },
    })
}

fn folder(path: &str) -> Result<FolderRef, Fault> {
    if path.is_empty() {
        return Ok(FolderRef::Path(Vec::new()));
    }
    let names = parse_path(path).map_err(|error| ("invalid_folder", error.to_string()))?;
    Ok(FolderRef::Path(names))
}

fn unless_empty<T, E>(text: &str, parse: impl Fn(&str) -> Result<T, E>) -> Result<Option<T>, E> {
    (!text.is_empty()).then(|| parse(text)).transpose()
}

fn truth(word: &str) -> Result<bool, Fault> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err((
            "invalid_active",
            format!(
                "active is {}; it must be true, false, yes, no, 1 or 0",
                quoted(word)
            ),
        )),
    }
}
