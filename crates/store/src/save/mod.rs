//! Writing what a working set changed, in the one transaction of its batch.
//!
//! Rows that go are deleted before any is written, so that what they held (a name, the seat
//! of a license) is free for the others.

mod accounts;
mod licenses;
mod people;
mod record;
mod refreshes;
mod renewal;
mod seats;
pub(crate) mod statements;
mod wipe;

pub(crate) use licenses::{awaits_agreement, stale_at};

use domain::set::Change;
use domain::{Changes, Timestamp};

use crate::error::StoreError;
use crate::meta;
use crate::sql::{Link, Row, Statement, Value};
use statements as sql;

/// Writes everything that differs from the store.
pub(crate) fn all(link: Link<'_>, changes: &Changes<'_>, now: Timestamp) -> Result<(), StoreError> {
    let save = Save { link };
    meta::save_latest_time(link, now)?;
    meta::next_turn(link)?;
    if let Some(at) = changes.wiped() {
        save.wipe(at)?;
    }
    if let Some(policy) = changes.policy() {
        meta::save_policy(link, policy)?;
    }
    save.deletes(changes)?;
    save.folders(changes)?;
    save.users(changes)?;
    save.products(changes)?;
    save.licenses(changes)?;
    save.pools(changes)?;
    save.seats(changes)?;
    save.sessions(changes)?;
    save.issuers(changes)?;
    save.tokens(changes)?;
    save.refreshes(changes)?;
    save.license_services(changes)?;
    save.replacements(changes)?;
    save.accounts(changes)?;
    save.console_sessions(changes, now)?;
    save.requests(changes)?;
    save.events(changes.events())?;
    save.denials(changes.denials())?;
    if changes.policy().is_some() || changes.tokens().next().is_some() {
        meta::next_generation(link)?;
    }
    link.settle()
}

/// Writes into the store.
#[derive(Clone, Copy)]
struct Save<'l> {
    link: Link<'l>,
}

impl Save<'_> {
    fn deletes(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        self.gone(&sql::DELETE_SEAT, changes.seats())?;
        self.gone(&sql::DELETE_SESSION, changes.sessions())?;
        for (id, change) in changes.pools() {
            if matches!(change, Change::Delete) {
                // One after the other: what is left is looked at each time.
                self.link.put(&sql::LEAVE_HOME, &[(*id).into()])?;
                self.link.put(&sql::DELETE_POOL, &[(*id).into()])?;
            }
        }
        self.gone(&sql::DELETE_LICENSE, changes.licenses())?;
        self.gone(&sql::DELETE_PRODUCT, changes.products())?;
        self.gone(&sql::DELETE_USER, changes.users())?;
        self.gone(&sql::DELETE_FOLDER, changes.folders())?;
        self.gone(&sql::DELETE_TOKEN, changes.tokens())?;
        self.gone(&sql::DELETE_REFRESH, changes.refreshes())?;
        for (key, change) in changes.license_services() {
            if matches!(change, Change::Delete) {
                let key = [key.as_str().into()];
                self.link.put(&sql::DELETE_LICENSE_SERVICE, &key)?;
            }
        }
        for (key, change) in changes.issuers() {
            if matches!(change, Change::Delete) {
                self.link.put(&sql::DELETE_ISSUER, &[key.as_str().into()])?;
            }
        }
        Ok(())
    }

    fn gone<'a, K, V>(
        self,
        delete: &'static Statement,
        changes: impl Iterator<Item = (&'a K, Change<'a, V>)>,
    ) -> Result<(), StoreError>
    where
        K: Copy + Into<Value<'static>> + 'a,
        V: 'a,
    {
        for (id, change) in changes {
            if matches!(change, Change::Delete) {
                self.link.put_many(delete, &[(*id).into()])?;
            }
        }
        Ok(())
    }

    /// Writes a row over the one that is there.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when it is not there: the set and the store disagree.
    fn over(
        self,
        update: &'static Statement,
        table: &'static str,
        id: &dyn std::fmt::Display,
        values: &[Value<'_>],
    ) -> Result<(), StoreError> {
        self.link.over(update, Row { table, id }, values)
    }
}
