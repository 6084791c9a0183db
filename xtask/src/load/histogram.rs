//! A histogram of times with a relative error below 1 %: 64 buckets for each power of two, from
//! nanoseconds up, in constant memory and constant time.

use std::time::Duration;

const STEPS_LOG2: u32 = 6;
const STEPS: u64 = 1 << STEPS_LOG2;
/// Enough for 64-bit nanoseconds.
const BUCKETS: usize = ((64 - STEPS_LOG2 + 1) << STEPS_LOG2) as usize;

/// How often each length of time was seen.
#[derive(Debug, Clone)]
pub(crate) struct Histogram {
    buckets: Vec<u64>,
    count: u64,
    longest: Duration,
}

impl Default for Histogram {
    fn default() -> Self {
        Self {
            buckets: vec![0; BUCKETS],
            count: 0,
            longest: Duration::ZERO,
        }
    }
}

impl Histogram {
    /// Counts one more.
    pub(crate) fn record(&mut self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.buckets[bucket(nanoseconds)] += 1;
        self.count += 1;
        self.longest = self.longest.max(time);
    }

    /// Adds everything another one has seen.
    pub(crate) fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine += theirs;
        }
        self.count += other.count;
        self.longest = self.longest.max(other.longest);
    }

    /// How many were recorded.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// The longest, exactly.
    pub(crate) fn longest(&self) -> Duration {
        self.longest
    }

    /// The time that `per_mille` of a thousand stay at or below; zero when nothing was recorded.
    pub(crate) fn quantile(&self, per_mille: u64) -> Duration {
        let wanted = (self.count * per_mille).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(upper_end(index)).min(self.longest);
            }
        }
        self.longest
    }
}

/// Values below 64 have a bucket each; above, the top seven bits choose it.
fn bucket(value: u64) -> usize {
    let magnitude = (64 - value.leading_zeros()).saturating_sub(STEPS_LOG2 + 1);
    let step = value >> magnitude;
    usize::try_from(u64::from(magnitude) * STEPS + step).unwrap_or(BUCKETS - 1)
}

/// The largest value of a bucket.
fn upper_end(index: usize) -> u64 {
    let index = index as u64;
    if index < 2 * STEPS {
        return index;
    }
    let magnitude = index / STEPS - 1;
    let step = index % STEPS + STEPS;
    // All bits below the step's are ones.
    (step << magnitude) | ((1 << magnitude) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_a_bucket_that_is_at_most_two_percent_wide() {
        for value in (0..10_000).chain((14..63).flat_map(|power| {
            let base = 1_u64 << power;
            [base - 1, base, base + 1, base + base / 3]
        })) {
            let end = upper_end(bucket(value));
            assert!(
                end >= value && end - value <= value / 64 + 1,
                "{value} {end}"
            );
        }
        assert!(bucket(u64::MAX) < BUCKETS);
    }

    #[test]
    fn quantiles_are_the_values_that_so_many_stay_below() {
        let mut histogram = Histogram::default();
        for micros in 1..=1_000 {
            histogram.record(Duration::from_micros(micros));
        }
        for (per_mille, expected) in [(500, 500_u64), (990, 990), (1_000, 1_000)] {
            let seen = histogram.quantile(per_mille).as_micros();
            assert!(
                seen.abs_diff(u128::from(expected)) * 50 <= u128::from(expected),
                "{seen}"
            );
        }
        assert_eq!(histogram.longest(), Duration::from_millis(1));
        assert_eq!(Histogram::default().quantile(990), Duration::ZERO);
    }

    #[test]
    fn added_histograms_count_as_one() {
        let (mut one, mut other) = (Histogram::default(), Histogram::default());
        one.record(Duration::from_millis(1));
        other.record(Duration::from_secs(1));
        one.add(&other);
        assert_eq!((one.count(), one.longest()), (2, Duration::from_secs(1)));
        assert!(one.quantile(500) < Duration::from_millis(2));
    }
}
