//! `/v1/accounts`.

use uuid::Uuid;
use wire::account::{Account, AccountPage, AccountPatch, NewAccount};
use wire::path;

use crate::{Client, Error};

impl Client {
    /// Lists the accounts of the web console.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_accounts(&self) -> Result<AccountPage, Error> {
        self.get(path::ACCOUNTS).answer()
    }

    /// Makes an account of the web console.
    ///
    /// # Errors
    /// [`Error`].
    pub fn create_account(&self, account: &NewAccount) -> Result<Account, Error> {
        self.post(path::ACCOUNTS).json(account).answer()
    }

    /// Changes an account of the web console; with a `version`, only if it is at that one.
    ///
    /// # Errors
    /// [`Error`].
    pub fn update_account(
        &self,
        account: Uuid,
        patch: &AccountPatch,
        version: Option<u32>,
    ) -> Result<Account, Error> {
        self.patch_at(path::ACCOUNT, account)
            .json(patch)
            .version(version)
            .answer()
    }

    /// Deletes an account of the web console.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_account(&self, account: Uuid) -> Result<(), Error> {
        self.delete_at(path::ACCOUNT, account).done()
    }
}
