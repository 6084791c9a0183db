//! Making a backup, and the copying that a restore does too.

use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{BackupError, NewFile, PREFIX, PUT_NOTE, Told};
use crate::error::StoreError;
use crate::file::StoreFile;
use crate::sql::{Link, Value};

/// How many pages of 4 KiB are copied between two reports of progress.
const PAGES_AT_ONCE: i32 = 1024;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub path: PathBuf,
    /// How long it is, in bytes.
    pub bytes: u64,
}

impl StoreFile {
    /// Writes a backup of this moment into a new file that only its owner can read. Whoever
    /// works on the store goes on; only its log grows meanwhile.
    ///
    /// `notes` are names and texts that travel along.
    ///
    /// # Errors
    /// [`BackupError`]; no file is left then.
    pub fn back_up(
        &self,
        to: &Path,
        notes: &[(&str, String)],
        told: Told<'_>,
    ) -> Result<Made, BackupError> {
        let unfinished = NewFile::begin(to)?;
        let copy = self.copy_into(&unfinished, told)?;
        let link = Link::Sqlite(&copy);
        for (name, content) in notes {
            let name = format!("{PREFIX}{name}");
            let values: [Value<'_>; 2] = [name.into(), content.as_str().into()];
            link.run(&PUT_NOTE, &values)
                .map_err(|e| BackupError::of_store(to, e))?;
        }
        close(copy, to)?;
        let bytes = unfinished.place()?;
        Ok(Made {
            path: to.to_owned(),
            bytes,
        })
    }

    /// Copies this moment into an empty file, which is then one database without a log.
    pub(super) fn copy_into(
        &self,
        to: &NewFile,
        told: Told<'_>,
    ) -> Result<Connection, BackupError> {
        let path = to.path();
        let fail = |e| BackupError::of_sql(path, "copying", e);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut copy = Connection::open_with_flags(path, flags).map_err(fail)?;
        // Until it is whole and synced by us, nobody looks at it.
        copy.pragma_update(None, "synchronous", "OFF")
            .map_err(fail)?;
        {
            // While the source's snapshot is held, no write of others makes the copying begin anew.
            let snapshot = self
                .snapshot()
                .map_err(|e| BackupError::of_store(self.path(), e))?;
            let copying = Backup::new(snapshot.0, &mut copy).map_err(fail)?;
            loop {
                let step = copying.step(PAGES_AT_ONCE).map_err(fail)?;
                let progress = copying.progress();
                let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
                let total = count(progress.pagecount);
                told(total.saturating_sub(count(progress.remaining)), total);
                match step {
                    StepResult::More => {}
                    StepResult::Done => break,
                    _ => {
                        return Err(BackupError::of_store(self.path(), StoreError::Busy));
                    }
                }
            }
        }
        // As it was copied it says that there is a log beside it.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))
            .map_err(fail)?;
        Ok(copy)
    }
}

pub(super) fn close(copy: Connection, path: &Path) -> Result<(), BackupError> {
    copy.close()
        .map_err(|(_, e)| BackupError::of_sql(path, "closing the copy", e))
}
