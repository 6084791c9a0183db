//! `GET /v1/licenses/{id}/seats`

use axum::extract::State;
use domain::LicenseId;
use wire::license::{SeatHolderPage, SeatQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::license;
use crate::extract::{Authorized, Path, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List who holds the dedicated seats of a license, longest held first.
#[utoipa::path(
    get,
    path = path::LICENSE_SEATS,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The license's id here."), SeatQuery),
    responses(
        (status = 200, description = "A page of holders.", body = SeatHolderPage),
        (status = 404, description = "There is no such license.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_license_seats(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<LicenseId>,
    Query(query): Query<SeatQuery>,
) -> Result<Answer<SeatHolderPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let page = app
        .ask(&caller, move |reader| {
            resolve::license(reader, id)?;
            Ok(reader.seats_of_license(id, &paging)?)
        })
        .await?;
    let now = app.engine.now();
    let items = page.items.into_iter();
    Ok(Answer::ok(SeatHolderPage {
        items: items.map(|item| license::holder(item, now)).collect(),
        next: page.next,
    }))
}
