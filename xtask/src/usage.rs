//! What the kernel says about a process: processor time and memory, from `/proc`.

use std::time::Duration;

use anyhow::{Context as _, Result};

/// `/proc/PID/stat` counts in hundredths of a second on every Linux that Rust supports.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of a process so far, its ended threads included.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    parse_cpu(&text).with_context(|| format!("{path} is not as expected: {text}"))
}

/// Our own processor time so far; zero where the kernel does not tell.
pub(crate) fn own_cpu() -> Duration {
    cpu(std::process::id()).unwrap_or_default()
}

/// The fields after the program's name, which is in parentheses and may hold anything: user and
/// system time are the twelfth and thirteenth of them.
fn parse_cpu(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

/// Processor time of all programs together since the machine started; zero where the kernel does
/// not tell.
pub(crate) fn machine_cpu() -> Duration {
    std::fs::read_to_string("/proc/stat")
        .ok()
        .and_then(|text| parse_machine(&text))
        .unwrap_or_default()
}

/// User, nice and system time of the first line; interrupts belong to nobody.
fn parse_machine(stat: &str) -> Option<Duration> {
    let fields = stat.lines().next()?.strip_prefix("cpu ")?;
    let ticks: Option<Vec<u64>> = fields
        .split_whitespace()
        .take(3)
        .map(|field| field.parse().ok())
        .collect();
    Some(Duration::from_millis(ticks?.iter().sum::<u64>() * 10))
}

/// Memory of a process in KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) now_kib: u64,
    pub(crate) most_kib: u64,
}

/// Resident memory of a process, now and at its highest.
pub(crate) fn memory(pid: u32) -> Result<Memory> {
    let path = format!("/proc/{pid}/status");
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    parse_memory(&text).with_context(|| format!("{path} is not as expected"))
}

fn parse_memory(status: &str) -> Option<Memory> {
    let field = |name: &str| -> Option<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some(Memory {
        now_kib: field("VmRSS:")?,
        most_kib: field("VmHWM:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processor_time_is_user_and_system_time_whatever_the_program_is_called() {
        let stat = "7 (a) b) (c) S 1 2 3 0 -1 0 10 0 0 0 150 50 9 9 20 0 1 0 5 0 0";
        assert_eq!(parse_cpu(stat), Some(Duration::from_secs(2)));
        assert_eq!(parse_cpu("7 (a) S 1"), None);
    }

    #[test]
    fn machine_time_is_that_of_programs() {
        let stat = "cpu  100 20 30 4000 7 8 9 0 0 0\ncpu0 1 2 3 4\n";
        assert_eq!(parse_machine(stat), Some(Duration::from_millis(1_500)));
        assert!(machine_cpu() > Duration::ZERO);
    }

    #[test]
    fn own_process_has_time_and_memory() {
        cpu(std::process::id()).unwrap();
        let memory = memory(std::process::id()).unwrap();
        assert!(memory.now_kib > 0 && memory.most_kib >= memory.now_kib);
    }
}
