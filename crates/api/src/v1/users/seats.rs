//! `GET /v1/users/{id}/seats`

use axum::extract::State;
use domain::{Refusal, UserId};
use wire::path;
use wire::user::UserSeats;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{session, user};
use crate::extract::{Authorized, Path, ViewLicenses};
use crate::problem::{Problem, refusal_problem};

/// Look at what a user's person holds, and where they work.
#[utoipa::path(
    get,
    path = path::USER_SEATS,
    tag = "Seats",
    params(("id" = uuid::Uuid, Path, description = "The user's id.")),
    responses(
        (status = 200, description = "The seats and the live sessions of the person.", body = UserSeats),
        (status = 404, description = "There is no such user.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_licenses"])),
)]
pub(crate) async fn list_user_seats(
    caller: Authorized<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<UserId>,
) -> Result<Answer<UserSeats>, Problem> {
    let now = app.engine.now();
    let (seats, sessions) = app
        .ask(&caller, move |reader| {
            let user = reader
                .find_user(id)?
                .ok_or_else(|| refusal_problem(Refusal::UnknownUser))?;
            let seats = reader.seats_of_person(user.person)?;
            let sessions = reader.sessions_of_person(user.person, now)?;
            Ok((seats, sessions))
        })
        .await?;
    Ok(Answer::ok(UserSeats {
        seats: seats
            .into_iter()
            .map(|held| user::held_seat(held, now))
            .collect(),
        sessions: sessions
            .into_iter()
            .map(|item| session::session(item, now))
            .collect(),
    }))
}
