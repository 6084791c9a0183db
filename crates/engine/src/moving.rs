//! Moving an installation: its store into another, and its key along with it.

use std::fs;
use std::path::PathBuf;

use domain::Timestamp;
use store::backup::BackupError;
use store::copy::{Copied, CopyError, CopyTold, NewStore};
use store::{AddressError, Database, OpenError, Store, StoreOptions};
use thiserror::Error;

use crate::archive::{missing_key, place_with_key, read_key};
use crate::clock::Clock;
use crate::installation::KEY_FILE;
use crate::start::INSTALLATION_KEY;
use crate::upkeep::GONE_AFTER;

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

    /// How the store there is opened. A database's lock lies in a folder of this process.
    fn options(&self, beside: &Beside) -> StoreOptions {
        match self {
            Self::Folder(dir) => StoreOptions::new(dir),
            Self::Database(database) => StoreOptions {
                database: Some((**database).clone()),
                ..StoreOptions::new(beside.folder())
            },
        }
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

/// Why an installation was not moved. The target is as it was, or has nothing of it.
#[derive(Debug, Error)]
pub enum MoveError {
    /// One of the stores can't be opened, or a server works on it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy was refused, or failed.
    #[error(transparent)]
    Copy(Box<CopyError>),
    /// The key or the new store's file can't be read or written.
    #[error(transparent)]
    Key(#[from] BackupError),
}

impl From<CopyError> for MoveError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Open(error) => Self::Open(error),
            CopyError::File(error) => Self::Key(*error),
            error => Self::Copy(Box::new(error)),
        }
    }
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

/// Copies a store with the installation's key into an empty one. Nothing is written to the source.
/// The target has all of it or nothing, so that a copy that died on the way can be repeated.
///
/// No server may work on either: in a data folder that is made sure of; on a database it is seen
/// at the start, by what its servers say of themselves.
///
/// # Errors
/// [`MoveError`].
pub fn copy_store(
    from: &StorePlace,
    to: &StorePlace,
    clock: &Clock,
    told: CopyTold<'_>,
) -> Result<Copied, MoveError> {
    let beside = Beside::new();
    let source = Store::open_as_it_is(&from.options(&beside))?;
    refuse_nodes(&source, clock)?;
    let key = match from {
        StorePlace::Folder(dir) => read_key(&dir.join(KEY_FILE))?,
        StorePlace::Database(_) => source
            .read(|reader| reader.setting(INSTALLATION_KEY))
            .map_err(CopyError::from)?,
    };
    match to {
        StorePlace::Folder(dir) => {
            let mut target = NewStore::begin(dir)?;
            let path = dir.join(KEY_FILE);
            let key = missing_key(key, &path)?;
            let copied = source.copy_to(target.writer(), &[], told)?;
            place_with_key(key.as_deref(), &path, || target.place())?;
            Ok(copied)
        }
        StorePlace::Database(_) => {
            let (store, mut target) = Store::open_database_to_fill(&to.options(&beside))?;
            refuse_nodes(&store, clock)?;
            let settings: Vec<_> = key.map(|key| (INSTALLATION_KEY, key)).into_iter().collect();
            Ok(source.copy_to(&mut target, &settings, told)?)
        }
    }
}

/// Refuses a database of which servers say that they work on it.
fn refuse_nodes(store: &Store, clock: &Clock) -> Result<(), MoveError> {
    let latest = store.read(|reader| reader.latest_time());
    let now = Timestamp::judged(clock.now(), latest.map_err(CopyError::from)?);
    Ok(store.refuse_nodes(now.minus(GONE_AFTER))?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

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
