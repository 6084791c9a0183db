//! `POST /v1/users/{id}/link`

use axum::extract::State;
use domain::{Command, UserId};
use wire::path;
use wire::user::LinkRequest;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, Json, ManageUsers, Path};
use crate::problem::Problem;
use crate::resolve;

/// Make a user one person with another account: the two share seats from now on.
#[utoipa::path(
    post,
    path = path::USER_LINK,
    tag = "Users",
    params(("id" = uuid::Uuid, Path, description = "The user's id.")),
    request_body(content = LinkRequest, description = "An account of the person that the user joins."),
    responses(
        (status = 204, description = "They are one person."),
        (status = 404, description = "There is no such user.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "They are one person already.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_users"])),
)]
pub(crate) async fn link_user(
    caller: Authorized<ManageUsers>,
    State(app): State<App>,
    Path(user): Path<UserId>,
    Json(request): Json<LinkRequest>,
) -> Result<NoContent, Problem> {
    let with = app
        .ask(&caller, move |reader| {
            resolve::user(reader, "/with", &request.with)
        })
        .await?
        .id;
    app.engine
        .run(caller.actor(), Command::LinkUser { user, with }, None)
        .await?;
    Ok(NoContent)
}
