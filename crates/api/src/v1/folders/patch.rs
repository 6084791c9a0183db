//! `PATCH /v1/folders/{id}`

use axum::extract::State;
use domain::{Command, FolderId, FolderName};
use wire::folder::{Folder, FolderPatch};
use wire::path;

use super::get::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::field;
use crate::extract::{Authorized, IfMatch, Json, ManageUsers, Path};
use crate::openapi::IfMatchHeader;
use crate::problem::Problem;
use crate::resolve;

/// Rename a folder, or move it with all below it.
#[utoipa::path(
    patch,
    path = path::FOLDER,
    tag = "Folders",
    params(("id" = uuid::Uuid, Path, description = "The folder's id."), IfMatchHeader),
    request_body(content = FolderPatch, description = "What changes; what is absent stays as it is."),
    responses(
        (status = 200, description = "The folder as it is now, with its `ETag`.", body = Folder),
        (status = 404, description = "There is no such folder.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The folder can't go there, or the name is taken there.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn update_folder(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(folder): Path<FolderId>,
    IfMatch(version): IfMatch,
    Json(patch): Json<FolderPatch>,
) -> Result<Answer<Folder>, Problem> {
    let name = patch
        .name
        .map(|name| field("/name", FolderName::parse(&name)))
        .transpose()?;
    let parent = match patch.parent {
        Some(parent) => Some(
            app.ask(&caller, move |reader| {
                resolve::folder(reader, "/parent", &parent)
            })
            .await?,
        ),
        None => None,
    };
    let command = Command::UpdateFolder {
        folder,
        name,
        parent,
        version,
    };
    app.engine.run(caller.actor(), command, None).await?;
    let folder = app
        .ask(&caller, move |reader| found(reader, folder))
        .await?;
    let version = folder.version;
    Ok(Answer::ok(folder).with_version(version))
}
