//! Jobs that take back what others did (S7): whether they may begin, and their beginning.

use domain::undo::{Subject, Undone};
use domain::{Actor, JobId, Refusal};
use store::query::{Job, JobState};
use store::{Reader, StoreError};

use super::{BulkAnswer, BulkMode, JobKind, JobStatus, MOST_AT_ONCE, Plan, Work, do_now};
use crate::error::EngineError;
use crate::state::Shared;

/// What the rules look at of a job; `undoer` is the job that was to undo it.
fn subject(job: &Job, undoer: Option<&Job>) -> Result<Subject, EngineError> {
    let kind = JobKind::from_code(&job.kind).ok_or_else(|| {
        let why = format!("the job {} has the unknown kind {:?}", job.id, job.kind);
        EngineError::internal(why)
    })?;
    let was_stopped = |undoer: &Job| matches!(undoer.state, JobState::Cancelled | JobState::Failed);
    Ok(Subject {
        act: kind.act(),
        dry_run: job.dry_run,
        ended_at: job.ended_at,
        is_known: job.is_known,
        undone: match job.undone_by {
            None => Undone::Not,
            Some(_) if undoer.is_some_and(was_stopped) => Undone::InPart,
            Some(by) => Undone::By(by),
        },
    })
}

/// Refuses what can't be undone, by this actor or at all.
pub(crate) fn check(shared: &Shared, actor: &Actor, id: JobId) -> Result<(), EngineError> {
    let found = shared.store.read(|reader| {
        reader.limit_to(actor.reach);
        let Some(job) = reader.find_job(id)? else {
            return Ok(None);
        };
        let is_left = !reader.job_changes(id, 0, 1)?.is_empty();
        Ok(Some((undoer(reader, &job)?, job, is_left)))
    })?;
    let (undoer, job, is_left) = found.ok_or(EngineError::UnknownJob)?;
    let subject = subject(&job, undoer.as_ref())?;
    for permission in subject.act.permissions() {
        actor.must(*permission)?;
    }
    subject.check(shared.now())?;
    if !is_left {
        return Err(Refusal::NothingToUndo.into());
    }
    Ok(())
}

/// The job that was to undo another; whoever sees the one may know how the other went.
fn undoer(reader: &mut Reader<'_>, job: &Job) -> Result<Option<Job>, StoreError> {
    let Some(by) = job.undone_by else {
        return Ok(None);
    };
    reader.find_job(by)
}

/// Takes in a job that takes back another, or says what it would come to: at once where that is
/// little and need not be a job. Blocks.
pub(crate) fn start(
    shared: &Shared,
    actor: Actor,
    id: JobId,
    mode: BulkMode,
) -> Result<BulkAnswer, EngineError> {
    check(shared, &actor, id)?;
    let reach = actor.reach;
    let (subject, planned) = shared.store.read(|reader| {
        reader.limit_to(reach);
        let subject = reader.find_job(id)?.map(|job| job.subject);
        Ok((subject.unwrap_or_default(), Plan::undo(id, reader)?))
    })?;
    let (plan, total) = planned;
    let work = Work::new(actor, plan, mode.dry_run);
    if mode.dry_run && !mode.as_job && total <= MOST_AT_ONCE {
        return do_now(shared, work).map(BulkAnswer::Done);
    }
    let what = (JobKind::Undo, subject, Some(id));
    let job = shared.desk.start(shared, what, total, work)?;
    Ok(BulkAnswer::Started(job))
}

/// Writes the first row of a job that undoes another, and with it that this is undone: at most one
/// of two who try at the same moment can.
pub(super) fn write_first(
    shared: &Shared,
    status: &JobStatus,
    undone: JobId,
) -> Result<(), EngineError> {
    let (row, now) = (status.to_row(), shared.now());
    let node = (!shared.nodes.is_alone()).then_some(shared.nodes.id);
    shared.on_writer(move |writer| {
        let mut transaction = writer.begin()?;
        let Some(job) = transaction.find_job(undone)? else {
            return Ok(Err(EngineError::UnknownJob));
        };
        let undoer = match job.undone_by {
            Some(by) => transaction.find_job(by)?,
            None => None,
        };
        let checked = subject(&job, undoer.as_ref()).and_then(|subject| Ok(subject.check(now)?));
        if checked.is_err() {
            return Ok(checked);
        }
        transaction.mark_job_undone(undone, row.id)?;
        transaction.put_job(&row)?;
        if let Some(node) = node {
            transaction.take_job(row.id, node)?;
        }
        transaction.commit()?;
        Ok(Ok(()))
    })?
}
