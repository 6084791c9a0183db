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
        self.forget_lists();
        Some(self)
    }

    /// Leaves nothing but rows that sign-ins need.
    fn forget_lists(&mut self) {
        // All are named, so that nobody adds one and forgets to say here whether it is kept.
        let Self {
            policy: _,
            users: _,
            usernames: _,
            products: _,
            product_codes: _,
            licenses: _,
            site_licenses: _,
            pools: _,
            open: _,
            seats: _,
            sessions: _,
            holdings: _,
            lapsed: _,
            calm_until: _,
            accounts,
            folders,
            folder_names,
            folder_contents,
            folders_in,
            license_refs,
            licenses_of,
            new_user_licenses,
            all_licenses,
            licenses_of_key,
            pools_of,
            over_stored,
            over_delta,
            holdings_of,
            holders_of,
            unbacked,
            issuers,
            refreshes,
            license_services,
            tokens,
            tokens_limited_to,
            replacements,
            account_list,
            accounts_of_console,
            console_sessions,
            requests,
            license_issuers,
            borrowed,
            totals,
            events,
            denials,
            wiped,
            kept,
            reclaimed,
        } = self;
        accounts.forget();
        folders.forget();
        folder_names.forget();
        folder_contents.forget();
        folders_in.forget();
        license_refs.forget();
        licenses_of.forget();
        new_user_licenses.forget();
        all_licenses.forget();
        licenses_of_key.forget();
        pools_of.forget();
        over_stored.forget();
        over_delta.forget();
        holdings_of.forget();
        holders_of.forget();
        unbacked.clear();
        issuers.forget();
        refreshes.forget();
        license_services.forget();
        tokens.forget();
        tokens_limited_to.forget();
        replacements.forget();
        account_list.forget();
        accounts_of_console.forget();
        console_sessions.forget();
        requests.forget();
        license_issuers.forget();
        borrowed.forget();
        *totals = None;
        events.clear();
        denials.clear();
        *wiped = None;
        *kept = (0, 0);
        *reclaimed = false;
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
