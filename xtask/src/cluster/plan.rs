//! Where everything of a cluster is: its folder, its ports, its settings. Written down in the
//! folder, so that `status` and `down` find what `up` made.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

/// How many PostgreSQL nodes there are: a leader, the standby that confirms each commit, and one
/// that takes its place.
pub(crate) const MEMBERS: usize = 3;
/// The most Seatkeeper nodes there can be.
pub(crate) const MOST_NODES: usize = 4;
/// Ports that one cluster uses, in a row. Below the range from which outgoing connections take
/// theirs, so that a node that was killed finds its port free.
const PORTS: u16 = 16;
const FIRST_PORTS: std::ops::Range<u16> = 25_400..27_000;

/// What was decided when the cluster was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The folder that holds everything.
    pub(crate) folder: PathBuf,
    /// The first of [`PORTS`].
    pub(crate) base: u16,
    /// Seatkeeper nodes.
    pub(crate) nodes: usize,
    /// Whether Seatkeeper goes through HAProxy, and not by a list of hosts.
    pub(crate) through_proxy: bool,
    /// Whether commits wait for a standby even when none is left.
    pub(crate) strict: bool,
    /// Seconds after which a leader that is not heard of loses its office.
    pub(crate) ttl: u32,
    /// Seconds between two looks of Patroni.
    pub(crate) loop_wait: u32,
    /// MiB that each PostgreSQL node's own small disk in memory has; none: the folder's disk.
    pub(crate) disk_mib: Option<u32>,
}

impl Plan {
    /// The file in the folder.
    pub(crate) fn file(folder: &Path) -> PathBuf {
        folder.join("cluster.json")
    }

    /// A row of ports that nobody uses now.
    pub(crate) fn free_ports() -> Result<u16> {
        let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        FIRST_PORTS
            .step_by(PORTS.into())
            .find(|base| (*base..base + PORTS).all(is_free))
            .context("no row of free ports between 25400 and 27000")
    }

    /// What the folder's file says; `None` if there is none.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = Self::file(folder);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => bail!("cannot read {}: {error}", path.display()),
        };
        let value: Value = serde_json::from_str(&text)?;
        Self::of_json(folder, &value)
            .with_context(|| format!("{} is not as `cluster up` writes it", path.display()))
            .map(Some)
    }

    fn of_json(folder: &Path, value: &Value) -> Option<Self> {
        let number = |name: &str| value[name].as_u64();
        Some(Self {
            folder: folder.to_path_buf(),
            base: number("base")?.try_into().ok()?,
            nodes: number("nodes")?.try_into().ok()?,
            through_proxy: value["through_proxy"].as_bool()?,
            strict: value["strict"].as_bool()?,
            ttl: number("ttl")?.try_into().ok()?,
            loop_wait: number("loop_wait")?.try_into().ok()?,
            disk_mib: number("disk_mib").and_then(|mib| mib.try_into().ok()),
        })
    }

    /// Writes the folder's file.
    pub(crate) fn write(&self) -> Result<()> {
        let value = json!({
            "base": self.base,
            "nodes": self.nodes,
            "through_proxy": self.through_proxy,
            "strict": self.strict,
            "ttl": self.ttl,
            "loop_wait": self.loop_wait,
            "disk_mib": self.disk_mib,
        });
        let path = Self::file(&self.folder);
        std::fs::write(&path, value.to_string())
            .with_context(|| format!("cannot write {}", path.display()))
    }

    fn port(&self, offset: usize) -> u16 {
        self.base + u16::try_from(offset).unwrap_or(PORTS)
    }

    pub(crate) fn etcd_port(&self) -> u16 {
        self.port(0)
    }

    pub(crate) fn etcd_peer_port(&self) -> u16 {
        self.port(1)
    }

    /// A port of etcd's that this member alone uses, so that it can be cut off by ports.
    pub(crate) fn etcd_port_of(&self, member: usize) -> u16 {
        self.port(2 + member)
    }

    pub(crate) fn postgres_port(&self, member: usize) -> u16 {
        self.port(5 + member)
    }

    pub(crate) fn patroni_port(&self, member: usize) -> u16 {
        self.port(8 + member)
    }

    pub(crate) fn proxy_port(&self) -> u16 {
        self.port(11)
    }

    /// Where a Seatkeeper node listens.
    pub(crate) fn node_address(&self, node: usize) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port(12 + node)))
    }

    /// The name of a PostgreSQL node: `pg1`, `pg2`, `pg3`.
    pub(crate) fn member_name(member: usize) -> String {
        format!("pg{}", member + 1)
    }

    /// The folder of a PostgreSQL node.
    pub(crate) fn member_folder(&self, member: usize) -> PathBuf {
        self.folder.join(Self::member_name(member))
    }

    /// The connection URL of the product's database, through HAProxy.
    pub(crate) fn proxy_url(&self) -> String {
        format!(
            "postgres://seatkeeper@127.0.0.1:{}/seatkeeper",
            self.proxy_port()
        )
    }

    /// The connection URL that lists every member and leaves the choice to the client.
    pub(crate) fn hosts_url(&self) -> String {
        let hosts: Vec<String> = (0..MEMBERS)
            .map(|member| format!("127.0.0.1:{}", self.postgres_port(member)))
            .collect();
        format!(
            "postgres://seatkeeper@{}/seatkeeper?target_session_attrs=read-write",
            hosts.join(",")
        )
    }

    /// The connection URL that the plan has Seatkeeper use.
    pub(crate) fn url(&self) -> String {
        if self.through_proxy {
            self.proxy_url()
        } else {
            self.hosts_url()
        }
    }
}

#[cfg(test)]
pub(super) fn example(folder: &Path) -> Plan {
    Plan {
        folder: folder.to_path_buf(),
        base: 25_400,
        nodes: 2,
        through_proxy: true,
        strict: false,
        ttl: 5,
        loop_wait: 1,
        disk_mib: Some(512),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn plan_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Plan::read(folder.path()).unwrap(), None);
        let plan = example(folder.path());
        plan.write().unwrap();
        assert_eq!(Plan::read(folder.path()).unwrap(), Some(plan));
        std::fs::write(Plan::file(folder.path()), "{}").unwrap();
        assert!(Plan::read(folder.path()).is_err());
    }

    #[test]
    fn nobody_shares_a_port() {
        let plan = example(Path::new("x"));
        let mut ports = vec![plan.etcd_port(), plan.etcd_peer_port(), plan.proxy_port()];
        for member in 0..MEMBERS {
            ports.extend([
                plan.etcd_port_of(member),
                plan.postgres_port(member),
                plan.patroni_port(member),
            ]);
        }
        ports.extend((0..MOST_NODES).map(|node| plan.node_address(node).port()));
        let apart: BTreeSet<u16> = ports.iter().copied().collect();
        assert_eq!(apart.len(), ports.len());
        let row = plan.base..plan.base + PORTS;
        assert!(ports.iter().all(|port| row.contains(port)));
    }

    #[test]
    fn list_of_hosts_names_every_member_and_asks_for_the_one_that_writes() {
        assert_eq!(
            example(Path::new("x")).hosts_url(),
            "postgres://seatkeeper@127.0.0.1:25405,127.0.0.1:25406,127.0.0.1:25407/seatkeeper\
             ?target_session_attrs=read-write"
        );
    }
}
