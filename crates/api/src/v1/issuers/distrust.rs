//! `DELETE /v1/issuers/{kid}`

use axum::extract::State;
use domain::Command;
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageSettings, Path};
use crate::problem::Problem;

/// Trust an issuer's key no longer.
///
/// Licenses that came before stay as they are.
#[utoipa::path(
    delete,
    path = path::ISSUER,
    tag = "Settings",
    params(("kid" = String, Path, description = "The key's id.")),
    responses(
        (status = 204, description = "The key is not trusted any more."),
        (status = 404, description = "No such key is trusted.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_settings"])),
)]
pub(crate) async fn distrust_issuer(
    caller: Authorized<ManageSettings>,
    State(app): State<App>,
    Path(kid): Path<String>,
) -> Result<NoContent, Problem> {
    app.engine
        .run(caller.actor(), Command::DistrustIssuer(kid), None)
        .await?;
    Ok(NoContent)
}
