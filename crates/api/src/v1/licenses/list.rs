//! `GET /v1/licenses`

use axum::extract::State;
use store::query::{LicenseFilter, LicenseSort};
use wire::license::{LicensePage, LicenseQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{license, words};
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List licenses, with exact counts of their seats.
#[utoipa::path(
    get,
    path = path::LICENSES,
    tag = "Licenses",
    params(LicenseQuery),
    responses(
        (status = 200, description = "A page of licenses.", body = LicensePage),
        (status = 404, description = "There is no such product or folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_licenses(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<LicenseQuery>,
) -> Result<Answer<LicensePage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let moment = app.engine.moment();
    let page = app
        .ask_settled(&caller, move |reader| {
            let filter = LicenseFilter {
                product: resolve::product_id(
                    reader,
                    "product",
                    query.product.as_deref(),
                    moment.now,
                )?,
                state: query.state.map(words::to_state),
                model: query.model.map(words::to_model),
                folder: match &query.folder {
                    Some(folder) => Some(resolve::folder(reader, "folder", folder)?),
                    None => None,
                },
                serial: query.serial,
                q: query.q,
                removed: query.removed.unwrap_or_default(),
            };
            let sort = query
                .sort
                .and_then(|sort| LicenseSort::from_code(sort.code()));
            let sort = sort.unwrap_or_default();
            Ok(reader.licenses(&filter, sort, moment.now, moment.warn_before, &paging)?)
        })
        .await?;
    Ok(Answer::ok(LicensePage {
        items: page
            .items
            .iter()
            .map(|item| license::listed(item, moment))
            .collect(),
        next: page.next,
        total: page.total.unwrap_or_default(),
    }))
}
