//! `POST /licenses/{id}/seat`: one person's seat of a license, given, taken, or kept after all.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::outcome::{GrantCode, RecallCode};
use domain::{Command, LicenseId, Outcome, Source, Target, UserId, UserRef};

use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::page::{Answer, Flash, own_path, see_saying};

/// Does it, and goes back to where it was asked for.
pub(crate) async fn change(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    Path(license): Path<String>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let l = t.licenses;
    let license: LicenseId = license.parse().map_err(|_| Fault::not_found())?;
    let user: UserId = fields
        .text("user")
        .parse()
        .map_err(|_| Fault::not_found())?;
    let user = UserRef::Id(user);
    let command = match fields.text("do") {
        "assign" => Command::Grant {
            user,
            target: Target::License(license),
            source: Source::Hand,
        },
        "release" => Command::Recall {
            user,
            target: Target::License(license),
            source: None,
            now: fields.has("now"),
        },
        "keep" => Command::CancelRelease { user, license },
        _ => return Err(Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form)),
    };
    let flash = match app.engine.run(me.actor(), command, None).await? {
        Outcome::Grant(answer) => match answer.code {
            GrantCode::Granted => Flash::good(l.assigned.n(1_u64)),
            GrantCode::AlreadyHeld => Flash::good(l.has_already),
            GrantCode::NoFreeSeat => Flash::warn(l.no_free_seat),
            GrantCode::UserInactive => Flash::warn(l.is_inactive),
            GrantCode::NotUsable => Flash::warn(l.not_in_force),
            _ => Flash::warn(l.cannot_be_assigned),
        },
        Outcome::Recall(answers) => match answers.first().map(|answer| answer.code) {
            Some(RecallCode::Released) => Flash::good(l.seat_released),
            Some(RecallCode::Releasing | RecallCode::Borrowed) => Flash::good(l.seat_releasing),
            Some(RecallCode::StillHeld) => Flash::warn(l.still_held),
            _ => Flash::warn(l.not_held),
        },
        Outcome::ReleaseCancelled(true) => Flash::good(l.seat_kept),
        Outcome::ReleaseCancelled(false) => Flash::warn(l.not_held),
        other => return Err(Fault::unexpected(&other)),
    };
    let back = own_path(fields.text("back")).map(str::to_owned);
    Ok(see_saying(
        &back.unwrap_or_else(|| format!("/licenses/{license}")),
        &flash,
    ))
}
