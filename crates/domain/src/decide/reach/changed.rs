//! Whether what a decision of a limited actor changed lies within their rights (R1).

use super::is_in;
use crate::ids::{FolderId, LicenseId, PoolId, UserId};
use crate::seat::Seat;
use crate::session::Session;
use crate::set::{Need, WorkingSet};

/// What a decision of a limited actor changed.
pub(super) struct Changed<'a> {
    set: &'a WorkingSet,
    limit: FolderId,
}

impl<'a> Changed<'a> {
    pub(super) const fn new(set: &'a WorkingSet, limit: FolderId) -> Self {
        Self { set, limit }
    }
}

impl Changed<'_> {
    /// Whether all of it is within the actor's rights.
    pub(super) fn is_inside(&self) -> Result<bool, Need> {
        if self.set.has_written_settings() {
            return Ok(false);
        }
        for (before, after) in self.set.written_users() {
            for user in [before, after].into_iter().flatten() {
                if !self.folder(user.folder)? {
                    return Ok(false);
                }
            }
        }
        for (before, after) in self.set.written_folders() {
            for folder in [before, after].into_iter().flatten() {
                if !self.folder(folder.parent)? {
                    return Ok(false);
                }
            }
        }
        for (before, after) in self.set.written_pools() {
            let size = |pool: Option<&crate::pool::Pool>| pool.map_or(0, |pool| pool.size);
            let occupied = |pool: Option<&crate::pool::Pool>| pool.map_or(0, |pool| pool.occupied);
            let only_freed = size(before) == size(after) && occupied(after) <= occupied(before);
            if let Some(pool) = after.or(before).filter(|_| !only_freed)
                && !self.folder(pool.folder)?
            {
                return Ok(false);
            }
        }
        for (before, after) in self.set.written_seats() {
            if !self.seat(before, after)? {
                return Ok(false);
            }
        }
        for (before, after) in self.set.written_sessions() {
            if let Some(session) = after.filter(|_| !is_lapse(before, after))
                && !self.user(session.user)?
            {
                return Ok(false);
            }
        }
        for (before, after) in self.set.written_licenses() {
            if let Some(license) = after
                && !self.license(license.id, before.is_none())?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn folder(&self, folder: FolderId) -> Result<bool, Need> {
        is_in(self.set, self.limit, folder)
    }

    /// A user who is inside, or was until this decision deleted the account.
    fn user(&self, id: UserId) -> Result<bool, Need> {
        if let Some(user) = self.set.find_user(id)? {
            return self.folder(user.folder);
        }
        let mut gone = self.set.written_users().filter_map(|(before, _)| before);
        gone.find(|user| user.id == id)
            .map_or(Ok(false), |user| self.folder(user.folder))
    }

    /// The pool of a seat as it was or is.
    fn pool(&self, seat: &Seat) -> Result<bool, Need> {
        if let Some(pool) = self.set.find_pool(seat.pool)? {
            return self.folder(pool.folder);
        }
        let mut gone = self.set.written_pools().filter_map(|(before, _)| before);
        gone.find(|pool| pool.id == seat.pool)
            .map_or(Ok(false), |pool| self.folder(pool.folder))
    }

    fn seat(&self, before: Option<&Seat>, after: Option<&Seat>) -> Result<bool, Need> {
        match (before, after) {
            (None, None) => Ok(true),
            (None, Some(seat)) => Ok(self.user(seat.user)? && self.pool(seat)?),
            // What waited for a lapsed session is free (H2, S4); one's own people give back (S8).
            (Some(seat), None) => Ok(seat.releasing_since.is_some() || self.user(seat.user)?),
            (Some(was), Some(is)) => {
                let moved_up = Seat {
                    unbacked: was.unbacked,
                    ..is.clone()
                };
                if moved_up == *was {
                    return Ok(!is.unbacked || self.user(was.user)?);
                }
                let stays = (was.pool, was.sources) == (is.pool, is.sources);
                let place = stays || (self.pool(was)? && self.pool(is)?);
                let kept = was.releasing_since.is_none() || is.releasing_since.is_some();
                Ok(place && self.user(was.user)? && (kept || self.pool(is)?))
            }
        }
    }

    /// A license with all its pools inside. One that was there had some before, since what stands
    /// nowhere is outside.
    fn license(&self, id: LicenseId, is_new: bool) -> Result<bool, Need> {
        let made_now = |id: PoolId| {
            let mut pools = self.set.written_pools();
            pools.any(|(before, after)| before.is_none() && after.is_some_and(|pool| pool.id == id))
        };
        let mut stood = false;
        for pool in self.set.pools_of(id)? {
            if !self.folder(self.set.pool(*pool)?.folder)? {
                return Ok(false);
            }
            stood |= is_new || !made_now(*pool);
        }
        let mut pools = self.set.written_pools();
        let went = pools.any(|(before, after)| {
            after.is_none() && before.is_some_and(|pool| pool.license == id)
        });
        Ok(stood || went)
    }
}

/// Whether a session was only written down as lapsed (H2).
fn is_lapse(before: Option<&Session>, after: Option<&Session>) -> bool {
    let was_open = before.is_some_and(|session| session.ended.is_none());
    let lapsed = after.and_then(|session| Some(session.expires_at <= session.ended?.0));
    was_open && lapsed == Some(true)
}
