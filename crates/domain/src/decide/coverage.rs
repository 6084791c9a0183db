//! What seats cover together (A4).

use super::Stop;
use crate::ids::PoolId;
use crate::license::{AccessLevel, License, Modules};
use crate::session::Ask;
use crate::set::{Need, Spot, WorkingSet};
use crate::time::Timestamp;

/// What several licenses give together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coverage<'a> {
    /// The best access level at which all that is asked is covered.
    pub(super) access: AccessLevel,
    /// The modules that they give at that level.
    pub(super) modules: Modules,
    /// The one that ends first among those that count.
    pub(super) first: &'a License,
}

/// What usable licenses cover together of what is asked, at the best level to be had.
pub(super) fn together<'a>(licenses: &[&'a License], ask: &Ask) -> Option<Coverage<'a>> {
    let lowest = ask.access.unwrap_or(AccessLevel::Read);
    [AccessLevel::Write, AccessLevel::Read]
        .into_iter()
        .filter(|level| *level >= lowest)
        .find_map(|level| at_level(licenses, ask, level))
}

fn at_level<'a>(licenses: &[&'a License], ask: &Ask, level: AccessLevel) -> Option<Coverage<'a>> {
    let able = || {
        licenses
            .iter()
            .filter(|license| license.terms.access >= level)
    };
    let modules = able()
        .map(|license| license.terms.modules.clone())
        .reduce(|all, more| all.union(&more))?;
    if !ask.modules.iter().all(|module| modules.contains(module)) {
        return None;
    }
    let counts = |license: &&&License| {
        let gives = &license.terms.modules;
        ask.modules.is_empty() || ask.modules.iter().any(|module| gives.contains(module))
    };
    let first = able()
        .filter(counts)
        .min_by_key(|license| (license.terms.expires_at, &license.terms.serial))?;
    Some(Coverage {
        access: level,
        modules,
        first,
    })
}

/// The access levels to look at, in order, each list at once: the best to be had when none
/// is asked, else whatever is at least the asked one.
fn levels(ask: &Ask) -> &'static [&'static [AccessLevel]] {
    use AccessLevel::{Read, Write};
    match ask.access {
        None => &[&[Write], &[Read]],
        Some(Read) => &[&[Read, Write]],
        Some(Write) => &[&[Write]],
    }
}

/// The first open pool of a spot whose license is usable, covers all that is asked, and is one
/// that `accepts` takes.
pub(super) fn first_open(
    set: &WorkingSet,
    now: Timestamp,
    spot: Spot,
    ask: &Ask,
    mut accepts: impl FnMut(&License) -> Result<bool, Need>,
) -> Result<Option<PoolId>, Stop> {
    for levels in levels(ask) {
        let found = set.first_open(spot, levels, |license, _| {
            Ok(license.is_usable(now) && license.terms.covers(ask) && accepts(license)?)
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
