//! `DELETE /v1/tokens/{id}`

use axum::extract::State;
use domain::{Command, TokenId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageSettings, Path};
use crate::problem::Problem;

/// Revoke a token, at once.
#[utoipa::path(
    delete,
    path = path::TOKEN,
    tag = "Settings",
    params(("id" = uuid::Uuid, Path, description = "The token's id.")),
    responses(
        (status = 204, description = "It does not work any more."),
        (status = 404, description = "There is no such token.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn revoke_token(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(id): Path<TokenId>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::RevokeToken(id), None)
        .await?;
    Ok(NoContent)
}
