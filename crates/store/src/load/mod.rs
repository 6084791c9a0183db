//! Answers to what a decision lacks, from as few index probes as it takes.
//!
//! What a decision is sure to ask for next comes along with an answer: a holding brings the
//! licenses and pools of its seats and sessions, a live session brings its holding.

mod access;
pub(crate) mod ahead;
mod gather;
mod holding;
mod intake;
mod license;
mod people;
mod place;
pub(crate) mod statements;

pub(crate) use access::access;
pub use ahead::Ahead;
pub(crate) use ahead::ahead;
pub(crate) use intake::import;

use domain::names::Title;
use domain::{Need, Timestamp, WorkingSet};

use crate::error::StoreError;
use crate::rows;
use crate::sql::{Link, ms};
use statements as sql;

/// Loads into a set.
pub(crate) struct Loader<'l, 's> {
    pub(crate) link: Link<'l>,
    pub(crate) set: &'s mut WorkingSet,
    pub(crate) now: Timestamp,
}

/// Answers a need.
pub(crate) fn answer(
    link: Link<'_>,
    set: &mut WorkingSet,
    need: &Need,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut loader = Loader { link, set, now };
    match need {
        Need::User(id) => loader.user(*id),
        Need::Username(key) => loader.username(key),
        Need::Accounts(person) => loader.accounts(*person),
        Need::Product(id) => loader.product(*id),
        Need::ProductCode(key) => loader.product_code(key),
        Need::Folder(id) => loader.folder(*id),
        Need::FolderName(parent, key) => loader.folder_name(*parent, key),
        Need::FolderContents(id) => loader.folder_contents(*id),
        Need::FoldersIn(id) => loader.folders_in(*id),
        Need::License(id) => loader.license(*id),
        Need::LicenseRef(key) => loader.license_ref(key),
        Need::LicensesOf(product) => loader.licenses_of(*product),
        Need::SiteLicenses(product) => loader.site_licenses(*product),
        Need::NewUserLicenses => loader.new_user_licenses(),
        Need::AllLicenses => loader.all_licenses(),
        Need::LicensesOfKey(key) => loader.licenses_of_key(key),
        Need::Pool(id) => loader.pool(*id),
        Need::PoolsOf(license) => loader.pools_of(*license),
        Need::OpenPools {
            product,
            model,
            folder,
            at_least,
        } => loader.open_pools((*product, *model, *folder), *at_least),
        Need::Holding(person, product) => loader.holding(*person, *product),
        Need::HoldingsOf(person) => loader.holdings_of(*person),
        Need::HoldersOf(license) => loader.holders_of(*license),
        Need::Session(id) => loader.session(*id),
        Need::Lapsed { product, at_least } => loader.lapsed(*product, *at_least),
        Need::OverAllocated(product) => loader.over_allocated(*product),
        Need::Unbacked { pool, at_least } => loader.unbacked(*pool, *at_least),
        Need::Borrowed(product) => loader.borrowed(*product),
        Need::Issuer(key) => loader.issuer(key),
        Need::Refresh(id) => loader.refresh(*id),
        Need::LicenseService(key) => loader.license_service(key),
        Need::Token(id) => loader.token(*id),
        Need::TokensLimitedTo(folder) => loader.tokens_limited_to(*folder),
        Need::Request(id) => loader.request(*id),
        Need::LicenseIssuers => loader.license_issuers(),
        Need::Replacement(id) => loader.replacement(*id),
        Need::ConsoleAccounts => loader.console_accounts(),
        Need::ConsoleSession(hash) => loader.console_session(hash),
        Need::Totals => loader.totals(),
        Need::All(needs) => {
            let Loader { link, set, .. } = loader;
            needs
                .iter()
                .try_for_each(|need| answer(link, set, need, now))
        }
    }
}

impl Loader<'_, '_> {
    fn issuer(&mut self, key: &str) -> Result<(), StoreError> {
        let issuer = self.link.first(&sql::ISSUER, &[key.into()], rows::issuer)?;
        self.set.provide_issuer(key.to_owned(), issuer);
        Ok(())
    }

    fn refresh(&mut self, id: domain::LicenseId) -> Result<(), StoreError> {
        let refresh = self
            .link
            .first(&sql::REFRESH, &[id.into()], rows::refresh)?;
        self.set.provide_refresh(id, refresh);
        Ok(())
    }

    fn license_service(&mut self, key: &str) -> Result<(), StoreError> {
        let found = self
            .link
            .first(&sql::LICENSE_SERVICE, &[key.into()], rows::license_service)?;
        self.set.provide_license_service(key.to_owned(), found);
        Ok(())
    }

    fn token(&mut self, id: domain::TokenId) -> Result<(), StoreError> {
        let token = self.link.first(&sql::TOKEN, &[id.into()], rows::token)?;
        self.set.provide_token(id, token);
        Ok(())
    }

    fn tokens_limited_to(&mut self, folder: domain::FolderId) -> Result<(), StoreError> {
        let values = [folder.into()];
        let tokens = self
            .link
            .all(&sql::TOKENS_LIMITED_TO, &values, rows::token)?;
        self.set.provide_tokens_limited_to(folder, tokens);
        Ok(())
    }

    fn replacement(&mut self, id: domain::ReplacementId) -> Result<(), StoreError> {
        let found = self
            .link
            .first(&sql::REPLACEMENT, &[id.into()], rows::replacement)?;
        self.set.provide_replacement(id, found);
        Ok(())
    }

    fn console_accounts(&mut self) -> Result<(), StoreError> {
        let accounts = self.link.all(&sql::CONSOLE_ACCOUNTS, &[], rows::account)?;
        self.set.provide_console_accounts(accounts);
        Ok(())
    }

    fn console_session(&mut self, hash: &str) -> Result<(), StoreError> {
        let values = [hash.into()];
        let session = self
            .link
            .first(&sql::CONSOLE_SESSION, &values, rows::console_session)?;
        self.set.provide_console_session(hash.to_owned(), session);
        Ok(())
    }

    fn borrowed(&mut self, product: domain::ProductId) -> Result<(), StoreError> {
        let values = [product.into(), self.at()];
        let count = self.link.one(&sql::BORROWED, &values, |row| {
            row.of("session").number("count")
        })?;
        self.set.provide_borrowed(product, count);
        Ok(())
    }

    fn request(&mut self, id: domain::RequestId) -> Result<(), StoreError> {
        let found = self
            .link
            .first(&sql::REQUEST, &[id.into()], rows::request)?;
        self.set.provide_request(id, found);
        Ok(())
    }

    fn license_issuers(&mut self) -> Result<(), StoreError> {
        let issuers = self.link.all(&sql::LICENSE_ISSUERS, &[], |row| {
            row.of("license").parsed("issuer", Title::parse)
        })?;
        self.set.provide_license_issuers(issuers);
        Ok(())
    }

    fn totals(&mut self) -> Result<(), StoreError> {
        let count = |statement| {
            self.link
                .one(statement, &[], |row| row.of("count").number::<u64>("count"))
        };
        let totals = domain::set::Totals {
            licenses: count(&sql::COUNT_LICENSES)?,
            seats: count(&sql::COUNT_SEATS)?,
            sessions: count(&sql::COUNT_SESSIONS)?,
        };
        self.set.provide_totals(totals);
        Ok(())
    }

    /// How many more than were asked for, so that a batch that needs some more has them.
    fn some_more(at_least: u32) -> u32 {
        at_least.saturating_add(at_least / 4).saturating_add(4)
    }

    fn at(&self) -> crate::sql::Value<'static> {
        ms(self.now)
    }
}
