//! `PATCH /v1/users/{id}`

use axum::extract::State;
use domain::{Command, UserId};
use wire::path;
use wire::user::{User, UserPatch};

use super::get::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::user;
use crate::extract::{Authorized, IfMatch, Json, ManageUsers, Path};
use crate::openapi::IfMatchHeader;
use crate::problem::Problem;

/// Change a user.
///
/// Deactivating ends the sessions and frees the seats. Moving to another folder changes no seat.
#[utoipa::path(
    patch,
    path = path::USER,
    tag = "Users",
    params(("id" = uuid::Uuid, Path, description = "The user's id."), IfMatchHeader),
    request_body(content = UserPatch, description = "What changes; what is absent stays as it is, `null` empties."),
    responses(
        (status = 200, description = "The user as it is now, with its `ETag`.", body = User),
        (status = 404, description = "There is no such user or folder.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The username is taken, compared without case.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn update_user(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<UserId>,
    IfMatch(version): IfMatch,
    Json(patch): Json<UserPatch>,
) -> Result<Answer<User>, Problem> {
    let patch = user::user_patch(&patch)?;
    app.engine
        .run(
            caller.actor(),
            Command::UpdateUser {
                user: id,
                patch,
                version,
            },
            None,
        )
        .await?;
    let user = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = user.version;
    Ok(Answer::ok(user).with_version(version))
}
