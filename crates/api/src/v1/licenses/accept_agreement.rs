//! `POST /v1/licenses/{id}/accept-agreement`

use axum::extract::State;
use domain::{Command, LicenseId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageLicenses, Path};
use crate::problem::Problem;

/// Accept a license's agreement, so that it takes effect.
///
/// Who accepted it, when, and the hash of its text are kept.
#[utoipa::path(
    post,
    path = path::LICENSE_ACCEPT_AGREEMENT,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The license's id here.")),
    responses(
        (status = 204, description = "It is accepted; perhaps it was before."),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The license has no agreement.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn accept_agreement(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::AcceptAgreement(license), None)
        .await?;
    Ok(NoContent)
}
