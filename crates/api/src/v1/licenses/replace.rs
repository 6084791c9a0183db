//! `POST /v1/licenses/{id}/replace`

use axum::extract::State;
use domain::{Command, LicenseId, Outcome};
use wire::license::{ReplaceRequest, Replaced};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::extract::{Authorized, DryRun, Json, ManageLicenses, Path, Query};
use crate::problem::Problem;
use crate::resolve;

/// Have another license take over a license's holders and folders.
///
/// Every holder gets a seat of the new license in the same folder; the old seat is released when its
/// last session ends. With too few seats nothing is done, unless `partly`.
#[utoipa::path(
    post,
    path = path::LICENSE_REPLACE,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The id of the license that goes."), DryRun),
    request_body(content = ReplaceRequest, description = "The license that comes."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Replaced),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The new license can't replace the old one, or has too few seats.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn replace_license(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(old): Path<LicenseId>,
    Query(query): Query<DryRun>,
    Json(request): Json<ReplaceRequest>,
) -> Result<Answer<Replaced>, Problem> {
    let command = Command::ReplaceLicense {
        old,
        new: request.with.into(),
        partly: request.partly,
    };
    let outcome = app
        .run_or_preview(caller.actor(), command, query.dry_run)
        .await?;
    let Outcome::Replaced { moved, displaced } = outcome else {
        return Err(Problem::unexpected(&outcome));
    };
    let (displaced, usernames) = app
        .ask(move |reader| {
            let usernames = resolve::usernames(reader, &displaced)?;
            Ok((displaced, usernames))
        })
        .await?;
    Ok(Answer::ok(Replaced {
        moved,
        displaced: license::displaced(&displaced, &usernames),
    }))
}
