//! Writing: one transaction at a time among all nodes.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio_postgres::Row;

use super::address::Database;
use super::io::Io;
use super::purpose::Purpose;
use super::session::Session;
use super::tables::Tables;
use crate::error::StoreError;
use crate::meta;
use crate::sql::{Columns, Value, statements_of_postgres};

statements_of_postgres! {
    /// Everybody who writes to the same schema of the same database waits for the same number.
    LOCK_KEY = "SELECT hashtextextended(current_database() || '.' || current_schema(), $1)";
    TAKE_LOCK = "SELECT pg_advisory_xact_lock($1)";
    /// Taken after the lock, so that it shows what the one before committed.
    HEAD = "SELECT m.name, m.number, pg_is_in_recovery() FROM meta m WHERE m.number IS NOT NULL";
}

/// How long after a lost connection the next attempt is made at the earliest.
const BREATH: Duration = Duration::from_millis(50);

/// The writing side of a node.
#[derive(Debug)]
pub(crate) struct Writer {
    tables: &'static Tables,
    database: Database,
    io: Io,
    purpose: Purpose,
    session: Option<(Session, i64)>,
}

/// A transaction that has its turn; dropped without [`Self::commit`], it never was.
#[derive(Debug)]
pub(crate) struct Transaction<'w> {
    session: &'w Session,
    committed: bool,
}

impl Writer {
    pub(crate) const fn new(
        tables: &'static Tables,
        database: Database,
        io: Io,
        purpose: Purpose,
    ) -> Self {
        Self {
            tables,
            database,
            io,
            purpose,
            session: None,
        }
    }

    /// From now on one thread uses it that runs no async code.
    pub(crate) fn stays_here(&mut self) -> Result<(), StoreError> {
        self.io = self
            .io
            .by_waiting()
            .map_err(|e| StoreError::Io(e.to_string()))?;
        // The next one is driven by whoever waits.
        self.session = None;
        Ok(())
    }

    /// Waits for its turn among all nodes, on a connection that is made when there is none.
    pub(crate) fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        let reused = self.session.is_some();
        let begun = match self.turn() {
            // An old connection may have ended unnoticed; nothing was done on it yet.
            Err(StoreError::Unavailable(_)) if reused => {
                std::thread::sleep(BREATH);
                self.turn()
            }
            begun => begun,
        };
        begun?;
        let (session, _) = self
            .session
            .as_ref()
            .expect("whoever has its turn has a connection");
        Ok(Transaction {
            session,
            committed: false,
        })
    }

    fn turn(&mut self) -> Result<(), StoreError> {
        if self
            .session
            .as_ref()
            .is_some_and(|(session, _)| session.is_lost())
        {
            self.session = None;
        }
        let (session, key) = match self.session.take() {
            Some(session) => session,
            None => {
                let session = Session::connect(&self.database, &self.io, self.purpose)?;
                let key = lock_key(&session, self.tables.lock_seed)?;
                (session, key)
            }
        };
        session.fresh();
        let begun = begin(self.tables, &session, key);
        if begun.is_err() {
            session.roll_back();
        }
        // One that was lost just now is noticed by the first question.
        if begun.is_ok() || !session.is_lost() {
            self.session = Some((session, key));
        }
        begun
    }
}

/// The number of the lock of all who write here.
pub(super) fn lock_key(session: &Session, seed: i64) -> Result<i64, StoreError> {
    let rows = session.query(&LOCK_KEY, &[seed.into()])?;
    match rows.first() {
        Some(row) => Columns::postgres(row).of("lock").int("key"),
        None => Err(StoreError::Unavailable("it gave no lock".into())),
    }
}

fn begin(tables: &Tables, session: &Session, key: i64) -> Result<(), StoreError> {
    let questions = [
        (&TAKE_LOCK, vec![Value::Int(key)]),
        (tables.head, Vec::new()),
    ];
    let answers = session.query_within("BEGIN ISOLATION LEVEL READ COMMITTED", &questions)?;
    learn_head(tables, session, answers.get(1).map_or(&[], Vec::as_slice))
}

/// Takes in what a server said at the beginning of a transaction: that it is the one that takes
/// writes, that the schema is this program's, and the numbers of the table `meta`.
pub(super) fn learn_head(
    tables: &Tables,
    session: &Session,
    head: &[Row],
) -> Result<(), StoreError> {
    let mut numbers = BTreeMap::new();
    for row in head {
        let mut row = Columns::postgres(row);
        let name = row.of("meta").text("name")?.to_owned();
        numbers.insert(name, row.int("number")?);
        if row.bool("pg_is_in_recovery")? {
            session.give_up();
            return Err(StoreError::Unavailable("it is a standby now".into()));
        }
    }
    let found = numbers.get(meta::SCHEMA_VERSION).copied();
    if found != Some(i64::from(tables.known)) {
        return Err(StoreError::OtherSchema {
            found: found.unwrap_or_default(),
            known: tables.known,
        });
    }
    session.begun(numbers);
    Ok(())
}

impl Transaction<'_> {
    pub(crate) fn session(&self) -> &Session {
        self.session
    }

    pub(crate) fn waits(&self) -> u64 {
        self.session.waits()
    }

    pub(crate) fn commit(mut self) -> Result<(), StoreError> {
        let committed = self.session.commit();
        self.committed = committed.is_ok();
        committed
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.committed {
            self.session.roll_back();
        }
    }
}
