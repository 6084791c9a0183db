//! `cargo xtask bench`: the release build under load, over HTTP on the loopback address with
//! keep-alive connections, in worlds of different size, on both stores and on several nodes; in
//! the same run and from the same load generator a bare route that returns fixed JSON, the disk's
//! own speed, and on the same PostgreSQL a checkout of seats as one writes it by hand.
//!
//! A further measurement is a function in `scenarios` and, if it has a row of its own, an
//! `Operation`.

mod bare;
mod disk;
mod hand_written;
mod large;
mod pages;
mod report;
mod scenarios;
mod setting;
mod world;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::postgres::{self, Cluster};
use crate::server::Program;
use crate::{limits, printer, process, workspace};
use report::Report;
use setting::Setting;
use world::World;

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Sizes of the worlds: seats of one floating license, and as many users
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000, 1_000_000])]
    seats: Vec<u32>,
    /// Numbers of keep-alive connections
    #[arg(long, value_delimiter = ',', default_values_t = [16, 64, 256])]
    connections: Vec<usize>,
    /// Stores to measure
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["sqlite", "postgres"])]
    stores: Vec<Store>,
    /// Numbers of nodes on PostgreSQL
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2])]
    nodes: Vec<usize>,
    /// Clients that sign in at the same moment, once in each world; 0 leaves that out
    #[arg(long, default_value_t = 10_000)]
    restart: usize,
    /// Measured seconds of each row
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// A first impression: two sizes, one second a row
    #[arg(long, conflicts_with_all = ["seats", "seconds"])]
    quick: bool,
    /// Sign half of the users in first, so that half of the seats are taken all the time
    #[arg(long)]
    prefill: bool,
    /// Licenses in the one file whose import is timed; 0 leaves that out
    #[arg(long, default_value_t = 100_000)]
    licenses: u32,
    /// Measure the console's pages instead, in a world of so many users and `--licenses`
    #[arg(long, value_name = "USERS", num_args = 0..=1, default_missing_value = "1000000")]
    pages: Option<u32>,
    /// How often each page is asked for
    #[arg(long, default_value_t = 100)]
    rounds: usize,
    /// Folder for the data, on the disk to be measured
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Measure this program instead of building one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// Where the data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Store {
    Sqlite,
    Postgres,
}

/// Measures and prints a report in Markdown. A debug build of xtask hands over to a release build.
pub(crate) fn run(mut options: Options) -> Result<()> {
    if let Some(users) = options.pages {
        return measure_pages(&options, users);
    }
    if cfg!(debug_assertions) {
        printer::step("building the load generator");
        let arguments = std::env::args_os().skip(1);
        let mut command =
            process::cargo(["run", "--release", "--quiet", "--package", "xtask", "--"]);
        return process::run(command.args(arguments));
    }
    if options.quick {
        options.seats = vec![1_000, 100_000];
        options.seconds = 1.0;
    }
    ensure!(
        options
            .seats
            .iter()
            .all(|seats| (100..10_000_000).contains(seats)),
        "a world has 100 to 9,999,999 seats"
    );
    ensure!(
        options.connections.iter().all(|count| *count > 0),
        "no connections, no load"
    );
    ensure!(
        options.nodes.iter().all(|count| (1..=8).contains(count)),
        "1 to 8 nodes"
    );
    let seconds = Duration::try_from_secs_f64(options.seconds).context("--seconds")?;
    let clients = limits::room_for(options.restart)?;
    if clients < options.restart {
        printer::warning(&format!(
            "only {clients} clients sign in at once: no more files may be open here"
        ));
        options.restart = clients;
    }
    printer::step("building the server");
    let program = match &options.program {
        Some(path) => Program::at(path)?,
        None => Program::build(true)?,
    };
    let folder = match &options.dir {
        Some(folder) => folder.clone(),
        None => workspace::target_folder()?.join("bench"),
    };
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;

    let mut report = Report::new(disk::measure(&folder)?);
    if options.stores.contains(&Store::Sqlite) {
        if options.licenses > 0 {
            printer::step(&format!("a file of {} licenses", options.licenses));
            report.add_import(world::import_licenses(&program, &folder, options.licenses)?);
        }
        let bench = Bench {
            program: &program,
            folder: &folder,
            options: &options,
            seconds,
        };
        bench.worlds((Setting::Sqlite, None), &mut report)?;
    }
    if options.stores.contains(&Store::Postgres) {
        printer::step("a PostgreSQL that syncs each commit");
        let binaries = postgres::find_or_install()?;
        let cluster = Cluster::start_durable(&binaries, &folder)?;
        let bench = Bench {
            program: &program,
            folder: &folder,
            options: &options,
            seconds,
        };
        for nodes in &options.nodes {
            bench.worlds((Setting::Postgres(*nodes), Some(&cluster)), &mut report)?;
        }
        for seats in &options.seats {
            printer::step(&format!("a checkout of {seats} seats written by hand"));
            let measured = hand_written::measure(&cluster, &folder, *seats, seconds)?;
            report.add_hand_written(measured);
        }
        cluster.stop()?;
    }
    report.print();
    Ok(())
}

/// The server is what takes time here, so that xtask may be a debug build.
fn measure_pages(options: &Options, users: u32) -> Result<()> {
    let program = match &options.program {
        Some(path) => Program::at(path)?,
        None => Program::build(true)?,
    };
    let folder = match &options.dir {
        Some(folder) => folder.clone(),
        None => workspace::target_folder()?.join("bench"),
    };
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let sizes = large::Sizes {
        users,
        licenses: options.licenses,
    };
    ensure!(options.rounds > 0, "no rounds, no figures");
    pages::run(&program, &folder, sizes, options.rounds)
}

struct Bench<'a> {
    program: &'a Program,
    folder: &'a Path,
    options: &'a Options,
    seconds: Duration,
}

impl Bench<'_> {
    /// Every size of world in one setting.
    fn worlds(&self, on: (Setting, Option<&Cluster>), report: &mut Report) -> Result<()> {
        let options = self.options;
        for seats in &options.seats {
            let name = on.0.name();
            printer::step(&format!("a world of {seats} seats and users on {name}"));
            let mut world = World::make(self.program, self.folder, on, *seats, options.prefill)?;
            let mut rows = Vec::new();
            for connections in &options.connections {
                rows.extend(scenarios::run(&world, *connections, self.seconds)?);
            }
            world.weigh()?;
            if options.restart > 0 {
                rows.push(scenarios::restart(&world, options.restart)?);
            }
            for row in rows {
                printer::note(&format!("    {}", row.in_brief()));
                report.add_row(row);
            }
            report.add_world(world.finish()?);
        }
        Ok(())
    }
}
