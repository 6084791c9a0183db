//! What is looked at while it soaks, and what must be true in the end.

use std::time::Duration;

use anyhow::{Result, bail};

use super::clients::Seen;
use super::mischief::Acts;
use crate::{printer, usage};

/// What a server may keep of memory that it took at its busiest, in KiB.
const SLACK_KIB: u64 = 16 * 1024;
/// Files that may be open in the end besides those of the beginning.
const SLACK_FILES: u64 = 8;

/// One look.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    rate: f64,
    p99: Duration,
    longest: Duration,
    failed: u64,
    pub(super) in_use: u64,
    memory_kib: u64,
    files: u64,
    threads: u64,
}

impl Sample {
    pub(super) fn take(pid: u32, in_use: u64, seen: &Seen, during: Duration) -> Result<Self> {
        let count = |folder: &str| -> Result<u64> {
            Ok(std::fs::read_dir(format!("/proc/{pid}/{folder}"))?.count() as u64)
        };
        Ok(Self {
            rate: seen.rate(during),
            p99: seen.latency.quantile(990),
            longest: seen.latency.longest(),
            failed: seen.failed,
            in_use,
            memory_kib: usage::memory(pid)?.now_kib,
            files: count("fd")?,
            threads: count("task")?,
        })
    }

    pub(super) fn in_brief(&self) -> String {
        format!(
            "{:.0}/s, {} MiB, {} files, {} seats in use, {} failed",
            self.rate,
            self.memory_kib / 1024,
            self.files,
            self.in_use,
            self.failed
        )
    }

    fn row(&self, when: &str) -> String {
        format!(
            "| {when} | {:.0} | {:.2} | {:.1} | {} | {} | {:.1} | {} | {} |",
            self.rate,
            self.p99.as_secs_f64() * 1_000.0,
            self.longest.as_secs_f64() * 1_000.0,
            self.failed,
            self.in_use,
            f64::from(u32::try_from(self.memory_kib).unwrap_or(u32::MAX)) / 1024.0,
            self.files,
            self.threads
        )
    }
}

/// The table.
pub(super) fn print(first: &Sample, samples: &[Sample], last: &Sample, acts: &Acts) {
    printer::result(
        "\n| part | requests a second | p99 ms | longest ms | failed | seats in use | memory MiB | open files | threads |",
    );
    printer::result("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    printer::result(&first.row("full load"));
    for (index, sample) in samples.iter().enumerate() {
        printer::result(&sample.row(&format!("{} of {}", index + 1, samples.len())));
    }
    printer::result(&last.row("nobody left"));
    let acts: Vec<String> = acts
        .iter()
        .map(|(kind, count)| format!("{kind:?} {count}"))
        .collect();
    printer::result(&format!("\nMisbehaving clients: {}.", acts.join(", ")));
}

/// What was not as it should be; empty is well.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verdict(Vec<String>);

impl Verdict {
    /// Memory is flat when the last quarter has no more than the second one, but for some slack:
    /// the first quarter fills caches.
    pub(super) fn of(first: &Sample, samples: &[Sample], last: &Sample, seen: &Seen) -> Self {
        let mut wrong = Vec::new();
        let quarter = samples.len() / 4;
        let early = median(&samples[quarter..quarter * 2]);
        let late = median(&samples[samples.len() - quarter..]);
        if late > early + early / 10 + SLACK_KIB {
            wrong.push(format!("memory grew from {early} KiB to {late} KiB"));
        }
        if last.files > first.files + SLACK_FILES {
            wrong.push(format!(
                "{} files were open at first, {} in the end",
                first.files, last.files
            ));
        }
        if last.threads > first.threads + SLACK_FILES {
            wrong.push(format!(
                "{} threads at first, {} in the end",
                first.threads, last.threads
            ));
        }
        if last.in_use > 0 {
            wrong.push(format!("{} seats are in use by nobody", last.in_use));
        }
        if seen.failed > 0 {
            let failure = seen.first_failure.as_deref().unwrap_or_default();
            wrong.push(format!(
                "{} good requests failed, the first: {failure}",
                seen.failed
            ));
        }
        Self(wrong)
    }

    pub(super) fn into_result(self) -> Result<()> {
        if self.0.is_empty() {
            printer::result("Memory is flat, nothing leaked, and no good request failed.");
            return Ok(());
        }
        bail!("{}", self.0.join("; "))
    }
}

fn median(samples: &[Sample]) -> u64 {
    let mut all: Vec<u64> = samples.iter().map(|sample| sample.memory_kib).collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(mib: u64, files: u64) -> Sample {
        Sample {
            rate: 1.0,
            p99: Duration::ZERO,
            longest: Duration::ZERO,
            failed: 0,
            in_use: 0,
            memory_kib: mib * 1024,
            files,
            threads: 8,
        }
    }

    fn wrong(memory: impl Fn(u64) -> u64, last: &Sample, seen: &Seen) -> Vec<String> {
        let samples: Vec<Sample> = (0..20).map(|part| sample(memory(part), 300)).collect();
        Verdict::of(&sample(50, 100), &samples, last, seen).0
    }

    #[test]
    fn memory_that_fills_up_first_and_stays_is_flat() {
        let fills = |part: u64| (50 + part * 20).min(150);
        assert_eq!(wrong(fills, &sample(150, 40), &Seen::default()), [""; 0]);
    }

    #[test]
    fn memory_that_grows_all_the_time_is_found() {
        let found = wrong(|part| 100 + part * 5, &sample(200, 40), &Seen::default());
        assert!(
            found.len() == 1 && found[0].starts_with("memory grew"),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_left_open_or_taken_or_failed_is_found() {
        let seen = Seen {
            failed: 2,
            first_failure: Some("500: x".into()),
            ..Seen::default()
        };
        let last = Sample {
            in_use: 3,
            threads: 80,
            ..sample(100, 109)
        };
        let found = wrong(|_| 100, &last, &seen);
        assert_eq!(found.len(), 4, "{found:?}");
    }
}
