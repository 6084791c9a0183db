//! What was done to a set, table by table: what remains to be saved.

use super::{Change, DenialRecord, Issuer, Table, Token, WorkingSet};
use crate::account::{Account, AccountSession};
use crate::event::Event;
use crate::folder::Folder;
use crate::ids::{
    AccountId, FolderId, LicenseId, PoolId, ProductId, ReplacementId, RequestId, SeatId, SessionId,
    TokenId, UserId,
};
use crate::license::License;
use crate::policy::Policy;
use crate::pool::Pool;
use crate::product::Product;
use crate::refresh::{LicenseService, Refresh};
use crate::replacement::Replacement;
use crate::request::LicenseRequest;
use crate::seat::Seat;
use crate::session::Session;
use crate::time::Timestamp;
use crate::user::User;

/// Everything that differs from the store, by table.
#[derive(Debug)]
pub struct Changes<'a> {
    /// The working set.
    pub set: &'a WorkingSet,
}

impl<'a> Changes<'a> {
    /// The policy, if it was changed.
    pub fn policy(&self) -> Option<&'a Policy> {
        self.set
            .policy
            .changes()
            .find_map(|((), change)| match change {
                Change::Insert(policy) | Change::Update(policy) => Some(policy),
                Change::Delete => None,
            })
    }

    /// Accounts.
    pub fn users(&self) -> impl Iterator<Item = (&'a UserId, Change<'a, User>)> {
        self.set.users.changes()
    }

    /// Products.
    pub fn products(&self) -> impl Iterator<Item = (&'a ProductId, Change<'a, Product>)> {
        self.set.products.changes()
    }

    /// Folders.
    pub fn folders(&self) -> impl Iterator<Item = (&'a FolderId, Change<'a, Folder>)> {
        self.set.folders.changes()
    }

    /// Licenses.
    pub fn licenses(&self) -> impl Iterator<Item = (&'a LicenseId, Change<'a, License>)> {
        self.set.licenses.changes()
    }

    /// Pools.
    pub fn pools(&self) -> impl Iterator<Item = (&'a PoolId, Change<'a, Pool>)> {
        self.set.pools.changes()
    }

    /// The license of a changed pool, for the columns that pools repeat.
    pub fn license_of(&self, pool: &Pool) -> Option<&'a License> {
        self.set.licenses.get(&pool.license).flatten()
    }

    /// Dedicated seats.
    pub fn seats(&self) -> impl Iterator<Item = (&'a SeatId, Change<'a, Seat>)> {
        self.set.seats.changes()
    }

    /// Sessions.
    pub fn sessions(&self) -> impl Iterator<Item = (&'a SessionId, Change<'a, Session>)> {
        self.set.sessions.changes()
    }

    /// Trusted keys.
    pub fn issuers(&self) -> impl Iterator<Item = (&'a String, Change<'a, Issuer>)> {
        self.set.issuers.changes()
    }

    /// How the refreshing of licenses stands.
    pub fn refreshes(&self) -> impl Iterator<Item = (&'a LicenseId, Change<'a, Refresh>)> {
        self.set.refreshes.changes()
    }

    /// License services, by their issuers' folded names.
    pub fn license_services(
        &self,
    ) -> impl Iterator<Item = (&'a String, Change<'a, LicenseService>)> {
        self.set.license_services.changes()
    }

    /// Tokens.
    pub fn tokens(&self) -> impl Iterator<Item = (&'a TokenId, Change<'a, Token>)> {
        self.set.tokens.changes()
    }

    /// Replacements of licenses (L10).
    pub fn replacements(
        &self,
    ) -> impl Iterator<Item = (&'a ReplacementId, Change<'a, Replacement>)> {
        self.set.replacements.changes()
    }

    /// Accounts of the console.
    pub fn accounts(&self) -> impl Iterator<Item = (&'a AccountId, Change<'a, Account>)> {
        self.set.accounts_of_console.changes()
    }

    /// Sign-ins to the console, by the hashes of their secrets.
    pub fn console_sessions(
        &self,
    ) -> impl Iterator<Item = (&'a String, Change<'a, AccountSession>)> {
        self.set.console_sessions.changes()
    }

    /// Requests to issuers (I4).
    pub fn requests(&self) -> impl Iterator<Item = (&'a RequestId, Change<'a, LicenseRequest>)> {
        self.set.requests.changes()
    }

    /// New entries of the record, in order.
    pub fn events(&self) -> &'a [Event] {
        &self.set.events
    }

    /// Denials to be counted, in order.
    pub fn denials(&self) -> &'a [DenialRecord] {
        &self.set.denials
    }

    /// When set: every license is removed, every session ended, every seat freed at this
    /// moment, in the store itself (L7), before anything else of this set is saved.
    pub fn wiped(&self) -> Option<Timestamp> {
        self.set.wiped
    }

    /// Whether there is nothing to save.
    pub fn is_empty(&self) -> bool {
        self.events().is_empty()
            && self.denials().is_empty()
            && self.wiped().is_none()
            && self.sessions().next().is_none()
            && self.set.each_is_clean()
    }
}

impl WorkingSet {
    pub(super) fn each_is_clean(&self) -> bool {
        self.has_changed_only_seats()
            && is_clean(&self.pools)
            && is_clean(&self.seats)
            && is_clean(&self.sessions)
    }

    /// Whether all that was changed are seats, sessions, and how many are taken of a pool.
    pub(super) fn has_changed_only_seats(&self) -> bool {
        let mut pools = self.pools.changes();
        pools.all(|(_, change)| matches!(change, Change::Update(_)))
            && self.wiped.is_none()
            && is_clean(&self.policy)
            && is_clean(&self.users)
            && is_clean(&self.products)
            && is_clean(&self.folders)
            && is_clean(&self.licenses)
            && is_clean(&self.issuers)
            && is_clean(&self.refreshes)
            && is_clean(&self.license_services)
            && is_clean(&self.tokens)
            && is_clean(&self.replacements)
            && is_clean(&self.accounts_of_console)
            && is_clean(&self.console_sessions)
            && is_clean(&self.requests)
    }
}

fn is_clean<K: Clone + Eq + std::hash::Hash, V: Clone>(table: &Table<K, V>) -> bool {
    table.changes().next().is_none()
}
