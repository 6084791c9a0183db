//! A replacement is undone: whoever can gets the old seat back, and gives the new one up (L10).

use super::record::{Facts, of_license, record};
use super::replace::free_pool;
use super::{Context, Stop, ask_for_all, capacity, grant, release, sessions};
use crate::command::Holder;
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId, PersonId, ReplacementId};
use crate::license::License;
use crate::outcome::{Outcome, Restored};
use crate::pool::Pool;
use crate::refusal::Refusal;
use crate::replacement::{Before, Carried, Got, MovedAlong, Replacement, RestoreCode};
use crate::seat::{Seat, Sources};
use crate::set::WorkingSet;

/// L10: gives back what a replacement of the last 24 hours took, as far as it can be given.
pub(super) fn undo(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: ReplacementId,
) -> Result<Outcome, Stop> {
    let replacement = set
        .find_replacement(id)?
        .cloned()
        .ok_or(Refusal::UnknownReplacement)?;
    if replacement.undone_at.is_some() {
        return Err(Refusal::AlreadyUndone.into());
    }
    if context.now >= replacement.undo_until() {
        return Err(Refusal::TooLateToUndo.into());
    }
    for taken in &replacement.new {
        let license = set.license(taken.license)?;
        if license.replaced_by.is_some() {
            return Err(Refusal::ReplacedSince(license.terms.serial.clone()).into());
        }
    }
    ask_ahead(set, &replacement)?;
    // What lapsed sessions held is free (H2).
    if let Some(taken) = replacement.old.first() {
        let product = set.license(taken.license)?.product;
        sessions::reclaim_all(set, context, product)?;
    }
    let mut answers = Vec::with_capacity(replacement.carried.len());
    for carried in &replacement.carried {
        let (person, code) = restore(set, context, carried)?;
        answers.push(Restored {
            holder: Holder {
                person,
                user: carried.user,
            },
            license: carried.from,
            code,
        });
    }
    for moved in replacement.moved.iter().rev() {
        move_back(set, context, *moved)?;
    }
    offer_as_before(set, context, &replacement, &answers)?;
    set.put_replacement(Replacement {
        undone_at: Some(context.now),
        ..replacement
    });
    Ok(Outcome::ReplacementUndone(answers))
}

/// What restoring will need, asked for at once: there may be many holders.
fn ask_ahead(set: &WorkingSet, replacement: &Replacement) -> Result<(), Stop> {
    let all = || replacement.carried.iter();
    ask_for_all(all().filter_map(|one| set.find_user(one.user).err()))?;
    let licenses = || replacement.old.iter().chain(&replacement.new);
    ask_for_all(licenses().filter_map(|one| set.find_license(one.license).err()))?;
    ask_for_all(licenses().filter_map(|one| set.pools_of(one.license).err()))?;
    let mut lacking = Vec::new();
    for carried in all() {
        if let Some(user) = set.find_user(carried.user)? {
            let product = set.license(carried.from)?.product;
            lacking.extend(set.holding(user.person, product).err());
        }
    }
    ask_for_all(lacking.into_iter())
}

/// One holder gets the old seat back, with the place in the order that they had.
fn restore(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    carried: &Carried,
) -> Result<(PersonId, RestoreCode), Stop> {
    let Some(user) = set.find_user(carried.user)?.cloned() else {
        return Ok((carried.person, RestoreCode::UnknownUser));
    };
    let answer = |code| Ok((user.person, code));
    if !user.active {
        return answer(RestoreCode::UserInactive);
    }
    let license = set.license(carried.from)?.clone();
    let Some(new) = held(set, user.person, &license, carried.to)? else {
        return answer(RestoreCode::RecalledSince);
    };
    if new.releasing_since.is_some() {
        return answer(RestoreCode::RecalledSince);
    }
    match held(set, user.person, &license, carried.from)? {
        Some(old) if old.releasing_since.is_some() => {
            release::keep(set, context, &old, carried.sources)?;
        }
        Some(_) => {}
        None if !license.is_usable(context.now) => return answer(RestoreCode::NotUsable),
        None => {
            let Some(pool) = free_pool(set, carried.from, carried.folder)? else {
                return answer(RestoreCode::NoFreeSeat);
            };
            let holder = Holder {
                person: user.person,
                user: user.id,
            };
            let why = "the replacement was undone";
            let seat = grant::assign_to(set, context, pool, holder, carried.sources, why)?;
            set.put_seat(Seat {
                assigned_at: carried.assigned_at,
                ..seat
            });
        }
    }
    give_up(set, context, &new, carried)?;
    answer(RestoreCode::Restored)
}

/// A person's seat of a license, if they have one.
fn held(
    set: &WorkingSet,
    person: PersonId,
    of: &License,
    license: LicenseId,
) -> Result<Option<Seat>, Stop> {
    let mut seats = set.seats(person, of.product)?;
    Ok(seats.find(|seat| seat.license == license).cloned())
}

/// Gives up of the new seat what the replacement gave; what came since stays.
fn give_up(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &Seat,
    carried: &Carried,
) -> Result<(), Stop> {
    // Restoring the old seat may have ended what lapsed; the new one stands as it stands.
    let Some(new) = set.known_seat(new.id).cloned() else {
        return Ok(());
    };
    let given = match carried.got {
        Got::Seat | Got::Kept => carried.sources,
        Got::Sources(added) => added,
    };
    let left = given.iter().fold(new.sources, Sources::without);
    if left.is_empty() {
        release::release(set, context, &new, false, "the replacement was undone")?;
    } else if left != new.sources {
        let after = Seat {
            sources: left,
            ..new.clone()
        };
        release::change_sources(set, context, &new, after)?;
    }
    Ok(())
}

/// Free seats go back to the root, as many as are still free where they went.
fn move_back(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    moved: MovedAlong,
) -> Result<(), Stop> {
    let Some(pool) = capacity::find_pool_in(set, moved.license, moved.to)? else {
        return Ok(());
    };
    let count = pool.free().min(moved.count);
    if count > 0 {
        let size = pool.size - count;
        release::put_or_delete(set, Pool { size, ..pool });
        capacity::add_free(set, context, moved.license, FolderId::ROOT, count)?;
    }
    Ok(())
}

/// The old licenses are offered again, and the new ones are what they were.
fn offer_as_before(
    set: &mut WorkingSet,
    context: &Context<'_>,
    replacement: &Replacement,
    answers: &[Restored],
) -> Result<(), Stop> {
    let heirs = || replacement.new.iter().map(|one| one.license);
    let restored = |id: LicenseId| {
        let of_license = answers.iter().filter(move |one| one.license == id);
        let (yes, no): (Vec<_>, Vec<_>) =
            of_license.partition(|one| one.code == RestoreCode::Restored);
        (yes.len(), no.len())
    };
    for before in replacement.old.iter().chain(&replacement.new) {
        let license = set.license(before.license)?.clone();
        let (yes, no) = restored(license.id);
        let facts = serde_json::json!({
            "serial": license.terms.serial, "restored": yes, "not_restored": no,
            "replacement": replacement.id,
        });
        let kind = EventKind::ReplacementUndone;
        record(
            set,
            context,
            kind,
            of_license(&license),
            Facts::after(&facts),
        );
        // Another replacement of the old one may stand since.
        let is_ours = license
            .replaced_by
            .is_none_or(|by| heirs().any(|heir| heir == by));
        let Before { replaced_by, .. } = *before;
        if is_ours && license.replaced_by != replaced_by {
            set.put_license(License {
                replaced_by,
                version: license.version + 1,
                ..license
            });
        }
    }
    Ok(())
}
