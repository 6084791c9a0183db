//! `POST /v1/sessions/{id}/heartbeat`

use axum::extract::State;
use axum::http::StatusCode;
use domain::outcome::HeartbeatAnswer;
use domain::{EndReason, SessionId};
use wire::path;
use wire::session::Heartbeat;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, Path, UseAccess};
use crate::problem::Problem;

/// Say that the application is still there.
///
/// Send it `heartbeat_after_s` seconds after the answer before. A session without heartbeats is over
/// once its `expires_at` has passed.
#[utoipa::path(
    post,
    path = path::SESSION_HEARTBEAT,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses(
        (status = 200, description = "The session holds on.", body = Heartbeat),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 410, description = "The session is over: `code` says why. The application can sign in again.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn heartbeat_session(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<Answer<Heartbeat>, Problem> {
    match app.engine.heartbeat(caller.actor(), id).await? {
        HeartbeatAnswer::Alive {
            expires_at,
            heartbeat_after,
            ..
        } => Ok(Answer::ok(Heartbeat {
            expires_at: time::time(expires_at),
            heartbeat_after_s: time::seconds(heartbeat_after),
        })),
        HeartbeatAnswer::Ended { at, reason } => {
            let over = match reason {
                EndReason::TimedOut => "expired",
                _ => "ended",
            };
            let detail = format!(
                "the session {over} at {}: {}",
                time::time(at),
                sentence(reason)
            );
            Err(Problem::new(StatusCode::GONE, reason.code(), detail))
        }
    }
}

const fn sentence(reason: EndReason) -> &'static str {
    match reason {
        EndReason::SignedOut => "it was signed out",
        EndReason::TimedOut => "no heartbeat came in time",
        EndReason::BorrowEnded => "the time for which it was borrowed is over",
        EndReason::Returned => "it was borrowed, and returned early",
        EndReason::EndedByAdministrator => "an administrator ended it",
        EndReason::SeatRecalled => "its seat was taken back",
        EndReason::LicenseExpired => "the license that carried it expired",
        EndReason::LicenseStale => "the license that carried it was not revalidated in time",
        EndReason::LicenseRevoked => "the license that carried it was withdrawn by its issuer",
        EndReason::LicenseRemoved => "the license that carried it was removed",
        EndReason::NotCovered => "its seat no longer covers what was asked for",
        EndReason::UserDeactivated => "the user was deactivated",
        EndReason::UserDeleted => "the user was deleted",
        EndReason::AccountUnlinked => "the account left the person whose seats carried it",
    }
}
