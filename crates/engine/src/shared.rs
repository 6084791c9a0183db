//! What all threads of the engine share.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Policy, Timestamp};
use store::Store;
use tokio::sync::Semaphore;

use crate::auth::TokenCache;
use crate::clock::Clock;
use crate::heartbeat::Leases;
use crate::installation::Installation;
use crate::writer::Queue;

/// How many readers the store has, and how many of them long questions may take.
pub(crate) const READERS: usize = 6;
const READS_AT_ONCE: usize = 3;

/// What all threads of the engine share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) queue: Queue,
    pub(crate) clock: Clock,
    pub(crate) installation: Installation,
    pub(crate) leases: Leases,
    pub(crate) tokens: TokenCache,
    /// Questions that are read at once; the store has more readers, so that a check need not
    /// wait for a long list.
    pub(crate) reads: Arc<Semaphore>,
    latest: AtomicI64,
    policy: RwLock<Arc<Policy>>,
}

/// What the store said at the start.
pub(crate) struct Beginning {
    /// The policy in force.
    pub(crate) policy: Policy,
    /// The latest time that was seen.
    pub(crate) latest: Timestamp,
}

impl Shared {
    pub(crate) fn new(
        store: Store,
        queue: Queue,
        clock: Clock,
        installation: Installation,
        beginning: Beginning,
    ) -> Self {
        Self {
            store,
            queue,
            clock,
            installation,
            leases: Leases::new(),
            tokens: TokenCache::new(),
            reads: Arc::new(Semaphore::new(READS_AT_ONCE)),
            latest: AtomicI64::new(beginning.latest.as_millis()),
            policy: RwLock::new(Arc::new(beginning.policy)),
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

    /// The policy in force.
    pub(crate) fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.policy.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A policy is in force from now on.
    pub(crate) fn set_policy(&self, policy: Policy) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(policy);
    }
}
