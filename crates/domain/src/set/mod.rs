//! The working set: the rows that a batch of commands touches, and what was done to them.
//!
//! Reading what is unknown gives a [`Need`]. The store provides, the decision is made again.
//! Every write can be undone until [`WorkingSet::keep`], so that a refused command leaves
//! no trace; [`WorkingSet::changes`] is what remains to be saved.

mod accounts;
mod changes;
mod need;
mod news;
mod open;
mod provide;
mod read;
mod rows;
mod settle;
mod table;
#[cfg(test)]
mod tests;
mod write;
mod written;

pub use crate::issuer::Issuer;
pub use changes::Changes;
pub use need::Need;
pub use news::News;
pub use open::{Horizon, OpenPools, Rank, Spot};
pub use rows::{DenialRecord, Token, Totals};
pub use table::{Change, Map, Table};

use crate::account::{Account, AccountSession};
use crate::event::Event;
use crate::folder::{Folder, FolderContents};
use crate::ids::{
    AccountId, FolderId, LicenseId, PersonId, PoolId, ProductId, ReplacementId, RequestId, SeatId,
    SessionId, TokenId, UserId,
};
use crate::license::License;
use crate::names::Title;
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

/// The ids of what a person has in a product: dedicated seats, and sessions not yet ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// Dedicated seats, held or releasing.
    pub seats: Vec<SeatId>,
    /// Sessions that nobody wrote down as ended; some may have lapsed.
    pub sessions: Vec<SessionId>,
}

/// The rows that a batch of commands touches.
#[derive(Clone, Debug)]
pub struct WorkingSet {
    policy: Table<(), Policy>,
    users: Table<UserId, User>,
    usernames: Table<String, UserId>,
    accounts: Table<PersonId, Vec<UserId>>,
    products: Table<ProductId, Product>,
    product_codes: Table<String, ProductId>,
    folders: Table<FolderId, Folder>,
    folder_names: Table<(FolderId, String), FolderId>,
    folder_contents: Table<FolderId, FolderContents>,
    folders_in: Table<FolderId, Vec<FolderId>>,
    licenses: Table<LicenseId, License>,
    license_refs: Table<String, LicenseId>,
    licenses_of: Table<ProductId, Vec<LicenseId>>,
    site_licenses: Table<ProductId, Vec<LicenseId>>,
    new_user_licenses: Table<(), Vec<LicenseId>>,
    all_licenses: Table<(), Vec<LicenseId>>,
    licenses_of_key: Table<String, Vec<LicenseId>>,
    pools: Table<PoolId, Pool>,
    pools_of: Table<LicenseId, Vec<PoolId>>,
    open: OpenPools,
    over_stored: Table<ProductId, u32>,
    over_delta: Table<ProductId, i64>,
    seats: Table<SeatId, Seat>,
    sessions: Table<SessionId, Session>,
    holdings: Table<(PersonId, ProductId), Holding>,
    holdings_of: Table<PersonId, Vec<ProductId>>,
    holders_of: Table<LicenseId, Vec<PersonId>>,
    lapsed: Map<ProductId, Known<SessionId>>,
    /// Before when no session lapses, where that is known.
    calm_until: Map<ProductId, Timestamp>,
    unbacked: Map<PoolId, Known<SeatId>>,
    issuers: Table<String, Issuer>,
    refreshes: Table<LicenseId, Refresh>,
    license_services: Table<String, LicenseService>,
    tokens: Table<TokenId, Token>,
    tokens_limited_to: Table<FolderId, Vec<TokenId>>,
    replacements: Table<ReplacementId, Replacement>,
    account_list: Table<(), Vec<AccountId>>,
    accounts_of_console: Table<AccountId, Account>,
    console_sessions: Table<String, AccountSession>,
    requests: Table<RequestId, LicenseRequest>,
    license_issuers: Table<(), Vec<Title>>,
    borrowed: Table<ProductId, u32>,
    totals: Option<Totals>,
    events: Vec<Event>,
    denials: Vec<DenialRecord>,
    wiped: Option<Timestamp>,
    /// How many events and denials are final.
    kept: (usize, usize),
    /// Whether a lapsed session was written down since the last `keep`.
    reclaimed: bool,
}

/// The beginning of an ordered list in the store.
#[derive(Clone, Debug)]
struct Known<T> {
    items: Vec<T>,
    /// How many the store named, those that are gone since included.
    named: usize,
    complete: bool,
}

impl WorkingSet {
    /// An empty set under a policy.
    pub fn new(policy: Policy) -> Self {
        let mut policies = Table::default();
        policies.provide((), Some(policy));
        Self {
            policy: policies,
            users: Table::default(),
            usernames: Table::default(),
            accounts: Table::default(),
            products: Table::default(),
            product_codes: Table::default(),
            folders: Table::default(),
            folder_names: Table::default(),
            folder_contents: Table::default(),
            folders_in: Table::default(),
            licenses: Table::default(),
            license_refs: Table::default(),
            licenses_of: Table::default(),
            site_licenses: Table::default(),
            new_user_licenses: Table::default(),
            all_licenses: Table::default(),
            licenses_of_key: Table::default(),
            pools: Table::default(),
            pools_of: Table::default(),
            open: OpenPools::default(),
            over_stored: Table::default(),
            over_delta: Table::default(),
            seats: Table::default(),
            sessions: Table::default(),
            holdings: Table::default(),
            holdings_of: Table::default(),
            holders_of: Table::default(),
            lapsed: Map::default(),
            calm_until: Map::default(),
            unbacked: Map::default(),
            issuers: Table::default(),
            refreshes: Table::default(),
            license_services: Table::default(),
            tokens: Table::default(),
            tokens_limited_to: Table::default(),
            replacements: Table::default(),
            account_list: Table::default(),
            accounts_of_console: Table::default(),
            console_sessions: Table::default(),
            requests: Table::default(),
            license_issuers: Table::default(),
            borrowed: Table::default(),
            totals: None,
            events: Vec::new(),
            denials: Vec::new(),
            wiped: None,
            kept: (0, 0),
            reclaimed: false,
        }
    }

    /// Makes everything so far final for this set.
    pub fn keep(&mut self) {
        self.each_table(&mut Keep);
        self.pools.keep();
        if self.reclaimed {
            self.reclaimed = false;
            let sessions = &self.sessions;
            for known in self.lapsed.values_mut() {
                known.items.retain(|id| {
                    sessions
                        .get(id)
                        .flatten()
                        .is_some_and(|session| session.ended.is_none())
                });
            }
        }
        self.kept = (self.events.len(), self.denials.len());
    }

    /// Takes back everything since the last [`Self::keep`].
    pub fn undo(&mut self) {
        let relicensed = self.licenses.is_touched();
        let Self {
            pools,
            licenses,
            open,
            ..
        } = self;
        pools.undo(|_, now, before| {
            let license = now.or(before).and_then(|pool| licenses.get(&pool.license));
            if let Some(Some(license)) = license {
                open.note(license, now, before);
            }
        });
        self.each_table(&mut Undo);
        if relicensed {
            self.note_open_anew();
        }
        self.events.truncate(self.kept.0);
        self.denials.truncate(self.kept.1);
        self.wiped = None;
        self.reclaimed = false;
    }

    /// Forgets accounts with all that persons hold, and what was recorded, changes included:
    /// for long work on a set that is thrown away, which would grow with every person. Licenses,
    /// pools and folders stay as they were decided, so that what follows finds the seats that are
    /// left; only somebody who comes again is seen as before the first time.
    pub fn forget_people(&mut self) {
        self.users.forget();
        self.usernames.forget();
        self.accounts.forget();
        self.seats.forget();
        self.sessions.forget();
        self.holdings.forget();
        self.holdings_of.forget();
        self.holders_of.forget();
        self.lapsed.clear();
        self.calm_until.clear();
        self.unbacked.clear();
        self.events.clear();
        self.denials.clear();
        self.kept = (0, 0);
    }

    /// Pools rank by their licenses' terms; with those taken back, the index is made anew.
    fn note_open_anew(&mut self) {
        self.open.forget_pools();
        for pool in self.pools.values() {
            if let Some(Some(license)) = self.licenses.get(&pool.license) {
                self.open.note(license, None, Some(pool));
            }
        }
    }

    /// Everything that differs from the store.
    pub fn changes(&self) -> Changes<'_> {
        Changes { set: self }
    }

    fn each_table(&mut self, act: &mut impl OnTable) {
        act.on(&mut self.policy);
        act.on(&mut self.users);
        act.on(&mut self.usernames);
        act.on(&mut self.accounts);
        act.on(&mut self.products);
        act.on(&mut self.product_codes);
        act.on(&mut self.folders);
        act.on(&mut self.folder_names);
        act.on(&mut self.folder_contents);
        act.on(&mut self.folders_in);
        act.on(&mut self.licenses);
        act.on(&mut self.license_refs);
        act.on(&mut self.licenses_of);
        act.on(&mut self.site_licenses);
        act.on(&mut self.new_user_licenses);
        act.on(&mut self.all_licenses);
        act.on(&mut self.licenses_of_key);
        act.on(&mut self.pools_of);
        act.on(&mut self.over_stored);
        act.on(&mut self.over_delta);
        act.on(&mut self.seats);
        act.on(&mut self.sessions);
        act.on(&mut self.holdings);
        act.on(&mut self.holdings_of);
        act.on(&mut self.holders_of);
        act.on(&mut self.issuers);
        act.on(&mut self.refreshes);
        act.on(&mut self.license_services);
        act.on(&mut self.tokens);
        act.on(&mut self.tokens_limited_to);
        act.on(&mut self.replacements);
        act.on(&mut self.account_list);
        act.on(&mut self.accounts_of_console);
        act.on(&mut self.console_sessions);
        act.on(&mut self.requests);
        act.on(&mut self.license_issuers);
        act.on(&mut self.borrowed);
    }
}

trait OnTable {
    fn on<K: Clone + Eq + std::hash::Hash, V: Clone>(&mut self, table: &mut Table<K, V>);
}

struct Keep;
impl OnTable for Keep {
    fn on<K: Clone + Eq + std::hash::Hash, V: Clone>(&mut self, table: &mut Table<K, V>) {
        table.keep();
    }
}

struct Undo;
impl OnTable for Undo {
    fn on<K: Clone + Eq + std::hash::Hash, V: Clone>(&mut self, table: &mut Table<K, V>) {
        table.undo(|_, _, _| {});
    }
}
