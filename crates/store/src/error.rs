//! What can go wrong in the store, as a sentence and a stable code.

use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use thiserror::Error;

/// Why a read or a write failed. Nothing of a failed transaction was kept.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Another process holds the write lock.
    #[error("the database is locked by another process")]
    Busy,
    /// No room for the change.
    #[error("the disk that holds the data is full")]
    DiskFull,
    /// No server can be reached that takes writes, or it lets nobody in. Nothing was changed.
    #[error(transparent)]
    Unavailable(Away),
    /// The database took everything back, as when two transactions stood in each other's way.
    #[error("the database took the transaction back: {0}")]
    RolledBack(String),
    /// The line was cut while a commit was under way. What it was about may have been kept or
    /// not; whoever repeats it with the same idempotency key gets the answer that it has.
    #[error(
        "the connection to the database was lost during the commit, so that nobody knows yet \
         whether it was kept; repeat the request with the same Idempotency-Key ({0})"
    )]
    OutcomeUnknown(String),
    /// Another version of this program changed the schema while this one ran.
    #[error(
        "the database has schema version {found}, this program works on {known}; \
         go on with the newer program"
    )]
    OtherSchema {
        /// The database's schema version.
        found: i64,
        /// What this program works on.
        known: u32,
    },
    /// The file can't be written.
    #[error("the database can only be read; check the rights on the data folder")]
    ReadOnly,
    /// A stored value that makes no sense.
    #[error("bad data in table {table}, column {column}, row {row}: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's first column, in words.
        row: String,
        /// What is wrong with the value.
        why: String,
    },
    /// The file is no database any more.
    #[error("the database file is damaged ({0}); restore a backup")]
    Damaged(String),
    /// The disk did not do what was asked.
    #[error("the disk failed: {0}")]
    Io(String),
    /// A uniqueness rule or check of the schema refused a change.
    #[error("{statement} breaks a rule of the schema: {why}")]
    Constraint {
        /// The statement's name.
        statement: &'static str,
        /// What the database says.
        why: String,
    },
    /// A value of ours that can't be written down.
    #[error("a value for {column} can't be stored: {why}")]
    Unstorable {
        /// The column.
        column: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A page's cursor that this list never gave.
    #[error(
        "the cursor {} is not one of this list; leave `after` out to begin anew",
        domain::names::quoted(.0)
    )]
    BadCursor(String),
    /// Anything else; a mistake in a statement.
    #[error("{statement} failed: {source}")]
    Sql {
        /// The statement's name.
        statement: &'static str,
        /// What the database says.
        source: rusqlite::Error,
    },
    /// The same of PostgreSQL.
    #[error("{statement} failed: {}", crate::postgres::chain(source))]
    Postgres {
        /// The statement's name.
        statement: &'static str,
        /// What the database says.
        source: tokio_postgres::Error,
    },
}

impl StoreError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Busy | Self::RolledBack(_) => "store_busy",
            Self::DiskFull => "disk_full",
            Self::ReadOnly => "store_read_only",
            Self::Corrupt { .. } => "store_bad_data",
            Self::Damaged(_) => "store_damaged",
            Self::Io(_) => "store_io",
            Self::Constraint { .. } => "store_constraint",
            Self::Unstorable { .. } => "store_unstorable",
            Self::BadCursor(_) => "invalid_cursor",
            Self::Sql { .. } | Self::Postgres { .. } => "store_sql",
            Self::Unavailable(_) => "store_unavailable",
            Self::OutcomeUnknown(_) => "outcome_unknown",
            Self::OtherSchema { .. } => "newer_schema",
        }
    }

    /// Whether the same may succeed later without anybody changing data or program.
    pub const fn is_retriable(&self) -> bool {
        matches!(
            self,
            Self::Busy
                | Self::DiskFull
                | Self::Io(_)
                | Self::Unavailable(_)
                | Self::RolledBack(_)
                | Self::OutcomeUnknown(_)
                | Self::OtherSchema { .. }
        )
    }

    /// Whether nothing was changed for sure, and the same may succeed at once.
    pub const fn is_worth_repeating(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::RolledBack(_))
    }

    /// Whether nothing can be written, whatever it is.
    pub const fn is_about_writing(&self) -> bool {
        self.is_retriable() || matches!(self, Self::ReadOnly)
    }

    pub(crate) fn of(statement: &'static str, source: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(failure, message) = &source else {
            return Self::Sql { statement, source };
        };
        let why = || message.clone().unwrap_or_else(|| failure.to_string());
        match failure.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
            ErrorCode::DiskFull => Self::DiskFull,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged(why()),
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen => Self::Io(why()),
            ErrorCode::ConstraintViolation => Self::Constraint {
                statement,
                why: why(),
            },
            _ => Self::Sql { statement, source },
        }
    }
}

/// Why a database's server is of no use now.
#[derive(Debug, Error)]
pub enum Away {
    /// It does not answer, or does not take writes.
    #[error("the database can't be reached: {0}")]
    Unreached(String),
    /// It answers, and does not let this program in.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl<T: Into<String>> From<T> for Away {
    fn from(why: T) -> Self {
        Self::Unreached(why.into())
    }
}

/// Why a data folder can't be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A server works on it.
    #[error("another server works on the data folder {}", dir.display())]
    AlreadyOpen {
        /// The data folder.
        dir: PathBuf,
    },
    /// A later version of this program wrote it.
    #[error(
        "the store in {} has schema version {found}, this program knows up to {known}; \
         use the newer program, or restore a backup made before its upgrade",
        dir.display()
    )]
    NewerSchema {
        /// The data folder.
        dir: PathBuf,
        /// The store's schema version.
        found: u32,
        /// The latest that this program knows.
        known: u32,
    },
    /// It is older than what this program works on, and may not be changed now.
    #[error(
        "the store in {} has schema version {found}, this program needs {known}; \
         stop the server and start the new one once",
        dir.display()
    )]
    OlderSchema {
        /// The data folder.
        dir: PathBuf,
        /// The store's schema version.
        found: u32,
        /// What this program works on.
        known: u32,
    },
    /// Nothing may be written in it.
    #[error("the data folder {} can't be written by this user", dir.display())]
    ReadOnly {
        /// The data folder.
        dir: PathBuf,
    },
    /// There is no room.
    #[error("the disk of the data folder {} is full", dir.display())]
    DiskFull {
        /// The data folder.
        dir: PathBuf,
    },
    /// What was a database is one no more, or only a part of it.
    #[error("{} is damaged or cut off ({why}); take a backup that is whole", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the database says.
        why: String,
    },
    /// Something with the store's name is no store.
    #[error("{} is not a Seatkeeper store: {why}", path.display())]
    NotAStore {
        /// The file or folder.
        path: PathBuf,
        /// What it is instead.
        why: String,
    },
    /// There is no store, and none was to be made.
    #[error("there is no store in {}", dir.display())]
    Missing {
        /// The data folder.
        dir: PathBuf,
    },
    /// A database can't be opened.
    #[error("can't open the database {database}: {source}")]
    Database {
        /// Which, without its password.
        database: String,
        /// Why.
        source: StoreError,
    },
    /// A later version of this program changed a database.
    #[error(
        "the database {database} has schema version {found}, this program knows up to {known}; \
         use the newer program"
    )]
    NewerDatabase {
        /// Which, without its password.
        database: String,
        /// Its schema version.
        found: u32,
        /// The latest that this program knows.
        known: u32,
    },
    /// A database is older than what this program works on, and may not be changed now.
    #[error(
        "the database {database} has schema version {found}, this program needs {known}; \
         stop its servers and start the new one once"
    )]
    OlderDatabase {
        /// Which, without its password.
        database: String,
        /// Its schema version.
        found: u32,
        /// What this program works on.
        known: u32,
    },
    /// There is no store in a database, and none was to be made.
    #[error("there is no store in the database {database}")]
    NotInDatabase {
        /// Which, without its password.
        database: String,
    },
    /// Servers work on a database of which this wants to be the only one.
    #[error(
        "{nodes} {} on the database {database}; stop {} first (one that died counts for a minute)",
        if *.nodes == 1 { "server works" } else { "servers work" },
        if *.nodes == 1 { "it" } else { "them" }
    )]
    NodesRun {
        /// Which, without its password.
        database: String,
        /// How many.
        nodes: u64,
    },
    /// A database holds something else.
    #[error("the database {database} holds other tables already; name an empty one")]
    OtherTables {
        /// Which, without its password.
        database: String,
    },
    /// The operating system refused.
    #[error("can't use {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("can't open the store in {}: {source}", dir.display())]
    Store {
        /// The data folder.
        dir: PathBuf,
        /// Why.
        source: StoreError,
    },
}

impl OpenError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyOpen { .. } | Self::NodesRun { .. } => "already_open",
            Self::NewerSchema { .. } | Self::NewerDatabase { .. } => "newer_schema",
            Self::OlderSchema { .. } | Self::OlderDatabase { .. } => "older_schema",
            Self::ReadOnly { .. } => "read_only_folder",
            Self::DiskFull { .. } => "disk_full",
            Self::NotAStore { .. } => "not_a_store",
            Self::Damaged { .. } => "store_damaged",
            Self::Missing { .. } | Self::NotInDatabase { .. } => "no_store",
            Self::OtherTables { .. } => "other_tables",
            Self::Io { .. } => "folder_io",
            Self::Store { source, .. } | Self::Database { source, .. } => source.code(),
        }
    }
}

impl OpenError {
    pub(crate) fn of_io(dir: &Path, path: &Path, source: std::io::Error) -> Self {
        let dir = dir.to_owned();
        match source.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { dir },
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull { dir },
            ErrorKind::NotADirectory | ErrorKind::AlreadyExists => Self::NotAStore {
                path: path.to_owned(),
                why: "it is a file where a folder should be".into(),
            },
            _ => Self::Io {
                path: path.to_owned(),
                source,
            },
        }
    }

    pub(crate) fn of_store(dir: &Path, file: &Path, source: StoreError) -> Self {
        let dir = dir.to_owned();
        match source {
            StoreError::ReadOnly => Self::ReadOnly { dir },
            StoreError::DiskFull => Self::DiskFull { dir },
            StoreError::Damaged(why) if is_database(file) => Self::Damaged {
                path: file.to_owned(),
                why,
            },
            StoreError::Damaged(why) => Self::NotAStore {
                path: file.to_owned(),
                why,
            },
            source => Self::Store { dir, source },
        }
    }
}

/// Whether a file begins as every database does.
fn is_database(file: &Path) -> bool {
    let mut begin = [0; BEGIN.len()];
    let read = std::fs::File::open(file).and_then(|mut file| file.read_exact(&mut begin));
    read.is_ok() && begin == *BEGIN
}

/// What SQLite's file format begins with.
const BEGIN: &[u8; 16] = b"SQLite format 3\0";
