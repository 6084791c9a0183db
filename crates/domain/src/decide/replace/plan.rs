//! Who gets a seat of which new license (L10).

use std::collections::{BTreeMap, BTreeSet};

use super::super::Stop;
use crate::ids::{FolderId, LicenseId, PersonId};
use crate::license::License;
use crate::seat::Seat;
use crate::set::WorkingSet;

/// Who gets what, before anything is changed.
pub(super) struct Plan {
    /// For each holder, in their order: the license whose seat they will hold; none: left out.
    pub(super) gets: Vec<Option<LicenseId>>,
    /// Free seats that are wanted of each new license, by folder.
    pub(super) wanting: BTreeMap<LicenseId, BTreeMap<FolderId, u32>>,
    /// How many seats the new licenses have free together.
    pub(super) free: u32,
    /// How many holders need one of them.
    pub(super) wanted: u32,
}

/// A new license, as seats of it are planned away.
struct Source<'a> {
    license: &'a License,
    free: u32,
}

impl Plan {
    /// Serves holders in their order. Each gets a seat of the first new license that gives all
    /// that the old one gave and has one free; where none gives that much, of the first with
    /// one free.
    pub(super) fn of(set: &WorkingSet, holders: &[Seat], new: &[License]) -> Result<Self, Stop> {
        let mut sources = Vec::with_capacity(new.len());
        for license in new {
            let mut free = 0;
            for pool in set.pools_of(license.id)? {
                free += set.pool(*pool)?.free();
            }
            sources.push(Source { license, free });
        }
        let mut plan = Self {
            gets: Vec::with_capacity(holders.len()),
            wanting: BTreeMap::new(),
            free: sources.iter().map(|source| source.free).sum(),
            wanted: 0,
        };
        let mut planned = BTreeSet::new();
        for seat in holders {
            let gets = plan.serve(set, seat, &mut sources, &mut planned)?;
            plan.gets.push(gets);
        }
        Ok(plan)
    }

    /// How many are left out.
    pub(super) fn left_out(&self) -> u32 {
        let left_out = self.gets.iter().filter(|gets| gets.is_none()).count();
        u32::try_from(left_out).unwrap_or(u32::MAX)
    }

    fn serve(
        &mut self,
        set: &WorkingSet,
        seat: &Seat,
        sources: &mut [Source<'_>],
        planned: &mut BTreeSet<(PersonId, LicenseId)>,
    ) -> Result<Option<LicenseId>, Stop> {
        let terms = &set.license(seat.license)?.terms;
        let covers = |source: &Source<'_>| source.license.terms.covers_all_of(terms);
        let any_covers = sources.iter().any(covers);
        let fits = |source: &Source<'_>| !any_covers || covers(source);
        // Whoever has one already needs no other; an unbacked one is worth nothing, though
        // nobody can have two (S2).
        let mut held = Vec::new();
        for other in set.seats(seat.person, seat.product)? {
            held.push((other.license, other.unbacked));
        }
        for source in sources.iter().filter(|source| fits(source)) {
            let id = source.license.id;
            if held.contains(&(id, false)) || planned.contains(&(seat.person, id)) {
                return Ok(Some(id));
            }
        }
        self.wanted += 1;
        let free = sources.iter_mut().find(|source| {
            source.free > 0 && fits(source) && !held.contains(&(source.license.id, true))
        });
        let Some(source) = free else { return Ok(None) };
        source.free -= 1;
        let id = source.license.id;
        let folder = set.pool(seat.pool)?.folder;
        let wanting = self.wanting.entry(id).or_default();
        *wanting.entry(folder).or_default() += 1;
        planned.insert((seat.person, id));
        Ok(Some(id))
    }
}
