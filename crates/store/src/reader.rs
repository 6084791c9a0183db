//! Reading: a pool of connections, and a snapshot on one of them. This is SQLite's pool; the
//! snapshot is any database's.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use domain::command::NewLicense;
use domain::{Need, Policy, Timestamp, WorkingSet};
use rusqlite::Connection;

use crate::connection;
use crate::error::StoreError;
use crate::load::{self, Ahead};
use crate::lock::Lock;
use crate::meta;
use crate::query::Within;
use crate::sql::Link;

/// Connections that only read, the most recently used on top.
#[derive(Debug)]
pub(crate) struct Pool {
    idle: Mutex<Vec<Connection>>,
    returned: Condvar,
    _lock: Option<Arc<Lock>>,
}

/// A connection on loan; goes back when dropped, also by a panic.
struct Loan<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
}

impl Pool {
    pub(crate) fn open(
        file: &Path,
        readers: usize,
        lock: Option<Arc<Lock>>,
    ) -> Result<Self, StoreError> {
        let idle = (0..readers)
            .map(|_| connection::reader(file))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            idle: Mutex::new(idle),
            returned: Condvar::new(),
            _lock: lock,
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        // A stack of connections is whole whenever the lock is free.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Loan<'_> {
        let mut idle = self.idle();
        loop {
            if let Some(connection) = idle.pop() {
                return Loan {
                    pool: self,
                    connection: Some(connection),
                };
            }
            idle = self
                .returned
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn read<T>(
        &self,
        f: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let loan = self.take();
        let connection = loan
            .connection
            .as_ref()
            .expect("a loan has its connection until it is dropped");
        let snapshot = Snapshot::begin(connection).map_err(|e| StoreError::of("begin", e))?;
        f(&mut Reader::new(Link::Sqlite(snapshot.0)))
    }
}

/// A transaction that only reads. It ends when dropped; there is nothing to commit. Its two
/// statements are kept prepared: parsing them would be a tenth of what a check costs.
struct Snapshot<'c>(&'c Connection);

impl<'c> Snapshot<'c> {
    fn begin(connection: &'c Connection) -> Result<Self, rusqlite::Error> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        let end = self.0.prepare_cached("ROLLBACK");
        // One that could not be ended makes the next one on this connection fail, and say so.
        let _ = end.and_then(|mut end| end.execute([]));
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.pool.idle().push(connection);
            self.pool.returned.notify_one();
        }
    }
}

/// One snapshot of the store. Lists and details are methods of it in [`crate::query`].
pub struct Reader<'t> {
    pub(crate) link: Link<'t>,
    pub(crate) within: Within,
}

impl<'t> Reader<'t> {
    pub(crate) const fn new(link: Link<'t>) -> Self {
        Self {
            link,
            within: Within(None),
        }
    }

    /// From now on lists and details show only what somebody sees whose rights go so far (R1).
    /// What decisions load is not affected.
    pub fn limit_to(&mut self, reach: domain::Reach) {
        self.within = Within(reach.folder());
    }
}

impl Reader<'_> {
    /// Answers a need from the snapshot, for decisions that are thrown away (A10, dry runs).
    pub fn load(
        &mut self,
        set: &mut WorkingSet,
        need: &Need,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::answer(self.link, set, need, now)
    }

    /// Loads what a sign-in usually needs; see [`crate::Transaction::load_access`].
    pub fn load_access(
        &mut self,
        set: &mut WorkingSet,
        username_key: &str,
        product_key: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::access(self.link, set, username_key, product_key, now)
    }

    /// Loads what checks will need and the set does not know; see [`crate::Transaction::load_ahead`].
    pub fn load_ahead(
        &mut self,
        set: &mut WorkingSet,
        ahead: &Ahead,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::ahead(self.link, set, ahead, now).map(drop)
    }

    /// Loads what an intake usually needs; see [`crate::Transaction::load_import`].
    pub fn load_import(
        &mut self,
        set: &mut WorkingSet,
        licenses: &[NewLicense],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::import(self.link, set, licenses, now)
    }

    /// The policy in force; the default one until somebody changed it.
    pub fn policy(&mut self) -> Result<Policy, StoreError> {
        meta::policy(self.link)
    }

    /// The latest time that was seen (L11).
    pub fn latest_time(&mut self) -> Result<Timestamp, StoreError> {
        meta::latest_time(self.link)
    }

    /// A text that the server keeps under a name, such as its installation's id.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        meta::setting(self.link, name)
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
