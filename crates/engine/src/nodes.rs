//! Other nodes on the same database: until when what this one remembers counts, and who does
//! what is done once.
//!
//! Every node looks twice a second. What a look finds changed is read anew; what nobody could
//! look at for two seconds does not count any more. So a token that was revoked through one node
//! is refused by every other at the latest [`TRUST`] later, whatever happens in between.
//! What a command is decided by is never older than its transaction.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use store::{StoreError, Watcher};
use uuid::Uuid;

use crate::state::Shared;

/// How often there is a look.
const LOOK: Duration = Duration::from_millis(500);

/// How long after the beginning of a look what it found may be relied on.
const TRUST: Duration = Duration::from_secs(2);

/// No generation of the store.
const NONE: i64 = i64::MIN;

/// What this node knows of the others.
pub(crate) struct Nodes {
    /// This node.
    pub(crate) id: Uuid,
    is_alone: bool,
    beginning: Instant,
    /// Up to when memory counts, in milliseconds since the beginning.
    trusted_until: AtomicU64,
    generation: AtomicI64,
    does_upkeep: AtomicBool,
    trouble: Mutex<Option<Arc<StoreError>>>,
}

impl Nodes {
    /// A node; `is_alone` if no other can work on its store.
    pub(crate) fn new(id: Uuid, is_alone: bool) -> Self {
        Self {
            id,
            is_alone,
            beginning: Instant::now(),
            trusted_until: AtomicU64::new(0),
            generation: AtomicI64::new(NONE),
            does_upkeep: AtomicBool::new(is_alone),
            trouble: Mutex::new(None),
        }
    }

    /// Whether no other node can change the store.
    pub(crate) const fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Whether what is remembered still counts.
    pub(crate) fn memory_counts(&self) -> bool {
        self.is_alone || self.elapsed(Instant::now()) < self.trusted_until.load(Ordering::Acquire)
    }

    /// Whether this node does what is done once.
    pub(crate) fn does_upkeep(&self) -> bool {
        self.does_upkeep.load(Ordering::Acquire)
    }

    /// Why the database can't be worked with, if the last look failed.
    pub(crate) fn trouble(&self) -> Option<Arc<StoreError>> {
        let trouble = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        trouble.clone()
    }

    /// Nothing that is remembered counts until it was read anew.
    pub(crate) fn distrust(&self) {
        self.trusted_until.store(0, Ordering::Release);
        self.generation.store(NONE, Ordering::Release);
    }

    /// Whether something else than this generation is remembered.
    pub(crate) fn is_behind(&self, generation: i64) -> bool {
        self.generation.load(Ordering::Acquire) != generation
    }

    /// What is remembered is of this generation.
    pub(crate) fn is_at(&self, generation: i64) {
        self.generation.store(generation, Ordering::Release);
    }

    fn elapsed(&self, at: Instant) -> u64 {
        let elapsed = at.saturating_duration_since(self.beginning);
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    }

    fn looked(&self, began: Instant, upkeep: bool) {
        let until = self.elapsed(began + TRUST);
        self.trusted_until.fetch_max(until, Ordering::AcqRel);
        self.does_upkeep.store(upkeep, Ordering::Release);
        self.set_trouble(None);
    }

    fn set_trouble(&self, trouble: Option<Arc<StoreError>>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Looks until the other end of `stop` is gone.
pub(crate) fn watch(shared: &Shared, mut watcher: Watcher, stop: &Receiver<()>) {
    let mut well = true;
    loop {
        let began = Instant::now();
        match look(shared, &mut watcher) {
            Ok(upkeep) => {
                if !well {
                    tracing::info!("the database can be worked with again");
                }
                well = true;
                shared.nodes.looked(began, upkeep);
            }
            Err(error) => {
                if well {
                    tracing::error!(%error, "the database can't be worked with");
                }
                well = false;
                shared.nodes.does_upkeep.store(false, Ordering::Release);
                shared.nodes.set_trouble(Some(Arc::new(error)));
            }
        }
        if stop.recv_timeout(LOOK) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Reads anew what changed; whether this node does what is done once.
fn look(shared: &Shared, watcher: &mut Watcher) -> Result<bool, StoreError> {
    let look = watcher.look()?;
    shared.see(look.latest_time);
    if shared.nodes.is_behind(look.generation) {
        let policy = shared.store.read(|reader| reader.policy())?;
        shared.set_policy(policy);
        shared.tokens.forget_all();
        shared.nodes.is_at(look.generation);
    }
    Ok(look.does_upkeep)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_counts_until_two_seconds_after_the_last_look() {
        let nodes = Nodes::new(Uuid::nil(), false);
        assert!(!nodes.memory_counts());
        nodes.looked(Instant::now(), false);
        assert!(nodes.memory_counts());
        let (past, other) = (nodes.beginning, Nodes::new(Uuid::nil(), false));
        // A look that began before everything else, and took its time.
        other.looked(past.checked_sub(TRUST).unwrap_or(past), false);
        assert_eq!(other.memory_counts(), past.checked_sub(TRUST).is_none());
        nodes.distrust();
        assert!(!nodes.memory_counts());
    }

    #[test]
    fn who_is_alone_remembers_and_does_everything() {
        let nodes = Nodes::new(Uuid::nil(), true);
        assert!(nodes.memory_counts() && nodes.does_upkeep());
    }
}
