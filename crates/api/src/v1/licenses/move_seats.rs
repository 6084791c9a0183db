//! `POST /v1/licenses/{id}/move`

use axum::extract::State;
use domain::{Command, LicenseId};
use wire::license::{MoveSeatsRequest, SeatMove};
use wire::path;

use crate::answer::NoContent;
use crate::app::App;
use crate::convert::names::user_ref;
use crate::extract::{Authorized, Json, ManageLicenses, Path};
use crate::problem::Problem;
use crate::resolve;

/// Move seats of a license to another folder.
///
/// Free seats in any number (`from`, `to`, `count`), or an occupied one with its holder (`user`, `to`).
#[utoipa::path(
    post,
    path = path::LICENSE_MOVE,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The license's id here.")),
    request_body(content = MoveSeatsRequest, description = "Which seats move where."),
    responses(
        (status = 204, description = "They are moved."),
        (status = 404, description = "There is no such license, folder or user.", body = wire::Problem, content_type = "application/problem+json"),
        (status = 409, description = "There are no such seats to move.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["manage_licenses"])),
)]
pub(crate) async fn move_license_seats(
    caller: Authorized<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<LicenseId>,
    Json(request): Json<MoveSeatsRequest>,
) -> Result<NoContent, Problem> {
    let seats = request
        .into_move()
        .map_err(|detail| Problem::invalid_field("", detail))?;
    let command = app
        .ask(&caller, move |reader| {
            Ok(match seats {
                SeatMove::Free { from, to, count } => Command::MoveSeats {
                    license,
                    from: resolve::folder(reader, "/from", &from)?,
                    to: resolve::folder(reader, "/to", &to)?,
                    count,
                },
                SeatMove::Occupied { user, to } => Command::MoveSeat {
                    user: user_ref("/user", &user)?,
                    license,
                    to: resolve::folder(reader, "/to", &to)?,
                },
            })
        })
        .await?;
    app.engine.run(caller.actor(), command, None).await?;
    Ok(NoContent)
}
