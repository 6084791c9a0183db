//! `POST /v1/sessions/{id}/borrow`

use axum::extract::State;
use domain::{Command, Outcome, SessionId, Timestamp};
use wire::path;
use wire::session::{BorrowRequest, Borrowed};

use crate::answer::Answer;
use crate::app::App;
use crate::convert::session;
use crate::extract::{Authorized, Json, Path, UseAccess};
use crate::problem::Problem;

/// Take the seat of a session offline.
///
/// The seat is held until then without heartbeats, and nothing but its return frees it earlier. The
/// token can be checked without the network until then. Again, to borrow it for longer.
#[utoipa::path(
    post,
    path = path::SESSION_BORROW,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    request_body(content = BorrowRequest, description = "Until when."),
    responses(
        (status = 200, description = "The seat is borrowed.", body = Borrowed),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "The policy, the license or the session does not allow it: `code` says why.",
            body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["use_access"])),
)]
pub(crate) async fn borrow_session(
    caller: Authorized<UseAccess>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
    Json(request): Json<BorrowRequest>,
) -> Result<Answer<Borrowed>, Problem> {
    let command = Command::Borrow {
        session: id,
        until: Timestamp::from_millis(request.until.as_millis()),
    };
    match app.engine.run(caller.actor(), command, None).await? {
        Outcome::Borrowed(granted) => {
            let token = app.engine.borrow_token(&granted);
            Ok(Answer::ok(session::borrowed(granted, token)?))
        }
        other => Err(Problem::unexpected(&other)),
    }
}
