//! `DELETE /v1/users/{id}`

use axum::extract::State;
use domain::{Command, UserId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageUsers, Path};
use crate::problem::Problem;

/// Delete a user: ends the sessions and frees the seats.
#[utoipa::path(
    delete,
    path = path::USER,
    tag = "Users",
    params(("id" = uuid::Uuid, Path, description = "The user's id.")),
    responses(
        (status = 204, description = "The user is gone."),
        (status = 404, description = "There is no such user.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn delete_user(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<UserId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::DeleteUser(id), None)
        .await?;
    Ok(NoContent)
}
