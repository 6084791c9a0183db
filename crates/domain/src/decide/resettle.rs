//! Whoever loses a seat finds another, or is unbacked (L9).

use super::capacity::pools;
use super::record::{Facts, SeatFacts, of_seat, of_session, record};
use super::{Context, Stop, reach, release};
use crate::command::Holder;
use crate::event::EventKind;
use crate::ids::{LicenseId, PersonId, PoolId, ProductId};
use crate::license::{CountedBy, License, Model};
use crate::names::Serial;
use crate::outcome::{Displaced, Fate};
use crate::pool::Pool;
use crate::seat::Seat;
use crate::session::{Session, Via};
use crate::set::{Map, WorkingSet};
use crate::time::Timestamp;

/// Whoever occupies one unit of a pool.
pub(super) struct Occupant {
    /// What occupies it.
    pub(super) holds: Holds,
    /// Whether it is beyond what its pool has: a seat by its mark, sessions by being late.
    pub(super) unbacked: bool,
}

/// What occupies a unit of a pool.
pub(super) enum Holds {
    /// A dedicated seat.
    Seat(Seat),
    /// The sessions that share one floating seat, the first first; never none.
    Sessions(Vec<Session>),
}

impl Occupant {
    pub(super) fn pool(&self) -> PoolId {
        match &self.holds {
            Holds::Seat(seat) => seat.pool,
            Holds::Sessions(sessions) => sessions[0]
                .via
                .floating_pool()
                .expect("only floating sessions are gathered"),
        }
    }

    fn holder(&self) -> Holder {
        let (person, user) = match &self.holds {
            Holds::Seat(seat) => (seat.person, seat.user),
            Holds::Sessions(sessions) => (sessions[0].person, sessions[0].user),
        };
        Holder { person, user }
    }

    fn seniority(&self) -> (Timestamp, uuid::Uuid) {
        match &self.holds {
            Holds::Seat(seat) => (seat.assigned_at, seat.id.0),
            Holds::Sessions(sessions) => (sessions[0].started_at, sessions[0].id.0),
        }
    }
}

/// Everyone who occupies a unit of a license, longest held first.
pub(super) fn occupants(set: &WorkingSet, id: LicenseId) -> Result<Vec<Occupant>, Stop> {
    let license = set.license(id)?;
    let mut found = Vec::new();
    for person in set.holders_of(id)? {
        if license.terms.model == Model::Dedicated {
            let seats = set.seats(*person, license.product)?;
            found.extend(
                seats
                    .filter(|seat| seat.license == id)
                    .map(|seat| Occupant {
                        unbacked: seat.unbacked,
                        holds: Holds::Seat(seat.clone()),
                    }),
            );
        } else {
            let shares = floating(set, *person, license)?;
            found.extend(shares.into_iter().map(|sessions| Occupant {
                unbacked: false,
                holds: Holds::Sessions(sessions),
            }));
        }
    }
    found.sort_by_key(Occupant::seniority);
    if license.terms.model == Model::Floating {
        let mut seen: Map<PoolId, u32> = Map::default();
        for occupant in &mut found {
            let pool = set.pool(occupant.pool())?;
            let before = seen.entry(pool.id).or_default();
            occupant.unbacked = *before >= pool.size;
            *before += 1;
        }
    }
    Ok(found)
}

/// A person's sessions on a floating license, those together that share a seat (S6).
fn floating(
    set: &WorkingSet,
    person: PersonId,
    license: &License,
) -> Result<Vec<Vec<Session>>, Stop> {
    let mut sessions: Vec<Session> = set
        .sessions(person, license.product)?
        .filter(|s| s.via.floating_pool().is_some() && s.via.license() == Some(license.id))
        .cloned()
        .collect();
    sessions.sort_by_key(|session| (session.started_at, session.id));
    Ok(match license.terms.counted_by {
        CountedBy::User if sessions.is_empty() => Vec::new(),
        CountedBy::User => vec![sessions],
        CountedBy::Session => sessions.into_iter().map(|session| vec![session]).collect(),
    })
}

/// Other licenses that could take displaced holders, earliest expiry first (L9).
pub(super) struct Refuges {
    licenses: Vec<(Timestamp, Serial, LicenseId)>,
}

/// Where a displaced holder goes.
struct Refuge {
    pool: Pool,
    /// Whether the holder has a unit of that pool already, and shares it (S6).
    shared: bool,
}

impl Refuges {
    pub(super) fn of(set: &WorkingSet, context: &Context<'_>, id: LicenseId) -> Result<Self, Stop> {
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

    /// The pool that takes an occupant: one that it has a part in, else of the same folder
    /// first.
    fn find(
        &self,
        set: &WorkingSet,
        context: &Context<'_>,
        product: ProductId,
        occupant: &Occupant,
    ) -> Result<Option<Refuge>, Stop> {
        if let Some(pool) = self.shared_pool(set, product, occupant)? {
            return Ok(Some(Refuge { pool, shared: true }));
        }
        let folder = set.pool(occupant.pool())?.folder;
        let mut elsewhere = None;
        for (_, _, id) in &self.licenses {
            if let Holds::Seat(seat) = &occupant.holds {
                let mut seats = set.seats(seat.person, product)?;
                if seats.any(|other| other.license == *id) {
                    continue;
                }
            }
            for pool in pools(set, *id)?.into_iter().filter(|pool| pool.free() > 0) {
                if !reach::reaches(set, context.actor, pool.folder)? {
                    continue;
                }
                let is_near = pool.folder == folder;
                let refuge = Refuge {
                    pool,
                    shared: false,
                };
                if is_near {
                    return Ok(Some(refuge));
                }
                elsewhere.get_or_insert(refuge);
            }
        }
        Ok(elsewhere)
    }

    /// The pool in which whoever works on one of these licenses already has a seat, where
    /// that is counted by user.
    fn shared_pool(
        &self,
        set: &WorkingSet,
        product: ProductId,
        occupant: &Occupant,
    ) -> Result<Option<Pool>, Stop> {
        let Holds::Sessions(sessions) = &occupant.holds else {
            return Ok(None);
        };
        for (_, _, id) in &self.licenses {
            if set.license(*id)?.terms.counted_by == CountedBy::Session {
                continue;
            }
            let mut others = set.sessions(sessions[0].person, product)?;
            let other = others.find(|other| other.via.license() == Some(*id));
            if let Some(pool) = other.and_then(|other| other.via.floating_pool()) {
                return Ok(Some(set.pool(pool)?.clone()));
            }
        }
        Ok(None)
    }
}

fn is_refuge(other: &License, gone: &License, now: Timestamp) -> bool {
    other.terms.model == gone.terms.model
        && other.terms.counted_by == gone.terms.counted_by
        && other.is_usable(now)
        && other.is_assignable()
        && other.terms.covers_all_of(&gone.terms)
}

/// Moves an occupant to another license's pool, or leaves it unbacked (L9). None: it stays as
/// it was.
pub(super) fn resettle(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    from: LicenseId,
    occupant: Occupant,
    refuges: &Refuges,
) -> Result<Option<Displaced>, Stop> {
    let product = set.license(from)?.product;
    let holder = occupant.holder();
    let answer = |to, fate| {
        Some(Displaced {
            holder,
            from,
            to,
            fate,
        })
    };
    let is_releasing =
        matches!(&occupant.holds, Holds::Seat(seat) if seat.releasing_since.is_some());
    let refuge = if is_releasing {
        None
    } else {
        refuges.find(set, context, product, &occupant)?
    };
    let Some(refuge) = refuge else {
        if occupant.unbacked {
            return Ok(None);
        }
        if let Holds::Seat(seat) = &occupant.holds {
            unback(set, context, seat)?;
        }
        let fate = if is_releasing {
            Fate::Releasing
        } else {
            Fate::Unbacked
        };
        return Ok(answer(None, fate));
    };
    release::give_back_unit(set, occupant.pool())?;
    let to = refuge.pool;
    if !refuge.shared {
        set.put_pool(Pool {
            occupied: to.occupied + 1,
            ..to.clone()
        });
    }
    match occupant.holds {
        Holds::Seat(seat) => move_seat(set, context, &seat, &to, "its license gave way")?,
        Holds::Sessions(sessions) => {
            for session in sessions {
                move_session(set, context, session, &to)?;
            }
        }
    }
    Ok(answer(Some(to.license), Fate::Moved))
}

fn move_session(
    set: &mut WorkingSet,
    context: &Context<'_>,
    session: Session,
    to: &Pool,
) -> Result<(), Stop> {
    let moved = Session {
        via: Via::Floating {
            license: to.license,
            pool: to.id,
        },
        ..session
    };
    let serial = &set.license(to.license)?.terms.serial;
    let facts = Facts::after(&serde_json::json!({ "serial": serial }));
    record(
        set,
        context,
        EventKind::SessionMoved,
        of_session(&moved),
        facts,
    );
    set.put_session(moved);
    Ok(())
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
        unbacked: false,
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
