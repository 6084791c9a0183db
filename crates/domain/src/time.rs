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

    /// The UTC day, as in `2026-12-31`; exact for the years 1970 to 9999.
    pub fn date(self) -> String {
        // Howard Hinnant's civil_from_days: years begin in March, so that leap days end them.
        let days = self.day() + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_has_its_utc_day() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (11_016, "2000-02-29"),
            (20_453, "2025-12-31"),
            (20_454, "2026-01-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
            (2_932_896, "9999-12-31"),
        ] {
            let begin = Timestamp::NEVER.plus(Millis::days(days));
            let end = begin.plus(Millis::new(Millis::DAY.get() - 1));
            assert_eq!((begin.date(), end.date()), (date.into(), date.into()));
        }
    }
}
