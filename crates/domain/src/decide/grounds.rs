//! What a sign-in may work on: what the user has already (A4 to A7), and what it takes (A8).

use super::{Context, Stop, coverage, grant, sessions};
use crate::ids::{PoolId, ProductId};
use crate::license::{AccessLevel, CountedBy, License, Model, Modules, State};
use crate::seat::{Seat, Source};
use crate::session::{Ask, Via};
use crate::set::{Spot, WorkingSet};
use crate::time::{Millis, Timestamp};
use crate::user::User;

/// What a sign-in may work on.
pub(super) struct Grounds {
    pub(super) via: Via,
    pub(super) access: Option<AccessLevel>,
    pub(super) modules: Modules,
}

impl Grounds {
    fn of(license: &License, via: Via) -> Self {
        Self {
            via,
            access: Some(license.terms.access),
            modules: license.terms.modules.clone(),
        }
    }
}

/// A4.
pub(super) fn on_held_seats(
    set: &WorkingSet,
    now: Timestamp,
    seats: &[Seat],
    ask: &Ask,
) -> Result<Option<Grounds>, Stop> {
    let mut usable = Vec::with_capacity(seats.len());
    for seat in seats.iter().filter(|seat| seat.is_held()) {
        let license = set.license(seat.license)?;
        if license.is_usable(now) {
            usable.push(license);
        }
    }
    Ok(coverage::together(&usable, ask).map(|covers| Grounds {
        via: Via::Dedicated {
            license: covers.first.id,
        },
        access: Some(covers.access),
        modules: covers.modules,
    }))
}

/// The order among several licenses that would do: the best access, then what ends first.
fn merit(license: &License) -> impl Ord + use<> {
    let terms = &license.terms;
    (
        std::cmp::Reverse(terms.access),
        terms.expires_at,
        terms.serial.clone(),
    )
}

/// A5.
pub(super) fn on_live_floating(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    product: ProductId,
    ask: &Ask,
) -> Result<Option<Grounds>, Stop> {
    let mut found: Option<(&License, Via)> = None;
    for session in set.sessions(user.person, product)? {
        let Via::Floating { license, .. } = session.via else {
            continue;
        };
        let license = set.license(license)?;
        if session.is_live(now)
            && license.terms.counted_by == CountedBy::User
            && license.is_usable(now)
            && license.terms.covers(ask)
            && found.is_none_or(|(best, _)| merit(license) < merit(best))
        {
            found = Some((license, session.via));
        }
    }
    Ok(found.map(|(license, via)| Grounds::of(license, via)))
}

/// A6.
pub(super) fn on_site(
    set: &WorkingSet,
    now: Timestamp,
    product: ProductId,
    ask: &Ask,
) -> Result<Option<Grounds>, Stop> {
    let mut best: Option<&License> = None;
    for id in set.site_licenses(product)? {
        let license = set.license(*id)?;
        if license.is_usable(now)
            && license.terms.covers(ask)
            && best.is_none_or(|best| merit(license) < merit(best))
        {
            best = Some(license);
        }
    }
    Ok(best.map(|license| {
        Grounds::of(
            license,
            Via::Site {
                license: license.id,
            },
        )
    }))
}

/// A7: an all-modules seat of the user's whose license is over.
pub(super) fn expired_seat(
    set: &WorkingSet,
    now: Timestamp,
    seats: &[Seat],
) -> Result<Option<Seat>, Stop> {
    for seat in seats.iter().filter(|seat| seat.releasing_since.is_none()) {
        let license = set.license(seat.license)?;
        let state = license.state(now, Millis::ZERO);
        if license.terms.modules.is_all() && state == State::Expired {
            return Ok(Some(seat.clone()));
        }
    }
    Ok(None)
}

/// A8.
pub(super) fn allocate(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    product: ProductId,
    ask: &Ask,
) -> Result<Option<Grounds>, Stop> {
    let now = context.now;
    let mut found = None;
    let mut looked: Vec<Spot> = Vec::with_capacity(4);
    for step in set.policy().auto_allocation.clone() {
        let spot = (product, step.model, grant::folder_of(step.place, user));
        if looked.contains(&spot) {
            continue;
        }
        looked.push(spot);
        // Step by step: what lapsed sessions held in an earlier one comes first (H2).
        found = sessions::find_with_reclaim(set, context, product, |set| {
            first_given(set, now, user, spot, ask)
        })?;
        if found.is_some() {
            break;
        }
    }
    let Some(id) = found else { return Ok(None) };
    let mut pool = set.pool(id)?.clone();
    let license = set.license(pool.license)?.clone();
    context.note("A8", || {
        format!("a free seat of {} is given", license.terms.serial)
    });
    let via = match license.terms.model {
        Model::Dedicated => {
            grant::assign(set, context, id, user, Source::SignIn)?;
            let seats: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
            return on_held_seats(set, now, &seats, ask);
        }
        _ => Via::Floating {
            license: license.id,
            pool: id,
        },
    };
    pool.occupied += 1;
    set.put_pool(pool);
    Ok(Some(Grounds::of(&license, via)))
}

/// The first open pool of a step that may be given at sign-in and covers, the best access
/// first.
fn first_given(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    spot: Spot,
    ask: &Ask,
) -> Result<Option<PoolId>, Stop> {
    coverage::first_open(set, now, spot, ask, |license| {
        let is_held = license.terms.model == Model::Dedicated && grant::holds(set, user, license)?;
        Ok(license.gives_at_sign_in() && !is_held)
    })
}
