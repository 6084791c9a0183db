//! `cargo xtask bench`: the release build under load, over HTTP on the loopback address with
//! keep-alive connections, in worlds of different size; in the same run and from the same load
//! generator a bare route that returns fixed JSON, and the disk's own speed.
//!
//! A further measurement is a function in `scenarios` and, if it has a row of its own, an
//! `Operation`.

mod bare;
mod disk;
mod report;
mod scenarios;
mod world;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::server::Program;
use crate::{printer, process, workspace};
use report::Report;
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
    /// Folder for the data, on the disk to be measured
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Measure this program instead of building one
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

/// Measures and prints a report in Markdown. A debug build of xtask hands over to a release build.
pub(crate) fn run(mut options: Options) -> Result<()> {
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
    let seconds = Duration::try_from_secs_f64(options.seconds).context("--seconds")?;
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
    if options.licenses > 0 {
        printer::step(&format!("a file of {} licenses", options.licenses));
        report.add_import(world::import_licenses(&program, &folder, options.licenses)?);
    }
    for seats in &options.seats {
        printer::step(&format!("a world of {seats} seats and users"));
        let mut world = World::make(&program, &folder, *seats, options.prefill)?;
        for connections in &options.connections {
            for row in scenarios::run(&mut world, *connections, seconds)? {
                printer::note(&format!("    {}", row.in_brief()));
                report.add_row(row);
            }
        }
        report.add_world(world.finish()?);
    }
    report.print();
    Ok(())
}
