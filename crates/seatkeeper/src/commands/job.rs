//! `seatkeeper job`: long work on the server, looked at, stopped, undone (S7).

use uuid::Uuid;
use wire::job::{Job, JobQuery, JobState};

use super::grant::first_errors;
use crate::args;
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::{Table, moment};
use crate::work;

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List jobs, latest first: those at work, and those that ended.
    List(List),
    /// Show how far a job is, and what it came to.
    Show(Show),
    /// Stop a job; what it did stays done.
    Stop(Show),
    /// Take back what a job did, of exactly those whom it changed; within 7 days, once.
    Undo(Undo),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// At most so many; 20 when left out.
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// Where ids of jobs are to be had.
const IDS: &str = "`seatkeeper job list` shows them";

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// The job's id.
    #[arg(value_parser = args::id(IDS))]
    job: Uuid,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Undo {
    /// The job's id.
    #[arg(value_parser = args::id(IDS))]
    job: Uuid,
    /// Only say what would happen.
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::List(List { limit }) => {
                let fetch = |after| {
                    client.list_jobs(&JobQuery {
                        limit: Some(args::page_size(Some(limit))),
                        after,
                    })
                };
                context.list(Some(limit), fetch, table)
            }
            Self::Show(Show { job }) => {
                let job = client.get_job(job)?;
                show(&job, &mut context.printer);
                Ok(Verdict::Done)
            }
            Self::Stop(Show { job }) => {
                let before = client.get_job(job)?;
                client.cancel_job(job)?;
                context.printer.note(&match before.state {
                    JobState::Running => format!("the job {job} stops"),
                    ended => format!("the job {job} ended already: {ended}"),
                });
                Ok(Verdict::Done)
            }
            Self::Undo(Undo { job, dry_run }) => {
                let started = client.undo_job(job, dry_run)?;
                let ended = work::wait(&client, &context.printer, started, "undoing")?;
                show(&ended, &mut context.printer);
                Ok(Verdict::of(ended.errors.is_empty()))
            }
        }
    }
}

fn table(jobs: &[Job]) -> Table {
    let header = ["job", "kind", "about", "by", "state", "done", "at"];
    Table::of(header, jobs, |job| {
        let dry_run = if job.dry_run { ", dry run" } else { "" };
        [
            job.id.to_string().into(),
            format!("{}{dry_run}", job.kind).into(),
            job.subject.as_str().into(),
            job.by.as_str().into(),
            job.state.to_string().into(),
            format!("{} of {}", job.done, job.total).into(),
            moment(job.started_at),
        ]
    })
}

fn show(job: &Job, printer: &mut Printer) {
    printer.show(job, |printer| {
        printer.line(&about(job));
        // One that ended early and counted nothing may have done something: its errors say what is known.
        if job.state == JobState::Done || !job.counts.is_empty() {
            printer.line(&work::counts(job.dry_run, &job.counts));
        }
        first_errors(job, printer);
    });
}

/// "grant of esm 0198…: done, 3 of 3; undone by 0199…".
fn about(job: &Job) -> String {
    let subject = match job.subject.as_str() {
        "" => String::new(),
        subject => format!(" of {subject}"),
    };
    let undoes = job.undoes.map(|other| format!("; takes back {other}"));
    let undone = job.undone_by.map(|other| format!("; undone by {other}"));
    format!(
        "{}{subject} {}: {}, {} of {}{}{}",
        job.kind,
        job.id,
        job.state,
        job.done,
        job.total,
        undoes.unwrap_or_default(),
        undone.unwrap_or_default(),
    )
}
