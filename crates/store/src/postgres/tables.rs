//! A set of tables that a database holds: a store's, or a license service's.

use super::address::Database;
use super::migrate::{IS_EMPTY, PUT_SCHEMA_VERSION, SCHEMA_VERSION};
use super::writer::HEAD;
use crate::error::OpenError;
use crate::migrations::{KNOWN, POSTGRES};
use crate::sql::Statement;

/// How the schema of a set of tables is found and brought to what this program knows.
#[derive(Debug)]
pub(crate) struct Tables {
    /// What keeps the lock of those who write to them apart from other locks.
    pub(crate) lock_seed: i64,
    /// The schema version of this program.
    pub(crate) known: u32,
    /// The steps to it; the first is version 1.
    pub(crate) steps: &'static [&'static str],
    /// Answers whether there are none of them.
    pub(crate) is_empty: &'static Statement,
    /// Answers a name and the number kept under it.
    pub(crate) version: &'static Statement,
    /// Keeps a number under a name.
    pub(crate) put_version: &'static Statement,
    /// Answers each name and number, and whether the server is a standby.
    pub(crate) head: &'static Statement,
}

/// A store's.
pub(crate) static STORE: Tables = Tables {
    lock_seed: 0x5EA7,
    known: KNOWN,
    steps: POSTGRES,
    is_empty: &IS_EMPTY,
    version: &SCHEMA_VERSION,
    put_version: &PUT_SCHEMA_VERSION,
    head: &HEAD,
};

/// What a database was found to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The tables as this program knows them.
    Ours,
    /// The same, changed by a later program.
    Newer(u32),
    /// The same, as an earlier program left them.
    Older(u32),
    /// None of ours, and no others of their names.
    Nothing,
    /// Tables of something else.
    Others,
}

impl Found {
    /// Whether it can be worked with.
    pub(crate) fn is_ours(self, database: &Database, tables: &Tables) -> Result<(), OpenError> {
        let database = database.to_string();
        match self {
            Self::Ours => Ok(()),
            Self::Newer(found) => Err(OpenError::NewerDatabase {
                database,
                found,
                known: tables.known,
            }),
            Self::Older(found) => Err(OpenError::OlderDatabase {
                database,
                found,
                known: tables.known,
            }),
            Self::Nothing => Err(OpenError::NotInDatabase { database }),
            Self::Others => Err(OpenError::OtherTables { database }),
        }
    }
}
