//! Who calls: from a secret to an actor, remembered so that most calls read nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::set::{Map, Token};
use domain::{Actor, Timestamp, TokenId};

use crate::error::{AuthError, EngineError};
use crate::secret::{self, Secret, SecretHash};

/// Somebody whose secret was recognized.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// In whose name commands are carried out.
    pub actor: Actor,
    /// The token that was shown; nil for who was admitted without one.
    pub token: TokenId,
    /// From when the token does not work any more.
    pub expires_at: Option<Timestamp>,
}

/// Tokens that were recognized, by the hash of their secret. Unknown secrets are not kept:
/// whoever guesses must not fill the memory.
pub(crate) struct TokenCache {
    callers: RwLock<Map<SecretHash, Arc<Caller>>>,
    admitted: RwLock<Map<SecretHash, Arc<Caller>>>,
    changes: AtomicU64,
}

impl TokenCache {
    const MOST: usize = 10_000;

    /// Nothing recognized yet.
    pub(crate) fn new() -> Self {
        Self {
            callers: RwLock::default(),
            admitted: RwLock::default(),
            changes: AtomicU64::new(0),
        }
    }

    /// Whose secret this is at `now`; asks `find` with the hash in hexadecimal when it is not
    /// remembered.
    pub(crate) fn recognize(
        &self,
        secret: &str,
        now: Timestamp,
        find: impl FnOnce(&str) -> Result<Option<Token>, EngineError>,
    ) -> Result<Arc<Caller>, AuthError> {
        if !secret::is_well_formed(secret) {
            return Err(AuthError::Unknown);
        }
        let hash = secret::hash(secret);
        let known = self
            .read()
            .get(&hash)
            .cloned()
            .or_else(|| self.admitted(&hash));
        let caller = match known {
            Some(caller) => caller,
            None => self.look_up(hash, find)?,
        };
        in_time(caller, now)
    }

    /// The answer for a secret that is remembered.
    pub(crate) fn remembered(
        &self,
        secret: &str,
        now: Timestamp,
    ) -> Option<Result<Arc<Caller>, AuthError>> {
        if !secret::is_well_formed(secret) {
            return Some(Err(AuthError::Unknown));
        }
        let hash = secret::hash(secret);
        let known = self.read().get(&hash).cloned();
        let caller = known.or_else(|| self.admitted(&hash))?;
        Some(in_time(caller, now))
    }

    /// Lets somebody in for as long as this process lives, without a token in the store.
    pub(crate) fn admit(&self, actor: Actor) -> Secret {
        let secret = Secret::generate();
        let caller = Arc::new(Caller {
            actor,
            token: TokenId(uuid::Uuid::nil()),
            expires_at: None,
        });
        let mut admitted = self
            .admitted
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        admitted.insert(secret::hash(secret.reveal()), caller);
        secret
    }

    fn admitted(&self, hash: &SecretHash) -> Option<Arc<Caller>> {
        let admitted = self.admitted.read().unwrap_or_else(PoisonError::into_inner);
        admitted.get(hash).cloned()
    }

    fn look_up(
        &self,
        hash: SecretHash,
        find: impl FnOnce(&str) -> Result<Option<Token>, EngineError>,
    ) -> Result<Arc<Caller>, AuthError> {
        // What is read before a change is committed must not be remembered after it.
        let changes = self.changes.load(Ordering::Acquire);
        let token = find(&secret::hex(&hash))?.ok_or(AuthError::Unknown)?;
        if token.revoked_at.is_some() {
            return Err(AuthError::Revoked);
        }
        let caller = Arc::new(Caller {
            actor: Actor {
                name: token.name.as_str().into(),
                role: token.role,
                reach: token.reach,
            },
            token: token.id,
            expires_at: token.expires_at,
        });
        let mut callers = self.callers.write().unwrap_or_else(PoisonError::into_inner);
        if self.changes.load(Ordering::Acquire) == changes {
            if callers.len() >= Self::MOST {
                callers.clear();
            }
            callers.insert(hash, Arc::clone(&caller));
        }
        Ok(caller)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Map<SecretHash, Arc<Caller>>> {
        self.callers.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tokens were changed: everyone is looked up again.
    pub(crate) fn forget_all(&self) {
        let mut callers = self.callers.write().unwrap_or_else(PoisonError::into_inner);
        self.changes.fetch_add(1, Ordering::AcqRel);
        callers.clear();
    }
}

/// The caller, unless their time is over.
fn in_time(caller: Arc<Caller>, now: Timestamp) -> Result<Arc<Caller>, AuthError> {
    if caller.expires_at.is_some_and(|end| end <= now) {
        return Err(AuthError::Expired);
    }
    Ok(caller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Role;
    use domain::names::TokenName;
    use uuid::Uuid;

    fn token(secret: &Secret, revoked_at: Option<Timestamp>) -> Token {
        Token {
            id: TokenId(Uuid::from_u128(1)),
            name: TokenName::parse("till").unwrap(),
            role: Role::Application,
            reach: domain::Reach::Everything,
            hash: secret.hash_hex(),
            created_at: Timestamp::NEVER,
            expires_at: Some(Timestamp::from_millis(100)),
            revoked_at,
        }
    }

    fn now(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn a_known_secret_is_looked_up_once_until_tokens_change() {
        let (cache, secret) = (TokenCache::new(), Secret::generate());
        let text = secret.reveal();
        let found = cache
            .recognize(text, now(1), |hash| {
                assert_eq!(hash, secret.hash_hex());
                Ok(Some(token(&secret, None)))
            })
            .unwrap();
        assert_eq!(&*found.actor.name, "till");
        cache
            .recognize(text, now(1), |_| panic!("it is remembered"))
            .unwrap();

        cache.forget_all();
        let revoked = cache.recognize(text, now(1), |_| Ok(Some(token(&secret, Some(now(1))))));
        assert!(matches!(revoked, Err(AuthError::Revoked)));
    }

    #[test]
    fn who_was_admitted_stays_when_tokens_change() {
        let cache = TokenCache::new();
        let secret = cache.admit(Actor::system());
        cache.forget_all();
        let found = cache.recognize(secret.reveal(), now(1), |_| panic!("it is remembered"));
        assert_eq!(found.unwrap().actor, Actor::system());
    }

    #[test]
    fn expiry_counts_for_a_remembered_token_too() {
        let (cache, secret) = (TokenCache::new(), Secret::generate());
        let text = secret.reveal();
        cache
            .recognize(text, now(99), |_| Ok(Some(token(&secret, None))))
            .unwrap();
        let late = cache.recognize(text, now(100), |_| Ok(None));
        assert!(matches!(late, Err(AuthError::Expired)));
    }

    #[test]
    fn what_is_no_secret_is_not_looked_up() {
        let cache = TokenCache::new();
        let nobody = cache.recognize("password", now(1), |_| panic!("no look-up"));
        assert!(matches!(nobody, Err(AuthError::Unknown)));
    }

    #[test]
    fn a_look_up_that_began_before_a_revocation_is_not_remembered() {
        let (cache, secret) = (TokenCache::new(), Secret::generate());
        let text = secret.reveal();
        cache
            .recognize(text, now(1), |_| {
                cache.forget_all();
                Ok(Some(token(&secret, None)))
            })
            .unwrap();
        let after = cache.recognize(text, now(1), |_| Ok(None));
        assert!(matches!(after, Err(AuthError::Unknown)));
    }
}
