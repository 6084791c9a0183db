//! What was written since the last [`WorkingSet::keep`], for whoever judges a decision by it.

use super::WorkingSet;
use crate::folder::Folder;
use crate::license::License;
use crate::pool::Pool;
use crate::seat::Seat;
use crate::session::Session;
use crate::user::User;

/// A row before and after.
type Written<'a, T> = (Option<&'a T>, Option<&'a T>);

impl WorkingSet {
    /// Users.
    pub(crate) fn written_users(&self) -> impl Iterator<Item = Written<'_, User>> {
        self.users.written()
    }

    /// Folders.
    pub(crate) fn written_folders(&self) -> impl Iterator<Item = Written<'_, Folder>> {
        self.folders.written()
    }

    /// Licenses.
    pub(crate) fn written_licenses(&self) -> impl Iterator<Item = Written<'_, License>> {
        self.licenses.written()
    }

    /// Pools.
    pub(crate) fn written_pools(&self) -> impl Iterator<Item = Written<'_, Pool>> {
        self.pools.written()
    }

    /// Dedicated seats.
    pub(crate) fn written_seats(&self) -> impl Iterator<Item = Written<'_, Seat>> {
        self.seats.written()
    }

    /// Sessions.
    pub(crate) fn written_sessions(&self) -> impl Iterator<Item = Written<'_, Session>> {
        self.sessions.written()
    }

    /// Whether anything was written that belongs to the whole installation: the policy, issuers
    /// and what was asked of them, tokens, accounts of the console, or everything wiped.
    pub(crate) fn has_written_settings(&self) -> bool {
        self.policy.is_touched()
            || self.issuers.is_touched()
            || self.license_services.is_touched()
            || self.requests.is_touched()
            || self.tokens.is_touched()
            || self.accounts_of_console.is_touched()
            || self.wiped.is_some()
    }
}
