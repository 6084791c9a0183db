//! `POST /v1/licenses/{id}/cancel-release`

use axum::extract::State;
use domain::{Command, LicenseId, Outcome};
use wire::license::{CancelReleaseRequest, ReleaseCancelled};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::user_ref;
use crate::extract::{Authorized, Json, ManageLicenses, Path};
use crate::problem::Problem;

/// Keep a seat that is being released.
#[utoipa::path(
    post,
    path = path::LICENSE_CANCEL_RELEASE,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The license's id here.")),
    request_body(content = CancelReleaseRequest, description = "Whose seat."),
    responses(
        (status = 200, description = "Whether a release was pending.", body = ReleaseCancelled),
        (status = 404, description = "There is no such license or user.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn cancel_release(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    Json(request): Json<CancelReleaseRequest>,
) -> Result<Answer<ReleaseCancelled>, Problem> {
    let user = user_ref("/user", &request.user)?;
    match app
        .engine
        .run(
            caller.actor(),
            Command::CancelRelease { user, license },
            None,
        )
        .await?
    {
        Outcome::ReleaseCancelled(cancelled) => Ok(Answer::ok(ReleaseCancelled { cancelled })),
        other => Err(Problem::unexpected(&other)),
    }
}
