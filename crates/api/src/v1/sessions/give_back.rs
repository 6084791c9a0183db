//! `POST /v1/sessions/{id}/return`

use axum::extract::State;
use domain::{Command, Outcome, SessionId};
use wire::path;
use wire::session::Returned;

use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, Path, UseAccess};
use crate::problem::Problem;

/// Give a borrowed seat back before its time.
///
/// A floating seat is free at once, a dedicated one goes back to its holder; the application must not use the token any
/// more. Harmless twice.
#[utoipa::path(
    post,
    path = path::SESSION_RETURN,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses(
        (status = 200, description = "Whether there was something to return.", body = Returned),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn return_session(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<Answer<Returned>, Problem> {
    let command = Command::ReturnBorrowed(id);
    match app.engine.run(caller.actor(), command, None).await? {
        Outcome::SessionEnded(returned) => Ok(Answer::ok(Returned { returned })),
        other => Err(Problem::unexpected(&other)),
    }
}
