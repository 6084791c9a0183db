//! Hashing passwords with argon2id, with the parameters that OWASP gives (19 MiB, two passes).

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use domain::PasswordHash;
use tokio::sync::Semaphore;

use crate::error::{EngineError, given_up};

/// Hashes, a few at a time: each takes memory and a whole processor for a moment.
pub(crate) struct Passwords {
    turns: Arc<Semaphore>,
    /// What is verified against where there is no account, to take as long.
    decoy: std::sync::OnceLock<Option<PasswordHash>>,
}

impl Passwords {
    const AT_ONCE: usize = 2;

    pub(crate) fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(Self::AT_ONCE)),
            decoy: std::sync::OnceLock::new(),
        }
    }

    /// The hash of a new password.
    pub(crate) async fn hash(&self, password: &str) -> Result<PasswordHash, EngineError> {
        let password = password.to_owned();
        self.turn(move || {
            hash(&password).ok_or_else(|| EngineError::internal("a password can't be hashed"))
        })
        .await?
    }

    /// Whether a password is the one of a hash; never, when there is none.
    pub(crate) async fn verify(
        &self,
        hash: Option<PasswordHash>,
        password: &str,
    ) -> Result<bool, EngineError> {
        if password.len() > domain::Account::LONGEST_PASSWORD {
            return Ok(false);
        }
        let there = hash.is_some();
        let hash = match hash {
            Some(hash) => Some(hash),
            None => self.decoy.get_or_init(|| self::hash("decoy")).clone(),
        };
        let Some(hash) = hash else { return Ok(false) };
        let password = password.to_owned();
        let right = self.turn(move || {
            Phc::new(hash.reveal()).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            })
        });
        Ok(right.await? && there)
    }

    async fn turn<T: Send + 'static>(
        &self,
        act: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let turn = turn.map_err(|_| EngineError::ShuttingDown)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = act();
            drop(turn);
            done
        });
        done.await.map_err(|_| given_up())
    }
}

fn hash(password: &str) -> Option<PasswordHash> {
    let hash = Argon2::default().hash_password(password.as_bytes()).ok()?;
    Some(PasswordHash::new(hash.to_string()))
}
