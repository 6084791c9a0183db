//! `POST /v1/jobs/{id}/undo`

use axum::extract::State;
use domain::JobId;
use engine::{BulkAnswer, BulkMode};
use wire::job::{JobStarted, UndoQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, ManageWork, Path, Query};
use crate::problem::Problem;

/// Undo a job.
///
/// Starts a job that takes back what this one changed, of exactly those whom it changed: seats that it
/// gave are recalled, seats that it took are given again where they are free, who was moved moves back,
/// who was deactivated is active again and gets the seats back, who was activated is inactive again. What
/// others did since then stays; who can't be put back is among the new job's errors, with the reason.
/// A job can be undone once, within 7 days after its end; an undoing that was stopped can be begun again.
#[utoipa::path(
    post,
    path = path::JOB_UNDO,
    tag = "Jobs",
    params(("id" = uuid::Uuid, Path, description = "The job's id."), UndoQuery),
    responses(
        (status = 202, description = "A job takes it back; or says what that would come to.", body = JobStarted),
        (status = 404, description = "There is no such job.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It can't be undone: `job_running`, `job_undone`, `nothing_to_undo`, `job_not_undoable`, `too_late_to_undo_job`.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"]), ("bearer" = ["manage_users"])),
)]
pub(crate) async fn undo_job(
    caller: Authorized<ManageWork>,
    State(app): State<App>,
    Path(id): Path<JobId>,
    Query(query): Query<UndoQuery>,
) -> Result<Answer<JobStarted>, Problem> {
    let mode = BulkMode {
        dry_run: query.dry_run,
        as_job: true,
        listed: false,
    };
    match app.engine.undo_job(caller.actor(), id, mode).await? {
        BulkAnswer::Started(job) => {
            let started = Answer::accepted(JobStarted { job: job.0 });
            Ok(started.at(path::fill(path::JOB, job)))
        }
        BulkAnswer::Done(_) | BulkAnswer::Listed(..) => {
            Err(Problem::internal("a job was asked for, and none was made"))
        }
    }
}
