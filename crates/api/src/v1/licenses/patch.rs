//! `PATCH /v1/licenses/{id}`

use axum::extract::State;
use domain::{Command, LicenseId, Refusal};
use wire::license::{LicenseDetail, LicensePatch};
use wire::path;

use super::get::detail;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::words;
use crate::extract::{Authorized, IfMatch, Json, ManageLicenses, Path};
use crate::openapi::IfMatchHeader;
use crate::problem::{Problem, refusal_problem};
use crate::resolve;

/// Change when a license's seats are given without a hand.
#[utoipa::path(
    patch,
    path = path::LICENSE,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The license's id here."), IfMatchHeader),
    request_body(content = LicensePatch, description = "What changes; what is absent stays as it is."),
    responses(
        (status = 200, description = "The license as it is now, with its `ETag`.", body = LicenseDetail),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "Of a floating or site license nobody is assigned a seat.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn update_license(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    IfMatch(version): IfMatch,
    Json(patch): Json<LicensePatch>,
) -> Result<Answer<LicenseDetail>, Problem> {
    match patch.auto_assign {
        Some(auto_assign) => {
            let command = Command::SetAutoAssign {
                license,
                auto_assign: words::to_auto_assign(auto_assign),
                version,
            };
            app.engine.run(caller.actor(), command, None).await?;
        }
        None => check_version(&app, &caller, license, version).await?,
    }
    detail(&app, &caller, license).await
}

/// Where nothing is to be changed, there is nothing that could come in between.
async fn check_version<P>(
    app: &App,
    caller: &Authorized<P>,
    license: LicenseId,
    version: Option<u32>,
) -> Result<(), Problem> {
    let found = app
        .ask(caller, move |reader| resolve::license(reader, license))
        .await?;
    let actual = found.license.version;
    match version {
        Some(given) if given != actual => {
            Err(refusal_problem(Refusal::VersionMismatch { given, actual }))
        }
        _ => Ok(()),
    }
}
