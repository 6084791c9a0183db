//! Bringing a database to the schema of this program.

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use super::writer::lock_key;
use crate::error::StoreError;
use crate::meta;
use crate::migrations::{KNOWN, POSTGRES};
use crate::sql::{Columns, Value, statements_of_postgres};

statements_of_postgres! {
    IS_EMPTY = "SELECT to_regclass('meta') IS NULL";
    SCHEMA_VERSION = "SELECT m.name, m.number FROM meta m WHERE m.name = $1";
    PUT_SCHEMA_VERSION = "INSERT INTO meta (name, number) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET number = excluded.number";
}

/// Runs the steps that are missing, all in one transaction, while nobody writes. The version that
/// was found, when it is later than what this program knows; nothing is changed then.
pub(crate) fn migrate(database: &Database, io: &Io) -> Result<Option<u32>, StoreError> {
    let session = Session::connect(database, io, Purpose::Migrate)?;
    let key = lock_key(&session)?;
    session.fresh();
    let done = run(&session, key);
    if done.is_err() {
        session.roll_back();
    }
    done
}

fn run(session: &Session, key: i64) -> Result<Option<u32>, StoreError> {
    session.say(&format!("BEGIN; SELECT pg_advisory_xact_lock({key})"))?;
    let found = version(session)?;
    if found > KNOWN {
        session.roll_back();
        return Ok(Some(found));
    }
    for step in POSTGRES.iter().skip(found as usize) {
        session.say(step)?;
    }
    if found < KNOWN {
        let values = [meta::SCHEMA_VERSION.into(), Value::from(KNOWN)];
        session.run(&PUT_SCHEMA_VERSION, &values)?;
    }
    session.commit()?;
    Ok(None)
}

/// The schema version; 0 of an empty database.
fn version(session: &Session) -> Result<u32, StoreError> {
    let rows = session.query(&IS_EMPTY, &[])?;
    if let Some(row) = rows.first()
        && Columns::postgres(row).of("meta").bool("is_empty")?
    {
        return Ok(0);
    }
    let rows = session.query(&SCHEMA_VERSION, &[meta::SCHEMA_VERSION.into()])?;
    match rows.first() {
        Some(row) => {
            let mut row = Columns::postgres(row);
            row.of("meta").text("name")?;
            row.number("number")
        }
        None => Err(StoreError::Damaged(
            "there is a table `meta` that is not Seatkeeper's".into(),
        )),
    }
}
