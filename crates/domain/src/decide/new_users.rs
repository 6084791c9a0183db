//! Seats for new accounts (S9).

use super::grant::{assign, folder_of, free_pool_of};
use super::{Context, Stop, sessions};
use crate::license::{License, Model};
use crate::seat::Source;
use crate::set::WorkingSet;
use crate::time::Timestamp;
use crate::user::User;

/// S9: a new account gets a seat of every license that gives them to new accounts, while
/// there are any in its folder or the root. What it has already it gets no second time.
pub(super) fn give_seats(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
) -> Result<(), Stop> {
    let actor = context.actor;
    let licenses = set.new_user_licenses()?.to_vec();
    for id in licenses {
        let license = set.license(id)?.clone();
        if license.terms.model != Model::Dedicated
            || !license.is_offered()
            || !license.is_usable(context.now)
            || has_all_of(set, context.now, user, &license)?
        {
            continue;
        }
        let places = set.policy().folder_search.clone();
        let found = sessions::find_with_reclaim(set, context, license.product, |set| {
            let pool = free_pool_of(set, actor, user, id, &places)?;
            let Some(pool) = pool else { return Ok(None) };
            let folder = set.pool(pool)?.folder;
            let mut reachable = places.iter().map(|place| folder_of(*place, user));
            Ok(reachable.any(|place| place == folder).then_some(pool))
        })?;
        if let Some(pool) = found {
            assign(set, context, pool, user, Source::AutoAssign)?;
        }
    }
    Ok(())
}

/// Whether a usable seat of the user's gives all that a seat of a license gives.
fn has_all_of(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    license: &License,
) -> Result<bool, Stop> {
    for seat in set.seats(user.person, license.product)? {
        let held = set.license(seat.license)?;
        if seat.is_held() && held.is_usable(now) && held.terms.covers_all_of(&license.terms) {
            return Ok(true);
        }
    }
    Ok(false)
}
