//! Ed25519 keys, named by their thumbprint.

use std::fmt;

use ed25519_dalek::Signer as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{JwsError, base64url};

/// Why 32 bytes are not a public key that we trust to mean anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 32 bytes in base64url.
    #[error("not 32 bytes in base64url without padding")]
    Encoding,
    /// Not the canonical encoding of a curve point.
    #[error("not an Ed25519 public key")]
    NotAPoint,
    /// A point of small order, for which signatures over anything can be made.
    #[error("a weak Ed25519 public key")]
    Weak,
}

/// A public key. Only canonical, strong keys can be built.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    key: ed25519_dalek::VerifyingKey,
    kid: String,
}

impl VerifyingKey {
    /// The key with these 32 bytes (RFC 8032).
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`], also for a second spelling of a valid point; [`KeyError::Weak`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key =
            ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NotAPoint);
        }
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self::strong(key))
    }

    /// The key whose bytes `text` is in base64url (`x` of a JWK).
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_base64url(text: &str) -> Result<Self, KeyError> {
        let bytes = base64url::decode(text)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(KeyError::Encoding)?;
        Self::from_bytes(&bytes)
    }

    fn strong(key: ed25519_dalek::VerifyingKey) -> Self {
        let kid = thumbprint(&base64url::encode(key.as_bytes()));
        Self { key, kid }
    }

    /// The key's name: its RFC 7638 thumbprint, 43 characters.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// `x` of the key's JWK.
    pub fn to_base64url(&self) -> String {
        base64url::encode(self.as_bytes())
    }

    /// Whether `signature` is this key's over `message`, judged strictly (canonical `S`, no small-order points).
    ///
    /// # Errors
    /// [`JwsError::Signature`] when it can be no one's, [`JwsError::Mismatch`] when it is not this one's.
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), JwsError> {
        if !has_canonical_scalar(signature) {
            return Err(JwsError::Signature("its scalar is out of range"));
        }
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.key
            .verify_strict(message, &signature)
            .map_err(|_| JwsError::Mismatch)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", self.kid)
    }
}

/// RFC 7638 over the required members of an OKP key (RFC 8037 section 2), in lexicographic order.
fn thumbprint(x: &str) -> String {
    base64url::encode(Sha256::digest(format!(
        r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#
    )))
}

/// Order of the base point, little endian (RFC 8032): `S` must be below it.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
    0x14, //
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

fn has_canonical_scalar(signature: &[u8; 64]) -> bool {
    signature[32..].iter().rev().lt(ORDER.iter().rev())
}

/// A private key. It is wiped from memory when dropped and never printed.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    public: VerifyingKey,
    lineage: Option<String>,
}

impl SigningKey {
    /// The key with this 32-byte seed (RFC 8032's private key, `d` of a JWK).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifyingKey::strong(key.verifying_key());
        Self {
            key,
            public,
            lineage: None,
        }
    }

    /// The key as the successor of others: `lineage` is the id of the first of them.
    #[must_use]
    pub fn succeeding(mut self, lineage: &str) -> Self {
        self.lineage = (lineage != self.kid()).then(|| lineage.to_owned());
        self
    }

    /// The id of the first of the keys that this one succeeds; its own where it succeeds none. What must stay the same
    /// when an issuer changes keys is made from this.
    pub fn lineage(&self) -> &str {
        self.lineage.as_deref().unwrap_or(self.kid())
    }

    /// The seed, for writing the key to a file. Wiped when dropped.
    pub fn seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The public half.
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// The key's name: the public half's thumbprint.
    pub fn kid(&self) -> &str {
        self.public.kid()
    }

    /// The signature over exactly these bytes.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, secret)", self.kid())
    }
}
