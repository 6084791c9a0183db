//! Moving an installation: its store into another, and its key along with it.

use std::fs;
use std::path::{Path, PathBuf};

use store::backup::BackupError;
use store::copy::{Copied, CopyError, CopyTold};
use store::{AddressError, Database, OpenError, Store, StoreFile, StoreOptions, Writer};
use thiserror::Error;

use crate::archive::read_key;
use crate::installation::{KEY_FILE, write_private};
use crate::start::INSTALLATION_KEY;

/// Where a store is.
#[derive(Clone, Debug)]
pub enum StorePlace {
    /// In a data folder.
    Folder(PathBuf),
    /// In a database of nodes.
    Database(Box<Database>),
}

/// A text that names no place of a store.
#[derive(Clone, Debug, Error)]
pub enum NoPlace {
    /// It begins as none does.
    #[error(
        "{} is no place of a store; write sqlite:DIR for a data folder, or postgres://USER@HOST/NAME",
        domain::names::quoted(.0)
    )]
    Unknown(String),
    /// The database's address can't be used.
    #[error(transparent)]
    Database(#[from] AddressError),
}

impl StorePlace {
    /// Reads `sqlite:DIR` or `postgres://…`; for the latter a password that does not stand in it.
    ///
    /// # Errors
    /// [`NoPlace`].
    pub fn parse(text: &str, password: Option<&str>) -> Result<Self, NoPlace> {
        match text.split_once(':') {
            Some(("sqlite", dir)) if !dir.is_empty() => Ok(Self::Folder(dir.into())),
            Some(("postgres" | "postgresql", _)) => {
                Ok(Self::Database(Box::new(Database::parse(text, password)?)))
            }
            _ => Err(NoPlace::Unknown(text.to_owned())),
        }
    }

    /// Opens the store there. A database's lock lies in a folder of this process.
    fn open(&self, beside: &Beside) -> Result<(Store, Writer), OpenError> {
        Store::open(&match self {
            Self::Folder(dir) => StoreOptions::new(dir),
            Self::Database(database) => StoreOptions {
                database: Some((**database).clone()),
                ..StoreOptions::new(beside.folder())
            },
        })
    }
}

/// Folders for locks that nobody else looks for; they go with this.
struct Beside(PathBuf, std::cell::Cell<u32>);

impl Beside {
    fn new() -> Self {
        let name = format!(
            "seatkeeper-copy-{}-{:08x}",
            std::process::id(),
            rand::random::<u32>()
        );
        Self(std::env::temp_dir().join(name), std::cell::Cell::new(0))
    }

    fn folder(&self) -> PathBuf {
        self.1.set(self.1.get() + 1);
        self.0.join(self.1.get().to_string())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // It may never have been made; what stays lies where such things are cleared away.
        let _ = fs::remove_dir_all(&self.0);
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

/// Copies a store with the installation's key into an empty one. No server may work on either: on
/// a data folder that is made sure of, on a database it must be seen to.
///
/// # Errors
/// [`MoveError`].
pub fn copy_store(
    from: &StorePlace,
    to: &StorePlace,
    told: CopyTold<'_>,
) -> Result<Copied, MoveError> {
    if let StorePlace::Folder(dir) = from {
        // Opening makes a store where none is, which here would be a mistake in the name.
        drop(StoreFile::open(dir)?);
    }
    let beside = Beside::new();
    let (source, _writer) = from.open(&beside)?;
    let (_, mut target) = to.open(&beside)?;
    let key = match from {
        StorePlace::Folder(dir) => read_key(&dir.join(KEY_FILE))?,
        StorePlace::Database(_) => source
            .read(|reader| reader.setting(INSTALLATION_KEY))
            .map_err(CopyError::from)?,
    };
    let mut settings = Vec::new();
    let mut placed = None;
    match (key, to) {
        (Some(key), StorePlace::Folder(dir)) => placed = place_key(&key, &dir.join(KEY_FILE))?,
        (Some(key), StorePlace::Database(_)) => settings.push((INSTALLATION_KEY, key)),
        (None, _) => {}
    }
    let copied = source.copy_to(&mut target, &settings, told);
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
        let place = |text| StorePlace::parse(text, None);
        assert!(
            matches!(place("sqlite:./data"), Ok(StorePlace::Folder(dir)) if dir == Path::new("./data"))
        );
        let database = place("postgres://seatkeeper@db.example.org/seats");
        assert!(matches!(database, Ok(StorePlace::Database(_))));
        for wrong in ["./data", "sqlite:", "mysql://x", ""] {
            let error = place(wrong).unwrap_err().to_string();
            assert!(error.contains("sqlite:DIR"), "{error}");
        }
    }
}
