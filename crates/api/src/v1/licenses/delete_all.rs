//! `POST /v1/licenses/delete-all`

use axum::extract::State;
use domain::{Command, Outcome};
use wire::license::{Confirmation, DeletedAll};
use wire::path;

use crate::answer::Answer;
use crate::app::App;
use crate::extract::{Authorized, Json, ManageLicenses};
use crate::problem::Problem;

/// Remove every license, end every session, free every seat.
#[utoipa::path(
    post,
    path = path::LICENSE_DELETE_ALL,
    tag = "Licenses",
    request_body(content = Confirmation, description = "The sentence that must be typed."),
    responses(
        (status = 200, description = "What was removed.", body = DeletedAll),
        (status = 422, description = "What was typed is not what must be typed.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn delete_all_licenses(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Json(body): Json<Confirmation>,
) -> Result<Answer<DeletedAll>, Problem> {
    let command = Command::DeleteAll {
        confirmation: body.confirmation,
    };
    match app.engine.run(caller.actor(), command, None).await? {
        Outcome::DeletedAll(totals) => Ok(Answer::ok(DeletedAll {
            licenses: totals.licenses,
            seats: totals.seats,
            sessions: totals.sessions,
        })),
        other => Err(Problem::unexpected(&other)),
    }
}
