//! `POST /people/{id}/seat`: a seat of a product, given to one person or taken.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::outcome::{GrantCode, RecallCode};
use domain::session::Ask;
use domain::{Command, Outcome, ProductCode, Source, Target, UserId, UserRef};

use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, see_saying};

/// Does it, and goes back to the person.
pub(crate) async fn change(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let l = me.texts().licenses;
    let user: UserId = id.parse().map_err(|_| Fault::not_found())?;
    let product = ProductCode::parse(fields.text("product"))
        .map_err(|error| Fault::said(StatusCode::BAD_REQUEST, sentence(&error.to_string())))?;
    let target = Target::Product(product, Ask::default());
    let command = match fields.text("do") {
        "assign" => Command::Grant {
            user: UserRef::Id(user),
            target,
            source: Source::Hand,
        },
        _ => Command::Recall {
            user: UserRef::Id(user),
            target,
            source: None,
            now: false,
        },
    };
    let flash = match app.engine.run(me.actor(), command, None).await? {
        Outcome::Grant(answer) => match answer.code {
            GrantCode::Granted => Flash::good(l.assigned.n(1_u64)),
            GrantCode::AlreadyHeld => Flash::good(l.has_already),
            GrantCode::NoFreeSeat => Flash::warn(l.no_free_seat_of_product),
            GrantCode::UserInactive => Flash::warn(l.is_inactive),
            GrantCode::NotUsable => Flash::warn(l.not_in_force),
            _ => Flash::warn(l.cannot_be_assigned),
        },
        Outcome::Recall(answers) => {
            let any = |code| answers.iter().any(|answer| answer.code == code);
            if any(RecallCode::Releasing) {
                Flash::good(l.seat_releasing)
            } else if any(RecallCode::Released) {
                Flash::good(l.seat_released)
            } else {
                Flash::warn(l.not_held)
            }
        }
        other => return Err(Fault::unexpected(&other)),
    };
    Ok(see_saying(&format!("/people/{user}"), &flash))
}
