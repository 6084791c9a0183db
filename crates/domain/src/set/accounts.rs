//! Who has rights: accounts of the console with their sign-ins, and tokens by what they reach.
//! Accounts are few and are known all or none.

use super::need::Need;
use super::{Token, WorkingSet};
use crate::account::{Account, AccountSession};
use crate::ids::{AccountId, FolderId, TokenId};

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

    /// Answers [`Need::TokensLimitedTo`].
    pub fn provide_tokens_limited_to(&mut self, folder: FolderId, tokens: Vec<Token>) {
        let ids = tokens.iter().map(|token| token.id).collect();
        if self.tokens_limited_to.provide(folder, Some(ids)) {
            for token in tokens {
                self.tokens.provide(token.id, Some(token));
            }
        }
    }

    /// The tokens whose rights end at a folder, as the store has them.
    pub fn tokens_limited_to(&self, folder: FolderId) -> Result<&[TokenId], Need> {
        let known = self.tokens_limited_to.get(&folder);
        let ids = known.ok_or(Need::TokensLimitedTo(folder))?;
        Ok(ids.map_or(&[], Vec::as_slice))
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
