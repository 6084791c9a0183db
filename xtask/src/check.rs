//! `cargo xtask check`: what must hold before anything is pushed, cheapest first, stopping at the
//! first step that fails.

pub(crate) mod edges;
pub(crate) mod tidy;

use std::time::Instant;

use anyhow::{Context as _, Result};

use crate::built::Built;
use crate::{printer, process, test, workspace};

/// How to run the checks.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave the tests out: only formatting, lints and house rules
    #[arg(long)]
    no_tests: bool,
}

/// Runs the checks and then, unless told otherwise, the fast tests.
pub(crate) fn run(options: Options) -> Result<()> {
    without_tests()?;
    if !options.no_tests {
        let built = timed("the program and all tests, built", Built::everything)?;
        timed("fast tests", || {
            test::runner(test::Selection::Fast, &built, None)
        })?;
    }
    Ok(())
}

/// Formatting, allowed crate edges, house rules, lints.
pub(crate) fn without_tests() -> Result<()> {
    timed("formatting", || {
        process::run(&mut process::cargo(["fmt", "--all", "--check"]))
            .context("the code is not formatted; `cargo fmt --all` repairs it")
    })?;
    timed("crate edges", || edges::check(&edges::read()?))?;
    timed("house rules", || tidy::check(&workspace::root()))?;
    timed("lints", || {
        process::run(&mut process::cargo([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
        .context("clippy has something to say")
    })
}

/// Runs one step and says how long it took, or which step failed.
pub(crate) fn timed<T>(name: &str, step: impl FnOnce() -> Result<T>) -> Result<T> {
    printer::step(name);
    let start = Instant::now();
    let outcome = step().with_context(|| format!("the step `{name}` failed"))?;
    printer::done(name, start.elapsed());
    Ok(outcome)
}
