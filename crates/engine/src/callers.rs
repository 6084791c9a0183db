//! Who calls: recognizing secrets, admitting without a token, making tokens.

use std::sync::Arc;

use domain::names::TokenName;
use domain::{Actor, Command, Outcome, Reach, Role, Timestamp, TokenId};

use crate::auth::Caller;
use crate::engine::{Engine, contradiction};
use crate::error::{AuthError, EngineError};
use crate::idempotency::IdempotencyKey;
use crate::secret::Secret;
use crate::state::Shared;

/// What a token may do, and how far that goes (R1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// What.
    pub role: Role,
    /// How far.
    pub reach: Reach,
}

impl From<Role> for Rights {
    /// Over the whole installation.
    fn from(role: Role) -> Self {
        Self {
            role,
            reach: Reach::Everything,
        }
    }
}

impl Engine {
    /// Whose secret this is. Revocation and expiry take effect at once; a revocation through
    /// another node two seconds later at the latest. May be called from async code on a store in
    /// the data folder; on any store that is [`Self::recognize`].
    pub fn authenticate(&self, secret: &str) -> Result<Arc<Caller>, AuthError> {
        authenticate(&self.shared, secret)
    }

    /// As [`Self::authenticate`], off the async threads where the store is elsewhere.
    pub async fn recognize(&self, secret: &str) -> Result<Arc<Caller>, AuthError> {
        if self.shared.nodes.is_alone() {
            return self.authenticate(secret);
        }
        let tokens = &self.shared.tokens;
        if !self.shared.nodes.memory_counts() {
            tokens.forget_all();
        }
        if let Some(known) = tokens.remembered(secret, self.now()) {
            return known;
        }
        let secret = secret.to_owned();
        self.look_up(move |shared| authenticate(shared, &secret))
            .await
    }

    /// Lets somebody in for as long as this process lives: a secret that [`Self::authenticate`]
    /// knows, without a token in the store.
    pub fn admit(&self, actor: Actor) -> Secret {
        self.shared.tokens.admit(actor)
    }

    /// Makes a token; its secret is known only to the one who gets it here. With a key, a
    /// repetition makes no second one; but the first one's secret is kept nowhere.
    ///
    /// # Errors
    /// [`EngineError::SecretShown`] for such a repetition.
    pub async fn create_token(
        &self,
        actor: &Actor,
        name: TokenName,
        rights: impl Into<Rights>,
        expires_at: Option<Timestamp>,
        key: Option<IdempotencyKey>,
    ) -> Result<(TokenId, Secret), EngineError> {
        let secret = Secret::generate();
        let Rights { role, reach } = rights.into();
        let command = Command::CreateToken {
            name,
            role,
            reach,
            hash: secret.hash_hex(),
            expires_at,
        };
        let id = match self.run(actor, command, key).await? {
            Outcome::Token(id) => id,
            other => return Err(contradiction(&other)),
        };
        let kept = self.read(move |reader| reader.find_token(id)).await?;
        if kept.is_some_and(|token| token.hash == secret.hash_hex()) {
            Ok((id, secret))
        } else {
            Err(EngineError::SecretShown(id))
        }
    }
}

fn authenticate(shared: &Shared, secret: &str) -> Result<Arc<Caller>, AuthError> {
    let find = |hash: &str| {
        let store = &shared.store;
        Ok(store.read(|reader| reader.find_token_by_hash(hash))?)
    };
    shared.tokens.recognize(secret, shared.now(), find)
}
