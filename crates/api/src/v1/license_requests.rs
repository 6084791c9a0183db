//! `GET /v1/license-requests`

use axum::extract::State;
use domain::LicenseRequest;
use wire::license::{MadeRequest, MadeRequestPage, MadeRequestQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List what issuers were asked for by request files, latest first, and what was answered.
#[utoipa::path(
    get,
    path = path::LICENSE_REQUESTS,
    tag = "Licenses",
    params(MadeRequestQuery),
    responses((status = 200, description = "A page of requests.", body = MadeRequestPage)),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_license_requests(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<MadeRequestQuery>,
) -> Result<Answer<MadeRequestPage>, Problem> {
    caller.must_reach_everything(&app).await?;
    let paging = resolve::paging(query.limit, query.after)?;
    let page = app
        .ask(&caller, move |reader| {
            Ok(reader.license_requests(query.answered, &paging)?)
        })
        .await?;
    Ok(Answer::ok(MadeRequestPage {
        items: page.items.into_iter().map(made).collect(),
        next: page.next,
    }))
}

fn made(request: LicenseRequest) -> MadeRequest {
    let (answered_at, answered_by) = request.answered.unzip();
    MadeRequest {
        id: request.id.0,
        at: time::time(request.at),
        by: request.by,
        company: request.company.to_string(),
        version: request.version.to_string(),
        issuer: request.issuer.map(|name| name.to_string()),
        answered_at: answered_at.map(time::time),
        answered_by,
    }
}
