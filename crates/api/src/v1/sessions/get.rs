//! `GET /v1/sessions/{id}`

use axum::extract::State;
use domain::{Refusal, SessionId};
use wire::path;
use wire::session::Session;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::session;
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::{Problem, refusal_problem};

/// Look at one session.
#[utoipa::path(
    get,
    path = path::SESSION,
    tag = "Sessions",
    params(("id" = uuid::Uuid, Path, description = "The session's id.")),
    responses(
        (status = 200, description = "The session.", body = Session),
        (status = 404, description = "There is no such session.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn get_session(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<Answer<Session>, Problem> {
    let found = app
        .ask(&caller, move |reader| Ok(reader.find_session(id)?))
        .await?;
    let item = found.ok_or_else(|| refusal_problem(Refusal::UnknownSession))?;
    Ok(Answer::ok(session::session(item, app.engine.now())))
}
