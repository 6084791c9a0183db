//! Bringing a database to the schema of this program.

use tokio_postgres::error::SqlState;

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use super::tables::{Found, Tables};
use super::writer::lock_key;
use crate::error::StoreError;
use crate::meta;
use crate::sql::{Columns, Statement, Value, statements_of_postgres};

statements_of_postgres! {
    IS_EMPTY = "SELECT to_regclass('meta') IS NULL";
    SCHEMA_VERSION = "SELECT m.name, m.number FROM meta m WHERE m.name = $1";
    PUT_SCHEMA_VERSION = "INSERT INTO meta (name, number) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET number = excluded.number";
    /// Where a schema of ours is missing, this table of each is somebody else's.
    IS_TAKEN = "SELECT to_regclass('license') IS NOT NULL";
}

/// Runs the steps that are missing, all in one transaction, while nobody writes. Unless what is
/// found is ours afterwards, nothing is changed.
pub(crate) fn migrate(tables: &Tables, database: &Database, io: &Io) -> Result<Found, StoreError> {
    let session = Session::connect(database, io, Purpose::Migrate)?;
    let key = lock_key(&session, tables.lock_seed)?;
    session.fresh();
    let done = run(tables, &session, key);
    if done.is_err() {
        session.roll_back();
    }
    done
}

/// What a database holds. Nothing is changed.
pub(crate) fn look(tables: &Tables, database: &Database, io: &Io) -> Result<Found, StoreError> {
    let session = Session::connect(database, io, Purpose::Migrate)?;
    Ok(match version(tables, &session) {
        Ok(None) => Found::Others,
        Ok(Some(0)) => Found::Nothing,
        Ok(Some(found)) if found < tables.known => Found::Older(found),
        Ok(Some(found)) if found > tables.known => Found::Newer(found),
        Ok(Some(_)) => Found::Ours,
        // A table of the same name with other columns.
        Err(StoreError::Postgres { source, .. })
            if source.code() == Some(&SqlState::UNDEFINED_COLUMN) =>
        {
            Found::Others
        }
        Err(error) => return Err(error),
    })
}

fn run(tables: &Tables, session: &Session, key: i64) -> Result<Found, StoreError> {
    session.say(&format!("BEGIN; SELECT pg_advisory_xact_lock({key})"))?;
    let found = match version(tables, session)? {
        Some(found) if found <= tables.known => found,
        other => {
            session.roll_back();
            return Ok(other.map_or(Found::Others, Found::Newer));
        }
    };
    for step in tables.steps.iter().skip(found as usize) {
        session.say(step)?;
    }
    if found < tables.known {
        let values = [meta::SCHEMA_VERSION.into(), Value::from(tables.known)];
        session.run(tables.put_version, &values)?;
    }
    session.commit()?;
    Ok(Found::Ours)
}

/// The schema version; 0 of an empty database, none where there are other tables.
fn version(tables: &Tables, session: &Session) -> Result<Option<u32>, StoreError> {
    if says_yes(session, tables.is_empty)? {
        let is_taken = says_yes(session, &IS_TAKEN)?;
        return Ok((!is_taken).then_some(0));
    }
    let rows = session.query(tables.version, &[meta::SCHEMA_VERSION.into()])?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let mut row = Columns::postgres(row);
    row.of("meta").text("name")?;
    row.number("number").map(Some)
}

fn says_yes(session: &Session, statement: &'static Statement) -> Result<bool, StoreError> {
    let rows = session.query(statement, &[])?;
    match rows.first() {
        Some(row) => Columns::postgres(row).of("catalog").bool("answer"),
        None => Ok(false),
    }
}
