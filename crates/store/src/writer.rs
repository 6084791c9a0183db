//! Writing: the one connection that does, and a transaction on it.

use std::sync::Arc;

use domain::command::NewLicense;
use domain::{Changes, Need, Policy, Timestamp, WorkingSet};
use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::keep::{self, Kept};
use crate::load;
use crate::lock::Lock;
use crate::meta;
use crate::query::{self, Job};
use crate::save;
use crate::sql::Link;

/// The one writer of a store. It holds the lock on the data folder.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    _lock: Option<Arc<Lock>>,
}

/// A transaction; dropped without [`Self::commit`], it never was.
#[derive(Debug)]
pub struct Transaction<'w> {
    inner: rusqlite::Transaction<'w>,
}

impl Writer {
    pub(crate) const fn new(connection: Connection, lock: Option<Arc<Lock>>) -> Self {
        Self {
            connection,
            _lock: lock,
        }
    }

    /// Begins a transaction that can write; waits for writers of other processes.
    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map(|inner| Transaction { inner })
            .map_err(|e| StoreError::of("begin", e))
    }

    /// Lets the database grow to no more than so many pages of 4 KiB, or what it has now:
    /// a quota, which answers as a full disk does.
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        self.connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(|e| StoreError::of("limit", e))
    }

    /// Carries the log over into the database file as far as readers allow. For idle moments
    /// and a clean end.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        self.connection
            .execute_batch("PRAGMA wal_checkpoint(PASSIVE)")
            .map_err(|e| StoreError::of("checkpoint", e))
    }
}

impl Transaction<'_> {
    pub(crate) fn link(&self) -> Link<'_> {
        Link::new(&self.inner)
    }

    /// Answers a need with what is stored, and gives along what is always needed with it.
    pub fn load(
        &mut self,
        set: &mut WorkingSet,
        need: &Need,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::answer(self.link(), set, need, now)
    }

    /// Loads what a sign-in usually needs: the user and product (by folded names), what the
    /// person holds, site licenses, the first lapsed sessions, and open pools for the policy's
    /// steps. What the set knows already is not asked for again.
    pub fn load_access(
        &mut self,
        set: &mut WorkingSet,
        username_key: &str,
        product_key: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::access(self.link(), set, username_key, product_key, now)
    }

    /// Loads what the intake of these licenses usually needs: their products, what is here
    /// under their references, and the pools and holders of what they change.
    pub fn load_import(
        &mut self,
        set: &mut WorkingSet,
        licenses: &[NewLicense],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        load::import(self.link(), set, licenses, now)
    }

    /// The policy in force; the default one until somebody changed it.
    pub fn policy(&mut self) -> Result<Policy, StoreError> {
        meta::policy(self.link())
    }

    /// The latest time that was seen (L11).
    pub fn latest_time(&mut self) -> Result<Timestamp, StoreError> {
        meta::latest_time(self.link())
    }

    /// Keeps the latest time that was seen; an earlier one changes nothing (L11).
    pub fn save_latest_time(&mut self, at: Timestamp) -> Result<(), StoreError> {
        meta::save_latest_time(self.link(), at)
    }

    /// A text that the server keeps under a name, such as its installation's id.
    pub fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        meta::setting(self.link(), name)
    }

    /// Keeps a text under a name.
    pub fn put_setting(&mut self, name: &str, content: &str) -> Result<(), StoreError> {
        meta::put_setting(self.link(), name, content)
    }

    /// Writes everything that differs from the store: first a delete-all (L7), then rows,
    /// then events and denials. `now` is kept as the latest time (L11).
    pub fn save(&mut self, changes: &Changes<'_>, now: Timestamp) -> Result<(), StoreError> {
        save::all(self.link(), changes, now)
    }

    /// The outcome that was kept for an actor's idempotency key.
    pub fn find_kept(&mut self, actor: &str, key: &str) -> Result<Option<Kept>, StoreError> {
        keep::find(self.link(), actor, key)
    }

    /// Keeps an outcome for an actor's idempotency key.
    ///
    /// # Errors
    /// [`StoreError::Constraint`] when there is one already: look with [`Self::find_kept`] first.
    pub fn keep(
        &mut self,
        key: &str,
        actor: &str,
        request_hash: &[u8; 32],
        outcome_json: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        keep::keep(self.link(), actor, key, request_hash, outcome_json, at)
    }

    /// Forgets outcomes kept before a moment, at most so many; how many it were.
    pub fn purge_kept(&mut self, before: Timestamp, at_most: u32) -> Result<usize, StoreError> {
        keep::purge(self.link(), before, at_most)
    }

    /// Forgets sessions that began and ended before a moment, at most so many; how many it were.
    pub fn purge_sessions(&mut self, before: Timestamp, at_most: u32) -> Result<usize, StoreError> {
        keep::purge_sessions(self.link(), before, at_most)
    }

    /// Writes a job, new or over what is there.
    pub fn put_job(&mut self, job: &Job) -> Result<(), StoreError> {
        query::put_job(self.link(), job)
    }

    /// Ends as failed, for this reason, what a server that is gone left running; how many.
    pub fn end_running_jobs(
        &mut self,
        at: Timestamp,
        why: &serde_json::Value,
    ) -> Result<usize, StoreError> {
        query::end_running(self.link(), at, why)
    }

    /// Makes it all durable. When this fails, nothing was kept.
    pub fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().map_err(|e| StoreError::of("commit", e))
    }
}
