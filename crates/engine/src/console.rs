//! Accounts of the console: passwords are hashed and judged here, guessing is slowed down, and
//! a sign-in is known by the secret in its cookie. Who may what is decided by the rules.

mod attempts;
mod invitation;
mod password;

use std::sync::{Arc, PoisonError};

use domain::account::NewAccount;
use domain::{
    Account, AccountId, AccountPatch, Actor, Command, Outcome, PasswordHash, PersonName, Reach,
    Refusal, Role, Timestamp, Username,
};

pub(crate) use attempts::Attempts;
pub(crate) use password::Passwords;

use crate::engine::{Engine, contradiction};
use crate::error::{EngineError, SignInError};
use crate::secret::{self, Secret};

/// What somebody chose for a new account.
#[derive(Debug)]
pub struct AccountWish {
    /// What it signs in with.
    pub name: Username,
    /// The person's full name.
    pub full_name: Option<PersonName>,
    /// What it may do.
    pub role: Role,
    /// How far that goes.
    pub reach: Reach,
}

/// Somebody who is signed in to the console.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Whose account it is.
    pub account: Account,
    /// Until when.
    pub expires_at: Timestamp,
}

impl Engine {
    /// Makes an account with a password. With `first`, only while there is none.
    pub async fn create_account(
        &self,
        actor: &Actor,
        wish: AccountWish,
        password: &str,
        first: bool,
    ) -> Result<AccountId, EngineError> {
        let password = self.hash_password(password, &wish.name).await?;
        let account = NewAccount {
            name: wish.name,
            full_name: wish.full_name,
            role: wish.role,
            reach: wish.reach,
            password,
            invited: false,
        };
        match self
            .run(actor, Command::CreateAccount { account, first }, None)
            .await?
        {
            Outcome::Account(id) => {
                *self
                    .shared()
                    .setup
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = None;
                Ok(id)
            }
            other => Err(contradiction(&other)),
        }
    }

    /// Changes an account, with another password if one is given. False when nothing changed.
    pub async fn update_account(
        &self,
        actor: &Actor,
        id: AccountId,
        mut patch: AccountPatch,
        password: Option<&str>,
        version: Option<u32>,
    ) -> Result<bool, EngineError> {
        if let Some(password) = password {
            let found = self.read(move |reader| reader.find_account(id)).await?;
            let name = found.ok_or(Refusal::UnknownAccount)?.name;
            patch.password = Some(self.hash_password(password, &name).await?);
        }
        let command = Command::UpdateAccount {
            account: id,
            patch,
            version,
        };
        match self.run(actor, command, None).await? {
            Outcome::Done(changed) => Ok(changed),
            other => Err(contradiction(&other)),
        }
    }

    /// Signs an account in to the console from an address. The secret is for its browser alone.
    pub async fn sign_in_account(
        &self,
        name: &str,
        password: &str,
        address: &str,
    ) -> Result<(Account, Secret), SignInError> {
        let shared = self.shared();
        let now = self.now();
        shared.attempts.admit(name, address, now)?;
        let wanted = name.to_owned();
        let found = self
            .read(move |reader| reader.find_account_by_name(&wanted))
            .await?;
        // Of an account that is invited, what is kept is the code of its link, which signs nobody in.
        let found = found.filter(|account| account.active && account.invited_until.is_none());
        let hash = found.as_ref().map(|account| account.password.clone());
        // An unknown name takes as long as a wrong password.
        let right = shared.passwords.verify(hash, password).await?;
        let Some(account) = found.filter(|_| right) else {
            shared.attempts.failed(name, address, now);
            tracing::warn!(
                account = name,
                address,
                "a sign-in to the console was refused"
            );
            return Err(SignInError::Wrong);
        };
        shared.attempts.succeeded(name);
        let secret = Secret::generate();
        let command = Command::OpenConsole {
            account: account.id,
            hash: secret.hash_hex(),
            from: Some(address.to_owned()),
        };
        self.run(&account.actor(), command, None).await?;
        Ok((account, secret))
    }

    /// Who is signed in with this secret, if anybody still is.
    pub async fn signed_in(&self, secret: &str) -> Result<Option<SignedIn>, EngineError> {
        if !secret::is_well_formed(secret) {
            return Ok(None);
        }
        let hash = secret::hex(&secret::hash(secret));
        let now = self.now();
        self.read(move |reader| {
            let Some(session) = reader.find_console_session(&hash)? else {
                return Ok(None);
            };
            let account = reader.find_account(session.account)?;
            let account = account.filter(|account| account.carries(&session, now));
            Ok(account.map(|account| SignedIn {
                account,
                expires_at: session.expires_at,
            }))
        })
        .await
    }

    /// Ends a sign-in to the console. Harmless twice.
    pub async fn sign_out_account(&self, actor: &Actor, secret: &str) -> Result<(), EngineError> {
        let hash = secret::hex(&secret::hash(secret));
        self.run(actor, Command::CloseConsole(hash), None).await?;
        Ok(())
    }

    /// The code of the one-time link by which the first administrator is made; none when there
    /// is an account already. The same until then, and gone with this process.
    pub async fn setup_code(&self) -> Result<Option<Arc<Secret>>, EngineError> {
        if self.read(|reader| reader.has_accounts()).await? {
            return Ok(None);
        }
        let shared = self.shared();
        let mut code = shared.setup.write().unwrap_or_else(PoisonError::into_inner);
        let code = code.get_or_insert_with(|| Arc::new(Secret::generate()));
        Ok(Some(Arc::clone(code)))
    }

    /// Whether this is the code of the one-time link.
    pub fn is_setup_code(&self, code: &str) -> bool {
        let shared = self.shared();
        let known = shared.setup.read().unwrap_or_else(PoisonError::into_inner);
        let hash = secret::hash(code);
        known
            .as_ref()
            .is_some_and(|known| secret::hash(known.reveal()) == hash)
    }

    async fn hash_password(
        &self,
        password: &str,
        name: &Username,
    ) -> Result<PasswordHash, EngineError> {
        if let Some(fault) = Account::password_fault(password, name) {
            return Err(Refusal::BadPassword(fault).into());
        }
        self.shared().passwords.hash(password).await
    }
}
