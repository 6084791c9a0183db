//! Writing into the set: rows, the lists that lead to them, and the record.

use super::{DenialRecord, Holding, Issuer, Token, WorkingSet};
use crate::event::Event;
use crate::folder::Folder;
use crate::ids::{LicenseId, PersonId, PoolId, ProductId, SeatId, UserId};
use crate::license::License;
use crate::policy::Policy;
use crate::pool::Pool;
use crate::product::Product;
use crate::refresh::{LicenseService, Refresh};
use crate::replacement::Replacement;
use crate::request::LicenseRequest;
use crate::seat::Seat;
use crate::session::{Session, Via};
use crate::time::Timestamp;
use crate::user::User;

impl WorkingSet {
    pub(crate) fn put_policy(&mut self, policy: Policy) {
        self.policy.put((), policy);
    }

    pub(crate) fn put_user(&mut self, user: User) {
        let before = self.users.get(&user.id).flatten();
        let (old_key, old_person) = match before {
            Some(before) => (Some(before.username.key()), Some(before.person)),
            None => (None, None),
        };
        let key = user.username.key();
        if old_key.as_ref() != Some(&key) {
            if let Some(old) = old_key {
                self.usernames.delete(old);
            }
            self.usernames.put(key, user.id);
        }
        if old_person != Some(user.person) {
            if let Some(old) = old_person {
                self.drop_account(old, user.id);
            }
            // A person of a new account is new too; one of a known account was loaded before.
            let mut accounts = match self.accounts.get(&user.person) {
                Some(accounts) => accounts.cloned().unwrap_or_default(),
                None => {
                    self.holdings_of.put(user.person, Vec::new());
                    Vec::new()
                }
            };
            accounts.push(user.id);
            self.accounts.put(user.person, accounts);
        }
        self.users.put(user.id, user);
    }

    pub(crate) fn delete_user(&mut self, user: &User) {
        self.usernames.delete(user.username.key());
        self.drop_account(user.person, user.id);
        self.users.delete(user.id);
    }

    fn drop_account(&mut self, person: PersonId, user: UserId) {
        if let Some(Some(accounts)) = self.accounts.get(&person) {
            let left = accounts.iter().copied().filter(|id| *id != user).collect();
            self.accounts.put(person, left);
        }
    }

    pub(crate) fn put_product(&mut self, product: Product) {
        if self.products.get(&product.id).flatten().is_none() {
            self.product_codes.put(product.code.key(), product.id);
            // Nothing in the store can belong to a product that is new.
            self.licenses_of.put(product.id, Vec::new());
            self.site_licenses.put(product.id, Vec::new());
        }
        self.products.put(product.id, product);
    }

    pub(crate) fn put_folder(&mut self, folder: Folder) {
        if let Some(Some(before)) = self.folders.get(&folder.id) {
            let key = (before.parent, before.name.key());
            self.folder_names.delete(key);
        }
        self.folder_names
            .put((folder.parent, folder.name.key()), folder.id);
        self.folders.put(folder.id, folder);
    }

    pub(crate) fn delete_folder(&mut self, folder: &Folder) {
        self.folder_names.delete((folder.parent, folder.name.key()));
        self.folders.delete(folder.id);
    }

    pub(crate) fn put_license(&mut self, license: License) {
        let id = license.id;
        let pools: Vec<Pool> = match self.pools_of.get(&id) {
            Some(Some(pools)) => pools
                .iter()
                .filter_map(|id| self.pools.get(id).flatten().cloned())
                .collect(),
            _ => Vec::new(),
        };
        match self.licenses.get(&id).flatten() {
            Some(before) => {
                for pool in &pools {
                    self.open.note(before, Some(pool), None);
                }
            }
            None => {
                self.license_refs.put(license.terms.reference.key(), id);
                self.pools_of.put(id, Vec::new());
                self.holders_of.put(id, Vec::new());
                if let Some(Some(ids)) = self.licenses_of.get(&license.product) {
                    let ids = with(ids, id);
                    self.licenses_of.put(license.product, ids);
                }
                if license.terms.model == crate::license::Model::Site
                    && let Some(Some(ids)) = self.site_licenses.get(&license.product)
                {
                    let ids = with(ids, id);
                    self.site_licenses.put(license.product, ids);
                }
            }
        }
        for pool in &pools {
            self.open.note(&license, None, Some(pool));
        }
        self.licenses.put(id, license);
    }

    pub(crate) fn put_pool(&mut self, pool: Pool) {
        let before = self.pools.get(&pool.id).flatten().cloned();
        if before.is_none()
            && let Some(Some(ids)) = self.pools_of.get(&pool.license)
        {
            let ids = with(ids, pool.id);
            self.pools_of.put(pool.license, ids);
        }
        self.note_pool(before.as_ref(), Some(&pool));
        self.pools.put(pool.id, pool);
    }

    pub(crate) fn delete_pool(&mut self, pool: &Pool) {
        if let Some(Some(ids)) = self.pools_of.get(&pool.license) {
            let ids = without(ids, pool.id);
            self.pools_of.put(pool.license, ids);
        }
        self.note_pool(Some(pool), None);
        self.pools.delete(pool.id);
    }

    fn note_pool(&mut self, before: Option<&Pool>, after: Option<&Pool>) {
        let Some(pool) = after.or(before) else { return };
        if let Some(Some(license)) = self.licenses.get(&pool.license) {
            self.open.note(license, before, after);
        }
        let over = |pool: Option<&Pool>| i64::from(pool.is_some_and(Pool::is_over_allocated));
        let delta = over(after) - over(before);
        if delta != 0 {
            let sum = self
                .over_delta
                .get(&pool.product)
                .flatten()
                .copied()
                .unwrap_or(0);
            self.over_delta.put(pool.product, sum + delta);
        }
    }

    fn edit_holding(
        &mut self,
        person: PersonId,
        product: ProductId,
        edit: impl FnOnce(&mut Holding),
    ) {
        let mut holding = self
            .holdings
            .get(&(person, product))
            .flatten()
            .cloned()
            .unwrap_or_default();
        edit(&mut holding);
        self.holdings.put((person, product), holding);
        if let Some(Some(products)) = self.holdings_of.get(&person)
            && !products.contains(&product)
        {
            let products = with(products, product);
            self.holdings_of.put(person, products);
        }
    }

    fn note_holder(&mut self, license: LicenseId, person: PersonId) {
        if let Some(Some(holders)) = self.holders_of.get(&license)
            && !holders.contains(&person)
        {
            let holders = with(holders, person);
            self.holders_of.put(license, holders);
        }
    }

    /// Writes a seat. Its person and product lead to it; its pool's count is the caller's.
    pub(crate) fn put_seat(&mut self, seat: Seat) {
        let key = (seat.person, seat.product);
        let before = self
            .seats
            .get(&seat.id)
            .flatten()
            .map(|seat| ((seat.person, seat.product), seat.license));
        if before.map(|(key, _)| key) != Some(key) {
            if let Some(((person, product), _)) = before {
                self.edit_holding(person, product, |holding| {
                    holding.seats.retain(|id| *id != seat.id);
                });
            }
            self.edit_holding(key.0, key.1, |holding| holding.seats.push(seat.id));
        }
        if before != Some((key, seat.license)) {
            self.note_holder(seat.license, seat.person);
        }
        self.seats.put(seat.id, seat);
    }

    pub(crate) fn delete_seat(&mut self, seat: &Seat) {
        let id = seat.id;
        self.edit_holding(seat.person, seat.product, |holding| {
            holding.seats.retain(|s| *s != id);
        });
        self.seats.delete(id);
    }

    /// Writes a session; an ended one no longer leads from its person and product.
    pub(crate) fn put_session(&mut self, session: Session) {
        let is_open = |session: &Session| session.ended.is_none();
        let key = |session: &Session| (session.person, session.product);
        let before = self.sessions.get(&session.id).flatten();
        let before = before.filter(|before| is_open(before));
        let before_on = before.map(|before| (before.person, before.via));
        let before = before.map(key);
        let after = is_open(&session).then_some(key(&session));
        if before != after {
            let id = session.id;
            if let Some((person, product)) = before {
                self.edit_holding(person, product, |holding| {
                    holding.sessions.retain(|s| *s != id);
                });
            }
            if let Some((person, product)) = after {
                self.edit_holding(person, product, |holding| holding.sessions.push(id));
            }
        }
        if after.is_some() {
            self.note_expiry(session.product, session.expires_at);
        }
        let lapsed = session
            .ended
            .is_some_and(|(at, _)| session.expires_at <= at);
        if before.is_some() && lapsed {
            self.reclaimed = true;
        }
        if let Via::Floating { license, .. } = session.via
            && after.is_some()
            && before_on != Some((session.person, session.via))
        {
            self.note_holder(license, session.person);
        }
        self.sessions.put(session.id, session);
    }

    /// A session may lapse from this moment on.
    pub(super) fn note_expiry(&mut self, product: ProductId, at: Timestamp) {
        if let Some(until) = self.calm_until.get_mut(&product) {
            *until = at.min(*until);
        }
    }

    /// Notes that a seat is unbacked, so that it is found when one becomes free.
    pub(crate) fn note_unbacked(&mut self, pool: PoolId, seat: SeatId) {
        if let Some(known) = self.unbacked.get_mut(&pool)
            && known.complete
            && !known.items.contains(&seat)
        {
            known.items.push(seat);
        }
    }

    pub(crate) fn put_issuer(&mut self, issuer: Issuer) {
        self.issuers.put(issuer.key.clone(), issuer);
    }

    pub(crate) fn put_refresh(&mut self, refresh: Refresh) {
        self.refreshes.put(refresh.license, refresh);
    }

    pub(crate) fn put_license_service(&mut self, service: LicenseService) {
        self.license_services.put(service.issuer.key(), service);
    }

    pub(crate) fn delete_license_service(&mut self, key: &str) {
        self.license_services.delete(key.to_owned());
    }

    pub(crate) fn put_token(&mut self, token: Token) {
        self.tokens.put(token.id, token);
    }

    pub(crate) fn put_replacement(&mut self, replacement: Replacement) {
        self.replacements.put(replacement.id, replacement);
    }

    pub(crate) fn put_request(&mut self, request: LicenseRequest) {
        self.requests.put(request.id, request);
    }

    pub(crate) fn record(&mut self, event: Event) {
        self.events.push(event);
    }

    pub(crate) fn deny(&mut self, denial: DenialRecord) {
        self.denials.push(denial);
    }

    pub(crate) fn wipe(&mut self, at: Timestamp) {
        self.wiped = Some(at);
    }
}

fn with<T: Copy>(items: &[T], item: T) -> Vec<T> {
    items.iter().copied().chain([item]).collect()
}

fn without<T: Copy + PartialEq>(items: &[T], item: T) -> Vec<T> {
    items.iter().copied().filter(|i| *i != item).collect()
}
