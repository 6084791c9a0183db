//! Moving an installation: its store into another, and its key along with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use store::backup::BackupError;
use store::copy::{Copied, CopyError, CopyTold};
use store::{OpenError, Store, StoreFile, StoreOptions};
use thiserror::Error;

use crate::archive::read_key;
use crate::installation::{KEY_FILE, write_private};

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StorePlace {
    /// In a data folder.
    Folder(PathBuf),
}

/// A text that names no place of a store.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{} is no place of a store; write sqlite:DIR for a data folder", domain::names::quoted(.0))]
pub struct NoPlace(String);

impl FromStr for StorePlace {
    type Err = NoPlace;

    /// `sqlite:DIR`.
    fn from_str(text: &str) -> Result<Self, NoPlace> {
        match text.split_once(':') {
            Some(("sqlite", dir)) if !dir.is_empty() => Ok(Self::Folder(dir.into())),
            _ => Err(NoPlace(text.to_owned())),
        }
    }
}

/// Why an installation was not moved. The target is as it was, or an empty store.
#[derive(Debug, Error)]
pub enum MoveError {
    /// One of the stores can't be opened, or a server works on it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy was refused, or failed.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The key can't be read or written.
    #[error(transparent)]
    Key(#[from] BackupError),
}

impl MoveError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Open(error) => error.code(),
            Self::Copy(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }
}

/// Copies a store with the installation's key into an empty one. No server may work on either.
///
/// # Errors
/// [`MoveError`].
pub fn copy_store(
    from: &StorePlace,
    to: &StorePlace,
    told: CopyTold<'_>,
) -> Result<Copied, MoveError> {
    let StorePlace::Folder(from) = from;
    let StorePlace::Folder(to) = to;
    // Opening makes a store where none is, which here would be a mistake in the name.
    drop(StoreFile::open(from)?);
    let (source, _writer) = Store::open(&StoreOptions::new(from))?;
    let (_, mut target) = Store::open(&StoreOptions::new(to))?;
    let key = read_key(&from.join(KEY_FILE))?;
    let placed = match key {
        Some(key) => place_key(&key, &to.join(KEY_FILE))?,
        None => None,
    };
    let copied = source.copy_to(&mut target, &[], told);
    if let (Err(_), Some(placed)) = (&copied, placed) {
        // A key without its store would become another installation's.
        let _ = fs::remove_file(placed);
    }
    Ok(copied?)
}

/// Puts the key where the target's server looks for it; the path, if nothing was there.
fn place_key(key: &str, path: &Path) -> Result<Option<PathBuf>, BackupError> {
    let path = path.to_owned();
    match read_key(&path)? {
        Some(there) if there == key => Ok(None),
        Some(_) => Err(BackupError::AnotherKey { path }),
        None => match write_private(&path, key.as_bytes()) {
            Ok(()) => Ok(Some(path)),
            Err(source) => Err(BackupError::Io { path, source }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_says_what_it_is() {
        let folder = StorePlace::Folder("./data".into());
        assert_eq!("sqlite:./data".parse(), Ok(folder));
        for wrong in ["./data", "sqlite:", "mysql://x", ""] {
            let error = wrong.parse::<StorePlace>().unwrap_err().to_string();
            assert!(error.contains("sqlite:DIR"), "{error}");
        }
    }
}
