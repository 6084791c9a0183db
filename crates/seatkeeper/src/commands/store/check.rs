//! `seatkeeper store check`: every rule, checked against the data itself.

use std::fmt::Write as _;
use std::path::PathBuf;

use engine::StorePlace;
use serde::Serialize;
use store::audit::AuditReport;
use store::check::Violation;
use store::{OpenError, Reader, Store, StoreError, StoreFile};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, plural};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// A data folder, a backup file, or a database: postgres://USER@HOST/NAME. Servers may run on
    /// it or not.
    #[arg(value_name = "PLACE")]
    place: PathBuf,
}

/// What was found.
#[derive(Serialize)]
struct Report {
    place: String,
    ok: bool,
    events: u64,
    sealed: u64,
    /// Kept elsewhere, it proves this state of the record later.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_hash: Option<String>,
    findings: Vec<Finding>,
}

/// A rule that the data breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::commands) struct Finding {
    rule: String,
    table: String,
    row: String,
    detail: String,
}

impl From<&Violation> for Finding {
    fn from(violation: &Violation) -> Self {
        Self {
            rule: violation.rule.to_owned(),
            table: violation.table.to_owned(),
            row: violation.row.clone(),
            detail: violation.detail.clone(),
        }
    }
}

impl Options {
    /// What names no database is a path.
    fn place(&self) -> Result<StorePlace, Failure> {
        let url = self.place.to_str().filter(|text| {
            let schemes = ["postgres:", "postgresql:", "sqlite:"];
            schemes.iter().any(|scheme| text.starts_with(scheme))
        });
        match url {
            Some(url) => super::place("PLACE", url),
            None => Ok(StorePlace::Folder(self.place.clone())),
        }
    }

    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let (place, found) = match self.place()? {
            StorePlace::Database(database) => {
                let place = database.to_string();
                let found = Store::look_into(&database)?.read(look);
                let failed = |source| OpenError::Database {
                    database: place.clone(),
                    source,
                };
                (place.clone(), found.map_err(failed)?)
            }
            StorePlace::Folder(path) => {
                let found = StoreFile::open(&path)?.read(look)?;
                (path.display().to_string(), found)
            }
        };
        let (violations, audit) = found;
        let report = report(place, &violations, &audit);
        context.printer.show(&report, |printer| {
            if report.ok {
                let sealed = report.sealed;
                let events = plural(report.events, "event", "events");
                let place = &report.place;
                printer.line(&format!(
                    "{place} is sound: no rule is broken; {events} on record, {sealed} of them sealed."
                ));
            } else {
                printer.table(table(&report.findings));
            }
        });
        Ok(Verdict::of(report.ok))
    }
}

fn look(reader: &mut Reader<'_>) -> Result<(Vec<Violation>, AuditReport), StoreError> {
    let violations = reader.check()?;
    // An unreadable record is among the findings already.
    let audit = reader.verify_audit().unwrap_or_default();
    Ok((violations, audit))
}

fn report(place: String, violations: &[Violation], audit: &AuditReport) -> Report {
    let hex = |hash: &[u8; 32]| {
        hash.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("a String takes any text");
            text
        })
    };
    Report {
        place,
        ok: violations.is_empty(),
        events: audit.events,
        sealed: audit.sealed,
        last_hash: audit.last_hash.as_ref().map(hex),
        findings: violations.iter().map(Finding::from).collect(),
    }
}

/// The findings, for people.
pub(in crate::commands) fn table(findings: &[Finding]) -> Table {
    Table::of(["rule", "table", "row", "what"], findings, |finding| {
        [
            finding.rule.as_str().into(),
            finding.table.as_str().into(),
            finding.row.as_str().into(),
            finding.detail.as_str().into(),
        ]
    })
}
