//! A data folder's store that is filled under another name and gets its own when it is whole: one
//! that dies on the way leaves nothing that a server would take for a store.

use std::path::Path;

use super::{CopyError, refuse_unless_empty};
use crate::backup::{BackupError, NewFile};
use crate::connection;
use crate::error::OpenError;
use crate::file::StoreFile;
use crate::lock::Lock;
use crate::migrations;
use crate::open::{FILE, make_private_dir};
use crate::writer::Writer;

/// An empty store that is not a folder's yet. Dropped before [`Self::place`], it never was there.
#[derive(Debug)]
pub struct NewStore {
    writer: Writer,
    unfinished: NewFile,
    _lock: Lock,
}

impl NewStore {
    /// Begins a store in a folder, which is made when missing. An empty store that lies there
    /// goes.
    ///
    /// # Errors
    /// [`CopyError::NotEmpty`]; [`CopyError::Open`] when a server works there, or what lies there
    /// is no store of this program's schema; [`CopyError::File`].
    pub fn begin(dir: &Path) -> Result<Self, CopyError> {
        make_private_dir(dir)?;
        let lock = Lock::take(dir)?;
        remove_empty(dir)?;
        let unfinished = NewFile::begin(&dir.join(FILE))?;
        let path = unfinished.path();
        let open = || {
            let connection = connection::writer(path)?;
            // Until it is whole and synced by us nobody looks at it, and then it is one file.
            connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
            connection.pragma_update(None, "synchronous", "OFF")?;
            Ok(connection)
        };
        let mut connection = open().map_err(|e| BackupError::of_sql(path, "opening", e))?;
        migrations::migrate(&mut connection).map_err(|e| BackupError::of_store(path, e))?;
        Ok(Self {
            writer: Writer::sqlite(connection, None),
            unfinished,
            _lock: lock,
        })
    }

    /// What fills it.
    pub const fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    /// Makes it the folder's store, in one step.
    ///
    /// # Errors
    /// [`BackupError`]: the folder got a store meanwhile, or the system refused.
    pub fn place(self) -> Result<(), BackupError> {
        let Self {
            writer,
            unfinished,
            _lock,
        } = self;
        drop(writer);
        unfinished.place().map(drop)
    }
}

/// Makes room where a store is that no server ever worked on.
fn remove_empty(dir: &Path) -> Result<(), CopyError> {
    let [file, log, index] = ["", "-wal", "-shm"].map(|suffix| dir.join(format!("{FILE}{suffix}")));
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    if !is_there(&file) {
        // A log without its database is what is left of a store, too.
        return if is_there(&log) {
            let dir = dir.to_owned();
            Err(BackupError::StoreExists { dir }.into())
        } else {
            Ok(())
        };
    }
    let is_begun = file.metadata().is_ok_and(|found| found.len() > 0) || is_there(&log);
    if is_begun {
        let found = StoreFile::open(dir)?;
        found.read(|reader| Ok(refuse_unless_empty(reader.link)))??;
    }
    for path in [file, log, index] {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(OpenError::of_io(dir, &path, error).into());
            }
            _ => {}
        }
    }
    Ok(())
}
