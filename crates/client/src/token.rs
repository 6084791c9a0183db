//! Checking session tokens and tokens of borrowed seats without the network (H4, H5).

use license_file::jws::{self, Jwks, JwsError, VerifyingKey};
use uuid::Uuid;
use wire::session::{BORROW_TYP, Claims, TOKEN_TYP};
use wire::{AccessLevel, Modules, Time};

/// How far two clocks may be apart, in seconds, unless said otherwise.
const LEEWAY_S: i64 = 30;

/// Why a session token doesn't hold. Reads as a sentence; [`TokenError::code`] is for programs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// The key set can't be read.
    #[error("the key set can't be read: {0}")]
    Keys(String),
    /// Not a session token, or not signed by a key that we know.
    #[error("the session token is not valid: {0}")]
    Signature(#[from] JwsError),
    /// Signed, but it doesn't say what a session token says.
    #[error("the session token can't be read: {0}")]
    Claims(String),
    /// For another product.
    #[error("the session token is for the product {theirs:?}, not for {ours:?}")]
    WrongProduct {
        /// The token's.
        theirs: String,
        /// Ours.
        ours: String,
    },
    /// From another installation.
    #[error("the session token is from another installation")]
    WrongInstallation,
    /// Not yet.
    #[error("the session token holds only from {0} on")]
    NotYet(Time),
    /// No longer.
    #[error("the session token held until {0}")]
    Expired(Time),
}

impl TokenError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Keys(_) => "invalid_jwks",
            Self::Signature(error) => error.code(),
            Self::Claims(_) => "invalid_claims",
            Self::WrongProduct { .. } => "wrong_product",
            Self::WrongInstallation => "wrong_installation",
            Self::NotYet(_) => "token_not_yet_valid",
            Self::Expired(_) => "token_expired",
        }
    }
}

/// The keys of an installation, and how strictly time is judged.
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    keys: Vec<VerifyingKey>,
    installation: Option<Uuid>,
    leeway_s: i64,
}

impl TokenVerifier {
    /// With the keys of `/.well-known/jwks.json` as text. Keep it beside the application to start without the network.
    ///
    /// # Errors
    /// [`TokenError::Keys`], also when no Ed25519 key is among them.
    pub fn from_jwks(json: &str) -> Result<Self, TokenError> {
        let set: Jwks =
            serde_json::from_str(json).map_err(|error| TokenError::Keys(error.to_string()))?;
        let keys = set
            .verifying_keys()
            .map_err(|error| TokenError::Keys(format!("a key is {error}")))?;
        if keys.is_empty() {
            return Err(TokenError::Keys("no Ed25519 key is in it".to_owned()));
        }
        Ok(Self {
            keys,
            installation: None,
            leeway_s: LEEWAY_S,
        })
    }

    /// Takes only tokens of this installation.
    #[must_use]
    pub fn installation(mut self, id: Uuid) -> Self {
        self.installation = Some(id);
        self
    }

    /// How many seconds our clock may differ from the server's; 30 unless said otherwise, 300 at most.
    #[must_use]
    pub fn leeway_s(mut self, seconds: u16) -> Self {
        self.leeway_s = i64::from(seconds.min(300));
        self
    }

    /// Checks a token at the moment `now`: signature, product, installation, time, in this order. Product codes are
    /// compared without case.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn verify(&self, token: &str, product: &str, now: Time) -> Result<Verified, TokenError> {
        self.judge(token, TOKEN_TYP, product, now, self.leeway_s)
    }

    /// Checks the token of a borrowed seat at the moment `now`, in the same order (H5). It ends to the second: what
    /// was borrowed is given to others then.
    ///
    /// # Errors
    /// [`TokenError`]; a session token is not one.
    pub fn verify_borrowed(
        &self,
        token: &str,
        product: &str,
        now: Time,
    ) -> Result<Verified, TokenError> {
        self.judge(token, BORROW_TYP, product, now, 0)
    }

    fn judge(
        &self,
        token: &str,
        typ: &str,
        product: &str,
        now: Time,
        leeway_at_end_s: i64,
    ) -> Result<Verified, TokenError> {
        let payload = jws::verify(token.trim(), typ, |kid| {
            self.keys.iter().find(|key| key.kid() == kid)
        })?;
        let claims: Claims = serde_json::from_slice(&payload)
            .map_err(|error| TokenError::Claims(error.to_string()))?;
        if !claims.aud.eq_ignore_ascii_case(product) {
            return Err(TokenError::WrongProduct {
                theirs: claims.aud,
                ours: product.to_owned(),
            });
        }
        if self.installation.is_some_and(|ours| ours != claims.iss) {
            return Err(TokenError::WrongInstallation);
        }
        let now_s = now.as_millis().div_euclid(1000);
        if now_s < claims.nbf.saturating_sub(self.leeway_s) {
            return Err(TokenError::NotYet(at(claims.nbf)));
        }
        if now_s >= claims.exp.saturating_add(leeway_at_end_s) {
            return Err(TokenError::Expired(at(claims.exp)));
        }
        Ok(Verified { claims })
    }
}

fn at(seconds: i64) -> Time {
    Time::from_millis(seconds.saturating_mul(1000))
}

/// A session token that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Everything it says.
    pub claims: Claims,
}

impl Verified {
    /// The session.
    pub fn session(&self) -> Uuid {
        self.claims.sid
    }

    /// The username.
    pub fn username(&self) -> &str {
        &self.claims.username
    }

    /// Whether the user may change things; a demo may.
    pub fn may_write(&self) -> bool {
        self.claims.access != Some(AccessLevel::Read)
    }

    /// Whether the user may use this module.
    pub fn may_use(&self, module: &str) -> bool {
        match &self.claims.modules {
            Modules::All => true,
            Modules::Only(codes) => codes.iter().any(|code| code == module),
        }
    }

    /// Until when it holds, leeway aside.
    pub fn expires_at(&self) -> Time {
        at(self.claims.exp)
    }
}
