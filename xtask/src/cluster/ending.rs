//! The end of processes and of the whole cluster.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::daemon;
use super::plan::MEMBERS;
use super::running::Cluster;
use crate::process;

const END_LIMIT: Duration = Duration::from_secs(20);

impl Cluster {
    /// Kills a Seatkeeper node (-9).
    pub(crate) fn kill_node(&self, node: usize) -> Result<()> {
        let pids = self.node_pids(node);
        daemon::signal("KILL", &pids)?;
        daemon::wait_for_end(&pids, END_LIMIT)
    }

    /// SIGSTOP for a Seatkeeper node, as when a virtual machine is frozen.
    pub(crate) fn freeze_node(&self, node: usize) -> Result<()> {
        daemon::signal("STOP", &self.node_pids(node))
    }

    /// Lets a frozen Seatkeeper node go on.
    pub(crate) fn wake_node(&self, node: usize) -> Result<()> {
        daemon::signal("CONT", &self.node_pids(node))
    }

    fn node_pids(&self, node: usize) -> Vec<u32> {
        self.node(node).pid().into_iter().collect()
    }

    /// The processes of a PostgreSQL node: Patroni, the server and its children.
    pub(super) fn processes(&self, member: usize) -> Vec<u32> {
        let file = self.plan.member_folder(member).join("data/postmaster.pid");
        let server = std::fs::read_to_string(file).unwrap_or_default();
        let server = server
            .lines()
            .next()
            .and_then(|line| line.trim().parse().ok());
        let roots = [self.member(member).pid(), server];
        let mut all: Vec<u32> = roots
            .into_iter()
            .flatten()
            .filter(|pid| is_of(self.plan.member_folder(member).as_path(), *pid))
            .flat_map(daemon::family)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Ends every program and removes the folder.
    pub(crate) fn end(self) -> Result<()> {
        for daemon in self.daemons().iter().rev() {
            let family: Vec<u32> = daemon.pid().map(daemon::family).unwrap_or_default();
            daemon::signal("CONT", &family)?;
            daemon::signal("KILL", &family)?;
            daemon::wait_for_end(&family, END_LIMIT)?;
        }
        for member in 0..MEMBERS {
            // PostgreSQL outlives its Patroni.
            let left = self.processes(member);
            daemon::signal("KILL", &left)?;
            daemon::wait_for_end(&left, END_LIMIT)?;
            if self.plan.disk_mib.is_some() && is_mounted(&self.plan.member_folder(member))? {
                process::output(Command::new("umount").arg(self.plan.member_folder(member)))?;
            }
        }
        std::fs::remove_dir_all(&self.plan.folder)
            .with_context(|| format!("cannot remove {}", self.plan.folder.display()))
    }
}

/// Whether a process works on a PostgreSQL node's folder, by its command line: a number in a file
/// may be somebody else's process by now.
fn is_of(folder: &Path, pid: u32) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line).into_owned();
    line.contains(&folder.display().to_string())
}

fn is_mounted(folder: &Path) -> Result<bool> {
    let mounts = std::fs::read_to_string("/proc/mounts")?;
    let folder = folder.display().to_string();
    Ok(mounts
        .lines()
        .any(|line| line.split(' ').nth(1) == Some(folder.as_str())))
}
