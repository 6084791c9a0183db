//! What all threads of the engine share.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use domain::{Actor, Command, Outcome, Policy, Timestamp};
use store::{Store, StoreError, Transaction};
use tokio::sync::{Semaphore, oneshot};
use uuid::Uuid;

use crate::auth::TokenCache;
use crate::checks::Checks;
use crate::clock::Clock;
use crate::console::{Attempts, Passwords};
use crate::error::{EngineError, given_up};
use crate::heartbeat::Leases;
use crate::installation::Installation;
use crate::jobs::{Desk, Trail};
use crate::memory::Memory;
use crate::nodes::Nodes;
use crate::secret::Secret;
use crate::service::ServiceLine;
use crate::writer::{Chunk, Queue};

/// How many readers the store has, and how many of them long questions may take.
pub(crate) const READERS: usize = 6;
const READS_AT_ONCE: usize = 3;

/// On a shared store a look-up takes a reader for a round trip or more, so there are more of them,
/// and look-ups have their share too.
pub(crate) const SHARED_READERS: usize = 12;
const SHARED_READS_AT_ONCE: usize = 4;
const LOOK_UPS_AT_ONCE: usize = SHARED_READERS - SHARED_READS_AT_ONCE;

/// What all threads of the engine share.
pub(crate) struct Shared {
    /// The data folder.
    pub(crate) data: PathBuf,
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) clock: Clock,
    pub(crate) installation: Installation,
    pub(crate) leases: Leases,
    pub(crate) tokens: TokenCache,
    pub(crate) memory: Memory,
    pub(crate) checks: Checks,
    pub(crate) desk: Desk,
    pub(crate) line: Arc<dyn ServiceLine>,
    pub(crate) attempts: Attempts,
    pub(crate) passwords: Passwords,
    /// The code of the one-time link to the first account.
    pub(crate) setup: RwLock<Option<Arc<Secret>>>,
    /// Questions that are read at once; the store has more readers, so that a check need not
    /// wait for a long list.
    pub(crate) reads: Arc<Semaphore>,
    /// Look-ups at once on a shared store.
    pub(crate) look_ups: Arc<Semaphore>,
    pub(crate) nodes: Nodes,
    /// One backup at a time is made for callers.
    pub(crate) backing_up: Arc<Semaphore>,
    latest: AtomicI64,
    policy: RwLock<Arc<Policy>>,
    /// Why the last transaction could not be written; none once one was.
    unwritable: Mutex<Option<Arc<StoreError>>>,
}

/// What the store and the options said at the start.
pub(crate) struct Beginning {
    /// The policy in force.
    pub(crate) policy: Policy,
    /// The latest time that was seen.
    pub(crate) latest: Timestamp,
    /// What this node is called.
    pub(crate) node: Uuid,
    /// How license services are reached.
    pub(crate) line: Arc<dyn ServiceLine>,
}

impl Shared {
    pub(crate) fn new(
        data: PathBuf,
        store: Store,
        queue: Queue,
        clock: Clock,
        installation: Installation,
        beginning: Beginning,
    ) -> Self {
        let reads = if store.is_shared() {
            SHARED_READS_AT_ONCE
        } else {
            READS_AT_ONCE
        };
        let nodes = Nodes::new(beginning.node, !store.is_shared());
        Self {
            data,
            store,
            queue,
            clock,
            installation,
            leases: Leases::new(),
            tokens: TokenCache::new(),
            memory: Memory::new(),
            checks: Checks::new(),
            desk: Desk::new(),
            attempts: Attempts::default(),
            passwords: Passwords::new(),
            setup: RwLock::default(),
            reads: Arc::new(Semaphore::new(reads)),
            look_ups: Arc::new(Semaphore::new(LOOK_UPS_AT_ONCE)),
            nodes,
            line: beginning.line,
            backing_up: Arc::new(Semaphore::new(1)),
            latest: AtomicI64::new(beginning.latest.as_millis()),
            policy: RwLock::new(Arc::new(beginning.policy)),
            unwritable: Mutex::default(),
        }
    }

    /// The time to judge by: the later of the clock and the latest time seen (L11).
    pub(crate) fn now(&self) -> Timestamp {
        let latest = Timestamp::from_millis(self.latest.load(Ordering::Acquire));
        Timestamp::judged(self.clock.now(), latest)
    }

    /// Notes that a moment was seen; it is kept with the next commit.
    pub(crate) fn see(&self, now: Timestamp) {
        self.latest.fetch_max(now.as_millis(), Ordering::AcqRel);
    }

    /// Why the store can't be written, if so it was at the last attempt.
    pub(crate) fn unwritable(&self) -> Option<Arc<StoreError>> {
        let failure = self.unwritable.lock();
        failure.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what became of an attempt to write. What the data is to blame for does not count.
    pub(crate) fn note_write(&self, written: Result<(), &Arc<StoreError>>) {
        let failure = match written {
            Ok(()) => None,
            Err(error) if error.is_about_writing() => Some(Arc::clone(error)),
            Err(_) => return,
        };
        *self
            .unwritable
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// The policy in force.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Carries out commands of bulk work, all in one transaction, and waits for their commit.
    /// Must not be called from async code. Those that do not share a batch go one by one.
    pub(crate) fn run_chunk(
        &self,
        actor: &Actor,
        commands: Vec<Command>,
    ) -> Result<Vec<Result<Outcome, EngineError>>, EngineError> {
        self.run_noted_chunk(actor, commands, None)
    }

    /// The same, with what is noted of them in the same transaction.
    pub(crate) fn run_noted_chunk(
        &self,
        actor: &Actor,
        commands: Vec<Command>,
        trail: Option<Trail>,
    ) -> Result<Vec<Result<Outcome, EngineError>>, EngineError> {
        let (answer, answered) = oneshot::channel();
        self.queue.push_chunk(Chunk {
            actor: actor.clone(),
            commands,
            trail,
            answer,
        })?;
        answered.blocking_recv().map_err(|_| given_up())?
    }

    /// Does something on the writer thread between two batches, and waits for it. Must not be
    /// called from async code.
    pub(crate) fn on_writer<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut store::Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let answered = self.push_task(act)?;
        Ok(answered.blocking_recv().map_err(|_| given_up())??)
    }

    /// Queues something for the writer thread.
    pub(crate) fn push_task<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut store::Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, StoreError>>, EngineError> {
        let (answer, answered) = oneshot::channel();
        self.queue.push_task(Box::new(move |writer| {
            // Whoever went away in between does not need the answer.
            let _ = answer.send(act(writer));
        }))?;
        Ok(answered)
    }

    /// An error at once while the store is known to be out of reach.
    pub(crate) fn reachable(&self) -> Result<(), EngineError> {
        match self.nodes.trouble() {
            Some(trouble) => Err(EngineError::Store(trouble)),
            None => Ok(()),
        }
    }

    /// Brings what is remembered up to what a transaction finds, before anything is decided in it.
    pub(crate) fn catch_up(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let Some(generation) = transaction.generation() else {
            return Ok(());
        };
        self.see(transaction.latest_time()?);
        if self.nodes.is_behind(generation) {
            self.set_policy(transaction.policy()?);
            self.tokens.forget_all();
            self.nodes.is_at(generation);
        }
        Ok(())
    }

    /// A policy is in force from now on.
    pub(crate) fn set_policy(&self, policy: Policy) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }
}
