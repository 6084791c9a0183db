//! Giving a dedicated seat: by hand, by rule, at sign-in (S2, S3, S5).

use super::record::{Facts, SeatFacts, of_seat, record};
use super::{Context, Stop, coverage, people, reach, release, sessions};
use crate::actor::Actor;
use crate::command::{Holder, Target, UserRef};
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId, PoolId, ProductId, SeatId};
use crate::license::{License, Model, State};
use crate::names::ProductCode;
use crate::outcome::{GrantAnswer, GrantCode, Outcome};
use crate::policy::Place;
use crate::refusal::Refusal;
use crate::seat::{Seat, Source, Sources};
use crate::session::Ask;
use crate::set::{Spot, WorkingSet};
use crate::time::{Millis, Timestamp};
use crate::user::User;

/// S3.
pub(super) fn grant(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &UserRef,
    target: &Target,
    source: Source,
) -> Result<Outcome, Stop> {
    let Some(user) = people::find(set, user)?.cloned() else {
        return Ok(Outcome::Grant(GrantAnswer {
            code: GrantCode::UnknownUser,
            user: None,
            license: None,
            seat: None,
        }));
    };
    if !user.active {
        return Ok(answer(&user, GrantCode::UserInactive, None, None));
    }
    match target {
        Target::Product(code, ask) => of_product(set, context, &user, code, ask, source),
        Target::License(id) => of_license(set, context, &user, *id, source),
    }
}

fn answer(
    user: &User,
    code: GrantCode,
    license: Option<&License>,
    seat: Option<SeatId>,
) -> Outcome {
    Outcome::Grant(GrantAnswer {
        code,
        user: Some(user.id),
        license: license.map(|license| (license.id, license.terms.serial.clone())),
        seat,
    })
}

fn of_product(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    code: &ProductCode,
    ask: &Ask,
    source: Source,
) -> Result<Outcome, Stop> {
    let Some(product) = set
        .find_product_code(&code.key())?
        .map(|product| product.id)
    else {
        return Err(Refusal::UnknownProduct(code.to_string()).into());
    };
    // A release that waits for nobody any more is over (H2).
    sessions::reclaim_of(set, context, user.person, product)?;
    if let Some(seat) = held(set, context, user, product, ask)? {
        return already(set, context, user, &seat, source);
    }
    let now = context.now;
    let mut found = None;
    for place in set.policy().folder_search.clone() {
        // Nobody gives seats of a folder that they do not reach: their own is their root (R1).
        let folder = match folder_of(place, user) {
            FolderId::ROOT => reach::ground(context),
            folder => folder,
        };
        // Place by place: what lapsed sessions held in an earlier one comes first (H2).
        found = sessions::find_with_reclaim(set, context, product, |set| {
            first_free(set, now, user, (product, Model::Dedicated, folder), ask)
        })?;
        if found.is_some() {
            break;
        }
    }
    if let Some(pool) = found {
        let seat = assign(set, context, pool, user, source)?;
        let license = set.license(seat.license)?;
        return Ok(answer(
            user,
            GrantCode::Granted,
            Some(license),
            Some(seat.id),
        ));
    }
    // S5 found no other seat: one that is being released is kept.
    if let Some(seat) = pending(set, now, user, product, ask)? {
        release::keep(set, context, &seat, Sources::of(source))?;
        let license = set.license(seat.license)?;
        return Ok(answer(
            user,
            GrantCode::Granted,
            Some(license),
            Some(seat.id),
        ));
    }
    let code = why_not(set, now, product, ask)?;
    Ok(answer(user, code, None, None))
}

/// Why no seat of a product could be given: the nearest reason first.
fn why_not(
    set: &WorkingSet,
    now: Timestamp,
    product: ProductId,
    ask: &Ask,
) -> Result<GrantCode, Stop> {
    let mut reasons = Vec::new();
    for id in set.licenses_of(product)? {
        let license = set.license(*id)?;
        reasons.push(
            if license.terms.model != Model::Dedicated || !license.is_offered() {
                GrantCode::NotAssignable
            } else if !license.terms.covers(ask) {
                GrantCode::NotLicensed
            } else if !license.is_usable(now) {
                GrantCode::NotUsable
            } else {
                GrantCode::NoFreeSeat
            },
        );
    }
    let order = [
        GrantCode::NoFreeSeat,
        GrantCode::NotUsable,
        GrantCode::NotLicensed,
        GrantCode::NotAssignable,
    ];
    let nearest = order.into_iter().find(|code| reasons.contains(code));
    Ok(nearest.unwrap_or(GrantCode::NotLicensed))
}

/// A seat on which the user can work already, with what is asked.
fn held(
    set: &WorkingSet,
    context: &Context<'_>,
    user: &User,
    product: ProductId,
    ask: &Ask,
) -> Result<Option<Seat>, Stop> {
    let mut usable = Vec::new();
    for seat in set
        .seats(user.person, product)?
        .filter(|seat| seat.is_held())
    {
        let license = set.license(seat.license)?;
        if license.is_usable(context.now) {
            usable.push(license);
        }
    }
    let Some(covers) = coverage::together(&usable, ask) else {
        return Ok(None);
    };
    let id = covers.first.id;
    Ok(set
        .seats(user.person, product)?
        .find(|seat| seat.license == id)
        .cloned())
}

/// A seat that is being released and would do.
fn pending(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    product: ProductId,
    ask: &Ask,
) -> Result<Option<Seat>, Stop> {
    for seat in set.seats(user.person, product)? {
        let license = set.license(seat.license)?;
        if seat.releasing_since.is_some()
            && !seat.unbacked
            && license.is_usable(now)
            && license.terms.covers(ask)
        {
            return Ok(Some(seat.clone()));
        }
    }
    Ok(None)
}

/// S2: what is held already stays as it is; a further source stands behind it (S11).
fn already(
    set: &mut WorkingSet,
    context: &Context<'_>,
    user: &User,
    seat: &Seat,
    source: Source,
) -> Result<Outcome, Stop> {
    if !seat.sources.contains(source) {
        let after = Seat {
            sources: seat.sources.with(source),
            ..seat.clone()
        };
        release::change_sources(set, context, seat, after)?;
    }
    let license = set.license(seat.license)?;
    Ok(answer(
        user,
        GrantCode::AlreadyHeld,
        Some(license),
        Some(seat.id),
    ))
}

/// S3: the first free dedicated seat of a place that covers, the best access first.
fn first_free(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    spot: Spot,
    ask: &Ask,
) -> Result<Option<PoolId>, Stop> {
    coverage::first_open(set, now, spot, ask, |license| {
        Ok(license.is_offered() && !holds(set, user, license)?)
    })
}

/// The folder that a place means for a user.
pub(super) const fn folder_of(place: Place, user: &User) -> FolderId {
    match place {
        Place::UserFolder => user.folder,
        Place::Root => FolderId::ROOT,
    }
}

/// Whether the person has a seat of a license, held or releasing (S2).
pub(super) fn holds(
    set: &WorkingSet,
    user: &User,
    license: &License,
) -> Result<bool, crate::set::Need> {
    Ok(set
        .seats(user.person, license.product)?
        .any(|seat| seat.license == license.id))
}

fn of_license(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    id: LicenseId,
    source: Source,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    if license.terms.model != Model::Dedicated || !license.is_assignable() {
        return Ok(answer(user, GrantCode::NotAssignable, Some(&license), None));
    }
    let state = license.state(context.now, Millis::ZERO);
    if matches!(state, State::Expired | State::Revoked | State::Removed) {
        return Ok(answer(user, GrantCode::NotUsable, Some(&license), None));
    }
    // A release that waits for nobody any more is over (H2).
    sessions::reclaim_of(set, context, user.person, license.product)?;
    let held = set
        .seats(user.person, license.product)?
        .find(|seat| seat.license == id)
        .cloned();
    if let Some(seat) = held {
        if seat.releasing_since.is_some() {
            release::keep(set, context, &seat, Sources::of(source))?;
            return Ok(answer(
                user,
                GrantCode::Granted,
                Some(&license),
                Some(seat.id),
            ));
        }
        return already(set, context, user, &seat, source);
    }
    let places = set.policy().folder_search.clone();
    let actor = context.actor;
    let found = sessions::find_with_reclaim(set, context, license.product, |set| {
        free_pool_of(set, actor, user, id, &places)
    })?;
    let Some(pool) = found else {
        return Ok(answer(user, GrantCode::NoFreeSeat, Some(&license), None));
    };
    let seat = assign(set, context, pool, user, source)?;
    Ok(answer(
        user,
        GrantCode::Granted,
        Some(&license),
        Some(seat.id),
    ))
}

/// A pool of exactly this license with a free seat: where the policy looks first, then
/// wherever the actor reaches one.
pub(super) fn free_pool_of(
    set: &WorkingSet,
    actor: &Actor,
    user: &User,
    license: LicenseId,
    places: &[Place],
) -> Result<Option<PoolId>, Stop> {
    let mut best = None;
    for id in set.pools_of(license)? {
        let pool = set.pool(*id)?;
        if pool.free() == 0 || !reach::reaches(set, actor, pool.folder)? {
            continue;
        }
        let place = places
            .iter()
            .position(|place| folder_of(*place, user) == pool.folder);
        let rank = (place.unwrap_or(places.len()), pool.id);
        if best.is_none_or(|best| rank < best) {
            best = Some(rank);
        }
    }
    Ok(best.map(|(_, pool)| pool))
}

/// A free seat of a pool becomes the user's.
pub(super) fn assign(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    pool: PoolId,
    user: &User,
    source: Source,
) -> Result<Seat, Stop> {
    let holder = Holder {
        person: user.person,
        user: user.id,
    };
    assign_to(
        set,
        context,
        pool,
        holder,
        Sources::of(source),
        source.code(),
    )
}

/// A free seat of a pool becomes a person's, with the sources of an assignment that it follows.
pub(super) fn assign_to(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    pool: PoolId,
    holder: Holder,
    sources: Sources,
    why: &str,
) -> Result<Seat, Stop> {
    let mut pool = set.pool(pool)?.clone();
    let seat = Seat {
        id: context.ids.fresh(),
        pool: pool.id,
        license: pool.license,
        product: pool.product,
        person: holder.person,
        user: holder.user,
        assigned_at: context.now,
        sources,
        releasing_since: None,
        unbacked: false,
    };
    let facts = SeatFacts::of(&seat, set.license(pool.license)?, &pool);
    let facts = Facts::after(&facts).why(why);
    record(set, context, EventKind::SeatAssigned, of_seat(&seat), facts);
    pool.occupied += 1;
    set.put_pool(pool);
    set.put_seat(seat.clone());
    Ok(seat)
}
