//! `GET /v1/licenses/{id}`

use axum::extract::State;
use domain::LicenseId;
use wire::license::LicenseDetail;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// Look at one license, also one that was removed.
#[utoipa::path(
    get,
    path = path::LICENSE,
    tag = "Licenses",
    params(("id" = uuid::Uuid, Path, description = "The license's id here.")),
    responses(
        (status = 200, description = "The license with its pools, with its `ETag`.", body = LicenseDetail),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_license(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<LicenseId>,
) -> Result<Answer<LicenseDetail>, Problem> {
    detail(&app, &caller, id).await
}

/// The license as it is now.
pub(super) async fn detail<P>(
    app: &App,
    caller: &Authorized<P>,
    id: LicenseId,
) -> Result<Answer<LicenseDetail>, Problem> {
    let moment = app.engine.moment();
    let found = app
        .ask_settled(caller, move |reader| resolve::license(reader, id))
        .await?;
    let version = found.license.version;
    let body = LicenseDetail {
        license: license::license(&found.license, found.seats, found.refresh.as_ref(), moment),
        pools: found.pools.into_iter().map(license::pool).collect(),
    };
    Ok(Answer::ok(body).with_version(version))
}
