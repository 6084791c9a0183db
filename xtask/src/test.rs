//! `cargo xtask test`: everything CI runs. The checks, then every test of the workspace, the slow
//! ones included, beside a private PostgreSQL. Nothing is skipped: what is missing is installed,
//! or the run fails and says what to do.
//!
//! Slow tests are marked `#[ignore = "slow: …"]`; `cargo xtask check` leaves them out. Tests find
//! PostgreSQL in `SEATKEEPER_TEST_POSTGRES`, a connection URL of a superuser.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::built::Built;
use crate::postgres::{self, Cluster};
use crate::{browser, check, debian, printer, process};

/// How to run the tests.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Leave formatting, lints and house rules out: only the tests
    #[arg(long)]
    no_checks: bool,
}

/// Which tests to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Selection {
    /// All but those marked slow.
    Fast,
    /// Every test.
    All,
}

/// Runs the checks and all tests; the runner's summary is the last thing written.
pub(crate) fn run(options: Options) -> Result<()> {
    // First of all: the console's pages are bundled by Node.js when anything is built.
    check::timed("Node.js and a browser", browser::find_tools)?;
    if !options.no_checks {
        check::timed("Rust's tools", add_rust_tools)?;
        check::without_tests()?;
    }
    let binaries = check::timed("PostgreSQL's programs", postgres::find_or_install)?;
    check::timed("openssl", add_openssl)?;
    let built = check::timed("the program and all tests, built", Built::everything)?;
    let cluster = check::timed("private PostgreSQL", || Cluster::start(&binaries))?;
    printer::step("all tests");
    let outcome =
        runner(Selection::All, &built, Some(&cluster)).and_then(|()| on_postgres(&built, &cluster));
    cluster.stop()?;
    outcome?;
    check::timed("walks through the console", || browser::walk(built.program))
}

/// A minimal Rust comes without the formatter and the linter; rustup adds them.
fn add_rust_tools() -> Result<()> {
    for (tool, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !process::is_available(&mut process::cargo([tool, "--version"])) {
            process::run(Command::new("rustup").args(["component", "add", component]))
                .with_context(|| {
                    format!(
                        "`cargo {tool}` is missing; `rustup component add {component}` installs it"
                    )
                })?;
        }
    }
    Ok(())
}

/// Makes the certificates of the tests that encrypt connections to PostgreSQL.
fn add_openssl() -> Result<()> {
    if process::is_available(Command::new("openssl").arg("version")) {
        return Ok(());
    }
    debian::install("openssl", &["openssl"])
}

/// Runs the workspace's tests with cargo-nextest, or with cargo's own runner where that is missing.
/// The tests that run the program itself find it in `SEATKEEPER_TEST_PROGRAM`: cargo builds a
/// program for the tests of its own package only.
pub(crate) fn runner(selection: Selection, built: &Built, cluster: Option<&Cluster>) -> Result<()> {
    let nextest = process::is_available(&mut process::cargo(["nextest", "--version"]));
    let mut command = if nextest {
        let mut command = process::cargo(["nextest", "run", "--workspace", "--no-fail-fast"]);
        if selection == Selection::All {
            command.args(["--run-ignored", "all"]);
        }
        command
    } else {
        let mut command = process::cargo(["test", "--workspace", "--no-fail-fast", "--"]);
        if selection == Selection::All {
            command.arg("--include-ignored");
        }
        command
    };
    command.env("SEATKEEPER_TEST_PROGRAM", built.program.path());
    if let Some(cluster) = cluster {
        command.env("SEATKEEPER_TEST_POSTGRES", cluster.dsn());
    }
    if nextest {
        process::run(&mut command).context("not all tests passed")
    } else {
        with_total(command)
    }
}

/// Runs the tests of the store and of the engine once more, on PostgreSQL in the place of SQLite.
fn on_postgres(built: &Built, cluster: &Cluster) -> Result<()> {
    printer::step("the store's and the engine's tests on PostgreSQL");
    for package in ["crates/store", "crates/engine"] {
        let mut tests = built.tests(package.as_ref(), "it")?;
        tests.env("SEATKEEPER_TEST_STORE", "postgres");
        tests.env("SEATKEEPER_TEST_POSTGRES", cluster.dsn());
        with_total(tests)?;
    }
    Ok(())
}

/// Runs tests and adds the results of their binaries up to one last line.
fn with_total(mut command: Command) -> Result<()> {
    let name = process::shown(&command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{name}`"))?;
    let mut total = Total::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            printer::result(&line);
            total.add(&line);
        }
    }
    let status = child.wait()?;
    printer::result(&format!(
        "test summary: {} passed, {} failed, {} ignored",
        total.passed, total.failed, total.ignored
    ));
    if !status.success() {
        bail!("`{name}` ended with {status}");
    }
    Ok(())
}

/// What the `test result:` lines of `cargo test` say together.
#[derive(Debug, Default, PartialEq, Eq)]
struct Total {
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Total {
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else {
            return;
        };
        for part in counts.split(['.', ';']) {
            let mut words = part.split_whitespace();
            if let (Some(Ok(count)), Some(what)) =
                (words.next().map(str::parse::<u64>), words.next())
            {
                match what {
                    "passed" => self.passed += count,
                    "failed" => self.failed += count,
                    "ignored" => self.ignored += count,
                    _ => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_binaries_add_up() {
        let mut total = Total::default();
        total.add("running 3 tests");
        total.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.00s");
        total.add("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s");
        assert_eq!(
            total,
            Total {
                passed: 4,
                failed: 2,
                ignored: 1
            }
        );
    }
}
