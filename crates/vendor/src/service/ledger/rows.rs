//! Rows as values: what columns hold, and how they are read.

use jiff::Timestamp;
use license_file::document::LicenseTerms;
use rusqlite::Row;
use rusqlite::types::Type;

use crate::service::ServiceError;
use crate::service::model::Entry;

pub(super) fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        customer: row.get(0)?,
        terms: terms(row, 1)?,
        key: row.get(2)?,
        installations: row.get(3)?,
        active: row.get(4)?,
        issued_at: moment(row, 5)?,
        changed_at: moment(row, 6)?,
        withdrawn_at: opt_moment(row, 7)?,
        withdrawn_why: row.get(8)?,
    })
}

/// Revisions are at most 2^53.
pub(super) fn number(revision: u64) -> i64 {
    i64::try_from(revision).unwrap_or(i64::MAX)
}

pub(super) fn json(terms: &LicenseTerms) -> Result<String, ServiceError> {
    serde_json::to_string(terms).map_err(|error| ServiceError::Damaged(error.to_string()))
}

pub(super) fn terms(row: &Row<'_>, column: usize) -> rusqlite::Result<LicenseTerms> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

pub(super) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, Box::new(error))
    })
}

pub(super) fn opt_moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    match row.get::<_, Option<i64>>(column)? {
        Some(_) => moment(row, column).map(Some),
        None => Ok(None),
    }
}
