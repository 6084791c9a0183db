//! `DELETE /v1/sessions/{id}`

use axum::extract::State;
use domain::{Command, EndReason, Refusal, SessionId};
use engine::EngineError;
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::extract::{Authorized, Path, UseAccess};
use crate::problem::Problem;

/// Sign out.
///
/// Harmless however often it is sent, also for a session that ended long ago or never was.
#[utoipa::path(
    delete,
    path = path::SESSION,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses((status = 204, description = "The session is over.")),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn sign_out_session(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    Path(session): Path<SessionId>,
) -> Result<NoContent, Problem> {
    let command = Command::EndSession {
        session,
        reason: EndReason::SignedOut,
    };
    match app.engine.run(caller.actor(), command, None).await {
        Ok(_) | Err(EngineError::Refused(Refusal::UnknownSession)) => Ok(NoContent),
        Err(error) => Err(error.into()),
    }
}
