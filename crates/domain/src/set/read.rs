//! Reading from the set: a value, its known absence, or a need.
//!
//! What is new in the set is never asked for, nor what would belong to it: its id is another
//! at each attempt, so the question would never be answered.

use super::{Holding, Horizon, Issuer, Need, Rank, Spot, Table, Token, Totals, WorkingSet};
use crate::folder::{Folder, FolderContents};
use crate::ids::{
    FolderId, LicenseId, PersonId, PoolId, ProductId, ReplacementId, RequestId, SeatId, SessionId,
    TokenId, UserId,
};
use crate::license::{AccessLevel, License};
use crate::names::Title;
use crate::policy::Policy;
use crate::pool::Pool;
use crate::product::Product;
use crate::refresh::{LicenseService, Refresh};
use crate::replacement::Replacement;
use crate::request::LicenseRequest;
use crate::seat::Seat;
use crate::session::Session;
use crate::user::User;

type Read<T> = Result<T, Need>;

impl WorkingSet {
    /// The policy in force.
    pub fn policy(&self) -> &Policy {
        self.policy
            .get(&())
            .flatten()
            .expect("a set is made with a policy, and a policy is never deleted")
    }

    /// The account with an id.
    pub fn find_user(&self, id: UserId) -> Read<Option<&User>> {
        self.users.get(&id).ok_or(Need::User(id))
    }

    /// The account with a username, in folded form.
    pub fn find_username(&self, key: &str) -> Read<Option<&User>> {
        match self.usernames.get(&key.to_owned()) {
            None => Err(Need::Username(key.to_owned())),
            Some(None) => Ok(None),
            Some(Some(id)) => self.find_user(*id),
        }
    }

    /// All accounts of a person.
    pub fn accounts(&self, person: PersonId) -> Read<&[UserId]> {
        list(&self.accounts, &person, || Need::Accounts(person))
    }

    /// The product with an id.
    pub fn find_product(&self, id: ProductId) -> Read<Option<&Product>> {
        self.products.get(&id).ok_or(Need::Product(id))
    }

    /// The product with a code, in folded form.
    pub fn find_product_code(&self, key: &str) -> Read<Option<&Product>> {
        match self.product_codes.get(&key.to_owned()) {
            None => Err(Need::ProductCode(key.to_owned())),
            Some(None) => Ok(None),
            Some(Some(id)) => self.find_product(*id),
        }
    }

    /// The folder with an id; none for the root, which is no row.
    pub fn find_folder(&self, id: FolderId) -> Read<Option<&Folder>> {
        self.folders.get(&id).ok_or(Need::Folder(id))
    }

    /// Whether a folder exists; the root does.
    pub fn folder_exists(&self, id: FolderId) -> Read<bool> {
        Ok(id == FolderId::ROOT || self.find_folder(id)?.is_some())
    }

    /// The folder with a name in a parent.
    pub fn find_folder_name(&self, parent: FolderId, key: &str) -> Read<Option<FolderId>> {
        let key = (parent, key.to_owned());
        match self.folder_names.get(&key) {
            None if self.folders.is_new(&parent) => Ok(None),
            None => Err(Need::FolderName(key.0, key.1)),
            Some(id) => Ok(id.copied()),
        }
    }

    /// How much lies in a folder.
    pub fn folder_contents(&self, id: FolderId) -> Read<FolderContents> {
        let contents = self
            .folder_contents
            .get(&id)
            .ok_or(Need::FolderContents(id))?;
        Ok(contents.copied().unwrap_or_default())
    }

    /// The folders directly in a folder, as the store has them.
    pub fn folders_in(&self, id: FolderId) -> Read<&[FolderId]> {
        list(&self.folders_in, &id, || Need::FoldersIn(id))
    }

    /// The license with an id.
    pub fn find_license(&self, id: LicenseId) -> Read<Option<&License>> {
        self.licenses.get(&id).ok_or(Need::License(id))
    }

    /// The license of a seat, pool or session, which always exists.
    pub fn license(&self, id: LicenseId) -> Read<&License> {
        self.find_license(id)?.ok_or(Need::License(id))
    }

    /// The license with an id of its issuer's, in folded form.
    pub fn find_license_ref(&self, reference: &str) -> Read<Option<&License>> {
        match self.license_refs.get(&reference.to_owned()) {
            None => Err(Need::LicenseRef(reference.to_owned())),
            Some(None) => Ok(None),
            Some(Some(id)) => self.find_license(*id),
        }
    }

    /// Every license of a product that was not removed.
    pub fn licenses_of(&self, product: ProductId) -> Read<&[LicenseId]> {
        list(&self.licenses_of, &product, || Need::LicensesOf(product))
    }

    /// The site licenses of a product that were not removed.
    pub fn site_licenses(&self, product: ProductId) -> Read<&[LicenseId]> {
        list(&self.site_licenses, &product, || {
            Need::SiteLicenses(product)
        })
    }

    /// The licenses that give seats to new accounts.
    pub fn new_user_licenses(&self) -> Read<&[LicenseId]> {
        list(&self.new_user_licenses, &(), || Need::NewUserLicenses)
    }

    /// Every license that was not removed.
    pub fn all_licenses(&self) -> Read<&[LicenseId]> {
        list(&self.all_licenses, &(), || Need::AllLicenses)
    }

    /// Every license that came with a key and was not removed.
    pub fn licenses_of_key(&self, key: &str) -> Read<&[LicenseId]> {
        let key = key.to_owned();
        list(&self.licenses_of_key, &key, || {
            Need::LicensesOfKey(key.clone())
        })
    }

    /// The pool with an id.
    pub fn find_pool(&self, id: PoolId) -> Read<Option<&Pool>> {
        self.pools.get(&id).ok_or(Need::Pool(id))
    }

    /// The pool of a seat, which always exists.
    pub fn pool(&self, id: PoolId) -> Read<&Pool> {
        self.find_pool(id)?.ok_or(Need::Pool(id))
    }

    /// All pools of a license.
    pub fn pools_of(&self, license: LicenseId) -> Read<&[PoolId]> {
        list(&self.pools_of, &license, || Need::PoolsOf(license))
    }

    /// The first open pool of a spot with one of these access levels that `accepts` takes,
    /// in the order of [`Rank`].
    pub fn first_open(
        &self,
        spot: Spot,
        levels: &[AccessLevel],
        mut accepts: impl FnMut(&License, &Pool) -> Read<bool>,
    ) -> Read<Option<PoolId>> {
        let more = |at_least| Need::OpenPools {
            product: spot.0,
            model: spot.1,
            folder: spot.2,
            at_least,
        };
        let Some(horizon) = self.open.horizon(&spot) else {
            return Err(more(4));
        };
        let mut best: Option<&Rank> = None;
        for level in levels {
            for rank in self.open.iter(spot, *level) {
                if best.is_some_and(|best| best < rank) {
                    break;
                }
                let pool = self.pool(rank.pool)?;
                if accepts(self.license(pool.license)?, pool)? {
                    best = Some(rank);
                    break;
                }
            }
        }
        match (best, horizon) {
            (Some(best), Horizon::UpTo(last, seen)) if best > last => {
                Err(more(seen.saturating_mul(4)))
            }
            (None, Horizon::UpTo(_, seen)) => Err(more(seen.saturating_mul(4))),
            (best, _) => Ok(best.map(|rank| rank.pool)),
        }
    }

    /// Whether more seats of a product are occupied than exist, in any of its pools.
    pub fn is_over_allocated(&self, product: ProductId) -> Read<bool> {
        let stored = self
            .over_stored
            .get(&product)
            .ok_or(Need::OverAllocated(product))?;
        let delta = self
            .over_delta
            .get(&product)
            .flatten()
            .copied()
            .unwrap_or(0);
        Ok(i64::from(stored.copied().unwrap_or(0)) + delta > 0)
    }

    /// What a person has in a product.
    pub fn holding(&self, person: PersonId, product: ProductId) -> Read<&Holding> {
        static NOTHING: Holding = Holding {
            seats: Vec::new(),
            sessions: Vec::new(),
        };
        match self.holdings.get(&(person, product)) {
            Some(holding) => Ok(holding.unwrap_or(&NOTHING)),
            // All products of the person are known, and this is none of them.
            None if self.holdings_of.get(&person).is_some() => Ok(&NOTHING),
            None if self.products.is_new(&product) => Ok(&NOTHING),
            None => Err(Need::Holding(person, product)),
        }
    }

    /// A person's dedicated seats in a product.
    pub fn seats(&self, person: PersonId, product: ProductId) -> Read<impl Iterator<Item = &Seat>> {
        let holding = self.holding(person, product)?;
        Ok(holding
            .seats
            .iter()
            .filter_map(|id| self.seats.get(id).flatten()))
    }

    /// A person's sessions in a product that nobody wrote down as ended.
    pub fn sessions(
        &self,
        person: PersonId,
        product: ProductId,
    ) -> Read<impl Iterator<Item = &Session>> {
        let holding = self.holding(person, product)?;
        Ok(holding
            .sessions
            .iter()
            .filter_map(|id| self.sessions.get(id).flatten()))
    }

    /// The products in which a person holds anything.
    pub fn products_held(&self, person: PersonId) -> Read<&[ProductId]> {
        list(&self.holdings_of, &person, || Need::HoldingsOf(person))
    }

    /// Everyone who holds a seat of a license.
    pub fn holders_of(&self, license: LicenseId) -> Read<&[PersonId]> {
        list(&self.holders_of, &license, || Need::HoldersOf(license))
    }

    /// The seat with an id, if it is known and occupied.
    pub fn known_seat(&self, id: SeatId) -> Option<&Seat> {
        self.seats.get(&id).flatten()
    }

    /// The session with an id, ended or not.
    pub fn find_session(&self, id: SessionId) -> Read<Option<&Session>> {
        self.sessions.get(&id).ok_or(Need::Session(id))
    }

    /// The sessions of a product past their time-out, of so many that the store named, that
    /// are not ended yet, and whether that is all. Some may be ended since the last `keep`.
    pub fn lapsed(&self, product: ProductId, at_least: u32) -> Read<(&[SessionId], bool)> {
        if self.products.is_new(&product) {
            return Ok((&[], true));
        }
        match self.lapsed.get(&product) {
            Some(known) if known.complete || known.named >= at_least as usize => {
                Ok((&known.items, known.complete))
            }
            _ => Err(Need::Lapsed { product, at_least }),
        }
    }

    /// The unbacked seat of a pool that was held longest.
    pub fn first_unbacked(&self, pool: PoolId) -> Read<Option<SeatId>> {
        let Some(known) = self.unbacked.get(&pool) else {
            return Err(Need::Unbacked { pool, at_least: 8 });
        };
        let is_one = |id: &&SeatId| {
            self.known_seat(**id)
                .is_some_and(|seat| seat.unbacked && seat.pool == pool)
        };
        match known.items.iter().find(is_one) {
            Some(id) => Ok(Some(*id)),
            None if known.complete => Ok(None),
            None => {
                let seen = u32::try_from(known.named).unwrap_or(u32::MAX);
                Err(Need::Unbacked {
                    pool,
                    at_least: seen.saturating_mul(4),
                })
            }
        }
    }

    /// How many sessions of a product are borrowed, as the store has them: a command that asks
    /// has a transaction of its own.
    pub fn borrowed(&self, product: ProductId) -> Read<u32> {
        let stored = self.borrowed.get(&product);
        Ok(stored.ok_or(Need::Borrowed(product))?.copied().unwrap_or(0))
    }

    /// The trusted key with an id.
    pub fn find_issuer(&self, key: &str) -> Read<Option<&Issuer>> {
        self.issuers
            .get(&key.to_owned())
            .ok_or_else(|| Need::Issuer(key.to_owned()))
    }

    /// How the refreshing of a license stands; none until there was reason to.
    pub fn find_refresh(&self, id: LicenseId) -> Read<Option<&Refresh>> {
        self.refreshes.get(&id).ok_or(Need::Refresh(id))
    }

    /// The license service of an issuer, by its folded name.
    pub fn find_license_service(&self, key: &str) -> Read<Option<&LicenseService>> {
        self.license_services
            .get(&key.to_owned())
            .ok_or_else(|| Need::LicenseService(key.to_owned()))
    }

    /// The token with an id.
    pub fn find_token(&self, id: TokenId) -> Read<Option<&Token>> {
        self.tokens.get(&id).ok_or(Need::Token(id))
    }

    /// The replacement with an id.
    pub fn find_replacement(&self, id: ReplacementId) -> Read<Option<&Replacement>> {
        self.replacements.get(&id).ok_or(Need::Replacement(id))
    }

    /// The request to an issuer with an id.
    pub fn find_request(&self, id: RequestId) -> Read<Option<&LicenseRequest>> {
        self.requests.get(&id).ok_or(Need::Request(id))
    }

    /// The names of the issuers of the licenses that the store has.
    pub fn license_issuers(&self) -> Read<&[Title]> {
        list(&self.license_issuers, &(), || Need::LicenseIssuers)
    }

    /// What a delete-all takes away.
    pub fn totals(&self) -> Read<Totals> {
        self.totals.ok_or(Need::Totals)
    }
}

fn list<'a, K: Clone + Eq + std::hash::Hash, T: Clone>(
    table: &'a Table<K, Vec<T>>,
    key: &K,
    need: impl FnOnce() -> Need,
) -> Read<&'a [T]> {
    match table.get(key) {
        None => Err(need()),
        Some(items) => Ok(items.map_or(&[], Vec::as_slice)),
    }
}
