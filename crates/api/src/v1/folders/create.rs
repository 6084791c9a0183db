//! `POST /v1/folders`

use axum::extract::State;
use domain::{Command, FolderName, Outcome};
use wire::folder::{Folder, NewFolder};
use wire::path;

use super::get::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::names::{field, folder_path};
use crate::extract::{Authorized, Idempotent, ManageUsers};
use crate::openapi::IdempotencyHeader;
use crate::problem::Problem;
use crate::resolve;

/// Make a folder.
///
/// With `name`, and `parent` unless it is in the root; or with `path`, of which what is missing is made, all of it or
/// nothing.
#[utoipa::path(
    post,
    path = path::FOLDERS,
    tag = "Folders",
    params(IdempotencyHeader),
    request_body(content = NewFolder, description = "The folder to be made."),
    responses(
        (status = 200, description = "The whole path was there before.", body = Folder),
        (status = 201, description = "The folder, with its `ETag`.", body = Folder),
        (status = 404, description = "There is no such parent.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The name is taken there, compared without case.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn create_folder(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    request: Idempotent<NewFolder>,
) -> Result<Answer<Folder>, Problem> {
    let NewFolder { parent, name, path } = request.body;
    let command = match (name, path) {
        (Some(name), None) => {
            let name = field("/name", FolderName::parse(&name))?;
            let parent = parent.unwrap_or_else(|| "/".to_owned());
            let parent = app
                .ask(&caller, move |reader| {
                    resolve::folder(reader, "/parent", &parent)
                })
                .await?;
            Command::CreateFolder { parent, name }
        }
        (None, Some(path)) if parent.is_none() => Command::EnsureFolder(
            folder_path(&path).map_err(|detail| Problem::invalid_field("/path", detail))?,
        ),
        _ => {
            let detail = "give `name`, with `parent` unless it is in the root; or `path` alone";
            return Err(Problem::invalid_field("", detail));
        }
    };
    let outcome = app.engine.run(caller.actor(), command, request.key).await?;
    let (id, is_new) = match outcome {
        Outcome::Folder(id) => (id, true),
        Outcome::FolderEnsured { folder, is_new } => (folder, is_new),
        other => return Err(Problem::unexpected(&other)),
    };
    let folder = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = folder.version;
    let answer = if is_new {
        Answer::created(folder)
    } else {
        Answer::ok(folder)
    };
    Ok(answer
        .at(path::fill(path::FOLDER, id))
        .with_version(version))
}
