//! What a decision changed of the account that it is about, so that it can be taken back (S7).

use super::{Stop, people};
use crate::command::{Command, UserRef};
use crate::ids::FolderId;
use crate::seat::{Seat, Sources};
use crate::set::WorkingSet;
use crate::undo::{Change, Changed};

/// What was written since the last [`WorkingSet::keep`] of the account of a command, and of the
/// seats of its person; none for commands of other kinds, and where nothing was. What others got
/// or lost by it, a seat that moved up for instance, is no part of it.
pub(super) fn of(set: &WorkingSet, command: &Command) -> Result<Option<Change>, Stop> {
    let user = match command {
        Command::Grant { user, .. } | Command::Recall { user, .. } => user.clone(),
        Command::UpdateUser { user, .. } => UserRef::Id(*user),
        _ => return Ok(None),
    };
    let Some(user) = people::find(set, &user)? else {
        return Ok(None);
    };
    let mut what = Vec::new();
    for (before, after) in set.written_users() {
        if let (Some(before), Some(after)) = (before, after)
            && after.id == user.id
        {
            if before.active != after.active {
                what.push(Changed::Active { was: before.active });
            }
            if before.folder != after.folder {
                what.push(Changed::Folder {
                    from: before.folder,
                    to: after.folder,
                });
            }
        }
    }
    let mut seats = Vec::new();
    for (before, after) in set.written_seats() {
        let Some(seat) = before.or(after).filter(|seat| seat.person == user.person) else {
            continue;
        };
        for changed in of_seat(set, before, after)? {
            seats.push((seat.seniority(), changed));
        }
    }
    seats.sort_by_key(|(seniority, _)| *seniority);
    what.extend(seats.into_iter().map(|(_, changed)| changed));
    Ok((!what.is_empty()).then_some(Change {
        user: user.id,
        what,
    }))
}

/// What became of one seat. One that was being released when the decision began had been taken
/// before: that it is free now is no change.
fn of_seat(
    set: &WorkingSet,
    before: Option<&Seat>,
    after: Option<&Seat>,
) -> Result<Vec<Changed>, Stop> {
    let sources = |seat: Option<&Seat>| {
        let held = seat.filter(|seat| seat.releasing_since.is_none());
        held.map_or_else(Sources::default, |seat| seat.sources)
    };
    let (had, has) = (sources(before), sources(after));
    let (came, went) = (except(has, had), except(had, has));
    let mut changed = Vec::new();
    if let Some(seat) = before.filter(|_| !went.is_empty()) {
        changed.push(Changed::SeatTaken {
            license: seat.license,
            folder: folder_of(set, seat)?,
            sources: went,
            assigned_at: seat.assigned_at,
        });
    }
    if let Some(seat) = after.filter(|_| !came.is_empty()) {
        changed.push(Changed::SeatGiven {
            seat: seat.id,
            license: seat.license,
            sources: came,
        });
    }
    Ok(changed)
}

fn except(these: Sources, those: Sources) -> Sources {
    those.iter().fold(these, Sources::without)
}

/// Where a seat stood; its pool may be gone with it.
fn folder_of(set: &WorkingSet, seat: &Seat) -> Result<FolderId, Stop> {
    if let Some(pool) = set.find_pool(seat.pool)? {
        return Ok(pool.folder);
    }
    let mut gone = set.written_pools().filter_map(|(before, _)| before);
    let pool = gone.find(|pool| pool.id == seat.pool);
    Ok(pool.map_or(FolderId::ROOT, |pool| pool.folder))
}
