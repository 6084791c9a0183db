//! What people and CI run: `cargo xtask check`, `test`, `bench`, `realdata`.
//!
//! One subcommand is one file (or one folder of the same name) with `Options` and `run`; to add
//! one, write that file, and list it here in `Command`. Everything said on the terminal goes
//! through `printer`.

mod check;
mod postgres;
mod printer;
mod process;
mod test;
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
}

fn main() -> ExitCode {
    let outcome = match Xtask::parse().command {
        Command::Check(options) => check::run(options),
        Command::Test(options) => test::run(options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            printer::failure(&error);
            ExitCode::FAILURE
        }
    }
}
