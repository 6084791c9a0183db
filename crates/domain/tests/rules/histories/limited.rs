//! R1: whatever a license manager commands who is limited to a folder, outside nothing changes.
//!
//! What is outside is told here anew, from plain rows, and not by what the rules say.

use std::collections::BTreeMap;

use domain::{FolderId, Seat, Session};
use proptest::collection::vec;
use proptest::prelude::*;

use super::each;
use super::ops::{Op, anything, small_world};
use crate::world::prelude::*;

/// Whether a folder is the given one or below it.
fn is_in(rows: &Rows, limit: FolderId, folder: FolderId) -> bool {
    let mut at = folder;
    loop {
        if at == limit {
            return true;
        }
        match rows.folders.get(&at) {
            Some(folder) => at = folder.parent,
            None => return false,
        }
    }
}

/// The rows of one kind that are outside.
fn kept<K: Ord + Clone, V: Clone>(
    rows: &BTreeMap<K, V>,
    is_outside: impl Fn(&V) -> bool,
) -> BTreeMap<K, V> {
    let outside = rows.iter().filter(|(_, row)| is_outside(row));
    outside.map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// A seat whose place in the queue of the unbacked does not count.
fn placed(seat: &Seat) -> Seat {
    Seat {
        unbacked: false,
        ..seat.clone()
    }
}

fn nothing_outside_changed(limit: FolderId, before: &World, after: &World, what: &Command) {
    let (was, is) = (&before.rows, &after.rows);
    let user_is_out = |id: &domain::UserId| {
        let folder = was
            .users
            .get(id)
            .or(is.users.get(id))
            .map(|user| user.folder);
        !folder.is_some_and(|folder| is_in(was, limit, folder))
    };
    assert_eq!(was.policy, is.policy, "{what:?}");
    assert_eq!(was.issuers, is.issuers, "{what:?}");
    assert_eq!(was.tokens, is.tokens, "{what:?}");
    assert_eq!(was.requests, is.requests, "{what:?}");
    let out = |rows: &Rows, folder| !is_in(rows, limit, folder);
    assert_eq!(
        kept(&was.users, |user| out(was, user.folder)),
        kept(&is.users, |user| out(is, user.folder)),
        "{what:?}"
    );
    assert_eq!(
        kept(&was.folders, |folder| out(was, folder.parent)),
        kept(&is.folders, |folder| out(is, folder.parent)),
        "{what:?}"
    );
    let license_is_out = |rows: &Rows, id| {
        let mut pools = rows.pools.values().filter(|pool| pool.license == id);
        let inside = pools.clone().count() > 0;
        !inside || pools.any(|pool| out(rows, pool.folder))
    };
    for (id, license) in &was.licenses {
        if license_is_out(was, *id) {
            assert_eq!(Some(license), is.licenses.get(id), "{what:?}");
        }
    }
    for pool in is.pools.values().filter(|pool| out(is, pool.folder)) {
        let size = was.pools.get(&pool.id).map_or(0, |pool| pool.size);
        let occupied = was.pools.get(&pool.id).map_or(0, |pool| pool.occupied);
        assert_eq!(size, pool.size, "{what:?}");
        assert!(pool.occupied <= occupied, "{what:?}");
    }
    for pool in was.pools.values().filter(|pool| out(was, pool.folder)) {
        assert!(
            pool.size == 0 || is.pools.contains_key(&pool.id),
            "{what:?}"
        );
    }
    for seat in was.seats.values().filter(|seat| user_is_out(&seat.user)) {
        match is.seats.get(&seat.id) {
            Some(now) => assert_eq!(placed(seat), placed(now), "{what:?}"),
            // What waited for a session that lapsed is free (H2, S4).
            None => assert!(seat.releasing_since.is_some(), "{what:?}"),
        }
    }
    for seat in is
        .seats
        .values()
        .filter(|seat| !was.seats.contains_key(&seat.id))
    {
        assert!(!user_is_out(&seat.user), "{what:?}");
        assert!(is_in(is, limit, is.pools[&seat.pool].folder), "{what:?}");
    }
    let open = |session: &&Session| user_is_out(&session.user) && session.ended.is_none();
    for session in was.sessions.values().filter(open) {
        let lapsed = session.expires_at <= after.now;
        assert!(
            lapsed || is.sessions.get(&session.id) == Some(session),
            "{what:?}"
        );
    }
}

/// Things that happen in groups; those of every group are first done freely or by the manager.
fn histories() -> impl Strategy<Value = Vec<(bool, Vec<Op>)>> {
    vec((any::<bool>(), vec(anything(), 1..6)), 2..16)
}

/// How many commands of the manager were carried out.
fn outside_stays(history: &[(bool, Vec<Op>)]) -> usize {
    let mut world = small_world();
    let mut done = 0;
    for (limited, group) in history {
        for op in group {
            if let Op::Wait(span) = op {
                world.wait(*span);
            }
            let Some(command) = op.command(&world) else {
                continue;
            };
            let folders = world.rows.folders.values();
            let mut sales = folders.filter(|folder| folder.name.as_str() == "Sales");
            let limit = sales.next().map(|folder| folder.id);
            let before = world.clone();
            match limit.filter(|_| *limited) {
                Some(limit) => {
                    world.act_in(limit);
                    let answer = world.answer(&command);
                    nothing_outside_changed(limit, &before, &world, &command);
                    done += usize::from(answer.is_ok() && before.rows != world.rows);
                    world.act_freely();
                }
                None => drop(world.answer(&command)),
            }
        }
    }
    done
}

#[test]
fn r1_what_a_limited_manager_commands_changes_nothing_outside() {
    let done = std::cell::Cell::new(0);
    each(400, &histories(), |history| {
        done.set(done.get() + outside_stays(&history));
    });
    // Not because everything was refused.
    assert!(done.get() > 200, "{}", done.get());
}

#[test]
#[ignore = "slow: many thousand histories"]
fn r1_nothing_outside_changes_in_many_thousand_histories() {
    each(20_000, &histories(), |history| {
        outside_stays(&history);
    });
}
