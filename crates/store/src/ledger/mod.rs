//! What a vendor's license service keeps: licenses with their keys' hashes, every revision, where they are active, and
//! who administers the service. A database of its own with tables of its own, on the same drivers as a store.
//!
//! [`Ledger::open`] makes what is missing. [`Ledger::read`] is one snapshot; [`Ledger::write`] is one transaction, and
//! while it runs nothing else writes: what was read in it is still so when it is committed, also where several services
//! work on one database.

mod pages;
mod rows;
pub(crate) mod statements;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, TransactionBehavior};

use crate::error::{OpenError, StoreError};
use crate::open::{make_private, make_private_dir};
use crate::postgres::purpose::Purpose;
use crate::postgres::{self, Database, Io, Tables};
use crate::sql::Link;
use crate::{connection, migrations};

pub use pages::{Reading, Writing};
pub use rows::{Activation, License, NewLicense, Revision, Signer};
use statements::of_postgres;

/// The database within the folder.
const FILE: &str = "service.db";

/// How many reads of one service run at once on a server's database.
const READERS: usize = 4;

/// The steps of the schema for SQLite; the first is version 1.
pub(crate) const SQLITE: &[&str] = &[include_str!("sqlite.sql")];

/// The same for PostgreSQL.
pub(crate) const POSTGRES: &[&str] = &[include_str!("postgres.sql")];

static TABLES: Tables = Tables {
    lock_seed: 0x5EA8,
    known: 1,
    steps: POSTGRES,
    is_empty: &of_postgres::LEDGER_IS_EMPTY,
    version: &of_postgres::LEDGER_VERSION,
    put_version: &of_postgres::LEDGER_PUT_VERSION,
    head: &of_postgres::LEDGER_HEAD,
};

/// Where a ledger is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder with an SQLite database in it.
    Folder(PathBuf),
    /// A PostgreSQL database, which any number of services may work on.
    Database(Box<Database>),
}

impl Place {
    /// Whether a service ever worked there. A database counts as one: only a connection could tell.
    pub fn exists(&self) -> bool {
        match self {
            Self::Folder(dir) => dir.join(FILE).exists(),
            Self::Database(_) => true,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(dir) => dir.display().fmt(f),
            Self::Database(database) => database.fmt(f),
        }
    }
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger(Inner);

#[derive(Debug)]
enum Inner {
    Sqlite(Mutex<Connection>),
    Postgres(Box<Lines>),
}

/// Connections to a server.
#[derive(Debug)]
struct Lines {
    readers: postgres::Pool,
    writer: Mutex<postgres::Writer>,
}

impl Ledger {
    /// Opens a ledger; its folder or its tables are made when missing.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed then.
    pub fn open(place: &Place) -> Result<Self, OpenError> {
        match place {
            Place::Folder(dir) => Self::open_folder(dir),
            Place::Database(database) => Self::open_database(database),
        }
    }

    fn open_folder(dir: &Path) -> Result<Self, OpenError> {
        make_private_dir(dir)?;
        let file = dir.join(FILE);
        make_private(&file).map_err(|e| OpenError::of_io(dir, &file, e))?;
        let fail = |e| OpenError::of_store(dir, &file, e);
        let opening = |e| fail(StoreError::of("opening the database", e));
        let mut connection = connection::writer(&file).map_err(opening)?;
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(opening)?;
        let found = migrations::version(&connection).map_err(fail)?;
        if found > TABLES.known {
            return Err(OpenError::NewerSchema {
                dir: dir.to_owned(),
                found,
                known: TABLES.known,
            });
        }
        migrations::run(&mut connection, SQLITE).map_err(fail)?;
        Ok(Self(Inner::Sqlite(Mutex::new(connection))))
    }

    fn open_database(database: &Database) -> Result<Self, OpenError> {
        let fail = |source| OpenError::Database {
            database: database.to_string(),
            source,
        };
        let io = Io::start().map_err(|e| fail(StoreError::Io(e.to_string())))?;
        let found = postgres::migrate(&TABLES, database, &io).map_err(fail)?;
        found.is_ours(database, &TABLES)?;
        Ok(Self(Inner::Postgres(Box::new(Lines {
            readers: postgres::Pool::new(database.clone(), io.clone(), Purpose::Read, READERS),
            writer: Mutex::new(postgres::Writer::new(
                &TABLES,
                database.clone(),
                io,
                Purpose::Write,
            )),
        }))))
    }

    /// Reads on one snapshot.
    ///
    /// # Errors
    /// What `f` says, or the database.
    pub fn read<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(Reading<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Inner::Sqlite(connection) => {
                let mut connection = locked(connection);
                let snapshot = connection
                    .transaction()
                    .map_err(|e| StoreError::of("begin", e))?;
                f(Reading(Link::Sqlite(&snapshot)))
            }
            Inner::Postgres(lines) => lines
                .readers
                .read(|session| Ok(f(Reading(Link::Postgres(session)))))?,
        }
    }

    /// Changes something; waits for whoever writes at the moment. When `f` fails, nothing was changed.
    ///
    /// # Errors
    /// What `f` says, or the database; of [`StoreError::OutcomeUnknown`] alone nobody knows whether it was kept.
    pub fn write<T, E: From<StoreError>>(
        &self,
        f: impl FnOnce(Writing<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match &self.0 {
            Inner::Sqlite(connection) => {
                let mut connection = locked(connection);
                let transaction = connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(|e| StoreError::of("begin", e))?;
                let done = f(Writing(Reading(Link::Sqlite(&transaction))))?;
                transaction
                    .commit()
                    .map_err(|e| StoreError::of("commit", e))?;
                Ok(done)
            }
            Inner::Postgres(lines) => {
                let mut writer = locked(&lines.writer);
                let transaction = writer.begin()?;
                let done = f(Writing(Reading(Link::Postgres(transaction.session()))))?;
                transaction.commit()?;
                Ok(done)
            }
        }
    }
}

fn locked<T>(one: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change is a transaction, which a panic takes back.
    one.lock().unwrap_or_else(PoisonError::into_inner)
}
