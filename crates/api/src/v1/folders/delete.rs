//! `DELETE /v1/folders/{id}`

use axum::extract::State;
use domain::{Command, FolderId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageUsers, Path};
use crate::problem::Problem;

/// Delete an empty folder.
#[utoipa::path(
    delete,
    path = path::FOLDER,
    tag = "Folders",
    params(("id" = uuid::Uuid, Path, description = "The folder's id.")),
    responses(
        (status = 204, description = "The folder is gone."),
        (status = 404, description = "There is no such folder.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "Users, seats or folders are in it, or it is the root.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn delete_folder(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<FolderId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::DeleteFolder(id), None)
        .await?;
    Ok(NoContent)
}
