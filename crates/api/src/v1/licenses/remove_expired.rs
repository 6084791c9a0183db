//! `POST /v1/licenses/remove-expired`

use axum::extract::State;
use domain::Command;
use wire::license::RemovedLicenses;
use wire::path;

use super::removed;
use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, DryRun, ManageLicenses, Query};
use crate::problem::Problem;

/// Remove every expired license in one step.
#[utoipa::path(
    post,
    path = path::LICENSE_REMOVE_EXPIRED,
    tag = "Licenses",
    params(DryRun),
    responses((status = 200, description = "They are removed; or what would happen.", body = RemovedLicenses)),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn remove_expired_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<DryRun>,
) -> Result<Answer<RemovedLicenses>, Problem> {
    let outcome = app
        .run_or_preview(caller.actor(), Command::RemoveExpired, query.dry_run)
        .await?;
    removed(&app, &caller, outcome).await
}
