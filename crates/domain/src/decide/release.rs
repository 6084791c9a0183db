//! Giving back: a dedicated seat, a unit of a pool (S4, S6), and recalls (S10, S11).

use super::record::{Facts, SeatFacts, of_seat, record};
use super::{Context, Stop, borrow, people, reach, sessions};
use crate::command::{Target, UserRef};
use crate::event::EventKind;
use crate::ids::{LicenseId, PersonId, PoolId, ProductId, UserId};
use crate::outcome::{Outcome, RecallAnswer, RecallCode};
use crate::pool::Pool;
use crate::refusal::Refusal;
use crate::seat::{Seat, Source, Sources};
use crate::session::{EndReason, Session, Via};
use crate::set::WorkingSet;

/// One unit of a pool becomes free. A pool with nothing left in it goes.
pub(super) fn give_back_unit(set: &mut WorkingSet, id: PoolId) -> Result<(), Stop> {
    let mut pool = set.pool(id)?.clone();
    pool.occupied = pool.occupied.saturating_sub(1);
    put_or_delete(set, pool);
    Ok(())
}

/// Writes a pool, or deletes it when it has no seats and nobody in it.
pub(super) fn put_or_delete(set: &mut WorkingSet, pool: Pool) {
    if pool.size == 0 && pool.occupied == 0 {
        set.delete_pool(&pool);
    } else {
        set.put_pool(pool);
    }
}

/// Frees a dedicated seat. In an over-allocated pool the longest-held unbacked seat moves up.
pub(super) fn free(
    set: &mut WorkingSet,
    context: &Context<'_>,
    seat: &Seat,
    why: &str,
) -> Result<(), Stop> {
    let license = set.license(seat.license)?;
    let pool = set.pool(seat.pool)?;
    let moves_up = !seat.unbacked && pool.is_over_allocated();
    let facts = Facts::before(&SeatFacts::of(seat, license, pool)).why(why);
    record(set, context, EventKind::SeatReleased, of_seat(seat), facts);
    set.delete_seat(seat);
    give_back_unit(set, seat.pool)?;
    back_seats(set, context, seat.pool, u32::from(moves_up))
}

/// So many unbacked seats of a pool are backed now, longest held first.
pub(super) fn back_seats(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: PoolId,
    count: u32,
) -> Result<(), Stop> {
    for _ in 0..count {
        let Some(seat) = set.first_unbacked(id)?.and_then(|id| set.known_seat(id)) else {
            break;
        };
        let seat = Seat {
            unbacked: false,
            ..seat.clone()
        };
        let facts = Facts::after(&SeatFacts::of(
            &seat,
            set.license(seat.license)?,
            set.pool(id)?,
        ));
        record(set, context, EventKind::SeatBacked, of_seat(&seat), facts);
        set.put_seat(seat);
    }
    Ok(())
}

/// The person's live sessions that a dedicated seat of the product carries.
pub(super) fn carried(
    set: &WorkingSet,
    person: PersonId,
    product: ProductId,
) -> Result<Vec<Session>, Stop> {
    let sessions = set.sessions(person, product)?;
    Ok(sessions
        .filter(|s| matches!(s.via, Via::Dedicated { .. }))
        .cloned()
        .collect())
}

/// Frees every seat of a person in a product that waited for the sessions before its release,
/// and waits no longer (S4).
pub(super) fn free_released(
    set: &mut WorkingSet,
    context: &Context<'_>,
    person: PersonId,
    product: ProductId,
) -> Result<(), Stop> {
    let releasing: Vec<Seat> = set
        .seats(person, product)?
        .filter(|seat| seat.releasing_since.is_some())
        .cloned()
        .collect();
    if releasing.is_empty() {
        return Ok(());
    }
    let carried = carried(set, person, product)?;
    for seat in releasing {
        let waits = carried.iter().any(|session| {
            seat.releasing_since
                .is_some_and(|since| session.started_at <= since)
        });
        if !waits {
            free(set, context, &seat, "its last session ended")?;
        }
    }
    Ok(())
}

/// Releases a seat: at once when no live session stands on it, else when the last one ends;
/// with `now` it ends them (S4), but for borrowed ones, which hold it to their end (H5).
pub(super) fn release(
    set: &mut WorkingSet,
    context: &Context<'_>,
    seat: &Seat,
    now: bool,
    why: &str,
) -> Result<RecallCode, Stop> {
    sessions::reclaim_of(set, context, seat.person, seat.product)?;
    // Since it was looked up it may have moved up, or be free.
    let Some(seat) = set.known_seat(seat.id).cloned() else {
        return Ok(RecallCode::Released);
    };
    let live = carried(set, seat.person, seat.product)?;
    let is_borrowed = live.iter().any(|session| session.is_borrowed(context.now));
    if now {
        for session in &live {
            borrow::end_or_close(set, context, session, EndReason::SeatRecalled)?;
        }
    }
    if is_borrowed || !(now || live.is_empty()) {
        if seat.releasing_since.is_none() {
            let releasing = Seat {
                releasing_since: Some(context.now),
                ..seat
            };
            let facts = SeatFacts::of(&releasing, set.license(seat.license)?, set.pool(seat.pool)?);
            let facts = Facts::after(&facts).why(why);
            record(
                set,
                context,
                EventKind::SeatReleasing,
                of_seat(&releasing),
                facts,
            );
            set.put_seat(releasing);
        }
        return Ok(if is_borrowed {
            RecallCode::Borrowed
        } else {
            RecallCode::Releasing
        });
    }
    // Ending the sessions may have freed it, where it was being released before.
    if let Some(seat) = set.known_seat(seat.id).cloned() {
        free(set, context, &seat, why)?;
    }
    Ok(RecallCode::Released)
}

/// S4, S10, S11: takes the seats of a target from a user.
pub(super) fn recall(
    set: &mut WorkingSet,
    context: &Context<'_>,
    user: &UserRef,
    target: &Target,
    source: Option<Source>,
    now: bool,
) -> Result<Outcome, Stop> {
    let none = |code, user: Option<UserId>| {
        Ok(Outcome::Recall(vec![RecallAnswer {
            code,
            user,
            license: None,
            left: Sources::default(),
        }]))
    };
    let Some(user) = people::find(set, user)?.cloned() else {
        return none(RecallCode::UnknownUser, None);
    };
    let (product, license) = match target {
        Target::Product(code, _) => match set.find_product_code(&code.key())? {
            Some(product) => (product.id, None),
            None => return Err(Refusal::UnknownProduct(code.to_string()).into()),
        },
        Target::License(id) => match set.find_license(*id)? {
            Some(license) => (license.product, Some(*id)),
            None => return Err(Refusal::UnknownLicense.into()),
        },
    };
    // What waited for sessions that have lapsed is free already (H2, S4).
    sessions::reclaim_of(set, context, user.person, product)?;
    let seats: Vec<Seat> = set
        .seats(user.person, product)?
        .filter(|seat| license.is_none_or(|id| seat.license == id))
        .filter(|seat| source.is_none_or(|source| seat.sources.contains(source)))
        .cloned()
        .collect();
    let seats = of_reach(set, context, seats)?;
    if seats.is_empty() {
        return none(RecallCode::NotHeld, Some(user.id));
    }
    let mut answers = Vec::with_capacity(seats.len());
    for seat in seats {
        // From a seat that is being released, every source was taken already.
        let left = match source {
            Some(source) if seat.releasing_since.is_none() => seat.sources.without(source),
            _ => Sources::default(),
        };
        let serial = set.license(seat.license)?.terms.serial.clone();
        let code = if left.is_empty() {
            release(set, context, &seat, now, "recalled")?
        } else {
            let after = Seat {
                sources: left,
                ..seat.clone()
            };
            change_sources(set, context, &seat, after)?;
            RecallCode::StillHeld
        };
        answers.push(RecallAnswer {
            code,
            user: Some(user.id),
            license: Some((seat.license, serial)),
            left,
        });
    }
    Ok(Outcome::Recall(answers))
}

/// Those of some seats that the actor reaches; where there are seats, but none of these, that is
/// refused.
fn of_reach(set: &WorkingSet, context: &Context<'_>, seats: Vec<Seat>) -> Result<Vec<Seat>, Stop> {
    let all = seats.len();
    let mut inside = Vec::with_capacity(all);
    for seat in seats {
        if reach::reaches_pool(set, context.actor, seat.pool)? {
            inside.push(seat);
        }
    }
    if inside.is_empty() && all > 0 {
        return Err(reach::outside(set, context.actor)?);
    }
    Ok(inside)
}

/// S11: other sources stand behind an assignment now; `after` is the seat with them.
pub(super) fn change_sources(
    set: &mut WorkingSet,
    context: &Context<'_>,
    before: &Seat,
    after: Seat,
) -> Result<(), Stop> {
    let (license, pool) = (set.license(before.license)?, set.pool(before.pool)?);
    let facts = Facts::change(
        &SeatFacts::of(before, license, pool),
        &SeatFacts::of(&after, license, pool),
    );
    record(
        set,
        context,
        EventKind::SeatSourcesChanged,
        of_seat(before),
        facts,
    );
    set.put_seat(after);
    Ok(())
}

/// S4: a seat that is being released is kept after all.
pub(super) fn cancel(
    set: &mut WorkingSet,
    context: &Context<'_>,
    user: &UserRef,
    license: LicenseId,
) -> Result<Outcome, Stop> {
    let user = people::get(set, user)?.clone();
    let license = set.find_license(license)?.ok_or(Refusal::UnknownLicense)?;
    let (product, id) = (license.product, license.id);
    // What has lapsed frees the seat; then there is nothing left to cancel.
    sessions::reclaim_of(set, context, user.person, product)?;
    let pending = set
        .seats(user.person, product)?
        .find(|seat| seat.license == id && seat.releasing_since.is_some())
        .cloned();
    let Some(seat) = pending else {
        return Ok(Outcome::ReleaseCancelled(false));
    };
    // A borrowed seat outlives the deactivation of its holder, but only until the loan ends (H5, S8).
    let holder = set.find_user(seat.user)?.unwrap_or(&user);
    if !holder.active {
        return Err(Refusal::UserInactive(holder.username.clone()).into());
    }
    keep(set, context, &seat, seat.sources)?;
    Ok(Outcome::ReleaseCancelled(true))
}

/// Takes back a pending release; these sources stand behind the assignment from now on.
pub(super) fn keep(
    set: &mut WorkingSet,
    context: &Context<'_>,
    seat: &Seat,
    sources: Sources,
) -> Result<(), Stop> {
    let kept = Seat {
        releasing_since: None,
        sources,
        ..seat.clone()
    };
    let facts = SeatFacts::of(&kept, set.license(seat.license)?, set.pool(seat.pool)?);
    record(
        set,
        context,
        EventKind::SeatReleaseCancelled,
        of_seat(seat),
        Facts::after(&facts),
    );
    set.put_seat(kept);
    Ok(())
}
