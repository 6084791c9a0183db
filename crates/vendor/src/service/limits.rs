//! How often may be asked: token buckets, one for each address. Keys can't be guessed; this keeps those who try from
//! being a burden, and a mistaken installation from asking all day.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// So many addresses are remembered; beyond that, those that asked least are forgotten.
const MOST_ADDRESSES: usize = 10_000;

/// How fast a bucket fills, and how much it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rate {
    /// How many at once.
    pub(super) burst: u32,
    /// One more after so long.
    pub(super) every: Duration,
}

/// Requests of installations: a minute's work for a hundred of them behind one address.
pub(super) const REQUESTS: Rate = Rate {
    burst: 120,
    every: Duration::from_millis(500),
};

/// License keys that don't exist: people mistype a few times, not hundreds of times.
pub(super) const WRONG_KEYS: Rate = Rate {
    burst: 10,
    every: Duration::from_mins(1),
};

#[derive(Clone, Copy, Debug)]
struct Bucket {
    /// When it would be full again.
    full_at: Instant,
}

/// Buckets of one rate.
#[derive(Debug)]
pub(super) struct Limits {
    rate: Rate,
    buckets: HashMap<IpAddr, Bucket>,
}

impl Limits {
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            rate,
            buckets: HashMap::new(),
        }
    }

    /// Whether an address has some left; otherwise how long until it has.
    pub(super) fn check(&self, address: IpAddr, now: Instant) -> Result<(), Duration> {
        let full_at = self
            .buckets
            .get(&address)
            .map_or(now, |bucket| bucket.full_at);
        let lacks = full_at.saturating_duration_since(now) + self.rate.every;
        let holds = self.rate.every * self.rate.burst;
        match lacks.checked_sub(holds) {
            Some(wait) if !wait.is_zero() => Err(wait),
            _ => Ok(()),
        }
    }

    /// Takes one from an address's bucket.
    pub(super) fn take(&mut self, address: IpAddr, now: Instant) {
        if self.buckets.len() >= MOST_ADDRESSES && !self.buckets.contains_key(&address) {
            self.forget(now);
        }
        let bucket = self
            .buckets
            .entry(address)
            .or_insert(Bucket { full_at: now });
        bucket.full_at = bucket.full_at.max(now) + self.rate.every;
    }

    /// Forgets the half whose buckets are fullest.
    fn forget(&mut self, now: Instant) {
        self.buckets.retain(|_, bucket| bucket.full_at > now);
        if self.buckets.len() < MOST_ADDRESSES {
            return;
        }
        let mut times: Vec<Instant> = self.buckets.values().map(|bucket| bucket.full_at).collect();
        times.sort_unstable();
        let middle = times[times.len() / 2];
        self.buckets.retain(|_, bucket| bucket.full_at > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        burst: 3,
        every: Duration::from_secs(10),
    };

    fn address(last: u32) -> IpAddr {
        IpAddr::from(last.to_be_bytes())
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let (mut limits, start) = (Limits::new(RATE), Instant::now());
        for _ in 0..3 {
            assert_eq!(limits.check(address(1), start), Ok(()));
            limits.take(address(1), start);
        }
        assert_eq!(
            limits.check(address(1), start),
            Err(Duration::from_secs(10))
        );
        assert_eq!(
            limits.check(address(2), start),
            Ok(()),
            "each address has its own"
        );
        let later = start + Duration::from_secs(4);
        assert_eq!(limits.check(address(1), later), Err(Duration::from_secs(6)));
        let later = start + Duration::from_secs(10);
        assert_eq!(limits.check(address(1), later), Ok(()));
        limits.take(address(1), later);
        assert!(limits.check(address(1), later).is_err());
    }

    #[test]
    fn many_addresses_take_no_more_room_than_there_is() {
        let (mut limits, now) = (Limits::new(RATE), Instant::now());
        for _ in 0..3 {
            limits.take(address(0), now);
        }
        for number in 1..3 * 10_000 {
            limits.take(address(number), now);
        }
        assert!(limits.buckets.len() <= MOST_ADDRESSES);
        assert!(
            limits.check(address(0), now).is_err(),
            "who asks most is remembered"
        );
    }
}
