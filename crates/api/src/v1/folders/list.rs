//! `GET /v1/folders`

use axum::extract::State;
use wire::folder::{FolderPage, FolderQuery};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::folder;
use crate::extract::{Authorized, Query, ViewLicenses};
use crate::problem::Problem;
use crate::resolve;

/// List folders by path, the root first.
#[utoipa::path(
    get,
    path = path::FOLDERS,
    tag = "Folders",
    params(FolderQuery),
    responses((status = 200, description = "A page of folders.", body = FolderPage)),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_folders(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Query(query): Query<FolderQuery>,
) -> Result<Answer<FolderPage>, Problem> {
    let paging = resolve::paging(query.limit, query.after)?;
    let page = app
        .ask(&caller, move |reader| {
            Ok(reader.folders(query.q.as_deref(), &paging)?)
        })
        .await?;
    Ok(Answer::ok(FolderPage {
        items: page.items.into_iter().map(folder::folder).collect(),
        next: page.next,
        total: page.total.unwrap_or_default(),
    }))
}
