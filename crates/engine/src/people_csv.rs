//! People from a CSV file: `username,name,email,folder,active`.
//!
//! A column that is left out says nothing: that field stays as it is; of somebody new it is empty, the
//! root folder, active. A field that is left empty in a column that is there empties, and means the
//! root folder; an empty `active` says nothing.
//!
//! A file with any malformed row is refused whole, and every such row is named. The header is row 1;
//! rows are counted as a spreadsheet counts them.

mod columns;

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, Trim};
use domain::command::{FolderRef, UserPatch};
use domain::folder::parse_path;
use domain::names::quoted;
use domain::{Email, PersonName, Username};

use crate::jobs::PutUser;
use columns::{Column, Columns};

/// How many malformed rows are named; further ones are only counted.
const MOST_ERRORS: usize = 1000;

/// A malformed row of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Its number, as a spreadsheet counts; the header is row 1.
    pub row: u64,
    /// The stable code.
    pub code: &'static str,
    /// What is wrong, as a sentence.
    pub detail: String,
}

/// A file that is refused whole, since rows of it are malformed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing was imported: {}", told(.faults, *.count))]
pub struct PeopleFileError {
    /// The first 1,000 malformed rows.
    pub faults: Vec<RowFault>,
    /// How many there are.
    pub count: usize,
}

impl PeopleFileError {
    fn one(row: u64, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            faults: vec![at_row(row, code, detail)],
            count: 1,
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "invalid_csv"
    }
}

/// What a file says of people, in its order.
///
/// # Errors
/// [`PeopleFileError`].
pub fn read(file: &[u8]) -> Result<Vec<PutUser>, PeopleFileError> {
    let text = text(file)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .trim(Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| PeopleFileError::one(1, "invalid_row", error.to_string()))?;
    let columns =
        Columns::read(header).map_err(|(code, detail)| PeopleFileError::one(1, code, detail))?;
    let mut faults = Faults::default();
    let mut people = Vec::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    for (row, record) in (2..).zip(reader.records()) {
        let person = match &record {
            Ok(record) => person(&columns, row, record),
            Err(error) => Err(("invalid_row", error.to_string())),
        };
        match person {
            Ok(user) => match seen.insert(user.username.key(), row) {
                None => people.push(user),
                Some(first) => {
                    let name = user.username.as_str();
                    let detail = format!("the username {name:?} stands in row {first} already");
                    faults.add(at_row(row, "duplicate_username", detail));
                }
            },
            Err((code, detail)) => faults.add(at_row(row, code, detail)),
        }
    }
    match faults.count {
        0 => Ok(people),
        count => Err(PeopleFileError {
            faults: faults.items,
            count,
        }),
    }
}

#[derive(Default)]
struct Faults {
    items: Vec<RowFault>,
    count: usize,
}

impl Faults {
    fn add(&mut self, item: RowFault) {
        self.count += 1;
        if self.items.len() < MOST_ERRORS {
            self.items.push(item);
        }
    }
}

type Fault = (&'static str, String);

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

fn text(file: &[u8]) -> Result<&str, PeopleFileError> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = String::from_utf8_lossy(&file[..error.valid_up_to()]);
        let row = before.split('\n').count();
        let row = u64::try_from(row).unwrap_or(u64::MAX);
        let detail = "the file is not UTF-8; save it as CSV UTF-8";
        PeopleFileError::one(row, "invalid_utf8", detail)
    })?;
    if text.trim().is_empty() {
        let detail = "the file is empty; its first row must name the columns, as in username,name,email,folder,active";
        return Err(PeopleFileError::one(1, "empty", detail));
    }
    // The reader passes over empty lines; then rows would not be where it says.
    for (row, line) in (1..).zip(text.trim_end().lines()) {
        if line.trim().is_empty() {
            return Err(PeopleFileError::one(row, "empty_row", "the row is empty"));
        }
    }
    Ok(text)
}

/// A comma; or a semicolon or tab, as some programs write, if the header has no comma.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t']
        .into_iter()
        .find(|separator| header.as_bytes().contains(separator))
        .unwrap_or(b',')
}

fn at_row(row: u64, code: &'static str, detail: impl Into<String>) -> RowFault {
    RowFault {
        row,
        code,
        detail: detail.into(),
    }
}

/// The first row that is malformed, and how many more there are.
fn told(faults: &[RowFault], count: usize) -> String {
    let first = faults
        .first()
        .map_or("it can't be read", |fault| fault.detail.as_str());
    let row = faults.first().map_or(1, |fault| fault.row);
    let more = match count {
        0 | 1 => String::new(),
        2 => " (and one more row)".to_owned(),
        count => format!(" (and {} more rows)", count - 1),
    };
    format!("row {row}: {first}{more}")
}

#[cfg(test)]
mod tests;
