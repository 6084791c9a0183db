//! The disk's part of a commit on SQLite, apart from the rest of it: so that the writer can work
//! on the next transaction while the log of the last one is made durable.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;

use crate::error::StoreError;

/// The write-ahead log of an embedded store, seen from the disk's side.
#[derive(Debug)]
pub struct Log {
    file: File,
    /// Whether the disk failed to keep some of it, so that what comes after it can't be relied
    /// on either until the log begins anew.
    is_doubtful: AtomicBool,
}

impl Log {
    /// The log of a database whose connection has read or written.
    pub(crate) fn of(database: &Path) -> Result<Self, StoreError> {
        let mut name = OsString::from(database);
        name.push("-wal");
        let file = File::open(&name).map_err(|error| StoreError::Io(error.to_string()))?;
        Ok(Self {
            file,
            is_doubtful: AtomicBool::new(false),
        })
    }

    /// Returns when all that was committed before is durable. May be called from any thread.
    ///
    /// # Errors
    /// [`StoreError::OutcomeUnknown`]: it stands, but not on the disk for sure. Everything fails
    /// after that until [`crate::Writer::begin`] could begin the log anew.
    pub fn sync(&self) -> Result<(), StoreError> {
        let synced = if self.is_doubtful() {
            Err("the disk failed before".to_owned())
        } else {
            self.file.sync_data().map_err(|error| error.to_string())
        };
        synced.map_err(|error| {
            self.doubt();
            StoreError::OutcomeUnknown(format!("the disk failed to keep the log: {error}"))
        })
    }

    /// Whether a failure was not made good yet.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.is_doubtful.load(Ordering::Acquire)
    }

    /// After a failure: carries everything over into the database file, durably, and begins the
    /// log anew. A later success of the same `fsync` would prove nothing: the system forgets what
    /// it could not write.
    pub(crate) fn begin_anew(&self, connection: &Connection) -> Result<(), StoreError> {
        let failed = |error| StoreError::of("beginning the log anew", error);
        let is_busy: bool = connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(failed)?;
        if is_busy {
            return Err(StoreError::Busy);
        }
        self.is_doubtful.store(false, Ordering::Release);
        Ok(())
    }

    /// Relies on nothing in the log any more, as after a failure of the disk.
    pub fn doubt(&self) {
        self.is_doubtful.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Store, StoreOptions};

    #[test]
    fn after_a_failure_of_the_disk_the_log_begins_anew_and_loses_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut writer) = Store::open(&StoreOptions::new(folder.path())).unwrap();
        let log = writer.part_from_log().unwrap().unwrap();
        let mut transaction = writer.begin().unwrap();
        transaction.put_setting("name", "first").unwrap();
        transaction.commit_before_sync().unwrap();
        log.doubt();
        // It stands, but nobody may say so; and the same failure counts for all that follows.
        for _ in 0..2 {
            assert_eq!(log.sync().unwrap_err().code(), "outcome_unknown");
        }

        let file = folder.path().join("seatkeeper.db-wal");
        assert!(file.metadata().unwrap().len() > 0);
        let mut transaction = writer.begin().unwrap();
        assert_eq!(file.metadata().unwrap().len(), 0);
        let kept = transaction.setting("name").unwrap();
        assert_eq!(kept.as_deref(), Some("first"));
        transaction.put_setting("name", "second").unwrap();
        transaction.commit().unwrap();
        log.sync().unwrap();
        let kept = store.read(|reader| reader.setting("name")).unwrap();
        assert_eq!(kept.as_deref(), Some("second"));
    }

    #[test]
    fn while_somebody_still_reads_the_old_log_nothing_is_begun() {
        let folder = tempfile::tempdir().unwrap();
        let (store, mut writer) = Store::open(&StoreOptions::new(folder.path())).unwrap();
        let log = writer.part_from_log().unwrap().unwrap();
        let mut transaction = writer.begin().unwrap();
        transaction.put_setting("name", "first").unwrap();
        transaction.commit().unwrap();
        log.doubt();
        store
            .read(|reader| {
                reader.setting("name")?;
                assert_eq!(writer.begin().unwrap_err().code(), "store_busy");
                Ok(())
            })
            .unwrap();
        writer.begin().unwrap();
    }
}
