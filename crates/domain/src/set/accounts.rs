//! Accounts of the console and their sign-ins. Accounts are few and are known all or none.

use super::WorkingSet;
use super::need::Need;
use crate::account::{Account, AccountSession};
use crate::ids::AccountId;

impl WorkingSet {
    /// Answers [`Need::ConsoleAccounts`].
    pub fn provide_console_accounts(&mut self, accounts: Vec<Account>) {
        let ids = accounts.iter().map(|account| account.id).collect();
        if self.account_list.get(&()).is_some() {
            return;
        }
        self.account_list.provide((), Some(ids));
        for account in accounts {
            self.accounts_of_console.provide(account.id, Some(account));
        }
    }

    /// Answers [`Need::ConsoleSession`].
    pub fn provide_console_session(&mut self, hash: String, session: Option<AccountSession>) {
        self.console_sessions.provide(hash, session);
    }

    /// Every account of the console.
    pub fn console_accounts(&self) -> Result<Vec<&Account>, Need> {
        let ids = self.account_list.get(&()).ok_or(Need::ConsoleAccounts)?;
        let ids = ids.map_or(&[][..], Vec::as_slice);
        let find = |id| self.accounts_of_console.get(id).flatten();
        Ok(ids.iter().filter_map(find).collect())
    }

    /// The sign-in with the hash of its secret.
    pub fn find_console_session(&self, hash: &str) -> Result<Option<&AccountSession>, Need> {
        self.console_sessions
            .get(&hash.to_owned())
            .ok_or_else(|| Need::ConsoleSession(hash.to_owned()))
    }

    pub(crate) fn put_account(&mut self, account: Account) {
        let mut ids: Vec<AccountId> = match self.account_list.get(&()) {
            Some(Some(ids)) => ids.clone(),
            _ => Vec::new(),
        };
        if !ids.contains(&account.id) {
            ids.push(account.id);
            self.account_list.put((), ids);
        }
        self.accounts_of_console.put(account.id, account);
    }

    pub(crate) fn delete_account(&mut self, id: AccountId) {
        self.accounts_of_console.delete(id);
    }

    pub(crate) fn put_console_session(&mut self, session: AccountSession) {
        self.console_sessions.put(session.hash.clone(), session);
    }

    pub(crate) fn delete_console_session(&mut self, hash: &str) {
        self.console_sessions.delete(hash.to_owned());
    }
}
