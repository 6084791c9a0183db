//! Moments and spans, in whole milliseconds.

use serde::{Deserialize, Serialize};

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Always UTC, always given from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A span of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(i64);

impl Timestamp {
    /// Before every moment that is ever judged.
    pub const NEVER: Self = Self(0);
    /// After every moment that is ever judged: "perpetual".
    pub const FOREVER: Self = Self(i64::MAX);

    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment plus a span; stays at [`Self::FOREVER`] once there.
    #[must_use]
    pub const fn plus(self, span: Millis) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// This moment minus a span.
    #[must_use]
    pub const fn minus(self, span: Millis) -> Self {
        Self(self.0.saturating_sub(span.0))
    }

    /// The span from `earlier` to this moment; negative when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    /// The number of the UTC day, counted from 1970-01-01.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Millis::DAY.0)
    }

    /// The time to judge by: the later of the clock and the latest time seen (L11).
    #[must_use]
    pub fn judged(clock: Self, latest_seen: Self) -> Self {
        clock.max(latest_seen)
    }
}

impl Millis {
    /// No time at all.
    pub const ZERO: Self = Self(0);
    /// One second.
    pub const SECOND: Self = Self(1000);
    /// One day of 24 hours.
    pub const DAY: Self = Self(86_400_000);

    /// A span of `millis` milliseconds.
    pub const fn new(millis: i64) -> Self {
        Self(millis)
    }

    /// A span of whole seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// A span of whole days of 24 hours.
    pub const fn days(days: i64) -> Self {
        Self(days.saturating_mul(Self::DAY.0))
    }

    /// The span in milliseconds.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The span in whole seconds, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The span in whole days, rounded up.
    pub const fn as_days(self) -> i64 {
        (self.0 + Self::DAY.0 - 1).div_euclid(Self::DAY.0)
    }
}
