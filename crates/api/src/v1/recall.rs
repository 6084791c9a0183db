//! `POST /v1/recall`

use axum::extract::State;
use axum::response::IntoResponse;
use engine::Bulk;
use store::Reader;
use wire::grant::{BulkQuery, RecallRequest, Recalled};
use wire::job::JobStarted;
use wire::path;

use crate::app::App;
use crate::bulk;
use crate::convert::grant::{recalled, targets};
use crate::convert::words;
use crate::extract::{Authorized, LargeJson, ManageLicenses, Query};
use crate::problem::Problem;

/// Take seats from users.
///
/// A seat in use is freed when its last session ends, unless `now`. Other products' seats are never
/// touched.
#[utoipa::path(
    post,
    path = path::RECALL,
    tag = "Seats",
    params(BulkQuery),
    request_body(content = RecallRequest, description = "Who loses seats of what."),
    responses(
        (status = 200, description = "What it came to; or would.", body = Recalled),
        (status = 202, description = "It is much: a job does it.", body = JobStarted),
        (status = 404, description = "There is no such product, license or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn recall_seats(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Query(query): Query<BulkQuery>,
    LargeJson(request): LargeJson<RecallRequest>,
) -> Result<impl IntoResponse, Problem> {
    let targets = targets(request.products, request.licenses)?;
    let work = move |reader: &mut Reader<'_>, now| {
        bulk::check_targets(reader, &targets, now)?;
        Ok(Bulk::Recall {
            who: bulk::who(reader, request.users, request.everyone, now)?,
            targets,
            source: request.source.map(words::to_source),
            now: request.now,
        })
    };
    bulk::answer(&app, &caller, query, work, recalled).await
}
