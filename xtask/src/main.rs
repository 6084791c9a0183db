//! What people and CI run: `cargo xtask check`, `test`, `bench`,
//! `realdata`, `cluster`, `failover`, `soak`.
//!
//! One subcommand is one file (or one folder of the same name) with `Options` and `run`; to add
//! one, write that file, and list it here in `Command`. Everything said on the terminal goes
//! through `printer`.

mod bench;
mod bench_bare;
mod browser;
mod built;
mod check;
mod cluster;
mod debian;
mod failover;
mod http;
mod limits;
mod load;
mod postgres;
mod printer;
mod process;
mod realdata;
mod server;
mod soak;
mod test;
mod unprivileged;
mod usage;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the Seatkeeper repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Formatting, lints, house rules and the fast tests: run it before each push
    Check(check::Options),
    /// Everything CI runs: the checks, then all tests, slow ones and PostgreSQL included
    Test(test::Options),
    /// Measures the release build under load, beside a bare route and the disk
    Bench(bench::Options),
    /// PostgreSQL with failover on this machine, for trials: three nodes, and Seatkeeper on them
    Cluster(cluster::Options),
    /// Disturbs such a cluster while clients sign in and out, and compares what they were told
    Failover(failover::Options),
    /// Takes a real catalog and a real directory through the whole product
    Realdata(realdata::Options),
    /// Minutes at half load among misbehaving clients: memory flat, nothing leaked
    Soak(soak::Options),
    /// Takes pictures of every screen of the console, into target/screenshots
    Screenshots(browser::Options),
    /// The bare route that `bench` compares with
    #[command(hide = true)]
    BenchBare(bench_bare::Options),
}

fn main() -> ExitCode {
    let outcome = match Xtask::parse().command {
        Command::Check(options) => check::run(options),
        Command::Test(options) => test::run(options),
        Command::Bench(options) => bench::run(options),
        Command::Cluster(options) => cluster::run(options),
        Command::Failover(options) => failover::run(options),
        Command::Realdata(options) => realdata::run(options),
        Command::Soak(options) => soak::run(options),
        Command::Screenshots(options) => browser::screenshots(options),
        Command::BenchBare(options) => bench_bare::run(options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            printer::failure(&error);
            ExitCode::FAILURE
        }
    }
}
