//! `cargo xtask failover`: clients sign in and out through two Seatkeeper nodes on a PostgreSQL
//! cluster while its leader is killed, paused, frozen, cut off, has its disk filled, and a
//! Seatkeeper node is frozen and killed. Afterwards every client's own record of what it was told
//! is compared with what the database holds, and the product looks at it by itself; any
//! contradiction, and any rule that is broken, fails the run.
//!
//! A further fault is a variant of `cluster::faults::Fault`; a further check belongs into
//! [`checker`].

mod checker;
mod client;
mod kept;
mod play;
mod record;
mod report;
mod timeline;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cluster::faults::{self, Fault};
use crate::cluster::running::{Cluster, are_root};
use crate::cluster::{self, Settings};
use crate::server::{Program, Vendor};
use crate::{printer, process, workspace};
use client::Scene;
use play::Play;
use record::Recorder;

/// Size of each PostgreSQL node's own disk in memory, in MiB.
const DISK_MIB: u32 = 768;
const PRODUCT: &str = "trial";

/// What to do to whom.
#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    settings: Settings,
    /// Faults of the leading PostgreSQL node, in this order; all that this machine can when left out
    #[arg(long, value_enum, value_delimiter = ',')]
    faults: Vec<Fault>,
    /// Leave out what happens to a Seatkeeper node at the end
    #[arg(long)]
    no_node: bool,
    /// Clients that sign in and out
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(1..=500))]
    clients: u32,
    /// Seats that they share
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..))]
    seats: u32,
    /// Seconds of undisturbed work before each fault
    #[arg(long, default_value_t = 5)]
    calm: u64,
    /// The folder; `failover` in cargo's target folder when left out. Records stay in it
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Run this program as Seatkeeper instead of building one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// Runs the faults and judges what is left.
pub(crate) fn run(options: Options) -> Result<()> {
    let folder = match &options.dir {
        Some(folder) => std::path::absolute(folder).context("--dir")?,
        None => workspace::target_folder()?.join("failover"),
    };
    let program = match &options.program {
        Some(path) => Program::at(path)?,
        None => Program::build(false)?,
    };
    let (place, records) = (folder.join("cluster"), folder.join("records"));
    cluster::take_down(&place)?;
    if records.exists() {
        std::fs::remove_dir_all(&records)?;
    }
    std::fs::create_dir_all(&records)?;

    printer::step("three PostgreSQL nodes and two of Seatkeeper");
    let disk = are_root()?.then_some(DISK_MIB);
    let cluster = cluster::bring_up(options.settings.plan(place.clone(), 2, disk)?)?;
    let outcome = on(&cluster, &program, &options, &records);
    if outcome.is_err() {
        keep_logs(&cluster, &folder);
    }
    cluster::take_down(&place)?;
    outcome
}

fn on(cluster: &Cluster, program: &Program, options: &Options, records: &Path) -> Result<()> {
    let faults = chosen(options, cluster)?;
    let vendor = Vendor::make(program, &cluster.plan.folder, "Northwind Software")?;
    let token = furnish(cluster, program, &vendor, options.seats)?;
    let scene = Arc::new(Scene {
        nodes: (0..cluster.plan.nodes)
            .map(|node| cluster.plan.node_address(node))
            .collect(),
        token,
        product: PRODUCT.into(),
        is_over: AtomicBool::new(false),
        good: AtomicU64::new(0),
    });
    printer::step(&format!(
        "{} clients share {} seats",
        options.clients, options.seats
    ));
    let beginning = Instant::now();
    let clients = start_clients(&scene, options.clients, records, beginning)?;
    let play = Play {
        cluster,
        scene: &scene,
        beginning,
        calm: Duration::from_secs(options.calm),
    };
    let mut ordeals = Vec::new();
    let node = (!options.no_node).then_some((program, &vendor));
    let played = play.all(&faults, node, &mut ordeals);
    scene.is_over.store(true, Ordering::Release);
    let ends: Vec<Result<()>> = clients.into_iter().map(end_of).collect();

    // Also when the cluster did not get well: what was answered counts all the more.
    printer::step("what clients were told, and what is kept");
    let lines = record::read(records, options.clients)?;
    let kept = kept::read(cluster)?;
    let found = checker::contradictions(&lines, &kept);
    let sound = check_store(cluster, program);
    report::print(cluster, options, &ordeals, &lines, &kept, &found);
    let wrong = lines
        .iter()
        .filter(|line| line.what == record::What::Wrong)
        .count();
    played?;
    sound?;
    ends.into_iter().collect::<Result<()>>()?;
    ensure!(
        found.is_empty(),
        "{} contradictions; the records are in {}",
        found.len(),
        records.display()
    );
    ensure!(
        wrong == 0,
        "{wrong} answers that no client should see; the records are in {}",
        records.display()
    );
    Ok(())
}

/// Every rule and the whole record, by the command for it.
fn check_store(cluster: &Cluster, program: &Program) -> Result<()> {
    let url = cluster.plan.url();
    let words = process::output(&mut program.command(["store", "check", &url]))?;
    printer::result(words.trim_end());
    Ok(())
}

/// The faults asked for, which must be possible, or all that are.
fn chosen(options: &Options, cluster: &Cluster) -> Result<Vec<Fault>> {
    if !options.faults.is_empty() {
        faults::ensure_possible(&options.faults, cluster)?;
        return Ok(options.faults.clone());
    }
    let mut possible = Vec::new();
    for fault in Fault::ALL {
        match fault.obstacle(cluster)? {
            None => possible.push(fault),
            Some(why) => printer::warning(&format!("left out: {}: {why}", fault.name())),
        }
    }
    Ok(possible)
}

/// Seatkeeper nodes, a license, and sessions that last without heartbeats; a token for clients.
fn furnish(cluster: &Cluster, program: &Program, vendor: &Vendor, seats: u32) -> Result<String> {
    cluster::start_nodes(cluster, program, vendor)?;
    let admin = cluster::make_token(cluster, program, "administrator")?;
    let file = vendor.issue_floating(program, &cluster.plan.folder, PRODUCT, seats)?;
    let command = |words: &[&str]| {
        let mut command = program.command(words);
        command.env(
            "SEATKEEPER_URL",
            format!("http://{}", cluster.plan.node_address(0)),
        );
        command.env("SEATKEEPER_TOKEN", &admin);
        command
    };
    process::output(command(&["license", "import"]).arg(file))?;
    process::output(&mut command(&["policy", "set", "session_timeout_s=86400"]))?;
    cluster::make_token(cluster, program, "application")
}

fn start_clients(
    scene: &Arc<Scene>,
    clients: u32,
    records: &Path,
    beginning: Instant,
) -> Result<Vec<JoinHandle<Result<()>>>> {
    (0..clients)
        .map(|number| {
            let recorder = Recorder::new(records, number, beginning)?;
            let scene = Arc::clone(scene);
            Ok(std::thread::spawn(move || {
                client::run(&scene, number, recorder)
            }))
        })
        .collect()
}

fn end_of(client: JoinHandle<Result<()>>) -> Result<()> {
    client
        .join()
        .unwrap_or_else(|_| bail!("a client came to a bad end"))
}

/// Leaves the logs of a run that failed where they can be read.
fn keep_logs(cluster: &Cluster, folder: &Path) {
    for daemon in cluster.daemons() {
        let to = folder.join(format!("{}.log", daemon.name()));
        if daemon.log().exists()
            && let Err(error) = std::fs::copy(daemon.log(), &to)
        {
            printer::warning(&format!("{}: {error}", to.display()));
        }
    }
    printer::note(&format!("    the logs are in {}", folder.display()));
}
