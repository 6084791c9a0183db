//! `cargo xtask cluster up|down|status`: three PostgreSQL nodes under Patroni with synchronous
//! replication, an etcd, HAProxy, and Seatkeeper nodes when asked, all on the loopback address,
//! in one folder, from Debian's packages. For trials: everybody on the machine is trusted.
//!
//! A further fault is a variant of [`faults::Fault`]; a further program is a [`daemon::Daemon`]
//! that `running::Cluster` starts and lists.

mod config;
mod daemon;
mod ending;
pub(crate) mod faults;
pub(crate) mod plan;
mod rest;
pub(crate) mod running;

use std::path::{Path, PathBuf};
use std::process::Command as Process;

use anyhow::{Context as _, Result, bail, ensure};

use crate::server::{Program, Vendor};
use crate::{debian, postgres, printer, process, workspace};
use faults::Fault;
use plan::{MEMBERS, MOST_NODES, Plan};
use running::Cluster;

/// What to do with the cluster.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Installs what is missing and starts everything
    Up(Up),
    /// Ends everything and removes the folder
    Down(Place),
    /// Who leads, who follows, what runs where
    Status(Place),
    /// Does something to the PostgreSQL node that leads, and says which it is
    Disturb(Disturb),
    /// Takes a disturbance away again
    Heal(Heal),
}

#[derive(clap::Args)]
struct Disturb {
    #[command(flatten)]
    place: Place,
    #[arg(value_enum)]
    fault: Fault,
}

#[derive(clap::Args)]
struct Heal {
    #[command(flatten)]
    place: Place,
    #[arg(value_enum)]
    fault: Fault,
    /// The node: 1, 2 or 3
    #[arg(value_parser = clap::value_parser!(u8).range(1..=3))]
    node: u8,
}

/// Which cluster.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// The cluster's folder; `cluster` in cargo's target folder when left out
    #[arg(long)]
    dir: Option<PathBuf>,
}

impl Place {
    fn folder(&self) -> Result<PathBuf> {
        match &self.dir {
            Some(folder) => std::path::absolute(folder).context("--dir"),
            None => Ok(workspace::target_folder()?.join("cluster")),
        }
    }

    fn cluster(&self) -> Result<Cluster> {
        let folder = self.folder()?;
        Cluster::find(&folder)?
            .with_context(|| format!("there is no cluster in {}", folder.display()))
    }
}

/// How the cluster is set up.
#[derive(clap::Args)]
pub(crate) struct Settings {
    /// Seconds after which a leader that is not heard of loses its office
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(3..=300))]
    ttl: u32,
    /// Seconds between two looks of Patroni
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=60))]
    loop_wait: u32,
    /// Commits wait for a standby even when none is left
    #[arg(long)]
    strict: bool,
    /// Seatkeeper finds the leader by a list of hosts, and not through HAProxy
    #[arg(long)]
    hosts: bool,
}

impl Settings {
    /// The plan of a cluster with so many Seatkeeper nodes.
    pub(crate) fn plan(
        &self,
        folder: PathBuf,
        nodes: usize,
        disk_mib: Option<u32>,
    ) -> Result<Plan> {
        Ok(Plan {
            folder,
            base: Plan::free_ports()?,
            nodes,
            through_proxy: !self.hosts,
            strict: self.strict,
            ttl: self.ttl,
            loop_wait: self.loop_wait,
            disk_mib,
        })
    }
}

#[derive(clap::Args)]
struct Up {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    settings: Settings,
    /// Seatkeeper nodes
    #[arg(long, default_value_t = 0)]
    nodes: usize,
    /// MiB of a small disk in memory for each PostgreSQL node, which can then be filled; takes root
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(256..=65_536))]
    small_disks: Option<u32>,
    /// Run this program as Seatkeeper instead of building one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// Does it.
pub(crate) fn run(options: Options) -> Result<()> {
    match options.action {
        Action::Up(up) => start(&up),
        Action::Down(place) => {
            let folder = place.folder()?;
            if take_down(&folder)? {
                printer::note(&format!("    nothing is left of {}", folder.display()));
            } else {
                printer::note(&format!("    there is no cluster in {}", folder.display()));
            }
            Ok(())
        }
        Action::Status(place) => {
            show(&place.cluster()?);
            Ok(())
        }
        Action::Disturb(Disturb { place, fault }) => {
            let cluster = place.cluster()?;
            faults::ensure_possible(&[fault], &cluster)?;
            let leader = cluster.leader().context("no PostgreSQL node leads")?;
            fault.happen(&cluster, leader)?;
            printer::result(&format!("{}: {}", Plan::member_name(leader), fault.name()));
            Ok(())
        }
        Action::Heal(Heal { place, fault, node }) => {
            fault.heal(&place.cluster()?, usize::from(node - 1))
        }
    }
}

fn start(up: &Up) -> Result<()> {
    ensure!(
        up.nodes <= MOST_NODES,
        "at most {MOST_NODES} Seatkeeper nodes"
    );
    let folder = up.place.folder()?;
    if let Some(cluster) = Cluster::find(&folder)? {
        show(&cluster);
        bail!(
            "there is a cluster in {} already; `cluster down` ends it",
            folder.display()
        );
    }
    let program = match (&up.program, up.nodes) {
        (_, 0) => None,
        (Some(path), _) => Some(Program::at(path)?),
        (None, _) => Some(Program::build(false)?),
    };
    let plan = up.settings.plan(folder, up.nodes, up.small_disks)?;
    let cluster = bring_up(plan)?;
    if let Some(program) = program {
        let vendor = Vendor::make(&program, &cluster.plan.folder, "Northwind Software")?;
        start_nodes(&cluster, &program, &vendor)?;
        let token = make_token(&cluster, &program, "administrator")?;
        printer::result(&format!("SEATKEEPER_TOKEN={token}"));
    }
    show(&cluster);
    Ok(())
}

/// Installs what is missing and starts everything but Seatkeeper; what was started is ended when
/// it does not come up.
pub(crate) fn bring_up(plan: Plan) -> Result<Cluster> {
    install()?;
    let folder = plan.folder.clone();
    ensure!(
        !folder.exists() || folder.read_dir()?.next().is_none(),
        "{} is not empty and holds no cluster of ours",
        folder.display()
    );
    Cluster::start(plan).inspect_err(|_| {
        if let Err(error) = take_down(&folder) {
            printer::warning(&format!("{error:#}"));
        }
    })
}

/// Starts the plan's Seatkeeper nodes, one after the other, since the first makes the tables.
pub(crate) fn start_nodes(cluster: &Cluster, program: &Program, vendor: &Vendor) -> Result<()> {
    (0..cluster.plan.nodes).try_for_each(|node| cluster.start_node(program, vendor.public(), node))
}

/// A token for the Seatkeeper nodes, made at the first, which runs.
pub(crate) fn make_token(cluster: &Cluster, program: &Program, role: &str) -> Result<String> {
    let mut command = program.command(["token", "create", "--name", role, "--role", role]);
    let text = process::output(command.arg("--data").arg(cluster.node_data(0)))?;
    let token = text.split_whitespace().next_back();
    Ok(token.context("`token create` printed nothing")?.to_owned())
}

/// Ends the cluster in a folder, if there is one, and removes the folder.
pub(crate) fn take_down(folder: &Path) -> Result<bool> {
    let Some(cluster) = Cluster::find(folder)? else {
        return Ok(false);
    };
    faults::forget_rules(&cluster)?;
    cluster.end()?;
    Ok(true)
}

fn install() -> Result<()> {
    postgres::find_or_install()?;
    let wanted = [
        (
            "patroni",
            "--version",
            &["patroni", "python3-etcd", "python3-psycopg2"][..],
        ),
        ("etcd", "--version", &["etcd-server"][..]),
        ("/usr/sbin/haproxy", "-v", &["haproxy"][..]),
        ("iptables", "--version", &["iptables"][..]),
    ];
    let missing: Vec<&str> = wanted
        .iter()
        .filter(|(program, flag, _)| !process::is_available(Process::new(program).arg(flag)))
        .flat_map(|(_, _, packages)| packages.iter().copied())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    debian::install("a program that the cluster is made of", &missing)
}

fn show(cluster: &Cluster) {
    let plan = &cluster.plan;
    let known = cluster.members();
    for member in 0..MEMBERS {
        let name = Plan::member_name(member);
        let said = known.iter().find(|member| member.name == name);
        let said = said.map_or("not known to Patroni".into(), |member| {
            format!("{}, {}", member.role, member.state)
        });
        let port = plan.postgres_port(member);
        printer::result(&format!("{name:<12} 127.0.0.1:{port}  {said}"));
    }
    for daemon in cluster.daemons() {
        let pid = daemon
            .pid()
            .map_or("does not run".into(), |pid| format!("process {pid}"));
        printer::result(&format!(
            "{:<12} {pid}, log {}",
            daemon.name(),
            daemon.log().display()
        ));
    }
    for node in 0..plan.nodes {
        printer::result(&format!(
            "SEATKEEPER_URL=http://{}",
            plan.node_address(node)
        ));
    }
    printer::result(&format!("through HAProxy   {}", plan.proxy_url()));
    printer::result(&format!("by list of hosts  {}", plan.hosts_url()));
}
