//! `cargo xtask soak`: minutes of work at half of what the machine can do, with one misbehaving
//! client in a hundred. Memory must stay flat, nothing may leak, no good request may fail, and
//! what is kept must obey the rules in the end.
//!
//! A further kind of misbehavior is a variant of `mischief::Kind`.

mod clients;
mod mischief;
mod watch;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::http::Client;
use crate::postgres::{self, Cluster};
use crate::server::{Program, Server, Vendor};
use crate::{limits, printer, process, workspace};
use clients::Crowd;
use mischief::Mischief;
use watch::{Sample, Verdict};

const PRODUCT: &str = "soak";
const SEATS: u32 = 5_000;
/// The shortest that the product allows: abandoned sessions lapse while we look.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long the full rate is measured.
const CALIBRATION: Duration = Duration::from_secs(5);
/// After what time without work the runtime's further threads have ended, and some more.
const IDLE: Duration = Duration::from_secs(15);

/// How long, and on what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Minutes at half load
    #[arg(long, default_value_t = 20.0)]
    minutes: f64,
    /// Where the data is
    #[arg(long, value_enum, default_value = "sqlite")]
    store: Store,
    /// Well-behaved clients, each with a connection
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    clients: u32,
    /// Folder for the data, on the disk to be used
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Run this program as Seatkeeper instead of building the release
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

/// Runs it and prints what was seen; an error says what was not as it should be.
pub(crate) fn run(options: Options) -> Result<()> {
    let length = Duration::try_from_secs_f64(options.minutes * 60.0).context("--minutes")?;
    ensure!(
        length >= Duration::from_secs(20),
        "a soak takes 20 seconds at least"
    );
    limits::room_for(mischief::MOST_OPEN + options.clients as usize)?;
    let program = match &options.program {
        Some(path) => Program::at(path)?,
        None => Program::build(true)?,
    };
    let parent = match &options.dir {
        Some(folder) => folder.clone(),
        None => workspace::target_folder()?.join("soak"),
    };
    std::fs::create_dir_all(&parent)?;
    let folder = tempfile::Builder::new()
        .prefix("soak-")
        .tempdir_in(&parent)?;
    let cluster = match options.store {
        Store::Sqlite => None,
        Store::Postgres => Some(Cluster::start_durable(
            &postgres::find_or_install()?,
            &parent,
        )?),
    };
    let outcome = on(&program, folder.path(), cluster.as_ref(), &options, length);
    if let Some(cluster) = cluster {
        cluster.stop()?;
    }
    outcome
}

fn on(
    program: &Program,
    folder: &Path,
    cluster: Option<&Cluster>,
    options: &Options,
    length: Duration,
) -> Result<()> {
    let data = folder.join("data");
    let vendor = Vendor::make(program, folder, "Northwind Software")?;
    let url = cluster.map(Cluster::dsn);
    let server = Server::start_on(program, &data, &vendor, url.as_deref())?;
    let admin = server.make_token("soak-administrator", "administrator")?;
    let token = server.make_token("soak-application", "application")?;
    let file = vendor.issue_floating(program, folder, PRODUCT, SEATS)?;
    process::output(server.command(&admin, ["license", "import"]).arg(file))?;
    let timeout = format!("session_timeout_s={}", TIMEOUT.as_secs());
    process::output(&mut server.command(&admin, ["policy", "set", &timeout]))?;

    printer::step("how much the machine can do");
    let full = Crowd::start(server.address(), &token, options.clients, None).during(CALIBRATION)?;
    let half = full.rate(CALIBRATION) / 2.0;
    let mut admin = Client::new(server.address(), admin);
    let first = Sample::take(server.pid(), in_use(&mut admin)?, &full, CALIBRATION)?;

    printer::step(&format!(
        "{half:.0} requests a second for {:.0} s",
        length.as_secs_f64()
    ));
    let crowd = Crowd::start(server.address(), &token, options.clients, Some(half));
    let mischief = Mischief::start(server.address(), &token, crowd.stays());
    let samples = watched(&server, &mut admin, &crowd, length)?;
    let seen = crowd.end()?;
    let acts = mischief.end()?;
    ensure!(
        acts.values().all(|count| *count > 0),
        "somebody behaved: {acts:?}"
    );

    printer::step("nobody left");
    let last = until_empty(&server, &mut admin)?;
    server.stop()?;
    watch::print(&first, &samples, &last, &acts);
    let verdict = Verdict::of(&first, &samples, &last, &seen);
    check_store(program, &data, url.as_deref())?;
    verdict.into_result()
}

/// A sample twenty times, in even steps.
fn watched(
    server: &Server,
    admin: &mut Client,
    crowd: &Crowd,
    length: Duration,
) -> Result<Vec<Sample>> {
    let step = length / 20;
    let start = Instant::now();
    let mut samples = Vec::new();
    for number in 1..=20 {
        std::thread::sleep((start + step * number).saturating_duration_since(Instant::now()));
        let seen = crowd.take_seen()?;
        let sample = Sample::take(server.pid(), in_use(admin)?, &seen, step)?;
        printer::note(&format!("    {}", sample.in_brief()));
        samples.push(sample);
    }
    Ok(samples)
}

/// Waits until every abandoned session has lapsed and every connection is closed.
fn until_empty(server: &Server, admin: &mut Client) -> Result<Sample> {
    let start = Instant::now();
    loop {
        let nothing = clients::Seen::default();
        let sample = Sample::take(server.pid(), in_use(admin)?, &nothing, Duration::ZERO)?;
        if sample.in_use == 0 && start.elapsed() > TIMEOUT + Duration::from_secs(5)
            || start.elapsed() > TIMEOUT * 4
        {
            // Whoever asks keeps threads awake that end when they are idle for a while.
            std::thread::sleep(IDLE);
            return Sample::take(server.pid(), sample.in_use, &nothing, Duration::ZERO);
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// Seats of the product that sessions hold.
fn in_use(admin: &mut Client) -> Result<u64> {
    let product: Value = admin.get(&format!("/v1/products/{PRODUCT}"))?.good()?;
    product["in_use"]
        .as_u64()
        .context("a product without `in_use`")
}

/// Every rule, by the command for it.
fn check_store(program: &Program, data: &Path, url: Option<&str>) -> Result<()> {
    printer::step("every rule, checked against the data");
    let place = url.map_or(data, Path::new);
    let words = process::output(program.command(["store", "check"]).arg(place))?;
    printer::result(words.trim_end());
    Ok(())
}
