//! Seats change places between folders (P1).

use super::record::{Facts, of_license, record};
use super::{Context, Stop, capacity, people, release, resettle, sessions};
use crate::command::UserRef;
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId};
use crate::license::Model;
use crate::outcome::Outcome;
use crate::pool::Pool;
use crate::refusal::Refusal;
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
