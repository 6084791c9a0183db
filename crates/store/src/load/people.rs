//! Accounts.

use domain::{PersonId, UserId};

use super::{Loader, sql};
use crate::error::StoreError;
use crate::rows;

impl Loader<'_, '_> {
    pub(super) fn user(&mut self, id: UserId) -> Result<(), StoreError> {
        let user = self.link.first(&sql::USER, &[id.into()], rows::user)?;
        self.set.provide_user(id, user);
        Ok(())
    }

    pub(super) fn username(&mut self, key: &str) -> Result<(), StoreError> {
        let user = self.link.first(&sql::USERNAME, &[key.into()], rows::user)?;
        self.set.provide_username(key.to_owned(), user);
        Ok(())
    }

    pub(super) fn accounts(&mut self, person: PersonId) -> Result<(), StoreError> {
        let users = self
            .link
            .all(&sql::ACCOUNTS, &[person.into()], rows::user)?;
        self.set.provide_accounts(person, users);
        Ok(())
    }
}
