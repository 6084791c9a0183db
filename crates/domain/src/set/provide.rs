//! What the store answers to a need. What the set already knows always wins: it is newer.

use super::{Change, Holding, Horizon, Issuer, Known, Rank, Spot, Token, Totals, WorkingSet};
use crate::folder::{Folder, FolderContents};
use crate::ids::{
    FolderId, LicenseId, PersonId, PoolId, ProductId, ReplacementId, RequestId, SeatId, SessionId,
    TokenId, UserId,
};
use crate::license::License;
use crate::names::Title;
use crate::pool::Pool;
use crate::product::Product;
use crate::refresh::{LicenseService, Refresh};
use crate::replacement::Replacement;
use crate::request::LicenseRequest;
use crate::seat::Seat;
use crate::session::Session;
use crate::time::Timestamp;
use crate::user::User;

impl WorkingSet {
    /// Answers [`super::Need::User`].
    pub fn provide_user(&mut self, id: UserId, user: Option<User>) {
        if let Some(user) = &user {
            self.usernames.provide(user.username.key(), Some(id));
        }
        self.users.provide(id, user);
    }

    /// Answers [`super::Need::Username`].
    pub fn provide_username(&mut self, key: String, user: Option<User>) {
        self.usernames
            .provide(key, user.as_ref().map(|user| user.id));
        if let Some(user) = user {
            self.users.provide(user.id, Some(user));
        }
    }

    /// Answers [`super::Need::Accounts`].
    pub fn provide_accounts(&mut self, person: PersonId, users: Vec<User>) {
        self.accounts
            .provide(person, Some(users.iter().map(|user| user.id).collect()));
        for user in users {
            self.provide_user(user.id, Some(user));
        }
    }

    /// Answers [`super::Need::Product`].
    pub fn provide_product(&mut self, id: ProductId, product: Option<Product>) {
        if let Some(product) = &product {
            self.product_codes.provide(product.code.key(), Some(id));
        }
        self.products.provide(id, product);
    }

    /// Answers [`super::Need::ProductCode`].
    pub fn provide_product_code(&mut self, key: String, product: Option<Product>) {
        self.product_codes
            .provide(key, product.as_ref().map(|product| product.id));
        if let Some(product) = product {
            self.products.provide(product.id, Some(product));
        }
    }

    /// Answers [`super::Need::Folder`].
    pub fn provide_folder(&mut self, id: FolderId, folder: Option<Folder>) {
        if let Some(folder) = &folder {
            self.folder_names
                .provide((folder.parent, folder.name.key()), Some(id));
        }
        self.folders.provide(id, folder);
    }

    /// Answers [`super::Need::FolderName`].
    pub fn provide_folder_name(&mut self, parent: FolderId, key: String, folder: Option<Folder>) {
        self.folder_names
            .provide((parent, key), folder.as_ref().map(|folder| folder.id));
        if let Some(folder) = folder {
            self.folders.provide(folder.id, Some(folder));
        }
    }

    /// Answers [`super::Need::FolderContents`].
    pub fn provide_folder_contents(&mut self, id: FolderId, contents: FolderContents) {
        self.folder_contents.provide(id, Some(contents));
    }

    /// Answers [`super::Need::FoldersIn`].
    pub fn provide_folders_in(&mut self, id: FolderId, folders: Vec<Folder>) {
        let ids = folders.iter().map(|folder| folder.id).collect();
        self.folders_in.provide(id, Some(ids));
        for folder in folders {
            self.provide_folder(folder.id, Some(folder));
        }
    }

    /// Answers [`super::Need::License`].
    pub fn provide_license(&mut self, id: LicenseId, license: Option<License>) {
        if let Some(license) = &license {
            self.license_refs
                .provide(license.terms.reference.key(), Some(id));
        }
        self.licenses.provide(id, license);
    }

    /// Answers [`super::Need::LicenseRef`].
    pub fn provide_license_ref(&mut self, key: String, license: Option<License>) {
        self.license_refs
            .provide(key, license.as_ref().map(|license| license.id));
        if let Some(license) = license {
            self.licenses.provide(license.id, Some(license));
        }
    }

    fn provide_licenses(&mut self, licenses: Vec<License>) -> Vec<LicenseId> {
        let ids = licenses.iter().map(|license| license.id).collect();
        for license in licenses {
            self.provide_license(license.id, Some(license));
        }
        ids
    }

    /// Answers [`super::Need::LicensesOf`].
    pub fn provide_licenses_of(&mut self, product: ProductId, licenses: Vec<License>) {
        let ids = self.provide_licenses(licenses);
        self.licenses_of.provide(product, Some(ids));
    }

    /// Answers [`super::Need::SiteLicenses`].
    pub fn provide_site_licenses(&mut self, product: ProductId, licenses: Vec<License>) {
        let ids = self.provide_licenses(licenses);
        self.site_licenses.provide(product, Some(ids));
    }

    /// Answers [`super::Need::NewUserLicenses`].
    pub fn provide_new_user_licenses(&mut self, licenses: Vec<License>) {
        let ids = self.provide_licenses(licenses);
        self.new_user_licenses.provide((), Some(ids));
    }

    /// Answers [`super::Need::AllLicenses`].
    pub fn provide_all_licenses(&mut self, licenses: Vec<License>) {
        let ids = self.provide_licenses(licenses);
        self.all_licenses.provide((), Some(ids));
    }

    /// Answers [`super::Need::LicensesOfKey`].
    pub fn provide_licenses_of_key(&mut self, key: String, licenses: Vec<License>) {
        let ids = self.provide_licenses(licenses);
        self.licenses_of_key.provide(key, Some(ids));
    }

    /// Answers [`super::Need::Pool`]; `license` is the pool's license.
    pub fn provide_pool(&mut self, id: PoolId, found: Option<(Pool, License)>) {
        match found {
            None => {
                self.pools.provide(id, None);
            }
            Some((pool, license)) => {
                self.provide_license(license.id, Some(license));
                let license_id = pool.license;
                if self.pools.provide(id, Some(pool))
                    && let (Some(Some(pool)), Some(Some(license))) =
                        (self.pools.get(&id), self.licenses.get(&license_id))
                {
                    self.open.note(license, None, Some(pool));
                }
            }
        }
    }

    /// Whether a license's row is already here, so that it need not be loaded again.
    pub fn knows_license(&self, id: LicenseId) -> bool {
        self.licenses.get(&id).is_some()
    }

    /// Whether a pool's row is already here, so that it need not be loaded again.
    pub fn knows_pool(&self, id: PoolId) -> bool {
        self.pools.get(&id).is_some()
    }

    /// Whether open pools of a spot are already here, all or the first of them.
    pub fn knows_open_pools(&self, spot: &Spot) -> bool {
        self.open.horizon(spot).is_some()
    }

    /// A license that is already here.
    pub fn known_license(&self, id: LicenseId) -> Option<&License> {
        self.licenses.get(&id).flatten()
    }

    /// Every license that is already here.
    pub fn known_licenses(&self) -> impl Iterator<Item = &License> {
        self.licenses.values()
    }

    /// Answers [`super::Need::PoolsOf`].
    pub fn provide_pools_of(&mut self, license: LicenseId, pools: Vec<(Pool, License)>) {
        // A pool may be gone here that the store still has.
        let is_here = |pool: &Pool| self.pools.get(&pool.id) != Some(None);
        let ids = pools.iter().map(|(pool, _)| pool);
        let ids = ids.filter(|pool| is_here(pool)).map(|pool| pool.id);
        self.pools_of.provide(license, Some(ids.collect()));
        for (pool, license) in pools {
            self.provide_pool(pool.id, Some((pool, license)));
        }
    }

    /// Answers [`super::Need::OpenPools`]: the first pools of the spot with free seats, in the
    /// order of [`Rank`]; `complete` when there are no more behind them.
    pub fn provide_open_pools(&mut self, spot: Spot, pools: Vec<(Pool, License)>, complete: bool) {
        let horizon = match pools.last() {
            Some((pool, license)) if !complete => {
                let seen = u32::try_from(pools.len()).unwrap_or(u32::MAX);
                Horizon::UpTo(Rank::of(license, pool.id), seen)
            }
            _ => Horizon::Complete,
        };
        for (pool, license) in pools {
            self.provide_pool(pool.id, Some((pool, license)));
        }
        self.open.reach(spot, horizon);
    }

    /// Answers [`super::Need::OverAllocated`] with the number of such pools in the store.
    pub fn provide_over_allocated(&mut self, product: ProductId, pools: u32) {
        self.over_stored.provide(product, Some(pools));
    }

    /// Answers [`super::Need::Holding`].
    pub fn provide_holding(
        &mut self,
        person: PersonId,
        product: ProductId,
        seats: Vec<Seat>,
        sessions: Vec<Session>,
    ) {
        let holding = Holding {
            seats: seats.iter().map(|seat| seat.id).collect(),
            sessions: sessions.iter().map(|session| session.id).collect(),
        };
        if self.holdings.provide((person, product), Some(holding)) {
            for seat in seats {
                self.seats.provide(seat.id, Some(seat));
            }
            for session in sessions {
                self.sessions.provide(session.id, Some(session));
            }
        }
    }

    /// Answers [`super::Need::HoldingsOf`]; each product's holding is provided before.
    pub fn provide_holdings_of(&mut self, person: PersonId, products: Vec<ProductId>) {
        self.holdings_of.provide(person, Some(products));
    }

    /// Answers [`super::Need::HoldersOf`]; each holder's holding is provided before.
    pub fn provide_holders_of(&mut self, license: LicenseId, persons: Vec<PersonId>) {
        self.holders_of.provide(license, Some(persons));
    }

    /// Answers [`super::Need::Session`]. One that has not ended comes with its holding.
    pub fn provide_session(&mut self, id: SessionId, session: Option<Session>) {
        self.sessions.provide(id, session);
    }

    /// Answers [`super::Need::Lapsed`]; each session's holding is provided before.
    pub fn provide_lapsed(&mut self, product: ProductId, sessions: Vec<SessionId>, complete: bool) {
        self.lapsed.insert(
            product,
            Known {
                named: sessions.len(),
                items: sessions,
                complete,
            },
        );
    }

    /// Says, where no session of a product has lapsed, before when none will: that is known
    /// after the set was saved too.
    pub fn provide_calm(&mut self, product: ProductId, until: Timestamp) {
        // The store does not know yet what was changed here.
        let here = self
            .sessions
            .changes()
            .filter_map(|(_, change)| match change {
                Change::Insert(session) | Change::Update(session) => Some(session),
                Change::Delete => None,
            });
        let open = here.filter(|session| session.ended.is_none() && session.product == product);
        let until = open.map(|session| session.expires_at).fold(until, Ord::min);
        self.calm_until.insert(product, until);
    }

    /// Answers [`super::Need::Unbacked`]; each seat's holding is provided before.
    pub fn provide_unbacked(&mut self, pool: PoolId, seats: Vec<SeatId>, complete: bool) {
        self.unbacked.insert(
            pool,
            Known {
                named: seats.len(),
                items: seats,
                complete,
            },
        );
    }

    /// Answers [`super::Need::Borrowed`] with the number of such sessions in the store.
    pub fn provide_borrowed(&mut self, product: ProductId, sessions: u32) {
        self.borrowed.provide(product, Some(sessions));
    }

    /// Answers [`super::Need::Issuer`].
    pub fn provide_issuer(&mut self, key: String, issuer: Option<Issuer>) {
        self.issuers.provide(key, issuer);
    }

    /// Answers [`super::Need::Refresh`].
    pub fn provide_refresh(&mut self, id: LicenseId, refresh: Option<Refresh>) {
        self.refreshes.provide(id, refresh);
    }

    /// Answers [`super::Need::LicenseService`].
    pub fn provide_license_service(&mut self, key: String, service: Option<LicenseService>) {
        self.license_services.provide(key, service);
    }

    /// Answers [`super::Need::Token`].
    pub fn provide_token(&mut self, id: TokenId, token: Option<Token>) {
        self.tokens.provide(id, token);
    }

    /// Answers [`super::Need::Replacement`].
    pub fn provide_replacement(&mut self, id: ReplacementId, replacement: Option<Replacement>) {
        self.replacements.provide(id, replacement);
    }

    /// Answers [`super::Need::Request`].
    pub fn provide_request(&mut self, id: RequestId, request: Option<LicenseRequest>) {
        self.requests.provide(id, request);
    }

    /// Answers [`super::Need::LicenseIssuers`], each name once.
    pub fn provide_license_issuers(&mut self, issuers: Vec<Title>) {
        self.license_issuers.provide((), Some(issuers));
    }

    /// Answers [`super::Need::Totals`].
    pub fn provide_totals(&mut self, totals: Totals) {
        self.totals = Some(totals);
    }
}
