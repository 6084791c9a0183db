//! Long work.

use engine::{JobKind, JobState, JobStatus};

use super::time;

/// How far a job is.
pub(crate) fn job(status: JobStatus) -> wire::job::Job {
    wire::job::Job {
        id: status.id.0,
        kind: kind(status.kind),
        subject: status.subject,
        dry_run: status.dry_run,
        by: status.actor,
        state: state(status.state),
        done: status.done,
        total: status.total,
        counts: status.counts,
        errors: status
            .errors
            .into_iter()
            .map(|error| wire::job::JobError {
                row: error.row,
                username: error.username,
                code: error.code,
                detail: error.detail,
            })
            .collect(),
        started_at: time::time(status.started_at),
        ended_at: status.ended_at.map(time::time),
        undoes: status.undoes.map(|job| job.0),
        undone_by: status.undone_by.map(|job| job.0),
    }
}

const fn kind(kind: JobKind) -> wire::job::JobKind {
    match kind {
        JobKind::UserImport => wire::job::JobKind::UserImport,
        JobKind::Grant => wire::job::JobKind::Grant,
        JobKind::Recall => wire::job::JobKind::Recall,
        JobKind::AssignAll => wire::job::JobKind::AssignAll,
        JobKind::AssignMissing => wire::job::JobKind::AssignMissing,
        JobKind::ClearAll => wire::job::JobKind::ClearAll,
        JobKind::UserMove => wire::job::JobKind::UserMove,
        JobKind::UserActivate => wire::job::JobKind::UserActivate,
        JobKind::UserDeactivate => wire::job::JobKind::UserDeactivate,
        JobKind::Undo => wire::job::JobKind::Undo,
    }
}

const fn state(state: JobState) -> wire::job::JobState {
    match state {
        JobState::Running => wire::job::JobState::Running,
        JobState::Done => wire::job::JobState::Done,
        JobState::Failed => wire::job::JobState::Failed,
        JobState::Cancelled => wire::job::JobState::Cancelled,
    }
}
