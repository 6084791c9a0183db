//! More or fewer seats: where they come and go, and who loses (L9, S13).

use super::resettle::{self, Holds, Refuges};
use super::{Context, Stop, release, sessions};
use crate::ids::{FolderId, LicenseId, PoolId};
use crate::license::{License, Model, Stood};
use crate::outcome::Displaced;
use crate::pool::Pool;
use crate::session::{Session, Via};
use crate::set::WorkingSet;

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
    let (capacity, product) = (license.capacity(), license.product);
    let before = pools(set, id)?;
    let size: u32 = before.iter().map(|pool| pool.size).sum();
    if capacity >= size {
        grow(set, context, id, folder, &before, capacity - size)?;
        Ok(Vec::new())
    } else {
        if capacity == 0 {
            remember(set, id, &before)?;
        }
        // What lapsed sessions held is free (H2).
        sessions::reclaim_all(set, context, product)?;
        let pools = pools(set, id)?;
        shrink(set, context, id, pools, size - capacity)
    }
}

/// All pools of a license, in the order of their ids.
pub(super) fn pools(set: &WorkingSet, license: LicenseId) -> Result<Vec<Pool>, Stop> {
    let mut pools = Vec::new();
    for id in set.pools_of(license)? {
        pools.push(set.pool(*id)?.clone());
    }
    pools.sort_by_key(|pool| pool.id);
    Ok(pools)
}

/// A license that has no seats any more may have them again.
fn remember(set: &mut WorkingSet, id: LicenseId, pools: &[Pool]) -> Result<(), Stop> {
    let stood = pools.iter().filter(|pool| pool.size > 0).map(|pool| Stood {
        folder: pool.folder,
        seats: pool.size,
    });
    let license = License {
        stood: stood.collect(),
        ..set.license(id)?.clone()
    };
    set.put_license(license);
    Ok(())
}

/// Where the seats of a license that has seats again stood before.
fn recall(set: &mut WorkingSet, id: LicenseId) -> Result<Vec<Stood>, Stop> {
    let license = set.license(id)?;
    if license.stood.is_empty() || license.capacity() == 0 {
        return Ok(Vec::new());
    }
    let stood = license.stood.clone();
    let license = License {
        stood: Vec::new(),
        ..license.clone()
    };
    set.put_license(license);
    Ok(stood)
}

/// New seats first back what is unbacked. The rest stands in the given folder; without one, in the root, those that come
/// back stand where they stood, as far as there still is a folder.
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
    let stood = recall(set, license)?;
    let of_root = stood.into_iter().filter(|_| folder == FolderId::ROOT);
    for Stood {
        folder,
        seats: then,
    } in of_root
    {
        let size = find_pool_in(set, license, folder)?.map_or(0, |pool| pool.size);
        let back = then.saturating_sub(size).min(seats);
        if back > 0 && set.folder_exists(folder)? {
            seats -= back;
            add_free(set, context, license, folder, back)?;
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
    let occupants = resettle::occupants(set, license)?;
    // The latest-assigned lose. Those beyond what there is have lost before, and may find a
    // place now; among all the longest-held are served first.
    let backed = occupants.iter().filter(|one| !one.unbacked).count();
    let mut keep = backed.saturating_sub(seats as usize);
    let mut losers = Vec::new();
    for occupant in occupants {
        if occupant.unbacked || keep == 0 {
            losers.push(occupant);
        } else {
            keep -= 1;
        }
    }
    for loser in losers.iter().filter(|loser| !loser.unbacked) {
        let pool = set.pool(loser.pool())?.clone();
        set.put_pool(Pool {
            size: pool.size - 1,
            ..pool
        });
    }
    let refuges = Refuges::of(set, context, license)?;
    let mut displaced = Vec::with_capacity(losers.len());
    for loser in losers {
        displaced.extend(resettle::resettle(set, context, license, loser, &refuges)?);
    }
    Ok(displaced)
}

/// Counts the occupied units of a license anew, after a change of what takes one (L4). The
/// sessions of a user that share a seat from now on share the first one's.
pub(super) fn recount(set: &mut WorkingSet, id: LicenseId) -> Result<(), Stop> {
    let mut counts: Vec<(PoolId, u32)> = Vec::new();
    for occupant in resettle::occupants(set, id)? {
        let pool = occupant.pool();
        if let Holds::Sessions(sessions) = occupant.holds {
            for session in sessions {
                if session.via.floating_pool() != Some(pool) {
                    let via = Via::Floating { license: id, pool };
                    set.put_session(Session { via, ..session });
                }
            }
        }
        match counts.iter_mut().find(|(id, _)| *id == pool) {
            Some((_, count)) => *count += 1,
            None => counts.push((pool, 1)),
        }
    }
    for pool in pools(set, id)? {
        let count = counts.iter().find(|(id, _)| *id == pool.id);
        let occupied = count.map_or(0, |(_, count)| *count);
        if pool.occupied != occupied {
            release::put_or_delete(set, Pool { occupied, ..pool });
        }
    }
    Ok(())
}
