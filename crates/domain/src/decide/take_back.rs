//! What a job changed of somebody is taken back, as far as the rules allow (S7): what others did
//! since then stays.

use super::{Context, Stop, grant, people, reach, release, sessions};
use crate::actor::Permission;
use crate::command::{FolderRef, Holder, UserPatch};
use crate::ids::{FolderId, LicenseId, PoolId, SeatId};
use crate::license::{License, Model, State};
use crate::outcome::{Outcome, RecallCode};
use crate::seat::{Seat, Sources};
use crate::set::WorkingSet;
use crate::time::{Millis, Timestamp};
use crate::undo::{Change, Changed, TakenBack, UndoCode};
use crate::user::User;

/// Why, as the record says it.
const WHY: &str = "a job was undone";

/// S7.
pub(super) fn take_back(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    change: &Change,
) -> Result<Outcome, Stop> {
    let mut answers = Vec::with_capacity(change.what.len());
    for changed in &change.what {
        // Each may have changed the account, or what it holds.
        let Some(user) = set.find_user(change.user)?.cloned() else {
            answers.push(plain(UndoCode::UnknownUser));
            continue;
        };
        answers.push(match *changed {
            Changed::Folder { from, to } => plain(move_back(set, context, user, from, to)?),
            Changed::Active { was } => plain(set_active(set, context, user, was)?),
            Changed::SeatGiven {
                seat,
                license,
                sources,
            } => {
                let code = take(set, context, &user, (license, seat), sources)?;
                of_license(set, license, code)?
            }
            Changed::SeatTaken {
                license,
                folder,
                sources,
                assigned_at,
            } => {
                let code = match set.find_license(license)?.cloned() {
                    Some(license) => {
                        let lost = Lost {
                            folder,
                            sources,
                            assigned_at,
                        };
                        give(set, context, &user, &license, &lost)?
                    }
                    None => UndoCode::NotUsable,
                };
                of_license(set, license, code)?
            }
        });
    }
    Ok(Outcome::TakenBack(answers))
}

const fn plain(code: UndoCode) -> TakenBack {
    TakenBack {
        code,
        license: None,
    }
}

fn of_license(set: &WorkingSet, id: LicenseId, code: UndoCode) -> Result<TakenBack, Stop> {
    let license = set.find_license(id)?;
    Ok(TakenBack {
        code,
        license: license.map(|license| (id, license.terms.serial.clone())),
    })
}

/// P4: back to where somebody lived, unless they were moved since.
fn move_back(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: User,
    from: FolderId,
    to: FolderId,
) -> Result<UndoCode, Stop> {
    if user.folder == from {
        return Ok(UndoCode::Unchanged);
    }
    if user.folder != to {
        return Ok(UndoCode::MovedSince);
    }
    if !set.folder_exists(from)? {
        return Ok(UndoCode::UnknownFolder);
    }
    let patch = UserPatch {
        folder: Some(FolderRef::Id(from)),
        ..UserPatch::default()
    };
    people::change(set, context, user, &patch)?;
    Ok(UndoCode::MovedBack)
}

/// S8.
fn set_active(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: User,
    active: bool,
) -> Result<UndoCode, Stop> {
    if user.active == active {
        return Ok(UndoCode::Unchanged);
    }
    let patch = UserPatch {
        active: Some(active),
        ..UserPatch::default()
    };
    people::change(set, context, user, &patch)?;
    Ok(if active {
        UndoCode::Activated
    } else {
        UndoCode::Deactivated
    })
}

/// S4, S11: what was given is taken again, and nothing that somebody had before.
fn take(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    (license, seat): (LicenseId, SeatId),
    sources: Sources,
) -> Result<UndoCode, Stop> {
    let Some(product) = set.find_license(license)?.map(|license| license.product) else {
        return Ok(UndoCode::RecalledSince);
    };
    // What waited for sessions that have lapsed is free already (H2, S4).
    sessions::reclaim_of(set, context, user.person, product)?;
    let held = set
        .seats(user.person, product)?
        .find(|held| held.id == seat && held.releasing_since.is_none())
        .cloned();
    let Some(seat) = held else {
        return Ok(UndoCode::RecalledSince);
    };
    let left = sources.iter().fold(seat.sources, Sources::without);
    if left == seat.sources {
        return Ok(UndoCode::RecalledSince);
    }
    if !left.is_empty() {
        let after = Seat {
            sources: left,
            ..seat.clone()
        };
        release::change_sources(set, context, &seat, after)?;
        return Ok(UndoCode::StillHeld);
    }
    Ok(match release::release(set, context, &seat, false, WHY)? {
        RecallCode::Releasing => UndoCode::Releasing,
        RecallCode::Borrowed => UndoCode::Borrowed,
        _ => UndoCode::Released,
    })
}

/// A seat as it was held.
struct Lost {
    folder: FolderId,
    sources: Sources,
    assigned_at: Timestamp,
}

/// S3, S4, S11: what was taken is given again, with its sources and its place in the order.
fn give(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    user: &User,
    license: &License,
    lost: &Lost,
) -> Result<UndoCode, Stop> {
    context.actor.must(Permission::ManageLicenses)?;
    if !user.active {
        return Ok(UndoCode::UserInactive);
    }
    sessions::reclaim_of(set, context, user.person, license.product)?;
    let held = set
        .seats(user.person, license.product)?
        .find(|seat| seat.license == license.id)
        .cloned();
    if let Some(seat) = held {
        return again(set, context, &seat, lost.sources);
    }
    if license.terms.model != Model::Dedicated || !license.is_assignable() {
        return Ok(UndoCode::NotAssignable);
    }
    let state = license.state(context.now, Millis::ZERO);
    if matches!(state, State::Expired | State::Revoked | State::Removed) {
        return Ok(UndoCode::NotUsable);
    }
    let (actor, places) = (context.actor, set.policy().folder_search.clone());
    let found = sessions::find_with_reclaim(set, context, license.product, |set| {
        match pool_in(set, license.id, lost.folder)? {
            Some(pool) if reach::reaches_pool(set, actor, pool)? => Ok(Some(pool)),
            _ => grant::free_pool_of(set, actor, user, license.id, &places),
        }
    })?;
    let Some(pool) = found else {
        return Ok(UndoCode::NoFreeSeat);
    };
    let holder = Holder {
        person: user.person,
        user: user.id,
    };
    let seat = grant::assign_to(set, context, pool, holder, lost.sources, WHY)?;
    set.put_seat(Seat {
        assigned_at: lost.assigned_at,
        ..seat
    });
    Ok(UndoCode::GivenBack)
}

/// A seat of the license that they have: its release is taken back, or the sources are put behind it.
fn again(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    seat: &Seat,
    sources: Sources,
) -> Result<UndoCode, Stop> {
    if seat.releasing_since.is_some() {
        release::keep(set, context, seat, sources)?;
        return Ok(UndoCode::GivenBack);
    }
    let all = seat.sources.union(sources);
    if all == seat.sources {
        return Ok(UndoCode::Unchanged);
    }
    let after = Seat {
        sources: all,
        ..seat.clone()
    };
    release::change_sources(set, context, seat, after)?;
    Ok(UndoCode::GivenBack)
}

/// The pool of a license in a folder, if a seat of it is free.
fn pool_in(set: &WorkingSet, license: LicenseId, folder: FolderId) -> Result<Option<PoolId>, Stop> {
    for id in set.pools_of(license)? {
        let pool = set.pool(*id)?;
        if pool.folder == folder && pool.free() > 0 {
            return Ok(Some(pool.id));
        }
    }
    Ok(None)
}
