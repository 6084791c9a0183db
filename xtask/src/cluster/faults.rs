//! What can happen to a PostgreSQL node, and how it is made good again.

use std::fs::File;
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::daemon;
use super::plan::MEMBERS;
use super::running::{Cluster, are_root};
use crate::process;

const END_LIMIT: Duration = Duration::from_secs(10);

/// What is done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Fault {
    /// `kill -9` of Patroni, PostgreSQL and all its processes
    Kill,
    /// SIGSTOP for Patroni alone: PostgreSQL goes on, so that two servers take writes for a while
    Pause,
    /// SIGSTOP for the whole node, as when a virtual machine is frozen
    Freeze,
    /// No packet reaches or leaves the node any more
    Cut,
    /// Its disk is filled to the last byte
    Fill,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] =
        [Self::Kill, Self::Pause, Self::Freeze, Self::Cut, Self::Fill];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Kill => "leader killed (-9)",
            Self::Pause => "leader's Patroni paused",
            Self::Freeze => "leader frozen",
            Self::Cut => "leader cut off",
            Self::Fill => "leader's disk full",
        }
    }

    /// Why this machine or this cluster cannot do it, if so.
    pub(crate) fn obstacle(self, cluster: &Cluster) -> Result<Option<String>> {
        Ok(match self {
            Self::Cut if !are_root()? => Some("cutting a node off takes root (iptables)".into()),
            Self::Cut => rule_obstacle(cluster),
            Self::Fill if cluster.plan.disk_mib.is_none() => Some(
                "a disk is filled only where nodes have small ones of their own, which takes root"
                    .into(),
            ),
            _ => None,
        })
    }

    /// Does it.
    pub(crate) fn happen(self, cluster: &Cluster, member: usize) -> Result<()> {
        match self {
            Self::Kill => {
                let all = cluster.processes(member);
                daemon::signal("KILL", &all)?;
                daemon::wait_for_end(&all, END_LIMIT)
            }
            Self::Pause => daemon::signal("STOP", &patroni(cluster, member)),
            Self::Freeze => {
                // Twice: children that were started in between.
                for _ in 0..2 {
                    daemon::signal("STOP", &cluster.processes(member))?;
                }
                Ok(())
            }
            Self::Cut => rules(cluster, member, "-I"),
            Self::Fill => fill(cluster, member),
        }
    }

    /// Makes it good again.
    pub(crate) fn heal(self, cluster: &Cluster, member: usize) -> Result<()> {
        match self {
            Self::Kill => cluster.start_member(member),
            Self::Pause => daemon::signal("CONT", &patroni(cluster, member)),
            Self::Freeze => daemon::signal("CONT", &cluster.processes(member)),
            Self::Cut => rules(cluster, member, "-D"),
            Self::Fill => {
                std::fs::remove_file(filler(cluster, member))?;
                if cluster.member(member).pid().is_none() {
                    cluster.start_member(member)?;
                }
                Ok(())
            }
        }
    }
}

fn patroni(cluster: &Cluster, member: usize) -> Vec<u32> {
    cluster
        .member(member)
        .pid()
        .map(daemon::family)
        .unwrap_or_default()
}

fn filler(cluster: &Cluster, member: usize) -> std::path::PathBuf {
    cluster.plan.member_folder(member).join("filler")
}

/// Writes until nothing fits any more.
fn fill(cluster: &Cluster, member: usize) -> Result<()> {
    let path = filler(cluster, member);
    let mut file = File::create(&path)?;
    for size in [1 << 20, 4096, 1] {
        let block = vec![0x5A; size];
        while file.write_all(&block).is_ok() {}
    }
    Ok(())
}

/// Adds (`-I`) or takes away (`-D`) the rules that drop every packet to and from the node.
fn rules(cluster: &Cluster, member: usize, action: &str) -> Result<()> {
    rules_of(cluster, member)
        .into_iter()
        .try_for_each(|(side, port)| rule(action, side, port))
}

/// What belongs to a node alone: its PostgreSQL, its Patroni, and its port of etcd's.
fn rules_of(cluster: &Cluster, member: usize) -> Vec<(&'static str, u16)> {
    let plan = &cluster.plan;
    [
        plan.etcd_port_of(member),
        plan.patroni_port(member),
        plan.postgres_port(member),
    ]
    .into_iter()
    .flat_map(|port| [("--dport", port), ("--sport", port)])
    .collect()
}

fn rule(action: &str, side: &str, port: u16) -> Result<()> {
    let mut command = Command::new("iptables");
    command.args([
        "-w",
        action,
        "INPUT",
        "-i",
        "lo",
        "-p",
        "tcp",
        side,
        &port.to_string(),
        "-j",
        "DROP",
    ]);
    process::output(&mut command)
        .map(drop)
        .context("cannot cut the node off")
}

/// Tries a rule that meets nobody.
fn rule_obstacle(cluster: &Cluster) -> Option<String> {
    let unused = cluster.plan.etcd_peer_port();
    let tried = rule("-I", "--sport", unused).and_then(|()| rule("-D", "--sport", unused));
    tried.err().map(|error| format!("{error:#}"))
}

/// Takes away whatever rules a run that was interrupted has left.
pub(super) fn forget_rules(cluster: &Cluster) -> Result<()> {
    if !are_root()? || !process::is_available(Command::new("iptables").arg("--version")) {
        return Ok(());
    }
    for (side, port) in (0..MEMBERS).flat_map(|member| rules_of(cluster, member)) {
        while rule("-C", side, port).is_ok() {
            rule("-D", side, port)?;
        }
    }
    Ok(())
}

/// An error that names every fault which cannot be done here.
pub(crate) fn ensure_possible(faults: &[Fault], cluster: &Cluster) -> Result<()> {
    let mut wrong = Vec::new();
    for fault in faults {
        if let Some(why) = fault.obstacle(cluster)? {
            wrong.push(format!("{}: {why}", fault.name()));
        }
    }
    ensure!(wrong.is_empty(), "not possible here: {}", wrong.join("; "));
    Ok(())
}
