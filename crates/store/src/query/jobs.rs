//! Long work: how far it is, for whoever asks, also after a restart.

use std::collections::BTreeMap;

use domain::{FolderId, JobId, Timestamp};
use uuid::Uuid;

use super::{Cursor, Inside, Page, Paging, Within};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::rows::{from_json, json};
use crate::sql::{Columns, Link, Select, Value, ms, opt_id, opt_ms, statements};

/// The columns of a job, of `job j`.
macro_rules! job_columns {
    () => {
        "j.id, j.kind, j.actor, j.state, j.done, j.total, j.counts, j.errors, j.started_at, \
         j.ended_at, j.subject, j.dry_run, j.folder_id, j.is_known, j.undoes, j.undone_by"
    };
}

statements! {
    JOB = concat!("SELECT ", job_columns!(), " FROM job j WHERE j.id = $1");
    PUT_JOB = "INSERT INTO job (id, kind, actor, state, done, total, counts, errors, \
        started_at, ended_at, subject, dry_run, folder_id, is_known, undoes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, done = excluded.done, \
        total = excluded.total, counts = excluded.counts, errors = excluded.errors, \
        ended_at = excluded.ended_at";
    RUNNING_JOBS = concat!("SELECT ", job_columns!(),
        " FROM job j WHERE j.state = 'running' ORDER BY j.id");
    TRAIL = "SELECT count(*) AS changed, coalesce(max(c.number) + 1, 0) AS steps \
        FROM job_change c WHERE c.job_id = $1";
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// At work, or waiting for its turn.
    Running,
    /// Everything was tried.
    Done,
    /// It had to stop; what was done stays done.
    Failed,
    /// Somebody stopped it; what was done stays done.
    Cancelled,
}

impl JobState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        let states = [Self::Running, Self::Done, Self::Failed, Self::Cancelled];
        states.into_iter().find(|state| state.code() == code)
    }
}

/// Long work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does; the engine's word.
    pub kind: String,
    /// What it is about: products or licenses, as people call them.
    pub subject: String,
    /// Whether it changes nothing, and only says what it would come to.
    pub dry_run: bool,
    /// Who asked for it.
    pub actor: String,
    /// How far it is.
    pub state: JobState,
    /// How many items were worked on.
    pub done: u64,
    /// How many items there are.
    pub total: u64,
    /// How often each code occurred so far.
    pub counts: BTreeMap<String, u64>,
    /// What went wrong, as JSON values of the engine's making.
    pub errors: Vec<serde_json::Value>,
    /// When it was asked for.
    pub started_at: Timestamp,
    /// When it ended; set exactly when it does not run any more.
    pub ended_at: Option<Timestamp>,
    /// The folder beyond which the rights end of whoever asked for it (R1).
    pub folder: Option<FolderId>,
    /// Whether what it changes is kept, so that it can be taken back. Once forgotten, it stays so.
    pub is_known: bool,
    /// The job that it takes back.
    pub undoes: Option<JobId>,
    /// The job that takes it back; written with [`crate::Transaction::mark_job_undone`].
    pub undone_by: Option<JobId>,
}

impl Reader<'_> {
    /// The job with an id.
    pub fn find_job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        let found = find(self.link, id)?;
        match found {
            Some(job) if !self.sees_work_in(job.folder)? => Ok(None),
            found => Ok(found),
        }
    }

    /// Whether work is seen of somebody whose rights end at this folder, or nowhere.
    pub fn sees_work_in(&mut self, folder: Option<FolderId>) -> Result<bool, StoreError> {
        let mut inside = Inside::new(self.link, self.within);
        inside.folder(folder.unwrap_or(FolderId::ROOT))
    }

    /// Jobs, latest first.
    pub fn jobs(&mut self, paging: &Paging) -> Result<Page<Job>, StoreError> {
        let found = self.link.select(&select(self.within, paging)?, job)?;
        Ok(Page::of(found, paging, |job| {
            Cursor::new([job.id.to_string().into()])
        }))
    }
}

pub(crate) fn select<'a>(within: Within, paging: &Paging) -> Result<Select<'a>, StoreError> {
    let before = match paging.cursor()? {
        Some(cursor) => cursor.id(0)?,
        None => Uuid::max(),
    };
    let columns = job_columns!();
    let mut select = Select::new("JOBS", &format!("SELECT {columns} FROM job j WHERE"));
    select.push("j.id < ?", [Value::Id(before)]);
    within.by_folder(&mut select, "j.folder_id");
    select.push("ORDER BY j.id DESC LIMIT ?", [paging.one_more()]);
    Ok(select)
}

pub(crate) fn find(link: Link<'_>, id: JobId) -> Result<Option<Job>, StoreError> {
    link.first(&JOB, &[id.into()], job)
}

/// Writes a job, new or over what is there.
pub(crate) fn put(link: Link<'_>, job: &Job) -> Result<(), StoreError> {
    let count = |column, number: u64| {
        i64::try_from(number).map_err(|e| StoreError::Unstorable {
            column,
            why: e.to_string(),
        })
    };
    let values = [
        job.id.into(),
        job.kind.as_str().into(),
        job.actor.as_str().into(),
        job.state.code().into(),
        count("job.done", job.done)?.into(),
        count("job.total", job.total)?.into(),
        json("job.counts", &job.counts)?.into(),
        json("job.errors", &job.errors)?.into(),
        ms(job.started_at),
        opt_ms(job.ended_at),
        job.subject.as_str().into(),
        job.dry_run.into(),
        opt_id(job.folder),
        job.is_known.into(),
        opt_id(job.undoes),
    ];
    link.put(&PUT_JOB, &values)
}

/// Says why a job ended whose server is gone, given how many of its steps are known to have changed
/// something; nothing is known of a job whose changes are not kept.
pub type WhyEnded<'a> = &'a dyn Fn(&Job, Option<u64>) -> serde_json::Value;

/// Ends what a server that is gone left running; how many. Its rows are behind what was done: the
/// trail, written with each change, knows more.
pub(crate) fn end_running(
    link: Link<'_>,
    at: Timestamp,
    why: WhyEnded<'_>,
    is_meant: impl Fn(&Job) -> bool,
) -> Result<usize, StoreError> {
    let mut running = link.all(&RUNNING_JOBS, &[], job)?;
    running.retain(is_meant);
    for job in &running {
        let mut ended = job.clone();
        ended.state = JobState::Failed;
        ended.ended_at = Some(at);
        let mut changed = None;
        if job.is_known {
            let (known, steps) = link.one(&TRAIL, &[job.id.into()], |row| {
                row.of("job_change");
                Ok((row.number("changed")?, row.number::<u64>("steps")?))
            })?;
            changed = Some(known);
            ended.done = job.done.max(steps);
            ended.total = job.total.max(steps);
        }
        ended.errors.push(why(job, changed));
        put(link, &ended)?;
    }
    Ok(running.len())
}

fn job(row: &mut Columns<'_, '_>) -> Result<Job, StoreError> {
    row.of("job");
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?.to_owned(),
        actor: row.text("actor")?.to_owned(),
        state: row.code("state", JobState::from_code)?,
        done: row.number("done")?,
        total: row.number("total")?,
        counts: row.parsed("counts", from_json)?,
        errors: row.parsed("errors", from_json)?,
        started_at: row.time("started_at")?,
        ended_at: row.opt_time("ended_at")?,
        subject: row.text("subject")?.to_owned(),
        dry_run: row.bool("dry_run")?,
        folder: row.opt_id("folder_id")?,
        is_known: row.bool("is_known")?,
        undoes: row.opt_id("undoes")?,
        undone_by: row.opt_id("undone_by")?,
    })
}
