//! What of a set stays true after its changes were saved, and what of it time takes away.

use super::{Horizon, WorkingSet};
use crate::time::Timestamp;

impl WorkingSet {
    /// What a set that was saved, or changed nothing, still knows for sure where nobody else
    /// writes to the store: the rows that sign-ins need, with their changes taken for stored.
    /// Lists and counts are to be asked for again. `None` when more was changed than seats and
    /// sessions: such sets are few, and the next one begins anew.
    pub fn settled(mut self) -> Option<Self> {
        if !self.has_changed_only_seats() {
            return None;
        }
        self.seats.settle(|_| true);
        // Ended ones are seldom asked for again.
        self.sessions.settle(|session| session.ended.is_none());
        self.holdings.settle(|_| true);
        self.pools.settle(|_| true);
        self.open.settle();
        let calm = &self.calm_until;
        self.lapsed.retain(|product, known| {
            known.items.is_empty() && known.complete && calm.contains_key(product)
        });
        let policy = self.policy().clone();
        Some(Self {
            users: self.users,
            usernames: self.usernames,
            products: self.products,
            product_codes: self.product_codes,
            licenses: self.licenses,
            site_licenses: self.site_licenses,
            pools: self.pools,
            open: self.open,
            seats: self.seats,
            sessions: self.sessions,
            holdings: self.holdings,
            lapsed: self.lapsed,
            calm_until: self.calm_until,
            ..Self::new(policy)
        })
    }

    /// Forgets what is not true any more at a moment: that no session of a product has lapsed.
    /// To be called before a set that was settled is used for a later moment.
    pub fn is_used_at(&mut self, now: Timestamp) {
        let lapsed = &mut self.lapsed;
        self.calm_until.retain(|product, until| {
            let calm = now < *until;
            if !calm {
                lapsed.remove(product);
            }
            calm
        });
    }

    /// How many rows are known of people, sessions and licenses: what a set takes of the memory.
    pub fn rows(&self) -> usize {
        self.usernames.known()
            + self.users.known()
            + self.seats.known()
            + self.sessions.known()
            + self.holdings.known()
            + self.pools.known()
            + self.licenses.known()
    }
}

impl super::OpenPools {
    /// What is full here is so in the store too, which need not name it any more.
    fn settle(&mut self) {
        for horizon in self.horizons_mut() {
            if let Horizon::UpTo(_, seen) = horizon {
                *seen = 1;
            }
        }
    }
}
