//! Writing: the one connection that does, and a transaction on it.
//!
//! On SQLite this process is the only one that writes. On PostgreSQL every node has a writer, and
//! [`Writer::begin`] waits for its turn among them, so that what a transaction reads stays true
//! until it ended.

use std::sync::Arc;

use domain::command::NewLicense;
use domain::{Changes, JobId, Need, Policy, Timestamp, WorkingSet};
use foldhash::HashMap;
use rusqlite::{Connection, TransactionBehavior};

use crate::error::StoreError;
use crate::keep::{self, Kept};
use crate::load::{self, Ahead};
use crate::lock::Lock;
use crate::meta;
use crate::postgres;
use crate::query::{self, Job, WhyEnded};
use crate::save;
use crate::sql::Link;

/// The writer of a store, of which a process has one.
#[derive(Debug)]
pub struct Writer {
    inner: Inner,
}

#[derive(Debug)]
enum Inner {
    /// It holds the lock on the data folder.
    Sqlite {
        connection: Connection,
        _lock: Option<Arc<Lock>>,
    },
    Postgres {
        writer: Box<postgres::Writer>,
        _lock: Arc<Lock>,
    },
}

/// Up to where a writer knows the store. Two that are equal name the same state of it, as far as
/// commands change it: nobody else carried any out in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(Option<(u64, i64)>);

impl Mark {
    pub(crate) fn of(session: &postgres::Session) -> Self {
        Self(Some(session.turn()))
    }
}

/// A transaction; dropped without [`Self::commit`], it never was.
#[derive(Debug)]
pub struct Transaction<'w> {
    inner: Turn<'w>,
    /// What was kept for keys that were looked for ahead; none for those that were not found.
    kept: HashMap<(String, String), Option<Kept>>,
}

#[derive(Debug)]
enum Turn<'w> {
    Sqlite(rusqlite::Transaction<'w>),
    Postgres(postgres::Transaction<'w>),
}

impl Writer {
    pub(crate) const fn sqlite(connection: Connection, lock: Option<Arc<Lock>>) -> Self {
        Self {
            inner: Inner::Sqlite {
                connection,
                _lock: lock,
            },
        }
    }

    pub(crate) fn postgres(writer: postgres::Writer, lock: Arc<Lock>) -> Self {
        Self {
            inner: Inner::Postgres {
                writer: Box::new(writer),
                _lock: lock,
            },
        }
    }

    /// Begins a transaction that can write; waits for writers of other processes.
    ///
    /// # Errors
    /// On PostgreSQL [`StoreError::Unavailable`] while no server takes writes, and
    /// [`StoreError::OtherSchema`] when a later program changed the schema.
    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        let inner = match &mut self.inner {
            Inner::Sqlite { connection, .. } => Turn::Sqlite(
                connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(|e| StoreError::of("begin", e))?,
            ),
            Inner::Postgres { writer, .. } => Turn::Postgres(writer.begin()?),
        };
        Ok(Transaction {
            inner,
            kept: HashMap::default(),
        })
    }

    /// From now on this thread alone uses it, which runs no async code: on PostgreSQL it then
    /// drives its connection itself. Without this, any thread may use it.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the system has nothing left to wait with.
    pub fn stays_here(&mut self) -> Result<(), StoreError> {
        match &mut self.inner {
            Inner::Sqlite { .. } => Ok(()),
            Inner::Postgres { writer, .. } => writer.stays_here(),
        }
    }

    /// Lets the database grow to no more than so many pages of 4 KiB, or what it has now:
    /// a quota, which answers as a full disk does. PostgreSQL has none.
    pub fn limit_pages(&mut self, pages: u32) -> Result<(), StoreError> {
        let Inner::Sqlite { connection, .. } = &mut self.inner else {
            return Ok(());
        };
        connection
            .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
            .map_err(|e| StoreError::of("limit", e))
    }

    /// Carries the log over into the database file as far as readers allow. For idle moments
    /// and a clean end. PostgreSQL does so by itself.
    pub fn checkpoint(&mut self) -> Result<(), StoreError> {
        let Inner::Sqlite { connection, .. } = &mut self.inner else {
            return Ok(());
        };
        connection
            .execute_batch("PRAGMA wal_checkpoint(PASSIVE)")
            .map_err(|e| StoreError::of("checkpoint", e))
    }
}

impl Transaction<'_> {
    pub(crate) fn link(&self) -> Link<'_> {
        match &self.inner {
            Turn::Sqlite(transaction) => Link::Sqlite(transaction),
            Turn::Postgres(transaction) => Link::Postgres(transaction.session()),
        }
    }

    /// On a store that several nodes write to: a number that rises with each change of what
    /// nodes keep in memory, namely the policy and the tokens. After [`Self::save`] it is the
    /// number of what was saved. `None` where this process is the only one.
    pub fn generation(&self) -> Option<i64> {
        self.link().known_number(meta::GENERATION)
    }

    /// Up to where the store is known within this transaction: at its beginning what others left,
    /// after [`Self::save`] what is committed with it. On PostgreSQL a mark is of one connection,
    /// since after another one was made it may be another server that goes on.
    pub fn mark(&self) -> Mark {
        match &self.inner {
            Turn::Sqlite(_) => Mark(None),
            Turn::Postgres(transaction) => Mark::of(transaction.session()),
        }
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

    /// Loads what a batch will most likely need and the set does not know, together with the
    /// outcomes that were kept for its keys, in a few round trips. What can't be read is left to
    /// whoever needs it. Does nothing on SQLite, where a question costs less than to gather it.
    pub fn load_ahead(
        &mut self,
        set: &mut WorkingSet,
        ahead: &Ahead,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(found) = load::ahead(self.link(), set, ahead, now)? else {
            return Ok(());
        };
        let asked = ahead.kept.iter().cloned();
        self.kept.extend(asked.map(|key| (key, None)));
        for (actor, key, kept) in found {
            self.kept.insert((actor, key), Some(kept));
        }
        Ok(())
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
        if !self.kept.is_empty()
            && let Some(known) = self.kept.get(&(actor.to_owned(), key.to_owned()))
        {
            return Ok(known.clone());
        }
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
        keep::keep(self.link(), actor, key, request_hash, outcome_json, at)?;
        if let Some(known) = self.kept.get_mut(&(actor.to_owned(), key.to_owned())) {
            // The same key may come a second time in the same batch.
            *known = Some(Kept {
                request_hash: *request_hash,
                outcome_json: outcome_json.to_owned(),
                at,
            });
        }
        Ok(())
    }

    /// Forgets outcomes kept before a moment, at most so many; how many it were.
    pub fn purge_kept(&mut self, before: Timestamp, at_most: u32) -> Result<usize, StoreError> {
        keep::purge(self.link(), before, at_most)
    }

    /// Forgets sessions that began and ended before a moment, at most so many; how many it were.
    pub fn purge_sessions(&mut self, before: Timestamp, at_most: u32) -> Result<usize, StoreError> {
        keep::purge_sessions(self.link(), before, at_most)
    }

    /// Forgets replacements made before a moment; how many it were.
    pub fn purge_replacements(&mut self, before: Timestamp) -> Result<usize, StoreError> {
        keep::purge_replacements(self.link(), before)
    }

    /// The job with an id, as this transaction finds it.
    pub fn find_job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        query::find_job(self.link(), id)
    }

    /// Writes a job, new or over what is there.
    pub fn put_job(&mut self, job: &Job) -> Result<(), StoreError> {
        query::put_job(self.link(), job)
    }

    /// Ends as failed, for this reason, what a server that is gone left running; how many.
    pub fn end_running_jobs(
        &mut self,
        at: Timestamp,
        why: WhyEnded<'_>,
    ) -> Result<usize, StoreError> {
        query::end_running(self.link(), at, why, |_| true)
    }

    /// How many answers of a server were waited for so far: what a transaction costs beside its
    /// work. 0 on SQLite.
    pub fn round_trips(&self) -> u64 {
        match &self.inner {
            Turn::Sqlite(_) => 0,
            Turn::Postgres(transaction) => transaction.waits(),
        }
    }

    /// Makes it all durable. When this fails, nothing was kept.
    ///
    /// # Errors
    /// On PostgreSQL [`StoreError::OutcomeUnknown`] when it can't be said whether it was kept.
    pub fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Turn::Sqlite(transaction) => transaction
                .commit()
                .map_err(|e| StoreError::of("commit", e)),
            Turn::Postgres(transaction) => transaction.commit(),
        }
    }
}
