//! Why a backup was not made, or not restored.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::check::Violation;
use crate::error::{OpenError, StoreError};

/// Why a backup was not made, or not restored. Nothing was left where it should have gone.
#[derive(Debug, Error)]
pub enum BackupError {
    /// There is a file of that name; a backup replaces none.
    #[error("{} exists already; a backup replaces no file", path.display())]
    FileExists {
        /// The file.
        path: PathBuf,
    },
    /// There is a store in the folder; a restore replaces none.
    #[error("there is a store in {} already; a restore replaces none", dir.display())]
    StoreExists {
        /// The data folder.
        dir: PathBuf,
    },
    /// The folder has another installation's key.
    #[error("{} is of another installation than the backup", path.display())]
    AnotherKey {
        /// The key file.
        path: PathBuf,
    },
    /// No room for the copy.
    #[error("the disk has no room for {}", path.display())]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("can't use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The data of the backup breaks rules.
    #[error(
        "{} can't be trusted: {}{}",
        path.display(),
        .violations.first().map_or_else(String::new, ToString::to_string),
        match .violations.len() { 0 | 1 => String::new(), more => format!(" (and {} more)", more - 1) }
    )]
    Unsound {
        /// The backup file.
        path: PathBuf,
        /// What is wrong, at least one thing.
        violations: Vec<Violation>,
    },
    /// A store or a data folder can't be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A database failed.
    #[error("{}: {source}", path.display())]
    Store {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: StoreError,
    },
}

impl BackupError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FileExists { .. } => "file_exists",
            Self::StoreExists { .. } => "store_exists",
            Self::AnotherKey { .. } => "another_key",
            Self::DiskFull { .. } => "disk_full",
            Self::Io { .. } => "file_io",
            Self::Unsound { .. } => "unsound_backup",
            Self::Open(error) => error.code(),
            Self::Store { source, .. } => source.code(),
        }
    }

    pub(crate) fn of_io(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { path },
            _ => Self::Io { path, source },
        }
    }

    pub(crate) fn of_store(path: &Path, source: StoreError) -> Self {
        let path = path.to_owned();
        match source {
            StoreError::DiskFull => Self::DiskFull { path },
            source => Self::Store { path, source },
        }
    }

    pub(crate) fn of_sql(path: &Path, step: &'static str, source: rusqlite::Error) -> Self {
        Self::of_store(path, StoreError::of(step, source))
    }
}
