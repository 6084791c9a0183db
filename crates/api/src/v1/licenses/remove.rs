//! `DELETE /v1/licenses/{id}`

use axum::extract::State;
use domain::{Command, LicenseId};
use wire::license::RemovedLicenses;
use wire::path;

use super::removed;
use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, DryRun, ManageLicenses, Path, Query};
use crate::problem::Problem;

/// Remove a license.
///
/// Its holders move to free seats of other licenses of the product, longest held first; whoever is
/// left over keeps an unbacked seat.
#[utoipa::path(
    delete,
    path = path::LICENSE,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The license's id here."), DryRun),
    responses(
        (status = 200, description = "It is removed; or what would happen.", body = RemovedLicenses),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It can be removed only after it has expired.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn remove_license(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    Query(query): Query<DryRun>,
) -> Result<Answer<RemovedLicenses>, Problem> {
    let outcome = app
        .run_or_preview(
            caller.actor(),
            Command::RemoveLicense(license),
            query.dry_run,
        )
        .await?;
    removed(&app, &caller, outcome).await
}
