//! Heartbeats that need no write, answered from memory.
//!
//! A written heartbeat gives a lease a tenth longer than the time-out, so the next ones soon
//! after change nothing: while the lease as it stands in the store still gives the whole
//! time-out, the answer is known. What may shorten a session's life makes the memory forget:
//! its end removes the entry, and anything done to licenses, seats, users or the policy starts
//! a new epoch, in which every session is judged by the rules once more.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::outcome::HeartbeatAnswer;
use domain::set::Map;
use domain::{Millis, Policy, SessionId, Timestamp};

/// What is remembered of a session after a heartbeat was committed.
#[derive(Clone, Copy)]
struct Lease {
    expires_at: Timestamp,
    heartbeat_after: Millis,
    usable_until: Timestamp,
    epoch: u64,
}

/// The remembered leases. Only the writer thread adds and removes.
pub(crate) struct Leases {
    shards: Vec<Mutex<Map<SessionId, Lease>>>,
    epoch: AtomicU64,
}

impl Leases {
    const SHARDS: usize = 16;
    /// With some 64 bytes each, 32 MiB in all; what does not fit is judged in full.
    const MOST_PER_SHARD: usize = 32 * 1024;

    /// Nothing remembered.
    pub(crate) fn new() -> Self {
        Self {
            shards: (0..Self::SHARDS).map(|_| Mutex::default()).collect(),
            epoch: AtomicU64::new(0),
        }
    }

    fn shard(&self, id: SessionId) -> MutexGuard<'_, Map<SessionId, Lease>> {
        // The last byte of an id is random.
        let at = usize::from(id.0.as_bytes()[15]) % Self::SHARDS;
        self.shards[at]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a heartbeat at `now`, if nothing need be written for it.
    pub(crate) fn answer(
        &self,
        id: SessionId,
        policy: &Policy,
        now: Timestamp,
    ) -> Option<HeartbeatAnswer> {
        let lease = *self.shard(id).get(&id)?;
        let holds = lease.epoch == self.epoch.load(Ordering::Acquire)
            && now < lease.usable_until
            && policy.lease_suffices(lease.expires_at, now);
        holds.then_some(HeartbeatAnswer::Alive {
            expires_at: lease.expires_at,
            heartbeat_after: lease.heartbeat_after,
            usable_until: lease.usable_until,
        })
    }

    /// Remembers an answer that was committed.
    pub(crate) fn remember(&self, id: SessionId, answer: &HeartbeatAnswer, now: Timestamp) {
        let HeartbeatAnswer::Alive {
            expires_at,
            heartbeat_after,
            usable_until,
        } = *answer
        else {
            return;
        };
        let epoch = self.epoch.load(Ordering::Acquire);
        let mut shard = self.shard(id);
        if shard.len() >= Self::MOST_PER_SHARD {
            shard.retain(|_, lease| lease.epoch == epoch && now < lease.expires_at);
            if shard.len() >= Self::MOST_PER_SHARD {
                shard.clear();
            }
        }
        shard.insert(
            id,
            Lease {
                expires_at,
                heartbeat_after,
                usable_until,
                epoch,
            },
        );
    }

    /// Forgets a session that ended.
    pub(crate) fn forget(&self, id: SessionId) {
        self.shard(id).remove(&id);
    }

    /// Every session is to be judged in full again.
    pub(crate) fn start_new_epoch(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn alive(expires: i64, usable: i64) -> HeartbeatAnswer {
        HeartbeatAnswer::Alive {
            expires_at: at(expires),
            heartbeat_after: Millis::seconds(60),
            usable_until: at(usable),
        }
    }

    const ID: SessionId = SessionId(Uuid::from_u128(1));

    #[test]
    fn a_lease_answers_while_it_gives_the_whole_time_out_h1() {
        let (leases, policy) = (Leases::new(), Policy::default());
        leases.remember(ID, &alive(1660, 9000), at(1000));
        assert_eq!(
            leases.answer(ID, &policy, at(1060)),
            Some(alive(1660, 9000))
        );
        assert_eq!(leases.answer(ID, &policy, at(1061)), None);
    }

    #[test]
    fn what_stops_being_usable_is_judged_in_full_h6() {
        let (leases, policy) = (Leases::new(), Policy::default());
        leases.remember(ID, &alive(1660, 1030), at(1000));
        assert!(leases.answer(ID, &policy, at(1029)).is_some());
        assert!(leases.answer(ID, &policy, at(1030)).is_none());
    }

    #[test]
    fn an_end_and_a_new_epoch_make_it_forget() {
        let (leases, policy) = (Leases::new(), Policy::default());
        leases.remember(ID, &alive(1660, 9000), at(1000));
        leases.start_new_epoch();
        assert!(leases.answer(ID, &policy, at(1000)).is_none());
        leases.remember(ID, &alive(1660, 9000), at(1000));
        assert!(leases.answer(ID, &policy, at(1000)).is_some());
        leases.forget(ID);
        assert!(leases.answer(ID, &policy, at(1000)).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let leases = Leases::new();
        for n in 0..(Leases::MOST_PER_SHARD as u128 + 10) {
            // All in one shard, none of them ever out of date.
            let id = SessionId(Uuid::from_u128(n << 8));
            leases.remember(id, &alive(99_000, 99_000), at(1000));
        }
        let size: usize = leases.shards.iter().map(|s| s.lock().unwrap().len()).sum();
        assert!(size <= Leases::MOST_PER_SHARD);
    }
}
