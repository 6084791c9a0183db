//! Saving what a batch changed, the way a store does: what is inserted was not there, what is
//! updated or deleted was.

use std::collections::BTreeMap;
use std::fmt::Debug;

use domain::set::Change;
use domain::{Changes, EndReason, Timestamp};

use super::rows::Rows;

impl Rows {
    /// Takes over all changes.
    pub(crate) fn save(&mut self, changes: &Changes<'_>) {
        if let Some(at) = changes.wiped() {
            self.wipe(at);
        }
        if let Some(policy) = changes.policy() {
            self.policy = policy.clone();
        }
        save(&mut self.users, changes.users());
        save(&mut self.products, changes.products());
        save(&mut self.folders, changes.folders());
        save(&mut self.licenses, changes.licenses());
        save(&mut self.pools, changes.pools());
        save(&mut self.seats, changes.seats());
        save(&mut self.sessions, changes.sessions());
        save(&mut self.issuers, changes.issuers());
        save(&mut self.tokens, changes.tokens());
        save(&mut self.refreshes, changes.refreshes());
        save(&mut self.license_services, changes.license_services());
        save(&mut self.replacements, changes.replacements());
        save(&mut self.accounts, changes.accounts());
        save(&mut self.console_sessions, changes.console_sessions());
        save(&mut self.requests, changes.requests());
        self.events.extend_from_slice(changes.events());
        self.denials.extend_from_slice(changes.denials());
    }

    fn wipe(&mut self, at: Timestamp) {
        for session in self.sessions.values_mut() {
            session.ended.get_or_insert((at, EndReason::LicenseRemoved));
        }
        self.seats.clear();
        self.pools.clear();
        for license in self.licenses.values_mut() {
            license.removed_at.get_or_insert(at);
        }
        for product in self.products.values_mut() {
            product.demo_in_use = 0;
        }
    }
}

fn save<'a, K, V>(rows: &mut BTreeMap<K, V>, changes: impl Iterator<Item = (&'a K, Change<'a, V>)>)
where
    K: Ord + Clone + Debug + 'a,
    V: Clone + Debug + 'a,
{
    for (key, change) in changes {
        match change {
            Change::Insert(row) => {
                let before = rows.insert(key.clone(), row.clone());
                assert!(before.is_none(), "inserted, but there already: {before:?}");
            }
            Change::Update(row) => {
                let before = rows.insert(key.clone(), row.clone());
                assert!(before.is_some(), "updated, but not there: {row:?}");
            }
            Change::Delete => {
                let before = rows.remove(key);
                assert!(before.is_some(), "deleted, but not there: {key:?}");
            }
        }
    }
}
