//! Copying a whole store into another, empty one, of whatever database: moving up, and back.
//!
//! Table by table, all in one transaction of the target, so that it holds everything or nothing.
//! Before that is committed the copy is read back: each table has as many rows with the same
//! content, and the record is whole and ends with the same seal.

mod new_store;
mod tables;

pub use new_store::NewStore;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::audit::AuditFault;
use crate::backup::BackupError;
use crate::error::{OpenError, StoreError};
use crate::open::Store;
use crate::reader::Reader;
use crate::sql::{Link, Value};
use crate::writer::Writer;
use tables::{META, TABLES, Table};

/// How far a copy is: the table at work, rows done, rows in all.
pub type CopyTold<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

/// How many single values the migrations put into an empty store.
const OWN_NUMBERS: u64 = 5;

/// After how many rows somebody is told.
const ROWS_AT_ONCE: u64 = 1_000;

/// What was copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Rows of each table, in the order of copying.
    pub tables: Vec<(&'static str, u64)>,
    /// Entries of the record.
    pub events: u64,
}

/// Why a store was not copied. The target is as it was.
#[derive(Debug, Error)]
pub enum CopyError {
    /// The target holds something already.
    #[error("the target is not empty: its table {table} has {rows} rows; copy into a new store")]
    NotEmpty {
        /// Which table.
        table: &'static str,
        /// How many rows.
        rows: u64,
    },
    /// What was read back is not what was written.
    #[error(
        "the table {table} came out different: {read} rows were read and {written} came back; \
         nothing was copied"
    )]
    Differs {
        /// Which table.
        table: &'static str,
        /// Rows of the source.
        read: u64,
        /// Rows of the copy.
        written: u64,
    },
    /// The record is not whole, at the source or in the copy.
    #[error("the record is not whole: {}; nothing was copied", .0.detail)]
    Record(AuditFault),
    /// The copy's record does not end as the source's.
    #[error("the copy's record does not end with the same seal; nothing was copied")]
    AnotherSeal,
    /// A store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is in the target's folder can't be opened, or a server works on it.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The target's file can't be written.
    #[error(transparent)]
    File(Box<BackupError>),
}

impl From<BackupError> for CopyError {
    fn from(error: BackupError) -> Self {
        Self::File(Box::new(error))
    }
}

impl CopyError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotEmpty { .. } => "target_not_empty",
            Self::Differs { .. } | Self::AnotherSeal => "copy_differs",
            Self::Record(_) => "record_not_whole",
            Self::Store(error) => error.code(),
            Self::Open(error) => error.code(),
            Self::File(error) => error.code(),
        }
    }
}

impl Store {
    /// Copies everything into an empty store. Nobody else may write to either meanwhile.
    ///
    /// `settings` are put beside what is copied, under names that the source need not have.
    ///
    /// # Errors
    /// [`CopyError`]; then the target is as it was.
    pub fn copy_to(
        &self,
        to: &mut Writer,
        settings: &[(&str, String)],
        told: CopyTold<'_>,
    ) -> Result<Copied, CopyError> {
        self.read(|reader| Ok(copy(reader, to, settings, told)))?
    }
}

fn copy(
    from: &mut Reader<'_>,
    to: &mut Writer,
    settings: &[(&str, String)],
    told: CopyTold<'_>,
) -> Result<Copied, CopyError> {
    let mut total = 0;
    for table in TABLES.iter() {
        total += count(from.link, table)?;
    }
    let source = from.verify_audit()?;
    if let Some(fault) = source.fault {
        return Err(CopyError::Record(fault));
    }
    let mut transaction = to.begin()?;
    refuse_unless_empty(transaction.link())?;
    let mut copied = Copied {
        tables: Vec::new(),
        events: source.events,
    };
    let mut done = 0;
    for table in TABLES.iter() {
        told(table.name, done, total);
        let mut read = Tally::default();
        let target = transaction.link();
        from.link.each(&table.read, &[], |row| {
            let values = table.values(row)?;
            read.add(&values);
            done += 1;
            if done % ROWS_AT_ONCE == 0 {
                told(table.name, done, total);
            }
            if table.name != META {
                return target.put_many(&table.write, &values);
            }
            // Written over what the migrations put there, and numbers are remembered meanwhile.
            target.run(&table.write, &values)?;
            if let [Value::Text(name), Value::Int(number), ..] = &*values {
                target.note_number(name, *number);
            }
            Ok(())
        })?;
        target.settle()?;
        let written = tally(target, table)?;
        if written != read {
            return Err(CopyError::Differs {
                table: table.name,
                read: read.rows,
                written: written.rows,
            });
        }
        copied.tables.push((table.name, read.rows));
    }
    told("", done, total);
    let link = transaction.link();
    let target = Reader::new(link).verify_audit()?;
    match target.fault {
        Some(fault) => return Err(CopyError::Record(fault)),
        None if target.last_hash != source.last_hash || target.events != source.events => {
            return Err(CopyError::AnotherSeal);
        }
        None => {}
    }
    for (name, content) in settings {
        transaction.put_setting(name, content)?;
    }
    transaction.commit()?;
    Ok(copied)
}

fn count(link: Link<'_>, table: &'static Table) -> Result<u64, StoreError> {
    link.one(&table.count, &[], |row| row.of(table.name).number("count"))
}

/// A store that no server ever worked on has nothing but the two numbers of its first migration.
fn refuse_unless_empty(link: Link<'_>) -> Result<(), CopyError> {
    for table in TABLES.iter() {
        let rows = count(link, table)?;
        let own = if table.name == META { OWN_NUMBERS } else { 0 };
        if rows > own {
            let table = table.name;
            return Err(CopyError::NotEmpty { table, rows });
        }
    }
    Ok(())
}

/// Rows counted, and their content summed so that their order does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    rows: u64,
    sum: u128,
}

impl Tally {
    fn add(&mut self, values: &[Value<'_>]) {
        let mut hash = Sha256::new();
        for value in values {
            let mut take = |kind: u8, bytes: &[u8]| {
                hash.update([kind]);
                hash.update((bytes.len() as u64).to_le_bytes());
                hash.update(bytes);
            };
            match value {
                Value::Null => take(0, &[]),
                Value::Int(number) => take(1, &number.to_le_bytes()),
                Value::Bool(yes) => take(2, &[u8::from(*yes)]),
                Value::Text(text) => take(3, text.as_bytes()),
                Value::Owned(text) => take(3, text.as_bytes()),
                Value::Bytes(bytes) => take(4, bytes),
                Value::Id(id) => take(5, id.as_bytes()),
                // Lists stand in questions only, never in rows.
                Value::Many(_) => take(6, &[]),
            }
        }
        let digest: [u8; 32] = hash.finalize().into();
        let half = digest.first_chunk().copied().unwrap_or_default();
        self.rows += 1;
        self.sum = self.sum.wrapping_add(u128::from_le_bytes(half));
    }
}

fn tally(link: Link<'_>, table: &'static Table) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    link.each(&table.read, &[], |row| {
        tally.add(&table.values(row)?);
        Ok(())
    })?;
    Ok(tally)
}

/// Every statement of this module.
#[cfg(test)]
pub(crate) fn all() -> Vec<&'static crate::sql::Statement> {
    let of_table = |table: &'static Table| [&table.read, &table.write, &table.count];
    TABLES.iter().flat_map(of_table).collect()
}
