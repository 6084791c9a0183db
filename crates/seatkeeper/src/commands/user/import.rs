//! `user import`: people come in from a CSV file.

use std::path::PathBuf;

use wire::job::Job;
use wire::user::{RowError, UserImportQuery, UsersImported};

use crate::args::read_file;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Table, number};
use crate::work::{self, Outcome};

/// How many refused rows are shown.
const MOST_ROWS: usize = 20;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The CSV file; `-` is stdin. Its first row names the columns: username, and as needed name, email, folder and
    /// active.
    ///
    /// Folders are made on demand ("/Sales/EMEA"). A column that is missing leaves people as they are; an empty cell of a
    /// column that is there takes the name or the address away, or moves the person to `/`. An empty active changes
    /// nothing.
    #[arg(value_name = "CSV")]
    file: PathBuf,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

impl Options {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let csv = read_file(&self.file)?;
        let query = UserImportQuery {
            dry_run: self.dry_run,
        };
        let total = csv.len().try_into().unwrap_or(u64::MAX);
        let bar = context.printer.bytes_bar("sending", total);
        let answer = client.import_users(&csv, &query, &mut |sent| bar.set_position(sent));
        bar.finish_and_clear();
        let imported = match work::settle(&client, &context.printer, answer?, "taking in")? {
            Outcome::Answer(imported) => imported,
            Outcome::Job(job) => of_job(job),
        };
        show(&imported, self.dry_run, &mut context.printer);
        Ok(Verdict::of(imported.failed == 0))
    }
}

/// The same answer, however long it took.
fn of_job(job: Job) -> UsersImported {
    let count = |code: &str| job.counts.get(code).copied().unwrap_or(0);
    let (created, updated, unchanged) = (count("created"), count("updated"), count("unchanged"));
    UsersImported {
        created,
        updated,
        unchanged,
        failed: job.done.saturating_sub(created + updated + unchanged),
        errors: job
            .errors
            .into_iter()
            .map(|error| RowError {
                row: error.row.unwrap_or(0),
                code: error.code,
                detail: error.detail,
            })
            .collect(),
    }
}

fn show(imported: &UsersImported, dry_run: bool, printer: &mut Printer) {
    printer.show(imported, |printer| {
        let would = if dry_run { "would be " } else { "" };
        printer.line(&format!(
            "{would}created {}, {would}updated {}, unchanged {}, failed {}",
            imported.created, imported.updated, imported.unchanged, imported.failed
        ));
        if !imported.errors.is_empty() {
            let rows = imported.errors.iter().take(MOST_ROWS);
            printer.section(
                "Refused:",
                Table::of(["row", "why", "code"], rows, |error| {
                    [
                        number(error.row),
                        error.detail.as_str().into(),
                        error.code.as_str().into(),
                    ]
                }),
            );
        }
        if imported.failed > MOST_ROWS as u64 {
            printer.line("… --json has more of them");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use std::collections::BTreeMap;
    use uuid::Uuid;
    use wire::Time;
    use wire::job::{JobError, JobKind, JobState};

    #[test]
    fn a_job_answers_as_a_short_import_does() {
        let imported = of_job(Job {
            id: Uuid::nil(),
            kind: JobKind::UserImport,
            subject: String::new(),
            dry_run: false,
            by: "console".into(),
            state: JobState::Done,
            done: 5,
            total: 5,
            counts: BTreeMap::from([("created".into(), 3), ("unchanged".into(), 1)]),
            errors: vec![JobError {
                row: Some(4),
                code: "folder_too_deep".into(),
                detail: "too deep".into(),
                ..JobError::default()
            }],
            started_at: Time::from_millis(0),
            ended_at: None,
            undoes: None,
            undone_by: None,
        });
        assert_eq!((imported.created, imported.failed), (3, 1));
        let (out, _) = printed(false, |printer| show(&imported, false, printer));
        assert!(
            out.starts_with("created 3, updated 0, unchanged 1, failed 1\n"),
            "{out}"
        );
        assert!(out.contains("  4  too deep  folder_too_deep"), "{out}");
    }
}
