//! A cluster that was started: who leads, its processes, and its end.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use super::daemon::Daemon;
use super::plan::{MEMBERS, Plan};
use super::{config, rest};
use crate::postgres::Binaries;
use crate::server::Program;
use crate::unprivileged::{self, Owner};
use crate::{http, postgres, process};

const START_LIMIT: Duration = Duration::from_mins(2);

/// What Patroni says of one PostgreSQL node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) state: String,
}

impl Member {
    fn is_well(&self) -> bool {
        matches!(self.state.as_str(), "running" | "streaming")
    }
}

/// A cluster in its folder.
pub(crate) struct Cluster {
    pub(crate) plan: Plan,
    owner: Owner,
    binaries: Binaries,
}

impl Cluster {
    /// The one in this folder; `None` if there is none.
    pub(crate) fn find(folder: &Path) -> Result<Option<Self>> {
        Plan::read(folder)?.map(Self::new).transpose()
    }

    fn new(plan: Plan) -> Result<Self> {
        Ok(Self {
            plan,
            owner: Owner::choose()?,
            binaries: postgres::find_or_install()?,
        })
    }

    /// Starts everything but Seatkeeper and waits until there is a leader with a standby that
    /// confirms its commits, and a third node that follows.
    pub(crate) fn start(plan: Plan) -> Result<Self> {
        let cluster = Self::new(plan)?;
        std::fs::create_dir_all(&cluster.plan.folder)?;
        cluster.plan.write()?;
        cluster.owner.give(&cluster.plan.folder)?;
        cluster.check_way()?;
        cluster.start_etcd()?;
        for member in 0..MEMBERS {
            cluster.make_member_folder(member)?;
            cluster.start_member(member)?;
        }
        cluster.start_proxy()?;
        cluster.wait_until_whole(START_LIMIT)?;
        cluster.make_database()?;
        Ok(cluster)
    }

    /// PostgreSQL's user must be able to walk to the folder.
    fn check_way(&self) -> Result<()> {
        let folder = &self.plan.folder;
        let mut command = self.owner.command("test");
        let way = command.arg("-w").arg(folder).status()?;
        ensure!(
            way.success(),
            "the user whom PostgreSQL runs as cannot enter {}; choose another folder with --dir, such as \
             one below /tmp",
            folder.display()
        );
        Ok(())
    }

    fn start_etcd(&self) -> Result<()> {
        let plan = &self.plan;
        let data = plan.folder.join("etcd");
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let listen: Vec<String> = std::iter::once(plan.etcd_port())
            .chain((0..MEMBERS).map(|member| plan.etcd_port_of(member)))
            .map(at)
            .collect();
        let peer = at(plan.etcd_peer_port());
        let mut command = self.owner.command("etcd");
        command.args([
            "--name",
            "etcd",
            "--enable-v2",
            "--log-level",
            "warn",
            "--data-dir",
        ]);
        command.arg(data);
        command.args(["--listen-client-urls", &listen.join(",")]);
        command.args(["--advertise-client-urls", &at(plan.etcd_port())]);
        command.args([
            "--listen-peer-urls",
            &peer,
            "--initial-advertise-peer-urls",
            &peer,
        ]);
        command.args(["--initial-cluster", &format!("etcd={peer}")]);
        self.etcd().start(command)?;
        let is_settled = || {
            rest::get(plan.etcd_port(), "/version").is_ok_and(|(_, body)| {
                body["etcdcluster"]
                    .as_str()
                    .is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
            })
        };
        let start = Instant::now();
        while !is_settled() {
            if self.etcd().pid().is_none() || start.elapsed() > START_LIMIT {
                bail!("etcd did not start: {}", self.etcd().last_words());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn make_member_folder(&self, member: usize) -> Result<()> {
        let folder = self.plan.member_folder(member);
        std::fs::create_dir(&folder)?;
        if let Some(mib) = self.plan.disk_mib {
            let size = format!("size={mib}m");
            let mut command = Command::new("mount");
            command
                .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
                .arg(&folder);
            process::output(&mut command).context("cannot make a small disk in memory")?;
        }
        self.owner.give(&folder)?;
        let file = self.patroni_file(member);
        std::fs::write(
            &file,
            config::patroni(&self.plan, member, self.binaries.folder()),
        )?;
        self.owner.give(&file)
    }

    fn patroni_file(&self, member: usize) -> PathBuf {
        self.plan
            .folder
            .join(format!("{}.yaml", Plan::member_name(member)))
    }

    /// Starts Patroni, which starts PostgreSQL.
    pub(crate) fn start_member(&self, member: usize) -> Result<()> {
        let mut command = self.owner.command("patroni");
        command.arg(self.patroni_file(member));
        self.member(member).start(command)
    }

    fn start_proxy(&self) -> Result<()> {
        let file = self.plan.folder.join("haproxy.cfg");
        std::fs::write(&file, config::haproxy(&self.plan))?;
        let program = if Path::new("/usr/sbin/haproxy").exists() {
            "/usr/sbin/haproxy"
        } else {
            "haproxy"
        };
        let mut command = self.owner.command(program);
        command.arg("-db").arg("-f").arg(file);
        self.proxy().start(command)
    }

    fn make_database(&self) -> Result<()> {
        self.sql("postgres", "CREATE ROLE seatkeeper LOGIN")?;
        self.sql("postgres", "CREATE DATABASE seatkeeper OWNER seatkeeper")?;
        Ok(())
    }

    /// Runs statements at the leader, as the superuser; what `psql` writes, one row a line with
    /// columns parted by tabs.
    pub(crate) fn sql(&self, database: &str, statements: &str) -> Result<String> {
        let leader = self.leader().context("no PostgreSQL node leads")?;
        let url = format!(
            "postgres://postgres@127.0.0.1:{}/{database}?connect_timeout=3",
            self.plan.postgres_port(leader)
        );
        let mut command = self.owner.command(self.binaries.folder().join("psql"));
        command.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-F",
            "\t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &url,
            "-c",
        ]);
        process::output(command.arg(statements))
    }

    /// The member whose Patroni says that it leads.
    pub(crate) fn leader(&self) -> Option<usize> {
        (0..MEMBERS).find(|member| self.leads(*member))
    }

    /// A member that leads and is not this one.
    pub(crate) fn leader_but(&self, other: usize) -> Option<usize> {
        (0..MEMBERS)
            .filter(|member| *member != other)
            .find(|member| self.leads(*member))
    }

    fn leads(&self, member: usize) -> bool {
        rest::get(self.plan.patroni_port(member), "/primary").is_ok_and(|(status, _)| status == 200)
    }

    /// What the first Patroni that answers knows of all; empty if none answers.
    pub(crate) fn members(&self) -> Vec<Member> {
        (0..MEMBERS)
            .find_map(|member| {
                let (_, body) = rest::get(self.plan.patroni_port(member), "/cluster").ok()?;
                parse_members(&body)
            })
            .unwrap_or_default()
    }

    /// Waits until every member is well, one leads and one confirms its commits.
    pub(crate) fn wait_until_whole(&self, limit: Duration) -> Result<()> {
        let start = Instant::now();
        loop {
            let members = self.members();
            let has = |role: &str| members.iter().any(|member| member.role == role);
            let well = members.iter().filter(|member| member.is_well()).count();
            if well == MEMBERS && has("leader") && has("sync_standby") && self.leader().is_some() {
                return Ok(());
            }
            let ended = self
                .daemons()
                .into_iter()
                .find(|daemon| daemon.pid().is_none() && daemon.log().exists());
            if let Some(daemon) = ended {
                bail!("{} has ended: {}", daemon.name(), daemon.last_words());
            }
            if start.elapsed() > limit {
                bail!(
                    "the cluster is not whole after {limit:?}: {members:?}{}",
                    self.last_words()
                );
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn last_words(&self) -> String {
        let mut text = String::new();
        for daemon in self.daemons() {
            _ = write!(
                text,
                "\n{}:\n{}",
                daemon.log().display(),
                daemon.last_words()
            );
        }
        text
    }

    fn etcd(&self) -> Daemon {
        Daemon::new(&self.plan.folder, "etcd")
    }

    fn proxy(&self) -> Daemon {
        Daemon::new(&self.plan.folder, "haproxy")
    }

    /// A PostgreSQL node's Patroni.
    pub(crate) fn member(&self, member: usize) -> Daemon {
        Daemon::new(&self.plan.folder, Plan::member_name(member))
    }

    /// A Seatkeeper node.
    pub(crate) fn node(&self, node: usize) -> Daemon {
        Daemon::new(&self.plan.folder, format!("seatkeeper{}", node + 1))
    }

    /// A Seatkeeper node's data folder.
    pub(crate) fn node_data(&self, node: usize) -> PathBuf {
        self.plan.folder.join(format!("seatkeeper{}", node + 1))
    }

    /// Every program, in the order in which they were started.
    pub(crate) fn daemons(&self) -> Vec<Daemon> {
        let mut all = vec![self.etcd()];
        all.extend((0..MEMBERS).map(|member| self.member(member)));
        all.push(self.proxy());
        all.extend((0..self.plan.nodes).map(|node| self.node(node)));
        all
    }

    /// Starts one Seatkeeper node and waits until it is ready.
    pub(crate) fn start_node(&self, program: &Program, trust: &Path, node: usize) -> Result<()> {
        let address = self.plan.node_address(node);
        let data = self.node_data(node);
        let mut command = program.command(["serve", "--database", &self.plan.url(), "--data"]);
        command.arg(data);
        command
            .args(["--listen", &address.to_string(), "--trust"])
            .arg(trust);
        let daemon = self.node(node);
        daemon.start(command)?;
        let start = Instant::now();
        while !is_ready(address) {
            if daemon.pid().is_none() || start.elapsed() > START_LIMIT {
                bail!(
                    "Seatkeeper node {} did not start: {}",
                    node + 1,
                    daemon.last_words()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

fn is_ready(address: std::net::SocketAddr) -> bool {
    http::Client::new(address, "")
        .get("/readyz")
        .is_ok_and(|answer| answer.status == 200)
}

/// Whether we may do what only root may.
pub(crate) fn are_root() -> Result<bool> {
    Ok(unprivileged::own_id("-u")? == 0)
}

fn parse_members(body: &Value) -> Option<Vec<Member>> {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    body["members"]
        .as_array()?
        .iter()
        .map(|member| {
            Some(Member {
                name: text(&member["name"])?,
                role: text(&member["role"])?,
                state: text(&member["state"])?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_read_from_what_patroni_answers() {
        let body = serde_json::json!({"members": [
            {"name": "pg1", "role": "leader", "state": "running", "port": 1, "timeline": 1},
            {"name": "pg2", "role": "sync_standby", "state": "start failed", "lag": 0},
        ]});
        let members = parse_members(&body).unwrap();
        assert_eq!(members[0].role, "leader");
        assert_eq!(
            members.iter().map(Member::is_well).collect::<Vec<_>>(),
            [true, false]
        );
        assert_eq!(parse_members(&Value::Null), None);
    }
}
