//! Seats change places: between folders (P1), and from an old license to a new one (L10).

use std::collections::BTreeMap;

use super::record::{Facts, of_license, record};
use super::{Context, Stop, capacity, grant, people, release, resettle, sessions};
use crate::command::{Holder, UserRef};
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId};
use crate::license::{License, Model};
use crate::outcome::{Displaced, Fate, Outcome, RecallCode};
use crate::pool::Pool;
use crate::refusal::Refusal;
use crate::seat::Seat;
use crate::set::WorkingSet;

/// P1: free seats go to another folder.
pub(super) fn move_seats(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
    from: FolderId,
    to: FolderId,
    count: u32,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    if license.terms.model == Model::Site {
        return Err(Refusal::NoSeats(license.terms.serial.clone()).into());
    }
    if count == 0 {
        return Err(Refusal::NothingToMove.into());
    }
    if !set.folder_exists(from)? || !set.folder_exists(to)? {
        return Err(Refusal::UnknownFolder.into());
    }
    let found = sessions::find_with_reclaim(set, context, license.product, |set| {
        let pool = capacity::find_pool_in(set, id, from)?;
        Ok(pool.filter(|pool| pool.free() >= count))
    })?;
    let Some(source) = found else {
        return Err(Refusal::NotEnoughFreeSeats {
            wanted: count,
            free: capacity::find_pool_in(set, id, from)?.map_or(0, |pool| pool.free()),
        }
        .into());
    };
    if from == to {
        return Ok(Outcome::Done(false));
    }
    release::put_or_delete(
        set,
        Pool {
            size: source.size - count,
            ..source
        },
    );
    capacity::add_free(set, context, id, to, count)?;
    let facts = serde_json::json!({
        "serial": license.terms.serial, "from": from, "to": to, "seats": count,
    });
    record(
        set,
        context,
        EventKind::SeatsMoved,
        of_license(&license),
        Facts::after(&facts),
    );
    Ok(Outcome::Done(true))
}

/// P1: an occupied seat goes to another folder, its holder still in it.
pub(super) fn move_seat(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &UserRef,
    id: LicenseId,
    to: FolderId,
) -> Result<Outcome, Stop> {
    let user = people::get(set, user)?.clone();
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    if !set.folder_exists(to)? {
        return Err(Refusal::UnknownFolder.into());
    }
    let held = set
        .seats(user.person, license.product)?
        .find(|seat| seat.license == id)
        .cloned();
    let Some(seat) = held else {
        return Err(Refusal::NotHeld(license.terms.serial.clone()).into());
    };
    if seat.unbacked {
        return Err(Refusal::SeatUnbacked.into());
    }
    let from = set.pool(seat.pool)?.clone();
    if from.folder == to {
        return Ok(Outcome::Done(false));
    }
    let target = capacity::pool_in(set, context, id, to)?;
    let target = Pool {
        size: target.size + 1,
        occupied: target.occupied + 1,
        ..target
    };
    set.put_pool(target.clone());
    release::put_or_delete(
        set,
        Pool {
            size: from.size - 1,
            occupied: from.occupied - 1,
            ..from
        },
    );
    resettle::move_seat(set, context, &seat, &target, "moved to another folder")?;
    Ok(Outcome::Done(true))
}

/// L10: every holder of `old` gets a seat of `new` in the same folder.
pub(super) fn replace(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    old: LicenseId,
    new: LicenseId,
    partly: bool,
) -> Result<Outcome, Stop> {
    let old = set
        .find_license(old)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    let new = set
        .find_license(new)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    can_replace(&old, &new, context)?;
    // What lapsed sessions held is free (H2).
    sessions::reclaim_all(set, context, old.product)?;
    let mut holders = holders(set, &old)?;
    holders.sort_by_key(Seat::seniority);
    let wanting = wanting(set, &holders, &new)?;
    let wanted = wanting.values().sum();
    let free = free_of(set, new.id)?;
    if free < wanted && !partly {
        return Err(Refusal::TooFewSeats {
            old: old.terms.serial.clone(),
            new: new.terms.serial.clone(),
            free,
            holders: wanted,
        }
        .into());
    }
    move_pools_along(set, context, old.id, new.id, &wanting)?;
    let (mut moved, mut displaced) = (0, Vec::new());
    for seat in holders {
        let fate = carry_over(set, context, &seat, &new)?;
        moved += u32::from(fate != Some(Fate::LeftOut));
        if let Some(fate) = fate {
            displaced.push(Displaced {
                holder: Holder {
                    person: seat.person,
                    user: seat.user,
                },
                from: old.id,
                to: (fate != Fate::LeftOut).then_some(new.id),
                fate,
            });
        }
    }
    let facts = serde_json::json!({
        "old": old.terms.serial, "new": new.terms.serial, "moved": moved,
    });
    record(
        set,
        context,
        EventKind::LicenseReplaced,
        of_license(&old),
        Facts::after(&facts),
    );
    // The new one is offered from now on, also where it had been replaced itself.
    let taking_over = set.license(new.id)?.clone();
    if taking_over.replaced_by.is_some() {
        let facts = serde_json::json!({ "serial": taking_over.terms.serial });
        let facts = Facts::after(&facts).why("it is offered again");
        let subject = of_license(&taking_over);
        record(set, context, EventKind::LicenseReplaced, subject, facts);
        set.put_license(License {
            replaced_by: None,
            version: taking_over.version + 1,
            ..taking_over
        });
    }
    // Those left out keep the old license until it ends; nobody new gets it.
    set.put_license(License {
        replaced_by: Some(new.id),
        version: old.version + 1,
        ..old
    });
    Ok(Outcome::Replaced { moved, displaced })
}

fn can_replace(old: &License, new: &License, context: &Context<'_>) -> Result<(), Refusal> {
    let why = if old.id == new.id {
        "they are the same license"
    } else if old.product != new.product {
        "they are of different products"
    } else if old.terms.model != new.terms.model {
        "they are of different models"
    } else if old.removed_at.is_some() {
        "the old one was removed"
    } else if !new.is_assignable() {
        "the new one can't be assigned"
    } else if !new.is_usable(context.now) {
        "the new one is not in force"
    } else {
        return Ok(());
    };
    Err(Refusal::CannotReplace {
        old: old.terms.serial.clone(),
        new: new.terms.serial.clone(),
        why,
    })
}

/// The dedicated seats of a license that are held; those being released go their way.
fn holders(set: &WorkingSet, license: &License) -> Result<Vec<Seat>, Stop> {
    let mut seats = Vec::new();
    if license.terms.model != Model::Dedicated {
        return Ok(seats);
    }
    for person in set.holders_of(license.id)? {
        let of_person = set.seats(*person, license.product)?;
        seats.extend(
            of_person
                .filter(|seat| seat.license == license.id && seat.releasing_since.is_none())
                .cloned(),
        );
    }
    Ok(seats)
}

/// The seat of the new license that a holder of the old one has already.
fn twin(set: &WorkingSet, seat: &Seat, new: LicenseId) -> Result<Option<Seat>, Stop> {
    let mut seats = set.seats(seat.person, seat.product)?;
    Ok(seats.find(|other| other.license == new).cloned())
}

/// How many seats of the new license are wanted, by folder. Whoever has one already needs
/// none; an unbacked one is worth nothing, though nobody can have two.
fn wanting(
    set: &WorkingSet,
    holders: &[Seat],
    new: &License,
) -> Result<BTreeMap<FolderId, u32>, Stop> {
    let mut wanting = BTreeMap::new();
    for seat in holders {
        if twin(set, seat, new.id)?.is_none_or(|twin| twin.unbacked) {
            *wanting.entry(set.pool(seat.pool)?.folder).or_default() += 1;
        }
    }
    Ok(wanting)
}

fn free_of(set: &WorkingSet, license: LicenseId) -> Result<u32, Stop> {
    let mut free = 0;
    for pool in set.pools_of(license)? {
        free += set.pool(*pool)?.free();
    }
    Ok(free)
}

/// Free seats of the new license go from the root to where the old one's stand: first as many
/// as are wanted there, then as many as there are, as far as the root itself can spare them.
fn move_pools_along(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    old: LicenseId,
    new: LicenseId,
    wanting: &BTreeMap<FolderId, u32>,
) -> Result<(), Stop> {
    let mut sizes: BTreeMap<FolderId, u32> = BTreeMap::new();
    for id in set.pools_of(old)? {
        let pool = set.pool(*id)?;
        sizes.insert(pool.folder, pool.size);
    }
    let wanted_in_root = wanting.get(&FolderId::ROOT).copied().unwrap_or(0);
    for (folder, seats) in wanting.iter().chain(&sizes) {
        if *folder == FolderId::ROOT {
            continue;
        }
        let there = capacity::pool_in(set, context, new, *folder)?.free();
        let root = capacity::pool_in(set, context, new, FolderId::ROOT)?;
        let spare = root.free().saturating_sub(wanted_in_root);
        let count = seats.saturating_sub(there).min(spare);
        if count > 0 {
            let size = root.size - count;
            release::put_or_delete(set, Pool { size, ..root });
            capacity::add_free(set, context, new, *folder, count)?;
        }
    }
    Ok(())
}

/// One holder gets a seat of the new license and gives the old one up. `None`: simply moved.
fn carry_over(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    seat: &Seat,
    new: &License,
) -> Result<Option<Fate>, Stop> {
    if let Some(twin) = twin(set, seat, new.id)? {
        if twin.unbacked {
            return Ok(Some(Fate::LeftOut));
        }
        let sources = twin.sources.union(seat.sources);
        if twin.releasing_since.is_some() {
            release::keep(set, context, &twin, seat.sources)?;
        } else if sources != twin.sources {
            let after = Seat {
                sources,
                ..twin.clone()
            };
            release::change_sources(set, context, &twin, after)?;
        }
    } else {
        let folder = set.pool(seat.pool)?.folder;
        let mut target: Option<&Pool> = None;
        for id in set.pools_of(new.id)? {
            let pool = set.pool(*id)?;
            let better = target.is_none_or(|best| {
                (pool.folder != folder, pool.id) < (best.folder != folder, best.id)
            });
            if pool.free() > 0 && better {
                target = Some(pool);
            }
        }
        let Some(pool) = target.map(|pool| pool.id) else {
            return Ok(Some(Fate::LeftOut));
        };
        let holder = Holder {
            person: seat.person,
            user: seat.user,
        };
        let why = "replaces an older license";
        grant::assign_to(set, context, pool, holder, seat.sources, why)?;
    }
    let code = release::release(set, context, seat, false, "replaced by a newer license")?;
    Ok((code == RecallCode::Releasing).then_some(Fate::Releasing))
}
