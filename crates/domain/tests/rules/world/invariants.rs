//! What must hold after every batch, whatever was commanded.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    CountedBy, FolderId, LicenseId, Model, PersonId, Pool, PoolId, ProductId, Session, UserId, Via,
};

use super::rows::Rows;

impl Rows {
    /// Everything at once.
    pub(crate) fn check(&self) {
        for pool in self.pools.values() {
            self.pool_counts_exactly(pool);
        }
        self.pools_add_up();
        self.everyone_holds_one_seat_of_a_license();
        self.seats_fit_their_pools_and_people();
        self.releasing_seats_wait_for_somebody();
        self.sessions_stand_on_something();
        self.demo_seats_count_people();
        self.folders_are_a_tree();
        self.names_are_unique();
    }

    /// S1, R4: occupied is what stands in it; dedicated seats beyond its size are flagged (L9).
    fn pool_counts_exactly(&self, pool: &Pool) {
        let license = &self.licenses[&pool.license];
        assert_eq!(pool.product, license.product, "{pool:?}");
        assert!(
            pool.size > 0 || pool.occupied > 0,
            "an empty pool is left: {pool:?}"
        );
        let of_pool = |session: &&Session| session.via.floating_pool() == Some(pool.id);
        let in_use = match (license.terms.model, license.terms.counted_by) {
            (Model::Site, _) => panic!("a site license has a pool: {pool:?}"),
            (Model::Dedicated, _) => {
                let seats = self.seats.values().filter(|seat| seat.pool == pool.id);
                let unbacked = seats.clone().filter(|seat| seat.unbacked).count();
                assert_eq!(unbacked, pool.unbacked() as usize, "flagged in {pool:?}");
                seats.count()
            }
            (Model::Floating, CountedBy::Session) => self.open_sessions().filter(of_pool).count(),
            (Model::Floating, CountedBy::User) => {
                let persons = self.open_sessions().filter(of_pool);
                let persons: BTreeSet<PersonId> = persons.map(|session| session.person).collect();
                persons.len()
            }
        };
        assert_eq!(in_use, pool.occupied as usize, "occupied in {pool:?}");
    }

    /// P2, and one pool of a license in a folder.
    fn pools_add_up(&self) {
        let mut sums: BTreeMap<LicenseId, u64> = BTreeMap::new();
        let mut spots = BTreeSet::new();
        for pool in self.pools.values() {
            *sums.entry(pool.license).or_default() += u64::from(pool.size);
            let spot = (pool.license, pool.folder);
            assert!(spots.insert(spot), "two pools in one folder: {pool:?}");
            assert!(self.is_folder(pool.folder), "nowhere: {pool:?}");
        }
        for license in self.licenses.values() {
            let sum = sums.get(&license.id).copied().unwrap_or(0);
            let capacity = u64::from(license.capacity());
            assert_eq!(sum, capacity, "the pools of {}", license.terms.serial);
            assert!(capacity == 0 || license.stood.is_empty(), "{license:?}");
        }
    }

    /// S2.
    fn everyone_holds_one_seat_of_a_license(&self) {
        let mut held = BTreeSet::new();
        for seat in self.seats.values() {
            let key = (seat.license, seat.person);
            assert!(held.insert(key), "two seats of a license: {seat:?}");
        }
    }

    /// S8, S12: a seat stands in a pool of its license and belongs to an active account.
    fn seats_fit_their_pools_and_people(&self) {
        for seat in self.seats.values() {
            let pool = &self.pools[&seat.pool];
            let license = &self.licenses[&seat.license];
            assert_eq!(pool.license, seat.license, "{seat:?}");
            assert_eq!(license.product, seat.product, "{seat:?}");
            assert_eq!(license.terms.model, Model::Dedicated, "{seat:?}");
            assert!(!seat.sources.is_empty(), "from nowhere: {seat:?}");
            self.belongs_to_the_active(seat.user, seat.person, self.is_lent(seat));
        }
    }

    /// H5: whether a session that is borrowed holds a seat that is being released.
    fn is_lent(&self, seat: &domain::Seat) -> bool {
        seat.releasing_since.is_some()
            && self.open_sessions().any(|session| {
                session.loan.is_some()
                    && (session.person, session.product) == (seat.person, seat.product)
            })
    }

    fn belongs_to_the_active(&self, user: UserId, person: PersonId, is_lent: bool) {
        let account = self.users.get(&user);
        let account = account.unwrap_or_else(|| panic!("the account {user} is gone"));
        assert_eq!(account.person, person, "held by another: {account:?}");
        assert!(
            account.active || is_lent,
            "held by the inactive: {account:?}"
        );
    }

    /// S4: a seat is releasing only while a session goes on that began before.
    fn releasing_seats_wait_for_somebody(&self) {
        for seat in self.seats.values() {
            let Some(since) = seat.releasing_since else {
                continue;
            };
            let waits = self.open_sessions().any(|session| {
                matches!(session.via, Via::Dedicated { .. })
                    && (session.person, session.product) == (seat.person, seat.product)
                    && session.started_at <= since
            });
            assert!(waits, "releasing for nobody: {seat:?}");
        }
    }

    fn sessions_stand_on_something(&self) {
        let holders: BTreeSet<(PersonId, ProductId)> = self
            .seats
            .values()
            .map(|seat| (seat.person, seat.product))
            .collect();
        let mut floating: BTreeMap<(LicenseId, PersonId), PoolId> = BTreeMap::new();
        for session in self.open_sessions() {
            let is_lent = session.loan.is_some();
            self.belongs_to_the_active(session.user, session.person, is_lent);
            assert!(self.products.contains_key(&session.product), "{session:?}");
            if let Some(license) = session.via.license() {
                assert_eq!(self.licenses[&license].product, session.product);
            }
            match session.via {
                Via::Dedicated { .. } => {
                    let key = (session.person, session.product);
                    assert!(holders.contains(&key), "on no seat: {session:?}");
                }
                Via::Floating { license, pool } => {
                    assert_eq!(self.pools[&pool].license, license, "{session:?}");
                    if self.licenses[&license].terms.counted_by == CountedBy::User {
                        let key = (license, session.person);
                        let shared = *floating.entry(key).or_insert(pool);
                        assert_eq!(shared, pool, "in two pools at once: {session:?}");
                    }
                }
                Via::Site { license } => {
                    assert_eq!(self.licenses[&license].terms.model, Model::Site);
                }
                Via::Demo => {}
            }
        }
    }

    /// A2.
    fn demo_seats_count_people(&self) {
        for product in self.products.values() {
            let sessions = self
                .open_sessions()
                .filter(|session| session.product == product.id && session.via == Via::Demo);
            let people: BTreeSet<PersonId> = sessions.map(|session| session.person).collect();
            assert_eq!(people.len(), product.demo_in_use as usize, "{product:?}");
        }
    }

    fn is_folder(&self, id: FolderId) -> bool {
        id == FolderId::ROOT || self.folders.contains_key(&id)
    }

    /// P3.
    fn folders_are_a_tree(&self) {
        let mut names = BTreeSet::new();
        for folder in self.folders.values() {
            let name = (folder.parent, folder.name.key());
            assert!(names.insert(name), "a name twice: {folder:?}");
            let mut at = folder.id;
            for _ in 0..=self.folders.len() {
                if at != FolderId::ROOT {
                    at = self.folders[&at].parent;
                }
            }
            assert_eq!(at, FolderId::ROOT, "no way to the root: {folder:?}");
            let levels = self.path_of(folder.id).matches('/').count();
            assert!(levels <= domain::decide::MOST_DEEP, "too deep: {folder:?}");
        }
    }

    fn names_are_unique(&self) {
        let mut usernames = BTreeSet::new();
        for user in self.users.values() {
            assert!(usernames.insert(user.username.key()), "twice: {user:?}");
            assert!(self.is_folder(user.folder), "nowhere: {user:?}");
        }
        let mut codes = BTreeSet::new();
        for product in self.products.values() {
            assert!(codes.insert(product.code.key()), "twice: {product:?}");
        }
        let mut references = BTreeSet::new();
        for license in self.licenses.values() {
            let reference = license.terms.reference.key();
            assert!(references.insert(reference), "twice: {license:?}");
        }
    }
}
