//! `GET /v1/me`, `GET /v1/me/licenses`

use axum::extract::State;
use domain::names::fold;
use domain::{Permission, Refusal};
use wire::me::Me;
use wire::path;
use wire::user::UserSeats;

use crate::answer::Answer;
use crate::app::App;
use crate::convert::{session, user, words};
use crate::extract::{Anyone, Authorized, ViewOwn};
use crate::problem::{Problem, refusal_problem};
use crate::resolve;

/// Who the caller is, and what the token may do.
#[utoipa::path(
    get,
    path = path::ME,
    tag = "Settings",
    responses((status = 200, description = "The caller, and the installation that answers.", body = Me)),
    security(("bearer" = [])),
)]
pub(crate) async fn get_me(
    caller: Authorized<Anyone>,
    State(app): State<App>,
) -> Result<Answer<Me>, Problem> {
    let actor = caller.actor();
    let folder = match actor.reach.folder() {
        Some(limit) => {
            app.ask(&caller, move |reader| resolve::path_of(reader, limit))
                .await?
        }
        None => None,
    };
    let may = Permission::ALL
        .iter()
        .copied()
        .filter(|permission| actor.may(*permission));
    Ok(Answer::ok(Me {
        name: actor.name.as_ref().to_owned(),
        role: words::role(actor.role),
        folder,
        permissions: may.map(words::permission).collect(),
        installation: app.engine.installation(),
        company: app.engine.policy().company.clone().map(String::from),
    }))
}

/// Look at one's own licenses.
///
/// The seats and live sessions of the user who has the caller's name, compared without case. Whoever
/// makes accounts and tokens says by their names whose they are.
#[utoipa::path(
    get,
    path = path::MY_LICENSES,
    tag = "Seats",
    responses(
        (status = 200, description = "The seats and the live sessions of the person.", body = UserSeats),
        (status = 404, description = "No user has the caller's name.", body = wire::Problem, content_type = "application/problem+json"),
    ),
    security(("bearer" = ["view_own"])),
)]
pub(crate) async fn list_my_licenses(
    caller: Authorized<ViewOwn>,
    State(app): State<App>,
) -> Result<Answer<UserSeats>, Problem> {
    let now = app.engine.now();
    let key = fold(&caller.actor().name);
    // What is one's own is so wherever it stands, whatever else one may see.
    let found = app
        .engine
        .read(move |reader| {
            let Some(user) = reader.find_username(&key)? else {
                return Ok(None);
            };
            let seats = reader.seats_of_person(user.person)?;
            Ok(Some((seats, reader.sessions_of_person(user.person, now)?)))
        })
        .await?;
    let (seats, sessions) = found.ok_or_else(|| refusal_problem(Refusal::UnknownUser))?;
    let seats = seats.into_iter().map(|held| user::held_seat(held, now));
    let sessions = sessions.into_iter().map(|item| session::session(item, now));
    Ok(Answer::ok(UserSeats {
        seats: seats.collect(),
        sessions: sessions.collect(),
    }))
}
