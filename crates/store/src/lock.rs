//! One server for one data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::error::OpenError;

/// The lock file's name.
const NAME: &str = "seatkeeper.lock";

/// A held lock; given back when dropped, also by the end of the process however it comes.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a data folder.
    pub(crate) fn take(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join(NAME);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|e| OpenError::of_io(dir, &path, e))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::AlreadyOpen {
                dir: dir.to_owned(),
            }),
            Err(TryLockError::Error(e)) => Err(OpenError::of_io(dir, &path, e)),
        }
    }
}
