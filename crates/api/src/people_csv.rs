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

use axum::http::StatusCode;
use csv::{ReaderBuilder, StringRecord, Trim};
use domain::command::{FolderRef, UserPatch};
use domain::names::quoted;
use domain::{Email, PersonName, Username};
use engine::PutUser;
use wire::problem::ProblemItem;

use crate::convert::names::folder_path;
use crate::problem::{Problem, at_row, name_code};
use columns::{Column, Columns};

/// How many malformed rows are named; further ones are only counted.
const MOST_ERRORS: usize = 1000;

/// What a file says of people, in its order.
pub(crate) fn read(file: &[u8]) -> Result<Vec<PutUser>, Problem> {
    let text = text(file)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(text))
        .trim(Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| refused(vec![broken(1, &error)], 1))?;
    let columns = Columns::read(header)
        .map_err(|(code, detail)| refused(vec![at_row(1, code, detail)], 1))?;
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
        count => Err(refused(faults.items, count)),
    }
}

#[derive(Default)]
struct Faults {
    items: Vec<ProblemItem>,
    count: usize,
}

impl Faults {
    fn add(&mut self, item: ProblemItem) {
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
    let name = |error: domain::NameError| (name_code(&error), error.to_string());
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
    let names = folder_path(path).map_err(|detail| ("invalid_folder", detail))?;
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

fn text(file: &[u8]) -> Result<&str, Problem> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let text = std::str::from_utf8(file).map_err(|error| {
        let before = String::from_utf8_lossy(&file[..error.valid_up_to()]);
        let row = before.split('\n').count();
        let row = u64::try_from(row).unwrap_or(u64::MAX);
        let detail = "the file is not UTF-8; save it as CSV UTF-8";
        refused(vec![at_row(row, "invalid_utf8", detail)], 1)
    })?;
    if text.trim().is_empty() {
        let detail = "the file is empty; its first row must name the columns, as in username,name,email,folder,active";
        return Err(refused(vec![at_row(1, "empty", detail)], 1));
    }
    // The reader passes over empty lines; then rows would not be where it says.
    for (row, line) in (1..).zip(text.trim_end().lines()) {
        if line.trim().is_empty() {
            return Err(refused(
                vec![at_row(row, "empty_row", "the row is empty")],
                1,
            ));
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

fn broken(row: u64, error: &csv::Error) -> ProblemItem {
    at_row(row, "invalid_row", error.to_string())
}

fn refused(items: Vec<ProblemItem>, count: usize) -> Problem {
    let first = items
        .first()
        .map_or("it can't be read", |item| item.detail.as_str());
    let row = items.first().and_then(|item| item.row).unwrap_or(1);
    let more = match count {
        0 | 1 => String::new(),
        2 => " (and one more row)".to_owned(),
        count => format!(" (and {} more rows)", count - 1),
    };
    let detail = format!("nothing was imported: row {row}: {first}{more}");
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        wire::codes::INVALID_CSV,
        detail,
    )
    .with_errors(items)
}

#[cfg(test)]
mod tests;
