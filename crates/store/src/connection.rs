//! How connections are set up.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;

/// More than there are statements, so that none is ever prepared twice.
const STATEMENTS: usize = 256;

/// How long a write waits for a writer of another process.
const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

/// The page cache of the writer and of each reader, in KiB.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
const READER_CACHE_KIB: i64 = 16 * 1024;

/// How many pages of 4 KiB the log grows before it is carried over into the file: rarely
/// enough that commits seldom wait for it, often enough that reading it stays quick.
const CHECKPOINT_PAGES: i64 = 4000;

/// To what the log's file is cut after that, in bytes.
const LOG_LIMIT: i64 = 64 * 1024 * 1024;

/// The connection that writes.
pub(crate) fn writer(path: &Path) -> Result<Connection, rusqlite::Error> {
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    shared(&connection, WRITER_CACHE_KIB)?;
    // Answers with the mode that is in force.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    // FULL: a commit is on the disk before it is answered.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    connection.pragma_update_and_check(None, "journal_size_limit", LOG_LIMIT, |_| Ok(()))?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let open = || {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        prepare_to_read(&connection)?;
        Ok(connection)
    };
    open().map_err(|e| StoreError::of("opening a reader", e))
}

/// Sets up a connection through which nothing is written.
pub(crate) fn prepare_to_read(connection: &Connection) -> Result<(), rusqlite::Error> {
    shared(connection, READER_CACHE_KIB)?;
    connection.pragma_update(None, "query_only", true)
}

fn shared(connection: &Connection, cache_kib: i64) -> Result<(), rusqlite::Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.busy_timeout(BUSY)?;
    // Plans don't depend on values: otherwise a statement is prepared anew for every value
    // once somebody ran ANALYZE, which costs ten times what it does.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Negative: in KiB and not in pages.
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Rows name each other by ids that the domain checks; `check` proves it. A look-up for
    // each reference on every insert would cost a sign-in more than its own write.
    connection.pragma_update(None, "foreign_keys", false)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::{load, migrations};

    #[test]
    fn no_statement_is_prepared_anew_for_other_values() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = writer(&dir.path().join("db")).unwrap();
        migrations::migrate(&mut connection).unwrap();
        connection
            .execute_batch(
                "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n LIMIT 1000) \
                 INSERT INTO app_user SELECT randomblob(16), randomblob(16), n, n, NULL, NULL, \
                 zeroblob(16), 1, 0, 1, n, n, '', '', 0 FROM n; ANALYZE;",
            )
            .unwrap();
        for statement in load::statements::ALL {
            let mut prepared = connection.prepare(statement.sqlite()).unwrap();
            for value in ["1", "2", "3"] {
                let values = vec![value; prepared.parameter_count()];
                let mut rows = prepared.query(rusqlite::params_from_iter(values)).unwrap();
                rows.next().ok();
            }
            let anew = prepared.get_status(StatementStatus::RePrepare);
            assert_eq!(anew, 0, "{}", statement.name);
        }
    }
}
