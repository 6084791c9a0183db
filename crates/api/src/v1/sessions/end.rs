//! `POST /v1/sessions/{id}/end`

use axum::extract::State;
use domain::{Command, EndReason, SessionId};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, ManageLicenses, Path};
use crate::problem::Problem;

/// End somebody's session.
///
/// The application learns it with its next heartbeat.
#[utoipa::path(
    post,
    path = path::SESSION_END,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses(
        (status = 204, description = "The session is over; perhaps it was before."),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn end_session(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(session): Path<SessionId>,
) -> Result<NoContent, Problem> {
    let command = Command::EndSession {
        session,
        reason: EndReason::EndedByAdministrator,
    };
    app.engine.run(caller.actor(), command, None).await?;
    Ok(NoContent)
}
