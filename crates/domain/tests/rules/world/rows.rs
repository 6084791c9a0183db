//! Rows in plain maps, and the answers to what a decision lacks.

use std::collections::{BTreeMap, BTreeSet};

use domain::folder::FolderContents;
use domain::refresh::{LicenseService, Refresh};
use domain::set::{DenialRecord, Issuer, Rank, Spot, Token, Totals};
use domain::{
    Account, AccountId, AccountSession, Event, Folder, FolderId, License, LicenseId,
    LicenseRequest, Model, Need, PersonId, Policy, Pool, PoolId, Product, ProductId, Replacement,
    ReplacementId, RequestId, Seat, SeatId, Session, SessionId, Timestamp, TokenId, User, UserId,
    WorkingSet,
};

/// What a store would hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Rows {
    pub(crate) policy: Policy,
    pub(crate) users: BTreeMap<UserId, User>,
    pub(crate) products: BTreeMap<ProductId, Product>,
    pub(crate) folders: BTreeMap<FolderId, Folder>,
    pub(crate) licenses: BTreeMap<LicenseId, License>,
    pub(crate) pools: BTreeMap<PoolId, Pool>,
    pub(crate) seats: BTreeMap<SeatId, Seat>,
    pub(crate) sessions: BTreeMap<SessionId, Session>,
    pub(crate) issuers: BTreeMap<String, Issuer>,
    pub(crate) tokens: BTreeMap<TokenId, Token>,
    pub(crate) refreshes: BTreeMap<LicenseId, Refresh>,
    pub(crate) license_services: BTreeMap<String, LicenseService>,
    pub(crate) replacements: BTreeMap<ReplacementId, Replacement>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) console_sessions: BTreeMap<String, AccountSession>,
    pub(crate) requests: BTreeMap<RequestId, LicenseRequest>,
    pub(crate) events: Vec<Event>,
    pub(crate) denials: Vec<DenialRecord>,
    /// How many more are named than were asked for, as a store may.
    pub(crate) slack: u32,
}

impl Rows {
    /// The first of a list, and whether that is known to be all. A list that ends just there
    /// is not known to.
    fn page<T>(&self, mut items: Vec<T>, at_least: u32) -> (Vec<T>, bool) {
        let limit = (at_least + self.slack) as usize;
        let complete = items.len() < limit;
        items.truncate(limit);
        (items, complete)
    }

    /// Answers a need, with no more than what its description promises.
    pub(crate) fn answer(&self, set: &mut WorkingSet, need: &Need, now: Timestamp) {
        match need {
            Need::User(id) => set.provide_user(*id, self.users.get(id).cloned()),
            Need::Username(key) => {
                let user = self.users.values().find(|user| user.username.key() == *key);
                set.provide_username(key.clone(), user.cloned());
            }
            Need::Accounts(person) => {
                let accounts = self.users.values().filter(|user| user.person == *person);
                set.provide_accounts(*person, accounts.cloned().collect());
            }
            Need::Product(id) => set.provide_product(*id, self.products.get(id).cloned()),
            Need::ProductCode(key) => {
                let product = self.products.values().find(|row| row.code.key() == *key);
                set.provide_product_code(key.clone(), product.cloned());
            }
            Need::Folder(id) => set.provide_folder(*id, self.folders.get(id).cloned()),
            Need::FolderName(parent, key) => {
                let mut folders = self.folders.values();
                let found = folders.find(|row| row.parent == *parent && row.name.key() == *key);
                set.provide_folder_name(*parent, key.clone(), found.cloned());
            }
            Need::FolderContents(id) => set.provide_folder_contents(*id, self.contents(*id)),
            Need::FoldersIn(id) => {
                let folders = self.folders.values().filter(|folder| folder.parent == *id);
                set.provide_folders_in(*id, folders.cloned().collect());
            }
            Need::License(id) => set.provide_license(*id, self.licenses.get(id).cloned()),
            Need::LicenseRef(key) => {
                let mut licenses = self.licenses.values();
                let found = licenses.find(|license| license.terms.reference.key() == *key);
                set.provide_license_ref(key.clone(), found.cloned());
            }
            Need::LicensesOf(product) => {
                let found = self.licenses_where(|license| license.product == *product);
                set.provide_licenses_of(*product, found);
            }
            Need::SiteLicenses(product) => {
                let found = self.licenses_where(|license| {
                    license.product == *product && license.terms.model == Model::Site
                });
                set.provide_site_licenses(*product, found);
            }
            Need::NewUserLicenses => {
                let found = self
                    .licenses_where(|license| license.auto_assign == domain::AutoAssign::NewUsers);
                set.provide_new_user_licenses(found);
            }
            Need::LicensesOfKey(key) => {
                let licenses = self.licenses_where(|license| license.key == *key);
                set.provide_licenses_of_key(key.clone(), licenses);
            }
            Need::AllLicenses => {
                let found = self.licenses_where(|license| {
                    license.terms.expires_at.plus(license.terms.grace) <= now
                });
                set.provide_all_licenses(found);
            }
            Need::Pool(id) => {
                let pool = self.pools.get(id).map(|pool| self.with_license(pool));
                set.provide_pool(*id, pool);
            }
            Need::PoolsOf(license) => {
                let pools = self.pools.values().filter(|pool| pool.license == *license);
                set.provide_pools_of(
                    *license,
                    pools.map(|pool| self.with_license(pool)).collect(),
                );
            }
            Need::OpenPools {
                product,
                model,
                folder,
                at_least,
            } => self.answer_open_pools(set, (*product, *model, *folder), *at_least),
            Need::Holding(person, product) => self.provide_holding(set, *person, *product),
            Need::HoldingsOf(person) => {
                let products = self.products_held(*person);
                for product in &products {
                    self.provide_holding(set, *person, *product);
                }
                set.provide_holdings_of(*person, products);
            }
            Need::HoldersOf(license) => {
                let holders = self.holders(*license);
                for (person, product) in &holders {
                    self.provide_holding(set, *person, *product);
                }
                let persons = holders.into_iter().map(|(person, _)| person).collect();
                set.provide_holders_of(*license, persons);
            }
            Need::Session(id) => {
                let session = self.sessions.get(id).cloned();
                if let Some(session) = session.as_ref().filter(|row| row.ended.is_none()) {
                    self.provide_holding(set, session.person, session.product);
                }
                set.provide_session(*id, session);
            }
            Need::Lapsed { product, at_least } => {
                self.answer_lapsed(set, *product, *at_least, now);
            }
            Need::OverAllocated(product) => {
                let pools = self.pools.values();
                let over =
                    pools.filter(|pool| pool.product == *product && pool.is_over_allocated());
                set.provide_over_allocated(*product, u32::try_from(over.count()).unwrap());
            }
            Need::Unbacked { pool, at_least } => self.answer_unbacked(set, *pool, *at_least),
            Need::All(needs) => {
                for need in needs {
                    self.answer(set, need, now);
                }
            }
            Need::Borrowed(product) => {
                let of_product = |row: &&Session| row.product == *product && row.is_borrowed(now);
                let count = self.sessions.values().filter(of_product).count();
                set.provide_borrowed(*product, u32::try_from(count).unwrap());
            }
            Need::Issuer(key) => set.provide_issuer(key.clone(), self.issuers.get(key).cloned()),
            Need::Request(id) => set.provide_request(*id, self.requests.get(id).cloned()),
            Need::LicenseIssuers => {
                let here = self.licenses_where(|_| true);
                let issuers: BTreeSet<_> = here.into_iter().map(|one| one.issuer).collect();
                set.provide_license_issuers(issuers.into_iter().collect());
            }
            Need::Replacement(id) => {
                set.provide_replacement(*id, self.replacements.get(id).cloned());
            }
            Need::Token(id) => set.provide_token(*id, self.tokens.get(id).cloned()),
            Need::Refresh(id) => set.provide_refresh(*id, self.refreshes.get(id).cloned()),
            Need::LicenseService(key) => {
                let service = self.license_services.get(key).cloned();
                set.provide_license_service(key.clone(), service);
            }
            Need::TokensLimitedTo(folder) => {
                let tokens = self.tokens.values();
                let limited = tokens.filter(|token| token.reach.folder() == Some(*folder));
                set.provide_tokens_limited_to(*folder, limited.cloned().collect());
            }
            Need::ConsoleAccounts => {
                set.provide_console_accounts(self.accounts.values().cloned().collect());
            }
            Need::ConsoleSession(hash) => {
                let session = self.console_sessions.get(hash).cloned();
                set.provide_console_session(hash.clone(), session);
            }
            Need::Totals => {
                let open = self.sessions.values().filter(|row| row.ended.is_none());
                set.provide_totals(Totals {
                    licenses: self.licenses_where(|_| true).len() as u64,
                    seats: self.seats.len() as u64,
                    sessions: open.count() as u64,
                });
            }
        }
    }

    fn contents(&self, id: FolderId) -> FolderContents {
        let users = self.users.values().filter(|user| user.folder == id);
        let pools = self.pools.values().filter(|pool| pool.folder == id);
        let folders = self.folders.values().filter(|folder| folder.parent == id);
        FolderContents {
            users: users.count() as u64,
            pools: pools.count() as u64,
            folders: folders.count() as u64,
        }
    }

    fn licenses_where(&self, is_meant: impl Fn(&License) -> bool) -> Vec<License> {
        let all = self.licenses.values();
        all.filter(|license| license.removed_at.is_none() && is_meant(license))
            .cloned()
            .collect()
    }

    fn with_license(&self, pool: &Pool) -> (Pool, License) {
        (pool.clone(), self.licenses[&pool.license].clone())
    }

    fn answer_open_pools(&self, set: &mut WorkingSet, spot: Spot, at_least: u32) {
        let (product, model, folder) = spot;
        let mut found: Vec<(Pool, License)> = self
            .pools
            .values()
            .filter(|pool| pool.product == product && pool.folder == folder && pool.free() > 0)
            .map(|pool| self.with_license(pool))
            .filter(|(_, license)| license.terms.model == model)
            .collect();
        found.sort_by_key(|(pool, license)| Rank::of(license, pool.id));
        let (found, complete) = self.page(found, at_least);
        set.provide_open_pools(spot, found, complete);
    }

    fn answer_lapsed(
        &self,
        set: &mut WorkingSet,
        product: ProductId,
        at_least: u32,
        now: Timestamp,
    ) {
        let mut found: Vec<&Session> = self
            .sessions
            .values()
            .filter(|session| session.product == product && session.has_lapsed(now))
            .collect();
        found.sort_by_key(|session| (session.expires_at, session.id));
        let (found, complete) = self.page(found, at_least);
        if found.is_empty() {
            let open = self.open_sessions().filter(|row| row.product == product);
            let next = open.map(|row| row.expires_at).min();
            set.provide_calm(product, next.unwrap_or(Timestamp::FOREVER));
        }
        for session in &found {
            self.provide_holding(set, session.person, product);
        }
        let ids = found.into_iter().map(|session| session.id).collect();
        set.provide_lapsed(product, ids, complete);
    }

    fn answer_unbacked(&self, set: &mut WorkingSet, pool: PoolId, at_least: u32) {
        let mut found: Vec<&Seat> = self
            .seats
            .values()
            .filter(|seat| seat.pool == pool && seat.unbacked)
            .collect();
        found.sort_by_key(|seat| seat.seniority());
        let (found, complete) = self.page(found, at_least);
        for seat in &found {
            self.provide_holding(set, seat.person, seat.product);
        }
        let ids = found.into_iter().map(|seat| seat.id).collect();
        set.provide_unbacked(pool, ids, complete);
    }

    fn provide_holding(&self, set: &mut WorkingSet, person: PersonId, product: ProductId) {
        if set.holding(person, product).is_ok() {
            return;
        }
        let seats = self.seats.values();
        let sessions = self.sessions.values();
        set.provide_holding(
            person,
            product,
            seats
                .filter(|seat| seat.person == person && seat.product == product)
                .cloned()
                .collect(),
            sessions
                .filter(|row| row.person == person && row.product == product)
                .filter(|row| row.ended.is_none())
                .cloned()
                .collect(),
        );
    }

    fn products_held(&self, person: PersonId) -> Vec<ProductId> {
        let seats = self.seats.values().filter(|seat| seat.person == person);
        let sessions = self.open_sessions().filter(|row| row.person == person);
        let products: BTreeSet<ProductId> = seats
            .map(|seat| seat.product)
            .chain(sessions.map(|session| session.product))
            .collect();
        products.into_iter().collect()
    }

    fn holders(&self, license: LicenseId) -> BTreeSet<(PersonId, ProductId)> {
        let seats = self.seats.values().filter(|seat| seat.license == license);
        let sessions = self.open_sessions().filter(|session| {
            session.via.floating_pool().is_some() && session.via.license() == Some(license)
        });
        seats
            .map(|seat| (seat.person, seat.product))
            .chain(sessions.map(|session| (session.person, session.product)))
            .collect()
    }

    /// The path of a folder.
    pub(crate) fn path_of(&self, id: FolderId) -> String {
        let mut path = String::new();
        let mut at = id;
        while at != FolderId::ROOT {
            let folder = &self.folders[&at];
            path = format!("/{}{path}", folder.name);
            at = folder.parent;
        }
        if path.is_empty() { "/".into() } else { path }
    }

    /// Sessions that nobody wrote down as ended.
    pub(crate) fn open_sessions(&self) -> impl Iterator<Item = &Session> {
        self.sessions.values().filter(|row| row.ended.is_none())
    }
}
