//! One-time links by which people choose the password of an account that was made for them. The
//! code of a link is kept hashed, as a password is, works until it is over (three days), and once;
//! guessing is slowed down as at the sign-in.

use domain::account::NewAccount;
use domain::{Account, AccountId, AccountPatch, Actor, Command, Outcome, Refusal};

use super::AccountWish;
use crate::engine::{Engine, contradiction};
use crate::error::{EngineError, SignInError};
use crate::secret::{self, Secret};

impl Engine {
    /// Makes an account whose password is chosen by a one-time link. The secret is the link's code.
    pub async fn invite_account(
        &self,
        actor: &Actor,
        wish: AccountWish,
    ) -> Result<(AccountId, Secret), EngineError> {
        let code = Secret::generate();
        let account = NewAccount {
            name: wish.name,
            full_name: wish.full_name,
            role: wish.role,
            reach: wish.reach,
            password: self.shared().passwords.hash(code.reveal()).await?,
            invited: true,
        };
        let first = false;
        let command = Command::CreateAccount { account, first };
        match self.run(actor, command, None).await? {
            Outcome::Account(id) => Ok((id, code)),
            other => Err(contradiction(&other)),
        }
    }

    /// Another one-time link for an account. Its password and every link before work no longer.
    pub async fn invite_again(
        &self,
        actor: &Actor,
        account: AccountId,
    ) -> Result<Secret, EngineError> {
        let code = Secret::generate();
        let command = Command::UpdateAccount {
            account,
            patch: AccountPatch {
                password: Some(self.shared().passwords.hash(code.reveal()).await?),
                invited: true,
                ..AccountPatch::default()
            },
            version: None,
        };
        self.run(actor, command, None).await?;
        Ok(code)
    }

    /// The account of a one-time link that still works. It is not used up by looking.
    pub async fn invited_account(
        &self,
        id: AccountId,
        code: &str,
        address: &str,
    ) -> Result<Account, SignInError> {
        let shared = self.shared();
        let now = self.now();
        let name = format!("invitation {id}");
        shared.attempts.admit(&name, address, now)?;
        let found = self.read(move |reader| reader.find_account(id)).await?;
        let found = found.filter(|account| account.is_invited(now));
        let hash = found.as_ref().map(|account| account.password.clone());
        let right = secret::is_well_formed(code) && shared.passwords.verify(hash, code).await?;
        let Some(account) = found.filter(|_| right) else {
            shared.attempts.failed(&name, address, now);
            return Err(EngineError::from(Refusal::InvitationOver).into());
        };
        Ok(account)
    }

    /// Chooses the password of an account by its one-time link, and signs it in. The secret is for
    /// its browser alone.
    pub async fn accept_invitation(
        &self,
        id: AccountId,
        code: &str,
        password: &str,
        address: &str,
    ) -> Result<(Account, Secret), SignInError> {
        let account = self.invited_account(id, code, address).await?;
        let command = Command::ChoosePassword {
            account: id,
            password: self.hash_password(password, &account.name).await?,
            version: account.version,
        };
        self.run(&account.actor(), command, None).await?;
        self.sign_in_account(account.name.as_str(), password, address)
            .await
    }
}
