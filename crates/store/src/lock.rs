//! One server for one data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use crate::error::OpenError;

/// The lock file's name.
const NAME: &str = "seatkeeper.lock";

/// How often the lock is tried, and how long is waited in between: whoever was killed a moment ago
/// still has it.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(25);

/// A held lock; given back when dropped, also by the end of the process however it comes.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing alone would leave it to a child process that is just being started.
        drop(self.file.unlock());
    }
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
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(e)) => return Err(OpenError::of_io(dir, &path, e)),
            }
        }
        Err(OpenError::AlreadyOpen {
            dir: dir.to_owned(),
        })
    }
}
