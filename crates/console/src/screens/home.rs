//! `GET /`: where a day begins.

use axum::extract::State;
use domain::{Permission, State as LicenseState};
use engine::Moment;

use crate::app::App;
use crate::caller::{Anyone, Signed};
use crate::fault::Fault;
use crate::page::{Answer, see};

/// On the licenses for whoever manages them, when one is expired, stale or over-allocated (R2);
/// on their own licenses for whoever sees no others; on the overview otherwise.
pub(crate) async fn begin(me: Signed<Anyone>, State(app): State<App>) -> Answer {
    if !me.may(Permission::ViewLicenses) {
        return Ok(see("/mine"));
    }
    if me.may(Permission::ManageLicenses) && needs_care(&me, &app).await? {
        return Ok(see("/licenses?care=1"));
    }
    Ok(see("/overview"))
}

/// Whether any license is expired or stale, or any product over-allocated (R2).
pub(crate) async fn needs_care<P>(me: &Signed<P>, app: &App) -> Result<bool, Fault> {
    let Moment { now, warn_before } = app.engine.moment();
    app.ask(me, move |reader| {
        for state in [LicenseState::Expired, LicenseState::Stale] {
            if reader.has_license_in(state, now, warn_before)? {
                return Ok(true);
            }
        }
        reader.is_over_allocated()
    })
    .await
}
