//! `GET /v1/jobs`

use axum::extract::State;
use wire::job::{JobPage, JobQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::job;
use crate::extract::{Authorized, ManageWork, Query};
use crate::problem::Problem;
use crate::resolve;

/// List jobs, latest first: those at work, and those that ended.
#[utoipa::path(
    get,
    path = path::JOBS,
    tag = "Jobs",
    params(JobQuery),
    responses((status = 200, description = "A page of jobs.", body = JobPage)),
    security(("bearer" = ["manage_licenses"]), ("bearer" = ["manage_users"])),
)]
pub(crate) async fn list_jobs(
    caller: Authorized<ManageWork>,
    State(app): State<App>,
    Query(query): Query<JobQuery>,
) -> Result<Answer<JobPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let page = app.engine.jobs(caller.actor(), paging).await?;
    Ok(Answer::ok(JobPage {
        items: page.items.into_iter().map(job::job).collect(),
        next: page.next,
    }))
}
