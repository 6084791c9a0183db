//! `POST /v1/users/{id}/unlink`

use axum::extract::State;
use domain::{Command, UserId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageUsers, Path};
use crate::problem::Problem;

/// Give a user a person of its own again.
#[utoipa::path(
    post,
    path = path::USER_UNLINK,
    tag = "Users",
    params(("id" = uuid::Uuid, Path, description = "The user's id.")),
    responses(
        (status = 204, description = "The user is a person of its own."),
        (status = 404, description = "There is no such user.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The user is not linked to another.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn unlink_user(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(user): Path<UserId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::UnlinkUser(user), None)
        .await?;
    Ok(NoContent)
}
