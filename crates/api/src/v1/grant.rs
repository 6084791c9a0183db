//! `POST /v1/grant`

use axum::extract::State;
use axum::response::IntoResponse;
use domain::Source;
use engine::Bulk;
use store::Reader;
use wire::grant::{BulkQuery, GrantRequest, Granted};
use wire::job::JobStarted;
use wire::path;

use crate::app::App;
use crate::bulk;
use crate::convert::grant::{granted, targets};
use crate::extract::{Authorized, LargeJson, ManageLicenses, Query};
use crate::problem::Problem;

/// Give users seats.
///
/// Users or everyone who matches, times products or licenses. Each answer says what happened; who had
/// the seat before keeps it, so that a request can be repeated harmlessly.
#[utoipa::path(
    post,
    path = path::GRANT,
    tag = "Seats",
    params(BulkQuery),
    request_body(content = GrantRequest, description = "Who gets seats of what."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Granted),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such product, license or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn grant_seats(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<BulkQuery>,
    LargeJson(request): LargeJson<GrantRequest>,
) -> Result<impl IntoResponse, Problem> {
    let targets = targets(request.products, request.licenses)?;
    let work = move |reader: &mut Reader<'_>, now| {
        bulk::check_targets(reader, &targets, now)?;
        Ok(Bulk::Grant {
            who: bulk::who(reader, request.users, request.everyone, now)?,
            targets,
            source: Source::Hand,
        })
    };
    bulk::answer(&app, &caller, query, work, granted).await
}
