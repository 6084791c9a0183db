//! Programs that go on after xtask has ended: each has a log and a file with its process id in
//! the cluster's folder.

use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::process;

/// A process, and when it was started: its id may be another's one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    pid: u32,
    /// In the kernel's ticks since it booted.
    started: u64,
}

impl Identity {
    /// Of a process that runs; `None` when it has ended.
    fn of(pid: u32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let stat = Stat::parse(&stat)?;
        (!stat.has_ended).then_some(Self {
            pid,
            started: stat.started,
        })
    }

    fn is_alive(self) -> bool {
        Self::of(self.pid) == Some(self)
    }
}

/// What `/proc/PID/stat` says.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    has_ended: bool,
    parent: u32,
    started: u64,
}

impl Stat {
    /// The fields after the program's name, which is in parentheses and may hold anything.
    fn parse(text: &str) -> Option<Self> {
        let (_, fields) = text.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        Some(Self {
            has_ended: matches!(*fields.first()?, "Z" | "X"),
            parent: fields.get(1)?.parse().ok()?,
            started: fields.get(19)?.parse().ok()?,
        })
    }
}

/// A program of the cluster, running or not.
#[derive(Debug, Clone)]
pub(crate) struct Daemon {
    name: String,
    folder: PathBuf,
}

impl Daemon {
    pub(super) fn new(folder: &Path, name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            folder: folder.to_path_buf(),
        }
    }

    /// What it is called here.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where its words go.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.name))
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join(format!("{}.pid", self.name))
    }

    /// Starts it in a process group of its own, its words added to its log.
    pub(super) fn start(&self, mut command: Command) -> Result<()> {
        let path = self.log();
        let log = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .with_context(|| format!("cannot write {}", path.display()))?;
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start `{}`", process::shown(&command)))?;
        let identity = Identity::of(child.id())
            .with_context(|| format!("{} ended at once: {}", self.name, self.last_words()))?;
        std::fs::write(
            self.pid_file(),
            format!("{} {}", identity.pid, identity.started),
        )
        .with_context(|| format!("cannot write {}", self.pid_file().display()))
    }

    fn identity(&self) -> Option<Identity> {
        let text = std::fs::read_to_string(self.pid_file()).ok()?;
        let (pid, started) = text.split_once(' ')?;
        Some(Identity {
            pid: pid.parse().ok()?,
            started: started.parse().ok()?,
        })
    }

    /// Its process id, if it runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.identity()
            .filter(|identity| identity.is_alive())
            .map(|identity| identity.pid)
    }

    /// The end of its log.
    pub(crate) fn last_words(&self) -> String {
        let text = std::fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(10)..].join("\n")
    }
}

/// A process and all that come from it, it first. Those that were started while this looked may
/// be missing: look again.
pub(super) fn family(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let all: Vec<(u32, u32)> = std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = Stat::parse(&std::fs::read_to_string(entry.path().join("stat")).ok()?)?;
            (!stat.has_ended).then_some((pid, stat.parent))
        })
        .collect();
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(
            all.iter()
                .filter(|(_, of)| *of == parent)
                .map(|(pid, _)| *pid),
        );
        next += 1;
    }
    found
}

/// Sends a signal; processes that have ended meanwhile are none the worse for it.
pub(super) fn signal(name: &str, pids: &[u32]) -> Result<()> {
    if pids.is_empty() {
        return Ok(());
    }
    let numbers = pids.iter().map(ToString::to_string);
    Command::new("kill")
        .arg(format!("-{name}"))
        .args(numbers)
        .stderr(Stdio::null())
        .status()
        .context("cannot start `kill`")?;
    Ok(())
}

/// Waits until none of these runs any more.
pub(super) fn wait_for_end(pids: &[u32], limit: Duration) -> Result<()> {
    let start = Instant::now();
    while let Some(pid) = pids.iter().find(|pid| Identity::of(**pid).is_some()) {
        if start.elapsed() > limit {
            bail!("process {pid} does not end within {limit:?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_is_read_whatever_the_program_is_called() {
        let text = "7 (a) Z (b) S 3 1 2 0 -1 0 10 0 0 0 150 50 9 9 20 0 1 0 512 0 0";
        assert_eq!(
            Stat::parse(text),
            Some(Stat {
                has_ended: false,
                parent: 3,
                started: 512
            })
        );
        let ended = Stat::parse("7 (a) Z 3 1 2 0 -1 0 1 0 0 0 1 5 9 9 20 0 1 0 5 0").unwrap();
        assert!(ended.has_ended);
    }

    #[test]
    fn daemon_is_found_again_and_its_successor_under_the_same_number_is_not_it() {
        let folder = tempfile::tempdir().unwrap();
        let daemon = Daemon::new(folder.path(), "sleeper");
        assert_eq!(daemon.pid(), None);
        let mut command = Command::new("sh");
        command.args(["-c", "echo here; sleep 60 & wait"]);
        daemon.start(command).unwrap();
        let pid = Daemon::new(folder.path(), "sleeper").pid().unwrap();
        while family(pid).len() < 2 {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::fs::write(daemon.pid_file(), format!("{pid} 1")).unwrap();
        assert_eq!(daemon.pid(), None);
        let family = family(pid);
        signal("KILL", &family).unwrap();
        wait_for_end(&family, Duration::from_secs(10)).unwrap();
        assert_eq!(daemon.last_words(), "here");
    }
}
