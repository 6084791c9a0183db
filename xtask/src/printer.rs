//! The one place that writes to the terminal: results to stdout, progress and problems to stderr.

use std::time::Duration;

/// Writes one line of a result (a table, a report) to stdout.
#[expect(clippy::print_stdout, reason = "this is the printer")]
pub(crate) fn result(line: &str) {
    println!("{line}");
}

/// Says what is going on, on stderr.
#[expect(clippy::print_stderr, reason = "this is the printer")]
pub(crate) fn note(line: &str) {
    eprintln!("{line}");
}

/// Announces a step.
pub(crate) fn step(name: &str) {
    note(&format!("==> {name}"));
}

/// Says that a step went well, and how long it took.
pub(crate) fn done(name: &str, took: Duration) {
    note(&format!("    {name}: ok in {:.1} s", took.as_secs_f64()));
}

/// Says what deserves attention without failing anything.
pub(crate) fn warning(line: &str) {
    note(&format!("warning: {line}"));
}

/// Says why the whole run failed, cause by cause.
pub(crate) fn failure(error: &anyhow::Error) {
    note(&format!("\nxtask failed: {error:#}"));
}
