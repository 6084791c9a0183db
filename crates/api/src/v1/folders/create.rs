//! `POST /v1/folders`

use axum::extract::State;
use domain::{Actor, Command, FolderId, FolderName, Outcome, Refusal};
use engine::{EngineError, IdempotencyKey};
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
/// With `name`, and `parent` unless it is in the root; or with `path`, of which what is missing is made.
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
    let (id, is_new) = match (name, path) {
        (Some(name), None) => {
            let name = field("/name", FolderName::parse(&name))?;
            let parent = parent.unwrap_or_else(|| "/".to_owned());
            let parent = app
                .ask(move |reader| resolve::folder(reader, "/parent", &parent))
                .await?;
            (
                create(&app, caller.actor(), parent, name, request.key).await?,
                true,
            )
        }
        (None, Some(path)) if parent.is_none() => {
            let names =
                folder_path(&path).map_err(|detail| Problem::invalid_field("/path", detail))?;
            make_path(&app, caller.actor(), names).await?
        }
        _ => {
            let detail = "give `name`, with `parent` unless it is in the root; or `path` alone";
            return Err(Problem::invalid_field("", detail));
        }
    };
    let folder = app.ask(move |reader| found(reader, id)).await?;
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

async fn create(
    app: &App,
    actor: &Actor,
    parent: FolderId,
    name: FolderName,
    key: Option<IdempotencyKey>,
) -> Result<FolderId, EngineError> {
    match app
        .engine
        .run(actor, Command::CreateFolder { parent, name }, key)
        .await?
    {
        Outcome::Folder(id) => Ok(id),
        other => Err(EngineError::Internal(
            format!("unexpected outcome: {other:?}").into(),
        )),
    }
}

/// Makes what is missing of a path; whether that was anything.
async fn make_path(
    app: &App,
    actor: &Actor,
    names: Vec<FolderName>,
) -> Result<(FolderId, bool), Problem> {
    let mut at = (FolderId::ROOT, false);
    let mut path = String::new();
    for name in names {
        path.push('/');
        path.push_str(name.as_str());
        if let Some(id) = find(app, &path).await? {
            at.0 = id;
            continue;
        }
        at = match create(app, actor, at.0, name, None).await {
            Ok(id) => (id, true),
            // Somebody else made it in between.
            Err(EngineError::Refused(refusal @ Refusal::FolderNameTaken(_))) => {
                let id = find(app, &path).await?;
                (id.ok_or(EngineError::Refused(refusal))?, at.1)
            }
            Err(error) => return Err(error.into()),
        };
    }
    Ok(at)
}

async fn find(app: &App, path: &str) -> Result<Option<FolderId>, Problem> {
    let path = path.to_owned();
    app.ask(move |reader| Ok(reader.find_folder_by_path(&path)?))
        .await
}
