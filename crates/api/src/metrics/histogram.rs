//! How long requests took, in fixed buckets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::Text;

/// Upper bounds in microseconds, and as they are written in seconds.
const BOUNDS: [(u64, &str); 12] = [
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (250_000, "0.25"),
    (1_000_000, "1"),
    (10_000_000, "10"),
];

/// Counts of durations, per bucket and not yet cumulated.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    pub(super) fn record(&self, duration: Duration) {
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let place = BOUNDS.partition_point(|(bound, _)| *bound < micros);
        self.buckets[place].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// Writes the three series of a histogram.
    pub(super) fn write(&self, name: &str, labels: &[(&str, &str)], text: &mut Text) {
        let bucket = format!("{name}_bucket");
        let mut labels = labels.to_vec();
        let mut so_far = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            so_far += count.load(Ordering::Relaxed);
            let bound = BOUNDS.get(place).map_or("+Inf", |(_, bound)| bound);
            labels.push(("le", bound));
            text.sample(&bucket, &labels, so_far);
            labels.pop();
        }
        let micros = self.micros.load(Ordering::Relaxed);
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        text.sample(&format!("{name}_sum"), &labels, seconds);
        text.sample(&format!("{name}_count"), &labels, so_far);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulated_and_bounds_belong_to_their_bucket() {
        let histogram = Histogram::default();
        for micros in [100, 101, 2_000_000, 20_000_000] {
            histogram.record(Duration::from_micros(micros));
        }
        let mut text = Text::default();
        histogram.write("x", &[("route", "/")], &mut text);
        let text = text.into_string();
        assert!(
            text.contains("x_bucket{route=\"/\",le=\"0.0001\"} 1\n"),
            "{text}"
        );
        assert!(
            text.contains("x_bucket{route=\"/\",le=\"0.00025\"} 2\n"),
            "{text}"
        );
        assert!(
            text.contains("x_bucket{route=\"/\",le=\"10\"} 3\n"),
            "{text}"
        );
        assert!(
            text.contains("x_bucket{route=\"/\",le=\"+Inf\"} 4\n"),
            "{text}"
        );
        assert!(text.contains("x_sum{route=\"/\"} 22.000201\n"), "{text}");
        assert!(text.contains("x_count{route=\"/\"} 4\n"), "{text}");
    }
}
