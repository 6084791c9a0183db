//! Licenses take over from others: every holder and folder is carried over (L10).
//!
//! First a [`Plan`] says who gets a seat of what, longest held first; then free seats move
//! along to where they are needed, and each holder is carried over.

mod plan;
mod which;

use std::collections::BTreeMap;

use super::record::{Facts, of_license, record};
use super::{Context, Stop, ask_for_all, capacity, grant, release, sessions};
use crate::command::Holder;
use crate::event::EventKind;
use crate::ids::{FolderId, LicenseId};
use crate::license::{License, Model};
use crate::outcome::{Displaced, Fate, Outcome, RecallCode};
use crate::pool::Pool;
use crate::refusal::{LeftOut, Refusal, Shortage};
use crate::replacement::{Before, Carried, Got, MovedAlong, Replacement};
use crate::seat::Seat;
use crate::set::WorkingSet;
use plan::Plan;
use which::{can_replace, named, said_to_be_replaced};

/// L10: every holder of the old licenses gets a seat of the new ones in the same folder.
pub(super) fn replace(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    old: &[LicenseId],
    new: &[LicenseId],
    partly: bool,
) -> Result<Outcome, Stop> {
    let new = named(set, new)?;
    let old = if old.is_empty() {
        said_to_be_replaced(set, &new)?
    } else {
        named(set, old)?
    };
    let (Some(first), Some(heir)) = (old.first(), new.first()) else {
        return Err(Refusal::NothingToReplace.into());
    };
    let (product, heir) = (first.product, heir.id);
    for (old, new) in old
        .iter()
        .flat_map(|old| new.iter().map(move |new| (old, new)))
    {
        can_replace(old, new, context)?;
    }
    // What lapsed sessions held is free (H2).
    sessions::reclaim_all(set, context, product)?;
    let holders = holders(set, &old)?;
    let plan = Plan::of(set, &holders, &new)?;
    if plan.left_out() > 0 && !partly {
        return Err(
            Refusal::TooFewSeats(Box::new(shortage(set, &old, &new, &holders, &plan)?)).into(),
        );
    }
    let is_done = old.iter().all(|old| old.replaced_by == Some(heir))
        && new.iter().all(|new| new.replaced_by.is_none());
    if is_done && plan.gets.iter().all(Option::is_none) {
        // Nobody more is carried over, so there is nothing that could be undone.
        let holders = holders.iter().map(|seat| Displaced {
            holder: holder(seat),
            from: seat.license,
            to: None,
            fate: Fate::LeftOut,
        });
        return Ok(Outcome::Replaced {
            replacement: None,
            holders: holders.collect(),
        });
    }
    let id = context.ids.fresh();
    let mut replacement = Replacement {
        id,
        at: context.now,
        by: context.actor.name.to_string(),
        old: before(&old),
        new: before(&new),
        carried: Vec::with_capacity(holders.len()),
        left_out: plan.left_out(),
        moved: move_pools_along(set, context, &old, &new, &plan)?,
        undone_at: None,
    };
    let mut answers = Vec::with_capacity(holders.len());
    for (seat, target) in holders.iter().zip(&plan.gets) {
        let fate = match target {
            None => Fate::LeftOut,
            Some(to) => {
                let folder = set.pool(seat.pool)?.folder;
                let (got, fate) = carry_over(set, context, seat, *to)?;
                replacement.carried.push(Carried {
                    user: seat.user,
                    person: seat.person,
                    from: seat.license,
                    folder,
                    assigned_at: seat.assigned_at,
                    sources: seat.sources,
                    to: *to,
                    got,
                });
                fate
            }
        };
        answers.push(Displaced {
            holder: holder(seat),
            from: seat.license,
            to: *target,
            fate,
        });
    }
    note(set, context, &old, &new, &replacement);
    for license in new {
        offer_again(set, context, license);
    }
    for license in old {
        // Those left out keep the old license until it ends; nobody new gets it.
        set.put_license(License {
            replaced_by: Some(heir),
            version: license.version + 1,
            ..license
        });
    }
    set.put_replacement(replacement);
    Ok(Outcome::Replaced {
        replacement: Some(id),
        holders: answers,
    })
}

fn holder(seat: &Seat) -> Holder {
    Holder {
        person: seat.person,
        user: seat.user,
    }
}

fn before(licenses: &[License]) -> Vec<Before> {
    let before = licenses.iter().map(|license| Before {
        license: license.id,
        replaced_by: license.replaced_by,
    });
    before.collect()
}

/// The dedicated seats of licenses that are held, longest held first; those being released go
/// their way.
fn holders(set: &WorkingSet, licenses: &[License]) -> Result<Vec<Seat>, Stop> {
    let mut seats = Vec::new();
    let dedicated = licenses
        .iter()
        .filter(|one| one.terms.model == Model::Dedicated);
    for license in dedicated {
        for person in set.holders_of(license.id)? {
            let of_person = set.seats(*person, license.product)?;
            seats.extend(
                of_person
                    .filter(|seat| seat.license == license.id && seat.releasing_since.is_none())
                    .cloned(),
            );
        }
    }
    seats.sort_by_key(Seat::seniority);
    Ok(seats)
}

/// How many too few, and who would go without.
fn shortage(
    set: &WorkingSet,
    old: &[License],
    new: &[License],
    holders: &[Seat],
    plan: &Plan,
) -> Result<Shortage, Stop> {
    let serials = |licenses: &[License]| {
        let serials = licenses.iter().map(|one| one.terms.serial.clone());
        serials.collect()
    };
    let losers = holders.iter().zip(&plan.gets);
    let losers = losers
        .filter(|(_, gets)| gets.is_none())
        .map(|(seat, _)| seat);
    let losers: Vec<&Seat> = losers.take(Shortage::LISTED).collect();
    ask_for_all(
        losers
            .iter()
            .filter_map(|seat| set.find_user(seat.user).err()),
    )?;
    let mut left_out = Vec::with_capacity(losers.len());
    for seat in losers {
        if let Some(user) = set.find_user(seat.user)? {
            left_out.push(LeftOut {
                username: user.username.clone(),
                holds: set.license(seat.license)?.terms.serial.clone(),
            });
        }
    }
    Ok(Shortage {
        old: serials(old),
        new: serials(new),
        free: plan.free,
        wanted: plan.wanted,
        missing: plan.left_out(),
        left_out,
    })
}

/// Free seats of the new licenses go from the root to where the old ones' stand: first as many
/// as are wanted there, then as many as there are, as far as the root itself can spare them.
fn move_pools_along(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    old: &[License],
    new: &[License],
    plan: &Plan,
) -> Result<Vec<MovedAlong>, Stop> {
    let mut sizes: BTreeMap<FolderId, u32> = BTreeMap::new();
    for license in old {
        for id in set.pools_of(license.id)? {
            let pool = set.pool(*id)?;
            *sizes.entry(pool.folder).or_default() += pool.size;
        }
    }
    let mut moved = Vec::new();
    for license in new {
        let wanting = plan.wanting.get(&license.id).cloned().unwrap_or_default();
        let wanted_in_root = wanting.get(&FolderId::ROOT).copied().unwrap_or(0);
        for (folder, seats) in wanting.iter().chain(&sizes) {
            if *folder == FolderId::ROOT {
                continue;
            }
            let there = capacity::pool_in(set, context, license.id, *folder)?;
            if there.is_over_allocated() {
                // There they would back unbacked seats instead of being free for the holders.
                continue;
            }
            let there = there.free();
            let root = capacity::pool_in(set, context, license.id, FolderId::ROOT)?;
            let spare = root.free().saturating_sub(wanted_in_root);
            let count = seats.saturating_sub(there).min(spare);
            if count > 0 {
                let size = root.size - count;
                release::put_or_delete(set, Pool { size, ..root });
                capacity::add_free(set, context, license.id, *folder, count)?;
                moved.push(MovedAlong {
                    license: license.id,
                    to: *folder,
                    count,
                });
            }
        }
        // What this license brings, the next one need not.
        for (folder, seats) in &mut sizes {
            let there = capacity::find_pool_in(set, license.id, *folder)?;
            *seats = seats.saturating_sub(there.map_or(0, |pool| pool.size));
        }
    }
    Ok(moved)
}

/// One holder gets a seat of a new license and gives the old one up.
fn carry_over(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    seat: &Seat,
    new: LicenseId,
) -> Result<(Got, Fate), Stop> {
    let twin = set
        .seats(seat.person, seat.product)?
        .find(|other| other.license == new)
        .cloned();
    let got = match twin {
        Some(twin) if twin.releasing_since.is_some() => {
            release::keep(set, context, &twin, seat.sources)?;
            Got::Kept
        }
        Some(twin) => {
            let sources = twin.sources.union(seat.sources);
            let added = sources
                .iter()
                .filter(|source| !twin.sources.contains(*source));
            let added = added.fold(crate::seat::Sources::default(), |all, one| all.with(one));
            if !added.is_empty() {
                let after = Seat {
                    sources,
                    ..twin.clone()
                };
                release::change_sources(set, context, &twin, after)?;
            }
            Got::Sources(added)
        }
        None => {
            let folder = set.pool(seat.pool)?.folder;
            let pool = free_pool(set, new, folder)?;
            let pool = pool.expect("the plan counts only seats that are free");
            let why = "replaces an older license";
            grant::assign_to(set, context, pool, holder(seat), seat.sources, why)?;
            Got::Seat
        }
    };
    let code = release::release(set, context, seat, false, "replaced by a newer license")?;
    let fate = if matches!(code, RecallCode::Releasing | RecallCode::Borrowed) {
        Fate::Releasing
    } else {
        Fate::Moved
    };
    Ok((got, fate))
}

/// A pool of a license with a free seat: in this folder, else wherever there is one.
pub(super) fn free_pool(
    set: &WorkingSet,
    license: LicenseId,
    folder: FolderId,
) -> Result<Option<crate::ids::PoolId>, Stop> {
    let pools = capacity::pools(set, license)?.into_iter();
    let free = pools.filter(|pool| pool.free() > 0);
    let best = free.min_by_key(|pool| (pool.folder != folder, pool.id));
    Ok(best.map(|pool| pool.id))
}

/// The new one is offered from now on, also where it had been replaced itself.
fn offer_again(set: &mut WorkingSet, context: &Context<'_>, license: License) {
    if license.replaced_by.is_none() {
        return;
    }
    let facts = serde_json::json!({ "serial": license.terms.serial });
    let facts = Facts::after(&facts).why("it is offered again");
    let subject = of_license(&license);
    record(set, context, EventKind::LicenseReplaced, subject, facts);
    set.put_license(License {
        replaced_by: None,
        version: license.version + 1,
        ..license
    });
}

fn note(
    set: &mut WorkingSet,
    context: &Context<'_>,
    old: &[License],
    new: &[License],
    replacement: &Replacement,
) {
    let serials: Vec<&str> = new.iter().map(|one| one.terms.serial.as_str()).collect();
    for license in old {
        let carried = replacement.carried.iter();
        let moved = carried.filter(|one| one.from == license.id).count();
        let facts = serde_json::json!({
            "old": license.terms.serial, "new": serials.join(", "), "moved": moved,
            "left_out": replacement.left_out, "replacement": replacement.id,
        });
        record(
            set,
            context,
            EventKind::LicenseReplaced,
            of_license(license),
            Facts::after(&facts),
        );
    }
}
