//! `DELETE /v1/accounts/{id}`

use axum::extract::State;
use domain::{AccountId, Command};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageSettings, Path};
use crate::problem::Problem;

/// Delete an account of the web console, and sign it out everywhere.
#[utoipa::path(
    delete,
    path = path::ACCOUNT,
    tag = "Settings",
    params(("id" = uuid::Uuid, Path, description = "The account's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such account.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "It is the last active administrator.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn delete_account(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(id): Path<AccountId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::DeleteAccount(id), None)
        .await?;
    Ok(NoContent)
}
