//! `GET /v1/users/{id}`

use axum::extract::State;
use domain::{Refusal, UserId};
use store::Reader;
use wire::path;
use wire::user::User;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::user;
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::{Problem, refusal_problem};

/// Look at one user.
#[utoipa::path(
    get,
    path = path::USER,
    tag = "Users",
    params(("id" = uuid::Uuid, Path, description = "The user's id.")),
    responses(
        (status = 200, description = "The user, with its `ETag`.", body = User),
        (status = 404, description = "There is no such user.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_user(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<UserId>,
) -> Result<Answer<User>, Problem> {
    let user = app.ask(&caller, move |reader| found(reader, id)).await?;
    let version = user.version;
    Ok(Answer::ok(user).with_version(version))
}

/// The user as it is now.
pub(super) fn found(reader: &mut Reader<'_>, id: UserId) -> Result<User, Problem> {
    let account = reader
        .find_user(id)?
        .ok_or_else(|| refusal_problem(Refusal::UnknownUser))?;
    let path = reader.folder_path(account.folder)?;
    let last_active = reader.last_active(account.id)?;
    Ok(user::user(account, path, last_active))
}
