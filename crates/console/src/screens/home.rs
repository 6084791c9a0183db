//! `GET /`: where a day begins.

use axum::extract::State;
use domain::{Permission, State as LicenseState};
use store::Reader;
use store::query::{LicenseFilter, LicenseSort, Paging};

use crate::app::{App, Moment};
use crate::caller::{Anyone, Signed};
use crate::page::{Answer, see};

/// On the licenses for whoever manages them, when one is expired, stale or over-allocated (R2);
/// on the overview otherwise.
pub(crate) async fn begin(me: Signed<Anyone>, State(app): State<App>) -> Answer {
    let moment = app.moment();
    if me.may(Permission::ManageLicenses)
        && app
            .ask(&me, move |reader| needs_care(reader, moment))
            .await?
    {
        return Ok(see("/licenses?care=1"));
    }
    Ok(see("/overview"))
}

/// Whether any license is expired or stale, or any product over-allocated (R2).
pub(crate) fn needs_care(
    reader: &mut Reader<'_>,
    moment: Moment,
) -> Result<bool, store::StoreError> {
    for state in [LicenseState::Expired, LicenseState::Stale] {
        if count_in_state(reader, moment, state)? > 0 {
            return Ok(true);
        }
    }
    let products = reader.products(None, moment.now, &Paging::first(200))?;
    Ok(products.items.iter().any(|item| item.counts.unbacked > 0))
}

/// How many licenses are in a state.
pub(crate) fn count_in_state(
    reader: &mut Reader<'_>,
    moment: Moment,
    state: LicenseState,
) -> Result<u64, store::StoreError> {
    let filter = LicenseFilter {
        state: Some(state),
        ..LicenseFilter::default()
    };
    let found = reader.licenses(
        &filter,
        LicenseSort::Serial,
        moment.now,
        moment.warn_before,
        &Paging::first(1),
    )?;
    Ok(found.total.unwrap_or_default())
}
