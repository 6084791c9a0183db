//! More or fewer seats: where they come and go, who loses, and where those move (L9, S13).

use super::record::{Facts, SeatFacts, of_seat, of_session, record};
use super::{Context, Stop, release};
use crate::command::Holder;
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId, PersonId, PoolId, ProductId};
use crate::license::{CountedBy, License, Model};
use crate::names::Serial;
use crate::outcome::{Displaced, Fate};
use crate::pool::Pool;
use crate::seat::Seat;
use crate::session::{Session, Via};
use crate::set::WorkingSet;
use crate::time::Timestamp;

/// Brings the pools of a license to its capacity (P2). Returns who was affected, in the
/// order in which they were served: longest held first.
pub(super) fn fit(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
    folder: FolderId,
) -> Result<Vec<Displaced>, Stop> {
    let license = set.license(id)?;
    if license.terms.model == Model::Site {
        return Ok(Vec::new());
    }
    let capacity = license.capacity();
    let pools = pools(set, id)?;
    let size: u32 = pools.iter().map(|pool| pool.size).sum();
    if capacity >= size {
        grow(set, context, id, folder, &pools, capacity - size)?;
        Ok(Vec::new())
    } else {
        shrink(set, context, id, pools, size - capacity)
    }
}

fn pools(set: &WorkingSet, license: LicenseId) -> Result<Vec<Pool>, Stop> {
    let mut pools = Vec::new();
    for id in set.pools_of(license)? {
        pools.push(set.pool(*id)?.clone());
    }
    pools.sort_by_key(|pool| pool.id);
    Ok(pools)
}

/// New seats first back what is unbacked; the rest stands in the given folder.
fn grow(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: LicenseId,
    folder: FolderId,
    pools: &[Pool],
    mut seats: u32,
) -> Result<(), Stop> {
    for pool in pools {
        let backed = pool.unbacked().min(seats);
        if backed > 0 {
            seats -= backed;
            set.put_pool(Pool {
                size: pool.size + backed,
                ..pool.clone()
            });
            release::back_seats(set, context, pool.id, backed)?;
        }
    }
    add_free(set, context, license, folder, seats)
}

/// Adds free seats of a license to its pool in a folder, which is made where there is none.
pub(super) fn add_free(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: LicenseId,
    folder: FolderId,
    seats: u32,
) -> Result<(), Stop> {
    if seats == 0 {
        return Ok(());
    }
    let pool = pool_in(set, context, license, folder)?;
    let backed = pool.unbacked().min(seats);
    let id = pool.id;
    set.put_pool(Pool {
        size: pool.size + seats,
        ..pool
    });
    release::back_seats(set, context, id, backed)
}

/// The pool of a license in a folder.
pub(super) fn find_pool_in(
    set: &WorkingSet,
    license: LicenseId,
    folder: FolderId,
) -> Result<Option<Pool>, Stop> {
    let mut pools = pools(set, license)?.into_iter();
    Ok(pools.find(|pool| pool.folder == folder))
}

/// The pool of a license in a folder, or a new and empty one that is not written yet.
pub(super) fn pool_in(
    set: &WorkingSet,
    context: &mut Context<'_>,
    license: LicenseId,
    folder: FolderId,
) -> Result<Pool, Stop> {
    if let Some(pool) = find_pool_in(set, license, folder)? {
        return Ok(pool);
    }
    Ok(Pool {
        id: context.ids.fresh(),
        license,
        product: set.license(license)?.product,
        folder,
        size: 0,
        occupied: 0,
    })
}

/// Free seats go first: the root's, then those of the folder with most free (L9).
fn shrink(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: LicenseId,
    mut pools: Vec<Pool>,
    mut seats: u32,
) -> Result<Vec<Displaced>, Stop> {
    pools.sort_by_key(|pool| {
        (
            pool.folder != FolderId::ROOT,
            u32::MAX - pool.free(),
            pool.id,
        )
    });
    for pool in pools {
        let cut = pool.free().min(seats);
        if cut > 0 {
            seats -= cut;
            release::put_or_delete(
                set,
                Pool {
                    size: pool.size - cut,
                    ..pool
                },
            );
        }
    }
    if seats == 0 {
        return Ok(Vec::new());
    }
    let mut occupants = occupants(set, license)?;
    occupants.retain(|occupant| !occupant.is_unbacked());
    occupants.sort_by_key(Occupant::seniority);
    // The latest-assigned lose; among them the longest-held are served first.
    let first = occupants.len().saturating_sub(seats as usize);
    let losers = occupants.split_off(first);
    for loser in &losers {
        let pool = set.pool(loser.pool())?.clone();
        set.put_pool(Pool {
            size: pool.size.saturating_sub(1),
            ..pool
        });
    }
    let mut displaced = Vec::with_capacity(losers.len());
    let mut refuges = Refuges::of(set, context, license)?;
    for loser in losers {
        displaced.push(resettle(set, context, license, loser, &mut refuges)?);
    }
    Ok(displaced)
}

/// Whoever occupies one unit of a pool.
enum Occupant {
    Seat(Seat),
    /// The sessions that share one floating seat, the first first.
    Sessions(Vec<Session>),
}

impl Occupant {
    fn pool(&self) -> PoolId {
        match self {
            Self::Seat(seat) => seat.pool,
            Self::Sessions(sessions) => sessions[0]
                .via
                .floating_pool()
                .expect("only floating sessions are gathered"),
        }
    }

    fn person(&self) -> PersonId {
        match self {
            Self::Seat(seat) => seat.person,
            Self::Sessions(sessions) => sessions[0].person,
        }
    }

    fn holder(&self) -> Holder {
        let user = match self {
            Self::Seat(seat) => seat.user,
            Self::Sessions(sessions) => sessions[0].user,
        };
        Holder {
            person: self.person(),
            user,
        }
    }

    fn is_unbacked(&self) -> bool {
        matches!(self, Self::Seat(seat) if seat.unbacked)
    }

    fn seniority(&self) -> (Timestamp, uuid::Uuid) {
        match self {
            Self::Seat(seat) => (seat.assigned_at, seat.id.0),
            Self::Sessions(sessions) => (sessions[0].started_at, sessions[0].id.0),
        }
    }
}

fn occupants(set: &WorkingSet, id: LicenseId) -> Result<Vec<Occupant>, Stop> {
    let license = set.license(id)?;
    let mut found = Vec::new();
    for person in set.holders_of(id)? {
        if license.terms.model == Model::Dedicated {
            let seats = set.seats(*person, license.product)?;
            found.extend(
                seats
                    .filter(|s| s.license == id)
                    .cloned()
                    .map(Occupant::Seat),
            );
            continue;
        }
        let mut sessions: Vec<Session> = set
            .sessions(*person, license.product)?
            .filter(|s| s.via.floating_pool().is_some() && s.via.license() == Some(id))
            .cloned()
            .collect();
        sessions.sort_by_key(|session| (session.started_at, session.id));
        match license.terms.counted_by {
            CountedBy::User if !sessions.is_empty() => found.push(Occupant::Sessions(sessions)),
            CountedBy::User => {}
            CountedBy::Session => {
                found.extend(
                    sessions
                        .into_iter()
                        .map(|session| Occupant::Sessions(vec![session])),
                );
            }
        }
    }
    Ok(found)
}

/// Other licenses that could take displaced holders, earliest expiry first (L9).
struct Refuges {
    licenses: Vec<(Timestamp, Serial, LicenseId)>,
}

impl Refuges {
    fn of(set: &WorkingSet, context: &Context<'_>, id: LicenseId) -> Result<Self, Stop> {
        let gone = set.license(id)?;
        let mut licenses = Vec::new();
        for other in set.licenses_of(gone.product)? {
            let other = set.license(*other)?;
            if other.id != id && is_refuge(other, gone, context.now) {
                licenses.push((other.terms.expires_at, other.terms.serial.clone(), other.id));
            }
        }
        licenses.sort();
        Ok(Self { licenses })
    }

    /// The pool that takes an occupant: of the same folder first.
    fn find(
        &mut self,
        set: &WorkingSet,
        product: ProductId,
        occupant: &Occupant,
    ) -> Result<Option<Pool>, Stop> {
        let folder = set.pool(occupant.pool())?.folder;
        let mut elsewhere = None;
        for (_, _, id) in &self.licenses {
            let taken = match occupant {
                Occupant::Seat(seat) => set
                    .seats(seat.person, product)?
                    .any(|other| other.license == *id),
                Occupant::Sessions(_) => false,
            };
            if taken {
                continue;
            }
            for pool in pools(set, *id)?.into_iter().filter(|pool| pool.free() > 0) {
                if pool.folder == folder {
                    return Ok(Some(pool));
                }
                elsewhere.get_or_insert(pool);
            }
        }
        Ok(elsewhere)
    }
}

fn is_refuge(other: &License, gone: &License, now: Timestamp) -> bool {
    other.terms.model == gone.terms.model
        && other.terms.counted_by == gone.terms.counted_by
        && other.is_usable(now)
        && other.is_assignable()
        && other.terms.covers_all_of(&gone.terms)
}

/// Moves an occupant to another license's pool, or leaves it unbacked (L9).
fn resettle(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    from: LicenseId,
    occupant: Occupant,
    refuges: &mut Refuges,
) -> Result<Displaced, Stop> {
    let product = set.license(from)?.product;
    let holder = occupant.holder();
    let answer = |to, fate| Displaced {
        holder,
        from,
        to,
        fate,
    };
    if let Occupant::Seat(seat) = &occupant
        && seat.releasing_since.is_some()
    {
        unback(set, context, seat)?;
        return Ok(answer(None, Fate::Releasing));
    }
    let Some(refuge) = refuges.find(set, product, &occupant)? else {
        if let Occupant::Seat(seat) = &occupant {
            unback(set, context, seat)?;
        }
        return Ok(answer(None, Fate::Unbacked));
    };
    let to = refuge.license;
    release::give_back_unit(set, occupant.pool())?;
    set.put_pool(Pool {
        occupied: refuge.occupied + 1,
        ..refuge.clone()
    });
    match occupant {
        Occupant::Seat(seat) => move_seat(set, context, &seat, &refuge, "its license gave way")?,
        Occupant::Sessions(sessions) => {
            for session in sessions {
                let moved = Session {
                    via: Via::Floating {
                        license: to,
                        pool: refuge.id,
                    },
                    ..session
                };
                let serial = set.license(to)?.terms.serial.to_string();
                let facts = Facts::after(&serde_json::json!({ "serial": serial }));
                record(
                    set,
                    context,
                    EventKind::SessionMoved,
                    of_session(&moved),
                    facts,
                );
                set.put_session(moved);
            }
        }
    }
    Ok(answer(Some(to), Fate::Moved))
}

/// A seat becomes a unit of another pool. The pools' counts are the caller's.
pub(super) fn move_seat(
    set: &mut WorkingSet,
    context: &Context<'_>,
    seat: &Seat,
    to: &Pool,
    why: &str,
) -> Result<(), Stop> {
    let moved = Seat {
        pool: to.id,
        license: to.license,
        ..seat.clone()
    };
    // The pool that it leaves may be gone by now; its license tells enough.
    let before = serde_json::json!({ "serial": set.license(seat.license)?.terms.serial });
    let after = SeatFacts::of(&moved, set.license(to.license)?, to);
    let facts = Facts::change(&before, &after).why(why);
    record(set, context, EventKind::SeatMoved, of_seat(&moved), facts);
    set.put_seat(moved);
    Ok(())
}

fn unback(set: &mut WorkingSet, context: &Context<'_>, seat: &Seat) -> Result<(), Stop> {
    let unbacked = Seat {
        unbacked: true,
        ..seat.clone()
    };
    let facts = SeatFacts::of(&unbacked, set.license(seat.license)?, set.pool(seat.pool)?);
    record(
        set,
        context,
        EventKind::SeatUnbacked,
        of_seat(seat),
        Facts::after(&facts),
    );
    set.note_unbacked(seat.pool, seat.id);
    set.put_seat(unbacked);
    Ok(())
}

/// Counts the occupied units of a license anew, after a change of what takes one (L4).
pub(super) fn recount(set: &mut WorkingSet, id: LicenseId) -> Result<(), Stop> {
    let mut counts: Vec<(PoolId, u32)> = Vec::new();
    for occupant in occupants(set, id)? {
        let pool = occupant.pool();
        match counts.iter_mut().find(|(id, _)| *id == pool) {
            Some((_, count)) => *count += 1,
            None => counts.push((pool, 1)),
        }
    }
    for pool in pools(set, id)? {
        let count = counts
            .iter()
            .find(|(id, _)| *id == pool.id)
            .map_or(0, |(_, count)| *count);
        if pool.occupied != count {
            set.put_pool(Pool {
                occupied: count,
                ..pool
            });
        }
    }
    Ok(())
}
