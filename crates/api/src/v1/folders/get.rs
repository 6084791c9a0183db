//! `GET /v1/folders/{id}`

use axum::extract::State;
use domain::{FolderId, Refusal};
use store::Reader;
use wire::folder::Folder;
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::folder;
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::{Problem, refusal_problem};

/// Look at one folder.
///
/// The root has the id `00000000-0000-0000-0000-000000000000`.
#[utoipa::path(
    get,
    path = path::FOLDER,
    tag = "Folders",
    params(("id" = uuid::Uuid, Path, description = "The folder's id.")),
    responses(
        (status = 200, description = "The folder, with its `ETag`.", body = Folder),
        (status = 404, description = "There is no such folder.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_folder(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<FolderId>,
) -> Result<Answer<Folder>, Problem> {
    let folder = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = folder.version;
    Ok(Answer::ok(folder).with_version(version))
}

/// The folder as it is now.
pub(super) fn found(reader: &mut Reader<'_>, id: FolderId) -> Result<Folder, Problem> {
    let item = reader
        .find_folder(id)?
        .ok_or_else(|| refusal_problem(Refusal::UnknownFolder))?;
    Ok(folder::folder(item))
}
