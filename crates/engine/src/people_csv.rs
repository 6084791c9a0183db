//! People from a CSV file: `username,name,email,folder,active`.
//!
//! A column that is left out says nothing: that field stays as it is; of somebody new it is empty, the
//! root folder, active. A field that is left empty in a column that is there empties, and means the
//! root folder; an empty `active` says nothing.
//!
//! A file with any malformed row is refused whole, and every such row is named. The header is row 1;
//! rows are counted as a spreadsheet counts them.
//!
//! A file is read from its beginning to its end before anybody is put, and then again, row by row, as
//! they are: however many people are in it, only its bytes are held.

mod columns;
mod rows;
mod twice;

use std::collections::HashMap;
use std::fmt;
use std::hash::BuildHasher as _;

use bytes::Bytes;

use columns::Columns;
use rows::{Rows, header};
use twice::repeated;

pub(crate) use rows::{People, PutUser};

/// How many malformed rows are named; further ones are only counted.
const MOST_ERRORS: usize = 1000;

/// A file that was looked through and has no malformed row. Cheap to clone: the bytes are shared.
#[derive(Clone)]
pub struct PeopleFile {
    text: Bytes,
    separator: u8,
    columns: Columns,
    count: u64,
}

impl fmt::Debug for PeopleFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeopleFile({} people)", self.count)
    }
}

impl PeopleFile {
    /// Looks a file through. Its bytes are not copied.
    ///
    /// # Errors
    /// [`PeopleFileError`].
    pub fn check(file: impl Into<Bytes>) -> Result<Self, PeopleFileError> {
        let hashes = foldhash::quality::RandomState::default();
        Self::check_by(file.into(), |key| hashes.hash_one(key))
    }

    /// How many people are in it.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Who is in it, in its order.
    pub(crate) fn people(&self) -> People {
        People::new(self.rows())
    }

    /// Names are compared by a hash first, since that of each must be remembered.
    fn check_by(file: Bytes, hash: impl Fn(&str) -> u64) -> Result<Self, PeopleFileError> {
        let text = text(&file)?;
        let separator = separator(text);
        let text = file.slice_ref(text.as_bytes());
        let columns = header(text.clone(), separator)?;
        let mut file = Self {
            text,
            separator,
            columns,
            count: 0,
        };
        let mut hashes = Vec::new();
        let mut is_sound = true;
        for row in file.rows() {
            match row {
                Ok(put) => hashes.push(hash(&put.username.key())),
                Err(_) => is_sound = false,
            }
        }
        file.count = hashes.len() as u64;
        let repeated = repeated(hashes);
        if is_sound && repeated.is_empty() {
            return Ok(file);
        }
        let faults = file.faults(|key| repeated.binary_search(&hash(key)).is_ok());
        match faults.count {
            0 => Ok(file),
            count => Err(PeopleFileError {
                faults: faults.items,
                count,
            }),
        }
    }

    fn rows(&self) -> Rows {
        Rows::new(self.text.clone(), self.separator, self.columns.clone())
    }

    /// The malformed rows. Names of which it is known that they stand there once need not be
    /// remembered.
    fn faults(&self, may_be_repeated: impl Fn(&str) -> bool) -> Faults {
        let mut faults = Faults::default();
        let mut seen: HashMap<String, u64> = HashMap::new();
        for row in self.rows() {
            let PutUser { row, username, .. } = match row {
                Ok(put) => put,
                Err(fault) => {
                    faults.add(fault);
                    continue;
                }
            };
            let key = username.key();
            if may_be_repeated(&key)
                && let Some(first) = seen.insert(key, row)
            {
                let name = username.as_str();
                let detail = format!("the username {name:?} stands in row {first} already");
                faults.add(at_row(row, "duplicate_username", detail));
            }
        }
        faults
    }
}

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

/// The stable code of what is wrong with a row, and the sentence.
type Fault = (&'static str, String);

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
