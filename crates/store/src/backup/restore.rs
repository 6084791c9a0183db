//! From a backup back to a store.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::make::close;
use super::{BackupError, FORGET_NOTES, NewFile, Told, notes};
use crate::check::Violation;
use crate::file::StoreFile;
use crate::lock::Lock;
use crate::migrations;
use crate::open::{FILE, make_private_dir};
use crate::reader::Reader;
use crate::sql::Link;

/// A backup that lies, examined, in the data folder without being its store yet. Dropped before
/// [`Self::place`], it never was there.
#[derive(Debug)]
pub struct Restoring {
    from: PathBuf,
    notes: Vec<(String, String)>,
    violations: Vec<Violation>,
    copy: Connection,
    unfinished: NewFile,
    _lock: Lock,
}

impl Restoring {
    /// Copies a backup into a data folder that has no store, brings it to this program's
    /// schema, and checks its file, its data and its record.
    ///
    /// # Errors
    /// [`BackupError`]: it is no backup, or of a newer program; the folder has a store or a
    /// server; no room. That its data breaks rules is told by [`Self::violations`].
    pub fn prepare(file: &Path, dir: &Path, told: Told<'_>) -> Result<Self, BackupError> {
        let backup = StoreFile::open(file)?;
        refuse_store(dir)?;
        make_private_dir(dir)?;
        let lock = Lock::take(dir)?;
        // Somebody may have been faster than the lock.
        refuse_store(dir)?;
        let unfinished = NewFile::begin(&dir.join(FILE))?;
        let mut copy = backup.copy_into(&unfinished, told)?;
        let fail = |e| BackupError::of_store(file, e);
        migrations::migrate(&mut copy).map_err(fail)?;
        let link = Link::Sqlite(&copy);
        let notes = notes(link).map_err(fail)?;
        link.run(&FORGET_NOTES, &[]).map_err(fail)?;
        let violations = Reader::new(link).check().map_err(fail)?;
        Ok(Self {
            from: file.to_owned(),
            notes,
            violations,
            copy,
            unfinished,
            _lock: lock,
        })
    }

    /// The note of this name that the backup was made with.
    pub fn note(&self, name: &str) -> Option<&str> {
        let mut notes = self.notes.iter();
        notes
            .find(|(known, _)| known == name)
            .map(|(_, content)| content.as_str())
    }

    /// What is wrong with the data; empty when all is well.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Looks something up in what is being restored.
    pub fn read<T>(
        &self,
        f: impl FnOnce(&mut Reader<'_>) -> Result<T, crate::StoreError>,
    ) -> Result<T, BackupError> {
        f(&mut Reader::new(Link::Sqlite(&self.copy)))
            .map_err(|e| BackupError::of_store(&self.from, e))
    }

    /// Makes it the folder's store, in one step.
    ///
    /// # Errors
    /// [`BackupError::Unsound`] when there are violations and they are not to be put up with.
    pub fn place(self, despite_violations: bool) -> Result<(), BackupError> {
        if !self.violations.is_empty() && !despite_violations {
            return Err(BackupError::Unsound {
                path: self.from,
                violations: self.violations,
            });
        }
        close(self.copy, self.unfinished.path())?;
        self.unfinished.place().map(drop)
    }
}

/// A log without its database is what is left of a store, too.
fn refuse_store(dir: &Path) -> Result<(), BackupError> {
    let exists = |name: String| dir.join(name).symlink_metadata().is_ok();
    if exists(FILE.to_owned()) || exists(format!("{FILE}-wal")) {
        let dir = dir.to_owned();
        return Err(BackupError::StoreExists { dir });
    }
    Ok(())
}
