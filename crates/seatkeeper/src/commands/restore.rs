//! `seatkeeper restore`: a backup becomes the store of a data folder.

use std::path::PathBuf;

use serde::Serialize;
use store::check::Violation;
use wire::Time;

use super::store::check;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::plural;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The backup.
    file: PathBuf,
    /// The data folder, which must have no store; made when missing.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Restore it although its data breaks rules; what is wrong is listed.
    #[arg(long)]
    despite_findings: bool,
}

/// What was restored.
#[derive(Serialize)]
struct Restored {
    data: PathBuf,
    made_at: Option<Time>,
    program: Option<String>,
    events: u64,
    has_key: bool,
    findings: Vec<check::Finding>,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let bar = context.printer.bar_of("copying", 0);
        let told = &mut |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let restored = engine::restore(&self.file, &self.data, self.despite_findings, told);
        bar.finish_and_clear();
        let restored = restored?;
        let findings = restored.violations.iter().map(finding).collect();
        let restored = Restored {
            data: self.data,
            made_at: restored.made_at.map(|at| Time::from_millis(at.as_millis())),
            program: restored.program,
            events: restored.events,
            has_key: restored.has_key,
            findings,
        };
        context.printer.show(&restored, |printer| {
            let of = match &restored.made_at {
                Some(at) => format!(" as it was at {at}"),
                None => String::new(),
            };
            let data = restored.data.display();
            let events = plural(restored.events, "event", "events");
            printer.line(&format!(
                "{data} has the store{of}, with {events} on record."
            ));
            if !restored.has_key {
                printer.line(
                    "The installation's key was not in it: the server makes a new one, and \
                     session tokens from before are not recognized.",
                );
            }
            if !restored.findings.is_empty() {
                printer.table(check::table(&restored.findings));
            }
        });
        Ok(Verdict::Done)
    }
}

fn finding(violation: &Violation) -> check::Finding {
    check::Finding::from(violation)
}
