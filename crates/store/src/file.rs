//! A store's database file, looked at without being its server: a backup, or the store of a
//! data folder, whose server may run or not.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::connection;
use crate::error::{OpenError, StoreError};
use crate::migrations;
use crate::open::FILE;
use crate::reader::Reader;
use crate::sql::Link;

/// An open database file of a store. Nothing is written to it.
#[derive(Debug)]
pub struct StoreFile {
    path: PathBuf,
    connection: Connection,
}

impl StoreFile {
    /// Opens a backup file, or the store of a data folder.
    ///
    /// # Errors
    /// [`OpenError::Missing`], [`OpenError::NotAStore`], [`OpenError::NewerSchema`], or that it
    /// can't be read.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let file = if path.is_dir() {
            path.join(FILE)
        } else {
            path.to_owned()
        };
        match file.metadata() {
            Ok(found) if found.is_file() && found.len() == 0 => {
                let why = "the file is empty".to_owned();
                return Err(OpenError::NotAStore { path: file, why });
            }
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let dir = path.to_owned();
                return Err(OpenError::Missing { dir });
            }
            Err(source) => return Err(OpenError::Io { path: file, source }),
        }
        let fail = |e| OpenError::of_store(path, &file, e);
        let connection = connect(&file).map_err(|e| fail(StoreError::of("opening the file", e)))?;
        let (is_ours, found) = recognize(&connection).map_err(fail)?;
        if !is_ours {
            let why = "it is a database of something else".to_owned();
            return Err(OpenError::NotAStore { path: file, why });
        }
        let known = migrations::KNOWN;
        if found > known {
            let dir = path.to_owned();
            return Err(OpenError::NewerSchema { dir, found, known });
        }
        Ok(Self {
            path: file,
            connection,
        })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs reads on one snapshot; it must have this program's schema.
    ///
    /// # Errors
    /// [`OpenError::OlderSchema`], or what the reads answer.
    pub fn read<T>(
        &self,
        f: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, OpenError> {
        let fail = |e| OpenError::of_store(&self.path, &self.path, e);
        let found = migrations::version(&self.connection).map_err(fail)?;
        let known = migrations::KNOWN;
        if found < known {
            let dir = self.path.clone();
            return Err(OpenError::OlderSchema { dir, found, known });
        }
        let snapshot = Snapshot::begin(&self.connection).map_err(fail)?;
        f(&mut Reader::new(Link::Sqlite(snapshot.0))).map_err(fail)
    }

    /// The connection, within a transaction that sees one moment of the store until it is dropped.
    pub(crate) fn snapshot(&self) -> Result<Snapshot<'_>, StoreError> {
        Snapshot::begin(&self.connection)
    }
}

/// A transaction that only reads.
pub(crate) struct Snapshot<'c>(pub(crate) &'c Connection);

impl<'c> Snapshot<'c> {
    fn begin(connection: &'c Connection) -> Result<Self, StoreError> {
        // The first read, and not BEGIN, fixes the moment.
        connection
            .execute_batch("BEGIN; SELECT count(*) FROM sqlite_schema")
            .map_err(|e| StoreError::of("begin", e))?;
        Ok(Self(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Nothing was written; a connection that can't end it is of no further use.
        let _ = self.0.execute_batch("ROLLBACK");
    }
}

/// Whoever may write connects as a writer would, so that the files beside a database are made and
/// cleared away as its server does.
fn connect(file: &Path) -> Result<Connection, rusqlite::Error> {
    let open = |flags| {
        let connection =
            Connection::open_with_flags(file, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection::prepare_to_read(&connection)?;
        Ok(connection)
    };
    match open(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        Err(rusqlite::Error::SqliteFailure(failure, _))
            if matches!(
                failure.code,
                ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied
            ) =>
        {
            open(OpenFlags::SQLITE_OPEN_READ_ONLY)
        }
        other => other,
    }
}

/// Whether it has tables of ours, and its schema's version.
fn recognize(connection: &Connection) -> Result<(bool, u32), StoreError> {
    let ours: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table' \
             AND name IN ('meta', 'policy', 'license', 'seat', 'event', 'seal')",
            [],
            |row| row.get(0),
        )
        .map_err(|e| StoreError::of("recognizing a store", e))?;
    Ok((ours == 6, migrations::version(connection)?))
}
