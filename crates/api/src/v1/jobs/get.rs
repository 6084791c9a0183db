//! `GET /v1/jobs/{id}`

use axum::extract::State;
use domain::JobId;
use wire::job::Job;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::job;
use crate::extract::{Authorized, ManageWork, Path};
use crate::problem::Problem;

/// See how far a job is.
#[utoipa::path(
    get,
    path = path::JOB,
    tag = "Jobs",
    params(("id" = uuid::Uuid, Path, description = "The job's id.")),
    responses(
        (status = 200, description = "The job.", body = Job),
        (status = 404, description = "There is no such job.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"]), ("bearer" = ["manage_users"])),
)]
pub(crate) async fn get_job(
    caller: Authorized<ManageWork>,
    State(app): State<App>,
    Path(id): Path<JobId>,
) -> Result<Answer<Job>, Problem> {
    Ok(Answer::ok(job::job(
        app.engine.job(caller.actor(), id).await?,
    )))
}
