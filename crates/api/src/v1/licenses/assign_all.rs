//! `POST /v1/licenses/{id}/assign-all`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::LicenseId;
use engine::Bulk;
use store::Reader;
use wire::grant::{AssignRequest, BulkQuery, Granted};
use wire::job::JobStarted;
use wire::path;

use crate::app::App;
use crate::bulk;
use crate::convert::grant::granted;
use crate::extract::{Authorized, Json, ManageLicenses, Path, Query};
use crate::problem::Problem;
use crate::resolve;

/// Give everyone a seat of a license.
#[utoipa::path(
    post,
    path = path::LICENSE_ASSIGN_ALL,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The license's id here."), BulkQuery),
    request_body(content = AssignRequest, description = "Whom; `{}` is everyone."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Granted),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such license, product or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn assign_all(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    Query(query): Query<BulkQuery>,
    Json(request): Json<AssignRequest>,
) -> Result<impl IntoResponse, Problem> {
    let work = move |reader: &mut Reader<'_>, now| {
        resolve::license(reader, license)?;
        let everyone = bulk::everyone(reader, request.everyone, now)?;
        Ok(Bulk::AssignAll { license, everyone })
    };
    bulk::answer(&app, &caller, query, work, granted).await
}
