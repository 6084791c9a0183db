//! `POST /v1/sessions/{id}/end`

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Command, EndReason, Outcome, SessionId};
use wire::path;
use wire::session::SessionHeld;

use crate::answer::{Answer, Either, NoContent};
use crate::app::App;
use crate::convert::time;
use crate::extract::{Authorized, ManageLicenses, Path};
use crate::problem::Problem;

/// End somebody's session.
///
/// The application learns it with its next heartbeat. The seat of a borrowed session is held until
/// the loan ends or is returned: the device can work without the network until then.
#[utoipa::path(
    post,
    path = path::SESSION_END,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses(
        (status = 202, description = "The session is over for its user; it is borrowed, so its seat is held.", body = SessionHeld),
        (status = 204, description = "The session is over; perhaps it was before."),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn end_session(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(session): Path<SessionId>,
) -> Result<Either<NoContent, Answer<SessionHeld>>, Problem> {
    let command = Command::EndSession {
        session,
        reason: EndReason::EndedByAdministrator,
    };
    let outcome = app.engine.run(caller.actor(), command, None).await?;
    let Outcome::SessionHeld { until } = outcome else {
        return Ok(Either::Now(NoContent));
    };
    let until = time::time(until);
    let held = SessionHeld {
        held_until: until,
        why: format!(
            "the seat is borrowed until {until}: the device can work offline until then, so the seat is held until then unless it is returned"
        ),
    };
    Ok(Either::Later(Answer::of(StatusCode::ACCEPTED, held)))
}
