//! `GET /v1/replacements`

use axum::extract::State;
use wire::license::{ReplacementPage, ReplacementQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::replacement;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List which licenses took over from which in the last days, latest first.
#[utoipa::path(
    get,
    path = path::REPLACEMENTS,
    tag = "Licenses",
    params(ReplacementQuery),
    responses((status = 200, description = "A page of replacements.", body = ReplacementPage)),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_replacements(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<ReplacementQuery>,
) -> Result<Answer<ReplacementPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let page = app
        .ask(&caller, move |reader| Ok(reader.replacements(&paging)?))
        .await?;
    let items = page.items.into_iter().map(replacement::replacement);
    Ok(Answer::ok(ReplacementPage {
        items: items.collect(),
        next: page.next,
    }))
}
