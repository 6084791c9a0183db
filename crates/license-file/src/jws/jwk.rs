//! Public keys as JSON (RFC 7517, RFC 8037), for `/.well-known/jwks.json`.

use serde::{Deserialize, Serialize};

use super::{ALG, KeyError, VerifyingKey};

/// A public Ed25519 key as JSON. What it says is checked by [`Jwk::verifying_key`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwk {
    /// `OKP`.
    pub kty: String,
    /// `Ed25519`; absent for keys of other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crv: Option<String>,
    /// The key's 32 bytes in base64url; absent for keys of other kinds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// The key's thumbprint. Not taken on trust: it is computed from `x`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `EdDSA`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

impl Jwk {
    /// The key, when this is an Ed25519 one; `None` for other kinds.
    ///
    /// # Errors
    /// [`KeyError`] when it claims to be one and is not.
    pub fn verifying_key(&self) -> Result<Option<VerifyingKey>, KeyError> {
        if self.kty != "OKP" || self.crv.as_deref() != Some("Ed25519") {
            return Ok(None);
        }
        let x = self.x.as_deref().ok_or(KeyError::Encoding)?;
        VerifyingKey::from_base64url(x).map(Some)
    }
}

impl From<&VerifyingKey> for Jwk {
    fn from(key: &VerifyingKey) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: Some("Ed25519".to_owned()),
            x: Some(key.to_base64url()),
            kid: Some(key.kid().to_owned()),
            alg: Some(ALG.to_owned()),
            usage: Some("sig".to_owned()),
        }
    }
}

/// A set of public keys as JSON: `{"keys":[…]}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys; during a change of keys there are two.
    pub keys: Vec<Jwk>,
}

impl Jwks {
    /// The Ed25519 keys of the set. Keys of other kinds are passed over, as RFC 7517 section 5 asks.
    ///
    /// # Errors
    /// [`KeyError`] of the first Ed25519 key that is not one.
    pub fn verifying_keys(&self) -> Result<Vec<VerifyingKey>, KeyError> {
        self.keys
            .iter()
            .filter_map(|key| key.verifying_key().transpose())
            .collect()
    }
}

impl<'a> FromIterator<&'a VerifyingKey> for Jwks {
    fn from_iter<I: IntoIterator<Item = &'a VerifyingKey>>(keys: I) -> Self {
        Self {
            keys: keys.into_iter().map(Jwk::from).collect(),
        }
    }
}
