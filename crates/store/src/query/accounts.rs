//! Accounts of the console: a short list, given whole.

use domain::names::fold;
use domain::{Account, AccountId, AccountSession};

use crate::error::StoreError;
use crate::load::statements::{CONSOLE_ACCOUNTS, CONSOLE_SESSION};
use crate::reader::Reader;
use crate::rows::{self, account_columns};
use crate::sql::statements;

statements! {
    ACCOUNT = concat!("SELECT ", account_columns!(), " FROM account a WHERE a.id = $1");
    ACCOUNT_NAME = concat!("SELECT ", account_columns!(), " FROM account a WHERE a.name_key = $1");
    ANY_ACCOUNT = "SELECT a.id FROM account a LIMIT 1";
}

impl Reader<'_> {
    /// Every account of the console, by name.
    pub fn console_accounts(&mut self) -> Result<Vec<Account>, StoreError> {
        self.link.all(&CONSOLE_ACCOUNTS, &[], rows::account)
    }

    /// Whether there is any account of the console.
    pub fn has_accounts(&mut self) -> Result<bool, StoreError> {
        let found = self.link.first(&ANY_ACCOUNT, &[], |row| {
            row.of("account").id::<AccountId>("id")
        })?;
        Ok(found.is_some())
    }

    /// The account with an id.
    pub fn find_account(&mut self, id: AccountId) -> Result<Option<Account>, StoreError> {
        self.link.first(&ACCOUNT, &[id.into()], rows::account)
    }

    /// The account with a name, compared without case.
    pub fn find_account_by_name(&mut self, name: &str) -> Result<Option<Account>, StoreError> {
        let key = fold(name);
        self.link
            .first(&ACCOUNT_NAME, &[key.as_str().into()], rows::account)
    }

    /// The sign-in whose secret has this SHA-256, lower-case hexadecimal; also one that is over.
    pub fn find_console_session(
        &mut self,
        hash: &str,
    ) -> Result<Option<AccountSession>, StoreError> {
        self.link
            .first(&CONSOLE_SESSION, &[hash.into()], rows::console_session)
    }
}
