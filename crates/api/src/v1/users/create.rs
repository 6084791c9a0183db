//! `POST /v1/users`

use axum::extract::State;
use domain::{Command, Outcome};
use wire::path;
use wire::user::{NewUser, User};

use super::get::found;
use crate::answer::Answer;
use crate::app::App;
use crate::convert::user;
use crate::extract::{Authorized, Idempotent, ManageUsers};
use crate::openapi::IdempotencyHeader;
use crate::problem::Problem;

/// Make a user.
///
/// Folders of its path that are missing are made. Licenses that give seats to new users do so at once.
#[utoipa::path(
    post,
    path = path::USERS,
    tag = "Users",
    params(IdempotencyHeader),
    request_body(content = NewUser, description = "The user to be made."),
    responses(
        (status = 201, description = "The user, with its `ETag`.", body = User),
        (status = 404, description = "There is no folder with that id.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The username is taken, compared without case.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn create_user(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    request: Idempotent<NewUser>,
) -> Result<Answer<User>, Problem> {
    let command = Command::CreateUser(user::new_user(&request.body)?);
    match app.engine.run(caller.actor(), command, request.key).await? {
        Outcome::User { user: id, .. } => {
            let user = app.ask(&caller, move |reader| found(reader, id)).await?;
            let version = user.version;
            Ok(Answer::created(user)
                .at(path::fill(path::USER, id))
                .with_version(version))
        }
        other => Err(Problem::unexpected(&other)),
    }
}
