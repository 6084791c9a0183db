//! `POST /v1/licenses/{id}/clear-all`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::LicenseId;
use engine::Bulk;
use store::Reader;
use wire::grant::{BulkQuery, ClearRequest, Recalled};
use wire::job::JobStarted;
use wire::path;

use crate::app::App;
use crate::bulk;
use crate::convert::grant::recalled;
use crate::extract::{Authorized, Json, ManageLicenses, Path, Query};
use crate::problem::Problem;
use crate::resolve;

/// Take the seats of a license from everyone.
///
/// Other licenses' seats are never touched.
#[utoipa::path(
    post,
    path = path::LICENSE_CLEAR_ALL,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The license's id here."), BulkQuery),
    request_body(content = ClearRequest, description = "From whom; `{}` is everyone."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Recalled),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such license, product or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn clear_all(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    Query(query): Query<BulkQuery>,
    Json(request): Json<ClearRequest>,
) -> Result<impl IntoResponse, Problem> {
    let work = move |reader: &mut Reader<'_>, at| {
        resolve::license(reader, license)?;
        Ok(Bulk::ClearAll {
            license,
            everyone: bulk::everyone(reader, request.everyone, at)?,
            now: request.now,
        })
    };
    bulk::answer(&app, &caller, query, work, recalled).await
}
